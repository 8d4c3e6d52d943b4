"""The session plans: ``course/guide/sessions.yml``, where they are written, loaded and compared with the lessons they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

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
KINDS = (*SHOWN, *FLAGS, "worksheet", "ledger", "page", "one_of")
TOLD = {  # what pydantic calls a fault, and what an author reads
    "missing": "is missing",
    "string_too_short": "is empty",
    "extra_forbidden": "is not a word of the plans.",
    "string_type": "is a text; it says {said!r}",
    "int_type": "is a whole number; it says {said!r}",
}


class PlanError(LessonError):
    """Plans that cannot be used: the message has a line for each fault, with its plan and row."""


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Part:
    """A lesson, or some of its sections (by id; all of them if ``sections`` is empty)."""

    lesson: str
    sections: list[str]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the sections, as learners see them."""
        return [found.number for name in self.sections if (found := outline(self.lesson).section(name))]


class Item(_Said):
    """One thing that a row is done with: one of ``KINDS`` is filled, and says what it is."""

    slides: str = ""
    notebook: str = ""
    figures: str = ""
    worksheet: str = ""
    claims: list[str] = Field([], alias="ledger")
    page: str = ""
    among: list[Item] = Field([], alias="one_of")
    test: bool = False
    poster: bool = False
    tickets: bool = False
    room: bool = False
    sections: list[str] = []
    exercises: list[str] = []

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, said: dict) -> dict:
        kinds = [word for word in KINDS if word in said] if isinstance(said, dict) else []
        if len(kinds) != 1:
            raise ValueError(f"{said!r} is none of {', '.join(KINDS)}")
        if more := [word for word in ("sections", "exercises") if word in said and kinds[0] not in SHOWN]:
            raise ValueError(f"{kinds[0]!r} cannot have {', '.join(more)}")
        if kinds[0] in SHOWN and said.get("route") == "half":
            lesson = said[kinds[0]]
            half = outline(lesson).half if lesson in lessons() else [""]
            if not half:
                raise ValueError(f"{lesson!r} marks no section as its half")
            said = {word: value for word, value in said.items() if word != "route"} | {"sections": list(filter(None, half))}
        return said

    @property
    def kind(self) -> str:
        """The word of ``KINDS`` that it is."""
        said = self.model_dump(by_alias=True)
        return next(word for word in KINDS if said[word])

    @property
    def lesson(self) -> str:
        """The lesson that is shown or whose worksheet is handed out, empty if there is none."""
        return self.slides or self.notebook or self.figures or self.worksheet

    @property
    def part(self) -> Part:
        """What of its lesson is meant."""
        return Part(self.lesson, self.sections)


class Row(_Said):
    """One row of a plan; ``title`` is what is done, ``items`` what it is done with, ``mistake`` a likely wrong answer to ``ask``."""

    minutes: int
    title: Text = Field(alias="what")
    detail: str = ""
    items: list[Item] = Field([], alias="with")
    ask: str = ""
    mistake: str = Field("", alias="wrong")
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
    def sheets(self) -> list[str]:
        """The lessons whose worksheets are handed out."""
        return [item.lesson for item in self.each("worksheet")]

    def has(self, kind: str) -> bool:
        """Say whether something of that kind is given, shown or handed out."""
        return bool(self.each(kind))


class Plan(_Said):
    """A session plan: its ``rows``, and what the guide says around them."""

    title: Text
    minutes: int
    rows: list[Row]
    late: Text
    intro: str = ""
    say_first: str = ""
    notes: dict[str, str] = {}

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
        for item in (item for row in self.rows for item in row.each(*SHOWN) if item.exercises):
            found.setdefault(item.lesson, []).extend(item.exercises)
        return found


def worksheets() -> list[str]:
    """Return the lessons that have a worksheet, in the order of the course: ``01_resources``, ``more/dug_by_hand`` ..."""
    found = [path.relative_to(WORKSHEETS).with_suffix("").as_posix() for path in WORKSHEETS.rglob("*.md")]
    return sorted(found, key=lambda name: ("/" in name, name))


# what a plan names


