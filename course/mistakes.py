"""Rules of mistakes: what usually goes wrong in a share, a ratio, a change ..., stated once, computed for every exercise of that kind.

A rule is a value and the sentence of the message table to say to it. Those that follow from the answer alone (upside down, complement,
level for change, a power of ten) are computed when an answer is checked; those that need the exercise's ``inputs`` are computed by its
key and stored there. A rule speaks only if what was typed *is* its value, as far as the digits typed can show it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from .messages import say

WORK: dict[str, Callable] = {  # what an exercise of each kind does with its inputs, where its key does not say it
    "share": lambda part, whole: part / whole,
    "ratio": lambda top, bottom: top / bottom,
    "change": lambda before, after: after / before - 1,
    "difference": lambda first, second: first - second,
    "product": lambda *factors: math.prod(factors),
    "sum": lambda *terms: math.fsum(terms),
    "mean": lambda *terms: math.fsum(terms) / len(terms),
}
KINDS = [*WORK, "conversion", "count", "rank", "year", "index", "model"]
EXACT = {"count", "rank", "year"}  # told apart by one
RATIOS = {"share", "ratio", "change"}  # a fraction, or 100 times as much in per cent
PLAIN = {"input_alone", "difference", "the_other_part", "said"}  # said of a number of two digits too
FROM_ANSWER: dict[str, dict[str, Callable[[float], float]]] = {  # for a right answer a, as a fraction where it is in per cent
    "share": {
        "upside_down": lambda a: 1 / a,
        "by_the_rest": lambda a: a / (1 - a),
        "part_twice": lambda a: a / (1 + a),
        "the_rest": lambda a: 1 - a,
        "whole_and_rest": lambda a: a / (2 - a),
        "rest_by_part": lambda a: 1 / a - 1,
    },
    "ratio": {"upside_down": lambda a: 1 / a, "growth_for_factor": lambda a: a - 1},
    "change": {
        "level": lambda a: 1 + a,
        "level_upside_down": lambda a: 1 / (1 + a),
        "wrong_base": lambda a: a / (1 + a),
        "wrong_base_and_sign": lambda a: -a / (1 + a),
    },
    "conversion": {"conversion_upside_down": lambda a: 1 / a},
    "rank": {"row_label": lambda a: a - 1},
}
FACTORS = {  # how many of one unit make another, and how one says it
    7: "factor_week", 12: "factor_year", 24: "factor_day", 60: "factor_minute", 365: "factor_days", 3600: "factor_hour",
    1024: "factor_1024", 1024**2: "factor_1024", 1024**3: "factor_1024",
}  # fmt: skip
LENGTHS = {  # what else people count where a key counts that many: days of a year, of a month, hours of a day, ...
    5: [7], 7: [5], 8: [7, 9, 10, 24], 12: [52], 24: [8], 26: [20, 21, 22, 25, 30, 31], 60: [24, 100], 168: [24, 35, 40, 48],
    200: [160, 176, 240], 220: [250, 260, 365], 365: [12, 30, 52, 250, 300, 360, 366],
}  # fmt: skip


def digits(value: float) -> int:
    """Return how many significant digits were typed, zeros at the end left out."""
    return len(f"{abs(value):.11e}".split("e")[0].replace(".", "").rstrip("0"))


def shortened(target: float, count: int) -> float:
    """Return ``target`` rounded to ``count`` significant digits."""
    return float(f"{target:.{count - 1}e}")


def rounds_to(target: float, value: float) -> bool:
    """Tell whether ``target`` becomes ``value`` when somebody rounds it, once, to two significant digits or more; a five goes up."""
    found = Decimal(f"{target:.10g}")
    return any(float(found.quantize(Decimal(1).scaleb(found.adjusted() - more), ROUND_HALF_UP)) == value for more in range(1, 7))


def fits(value: float, target: float) -> bool:
    """Tell whether ``value`` is ``target``: nearly the same number, or what it becomes rounded to the digits typed, two at least."""
    if abs(value - target) <= 1e-6 * abs(target):
        return True
    return 2 <= (count := digits(value)) <= 6 and shortened(target, count) == value


def roundings(inputs: list[float]) -> Iterator[list[float]]:
    """Return the inputs as a person reads them off a page: whole, with some decimals or digits; all of them so, then one at a time."""
    ways = [lambda x, n=n: shortened(x, n) for n in (4, 3, 2)] + [lambda x, n=n: round(x, n) for n in (0, 1, 2, 3)]
    yield inputs
    for way in ways:
        for only in [range(len(inputs)), *([place] for place in range(len(inputs)) if 1 < len(inputs) < 5)]:
            changed = [way(x) if place in only and x else x for place, x in enumerate(inputs)]
            if all(abs(new - x) <= 0.02 * abs(x) for new, x in zip(changed, inputs, strict=True)):
                yield changed


def values(work: Callable, inputs: list[float], reach: float = 0.05) -> list[float]:
    """Return what ``work`` gives for the inputs, then for the inputs rounded as they are printed, each value once."""
    found: list[float] = []
    for changed in roundings(inputs):
        try:
            value = float(work(*changed))
        except (ArithmeticError, ValueError):
            continue
        if not math.isfinite(value) or any(abs(value - other) <= 1e-6 * abs(other) for other in found):
            continue
        if not found or abs(value - found[0]) <= reach * abs(found[0]):
            found.append(value)
    return found


def of_inputs(does: str, inputs: dict[str, float], work: Callable) -> Iterator[tuple[str, dict, list[float]]]:
    """Return (rule, the words of its sentence, its values) for the mistakes that an exercise's inputs allow."""
    names, numbers = list(inputs), list(inputs.values())
    for name, number in inputs.items():
        if number not in (0, 1):
            yield "input_alone", {"name": name}, values(lambda x: x, [number])
    if len(numbers) == 2:
        pair = {"first": names[0], "second": names[1]}
        if does in RATIOS:
            yield "difference", pair, values(lambda x, y: x - y, numbers)
            yield "difference", pair, values(lambda x, y: y - x, numbers)
        if does in ("share", "ratio", "difference"):
            yield "added", pair, values(lambda x, y: x + y, numbers)
        if does in ("share", "ratio"):
            yield "multiplied", pair, values(lambda x, y: x * y, numbers)
        if does == "difference":
            yield "divided", pair, values(lambda x, y: x / y, numbers)
    if does in ("sum", "mean") and len(numbers) > 1:
        for place, name in enumerate(names):
            yield "term_left_out", {"name": name}, values(work, numbers[:place] + numbers[place + 1 :])
        rule, other = ("mean_taken", "mean") if does == "sum" else ("sum_taken", "sum")
        yield rule, {}, values(WORK[other], numbers)
    if does not in ("conversion", "product"):
        return

    def instead(turn: Callable[[float], float], *places: int) -> list[float]:
        return values(lambda *given: work(*(turn(x) if place in places else x for place, x in enumerate(given))), numbers)

    for count in (1, 2) if len(numbers) > 2 else (1,):
        for places in combinations(range(len(numbers)), count):
            yield "left_out", {"name": " and ".join(names[place] for place in places)}, instead(lambda x: 1, *places)
    for place, (name, number) in enumerate(inputs.items()):
        yield "wrong_side", {"name": name}, instead(lambda x: 1 / x, place)
        if number < 1:
            yield "the_other_part", {"name": name}, instead(lambda x: 1 - x, place)
        for other in LENGTHS.get(number, []):
            yield "other_length", {"name": name, "other": other, "number": f"{number:g}"}, instead(lambda x, other=other: other, place)


