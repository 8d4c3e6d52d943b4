"""All that one session needs, in one folder: the plan to hold, the deck that follows it, what to print for students, the answers.

A row of a plan is a list of things to say, to show, to hand out and to do, in their order; ``session`` says which slides they give,
``documents`` which papers; ``make`` writes them. What only the lecturer reads (what to say, what to do, the detail of a row, likely wrong
answers) goes to the speaker notes and to the plan, never to the face of a slide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import pandas as pd

from ...claims import find, meanings
from ..cases import cases
from ..outline import outline
from ..pages import pretest
from ..sessions import Item, Part, Plan, PlanError, Row, plans
from . import case, deck, paper
from .reading import Lesson, Output, TeachError, eight_questions, judged, read, scale
from .sheet import Sheet
from .slides import OPENING, Slide, claim_slide, cut, said, sections, slides, statement_slides, verdict_slide
from .words import word

SOURCES = 1800  # letters of a list of sources on a slide, which is set smallest
Reader = Callable[[str], Lesson]  # returns a lesson by name

# the deck


def session(plan: Plan, rows: list[Row], lesson: Reader) -> list[Slide]:
    """Return the deck of rows of a session plan: agenda, then for each row its slide and those of its items, in their order.

    What to say and do, what to ask, the likely wrong answer and what to skip stand in the speaker notes.
    """
    notes = [word("slide_session_notes"), word("slide_late", late=plan.late)]
    notes += [word("slide_say_first", say_first=plan.say_first)] if plan.say_first else []
    if len(rows) == 1:  # a week: its first slide is the deck's
        start, *found = _row(rows[0], lesson, 0)
        found.insert(0, replace(start, kind="title", body=f"{word('site_title')} · {start.body}", notes=notes + start.notes))
        return found + _sources([slide.figure for slide in found if slide.figure])
    told = f"{word('site_title')} · {word('slide_minutes', minutes=sum(row.minutes for row in rows))}"
    found = [Slide("title", plan.title, told, notes=notes)]
    agenda = Slide("objectives", word("slide_agenda"))
    found.append(agenda)
    for row in rows:
        agenda.body += f"- [{word('slide_row', minutes=row.minutes, what=row.title)}](#/{_place(found)})\n"
        found += _row(row, lesson, _place(found))
    return found + _sources([slide.figure for slide in found if slide.figure])


def sources_of(figures: list[Output]) -> list[dict]:
    """Return the sources of figures as a reader finds them, once each, those that a figure has no room to name among them."""
    keys = dict.fromkeys(key for figure in figures for key in figure.record.get("sources", []))
    return [paper.source(key) for key in keys]


def _sources(figures: list[Output]) -> list[Slide]:
    """Return the slides at the end of a deck that list what its figures call Sources."""
    listed = "\n".join(f"- {one['title']}, {one['publisher']}" for one in sources_of(figures))
    return cut("sources", word("used_title"), listed, SOURCES) if listed else []


def _place(found: list[Slide]) -> int:
    """Return the number by which reveal.js knows the next slide that opens a part."""
    return sum(slide.kind in OPENING for slide in found)


def _row(row: Row, lesson: Reader, place: int) -> list[Slide]:
    """Return the slides of a row, the first of which is the part ``place`` of the deck."""
    notes = [row.detail] if row.detail else []
    notes += [word("slide_ask", ask=row.ask)] if row.ask else []
    notes += [word("slide_wrong", wrong=row.wrong)] if row.wrong else []
    start = Slide("section", row.title, word("slide_minutes", minutes=row.minutes), notes=notes)
    found = [start]
    links = []
    for item in [one for each in row.items for one in (each.among or [each])]:
        if item.kind in ("slides", "notebook"):
            one = lesson(item.lesson)
            links.append(f"[{one.title}](#/{place + _place(found)})")
            found += [Slide("section", one.title, one.question)] if len(row.parts) > 1 else []
            chosen = _chosen(one, item.part)
            found += chosen[1:] if len(row.parts) == len(item.sections) == 1 else chosen
        else:
            found += _shown(item, lesson)
        if told := item.say or item.hand or item.vote or item.do:
            found[-1].notes.append(f"{word(f'do_{item.kind}')}: {told}")
    start.body += "\n\n" + "<br>".join(links) if len(links) > 1 else ""
    return found


def _shown(item: Item, lesson: Reader) -> list[Slide]:
    """Return the slides of one thing that a row is done with; none where the room sees nothing of it."""
    if item.sheet:
        return [
            Slide("turn", word("slide_paper"), word("slide_questions", questions=", ".join(item.questions), minutes=f"{item.minutes:g}"))
        ]
    if item.task:
        return [Slide("turn", word("slide_paper"), item.task)]
    if item.worksheet:
        return _sheet(Sheet(item.worksheet))
    if item.debate:
        claims = dict.fromkeys(readied(item.printed).claims)
        return [*map(claim_slide, claims), Slide("turn", word("slide_debate"), word("slide_sides"))]
    if item.figures and item.paper:
        return []
    if item.figures:
        return [slide for slide in _chosen(lesson(item.lesson), item.part) if slide.figure]
    if item.tickets:
        lines = "\n".join(f"- {line.rstrip(':')}" for line in word("ticket_lines").split("\n"))
        return [Slide("critique", word("ticket_title"), lines)]
    if item.claims:
        return statement_slides(item.claims)
    made = {
        "quiz": lambda: _asked(item.quiz),
        "test": _test,
        "claim": lambda: [claim_slide(item.claim)],
        "verdict": lambda: [_verdict(item.verdict)],
        "show": lambda: [Slide("shown-text", "", item.show)],
        "pairs": lambda: [Slide("discuss", word("slide_pairs"), item.pairs)],
        "vote": lambda: [_words(word("slide_vote"))],
        "words": lambda: [_words(word("poster_words"))],
        "poster": lambda: [Slide("questions", word("poster_title"), _numbered(eight_questions()))],
    }
    return made[item.kind]() if item.kind in made else []


def _chosen(lesson: Lesson, part: Part) -> list[Slide]:
    """Return the slides of some sections; the plan has its own minutes, so the section's go."""
    return [replace(slide, body="") if slide.kind == "section" else slide for slide in sections(slides(lesson), part.sections)]


