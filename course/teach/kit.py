"""All that one session needs, in one folder: the plan to hold, the deck that follows it, the handout to copy, the poster, the answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from . import paper, slides
from .reading import read
from .sessions import Plan, plans
from .words import word
from .worksheet import Sheet


def handout(plan: Plan) -> str:
    """Return what each student gets on paper: the test, the worksheets, the exit ticket, in the order of the plan."""
    pages = [paper.test_page()] if any(row.has_test for row in plan.rows) else []
    for name in plan.sheets:
        pages += paper.sheet_pages(read(name), Sheet(name))
    pages += [paper.tickets_page()] if any(row.has_tickets for row in plan.rows) else []
    return "\n".join(pages)


def make(names: list[str], out: Path) -> list[Path]:
    """Write a folder for each session plan (all, if none is named) and return the files."""
    lesson = cache(read)
    made: list[Path] = []
    documents: dict[Path, tuple[str, str]] = {}
    for name in names or plans():
        plan = plans()[name]
        folder = out / name
        days = [[row] for row in plan.rows] if plan.is_course else [plan.rows]
        for number, rows in enumerate(days, start=1):
            path = folder / (f"slides_week_{number}.html" if plan.is_course else "slides.html")
            made.append(slides.write(path, plan.title, slides.session(plan, rows, lesson)))
        documents[folder / "plan.html"] = (plan.title, paper.plan_page(plan))
        documents[folder / "handout.html"] = (plan.title, handout(plan))
        documents[folder / "poster.html"] = (word("poster_title"), paper.poster())
        lessons = [lesson(name) for name in plan.sheets]
        documents[folder / "answers.html"] = (word("answers_title"), paper.answers(lessons, [Sheet(name) for name in plan.sheets]))
    return sorted([*made, *paper.write(documents)])
