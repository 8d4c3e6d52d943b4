"""Slips of the hand: each check can fail, passes on the true tables, and a slip of each kind planted in a copy is asked about."""

from __future__ import annotations

import datetime
import itertools
import random
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from course import data
from course.make import former, review, slips
from course.make.build import main as build
from course.make.tables import checks, descriptor, problems

MOST_ANSWERS = 40


def frame(text: str) -> pd.DataFrame:
    """Return a small table from lines of cells with commas between them."""
    head, *rows = [line.strip().split(",") for line in text.strip().splitlines()]
    return pd.DataFrame(rows, columns=head, dtype=object)


def rows(found) -> list[int]:
    """Return the rows that a check asks about."""
    return sorted({row for row, *_ in found})


def test_the_true_tables_raise_no_open_question_and_few_answers():
    assert slips.slips() == []
    answers = slips.answers()
    assert len(answers) <= MOST_ANSWERS
    assert all(len(reason.split()) >= 6 for reason in answers.values()), "a reason is a sentence"


def test_rules_name_columns_that_exist():
    for entry in descriptor()["resources"]:
        fields = {field["name"] for field in entry["schema"]["fields"]}
        rules = checks(entry["name"])
        named = set(rules.get("twins", [])) | {name for key, by in rules.get("dependency", {}).items() for name in [key, *by]}
        for rule in [*rules.get("series", []), *rules.get("limits", []), *rules.get("balance", [])]:
            named |= {
                name
                for key in ("by", "of", "order", "part")
                if key in rule
                for name in ([rule[key]] if isinstance(rule[key], str) else rule[key])
            }
            named |= set() if "of" in rule else set(rule["parts"])
        assert named <= fields, f"{entry['name']}: {named - fields}"
        assert set(rules) <= {"balance", "dependency", "limits", "series", "published", "twins"}


@pytest.mark.parametrize(("cell", "odd"), [("Kenya", []), (" Kenya", [0]), ("Kenya ", [0]), ("Ken\tya", [0]), ("New Caledonia", [])])
def test_a_stray_space_is_seen(cell, odd):
    assert rows(slips.spaces(pd.DataFrame({"country": [cell]}))) == odd


def test_a_number_begins_with_no_zero_too_many():
    assert rows(slips.zeros(frame("value\n0.5\n0\n05\n-07.2\n10"), ["value"])) == [2, 3]


@pytest.mark.parametrize(
    ("row", "odd"),
    [
        ("5,,,exact,", False),
        (",1,2,exact,", False),
        ("1,1,2,exact,", False),
        (",2,1,exact,", True),
        ("3,1,2,exact,", True),
        (",1,,exact,", True),
        (",1,,at_least,", False),
        ("5,,9,exact,", True),
        (",,,exact,", True),
        (",,,exact,nobody has counted", False),
    ],
)
def test_a_range_is_whole_and_in_order(row, odd):
    assert bool(rows(slips.ranges(frame("value,low,high,qualifier,note\n" + row)))) is odd


@pytest.mark.parametrize(
    ("row", "same", "odd"),
    [
        ("2020,2021,measured", False, False),
        ("2022,2021,measured", False, True),
        ("2030,2021,projected", False, False),
        ("2019,2021,projected", False, True),
        ("2020,2023,measured", False, True),
        ("2020,2021,measured", True, True),
        ("2020,2022,measured", True, False),
    ],
)
def test_years_follow_each_other(row, same, odd):
    table = frame("year,published,basis\n" + row)
    assert bool(rows(slips.dates(table, pd.Series([2022.0]), same))) is odd


def test_a_locator_repeats_what_its_source_always_repeats():
    table = frame("source,year,locator\n" + "\n".join(f"a,{year},row {year}" for year in range(2000, 2006)))
    assert rows(slips.written(table)) == []
    table.loc[3, "year"] = "2009"
    assert rows(slips.written(table)) == [3]


