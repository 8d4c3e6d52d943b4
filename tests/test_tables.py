"""The tables: the standard's own validator, sources on every row, one name per country, figures in their range, and bad files."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from course import CourseError, cite, describe, load, tables
from course.data import DATASETS, checked_table, package, read_table, resource, sources_of
from course.make.tables import descriptor, problems, sealed, stale_tables

FIGURES = [name for name in tables() if name not in ("glossary", "sources", "verdicts")]  # every table of figures or claims


def test_frictionless_validates_the_package():
    report = frictionless.validate(str(DATASETS / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])
    assert len(report.tasks) == len(tables())


def test_package_follows_version_2():
    assert package()["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert {path.name for path in DATASETS.glob("*.csv")} == {entry["path"] for entry in package()["resources"]}


@pytest.mark.parametrize("name", tables())
def test_table_is_described(name):
    entry = resource(name)
    for key in ("title", "description", "licenses", "sources", "bytes", "hash"):
        assert entry.get(key), f"{name} lacks {key}"
    if name in FIGURES:
        for key in ("purpose", "measured_by", "inside", "outside", "not_for"):
            assert len(entry["datasheet"][key]) > 20, f"the datasheet of {name} says too little about {key}"
        assert {"fields": ["source"], "reference": {"resource": "sources", "fields": ["source"]}} in entry["schema"]["foreignKeys"]
    assert entry["schema"]["primaryKey"]
    for field in entry["schema"]["fields"]:
        assert len(field["description"]) > 5, f"{name}.{field['name']} has no description"


@pytest.mark.parametrize("name", FIGURES)
def test_every_row_names_its_source_and_place(name):
    table = load(name)
    assert len(table) > 0
    assert table["source"].str.len().gt(1).all()
    assert table["locator"].str.len().gt(1).all()
    if name != "claims":
        assert table["seen"].isin(["primary", "copy proven", "secondary"]).all()
    if name not in ("claims", "speakers"):
        assert table["basis"].isin(["measured", "reported", "estimated", "modelled", "projected"]).all()


def test_a_copy_is_proven_by_a_checksum_that_several_hold():
    """Only the producer's own file, whole: its checksum and who holds it stand in sources."""
    tables_of_figures = [load(name) for name in FIGURES if name not in ("claims", "verdicts")]
    proven = pd.concat([table.loc[table["seen"] == "copy proven", "source"] for table in tables_of_figures]).unique()
    assert len(proven)
    rows = load("sources").set_index("source").loc[proven]
    assert rows["sha256"].notna().all() | rows["read_at"].str.contains("md5").all()
    assert rows["holders"].str.split(";").str.len().ge(2).all(), rows["holders"]


def test_every_source_exists_and_none_is_unused():
    known = set(load("sources")["source"])
    used = set()
    for name in FIGURES:
        table = load(name)
        used |= set(table["source"])
        for column in ("evidence_source", "evidence_source_2"):
            if column in table:
                used |= set(table[column].dropna())
    assert used - known == set(), "sources missing from sources.csv"
    assert known - used == set(), "sources that no row uses"


def test_a_country_has_one_name_and_one_code():
    pairs = pd.concat([load(name)[["country", "iso3"]] for name in FIGURES if {"country", "iso3"} <= set(load(name))])
    pairs = pairs.dropna().drop_duplicates()
    assert pairs["country"].is_unique, pairs[pairs["country"].duplicated(keep=False)]
    assert pairs["iso3"].is_unique, pairs[pairs["iso3"].duplicated(keep=False)]
    assert pairs["iso3"].str.fullmatch("[A-Z]{3}").all()


@pytest.mark.parametrize("name", FIGURES)
def test_ranges_are_in_order(name):
    table = load(name)
    if {"value", "low", "high"} <= set(table):
        numbers = table[["low", "value", "high"]].astype("float64")
        assert not (numbers["low"] > numbers["high"]).any()
        assert not (numbers["value"] < numbers["low"]).any()
        assert not (numbers["value"] > numbers["high"]).any()
        unknown = numbers.isna().all(axis=1)
        assert table.loc[unknown, "note"].str.len().gt(20).all(), "a figure that nobody knows is said to be so in a note"