def scales(does: str, unit: str) -> list[tuple[float, str]]:
    """Return (factor, form) for the same number in another form: a fraction for per cent, per cent for a fraction."""
    if unit in ("%", "cents"):
        return [(0.01, "fraction" if unit == "%" else "dollars")]
    return [(100, "percent")] if unit in ("fraction", "times") or does in RATIOS else []


def dressed(value: float, does: str, unit: str) -> Iterator[tuple[float, str, dict]]:
    """Return (number, rule, words) for the numbers that a mistaken one may be after a second slip: per cent, upside down, thousands."""
    for factor, form in scales(does, unit):
        yield value / factor, f"also_{form}", {}
    if does in ("ratio", "share"):
        whole = 100 if unit == "%" else 1
        yield whole * whole / value, "also_upside_down", {}
    if does in ("conversion", "product") and digits(value) > 2:
        for power in (1000, 1e6, 1e9):
            yield value / power, "also_thousands", {"times": f"{power:,.0f}", "way": say("way_high")}
            yield value * power, "also_thousands", {"times": f"{power:,.0f}", "way": say("way_low")}


def of_answer(does: str, unit: str, rights: list[float]) -> Iterator[tuple[str, float]]:
    """Return (rule, value) for the mistakes that follow from the right values alone."""
    whole = 100 if unit in ("%", "cents") else 1
    for right in rights:
        for rule, value in FROM_ANSWER.get(does, {}).items():
            try:
                yield rule, whole * value(right / whole)
            except ZeroDivisionError:
                continue


