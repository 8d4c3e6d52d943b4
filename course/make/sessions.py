"""The session plans: ``course/guide/sessions.yml``, where they are written, loaded and compared with the lessons they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from ..claims import find, introduced, ledger
from ..data import load
from ..doors import ROOT
from ..messages import nearest
from .lessons import BLANK, LessonError, lessons
from .minutes import COSTS
from .outline import outline

GUIDE = ROOT / "course" / "guide"
PLANS = GUIDE / "sessions.yml"
WORKSHEETS = ROOT / "course" / "worksheets"
SESSIONS = "session/"  # under it, the sheets of sessions; the others are a lesson's
DEBATES = f"{SESSIONS}debate_"
SHOWN = ("slides", "notebook", "figures")  # kinds of what may be some sections of a lesson
FLAGS = ("test", "poster", "words", "tickets", "room")
SPOKEN = ("say", "hand", "vote", "pairs", "do")  # what the lecturer says, and what the room does without a page
KINDS = (*SHOWN, *FLAGS, *SPOKEN, "worksheet", "sheet", "debate", "quiz", "claim", "verdict", "ledger", "page", "show", "one_of")
ALSO = {  # words that only some kinds can have beside them
    "sections": SHOWN,
    "exercises": SHOWN,
    "questions": ("sheet", "vote"),
    "paper": ("figures",),
    "on_paper": ("notebook",),
    "task": ("worksheet",),
    "takes": ("do", "worksheet", "sheet", "debate"),
}
TAKES = {  # minutes, by what is done; a word is read and a question of a sheet answered as in a lesson
    **{"word": COSTS["words"], "question": COSTS["check"], "vote": COSTS["verdict"], "pairs": 3, "hand": 2, "ask": 1.5, "figures": 1},
    **{"poster": 0.5, "words": 0.5, "show": 0.5, "tickets": 3, "test": 15, "debate": 12, "worksheet": 15},
}
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
    sheet: str = ""
    debate: str = ""
    quiz: list[str] = []
    claim: str = ""
    verdict: str = ""
    claims: list[str] = Field([], alias="ledger")
    page: str = ""
    show: str = ""
    say: str = ""
    hand: str = ""
    vote: str = ""
    pairs: str = ""
    do: str = ""
    among: list[Item] = Field([], alias="one_of")
    test: bool = False
    poster: bool = False
    words: bool = False
    tickets: bool = False
    room: bool = False
    paper: bool = False
    sections: list[str] = []
    exercises: list[str] = []
    questions: list[str] = []
    on_paper: str = ""  # the sheet that stands in for a notebook, where it is not the lesson's own
    task: str = ""  # what the room does with a worksheet, where it does not work all of it
    takes: float = Field(0, strict=False)

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, said: dict) -> dict:
        kinds = [word for word in KINDS if word in said] if isinstance(said, dict) else []
        if len(kinds) != 1:
            raise ValueError(f"{said!r} is none of {', '.join(KINDS)}")
        if more := [word for word, those in ALSO.items() if word in said and kinds[0] not in those]:
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
        return self.slides or self.notebook or self.figures or self.worksheet or self.debate

    @property
    def printed(self) -> str:
        """The sheet of ``course/worksheets`` that it is, empty if it is none."""
        return self.worksheet or self.sheet or (self.debate and f"{DEBATES}{self.debate}")

    @property
    def told(self) -> list[str]:
        """The claims that it shows, asks about or judges; those of a sheet or a lesson are theirs to tell."""
        return [name for name in (self.claim, self.verdict, *self.quiz, *self.claims) if name]

    @property
    def minutes(self) -> float:
        """How long it takes by the model: by ``TAKES``; a notebook by what its sections say."""
        if self.among:
            return max(item.minutes for item in self.among)
        if self.takes or self.paper:
            return self.takes
        if self.notebook:
            shape = outline(self.notebook)
            return sum(shape.section(name).minutes for name in self.sections) if self.sections else shape.minutes
        if self.sheet or self.quiz:
            return TAKES["question"] * len(self.questions or self.quiz)
        if self.claim or self.verdict:
            row = find(self.claim or self.verdict)
            read = [row["statement"], introduced(row["speaker"])] if self.claim else [row["evidence"], row["why_not"]]
            return TAKES["word"] * sum(len(text.split()) for text in read if isinstance(text, str))
        times = max(1, len(self.questions)) if self.vote else 1
        return TAKES["word"] * len(self.say.split()) if self.say else times * TAKES.get(self.kind, 0)

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
        """The sheets that are handed out; not those of a debate, which go to one side each."""
        return list(dict.fromkeys(item.printed for item in self.each("worksheet", "sheet")))

    @property
    def needs(self) -> float:
        """How many minutes it takes by the model; none if it says nothing of what is done in it."""
        return sum(item.minutes for item in self.items) + (TAKES["ask"] if self.ask else 0)

    @property
    def script(self) -> list[Item]:
        """What is said and done in it, in order, where that is written out word for word."""
        return self.items if any(item.say for item in self.items) else []

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
    alternative: str = ""  # the worksheet for whoever prefers another subject
    cases: str = ""  # what a case by discipline, of twenty minutes, takes the place of
    notes: dict[str, str] = {}

    @property
    def is_course(self) -> bool:
        """Whether each row is a session of its own, on another day."""
        return all(row.minutes >= 60 for row in self.rows)

    @property
    def sheets(self) -> list[str]:
        """The lessons whose worksheets the plan hands out, once each."""
        return list(dict.fromkeys(name for row in self.rows for name in row.sheets))

    def each(self, *kinds: str) -> list[Item]:
        """Return the items of some kinds of all rows, in order."""
        return [item for row in self.rows for item in row.each(*kinds)]

    @property
    def debates(self) -> list[str]:
        """The sheets of its debates, once each."""
        return list(dict.fromkeys(item.printed for item in self.each("debate")))

    @property
    def fallback(self) -> list[str]:
        """The worksheets that stand in for its notebooks on a day without laptops, less those handed out anyway."""
        found = dict.fromkeys(item.on_paper or item.notebook for item in self.each("notebook"))
        return [name for name in found if name in sheets() and name not in self.sheets]

    def only(self, lesson: str) -> Plan:
        """Return the plan for a class that has chosen: of things to choose from, only those of that lesson.

        Raise PlanError if no row leaves the choice of it.
        """
        among = [item for row in self.rows for item in row.items if item.among]
        known = list(dict.fromkeys(item.lesson for one in among for item in one.among))
        if lesson not in known:
            raise PlanError(f"{self.title}: no choice of {lesson!r}; the choices are: {', '.join(known) or 'none'}")
        rows = [row.model_copy(update={"items": [kept for item in row.items for kept in _kept(item, lesson)]}) for row in self.rows]
        return self.model_copy(update={"rows": rows})

    def exercises(self) -> dict[str, list[str]]:
        """Return {lesson: exercises} that the plan names."""
        found: dict[str, list[str]] = {}
        for item in (item for row in self.rows for item in row.each(*SHOWN) if item.exercises):
            found.setdefault(item.lesson, []).extend(item.exercises)
        return found


def _kept(item: Item, lesson: str) -> list[Item]:
    return [one for one in item.among if one.lesson == lesson] if item.among else [item]


def worksheets() -> list[str]:
    """Return the lessons that have a worksheet, in the order of the course: ``01_resources``, ``more/dug_by_hand`` ..."""
    return [name for name in sheets() if not name.startswith(SESSIONS)]


def sheets() -> list[str]:
    """Return all sheets, those of lessons and those of sessions (``session/one_hour``)."""
    found = [path.relative_to(WORKSHEETS).with_suffix("").as_posix() for path in WORKSHEETS.rglob("*.md")]
    return sorted(found, key=lambda name: ("/" in name, name))


# what a plan names


def _item_faults(item: Item) -> Iterator[str]:
    """Yield a sentence for each lesson, section, exercise, worksheet, claim or page that does not exist."""
    for one in item.among:
        yield from _item_faults(one)
    named = [("claim", name, list(ledger()["claim"]), "") for name in item.told]
    if item.page:
        named.append(("page of the guide", item.page, [path.stem for path in GUIDE.glob("*.md")], ""))
    if item.sheet or item.debate or item.on_paper:
        named.append(("sheet", item.on_paper or item.printed, sheets(), ""))
    if item.lesson and not item.debate:
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
        found = [what for item in row.items for what in _item_faults(item)]
        if not found and row.needs > row.minutes:
            found.append(f"it takes {row.needs:.1f} minutes by the model, and it has {row.minutes}")
        yield from (f"{name}, row {number} ({row.title}): {what}" for what in found)
    if plan.alternative and plan.alternative not in worksheets():
        yield f"{name}: there is no worksheet {plan.alternative!r}.{nearest(plan.alternative, worksheets())}"
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
    return BLANK.sub(lambda blank: eval(f'f"""{{{blank[1]}}}"""', {"row": row, "load": load}), said) if isinstance(said, str) else said


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
