"""The three ledgers of a class that uses a chatbot: electricity, carbon and water; working time; text.

Plain functions on plain tables. The inputs are rows of the table ``footprint_inputs`` (value, bounds, unit, how each is drawn, what
nobody knows about it); ``three_ledgers`` is the whole model, a dozen products and sums. Ranges are carried through by drawing the
inputs many times (``draw``), from the distributions and correlations stated in the table, with a seed.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

from . import typed
from .carbon import emissions
from .data import load
from .messages import CourseError, nearest, say

# What the model gives, for the whole class and the whole term, and in which unit.
UNITS = {
    "prompts": "prompts",
    "short_kwh": "kWh",
    "long_kwh": "kWh",
    "training_kwh": "kWh",
    "electricity_kwh": "kWh",
    "use_kg": "kg CO2e",
    "hardware_kg": "kg CO2e",
    "carbon_kg": "kg CO2e",
    "hardware_share": "%",
    "water_on_site_l": "L",
    "water_for_electricity_l": "L",
    "water_l": "L",
    "annotation_minutes": "minutes",
    "moderation_minutes": "minutes",
    "labour_minutes": "minutes",
    "text_words": "words",
}
MAIN = ["electricity_kwh", "carbon_kg", "water_l", "labour_minutes", "text_words"]
DRAWS = 4000
MOST_DRAWS = 100_000
SEED = 7
COLUMNS = ["input", "title", "ledger", "value", "low", "high", "unit", "status", "distribution"]  # of a table of inputs
# Bounds outside which an input has no meaning: a share is between 0 and 1, a building uses at least what its computers use.
LEAST = {"pue": 1.0}
MOST = {"long_share": 1.0, "moderated_share": 1.0}
LARGEST = 1e18  # of any input


# the inputs, one row each


def _checked(inputs: object) -> pd.DataFrame:
    """Return a table of inputs. Raise CourseError where it is none, is empty, or names an input twice."""
    table = typed.columns(inputs, COLUMNS, "inputs", numbers=("value", "low", "high"))
    if table.empty or table["input"].duplicated().any():
        raise CourseError(say("inputs_kind"))
    return table


def readable(inputs: pd.DataFrame) -> pd.DataFrame:
    """Return the inputs as a reader likes them: in the order of the ledgers, numbers written out, empty where there is none."""
    _checked(inputs)
    order = ["choice", "use", "electricity", "carbon", "water", "hardware", "labour", "text"]
    table = inputs.sort_values("ledger", key=lambda column: column.map(order.index), kind="stable").set_index("input")
    for column in ("low", "value", "high"):
        table[column] = [
            "" if pd.isna(number) else f"{number:,.0f}" if number >= 1000 else f"{number:.6f}".rstrip("0").rstrip(".")
            for number in table[column]
        ]
    return table[["title", "low", "value", "high", "unit", "status"]]


def _row(inputs: pd.DataFrame, name: str) -> int:
    """Return the place of an input. Raise CourseError, with the nearest name, if there is none."""
    _checked(inputs)
    typed.name(name, "input_name")
    places = np.flatnonzero(inputs["input"] == name)
    if not len(places):
        raise CourseError(say("input_unknown", name=typed.shown(name), nearest=nearest(name, list(inputs["input"]))))
    return int(places[0])


def change(
    inputs: pd.DataFrame, name: str, value: float | None = None, low: float | None = None, high: float | None = None
) -> pd.DataFrame:
    """Return a copy of the inputs with one of them changed, in the unit of its row.

    A value alone fixes the input; bounds alone make it uniform; value and bounds, triangular with its top at the value.
    An unknown name, a negative or missing number, or bounds in the wrong order raise CourseError.
    """
    place = _row(inputs, name)
    given = {"value": value, "low": low, "high": high}
    least, most = LEAST.get(name, 0.0), MOST.get(name)
    words = {"name": name, "lowest": f"{least:g}", "highest": f"{LARGEST if most is None else most:g}"}
    for column, number in given.items():
        if number is not None:
            limit = LARGEST if most is None else most
            given[column] = typed.number(number, "input_number", least=least, most=limit, column=column, **words)
    if (value is None and (low is None or high is None)) or (low is None) != (high is None):
        raise CourseError(say("input_incomplete", name=name))
    numbers = [given[column] for column in ("low", "value", "high") if given[column] is not None]
    if numbers != sorted(numbers):
        raise CourseError(say("input_order", name=name, numbers=", ".join(f"{number:g}" for number in numbers)))
    changed = inputs.copy()
    kind = "fixed" if low is None else "uniform" if value is None else "triangular"
    for column, number in given.items():
        changed.loc[changed.index[place], column] = np.nan if number is None else number
    changed.loc[changed.index[place], "distribution"] = kind
    return changed


def at_grid(inputs: pd.DataFrame, country: str, year: int = 2023, accounting: str = "generation") -> pd.DataFrame:
    """Return the inputs with the carbon intensity fixed to a country's yearly average, in g CO2e per kWh.

    ``accounting`` is generation or consumption, as in ``course.carbon.emissions``, which raises CourseError for what the table
    ``grid_carbon`` does not have.
    """
    return change(inputs, "grid_g_per_kwh", value=emissions(1, country, year, accounting))


def centre(row: pd.Series) -> float:
    """Return the central value of an input: its value, or the middle of its bounds (the geometric one if drawn by orders of magnitude)."""
    if pd.notna(row["value"]):
        return float(row["value"])
    if row["distribution"] == "loguniform":
        return float(np.sqrt(row["low"] * row["high"]))
    return float((row["low"] + row["high"]) / 2)


def central(inputs: pd.DataFrame) -> pd.DataFrame:
    """Return a table of one row: every input at its central value."""
    _checked(inputs)
    return pd.DataFrame([{row["input"]: centre(row) for _, row in inputs.iterrows()}])


# the draws


def _quantile(row: pd.Series, chance: np.ndarray) -> np.ndarray:
    """Return the values of an input below which it falls with the given chances, between 0 and 1."""
    low, top, high = row["low"], row["value"], row["high"]
    kind = row["distribution"]
    if kind == "fixed" or (kind != "fixed" and low == high):
        return np.full(len(chance), centre(row))
    if kind == "uniform":
        return low + chance * (high - low)
    if kind == "loguniform":
        return low * (high / low) ** chance
    if kind == "quantiles":  # a split log-normal through the median and the two quantiles that are published
        normal = NormalDist()
        place = np.array([normal.inv_cdf(one) for one in np.clip(chance, 1e-9, 1 - 1e-9)])
        under = top * (top / low) ** (place / abs(normal.inv_cdf(row["low_p"])))
        return np.where(place < 0, under, top * (high / top) ** (place / normal.inv_cdf(row["high_p"])))
    turn = (top - low) / (high - low)
    rising = low + np.sqrt(chance * (high - low) * (top - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - top))
    return np.where(chance < turn, rising, falling)


def draw(inputs: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw every input ``draws`` times: one row per draw, one column per input, in the unit of its row.

    Two inputs are linked where the table says so (``correlated_with``, ``correlation``): their ranks move together, by a normal
    copula. Each input has its own stream of chance, so that changing one row leaves the draws of the others as they were.
    """
    _checked(inputs)
    draws = typed.whole(draws, "draws", least=100, most=MOST_DRAWS)
    seed = typed.whole(seed, "seed", least=0, most=2**63)
    normal = {name: np.random.default_rng([seed, *name.encode()]).standard_normal(draws) for name in inputs["input"]}
    for _, row in inputs.iterrows():
        other = row.get("correlated_with")
        if pd.notna(other) and other in normal:
            # a rank correlation of r needs a correlation of 2 sin(pi r / 6) between the normal variables
            link = 2 * np.sin(np.pi * float(row["correlation"]) / 6)
            normal[row["input"]] = link * normal[other] + np.sqrt(1 - link**2) * normal[row["input"]]
    grid = np.linspace(-6, 6, 2401)
    below = np.array([NormalDist().cdf(place) for place in grid])
    return pd.DataFrame({row["input"]: _quantile(row, np.interp(normal[row["input"]], grid, below)) for _, row in inputs.iterrows()})


