"""The ledger: a verdict only where something was read, the learner's first, and nothing hidden shown."""

from __future__ import annotations

import pandas as pd
import pytest

from course import CourseError, claim, ledger, load, verdict
from course.claims import VERDICTS, meanings, verdict_of_tag

TABLE = load("claims")
CHECKED = TABLE[TABLE["show"] & (TABLE["status"] == "checked")]


def test_both_sides_are_in_the_ledger():
    assert TABLE["side"].value_counts().min() >= 30


def test_the_scale_has_seven_words_in_the_order_learners_see():
    assert VERDICTS == ["right", "roughly right", "garbled", "wrong", "outdated", "contested", "not testable"]
    assert list(meanings()) == VERDICTS
    assert verdict_of_tag()["wrong"] == "wrong"
    assert "unverified" not in verdict_of_tag()


def test_each_word_has_its_question_and_its_place_in_the_order_of_asking():
    scale = load("verdicts").dropna(subset=["order"]).sort_values("order")
    assert list(scale["verdict"]) == ["not testable", "contested", "right", "roughly right", "outdated", "garbled", "wrong"]
    assert list(scale["order"]) == list(range(1, len(VERDICTS) + 1))
    assert scale["question"].str.endswith("?").all()
    assert scale["meaning"].str.len().between(20, 120).all(), "one line"
    assert (scale["tag"] == scale["verdict"].str.replace(" ", "-")).all()


def test_a_tag_without_a_place_in_the_order_is_unverified_or_an_old_one_still_used():
    old = load("verdicts").loc[lambda rows: rows["order"].isna() & rows["verdict"].notna(), "tag"]
    assert set(old) <= set(TABLE["tag"]), "take the line out of verdicts.csv: no claim bears this tag any more"


def test_every_tag_of_the_ledger_is_in_the_scale():
    assert set(TABLE["tag"]) <= set(load("verdicts")["tag"])
    assert ledger()["verdict"].dropna().isin(VERDICTS).all()
    assert set(ledger().loc[lambda rows: rows["tag"] == "wrong", "verdict"].dropna()) == {"wrong"}


def test_an_unchecked_claim_carries_no_verdict():
    unchecked = TABLE[TABLE["status"] == "unchecked"]
    shown = ledger().set_index("claim")
    assert shown.loc[shown.index.isin(unchecked["claim"]), "verdict"].isna().all()


def test_a_checked_claim_says_on_what_and_when():
    checked = TABLE[TABLE["status"] == "checked"]
    assert checked["last_checked"].notna().all()
    assert checked["evidence"].str.len().gt(20).all()
    empirical = checked[checked["tag"] != "not-testable"]
    assert empirical["evidence_source"].notna().all()


def test_statements_are_told_and_complete():
    assert TABLE["statement"].str.strip().str[-1].isin(list(".?!")).all()
    assert TABLE["statement"].is_unique
    assert not TABLE["statement"].str.contains("facts/|recalled|\\.csv").any()
    assert not TABLE["evidence"].dropna().str.contains("facts/|recalled|\\.csv").any()


def test_a_card_shows_the_claim_and_no_verdict(said):
    claim("cobalt-drc-60pct")
    row = CHECKED.set_index("claim").loc["cobalt-drc-60pct"]
    assert row["statement"] in said[0]
    assert row["speaker"] in said[0]
    assert row["evidence"] not in said[0]


def test_hidden_and_unknown_claims_get_a_sentence():
    hidden = TABLE[~TABLE["show"]]["claim"]
    assert len(hidden) > 0
    for name in hidden:
        with pytest.raises(CourseError, match="kept out of class"):
            claim(name)
    with pytest.raises(CourseError, match="Did you mean 'cobalt-drc-60pct'"):
        claim("cobalt-drc-60")


@pytest.mark.parametrize(
    ("word", "because", "words"),
    [
        (..., ..., "No verdict yet"),
        ("", "", "No verdict yet"),
        (None, "x", "No verdict yet"),
        ("true", "x", "'true' is not in the scale. Choose one of: right, roughly right"),
        (3, "x", "3 is not in the scale"),
        ("right", ..., "write one sentence"),
        ("right", "  ", "write one sentence"),
    ],
)
def test_the_ledger_keeps_its_verdict_until_the_learner_gives_one(word, because, words, said):
    verdict("cobalt-drc-60pct", word, because)
    evidence = CHECKED.set_index("claim").loc["cobalt-drc-60pct", "evidence"]
    assert words in said[0]
    assert evidence not in said[0]


@pytest.mark.parametrize("word", VERDICTS)
def test_a_reasoned_verdict_is_answered_with_the_ledgers(word, said):
    verdict("cobalt-drc-60pct", word.upper(), because="I divided by the world.")
    row = ledger().set_index("claim").loc["cobalt-drc-60pct"]
    assert "I divided by the world." in said[0]
    assert row["evidence"] in said[0]
    assert ("You agree" in said[0]) == (word == row["verdict"])


def test_an_unchecked_claim_has_no_verdict_to_show(said):
    name = ledger().loc[lambda rows: rows["verdict"].isna(), "claim"].iloc[0]
    verdict(name, "right", because="It sounds right.")
    assert "has no verdict" in said[0]
    assert pd.notna(ledger().set_index("claim").loc[name, "test_with"])
