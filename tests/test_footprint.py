"""The model of the three ledgers: units, monotonicity, limits, totals, draws, and what a learner can get wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from course import CourseError, load
from course.carbon import emissions
from course.footprint import MAIN, UNITS, at_grid, central, centre, change, draw, ranges, readable, simulate, three_ledgers, tornado

INPUTS = load("footprint_inputs")
DRAWN = draw(INPUTS)
LEDGERS = three_ledgers(DRAWN)
PARTS = [
    ("electricity_kwh", ["short_kwh", "long_kwh", "training_kwh"]),
    ("carbon_kg", ["use_kg", "hardware_kg"]),
    ("water_l", ["water_on_site_l", "water_for_electricity_l"]),
    ("labour_minutes", ["annotation_minutes", "moderation_minutes"]),
]


def one(inputs: pd.DataFrame, output: str) -> float:
    return three_ledgers(central(inputs))[output].iloc[0]


def doubled(name: str) -> pd.DataFrame:
    return change(INPUTS, name, value=2 * centre(INPUTS.set_index("input").loc[name]))


# the table of inputs


def test_every_input_says_what_it_is_and_what_is_unknown():
    assert INPUTS["input"].is_unique
    assert INPUTS.loc[INPUTS["status"] == "unknown", "unknown"].str.len().gt(20).all()
    drawn = INPUTS[INPUTS["distribution"] != "fixed"]
    assert drawn[["low", "high"]].notna().all(axis=None)
    assert (drawn["low"] < drawn["high"]).all()
    assert drawn.loc[drawn["distribution"] == "triangular", "value"].notna().all()
    assert drawn.loc[drawn["distribution"] == "loguniform", "low"].gt(0).all()
    links = INPUTS.dropna(subset=["correlated_with"])
    assert set(links["correlated_with"]) <= set(INPUTS["input"])
    assert links["correlation"].notna().all()
    assert len(links) >= 2


@pytest.mark.parametrize(
    ("name", "table", "row", "column", "expected"),
    [
        ("wh_short", "ai_energy", "frontier-models-on-h100-microsoft-authors-query-energy-2025", ["low", "value", "high"], None),
        ("wh_long", "ai_energy", "large-models-on-h100-microsoft-authors-long-query-energy-2025", ["low", "value", "high"], None),
        ("training_mwh", "ai_energy", "llama-3-1-8b-gpu-hours-2024", ["low"], lambda row: [row["value"] * 0.7 / 1000]),
        ("training_mwh", "ai_energy", "llama-3-1-405b-gpu-hours-2024", ["high"], lambda row: [row["value"] * 0.7 / 1000]),
        ("comparisons", "dataset_labour", "llama2-comparisons", ["value"], lambda row: [row["value"]]),
        ("comparisons", "dataset_labour", "oasst1-messages", ["low"], lambda row: [row["value"]]),
    ],
)
def test_an_input_is_the_figure_of_its_table(name, table, row, column, expected):
    source = load(table).set_index("id").loc[row]
    wanted = source[column].tolist() if expected is None else expected(source)
    assert INPUTS.set_index("input").loc[name, column].tolist() == pytest.approx(wanted)


def test_grid_bounds_are_figures_of_grid_carbon():
    grid = load("grid_carbon").query("year == 2023 and accounting == 'generation'")
    france = grid.query("country == 'France'")["value"].item()
    states = grid.set_index("zone")["value"]
    row = INPUTS.set_index("input").loc["grid_g_per_kwh"]
    assert row[["low", "value", "high"]].tolist() == [france, states["Virginia"], states["Ohio"]]


# units


def test_one_prompt_by_hand():
    """One student, one week, one short prompt of 1 Wh on a grid of 1,000 g: a watt-hour, a gram."""
    simple = INPUTS
    for name, value in {"students": 1, "weeks": 1, "prompts_per_week": 1, "wh_short": 1, "long_share": 0, "training_mwh": 0}.items():
        simple = change(simple, name, value=value)
    for name, value in {
        "grid_g_per_kwh": 1000,
        "hardware_g_per_kwh": 0,
        "pue": 1,
        "litres_on_site": 1,
        "litres_for_electricity": 2,
    }.items():
        simple = change(simple, name, value=value)
    result = three_ledgers(central(simple)).iloc[0]
    assert result["electricity_kwh"] == pytest.approx(0.001)
    assert result["carbon_kg"] == pytest.approx(0.001)
    assert result["water_l"] == pytest.approx(0.003)


def test_cooling_water_follows_the_computers_and_not_the_whole_building():
    """Half of this building's electricity reaches its computers: 5 kWh to cool at 3 litres each, 10 kWh made at 2 litres each."""
    inputs = central(INPUTS)
    for name, value in {"students": 10, "weeks": 10, "prompts_per_week": 100, "wh_short": 1, "long_share": 0, "training_mwh": 0}.items():
        inputs[name] = value
    for name, value in {
        "pue": 2,
        "litres_on_site": 3,
        "litres_for_electricity": 2,
        "hardware_g_per_kwh": 100,
        "grid_g_per_kwh": 50,
    }.items():
        inputs[name] = value
    result = three_ledgers(inputs).iloc[0]
    assert result["electricity_kwh"] == pytest.approx(10)
    assert result["water_on_site_l"] == pytest.approx(5 * 3)
    assert result["water_for_electricity_l"] == pytest.approx(10 * 2)
    assert result["hardware_kg"] == pytest.approx(5 * 100 / 1000)
    assert result["use_kg"] == pytest.approx(10 * 50 / 1000)


