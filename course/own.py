"""Bring your own: a learner's claim as a card, and a learner's table read by the same rules as the course's tables."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

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
YEARS = (1500, 2200)  # in which a claim can have been said, a document published, or a figure hold
LARGEST = 1e18  # of a value: beyond it, a zero slipped
MOST_BYTES = 2_000_000  # of a learner's file
LONGEST_CELL = 1000  # letters
LONGEST_NUMBER = 40  # letters of a cell that is no text
BASES = ["measured", "reported", "estimated", "modelled", "projected"]


def _field(name: str, kind: str = "string", **constraints: object) -> dict:
    return {"name": name, "type": kind, "constraints": constraints}


def _year(name: str) -> dict:
    return _field(name, "integer", required=True, minimum=YEARS[0], maximum=YEARS[1])


def _number(name: str) -> dict:
    return _field(name, "number", minimum=-LARGEST, maximum=LARGEST)


# The columns of a learner's table, in this order; what each means is told in the capstone notebook.
SCHEMA = {
    "fields": [
        _field("id", required=True),
        _field("what", required=True),
        _year("year"),
        _number("value"),
        _number("low"),
        _number("high"),
        _field("unit", required=True),
        _field("who_counted", required=True),
        _field("source"),
        _field("publisher", required=True),
        _year("published"),
        _field("url"),
        _field("locator", required=True),
        _field("basis", required=True, enum=BASES),
        _field("seen", required=True, enum=["primary", "secondary"]),
        _field("note"),
    ],
    "primaryKey": ["id"],
}
COLUMNS = [field["name"] for field in SCHEMA["fields"]]
SAID = ["id", "what", "unit", "who_counted", "source", "publisher", "locator"]  # text columns in which something must stand
FREE = {"what", "who_counted", "source", "publisher", "url", "locator", "note"}  # those that may be long


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
        raise CourseError(say(key, file=file, line=row + 2, row=_short(table["id"].iloc[row]), **values))


def _short(text: object) -> str:
    """Return some words of a cell, as a sentence can hold them."""
    text = " ".join(str(text).split())
    return text if len(text) <= LONGEST_NUMBER else text[: LONGEST_NUMBER - 1] + "…"


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
    """Raise CourseError for the first line that has more or fewer cells than the header (a comma in a number, or in a text), and for a
    file, a header or a cell that is too long to be a learner's table."""
    if path.stat().st_size > MOST_BYTES:
        raise CourseError(say("own_large", file=_short(path.name), size=path.stat().st_size // 1_000_000))
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines))
    except UnicodeDecodeError:
        return  # read_table has a sentence for it
    except csv.Error as error:
        raise CourseError(say("file_not_csv", file=_short(path.name), reason=error)) from None
    if rows and len(rows[0]) > 2 * len(COLUMNS):
        raise CourseError(say("own_header", file=_short(path.name), count=len(rows[0]), expected=",".join(COLUMNS)))
    for number, row in enumerate(rows, start=1):
        for column, cell in zip(rows[0], row, strict=False):
            if len(cell) > (LONGEST_CELL if column in FREE and number > 1 else LONGEST_NUMBER):
                raise CourseError(say("own_long", file=_short(path.name), line=number, column=_short(column), count=len(cell)))
    if not rows or set(rows[0]) != set(COLUMNS):
        return  # and for a wrong header
    for number, row in enumerate(rows[1:], start=2):
        if row and len(row) != len(rows[0]):
            raise CourseError(say("own_cells", file=path.name, line=number, cells=len(row), expected=len(rows[0])))


def _nearest_unit(unit: str, known: set[str]) -> str:
    same = [other for other in sorted(known) if other.lower() == unit.lower()]
    return say("own_units_near", units=" or ".join(map(repr, same))) if same else nearest(unit, sorted(known))


def _says(text: object) -> bool:
    """Say whether a text says something: a letter, a digit or a sign, and not only spaces, points and dashes."""
    return isinstance(text, str) and any(letter.isalnum() or letter in "%°€$£" for letter in text) and text.isprintable()


