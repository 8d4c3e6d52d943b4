"""Predictions and exercises: keep a guess, compare it with the tables, and answer an attempt with a diagnosis.

An exercise is written once, in its lesson: the cell with its solution, then a cell that calls ``key``. The build runs both on the
tables and stores what ``check`` needs in ``course/made/keys/<lesson>.json``, so a corrected table corrects the key too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pandas as pd

from . import mistakes as rules
from . import typed
from .messages import CourseError, nearest, say, tell

KEYS = Path(__file__).resolve().parent / "made" / "keys"
KEY_MIME = "application/vnd.triple-extraction.key+json"  # how a key cell hands its key to the build

_in_build: dict[str, dict] = {}  # keys that the build has declared, before any is stored
_keys_may_follow = False  # in the build an exercise runs once before its key
_building = False  # the build runs a cell twice: no outcome is told without a prediction there

_session: dict[tuple[str, str], object] = {}  # what the learner said since the kernel started


def keep(kind: str, name: str, value: object) -> None:
    """Remember what the learner said (prediction, answer, verdict, stance, hint) and what was answered (outcome, reply)."""
    _session[kind, name] = value


def plain(value: object) -> str:
    """Write a value as a reader expects it: at most four significant figures, thousands separated from 10,000 on (a year is not)."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if 1000 <= abs(value) < 1e15 or value == 0:
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.0f}"
    text = f"{value:.4g}"
    return f"{value:.10f}".rstrip("0") if "e" in text and 1e-7 <= abs(value) < 1 else text


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _unanswered(value: object) -> bool:
    return value is ... or (isinstance(value, str) and value.strip() in ("", "..."))


def _number(value: object, unit: str = "", near: float | None = None) -> tuple[float, str]:
    """Return (number, remark) for an answer that can be read as one number, typed as text or not. Raise CourseError, saying why, if not."""
    kind = ""
    if not (isinstance(value, tuple) and len(value) > 1):
        value, kind = typed.single(value, "answer")
    number = typed.number(value, "answer", text=True, unit=unit, near=near)
    if isinstance(value, (str, tuple)):
        return number, say("read_as", value=plain(number))
    return number, say("one_of_series", kind=kind) if kind else ""


# predictions

SCALES = ["year", "rank", "count", "share", "quantity", "ratio", "word"]  # what a prediction is compared as
MOST = 1e15  # no guess and no figure of the course is larger
MOST_COUNTED = 20  # a whole number up to here, of things, is told apart by one


def _kind(kind: object) -> None:
    if kind != "":
        typed.choice(kind, SCALES, "scale")


def _scale(unit: str, number: float | None) -> str:
    """Return what is compared, where nobody said it: by the unit, then by the number."""
    if number is None:
        return "word"
    if unit in ("%", "points"):
        return "share"
    if unit in ("times", "fraction"):
        return "ratio"
    if number % 1 == 0 and unit in ("", "year") and 1800 <= number <= 2100:
        return "year"
    counted = abs(number) <= MOST_COUNTED and len(unit) not in (1, 2, 3)  # t, kg, USD and kWh measure, people and cases are counted
    return "count" if number % 1 == 0 and (counted or unit == "years") else "quantity"


def _guess(value: object, unit: str, scale: str) -> object:
    """Return a guess as it is kept: a number, a range as a list of two, a word. Raise CourseError for anything else."""
    ends = value if isinstance(value, (list, tuple)) and len(value) == 2 else []
    if isinstance(value, str):
        parts = value.replace("–", "-").replace(" to ", "-").split("-")
        ends = parts if len(parts) == 2 and all(typed.readings(part, unit) for part in parts) else []
        if scale == "word" or not (unit or scale or ends or typed.readings(value)):
            word = typed.name(value.strip(), "predict", most=80)
            if not any(letter.isalpha() for letter in word):
                raise CourseError(say("predict_kind", value=typed.shown(word)))
            return word
    try:
        low, high = (typed.number(end, "predict", text=True, unit=unit) for end in ends)
    except ValueError:  # no two ends, or a CourseError, which is one
        low = high = 0.0
    if low < high:
        if isinstance(value, tuple) and typed.readings(f"{value[0]},{value[1]}"):
            raise CourseError(say("predict_range", first=f"{value[0]}.{value[1]}", low=value[0], high=value[1]))
        return [low, high]
    if isinstance(value, typed.MANY) and not (isinstance(value, tuple) and len(value) > 1):
        value, _ = typed.single(value, "predict")
    return typed.number(value, "predict", least=-MOST, most=MOST, text=True, unit=unit)