@pytest.mark.parametrize("name", FIGURES)
def test_a_metric_has_one_unit(name):
    table = load(name)
    if {"metric", "unit"} <= set(table):
        units = table.groupby("metric")["unit"].nunique()
        assert units.eq(1).all(), units[units > 1]


def test_world_mining_data_adds_up():
    minerals = load("mineral_production").query("agency == 'World Mining Data'")
    world = minerals["country"] == "World"
    parts = minerals[~world].groupby(["mineral", "year"])["value"].sum()
    whole = minerals[world].set_index(["mineral", "year"])["value"]
    assert set(whole.index) == set(parts.index), "a printed total for each mineral and year"
    # a country under a tonne prints as 0, and the source's own total differs by rounding
    assert ((parts - whole).abs() <= 0.001 * whole + 2).all(), pd.DataFrame({"sum": parts, "printed": whole})


def test_cobalt_agencies_stay_apart():
    cobalt = load("cobalt_mining")
    congo = cobalt[cobalt["iso3"] == "COD"]
    in_2011 = congo[congo["year"] == 2011].set_index("agency")["value"]
    assert in_2011["BGS"] > 1.5 * in_2011["USGS"], "ore raised and recovered cobalt, never averaged"


# descriptors: by hand one YAML file per table, made the standard's file


def test_every_table_has_its_descriptor_and_every_source_a_row():
    assert problems() == []


def test_the_package_is_what_the_descriptors_say():
    assert descriptor() == package(), "run: python -m course build"


