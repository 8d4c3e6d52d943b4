"""Audits that code can redo: for some claims, the figure recomputed from the tables each time a verdict is shown.

What was said stands once, in the claim's row (``value_low``, ``value_high``, ``unit``); here stands how to compute it again. An audit
judges a *figure* alone: within 5 % of what was said it fits, within 25 % it roughly fits, beyond that it does not fit. Why it does not
is the ledger's to say, which also weighs the words around the figure; when its verdict cannot be reconciled with the tables any more,
the learner is told so, and a test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from .claims import find
from .data import load
from .exercises import plain
from .messages import say

NEAR, ABOUT = 0.05, 0.25

# What a figure may do beside each verdict of the ledger; beside the others it may do anything.
COMPATIBLE = {
    "right": {"fits"},
    "roughly right": {"fits", "roughly fits"},
    "garbled": {"roughly fits", "does not fit"},
    "wrong": {"does not fit"},
    "outdated": {"roughly fits", "does not fit"},
}


class Audit(NamedTuple):
    """How to recompute one claim's figure: the tables read, the calculation (in the unit of the claim's row), and what it is."""

    tables: tuple[str, ...]
    figure: Callable[[], float]
    what: str
    at_least: bool = False


def _effect(row: str) -> float:
    return abs(float(load("indirect_effects").set_index("id").loc[row, "value"]))


def _firm(firm: str, site: str, year: int, metric: str) -> float:
    rows = load("company_accounts").query("firm == @firm and site == @site and fiscal_year == @year and metric == @metric")
    return float(rows["value"].iloc[-1])


def _price_fall() -> float:
    price = load("platform_power").query("metric == 'price of a million tokens'").set_index("year")["value"]
    return float(price[2022] / price[2024])


def _advertising_share() -> float:
    """Per cent of the revenue of the four firms that print both lines for 2023 (Alphabet, Amazon, Meta, Microsoft)."""
    rows = load("advertising_revenue").query("fiscal_year == 2023 and item in ['advertising', 'total revenue']")
    lines = rows.pivot_table(index="company", columns="item", values="value").dropna()
    return float(100 * lines["advertising"].sum() / lines["total revenue"].sum())


def _two_dollars() -> float:
    """A day of eight hours at the lowest hourly pay reported, in USD."""
    return 8 * float(load("click_work_pay").set_index("id").loc["sama-openai-hour-range", "low"])


def _world_share() -> float:
    rows = load("data_centre_share").query("place == 'World' and denominator == 'electricity consumption' and scenario == 'estimate'")
    return float(rows.sort_values("year")["value"].dropna().iloc[-1])


def _unclaimed() -> float:
    rows = load("welfare_scoring").query("system == 'Data mining for unclaimed rights (France)'").set_index("metric")["value"]
    return float(100 * rows["people_with_unclaimed_rights"] / rows["sample"])


def _non_take_up() -> float:
    rows = load("welfare_scoring").query("metric == 'non_take_up_rate' and group == 'all eligible households, per quarter'")
    return float(rows["value"].iloc[0])


def _gemini() -> float:
    return float(load("ai_energy").set_index("id").loc["gemini-apps-median-text-prompt-query-energy-2025", "value"])


def _recorded() -> float:
    return float(load("dataset_labour").set_index("id").loc["common-voice-recorded", "value"])


def _iea_cut() -> float:
    """The cut claimed for 2035, in per cent of the tonnes burnt in 2024."""
    return 100 * _effect("avoided-iea-2025") / _effect("world-fuel-2024")


EFFECTS = ("indirect_effects",)
FIRMS = ("company_accounts",)
AUDITS = {
    "inference-price-280x": Audit(("platform_power",), _price_fall, "price of 2022 over price of 2024", at_least=True),
    "bigtech-almost-all-advertising": Audit(
        ("advertising_revenue",), _advertising_share, "advertising of the four firms that print it, over their revenue, 2023"
    ),
    "under-2-dollars-a-day": Audit(("click_work_pay",), _two_dollars, "eight hours at the lowest hourly pay reported"),
    "iea-2pct-datacentres": Audit(("data_centre_share",), _world_share, "latest estimate of the agency"),
    "datacentres-1pct-flat": Audit(("data_centre_share",), _world_share, "latest estimate of the agency"),
    "rsa-35pct-non-takeup": Audit(("welfare_scoring",), _non_take_up, "a quarter of 2018"),
    "caf-gironde-finds-unclaimed": Audit(("welfare_scoring",), _unclaimed, "people with unclaimed rights over the sample"),
    "google-pue-110": Audit(FIRMS, lambda: _firm("Google", "all data centres", 2023, "pue"), "PUE of the fleet in 2023"),
    "google-hourly-cfe-66pct": Audit(
        FIRMS, lambda: _firm("Google", "whole company", 2024, "hourly_carbon_free_electricity"), "hourly match in 2024"
    ),
    "google-gemini-024wh": Audit(("ai_energy",), _gemini, "median text prompt"),
    "masai-mammography-ai": Audit(EFFECTS, lambda: _effect("masai-detection-ai"), "cancers found with AI"),
    "gfw-alerts-18pct": Audit(EFFECTS, lambda: _effect("forest-africa"), "fall of the probability, Africa, subscribers"),
    "github-copilot-56pct": Audit(EFFECTS, lambda: _effect("github-trial"), "time saved on the vendor's task"),
    "deepmind-cooling-40pct": Audit(EFFECTS, lambda: _effect("deepmind-cooling"), "cooling only"),
    "google-contrails-62pct": Audit(EFFECTS, lambda: _effect("contrails-per-protocol"), "flights that flew the plan"),
    "iea-ai-5pct-2035": Audit(EFFECTS, _iea_cut, "the cut claimed for 2035, over the tonnes burnt in 2024"),
    "common-voice-30000-hours": Audit(("dataset_labour",), _recorded, "recorded, latest release", at_least=True),
}


def limits(row: pd.Series) -> tuple[float, float]:
    """Return the lowest and the highest value that a claim's row gives; a missing low end is zero, a missing high end the low one."""
    low, high = row["value_low"], row["value_high"]
    return (0.0 if pd.isna(low) else float(low)), float(low if pd.isna(high) else high)


