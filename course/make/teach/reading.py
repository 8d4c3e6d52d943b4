"""A lesson as an instructor needs it: its cells with their role, what their calls showed, and the answers.

Roles come from the cells' tags, what was shown from the records beside the outputs, answers from the key. No sentence is read.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cache

import nbformat
import pandas as pd
from markdown_it import MarkdownIt

from ...claims import find, meanings
from ...exercises import answer_text, plain, stored_keys
from ...messages import RECORD_MIME
from ..lessons import BLANK, lessons, notebook_path, read_lesson
from ..lock import stale_lesson
from .words import word

ROLES = (
    *("title", "question", "objectives", "minutes", "note", "predict", "turn", "critique", "teacher"),
    *("limits", "discuss", "reading", "sources"),
)
EXERCISE = "check"  # the kind of record that an exercise leaves


class TeachError(RuntimeError):
    """Something cannot be made; the message says what to do."""


def scale() -> str:
    """Return the words of the scale as a line to choose from, in HTML."""
    return f'<p class="scale">{" · ".join(meanings())}</p>'


@dataclass
class Output:
    """What a learner sees under a cell before answering.

    ``kind`` is that of its record (claim, statements, predict, outcome, check, verdict, figure, sources ...), or table or text where there
    is none; ``text`` is Markdown (HTML for a table, the words for a figure), ``record`` the record, ``image`` the figure (PNG, base64).
    """

    kind: str
    text: str
    record: dict = field(default_factory=dict)
    image: str = ""


@dataclass
class Cell:
    """One cell of a lesson: its ``role`` (a tag, ``section``, ``prose`` or ``code``) and the ``section`` it stands in.

    ``text`` is the Markdown of a text cell as learners read it or, away from a screen, its ``paper``; ``minutes`` those of a section that
    it opens; ``source`` the solved code; ``outputs`` what learners see, ``results`` what the solutions show of the same calls.
    """

    id: str
    role: str
    section: str
    text: str = ""
    minutes: int = 0
    tags: frozenset[str] = frozenset()
    source: str = ""
    outputs: list[Output] = field(default_factory=list)
    results: list[Output] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """The words of the heading with which the cell opens, its number with them; empty if it opens with none."""
        first = self.text.split("\n", 1)[0]
        return first.lstrip("# ").removesuffix(f" ({self.minutes} minutes)") if first.startswith("#") else ""

    @property
    def body(self) -> str:
        """The text without the heading."""
        return self.text.partition("\n")[2].strip() if self.heading else self.text


@dataclass
class Lesson:
    """A lesson as its notebooks show it. ``keys`` are the answers, by exercise; ``warning`` says if the notebooks are not up to date."""

    name: str
    cells: list[Cell]
    keys: dict[str, dict]
    warning: str = ""

    def text(self, role: str) -> str:
        """Return the text of the first cell of a role, empty if there is none."""
        return next((cell.text for cell in self.cells if cell.role == role), "")

    def outputs(self, *kinds: str) -> list[Output]:
        """Return what learners see, of these kinds, in order."""
        return [output for cell in self.cells for output in cell.outputs if output.kind in kinds]

    def results(self, *kinds: str) -> list[Output]:
        """Return what the solutions show, of these kinds, in order."""
        return [output for cell in self.cells for output in cell.results if output.kind in kinds]

    @property
    def title(self) -> str:
        """The lesson's title."""
        return next(cell.heading for cell in self.cells if cell.role == "title")

    @property
    def question(self) -> str:
        """The lesson's question, without the bold words that announce it."""
        return lead_and_text(self.text("question"))[1]


def outputs(stored: list) -> list[Output]:
    """Return what stands under a cell, from its stored outputs; the words of a figure go with it."""
    found: list[Output] = []
    for output in stored:
        data = output.get("data", {"text/plain": output.get("text", "")})
        record = data.get(RECORD_MIME, {})
        if "image/png" in data:
            found.append(Output("figure", "", image=data["image/png"].replace("\n", "")))
        elif record.get("kind") == "figure" and found and found[-1].kind == "figure":
            found[-1].text, found[-1].record = " ".join(filter(None, (record["words"], record["more"]))), record
        elif "text/html" in data and "text/markdown" not in data:
            found.append(Output("table", data["text/html"]))
        else:
            found.append(Output(record.get("kind", "text"), (data.get("text/markdown") or data.get("text/plain", "")).strip(), record))
    return found