def test_a_row_has_its_own_locator_where_the_others_have():
    table = frame("source,locator\n" + "\n".join(f"a,row {number}" for number in range(12)) + "\nb,page 1\nb,page 1")
    assert rows(slips.pointers(table)) == []
    table.loc[7, "locator"] = "row 2"
    assert rows(slips.pointers(table)) == [7]


def test_a_place_and_a_year_in_a_locator_are_those_of_the_row():
    table = frame("year,locator\n2014,sentence (World; 2014)\n2015,sentence (World; 2014)").replace(";", ",", regex=True)
    assert rows(slips.places(table)) == [1]


@pytest.mark.parametrize(
    ("value", "locator", "odd"),
    [
        ("1257", 'page, sentence with "1,257 USD"', False),
        ("1275", 'page, sentence with "1,257 USD"', True),
        ("16.8", 'page, sentence with "16,8 euros"', False),
        ("2500000", "page: sentence with 2.5 million people", False),
        ("25", "page: sentence with 2.5 hours", True),
        ("-15", "page, sentence that gives 15 %", False),
        ("7", "table 3, row 4", False),
        ("196359", 'page, sentence with "196 359 ariary"', False),
    ],
)
def test_a_figure_quoted_in_a_locator_is_the_row_s(value, locator, odd):
    table = pd.DataFrame({"value": [value], "locator": [locator]})
    assert bool(rows(slips.figures(table, ["value"]))) is odd


def test_parts_make_their_total():
    regions = frame("year,region,value\n1,World,10\n1,A,4\n1,B,6\n2,World,10\n2,A,4\n2,B,9")
    rule = {"by": ["year"], "of": "value", "part": "region", "total": "World"}
    assert rows(slips.balance(regions, rule)) == [5]
    assert rows(slips.balance(regions, rule | {"at_most": True, "within": 0.5})) == []
    shares = frame("use,make\n40,60\n40,6\n40,\n90,60")
    assert rows(slips.balance(shares, {"parts": ["use", "make"], "total": 100, "within": 0.05})) == [1, 3]


def test_one_column_decides_another():
    table = frame("metric,unit\nenergy,Wh\nenergy,Wh\nenergy,kWh\nwater,L\nwater,mL")
    assert rows(slips.dependency(table, "unit", ["metric"])) == [2, 4]


def test_limits_are_those_of_the_metric():
    table = frame("metric,value\nshare,40\nshare,400\npeople,400")
    assert rows(slips.limits(table, {"by": "metric", "of": ["value"], "are": {"share": [0, 100]}})) == [1]


def test_a_value_leaves_its_series():
    table = frame("place,year,value\n" + "\n".join(f"A,{2000 + n},{100 + n}" for n in range(9)))
    rule = {"by": ["place"], "order": "year", "of": ["value"]}
    assert rows(slips.series(table, rule)) == []
    table.loc[4, "value"] = "140"
    assert rows(slips.series(table, rule)) == [4], "a long steady series is judged by its own steps"
    assert rows(slips.series(table, rule | {"from": 500})) == []
    short = frame("place,year,value\nA,2000,100\nA,2001,250\nB,2000,100\nB,2001,1000\nC,2000,100\nC,2020,1000")
    assert rows(slips.series(short, rule)) == [2, 3], "years that are far apart may differ more"


def test_a_row_is_not_entered_twice():
    table = frame("id,year,value\na,2000,5\nb,2000,5\nc,2001,6")
    assert rows(slips.twins(table, [])) == [1]
    assert rows(slips.twins(table, ["id"])) == []


def test_a_country_has_one_code_over_all_tables():
    one, two = frame("country,iso3\nKenya,KEN\nIndia,IND\nWorld,"), frame("place,iso3\nKenya,KEN\nKenya,IND")
    assert {(table, row) for table, row, *_ in slips.countries({"one": one, "two": two})} == {("two", 1)}