def test_a_range_is_the_median_between_the_fifth_and_the_ninety_fifth_of_a_hundred():
    draws = pd.DataFrame({"carbon_kg": [*range(100), 1_000_000]})
    low, value, high = ranges(draws, ["carbon_kg"])[["low", "value", "high"]].iloc[0]
    assert (low, value, high) == (5, 50, 95)


def test_minutes_and_words_by_hand():
    simple = INPUTS
    for name, value in {
        "students": 1,
        "weeks": 1,
        "prompts_per_week": 60,
        "moderated_share": 1,
        "moderation_seconds": 2,
        "comparisons": 0,
    }.items():
        simple = change(simple, name, value=value)
    for name, value in {"training_tokens": 1000, "words_per_token": 0.5, "service_prompts_per_day": 10, "service_days": 6}.items():
        simple = change(simple, name, value=value)
    result = three_ledgers(central(simple)).iloc[0]
    assert result["labour_minutes"] == pytest.approx(2)
    assert result["text_words"] == pytest.approx(500), "the class sent every prompt the model ever served: it owes all its words"


def test_every_output_has_a_unit():
    assert list(LEDGERS) == list(UNITS)
    assert set(MAIN) <= set(UNITS)


# totals and limits


@pytest.mark.parametrize(("whole", "parts"), PARTS)
def test_a_total_is_the_sum_of_its_parts(whole, parts):
    assert np.allclose(LEDGERS[whole], LEDGERS[parts].sum(axis=1))


def test_hardware_share_is_a_percentage_of_carbon():
    assert LEDGERS["hardware_share"].between(0, 100).all()
    assert np.allclose(LEDGERS["hardware_kg"], LEDGERS["hardware_share"] / 100 * LEDGERS["carbon_kg"])


def test_common_costs_are_fully_shared_out():
    """If one class sent all the prompts that the model serves, it would bear the whole training, no more and no less."""
    inputs = central(INPUTS)
    inputs["students"], inputs["weeks"] = 1, 1
    inputs["prompts_per_week"] = inputs["service_prompts_per_day"] * inputs["service_days"]
    result = three_ledgers(inputs).iloc[0]
    assert result["training_kwh"] == pytest.approx(inputs["training_mwh"].iloc[0] * 1000 * inputs["development_factor"].iloc[0])
    assert result["annotation_minutes"] == pytest.approx((inputs["comparisons"] * inputs["minutes_per_comparison"]).iloc[0])


