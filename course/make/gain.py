"""``python -m course gain answers.csv``: what a class gained between two sittings of a test, how sure that is, how hard each item was.

The test is ``guide/test.csv``: two parallel forms, A and B, of ten items. ``answers.csv`` has a line for each sitting of each learner:
``learner`` (a code that only the learner knows), ``time`` (before or after), ``form`` (A or B) and ``q1`` to ``q10`` (a, b, c, d or
nothing). An empty answer counts as not right. The gain is that of the learners who sat both; its uncertainty is a bootstrap over them:
they are drawn again, with replacement, DRAWS times from a fixed seed, and the middle 95 % of the mean gains are told.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from ..messages import CourseError, nearest, say
from .sessions import GUIDE

ITEMS = [f"q{number}" for number in range(1, 11)]
HEAD = ["learner", "time", "form", *ITEMS]
TIMES = ("before", "after")
LETTERS = ("a", "b", "c", "d")
FEWEST = 8  # learners who sat both: with fewer, no interval is told
DRAWS, SEED = 10_000, 20261127


def items() -> pd.DataFrame:
    """Return the test: form, item (a whole number), skill, side, claim, given, question, a, b, c, d, key."""
    return pd.read_csv(GUIDE / "test.csv", dtype=str, encoding="utf-8", keep_default_na=False).astype({"item": int})


def _text(path: Path) -> str:
    if not path.is_file():
        raise CourseError(say("gain_no_file", file=path))
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError(say("gain_not_utf8", file=path)) from None


def read_answers(path: Path) -> pd.DataFrame:
    """Return the answers: learner, time, form and q1 to q10, tidied. Raise CourseError, with the line, where something is odd.

    The cells may be separated by a comma or a semicolon, as spreadsheets write them.
    """
    lines = _text(path).splitlines()
    between = ";" if lines and ";" in lines[0] else ","
    rows = [(number, row) for number, row in enumerate(csv.reader(lines, delimiter=between), start=1) if any(cell.strip() for cell in row)]
    head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if missing := [name for name in HEAD if name not in head]:
        raise CourseError(say("gain_head", file=path.name, missing=", ".join(missing), head=between.join(HEAD)))
    if len(rows) == 1:
        raise CourseError(say("gain_empty", file=path.name))
    table, places = [], {}
    for number, row in rows[1:]:
        said = {name: cell.strip() for name, cell in zip(head, row, strict=False)}
        one = {name: said.get(name, "") for name in HEAD}
        one |= {name: one[name].lower() for name in ("time", *ITEMS)} | {"form": one["form"].upper()}
        _refuse(one, path.name, number)
        key = (one["learner"], one["time"])
        if key in places:
            raise CourseError(say("gain_twice", file=path.name, line=number, learner=key[0], time=key[1], first=places[key]))
        places[key] = number
        table.append(one)
    return pd.DataFrame(table, columns=HEAD)


def _refuse(one: dict[str, str], file: str, line: int) -> None:
    """Raise CourseError for the first cell of a line that cannot be read."""
    if not one["learner"]:
        raise CourseError(say("gain_no_learner", file=file, line=line))
    for name, allowed in (("time", TIMES), ("form", ("A", "B")), *((item, ("", *LETTERS)) for item in ITEMS)):
        if one[name] not in allowed:
            words = ", ".join(word for word in allowed if word)
            close = nearest(one[name], list(allowed)) if name == "time" else ""
            raise CourseError(say("gain_cell", file=file, line=line, column=name, value=one[name], words=words, nearest=close))


def marked(answers: pd.DataFrame) -> pd.DataFrame:
    """Return one row per learner, sitting and item: learner, time, form, item, skill, side, claim, right (1 or 0), blank (a boolean)."""
    long = answers.melt(id_vars=["learner", "time", "form"], value_vars=ITEMS, var_name="item", value_name="said")
    long["item"] = long["item"].str[1:].astype(int)
    long = long.merge(items()[["form", "item", "skill", "side", "claim", "key"]], on=["form", "item"], validate="many_to_one")
    long["right"], long["blank"] = (long["said"] == long["key"]).astype(int), long["said"] == ""
    return long.drop(columns=["said", "key"])


def paired(long: pd.DataFrame) -> pd.DataFrame:
    """Return the learners who sat both: one row each, before and after in items right of ten."""
    points = long.pivot_table(index="learner", columns="time", values="right", aggfunc="sum").reindex(columns=list(TIMES))
    return points.dropna().astype(int)


def interval(gains: np.ndarray) -> tuple[float, float]:
    """Return the middle 95 % of the mean gains of DRAWS classes drawn again from these learners, with a fixed seed."""
    drawn = np.random.default_rng(SEED).choice(gains, size=(DRAWS, len(gains)))
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def difficulty(long: pd.DataFrame) -> pd.DataFrame:
    """Return one row per item that was sat: form, item, skill, side, claim, the share right (in %) and the sittings, before and after."""
    found = long.groupby(["form", "item", "skill", "side", "claim", "time"])["right"].agg(["mean", "size"]).unstack("time")
    table = pd.DataFrame(index=found.index)
    for time in TIMES:
        known = ("mean", time) in found
        table[time] = 100 * found["mean", time] if known else np.nan
        table[f"sat_{time}"] = found["size", time].fillna(0).astype(int) if known else 0
    return table.reset_index()


def report(answers: pd.DataFrame) -> str:
    """Return what the answers say: the gain with its uncertainty, the same by side, and how hard each item was."""
    long = marked(answers)
    both = paired(long)
    sat = {time: int((answers["time"] == time).sum()) for time in TIMES}
    lines = [say("gain_sat", both=len(both), **sat)]
    if blanks := int(long["blank"].sum()):
        lines.append(say("gain_blank", count=blanks, total=len(long)))
    if both.empty:
        lines.append(say("gain_no_pair"))
    else:
        gains = (both["after"] - both["before"]).to_numpy()
        means = {time: f"{both[time].mean():.2f}" for time in TIMES}
        lines.append(say("gain_points", gain=f"{gains.mean():+.2f}", **means))
        if len(gains) < FEWEST:
            lines.append(say("gain_few", count=len(gains), fewest=FEWEST))
        else:
            low, high = interval(gains)
            lines.append(say("gain_interval", low=f"{low:+.1f}", high=f"{high:+.1f}", draws=f"{DRAWS:,}", seed=SEED))
            lines.append(say("gain_none" if low <= 0 <= high else "gain_some" if low > 0 else "gain_lost"))
        inside = long[long["learner"].isin(both.index)]
        shares = 100 * inside.groupby(["side", "time"])["right"].mean().unstack("time")
        lines += [say("gain_side", side=row.Index, before=f"{row.before:.0f}", after=f"{row.after:.0f}") for row in shares.itertuples()]
        lines.append(_order(answers[answers["learner"].isin(both.index)]))
    lines += ["", say("gain_items"), _items(difficulty(long))]
    return "\n".join(lines)


def _order(answers: pd.DataFrame) -> str:
    """Return a sentence on which form was sat first: only if half had A first and half B is the gain free of the forms' own difficulty."""
    forms = answers.pivot(index="learner", columns="time", values="form")
    same = int((forms["before"] == forms["after"]).sum())
    first = int(((forms["before"] == "A") & (forms["after"] == "B")).sum())
    other = len(forms) - same - first
    even = not same and abs(first - other) <= max(1, len(forms) // 5)
    return say("gain_even" if even else "gain_uneven", first=first, other=other, same=same)


def _items(table: pd.DataFrame) -> str:
    def share(value: float, sat: int) -> str:
        return f"{value:.0f} % of {sat}" if sat else "-"

    rows = [("item", "before", "after", "side", "skill", "claim")]
    rows += [
        (f"{row.form}{row.item}", share(row.before, row.sat_before), share(row.after, row.sat_after), row.side, row.skill, row.claim)
        for row in table.itertuples()
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def main(arguments: list[str] | None = None) -> int:
    """Read the answers and print the gain; return 0, or 2 where the file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m course gain", description="What a class gained between the two forms of the test, with its uncertainty."
    )
    parser.add_argument("answers", type=Path, help="a CSV file with the columns learner, time (before, after), form (A, B), q1 to q10")
    options = parser.parse_args(arguments)
    try:
        print(report(read_answers(options.answers)))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