def _item_faults(item: Item) -> Iterator[str]:
    """Yield a sentence for each lesson, section, exercise, worksheet, claim or page that does not exist."""
    for one in item.among:
        yield from _item_faults(one)
    named = [("claim", name, list(ledger()["claim"]), "") for name in item.claims]
    if item.page:
        named.append(("page of the guide", item.page, [path.stem for path in GUIDE.glob("*.md")], ""))
    if item.lesson:
        named.append(("worksheet", item.worksheet, worksheets(), "") if item.worksheet else ("lesson", item.lesson, lessons(), ""))
    if item.kind in SHOWN and item.lesson in lessons():
        found = outline(item.lesson).sections
        named += [("section", name, [one.id for one in found if one.id], f" in {item.lesson}") for name in item.sections]
        inside = [name for one in found if not item.sections or one.id in item.sections for name in one.exercises]
        named += [("exercise", name, inside, f" in {', '.join([item.lesson, *item.sections])}") for name in item.exercises]
    yield from (f"there is no {what} {name!r}{where}.{nearest(name, known)}" for what, name, known, where in named if name not in known)


def faults(name: str, plan: Plan) -> Iterator[str]:
    """Yield a sentence for each thing that a plan names and that does not exist, and for minutes that do not add up."""
    for number, row in enumerate(plan.rows, start=1):
        for item in row.items:
            yield from (f"{name}, row {number} ({row.title}): {what}" for what in _item_faults(item))
    total = sum(row.minutes for row in plan.rows)
    if total != plan.minutes:
        yield f"{name}: its rows take {total} minutes, and it says {plan.minutes}"


def _told(error: dict) -> str:
    """Return a fault that pydantic found as a sentence: plan, row, word."""
    plan, *place = error["loc"] or ("the file",)
    row = f", row {place[1] + 1}" if place[:1] == ["rows"] and len(place) > 1 else ""
    words = [one for one in (place[2:] if row else place) if isinstance(one, str)]
    known = [field.alias or name for kind in (Plan, Row, Item) for name, field in kind.model_fields.items()]
    told = TOLD[error["type"]].format(said=error["input"]) if error["type"] in TOLD else f"{error['msg']}; it says {error['input']!r}"
    close = nearest(words[-1], known) if error["type"] == "extra_forbidden" else ""
    return f"{plan}{row}: {f'{words[-1]!r} ' if words else ''}{told}{close}"


def row(table: str, **key: object) -> pd.Series:
    """Return the one row of a table whose columns have these values."""
    rows = load(table)
    for column, value in key.items():
        rows = rows[rows[column] == value]
    return rows.squeeze()


def filled_in(said: object) -> object:
    """Return what the file says with its expressions worth what an f-string would write."""
    if isinstance(said, dict):
        return {word: filled_in(value) for word, value in said.items()}
    if isinstance(said, list):
        return [filled_in(value) for value in said]
    return BLANK.sub(lambda blank: eval(f'f"""{{{blank[1]}}}"""', {"row": row}), said) if isinstance(said, str) else said


def read_plans(text: str) -> dict[str, Plan]:
    """Return {name: plan}, in the order of the text. Raise PlanError, with a line for each fault, where something is wrong."""
    file = PLANS.relative_to(ROOT).as_posix()
    try:
        found = TypeAdapter(dict[str, Plan]).validate_python(filled_in(yaml.safe_load(text)))
        lines = [line for name, plan in found.items() for line in faults(name, plan)]
    except yaml.YAMLError as error:
        raise PlanError(f"{file} is not YAML: {error}") from None
    except ValidationError as error:
        lines = [_told(one) for one in error.errors()]
    except Exception as error:
        raise PlanError(f"{file}: an expression cannot be computed: {type(error).__name__}: {error}") from None
    if lines:
        raise PlanError("\n".join(f"{file}: {line}" for line in lines))
    return found


@cache
def plans() -> dict[str, Plan]:
    """Return the plans of the guide, {name: plan}. Raise PlanError where one names something that does not exist."""
    return read_plans(PLANS.read_text(encoding="utf-8"))