@pytest.mark.parametrize("name", ["students", "weeks", "prompts_per_week"])
def test_no_use_costs_nothing_and_twice_the_use_twice_as_much(name):
    nothing = three_ledgers(central(change(INPUTS, name, value=0))).iloc[0].drop("hardware_share")
    assert (nothing == 0).all()
    for output in MAIN:
        assert one(doubled(name), output) == pytest.approx(2 * one(INPUTS, output))


def test_on_a_clean_grid_only_hardware_is_left():
    clean = three_ledgers(central(change(INPUTS, "grid_g_per_kwh", value=0))).iloc[0]
    assert clean["carbon_kg"] == clean["hardware_kg"] > 0
    assert clean["hardware_share"] == pytest.approx(100)


# monotonicity: which way each input moves each ledger

UP = ["wh_short", "wh_long", "long_share", "training_mwh", "development_factor"]
DOWN = ["service_prompts_per_day", "service_days"]


@pytest.mark.parametrize("output", ["electricity_kwh", "carbon_kg", "water_l"])
def test_electricity_inputs_move_electricity_carbon_and_water_the_same_way(output):
    for name in UP:
        assert one(doubled(name), output) > one(INPUTS, output), name
    for name in DOWN:
        assert one(doubled(name), output) < one(INPUTS, output), name


@pytest.mark.parametrize(
    ("name", "output", "sign"),
    [
        ("grid_g_per_kwh", "carbon_kg", 1),
        ("grid_g_per_kwh", "hardware_share", -1),
        ("grid_g_per_kwh", "electricity_kwh", 0),
        ("grid_g_per_kwh", "water_l", 0),
        ("pue", "hardware_kg", -1),
        ("pue", "electricity_kwh", 0),
        ("litres_on_site", "water_l", 1),
        ("litres_for_electricity", "water_l", 1),
        ("hardware_g_per_kwh", "carbon_kg", 1),
        ("comparisons", "labour_minutes", 1),
        ("minutes_per_comparison", "labour_minutes", 1),
        ("moderated_share", "labour_minutes", 1),
        ("moderation_seconds", "labour_minutes", 1),
        ("service_days", "labour_minutes", -1),
        ("training_tokens", "text_words", 1),
        ("words_per_token", "text_words", 1),
        ("wh_short", "labour_minutes", 0),
        ("wh_short", "text_words", 0),
    ],
)
def test_each_input_moves_what_it_should(name, output, sign):
    assert np.sign(round(one(doubled(name), output) - one(INPUTS, output), 12)) == sign


# the draws


def test_draws_stay_within_the_bounds_and_are_the_same_every_time():
    rows = INPUTS.set_index("input")
    for name, values in DRAWN.items():
        if rows.loc[name, "distribution"] == "fixed":
            assert (values == rows.loc[name, "value"]).all()
        elif rows.loc[name, "distribution"] == "quantiles":
            assert not values.between(rows.loc[name, "low"], rows.loc[name, "high"]).all(), "a quantile is no bound"
        else:
            assert values.between(rows.loc[name, "low"], rows.loc[name, "high"]).all(), name
    assert draw(INPUTS).equals(DRAWN)
    assert not draw(INPUTS, seed=8).equals(DRAWN)


