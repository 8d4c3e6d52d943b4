"""Bring your own: a learner's table by the same rules as the course's, a learner's claim as a card, and a sentence for each slip."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from course import CourseError, claim, claims, data, ledger, verdict
from course.data import cite, sources_of
from course.doors import ROOT
from course.own import COLUMNS, known_units, my_claim, my_table

HEAD = ",".join(COLUMNS)
GOOD = "row-1,water of a prompt,2025,0.26,,,mL,Google,A report,Google,2025,https://example.org,page 3,reported,primary,"
CLAIM = {
    "name": "my-own-claim", "statement": "Each prompt drinks a bottle of water.", "speaker": "A newspaper", "year": 2025,
    "said_in": "its front page", "side": "critic", "test_with": "Litres per prompt, by who counts.",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clean(monkeypatch, said):
    """A session that has not seen any claim or source of a learner's."""
    monkeypatch.setattr(data, "OWN_SOURCES", {})
    monkeypatch.setattr(claims, "OWN_CLAIMS", {})
    monkeypatch.setattr("course.own.tell", lambda text, record=None, state="": said.append(text))


def written(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_good_table_is_typed_and_can_be_cited(tmp_path, said):
    table = my_table(written(tmp_path, GOOD))
    assert table["value"].dtype == "float64"
    assert table["year"].dtype == "int64"
    cite(table)
    assert "[A report](https://example.org)" in said[0]
    assert sources_of(table)["publisher"].tolist() == ["Google"]


def test_own_sources_stand_beside_the_courses(tmp_path):
    table = my_table(written(tmp_path, GOOD))
    found = sources_of(table, data.load("cobalt_price"))
    assert set(found["source"]) > {"A report"}
    assert found["publisher"].notna().all()


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        ([GOOD], HEAD.replace("source,", ""), ["lacks the column source", HEAD]),
        ([GOOD], HEAD.replace(",note", ",remark"), ["lacks the column note"]),
        ([GOOD.replace("A report", "")], HEAD, ["line 2 (row-1)", "no source", "locator"]),
        ([GOOD.replace("page 3", "")], HEAD, ["line 2", "column locator", "required"]),
        ([GOOD.replace(",mL,", ",ml,")], HEAD, ["line 2 (row-1)", "no unit 'ml'", "Did you mean 'ML' or 'mL'?", "units=['ml']"]),
        ([GOOD.replace("mL", "")], HEAD, ["column unit", "required"]),
        ([GOOD, GOOD.replace("row-1", "row-2").replace(",mL,", ",%,")], HEAD, ["several units (mL, %)"]),
        ([GOOD.replace("0.26", "0,26")], HEAD, ["line 2", "17 cells", "a point"]),
        ([GOOD.replace("0.26", "a lot")], HEAD, ["line 2", "column value", "'a lot' is not a number"]),
        ([GOOD.replace("0.26,,", "0.26,1,2")], HEAD, ["line 2 (row-1)", "not in order"]),
        ([GOOD.replace("0.26,,", ",2,1")], HEAD, ["not in order"]),
        ([GOOD.replace("0.26,,", ",,")], HEAD, ["no value, no low, no high", "worth a row"]),
        ([GOOD.replace("reported", "guessed")], HEAD, ["'guessed' is not one of measured"]),
        ([GOOD.replace("primary", "myself")], HEAD, ["'myself' is not one of primary, secondary"]),
        ([GOOD, GOOD], HEAD, ["line 3", "row-1", "already used"]),
        ([GOOD.replace(",2025,0.26", ",last year,0.26")], HEAD, ["column year", "'last year'"]),
        ([GOOD.replace(",2025,0.26", ",99999999999999999999,0.26")], HEAD, ["line 2", "column year", "99999999999999999999"]),
        ([GOOD.replace(",2025,0.26", ",-50000,0.26")], HEAD, ["column year", "-50000", "less than 1500"]),
        ([GOOD.replace("Google,2025", "Google,3025")], HEAD, ["column published", "more than 2200"]),
        ([GOOD.replace("0.26", "1e300")], HEAD, ["column value", "more than"]),
        ([GOOD.replace("0.26", "inf")], HEAD, ["column value", "not a number"]),
        ([GOOD.replace("row-1", " ")], HEAD, ["column id", "nothing that can be read"]),
        ([GOOD.replace(",Google,2025,", ", ,2025,")], HEAD, ["column publisher", "nothing that can be read"]),
        ([GOOD.replace("page 3", "-")], HEAD, ["column locator", "nothing that can be read"]),
        ([GOOD, GOOD.replace("row-1", "row-2").replace("Google,2025", "Elgoog,2025")], HEAD, ["two publishers"]),
        ([GOOD.replace("A report", "20min_cannes2020")], HEAD, ["a source of the course has this name"]),
        ([GOOD.replace("https://example.org", "javascript:alert(1)")], HEAD, ["must begin with https://"]),
        ([GOOD.replace("https://example.org", "https://a.org/) [x](javascript:y")], HEAD, ["must begin with https://"]),
        ([GOOD.replace("https://example.org", "https://")], HEAD, ["must begin with https://"]),
        ([GOOD], "a," * 100_000 + "b", ["100001 columns"]),
        ([GOOD], HEAD.replace("note", "n" * 1000), ["column nnn", "1000 letters"]),
        ([GOOD.replace("0.26", "9" * 1000)], HEAD, ["column value", "1000 letters"]),
        ([GOOD.replace("A report", "a" * 100_000)], HEAD, ["this cell holds 100000 letters"]),
        ([GOOD] * 30_000, HEAD, ["3 MB"]),
    ],
)
def test_a_slip_gets_a_sentence(rows, head, words, tmp_path):
    with pytest.raises(CourseError) as caught:
        my_table(written(tmp_path, *rows, head=head))
    for word in words:
        assert word in str(caught.value)
    assert len(str(caught.value)) <= 400