def test_a_shared_column_is_described_once_and_may_be_overridden(copied):
    for name, text in (
        ("_columns.yml", "who: {title: Who, description: Who counted., required: true, pattern: x}\n"),
        ("toy.csv", "who\nx\n"),
    ):
        path = copied / name
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
    head = "title: Toy\ndescription: A toy.\nlicences: [{name: MIT, title: MIT}]\nsources: []\nprimary_key: [who]\n"
    (copied / "toy.yml").write_text(head + "fields: [{name: who, title: Mine, pattern: null}]\n", encoding="utf-8")
    toy = next(entry for entry in descriptor()["resources"] if entry["name"] == "toy")
    assert toy["licenses"] == [{"name": "MIT", "title": "MIT", "path": "https://opensource.org/license/mit"}]
    field = {"name": "who", "type": "string", "title": "Mine", "description": "Who counted.", "constraints": {"required": True}}
    assert toy["schema"] == {"fields": [field], "primaryKey": ["who"]}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"new.csv": "a\n1\n"}, "datasets/new.csv has no descriptor: write datasets/new.yml"),
        ({"new.yml": "title: New\n"}, "datasets/new.yml describes no table"),
        ({"sources.csv": "unread,A text,Nobody,,,,here,,,MIT,,\n"}, "no row of any table uses the source 'unread'"),
    ],
)
def test_what_stands_alone_is_named(files, words, copied):
    for name, text in files.items():
        path = copied / name
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
    assert [words in line for line in problems()] == [True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: [\n", r"cobalt_price\.yml is not YAML"),
        ("title: Cobalt\n", r"cobalt_price\.yml lacks 'fields'"),
        ("title: Cobalt\nfields: [price]\n", r"cobalt_price\.yml: 'price' is no column of _columns\.yml"),
    ],
)
def test_a_broken_yaml_is_named(text, words, copied):
    (copied / "cobalt_price.yml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=words):
        descriptor()


# a silent edit


def test_an_edited_number_is_caught(copied, edit):
    edit("cobalt_mining", "value", "99476", agency="BGS", year="2011", iso3="COD")
    table, package_line = stale_tables()[:2]
    assert table == "datasets/cobalt_mining.csv was changed after the last build"
    assert package_line.startswith("datasets/datapackage.json, line ")
    assert json.loads(sealed())["resources"] != package()["resources"]
    edited = frictionless.Package(str(copied / "datapackage.json")).get_resource("cobalt_mining")
    assert not edited.validate().valid


# what a reader or an editor can get wrong

SCHEMA = {
    "fields": [
        {"name": "country", "type": "string", "constraints": {"required": True, "enum": ["Chile", "Peru"]}},
        {"name": "year", "type": "integer", "constraints": {"minimum": 1990, "maximum": 2030}},
        {"name": "value", "type": "number", "unit": "t", "constraints": {"minimum": 0, "maximum": 100}},
        {"name": "flag", "type": "boolean"},
        {"name": "day", "type": "date", "constraints": {"unique": True}},
        {"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{3}"}},
    ],
    "primaryKey": ["country", "year"],
    "foreignKeys": [{"fields": ["code"], "reference": {"resource": "codes", "fields": ["key"]}}],
}
CODES = pd.DataFrame({"key": ["CHL", "PER"]})
HEAD = "country,year,value,flag,day,code\n"
GOOD = "Chile,2020,1.5,true,2020-01-31,CHL\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_types_follow_the_schema(tmp_path):
    table = read_table(written(tmp_path, HEAD + GOOD + "Peru,,,,,\n"), SCHEMA)
    assert [str(kind) for kind in table.dtypes][1:5] == ["Int64", "float64", "boolean", "datetime64[us]"]
    assert table.loc[0, "value"] == 1.5
    assert table.loc[1].isna().sum() == 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEAD + "Chile,2020,abc,true,2020-01-31,CHL\n", ["line 2", "column value", "'abc'", "not a number", "in t"]),
        (HEAD + "Chile,2020,nan,true,2020-01-31,CHL\n", ["line 2", "column value", "'nan'"]),
        (HEAD + "Chile,2020,inf,true,2020-01-31,CHL\n", ["line 2", "column value", "'inf'"]),
        (HEAD + 'Chile,2020,"1,5",true,2020-01-31,CHL\n', ["column value", "'1,5'", "a point"]),
        (HEAD + "Chile,2020.5,1,true,2020-01-31,CHL\n", ["column year", "whole number"]),
        (HEAD + "Chile,2020,1,yes,2020-01-31,CHL\n", ["column flag", "true or false"]),
        (HEAD + "Chile,2020,1,true,31/01/2020,CHL\n", ["column day", "not a date"]),
        (HEAD + GOOD + ",2021,1,true,2020-01-31,CHL\n", ["line 3", "column country", "required"]),
        (HEAD + "Chili,2020,1,true,2020-01-31,CHL\n", ["'Chili'", "Chile, Peru"]),
        (HEAD + GOOD + GOOD.replace("-31,", "-30,"), ["line 3", "Chile, 2020", "already used"]),
        (HEAD + "Chile,1989,1,true,2020-01-31,CHL\n", ["line 2", "column year", "1989 is less than 1990", "wrong"]),
        (HEAD + "Chile,2031,1,true,2020-01-31,CHL\n", ["column year", "2031 is more than 2030"]),
        (HEAD + "Chile,2020,-0.1,true,2020-01-31,CHL\n", ["column value", "-0.1 (in t) is less than 0", "a sign"]),
        (HEAD + GOOD + "Chile,2021,100.5,true,2020-02-01,CHL\n", ["line 3", "column value", "100.5 (in t) is more than 100", "a point"]),
        (HEAD + "Chile,2020,1,true,2020-01-31,CHLE\n", ["column code", "'CHLE' has not the form", "[A-Z]{3}"]),
        (HEAD + "Chile,2020,1,true,2020-01-31,chl\n", ["column code", "'chl' has not the form"]),
        (HEAD + GOOD + "Peru,2020,1,true,2020-01-31,PER\n", ["line 3", "column day", "already stands on an earlier line"]),
        (
            HEAD + GOOD + "Peru,2020,1,true,2020-02-01,PEX\n",
            ["line 3", "column code", "the table codes has no 'PEX'", "datasets/codes.csv"],
        ),
        ("country,year\nChile,2020\n", ["lacks the column value, flag, day, code", "country,year,value,flag,day,code"]),
        ("country,year,value,flag,day,code,extra\n", ["a column extra"]),
        (HEAD + GOOD.rstrip() + ",1,2,3\n", ["cannot be read as a CSV table"]),
        ("", ["cannot be read as a CSV table"]),
        (b"\xff\xfe\x00", ["not UTF-8"]),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path, content, words):
    with pytest.raises(CourseError) as caught:
        read_table(written(tmp_path, content), SCHEMA, other={"codes": CODES}.get)
    for word in words:
        assert word in str(caught.value)


