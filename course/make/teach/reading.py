"""A lesson as an instructor needs it: its cells with their role, what their calls showed, and the answers.

Roles come from the cells' tags, what was shown from the records beside the outputs, answers from the key. No sentence is read.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from functools import cache

import jinja2
import nbformat
import pandas as pd
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ...claims import find, ledger, meanings
from ...exercises import answer_text, plain, stored_keys
from ...messages import RECORD_MIME, say
from ..lessons import BLANK, lessons, notebook_path, read_lesson
from ..lock import known, stale_lesson
from . import LOOK
from .words import LANGUAGE, word

ROLES = (
    *("title", "question", "objectives", "minutes", "note", "predict", "turn", "critique", "teacher"),
    *("limits", "discuss", "reading", "sources"),
)


class TeachError(RuntimeError):
    """Something cannot be made; the message says what to do."""


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

    @property
    def name(self) -> str:
        """What the record is about: a prediction, an exercise, a claim."""
        return next((self.record[one] for one in ("name", "exercise", "claim") if one in self.record), "")

    @property
    def words(self) -> str:
        """The sentence of a figure, without the other numbers that stand in its fold."""
        return self.record.get("words", self.text)

    @property
    def narrow(self) -> bool:
        """Whether a figure leaves room for its words beside it: it is less than half as wide again as it is high."""
        wide, high = struct.unpack(">II", base64.b64decode(self.image[:64])[16:24])  # where a PNG says its size
        return wide < 1.5 * high


@dataclass
class Cell:
    """One cell of a lesson: its ``role`` (a tag, ``section``, ``prose`` or ``code``) and the ``section`` it stands in.

    ``text`` is the Markdown of a text cell as learners read it or, away from a screen, its ``paper``; ``minutes`` those of a section that
    it opens; ``source`` the solved code; ``outputs`` what learners see.
    """

    id: str
    role: str
    section: str
    text: str = ""
    minutes: int = 0
    tags: frozenset[str] = frozenset()
    source: str = ""
    outputs: list[Output] = field(default_factory=list)

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
    """A lesson as its notebooks show it.

    ``keys`` are the answers, by exercise; ``actuals`` what the solutions show for each outcome; ``warning`` says if they are stale.
    """

    name: str
    cells: list[Cell]
    keys: dict[str, dict]
    actuals: dict[str, str] = field(default_factory=dict)
    warning: str = ""

    def outputs(self, *kinds: str) -> list[Output]:
        """Return what learners see, of these kinds, in order."""
        return [output for cell in self.cells for output in cell.outputs if output.kind in kinds]

    def actual(self, outcome: Output) -> str:
        """Return what the tables say, with its unit, where the learner's notebook waits for a guess."""
        return f"{plain(self.actuals.get(outcome.name, '…'))} {outcome.record['unit']}".strip()

    @property
    def file(self) -> str:
        """The name of a file made from it, without suffix."""
        return self.name.replace("/", "-")

    @property
    def title(self) -> str:
        """The lesson's title."""
        return next(cell.heading for cell in self.cells if cell.role == "title")

    @property
    def question(self) -> str:
        """The lesson's question, without the bold words that announce it."""
        return lead_and_text(next((cell.text for cell in self.cells if cell.role == "question"), ""))[1]


def outputs(stored: list) -> list[Output]:
    """Return what stands under a cell, from its stored outputs; the words of a figure go with it."""
    found: list[Output] = []
    for output in stored:
        data = output.get("data", {"text/plain": output.get("text", "")})
        record = data.get(RECORD_MIME, {})
        if "image/png" in data:
            found.append(Output("figure", record.get("words", ""), record, data["image/png"].replace("\n", "")))
        elif record.get("kind") == "figure" and found and found[-1].kind == "figure":
            found[-1].text, found[-1].record = " ".join(filter(None, (record["words"], record["more"]))), record
        elif "text/html" in data and not record and "text/markdown" not in data:
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
    if not all(known(notebook_path(name, edition)) for edition in ("learner", "solutions")):
        raise TeachError(word("not_known", name=name))
    learner = {cell.id: cell for cell in books[0].cells}
    cells: list[Cell] = []
    section, actuals = "", {}
    for one in books[1].cells:
        said, seen = one.metadata, learner.get(one.id)
        tags, section = frozenset(said.get("tags", [])), said.get("section", section)
        if one.cell_type == "code":
            shown, solved = outputs(seen.outputs) if seen else [], outputs(one.outputs)
            for figure, told in zip(*([each for each in part if each.kind == "figure"] for part in (shown, solved)), strict=False):
                if "waits" in figure.record:  # the learner's edition keeps its words until the guess
                    figure.text, figure.record = told.text, told.record
            cells.append(Cell(one.id, "code", section, tags=tags, source=one.source, outputs=shown))
            actuals |= {found.name: found.record["actual"] for found in solved if "actual" in found.record}
        else:
            role = next((tag for tag in ROLES if tag in tags), "section" if "section" in said else "prose")
            text = said.get("paper") or (seen or one).source.removesuffix(say("write_here")).rstrip()  # a reader has no cell to write in
            cells.append(Cell(one.id, role, section, text, said.get("minutes", 0), tags))
    found = Lesson(name, cells, stored_keys(name), actuals, word("stale", name=name) if stale_lesson(name) else "")
    if any(output.name not in found.keys for output in found.outputs("check")):
        raise TeachError(word("not_built", name=name))
    return found


