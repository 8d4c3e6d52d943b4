"""Paper for rooms without computers: worksheets, the poster, the test, exit tickets, the plan to hold, the answers.

Each is an HTML page (``look/paper.html.j2``) that any browser prints, and a PDF when a browser is found to make it: an installed
Chromium, Chrome or Edge, driven by Playwright without a window. It is measured that each page fits.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pandas as pd
from bs4 import BeautifulSoup

from ...claims import find, introduced
from ...data import load
from ..pages import GUIDE, day, plan_text, pretest, pretest_answers
from ..sessions import Plan
from .reading import Lesson, Output, TeachError, eight_questions, template
from .sheet import Sheet
from .words import word

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
CHANNELS = ("chrome", "msedge")  # where Windows and macOS keep them
TOLERANCE = 0.3  # millimetres: less is rounding, not text
VIEW = {"width": 794, "height": 1123}  # A4
OVERFLOW = """() => [...document.querySelectorAll('.page')].map(box =>
    Math.max(0, (box.scrollHeight - box.clientHeight) / 96 * 25.4, (box.scrollWidth - box.clientWidth) / 96 * 25.4))"""


def draw(kind: str, *given: object) -> str:
    """Return the body of a document: a macro of ``look/paper.html.j2`` filled."""
    return getattr(template("paper.html").module, kind)(*given)


def poster() -> str:
    """Return the poster: the eight questions of lesson 00, the gesture, the words of the scale."""
    return draw("poster", eight_questions())


def test_page() -> str:
    """Return the pre and post test on one page: three claims, three sentences, without their answers."""
    return draw("test", *pretest())


def answers(
    test: bool,
    exercises: list[tuple[Lesson, list[str]]],
    sheets: list[tuple[object, Sheet]],
    claims: list[str] = (),
    used: list[dict] = (),
    cases: list[tuple[str, str]] = (),
) -> str:
    """Return the answers to test, exercises, sheets and ``cases`` (title and HTML), each claim with its verdict, the sources of figures."""
    found = list(zip(pretest()[0], pretest_answers(), strict=True)) if test else []
    body = draw("answers", found, exercises, sheets, [card(name) for name in claims], used, cases)
    return unlinked(body)


def source(key: str) -> dict:
    """Return a source as a reader finds it: title, publisher, year, url; empty texts for what is not known."""
    return load("sources").set_index("source").loc[key, ["title", "publisher", "year", "url"]].fillna("").to_dict()


def card(name: str) -> dict:
    """Return what an instructor needs of a claim: its row of the ledger, who speaks, the documents of the verdict."""
    row = find(name)
    documents = [source(row[column]) for column in ("evidence_source", "evidence_source_2") if pd.notna(row[column])]
    return row.where(row.notna(), "").to_dict() | {"who": introduced(row["speaker"]), "day": day(row), "documents": documents}


def board(claims: list[str], shown: list[str], figures: list[Output]) -> str:
    """Return what the deck shows, on paper: each claim with its speaker, the seven words, texts, each figure with its words."""
    return draw("board", [card(name) for name in claims], shown, figures)


def unlinked(body: str) -> str:
    """Return HTML whose links are their words, as on paper."""
    soup = BeautifulSoup(body, "html.parser")
    for link in soup.find_all("a"):
        link.unwrap()
    return str(soup)


def guide_page(name: str) -> str:
    """Return a page of the guide as it is printed."""
    return unlinked(draw("guide", (GUIDE / f"{name}.md").read_text(encoding="utf-8")))


def plan_page(plan: Plan, to_print: list[str]) -> str:
    """Return a session plan of the guide to keep in one's hand, with what to print and the pages on care and on quiet groups."""
    pages = [(GUIDE / f"{name}.md").read_text(encoding="utf-8") for name in ("care", "prompts")]
    tests = sum(row.has("test") for row in plan.rows)
    return unlinked(draw("plan", plan, plan_text(plan), pages, to_print, tests))


def document(title: str, body: str) -> str:
    """Return a whole HTML page that carries its style."""
    return template("document.html").render(title=title, body=body)


@contextmanager
def browser() -> Iterator:
    """Give a running browser: Playwright's own if it was installed, else the machine's. Raise TeachError if there is none."""
    from playwright.sync_api import Error, sync_playwright

    found = [path for name in BROWSERS if (path := shutil.which(name))]
    ways = [{}, *({"executable_path": path} for path in found), *({"channel": name} for name in CHANNELS)]
    with sync_playwright() as driver:
        for way, sandbox in product(ways, (True, False)):  # a container's only user cannot have Chromium's sandbox; pages are our own
            try:
                running = driver.chromium.launch(chromium_sandbox=sandbox, **way)
                break
            except Error:
                continue
        else:
            raise TeachError(word("no_browser", python=sys.executable))
        try:
            yield running
        finally:
            running.close()


def write(documents: dict[Path, tuple[str, str]]) -> list[Path]:
    """Write documents, {path: (title, body)}, as HTML and, where a browser is found, as PDF; return where.

    Raise TeachError where a page is too long for its paper.
    """
    made, long = [], []
    for path, (title, body) in documents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document(title, body), encoding="utf-8", newline="\n")
        made.append(path)
    try:
        with browser() as running:
            page = running.new_page(viewport=VIEW)
            for path in documents:
                page.goto(path.resolve().as_uri())
                over = enumerate(page.evaluate(OVERFLOW), start=1)
                long += [word("page_overflow", name=path.stem, page=n, over=max(1, round(by))) for n, by in over if by >= TOLERANCE]
                made.append(path.with_suffix(".pdf"))
                page.pdf(path=str(made[-1]), prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    except TeachError as missing:
        print(missing)
    if long:
        raise TeachError("\n".join(long))
    return sorted(made)


def make(lessons: list[Lesson], out: Path) -> list[Path]:
    """Write the worksheets of lessons, the poster, the test and the answers."""
    sheets = [(lesson, Sheet(lesson.name)) for lesson in lessons]
    documents = {out / f"{lesson.file}.html": (lesson.title, draw("sheet", lesson, sheet)) for lesson, sheet in sheets}
    documents[out / "eight_questions.html"] = (word("poster_title"), poster())
    documents[out / "test.html"] = (word("test_title"), test_page())
    documents[out / "exit_tickets.html"] = (word("ticket_title"), draw("tickets"))
    documents[out / "answers.html"] = (word("answers_title"), answers(True, [], sheets))
    return write(documents)
