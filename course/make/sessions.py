"""The session plans: ``course/guide/sessions.yml``, where they are written, loaded and compared with the lessons they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from functools import cache

import pandas as pd
import yaml

from ..claims import ledger
from ..data import load
from ..doors import ROOT
from ..messages import nearest
from .lessons import BLANK, LessonError, lessons
from .outline import outline

GUIDE = ROOT / "course" / "guide"
PLANS = GUIDE / "sessions.yml"
WORKSHEETS = ROOT / "course" / "worksheets"
SHOWN = ("slides", "notebook", "figures")  # kinds of what may be some sections of a lesson
FLAGS = ("test", "poster", "tickets", "room")
OTHERS = {"worksheet": "lesson", "ledger": "claims", "page": "page", "one_of": "among"}  # kind, and the field that its value fills


class PlanError(LessonError):
    """Plans that cannot be used: the message has a line for each fault, with its plan and row."""


@dataclass(frozen=True)
class Part:
    """A lesson, or some of its sections (by id; all of them if ``sections`` is empty)."""

    lesson: str
    sections: list[str]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the sections, as learners see them."""
        return [found.number for name in self.sections if (found := outline(self.lesson).section(name))]


@dataclass(frozen=True)
class Item:
    """One thing that a row is done with. ``kind`` is the word that sessions.yml writes first; the other fields are filled as it needs."""

    kind: str
    lesson: str = ""
    sections: list[str] = field(default_factory=list)
    exercises: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    page: str = ""
    among: list[Item] = field(default_factory=list)

    @property
    def part(self) -> Part:
        """What of its lesson is meant."""
        return Part(self.lesson, self.sections)


@dataclass(frozen=True)
class Row:
    """One row of a plan; ``title`` is what is done, ``items`` what it is done with, ``mistake`` a likely wrong answer to ``ask``."""

    minutes: int
    title: str
    detail: str = ""
    items: list[Item] = field(default_factory=list)
    ask: str = ""
    mistake: str = ""
    reply: str = ""

    @property
    def wrong(self) -> str:
        """The likely wrong answer and what to say to it."""
        return f"{self.mistake}: {self.reply}" if self.mistake else ""

    def each(self, *kinds: str) -> list[Item]:
        """Return the items of some kinds, those among which a class chooses too."""
        return [item for one in self.items for item in (one.among or [one]) if item.kind in kinds]

    @property
    def parts(self) -> list[Part]:
        """What of which lessons the row works on, in order."""
        return [item.part for item in self.each("slides", "notebook")]

    @property
    def figures(self) -> list[Part]:
        """Of which sections the figures alone are shown."""
        return [item.part for item in self.each("figures")]

    @property
    def sheets(self) -> list[str]:
        """The lessons whose worksheets are handed out."""
        return [item.lesson for item in self.each("worksheet")]

    @property
    def has_test(self) -> bool:
        """Whether the pre or post test is given."""
        return bool(self.each("test"))

    @property
    def has_poster(self) -> bool:
        """Whether the eight questions are shown."""
        return bool(self.each("poster"))

    @property
    def has_tickets(self) -> bool:
        """Whether exit tickets are handed out."""
        return bool(self.each("tickets"))


