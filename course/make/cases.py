"""Cases by discipline: a question that an engineer of one field meets, one figure, a claim of each side, one decision; twenty minutes.

They are written in ``guide/cases.yml``; their figures are drawn here, from the tables, by the functions of ``FIGURES``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
import yaml
from matplotlib.patches import Patch
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ..claims import introduced, ledger
from ..data import load, sources_of
from ..figures import UNKNOWN, colour, house_style, show, told
from ..forms import label_rows
from ..messages import nearest
from .lessons import LessonError
from .sessions import GUIDE, Text, filled_in

CASES = GUIDE / "cases.yml"
STEPS = {"Predict": 3, "Look": 5, "Two claims": 7, "Decide": 5}  # minutes of each step, the same in every case


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Side(_Said):
    """A claim of the ledger, and what to ask of it."""

    claim: Text
    ask: Text

    @property
    def row(self) -> pd.Series:
        """The ledger's row of the claim."""
        return ledger([self.claim]).iloc[0]

    @property
    def who(self) -> str:
        """Who speaks, in half a line."""
        return introduced(self.row["speaker"])


class Case(_Said):
    """A case, as ``guide/cases.yml`` has it."""

    title: Text
    question: Text
    situation: Text
    look: Text
    critic: Side
    promoter: Side
    decision: Text
    options: list[Text]
    wrong: Text
    reply: Text


class Picture(NamedTuple):
    """A figure: its PNG, the words that stand for it, and the rows of the table ``sources`` that it rests on."""

    png: bytes
    words: str
    sources: list[dict]


# the figures


def electrical_and_energy() -> Picture:
    """Draw what flows, what a country draws at most, and what is asked for: Denmark, in GW."""
    labels = {
        "data-centre capacity installed": "data centres, installed",
        "peak demand of the country": "the whole country, at its peak",
        "data-centre requests in the grid queue": "data centres, asked for",
    }
    rows = load("local_grid").query("place == 'Denmark' and unit == 'GW'").set_index("metric").loc[list(labels)].reset_index()
    fig, ax = plt.subplots(figsize=(8, 2.6))
    shades = [colour("measured"), colour("ink"), "white"]
    bars = ax.barh([labels[name] for name in rows["metric"]], rows["value"], color=shades)
    bars[-1].set(**UNKNOWN)
    label_rows(ax, list(rows["value"]), [f"{value:.1f}" if value < 1 else told(value) for value in rows["value"]])
    ax.margins(x=0.1)
    ax.invert_yaxis()
    ax.set_xlabel("GW")
    ax.grid(visible=False, axis="y")
    now, peak, asked = rows["value"]
    words = (
        f"Data centres in Denmark: {now:.1f} GW installed and {asked:.0f} GW asked for, {asked / peak:.0f} times the peak of the country "
        f"({peak:.0f} GW). Hatched: a request, which nobody has used."
    )
    return _picture(fig, words, rows, "Denmark: the data centres, and the country", "GW")


def computer() -> Picture:
    """Draw precision and the share flagged for nothing, for two groups: COMPAS, all rows of the file."""
    counts = load("recidivism_counts").query("population == 'all rows of the file'")
    counts = counts[counts["group"].isin(["African-American", "Caucasian"])]
    square = counts.assign(flagged=counts["decile_score"] >= 5).groupby(["group", "flagged", "rearrested"])["people"].sum().unstack([1, 2])
    right, wrong, spared = square[True, True], square[True, False], square[False, False]
    rates = pd.DataFrame(
        {
            "right flags,\nof those flagged": 100 * right / (right + wrong),
            "flagged for nothing, of\nthose not arrested again": 100 * wrong / (wrong + spared),
        }
    )
    fig, ax = plt.subplots(figsize=(8, 3))
    places = range(len(rates.columns))
    for step, (group, shade) in enumerate(zip(rates.index, ("ink", "measured"), strict=True)):
        bars = ax.barh([place + 0.36 * step - 0.18 for place in places], rates.loc[group], height=0.32, color=colour(shade), label=group)
        ax.bar_label(bars, fmt="%.0f %%", padding=4)
    ax.set_yticks(list(places), rates.columns)
    ax.invert_yaxis()
    ax.set_xlim(0, 100)
    ax.set_xlabel("%")
    ax.grid(visible=False, axis="y")
    ax.legend(loc="lower right")
    one, two = rates.index
    told_rates = [
        f"{name.replace(chr(10), ' ')}: {rates.loc[one, name]:.0f} % ({one}) and {rates.loc[two, name]:.0f} % ({two})" for name in rates
    ]
    words = f"COMPAS, a score of 5 to 10 counted as a flag: {'; '.join(told_rates)}."
    return _picture(fig, words, counts, "The COMPAS score, two groups, two measures", "%")


