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
    "made": "made   {path} ({size} kB)",
    "seconds": "{count} files in {folder}, {size:.1f} MB, {seconds:.0f} s",
    "installing": "Installing the teaching tools beside the course, in {place} (the first time: a minute) ...",
    "install_failed": "The teaching tools could not be installed. Check the network, then run the same command again.",
    "no_browser": "No Chromium, Chrome or Edge was found to make the PDF files. The sheets are there as .html: open one in any browser and print it. To have the PDF too, install one of the three, or run: {python} -m playwright install chromium",
    "no_sheet": "there is no worksheet for {name}; course/worksheets/ has: {known}",
    "sheet_wrong": "the worksheet {name} cannot be made: {reason}",
    "sheet_parts": "the worksheet {name} has {count} parts; three lines --- cut it into front, back, answers to the front and answers to the back",
    "sheet_size": "a table of {rows} rows, {columns} columns and a longest cell of {letters} letters; choose 18, 6 and 70 at most",
    "no_key": "the lesson has no exercise {exercise}; it has: {known}",
    "page_overflow": "{name}: page {page} is {over} mm too long; shorten its worksheet in course/worksheets/",
    "no_plan": "No session plan called {names}; the plans are: {known}",
    "plan_wrong": "course/guide/sessions.yml: there is no {what}",
    # slides
    "slide_code": "Code",
    "slide_figure": "Look at the figure",
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
    "slide_end_text": "Each figure names its sources. The full list ends the notebook `{path}`, which runs on any laptop.\n\nText and figures: CC BY 4.0. Tables: each its own licence.",
    "slide_paper": "On paper",
    "slide_front": "**The front.** Alone, in ink: predict. A wild guess is fine, a blank is not.\n\nThen turn the sheet.",
    "slide_back": "**The back.** In pairs: reckon, compare. Then the critique, and your verdict with a reason.",
    "slide_guess": "Your guess: …",
    "slide_first": "First",
    "slide_minutes": "{minutes} minutes",
    "slide_notes": "Space or the right arrow goes on, the left arrow goes back, Esc shows all slides, S opens this speaker view, F fills the screen. An answer is hidden until you go on. Made from `{path}`; what the notebook says in full is in these notes.",
    "slide_session_notes": "This deck follows the session plan. Its second slide is the agenda: each line is a link. Space or the right arrow goes on, the left arrow goes back, Esc shows all slides, S opens this speaker view, F fills the screen.",
    "slide_agenda": "Today",
    "slide_row": "{minutes} min · {what}",
    "slide_ask": "Ask aloud: {ask}",
    "slide_wrong": "A likely wrong answer, and what to say: {wrong}",
    "slide_late": "If late: {late}",
    "slide_table_left": "A table stands here in the notebook: too large for a slide.",
    # sheets
    "sheet_axes": "Empty axes to draw on: {left} to {right} across, {low} to {high} upwards, in {unit}.",
    "test_title": "Before and after: six questions",
    "test_first": "What I would ask first:",
    "test_scale": "1: not at all. 5: entirely.",
    "ticket_title": "Before you leave",
    "ticket_lines": "One figure of today, with its unit:\nWhat is counted, and what is left out:\nWhat would change my mind about it:",
    "answers_title": "Answers",
    "answers_mistakes": "Usual mistakes",
    "poster_title": "Eight questions to put to any figure",
    "poster_words": "Seven words for a verdict",
    # claim cards
    "cards_title": "Claim cards",
    "cards_clipped": "too much text on {names}; shorten the claim, or its reasons, in datasets/claims.csv",
    # Moodle
    "moodle_bank": "Claims and their verdicts",
    "moodle_verdict": "Which of the seven words fits this claim?",
    "moodle_right": "**{word}**: {meaning}",
    "moodle_wrong": "Not **{word}**. That word is for: {meaning}",
    "moodle_dated": "The ledger says **{verdict}** (last checked {date}). {evidence}\n\nA verdict can change when somebody brings a better source.",
    "moodle_unit": "*A number, in {unit}, without its unit.*",
    "moodle_where": "*To work it with the tables: `{path}`.*",
    "moodle_other": "Not right, and none of the usual mistakes. {hint}",
    # reading edition
    "site_title": "Triple Extraction",
    "site_edition": "Reading edition",
    "site_to_work": "*To read. To work it, open `{path}` in the course; where the text says to run a cell, open its fold.*",
    "site_guess": "Your guess for `{name}`{unit}: ____",
    "site_outcome": "`{name}`: the tables say **{actual}**.",
    "site_stance": "Your text `{name}`, at most {most} words: on paper, or in the notebook.",
    "site_portfolio": "In the notebook, a last cell gathers what you predicted, answered and wrote into one file to hand in.",
    "site_hint": "Hint {number} of {total}",
    "site_fold_output": "Guess first, then open",
    "site_fold_code": "Code",
    "site_search": "Search",
    "site_footer": "Text and figures CC BY 4.0, code MIT, each table its own licence. Made by python -m course teach site; it needs no server.",
}


def word(key: str, /, **values: object) -> str:
    """Return the sentence ``key``, filled with ``values``."""
    return WORDS[key].format(**values) if values else WORDS[key]
