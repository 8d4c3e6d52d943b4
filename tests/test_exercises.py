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
from course import mistakes as rules
from course.exercises import KEYS, key, reply

RECORDS = {name: record for path in sorted(KEYS.glob("*.json")) for name, record in json.loads(path.read_text(encoding="utf-8")).items()}
NUMBERS = [name for name, record in RECORDS.items() if record["kind"] == "number"]
MAPPINGS = [name for name, record in RECORDS.items() if record["kind"] == "mapping"]
SHARE = {
    "name": "share", "kind": "number", "answer": 0.25, "tolerance": 0.005, "unit": "fraction", "right": "A quarter.",
    "mistakes": [[0.3333333333, "You divided by the others."]], "hints": ["First.", "Second."],
    "does": "share", "decimals": None, "accepted": [], "rules": [],
}  # fmt: skip
MASS = SHARE | {"name": "mass", "answer": -1200.0, "unit": "t", "mistakes": [], "does": "conversion"}
PERCENT = SHARE | {"name": "percent", "answer": 25.0, "unit": "%", "mistakes": []}
WORD = {
    "name": "word", "kind": "word", "answer": "artefact", "choices": ["fall", "artefact"], "right": "Yes.",
    "mistakes": [["fall", "Nobody dug less."]], "hints": [], "unit": "", "ordered": False,
}  # fmt: skip
BOXES = {
    "name": "boxes", "kind": "mapping", "answer": {"a": "labour", "b": "data"}, "choices": ["labour", "data"],
    "notes": {"a": "Someone is paid."}, "right": "All.", "hints": [], "unit": "", "ordered": False,
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
        ("share", 0.26, "too high, by about 4 %"),
        ("share", 0.9, "3.6 times too high. To think about: First."),
        ("share", None, "is None"),
        ("share", float("nan"), "NaN"),
        ("share", np.nan, "NaN"),
        ("share", pd.NA, "NaN"),
        ("share", pd.NaT, "NaN"),
        ("share", float("inf"), "infinite"),
        ("share", 10**400, "you gave int"),
        ("share", "0,25", "(Read as 0.25.) **Right.**"),
        ("share", "0.25", "**Right.**"),
        ("share", "a quarter", "Write the number alone"),
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
        ("mass", -1_200_000, "1,000 times too high"),
        ("mass", -1.2, "1,000 times too low"),
        ("percent", 0.25, "multiply by 100"),
        ("word", "Artefact ", "**Right.**"),
        ("word", "fall", "Nobody dug less"),
        ("word", "rise", "'rise' is not one of the choices: fall, artefact"),
        ("word", 3, "the name that stands beside it"),
        ("word", True, "a word between quotes; you gave bool"),
        ("word", "Arte-fact", "**Right.**"),
        ("word", "artefct", "Did you mean *artefact*?"),
        ("boxes", {"a": "labour", "b": "Data"}, "**2 of 2.**"),
        ("boxes", {"a": "data", "b": "data"}, "Someone is paid."),
        ("boxes", {"a": "labour", "b": "labour"}, "Look at the table again."),
        ("boxes", {"a": "labour", "b": "oil"}, "'oil' is not one of the choices"),
        ("boxes", {"a": "labour", "b": ...}, "1 of 2 still to do (b)"),
        ("boxes", {"a": "labour"}, "1 of 2 still to do (b)"),
        ("boxes", pd.Series({"a": "labour", "b": "data"}), "**2 of 2.**"),
        ("boxes", "labour", "Give a dictionary"),
        ("boxes", {"a": "data", "b": "labour"}, "Each one is the other way round"),
        ("boxes", {"a": "labor", "b": "data"}, "Did you mean *labour*?"),
        ("boxes", {"A ": "labour", "b": "data"}, "**2 of 2.**"),
        ("boxes", {"a": "<b>*x*", "b": "data"}, r"you say *&lt;b&gt;\*x\**"),
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
        patch.setattr(exercises, "tell", lambda text, record=None, state="", html="": heard.append((text, state)))
        check(name, answer)
        predict("anything", answer, unit="%")
        predict("anything", answer)
        outcome("anything", 12.5)
    assert len(heard) == 4
    assert all(isinstance(text, str) and 0 < len(text) <= 400 and state for text, state in heard)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).filter(lambda x: abs(x - 0.25) > 0.00126))