def figure_word(computed: float, low: float, high: float, at_least: bool = False) -> str:
    """Return fits, roughly fits or does not fit for a figure said to lie between ``low`` and ``high`` (or to be ``low`` at least)."""
    if low <= computed <= high or (at_least and computed >= low):
        return "fits"
    bound = low if computed < low else high
    gap = abs(computed - bound) / abs(bound) if bound else float("inf")
    return "fits" if gap <= NEAR else "roughly fits" if gap <= ABOUT + 1e-9 else "does not fit"


def audit(name: str) -> dict | None:
    """Recompute the figure of a claim from the tables; return computed, said, unit, what and word, or None if no code audits it."""
    if name not in AUDITS:
        return None
    entry, row = AUDITS[name], find(name)
    computed = entry.figure()
    low, high = limits(row)
    said = plain(high) if low in (0, high) else f"{plain(low)} to {plain(high)}"
    word = figure_word(computed, low, high, entry.at_least)
    return {"computed": computed, "said": said, "unit": row["unit"], "what": entry.what, "word": word}


def computed_text(found: dict) -> str:
    """Return the figure that ``audit`` recomputed, rounded, with its unit."""
    return f"{plain(float(format(found['computed'], '.4g')))} {found['unit']}".strip()


def audit_lines(name: str, verdict: object) -> list[str]:
    """Return the sentences that a verdict adds: the figure recomputed, and whether it still fits the ledger's ``verdict``."""
    found = audit(name)
    if found is None:
        return []
    values = {"what": found["what"], "computed": computed_text(found), "said": f"{found['said']} {found['unit']}".strip()}
    fit = say(f"figure_{found['word']}")
    lines = [say("audit_line", word=fit, **values)]
    if pd.notna(verdict) and found["word"] not in COMPATIBLE.get(verdict, {found["word"]}):
        lines.append(say("audit_overturned", word=fit, verdict=verdict))
    return lines