def test_draws_follow_their_distribution():
    rows = INPUTS.set_index("input")
    for name, row in rows.iterrows():
        spread = row["high"] - row["low"]
        if row["distribution"] == "uniform":
            assert abs(DRAWN[name].mean() - (row["low"] + row["high"]) / 2) < 0.02 * spread
        if row["distribution"] == "triangular":
            assert abs(DRAWN[name].mean() - (row["low"] + row["value"] + row["high"]) / 3) < 0.02 * spread
        if row["distribution"] == "quantiles":
            shares = [(DRAWN[name] < row[end]).mean() for end in ("low", "value", "high")]
            assert shares == pytest.approx([row["low_p"], 0.5, row["high_p"]], abs=0.02)
        if row["distribution"] == "loguniform":
            assert abs(np.log(DRAWN[name]).mean() - np.log(row["low"] * row["high"]) / 2) < 0.02 * np.log(row["high"] / row["low"])


def test_draws_are_linked_as_the_table_says():
    ranks = DRAWN.corr("spearman")
    for _, row in INPUTS.dropna(subset=["correlated_with"]).iterrows():
        assert ranks.loc[row["input"], row["correlated_with"]] == pytest.approx(row["correlation"], abs=0.04)
    assert abs(ranks.loc["wh_short", "prompts_per_week"]) < 0.05


def test_changing_one_input_leaves_the_draws_of_the_others():
    other = draw(change(INPUTS, "prompts_per_week", value=10))
    assert other.drop(columns="prompts_per_week").equals(DRAWN.drop(columns="prompts_per_week"))


def test_fixing_everything_leaves_no_range():
    fixed = INPUTS
    for name, value in central(INPUTS).iloc[0].items():
        fixed = change(fixed, name, value=value)
    result = ranges(simulate(fixed, draws=100))
    assert np.allclose(result["low"], result["high"])
    assert result.set_index("quantity").loc["carbon_kg", "value"] == pytest.approx(one(INPUTS, "carbon_kg"))


def test_ranges_are_in_order_and_hold_most_draws():
    result = ranges(LEDGERS).set_index("quantity")
    assert (result["low"] < result["value"]).all()
    assert (result["value"] < result["high"]).all()
    for name in MAIN:
        assert LEDGERS[name].between(result.loc[name, "low"], result.loc[name, "high"]).mean() == pytest.approx(0.9, abs=0.001)


def test_the_result_stays_in_a_plausible_range():
    """A guard against a slip of unit: a class's term is worth kilowatt-hours, not megawatt-hours; minutes of work, not months."""
    result = ranges(LEDGERS).set_index("quantity")
    assert 1 < result.loc["electricity_kwh", "value"] < 100
    assert 0.3 < result.loc["carbon_kg", "value"] < 50
    assert 1 < result.loc["water_l", "value"] < 1000
    assert 0.01 < result.loc["labour_minutes", "value"] < 600


# what matters most


def test_tornado_is_sorted_and_agrees_with_the_model():
    table = tornado(INPUTS, "carbon_kg")
    assert table["swing"].is_monotonic_decreasing
    assert len(table) == (INPUTS["distribution"] != "fixed").sum()
    first = table.iloc[0]
    high = one(change(INPUTS, first["input"], value=first["high_input"]), "carbon_kg")
    assert high == pytest.approx(first["at_high"])
    assert set(table.loc[table["swing"] < 1e-12, "input"]) >= {"comparisons", "training_tokens"}


@pytest.mark.parametrize("output", MAIN)
def test_tornado_sorts_by_the_size_of_a_swing_whichever_way_it_goes(output):
    table = tornado(INPUTS, output)
    size = (table["at_high"] - table["at_low"]).abs()
    assert np.allclose(table["swing"], size)
    assert np.allclose(table["swing"], table["high"] - table["low"])
    assert size.is_monotonic_decreasing
    assert (table["at_high"] < table["at_low"])[size > 0].any(), "more use of the service: less of its training for each"


# the grids


def test_a_grid_is_taken_from_its_table():
    table = load("grid_carbon")
    for accounting in ("generation", "consumption"):
        value = table.query("country == 'France' and year == 2024 and zone == 'national'").set_index("accounting").loc[accounting, "value"]
        row = at_grid(INPUTS, "France", 2024, accounting).set_index("input").loc["grid_g_per_kwh"]
        assert row["value"] == value
        assert row["distribution"] == "fixed"