def _told(value: object) -> str:
    """Write a guess as a reader expects it, words escaped."""
    return say("from_to", low=plain(value[0]), high=plain(value[1])) if isinstance(value, list) else typed.escaped(plain(value))


def predict(name: str, value: object, *more: object, unit: str = "", kind: str = "") -> None:
    """Keep a guess to be shown against the result by ``outcome(name, ...)``: a number in ``unit``, a range ``[low, high]`` or a word.

    ``kind`` (one of ``SCALES``) says what is compared where unit and value do not. A decimal comma makes Python see two numbers; they
    are read as one where only one reading is possible, and asked back otherwise.
    """
    typed.name(name, "name", call="predict", example="my-guess")
    if more and isinstance(more[-1], str) and not unit:
        unit, more = more[-1], more[:-1]
    typed.label(unit, "unit"), _kind(kind)
    record = {"kind": "predict", "name": name, "unit": unit}
    if _unanswered(value):
        return tell(say("not_predicted", name=name, unit=f" in {unit}" if unit else ""), record, state="todo")
    try:
        value = _guess((value, *more) if more else value, unit, kind)
    except CourseError as error:
        return tell(str(error), record, state="todo")
    for what, said in (("prediction", value), ("unit", unit), ("scale", kind)):
        keep(what, name, said)
    text = say("predicted", name=name, value=_told(value), unit=_unit(unit))
    if unit == "%" and isinstance(value, float) and 0 < abs(value) < 1:
        text += say("predicted_fraction", value=plain(value))
    return tell(text, record | {"value": value}, state="said")


def _gap(value: float, number: float, unit: str, scale: str) -> tuple[bool, str]:
    """Return (is the guess near, the gap in words): a difference of years, counts and points, a ratio of quantities."""
    gap, high = abs(value - number), value > number
    if gap <= 1e-9 * abs(number):
        return True, ""
    if scale == "year":
        return False, say("gap_late" if high else "gap_early", gap=plain(gap), years="year" if gap == 1 else "years")
    if scale in ("rank", "count"):
        return False, say("gap_high" if high else "gap_low", gap=f"{plain(gap)}{_unit(unit)}")
    if scale == "share":
        return gap <= min(2, abs(number) / 5), say(
            "gap_high" if high else "gap_low", gap=say("points", gap=plain(gap), points="point" if gap == 1 else "points")
        )
    if value * number <= 0:
        return False, say("gap_high" if high else "gap_low", gap=f"{plain(gap)}{_unit(unit)}")
    times = max(value / number, number / value)
    if times < 2:
        return gap <= abs(number) / 10, say("gap_high" if high else "gap_low", gap=f"{100 * gap / abs(number):.2g} %")
    return False, say("gap_times_high" if high else "gap_times_low", times=plain(float(f"{times:.2g}")))


def predicted(name: str) -> object:
    """Return what the learner predicted under this name in this session, as ``predict`` kept it; None if nothing."""
    return _session.get(("prediction", name))


def waiting(names: tuple[str, ...]) -> list[str]:
    """Return those of some predictions that were neither guessed nor shown by ``outcome`` yet."""
    return [name for name in names if ("prediction", name) not in _session and ("outcome", name) not in _session]


