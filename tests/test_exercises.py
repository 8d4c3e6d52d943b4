"""Predictions and checks: right answers, every declared mistake, and anything a learner may type."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import CourseError, check, exercises, hint, outcome, predict
from course.exercises import KEYS, key

RECORDS = {name: record for path in sorted(KEYS.glob("*.json")) for name, record in json.loads(path.read_text(encoding="utf-8")).items()}
NUMBERS = [name for name, record in RECORDS.items() if record["kind"] == "number"]
MAPPINGS = [name for name, record in RECORDS.items() if record["kind"] == "mapping"]
SHARE = {
    "name": "share", "kind": "number", "answer": 0.25, "tolerance": 0.005, "unit": "fraction", "right": "A quarter.",
    "mistakes": [[0.3333333333, "You divided by the others."]], "hints": ["First.", "Second."],
}  # fmt: skip
MASS = SHARE | {"name": "mass", "answer": -1200.0, "unit": "t", "mistakes": []}
PERCENT = SHARE | {"name": "percent", "answer": 25.0, "unit": "%", "mistakes": []}
WORD = {
    "name": "word", "kind": "word", "answer": "artefact", "choices": ["fall", "artefact"], "right": "Yes.",
    "mistakes": [["fall", "Nobody dug less."]], "hints": [], "unit": "",
}  # fmt: skip
BOXES = {
    "name": "boxes", "kind": "mapping", "answer": {"a": "labour", "b": "data"}, "choices": ["labour", "data"],
    "notes": {"a": "Someone is paid."}, "right": "All.", "hints": [], "unit": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def toys(monkeypatch):
    """Five exercises of known answer beside the course's own."""
    known = {record["name"]: record for record in (SHARE, MASS, PERCENT, WORD, BOXES)}
    real = exercises._record
    monkeypatch.setattr(exercises, "_record", lambda name: known[name] if isinstance(name, str) and name in known else real(name))


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("share", ..., "Not answered yet"),
        ("share", "", "Not answered yet"),
        ("share", 0.25, "**Right.** A quarter."),
        ("share", np.float32(0.25), "**Right.**"),
        ("share", Decimal("0.25"), "**Right.**"),
        ("share", 1 / 3, "You divided by the others"),
        ("share", 25, "divide by 100"),
        ("share", 4, "upside down"),
        ("share", -0.25, "sign"),
        ("share", 0.26, "within 5 %"),
        ("share", 0.9, "none of the usual mistakes"),
        ("share", None, "is None"),
        ("share", float("nan"), "NaN"),
        ("share", np.nan, "NaN"),
        ("share", pd.NA, "NaN"),
        ("share", pd.NaT, "NaN"),
        ("share", float("inf"), "infinite"),
        ("share", 10**400, "you gave int"),
        ("share", "0,25", "after a point: 0.25"),
        ("share", "0.25", "Take off the quotes"),
        ("share", "a quarter", "Take off the quotes"),
        ("share", True, "a comparison"),
        ("share", np.bool_(True), "a comparison"),
        ("share", [0.1, 0.2], "2 of them (list)"),
        ("share", [], "empty list"),
        ("share", np.array([0.25]), "one value; its value was taken.) **Right.**"),
        ("share", pd.Series([0.25]), "(You gave a Series with one value"),
        ("share", pd.Series([0.25, 0.5]), "2 of them (Series)"),
        ("share", pd.Series([None]), "is None"),
        ("share", pd.DataFrame({"a": [1, 2]}), "2 of them (DataFrame)"),
        ("share", pd.DataFrame(), "empty DataFrame"),
        ("share", {0.25}, "1 of them (set)"),
        ("share", {"a": 0.25}, "1 of them (dict)"),
        ("share", max, "add the parentheses"),
        ("share", 1j, "you gave complex"),
        ("share", object(), "you gave object"),
        ("mass", -1_200_000, "thousand times too high"),
        ("mass", -1.2, "thousand times too low"),
        ("percent", 0.25, "multiply by 100"),
        ("word", "Artefact ", "**Right.**"),
        ("word", "fall", "Nobody dug less"),
        ("word", "rise", "'rise' is not one of the choices: fall, artefact"),
        ("word", 3, "a word between quotes; you gave int"),
        ("boxes", {"a": "labour", "b": "Data"}, "**2 of 2.**"),
        ("boxes", {"a": "data", "b": "data"}, "Someone is paid."),
        ("boxes", {"a": "labour", "b": "labour"}, "Look at the table again."),
        ("boxes", {"a": "labour", "b": "oil"}, "'oil' is not one of the choices"),
        ("boxes", {"a": "labour", "b": ...}, "1 of 2 still to do (b)"),
        ("boxes", {"a": "labour"}, "1 of 2 still to do (b)"),
        ("boxes", pd.Series({"a": "labour", "b": "data"}), "**2 of 2.**"),
        ("boxes", "labour", "Give a dictionary"),
    ],
)
def test_check_answers_in_a_sentence(name, answer, words, said):
    assert check(name, answer) is None
    assert len(said) == 1
    assert words in said[0]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary() | st.dates() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=6,
)


@given(answer=anything)
@pytest.mark.parametrize("name", ["share", "mass", "word", "boxes"])
def test_check_never_breaks_on_anything(name, answer):
    heard = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exercises, "tell", lambda text, record=None, state="", html="": heard.append(text))
        check(name, answer)
        predict("anything", answer, unit="%")
        predict("anything", answer)
        outcome("anything", 12.5)
    assert len(heard) == 4
    assert all(isinstance(text, str) and text for text in heard)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).filter(lambda x: abs(x - 0.25) > 0.00126))
