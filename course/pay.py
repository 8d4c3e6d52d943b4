"""Pay, converted between currencies, periods and purchasing power, or refused in a sentence when something is lacking.

The rates are those of the table ``purchasing_power``; none is guessed, and no missing year is filled with a neighbour's.
"""

from __future__ import annotations

import pandas as pd

from . import typed
from .data import load
from .messages import CourseError, say

INTERNATIONAL = "INT$"  # the international dollar: it buys what a US dollar buys in the United States
WEEKS_A_MONTH = 52 / 12
MOST_PAY = 1e15  # no pay is more, in any currency
UNSTATED = {"task": "pay_period_task", "block": "pay_period_block", "not_stated": "pay_period_not_stated"}


def _missing(value: object) -> bool:
    try:
        return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
    except ArithmeticError:  # a signalling NaN of decimal
        return True


def _pick(rows: pd.DataFrame, year: object, key: str, **words: object) -> float:
    """Return the value of one year (of two agencies, that read at its agency), or raise CourseError with the sentence ``key``."""
    if _missing(year):
        raise CourseError(say("pay_year_missing"))
    wanted = typed.whole(year, "pay_year")
    found = rows[rows["year"] == wanted]
    if found.empty:
        years = ", ".join(str(one) for one in sorted(rows["year"].unique()))
        raise CourseError(say(key, year=wanted, years=years, **words))
    read = found[found["seen"] != "secondary"]
    return float((found if read.empty else read)["value"].iloc[0])


def _per_dollar(rates: pd.DataFrame, currency: str, year: object) -> float:
    """Return how many units of ``currency`` a US dollar cost that year, on average, at the market or official rate."""
    if currency == "USD":
        return 1.0
    rows = rates[(rates["metric"] == "exchange_rate") & (rates["currency"] == currency)]
    return _pick(rows, year, "pay_rate_missing", currency=currency)


LONG = {"week": 1 / WEEKS_A_MONTH, "month": 1.0, "year": 12.0}  # in months


def _lengths(periods: tuple[str, str], hours_per_day: object, days_per_month: object) -> float:
    """Return how many times as long the second period is as the first. Raise CourseError for a length that it needs and nobody said."""
    first, second = periods
    needs_hours, needs_days = first != second and "hour" in periods, (first in LONG) != (second in LONG)
    lacking = ["hours_per_day=8"] if needs_hours and hours_per_day is None else []
    lacking += ["days_per_month=26"] if needs_days and days_per_month is None else []
    if lacking:
        raise CourseError(say("pay_length_missing", first=first, second=second, lacking=" and ".join(lacking)))
    hours = 1.0 if hours_per_day is None else typed.number(hours_per_day, "pay_hours", above=0, most=24)
    days = 1.0 if days_per_month is None else typed.number(days_per_month, "pay_days", above=0, most=31)
    first_hours, second_hours = (1.0 if one == "hour" else hours * (days * LONG[one] if one in LONG else 1.0) for one in periods)
    return second_hours / first_hours


def convert_pay(
    amount: float,
    currency: str,
    period: str,
    to_currency: str | None = None,
    to_period: str | None = None,
    country: str | None = None,
    year: int | None = None,
    basis: str = "market",
    hours_per_day: float | None = None,
    days_per_month: float | None = None,
) -> float:
    """Convert one amount of pay to another currency, another period, or to what it buys. Return a float.

    ``amount`` is in ``currency`` (an ISO 4217 code, or ``"INT$"``) per ``period``: hour, day, week, month or year. ``to_currency`` and
    ``to_period`` default to what they were. Periods are turned by ``hours_per_day`` (between an hour and anything longer),
    ``days_per_month`` (between hours or days and weeks, months or years), 12 months and 52 weeks a year. The first two are assumptions:
    nobody but the caller can say them, and where one is needed and lacks, the function asks for it.

    ``basis="market"`` uses the yearly average exchange rate of ``year``: what the pay costs the buyer of work. ``basis="ppp"`` turns the
    pay into the currency of ``country`` at that rate, then divides by the country's parity of the same year: what the pay buys there, in
    international dollars (``"INT$"``). With ``currency="INT$"`` it goes the other way. Gross stays gross, net stays net.

    Raise CourseError, with a sentence, for pay that is no number or is negative, an unknown currency, period, country or basis, a year
    that is missing or has no rate, a country without parity, or a day or month of impossible
    length, or of a length that is needed and not said. An argument left as ``...``
    gives ``...`` back, so that an unanswered exercise stays unanswered.

    Source: the table ``purchasing_power`` (columns country, currency, metric, year, value, seen, source); where two agencies give a rate,
    the one that was read in its agency's own document.
    """
    given = (amount, currency, period, to_currency, to_period, country, year, basis, hours_per_day, days_per_month)
    if any(value is ... for value in given):
        return ...
    if _missing(amount):
        raise CourseError(say("pay_amount_missing"))
    value = typed.number(amount, "pay_amount", least=0, most=MOST_PAY, text=True)
    periods = []
    for wanted in (period, period if to_period is None else to_period):
        if isinstance(wanted, str) and wanted in UNSTATED:
            raise CourseError(say(UNSTATED[wanted]))
        periods.append(typed.choice(wanted, ["hour", "day", "week", "month", "year"], "pay_period"))
    value *= _lengths((periods[0], periods[1]), hours_per_day, days_per_month)

    basis = typed.choice(basis, ["market", "ppp"], "pay_basis")
    rates = load("purchasing_power")
    if any(isinstance(one, str) and one.strip().upper() == "INT$2021" for one in (currency, to_currency)):
        raise CourseError(say("pay_int2021"))
    known = [*sorted({"USD", *rates["currency"]}), INTERNATIONAL]
    source = typed.choice(currency, known, "pay_currency")
    if basis == "market":
        target = source if to_currency is None else typed.choice(to_currency, known, "pay_currency")
        if INTERNATIONAL in (source, target):
            raise CourseError(say("pay_needs_ppp"))
        return value if source == target else value / _per_dollar(rates, source, year) * _per_dollar(rates, target, year)

    if _missing(country):
        raise CourseError(say("pay_country_missing"))
    place = typed.choice(country, sorted(rates["country"].unique()), "pay_country")
    local = rates.loc[rates["country"] == place, "currency"].iloc[0]
    parities = rates[(rates["metric"] == "ppp_gdp") & (rates["country"] == place)]
    if parities.empty:
        raise CourseError(say("pay_parity_none", country=place))
    default = local if source == INTERNATIONAL else INTERNATIONAL
    target = default if to_currency is None else typed.choice(to_currency, known, "pay_currency")
    if (source == INTERNATIONAL) == (target == INTERNATIONAL):
        raise CourseError(say("pay_ppp_to_money"))
    parity = _pick(parities, year, "pay_parity_missing", country=place)
    if source == INTERNATIONAL:
        return value * parity if target == local else value * parity / _per_dollar(rates, local, year) * _per_dollar(rates, target, year)
    money = value if source == local else value / _per_dollar(rates, source, year) * _per_dollar(rates, local, year)
    return money / parity
