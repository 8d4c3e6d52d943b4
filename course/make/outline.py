"""What a lesson holds, section by section: read from the metadata, tags and records of its stored notebook, never from its sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ..claims import ledger
from ..exercises import stored_keys
from ..messages import RECORD_MIME
from .lessons import notebook_path

QUOTED = ("question", "minutes", "note")  # cells that a page quotes whole, by their tag


@dataclass(frozen=True)
class Section:
    """A section: its id, its number from 1, its title and minutes (0 if it has none), the claims and exercises that its cells show.

    ``half`` says whether the half route has it. What stands before the first section is a section without id, number 0; its minutes are
    those of all that stands around the sections.
    """

    id: str
    number: int
    title: str
    minutes: int
    claims: list[str]
    exercises: list[str]
    half: bool = False


@dataclass(frozen=True)
class Outline:
    """A lesson: its title, its sections in order, and the texts of the cells with a tag of ``QUOTED``, by tag."""

    lesson: str
    title: str
    sections: list[Section]
    texts: dict[str, str]

    @property
    def exercises(self) -> list[str]:
        """The exercises of all sections, once each."""
        return list(dict.fromkeys(name for section in self.sections for name in section.exercises))

    @property
    def minutes(self) -> int:
        """How long the whole takes; an optional fold is no part of it."""
        return sum(section.minutes for section in self.sections)

    @property
    def half(self) -> list[str]:
        """The sections of the half route, by id; none if no section is marked."""
        return [section.id for section in self.sections if section.half]

    def section(self, name: str) -> Section | None:
        """Return the section of that id, or None."""
        return next((section for section in self.sections if section.id == name), None)


def outline(lesson: str) -> Outline:
    """Return the outline of a lesson; without sections if it was never built."""
    path = notebook_path(lesson, "solutions")
    return _outline(lesson, path.read_text(encoding="utf-8") if path.exists() else '{"cells": []}')


@cache
def _outline(lesson: str, text: str) -> Outline:
    cells = json.loads(text)["cells"]
    around = next((cell["metadata"].get("minutes", 0) for cell in cells if "minutes" in cell["metadata"].get("tags", [])), 0)
    found = Outline(lesson, "", [Section("", 0, "", around, [], [])], {})
    title = lesson
    known, keys = set(ledger()["claim"]), stored_keys(lesson)
    for cell in cells:
        said, source = cell["metadata"], "".join(cell["source"])
        first = source.split("\n", 1)[0]
        tags = said.get("tags", [])
        title = first.removeprefix("# ") if "title" in tags else title
        found.texts.update({tag: source for tag in QUOTED if tag in tags})
        if "section" in said:
            minutes = said.get("minutes", 0)
            head = first.split(" · ", 1)[-1].removesuffix(f" ({minutes} minutes)")
            found.sections.append(Section(said["section"], len(found.sections), head, minutes, [], [], said.get("half", False)))
        here = found.sections[-1]
        for record in records(cell):
            shown = [name for name in _claims(record, keys) if name in known and name not in here.claims]
            here.claims.extend(shown)
            if record["kind"] == "check" and record["exercise"] not in here.exercises:
                here.exercises.append(record["exercise"])
    return Outline(lesson, title, found.sections, found.texts)


def records(cell: dict) -> Iterator[dict]:
    """Yield the records that the calls of a cell left beside its outputs (see ``course.messages.tell``)."""
    for output in cell.get("outputs", []):
        if record := output.get("data", {}).get(RECORD_MIME):
            yield record


def _claims(record: dict, keys: dict[str, dict]) -> list[str]:
    """Return the names that a record shows, of which some are claims: shown, listed, judged, or sorted in an exercise."""
    if record["kind"] == "check":
        answer = keys.get(record["exercise"], {}).get("answer")
        return list(answer) if isinstance(answer, dict) else []
    return {"claim": [record.get("claim")], "verdict": [record.get("claim")], "statements": record.get("claims")}.get(record["kind"]) or []