def test_only_the_right_number_is_right(number):
    assert not exercises._diagnose(number, SHARE)[0]


def test_an_unknown_exercise_answers_with_the_nearest(said):
    with pytest.raises(CourseError, match="There is no exercise called"):
        check("no-such-exercise", 1)
    with pytest.raises(CourseError, match=f"Did you mean '{NUMBERS[0]}'"):
        check(NUMBERS[0][:-1], 1)


def test_hints_come_one_by_one(said):
    for _ in range(3):
        hint("share")
    hint("word")
    assert said == [
        "*Hint 1 of 2.* First.",
        "*Hint 2 of 2.* Second. That was the last one.",
        "*Hint 2 of 2.* Second. That was the last one.",
        "There is no hint for `word`.",
    ]


# the course's own exercises


@pytest.mark.parametrize("name", NUMBERS)
def test_the_stored_answer_is_right_and_each_mistake_is_named(name, said):
    record = RECORDS[name]
    check(name, record["answer"])
    assert said[-1] == f"**Right.** {record['right']}"
    assert record["right"], "a right answer deserves a sentence"
    assert record["hints"], "an exercise has at least one hint"
    for value, message in record["mistakes"]:
        check(name, value)
        assert said[-1] == f"**Not yet.** {message}"


@pytest.mark.parametrize("name", MAPPINGS)
def test_the_stored_classification_is_right_and_each_entry_has_its_remark(name, said):
    record = RECORDS[name]
    check(name, record["answer"])
    assert said[-1].startswith(f"**{len(record['answer'])} of {len(record['answer'])}.**")
    for item, truth in record["answer"].items():
        other = next(choice for choice in record["choices"] if choice != truth)
        check(name, record["answer"] | {item: other})
        assert record["notes"][item] in said[-1]


def test_a_key_refuses_a_mistake_that_looks_right():
    with pytest.raises(CourseError, match="too near"):
        key("x", 10.0, mistakes=[(10.01, "Nearly.")])
    with pytest.raises(CourseError, match="too near"):
        key("x", 10.0, mistakes=[(20, "Twice."), (20.01, "Twice too.")])


# predictions


def test_a_prediction_is_kept_and_shown_against_the_result(said):
    outcome("drc", 70, "%")
    predict("drc", ..., unit="%")
    predict("drc", 60, unit="%")
    outcome("drc", 70, "%")
    predict("drc", 80, unit="%")
    outcome("drc", 70, "%")
    predict("drc", 71, unit="%")
    outcome("drc", 70, "%")
    assert "made no prediction" in said[0]
    assert "No prediction yet" in said[1]
    assert "you say **60 %**" in said[2]
    assert "too low by 10 points" in said[3]
    assert "too high by 10 points" in said[5]
    assert "as near as makes no difference" in said[7]


def test_near_is_within_a_twentieth_of_the_size_of_the_answer_below_zero_too(said):
    for guess in (-100, -95, -105, -94, -106, 100):
        predict("loss", guess, unit="t")
        outcome("loss", -100, "t")
    words = [text.split(": ")[-1] for text in said[1::2]]
    assert ["as near" in word for word in words] == [True, True, True, False, False, False]
    assert "too high by 6 t" in said[7]
    assert "too low by 6 t" in said[9]


@pytest.mark.parametrize("actual", [None, [1, 2], float("nan")])
def test_an_outcome_that_is_no_number_gets_a_sentence(actual):
    with pytest.raises(CourseError):
        outcome("drc", actual, "%")


def test_a_classification_half_done_is_kept_and_an_empty_one_is_not(said):
    check("boxes", {"a": ..., "b": ""})
    assert ("answer", "boxes") not in exercises._session
    check("boxes", {"a": "labour", "b": ...})
    assert exercises._session["answer", "boxes"] == {"a": "labour", "b": ...}


@pytest.mark.parametrize(
    ("number", "words"), [(0.2624, "within 5 %"), (0.2376, "within 5 %"), (0.2626, "none of"), (0.2374, "none of"), (0.3, "none of")]
)
def test_close_is_within_a_twentieth(number, words, said):
    check("share", number)
    assert words in said[0]


def test_a_word_can_be_predicted(said):
    predict("way", "up")
    outcome("way", "Up")
    outcome("way", "down")
    assert said[1:] == ["The answer here: **Up**. So did you.", "The answer here: **down**. You said up. What did you have in mind?"]


def test_a_fraction_for_a_percentage_is_asked_about(said):
    predict("drc", 0.6, unit="%")
    assert "less than one in a hundred" in said[0]


@pytest.mark.parametrize("value", [None, "sixty", [1, 2], float("nan"), True])
def test_a_prediction_that_is_no_number_gets_a_sentence_and_is_not_kept(value, said):
    predict("drc", value, unit="%")
    outcome("drc", 70, "%")
    assert "Noted" not in said[0]
    assert "made no prediction" in said[1]


@pytest.mark.parametrize(
    ("value", "text"), [(1234567, "1,234,567"), (0.1234567, "0.1235"), (0, "0"), (0.0000123, "0.000012"), ("up", "up"), (69.0, "69")]
)
def test_numbers_are_written_as_a_reader_expects(value, text):
    assert exercises.plain(value) == text
