"""The tables: read them with their types, show their datasheets, cite the sources of the rows used.

``datasets/datapackage.json`` (a Data Package, version 2) says what each table holds: columns, units, keys, licence, datasheet.
This module believes that file and no other.
"""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path

import pandas as pd

from . import typed
from .messages import CourseError, nearest, say, tell

HERE = Path(__file__).resolve().parent
# Inside the package where it was installed, beside it in a clone. (Beside an installed package another library may be called datasets.)
DATASETS = HERE / "datasets" if (HERE / "datasets").is_dir() else HERE.parent / "datasets"
OWN_SOURCES: dict[str, dict] = {}  # sources of a learner's own table, since the kernel started (see own.py)
LONG_LIST = 12  # a longer list of sources is folded under its title
SHEET = ["purpose", "measured_by", "inside", "outside", "revisions", "disagreements", "not_for"]


@cache
def package() -> dict:
    """Return the Data Package descriptor, as a dictionary. Raise CourseError if it is missing or broken."""
    if not DATASETS.is_dir():
        raise CourseError(say("datasets_missing"))
    try:
        return json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(say("file_missing", file="datasets/datapackage.json")) from None
    except ValueError as error:
        raise CourseError(say("package_unreadable", reason=error)) from None


def tables() -> list[str]:
    """Return the names of the tables, in alphabetical order."""
    return sorted(resource["name"] for resource in package()["resources"])


def resource(name: str) -> dict:
    """Return the descriptor of the table ``name``. Raise CourseError, with the nearest name, if there is none."""
    typed.name(name, "table_name")
    for candidate in package()["resources"]:
        if candidate["name"] == name:
            return candidate
    known = tables()
    raise CourseError(say("table_unknown", name=name, nearest=nearest(name, known), tables=", ".join(known)))


def _fail(key: str, bad: pd.Series, text: pd.Series, file: str, **values: object) -> None:
    """Raise CourseError for the first row where ``bad`` holds, naming file, line and column."""
    if bad.any():
        row = bad.to_numpy().nonzero()[0][0]
        raise CourseError(say(key, file=file, line=row + 2, column=text.name, value=text.iloc[row], **values))


def _typed(text: pd.Series, field: dict, file: str) -> pd.Series:
    """Turn a column of text into the type its schema gives; an unreadable cell raises CourseError."""
    kind, limits = field["type"], field.get("constraints", {})
    given = text.notna()
    if limits.get("required"):
        _fail("cell_missing", ~given, text, file)
    if "enum" in limits:
        allowed = [str(word) for word in limits["enum"]]
        _fail("cell_not_allowed", given & ~text.isin(allowed), text, file, allowed=", ".join(allowed))
    if kind in ("number", "integer"):
        number = pd.to_numeric(text, errors="coerce")
        unit = f" (in {field['unit']})" if field.get("unit") else ""
        _fail("cell_not_number", given & ~number.abs().lt(float("inf")), text, file, unit=unit)
        if kind == "number":
            return number.astype("float64")
        _fail("cell_not_integer", given & (number % 1).ne(0), text, file)
        return number.astype("int64" if given.all() else "Int64")
    if kind == "boolean":
        _fail("cell_not_boolean", given & ~text.isin(["true", "false"]), text, file)
        flag = text.map({"true": True, "false": False})
        return flag.astype("bool" if given.all() else "boolean")
    if kind == "date":
        day = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
        _fail("cell_not_date", given & day.isna(), text, file)
        return day
    return text


def read_table(path: Path, schema: dict) -> pd.DataFrame:
    """Read one CSV file by its Table Schema and return a typed DataFrame.

    Columns, types and units are those of ``schema``. A missing file, a wrong header, a cell of the wrong type,
    an empty required cell, a word outside its list or a repeated key raises CourseError with file, line and column.
    """
    file = f"{path.parent.name}/{path.name}"
    fields = schema["fields"]
    expected = [field["name"] for field in fields]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a line with too many cells must not lose them
            raw = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8", index_col=False)
    except FileNotFoundError:
        raise CourseError(say("file_missing", file=file)) from None
    except UnicodeDecodeError:
        raise CourseError(say("file_not_utf8", file=file)) from None
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as error:
        raise CourseError(say("file_not_csv", file=file, reason=error)) from None
    for key, columns in (
        ("columns_missing", [name for name in expected if name not in raw]),
        ("columns_extra", [name for name in raw if name not in expected]),
    ):
        if columns:
            raise CourseError(say(key, file=file, columns=", ".join(columns), expected=",".join(expected)))
    table = pd.DataFrame({field["name"]: _typed(raw[field["name"]], field, file) for field in fields})
    keys = schema.get("primaryKey", [])
    if keys:
        again = table.duplicated(keys)
        if again.any():
            row = again.to_numpy().nonzero()[0][0]
            key = ", ".join(str(value) for value in table.loc[row, keys])
            raise CourseError(say("key_repeated", file=file, line=row + 2, key=key))
    return table


