"""What is made from the tables and their descriptors: ``datapackage.json`` and the page of datasheets.

By hand stand, in ``datasets/``, one CSV and one YAML file per table, ``_columns.yml`` (the columns that tables share) and
``_package.yml`` (what is true of the whole). Nothing here changes them.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pandas as pd
import yaml

from .. import __version__, data
from ..data import checked_table, datasheet_text
from ..messages import CourseError
from .lock import differences

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is compiled
ANSWERS = "_answers.yml"
CONSTRAINTS = ["required", "unique", "minimum", "maximum", "pattern", "enum"]
FILE = {"scheme": "file", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
MADE = "Made by `python -m course build` from the YAML files beside it; do not edit it."
README_HEAD = """# The tables

*This page is made by `python -m course build`; do not edit it.*

One Data Package (`datapackage.json`), one CSV file per table, one row per figure and source. Beside each table a file of the same name,
`<table>.yml`, says what it holds; `_columns.yml` describes the columns that tables share. To correct a figure or a datasheet, see the
README at the top of the repository.

Every row says its `source` (a key of `sources.csv`), its `locator` (where in that source), its `basis` (measured, reported, estimated,
modelled or projected) and how it was `seen`: *primary* when the figure was read in the publication or data file of whoever produced it,
*secondary* when it was read in anyone else's copy, however faithful. Sources that disagree stand side by side.

"""


@cache
def _parsed(text: str) -> dict:
    return yaml.load(text, Loader=LOADER)


def _read(name: str) -> dict:
    """Return a YAML file of ``datasets/``, not to be changed. Raise CourseError if it is missing or is no YAML."""
    path = data.DATASETS / name
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"datasets/{name} is missing.") from None
    except yaml.YAMLError as error:
        raise CourseError(f"datasets/{name} is not YAML: {error}") from None


def described() -> list[str]:
    """Return the names of the tables that have a descriptor, in alphabetical order."""
    return sorted(path.stem for path in data.DATASETS.glob("[!_]*.yml"))


def _field(said: str | dict, columns: dict, table: str) -> tuple[dict, str | None]:
    """Return (field of the Table Schema, table whose key it must be or None) for one line of a descriptor's list of fields."""
    own = {"name": said} if isinstance(said, str) else said
    if isinstance(said, str) and said not in columns:
        raise CourseError(f"datasets/{table}.yml: {said!r} is no column of _columns.yml; say its title and description.")
    whole = {"name": own["name"], "type": "string"} | columns.get(own["name"], {}) | own
    whole = {key: value for key, value in whole.items() if value is not None}
    home = whole.pop("refers_to", None)
    limits = {key: whole.pop(key) for key in CONSTRAINTS if key in whole}
    return whole | ({"constraints": limits} if limits else {}), home


def checks(name: str) -> dict:
    """Return what a table's YAML file says under ``checks`` (see slips.py)."""
    return _read(f"{name}.yml").get("checks", {})


def answers() -> list[dict]:
    """Return the answers of ``_answers.yml``, none where there is no such file (see slips.py)."""
    return (_read(ANSWERS) or []) if (data.DATASETS / ANSWERS).exists() else []


def _licences(said: list[dict], paths: dict) -> list[dict]:
    """Return licences as the standard has them, the address of a known one filled in."""
    return [entry | ({"path": paths[entry["name"]]} if entry["name"] in paths and "path" not in entry else {}) for entry in said]


def _resource(name: str, columns: dict, paths: dict) -> dict:
    """Return the standard's descriptor of one table, without checksum."""
    said = dict(_read(f"{name}.yml"))
    said.pop("checks", None)  # for the build alone (see slips.py)
    pairs = [_field(field, columns, name) for field in said.pop("fields")]
    schema = {"fields": [field for field, _ in pairs], "primaryKey": said.pop("primary_key")}
    keys = [
        {"fields": [field["name"]], "reference": {"resource": home, "fields": _read(f"{home}.yml")["primary_key"]}}
        for field, home in pairs
        if home
    ]
    head = {"name": name, "type": "table", "path": f"{name}.csv", "title": said.pop("title"), "description": said.pop("description")}
    licences = _licences(said.pop("licences"), paths)
    return head | FILE | {"licenses": licences} | said | {"schema": schema | ({"foreignKeys": keys} if keys else {})}


