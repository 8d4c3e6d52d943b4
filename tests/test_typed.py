"""What a person may type where a number, a whole number, a name, a word or a table is asked for."""

from __future__ import annotations

import html
import re
import string
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from course import (
    CourseError,
    check,
    claim,
    describe,
    draw_counts,
    draw_ranges,
    emissions,
    footprint,
    hint,
    load,
    my_table,
    outcome,
    predict,
    stance,
    typed,
    verdict,
)
from course.messages import MESSAGES

COURSE = Path(typed.__file__).parent


@pytest.mark.parametrize("value", [2, 2.0, np.int64(2), np.float32(2), Decimal(2), Fraction(2), pd.array([2], dtype="Int64")[0]])
def test_any_finite_number_is_one(value):
    assert typed.number(value, "answer") == 2.0
    assert type(typed.number(value, "answer")) is float
    assert typed.whole(value, "answer") == 2
    assert type(typed.whole(value, "answer")) is int


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "is None"),
        (pd.NA, "NaN"),
        (pd.NaT, "NaN"),
        (float("nan"), "NaN"),
        (float("-inf"), "infinite"),
        (True, "comparison"),
        (np.bool_(False), "comparison"),
        ("2", "you gave text: '2'"),
        (b"2", "bytes"),
        (np.bytes_(b"2"), "bytes"),
        (np.ma.masked, "NaN"),
        (np.array([True])[0], "comparison"),
        (np.datetime64("2026-01-01"), "datetime64"),
        (type("Odd", (), {"__float__": lambda self: 1.0})(), "Odd"),
        (max, "parentheses"),
        (1j, "complex"),
        (10**400, "int"),
        ([2], "1 of them (list)"),
        (pd.Series([1, 2]), "2 of them (Series)"),
        (pd.DataFrame(), "0 of them (DataFrame)"),
        (pd.Timestamp(2026, 1, 1), "Timestamp"),
        ({}, "dict"),
        (set(), "set"),
        (object(), "object"),
    ],
)
def test_what_is_no_number_gets_a_sentence(value, words):
    with pytest.raises(CourseError) as caught:
        typed.number(value, "answer")
    assert words in str(caught.value)
    with pytest.raises(CourseError):
        typed.whole(value, "answer")


def test_a_sentence_is_the_most_precise_that_its_family_has():
    with pytest.raises(CourseError, match="more than 0 and at most 24; you gave '8'"):
        typed.number("8", "pay_hours", above=0, most=24)
    with pytest.raises(CourseError, match="cannot be negative; you gave -2"):
        typed.number(-2, "pay_amount", least=0)


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        ({"least": 0}, [0, 1e9], [-1e-9]),
        ({"above": 0}, [1e-9], [0, -1]),
        ({"most": 31}, [31, -5], [31.001]),
        ({"least": 1, "most": 1}, [1], [0, 2]),
    ],
)
def test_bounds_are_inside_but_for_above(limits, good, bad):
    for value in good:
        assert typed.number(value, "pay_days", **limits) == value
    for value in bad:
        with pytest.raises(CourseError):
            typed.number(value, "pay_days", **limits)


def test_a_part_is_no_whole_number():
    with pytest.raises(CourseError, match=r"you gave 2022\.5"):
        typed.whole(2022.5, "pay_year")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (..., "the three dots"),
        ("a", "'a'"),
        (2.5, "2.5"),
        (None, "None"),
        ([1], "a list"),
        (pd.Index([1]), "an Index"),
        pytest.param(10**5000, "an int", id="huge"),
        ("x" * 300, repr("x" * 40 + "…")),
        ("*bold*", "`'*bold*'`"),
        ("<b>", "`'<b>'`"),
        ("a `b`", "`` 'a `b`' ``"),
        (pd.DataFrame(), "a DataFrame"),
    ],
)
def test_what_was_given_is_shown_in_a_few_words(value, text):
    assert typed.shown(value) == text