def _asked(names: list[str]) -> list[Slide]:
    """Return a slide for each claim of a quiz, with the words to choose from and no answer."""
    return [Slide("claim", word("quiz_title"), f"> {said(find(name))}\n\n{scale()}\n\n{word('test_first')} …") for name in names]


def _test() -> list[Slide]:
    """Return the slides of the pre and post test: its claims, then its sentences, no answer."""
    claims, told = pretest()
    asked = [Slide("claim", word("test_title"), f"> {statement}\n\n{scale()}\n\n{word('test_first')} …") for statement in claims]
    return [*asked, Slide("predict", word("test_title"), "\n".join(f"- {one}" for one in told) + f"\n\n{word('test_scale')}")]


def _verdict(name: str) -> Slide:
    """Return a claim, then the ledger's word and why not another; the evidence, which a room cannot read, stands in the notes."""
    row, found = find(name), verdict_slide(name)
    if pd.isna(row["verdict"]) or pd.isna(row["why_not"]):
        return found
    told = word("slide_word", verdict=row["verdict"], why_not=row["why_not"])
    return replace(found, after=told, notes=[*found.notes, judged(name)])


def _numbered(lines: list[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _words(head: str) -> Slide:
    """Return the words of the scale, each with what it means, on one slide."""
    return Slide("words-list", head, "\n".join(f"- **{verdict}**: {meaning}" for verdict, meaning in meanings().items()))


def _sheet(sheet: Sheet) -> list[Slide]:
    """Return the slides that go with a lesson's worksheet: its claim, when to turn it, the verdict. Its answers stand in the notes."""
    turns = [
        Slide("turn", word("slide_paper"), word(f"slide_{side}"), notes=[sheet.parts[f"{side}_answers"].replace("h2>", "strong>")])
        for side in ("front", "back")
    ]  # in speaker notes a heading would stand in the slide's order
    claims = sheet.claims[:1]
    return [*map(claim_slide, claims), *turns, *map(verdict_slide, claims)]


# the paper


def readied(name: str) -> Sheet:
    """Return a sheet that has been read: its parts, claims, questions and title are there."""
    found = Sheet(name)
    _ = found.parts
    return found


def claims_of(plan: Plan, papers: list[Sheet]) -> list[str]:
    """Return the claims that a plan shows, by its items, its sheets and the sections of its lessons, once each."""
    found = [item.told for item in plan.each("claim", "verdict", "quiz", "ledger")] + [sheet.claims for sheet in papers]
    for item in plan.each("slides", "notebook"):
        found += [one.claims for one in outline(item.lesson).sections if not item.sections or one.id in item.sections]
    return list(dict.fromkeys(chain.from_iterable(found)))


def figures_of(plan: Plan, lesson: Reader) -> list[Output]:
    """Return the figures that a plan shows, on slides or on paper, once each."""
    shown = [slide.figure for slide in session(plan, plan.rows, lesson) if slide.figure]
    for item in plan.each("figures"):
        shown += [slide.figure for slide in _chosen(lesson(item.lesson), item.part) if slide.figure and item.paper]
    return list({id(figure): figure for figure in shown}.values())


def documents(plan: Plan, lesson: Reader) -> dict[str, tuple[str, str]]:
    """Return {file: (title, body)} of all that is printed for a plan."""

    def sheets(names: list[str]) -> list[tuple[object, Sheet]]:
        """Pair each sheet with what has its title: its lesson, or itself."""
        read = {name: readied(name) for name in names}
        return [(sheet if sheet.title else lesson(name), sheet) for name, sheet in read.items()]

    def drawn(pairs: list[tuple[object, Sheet]]) -> str:
        return "\n".join(paper.draw("sheet", *one) for one in pairs)

    given, debates, spare = sheets(plan.sheets), sheets(plan.debates), sheets(plan.fallback)
    other = sheets([plan.alternative] if plan.alternative else [])
    quizzes = [(row.title, item.quiz) for row in plan.rows for item in row.each("quiz")]
    exercises = [(lesson(name), chosen) for name, chosen in plan.exercises().items()]
    test = any(row.has("test") for row in plan.rows)
    papers = [sheet for _, sheet in (*given, *debates)]
    claims, figures = claims_of(plan, papers), figures_of(plan, lesson)
    found = {"poster": (word("poster_title"), paper.poster())}
    if test:
        found["test"] = (word("test_title"), paper.test_page())
    if quizzes:
        found["quizzes"] = (
            word("quiz_title"),
            "\n".join(paper.draw("quiz", title, [paper.card(name) for name in names]) for title, names in quizzes),
        )
    if given:
        found["handout"] = (plan.title, drawn(given))
    if debates:
        found["debate"] = (word("debate_title"), drawn(debates))
    if any(row.has("tickets") for row in plan.rows):
        found["exit_tickets"] = (word("ticket_title"), paper.draw("tickets"))
    if other:
        found["other_subject"] = (word("other_title"), drawn(other))
    if spare:
        found["without_laptops"] = (word("spare_title"), drawn(spare))
    if not plan.is_course:
        found["without_projector"] = (
            word("board_title"),
            paper.board(claims, [item.show or item.pairs for item in plan.each("show", "pairs")], figures),
        )
    if plan.each("notebook"):
        found["set_up"] = (word("set_up_title"), paper.guide_page("set_up"))
    chosen = list(cases()) if plan.cases else []
    found |= {f"case_{name}": case.document(name) for name in chosen}
    found["checklist"] = (word("checklist_title"), paper.guide_page("checklist"))
    found["answers"] = (
        word("answers_title"),
        paper.answers(test, exercises, [*given, *debates, *other, *spare], claims, sources_of(figures), list(map(case.desk, chosen))),
    )
    found["plan"] = (plan.title, paper.plan_page(plan, list(found)))
    return found


def make(names: list[str], out: Path, chosen: str = "") -> list[Path]:
    """Write a folder for each session plan (all, if none is named) and return the files; of lessons to choose from, only ``chosen``.

    Raise TeachError where a plan leaves no such choice.
    """
    lesson = cache(read)
    made: list[Path] = []
    papers: dict[Path, tuple[str, str]] = {}
    for name in names or plans():
        plan, folder = plans()[name], out / name
        if chosen:
            try:
                plan = plan.only(chosen)
            except PlanError as error:
                raise TeachError(str(error)) from None
        for number, rows in enumerate([[row] for row in plan.rows] if plan.is_course else [plan.rows], start=1):
            path = folder / (f"slides_week_{number}.html" if plan.is_course else "slides.html")
            made.append(deck.write(path, rows[0].title if plan.is_course else plan.title, session(plan, rows, lesson)))
        papers |= {folder / f"{file}.html": told for file, told in documents(plan, lesson).items()}
    return sorted([*made, *paper.write(papers)])
