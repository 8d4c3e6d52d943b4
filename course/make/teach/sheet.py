"""Read a worksheet: two pages for the room and the answers for the desk, with every figure computed from the tables.

A worksheet is one Markdown file, ``course/worksheets/<lesson>.md``. A block of code on top (```` ```python ````) prepares the tables;
``{{ expression:format }}`` in the text is then worth what an f-string would write; ``____`` is a blank to fill. Lines ``---`` cut the
text into front, back, answers to the front and answers to the back. A sheet of a session (``session/one_hour``) is no lesson's: its code
says its ``title`` and its ``question``. What a sheet calls (``table``, ``axes``, ``lines`` ...) are the
methods of ``Sheet`` without an underscore and the macros of ``look/sheet.html.j2``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from ...claims import find, introduced, ledger
from ...data import load
from ...exercises import plain, stored_keys
from ..lessons import BLANK
from ..sessions import WORKSHEETS, sheets
from .reading import TeachError, judged, markup, right_answer, template
from .words import word

ROWS, COLUMNS, LETTERS = 18, 6, 70  # the largest table to work by hand; its longest cell
PARTS = ("front", "back", "front_answers", "back_answers")
FENCE = "```python\n"


def quoted(name: str) -> str:
    """Return a claim of the ledger as Markdown: the statement, then who and when, and who that is in half a line."""
    row = find(name)
    return f"> {row['statement']}\n>\n> {row['speaker']}, {row['year']}. {introduced(row['speaker'])}."


def documents(name: str) -> str:
    """Return the documents on which the ledger's verdict on a claim rests, as a reader finds them."""
    table, row = load("sources").set_index("source"), find(name)
    keys = [row[column] for column in ("evidence_source", "evidence_source_2") if pd.notna(row[column])]
    told = "; ".join(f"{table.loc[key, 'title']}, {table.loc[key, 'publisher']}" for key in keys)
    return f"*Read in: {told}.*"


def number(value: object, year: bool = False) -> str:
    """Write a value as paper shows it: thousands are separated, except in a ``year``; a gap is a dash."""
    if pd.isna(value):
        return "–"
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    thousands = isinstance(value, (int, float)) and not isinstance(value, bool) and not year and 1000 <= abs(value) < 10_000
    return f"{value:,.0f}" if thousands else plain(value)


