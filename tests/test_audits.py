"""Audits redone by code: they agree with the ledger today, and a corrected table can overturn a verdict."""

from __future__ import annotations

import pytest

from course import ledger, verdict
from course.audits import AUDITS, COMPATIBLE, audit, audit_lines, figure_word
from course.data import tables

LEDGER = ledger().set_index("claim")


@pytest.mark.parametrize("name", AUDITS)
def test_the_ledger_still_agrees_with_the_tables(name):
    """If this fails, a table was corrected: the figure overturns the ledger's verdict, so look again at datasets/claims.csv."""
    found = LEDGER.loc[name, "verdict"]
    assert audit(name)["word"] in COMPATIBLE.get(found, {audit(name)["word"]}), audit(name)


@pytest.mark.parametrize("name", AUDITS)
def test_an_audit_reads_tables_that_exist_and_what_was_said(name):
    entry = AUDITS[name]
    assert set(entry.tables) <= set(tables())
    numbers = (
        {str(value) for value in entry.said if value} | {f"{value:,.0f}" for value in entry.said} | {f"{value:g}" for value in entry.said}
    )
    row = LEDGER.loc[name]
    words = {"under-2-dollars-a-day": "two dollars", "bigtech-almost-all-advertising": "nearly the whole"}
    assert any(number in row["statement"] for number in numbers) or words.get(name, "?") in row["statement"], row["statement"]


@pytest.mark.parametrize(
    ("computed", "low", "high", "at_least", "word"),
    [
        (100, 100, 100, False, "right"),
        (104, 100, 100, False, "right"),
        (120, 100, 100, False, "roughly right"),
        (75, 100, 100, False, "roughly right"),
        (60, 100, 100, False, "garbled"),
        (35, 90, 100, False, "garbled"),
        (95, 90, 100, False, "right"),
        (1000, 100, 100, True, "right"),
        (90, 100, 100, True, "roughly right"),
        (10.6, 0, 2, False, "garbled"),
        (1, 0, 0, False, "garbled"),
    ],
)
def test_the_rule_for_a_figure(computed, low, high, at_least, word):
    assert figure_word(computed, low, high, at_least) == word


def test_a_verdict_shows_the_figure_recomputed(said):
    verdict("inference-price-280x", "right", because="286 times.")
    assert "Recomputed from the tables" in said[0]
    assert "285.7 times" in said[0]
    assert "no longer agree" not in said[0]


def test_no_figure_is_shown_before_the_learners_verdict(said):
    verdict("inference-price-280x")
    assert "Recomputed" not in said[0]


def test_a_claim_without_audit_has_no_such_line():
    assert audit("tech-not-neutral-under-capitalism") is None
    assert audit_lines("tech-not-neutral-under-capitalism", "not testable") == []


@pytest.mark.parametrize(
    ("name", "table", "old", "new"),
    [
        ("inference-price-280x", "platform_power", ",0.07,USD,", ",0.7,USD,"),
        ("gfw-alerts-18pct", "indirect_effects", ",-18,,,%,", ",-8,,,%,"),
        ("google-pue-110", "company_accounts", "pue,1.1,ratio", "pue,1.5,ratio"),
    ],
)
def test_a_corrected_table_overturns_a_verdict(name, table, old, new, copied, said):
    """The learner sees it at once, and test_the_ledger_still_agrees_with_the_tables would fail."""
    path = copied / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    verdict(name, "right", because="I trust the ledger.")
    assert "The tables no longer agree with the ledger" in said[0]
    assert audit(name)["word"] not in COMPATIBLE[LEDGER.loc[name, "verdict"]]
