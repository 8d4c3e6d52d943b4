"""Audits that code can redo: for some claims, how to compute the figure again from the tables, each time a verdict is shown.

What was said stands once, in the claim's row (``value_low``, ``value_high``, ``unit``); ``course.claims`` compares the two. A lesson
rests on the audits that it runs and on what they use of this file, and on no other: adding one makes no other lesson stale.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from . import typed
from .data import load
from .messages import CourseError, nearest, say


class Audit(NamedTuple):
    """How to recompute one claim's figure: the calculation (in the unit of the claim's row), what it is, and if more than said fits too."""

    figure: Callable[[], float]
    what: str
    at_least: bool = False


def cell(table: str, column: str, **where: object) -> float:
    """Return the number in ``column`` of the one row of a table where the other columns hold what ``where`` says.

    Raise CourseError, with the table and the nearest name, for a table, a column or a row that is not there, or for several rows.
    """
    rows = typed.columns(load(table), [column, *where], "audit", called=table)
    for name, wanted in where.items():
        found = rows[rows[name] == wanted]
        if found.empty:
            known = list(dict.fromkeys(map(str, rows[name].dropna())))
            raise CourseError(say("audit_row", table=table, column=name, value=wanted, nearest=nearest(wanted, known)))
        rows = found
    if len(rows) != 1:
        raise CourseError(say("audit_rows", table=table, count=len(rows), columns=", ".join(where)))
    return float(rows[column].item())


def _price_fall() -> float:
    """The price of a million tokens in 2022 over that in 2024, without unit."""
    first, last = (cell("platform_power", "value", metric="price of a million tokens", year=year) for year in (2022, 2024))
    return first / last


def _advertising_share() -> float:
    """Per cent of the revenue of the four firms that print both lines for 2023 (Alphabet, Amazon, Meta, Microsoft)."""
    rows = load("advertising_revenue").query("fiscal_year == 2023 and item in ['advertising', 'total revenue']")
    lines = rows.pivot_table(index="company", columns="item", values="value").dropna()
    return float(100 * lines["advertising"].sum() / lines["total revenue"].sum())


def _two_dollars() -> float:
    """A day of eight hours at the lowest hourly pay reported, in USD."""
    return 8 * cell("click_work_pay", "low", id="sama-openai-hour-range")


def _world_share() -> float:
    """The latest estimate of data centres' share of the world's electricity consumption, in per cent."""
    rows = load("data_centre_share").query("place == 'World' and denominator == 'electricity consumption' and scenario == 'estimate'")
    return float(rows.sort_values("year")["value"].dropna().iloc[-1])


def _unclaimed() -> float:
    """People with unclaimed rights, in per cent of those contacted."""
    system = "Data mining for unclaimed rights (France)"
    found, asked = (cell("welfare_scoring", "value", system=system, metric=metric) for metric in ("people_with_unclaimed_rights", "sample"))
    return 100 * found / asked


def _iea_cut() -> float:
    """The cut claimed for 2035, in per cent of the tonnes burnt in 2024."""
    return 100 * _effect("avoided-iea-2025") / _effect("world-fuel-2024")


def _effect(row: str) -> float:
    """The size of an effect, in the unit of its row."""
    return abs(cell("indirect_effects", "value", id=row))


def _google(site: str, year: int, metric: str) -> float:
    """A figure of Google's accounts, in the unit of its row."""
    return cell("company_accounts", "value", firm="Google", site=site, fiscal_year=year, metric=metric)


def _non_take_up() -> float:
    """Eligible households that did not claim, in per cent a quarter."""
    group = "all eligible households, per quarter"
    return cell("welfare_scoring", "value", metric="non_take_up_rate", group=group)


AUDITS = {
    "inference-price-280x": Audit(_price_fall, "price of 2022 over price of 2024", at_least=True),
    "bigtech-almost-all-advertising": Audit(_advertising_share, "advertising of the four firms that print it, over their revenue, 2023"),
    "under-2-dollars-a-day": Audit(_two_dollars, "eight hours at the lowest hourly pay reported"),
    "iea-2pct-datacentres": Audit(_world_share, "latest estimate of the agency"),
    "datacentres-1pct-flat": Audit(_world_share, "latest estimate of the agency"),
    "rsa-35pct-non-takeup": Audit(_non_take_up, "a quarter of 2018"),
    "caf-gironde-finds-unclaimed": Audit(_unclaimed, "people with unclaimed rights over the sample"),
    "google-pue-110": Audit(lambda: _google("all data centres", 2023, "pue"), "PUE of the fleet in 2023"),
    "google-hourly-cfe-66pct": Audit(lambda: _google("whole company", 2024, "hourly_carbon_free_electricity"), "hourly match in 2024"),
    "google-gemini-024wh": Audit(
        lambda: cell("ai_energy", "value", id="gemini-apps-median-text-prompt-query-energy-2025"), "median text prompt"
    ),
    "masai-mammography-ai": Audit(lambda: _effect("masai-detection-ai"), "cancers found with AI"),
    "gfw-alerts-18pct": Audit(lambda: _effect("forest-africa"), "fall of the probability, Africa, subscribers"),
    "github-copilot-56pct": Audit(lambda: _effect("github-trial"), "time saved on the vendor's task"),
    "deepmind-cooling-40pct": Audit(lambda: _effect("deepmind-cooling"), "cooling only"),
    "google-contrails-62pct": Audit(lambda: _effect("contrails-per-protocol"), "flights that flew the plan"),
    "iea-ai-5pct-2035": Audit(_iea_cut, "the cut claimed for 2035, over the tonnes burnt in 2024"),
    "common-voice-30000-hours": Audit(
        lambda: cell("dataset_labour", "value", id="common-voice-recorded"), "recorded, latest release", at_least=True
    ),
}
