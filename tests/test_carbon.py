"""Electricity to emissions: the table's figure times the kilowatt-hours, and a sentence for whatever the table lacks."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import CourseError, carbon, emissions, load

GRID = load("grid_carbon")
WHOLE = GRID[GRID["zone"].isin(["national", "World"])]
PLACES = list(WHOLE[["country", "year", "accounting", "value"]].itertuples(index=False, name=None))


def test_one_kilowatt_hour_weighs_what_the_table_says_for_every_country_and_year():
    for country, year, accounting, value in PLACES:
        assert emissions(1, country, year, accounting) == value


def test_a_key_of_the_table_means_one_figure():
    assert not WHOLE.duplicated(["country", "year", "accounting"]).any()
    assert WHOLE["value"].gt(0).all()


def test_generation_is_what_you_get_unless_you_ask():
    assert emissions(1, "Ireland", 2023) == emissions(1, "Ireland", 2023, "generation")
    assert emissions(1, "Ireland", 2023) != emissions(1, "Ireland", 2023, "consumption")


@given(kwh=st.floats(min_value=0, max_value=4e14), place=st.sampled_from(PLACES))
def test_twice_the_electricity_twice_the_emissions(kwh, place):
    country, year, accounting, value = place
    assert emissions(kwh, country, year, accounting) == pytest.approx(kwh * value)
    assert emissions(2 * kwh, country, year, accounting) == pytest.approx(2 * emissions(kwh, country, year, accounting))


@pytest.mark.parametrize("kwh", [0, 2, 2.0, np.int64(2), np.float32(2), Decimal(2)])
def test_any_kind_of_number_is_a_number(kwh):
    answer = emissions(kwh, "France", 2023)
    assert answer == float(kwh) * emissions(1, "France", 2023)
    assert type(answer) is float


@pytest.mark.parametrize("year", [2023, 2023.0, np.int64(2023), pd.Series([2023])[0]])
def test_any_kind_of_whole_number_is_a_year(year):
    assert emissions(1, "France", year) == emissions(1, "France", 2023)


@pytest.mark.parametrize("country", ["Ireland", "ireland", " IRELAND ", "United  States"])
def test_capitals_and_spaces_do_not_matter(country):
    assert emissions(1, country, 2023) == emissions(1, " ".join(country.split()).title(), 2023)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("twelve", "Ireland", 2023), "you gave text: 'twelve'. Take off the quotes"),
        (("1,500", "Ireland", 2023), "may be 1.5 or 1500"),
        ((None, "Ireland", 2023), "you gave None"),
        ((..., "Ireland", 2023), "you gave the three dots"),
        ((True, "Ireland", 2023), "you gave True"),
        ((1j, "Ireland", 2023), "you gave 1j"),
        ((float("nan"), "Ireland", 2023), "NaN"),
        ((np.nan, "Ireland", 2023), "NaN"),
        ((pd.NA, "Ireland", 2023), "NaN"),
        ((pd.NaT, "Ireland", 2023), "NaN"),
        ((float("inf"), "Ireland", 2023), "infinite"),
        ((-1, "Ireland", 2023), "-1 kWh is negative"),
        ((10**400, "Ireland", 2023), "you gave an int"),
        (([1, 2], "Ireland", 2023), "you gave 2 of them (list)"),
        ((pd.Series([1.0, 2.0]), "Ireland", 2023), "you gave 2 of them (Series)"),
        ((pd.Series([1.0]), "Ireland", 2023), "add .item()"),
        ((np.array([]), "Ireland", 2023), "you gave 0 of them (ndarray)"),
        ((1, "Irland", 2023), "no country called 'Irland' in grid_carbon. Did you mean 'Ireland'?"),
        ((1, "united state", 2023), "Did you mean 'United States'"),
        ((1, "DR congo ", 2030), "for DR Congo in 2030"),
        ((1, "", 2023), "country between quotes"),
        ((1, "xyzzy", 2023), "'xyzzy' in grid_carbon. load("),
        ((1, ..., 2023), 'between quotes, for example "Ireland"; you gave the three dots'),
        ((1, 2023, "Ireland"), "you gave 2023"),
        ((1, "Ireland", "2023"), "without quotes; you gave '2023'"),
        ((1, "Ireland", ...), "you gave the three dots"),
        ((1, "Ireland", None), "you gave None"),
        ((1, "Ireland", 2023.5), "you gave 2023.5"),
        ((1, "Ireland", float("nan")), "you gave nan"),
        ((1, "Ireland", True), "you gave True"),
        ((1, "Ireland", 1999), "no generation figure for Ireland in 1999. Its years are 2000 to 2025"),
        ((1, "Jordan", 2025), "Its years are 2000 to 2024"),
        ((1, "Ireland", 2020, "consumption"), "no consumption figure for Ireland in 2020. Its years are 2021 to 2025"),
        ((1, "Chile", 2023, "consumption"), "no consumption figure for Chile as a whole. It has generation, for 2000 to 2025"),
        ((1, "United Kingdom", 2023, "consumption"), "as a whole, only for Great Britain. It has generation"),
        ((1, "Hong Kong", 2023), "no generation figure for Hong Kong as a whole. It has consumption, for 2021 to 2025"),
        ((1, "Ireland", 2023, "consomption"), "you gave 'consomption'. Did you mean 'consumption'"),
        ((1, "Ireland", 2023, None), "you gave None"),
    ],
)
def test_what_is_lacking_is_said_in_a_sentence(arguments, words):
    with pytest.raises(CourseError) as caught:
        emissions(*arguments)
    assert words in str(caught.value)
    assert str(caught.value).endswith((".", "?"))


@pytest.mark.parametrize(
    ("years", "text"),
    [
        ([2000, 2001, 2002], "2000 to 2002"),
        ([2002, 2000, 2001, 2001], "2000 to 2002"),
        ([2000, 2001], "2000, 2001"),
        ([2000, 2002, 2003], "2000, 2002, 2003"),
        ([2021], "2021"),
    ],
)
def test_years_are_written_as_a_span_only_where_none_is_missing(years, text):
    assert carbon._span(pd.Series(years)) == text


def test_every_country_without_a_figure_is_refused_and_never_guessed():
    have = set(WHOLE[["country", "year", "accounting"]].itertuples(index=False, name=None))
    for country in WHOLE["country"].unique():
        for year in (1999, 2010, 2021, 2025, 2026):
            for accounting in ("generation", "consumption"):
                if (country, year, accounting) not in have:
                    with pytest.raises(CourseError, match="grid_carbon has no"):
                        emissions(1, country, year, accounting)


anything = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary() | st.dates() | st.decimals()
)


@given(kwh=anything, country=st.text() | anything, year=anything, accounting=st.sampled_from(["generation", "consumption"]) | anything)
def test_no_input_gets_anything_but_a_number_or_a_sentence(kwh, country, year, accounting):
    try:
        answer = emissions(kwh, country, year, accounting)
    except CourseError as error:
        assert str(error)
    else:
        assert answer >= 0


@given(kwh=anything, year=anything)
def test_a_known_country_does_not_make_a_bad_amount_or_year_pass(kwh, year):
    try:
        assert emissions(kwh, "Ireland", year) >= 0
    except CourseError as error:
        assert str(error)


def test_a_corrected_figure_is_followed(edit):
    edit("grid_carbon", "value", "100", country="Ireland", year="2023", accounting="generation")
    assert emissions(2, "Ireland", 2023) == 200
