"""How many of the figures that the course prints rest on a document read, counted by moving the tables and looking what moves.

A lesson is run twice more: once with every figure in a ``secondary`` row of the tables made smaller, each row by another factor, once with
every figure in a row read at its producer's or in a copy proven. A printed number that moves in the first run rests on a secondary
row, in part or in whole; one that moves in the second alone rests on what was read. A number that moves in neither counts rows or is
no table's, and is left out. Years of a row are not moved, nor keys. Dots of a picture are not counted, the words under it are.
Worksheets, with their answers, and session plans are counted in the same way.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import nbformat
import numpy as np
import pandas as pd

from .. import data
from .former import YEARS
from .lessons import MADE, LessonError, edition_of, notebook_path, tags
from .lock import digest, read_lock

COUNTS = MADE / "evidence.json"
LESSONS = ("00_start_here", "01_resources", "02_labour", "03_data", "04_synthesis")
UNMOVED = {*YEARS, "published", "as_of", "adopted", "withdrawn_year", "quarter"}  # what says when, or which document, is no figure
READ, UNREAD = ("primary", "copy proven"), ("secondary",)


def _moved_column(column: pd.Series, rows: np.ndarray) -> pd.Series:
    """Return a column of figures with some rows made smaller, by 22 to 38 %, each by another factor; a year by 1 to 9 years."""
    if column.dropna().between(1800, 2100).all():
        return column.where(~rows, column - 1 - np.arange(len(column)) % 9)
    factor = 0.62 + 0.16 * (np.arange(len(column)) * 0.618034 % 1)
    value = column.astype("float64") * np.where(rows, factor, 1)
    if pd.api.types.is_integer_dtype(column):
        value = value.where(~rows, np.minimum(np.floor(value), column.astype("float64") - 1).where(column > 0, column)).round()
    return value.astype(column.dtype)


def move(seen: tuple[str, ...], only: str = "") -> None:
    """Make ``load`` give tables whose figures are moved in the rows that were ``seen`` so; in the table ``only``, if one is named."""
    plain = data._read

    @cache
    def moved(name: str) -> pd.DataFrame:
        table = plain(name)
        schema = data.resource(name)["schema"]
        if "seen" not in table or name in ("claims", "speakers") or only not in ("", name):
            return table
        rows = table["seen"].isin(seen).to_numpy()
        still = UNMOVED | set(schema.get("primaryKey", []))
        figures = [field["name"] for field in schema["fields"] if field["type"] in ("number", "integer") and field["name"] not in still]
        return table.assign(**{name: _moved_column(table[name], rows) for name in figures})

    data._read = moved


def _outputs(cell: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield (place, text) for each output of a cell."""
    for number, output in enumerate(cell.get("outputs", []), start=1):
        shown = output.get("data", {})
        yield f"{cell.id} {number}", output.get("text") or shown.get("text/markdown") or shown.get("text/plain", "")


def moved_figures(old: str, new: str) -> set[int]:
    """Return the places of the words of ``old`` that hold a digit and are otherwise in ``new``."""
    before, after = old.split(), new.split()
    found: set[int] = set()
    if len(before) == len(after):
        found = {place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other}
    else:
        for kind, start, end, _, _ in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            found |= set(range(start, end)) if kind != "equal" else set()
    return {place for place in found if any(letter.isdigit() for letter in before[place])}


def counted(texts: Callable[[tuple[str, ...]], dict[str, str]]) -> dict[str, int]:
    """Return {figures, read}: the printed figures that rest on tables, and those that rest on what was read alone.

    ``texts`` gives {place: text} as printed with the tables moved in the rows that were seen so, or as they are for ``()``; a place that
    it leaves out is not counted.
    """
    plain, unread, read = texts(()), texts(UNREAD), texts(READ)
    figures, sound = 0, 0
    for place in plain.keys() & unread.keys() & read.keys():
        shaky, firm = (moved_figures(plain[place], other[place]) for other in (unread, read))
        figures += len(shaky | firm)
        sound += len(firm - shaky)
    return {"figures": figures, "read": sound}


def printed(name: str, seen: tuple[str, ...]) -> dict[str, str]:
    """Return {place: text} of what the solutions of a lesson print with the tables moved; without the cells that then fail."""
    from .run import Kernel

    book = edition_of(name, "solutions")
    kernel = Kernel(book, name, "solutions")
    texts: dict[str, str] = {}
    with kernel.client.setup_kernel():
        kernel.ask("from course import exercises\nfrom course.make import evidence\nexercises.in_build({}, True)")
        kernel.ask(f"evidence.move({seen!r})")
        exercise = 0
        for index, cell in enumerate(book.cells):
            try:
                if cell.cell_type == "markdown":
                    kernel.fill(index)
                    texts[cell.id] = cell.source
                    continue
                kernel.run(index)
                if "key" in tags(cell):
                    kernel.run(exercise)
                    texts |= dict(_outputs(book.cells[exercise]))
                else:
                    exercise = index
                    texts |= dict(_outputs(cell))
            except LessonError:  # a guard of the lesson: its exercise or its sentence cannot be compared
                failed = book.cells[exercise] if "key" in tags(cell) else cell
                texts = {place: text for place, text in texts.items() if place.split()[0] != failed.id}
    return texts


def of_lesson(name: str) -> dict[str, int]:
    """Count the figures of a lesson, as its solutions print them."""

    def texts(seen: tuple[str, ...]) -> dict[str, str]:
        if seen:
            return printed(name, seen)
        book = nbformat.read(notebook_path(name, "solutions"), as_version=4)
        return {cell.id: cell.source for cell in book.cells if cell.cell_type == "markdown"} | {
            place: text for cell in book.cells for place, text in _outputs(cell)
        }

    return counted(texts)