def outcome(name: str, actual: object, unit: str = "", kind: str = "") -> None:
    """Show what the tables say beside the learner's prediction ``name``, and the gap, in ``unit``.

    Without a prediction nothing is shown the first time. ``kind`` (one of ``SCALES``) says what is compared where unit and value do not.
    """
    typed.name(name, "name", call="outcome", example="my-guess")
    typed.label(unit, "unit"), _kind(kind)
    number = None if isinstance(actual, str) else typed.number(_number(actual)[0], "actual", least=-MOST, most=MOST)
    if number is None and not any(letter.isalpha() for letter in typed.name(actual, "actual")):
        raise CourseError(say("actual_kind", value=typed.shown(actual)))
    value, asked = _session.get(("prediction", name)), _session.get(("asked", name))
    scale = kind or _session.get(("scale", name)) or _scale(unit, number)
    words = {"actual": plain(actual if number is None else number), "unit": _unit(unit)}
    record = {"kind": "outcome", "name": name, "unit": unit, "scale": scale}
    if value is None and (_building or not asked):
        keep("asked", name, True)
        return tell(say("outcome_first", name=name), record, state="todo")
    keep("outcome", name, words["actual"] + _unit(unit))
    if value is None:
        return tell(say("outcome_none", name=name, **words), record, state="shown")
    words["value"] = _told(value)
    record |= {"value": value, "actual": actual if number is None else number}
    if number is None or isinstance(value, str):
        same = typed.letters(str(actual)) == typed.letters(str(value))
        return tell(say("outcome_same_word" if same else "outcome_other_word", **words), record, state="shown")
    if isinstance(value, list):
        if value[0] <= number <= value[1]:
            return tell(say("outcome_inside", **words), record, state="shown")
        value = value[0] if number < value[0] else value[1]
    near, gap = _gap(value, number, unit, scale)
    key = (
        "outcome_exact"
        if not gap
        else "outcome_near"
        if near
        else "outcome_year"
        if scale == "year"
        else "outcome_high"
        if value > number
        else "outcome_low"
    )
    return tell(say(key, gap=gap, **words), record, state="shown")


# keys


def _close(value: float, target: float, tolerance: float) -> bool:
    return abs(value - target) <= (tolerance * abs(target) or tolerance)


def _rounded(value: float) -> float:
    return float(f"{value:.10g}")  # so that a key is the same text on every machine


def _is_right(value: float, record: dict) -> bool:
    """Tell whether a number is the answer, follows from the printed inputs, or rounds to it: two digits at least, or as "Right" prints."""
    answer, decimals = record["answer"], record["decimals"]
    if _close(value, answer, record["tolerance"]) or any(_close(value, other, 1e-6) for other in record["accepted"]):
        return True
    if record["does"] in rules.EXACT or record["tolerance"] < 0.005:
        return False
    if decimals is not None:
        printed = round(answer, decimals)
        two = len(f"{abs(printed):.{max(decimals, 0)}f}".replace(".", "").lstrip("0")) >= 2
        if value == printed or (two and round(value, decimals) == printed):
            return True
    return _is_rounded(value, record)


