"""Electricity to emissions: kilowatt-hours times the carbon intensity that a table gives for a country, a year and an accounting.

Nothing is guessed here: where the table has no figure, the answer is a sentence that says what it has.
"""

from __future__ import annotations

import pandas as pd

from . import typed
from .data import load
from .messages import CourseError, say

MOST_KWH = 1e15  # thirty times what the whole world uses in a year
ACCOUNTINGS = ["generation", "consumption"]
WHOLE = ["national", "World"]  # the zones that stand for a whole country, or for all of them


def _span(years: pd.Series) -> str:
    """Write years as a reader does: 2000 to 2025 when none is missing between, else a list."""
    found = sorted(set(years))
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]} to {found[-1]}"
    return ", ".join(map(str, found))


def emissions(kwh: float, country: str, year: int, accounting: str = "generation") -> float:
    """Return the emissions, in g CO2e, of ``kwh`` kilowatt-hours drawn from a country's grid in one year, at the year's average.

    ``kwh`` is one number, zero or more, in kWh. ``country`` is a name of the column ``country`` of the table ``grid_carbon``
    (capitals do not matter), ``"World"`` included. ``year`` is a whole number. ``accounting`` is ``"generation"`` (plants inside
    the country, whoever uses their electricity; 2000 to 2025 for most) or ``"consumption"`` (what the country uses, imports
    followed; 2021 to 2025, fewer countries). The two have two authors, so their gap is not the effect of imports alone.

    Reads the columns ``country``, ``zone`` (rows of whole countries only), ``year``, ``accounting`` and ``value`` (g CO2e/kWh).
    Source: ``datasets/grid_carbon.csv`` (Ember; Electricity Maps); cite the rows you used with
    ``cite(load("grid_carbon").query(...))``. It knows nothing of hours, contracts or certificates.

    Raise CourseError, saying what the table has, for an unknown country (with the nearest name), a year or an accounting that the
    country lacks, and for an amount that is text, missing (NaN), infinite, negative, or several numbers at once.
    """
    amount = typed.number(kwh, "carbon_kwh", least=0, most=MOST_KWH, text=True)
    typed.name(country, "carbon_country")
    accounting = typed.choice(accounting, ACCOUNTINGS, "carbon_accounting")
    wanted = typed.whole(year, "carbon_year")

    table = load("grid_carbon")
    whole = table[table["zone"].isin(WHOLE)]
    name = typed.choice(country, sorted(whole["country"].unique()), "carbon_country")
    rows = whole[whole["country"] == name]
    same = rows[rows["accounting"] == accounting].set_index("year")["value"]
    words = {"accounting": accounting, "country": name}
    if same.empty:
        parts = table[(table["country"] == name) & (table["accounting"] == accounting)]["zone"].unique()
        zones = say("carbon_zones_only", zones=", ".join(sorted(parts))) if len(parts) else ""
        other = rows["accounting"].iloc[0]
        raise CourseError(say("carbon_accounting_missing", **words, zones=zones, other=other, years=_span(rows["year"])))
    if wanted not in same.index:
        raise CourseError(say("carbon_year_missing", **words, year=wanted, years=_span(same.index)))
    return amount * float(same.loc[wanted])
