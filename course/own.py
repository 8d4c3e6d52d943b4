"""Bring your own: a learner's claim as a card, and a learner's table read by the same rules as the course's tables."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

from . import claims, data, typed
from .data import package, read_table
from .exercises import keep
from .messages import CourseError, nearest, say, tell

ROOT = Path(__file__).resolve().parent.parent
PLACES = [Path(), ROOT / "notebooks", ROOT / "notebooks" / "more"]  # where a learner's file is looked for, in this order
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

    ``name`` is a file beside the notebook. Its columns are ``COLUMNS``; every row has a unit, a source and a place in it; a row
    whose value, low and high are all empty is an unknown and says why in its note. ``units`` names the units that no table of the
    course uses. A missing file or column, a cell of the wrong type, a bad unit, a row without source, a range in the wrong order
    or two units for the same thing raise CourseError, with the line.
    """
    name = typed.name(str(name) if isinstance(name, Path) else name, "own_name")
    found = next((place / name for place in PLACES if (place / name).is_file()), None)
    if found is None:
        nearby = sorted({path.name for place in PLACES for path in place.glob("*.csv")})
        raise CourseError(say("own_missing", file=name, nearby=", ".join(nearby) or "none", columns=",".join(COLUMNS)))
    file = found.name
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