@pytest.mark.parametrize(
    ("old", "new", "slip"),
    [
        ("4525", "455", "digit"),
        ("12.5", "1.5", "digit"),
        ("61", "611", "digit"),
        ("138", "318", "swapped"),
        ("545.55", "54.555", "ten"),
        ("61", "61000", "ten"),
        ("40", "-40", "sign"),
        ("12", "70", "times"),
        ("12", "12.5", ""),
        ("545", "561", ""),
        ("3.34", "3.3", "digit"),
        ("0.5", "0.50", ""),
        ("5", "", ""),
    ],
)
def test_a_change_is_a_slip_or_a_correction(old, new, slip):
    said = former.like_a_slip(old, new)
    assert slip in said if slip else said == ""


def test_a_row_is_compared_with_its_former_self():
    old = frame("id,year,value,high,source,note\na,2000,120,,s1,\nb,2001,130,,s2,\nc,2002,140,,s1,")
    key, numbers = ["id"], ["year", "value", "high"]

    def asked(at: int, *, known=frozenset(), **cells: str) -> list[str]:
        new = old.copy()
        for column, cell in cells.items():
            new.loc[at, column] = cell
        return [column for _, column, _ in former.former(old, new, key, numbers, set(known))]

    assert asked(0, value="210") == ["value"]
    assert asked(0, value="126") == []
    assert asked(0, value="210", note="misread before") == []
    assert asked(0, value="", high="120") == ["high"]
    assert asked(0, source="s2", known={"s1", "s2"}) == ["source"]
    assert asked(0, source="s9") == []
    assert asked(0, year="2001") == ["year"]
    assert asked(0, id="z", year="2000") == [], "only its name changed"
    added = pd.concat([old, frame("id,year,value,high,source,note\nd,2003,150,,s7,")], ignore_index=True)
    assert [column for _, column, _ in former.arrivals(old, added, key, {"s1", "s7"})] == ["source"]
    assert list(former.arrivals(old, added, key, {"s1"})) == list(former.former(old, added, key, numbers, {"s1", "s7"})) == []


def committed(folder: Path) -> None:
    """Make a commit of a folder."""
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.email=a@b.c", "-c", "user.name=x", "commit", "-qm", "before"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def swapped(cell: str, dice: random.Random) -> str:
    """Return a number with two neighbouring digits exchanged."""
    digits = [at for at, sign in enumerate(cell) if sign.isdigit()]
    one, other = dice.choice([pair for pair in itertools.pairwise(digits) if cell[pair[0]] != cell[pair[1]]])
    return cell[:one] + cell[other] + cell[one + 1 : other] + cell[one] + cell[other + 1 :]


SLIPS = {  # {table: (column, what becomes of its cell)}: each table gets one slip, in a row drawn at random
    "grid_carbon": ("value", lambda cell, dice: cell.replace(".", "", 1) + "0"),
    "languages": ("value", lambda cell, dice: f"{float(cell) / 1000:g}"),
    "purchasing_power": ("value", swapped),
    "online_labour_flows": ("value", swapped),
    "company_accounts": ("fiscal_year", lambda cell, dice: str(int(cell) - 1)),
    "pay_floors": ("country", lambda cell, dice: "Kenya" if cell != "Kenya" else "India"),
    "rotterdam_experiments": ("mean_score", lambda cell, dice: "-" + cell),
    "amsterdam_errors": ("worth_flagged", lambda cell, dice: cell[1:] or "1"),
    "digital_emissions_parts": ("unit", lambda cell, dice: "%" if cell != "%" else "TWh"),
    "trackers": ("source", lambda cell, dice: ""),
    "welfare_scoring": ("group", lambda cell, dice: cell + " "),
}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slip_of_each_kind_in_an_existing_row_is_stopped(seed, copied):
    committed(copied)
    dice = random.Random(seed)
    for name, (column, slip) in SLIPS.items():
        path = copied / f"{name}.csv"
        table = former.as_text(path.read_bytes())
        fit = [row for row in table.index if len(set(table[column][row])) > 2]
        row = dice.choice(fit)
        table.loc[row, column] = slip(table[column][row], dice)
        table.to_csv(path, index=False, lineterminator="\n")
    asked = " ".join(problems() + slips.slips())
    assert [name for name in SLIPS if f"datasets/{name}.csv, line" not in asked] == []