def test_a_word_is_found_whatever_its_capitals_and_spaces():
    assert typed.choice(" united  STATES", ["Ireland", "United States"], "pay_country") == "United States"
    with pytest.raises(CourseError, match="Did you mean 'Ireland'"):
        typed.choice("Irland", ["Ireland"], "pay_country")
    with pytest.raises(CourseError, match="no country a list"):
        typed.choice(["Ireland"], ["Ireland"], "pay_country")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("USA", "United States"),
        ("u.s.", "United States"),
        ("UK", "United Kingdom"),
        ("RDC", "DR Congo"),
        ("DRC", "DR Congo"),
        ("UAE", "United Arab Emirates"),
    ],
)
def test_a_country_may_be_called_by_its_usual_aliases(said, name):
    known = ["DR Congo", "Tunisia", "Ukraine", "United Arab Emirates", "United Kingdom", "United States"]
    assert typed.choice(said, known, "carbon_country") == name
    assert emissions(1, said, 2024) == emissions(1, name, 2024)
    with pytest.raises(CourseError):
        typed.choice(said, ["Tunisia"], "carbon_country")


def test_an_alias_names_a_country_of_the_tables_or_none():
    tables = set(load("grid_carbon")["country"]) | set(load("purchasing_power")["country"])
    assert set(typed.ALIASES.values()) <= tables
    assert not {name.lower() for name in tables} & set(typed.ALIASES) - {"dr congo"}


# numbers as people type them


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("72.7", [72.7]),
        ("72,7", [72.7]),
        (" 72.7 % ", [72.7]),
        ("72.7%", [72.7]),
        ("-21,4", [-21.4]),
        ("−3,5", [-3.5]),
        ("+8", [8]),
        (".5", [0.5]),
        ("0,629", [0.629]),
        ("0.629", [0.629]),
        ("59,000", [59, 59_000]),
        ("59.000", [59, 59_000]),
        ("59 000", [59_000]),
        ("59\u00a0000", [59_000]),
        ("59\u202f000", [59_000]),
        ("59'000", [59_000]),
        ("59_000", [59_000]),
        ("1 234,5", [1234.5]),
        ("1\u202f234,5", [1234.5]),
        ("1.234,5", [1234.5]),
        ("1,234.5", [1234.5]),
        ("1,234,567", [1_234_567]),
        ("1.234.567", [1_234_567]),
        ("1234,567", [1234.567]),
        ("2.9e3", [2900]),
        ("2,9E3", [2900]),
        ("3120 yuan", [3120]),
        ("3120 Yuan", [3120]),
        ("3120 USD", []),
        ("1,2,3", []),
        ("1 23", []),
        ("12..5", []),
        ("two", []),
        ("", []),
        ("nan", []),
        ("inf", []),
        ("1e999", []),
        ("9" * 100, []),
    ],
)
def test_a_number_is_read_as_people_type_it(text, numbers):
    assert typed.readings(text, "yuan") == numbers


@pytest.mark.parametrize(
    ("value", "near", "number"),
    [
        ("59,000", 58_200, 59_000),
        ("59,000", 60, 59),
        ((59, 0), 58_200, 59_000),
        ((72, 7), None, 72.7),
        ((0, 25), None, 0.25),
        ((-21, 4), None, -21.4),
        ((1, 234, 567), None, 1_234_567),
        ((1, 234), 1200, 1234),
        ((1, 234), 1.2, 1.234),
    ],
)
def test_of_two_readings_the_size_of_the_answer_chooses(value, near, number):
    assert typed.number(value, "answer", text=True, near=near) == number


@pytest.mark.parametrize("value", ["59,000", (59, 0), (1, 234), "1.234"])
@pytest.mark.parametrize("near", [None, 1e9])
def test_what_nothing_settles_is_asked_back_with_both_readings(value, near):
    with pytest.raises(CourseError, match=r"may be (59 or 59000|1\.234 or 1234)"):
        typed.number(value, "answer", text=True, near=near)


@pytest.mark.parametrize("value", [(1, 2.5), (1, True), (1, 2, 3), (1, -2), (10**5000, 1)])
def test_parts_that_are_no_digits_of_one_number_get_a_sentence(value):
    with pytest.raises(CourseError, match="several numbers"):
        typed.number(value, "answer", text=True)


@given(st.text(alphabet="0123456789.,' -+eE%\u202f", max_size=70))
def test_any_digits_are_read_or_are_none(text):
    assert all(np.isfinite(one) for one in typed.readings(text))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("because", False),
        ("because because because", False),
        ("no", False),
        ("", False),
        (None, False),
        (3, False),
        ("it counts mines", True),
    ],
)
def test_a_reason_is_a_sentence(text, is_one):
    assert bool(typed.reason(text)) is is_one


