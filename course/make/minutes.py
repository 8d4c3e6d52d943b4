"""How long a lesson takes: counted in its learner's edition, from calls, tags and words, by a model that is one table of costs.

A section lasts as long as what stands in it. A fold is optional where the heading that opens it says so (``optional: true``): its minutes
are printed beside that heading and are no part of the lesson's. What is folded otherwise counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from nbformat import NotebookNode

from ..messages import say
from .lessons import BLANK, ONCE, calls, solved, tags

# Minutes of each thing that a learner does. 130 words a minute: a reader whose first language is another. An exercise takes two to four.
COSTS = {"words": 1 / 130, "code": 1, "check": 3, "stance": 3, "write": 1, "predict": 1, "show": 1.5, "verdict": 1.5}
UNSEEN = {"key", "teacher", "model-answer"}  # tags of cells that no learner has
FOLDED = {"fold", "reveal-code"}  # tags of code that is not read


@dataclass
class Part:
    """A section, an optional fold of one, or what stands around them (the opening and the end); ``does`` counts what is in ``COSTS``."""

    kind: str
    cell: str
    title: str
    section: str = ""
    half: bool = False
    does: Counter = field(default_factory=Counter)

    @property
    def minutes(self) -> int:
        """How long it takes, in whole minutes."""
        return round(sum(COSTS[what] * count for what, count in self.does.items()))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def prose(source: str, code: bool = True) -> list[str]:
    """Return the blocks of a Markdown text (headings, paragraphs, items, cells of tables) as they are read, with inline code or not."""
    kinds = ("text", "code_inline") if code else ("text",)
    blocks = [token.children for token in _markdown().parse(BLANK.sub("0", source)) if token.type == "inline"]
    return ["".join(piece.content if piece.type in kinds else " " * piece.type.endswith("break") for piece in block) for block in blocks]


def in_view(cells: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the code cells whose code a learner reads: neither folded nor a key."""
    return (cell for cell in cells if cell.cell_type == "code" and not tags(cell) & (UNSEEN | FOLDED))


def _does(cell: NotebookNode) -> Counter:
    if cell.cell_type != "code":
        return Counter(words=sum(len(block.split()) for block in prose(cell.source)), write=int("write" in tags(cell)))
    called = Counter(call.func.id for call in calls(solved(cell), *COSTS))
    return called + Counter(code=sum(1 for _ in in_view([cell])))


def parts(cells: list[NotebookNode]) -> list[Part]:
    """Return the parts of a lesson, read from its text: what is around the sections first, then sections and folds in order."""
    around = Part("around", "", "")
    found, here, home = [around], around, around
    for cell in cells:
        head = cell.source.split("\n", 1)[0].lstrip("# ")
        if tags(cell) & UNSEEN:
            continue
        if "section" in cell.metadata:
            here = home = Part("section", cell.id, head, cell.metadata["section"], bool(cell.metadata.get("half")))
            found.append(here)
        elif tags(cell) & ONCE:
            here = home = around
        elif cell.metadata.get("optional"):
            here = Part("optional", cell.id, head, home.section)
            found.append(here)
        elif cell.cell_type != "code" and cell.source.startswith("#"):
            here = home
        here.does += _does(cell)
    return found


def total(found: list[Part], half: bool = False) -> int:
    """Return the minutes of a lesson, or of its half: what is around the sections, and all sections or those marked."""
    return sum(part.minutes for part in found if part.kind == "around" or (part.kind == "section" and (part.half or not half)))


def routes(found: list[Part]) -> str:
    """Return the text that says how long the whole and the half take, section by section."""
    sections = [part for part in found if part.kind == "section"]
    each = " · ".join(say("minutes_part", title=part.title, minutes=part.minutes) for part in sections)
    text = say("minutes_whole", minutes=total(found), sections=each, around=found[0].minutes)
    numbers = [str(number) for number, part in enumerate(sections, start=1) if part.half]
    if not numbers:
        return text
    word = "section" if len(numbers) == 1 else "sections"
    return text + say("minutes_half", minutes=total(found, half=True), word=word, numbers=", ".join(numbers))
