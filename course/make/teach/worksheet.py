"""Read a worksheet: two pages for the room and the answers for the desk, with every figure computed from the tables.

A worksheet is one Markdown file, ``course/worksheets/<lesson>.md``. A block of code on top (```` ```python ````) prepares the tables;
``{{ expression:format }}`` in the text is then worth what an f-string would write; ``____`` is a blank to fill. Two lines ``---`` cut
the text into front, back and answers. The functions that a sheet calls (``table``, ``axes``, ``sort`` ...) are the methods of
``Sheet`` without an underscore.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from ...claims import find, ledger
from ...data import load
from ...doors import ROOT
from ...exercises import plain, stored_keys
from ...messages import CourseError
from ..lessons import BLANK
from .mathml import with_mathml
from .reading import TeachError, _markdown, eight_questions, judged, right_answer, scale
from .words import word

WORKSHEETS = ROOT / "course" / "worksheets"
ROWS, COLUMNS, LETTERS = 18, 6, 70  # the largest table to work by hand; its longest cell
CODE = re.compile(r"\A```python\n(.*?)^```\n", flags=re.DOTALL | re.MULTILINE)
RULE = re.compile(r"(?<!_)____+(?!_)")
PARTS = ("front", "back", "answers")


def worksheets() -> list[str]:
    """Return the lessons that have a worksheet, in the order of the course: ``01_resources``, ``more/dug_by_hand`` ..."""
    found = [path.relative_to(WORKSHEETS).with_suffix("").as_posix() for path in WORKSHEETS.rglob("*.md")]
    return sorted(found, key=lambda name: ("/" in name, name))


def markup(text: str, inline: bool = False) -> str:
    """Return Markdown as HTML, formulas as MathML, ``____`` as a blank; ``inline`` keeps one paragraph without its tags."""
    text = RULE.sub('<span class="rule"></span>', with_mathml(text))
    return (_markdown().renderInline if inline else _markdown().render)(text).strip()


def quoted(name: str) -> str:
    """Return a claim of the ledger as Markdown: the statement, then who and when."""
    row = find(name)
    return f"> {row['statement']}\n>\n> {row['speaker']}, {row['year']} · `{name}`"


def number(value: object, year: bool = False) -> str:
    """Write a value as paper shows it: thousands are separated, except in a ``year``; a gap is a dash."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return "–"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not year and 1000 <= abs(value) < 10_000:
        return f"{value:,.0f}"
    return plain(value)