@pytest.mark.parametrize(
    ("country", "year", "accounting", "words"),
    [
        ("Frence", 2024, "consumption", ["Did you mean 'France'"]),
        ("Atlantis", 2024, "consumption", ["no country called 'Atlantis'"]),
        ("France", 1900, "generation", ["1900"]),
        ("France", 2024, "market", ["'generation'", "'market'"]),
    ],
)
def test_an_unknown_grid_gets_a_sentence(country, year, accounting, words):
    with pytest.raises(CourseError) as caught:
        at_grid(INPUTS, country, year, accounting)
    for word in words:
        assert word in str(caught.value)


# what a learner can get wrong


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "student", "value": 3}, "Did you mean 'students'"),
        ({"name": "students"}, "give a value, or both bounds"),
        ({"name": "students", "low": 1}, "give a value, or both bounds"),
        ({"name": "students", "value": "30"}, "a point for decimals; you gave '30'"),
        ({"name": "students", "value": True}, "you gave True"),
        ({"name": "students", "value": float("nan")}, "you gave nan"),
        ({"name": "students", "value": ...}, "you gave the three dots"),
        ({"name": "students", "low": 5, "high": 1}, "not in order"),
        ({"name": "students", "value": 9, "low": 1, "high": 5}, "not in order"),
        ({"name": "students", "value": -1}, r"lies between 0 and 1e\+18"),
        ({"name": "long_share", "value": 20}, "lies between 0 and 1"),
        ({"name": "pue", "value": 0.9}, r"lies between 1 and 1e\+18"),
    ],
)
def test_a_bad_change_gets_a_sentence(arguments, words):
    with pytest.raises(CourseError, match=words):
        change(INPUTS, **arguments)


def test_the_inputs_given_stay_as_they_were():
    before = INPUTS.copy()
    change(INPUTS, "students", value=3)
    at_grid(INPUTS, "Poland")
    assert INPUTS.equals(before)


def test_other_slips_get_a_sentence():
    with pytest.raises(CourseError, match="wants its table of inputs first"):
        change("students", "students", value=3)
    with pytest.raises(CourseError, match="Did you mean 'carbon_kg'"):
        tornado(INPUTS, "carbon")
    with pytest.raises(CourseError, match="The model gives no 'water'"):
        ranges(LEDGERS, ["water"])
    with pytest.raises(CourseError, match="Some inputs of the model are not in this table"):
        three_ledgers(DRAWN.drop(columns="students"))
    with pytest.raises(CourseError, match="a hundred times or more"):
        draw(INPUTS, draws=10)


def test_a_corrected_input_moves_the_result(edit):
    """The model reads the table: a maintainer who corrects a figure there corrects the lesson."""
    row = INPUTS.set_index("input").loc["wh_short"]
    for column in ("value", "low", "high"):
        edit("footprint_inputs", column, f"{10 * row[column]:g}", input="wh_short")
    assert one(load("footprint_inputs"), "short_kwh") == pytest.approx(10 * one(INPUTS, "short_kwh"))
    assert one(load("footprint_inputs"), "electricity_kwh") > one(INPUTS, "electricity_kwh")


def test_carbon_of_use_is_that_of_the_carbon_module():
    poland = three_ledgers(central(at_grid(INPUTS, "Poland", 2024, "generation"))).iloc[0]
    assert 1000 * poland["use_kg"] == pytest.approx(emissions(poland["electricity_kwh"], "Poland", 2024, "generation"))


def test_a_reader_sees_numbers_written_out():
    table = readable(INPUTS)
    assert len(table) == len(INPUTS)
    assert table.loc["training_tokens", "value"] == "15,000,000,000,000"
    assert table.loc["moderated_share", "low"] == "0.000001"
    assert table.loc["students", "value"] == "30"
    assert table.loc["students", "low"] == ""
