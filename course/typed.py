"""The door for what a person types: one validator of a number, one of a whole number, of a name, of a word from a list, of a table.

Each returns the value in the type the caller needs, or raises CourseError with a sentence of the message table. A caller names the
family of its sentences (``who``): ``number(x, "pay_amount")`` says ``pay_amount_nan`` for a missing value if there is such a sentence,
and ``pay_amount_kind`` otherwise.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from .messages import MESSAGES, CourseError, nearest, say

MANY = (pd.Series, pd.DataFrame, pd.Index, np.ndarray, list, tuple, set, frozenset, dict)
LONGEST_NAME = 200
LONGEST_SHOWN = 60  # letters of a typed text that a sentence repeats
LONGEST_LIST = 200  # letters of a list of known words
PLAIN = re.compile(r"[\w ,;.:'’%/()+=…-]*")  # letters that neither Markdown nor HTML reads as more than themselves
MARKDOWN = re.compile(r"([\\`*_\[\]{}#!|~$])")
DIGITS = re.compile(r"([+-]?[\d.,'’_ ]*\d[.,]?(?:[eE][+-]?\d{1,3})?)\s*(\D*)")
ABOUT = re.compile(r"(?:~|≈|about|around|roughly|approximately|ca\.|circa)\s*", re.IGNORECASE)  # a person's modesty before a number
SPELT = {  # how people write a unit in words or signs, in small letters; the unit as the course writes it first
    "%": "per cent, percent, pct",
    "usd": "dollar, dollars, us dollars, $, us$",
    "cents": "cent, us cents, ¢",
    "t": "tonne, tonnes, ton, tons",
    "g": "gram, grams",
    "kg": "kilogram, kilograms, kilos",
    "times": "time, x, ×, fold, -fold",
    "years": "year",
}
NEAR = 1.4  # powers of ten: a reading farther from the answer than that is not what was meant

OTHER_NAMES = {  # of a country, as people type them, in small letters; the course's name first
    "United States": "us, usa, u.s., u.s.a., united states of america, the united states, america, états-unis, etats-unis",
    "United Kingdom": "uk, u.k., gb, great britain, britain, the united kingdom, royaume-uni",
    "DR Congo": "drc, rdc, dr congo, d.r. congo, congo, congo-kinshasa, democratic republic of congo, democratic republic of the congo",
    "United Arab Emirates": "uae, u.a.e., emirates, émirats arabes unis",
    "China": "prc, people's republic of china, chine",
    "South Korea": "korea, republic of korea, rok, corée du sud",
    "Netherlands": "holland, the netherlands, pays-bas",
    "Euro area": "eurozone, euro zone, the euro area",
    "Saudi Arabia": "ksa",
    "South Africa": "rsa, afrique du sud",
    "Ireland": "eire, éire, republic of ireland, irlande",
    "Germany": "deutschland, allemagne",
    "Poland": "pologne, polska",
    "Philippines": "the philippines",
    "World": "the world, global, monde",
}
ALIASES = {alias: name for name, others in OTHER_NAMES.items() for alias in others.split(", ")}


def shown(value: object) -> str:
    """Write what was given as a sentence can hold it: text between quotes, a number bare, anything large or odd by its kind.

    A text that Markdown or HTML would read as more than letters stands in a code span, where both leave it alone.
    """
    if value is ...:
        return say("three_dots")
    if isinstance(value, str):
        text = repr(value if len(value) <= LONGEST_SHOWN else value[:40] + "…")
        return text if PLAIN.fullmatch(text) else _span(text)
    if value is None or (pd.api.types.is_scalar(value) and len(text := _text(value)) <= 40):
        return "None" if value is None else text
    kind = type(value).__name__
    return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"


def _span(text: str) -> str:
    """Return a code span of Markdown that holds ``text`` whole, whatever backticks are in it."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if len(fence) > 1 else f"`{text}`"


def escaped(text: object) -> str:
    """Return words that a person typed so that Markdown and HTML show them as they were typed, on one line."""
    line = " ".join(str(text).split())
    return MARKDOWN.sub(r"\\\1", html.escape(line, quote=False))


