"""Predictions and exercises: keep a guess, compare it with the tables, and answer an attempt with a diagnosis.

An exercise is written once, in its lesson: the cell with its solution, then a cell that calls ``key``. The build runs both on the
tables and stores what ``check`` needs in ``course/made/keys/<lesson>.json``, so a corrected table corrects the key too.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd

from . import typed
from .messages import CourseError, nearest, say, tell

KEYS = Path(__file__).resolve().parent / "made" / "keys"
KEY_MIME = "application/vnd.triple-extraction.key+json"  # how a key cell hands its key to the build

_in_build: dict[str, dict] = {}  # keys that the build has declared, before any is stored
_keys_may_follow = False  # in the build an exercise runs once before its key

_session: dict[tuple[str, str], object] = {}  # what the learner said since the kernel started


def keep(kind: str, name: str, value: object) -> None:
    """Remember what the learner said (prediction, answer, verdict, stance, hint) and what was answered (outcome, reply)."""
    _session[kind, name] = value


def plain(value: object) -> str:
    """Write a value as a reader expects it: at most four significant figures, thousands separated from 10,000 on (a year is not)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    text = f"{value:.4g}"
    return text if "e" not in text else f"{value:.6f}".rstrip("0")


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _unanswered(value: object) -> bool:
    return value is ... or (isinstance(value, str) and value.strip() in ("", "..."))


def _number(value: object) -> tuple[float, str]:
    """Return (number, remark) for an answer that can be read as one number; otherwise raise CourseError saying why."""
    value, kind = typed.single(value, "answer")
    return typed.number(value, "answer"), say("one_of_series", kind=kind) if kind else ""


# predictions


def predict(name: str, value: object, unit: str = "") -> None:
    """Keep a guess, a number in ``unit`` or a word, to be shown against the result by ``outcome(name, ...)``."""
    typed.name(name, "name", call="predict", example="my-guess")
    record = {"kind": "predict", "name": name, "unit": unit}
    if _unanswered(value):
        return tell(say("not_predicted", name=name, unit=f" in {unit}" if unit else ""), record, state="todo")
    if not isinstance(value, str) or unit:
        try:
            value, _ = _number(value)
        except CourseError as error:
            return tell(str(error), record)
    keep("prediction", name, value)
    keep("unit", name, unit)
    text = say("predicted", name=name, value=plain(value), unit=_unit(unit))
    if unit == "%" and 0 < abs(value) < 1:
        text += say("predicted_fraction", value=plain(value))
    return tell(text, record | {"value": value}, state="said")


def outcome(name: str, actual: object, unit: str = "") -> None:
    """Show what the tables say beside the learner's prediction ``name``, and the gap, in ``unit``."""
    typed.name(name, "name", call="outcome", example="my-guess")
    number = None if isinstance(actual, str) else _number(actual)[0]
    value = _session.get(("prediction", name))
    keep("outcome", name, plain(actual) + _unit(unit))
    words = {"actual": plain(actual), "unit": _unit(unit), "value": plain(value)}
    record = {"kind": "outcome", "name": name, "unit": unit}
    if value is None:
        return tell(say("outcome_none", name=name, **words), record, state="todo")
    record |= {"value": value, "actual": actual if number is None else number}
    if number is None or isinstance(value, str):
        same = str(actual).strip().lower() == str(value).strip().lower()
        return tell(say("outcome_same_word" if same else "outcome_other_word", **words), record, state="shown")
    gap = value - number
    if abs(gap) <= 0.05 * abs(number):
        return tell(say("outcome_right", **words), record, state="shown")
    size = f"{plain(abs(gap))} {'points' if unit == '%' else unit}".strip()
    return tell(say("outcome_high" if gap > 0 else "outcome_low", gap=size, **words), record, state="shown")


# keys


def _close(value: float, target: float, tolerance: float) -> bool:
    return abs(value - target) <= (tolerance * abs(target) or tolerance)


def _rounded(value: float) -> float:
    return float(f"{value:.10g}")  # so that a key is the same text on every machine


