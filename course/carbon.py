"""Electricity to emissions: kilowatt-hours times the carbon intensity that a table gives for a country, a year and an accounting.

Nothing is guessed here: where the table has no figure, the answer is a sentence that says what it has.
"""

from __future__ import annotations

import math
from numbers import Integral, Real

import numpy as np
import pandas as pd

from .data import load
from .messages import CourseError, nearest, say

ACCOUNTINGS = ["generation", "consumption"]
WHOLE = ["national", "World"]  # the zones that stand for a whole country, or for all of them


def _refuse(key: str, **values: object) -> CourseError:
    return CourseError(say(f"carbon_{key}", **values))


def _amount(kwh: object) -> float:
    """Return an amount of electricity as a float, or raise CourseError saying why it is none."""
    if isinstance(kwh, (pd.Series, pd.DataFrame, pd.Index, np.ndarray, list, tuple, set, frozenset, dict)):
        raise _refuse("kwh_many", count=kwh.size if hasattr(kwh, "size") else len(kwh), kind=type(kwh).__name__)
    if isinstance(kwh, str):
        raise _refuse("kwh_text", value=repr(kwh))
    if kwh is pd.NA or kwh is pd.NaT:
        raise _refuse("kwh_nan")
    if isinstance(kwh, (bool, np.bool_)) or not (isinstance(kwh, Real) or hasattr(kwh, "__float__")):
        raise _refuse("kwh_kind", value=say("three_dots") if kwh is ... else f"{kwh!r} ({type(kwh).__name__})")
    try:
        number = float(kwh)
    except (TypeError, ValueError, OverflowError):
        raise _refuse("kwh_kind", value=type(kwh).__name__) from None
    if math.isnan(number):
        raise _refuse("kwh_nan")
    if math.isinf(number):
        raise _refuse("kwh_infinite")
    if number < 0:
        raise _refuse("kwh_negative", value=f"{number:g}")
    return number


def _year(year: object) -> int:
    """Return a year as an integer (2023.0 is one, "2023" is not), or raise CourseError."""
    whole = isinstance(year, Integral) or (isinstance(year, Real) and math.isfinite(year) and float(year).is_integer())
    if isinstance(year, (bool, np.bool_)) or not whole:
        raise _refuse("year_kind", value=say("three_dots") if year is ... else repr(year))
    return int(year)


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
    Source: ``datasets/grid_carbon.csv`` (Ember via Our World in Data; Electricity Maps); cite the rows you used with
    ``cite(load("grid_carbon").query(...))``. It knows nothing of hours, contracts or certificates.

    Raise CourseError, saying what the table has, for an unknown country (with the nearest name), a year or an accounting that the
    country lacks, and for an amount that is text, missing (NaN), infinite, negative, or several numbers at once.
    """
    amount = _amount(kwh)
    table = load("grid_carbon")
    if not isinstance(country, str):
        raise _refuse("country_kind", value=say("three_dots") if country is ... else repr(country))
    if not isinstance(accounting, str) or accounting.strip().lower() not in ACCOUNTINGS:
        raise _refuse("accounting_unknown", value=repr(accounting), nearest=nearest(accounting, ACCOUNTINGS))
    accounting = accounting.strip().lower()
    wanted = _year(year)

    whole = table[table["zone"].isin(WHOLE)]
    names = {name.lower(): name for name in sorted(whole["country"].unique())}
    name = names.get(" ".join(country.lower().split()))
    if name is None:
        known = ", ".join(names.values())
        raise _refuse("country_unknown", value=repr(country), nearest=nearest(country.title(), list(names.values())), known=known)
    rows = whole[whole["country"] == name]
    same = rows[rows["accounting"] == accounting].set_index("year")["value"]
    if same.empty:
        parts = table[(table["country"] == name) & (table["accounting"] == accounting)]["zone"].unique()
        zones = say("carbon_zones_only", zones=", ".join(sorted(parts))) if len(parts) else ""
        other = rows["accounting"].iloc[0]
        raise _refuse("accounting_missing", accounting=accounting, country=name, zones=zones, other=other, years=_span(rows["year"]))
    if wanted not in same.index:
        raise _refuse("year_missing", accounting=accounting, country=name, year=wanted, years=_span(same.index))
    return amount * float(same.loc[wanted])