def _as_moved(make: Callable[[], dict[str, str]]) -> dict[str, int]:
    plain = data._read

    def texts(seen: tuple[str, ...]) -> dict[str, str]:
        try:
            move(seen)
            return make()
        finally:
            data._read = plain

    return counted(texts)


def of_sheet(name: str) -> dict[str, int]:
    """Count the figures of a worksheet, its answers included."""
    from .teach.sheet import Sheet

    return _as_moved(lambda: Sheet(name).parts)


def of_plans() -> dict[str, int]:
    """Count the figures of the session plans."""
    from .pages import plan_text
    from .sessions import PLANS, read_plans

    return _as_moved(lambda: {name: plan_text(plan) for name, plan in read_plans(PLANS.read_text(encoding="utf-8")).items()})


def state() -> str:
    """Return a checksum of what the counts were made from: the lessons' inputs as the lock has them."""
    return digest(json.dumps({name: read_lock().get(name, {}).get("inputs") for name in LESSONS}, sort_keys=True))


def count() -> dict:
    """Count all, which takes some minutes, keep it in ``made/evidence.json`` and return it."""
    found = {f"lesson {name}": of_lesson(name) for name in LESSONS}
    found |= {f"sheet {name}": of_sheet(name) for name in LESSONS}
    found |= {"session plans": of_plans()}
    COUNTS.write_text(json.dumps({"state": state(), "counts": found}, indent=1) + "\n", encoding="utf-8")
    return found


def lines() -> list[str]:
    """Return a line for each lesson, sheet and the plans, and one for all: the share of printed figures that rest on a document read."""
    if not COUNTS.exists():
        return ["not counted yet: python -m course review --count"]
    kept = json.loads(COUNTS.read_text(encoding="utf-8"))
    told = [*kept["counts"].items()]
    total = {word: sum(entry[word] for _, entry in told) for word in ("figures", "read")}
    lines = [f"{_share(entry)}  {name}" for name, entry in [*told, ("all", total)]]
    old = [] if kept["state"] == state() else ["counted before a change of lessons or tables: python -m course review --count"]
    return lines + old


def _share(entry: dict[str, int]) -> str:
    share = f"{100 * entry['read'] / entry['figures']:3.0f} %" if entry["figures"] else "  – %"
    return f"{share} ({entry['read']} of {entry['figures']})"


# the claims that lead


def leading() -> dict[str, list[str]]:
    """Return {claim: where it leads}: audited in a session plan, a worksheet, the test, lesson 00, or judged in a lesson."""
    from .lessons import lessons
    from .outline import outline, records
    from .pages import by_hand
    from .sessions import plans, worksheets
    from .teach.sheet import Sheet

    found: dict[str, list[str]] = {}
    for name, plan in plans().items():
        for claim in (claim for row in plan.rows for one in row.items for item in (one.among or [one]) for claim in item.told):
            found.setdefault(claim, []).append(f"plan {name}")
    for name in worksheets():
        sheet = Sheet(name)
        if sheet.parts:  # reading them fills the claims
            for claim in sheet.claims:
                found.setdefault(claim, []).append(f"sheet {name}")
    test = by_hand("question_bank")
    for claim in test.loc[(test["part"] == "test") & (test["claim"] != ""), "claim"]:
        found.setdefault(claim, []).append("test")
    for claim in (claim for section in outline(LESSONS[0]).sections for claim in section.claims):
        found.setdefault(claim, []).append(f"lesson {LESSONS[0]}")
    for name in lessons():
        book = json.loads(notebook_path(name, "solutions").read_text(encoding="utf-8"))
        judged = [record["claim"] for cell in book["cells"] for record in records(cell) if record["kind"] == "verdict"]
        for claim in judged:
            found.setdefault(claim, []).append(f"verdict of {name}")
    return {claim: list(dict.fromkeys(places)) for claim, places in found.items()}


def nowhere(claims: Iterable[str]) -> list[str]:
    """Return the claims whose evidence rests on no document that a stranger can find; what nobody can count needs none."""
    table, sources = data.load("claims").set_index("claim"), data.load("sources").set_index("source")
    rows = table.loc[list(claims)]
    rows = rows[rows["tag"] != "not-testable"]
    read = rows["evidence_source"].map(sources["read_at"])
    return list(rows.index[~read.str.contains("http|@", na=False)])  # a page's address, or a repository's file at its commit


def leading_lines() -> list[str]:
    """Return, for each claim that leads, its verdict, the document that settles it, the page's date, where and when it was read."""
    claims, sources = data.load("claims").set_index("claim"), data.load("sources").set_index("source")
    found = leading()
    lost = nowhere(found)
    lines = [f"{len(found)} leading claims; {len(lost)} rest on no document that can be found again"]
    for name, places in found.items():
        row = claims.loc[name]
        lines.append(f"{name}: {row['tag']}, {row['independence']}, checked {row['last_checked']:%Y-%m-%d} ({', '.join(places)})")
        for key in row[["evidence_source", "evidence_source_2"]].dropna():
            source = sources.loc[key]
            day = source["page_date"] if pd.notna(source["page_date"]) else "no date on the page"
            read = f"read {source['accessed']:%Y-%m-%d}" if pd.notna(source["accessed"]) else "read"
            lines.append(f"    {source['title']}, {source['publisher']}; {day}; {row['seen']}; {read} at {source['read_at']}")
    return lines