def key(
    name: str,
    answer: object,
    right: str = "",
    unit: str = "",
    tolerance: float = 0.005,
    mistakes: list[tuple[object, str]] | None = None,
    hints: list[str] | None = None,
    choices: list[str] | None = None,
    notes: dict[str, str] | None = None,
) -> None:
    """Declare an exercise, in a cell tagged ``key`` that only the build runs.

    ``answer`` is a number in ``unit`` (checked within the relative ``tolerance``), a word of ``choices``, or a dictionary of words.
    ``mistakes`` lists (value, message): the value a usual mistake gives, computed from the tables, and what to say to it.
    ``notes`` gives, for a dictionary, what to say about each entry. Raise CourseError if a mistake cannot be told from the answer.
    """
    record: dict = {"name": name, "right": right, "unit": unit, "hints": hints or []}
    if isinstance(answer, dict):
        record |= {"kind": "mapping", "answer": answer, "choices": choices, "notes": notes or {}}
    elif isinstance(answer, str):
        record |= {"kind": "word", "answer": answer, "choices": choices, "mistakes": mistakes or []}
    else:
        value = _rounded(_number(answer)[0])
        pairs = [(_rounded(_number(wrong)[0]), message) for wrong, message in mistakes or []]
        for index, (wrong, message) in enumerate(pairs):
            for other in [value, *(earlier for earlier, _ in pairs[:index])]:
                if _close(wrong, other, tolerance):
                    raise CourseError(f"Exercise {name}: the mistake {message!r} gives {wrong}, too near to {other} to be told apart.")
        record |= {"kind": "number", "answer": value, "tolerance": tolerance, "mistakes": pairs}
    from IPython.display import display

    _in_build[name] = record
    display({KEY_MIME: record}, raw=True)


def in_build(keys: dict[str, dict], keys_may_follow: bool) -> None:
    """Tell ``check`` the keys that a build knows already, and whether an exercise may still be without one. Called by the build only."""
    global _keys_may_follow
    _in_build.update(keys)
    _keys_may_follow = keys_may_follow


def key_path(lesson: str) -> Path:
    """Return where the answer key of a lesson is stored."""
    return KEYS / f"{lesson.replace('/', '-')}.json"


def stored_keys(lesson: str) -> dict[str, dict]:
    """Return the answer key of a lesson, by exercise; empty if it has none."""
    path = key_path(lesson)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def answer_text(record: dict) -> str:
    """Return the right answer of an exercise: a number with its unit, a word, or each item with its word."""
    if record["kind"] == "mapping":
        return "; ".join(f"{item}: {word}" for item, word in record["answer"].items())
    return f"{plain(record['answer'])} {record['unit']}".strip()


@cache
def _stored() -> dict[str, dict]:
    """Return the key of every exercise, by its name, which no other lesson uses (the build sees to it)."""
    return {name: record for path in sorted(KEYS.glob("*.json")) for name, record in json.loads(path.read_text(encoding="utf-8")).items()}


def _record(name: object) -> dict:
    """Return the key of an exercise. Raise CourseError, with the nearest id, if there is none."""
    typed.name(name, "name", call="check", example="cobalt-share-2022")
    known = _stored() | _in_build
    if name not in known:
        raise CourseError(say("id_unknown", name=name, nearest=nearest(name, list(known))))
    return known[name]


def hint(name: str) -> None:
    """Show the next hint of an exercise; call it again for the one after."""
    hints = _record(name)["hints"]
    if not hints:
        return tell(say("no_hint", name=name), {"kind": "hint", "exercise": name})
    number = min(_session.get(("hint", name), 0) + 1, len(hints))
    keep("hint", name, number)
    text = say("hint", number=number, total=len(hints), hint=hints[number - 1])
    return tell(text + (say("hint_last") if number == len(hints) else ""), {"kind": "hint", "exercise": name, "number": number})


# checks