@pytest.mark.parametrize("units", ["bottles", 3, None, [3], [""], range(5), {"bottles": 1}, b"x"])
def test_new_units_are_named_in_a_list(units, tmp_path):
    with pytest.raises(CourseError, match="Name new units in a list"):
        my_table(written(tmp_path, GOOD), units=units)


@pytest.mark.parametrize("name", ["a\0b.csv", "x" * 199, "/dev/zero", "~", "https://example.org/a.csv", "..", "/"])
def test_what_is_no_file_gets_a_sentence(name):
    with pytest.raises(CourseError, match=r"There is no file|between quotes") as caught:
        my_table(name)
    assert len(str(caught.value)) <= 400


def test_an_unknown_with_a_note_is_welcome(tmp_path):
    table = my_table(written(tmp_path, GOOD.replace("0.26,,", ",,") + "Nobody has published this figure."))
    assert pd.isna(table["value"].iloc[0])


def test_a_new_unit_can_be_named(tmp_path):
    path = written(tmp_path, GOOD.replace(",mL,", ",bottles,"))
    with pytest.raises(CourseError, match="no unit 'bottles'"):
        my_table(path)
    assert len(my_table(path, units=["bottles"])) == 1


def test_units_of_the_course_are_known():
    assert {"kWh", "%", "mL", "USD", "t CO2e"} <= known_units() | {"kWh"}
    assert not any(unit.startswith("see ") for unit in known_units())


def test_a_missing_file_says_what_is_there():
    with pytest.raises(CourseError, match=r"no file nothing\.csv.*my_table\.csv.*id,what,year"):
        my_table("nothing.csv")
    with pytest.raises(CourseError, match="between quotes"):
        my_table(3)


@pytest.mark.parametrize("name", ["my_table.csv", "capstone_example.csv"])
def test_the_tables_we_give_follow_the_rules(name):
    table = my_table(name, units=["minutes a day"])
    assert table["source"].notna().all()


def test_the_capstone_notebook_documents_every_column():
    text = (ROOT / "course" / "lessons" / "capstone.md").read_text(encoding="utf-8")
    documented = re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (`.+?`) \|", text, flags=re.MULTILINE)))
    assert sorted(documented) == sorted(COLUMNS)


# claims


def test_an_own_claim_becomes_a_card_and_can_be_judged(said):
    my_claim(**CLAIM)
    assert "Each prompt drinks a bottle of water." in said[-1]
    assert "A newspaper, its front page, 2025" in said[-1]
    claim("my-own-claim")
    assert said[-1] == said[-2]
    verdict("my-own-claim", "garbled", because="No table has it.")
    assert "**Your verdict:** garbled" in said[-1]
    assert "no ledger answers" in said[-1]
    assert "my-own-claim" not in set(ledger()["claim"])


def test_an_empty_claim_says_what_is_missing(said):
    my_claim()
    assert "name, statement, speaker, year, said_in, side, test_with" in said[0]
    my_claim(**CLAIM | {"side": ..., "year": "..."})
    assert "Still to fill: year, side." in said[1]
    assert claims.OWN_CLAIMS == {}