def _is_address(text: object) -> bool:
    """Say whether a text is the address of a page on the web, whole."""
    try:
        parts = urlsplit(str(text).strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"'()\\]", str(text).strip())
    except ValueError:
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no system knows
        return False


def my_table(name: str, units: list[str] | tuple[str, ...] = ()) -> pd.DataFrame:
    """Read a learner's CSV table, with typed columns, ready for ``show(..., sources=...)`` and ``cite(...)``.

    ``name`` is a file beside the notebook: UTF-8 and commas, or what a spreadsheet makes of it (semicolons, decimal commas, UTF-16).
    Its columns are ``COLUMNS``; every row has a unit, a source and a place in it; a row whose value, low and high are all empty is an
    unknown and says why in its note. ``units`` names the units that no table of the course uses. A missing file or column, a cell of
    the wrong type, a number with two readings, a bad unit, a row without source, a range in the wrong order or two units for the same
    thing raise CourseError, with the line.
    """
    name = typed.name(str(name) if isinstance(name, Path) else name, "own_name")
    if not isinstance(units, (list, tuple, set, frozenset)) or not all(isinstance(unit, str) and _says(unit) for unit in units):
        raise CourseError(say("own_units_kind", value=typed.shown(units)))
    found = next((place / name for place in PLACES if _is_file(place / name)), None)
    if found is None:
        nearby = sorted({path.name for place in PLACES for path in place.glob("*.csv")})
        here = ", ".join(map(_short, nearby[:3])) + (f" + {len(nearby) - 3}" if len(nearby) > 3 else "")
        raise CourseError(say("own_missing", file=_short(name), nearby=here or "none", columns=",".join(COLUMNS)))
    file = found.name
    with tempfile.TemporaryDirectory() as folder:
        found = _plain(found, Path(folder))
        _same_cells(found)
        table = read_table(found, SCHEMA)
    _refuse("own_no_source", table, table["source"].isna() | table["source"].str.strip().eq(""), file)
    for column in SAID:
        _refuse("own_blank", table, ~table[column].map(_says), file, column=column)
    publishers = table.groupby("source")["publisher"].transform("nunique").gt(1)
    _refuse("own_two_publishers", table, publishers, file)
    ours = {key.lower() for key in data._read("sources")["source"]}
    _refuse("own_our_source", table, table["source"].str.strip().str.lower().isin(ours), file)
    _refuse("own_url", table, table["url"].notna() & ~table["url"].map(_is_address), file)
    known = known_units() | set(units)
    for unit in table["unit"]:
        if unit not in known:
            near = _nearest_unit(unit, known)
            _refuse("own_unit", table, table["unit"].eq(unit), file, unit=_short(unit), nearest=near if len(near) < 150 else "")
    several = table.groupby("what")["unit"].transform("nunique").gt(1)
    if several.any():
        what = table.loc[several, "what"].iloc[0]
        pair = ", ".join(table.loc[table["what"] == what, "unit"].unique()[:4])
        _refuse("own_two_units", table, several, file, what=_short(what), units=pair)
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
        text = typed.name(given[field], "own_claim_text", most=5000, field=field)
        if not any(letter.isalpha() for letter in text):
            raise CourseError(say("own_claim_text_kind", field=field, value=typed.shown(text)))
        given[field] = text.encode("utf-8", "replace").decode()  # a card shows it as it was typed
    if name in set(data._read("claims")["claim"]):
        raise CourseError(say("own_claim_taken", name=name))
    if side not in ("critic", "promoter"):
        raise CourseError(say("own_claim_side", side=typed.shown(side)))
    given["year"] = typed.whole(year, "own_claim_year", *YEARS)
    claims.OWN_CLAIMS[name] = {"claim": name, "verdict": None, "attributed_to": None, "year_inferred": False} | {
        field: value for field, value in given.items() if field != "name"
    }
    keep("own claim", name, given["statement"])
    return claims.claim(name)
