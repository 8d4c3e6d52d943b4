"""The tables: read them with their types, show their datasheets, cite the sources of the rows used.

``datasets/datapackage.json`` (a Data Package, version 2) says what each table holds: columns, units, keys, licence, datasheet.
This module believes that file and no other: a table whose checksum is the one written there is read as it is, any other is checked whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Callable, Iterator
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


Faults = Iterator[tuple[str, dict]]  # (key of a sentence, its values): one for each cell or row that is not as its schema says


def _each(key: str, bad: pd.Series, text: pd.Series, **values: object) -> Faults:
    """Yield a fault for each row where ``bad`` holds, with its line and column."""
    for row in bad.to_numpy(dtype=bool).nonzero()[0]:
        yield key, {"line": row + 2, "column": text.name, "value": text.iloc[row]} | values


def _typed(text: pd.Series, field: dict) -> tuple[pd.Series, Faults]:
    """Return (the column in the type its schema gives, the cells that cannot be read so)."""
    kind, given = field["type"], text.notna()
    if kind in ("number", "integer"):
        number = pd.to_numeric(text, errors="coerce")
        bad = given & ~number.abs().lt(float("inf"))
        if bad.any() or kind == "number":
            return number.astype("float64"), _each("cell_not_number", bad, text, unit=_in_unit(field))
        part = given & (number % 1).ne(0)
        return number if part.any() else number.astype("int64" if given.all() else "Int64"), _each("cell_not_integer", part, text)
    if kind == "boolean":
        bad = given & ~text.isin(["true", "false"])
        flag = text.map({"true": True, "false": False})
        return flag.astype("bool" if flag.notna().all() else "boolean"), _each("cell_not_boolean", bad, text)
    if kind == "date":
        day = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
        return day, _each("cell_not_date", given & day.isna(), text)
    return text, iter(())


def _in_unit(field: dict) -> str:
    unit = field.get("unit", "")
    return f" (in {unit})" if unit and not unit.startswith("see ") else ""


def _within(text: pd.Series, column: pd.Series, field: dict, is_key: bool) -> Faults:
    """Yield the cells that the constraints of their column forbid; that a key is not repeated is checked elsewhere."""
    limits, given = field.get("constraints", {}), text.notna()
    if limits.get("required"):
        yield from _each("cell_missing", ~given, text)
    if "enum" in limits:
        allowed = [str(word) for word in limits["enum"]]
        yield from _each("cell_not_allowed", given & ~text.isin(allowed), text, allowed=", ".join(allowed))
    if "pattern" in limits:
        bad = given & ~text.str.fullmatch(limits["pattern"]).fillna(False).astype(bool)
        yield from _each("cell_not_form", bad, text, pattern=limits["pattern"])
    if field["type"] in ("number", "integer"):
        for limit, key, beyond in (("minimum", "cell_too_low", column.lt), ("maximum", "cell_too_high", column.gt)):
            if limit in limits:
                bad = beyond(limits[limit]).fillna(False)
                yield from _each(key, bad, text, limit=limits[limit], unit=_in_unit(field))
    if limits.get("unique") and not is_key:
        yield from _each("cell_repeated", given & text.duplicated(), text)


def _repeated(table: pd.DataFrame, keys: list[str]) -> Faults:
    """Yield the rows whose key stands on an earlier one."""
    again = table.duplicated(keys).to_numpy().nonzero()[0] if keys else []
    for row in again:
        yield "key_repeated", {"line": row + 2, "key": ", ".join(str(value) for value in table.loc[row, keys])}


def _unknown(table: pd.DataFrame, schema: dict, other: Callable[[str], pd.DataFrame]) -> Faults:
    """Yield the cells that name a row of another table which has no such row; ``other`` gives a table by its name."""
    for key in schema.get("foreignKeys", []):
        (column,), home = key["fields"], key["reference"]["resource"]
        known = other(home)[key["reference"]["fields"][0]]
        bad = table[column].notna() & ~table[column].isin(known)
        for fault, values in _each("cell_unknown", bad, table[column], home=home):
            yield fault, values | {"nearest": nearest(values["value"], [str(word) for word in known])}


def _parsed(content: bytes, file: str, expected: list[str]) -> pd.DataFrame:
    """Return a CSV file as a table of text with the columns ``expected``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a line with too many cells must not lose them
            raw = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8", index_col=False)
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
    return raw


def checked_table(
    path: Path, schema: dict, seal: str = "", other: Callable[[str], pd.DataFrame] | None = None
) -> tuple[pd.DataFrame, Iterator[str]]:
    """Read one CSV file by its Table Schema; return (typed DataFrame, a sentence for each fault, with file, line and column).

    Types are always read. Where the file's checksum is ``seal``, the rest was checked when it was sealed; otherwise every constraint,
    the primary key and, if ``other`` gives the other tables, the foreign keys are checked. Raise CourseError for a file that is
    missing, is no CSV or has other columns than its schema.
    """
    file = f"{path.parent.name}/{path.name}"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(say("file_missing", file=file)) from None
    fields = schema["fields"]
    raw = _parsed(content, file, [field["name"] for field in fields])
    columns, faults = {}, []
    for field in fields:
        columns[field["name"]], unreadable = _typed(raw[field["name"]], field)
        faults.append(unreadable)
    table = pd.DataFrame(columns)
    if seal != "sha256:" + hashlib.sha256(content).hexdigest():
        keys = schema.get("primaryKey", [])
        faults += [_within(raw[field["name"]], table[field["name"]], field, keys == [field["name"]]) for field in fields]
        faults.append(_repeated(table, keys))
        if other is not None:
            faults.append(_unknown(table, schema, other))
    return table, (say(key, file=file, **values) for part in faults for key, values in part)


def read_table(path: Path, schema: dict, seal: str = "", other: Callable[[str], pd.DataFrame] | None = None) -> pd.DataFrame:
    """Read one CSV file by its Table Schema, as ``checked_table`` does; raise CourseError with the first fault."""
    table, faults = checked_table(path, schema, seal, other)
    for sentence in faults:
        raise CourseError(sentence)
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
    return read_table(DATASETS / found["path"], found["schema"], found.get("hash", ""), _read)


def load(name: str) -> pd.DataFrame:
    """Return the table ``name`` as a DataFrame with typed columns (see ``describe(name)`` for columns and units).

    Every row carries ``source`` (a key of the table ``sources``), ``locator``, ``basis`` and ``seen``.
    Source: ``datasets/<name>.csv``. Raise CourseError for an unknown name, with the nearest right one.
    """
    table = _read(resource(name)["name"]).copy()
    table.attrs["table"] = name  # so that a figure finds the units of its columns
    note_read(name)
    return table


def datasheet(name: str, level: int = 3) -> str:
    """Return the datasheet of a table as Markdown: purpose, who counted, perimeter, limits, columns and units."""
    return datasheet_text(resource(name), len(_read(name)), level)


def datasheet_text(found: dict, rows: int, level: int = 3) -> str:
    """Return the datasheet of a table of so many rows, from its descriptor."""
    lines = [f"{'#' * level} `{found['name']}`: {found['title']}", "", found["description"], ""]
    lines += [f"- **{say('sheet_' + key)}.** {found['datasheet'][key]}" for key in SHEET if found["datasheet"].get(key)]
    if expected := found.get("next_edition"):
        lines.append(f"- **{say('sheet_next_edition')}.** {': '.join(expected[key] for key in ('month', 'habit') if key in expected)}.")
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