def _is_rounded(value: float, record: dict) -> bool:
    """Tell whether a number is the answer, or one from the printed inputs, to all its digits or rounded once to two or more."""
    known = [record["answer"], *record["accepted"], *([] if record["decimals"] is None else [round(record["answer"], record["decimals"])])]
    return any(rules.fits(value, other) or rules.rounds_to(other, value) for other in known)


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
    does: str = "",
    inputs: dict[str, float] | None = None,
    work: Callable | None = None,
    slips: dict[str, dict[object, float]] | None = None,
    decimals: int | None = None,
    ordered: bool = False,
) -> None:
    """Declare an exercise, in a cell tagged ``key`` that only the build runs.

    ``answer`` is a number in ``unit`` (checked within the relative ``tolerance``), a word of ``choices``, or a dictionary of words.
    ``mistakes`` lists (value, message): the value a usual mistake gives, computed from the tables, and what to say to it.
    ``notes`` gives, for a dictionary, what to say about each entry; ``ordered`` says that ``choices`` are steps of a scale.

    For a number, ``does`` (one of ``mistakes.KINDS``) says which mistakes are computed by rule, and ``decimals`` how many "Right" prints.
    ``inputs`` names the numbers worked from (part and whole; top and bottom; before and after; factors) and ``work`` takes them in that
    order, where the kind does not say it: what follows from them rounded is right too. ``slips`` holds the answers for another
    ``year``, ``row`` or ``column``: {"year": {2015: 7.4}}. Raise CourseError if a mistake cannot be told from the answer.
    """
    record: dict = {"name": name, "right": right, "unit": unit, "hints": hints or []}
    if isinstance(answer, dict):
        record |= {"kind": "mapping", "answer": answer, "choices": choices, "notes": notes or {}, "ordered": ordered}
    elif isinstance(answer, str):
        record |= {"kind": "word", "answer": answer, "choices": choices, "mistakes": mistakes or [], "ordered": ordered}
    else:
        value = _rounded(_number(answer)[0])
        again = {message: wrong for wrong, message in mistakes or [] if isinstance(wrong, tuple)}
        record |= {"kind": "number", "answer": value, "tolerance": tolerance, "does": does, "decimals": decimals}
        record |= {"mistakes": [], "accepted": [], "rules": []}
        if does not in rules.KINDS:
            raise CourseError(f"Exercise {name}: does={does!r} is none of {', '.join(rules.KINDS)}.")
        if decimals is not None and f"{value:,.{max(decimals, 0)}f}".lstrip("-") not in right:
            raise CourseError(f'Exercise {name}: "Right" does not print {value} with {decimals} decimals.')
        scaled = _scaled(record, work)
        pairs = [(_rounded(scaled(*wrong) if isinstance(wrong, tuple) else _number(wrong)[0]), said) for wrong, said in mistakes or []]
        record["mistakes"] = pairs
        _from_inputs(record, inputs or {}, scaled, slips or {}, again)
        for index, (wrong, message) in enumerate(pairs):
            if _is_right(wrong, record):
                raise CourseError(f"Exercise {name}: the mistake {message!r} gives {wrong}, which is taken for right: too near to {value}.")
            for other, _ in pairs[:index]:
                if _close(wrong, other, tolerance):
                    raise CourseError(f"Exercise {name}: the mistake {message!r} gives {wrong}, too near to {other} to be told apart.")
    from IPython.display import display

    _in_build[name] = record
    display({KEY_MIME: record}, raw=True)


def _scaled(record: dict, work: Callable | None) -> Callable:
    """Return the work of an exercise, in its unit: what its key says, or what its kind does, times 100 for per cent."""
    plainly = work or rules.WORK.get(record["does"])
    whole = 100 if record["unit"] == "%" and record["does"] in rules.RATIOS and work is None else 1
    return lambda *given: whole * plainly(*given)


def _from_inputs(record: dict, inputs: dict, scaled: Callable, slips: dict[str, dict], again: dict[str, tuple]) -> None:
    """Add to a record what follows from its inputs: the answers from rounded inputs, and the mistakes by rule that are not right."""
    found = [("said", {"message": message}, rules.values(scaled, list(given))[1:]) for message, given in again.items()]
    known = [wrong for wrong, _ in record["mistakes"]]
    ruled = [
        (f"slip_{kind}", {"what": str(what)}, [float(wrong)])
        for kind, others in slips.items()
        for what, wrong in others.items()
        if pd.notna(wrong) and abs(wrong) < 1e300  # a year without a figure is no slip
    ]
    if inputs:
        inputs = {str(what): float(number) for what, number in inputs.items()}
        answers = rules.values(scaled, list(inputs.values()), reach=0.01)
        if not answers or not _close(answers[0], record["answer"], 1e-6):
            raise CourseError(f"Exercise {record['name']}: its inputs give {answers[:1]}, not {record['answer']}.")
        record["accepted"] = [_rounded(value) for value in answers[1:]]
        ruled = [*rules.of_inputs(record["does"], inputs, scaled), *ruled]
    found += [
        (rule, words, wrongs) for rule, words, wrongs in ruled if wrongs and not any(_close(wrongs[0], wrong, 1e-6) for wrong in known)
    ]
    for rule, words, wrongs in found:
        rounded = [_rounded(wrong) for wrong in wrongs]
        if rounded and not _is_right(rounded[0], record):
            record["rules"].append([rule, words, [wrong for wrong in rounded if not _is_right(wrong, record)]])


