"""The door for what a person types: one validator of a number, one of a whole number, of a name, of a word from a list, of a table.

Each returns the value in the type the caller needs, or raises CourseError with a sentence of the message table. A caller names the
family of its sentences (``who``): ``number(x, "pay_amount")`` says ``pay_amount_nan`` for a missing value if there is such a sentence,
and ``pay_amount_kind`` otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from .messages import MESSAGES, CourseError, nearest, say

MANY = (pd.Series, pd.DataFrame, pd.Index, np.ndarray, list, tuple, set, frozenset, dict)
LONGEST_NAME = 200


def shown(value: object) -> str:
    """Write what was given as a sentence can hold it: text between quotes, a number bare, anything large or odd by its kind."""
    if value is ...:
        return say("three_dots")
    if isinstance(value, str):
        return repr(value if len(value) <= LONGEST_NAME else value[:40] + "…")
    if value is None or (pd.api.types.is_scalar(value) and len(text := _text(value)) <= 40):
        return "None" if value is None else text
    kind = type(value).__name__
    return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"


def _text(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # Python refuses to write an integer of thousands of digits
        return " " * 99


def _refuse(who: str, reasons: Iterable[str], value: object, **words: object) -> CourseError:
    """Return the error with the first sentence ``<who>_<reason>`` that the message table has; ``<who>_kind`` is the last resort."""
    key = next((f"{who}_{reason}" for reason in reasons if f"{who}_{reason}" in MESSAGES), f"{who}_kind")
    return CourseError(say(key, **{"value": shown(value), "kind": type(value).__name__} | words))


def single(value: object, who: str) -> tuple[object, str]:
    """Return (the value that a list, array or Series of one holds, its kind), or (the value as it is, nothing)."""
    if not isinstance(value, MANY):
        return value, ""
    count = int(value.size) if hasattr(value, "size") else len(value)
    if count != 1 or isinstance(value, (set, frozenset, dict)):
        raise _refuse(who, ["many"] if count else ["empty", "many"], value, count=count)
    return (value[0] if isinstance(value, (list, tuple)) else np.asarray(value).ravel()[0]), type(value).__name__


def number(
    value: object, who: str, least: float | None = None, above: float | None = None, most: float | None = None, **words: object
) -> float:
    """Return one finite number as a float. Text, a missing value, true or false, several values and infinity are none.

    It must be at least ``least``, more than ``above`` and at most ``most``, where given.
    """
    if isinstance(value, MANY):
        raise _refuse(who, ["many"], value, count=int(value.size) if hasattr(value, "size") else len(value), **words)
    if value is None:
        raise _refuse(who, ["none"], value, **words)
    if value is pd.NA or value is pd.NaT:
        raise _refuse(who, ["nan"], value, **words)
    if isinstance(value, (bool, np.bool_)):
        raise _refuse(who, ["bool"], value, **words)
    if isinstance(value, str):
        fixed = value.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "").rstrip("%").replace(",", ".")
        comma = "," in value and _is_number(fixed)
        raise _refuse(who, ["comma", "text"] if comma else ["text"], value, fixed=fixed, **words)
    if callable(value):
        raise _refuse(who, ["callable"], value, **words)
    try:
        if isinstance(value, (complex, np.complexfloating)) or not hasattr(value, "__float__"):
            raise TypeError("numpy would drop the imaginary part with a warning")
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise _refuse(who, [], value, **words) from None
    if math.isnan(found):
        raise _refuse(who, ["nan"], value, **words)
    if math.isinf(found):
        raise _refuse(who, ["infinite"], value, **words)
    if (least is not None and found < least) or (above is not None and found <= above):
        raise _refuse(who, ["low", "range"], value, **words)
    if most is not None and found > most:
        raise _refuse(who, ["high", "range"], value, **words)
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def whole(value: object, who: str, least: int | None = None, most: int | None = None, **words: object) -> int:
    """Return a whole number, such as a year, as an integer: 2023.0 is one, "2023" and 2023.5 are none."""
    found = number(value, who, least=least, most=most, **words)
    if found % 1:
        raise _refuse(who, ["part"], value, **words)
    return int(found)


def name(value: object, who: str, most: int = LONGEST_NAME, **words: object) -> str:
    """Return a name as it was typed: a text of some letters, not a page."""
    if not isinstance(value, str) or not any(letter.isalnum() for letter in value):
        raise _refuse(who, [], value, **words)
    if len(value) > most:
        raise CourseError(say("name_long", count=len(value), most=most))
    return value


def choice(value: object, known: Iterable[str], who: str, **words: object) -> str:
    """Return the one of ``known`` that ``value`` spells, whatever its capitals and spaces; the sentence is ``<who>_unknown``."""
    known = list(known)
    same = " ".join(value.lower().split()) if isinstance(value, str) else None
    for word in known:
        if same == word.lower():
            return word
    near = nearest(value, known) if isinstance(value, str) else ""
    raise _refuse(who, ["unknown"], value, nearest=near, known=", ".join(known), **words)


def columns(table: object, needed: Iterable[str], who: str, numbers: Iterable[str] = (), **words: object) -> pd.DataFrame:
    """Return ``table`` if it is a DataFrame with the columns ``needed``, those of ``numbers`` being numbers (empty cells may be)."""
    if not isinstance(table, pd.DataFrame):
        raise _refuse(who, [], table, **words)
    missing = [column for column in needed if column not in table]
    has = ", ".join(map(str, table.columns)) or "none"
    if missing:
        raise _refuse(who, ["columns"], table, columns=", ".join(map(str, missing)), has=has, **words)
    text = [column for column in numbers if not (pd.api.types.is_numeric_dtype(table[column]) or table[column].isna().all())]
    if text:
        raise _refuse(who, ["numbers"], table, columns=", ".join(map(str, text)), **words)
    return table
