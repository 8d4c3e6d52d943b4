"""Read the session plans of the guide, the one place where they are written: minutes, what, with which slides, sheets and notebooks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ...doors import ROOT
from ..lessons import lessons
from .reading import TeachError
from .words import word

PLANS = ROOT / "course" / "guide" / "session_plans.md"
PLAN = re.compile(r"^## (.+?) \((\d+) minutes\)$(.*?)(?=^## |\Z)", flags=re.MULTILINE | re.DOTALL)


@dataclass
class Part:
    """A lesson, or some of its sections (all of them if ``sections`` is empty)."""

    lesson: str
    sections: list[int]


@dataclass
class Row:
    """One row of a plan. ``material`` is Markdown, as the guide writes it."""

    minutes: int
    what: str
    material: str
    ask: str
    wrong: str

    @property
    def title(self) -> str:
        """What is done, in a few words."""
        return re.split(r"[:;] ", self.what, maxsplit=1)[0]

    @property
    def detail(self) -> str:
        """The rest of what is done."""
        return self.what[len(self.title) :].lstrip(":; ")

    @property
    def parts(self) -> list[Part]:
        """What of which lessons the row works on, in order. Raise TeachError for a lesson that does not exist."""
        return self._named("slides|notebook")

    @property
    def figures(self) -> list[Part]:
        """Of which sections the figures alone are shown."""
        return self._named("figures?")

    def _named(self, kinds: str) -> list[Part]:
        found = re.findall(word("plan_part", kinds=kinds), self.material)
        return [Part(lesson_of(number), numbers(sections)) for number, sections in found]

    @property
    def sheets(self) -> list[str]:
        """The lessons whose worksheets are handed out."""
        return [lesson_of(number) for number in re.findall(word("plan_sheet"), self.material)]

    @property
    def has_test(self) -> bool:
        """Whether the pre or post test is given."""
        return word("plan_test") in self.material

    @property
    def has_poster(self) -> bool:
        """Whether the eight questions are shown."""
        return word("plan_poster") in self.material

    @property
    def has_tickets(self) -> bool:
        """Whether exit tickets are handed out."""
        return word("plan_tickets") in self.material


@dataclass
class Plan:
    """A session plan: ``name`` for the command line (one_hour), its ``rows``, and its ``text`` as the guide writes it."""

    name: str
    title: str
    minutes: int
    text: str
    rows: list[Row]
    late: str

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
            for clause in row.material.split(";"):
                named = re.findall(r"`([^`]+)`", clause)
                for part in Row(0, "", clause, "", "").parts if named else []:
                    found.setdefault(part.lesson, []).extend(named)
        return found


def lesson_of(number: str) -> str:
    """Return the lesson called ``00`` or ``capstone`` in a plan."""
    found = [name for name in lessons() if name == number or name.startswith(f"{number}_")]
    if len(found) != 1:
        raise TeachError(word("plan_wrong", what=number))
    return found[0]


def numbers(text: str) -> list[int]:
    """Return the sections in ``1 and 2``, ``1, 2 and 5`` or ``1 to 3``; none in an empty text, which stands for the whole lesson."""
    if found := re.fullmatch(r"(\d+) to (\d+)", text.strip()):
        return list(range(int(found[1]), int(found[2]) + 1))
    return [int(number) for number in re.findall(r"\d+", text)]


@cache
def plans() -> dict[str, Plan]:
    """Return {name: plan}, in the order of the guide. Raise TeachError if a row of a plan cannot be read."""
    found = {}
    for title, minutes, text in PLAN.findall(PLANS.read_text(encoding="utf-8")):
        rows = []
        for line in re.findall(r"^\|(.+)\|$", text, flags=re.MULTILINE)[2:]:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != 5 or not cells[0].isdigit():
                raise TeachError(word("plan_wrong", what=line.strip()))
            rows.append(Row(int(cells[0]), *cells[1:]))
        late = re.search(r"^\*If late:\* (.+)$", text, flags=re.MULTILINE)
        if not rows or not late:
            raise TeachError(word("plan_wrong", what=title))
        name = re.sub(r"[^a-z]+", "_", title.split(",")[0].lower())
        found[name] = Plan(name, title, int(minutes), text.strip(), rows, late[1])
    return found