def in_build(keys: dict[str, dict], keys_may_follow: bool) -> None:
    """Tell ``check`` the keys that a build knows already, and whether an exercise may still be without one. Called by the build only."""
    global _keys_may_follow, _building
    _building = True
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


def _named(value: float, record: dict, again: bool = False) -> list[str]:
    """Return the sentences of the mistakes whose number was typed: by hand the nearest one, by rule all that give it.

    ``again`` says that ``value`` is not what was typed, but the same in another form.
    """
    does, unit = record["does"], record["unit"]
    count = rules.digits(value)
    near = _close(value, record["answer"], 0.05) and count < 3  # too near the answer to be told by two digits

    def is_it(wrong: float, within: float = 1e-6) -> bool:
        return abs(value - wrong) <= (1e-6 if near else within) * abs(wrong) or (rules.fits(value, wrong) and not near)

    def by_rule(rule: str, wrongs: list[float]) -> bool:
        if does in rules.EXACT or any(abs(value - wrong) <= 1e-6 * abs(wrong) for wrong in wrongs):
            return value in wrongs if does in rules.EXACT else count > 1 or abs(value) >= 1000
        few = 2 if rule in rules.PLAIN and not again else 3  # digits without which a match is chance
        return count >= few and any(map(is_it, wrongs if count > 2 else wrongs[:1]))

    hand = [(wrong, said) for wrong, said in record["mistakes"] if is_it(wrong, min(record["tolerance"], 0.005))]
    nearest_one = min((abs(value - wrong), said) for wrong, said in hand)[1:] if hand else ()
    found = [said for wrong, said in hand if said in nearest_one or (count < 3 and rules.fits(value, wrong))]
    if hand and does not in rules.EXACT:
        return found
    found += [say(rule, **words) for rule, words, wrongs in record["rules"] if by_rule(rule, wrongs)]
    rights = [record["answer"], *(record["accepted"] if count > 2 else [])]
    found += [
        say(rule) for rule, wrong in rules.of_answer(does, unit, rights) if _close(value, wrong, 1e-9) or (count > 1 and is_it(wrong))
    ]
    return list(dict.fromkeys(found))


def _diagnose(value: float, record: dict) -> tuple[bool, str]:
    """Return (is it right, the sentence) for a number that answers ``record``: right, a named mistake or two, or how far off it is."""
    does, unit, target = record["does"], record["unit"], record["answer"]
    if _is_right(value, record):
        return True, say("right", right=record["right"])
    found = _named(value, record)
    if not found:
        same = partial(_is_right, record=record), partial(_is_rounded, record=record)
        found = [say(rule, **words) for rule, words in rules.of_size(value, *same, does, unit)]
    for other, rule, words in [] if found or not value else rules.dressed(value, does, unit):
        found = found or [f"{sentence} {say(rule, **words)}" for sentence in _named(other, record, True)[:1]]
    if len(found) in (1, 2):
        return False, say("mistake", message=found[0] if len(found) == 1 else say("two_readings", first=found[0], second=found[1]))
    words = [rules.how_far(value, target, does, unit), rules.shape(value, target, does, unit)]
    if record["hints"]:
        words.append(say("think", hint=record["hints"][0]))
    return False, say("wrong", value=plain(value), unit=_unit(unit), far=" ".join(filter(None, words)))


def _word(said: object, choices: list[str]) -> tuple[str | None, str]:
    """Return (the choice that was said, nothing) or (None, why it is none of them)."""
    if not isinstance(said, str):
        key = "answer_not_name" if not isinstance(said, (bool, *typed.MANY)) and pd.api.types.is_number(said) else "answer_word"
        return None, say(key, kind=type(said).__name__)
    word, exact = typed.spelled(said, choices)
    if word and (exact or typed.letters(word) == typed.letters(said)):
        return word, ""
    near = say("answer_spelling", nearest=word) if word else ""
    return None, say("answer_choice", value=typed.shown(said), nearest=near, choices=typed.some(choices))