def test_only_the_right_number_is_right(number):
    assert not exercises._diagnose(number, SHARE)[0] or rules.fits(number, 0.25)


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
    with pytest.raises(CourseError, match="taken for right"):
        key("x", 10.0, does="model", mistakes=[(10.01, "Nearly.")])
    with pytest.raises(CourseError, match="taken for right"):
        key("x", 10.4, "About 10.", does="model", decimals=0, mistakes=[(9.9, "It rounds to what is printed.")])
    with pytest.raises(CourseError, match="too near"):
        key("x", 10.0, does="model", mistakes=[(20, "Twice."), (20.01, "Twice too.")])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"does": ""}, "is none of share, ratio"),
        ({"does": "share", "inputs": {"part": 1, "whole": 3}}, "its inputs give"),
        ({"does": "share", "decimals": 1, "right": "About 25 %."}, "does not print"),
    ],
)
def test_a_key_says_what_it_does_and_its_inputs_give_its_answer(given, words):
    with pytest.raises(CourseError, match=words):
        key("x", 25.0, unit="%", **given)


def declared(**given) -> dict:
    """Return the record of a key, as the build stores it."""
    key("toy", **given)
    return exercises._in_build.pop("toy")


@pytest.fixture
def toy(monkeypatch):
    """Declare an exercise and return what ``reply`` says to an answer."""

    def ask(typed, /, **given):
        record = json.loads(json.dumps(declared(**given)))
        monkeypatch.setitem(exercises._in_build, "toy", record)
        return reply("toy", typed)

    return ask


PART = {
    "answer": 100 * 34 / 155.4,
    "unit": "%",
    "does": "share",
    "inputs": {"the part": 34, "the whole": 155.4},
    "decimals": 1,
    "right": "21.9 %.",
}
CHANGE = {"answer": 100 * (80 / 64 - 1), "unit": "%", "does": "change", "inputs": {"2020": 64, "2024": 80}}
RATIO = {"answer": 80.47 / 7.02, "unit": "times", "does": "ratio", "inputs": {"Google": 80.47, "Criteo": 7.02}}
POWER = {"answer": 50.0 * 365 * 0.43, "unit": "t", "does": "product", "inputs": {"barrels": 50.0, "days": 365, "tonnes a barrel": 0.43}}
COUNT, RANK = {"answer": 12, "does": "count"}, {"answer": 12, "does": "rank"}


