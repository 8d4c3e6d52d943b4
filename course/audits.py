"""Audits that code can redo: for some claims, the figure recomputed from the tables each time a verdict is shown.

An audit judges a *figure* alone: within 5 % of what was said it is right, within 25 % roughly right, beyond that garbled. The
ledger's verdict also weighs the words around the figure, so it may be lower; when it cannot be reconciled with the tables any
more, the learner is told so, and a test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from .data import load
from .exercises import plain
from .messages import say

NEAR, ABOUT = 0.05, 0.25

# What the figure alone may say beside each verdict of the ledger.
COMPATIBLE = {
    "right": {"right"},
    "roughly right": {"right", "roughly right"},
    "garbled": {"garbled"},
    "outdated": {"roughly right", "garbled"},
}


class Audit(NamedTuple):
    """How to recompute one claim's figure: the tables read, the calculation (same unit as said), what was said, and what it is."""

    tables: tuple[str, ...]
    figure: Callable[[], float]
    said: tuple[float, float]
    unit: str
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


def _iea_share() -> float:
    return 100 * _effect("avoided-iea-2025") / _effect("world-fuel-2024")


EFFECTS = ("indirect_effects",)
FIRMS = ("company_accounts",)
AUDITS = {
    "inference-price-280x": Audit(("platform_power",), _price_fall, (280, 280), "times", "price of 2022 over price of 2024", at_least=True),
    "bigtech-almost-all-advertising": Audit(
        ("advertising_revenue",),
        _advertising_share,
        (90, 100),
        "% of revenue",
        "advertising of the four firms that print it, over their revenue, 2023",
    ),
    "under-2-dollars-a-day": Audit(("click_work_pay",), _two_dollars, (0, 2), "USD a day", "eight hours at the lowest hourly pay reported"),
    "iea-2pct-datacentres": Audit(("data_centre_share",), _world_share, (2, 2), "% of world electricity", "latest estimate of the agency"),
    "datacentres-1pct-flat": Audit(("data_centre_share",), _world_share, (1, 1), "% of world electricity", "latest estimate of the agency"),
    "rsa-35pct-non-takeup": Audit(("welfare_scoring",), _non_take_up, (35, 35), "% of eligible households", "a quarter of 2018"),
    "caf-gironde-finds-unclaimed": Audit(
        ("welfare_scoring",), _unclaimed, (12, 12), "% of the sample", "people with unclaimed rights over the sample"
    ),
    "google-pue-110": Audit(FIRMS, lambda: _firm("Google", "all data centres", 2023, "pue"), (1.1, 1.1), "", "PUE of the fleet in 2023"),
    "google-hourly-cfe-66pct": Audit(
        FIRMS,
        lambda: _firm("Google", "whole company", 2024, "hourly_carbon_free_electricity"),
        (66, 66),
        "% of hours",
        "hourly match in 2024",
    ),
    "google-gemini-024wh": Audit(("ai_energy",), _gemini, (0.24, 0.24), "Wh", "median text prompt"),
    "masai-mammography-ai": Audit(EFFECTS, lambda: _effect("masai-detection-ai"), (6.1, 6.1), "per 1,000", "cancers found with AI"),
    "gfw-alerts-18pct": Audit(EFFECTS, lambda: _effect("forest-africa"), (18, 18), "%", "fall of the probability, Africa, subscribers"),
    "github-copilot-56pct": Audit(EFFECTS, lambda: _effect("github-trial"), (55.8, 55.8), "%", "time saved on the vendor's task"),
    "deepmind-cooling-40pct": Audit(EFFECTS, lambda: _effect("deepmind-cooling"), (40, 40), "%", "cooling only"),
    "google-contrails-62pct": Audit(EFFECTS, lambda: _effect("contrails-per-protocol"), (62, 62), "%", "flights that flew the plan"),
    "iea-ai-5pct-2035": Audit(EFFECTS, _iea_share, (5, 5), "%", "tonnes claimed for 2035 over the tonnes burnt in 2024"),
    "common-voice-30000-hours": Audit(("dataset_labour",), _recorded, (30000, 30000), "hours", "recorded, latest release", at_least=True),
}


def figure_word(computed: float, low: float, high: float, at_least: bool = False) -> str:
    """Return right, roughly right or garbled for a figure said to lie between ``low`` and ``high`` (or to be ``low`` at least)."""
    if low <= computed <= high or (at_least and computed >= low):
        return "right"
    bound = low if computed < low else high
    gap = abs(computed - bound) / abs(bound) if bound else float("inf")
    return "right" if gap <= NEAR else "roughly right" if gap <= ABOUT + 1e-9 else "garbled"


def audit(name: str) -> dict | None:
    """Recompute the figure of a claim from the tables; return computed, said, unit, what and word, or None if no code audits it."""
    if name not in AUDITS:
        return None
    entry = AUDITS[name]
    computed = entry.figure()
    low, high = entry.said
    said = plain(high) if low in (0, high) else f"{plain(low)} to {plain(high)}"
    word = figure_word(computed, low, high, entry.at_least)
    return {"computed": computed, "said": said, "unit": entry.unit, "what": entry.what, "word": word}


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
