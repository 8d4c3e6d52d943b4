"""Bring your own: a learner's claim as a card, and a learner's table read by the same rules as the course's tables."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path

import pandas as pd

from . import claims, data, typed
from .data import package, read_table
from .exercises import keep
from .messages import CourseError, nearest, say, tell

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [ROOT / "my_course", ROOT / "notebooks"]
PLACES = [Path(), *(place for room in ROOMS for place in (room, room / "more"))]  # where a learner's file is looked for, in this order
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .ods begin, and .xls
TWO_READINGS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")  # 1,234: a thousand and more, or one and a part
COMMA_NUMBER = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+),\d+")
YEARS = (1500, 2200)  # in which a claim can have been said
BASES = ["measured", "reported", "estimated", "modelled", "projected"]


def _field(name: str, kind: str = "string", **constraints: object) -> dict:
    return {"name": name, "type": kind, "constraints": constraints}


# The columns of a learner's table, in this order; what each means is told in the capstone notebook.
SCHEMA = {
    "fields": [
        _field("id", required=True),
        _field("what", required=True),
        _field("year", "integer", required=True),
        _field("value", "number"),
        _field("low", "number"),
        _field("high", "number"),
        _field("unit", required=True),
        _field("who_counted", required=True),
        _field("source"),
        _field("publisher", required=True),
        _field("published", "integer", required=True),
        _field("url"),
        _field("locator", required=True),
        _field("basis", required=True, enum=BASES),
        _field("seen", required=True, enum=["primary", "secondary"]),
        _field("note"),
    ],
    "primaryKey": ["id"],
}
COLUMNS = [field["name"] for field in SCHEMA["fields"]]


def known_units() -> set[str]:
    """Return every unit that a table of the course uses: in its schema, or in a column called unit."""
    units = {field["unit"] for entry in package()["resources"] for field in entry["schema"]["fields"] if "unit" in field}
    for entry in package()["resources"]:
        if any(field["name"] == "unit" for field in entry["schema"]["fields"]):
            units |= set(data._read(entry["name"])["unit"].dropna())
    return {unit for unit in units if not unit.startswith("see ")}


def _refuse(key: str, table: pd.DataFrame, bad: pd.Series, file: str, **values: object) -> None:
    """Raise CourseError for the first row where ``bad`` holds, naming the file, the line and the row's id."""
    if bad.any():
        row = bad.to_numpy().nonzero()[0][0]
        raise CourseError(say(key, file=file, line=row + 2, row=table["id"].iloc[row], **values))


def _plain(path: Path, folder: Path) -> Path:
    """Return the file as the course writes tables (UTF-8, commas, points), in ``folder`` if it was otherwise, and say what was understood.

    Spreadsheets in many languages write semicolons or tabs, decimal commas, or UTF-16. Raise CourseError for a workbook, and for a
    number that can be read in two ways.
    """
    data = path.read_bytes()
    if data.startswith(WORKBOOKS):
        raise CourseError(say("own_workbook", file=path.name))
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        return path  # read_table has a sentence for it
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)  # the first of those that are equal
    if mark == "," and not utf16:
        return path
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=mark))
    numbers = [place for place, name in enumerate(rows[0]) if name in ("value", "low", "high")]
    commas = ""
    for line, row in enumerate(rows[1:], start=2):
        for place in (place for place in numbers if mark != "," and place < len(row)):
            cell = re.sub(r"\s", "", row[place])  # some write thousands with a space
            if TWO_READINGS.fullmatch(cell):
                whole, part = cell.replace(",", "").replace(".", ""), cell.replace(",", ".")
                raise CourseError(
                    say("own_two_readings", file=path.name, line=line, column=rows[0][place], value=cell, whole=whole, part=part)
                )
            if COMMA_NUMBER.fullmatch(cell):
                commas = commas or say("own_read_commas", value=cell, point=cell.replace(".", "").replace(",", "."))
                cell = cell.replace(".", "").replace(",", ".")
            row[place] = cell
    target = folder / path.resolve().parent.name / path.name
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows(rows)
    marks = {",": "own_read_comma", ";": "own_read_semicolon", "\t": "own_read_tab"}
    tell(say("own_read", file=path.name, how=", ".join(filter(None, [say("own_read_utf16") if utf16 else "", say(marks[mark]), commas]))))
    return target