@pytest.mark.parametrize(
    ("given", "answer", "words"),
    [
        (PART, 155.4 / 34, "upside down: what should stand under the line? (It is also written as a fraction"),
        (PART, 100 * 155.4 / 34, "upside down"),
        (PART, 100 * 34 / (155.4 - 34), "You divided by the others"),
        (PART, 100 * 34 / (155.4 + 34), "added the part to the whole"),
        (PART, 78.1, "share of all the others"),
        (PART, 155.4 - 34, "You subtracted (the part, the whole)"),
        (PART, 34, "start from (the part)"),
        (PART, 0.219, "multiply by 100"),
        (PART, 0.22, "multiply by 100"),
        (PART, 2188, "hundred of per cent is there once too often"),
        (PART, 218.8, "10 times too high"),
        (PART, 130, "A share of a whole lies between 0 and 100 %"),
        (PART, 30, "too high, by about 8 points"),
        (PART, 20, "too low, by about 2 points"),
        (CHANGE, 125, "That is the level"),
        (CHANGE, 1.25, "That is the level"),
        (CHANGE, 20.0, "divided by the later value"),
        (CHANGE, -25, "the sign is not"),
        (CHANGE, 16, "You subtracted"),
        (RATIO, 7.02 / 80.47, "upside down"),
        (RATIO, 7.0 / 80.5, "upside down"),
        (RATIO, 80.5 - 7, "You subtracted"),
        (RATIO, 1146, "divide by 100"),
        (RATIO, 10.46, "how many times *more*"),
        (RATIO, 0.5, "Your ratio is below 1"),
        (POWER, 50 * 0.43, "left something out: days"),
        (POWER, 50 * 365 / 0.43, "wrong side of the line: tonnes a barrel"),
        (POWER, 50 * 360 * 0.43, "You counted 360 where it is 365"),
        (POWER, 7847.5 / 1000, "1,000 times too low"),
        (POWER, 7900e3, "about 1,000 times too high: look at the unit first"),
        (POWER, 7847.5 * 24, "hours and days"),
        (COUNT, 2012, "reads as a year"),
        (COUNT, 11, "too low, though not by much."),
        (COUNT, 0.5, "did you divide?"),
        (COUNT, 0, "The answer is not zero"),
        (RANK, 11, "pandas' own label"),
        (
            RANK | {"slips": {"row": {"the Sun": 11}}},
            11,
            "Two things give this number. One: That is the answer for another row: the Sun. The other: That is pandas'",
        ),
        (PART | {"slips": {"year": {2015: 7.37}}}, 7.37, "another year: 2015"),
        (PART | {"mistakes": [((33.96, 93.04), "By sites.")]}, 100 * 34 / 93, "By sites."),
    ],
)
def test_a_mistake_of_a_kind_is_named_in_every_exercise_of_that_kind(given, answer, words, toy):
    right, text = toy(answer, **given)
    assert not right
    assert words in text


@pytest.mark.parametrize(
    ("given", "answer", "right"),
    [
        (PART, 21.9, True),
        (PART, 22, True),  # two digits
        (PART, 21.86, True),
        (PART, 21.92, True),  # it rounds to what is printed
        (PART, 21, False),
        (PART, 20, False),
        (PART, "21,9 %", True),
        (PART, (21, 9), True),
        (CHANGE, 30, False),
        (RATIO, 11, True),
        (RATIO, 12, True),  # 80.5 / 7 = 11.5, as printed
        (RATIO, 13, False),
        (RATIO, 80.5 / 7, True),
        ({"answer": 0.629, "does": "conversion", "decimals": 1, "right": "0.6"}, 0.6, True),
        ({"answer": 0.629, "does": "conversion", "decimals": 1, "right": "0.6"}, 0.5998, False),  # one digit is no leave to be anything
        ({"answer": 59_300, "does": "model"}, "59,300", True),
        ({"answer": 59_300, "does": "model"}, (59, 300), True),
        ({"answer": 59.3, "does": "model"}, (59, 300), True),
        (COUNT, 12.0, True),
        (COUNT, 12.1, False),
    ],
)
def test_what_rounds_to_the_answer_is_right(given, answer, right, toy):
    assert toy(answer, **given)[0] is right


def test_an_answer_that_may_be_two_numbers_is_asked_back(toy):
    assert "may be 1.234 or 1234: which?" in toy("1,234", answer=40.0, does="model")[1]
    assert "several numbers (196, 0.0434)" in toy((196, 0.0434), answer=40.0, does="model")[1]


# mistakes by rule, on the course's own exercises


@pytest.mark.parametrize("name", NUMBERS)
def test_no_rule_takes_the_right_answer_for_a_mistake(name):
    record = RECORDS[name]
    for value in [record["answer"], *record["accepted"]]:
        assert reply(name, value)[0]
    for rule, words, wrongs in record["rules"]:
        for wrong in wrongs:
            assert not reply(name, wrong)[0], f"{rule} {words}: {wrong} is taken for right"


