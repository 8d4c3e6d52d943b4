"""All that one session needs, in one folder: the plan to hold, the deck that follows it, what to print for students, the answers.

``session`` says which slides, ``documents`` which papers; ``make`` writes them. Another kind of file (say, for another program) is one
more line in ``make``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from ...claims import meanings
from ..pages import pretest
from ..sessions import Part, Plan, Row, plans
from . import deck, paper
from .reading import Lesson, eight_questions, read, scale
from .sheet import Sheet
from .slides import OPENING, Slide, claim_slide, cut, sections, slides, verdict_slide
from .words import word

Reader = Callable[[str], Lesson]  # returns a lesson by name

# the deck


def session(plan: Plan, rows: list[Row], lesson: Reader) -> list[Slide]:
    """Return the deck of rows of a session plan: agenda, then for each row its slide, its sheets and the slides of its lessons.

    What to ask, the likely wrong answer and what to skip stand in the speaker notes.
    """
    notes = [word("slide_session_notes"), word("slide_late", late=plan.late)]
    told = f"{word('site_title')} · {word('slide_minutes', minutes=sum(row.minutes for row in rows))}"
    found = [Slide("title", plan.title if len(rows) > 1 else rows[0].title, told, notes=notes)]
    agenda = Slide("objectives", word("slide_agenda"))
    found += [agenda] if len(rows) > 1 else []
    for row in rows:
        agenda.body += f"- [{word('slide_row', minutes=row.minutes, what=row.title)}](#/{_place(found)})\n"
        found += _row(row, lesson, _place(found))
    return found


def _place(found: list[Slide]) -> int:
    """Return the number by which reveal.js knows the next slide that opens a part."""
    return sum(slide.kind in OPENING for slide in found)


def _row(row: Row, lesson: Reader, place: int) -> list[Slide]:
    """Return the slides of a row, the first of which is the part ``place`` of the deck."""
    notes = [word("slide_ask", ask=row.ask)] if row.ask else []
    notes += [word("slide_wrong", wrong=row.wrong)] if row.wrong else []
    start = Slide("section", row.title, f"{word('slide_minutes', minutes=row.minutes)}\n\n{row.detail}".strip(), notes=notes)
    found = [start, *(_test() if row.has("test") else [])]
    links = []
    for part in row.parts:
        one = lesson(part.lesson)
        links.append(f"[{one.title}](#/{place + _place(found)})")
        found += [Slide("section", one.title, one.question)] if len(row.parts) > 1 else []
        chosen = _chosen(one, part)
        found += chosen[1:] if len(row.parts) == len(part.sections) == 1 else chosen
    start.body += "\n\n" + "<br>".join(links) if len(links) > 1 else ""
    found += _poster() if row.has("poster") else []
    figures = [slide for item in row.each("figures") for slide in _chosen(lesson(item.lesson), item.part) if slide.figure]
    for number, name in enumerate(row.sheets):
        found += _sheet(Sheet(name), figures if number == 0 else [])
    if row.has("tickets"):
        found.append(
            Slide("critique", word("ticket_title"), "\n".join(f"- {line.rstrip(':')}" for line in word("ticket_lines").split("\n")))
        )
    return found


def _chosen(lesson: Lesson, part: Part) -> list[Slide]:
    """Return the slides of some sections; the plan has its own minutes, so the section's go."""
    return [replace(slide, body="") if slide.kind == "section" else slide for slide in sections(slides(lesson), part.sections)]


def _test() -> list[Slide]:
    """Return the slides of the pre and post test: its claims, then its sentences, no answer."""
    claims, told = pretest()
    asked = [Slide("claim", word("test_title"), f"> {statement}\n\n{scale()}\n\n{word('test_first')} …") for statement in claims]
    return [*asked, Slide("predict", word("test_title"), "\n".join(f"- {one}" for one in told) + f"\n\n{word('test_scale')}")]


def _poster() -> list[Slide]:
    """Return what the poster says: the eight questions, the words of the scale."""
    asked = "\n".join(f"{number}. {question}" for number, question in enumerate(eight_questions(), start=1))
    told = "\n".join(f"- **{verdict}**: {meaning}" for verdict, meaning in meanings().items())
    return [Slide("questions", word("poster_title"), asked), *cut("questions", word("poster_words"), told)]


def _sheet(sheet: Sheet, figures: list[Slide]) -> list[Slide]:
    """Return the slides that go with a worksheet: its claim, when to turn it, the figure, the verdict. Its answers stand in the notes."""
    turns = [
        Slide("turn", word("slide_paper"), word(f"slide_{side}"), notes=[sheet.parts[f"{side}_answers"].replace("h2>", "strong>")])
        for side in ("front", "back")
    ]  # in speaker notes a heading would stand in the slide's order
    claims = sheet.claims[:1]
    return [*map(claim_slide, claims), *turns, *figures, *map(verdict_slide, claims)]


# the paper


def documents(plan: Plan, lesson: Reader) -> dict[str, tuple[str, str]]:
    """Return {file: (title, body)} of all that is printed for a plan."""
    sheets = [(lesson(name), Sheet(name)) for name in plan.sheets]
    exercises = [(lesson(name), chosen) for name, chosen in plan.exercises().items()]
    test = any(row.has("test") for row in plan.rows)
    found = {"poster": (word("poster_title"), paper.poster())}
    if test:
        found["test"] = (word("test_title"), paper.test_page())
    if sheets:
        found["handout"] = (plan.title, "\n".join(paper.draw("sheet", *one) for one in sheets))
    if any(row.has("tickets") for row in plan.rows):
        found["exit_tickets"] = (word("ticket_title"), paper.draw("tickets"))
    found["answers"] = (word("answers_title"), paper.answers(test, exercises, sheets))
    found["plan"] = (plan.title, paper.plan_page(plan, list(found)))
    return found


def make(names: list[str], out: Path) -> list[Path]:
    """Write a folder for each session plan (all, if none is named) and return the files."""
    lesson = cache(read)
    made: list[Path] = []
    papers: dict[Path, tuple[str, str]] = {}
    for name in names or plans():
        plan, folder = plans()[name], out / name
        for number, rows in enumerate([[row] for row in plan.rows] if plan.is_course else [plan.rows], start=1):
            path = folder / (f"slides_week_{number}.html" if plan.is_course else "slides.html")
            made.append(deck.write(path, plan.title, session(plan, rows, lesson)))
        papers |= {folder / f"{file}.html": told for file, told in documents(plan, lesson).items()}
    return sorted([*made, *paper.write(papers)])