def descriptor() -> dict:
    """Return the Data Package, version 2, that the YAML files describe, with the ``bytes`` and ``hash`` of each table as its file is now.

    Raise CourseError for a descriptor that is missing, is no YAML, lacks a part, or names a column or a table that nobody describes.
    """
    whole, columns = _read("_package.yml"), _read("_columns.yml")
    paths = whole["licence_paths"]
    resources = []
    for name in described():
        try:
            entry = _resource(name, columns, paths)
        except KeyError as missing:
            raise CourseError(f"datasets/{name}.yml lacks {missing}.") from None
        path = data.DATASETS / entry["path"]
        if path.is_file():
            content = path.read_bytes()
            entry |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}
        resources.append(entry)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": whole["name"],
        "title": whole["title"],
        "description": whole["description"],
        "version": __version__,
        "comment": MADE,
        "licenses": _licences(whole["licences"], paths),
        "contributors": whole["contributors"],
        "resources": resources,
    }


def sealed() -> str:
    """Return the text of datapackage.json."""
    return json.dumps(descriptor(), indent=1, ensure_ascii=False) + "\n"


def datasheets() -> str:
    """Return the text of datasets/README.md: a datasheet per table."""
    resources = descriptor()["resources"]
    index = "\n".join(f"- [`{entry['name']}`](#{entry['name']})" for entry in resources)
    sheets = [
        f'<a id="{entry["name"]}"></a>\n\n'
        + datasheet_text(entry, len(checked_table(data.DATASETS / entry["path"], entry["schema"])[0]), level=2)
        for entry in resources
    ]
    return f"{README_HEAD}{index}\n\n" + "\n\n".join(sheets) + "\n"


def made_files() -> dict[Path, str]:
    """Return the text that each made file beside the tables should have."""
    return {data.DATASETS / "datapackage.json": sealed(), data.DATASETS / "README.md": datasheets()}


def stale_tables() -> list[str]:
    """Return a line for each table changed since the last build, and for each file made from the tables that does not match them."""
    try:
        stored = {entry["name"]: entry.get("hash") for entry in data.package()["resources"]}
    except CourseError:
        stored = {}  # the file that is missing or broken is named below
    now = [entry for entry in descriptor()["resources"] if entry["name"] in stored]
    changed = [f"datasets/{entry['path']} was changed after the last build" for entry in now if stored[entry["name"]] != entry.get("hash")]
    return changed + differences(made_files(), "does not match the tables")


def problems() -> list[str]:
    """Return a sentence for each table without descriptor, fault of a table against its schema, and source that no row uses."""
    files = {path.stem for path in data.DATASETS.glob("*.csv")}
    names = set(described())
    lines = [f"datasets/{name}.csv has no descriptor: write datasets/{name}.yml." for name in sorted(files - names)]
    lines += [f"datasets/{name}.yml describes no table: datasets/{name}.csv is missing." for name in sorted(names - files)]
    if lines:
        return lines
    try:
        resources = {entry["name"]: entry for entry in descriptor()["resources"]}
        read = cache(lambda name: checked_table(data.DATASETS / resources[name]["path"], resources[name]["schema"], "", other))
    except CourseError as error:
        return [str(error)]

    def other(name: str) -> pd.DataFrame:
        return read(name)[0]

    used: set[str] = set()
    for name, entry in resources.items():
        try:
            table, faults = read(name)
            lines += faults
        except CourseError as error:
            lines.append(str(error))
            continue
        for key in entry["schema"].get("foreignKeys", []):
            if key["reference"]["resource"] == "sources":
                used |= set(table[key["fields"][0]].dropna())
    lines = list(dict.fromkeys(lines))
    if not lines:
        unread = [(line, key) for line, key in enumerate(other("sources")["source"], start=2) if key not in used]
        lines = [f"datasets/sources.csv, line {line}: no row of any table uses the source {key!r}." for line, key in unread]
    return lines