_read_since_start: set[tuple[str, str]] = set()


def note_read(table: str, row: str = "") -> None:
    """Remember that a table was read, or one ``row`` of it, so that the build knows what a lesson rests on."""
    _read_since_start.add((table, row))


def read_since_start() -> set[tuple[str, str]]:
    """Return (table, row) for all that was read since the kernel started; an empty row stands for the whole table."""
    return set(_read_since_start)


@cache
def _read(name: str) -> pd.DataFrame:
    found = resource(name)
    return read_table(DATASETS / found["path"], found["schema"])


def load(name: str) -> pd.DataFrame:
    """Return the table ``name`` as a DataFrame with typed columns (see ``describe(name)`` for columns and units).

    Every row carries ``source`` (a key of the table ``sources``), ``locator``, ``basis`` and ``seen``.
    Source: ``datasets/<name>.csv``. Raise CourseError for an unknown name, with the nearest right one.
    """
    table = _read(resource(name)["name"]).copy()
    note_read(name)
    return table


def datasheet(name: str, level: int = 3) -> str:
    """Return the datasheet of a table as Markdown: purpose, who counted, perimeter, limits, columns and units."""
    return datasheet_text(resource(name), len(_read(name)), level)


def datasheet_text(found: dict, rows: int, level: int = 3) -> str:
    """Return the datasheet of a table of so many rows, from its descriptor."""
    lines = [f"{'#' * level} `{found['name']}`: {found['title']}", "", found["description"], ""]
    lines += [f"- **{say('sheet_' + key)}.** {found['datasheet'][key]}" for key in SHEET if found["datasheet"].get(key)]
    licence = "; ".join(entry.get("title", entry.get("name", "")) for entry in found["licenses"])
    lines += ["", say("sheet_rows", rows=rows, licence=licence), ""]
    heading = say("sheet_columns", count=len(found["schema"]["fields"]))
    columns = " | ".join(say(f"sheet_{key}") for key in ("column", "unit", "meaning"))
    lines += ["<details>", f"<summary>{heading}</summary>", "", f"| {columns} |", "|---|---|---|"]
    for field in found["schema"]["fields"]:
        lines.append(f"| `{field['name']}` | {field.get('unit', '')} | {field['description']} |")
    return "\n".join([*lines, "", "</details>"])


def describe(name: str) -> None:
    """Show the datasheet of the table ``name`` under the cell."""
    tell(datasheet(name), {"kind": "datasheet", "table": name})


def sources_of(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``sources`` that the rows of ``frames`` point to, in the order of first use."""
    keys: list[str] = []
    for frame in frames:
        typed.columns(frame, ["source"], "cite")
        for column in ("source", "evidence_source"):
            if column in frame:
                keys += list(frame[column].dropna())
    known = _read("sources").set_index("source")
    own = [row for key, row in OWN_SOURCES.items() if key in keys and key not in known.index]
    if own:
        known = pd.concat([known, pd.DataFrame(own, columns=["source", *known.columns]).set_index("source")])
    for key in keys:
        if key not in known.index:
            raise CourseError(say("source_unknown", source=key))
        note_read("sources", key)
    return known.loc[list(dict.fromkeys(keys))].reset_index()


def cite(*frames: pd.DataFrame) -> None:
    """List, under the cell, the sources of exactly these rows: title, publisher, year, address, licence."""
    rows = sources_of(*frames)
    record = {"kind": "sources", "sources": list(rows["source"])}
    lines = []
    for row in rows.itertuples():
        year = f", {row.year}" if pd.notna(row.year) else ""
        title = f"[{row.title}]({row.url})" if pd.notna(row.url) else row.title
        lines.append(f"- {title}. {row.publisher}{year}. Licence: {row.licence}. `{row.source}`")
    if not lines:
        return tell(say("sources_none"), record)
    lines.sort(key=str.lower)
    if len(lines) <= LONG_LIST:
        return tell("\n".join([say("sources_title"), "", *lines]), record)
    summary = say("sources_summary", count=len(lines))
    return tell("\n".join(["<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>"]), record)
