"""All that one session needs, in one folder: the plan to hold, the deck that follows it, what to print for students, the answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from ...claims import meanings
from ..pages import pretest
from ..sessions import Part, Plan, Row, plans
from . import deck, paper
from .reading import Lesson, eight_questions, read, scale
from .slides import OPENING, Slide, claim_slide, pieces, sections, slides, verdict_slide
from .words import word
from .worksheet import Sheet

# the deck


def session(plan: Plan, rows: list[Row], read: Callable[[str], Lesson]) -> list[Slide]:
    """Return the deck of rows of a session plan: agenda, then for each row its slide, its sheets and the slides of its lessons.

    ``read`` returns a lesson by name. What to ask, the likely wrong answer and what to skip stand in the speaker notes.
    """
    minutes = sum(row.minutes for row in rows)
    title = plan.title if len(rows) > 1 else rows[0].title
    notes = [word("slide_session_notes"), word("slide_late", late=plan.late)]
    found = [Slide("title", title, f"{word('site_title')} · {word('slide_minutes', minutes=minutes)}", notes=notes)]
    agenda = Slide("objectives", word("slide_agenda"))
    found += [agenda] if len(rows) > 1 else []
    for row in rows:
        notes = [word("slide_ask", ask=row.ask)] if row.ask else []
        notes += [word("slide_wrong", wrong=row.wrong)] if row.wrong else []
        start = Slide("section", row.title, "\n\n".join([word("slide_minutes", minutes=row.minutes), row.detail]).strip(), notes=notes)
        agenda.body += f"- [{word('slide_row', minutes=row.minutes, what=row.title)}](#/{_place(found)})\n"
        found.append(start)
        found += _test() if row.has_test else []
        links = []
        for part in row.parts:
            lesson = read(part.lesson)
            links.append(f"[{lesson.title}](#/{_place(found)})")
            if len(row.parts) > 1:
                found.append(Slide("section", lesson.title, lesson.question))
            chosen = _chosen(lesson, part)
            found += chosen[1:] if len(row.parts) == len(part.sections) == 1 else chosen
        if len(links) > 1:
            start.body += "\n\n" + "<br>".join(links)
        found += _poster() if row.has_poster else []
        figures = [slide for part in row.figures for slide in _chosen(read(part.lesson), part) if slide.kind == "figure"]
        for number, name in enumerate(row.sheets):
            found += _sheet(Sheet(name), figures if number == 0 else [])
        if row.has_tickets:
            found.append(Slide("critique", word("ticket_title"), "\n".join(f"- {line.rstrip(':')}" for line in paper.ticket_lines())))
    return found


def _chosen(lesson: Lesson, part: Part) -> list[Slide]:
    """Return the slides of some sections; the plan has its own minutes, so the section's go."""
    shown = [replace(slide, body="") if slide.kind == "section" else slide for slide in slides(lesson)]
    return sections(shown, part.sections)


def _place(found: list[Slide]) -> int:
    """Return the number by which reveal.js knows the next slide that opens a part."""
    return sum(slide.kind in OPENING for slide in found)


def _test() -> list[Slide]:
    """Return the slides of the pre and post test: its claims, then its sentences, no answer."""
    claims, told = pretest()
    asked = [Slide("claim", word("test_title"), f"> {statement}\n\n{scale()}\n\n{word('test_first')} …") for statement in claims]
    return [*asked, Slide("predict", word("test_title"), "\n".join(f"- {one}" for one in told) + f"\n\n{word('test_scale')}")]


def _poster() -> list[Slide]:
    """Return what the poster says: the eight questions, the six words."""
    asked = "\n".join(f"{number}. {question}" for number, question in enumerate(eight_questions(), start=1))
    told = "\n".join(f"- **{verdict}**: {meaning}" for verdict, meaning in meanings().items())
    return [Slide("questions", word("poster_title"), asked), *(Slide("questions", word("poster_words"), part) for part in pieces(told))]


def _sheet(sheet: Sheet, figures: list[Slide]) -> list[Slide]:
    """Return the slides that go with a worksheet: its claim, when to turn it, the figure, the verdict. Its answers stand in the notes."""
    told = re.sub(r"<blockquote>.*?</blockquote>", "", sheet.parts["answers"], flags=re.DOTALL)
    parts = [part for part in re.split(r"(?=<h2>)", re.sub(r"\s*\n\s*", " ", told)) if part.strip()]
    front, back = ([_without_heading(part) for part in parts if (word("sheet_first_part") in part) == first] for first in (True, False))
    return [
        *(claim_slide(name) for name in sheet.claims[:1]),
        Slide("turn", word("slide_paper"), word("slide_front"), notes=front),
        Slide("turn", word("slide_paper"), word("slide_back"), notes=back),
        *figures,
        *(verdict_slide(name) for name in sheet.claims[:1]),
    ]


def _without_heading(part: str) -> str:
    """Return a part of the answers for speaker notes, where a heading would stand in the slide's order."""
    return re.sub(r"<(/?)h2>", r"<\1strong>", part)


# the paper


def documents(plan: Plan, lesson: Callable[[str], Lesson]) -> dict[str, tuple[str, str]]:
    """Return {file: (title, body)} of all that is printed for a plan."""
    tests = sum(row.has_test for row in plan.rows)
    sheets = [Sheet(name) for name in plan.sheets]
    found = {"poster": (word("poster_title"), paper.poster())}
    if tests:
        found["test"] = (word("test_title"), paper.test_page())
    if sheets:
        pages = [page for name, sheet in zip(plan.sheets, sheets, strict=True) for page in paper.sheet_pages(lesson(name), sheet)]
        found["handout"] = (plan.title, "\n".join(pages))
    if any(row.has_tickets for row in plan.rows):
        found["exit_tickets"] = (word("ticket_title"), paper.tickets_page())
    parts = [paper.test_answers()] if tests else []
    parts += [paper.exercise_answers(lesson(name), exercises) for name, exercises in plan.exercises().items()]
    parts += [paper.sheet_answers(lesson(name), sheet) for name, sheet in zip(plan.sheets, sheets, strict=True)]
    found["answers"] = (word("answers_title"), paper.answers(parts))
    copies = [word(f"print_{name}", count=tests) for name in ("handout", "exit_tickets", "poster") if name in found]
    if tests:
        copies.insert(0, word("print_test" if tests == 1 else "print_tests", count=tests))
    found["plan"] = (plan.title, paper.plan_page(plan, [word("print_plan"), *copies]))
    return found


def make(names: list[str], out: Path) -> list[Path]:
    """Write a folder for each session plan (all, if none is named) and return the files."""
    lesson = cache(read)
    made: list[Path] = []
    papers: dict[Path, tuple[str, str]] = {}
    for name in names or plans():
        plan = plans()[name]
        folder = out / name
        days = [[row] for row in plan.rows] if plan.is_course else [plan.rows]
        for number, rows in enumerate(days, start=1):
            path = folder / (f"slides_week_{number}.html" if plan.is_course else "slides.html")
            made.append(deck.write(path, plan.title, session(plan, rows, lesson)))
        papers |= {folder / f"{file}.html": told for file, told in documents(plan, lesson).items()}
    return sorted([*made, *paper.write(papers)])