# Markdown


def mathml(source: str, options: dict) -> str:
    """Return a formula in LaTeX as MathML, which every browser of today draws by itself."""
    from docutils.utils.math.latex2mathml import tex2mathml  # comes with Sphinx

    return tex2mathml(source.strip(), as_block=options["display_mode"])


@cache
def markdown() -> MarkdownIt:
    """Return what reads and writes Markdown: tables, and formulas between dollars."""
    drawn = {"allow_space": False, "allow_digits": False, "renderer": lambda source, options: mathml(source, options)}
    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, **drawn)


def markup(text: str, inline: bool = False) -> str:
    """Return Markdown as HTML, formulas as MathML, ``____`` as a blank; ``inline`` keeps one paragraph without its tags."""
    text = text.replace("____", '<span class="rule"></span>')
    return (markdown().renderInline if inline else markdown().render)(text).strip()


@cache
def _templates() -> jinja2.Environment:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    found = jinja2.Environment(loader=jinja2.FileSystemLoader(LOOK), trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    found.globals |= {"word": word, "language": LANGUAGE, "meanings": meanings, "scale": scale, "eight": eight_questions}
    found.globals |= {"right_answer": right_answer, "answer_text": answer_text}
    found.filters |= {
        "markup": markup,
        "inline": lambda text: markup(text, inline=True),
        "code": lambda source: highlight(source, PythonLexer(), HtmlFormatter()),
        "unbracketed": lambda text: text.replace("[", "(").replace("]", ")"),  # for the words of a link in Markdown
        "number": lambda cell: ' class="number"' if set(cell) <= set("-−+–.,0123456789") else "",
    }
    return found


def template(name: str) -> jinja2.Template:
    """Return a template of the folder look."""
    return _templates().get_template(f"{name}.j2")


def lead_and_text(text: str) -> tuple[str, str]:
    """Cut bold words that stand alone at the head of a text (**Critique: who is speaking?**) from what follows; empty if there are none."""
    lead, closed, rest = text.removeprefix("**").partition("**")
    announces = text.startswith("**") and closed and lead.endswith((".", ":", "?", "!"))
    return (lead.rstrip(".: "), rest.strip()) if announces else ("", text)


@cache
def eight_questions() -> list[str]:
    """Return the eight questions of the course: the first column of the table in the cell with that tag, the one place where they stand."""
    for name in lessons():
        for cell in read_lesson(name).cells:
            if "eight-questions" in cell.metadata.get("tags", []):
                rows = [line for line in BLANK.sub("…", cell.source).splitlines() if line.startswith("|")]
                return [row.split("|")[1].strip() for row in rows[2:]]
    raise TeachError("No lesson has a cell with the tag eight-questions.")


# what is said in several products


def scale() -> str:
    """Return the words of the scale as a line to choose from, in HTML."""
    return f'<p class="scale">{" · ".join(meanings())}</p>'


def judged(name: str) -> str:
    """Return the ledger's verdict on a claim as Markdown, with why not another word, or what would settle it."""
    row = find(name)
    if pd.isna(row["verdict"]):
        return word("slide_unsettled", test_with=row["test_with"])
    return word("slide_ledger", verdict=row["verdict"], evidence=row["evidence"], date=row["last_checked"].date().isoformat())


def right_answer(key: dict, mistakes: bool = False, headed: bool = False) -> str:
    """Return the answer to an exercise as Markdown: the value, then its sentence; an exercise that sorts gives a list.

    With ``mistakes``, the usual ones follow, each by its value. Where a heading has the value (``headed``), it is not said again.
    """
    if key["kind"] == "mapping":
        known = ledger().set_index("claim")["statement"]
        return "\n" + "\n".join(f"- **{choice}** · {known.get(item, item)}" for item, choice in key["answer"].items()) + "\n"
    told = key["right"] if headed else f"**{answer_text(key)}.** {key['right']}"
    usual = [f"- {plain(wrong)}: {message}" for wrong, message in key["mistakes"]] if mistakes else []
    return told + ("\n\n" + word("answers_mistakes") + ":\n\n" + "\n".join(usual) if usual else "")