def read(name: str) -> Lesson:
    """Return a lesson as its stored notebooks show it. Raise TeachError if they are missing or are another lesson's."""
    try:
        books = [nbformat.read(notebook_path(name, edition), as_version=4) for edition in ("learner", "solutions")]
    except FileNotFoundError:
        raise TeachError(word("not_built", name=name)) from None
    learner, solutions = ({cell.id: cell for cell in book.cells} for book in books)
    cells: list[Cell] = []
    section = ""
    for one in solutions.values():
        said, seen = one.metadata, learner.get(one.id)
        tags = frozenset(said.get("tags", []))
        section = said.get("section", section)
        role = (
            "code" if one.cell_type == "code" else next((tag for tag in ROLES if tag in tags), "section" if "section" in said else "prose")
        )
        if role == "code":
            shown = outputs(seen.outputs) if seen else []
            cells.append(Cell(one.id, role, section, tags=tags, source=one.source, outputs=shown, results=outputs(one.outputs)))
        else:
            text = said.get("paper") or (seen or one).source
            cells.append(Cell(one.id, role, section, text, said.get("minutes", 0), tags))
    keys = stored_keys(name)
    if any(output.record["exercise"] not in keys for cell in cells for output in cell.outputs if output.kind == EXERCISE):
        raise TeachError(word("not_built", name=name))
    return Lesson(name, cells, keys, word("stale", name=name) if stale_lesson(name) else "")


# text


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def paragraphs(text: str) -> list[str]:
    """Cut Markdown into its blocks: paragraphs, lists, tables."""
    lines = text.splitlines()
    tokens = [token for token in _markdown().parse(text) if not token.level and token.nesting >= 0 and token.map]
    return ["\n".join(lines[token.map[0] : token.map[1]]).strip() for token in tokens]


def lead_and_text(text: str) -> tuple[str, str]:
    """Cut bold words that stand alone at the head of a text (**Critique: who is speaking?**) from what follows; empty if there are none."""
    found = re.match(r"\*\*([^*]+[.:?!])\*\*\s*", text)
    return (found[1].rstrip(".: "), text[found.end() :]) if found else ("", text)


def table_column(text: str, column: int) -> list[str]:
    """Return a column of the first table of a text, its head left out."""
    tokens, cells, rows = _markdown().parse(text), [], []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            cells = []
            rows.append(cells)
        elif token.type in ("td_open", "th_open"):
            cells.append(tokens[place + 1].content.strip())
    return [row[column] for row in rows[1:]]


@cache
def eight_questions() -> list[str]:
    """Return the eight questions of the course, from the table in the cell with that tag, the one place where they are written."""
    for name in lessons():
        for cell in read_lesson(name).cells:
            if "eight-questions" in cell.metadata.get("tags", []):
                return table_column(BLANK.sub("…", cell.source), 0)
    raise TeachError("No lesson has a cell with the tag eight-questions.")


def judged(name: str) -> str:
    """Return the ledger's verdict on a claim as Markdown, with why not another word, or what would settle it."""
    row = find(name)
    if pd.isna(row["verdict"]):
        return word("slide_unsettled", test_with=row["test_with"])
    return word("slide_ledger", verdict=row["verdict"], evidence=row["evidence"], date=row["last_checked"].date().isoformat())


def right_answer(key: dict, mistakes: bool = False) -> str:
    """Return the answer to an exercise as Markdown: the value, then its sentence; an exercise that sorts gives a list.

    With ``mistakes``, the usual ones follow, each by its value.
    """
    if key["kind"] == "mapping":
        return "\n" + "\n".join(f"- `{item}`: **{choice}**" for item, choice in key["answer"].items()) + "\n"
    told = f"**{answer_text(key)}.** {key['right']}"
    usual = [f"- {plain(wrong)}: {message}" for wrong, message in key["mistakes"]] if mistakes else []
    return told + ("\n\n" + word("answers_mistakes") + ":\n\n" + "\n".join(usual) if usual else "")


def tidy_table(stored: str) -> str:
    """Return a stored table without pandas' own style and border: the edition's style is readable, and wide tables scroll."""
    stored = re.sub(r'<style.*?</style>| border="1"| style="[^"]*"', "", stored, flags=re.DOTALL)
    return stored.replace("<th></th>", "<td></td>")  # an empty cell heads nothing


def escaped(text: str) -> str:
    """Return a text as HTML shows it."""
    return html.escape(text, quote=False)