def _is_year(column: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(column) and bool(column.dropna().between(1800, 2100).all())


@dataclass
class Sheet:
    """The worksheet of the lesson ``name``. The text of a sheet calls the methods below; each returns Markdown or HTML."""

    name: str
    text: str = ""
    used: list[str] = field(default_factory=list)  # tables, in the order of loading
    claims: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)  # the labels of its questions, in order
    title: str = ""  # of the sheet of a session; that of a lesson has the lesson's
    question: str = ""
    second_page: str = "back"  # what its second page is called

    def __post_init__(self) -> None:
        if not self.text and self.name not in sheets():
            raise TeachError(word("no_sheet", name=self.name, known=", ".join(sheets())))
        self.text = self.text or (WORKSHEETS / f"{self.name}.md").read_text(encoding="utf-8")

    def _wrong(self, reason: object) -> TeachError:
        return TeachError(word("sheet_wrong", name=self.name, reason=reason))

    @cached_property
    def parts(self) -> dict[str, str]:
        """The HTML of each of ``PARTS``. Raise TeachError where an expression fails or a part is missing."""
        code, _, text = self.text.removeprefix(FENCE).partition("\n```\n") if self.text.startswith(FENCE) else ("", "", self.text)
        names = {"pd": pd, "load": self._load, "plain": plain, "number": number, "ledger": ledger, "find": find, "introduced": introduced}
        names |= {name: getattr(self, name) for name in ("claim", "table", "axes", "answer", "verdict", "q")} | {"documents": documents}
        names |= {name: macro for name, macro in vars(template("sheet.html").module).items() if not name.startswith("_")}
        try:
            exec(compile(code, f"<worksheet {self.name}>", "exec"), names)
            told = BLANK.sub(lambda blank: str(eval(f'f"""{{{blank[1]}}}"""', names)), text)
        except TeachError:
            raise
        except Exception as error:
            raise self._wrong(f"{type(error).__name__}: {error}") from None
        self.title, self.question = names.get("title", ""), names.get("question", "")
        self.second_page = names.get("second_page", self.second_page)
        cut = told.split("\n---\n")
        if len(cut) != len(PARTS):
            raise TeachError(word("sheet_parts", name=self.name, count=len(cut)))
        return {part: markup(text) for part, text in zip(PARTS, cut, strict=True)}

    def _load(self, name: str) -> pd.DataFrame:
        frame = load(name)
        self.used += [name] if name not in self.used else []
        return frame

    def claim(self, name: str) -> str:
        """Return a claim of the ledger as a card."""
        self.claims.append(name)
        return quoted(name)

    def q(self, label: str) -> str:
        """Return the label of a question, by which a session plan asks for it."""
        self.questions.append(label)
        return f"**{label}**"

    def table(self, frame: pd.DataFrame | pd.Series, caption: str = "", work: bool = True) -> str:
        """Return a small table, with room to reckon beside it if ``work``. Raise TeachError if no hand could work it.

        The index is printed where it has a name; columns are printed as they are called: give them words and units.
        """
        frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
        frame = frame.reset_index() if any(frame.index.names) else frame
        columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
        written = [[number(value, year=_is_year(column)) for value in column] for column in columns]
        longest = max((len(cell) for column in written for cell in column), default=0)
        if not (0 < len(frame) <= ROWS and len(columns) <= COLUMNS and longest <= LETTERS):
            raise self._wrong(word("sheet_size", rows=len(frame), columns=len(columns), letters=longest))
        heads = [str(column).replace("_", " ") for column in frame.columns]
        numeric = [pd.api.types.is_numeric_dtype(column) for column in columns]
        return template("sheet.html").module.small_table(heads, list(zip(*written, strict=True)), numeric, caption, work)

    def axes(self, x: tuple[float, float, float], y: tuple[float, float, float], unit: str, prompt: str = "", height: int = 74) -> str:
        """Return empty axes to draw on: ``x`` and ``y`` are (first, last, step), ``unit`` names y; the figure's own, if you can."""
        left, right, low, top = 14.0, 178.0, height - 7.0, 6.0

        def placed(ends: tuple[float, float, float], start: float, end: float) -> list[tuple[float, float]]:
            first, last, step = ends
            return [(start + (end - start) * (at - first) / (last - first), float(at)) for at in np.arange(first, last + step / 2, step)]

        across = [(at, f"{value:.4g}") for at, value in placed(x, left, right)]  # a year is written without a comma
        upwards = [(at, plain(value)) for at, value in placed(y, low, top)]
        label = word("sheet_axes", left=f"{x[0]:.4g}", right=f"{x[1]:.4g}", low=plain(float(y[0])), high=plain(float(y[1])), unit=unit)
        title = f"{unit} · {prompt}" if prompt else unit
        return template("sheet.html").module.empty_axes(label, title, across, upwards, height, low, left)

    def answer(self, exercise: str) -> str:
        """Return the right answer of an exercise of the lesson, with its usual mistakes, from the lesson's key."""
        keys = stored_keys(self.name)
        if exercise not in keys:
            raise self._wrong(word("no_key", exercise=exercise, known=", ".join(keys)))
        return right_answer(keys[exercise], mistakes=True)

    def verdict(self, name: str) -> str:
        """Return the ledger's verdict on a claim and why not another word, for the answers."""
        why = find(name)["why_not"]
        return "\n\n".join([quoted(name), judged(name), *([word("answers_why_not", why_not=why)] if pd.notna(why) else [])])
