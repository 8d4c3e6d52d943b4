"""What people type, as odd as it comes: some 4,000 calls of the public functions, each with something wrong in it.

Every call ends in a value that is right, or in one sentence of at most 400 characters: never a traceback, never a wrong value in silence.
``python tests/test_odd_values.py`` prints the counts; with ``--all``, of every argument with every value of the list.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import random
import sys
import tempfile
import warnings
from collections import Counter

import hypothesis
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

import course
from course import CourseError, claims, data, exercises, figures, footprint, messages, own, work

EACH = 145  # calls of one function, with 28 of them 4,060: most with a value of the list below, the others as Hypothesis makes them
MADE = 45
LONGEST = 400


class Stubborn:
    """An object that answers nothing."""

    def __repr__(self):
        raise ValueError("no name")

    __str__ = __float__ = __len__ = __eq__ = __bool__ = __iter__ = __repr__
    __hash__ = object.__hash__


LOOP: list = []
LOOP.append(LOOP)
FRAME = pd.DataFrame({"value": [1.0, 2.0], "low": [0, 1], "high": [2, 3], "source": ["a", "b"], "who": ["x", "y"]})

# What is no number, no text and no table, whatever is asked for.
NOTHING = [
    None, True, False, np.True_, b"0.225", bytearray(b"1"), memoryview(b"1"), 1 + 2j, np.complex128(1), float("nan"), float("inf"),
    -float("inf"), np.float32("nan"), np.float16("inf"), decimal.Decimal("NaN"), decimal.Decimal("sNaN"), decimal.Decimal("Infinity"),
    pd.NA, pd.NaT, np.datetime64("2020-01-01"), np.timedelta64(3, "D"), datetime.date(2020, 1, 1), pd.Timestamp("2020"), pd.Interval(0, 1),
    np.ma.masked_array([0.225], mask=[True]), np.ma.masked, np.ma.masked_array([1.0, 2.0]), object(), Stubborn, Stubborn(), print,
    lambda: 1, math, ValueError("x"), range(10**6), iter([1]), LOOP, [], (), {}, set(), frozenset({1, 2}), [1, 2], ["a", "b"], [None],
    {"a": 1}, {1: 2}, {"a": LOOP}, np.array([]), np.array([1.0, 2.0]), np.array([[1.0]]), np.array(["a"], dtype=object),
    np.zeros((0, 3)), pd.Series(dtype=float), pd.Series([1.0, 2.0]), pd.Series(["a", None]), pd.DataFrame(), FRAME.iloc[:0], FRAME[["who"]],
    pd.DataFrame({1: [1]}), pd.DataFrame([[1, 2]], columns=["a", "a"]), 10**400, -(10**400), 1e308, -1e308, 10**30, -1e300,
    "", " ", "...", "\0", "\n", "\ud83d", "a\ud83d", "x" * 100_000, "\u202e", "%", "'", "{name}", "{0}", "nan", "inf", "-", ".", "\u200b",
    "javascript:alert(1)", "../../etc/passwd", "/dev/zero", "/", "~", "=1+1", "1e999", "1_0", "0x10", "<b>", "a" * 201,
]  # fmt: skip
ODD = st.one_of(
    st.sampled_from(range(len(NOTHING))).map(NOTHING.__getitem__),
    st.floats(),
    st.integers(),
    st.text(st.characters(), max_size=20),
    st.binary(max_size=5),
    st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=3), st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
)


# what may be accepted, by the kind of an argument


def is_number(value) -> bool:
    """Finite, and no boolean; one number in a list is one number; digits between quotes are one too, with spaces or a comma in them."""
    if isinstance(value, (np.ma.MaskedArray, bool, np.bool_)):
        return False
    if isinstance(value, (list, tuple, np.ndarray, pd.Series)) and len(value) == 1:
        return is_number(value[0] if isinstance(value, (list, tuple)) else np.asarray(value).ravel()[0])
    if isinstance(value, str):
        kept = "".join(value.replace("%", "").split()).replace(",", "").replace("_", "")
        return kept.replace(".", "", 1).replace("-", "").replace("−", "").replace("+", "").replace("e", "", 1).isdecimal()
    if isinstance(value, (int, float, np.integer, np.floating, decimal.Decimal, fractions.Fraction)):
        value = float(value) if isinstance(value, np.floating) else value
        return bool(abs(value) <= 1e15)  # false for NaN; an error for the one that signals
    return False


def is_text(value) -> bool:
    return isinstance(value, str) and any(letter.isalpha() for letter in value)


def is_name(value) -> bool:
    return isinstance(value, str) and any(letter.isalnum() for letter in value)


def nothing(value) -> bool:
    """No odd value at all is right here."""
    return False


def is_year(value) -> bool:
    return is_number(value) and not isinstance(value, str) and float(np.ravel(value)[0]) % 1 == 0


def optional(kind):
    return lambda value: value is None or kind(value)


def is_seed(value) -> bool:
    return not isinstance(value, str) and (is_number(value) or isinstance(value, (int, float))) and value % 1 == 0 and 0 <= value <= 2**63


def is_points(value) -> bool:
    return isinstance(value, (list, tuple, np.ndarray, pd.Series)) and len(value) > 0 and all(map(is_number, value))


# the functions: how one is called rightly, and what each argument may be


def claim_fields():
    return {
        "name": "my-claim", "statement": "It drinks.", "speaker": "A paper", "year": 2025, "said_in": "its page", "side": "critic",
        "test_with": "Litres.",
    }  # fmt: skip


def axes():
    return plt.figure(figsize=(2, 2)).add_subplot()


def ranges_table():
    return FRAME.assign(label=["a", "b"])


def counts_table():
    return footprint.ranges(footprint.three_ledgers(footprint.central(INPUTS)))


INPUTS = data.load("footprint_inputs")
ROWS = data.load("cobalt_price")
CALLS = {
    "load": (
        course.load,
        {"name": lambda: "cobalt_price"},
        {"name": nothing},
    ),
    "describe": (
        course.describe,
        {"name": lambda: "cobalt_price"},
        {"name": nothing},
    ),
    "cite": (
        lambda rows: course.cite(rows),
        {"rows": lambda: ROWS},
        {"rows": lambda value: isinstance(value, pd.DataFrame) and "source" in value and not len(value)},
    ),
    "claim": (
        course.claim,
        {"name": lambda: "cobalt-drc-60pct"},
        {"name": nothing},
    ),
    "statements": (
        course.statements,
        {"names": lambda: ["cobalt-drc-60pct"]},
        {"names": nothing},
    ),
    "ledger": (
        course.ledger,
        {"names": lambda: ["cobalt-drc-60pct"]},
        {"names": lambda value: value is None},
    ),
    "verdict": (
        course.verdict,
        {"name": lambda: "cobalt-drc-60pct", "word": lambda: "right", "because": lambda: "It fits."},
        {"name": nothing, "word": nothing, "because": is_text},
    ),
    "predict": (
        course.predict,
        {"name": lambda: "p", "value": lambda: 40, "unit": lambda: ""},
        {"name": is_name, "value": lambda value: is_number(value) or is_text(value), "unit": lambda value: isinstance(value, str)},
    ),
    "outcome": (
        course.outcome,
        {"name": lambda: "p", "actual": lambda: 40, "unit": lambda: ""},
        {"name": is_name, "actual": lambda value: is_number(value) or is_text(value), "unit": lambda value: isinstance(value, str)},
    ),
    "check": (
        course.check,
        {"name": lambda: "start-first-cobalt", "answer": lambda: 12},
        {"name": nothing, "answer": is_number},
    ),
    "check_word": (
        course.check,
        {"name": lambda: "start-boxes", "answer": lambda: {}},
        {"name": nothing, "answer": nothing},
    ),
    "hint": (
        course.hint,
        {"name": lambda: "start-boxes"},
        {"name": nothing},
    ),
    "emissions": (
        course.emissions,
        {"kwh": lambda: 1, "country": lambda: "France", "year": lambda: 2024, "accounting": lambda: "generation"},
        {"kwh": is_number, "country": nothing, "year": nothing, "accounting": nothing},
    ),
    "convert_pay": (
        course.convert_pay,
        {
            "amount": lambda: 2,
            "currency": lambda: "USD",
            "period": lambda: "hour",
            "to_period": lambda: "day",
            "year": lambda: 2022,
            "country": lambda: "Kenya",
            "basis": lambda: "market",
            "hours_per_day": lambda: 8,
            "days_per_month": lambda: 26,
        },
        {
            "amount": is_number,
            "currency": nothing,
            "period": nothing,
            "to_period": lambda value: value is None,
            "year": lambda value: True,
            "country": lambda value: True,
            "basis": nothing,
            "hours_per_day": is_number,
            "days_per_month": is_number,
        },
    ),
    "stance": (
        course.stance,
        {"name": lambda: "s", "text": lambda: "My text.", "most": lambda: 150},
        {"name": is_name, "text": is_text, "most": is_number},
    ),
    "portfolio": (
        course.portfolio,
        {"who": lambda: "Ada", "folder": lambda: FOLDER[-1]},
        {"who": lambda value: is_name(value) or (is_year(value) and 0 <= value <= 10**9), "folder": lambda value: isinstance(value, str)},
    ),
    "my_claim": (
        course.my_claim,
        claim_fields(),
        {field: is_text for field in claim_fields()} | {"side": nothing, "year": is_year},
    ),
    "my_table": (
        course.my_table,
        {"name": lambda: "my_table.csv", "units": lambda: ["minutes a day"]},
        {
            "name": nothing,
            "units": lambda value: isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(one, str) for one in value),
        },
    ),
    "show": (
        course.show,
        {"figure": lambda: axes().figure, "words": lambda: "A line.", "sources": lambda: None},
        {
            "figure": nothing,
            "words": is_text,
            "sources": lambda value: value is None or (isinstance(value, pd.DataFrame) and "source" in value and not len(value)),
        },
    ),
    "label_end": (
        course.label_end,
        {"ax": axes, "x": lambda: [1, 2], "y": lambda: [1, 2], "text": lambda: "end", "colour": lambda: "#000000", "dy": lambda: 0},
        {"ax": nothing, "x": is_points, "y": is_points, "text": is_text, "colour": nothing, "dy": is_number},
    ),
    "draw_ranges": (
        course.draw_ranges,
        {"ax": axes, "table": ranges_table, "labels": lambda: "label", "colour": lambda: "#000000"},
        {"ax": nothing, "table": nothing, "labels": nothing, "colour": nothing},
    ),
    "draw_counts": (
        course.draw_counts,
        {"ax": axes, "table": counts_table},
        {"ax": nothing, "table": nothing},
    ),
    "change": (
        footprint.change,
        {"inputs": lambda: INPUTS, "name": lambda: "pue", "value": lambda: 1.2, "low": lambda: None, "high": lambda: None},
        {"inputs": nothing, "name": nothing, "value": is_number, "low": optional(nothing), "high": optional(nothing)},
    ),
    "at_grid": (
        footprint.at_grid,
        {"inputs": lambda: INPUTS, "country": lambda: "France", "year": lambda: 2024, "accounting": lambda: "consumption"},
        {name: nothing for name in ("inputs", "country", "year", "accounting")},
    ),
    "simulate": (
        footprint.simulate,
        {"inputs": lambda: INPUTS, "draws": lambda: 100, "seed": lambda: 7},
        {"inputs": nothing, "draws": lambda value: is_number(value) and value <= 100_000, "seed": is_seed},
    ),
    "three_ledgers": (
        footprint.three_ledgers,
        {"inputs": lambda: footprint.central(INPUTS)},
        {"inputs": nothing},
    ),
    "ranges": (
        footprint.ranges,
        {"results": lambda: footprint.three_ledgers(footprint.central(INPUTS)), "columns": lambda: None},
        {"results": nothing, "columns": lambda value: value is None},
    ),
    "tornado": (
        footprint.tornado,
        {"inputs": lambda: INPUTS, "output": lambda: "carbon_kg", "chance": lambda: 0.05},
        {"inputs": nothing, "output": nothing, "chance": lambda value: is_number(value) and 0 < value < 0.5},
    ),
}
KEPT = {
    "predict": "prediction",
    "outcome": "outcome",
    "verdict": "verdict",
    "stance": "stance",
}  # what a call that believed its values keeps
FOLDER: list[str] = []


def judge(name: str, arguments: dict, odd: set[str]) -> tuple[str, str]:
    """Call a function; return (sentence, returned, raw, silent or long, what happened)."""
    function, usual, kinds = CALLS[name]
    heard: list[tuple[str, dict]] = []
    for module in (data, exercises, claims, figures, messages, own, work):
        if hasattr(module, "tell"):
            module.tell = lambda text, record=None, **_: heard.append((text, record or {}))
    exercises._session.clear()
    if name == "outcome":
        exercises.keep("prediction", "p", 40)
    if name == "portfolio":
        exercises.keep("stance", "s", "My text.")
    claims.OWN_CLAIMS.clear()
    data.OWN_SOURCES.clear()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            result = function(**{each: arguments[each] for each in usual})
    except CourseError as error:
        return ("long" if len(str(error)) > LONGEST else "sentence"), str(error)
    except Exception as error:
        return "raw", f"{type(error).__name__}: {str(error)[:120]}"
    finally:
        plt.close("all")
    believed = result is not None or name in ("label_end", "draw_ranges", "draw_counts", "describe", "cite", "claim", "statements", "hint")
    if name in KEPT:
        believed = any(kind == KEPT[name] for kind, _ in exercises._session)
    if name in ("check", "check_word"):
        believed = any(record.get("right") for _, record in heard)
    if name == "show":
        believed = not heard or "needs the words" not in heard[0][0]
    if name == "my_claim":
        believed = bool(claims.OWN_CLAIMS)
    if name == "portfolio":
        believed = any("**Written:**" in text for text, _ in heard)
    long = [text for text, record in heard if len(text) > LONGEST and not believed and name != "portfolio"]
    if long:
        return "long", long[0]
    if not believed or result is ...:
        return "sentence", heard[0][0] if heard else "..."
    wrong = [each for each in odd if not fits(kinds[each], arguments[each])]
    if name in ("emissions", "convert_pay") and not (isinstance(result, float) and math.isfinite(result)):
        wrong.append("the result")
    return ("silent", ", ".join(wrong)) if wrong else ("returned", "")


def fits(kind, value) -> bool:
    try:
        return bool(kind(value))
    except (ValueError, TypeError, decimal.InvalidOperation, OverflowError, RecursionError):
        return False


def shown(value: object) -> str:
    try:
        return repr(value)[:60]
    except Exception:
        return type(value).__name__


def counts(name: str, each: int = EACH) -> tuple[Counter, list[str]]:
    """Call one function ``each`` times with odd values; return what happened, and the bad calls."""
    found, bad = Counter(), []
    usual = CALLS[name][1]

    def call(odd: dict) -> None:
        arguments = {each: (value() if callable(value) else value) for each, value in usual.items()} | odd
        end, what = judge(name, arguments, set(odd))
        found[end] += 1
        if end not in ("sentence", "returned"):
            given = ", ".join(f"{each}={shown(value)}" for each, value in odd.items())
            bad.append(f"{end}: {name}({given}): {what[:160]}")

    @hypothesis.settings(max_examples=MADE, derandomize=True, deadline=None, database=None, suppress_health_check=[*hypothesis.HealthCheck])
    @hypothesis.given(st.dictionaries(st.sampled_from(sorted(usual)), ODD, min_size=1, max_size=2))
    def made(odd: dict) -> None:
        call(odd)

    here = {module: module.tell for module in (data, exercises, claims, figures, messages, own, work) if hasattr(module, "tell")}
    session = dict(exercises._session)
    with tempfile.TemporaryDirectory() as place:
        FOLDER.append(place)
        try:
            pairs = [(each, value) for each in usual for value in NOTHING]
            random.Random(1).shuffle(pairs)
            for argument, value in pairs[: each - MADE]:
                call({argument: value})
            made()
        finally:
            FOLDER.pop()
            exercises._session.clear()
            exercises._session.update(session)
            for module, tell in here.items():
                module.tell = tell
    return found, bad


@pytest.mark.parametrize("name", CALLS)
def test_odd_values_get_a_sentence_never_a_traceback_and_are_never_believed(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found, bad = counts(name)
    assert not bad, "\n".join([str(dict(found)), *bad[:12]])


if __name__ == "__main__":
    total: Counter = Counter()
    for name in [one for one in sys.argv[1:] if one in CALLS] or CALLS:
        found, bad = counts(name, 100_000 if "--all" in sys.argv else EACH)
        total += found
        print(f"{name:<14}", dict(found), *sorted(set(bad))[:4], sep="\n    " if bad else " ")
    print("all", sum(total.values()), dict(total))
