"""Pay: units, round trips, purchasing power, and everything the converter refuses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import CourseError, convert_pay, load

RATES = load("purchasing_power")
MARKET = sorted({("USD", 2022)} | set(RATES[RATES["metric"] == "exchange_rate"][["currency", "year"]].itertuples(index=False, name=None)))
PARITY = list(RATES[RATES["metric"] == "ppp_gdp"][["country", "year"]].itertuples(index=False, name=None))
PERIODS = ["hour", "day", "week", "month", "year"]
LENGTHS = {"hours_per_day": 8, "days_per_month": 26}
AMOUNTS = st.floats(min_value=0, max_value=1e9, allow_nan=False)


def rate(metric, year, **where):
    """One value of the table, read without the converter; where two agencies give one, that read at its agency."""
    rows = RATES[(RATES["metric"] == metric) & (RATES["year"] == year)]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    read = rows[rows["seen"] != "secondary"]
    return (read if len(read) else rows)["value"].iloc[0]


# periods


@pytest.mark.parametrize(
    ("period", "to_period", "factor"),
    [
        ("hour", "day", 8),
        ("hour", "week", 48),
        ("hour", "month", 208),
        ("hour", "year", 2496),
        ("day", "week", 6),
        ("day", "month", 26),
        ("week", "month", 52 / 12),
        ("month", "year", 12),
        ("month", "hour", 1 / 208),
        ("week", "week", 1),
    ],
)
def test_periods_by_the_lengths_that_the_caller_says(period, to_period, factor):
    assert convert_pay(3.0, "USD", period, to_period=to_period, **LENGTHS) == pytest.approx(3 * factor)


@pytest.mark.parametrize(
    ("period", "to_period", "lacking"),
    [
        ("hour", "day", "hours_per_day=8,"),
        ("day", "hour", "hours_per_day=8,"),
        ("hour", "month", "hours_per_day=8 and days_per_month=26"),
        ("year", "hour", "hours_per_day=8 and days_per_month=26"),
        ("day", "week", "days_per_month=26"),
        ("month", "day", "days_per_month=26"),
        ("week", "month", ""),
        ("month", "year", ""),
        ("hour", "hour", ""),
    ],
)
def test_a_length_that_is_needed_is_asked_for_and_no_other(period, to_period, lacking):
    if not lacking:
        assert convert_pay(1, "USD", period, to_period=to_period) > 0
        return
    with pytest.raises(CourseError, match=lacking):
        convert_pay(1, "USD", period, to_period=to_period)
    if lacking.count("=") == 2:
        for one in LENGTHS:
            with pytest.raises(CourseError, match="Nobody can know"):
                convert_pay(1, "USD", period, to_period=to_period, **{one: LENGTHS[one]})
    assert convert_pay(1, "USD", period, to_period=to_period, **LENGTHS) > 0


@pytest.mark.parametrize("amount", ["26600", "26 600", "26\u202f600", "26,600.0", "26.600,0"])
def test_an_amount_may_be_typed_as_people_write_it(amount):
    assert convert_pay(amount, "KES", "month") == 26600


def test_an_amount_with_two_readings_is_asked_back():
    with pytest.raises(CourseError, match=r"may be 26\.6 or 26600"):
        convert_pay("26,600", "KES", "month")


def test_length_of_day_and_month_are_the_callers():
    assert convert_pay(1.32, "USD", "hour", to_period="day", hours_per_day=9) == pytest.approx(11.88)
    assert convert_pay(1, "USD", "hour", to_period="month", hours_per_day=9, days_per_month=22) == pytest.approx(198)
    assert convert_pay(45, "USD", "month", to_period="hour", hours_per_day=8, days_per_month=25) == pytest.approx(0.225)


def test_the_longest_day_and_month_are_allowed():
    assert convert_pay(1, "USD", "hour", to_period="month", hours_per_day=24, days_per_month=31) == pytest.approx(744)
    assert convert_pay(1, "USD", "hour", to_period="day", hours_per_day=0.5) == pytest.approx(0.5)


@given(amount=AMOUNTS, there=st.sampled_from(PERIODS), back=st.sampled_from(PERIODS))
def test_periods_make_a_round_trip(amount, there, back):
    moved = convert_pay(amount, "KES", back, to_period=there, **LENGTHS)
    assert convert_pay(moved, "KES", there, to_period=back, **LENGTHS) == pytest.approx(amount)


# currencies


@pytest.mark.parametrize(("currency", "year"), MARKET)
def test_market_rates_are_those_of_the_table_and_make_a_round_trip(currency, year):
    dollars = convert_pay(1000, currency, "month", to_currency="USD", year=year)
    assert dollars == pytest.approx(1000 if currency == "USD" else 1000 / rate("exchange_rate", year, currency=currency))
    assert convert_pay(dollars, "USD", "month", to_currency=currency, year=year) == pytest.approx(1000)


def test_two_currencies_meet_in_dollars():
    shillings = convert_pay(100, "GBP", "month", to_currency="KES", year=2022)
    expected = 100 / rate("exchange_rate", 2022, currency="GBP") * rate("exchange_rate", 2022, currency="KES")
    assert shillings == pytest.approx(expected)


def test_no_year_is_needed_when_the_money_does_not_change():
    assert convert_pay(26600, "KES", "month") == 26600
    assert convert_pay(26600, "KES", "month", to_currency="kes", to_period="Month") == 26600


@pytest.mark.parametrize("year", [2022, 2022.0, np.int64(2022), np.float64(2022), pd.array([2022], dtype="Int64")[0]])
def test_a_year_may_come_from_any_column(year):
    assert convert_pay(1, "USD", "hour", to_currency="KES", year=year) == pytest.approx(rate("exchange_rate", 2022, currency="KES"))


@pytest.mark.parametrize("amount", [2, 2.0, np.float64(2), np.int64(2), Fraction(2)])
def test_an_amount_may_be_any_real_number(amount):
    answer = convert_pay(amount, "USD", "hour", to_period="day", hours_per_day=8)
    assert answer == 16
    assert type(answer) is float


# purchasing power


@pytest.mark.parametrize(("country", "year"), PARITY)
def test_purchasing_power_divides_by_the_parity_and_makes_a_round_trip(country, year):
    local = RATES.loc[RATES["country"] == country, "currency"].iloc[0]
    bought = convert_pay(1000, local, "month", country=country, year=year, basis="ppp")
    assert bought == pytest.approx(1000 / rate("ppp_gdp", year, country=country))
    assert convert_pay(bought, "INT$", "month", country=country, year=year, basis="ppp") == pytest.approx(1000)


def test_foreign_money_is_changed_before_it_is_spent():
    bought = convert_pay(2, "USD", "hour", country="Kenya", year=2022, basis="ppp")
    assert bought == pytest.approx(2 * rate("exchange_rate", 2022, currency="KES") / rate("ppp_gdp", 2022, country="Kenya"))
    assert bought > 2, "a dollar buys more in Nairobi than in the United States"
    assert convert_pay(bought, "INT$", "hour", to_currency="USD", country="Kenya", year=2022, basis="ppp") == pytest.approx(2)


def test_a_dollar_in_the_united_states_is_an_international_dollar():
    assert convert_pay(7.25, "USD", "hour", country="United States", year=2022, basis="ppp") == pytest.approx(7.25)


# refusals


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"amount": float("nan")}, "gives a range"),
        ({"amount": None}, "gives a range"),
        ({"amount": pd.NA}, "gives a range"),
        ({"amount": "two"}, "'two'"),
        ({"amount": True}, "as a number"),
        ({"amount": float("inf")}, "as a number"),
        ({"amount": [2, 3]}, "a list"),
        ({"amount": pd.Series([2.0, 3.0])}, "a Series"),
        ({"amount": -2}, "negative"),
        ({"currency": "KSH"}, "'KSH'"),
        ({"currency": None}, "no currency None"),
        ({"currency": pd.Series(["USD"])}, "a Series"),
        ({"to_currency": "dollars"}, "'dollars'"),
        ({"to_currency": "INT$"}, 'basis="ppp"'),
        ({"currency": "INT$"}, 'basis="ppp"'),
        ({"currency": "INT$2021"}, "prices of 2021"),
        ({"period": "daily"}, "Did you mean 'day'"),
        ({"period": None}, "not a period"),
        ({"period": "task"}, "no duration"),
        ({"period": "block"}, "divide the pay"),
        ({"period": "not_stated"}, "forgets the period"),
        ({"to_period": "task"}, "no duration"),
        ({"to_currency": "KES", "year": None}, "Say which year"),
        ({"to_currency": "KES", "year": float("nan")}, "Say which year"),
        ({"to_currency": "KES", "year": pd.NA}, "Say which year"),
        ({"to_currency": "KES", "year": "2022"}, "whole number"),
        ({"to_currency": "KES", "year": 2022.5}, "whole number"),
        ({"to_currency": "KES", "year": 1999}, "no exchange rate for KES in 1999"),
        ({"to_currency": "INR", "year": 2016}, "not filled"),
        ({"to_currency": "VES", "year": 2021}, "the table has 2022"),
        ({"basis": "market rate"}, "Did you mean 'market'"),
        ({"basis": "ppp"}, "that of a place"),
        ({"basis": "ppp", "country": "Kenia"}, "Did you mean 'Kenya'"),
        ({"basis": "ppp", "country": "Venezuela"}, "no purchasing power parity in the table, for any year"),
        ({"basis": "ppp", "country": "Venezuela", "currency": "VES"}, "stays unknown"),
        ({"basis": "ppp", "country": "Kenya", "year": 2025}, "no purchasing power parity for 2025"),
        ({"basis": "ppp", "country": "Kenya", "year": None}, "Say which year"),
        ({"basis": "ppp", "country": "Kenya", "to_currency": "KES"}, "one side is INT$"),
        ({"basis": "ppp", "country": "Kenya", "currency": "INT$", "to_currency": "INT$"}, "one side is INT$"),
        ({"hours_per_day": 0}, "at most 24"),
        ({"hours_per_day": 25}, "at most 24"),
        ({"hours_per_day": "8"}, "at most 24"),
        ({"days_per_month": 31.5}, "at most 31"),
        ({"days_per_month": 0}, "more than 0"),
        ({"hours_per_day": 24.5}, "at most 24"),
        ({"to_period": "month"}, "How long is that hour"),
    ],
)
def test_what_is_lacking_is_refused_in_a_sentence(given, words):
    whole = {"amount": 2.0, "currency": "USD", "period": "hour", "year": 2022} | given
    with pytest.raises(CourseError) as caught:
        convert_pay(**whole)
    assert words in str(caught.value)
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("name", ["amount", "currency", "period", "to_currency", "year", "country", "basis", "hours_per_day"])
def test_an_unanswered_blank_stays_unanswered(name):
    whole = {"amount": 2.0, "currency": "USD", "period": "hour"} | {name: ...}
    assert convert_pay(**whole) is ...


def test_every_row_with_an_amount_per_period_converts_or_is_refused():
    for row in load("click_work_pay").itertuples():
        try:
            answer = convert_pay(row.amount, row.currency, row.period, to_currency="USD", to_period="month", year=row.year, **LENGTHS)
        except CourseError as error:
            assert str(error)
        else:
            assert np.isfinite(answer)