@pytest.mark.parametrize(
    ("name", "slip", "check"),
    [
        ("grid_carbon", {"value": "3200"}, "grid_carbon"),
        ("grid_carbon", {"country": "Canada"}, "country"),
        ("grid_carbon", {"source": "raw_zones"}, "dependency"),
        ("grid_carbon", {"year": "2031"}, "schema"),
        ("grid_carbon", {"generation_twh": "47.6"}, "series"),
        ("grid_carbon", {"zone": "national "}, "space"),
        ("purchasing_power", {"currency": "KES"}, "dependency"),
        ("purchasing_power", {"value": "1.2"}, "series"),
        ("purchasing_power", {"unit": "local currency per euro"}, "dependency"),
    ],
)
def test_a_slip_in_a_new_row_is_stopped(name, slip, check, copied):
    path = copied / f"{name}.csv"
    table = former.as_text(path.read_bytes())
    table = table[~(table["iso3"].eq("FRA") & table["year"].eq("2019"))]
    last = former.as_text(path.read_bytes())
    new = last[last["iso3"].eq("FRA") & last["year"].eq("2019")].head(1)
    if new.empty:
        new = last.tail(1)
        table = last.drop(index=new.index)
    pd.concat([table, new]).to_csv(path, index=False, lineterminator="\n")
    assert problems() + slips.slips() == [], "the true row is no slip"
    pd.concat([table, new.assign(**slip)]).to_csv(path, index=False, lineterminator="\n")
    assert any(f"datasets/{name}.csv, line" in line for line in problems() + slips.slips()), check


def test_a_correction_passes_unasked(copied):
    committed(copied)
    path = copied / "ai_energy.csv"
    table = former.as_text(path.read_bytes())
    row = table.index[table["value"].ne("") & ~table["locator"].str.contains("with|gives")][0]
    table.loc[row, ["value", "note"]] = [f"{float(table['value'][row]) * 1.07:.3g}", "revised"]
    table.to_csv(path, index=False, lineterminator="\n")
    assert problems() + slips.slips() == []


def test_the_build_stops_at_a_question_and_an_answer_silences_it(copied, capsys):
    path = copied / "purchasing_power.csv"
    table = former.as_text(path.read_bytes())
    row = table.index[table["metric"].eq("exchange_rate") & table["currency"].eq("KES")][3]
    table.loc[row, "value"] = f"{float(table['value'][row]) * 10:.6g}"
    table.to_csv(path, index=False, lineterminator="\n")
    assert build(["--check"]) == 1
    said = capsys.readouterr().err
    assert f"purchasing_power.csv, line {row + 2}, column value" in said
    (one, *_) = [one for one in slips.questions() if one.table == "purchasing_power"]
    with (copied / "_answers.yml").open("a", encoding="utf-8") as answers:
        answers.writelines(
            f"- table: purchasing_power\n  key: '{key}'\n  check: {check}\n  reason: a test says so, for the length of a test\n"
            for key, check in {(one.key, one.check) for one in slips.questions() if one.table == "purchasing_power"} | {("nobody", "twin")}
        )
    assert slips.slips() == []
    assert any("nobody / twin" in line for line in slips.idle()), "an answer without a question is named"
    assert one.key in str(one) and "datasets/_answers.yml" in str(one)


def test_each_table_says_when_its_next_edition_is_expected():
    for entry in data.package()["resources"]:
        if entry["name"] not in ("glossary", "sources", "verdicts"):
            assert len(entry["next_edition"]["habit"]) > 10, entry["name"]
            assert "**Next edition.**" in data.datasheet(entry["name"])


def test_review_lists_what_is_due_and_what_aged(capsys):
    nothing, later = datetime.date(2020, 1, 1), datetime.date(2027, 12, 31)
    assert review.due(nothing) == []
    assert any("cobalt_mining" in line for line in review.due(later))
    assert len(review.aged(later)) > len(review.aged(nothing))
    assert review.main(["--today", "2027-12-31"]) == 0
    assert "Tables whose next edition is due on 2027-12-31" in capsys.readouterr().out