def of_size(
    value: float, is_right: Callable[[float], bool], is_rounded: Callable[[float], bool], does: str, unit: str
) -> Iterator[tuple[str, dict]]:
    """Return (rule, words) if the number is right but for a factor: per cent, powers of ten, units of time, of memory; or for the sign."""
    for factor, form in scales(does, unit):
        if is_right(value / factor):
            yield f"form_{form}", {}
            return
    if does in EXACT:
        return
    if is_right(-value):
        yield "sign", {}
        return
    tens = {power: "tenfold" if power < 3 else "thousands" for power in range(1, 13)} | (
        {2: "percent_twice", 4: "percent_twice"} if unit == "%" else {}
    )
    ways = [(10**power, rule) for power, rule in tens.items()]
    bytes_asked = unit.lower().endswith(("b", "byte", "bytes"))
    known = {factor: rule for factor, rule in FACTORS.items() if bytes_asked or rule != "factor_1024"}
    ways += known.items() if does in ("conversion", "product", "model") and digits(value) > 2 else []
    for factor, rule in ways:
        for way, other in (("way_high", value / factor), ("way_low", value * factor)):
            if is_rounded(other):
                yield rule, {"times": f"{factor:,}", "way": say(way)}
                return


def how_far(value: float, target: float, does: str, unit: str) -> str:
    """Return in words how far off a number is, and in which direction."""
    gap, more = abs(value - target), value > target
    falls = value < 0 and target < 0  # the larger fall is the lower number
    way = say(("way_fall_low", "way_fall_high", "way_high", "way_low")[2 * (not falls) + (not more)])
    if value == 0:
        return say("far_zero")
    if does in EXACT or unit in ("points", "years"):
        return (
            say("far_few", way=way) if gap < 10 else say("far_by", way=way, gap=f"{float(f'{gap:.0e}'):,.12g}")
        )  # no answer by subtraction
    if value * target <= 0:
        return say("far_sign_below" if target < 0 else "far_sign_above")
    times = max(value / target, target / value)
    if times < 1.03:
        return say("far_little", way=way, per_cent=f"{100 * gap / abs(target):.2g}")
    if unit == "%" and times < 3 and gap >= 1:
        return say("far_points", way=way, gap=f"{float(f'{gap:.0e}'):.0f}")
    if times < 1.8:
        return say("far_per_cent", way=way, per_cent=f"{100 * gap / abs(target):.0f}")
    for power in (3, 6, 9, 12):
        if does not in RATIOS and 0.8 < times / 10**power < 1.25:
            return say("far_thousands", way=way, times=f"{10**power:,}")
    if times > 1e12:
        return say("far_beyond", way=way)
    size = f"{times:.2g}" if times < 10 else f"{float(f'{times:.1e}' if times < 100 else f'{times:.0e}'):,.0f}"
    return say("far_times", way=way, times=size)


def shape(value: float, target: float, does: str, unit: str) -> str:
    """Return what the kind of work alone says of a number that cannot be right, or nothing."""
    whole = 100 if unit == "%" else 1
    if does in EXACT and value % 1 and target % 1 == 0:
        return say("shape_part")
    if does in ("count", "rank") and value % 1 == 0 and 1900 <= value <= 2100 and not 190 <= target <= 21_000:
        return say("shape_year", value=f"{value:.0f}")
    if does == "share" and 0 < target < whole and (value > whole or value < 0):
        return say("shape_share", whole="100 %" if unit == "%" else "1")
    if does == "ratio" and value > 0 and (value < 0.95) != (target < 1) and not 0.9 < target < 1.1:
        return say("shape_below_one" if value < 1 else "shape_above_one")
    return ""


def of_words(said: dict[str, str], truth: dict[str, str], choices: list[str], ordered: bool) -> str:
    """Return what the wrong entries of a mapping have in common: all the same, the other way round, two swapped, one step off."""
    wrong = [item for item in truth if said[item] != truth[item]]
    if len(wrong) > 1 and len(set(said.values())) == 1 < len(set(truth.values())):
        return say("words_all_same", value=next(iter(said.values())))
    mirrored = all(choices.index(said[item]) + choices.index(truth[item]) == len(choices) - 1 for item in truth)
    if len(wrong) == len(truth) > 1 and mirrored and (ordered or len(choices) == 2):
        return say("words_reversed")
    if len(wrong) == 2 and said[wrong[0]] == truth[wrong[1]] and said[wrong[1]] == truth[wrong[0]]:
        return say("words_swapped", first=wrong[0], second=wrong[1])
    if len(wrong) > 1 and len({(said[item], truth[item]) for item in wrong}) == 1:
        return say("words_one_for_other", said=said[wrong[0]], truth=truth[wrong[0]])
    return ""


def step(said: str, truth: str, choices: list[str]) -> str:
    """Return which way a word of an ordered scale is off: one step too far along it or too early, or several."""
    gap = choices.index(said) - choices.index(truth)
    return say("word_step", way=say("step_far" if gap > 0 else "step_early"), count=abs(gap), steps="step" if abs(gap) == 1 else "steps")
