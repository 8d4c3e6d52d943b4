"""Every sentence the teaching tools print or write on a slide, a sheet or a page, in one place: a second language is one more table.

``word(key, **values)`` fills a sentence. The words of the lessons themselves stay in the lessons.
"""

from __future__ import annotations

LANGUAGE = "en"

WORDS = {
    # the command line
    "gone_wrong": "LOOK   {name}: {reason}",
    "not_built": "its notebooks are not made yet, or not from this lesson; run: python -m course build {name}",
    "stale": "made from its notebooks as they are, but they are not up to date; to mend: python -m course build {name}",
    "no_lesson": "No lesson called {names}; the lessons are: {known}",
    "teach_help": "For instructors: what a session needs, slides, paper and a reading edition, made from the lessons.",
    "what_help": "session: plan, deck and handout of a session plan; slides: a deck per lesson; paper: worksheets, poster, test, answers; site: the reading edition; check: try what was made; all: everything",
    "names_help": "only these lessons, e.g. 01_resources, or for session these plans, e.g. one_hour (the default is all)",
    "out_help": "where to write (the default is the folder teaching/)",
    "students_help": "site only: without the guide and without the answers",
    "open": "open   {path}",
    "made": "made   {path} ({size} kB)",
    "seconds": "{count} files in {folder}, {size:.1f} MB, {seconds:.0f} s",
    "installing": "Installing the teaching tools beside the course, in {place} (the first time: a minute) ...",
    "install_failed": "The teaching tools could not be installed. Check the network, then run the same command again.",
    "no_browser": (
        "No Chromium, Chrome or Edge was found to make the PDF files. The sheets are there as .html: open one in any browser and print it. "
        "To have the PDF too, install one of the three, or run: {python} -m playwright install chromium"
    ),
    "no_sheet": "there is no worksheet for {name}; course/worksheets/ has: {known}",
    "sheet_wrong": "the worksheet {name} cannot be made: {reason}",
    "sheet_parts": "the worksheet {name} has {count} parts; two lines --- cut it into front, back and answers",
    "sheet_size": "a table of {rows} rows, {columns} columns and a longest cell of {letters} letters; choose 18, 6 and 70 at most",
    "no_key": "the lesson has no exercise {exercise}; it has: {known}",
    "page_overflow": "{name}: page {page} is {over} mm too long; shorten its worksheet in course/worksheets/",
    "no_plan": "No session plan called {names}; the plans are: {known}",
    "plan_wrong": "course/guide/sessions.yml: there is no {what}",
    # slides
    "slide_code": "Code",
    "slide_claim": "A claim",
    "slide_claims": "Who says what",
    "slide_predict": "Predict",
    "slide_outcome": "The tables say",
    "slide_turn": "Your turn",
    "slide_sort": "Sort",
    "slide_answer": "Answer",
    "slide_critique": "Critique",
    "slide_table": "Look at the table",
    "slide_verdict": "Your verdict?",
    "slide_ledger": "The ledger: **{verdict}**. {evidence} *(last checked {date})*",
    "slide_unsettled": "The ledger has no verdict. What would settle it: {test_with}",
    "slide_take_stance": "Take a stance",
    "slide_stance": "at most {most} words",
    "slide_objectives": "You will be able to",
    "slide_end": "Sources and further reading",
    "slide_end_text": (
        "Each figure names its sources. The full list ends the notebook `{path}`, which runs on any laptop.\n\n"
        "Text and figures: CC BY 4.0. Tables: each its own licence."
    ),
    "slide_paper": "On paper",
    "slide_front": "**The front.** Alone, in ink: predict. A wild guess is fine, a blank is not.\n\nThen turn the sheet.",
    "slide_back": "**The back.** In pairs: reckon, compare. Then the critique, and your verdict with a reason.",
    "slide_guess": "Your guess: …",
    "slide_first": "First",
    "slide_minutes": "{minutes} minutes",
    "slide_notes": (
        "Space or the right arrow goes on, the left arrow goes back, Esc shows all slides, S opens this speaker view, F fills the screen. "
        "An answer is hidden until you go on. Made from `{path}`; what the notebook says in full is in these notes."
    ),
    "slide_session_notes": (
        "This deck follows the session plan. Its second slide is the agenda: each line is a link. "
        "Space or the right arrow goes on, the left arrow goes back, Esc shows all slides, S opens this speaker view, F fills the screen."
    ),
    "slide_agenda": "Today",
    "slide_row": "{minutes} min · {what}",
    "slide_ask": "Ask aloud: {ask}",
    "slide_wrong": "A likely wrong answer, and what to say: {wrong}",
    "slide_late": "If late: {late}",
    "slide_table_left": "A table stands here in the notebook: too large for a slide.",
    # sheets
    "sheet_course": "Triple Extraction",
    "sheet_name": "Name or group",
    "sheet_date": "Date",
    "sheet_back": "{title} · back",
    "sheet_predict_how": "Alone, in ink, before you turn the page. A wild guess is fine, a blank is not.",
    "sheet_first_part": "<h2>Predictions",
    "sheet_sketch": "Draw or reckon here: what do you expect the figure to look like?",
    "sheet_axes": "Empty axes to draw on: {left} to {right} across, {low} to {high} upwards, in {unit}.",
    "sheet_verdict_how": "Your verdict on the claim (circle one), and the reason in one sentence:",
    "sheet_circle": "Circle one word on each line.",
    "sheet_work": "working",
    "sheet_foot": "Every figure on this sheet comes from a table that names its source: datasets/, tables {tables}. CC BY 4.0.",
    "sheet_foot_none": "Triple Extraction. CC BY 4.0.",
    "sheet_foot_plain": "Every claim on this sheet is in the ledger, datasets/claims.csv, with its source. CC BY 4.0.",
    "test_code": "A code only you know (the same next time), or nothing",
    "test_title": "Before and after: six questions",
    "test_how": "Eight minutes, alone, anonymous, and not graded. Leave out what you do not wish to answer.",
    "test_claims": "Three claims: circle a word",
    "test_first": "What I would ask first:",
    "test_sentences": "Three sentences",
    "test_scale": "1: not at all. 5: entirely.",
    "ticket_title": "Before you leave",
    "ticket_lines": "One figure of today, with its unit:\nWhat is counted, and what is left out:\nWhat would change my mind about it:",
    "ticket_name": "Name (only if it is graded)",
    "answers_test": "The test",
    "answers_exercises": "Exercises of {title}",
    "print_head": "To print",
    "print_plan": "`plan.pdf` and `answers.pdf`: for you.",
    "print_test": "`test.pdf`: one for each student, on one side; give it first and collect it.",
    "print_tests": "`test.pdf`: {count} for each student, on one side; one before, one after; collect both.",
    "print_handout": "`handout.pdf`: one for each student, on both sides: each worksheet is one sheet.",
    "print_exit_tickets": "`exit_tickets.pdf`: one page for two students; cut it.",
    "print_poster": "`poster.pdf`: for the wall, enlarged if you can.",
    "answers_title": "Answers",
    "answers_intro": (
        "For instructors. Made from the same tables as the notebooks: a correction of a table corrects this page. "
        "The verdicts are those of the ledger, with the day they were last checked; where you disagree, say why: that is the exercise."
    ),
    "answers_mistakes": "Usual mistakes",
    "poster_title": "Eight questions to put to any figure",
    "poster_words": "Seven words for a verdict",
    "poster_under": "Predict → compute → critique → take a stance",
    "poster_foot": "Triple Extraction, notebook 00. CC BY 4.0.",
    "poster_scale": "Then choose a word, and give a reason:",
    # reading edition
    "site_title": "Triple Extraction",
    "site_edition": "Reading edition",
    "site_home": (
        "The notebooks to read, without running them: on a phone, on paper, or when a server fails. "
        "What a notebook keeps folded until you run it is folded here too: guess first, then open it."
    ),
    "site_about": (
        "What is said about what artificial intelligence takes from the world (resources, labour, data), by its critics and its promoters, "
        "tested with real figures: predict, compute, criticise, take a stance."
    ),
    "site_to_work": "*To read. To work it, open `{path}` in the course; where the text says to run a cell, open its fold.*",
    "site_lessons": "Notebooks",
    "site_lessons_intro": "Claims, predictions, figures with their words, critiques: the text of each notebook.",
    "site_core": "The notebooks, in order",
    "site_dives": "Deep dives, one question each",
    "site_ledger": "Ledger of claims",
    "site_ledger_intro": (
        "What critics and promoters of AI say, who said it and where, and what we found when we looked. "
        "The ledger is not a sample and cannot rank speakers; a verdict carries the day it was last checked, and can be wrong."
    ),
    "site_tables": "Tables and datasheets",
    "site_tables_intro": "One datasheet per table: who counted, what is inside the count and outside it, what it must not be used for.",
    "site_sources": "Sources",
    "site_sources_intro": (
        "Every document that a table or a claim rests on, and what rests on it, by the first letter of who published it. "
        "Sources that disagree stand side by side."
    ),
    "site_guide": "Guide for instructors",
    "site_guide_intro": "How to teach it, page by page.",
    "site_critic": "Said by critics",
    "site_promoter": "Said by promoters",
    "site_box": {
        "resources": "Claims on resources",
        "labour": "Claims on labour",
        "data": "Claims on data",
        "indirect": "Claims on indirect effects",
        "framing": "Claims on how to frame the question",
    },
    "site_said": "{speaker}, {year}, in {source}.",
    "site_credited": " Credited to: {attributed_to}.",
    "site_verdict": "**Verdict: {verdict}** (last checked {date}). {evidence}",
    "site_evidence_in": " Evidence: {source}.",
    "site_no_verdict": "**No verdict yet.** What would settle it: {test_with}",
    "site_in_lessons": "Used in: {lessons}.",
    "site_table_sources": "Sources of this table",
    "site_table_lessons": "Notebooks that use it",
    "site_table_rows": "rows: {rows}",
    "site_table_file": "The file: {link}.",
    "site_used_here": "Tables and claims used on this page",
    "site_used_tables": "Tables: {tables}.",
    "site_used_claims": "Claims: {claims}.",
    "site_source_line": "{publisher}{year}. Licence: {licence}. Seen as: {seen}.",
    "site_source_tables": "Tables: {tables}.",
    "site_source_claims": "Claims said in it: {claims}.",
    "site_source_evidence": "Evidence for: {claims}.",
    "site_source_unused": "Nothing rests on it at present.",
    "site_guess": "Your guess for `{name}`{unit}: ____",
    "site_outcome": "`{name}`: the tables say **{actual}**.",
    "site_exercise": "**Exercise** `{name}`",
    "site_stance": "Your text `{name}`, at most {most} words: on paper, or in the notebook.",
    "site_portfolio": "In the notebook, a last cell gathers what you predicted, answered and wrote into one file to hand in.",
    "site_hint": "Hint {number} of {total}",
    "site_answer": "Answer",
    "site_verdict_yours": "**Your verdict** on {claim}: {words}? Then read the ledger's.",
    "site_fold_output": "Guess first, then open",
    "site_fold_code": "Code",
    "site_search": "Search",
    "site_footer": (
        "Text and figures CC BY 4.0, code MIT, each table its own licence. Made by python -m course teach site; it needs no server."
    ),
    "site_foot": "Text and figures: CC BY 4.0. Code: MIT. Each table has its own licence, on its datasheet. These pages need no server and load nothing from the network.",
}


def word(key: str, /, **values: object) -> str:
    """Return the sentence ``key``, filled with ``values``."""
    return WORDS[key].format(**values) if values else WORDS[key]