@pytest.mark.parametrize("text", ["plain words, here", "<script>alert(1)</script>", "**bold** _it_ [a](b) `c`", "a\nb", "5 < 6 & 7"])
def test_escaped_words_are_read_as_typed(text):
    """Rendered, what was escaped is the text again, letter for letter, on one line."""
    shown = MarkdownIt("commonmark").render(typed.escaped(text))
    assert html.unescape(re.sub("</?p>", "", shown)).strip() == " ".join(text.split())


def test_a_long_list_of_known_words_is_cut():
    assert typed.some(["a", "b"]) == "a, b"
    assert typed.some([f"word {number}" for number in range(100)], 20) == "word 0, word 1 and 98 more"


# a name that is no text, wherever notebooks ask for one

NO_NAMES = [None, 3, ["a"], {"a"}, {"a": 1}, pd.DataFrame({"a": [1]}), np.array(["a", "b"]), ..., "x" * 5000]


@pytest.mark.parametrize(
    "call",
    [
        check,
        claim,
        hint,
        describe,
        load,
        my_table,
        stance,
        verdict,
        lambda name: predict(name, 3),
        lambda name: predict(name, ...),
        lambda name: outcome(name, 3),
        lambda name: footprint.change(load("footprint_inputs"), name, value=1),
        lambda name: footprint.tornado(load("footprint_inputs"), name),
    ],
)
def test_a_name_that_is_none_gets_a_sentence(call, said):
    for name in NO_NAMES:
        with pytest.raises(CourseError) as caught:
            call(name)
        assert "between quotes" in str(caught.value) or "characters" in str(caught.value), name


# tables and axes

RANGES = pd.DataFrame({"who": ["a"], "low": [1.0], "high": [2.0], "value": [1.5]})


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (RANGES.drop(columns="low"), "needs the column low; the table has: who, high, value"),
        (RANGES.rename(columns={"who": "name"}), "needs the column who"),
        (RANGES.assign(high="2"), "draws numbers; the column high"),
        (RANGES.head(0), "no row to draw"),
        (RANGES["low"], "you gave a Series"),
        ([1, 2], "you gave a list"),
        (None, "you gave None"),
    ],
)
def test_draw_ranges_says_what_it_lacks(table, words):
    _, ax = plt.subplots()
    with pytest.raises(CourseError) as caught:
        draw_ranges(ax, table, "who")
    assert words in str(caught.value)
    plt.close("all")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.DataFrame({"right": ["2"]}), "draws numbers; the column right"),
        (pd.DataFrame(), "no row to draw"),
        (pd.Series([1]), "a Series"),
        ([[1]], "a list"),
    ],
)
def test_draw_counts_says_what_it_lacks(table, words):
    _, ax = plt.subplots()
    with pytest.raises(CourseError) as caught:
        draw_counts(ax, table)
    assert words in str(caught.value)
    plt.close("all")


@pytest.mark.parametrize("ax", [None, plt, RANGES, "ax"])
def test_axes_come_first(ax):
    for call in (lambda: draw_ranges(ax, RANGES, "who"), lambda: draw_counts(ax, RANGES[["low"]])):
        with pytest.raises(CourseError, match="takes axes first"):
            call()


def test_a_row_without_any_number_and_a_column_of_blanks_are_no_mistake():
    _, ax = plt.subplots()
    draw_ranges(ax, RANGES.assign(low=None, high=None), "who")
    assert len(ax.lines) == 1
    plt.close("all")


# the message table


def test_every_sentence_is_said_somewhere():
    """A key stands in the code whole, or as the family and the reason of a sentence of typed.py, or after an f-string's prefix."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in [*COURSE.rglob("*.py"), COURSE.parent / "conftest.py"]}
    text = "".join(texts.values()).replace(texts["messages.py"], texts["messages.py"].split("USES =")[1])
    reasons = " kind two none nan bool text comma callable many empty infinite low high range part unknown columns numbers "
    for key in MESSAGES:
        family, _, reason = key.rpartition("_")
        whole = f'"{key}"' in text or f"'{key}'" in text
        made = f" {reason} " in reasons and f'"{family}"' in text
        started = any(f'f"{key[:cut]}{{' in text or f'"{key[:cut]}" +' in text for cut in range(4, len(key)))
        assert whole or made or started, f"nobody says {key}"


def test_every_sentence_can_be_filled():
    for key, sentence in MESSAGES.items():
        fields = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        assert all(name.isidentifier() for name in fields), key