def _check_word(answer: object, record: dict) -> tuple[bool, str]:
    choices = record["choices"] or [record["answer"]]
    others = [wrong for wrong, _ in record["mistakes"]]
    word, why = _word(answer, [*choices, *(wrong for wrong in others if wrong not in choices)])
    if word is None:
        return False, say("mistake", message=why)
    if word.lower() == record["answer"].lower():
        return True, say("right", right=record["right"])
    for wrong, message in record["mistakes"]:
        if word.lower() == wrong.lower():
            return False, say("mistake", message=message)
    step = rules.step(word, record["answer"], choices) if record["ordered"] else ""
    hint = say("think", hint=record["hints"][0]) if record["hints"] else say("mapping_other")
    return False, say("mistake", message=say("word_other", value=word, more=step or hint))


def _check_mapping(name: str, answer: object, record: dict) -> tuple[bool, str]:
    expected = record["answer"]
    if isinstance(answer, pd.Series):
        answer = answer.to_dict()
    if not isinstance(answer, dict):
        return False, say("answer_mapping", names=typed.some(expected))
    answer = {(typed.spelled(item, expected)[0] or item if isinstance(item, str) else item): said for item, said in answer.items()}
    todo = [item for item in expected if _unanswered(answer.get(item, ...))]
    if todo:
        return False, say("mapping_missing", name=name, count=len(todo), total=len(expected), names=typed.some(todo))
    choices = record["choices"] or sorted(set(expected.values()))
    said, wrong = {}, []
    for item, truth in expected.items():
        word, message = _word(answer[item], choices)
        said[item] = word or ""
        if word == truth:
            continue
        if word:
            message = record["notes"].get(item, say("mapping_other"))
            if record["ordered"]:
                message += " " + rules.step(word, truth, choices)
        value = typed.escaped(word or (answer[item][:40] if isinstance(answer[item], str) else typed.shown(answer[item])))
        wrong.append(say("mapping_item", item=item, value=value, message=message))
    score = say("mapping_score", right=len(expected) - len(wrong), total=len(expected))
    if not wrong:
        return True, f"{score} {record['right']}"
    whole = rules.of_words(said, expected, choices, record["ordered"]) if all(said.values()) else ""
    return False, "\n".join([f"{score} {whole}".rstrip(), "", *wrong])


def _replied(name: str, answer: object) -> tuple[str, str]:
    """Return (state, sentence) for an answer: todo, right, partly or wrong."""
    record = _record(name)
    if _unanswered(answer):
        return "todo", say("not_answered", name=name) + (say("not_answered_hint", name=name) if record["hints"] else "")
    try:
        if record["kind"] == "mapping":
            right, text = _check_mapping(name, answer, record)
            some = isinstance(answer, (dict, pd.Series)) and text.startswith("**") and not text.startswith(("**0 of", "**Not"))
            return "right" if right else "partly" if some else "todo" if text.startswith("*Not answered") else "wrong", text
        if record["kind"] == "word":
            right, text = _check_word(answer, record)
        else:
            number, remark = _number(answer, record["unit"], record["answer"])
            right, text = _diagnose(number, record)
            text = remark + text
        return "right" if right else "wrong", text
    except CourseError as error:
        return "wrong", str(error)


def reply(name: str, answer: object = ...) -> tuple[bool, str]:
    """Return (is it right, the sentence that ``check`` says) for an answer to the exercise ``name``; show and remember nothing."""
    state, text = _replied(name, answer)
    return state == "right", text


def check(name: str, answer: object = ..., *more: object) -> None:
    """Answer an attempt at the exercise ``name`` in a sentence: right, which mistake, how far off, or not answered yet.

    ``answer`` is what the exercise asks for: a number (also as text, or a Series or an array of one), a word, or a dictionary.
    Anything else gets a sentence too; only an unknown exercise name raises CourseError.
    """
    if _keys_may_follow and name not in _in_build:
        return None
    answer = (answer, *more) if more else answer
    state, text = _replied(name, answer)
    record = {"kind": "check", "exercise": name}
    if not _unanswered(answer):
        if not (isinstance(answer, dict) and all(map(_unanswered, answer.values()))):
            record |= {"answer": _recorded(answer), "right": state == "right"}
            keep("answer", name, answer)
        keep("reply", name, text)
    return tell(text, record, state=state)


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
