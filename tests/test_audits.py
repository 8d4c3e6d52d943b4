"""Audits redone by code: they agree with the ledger today, and a corrected table can overturn a verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from course import audits, ledger, load, verdict
from course.audits import AUDITS
from course.claims import COMPATIBLE, VERDICTS, audit, audit_lines, figure_word, limits
from course.make import build, lock

LEDGER = ledger().set_index("claim")


def test_a_compatible_word_is_one_that_an_audit_says():
    assert set(COMPATIBLE) <= set(VERDICTS)
    assert (COMPATIBLE["right"], COMPATIBLE["wrong"]) == ({"fits"}, {"does not fit"})
    assert set().union(*COMPATIBLE.values()) == {"fits", "roughly fits", "does not fit"}


@pytest.mark.parametrize("name", AUDITS)
def test_the_ledger_still_agrees_with_the_tables(name):
    """If this fails, a table was corrected: the figure overturns the ledger's verdict, so look again at datasets/claims.csv."""
    found = LEDGER.loc[name, "verdict"]
    assert audit(name)["word"] in COMPATIBLE.get(found, {audit(name)["word"]}), audit(name)


@pytest.mark.parametrize("name", AUDITS)
def test_the_figure_of_an_audited_claim_stands_in_its_words(name):
    row = LEDGER.loc[name]
    said = {f"{value:g}" for value in limits(row)} | {f"{value:,.0f}" for value in limits(row)}
    words = {"under-2-dollars-a-day": "two dollars", "bigtech-almost-all-advertising": "nearly the whole", "iea-ai-5pct-2035": "5 %"}
    assert any(number in row["statement"] for number in said) or words.get(name, "?") in row["statement"], row["statement"]


@pytest.mark.parametrize(("low", "high", "expected"), [(2, 2, (2, 2)), (90, 100, (90, 100)), (280, None, (280, 280)), (None, 2, (0, 2))])
def test_limits_are_those_of_the_row(low, high, expected):
    assert limits(pd.Series({"value_low": low, "value_high": high}, dtype="float64")) == expected


def test_what_was_said_is_typed_in_the_ledger_alone(edit):
    for column, new in {"value_low": "1.5", "value_high": "1.5", "unit": "times"}.items():
        edit("claims", column, new, claim="google-pue-110")
    found = audit("google-pue-110")
    assert (found["said"], found["unit"], found["word"]) == ("1.5", "times", "does not fit")


def test_eight_hours_make_a_day_and_an_hour_is_the_lowest_reported():
    """By hand: the lowest hourly pay that the table reports for the work of the claim, eight times."""
    pay = load("click_work_pay").set_index("id").loc["sama-openai-hour-range"]
    assert pay["period"] == "hour"
    assert audit("under-2-dollars-a-day")["computed"] == pytest.approx(8 * pay["low"])
    assert AUDITS["under-2-dollars-a-day"].what.startswith("eight hours")


@pytest.mark.parametrize(
    ("computed", "low", "high", "at_least", "word"),
    [
        (100, 100, 100, False, "fits"),
        (105, 100, 100, False, "fits"),
        (95, 100, 100, False, "fits"),
        (125, 100, 100, False, "roughly fits"),
        (105.1, 100, 100, False, "roughly fits"),
        (74.9, 100, 100, False, "does not fit"),
        (110, 90, 100, False, "roughly fits"),
        (9, 10, 100, False, "roughly fits"),
        (110, 10, 100, False, "roughly fits"),
        (-100, -100, -100, False, "fits"),
        (-110, -100, -100, False, "roughly fits"),
        (94.9, 100, 100, False, "roughly fits"),
        (125.1, 100, 100, False, "does not fit"),
        (104, 100, 100, False, "fits"),
        (120, 100, 100, False, "roughly fits"),
        (75, 100, 100, False, "roughly fits"),
        (60, 100, 100, False, "does not fit"),
        (35, 90, 100, False, "does not fit"),
        (95, 90, 100, False, "fits"),
        (1000, 100, 100, True, "fits"),
        (90, 100, 100, True, "roughly fits"),
        (10.6, 0, 2, False, "does not fit"),
        (1, 0, 0, False, "does not fit"),
    ],
)
def test_the_rule_for_a_figure(computed, low, high, at_least, word):
    assert figure_word(computed, low, high, at_least) == word


def test_a_verdict_shows_the_figure_recomputed(said):
    verdict("inference-price-280x", "right", because="It is 286 times.")
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
    ("name", "table", "where", "new"),
    [
        ("inference-price-280x", "platform_power", {"metric": "price of a million tokens", "year": "2024"}, "0.7"),
        (
            "google-pue-110",
            "company_accounts",
            {"firm": "Google", "site": "all data centres", "fiscal_year": "2023", "metric": "pue"},
            "1.5",
        ),
    ],
)
def test_a_corrected_table_overturns_a_verdict(name, table, where, new, edit, said):
    """The learner sees it at once, and test_the_ledger_still_agrees_with_the_tables would fail."""
    edit(table, "value", new, **where)
    verdict(name, "right", because="I trust the ledger.")
    assert "The tables no longer agree with the ledger" in said[0]
    assert audit(name)["word"] not in COMPATIBLE[LEDGER.loc[name, "verdict"]]


# what the build says of them


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (lambda: audits.cell("company_account", "value"), "company_accounts"),
        (lambda: audits.cell("company_accounts", "valeu", firm="Google"), "company_accounts has no column valeu"),
        (
            lambda: audits.cell("company_accounts", "value", firm="Gogle"),
            "company_accounts has no row whose firm is 'Gogle'. Did you mean 'Google'?",
        ),
        (lambda: audits.cell("company_accounts", "value", firm="Google"), "name a column that tells them apart"),
        (lambda: 1 / 0, "cannot be computed: ZeroDivisionError"),
    ],
)
def test_an_audit_that_names_what_is_not_there_is_said_in_one_sentence(figure, said, monkeypatch):
    assert build.audit_faults() == []
    monkeypatch.setitem(AUDITS, "google-pue-110", audits.Audit(figure, "x"))
    (line,) = build.audit_faults()
    assert line.startswith("course/audits.py: the audit of google-pue-110")
    assert said in line


def test_an_audit_needs_a_claim_with_a_figure(monkeypatch):
    monkeypatch.setitem(AUDITS, "google-pue-111", AUDITS["google-pue-110"])
    monkeypatch.setitem(AUDITS, "tech-not-neutral-under-capitalism", AUDITS["google-pue-110"])
    wrong_name, no_figure = build.audit_faults()
    assert "google-pue-110" in wrong_name.removeprefix("course/audits.py: the audit of google-pue-111")
    assert "gives no figure" in no_figure


def test_a_lesson_rests_on_the_audits_it_runs_and_on_what_they_use():
    text = lock.AUDITS.read_text(encoding="utf-8")
    before = lock.audit_digests(text)
    assert set(before) == set(AUDITS)

    def moved(old, new):
        assert old in text
        after = lock.audit_digests(text.replace(old, new, 1))
        return {name for name in {**before, **after} if before.get(name) != after.get(name)}

    assert moved("AUDITS = {", 'AUDITS = {\n    "new": Audit(lambda: 1.0, "x"),') == {"new"}
    assert moved('"PUE of the fleet', '"The PUE of the fleet') == {"google-pue-110"}
    assert moved("return 8 * cell", "return 9 * cell") == {"under-2-dollars-a-day"}
    assert moved('firm="Google"', 'firm="Meta"') == {"google-pue-110", "google-hourly-cfe-66pct"}
    assert moved("    at_least: bool = False", "    at_least: bool = True") == set(AUDITS)