LIMITS = "Chile,1990,0,true,2020-01-31,CHL\nPeru,2030,100,false,2020-02-01,PER\n"


def test_the_limits_themselves_are_allowed_and_an_empty_cell_breaks_none(tmp_path):
    table = read_table(written(tmp_path, HEAD + LIMITS + "Peru,2029,,,,\nPeru,2028,,,,\n"), SCHEMA, other={"codes": CODES}.get)
    assert len(table) == 4


def test_every_fault_is_told_not_only_the_first(tmp_path):
    rows = "Chili,1989,-1,true,2020-01-31,CHL\nPeru,2031,1,true,2020-01-31,xxx\n"
    _, faults = checked_table(written(tmp_path, HEAD + rows), SCHEMA, other={"codes": CODES}.get)
    assert [re.search(r"line (\d), column (\w+)", fault).groups() for fault in faults] == [
        ("2", "country"), ("2", "year"), ("3", "year"), ("2", "value"), ("3", "day"), ("3", "code"), ("3", "code"),
    ]  # fmt: skip


def test_a_sealed_file_is_not_checked_again_but_its_types_are_read(tmp_path):
    path = written(tmp_path, HEAD + "Chili,1900,-1,true,2020-01-31,x\n")
    seal = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_table(path, SCHEMA, seal)["value"].tolist() == [-1]
    with pytest.raises(CourseError, match="'Chili' is not one of"):
        read_table(path, SCHEMA, seal.replace("sha256:", "sha256:0"))
    path = written(tmp_path, HEAD + "Chile,2020,much,true,2020-01-31,CHL\n")
    with pytest.raises(CourseError, match="'much' is not a number"):
        read_table(path, SCHEMA, "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest())


IRELAND = {"country": "Ireland", "year": "2023", "accounting": "generation"}


@pytest.mark.parametrize(
    ("table", "where", "column", "new", "words"),
    [
        ("grid_carbon", IRELAND, "value", "-282.4", "less than 0"),
        ("grid_carbon", IRELAND, "iso3", "Irl", "has not the form"),
        ("cobalt_mining", {"agency": "USGS"}, "year", "1911", "1911 is less than 1968"),
        ("cobalt_price", {"seen": "secondary"}, "source", "ussg_mcs_1996", "the table sources has no 'ussg_mcs_1996'. Did you mean"),
        ("claims", {"side": "critic"}, "tag", "contestd", "the table verdicts has no 'contestd'. Did you mean 'contested'?"),
    ],
)
def test_an_edit_that_the_schema_forbids_is_caught_at_load_and_by_the_build(table, where, column, new, words, copied, edit):
    line = edit(table, column, new, **where)
    with pytest.raises(CourseError) as caught:
        load(table)
    assert words in str(caught.value)
    assert f"datasets/{table}.csv, line {line}, column {column}: " in str(caught.value)
    if table == "cobalt_mining":
        assert problems() == [str(caught.value)]


def test_an_edit_that_the_schema_allows_loads_before_the_build_seals_it(copied, edit):
    edit("grid_carbon", "value", "300", **IRELAND)
    rows = load("grid_carbon").query("country == 'Ireland' and year == 2023 and accounting == 'generation'")
    assert rows["value"].item() == 300
    assert descriptor() != package()


def test_a_new_column_can_be_built_though_the_old_package_does_not_know_it(copied):
    """The scale of verdicts is read by the code itself: a package that is behind must not stop the build that would mend it."""
    path = copied / "verdicts.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",example", *(line + "," for line in lines[1:])]) + "\n", encoding="utf-8")
    described = copied / "verdicts.yml"
    field = "- name: example\n  title: Example\n  description: An example of the word.\n"
    described.write_text(described.read_text(encoding="utf-8") + field, encoding="utf-8")
    (copied / "datapackage.json").write_text("<<<<<<< a conflict of git", encoding="utf-8")
    program = f"""
import pathlib
from course import data
data.DATASETS = pathlib.Path({str(copied)!r})
import course.claims, course.make.build
from course.make.tables import sealed
(data.DATASETS / "datapackage.json").write_text(sealed(), encoding="utf-8")
print(course.claims.VERDICTS[3])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (0, "wrong\n"), done.stderr


def test_a_missing_file_says_how_to_get_it_back(copied):
    (copied / "cobalt_price.csv").unlink()
    with pytest.raises(CourseError, match=r"datasets/cobalt_price\.csv is missing.*its zip or its repository"):
        load("cobalt_price")


def test_a_broken_descriptor_gets_a_sentence(copied):
    (copied / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match="cannot be read"):
        load("cobalt_price")


@pytest.mark.parametrize(("typed", "meant"), [("cobalt_minning", "cobalt_mining"), ("Cobalt_Price", "cobalt_price"), ("claim", "claims")])
def test_a_wrong_name_answers_with_the_nearest(typed, meant):
    with pytest.raises(CourseError, match=f"Did you mean '{meant}'"):
        load(typed)


@pytest.mark.parametrize("typed", [None, 3, ["cobalt_mining"], pd.DataFrame()])
def test_a_name_that_is_no_text_gets_a_sentence(typed):
    with pytest.raises(CourseError, match="between quotes"):
        load(typed)


def test_what_is_loaded_can_be_changed_without_harm():
    mine = load("cobalt_price")
    mine.loc[:, "source"] = "me"
    assert (load("cobalt_price")["source"] != "me").all()


def test_cite_lists_exactly_the_rows_used(said):
    rows = load("cobalt_price").head(3)
    cite(rows)
    for key in set(rows["source"]):
        assert f"`{key}`" in said[0]
    assert said[0].count("\n- ") == rows["source"].nunique()
    assert len(sources_of(load("cobalt_price"))) > rows["source"].nunique()


def test_the_source_of_the_evidence_is_cited_beside_the_source_of_the_claim():
    row = load("claims").loc[lambda rows: rows["evidence_source"].notna() & (rows["evidence_source"] != rows["source"])].head(1)
    assert list(sources_of(row)["source"]) == [row["source"].item(), row["evidence_source"].item()]


def test_cite_refuses_what_has_lost_its_sources(said):
    with pytest.raises(CourseError, match="before grouping"):
        cite(load("cobalt_mining").groupby("year")[["value"]].sum())
    with pytest.raises(CourseError, match="one or more tables"):
        cite(load("cobalt_mining")["value"])
    cite(load("cobalt_mining").head(0))
    assert said == ["*No row, no source.*"]


@pytest.mark.parametrize("name", FIGURES)
def test_describe_shows_units_and_limits(name, said):
    describe(name)
    assert resource(name)["datasheet"]["not_for"] in said[0]
    for field in resource(name)["schema"]["fields"]:
        assert f"`{field['name']}`" in said[0]