# the model


def three_ledgers(inputs: pd.DataFrame) -> pd.DataFrame:
    """Compute the three ledgers of the class for the term: one row per row of ``inputs``, columns and units as in ``UNITS``.

    ``inputs`` has one column per input (``draw`` or ``central`` make it). Common costs of a model (its training, the people who
    trained it, its texts) are shared equally among all the prompts it serves: an accounting choice, not a law of nature.
    """
    names = list(load("footprint_inputs")["input"])
    i = typed.columns(inputs, names, "model", numbers=names)
    out = pd.DataFrame(index=i.index)
    out["prompts"] = i["students"] * i["weeks"] * i["prompts_per_week"]
    served = i["service_prompts_per_day"] * i["service_days"]  # prompts among which the common costs of the model are shared
    out["short_kwh"] = out["prompts"] * (1 - i["long_share"]) * i["wh_short"] / 1000
    out["long_kwh"] = out["prompts"] * i["long_share"] * i["wh_long"] / 1000
    out["training_kwh"] = out["prompts"] * i["training_mwh"] * 1000 * i["development_factor"] / served
    out["electricity_kwh"] = out["short_kwh"] + out["long_kwh"] + out["training_kwh"]
    computers_kwh = out["electricity_kwh"] / i["pue"]
    out["use_kg"] = out["electricity_kwh"] * i["grid_g_per_kwh"] / 1000
    out["hardware_kg"] = computers_kwh * i["hardware_g_per_kwh"] / 1000
    out["carbon_kg"] = out["use_kg"] + out["hardware_kg"]
    out["hardware_share"] = 100 * out["hardware_kg"] / out["carbon_kg"].where(out["carbon_kg"] > 0)
    out["water_on_site_l"] = computers_kwh * i["litres_on_site"]
    out["water_for_electricity_l"] = out["electricity_kwh"] * i["litres_for_electricity"]
    out["water_l"] = out["water_on_site_l"] + out["water_for_electricity_l"]
    out["annotation_minutes"] = out["prompts"] * i["comparisons"] * i["minutes_per_comparison"] / served
    out["moderation_minutes"] = out["prompts"] * i["moderated_share"] * i["moderation_seconds"] / 60
    out["labour_minutes"] = out["annotation_minutes"] + out["moderation_minutes"]
    out["text_words"] = out["prompts"] * i["training_tokens"] * i["words_per_token"] / served
    return out


