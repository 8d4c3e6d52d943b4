"""What a lecturer without Python downloads: a zip for each session, two for the reading edition, one with all the rest.

Each holds a page READ ME FIRST that opens by a double click. The same course gives the same bytes, whenever it is packed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup

from ... import __version__
from ..lessons import lessons
from ..sessions import plans, worksheets
from . import cards, deck, kit, moodle, paper, site
from .archive import archive, released, steady_pdf
from .reading import Lesson, TeachError, read, template
from .words import word

FIRST = "READ ME FIRST.html"
EDITIONS = {"reading_teachers": False, "reading_students": True}  # and whether guide and answers are left out
REST = "cards_moodle_paper"
FOR_PEOPLE = (".html", ".pdf", ".pptx", ".xml")  # files that the first page names


def names() -> list[str]:
    """Return what can be packed: the session plans, the two reading editions, the rest."""
    return [*plans(), *EDITIONS, REST]


def _title(path: Path) -> str:
    """Return what a page calls itself."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").title.get_text()


def listed(folder: Path) -> list[tuple[str, str, list[str]]]:
    """Return (title, folder, files) for each document of a folder, the forms of one together; the plan first, the answers last."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in FOR_PEOPLE:
            place = path.relative_to(folder)
            found.setdefault((place.parent.as_posix(), place.stem), []).append(place.as_posix())
    order = {"plan": 0, "answers": 2}
    rows = sorted(found.items(), key=lambda one: (one[0][0], order.get(one[0][1], 1), one[0][1]))
    return [(_name(folder, files), place, files) for (place, _), files in rows]


def _name(folder: Path, files: list[str]) -> str:
    page = next((folder / name for name in files if name.endswith(".html")), None)
    return _title(page) if page else ""


def packed(folder: Path, kind: str, title: str) -> bytes:
    """Return a folder as a zip that unpacks into one folder, with its first page; PDF without the hour of their making."""
    what = "session" if kind in plans() else "reading" if kind in EDITIONS else "rest"
    rows = [] if what == "reading" else listed(folder)
    day = "-".join(f"{part:02d}" for part in released())
    body = template("release.html").module.read_me(what, title, rows, EDITIONS.get(kind, False), __version__, day)
    inside = f"triple-extraction-{kind}"
    files = {f"{inside}/{FIRST}": paper.document(f"{word('read_me')}: {title}", body).encode()}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            where = f"pages/{path.relative_to(folder).as_posix()}" if what == "reading" else path.relative_to(folder).as_posix()
            files[f"{inside}/{where}"] = steady_pdf(content) if path.suffix == ".pdf" else content
    return archive(files)


def _rest(folder: Path, lesson: Callable[[str], Lesson]) -> None:
    """Make what belongs to no session: cards, questions for Moodle, every worksheet, every deck."""
    every = [lesson(name) for name in lessons()]
    cards.make(folder / "cards")
    moodle.make(every, folder / "moodle")
    paper.make([lesson(name) for name in worksheets()], folder / "paper")
    deck.make(every, folder / "slides")


def make(chosen: list[str], out: Path) -> list[Path]:
    """Write a zip for each of ``chosen`` (all, if none is named) and return where. Raise TeachError if a PDF could not be made."""
    lesson = cache(read)
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for kind in chosen or names():
        with tempfile.TemporaryDirectory() as scratch:
            folder, title = Path(scratch, kind), word(f"release_{kind}") if kind not in plans() else plans()[kind].title
            if kind in plans():
                kit.make([kind], Path(scratch))
            elif kind in EDITIONS:
                site.make([lesson(name) for name in lessons()], folder, EDITIONS[kind])
            else:
                _rest(folder, lesson)
            if kind not in EDITIONS and not any(folder.rglob("*.pdf")):
                raise TeachError(word("release_no_pdf"))
            made.append(out / f"triple-extraction-{kind}.zip")
            made[-1].write_bytes(packed(folder, kind, title))
    return made