def _same_cells(path: Path) -> None:
    """Raise CourseError for the first line that has more or fewer cells than the header: a comma in a number, or in a text."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
    except UnicodeDecodeError:
        return  # read_table has a sentence for it
    if not rows or set(rows[0]) != set(COLUMNS):
        return  # and for a wrong header
    for number, row in enumerate(rows[1:], start=2):
        if row and len(row) != len(rows[0]):
            raise CourseError(say("own_cells", file=path.name, line=number, cells=len(row), expected=len(rows[0])))


def _nearest_unit(unit: str, known: set[str]) -> str:
    same = [other for other in sorted(known) if other.lower() == unit.lower()]
    return say("own_units_near", units=" or ".join(map(repr, same))) if same else nearest(unit, sorted(known))


def my_table(name: str, units: list[str] | tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a learner's CSV table, with typed columns, ready for ``show(..., sources=...)`` and ``cite(...)``.

    ``name`` is a file beside the notebook: UTF-8 and commas, or what a spreadsheet makes of it (semicolons, decimal commas, UTF-16).
    Its columns are ``COLUMNS``; every row has a unit, a source and a place in it; a row whose value, low and high are all empty is an
    unknown and says why in its note. ``units`` names the units that no table of the course uses. A missing file or column, a cell of
    the wrong type, a number with two readings, a bad unit, a row without source, a range in the wrong order or two units for the same
    thing raise CourseError, with the line.
    """
    name = typed.name(str(name) if isinstance(name, Path) else name, "own_name")
    found = next((place / name for place in PLACES if (place / name).is_file()), None)
    if found is None:
        nearby = sorted({path.name for place in PLACES for path in place.glob("*.csv")})
        raise CourseError(say("own_missing", file=name, nearby=", ".join(nearby) or "none", columns=",".join(COLUMNS)))
    file = found.name
    with tempfile.TemporaryDirectory() as folder:
        found = _plain(found, Path(folder))
        _same_cells(found)
        table = read_table(found, SCHEMA)
    _refuse("own_no_source", table, table["source"].isna() | table["source"].str.strip().eq(""), file)
    known = known_units() | set(units)
    for unit in table["unit"]:
        if unit not in known:
            _refuse("own_unit", table, table["unit"].eq(unit), file, unit=unit, nearest=_nearest_unit(unit, known))
    several = table.groupby("what")["unit"].transform("nunique").gt(1)
    if several.any():
        what = table.loc[several, "what"].iloc[0]
        pair = ", ".join(table.loc[table["what"] == what, "unit"].unique())
        _refuse("own_two_units", table, several, file, what=what, units=pair)
    numbers = table[["low", "value", "high"]]
    order = (table["low"] > table["value"]) | (table["value"] > table["high"]) | (table["low"] > table["high"])
    _refuse("own_order", table, order, file)
    _refuse("own_unknown", table, numbers.isna().all(axis=1) & ~table["note"].str.len().gt(20), file)
    for row in table.itertuples():
        data.OWN_SOURCES[row.source] = {
            "source": row.source,
            "title": row.source,
            "publisher": row.publisher,
            "year": row.published,
            "url": row.url,
            "licence": say("own_licence"),
            "read_at": row.locator,
        }
    return table


def my_claim(
    name: object = ...,
    statement: object = ...,
    speaker: object = ...,
    year: object = ...,
    said_in: object = ...,
    side: object = ...,
    test_with: object = ...,
) -> None:
    """Enter a claim of the learner's own for this session, and show it as a card; ``claim`` and ``verdict`` then know it too.

    Until every field is filled, say which are missing. A name used by the ledger, a side that is none, or a year that is no year
    raise CourseError.
    """
    given = {
        "name": name,
        "statement": statement,
        "speaker": speaker,
        "year": year,
        "said_in": said_in,
        "side": side,
        "test_with": test_with,
    }
    todo = [field for field, value in given.items() if value is ... or (isinstance(value, str) and value.strip() in ("", "..."))]
    if todo:
        return tell(say("own_claim_todo", fields=", ".join(todo)), {"kind": "own claim"}, state="todo")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise CourseError(say("own_claim_name", name=typed.shown(name)))
    for field in ("statement", "speaker", "said_in", "side", "test_with"):
        typed.name(given[field], "own_claim_text", most=5000, field=field)
    if name in set(data._read("claims")["claim"]):
        raise CourseError(say("own_claim_taken", name=name))
    if side not in ("critic", "promoter"):
        raise CourseError(say("own_claim_side", side=repr(side)))
    given["year"] = typed.whole(year, "own_claim_year", *YEARS)
    claims.OWN_CLAIMS[name] = {"claim": name, "verdict": None, "attributed_to": None, "year_inferred": False} | {
        field: value for field, value in given.items() if field != "name"
    }
    keep("own claim", name, statement)
    return claims.claim(name)