@dataclass(frozen=True)
class Plan:
    """A session plan: ``name`` for the command line (one_hour), its ``rows``, and what the guide says around them."""

    name: str
    title: str
    minutes: int
    rows: list[Row]
    late: str
    intro: str = ""
    say_first: str = ""
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def is_course(self) -> bool:
        """Whether each row is a session of its own, on another day."""
        return all(row.minutes >= 60 for row in self.rows)

    @property
    def sheets(self) -> list[str]:
        """The lessons whose worksheets the plan hands out, once each."""
        return list(dict.fromkeys(name for row in self.rows for name in row.sheets))

    def exercises(self) -> dict[str, list[str]]:
        """Return {lesson: exercises} that the plan names."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            for item in row.each(*SHOWN):
                if item.exercises:
                    found.setdefault(item.lesson, []).extend(item.exercises)
        return found


# reading

ROW_WORDS = {"title": "what", "mistake": "wrong", "items": "with"}  # what the file calls a field of Row, where it is not the field's name
TYPES = {"str": (str, "a text"), "int": (int, "a whole number"), "list[Row]": (list, "a list of rows")}


def _mapping(said: object, what: str) -> dict:
    if not isinstance(said, dict):
        raise PlanError(f"{what} says {said!r}, which has no words with a colon")
    return said


def _filled(kind: type, said: dict, words: dict[str, str]) -> object:
    """Return a dataclass filled by a mapping of the file. Raise PlanError for a word that is unknown, missing or of another type."""
    known = {words.get(one.name, one.name): one for one in fields(kind)}
    for word, value in said.items():
        if word not in known:
            raise PlanError(f"{word!r} is not a word of the plans.{nearest(word, list(known))}")
        wanted, told = TYPES.get(known[word].type, (object, ""))
        if not isinstance(value, wanted):
            raise PlanError(f"{word!r} is {told}; it says {value!r}")
    for word, one in known.items():
        if one.default is one.default_factory is MISSING and not said.get(word):
            raise PlanError(f"{word!r} is missing")
    return kind(**{known[word].name: value for word, value in said.items()})


def _item(said: object) -> Item:
    kinds = {**dict.fromkeys(SHOWN, "lesson"), **dict.fromkeys(FLAGS, ""), **OTHERS}
    rest = dict(_mapping(said, "with"))
    kind = next((word for word in rest if word in kinds), None)
    if kind is None:
        raise PlanError(f"{said!r} is none of {', '.join(kinds)}")
    value = rest.pop(kind)
    if kind in SHOWN and rest.get("route") == "half":
        del rest["route"]
        rest["sections"] = outline(value).half
        if not rest["sections"]:
            raise PlanError(f"{value!r} marks no section as its half")
    if wrong := [str(word) for word in rest if kind not in SHOWN or word not in ("sections", "exercises")]:
        raise PlanError(f"{kind!r} cannot have {', '.join(wrong)}")
    if kind == "one_of":
        value = [_item(one) for one in value]
    return Item(kind, **({kinds[kind]: value} if kinds[kind] else {}), **rest)


def _row(said: object) -> Row:
    words = _mapping(said, "a row")
    return _filled(Row, words | {"with": [_item(one) for one in words.get("with", [])]}, ROW_WORDS)


def _plan(name: str, said: object) -> Plan:
    words = _mapping(said, "a plan")
    rows = [_placed(f"{name}, row {number}", _row, one) for number, one in enumerate(words.get("rows", []), start=1)]
    return _placed(name, _filled, Plan, words | {"name": name, "rows": rows}, {})


def _placed(where: str, make: Callable, *said: object) -> object:
    try:
        return make(*said)
    except PlanError as error:
        raise PlanError(f"{where}: {error}") from None


# comparing


def _unknown(what: str, name: object, known: list[str], where: str = "") -> Iterator[str]:
    if name not in known:
        yield f"there is no {what} {name!r}{where}.{nearest(name, known)}"


def _item_faults(item: Item) -> Iterator[str]:
    """Yield a sentence for each lesson, section, exercise, worksheet, claim or page that does not exist."""
    for one in item.among:
        yield from _item_faults(one)
    for claim in item.claims:
        yield from _unknown("claim", claim, list(ledger()["claim"]))
    if item.page:
        yield from _unknown("page of the guide", item.page, [path.stem for path in GUIDE.glob("*.md")])
    if item.kind == "worksheet":
        known = [path.relative_to(WORKSHEETS).with_suffix("").as_posix() for path in WORKSHEETS.rglob("*.md")]
        yield from _unknown("worksheet", item.lesson, known)
    elif item.lesson not in ("", *lessons()):
        yield from _unknown("lesson", item.lesson, lessons())
    elif item.lesson:
        yield from _part_faults(item)


def _part_faults(item: Item) -> Iterator[str]:
    shape = outline(item.lesson)
    for name in item.sections:
        yield from _unknown("section", name, [section.id for section in shape.sections if section.id], f" in {item.lesson}")
    chosen = [section for section in shape.sections if not item.sections or section.id in item.sections]
    inside = [name for section in chosen for name in section.exercises]
    for name in item.exercises:
        where = " in " + ", ".join(map(str, [item.lesson, *item.sections]))
        yield from _unknown("exercise", name, inside, where)


def faults(plan: Plan) -> Iterator[str]:
    """Yield a sentence for each thing that a plan names and that does not exist, and for minutes that do not add up."""
    for number, row in enumerate(plan.rows, start=1):
        for item in row.items:
            yield from (f"{plan.name}, row {number} ({row.title}): {what}" for what in _item_faults(item))
    total = sum(row.minutes for row in plan.rows)
    if total != plan.minutes:
        yield f"{plan.name}: its rows take {total} minutes, and it says {plan.minutes}"


def row(table: str, **key: object) -> pd.Series:
    """Return the one row of a table whose columns have these values."""
    rows = load(table)
    for column, value in key.items():
        rows = rows[rows[column] == value]
    return rows.squeeze()


def _filled_in(said: object) -> object:
    """Return what the file says with its expressions worth what an f-string would write."""
    if isinstance(said, dict):
        return {word: _filled_in(value) for word, value in said.items()}
    if isinstance(said, list):
        return [_filled_in(value) for value in said]
    return BLANK.sub(lambda blank: eval(f'f"""{{{blank[1]}}}"""', {"row": row}), said) if isinstance(said, str) else said


def read_plans(text: str) -> dict[str, Plan]:
    """Return {name: plan}, in the order of the text. Raise PlanError, with a line for each fault, where something is wrong."""
    file = PLANS.relative_to(ROOT).as_posix()
    try:
        said = _filled_in(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise PlanError(f"{file} is not YAML: {error}") from None
    except Exception as error:
        raise PlanError(f"{file}: an expression cannot be computed: {type(error).__name__}: {error}") from None
    found = {name: _placed(file, _plan, name, entry) for name, entry in _mapping(said, file).items()}
    if lines := [f"{file}: {line}" for plan in found.values() for line in faults(plan)]:
        raise PlanError("\n".join(lines))
    return found


@cache
def plans() -> dict[str, Plan]:
    """Return the plans of the guide, {name: plan}. Raise PlanError where one names something that does not exist."""
    return read_plans(PLANS.read_text(encoding="utf-8"))