def _is_year(column: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(column) and bool(column.dropna().between(1800, 2100).all())


def _cells(cells: Iterable[str], tag: str, numeric: list[bool]) -> str:
    found = []
    for cell, right in zip(cells, numeric, strict=True):
        kind = (' scope="col"' if tag == "th" else "") + (' class="number"' if right else "")
        found.append(f"<{tag}{kind}>{html.escape(cell)}</{tag}>" if cell else "<td></td>")
    return "".join(found)


@dataclass
class Sheet:
    """The worksheet of the lesson ``name``. The text of a sheet calls the methods below; each returns HTML."""

    name: str
    text: str = ""
    used: list[str] = field(default_factory=list)  # tables, in the order of loading
    claims: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        path = WORKSHEETS / f"{self.name}.md"
        if not self.text:
            if not path.is_file():
                raise TeachError(word("no_sheet", name=self.name, known=", ".join(worksheets())))
            self.text = path.read_text(encoding="utf-8")

    @cached_property
    def parts(self) -> dict[str, str]:
        """The HTML of ``front``, ``back`` and ``answers``. Raise TeachError where an expression fails or a part is missing."""
        found = CODE.match(self.text)
        names = {"pd": pd, "load": self._load, "plain": plain, "number": number, "ledger": ledger, "find": find}
        names |= {name: getattr(self, name) for name in vars(Sheet) if not name.startswith("_") and name not in ("parts", "text")}
        try:
            exec(compile(found[1] if found else "", f"<worksheet {self.name}>", "exec"), names)
            told = BLANK.sub(lambda blank: str(eval(f'f"""{{{blank[1]}}}"""', names)), self.text[found.end() if found else 0 :])
        except CourseError as error:
            raise TeachError(word("sheet_wrong", name=self.name, reason=error)) from None
        except TeachError:
            raise
        except Exception as error:
            raise TeachError(word("sheet_wrong", name=self.name, reason=f"{type(error).__name__}: {error}")) from None
        cut = re.split(r"^---$", told, flags=re.MULTILINE)
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
        return "\n" + markup(quoted(name)) + "\n"

    def table(self, frame: pd.DataFrame | pd.Series, caption: str = "", work: bool = True) -> str:
        """Return a small table, with room to reckon beside it if ``work``. Raise TeachError if no hand could work it.

        The index is printed where it has a name; columns are printed as they are called: give them words and units.
        """
        frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
        if any(frame.index.names):
            frame = frame.reset_index()
        heads = [str(column).replace("_", " ") for column in frame.columns]
        columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
        written = [[number(value, year=_is_year(column)) for value in column] for column in columns]
        longest = max((len(cell) for column in written for cell in column), default=0)
        if not (0 < len(frame) <= ROWS and len(heads) <= COLUMNS and longest <= LETTERS):
            size = word("sheet_size", rows=len(frame), columns=len(heads), letters=longest)
            raise TeachError(word("sheet_wrong", name=self.name, reason=size))
        numeric = [pd.api.types.is_numeric_dtype(column) for column in columns]
        lines = [f"<thead><tr>{_cells(heads, 'th', numeric)}</tr></thead>"]
        lines += [f"<tr>{_cells(row, 'td', numeric)}</tr>" for row in zip(*written, strict=True)]
        told = f"<caption>{markup(caption, inline=True)}</caption>" if caption else ""
        beside = f'<p class="work">{word("sheet_work")}</p>' if work else ""
        return f'\n<div class="tables"><table>{told}{"".join(lines)}</table>{beside}</div>\n'

    def sort(self, answers: dict[str, str], choices: list[str] | None = None) -> str:
        """Return statements to sort: each with the words to circle, by default all those of ``answers`` (statement to right word)."""
        circle = " · ".join(map(html.escape, choices or sorted(set(answers.values()))))
        rows = "".join(f"<tr><td>{markup(text, inline=True)}</td><td>{circle}</td></tr>" for text in answers)
        return f'\n<table class="sort"><caption>{word("sheet_circle")}</caption>{rows}</table>\n'

    def sorted_out(self, answers: dict[str, str]) -> str:
        """Return the statements of ``sort`` with their right words, for the answers."""
        return "\n" + "\n".join(f"- {text} **{right}**" for text, right in answers.items()) + "\n"

    def lines(self, count: int = 2) -> str:
        """Return lines to write on: at least ``count``, more where the page has room."""
        return f'\n<div class="lines" style="min-height: {7 * count}mm; flex-grow: {count}"></div>\n'

    def working(self, height: int = 12) -> str:
        """Return a box to reckon in, at least ``height`` millimetres high."""
        return f'\n<p class="work" style="min-height: {height}mm; flex-grow: 0">{word("sheet_work")}</p>\n'

    def sketch(self, prompt: str = "") -> str:
        """Return squared paper that fills what is left of the page."""
        return f'\n<div class="sketch"><span>{html.escape(prompt or word("sheet_sketch"))}</span></div>\n'

    def axes(self, x: tuple[float, float, float], y: tuple[float, float, float], unit: str, prompt: str = "", height: int = 74) -> str:
        """Return empty axes to draw on: ``x`` and ``y`` are (first, last, step), ``unit`` names y; the figure's own, if you can."""
        wide, left, low, top = 182.0, 14.0, height - 7.0, 6.0
        x_of = {value: left + (wide - left - 4) * (value - x[0]) / (x[1] - x[0]) for value in np.arange(x[0], x[1] + x[2] / 2, x[2])}
        y_of = {value: low - (low - top) * (value - y[0]) / (y[1] - y[0]) for value in np.arange(y[0], y[1] + y[2] / 2, y[2])}
        right = max(x_of.values())
        drawn = [f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{min(y_of.values()):.1f}" y2="{low}"/>' for at in x_of.values()]
        drawn += [f'<line x1="{left}" x2="{right:.1f}" y1="{at:.1f}" y2="{at:.1f}"/>' for at in y_of.values()]
        # a year is written without a comma
        told = [f'<text x="{at:.1f}" y="{low + 4.6:.1f}" text-anchor="middle">{value:.4g}</text>' for value, at in x_of.items()]
        told += [f'<text x="{left - 1.5}" y="{at + 1.1:.1f}" text-anchor="end">{plain(float(value))}</text>' for value, at in y_of.items()]
        told.append(f'<text x="{left}" y="3.4">{html.escape(unit)}{" · " + html.escape(prompt) if prompt else ""}</text>')
        label = word("sheet_axes", left=f"{x[0]:.4g}", right=f"{x[1]:.4g}", low=plain(float(y[0])), high=plain(float(y[1])), unit=unit)
        return (
            f'\n<svg class="axes" role="img" aria-label="{html.escape(label)}" viewBox="0 0 {wide:g} {height}">'
            f"<g>{''.join(drawn)}</g>{''.join(told)}</svg>\n"
        )

    def alone(self) -> str:
        """Return the line that stands above every prediction: alone, in ink, before the page is turned."""
        return f'\n<p class="how">{word("sheet_predict_how")}</p>\n'

    def questions(self, room: bool = False) -> str:
        """Return the eight questions of the course: small, in two columns, or each with ``room`` to write an answer."""
        asked = [markup(question, inline=True) for question in eight_questions()]
        if room:
            rows = "".join(f"<tr><td>{number}</td><td>{question}</td><td></td></tr>" for number, question in enumerate(asked, start=1))
            return f'\n<table class="ask"><tbody>{rows}</tbody></table>\n'
        return f'\n<ol class="eight">{"".join(f"<li>{question}</li>" for question in asked)}</ol>\n'

    def vote(self) -> str:
        """Return the six words of the ledger, to circle one."""
        return f"\n{scale()}\n"

    def stance(self) -> str:
        """Return the line, the six words and the lines to write on that end every sheet."""
        return f'\n<p class="how">{word("sheet_verdict_how")}</p>\n{self.vote()}{self.lines(2)}'

    def answer(self, exercise: str) -> str:
        """Return the right answer of an exercise of the lesson, with its usual mistakes, from the lesson's key."""
        keys = stored_keys(self.name)
        if exercise not in keys:
            raise TeachError(word("sheet_wrong", name=self.name, reason=word("no_key", exercise=exercise, known=", ".join(keys))))
        return right_answer(keys[exercise], mistakes=True)

    def verdict(self, name: str) -> str:
        """Return the ledger's verdict on a claim, for the answers."""
        return "\n" + quoted(name) + "\n\n" + judged(name) + "\n"