def some(words: Iterable[object], most: int = LONGEST_LIST) -> str:
    """Return known words with commas between them, and how many more there are where the list would be long."""
    words = list(map(str, words))
    kept = len(words)
    while kept > 1 and len(", ".join(words[:kept])) > most:
        kept -= 1
    return ", ".join(words[:kept]) + (say("list_more", count=len(words) - kept) if kept < len(words) else "")


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
    if isinstance(value, np.ma.MaskedArray):
        return value.ravel()[0], type(value).__name__
    return (value[0] if isinstance(value, (list, tuple)) else np.asarray(value).ravel()[0]), type(value).__name__


# numbers as people type them


def _whole_part(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}([ ,.'’_])\d{3}(\1\d{3})*|\d+", text))


def _marked(body: str) -> list[str]:
    """Return what digits with points, commas and spaces may mean: with a comma or a point before the decimals, or between thousands."""
    found = []
    for mark in (".", ","):
        head, sign, tail = body.rpartition(mark)
        if sign and tail.isdigit() and (head == "" or _whole_part(head)) and mark not in head:
            found.append((re.sub(r"\D", "", head) or "0") + "." + tail)
    group = re.fullmatch(r"[1-9]\d{0,2}([ ,.'’_])\d{3}(\1\d{3})*", body)
    if body.isdigit() or group:
        found.append(re.sub(r"\D", "", body))
    return list(dict.fromkeys(found))


def readings(text: str, unit: str = "") -> list[float]:
    """Return the numbers that a typed text may mean, with ``unit`` or % after it or nothing: "72,7", "59 000", "1.234,5", "2.9e3".

    A comma or a point before three digits may stand before decimals or between thousands: then there are two.
    """
    text = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    match = DIGITS.fullmatch(ABOUT.sub("", text, count=1)) if len(text) <= LONGEST_SHOWN else None
    wanted, behind = unit.lower(), " ".join(match[2].lower().split()) if match else ""
    behind = next((short for short, words in SPELT.items() if behind in words.split(", ")), behind)
    if not match or behind not in ("", "%", wanted, wanted.removesuffix("s"), *wanted.split()[:1], *wanted.split("/")[:1]):
        return []
    if behind == "%" and unit in ("fraction", "times"):
        return []
    body, _, power = match[1].strip().lower().partition("e")
    sign, body = ("-" if body.startswith("-") else ""), body.lstrip("+-").strip()
    found = [float(f"{sign}{one}e{power or 0}") for one in _marked(body)]
    return [one for one in dict.fromkeys(found) if math.isfinite(one)]


def _tuple_readings(value: tuple) -> list[float]:
    """Return the numbers that Python's tuple for ``72,7`` or ``59,000`` may mean; none where its parts are not such digits."""
    if len(value) < 2 or any(isinstance(part, (bool, np.bool_)) or not isinstance(part, int) for part in value) or min(value[1:]) < 0:
        return []
    if max(map(abs, value)) > 10**12:
        return []
    found = [float(f"{value[0]}.{value[1]}")] if len(value) == 2 else []
    if value[0] and abs(value[0]) < 1000 and all(part == 0 or 100 <= part <= 999 for part in value[1:]):
        found.append(float(f"{value[0]}" + "".join(f"{part:03d}" for part in value[1:])))
    return found


def _plain(value: float) -> str:
    return f"{value:.10g}" if abs(value) < 1e10 else f"{value:.0f}"


def one_reading(value: str | tuple, who: str, unit: str = "", near: float | None = None) -> float:
    """Return the one number that a typed text or ``72,7`` means, or raise CourseError: none, or two of which ``near`` settles nothing."""
    found = readings(value, unit) if isinstance(value, str) else _tuple_readings(value)
    if not found and isinstance(value, str):
        raise _refuse(who, ["text"], value)
    if not found:
        raise CourseError(
            say(
                f"{who}_comma" if f"{who}_comma" in MESSAGES else "number_comma",
                parts=some((f"{one:.4g}" if isinstance(one, float) else shown(one) for one in value), 60),
            )
        )
    if len(found) > 1 and near:
        like = [one for one in found if one and abs(math.log10(abs(one / near))) < NEAR]
        found = like or found
        if len(found) > 1 and abs(found[0] / near - 1) < 0.02:  # the one is the answer; the other is near it by chance
            found = found[:1]
    if len(found) > 1:
        text = shown(value) if isinstance(value, str) else ",".join([str(value[0]), *(str(part or "000") for part in value[1:])])
        key = f"{who}_two" if f"{who}_two" in MESSAGES else "number_two"
        raise CourseError(say(key, value=text, first=_plain(found[0]), second=_plain(found[1])))
    return found[0]


def number(
    value: object,
    who: str,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    text: bool = False,
    unit: str = "",
    near: float | None = None,
    **words: object,
) -> float:
    """Return one finite number as a float. A missing value, true or false, several values, bytes, objects and infinity are none.

    With ``text``, a number typed as text is read (see ``readings``), where only one reading is possible or like ``near`` in size. It
    must be at least ``least``, more than ``above`` and at most ``most``, where given.
    """
    if text and (isinstance(value, str) or (isinstance(value, tuple) and len(value) > 1)):
        value = one_reading(value, who, unit, near)
    if isinstance(value, MANY) and value is not np.ma.masked:
        raise _refuse(who, ["many"], value, count=int(value.size) if hasattr(value, "size") else len(value), **words)
    if value is None:
        raise _refuse(who, ["none"], value, **words)
    if value is pd.NA or value is pd.NaT or value is np.ma.masked:
        raise _refuse(who, ["nan"], value, **words)
    if isinstance(value, (bool, np.bool_)):
        raise _refuse(who, ["bool"], value, **words)
    if isinstance(value, str):
        raise _refuse(who, ["text"], value, **words)
    if callable(value):
        raise _refuse(who, ["callable"], value, **words)
    try:
        if not isinstance(value, (Real, Decimal)):
            raise TypeError("no real number")
        found = float(value)
    except (TypeError, ValueError, ArithmeticError):
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


def label(value: object, who: str, most: int = 80, **words: object) -> str:
    """Return a unit, a kind or another short text as it was typed; it may be empty."""
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise _refuse(who, [], value, **words)
    return value


def reason(value: object) -> str:
    """Return a reason as it was typed, without spaces around it; nothing where it is no sentence: fewer than three different words."""
    text = value.strip() if isinstance(value, str) else ""
    return text if len({word for word in re.findall(r"\w+", text.lower())}) >= 3 else ""


def letters(word: str) -> str:
    """Return a word as spelling compares it: no capital, accent, space or dash."""
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in bare if letter.isalnum()) or bare.strip()


def spelled(value: str, known: Iterable[str]) -> tuple[str | None, bool]:
    """Return (the word of ``known`` that ``value`` is or is meant to be, is it written as there but for capitals and spaces).

    Another spelling (Books 3, labor, Gutenberg) finds its word where one alone is near it, and an alias of a country its name.
    """
    known = list(known)
    same = " ".join(value.lower().split())
    for word in known:
        if same == word.lower():
            return word, True
    bare = letters(value)
    found = [word for word in known if word == ALIASES.get(same)] or [word for word in known if bare and letters(word) == bare]
    if len(found) != 1 and len(bare) > 2:
        found = [word for word in known if letters(word).startswith(bare) or (len(letters(word)) > 3 and bare.startswith(letters(word)))]
        if len(found) != 1:
            from difflib import get_close_matches

            near = get_close_matches(bare, [letters(word) for word in known], n=2, cutoff=0.75)
            found = [word for word in known if letters(word) in near]
    return (found[0], False) if len(found) == 1 else (None, False)


def choice(value: object, known: Iterable[str], who: str, **words: object) -> str:
    """Return the one of ``known`` that ``value`` spells, whatever its capitals and spaces; the sentence is ``<who>_unknown``.

    A country may be called by a usual alias (USA, UK, RDC); any other word that is not known is refused, with the nearest.
    """
    known = list(known)
    word, exact = spelled(value, known) if isinstance(value, str) else (None, False)
    if word and (exact or word == ALIASES.get(" ".join(value.lower().split()))):
        return word
    near = ""
    if isinstance(value, str) and len(value) <= LONGEST_NAME:
        near = say("nearest", nearest=word) if word else nearest(value, known)
    raise _refuse(who, ["unknown"], value, nearest=near, known=some(known), **words)


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