def test_a_claim_of_ones_own_opens_no_link_and_no_tag(said):
    my_claim(**CLAIM | {"speaker": "[x](javascript:alert(1))", "statement": "<img src=x onerror=alert(1)> drinks. \ud83d"})
    assert "\\[x\\](javascript" in said[0]
    assert "<img" not in said[0]
    said[0].encode()


@pytest.mark.parametrize("year", [1500, 1899, 1900, 2025.0, 2200])
def test_a_claim_may_be_old(year, said):
    my_claim(**CLAIM | {"year": year})
    assert f"its front page, {year:.0f}." in said[0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "My Claim"}, "cannot name a claim"),
        ({"name": "cobalt-drc-60pct"}, "already has a claim"),
        ({"side": "both"}, "'both' is not a side"),
        ({"year": "2025"}, "not a year"),
        ({"year": 25}, "not a year"),
        ({"year": True}, "not a year"),
        ({"year": 1499}, "1499 is not a year"),
        ({"year": 2201}, "2201 is not a year"),
        ({"year": 2025.5}, "not a year"),
        ({"speaker": ["A newspaper"]}, "speaker is a text between quotes; you gave a list"),
        ({"side": pd.DataFrame()}, "side is a text between quotes"),
        ({"statement": " ? "}, "statement is a text between quotes"),
        ({"test_with": "3"}, "test_with is a text between quotes"),
        ({"year": float("nan")}, "not a year"),
    ],
)
def test_a_bad_claim_gets_a_sentence(changed, words):
    with pytest.raises(CourseError, match=words):
        my_claim(**CLAIM | changed)


# what spreadsheets write


def other(folder: Path, text: str, encoding: str = "utf-8", name: str = "mine.csv") -> Path:
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", ";"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16", ","), ("utf-16", ";")])
def test_a_table_of_another_spreadsheet_is_read_and_said(encoding, mark, tmp_path, said):
    number = "0.26" if mark == "," else "0,26"
    lines = "\r\n".join([HEAD, GOOD]).replace(",", mark).replace("0.26", number)
    table = my_table(other(tmp_path, lines + "\r\n", encoding))
    assert table["value"].tolist() == [0.26]
    words = {",": "commas", ";": "semicolons", "\t": "tabs"}[mark]
    assert f"{words} between the cells" in said[0]
    assert ("decimal commas (0,26 is 0.26)" in said[0]) == (mark != ",")
    assert ("UTF-16" in said[0]) == (encoding == "utf-16")


def test_a_byte_order_mark_alone_is_nothing_to_say(tmp_path, said):
    assert len(my_table(other(tmp_path, f"{HEAD}\n{GOOD}\n", "utf-8-sig"))) == 1
    assert said == []


@pytest.mark.parametrize(
    ("cell", "value"), [("1.234,5", 1234.5), ("1 234,5", 1234.5), ("0,123", 0.123), ("1234", 1234), ("-3,5", -3.5), ("12.5", 12.5)]
)
def test_numbers_with_one_reading_are_read(cell, value, tmp_path):
    rows = f"{HEAD}\n{GOOD}\n".replace(",", ";").replace("0.26", cell)
    assert my_table(other(tmp_path, rows))["value"].tolist() == [value]


@pytest.mark.parametrize("cell", ["1,234", "12.345", "123,456"])
def test_a_number_with_two_readings_is_asked_back(cell, tmp_path):
    rows = f"{HEAD}\n{GOOD}\n".replace(",", ";").replace("0.26", cell)
    with pytest.raises(
        CourseError, match=rf"line 2, column value: {re.escape(cell)} can be read in two ways, as {re.sub('[.,]', '', cell)} or"
    ):
        my_table(other(tmp_path, rows))


def test_a_workbook_is_told_how_to_become_a_table(tmp_path):
    (tmp_path / "mine.xlsx").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(CourseError, match="CSV UTF-8"):
        my_table(str(tmp_path / "mine.xlsx"))


def test_faults_of_such_a_table_keep_their_line(tmp_path):
    rows = f"{HEAD}\n{GOOD}\n{GOOD.replace('row-1', 'row-2').replace('page 3', '')}\n".replace(",", ";")
    with pytest.raises(CourseError, match="line 3, column locator"):
        my_table(other(tmp_path, rows))