@pytest.mark.parametrize("name", RECORDS)
def test_no_refusal_is_longer_than_a_person_reads(name):
    record = RECORDS[name]
    tried = [0, 1, -1, 2012, 1e308, -1e308, 1e-300, "a" * 500, "<b>" * 30, b"x", [1, 2], (1, 2), (1, 2, 3), None, True, {}]
    tried += [wrong for wrong, _ in record.get("mistakes", [])] + [wrong for _, _, wrongs in record.get("rules", []) for wrong in wrongs]
    for value in tried:
        right, text = reply(name, value)
        assert right or len(text) <= 400 or record["kind"] == "mapping", text


@pytest.mark.parametrize("name", NUMBERS)
def test_no_mistake_is_named_for_the_number_of_another_exercise(name):
    """The right answers and the mistakes of all others, typed whole, are no mistake of this one, unless the number is the same."""
    record = RECORDS[name]
    own = [record["answer"], *record["accepted"], *(wrong for wrong, _ in record["mistakes"])]
    own += [wrong for _, _, wrongs in record["rules"] for wrong in wrongs] + [
        wrong for _, wrong in rules.of_answer(record["does"], record["unit"], own)
    ]
    for other in NUMBERS:
        for value in [RECORDS[other]["answer"], *(wrong for wrong, _ in RECORDS[other]["mistakes"])]:
            if rules.digits(value) < 5 or any(abs(value - wrong) <= 0.005 * abs(wrong) for wrong in own):
                continue
            assert not exercises._named(value, record), f"{value} of {other}: {exercises._named(value, record)}"


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("power-like-with-like", 19, "**Right.**"),
        ("labour-unpaid-minutes", 20, "**Right.**"),
        ("labour-madagascar-mean", 48, "**Right.**"),
        ("labour-ppp-gap", 2.9, "**Right.**"),
        ("labour-ppp-gap", "2,9", "**Right.**"),
        ("data-terabytes", 0.6, "**Right.**"),
        ("data-terabytes", "0,629", "**Right.**"),
        ("synthesis-short", 2.8, "**Right.**"),
        ("synthesis-grid", 8, "**Right.**"),
        ("synthesis-world", 0.1, "**Right.**"),
        ("synthesis-masai", 20, "**Right.**"),
        ("cobalt-share-2022", (72, 7), "**Right.**"),
        ("labour-pace", "3120 yuan", "**Right.**"),
        ("labour-pace", "3,120", "**Right.**"),
        ("data-renamed", "Books 3", "**Right.**"),
        ("data-renamed", "Gutenberg", "Did you mean *Gutenberg (PG-19)*?"),
        ("data-renamed", 100.96, "the name that stands beside it"),
        ("start-right-year", 2012, "reads as a year"),
        ("start-first-cobalt", 11, "pandas' own label"),
        ("cobalt-share-2022", 39.73, "`World` is in your sum"),
        ("power-ireland-2024", 78.14, "share of all the others"),
        ("power-ireland-2024", 0.22, "multiply by 100"),
        ("power-ireland-2024", 12.27, "the others are in the whole already"),
        ("power-like-with-like", 1.1857, "That is the level"),
        ("power-prompt", 98160, "1,000,000 times too high"),
        ("labour-madagascar-hour", 45 * 200, "wrong side of the line: hours of the month"),
        ("labour-madagascar-hour", 13.5, "60 times too high"),
        ("labour-fee", 0.428, "written as a fraction"),
        ("labour-pace", 3600, "You counted 30 where it is 26"),
        ("labour-moderators", 100 * 144 / (185 + 144), "added the part to the whole"),
        ("data-gpt3-different", 238e9, "1,000,000,000 times too high"),
        ("data-reach", 93.4 / 3.1, "the reach of *sites*"),
        ("data-reach", 3.1 / 93.4, "upside down"),
        ("data-five-largest", 48.72, "the first 4 instead of five"),
        ("data-innocents", 90, "*not* flagged"),
        ("data-terabytes", 5 * 0.629, "At five megabytes a page that is right"),
        ("data-terabytes", 2 * 0.629, "assumes something else: 2 megabytes a page"),
        ("data-terabytes", 1, "too high, by about 59 %"),
        ("synthesis-oil", 50000 * 0.43 * 12 / 1e6, "You counted 12 where it is 365"),
        ("synthesis-masai", 0.2, "multiply by 100"),
        ("synthesis-masai", 1.196, "level"),
    ],
)
def test_what_a_person_typed_is_answered_as_a_person_would(name, answer, words):
    assert words in reply(name, answer)[1]


