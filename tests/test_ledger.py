"""The ledger keeps its own rule: seven words in one order, the same for both sides, and an unchecked claim without verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from course import data, load
from course.claims import ledger, meanings
from course.make import evidence
from course.make.lessons import notebook_path
from course.make.pages import plan_text
from course.make.sessions import PLANS, read_plans
from course.make.teach.sheet import Sheet

CLAIMS = load("claims")
CHECKED = CLAIMS[CLAIMS["status"] == "checked"]


def broken(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return, for each part of the rule, the claims that break it."""
    checked = table["status"] == "checked"
    judged = checked & table["tag"].ne("unverified")
    parts = {
        "an unchecked claim has no verdict": ~checked & (table["tag"].ne("unverified") | table["why_not"].notna() | table["moved"].notna()),
        "a checked claim has one, with its evidence": checked
        & (~judged | (table["evidence_source"].isna() & table["tag"].ne("not-testable")) | table["last_checked"].isna()),
        "a garbled claim says what moved, and no other does": judged & (table["tag"].eq("garbled") != table["moved"].notna()),
        "right, roughly right or outdated rests on more than the speaker's own document": judged
        & table["tag"].isin(["right", "roughly-right", "outdated"])
        & table["independence"].isin(["own", "none"]),
        "each verdict says why not another word": judged & table["why_not"].isna(),
        "only what nobody can count rests on nothing read": judged & table["independence"].eq("none") & table["tag"].ne("not-testable"),
    }
    return {part: sorted(table.loc[rows, "claim"]) for part, rows in parts.items() if rows.any()}


def test_the_ledger_keeps_its_rule():
    assert broken(CLAIMS) == {}


@pytest.mark.parametrize(
    ("column", "value", "of"),
    [
        ("independence", "own", "right"),
        ("moved", None, "garbled"),
        ("moved", "unit", "wrong"),
        ("why_not", None, "contested"),
        ("status", "unchecked", "right"),
        ("tag", "unverified", "right"),
        ("independence", "none", "wrong"),
        ("evidence_source", None, "right"),
    ],
)
def test_a_row_that_breaks_the_rule_is_found(column, value, of):
    table = CLAIMS.copy()
    row = table.index[table["tag"] == of][0]
    table.loc[row, column] = value
    assert table.loc[row, "claim"] in {claim for claims in broken(table).values() for claim in claims}


def test_both_sides_are_judged_on_documents_of_others():
    independent = CHECKED[CHECKED["independence"].isin(["independent", "other-side"])]["side"].value_counts()
    assert independent.min() >= 60, "each side needs sixty claims that somebody else's document settles"


def test_a_promoter_or_critic_gives_at_most_three_claims_from_a_new_document():
    promoters = CLAIMS[CLAIMS["side"] == "promoter"]
    assert promoters["source"].value_counts().max() <= 3


def test_the_south_speaks():
    assert CLAIMS["region"].notna().sum() >= 20


def test_every_word_of_the_scale_is_used_and_explained():
    assert set(ledger()["verdict"].dropna()) == set(meanings())


# what leads


def test_each_leading_claim_rests_on_a_document_that_can_be_found():
    assert evidence.nowhere(evidence.leading()) == []


def _told(place: str) -> str:
    """Return what a place says of the chain of the 40,000: the plan of one hour, the sheet or lesson 00, its slides' source."""
    if place == "plan":
        return plan_text(read_plans(PLANS.read_text(encoding="utf-8"))["one_hour"])
    if place == "sheet":
        return "".join(Sheet("00_start_here").parts.values())
    return notebook_path("00_start_here", "solutions").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["plan", "sheet", "lesson"])
def test_relay_1_is_told_as_its_row_has_it(place):
    relay = load("child_labour_estimates").query("relay == 1").iloc[0]
    told = _told(place)
    for column in ("speaker", "date", "qualifier", "words_kept"):
        assert str(relay[column]) in told, column
    assert str(relay["year_of_figure"]) in told


@pytest.mark.parametrize("place", ["plan", "sheet"])
def test_what_is_told_of_relay_1_follows_the_row(place, monkeypatch):
    plain = data._read("child_labour_estimates")
    moved = plain.assign(speaker=plain["speaker"].where(plain["relay"] != 1, "Somebody else"), words_kept="another word")
    monkeypatch.setattr(data, "_read", lambda name, read=data._read: moved if name == "child_labour_estimates" else read(name))
    told = _told(place)
    assert "Somebody else" in told
    assert "another word" in told


# what the printed figures rest on


def test_a_figure_that_moves_is_found_and_a_word_is_not():
    assert evidence.moved_figures("in 2012 about 40,000 children", "in 2012 some 31,000 children") == {3}
    assert evidence.moved_figures("a 1 b 2", "a 1 new b 3") == {3}


@pytest.mark.parametrize("table", ["cobalt_mining", "child_labour_estimates", "click_work_pay", "data_centre_electricity"])
def test_a_moved_table_changes_figures_in_its_rows_alone(table, monkeypatch):
    plain = data._read(table)
    monkeypatch.setattr(data, "_read", data._read)  # put back afterwards
    evidence.move(evidence.UNREAD)
    moved = load(table)
    secondary = plain["seen"] == "secondary"
    figures = [name for name in plain if not plain[name].equals(moved[name])]
    assert figures
    assert not set(figures) & {"year", "published", "relay"}
    assert plain[~secondary].equals(moved[~secondary])


def test_a_printed_figure_is_counted_by_what_moves_it():
    printed = {(): "12 t, 30 %, 7 rows", evidence.UNREAD: "12 t, 29 %, 7 rows", evidence.READ: "9 t, 31 %, 7 rows"}
    assert evidence.counted(lambda seen: {"here": printed[seen]}) == {"figures": 2, "read": 1}
