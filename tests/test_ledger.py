"""The ledger keeps its own rule: seven words in one order, the same for both sides, and an unchecked claim without verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from course import load
from course.claims import ledger, meanings

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
