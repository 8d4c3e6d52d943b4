"""Pay, converted between currencies, periods and purchasing power, or refused in a sentence when something is lacking.

The rates are those of the table ``purchasing_power``; none is guessed, and no missing year is filled with a neighbour's.
"""

from __future__ import annotations

import math
import numbers

import pandas as pd

from .data import load
from .messages import CourseError, nearest, say

INTERNATIONAL = "INT$"  # the international dollar: it buys what a US dollar buys in the United States
WEEKS_A_MONTH = 52 / 12
UNSTATED = {"task": "pay_period_task", "block": "pay_period_block", "not_stated": "pay_period_not_stated"}


def _missing(value: object) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _shown(value: object) -> str:
    """Write what was given as a sentence can hold it: text between quotes, a number bare, anything else by its kind."""
    if isinstance(value, str):
        return repr(value)
    return str(value) if pd.api.types.is_scalar(value) else f"a {type(value).__name__}"


def _number(value: object, key: str) -> float:
    """Return a finite number; otherwise raise CourseError with the sentence ``key``."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        raise CourseError(say(key, value=_shown(value)))
    return float(value)


def _word(value: object, known: list[str], key: str) -> str:
    """Return the one of ``known`` that ``value`` spells, whatever its capitals; otherwise raise CourseError with the sentence ``key``."""
    for word in known:
        if isinstance(value, str) and value.strip().lower() == word.lower():
            return word
    near = nearest(value, known) if isinstance(value, str) else ""
    raise CourseError(say(key, value=_shown(value), nearest=near, known=", ".join(known)))


def _year(year: object) -> int:
    if _missing(year):
        raise CourseError(say("pay_year_missing"))
    number = _number(year, "pay_year_kind")
    if number % 1:
        raise CourseError(say("pay_year_kind", value=_shown(year)))
    return int(number)


def _pick(rows: pd.DataFrame, year: object, key: str, **words: object) -> float:
    """Return the value of one year (the World Bank's where two agencies give one), or raise CourseError with the sentence ``key``."""
    wanted = _year(year)
    found = rows[rows["year"] == wanted]
    if found.empty:
        years = ", ".join(str(one) for one in sorted(rows["year"].unique()))
        raise CourseError(say(key, year=wanted, years=years, **words))
    bank = found[found["source"].str.startswith("wb_")]
    return float((found if bank.empty else bank)["value"].iloc[0])


def _per_dollar(rates: pd.DataFrame, currency: str, year: object) -> float:
    """Return how many units of ``currency`` a US dollar cost that year, on average, at the market or official rate."""
    if currency == "USD":
        return 1.0
    rows = rates[(rates["metric"] == "exchange_rate") & (rates["currency"] == currency)]
    return _pick(rows, year, "pay_rate_missing", currency=currency)


def _hours(period: str, hours_per_day: float, days_per_month: float) -> float:
    """Return the hours of work in a period."""
    month = hours_per_day * days_per_month
    return {"hour": 1.0, "day": hours_per_day, "week": month / WEEKS_A_MONTH, "month": month, "year": 12 * month}[period]


def convert_pay(
    amount: float,
    currency: str,
    period: str,
    to_currency: str | None = None,
    to_period: str | None = None,
    country: str | None = None,
    year: int | None = None,
    basis: str = "market",
    hours_per_day: float = 8,
    days_per_month: float = 26,
) -> float:
    """Convert one amount of pay to another currency, another period, or to what it buys. Return a float.

    ``amount`` is in ``currency`` (an ISO 4217 code, or ``"INT$"``) per ``period``: hour, day, week, month or year. ``to_currency`` and
    ``to_period`` default to what they were. Periods are turned by ``hours_per_day`` (8 by default), ``days_per_month`` (26: a six-day
    week), 12 months and 52 weeks a year: assumptions, to be stated with the result.

    ``basis="market"`` uses the yearly average exchange rate of ``year``: what the pay costs the buyer of work. ``basis="ppp"`` turns the
    pay into the currency of ``country`` at that rate, then divides by the country's parity of the same year: what the pay buys there, in
    international dollars (``"INT$"``). With ``currency="INT$"`` it goes the other way. Gross stays gross, net stays net.

    Raise CourseError, with a sentence, for pay that is no number or is negative, an unknown currency, period, country or basis, a year
    that is missing or has no rate, a country without parity, or a day or month of impossible length. An argument left as ``...``
    gives ``...`` back, so that an unanswered exercise stays unanswered.

    Source: the table ``purchasing_power`` (columns country, currency, metric, year, value, source); where two agencies give a rate,
    the World Bank's.
    """
    given = (amount, currency, period, to_currency, to_period, country, year, basis, hours_per_day, days_per_month)
    if any(value is ... for value in given):
        return ...
    if _missing(amount):
        raise CourseError(say("pay_amount_missing"))
    value = _number(amount, "pay_amount_kind")
    if value < 0:
        raise CourseError(say("pay_amount_negative", value=_shown(amount)))

    hours_per_day = _number(hours_per_day, "pay_hours")
    days_per_month = _number(days_per_month, "pay_days")
    if not 0 < hours_per_day <= 24:
        raise CourseError(say("pay_hours", value=_shown(hours_per_day)))
    if not 0 < days_per_month <= 31:
        raise CourseError(say("pay_days", value=_shown(days_per_month)))
    lengths = []
    for wanted in (period, period if to_period is None else to_period):
        if isinstance(wanted, str) and wanted in UNSTATED:
            raise CourseError(say(UNSTATED[wanted]))
        word = _word(wanted, ["hour", "day", "week", "month", "year"], "pay_period_unknown")
        lengths.append(_hours(word, hours_per_day, days_per_month))
    value *= lengths[1] / lengths[0]

    basis = _word(basis, ["market", "ppp"], "pay_basis_unknown")
    rates = load("purchasing_power")
    if any(isinstance(one, str) and one.strip().upper() == "INT$2021" for one in (currency, to_currency)):
        raise CourseError(say("pay_int2021"))
    known = [*sorted({"USD", *rates["currency"]}), INTERNATIONAL]
    source = _word(currency, known, "pay_currency_unknown")
    if basis == "market":
        target = source if to_currency is None else _word(to_currency, known, "pay_currency_unknown")
        if INTERNATIONAL in (source, target):
            raise CourseError(say("pay_needs_ppp"))
        return value if source == target else value / _per_dollar(rates, source, year) * _per_dollar(rates, target, year)

    if _missing(country):
        raise CourseError(say("pay_country_missing"))
    place = _word(country, sorted(rates["country"].unique()), "pay_country_unknown")
    local = rates.loc[rates["country"] == place, "currency"].iloc[0]
    parities = rates[(rates["metric"] == "ppp_gdp") & (rates["country"] == place)]
    if parities.empty:
        raise CourseError(say("pay_parity_none", country=place))
    default = local if source == INTERNATIONAL else INTERNATIONAL
    target = default if to_currency is None else _word(to_currency, known, "pay_currency_unknown")
    if (source == INTERNATIONAL) == (target == INTERNATIONAL):
        raise CourseError(say("pay_ppp_to_money"))
    parity = _pick(parities, year, "pay_parity_missing", country=place)
    if source == INTERNATIONAL:
        return value * parity if target == local else value * parity / _per_dollar(rates, local, year) * _per_dollar(rates, target, year)
    money = value if source == local else value / _per_dollar(rates, source, year) * _per_dollar(rates, local, year)
    return money / parity
