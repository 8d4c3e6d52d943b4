"""What the search of the reading edition finds: a claim, a row of a table, an exercise, a section, each at its own anchor.

The records are read from the pages as they were made, and stand in one script, as a page opened from a folder may not fetch. MiniSearch
looks through them (``look/search``); sources come last.
"""

from __future__ import annotations

import json
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from . import LOOK
from .moodle import asked_above
from .reading import Lesson, markup
from .words import word

SCRIPTS = ("minisearch.js", "search.js")  # of look/search: MiniSearch 7.2.0 as npm has it, without the line that names its map
OLD = ("searchindex.js", "_static/searchtools.js")  # Sphinx's own search, which knows pages only
KINDS = {"ledger": "claim", "tables": "table", "sources": "source", "guide": "guide"}  # of what stands in a folder; else a section
FOLDED = "details, .cell_input, nav, script, style, .toctree-wrapper, .reading-footer, table.rows"  # unseen, or a record of its own
TOLD = ("claim", "row", "exercise", "section", "table", "guide", "source", "found", "none", "more")
LONGEST = 900  # letters of a text that is searched


def files() -> list[str]:
    """Return the paths of the scripts that every site carries."""
    return [str(LOOK / "search" / name) for name in SCRIPTS]


def words() -> dict[str, str]:
    """Return what the search says, by key: the kinds of what is found, the line above them."""
    return {kind: word(f"search_{kind}") for kind in TOLD}


def records(site: Path, lessons: list[Lesson]) -> list[dict[str, str]]:
    """Return {kind, title, page, at, text} of all that can be found: ``at`` is the page with its anchor."""
    asks = {name: text for lesson in lessons for name, text in asked_above(lesson).items()}
    found = [one for path in sorted(site.rglob("*.html")) if path.name != "search.html" for one in _of_page(path, site, asks)]
    return [one for one in found if one["text"] or one["kind"] != "section"]


def _of_page(path: Path, site: Path, asks: dict[str, str]) -> list[dict[str, str]]:
    address = path.relative_to(site).as_posix()
    body = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    if body is None:
        return []
    if address.startswith("tables/"):  # a reader looks for words, not for the name of a file
        for name in body.select("h1 code"):
            name.extract()
    page = _words(body.find("h1")).lstrip(": ")
    found = [_record("row", "", page, f"{address}#{row['id']}", _row(row)) for row in body.select("table.rows tr[id]")]
    for mark in body.select("[id^=exercise-]"):
        name = mark["id"].removeprefix("exercise-")
        text = _words(BeautifulSoup(markup(asks.get(name, "")), "html.parser"))
        found.append(_record("exercise", name, page, f"{address}#{mark['id']}", text))
    for hidden in body.select(FOLDED):
        hidden.decompose()
    for list_of_names in body.select(".unsearched"):
        list_of_names.parent.decompose()
    for section in reversed(body.select("section[id]")):  # the inner ones first, so that an outer one keeps its own text only
        head = section.find(["h1", "h2", "h3", "h4"])
        kind = KINDS.get(address.split("/")[0], "section")
        quoted = section.find("blockquote") if section["id"].startswith("claim-") else None
        title = _words(quoted or head).lstrip(": ")
        for used in filter(None, (quoted, head)):
            used.extract()
        whole = {"claim": section["id"].startswith("claim-"), "source": section["id"].startswith("source-"), "table": head.name == "h1"}
        if whole.get(kind, True) and not address.endswith("index.html"):
            found.append(_record(kind, title, page, f"{address}#{section['id']}", _words(section)))
        section.extract()
    return found


def _record(kind: str, title: str, page: str, at: str, text: str) -> dict[str, str]:
    return {"kind": kind, "title": title, "page": "" if page == title else page, "at": at, "text": text[:LONGEST]}


def _words(node: Tag | None) -> str:
    return " ".join(node.get_text(" ").split()) if node else ""


def _row(row: Tag) -> str:
    """Return a row of a table as a line: each filled cell after the title of its column; its name is not what one looks for."""
    cells = [_words(cell).replace("_", " ") for cell in row.td.find_all("span") if "key" not in cell.get("class", [])]
    return " · ".join([*cells, _words(row.find_all("td")[-1])])


def write(site: Path, lessons: list[Lesson]) -> None:
    """Put the records into a made site, in place of Sphinx's own index."""
    told = json.dumps(records(site, lessons), ensure_ascii=False, separators=(",", ":"))
    (site / "_static" / "records.js").write_text(f"const RECORDS = {told};\n", encoding="utf-8", newline="\n")
    for name in OLD:
        (site / name).unlink(missing_ok=True)