def _diagnose(value: float, record: dict) -> tuple[bool, str]:
    """Return (is it right, the sentence) for a number that answers ``record``: right, a named mistake, or neither."""
    target, tolerance, unit = record["answer"], record["tolerance"], record["unit"]
    if _close(value, target, tolerance):
        return True, say("right", right=record["right"])
    for wrong, message in record["mistakes"]:
        if _close(value, wrong, tolerance):
            return False, say("mistake", message=message)
    usual = {"sign": -target, "near": None}
    if unit == "fraction":
        usual = {"times_100": 100 * target} | usual
    elif unit == "%":
        usual = {"over_100": target / 100} | usual
    else:
        usual = {"times_1000": 1000 * target, "over_1000": target / 1000} | usual
    if target and unit in ("fraction", "times"):
        usual = {"inverse": 1 / target} | usual
    for mistake, wrong in usual.items():
        if (wrong is None and _close(value, target, 0.05)) or (wrong is not None and _close(value, wrong, tolerance)):
            return False, say("mistake", message=say(mistake, tolerance=f"{100 * tolerance:g} %"))
    return False, say("wrong", value=plain(value), unit=_unit(unit))


def _check_word(answer: object, record: dict) -> tuple[bool, str]:
    if not isinstance(answer, str):
        return False, say("answer_word", kind=type(answer).__name__)
    word = answer.strip().lower()
    if word == record["answer"].lower():
        return True, say("right", right=record["right"])
    for wrong, message in record["mistakes"]:
        if word == wrong.lower():
            return False, say("mistake", message=message)
    return False, say("answer_choice", value=answer, choices=", ".join(record["choices"] or []))


def _check_mapping(name: str, answer: object, record: dict) -> tuple[bool, str]:
    expected = record["answer"]
    if isinstance(answer, pd.Series):
        answer = answer.to_dict()
    if not isinstance(answer, dict):
        return False, say("answer_mapping", names=", ".join(expected))
    todo = [item for item in expected if _unanswered(answer.get(item, ...))]
    if todo:
        return False, say("mapping_missing", name=name, count=len(todo), total=len(expected), names=", ".join(todo))
    choices = record["choices"] or sorted(set(expected.values()))
    wrong = []
    for item, truth in expected.items():
        said = str(answer[item]).strip().lower()
        if said not in [choice.lower() for choice in choices]:
            message = say("answer_choice", value=answer[item], choices=", ".join(choices))
        elif said == truth.lower():
            continue
        else:
            message = record["notes"].get(item, say("mapping_other"))
        wrong.append(say("mapping_item", item=item, value=answer[item], message=message))
    score = say("mapping_score", right=len(expected) - len(wrong), total=len(expected))
    return (False, "\n".join([score, "", *wrong])) if wrong else (True, f"{score} {record['right']}")


def reply(name: str, answer: object = ...) -> tuple[bool, str]:
    """Return (is it right, the sentence that ``check`` says) for an answer to the exercise ``name``; show and remember nothing."""
    record = _record(name)
    if _unanswered(answer):
        return False, say("not_answered", name=name) + (say("not_answered_hint", name=name) if record["hints"] else "")
    try:
        if record["kind"] == "mapping":
            return _check_mapping(name, answer, record)
        if record["kind"] == "word":
            return _check_word(answer, record)
        number, remark = _number(answer)
        right, text = _diagnose(number, record)
        return right, remark + text
    except CourseError as error:
        return False, str(error)


def check(name: str, answer: object = ...) -> None:
    """Answer an attempt at the exercise ``name`` in a sentence: right, which usual mistake, or not answered yet.

    ``answer`` is what the exercise asks for: a number (also a Series or an array of one), a word, or a dictionary.
    Anything else gets a sentence too; only an unknown exercise name raises CourseError.
    """
    if _keys_may_follow and name not in _in_build:
        return None
    right, text = reply(name, answer)
    record = {"kind": "check", "exercise": name}
    if not _unanswered(answer):
        if not (isinstance(answer, dict) and all(map(_unanswered, answer.values()))):
            record |= {"answer": _recorded(answer), "right": right}
            keep("answer", name, answer)
        keep("reply", name, text)
    return tell(text, record, state="todo" if _unanswered(answer) else "right" if right else "wrong")


def _recorded(answer: object) -> object:
    """Return an answer as a record holds it: a number, a word, a mapping of words; anything else as the name of its kind."""
    if isinstance(answer, pd.Series) and len(answer) > 1:
        answer = answer.to_dict()
    if isinstance(answer, dict):
        return {str(item): "..." if _unanswered(said) else str(said) for item, said in answer.items()}
    if isinstance(answer, str):
        return answer
    try:
        return _rounded(_number(answer)[0])
    except CourseError:
        return {"kind": type(answer).__name__}