# predictions


def test_a_prediction_is_kept_and_shown_against_the_result(said):
    outcome("drc", 70, "%")
    outcome("drc", 70, "%")
    predict("drc", ..., unit="%")
    predict("drc", 60, unit="%")
    outcome("drc", 70, "%")
    predict("drc", 80, unit="%")
    outcome("drc", 70, "%")
    predict("drc", 71, unit="%")
    outcome("drc", 70, "%")
    assert "Guess first" in said[0]
    assert "70" not in said[0]
    assert "made no prediction" in said[1]
    assert "No prediction yet" in said[2]
    assert "you say **60 %**" in said[3]
    assert "too low by 10 points" in said[4]
    assert "too high by 10 points" in said[6]
    assert "near (too high by 1 point)" in said[8]


@pytest.mark.parametrize(
    ("guess", "actual", "unit", "words"),
    [
        (1995, 2012, "", "17 years too early"),
        (2016, 2012, "", "4 years too late"),
        (2013, 2012, "", "1 year too late"),
        (2012, 2012, "", "exactly"),
        (5, 3, "", "too high by 2."),
        (5, 3, "collections", "too high by 2 collections."),
        (20, 27, "years", "too low by 7 years."),
        (3, 0.15, "%", "too high by 2.85 points"),
        (0.16, 0.15, "%", "near (too high by 0.01 points)"),
        (70.5, 72.7, "%", "too low by 2.2 points"),
        (71, 72.7, "%", "near"),
        (1000, 27000, "people", "about 27 times too low"),
        (25000, 27000, "people", "near (too low by 7.4 %)"),
        (20000, 27000, "people", "too low by 26 %"),
        (2, 3, "times", "too low by 33 %"),
        (-100, 50, "t", "too low by 150 t"),
        (1000, 0, "", "too high by 1000"),
        ([60, 80], 72.7, "%", "inside your range, from 60 to 80 %"),
        ([60, 70], 72.7, "%", "too low by 2.7 points"),
        ("60-80", 72.7, "%", "inside your range"),
        ("60 to 80", 72.7, "", "inside your range"),
        ("1990-2000", 2012, "", "12 years too early"),
        ("72,7", 72.7, "%", "exactly"),
        ("59 000", 59_000, "t", "exactly"),
        ("up", "Up", "", "So did you say"),
        ("up", "down", "", "You said up"),
    ],
)
def test_what_is_compared_decides_what_is_near(guess, actual, unit, words, said):
    predict("it", guess, unit=unit)
    outcome("it", actual, unit)
    assert words in said[1]


def test_a_kind_may_be_said(said):
    predict("it", 3, kind="rank")
    outcome("it", 400)
    predict("other", 1900, unit="t")
    outcome("other", 2000, unit="t")
    assert "too low by 397" in said[1]
    assert "near" in said[3]