def materials() -> Picture:
    """Draw the world's electronic waste, with the part documented as recycled, by the monitor of 2024."""
    rows = load("e_waste").query("place == 'World' and stream == 'all' and edition == 'Global E-waste Monitor 2024'")
    rows = rows[rows["metric"].isin(["generated", "documented_recycled"]) & (rows["basis"] != "projected")]
    mass = rows.pivot(index="year", columns="metric", values="value").dropna()
    fig, ax = plt.subplots(figsize=(8, 2.6))
    places = range(len(mass))
    rest = mass["generated"] - mass["documented_recycled"]
    ax.barh(places, mass["documented_recycled"], color=colour("estimated"))
    ax.barh(places, rest, left=mass["documented_recycled"], **UNKNOWN)
    ax.set_yticks(places, mass.index)
    label_rows(ax, list(mass["generated"]), [f"{told(value)} Mt" for value in mass["generated"]])
    ax.invert_yaxis()
    ax.set_xlabel("million tonnes (Mt)")
    ax.grid(visible=False, axis="y")
    ax.margins(x=0.1)
    kinds = [Patch(color=colour("estimated"), label="documented as recycled"), Patch(label="the rest: nobody reported it", **UNKNOWN)]
    ax.legend(handles=kinds, loc="upper right")
    words = "; ".join(f"{year}: {mass.loc[year, 'documented_recycled']:.1f} of {mass.loc[year, 'generated']:.0f} Mt" for year in mass.index)
    return _picture(
        fig, f"Electronic waste of the world, documented as recycled. {words}.", rows, "The world's electronic waste", "million tonnes"
    )


def _picture(figure: plt.Figure, words: str, rows: pd.DataFrame, title: str, unit: str) -> Picture:
    png, whole = show(figure, words, rows, title=title, unit=unit, give=True)
    return Picture(png, whole, sources_of(rows).to_dict("records"))


FIGURES: dict[str, Callable[[], Picture]] = {one.__name__: one for one in (electrical_and_energy, computer, materials)}


@cache
def picture(name: str) -> Picture:
    """Return the figure of a case."""
    with plt.rc_context():
        house_style()
        return FIGURES[name]()


# the cases


def faults(name: str, case: Case) -> list[str]:
    """Return what a case names that does not exist, and a claim that stands on the wrong side or has no verdict."""
    lines = [] if name in FIGURES else [f"there is no figure {name!r} in course/make/cases.py.{nearest(name, list(FIGURES))}"]
    table = ledger().set_index("claim")
    for side, said in (("critic", case.critic), ("promoter", case.promoter)):
        if said.claim not in table.index:
            lines.append(f"there is no claim {said.claim!r}.{nearest(said.claim, list(table.index))}")
        elif table.loc[said.claim, "side"] != side or pd.isna(table.loc[said.claim, "verdict"]):
            lines.append(f"{said.claim} is not a {side}'s claim with a verdict")
    return [f"course/guide/cases.yml: {name}: {line}" for line in lines]


def read_cases(text: str) -> dict[str, Case]:
    """Return {name: case}, in the order of the text. Raise LessonError, with a line for each fault, where something is wrong."""
    try:
        found = TypeAdapter(dict[str, Case]).validate_python(filled_in(yaml.safe_load(text)))
    except (yaml.YAMLError, ValidationError) as error:
        raise LessonError(f"course/guide/cases.yml: {error}") from None
    if lines := [line for name, case in found.items() for line in faults(name, case)]:
        raise LessonError("\n".join(lines))
    return found


@cache
def cases() -> dict[str, Case]:
    """Return the cases of the guide, {name: case}. Raise LessonError where one names something that does not exist."""
    return read_cases(CASES.read_text(encoding="utf-8"))