def _output(name: str) -> str:
    """Return the name of an output. Raise CourseError, with the nearest name, if the model gives none."""
    if typed.name(name, "output") not in UNITS:
        raise CourseError(say("output_unknown", name=typed.shown(name), nearest=nearest(name, list(UNITS))))
    return name


def ranges(results: pd.DataFrame, columns: list[str] | None = None) -> pd.DataFrame:
    """Sum up the draws of ``three_ledgers``: columns quantity, unit, low (5 % of the draws lie below), value (half), high (95 %)."""
    if columns is not None and (not isinstance(columns, (list, tuple)) or not columns):
        raise CourseError(say("output_list", value=typed.shown(columns)))
    columns = MAIN if columns is None else [_output(name) for name in columns]
    if typed.columns(results, columns, "results", numbers=columns).empty:
        raise CourseError(say("results_kind", value=typed.shown(results)))
    quantiles = results[columns].quantile([0.05, 0.5, 0.95])
    return pd.DataFrame(
        {
            "quantity": columns,
            "unit": [UNITS[name] for name in columns],
            "low": quantiles.loc[0.05].to_numpy(),
            "value": quantiles.loc[0.5].to_numpy(),
            "high": quantiles.loc[0.95].to_numpy(),
        }
    )


def simulate(inputs: pd.DataFrame, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Draw the inputs and run the model on each draw: ``three_ledgers(draw(inputs))``."""
    return three_ledgers(draw(inputs, draws, seed))


def tornado(inputs: pd.DataFrame, output: str = "carbon_kg", chance: float = 0.05) -> pd.DataFrame:
    """Move one input at a time, from its low to its high, the others at their centre; return the outputs, largest swing first.

    An input's low and high are the values it undercuts or exceeds with the given ``chance`` (5 % each). Columns: input, title,
    low_input, high_input, at_low, at_high (the output there, in its unit), value (the output at the centre), low and high (the
    smaller and the larger of the two), swing (their distance). Fixed inputs are left out.
    """
    _output(output)
    chance = typed.number(chance, "chance", above=0, most=0.5)
    base = central(inputs)
    rows = []
    for _, row in inputs[inputs["distribution"] != "fixed"].iterrows():
        ends = _quantile(row, np.array([chance, 1 - chance]))
        moved = pd.concat([base, base], ignore_index=True)
        moved[row["input"]] = ends
        at_low, at_high = three_ledgers(moved)[output]
        rows.append(
            {
                "input": row["input"],
                "title": row["title"],
                "low_input": ends[0],
                "high_input": ends[1],
                "at_low": at_low,
                "at_high": at_high,
                "value": three_ledgers(base)[output].iloc[0],
                "low": min(at_low, at_high),
                "high": max(at_low, at_high),
                "swing": abs(at_high - at_low),
            }
        )
    table = pd.DataFrame(rows, columns=["input", "title", "low_input", "high_input", "at_low", "at_high", "value", "low", "high", "swing"])
    return table.sort_values(["swing", "input"], ascending=[False, True], ignore_index=True)