def test_a_decimal_comma_is_read_or_asked_back(said):
    predict("a", 41, 5, unit="%")
    predict("b", 30, 50, unit="%")
    predict("c", "1,234", unit="t")
    predict("d", 1, 234, unit="t")
    predict("e", "<b>*word*</b>")
    predict("f", pd.DataFrame({"a": [1, 2]}))
    assert "you say **41.5 %**" in said[0]
    assert "it may be 30.5, or from 30 to 50" in said[1].replace("30.50", "30.5")
    assert "may be 1.234 or 1234" in said[2]
    assert "it may be 1.234, or from 1 to 234" in said[3]
    assert said[4].count("&lt;b&gt;") == 1
    assert "a number, a range" in said[5]
    assert [name for what, name in exercises._session if what == "prediction"] == ["a", "e"]


def test_a_record_holds_the_gap_but_no_answer_that_was_not_guessed(monkeypatch):
    kept = []
    monkeypatch.setattr(exercises, "_session", {})
    monkeypatch.setattr(exercises, "tell", lambda text, record=None, state="", html="": kept.append((record, state)))
    for _ in range(2):
        outcome("drc", 72.7, unit="%")
    predict("drc", 60, unit="%")
    outcome("drc", 72.7, unit="%")
    assert [state for _, state in kept] == ["todo", "shown", "said", "shown"]
    assert all("actual" not in record for record, _ in kept[:3])
    assert kept[3][0] == {"kind": "outcome", "name": "drc", "unit": "%", "scale": "share", "value": 60.0, "actual": 72.7}


def test_the_build_never_tells_an_outcome_that_was_not_guessed(monkeypatch, said):
    monkeypatch.setattr(exercises, "_building", True)
    for _ in range(3):
        outcome("drc", 72.7, unit="%")
    assert all("Guess first" in text for text in said)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (..., "todo"),
        ({"a": "labour", "b": ...}, "todo"),
        ({"a": "labour", "b": "labour"}, "partly"),
        ({"a": "data", "b": "labour"}, "wrong"),
        ({"a": "labour", "b": "data"}, "right"),
        ("labour", "wrong"),
    ],
)
def test_a_reply_has_a_state(answer, state, monkeypatch):
    kept = []
    monkeypatch.setattr(exercises, "_session", {})
    monkeypatch.setattr(exercises, "tell", lambda text, record=None, state="", html="": kept.append(state))
    check("boxes", answer)
    assert kept == [state]


@pytest.mark.parametrize("actual", [None, [1, 2], float("nan")])
def test_an_outcome_that_is_no_number_gets_a_sentence(actual):
    with pytest.raises(CourseError):
        outcome("drc", actual, "%")


def test_a_classification_half_done_is_kept_and_an_empty_one_is_not(said):
    check("boxes", {"a": ..., "b": ""})
    assert ("answer", "boxes") not in exercises._session
    check("boxes", {"a": "labour", "b": ...})
    assert exercises._session["answer", "boxes"] == {"a": "labour", "b": ...}


def test_a_word_can_be_predicted(said):
    predict("way", "up")
    outcome("way", "Up")
    outcome("way", "down")
    assert said[1:] == ["The answer here: **Up**. So did you say.", "The answer here: **down**. You said up. What did you have in mind?"]


def test_a_fraction_for_a_percentage_is_asked_about(said):
    predict("drc", 0.6, unit="%")
    assert "less than one in a hundred" in said[0]


@pytest.mark.parametrize("value", [None, "sixty", [1, 2, 3], [2, 1], float("nan"), True, b"60", np.ma.masked, object()])
def test_a_prediction_that_is_no_number_gets_a_sentence_and_is_not_kept(value, said):
    predict("drc", value, unit="%")
    outcome("drc", 70, "%")
    assert "Noted" not in said[0]
    assert "Guess first" in said[1]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1,234,567"),
        (0.1234567, "0.1235"),
        (0, "0"),
        (0.0000123, "0.0000123"),
        (1e300, "1e+300"),
        (4e-9, "4e-09"),
        ("up", "up"),
        (69.0, "69"),
    ],
)
def test_numbers_are_written_as_a_reader_expects(value, text):
    assert exercises.plain(value) == text
