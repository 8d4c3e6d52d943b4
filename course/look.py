"""The look of what the course says under a cell: cards, number lines and tables, in plain HTML with its style inside.

A card must read well in a dark theme, sanitised, without any style (as a git host shows it) and aloud. So it has no background, no
script, no class of its own and no random name; its state is a sign and a word; colour stands in borders only, beside words that say the
same. What a person typed reaches HTML escaped. ``messages.tell`` makes the cards; notebooks call ``table`` alone.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from . import typed
from .messages import MESSAGES, RECORD_MIME, say

MOST = 100  # rows of a table that a notebook keeps
SIGNS = {"todo": "○", "right": "✓", "wrong": "✗", "partly": "◐", "said": "●", "shown": "◆"}
WORDED = ("right", "wrong", "partly")  # states whose word stands in the card even where the sentence has another
COLOURS = {  # of borders; each is seen on white and on black
    "right": "#2A8219",
    "wrong": "#C8401A",
    "partly": "#9A6E0A",
    "todo": "#8C8C8C",
    "said": "#8C8C8C",
    "shown": "#0B62B8",
    "you": "#B0479B",
    "resources": "#B0602E",
    "labour": "#2A8219",
    "data": "#7B5CF0",
    "indirect": "#0B8A9A",
    "framing": "#8C8C8C",
}
SHAPE = "display:inline-block;margin:2px 4px 2px 0;border-radius:12px"  # of the words of the scale
STYLE = {
    "card": "border-left:5px solid {colour};margin:8px 0;padding:2px 0 2px 14px;max-width:760px",
    "quiet": "border-left:2px solid {colour};margin:2px 0;padding:0 0 0 14px;max-width:760px;font-size:13px",
    "line": "margin:4px 0",
    "figure": "margin:2px 0;font-size:30px;line-height:1.2",
    "unit": "font-size:17px",
    "lead": "margin:4px 0;padding:0;border:0;font-size:17px;line-height:1.45",
    "small": "margin:4px 0;font-size:12px",
    "quote": "margin:4px 0;padding:0;border:0;font-size:15px;line-height:1.45",
    "pills": "margin:8px 0;padding:0;list-style-type:none;font-size:13px",
    "pill": "{shape};padding:1px 9px;border:1px solid #8C8C8C",
    "yours": "{shape};padding:0 8px;border:2px solid {colour}",
    "theirs": "{shape};padding:1px 9px;border:1px solid #0B62B8;background-color:#0B62B8;color:#FFFFFF",
    "both": "{shape};padding:0 8px;border:2px solid {colour};background-color:#0B62B8;color:#FFFFFF",
    "scale": "max-width:560px;margin:8px 0 4px 0;font-size:13px",
    "axis": "border-top:2px solid #8C8C8C;margin:2px 0",
    "wide": "max-width:100%;overflow-x:auto",
    "fold": "margin:4px 0",
}


def _tag(tag: str, inside: str, style: str = "", colour: str = "") -> str:
    looks = f' style="{STYLE[style].format(colour=colour, shape=SHAPE)}"' if style else ""
    return f"<{tag}{looks}>{inside}</{tag}>"


def text(value: object) -> str:
    """Return a text as HTML shows it: no sign of it is markup."""
    return html.escape(str(value), quote=True)


@cache
def _reader():
    from markdown_it import MarkdownIt  # a seventh of a second, for who shows cards

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def markdown(said: str) -> str:
    """Return Markdown as HTML; HTML in it is shown as letters, a link leads to a page or nowhere, a picture is not fetched."""
    return _reader().render(said).strip().replace("<p>", f'<p style="{STYLE["line"]}">')


def _card(inside: Iterable[str], style: str, colour: str = "") -> str:
    """Return a card. Its first line is blank: JupyterLab shows the first line of a folded output, and an answer may be folded.

    The class tells MathJax that two dollars are no formula.
    """
    whole = _tag("div", "\n" + "\n".join(part for part in inside if part) + "\n", style, colour)
    return whole.replace("<div", ' \n<div class="mathjax_ignore tex2jax_ignore"', 1)


def card(said: str, record: Mapping | None = None, state: str = "") -> str:
    """Return the card of a reply: its sign and word, the sentence, and the number line of an outcome that was guessed."""
    word = say(f"state_{state}") if state in WORDED else ""
    opening = f"{SIGNS[state]} " + (f"**{word}.** " if word and word.lower() not in said.lower()[:40] else "")
    body = [markdown(opening + said)]
    if record and record.get("kind") == "outcome" and "value" in record:
        body.append(number_line(record))
    return _card(body, "quiet" if state in ("todo", "said") else "card", COLOURS[state])


# several unanswered calls of a cell


_waiting: list[tuple[str, dict | None]] = []  # what is unanswered in the cell that runs
_answered: Counter[str] = Counter()  # how many calls of each kind were answered in it


def note(shell: object, said: str, record: dict | None, state: str) -> bool:
    """Count a call of the cell that runs; say whether it waits, unanswered, for the end of the cell, where one line says all of them."""
    shell.events.register("post_run_cell", _show_waiting)  # once: IPython keeps a callback that it has
    if state == "todo":
        _waiting.append((said, record))
    elif state and record:
        _answered[record["kind"]] += 1
    return state == "todo"


def _show_waiting(_: object = None) -> None:
    """Show the unanswered calls: each with its own record and words for programs, all in one line for the eye."""
    from IPython.display import display

    for place, (said, record) in enumerate(_waiting):
        seen = " " if place else card(said if len(_waiting) == 1 else todo_line(_waiting, _answered), record, "todo")
        display(bundle(said, record, seen), raw=True)
    _waiting.clear()
    _answered.clear()


def todo_line(waiting: list[tuple[str, dict | None]], answered: Mapping[str, int]) -> str:
    """Return one line for several unanswered calls: of each kind, how many are done and the names of those that wait."""
    names: dict[str, list[str]] = {}
    parts = []
    for said, record in waiting:
        name = next((record[field] for field in ("name", "exercise", "claim") if field in record), "") if record else ""
        if name:
            names.setdefault(record["kind"], []).append(f"`{name}`")
        else:
            parts.append(said)
    for kind, waits in names.items():
        done = answered.get(kind, 0)
        key = f"todo_{kind}" if f"todo_{kind}" in MESSAGES else "todo_other"
        parts.append(say(key, done=done, total=done + len(waits), names=", ".join(dict.fromkeys(waits))))
    if "verdict" in names:
        from .claims import meanings

        parts.append(say("todo_words", words=", ".join(meanings())))
    return " ".join(parts)


def bundle(said: str, record: dict | None, seen: str = "") -> dict:
    """Return an output: Markdown, the same as plain text, HTML where there is some, and the record for programs."""
    shown = {"text/markdown": f" \n{said}", "text/plain": f" \n{said}"}
    return shown | ({"text/html": seen} if seen else {}) | ({RECORD_MIME: record} if record else {})


# claims and verdicts


def claim_card(row: Mapping, who: str, said_in: str, year: str, credited: str, figure: tuple[str, str] | None) -> str:
    """Return a claim as a card: its figure large, what was said, who said it, where and when; its key last."""
    about = [say("look_claim"), row.get("extraction"), say(f"look_{row['side']}")]
    speaker = f"— <strong>{text(row['speaker'])}</strong>{text(who)}"
    body = [
        _tag("p", text(" · ".join(part for part in about if isinstance(part, str))), "small"),
        _tag("p", f"<strong>{text(figure[0])}</strong> {_tag('span', text(figure[1]), 'unit')}".strip(), "figure") if figure else "",
        _tag("blockquote", text(row["statement"]), "quote" if figure else "lead"),
        _tag("p", f"{speaker}. <cite>{text(said_in)}</cite>, {text(year)}.{text(credited)}", "line"),
        _tag("p", f"<code>{text(row['claim'])}</code>", "small"),
    ]
    return _card(body, "card", COLOURS.get(row.get("extraction"), COLOURS["framing"]))


def claim_list(rows: Iterable[Mapping]) -> str:
    """Return several claims as a list: what is said, by whom and when; the key last and small."""
    lines = []
    for row in rows:
        who = f"— {text(row['speaker'])}, {text(row['year'])} · <code>{text(row['claim'])}</code>"
        lines.append(f"<li>{text(row['statement'])} <small>{who}</small></li>")
    return _card(["<ul>", *lines, "</ul>"], "card", COLOURS["framing"])


def pills(words: Iterable[str], yours: str, ledgers: str | None) -> str:
    """Return the words of the scale in a row: the learner's outlined, the ledger's filled, each said in words too."""
    shown = []
    for word in words:
        which = "both" if word == yours == ledgers else "yours" if word == yours else "theirs" if word == ledgers else "pill"
        told = text(word) if which == "pill" else f"<strong>{text(word)}</strong> ({say(f'look_{which}')})"
        shown.append(_tag("li", told, which, COLOURS["you"]))
    return _tag("ul", "\n".join(shown), "pills")


def verdict_card(words: Iterable[str], yours: str, ledgers: str | None, lines: Iterable[str]) -> str:
    """Return a verdict as a card: the words of the scale, then the ``lines`` (Markdown): yours, the ledger's, and what speaks for it."""
    return _card([pills(words, yours, ledgers), *map(markdown, lines)], "card", COLOURS["shown"])


# a guess and its outcome


def _written(value: object, unit: str = "") -> str:
    from .exercises import plain

    told = say("look_range", low=plain(value[0]), high=plain(value[1])) if isinstance(value, list) else plain(value)
    return f"{told} {'' if unit == 'year' else unit}".rstrip()


def _limits(numbers: list[float], unit: str, scale: str) -> tuple[float, float]:
    """Return the two ends of a number line: zero to the whole for a share, a little room around years, zero to the largest else."""
    low, high = min(numbers), max(numbers)
    if scale == "year":
        room = max(2, round((high - low) / 4))
        return low - room, high + room
    if scale == "share" and low >= 0 and high <= (100 if unit.startswith("%") else 1):
        return 0, 100 if unit.startswith("%") else 1
    return min(0, low), (float(f"{1.15 * high:.2g}") if high > 0 else 0) or 1


def _label(place: float, told: str) -> str:
    """Return a label under or over a place of the line, in per cent of its width; beyond the middle it ends there."""
    if place > 50:
        return f'<div style="width:{place:.0f}%;min-width:180px;text-align:right">{told}</div>'
    return f'<div style="margin-left:{place:.0f}%">{told}</div>'


def number_line(record: Mapping) -> str:
    """Return a guess and what the tables say on one line, the gap between them drawn; nothing where one of them is a word."""
    value, actual, unit = record["value"], record.get("actual"), record.get("unit", "")
    guessed = value if isinstance(value, list) else [value]
    if any(isinstance(one, (str, bool)) or not isinstance(one, (int, float)) for one in [*guessed, actual]):
        return ""
    scale = record.get("scale", "share" if unit == "%" else "")
    low, high = _limits([*guessed, actual], unit, scale)
    places = [100 * (one - low) / (high - low) for one in [*guessed, actual]]
    left, right, truth = min(places), max(places), places[-1]
    you, tables = f"5px solid {COLOURS['you']}", f"5px solid {COLOURS['shown']}"
    ends = (tables if truth == left else you), (tables if truth == right else you)
    gap = (
        f'<div style="margin-left:{left:.0f}%;width:{right - left:.0f}%;height:12px;'
        f'border-left:{ends[0]};border-right:{ends[1]};border-bottom:1px solid #8C8C8C"></div>'
    )
    middle = sum(places[:-1]) / len(guessed)
    first, last = _written(low), _written(high, unit)
    parts = [
        _label(truth, f"{SIGNS['shown']} {say('look_tables')} <strong>{text(_written(actual, unit))}</strong>"),
        _tag("div", gap, "axis"),
        _label(middle, f"◇ {say('look_you')} <strong>{text(_written(value, unit))}</strong>"),
        _tag("div", say("look_line", low=text(first), high=text(last)), "small"),
    ]
    return _tag("div", "\n".join(parts), "scale")


# tables


@cache
def _titles() -> dict[str, dict]:
    """Return the titles of columns on which all tables agree, by name: what stands over a column that came from some table."""
    from .data import package

    found: dict[str, set[str]] = {}
    for field in (field for entry in package()["resources"] for field in entry["schema"]["fields"]):
        found.setdefault(field["name"], set()).add(field.get("title", field["name"]))
    return {name: {"title": titles.pop()} for name, titles in found.items() if len(titles) == 1}


def _head(name: object, table: str | None, labels: Mapping[str, str]) -> str:
    """Return what stands over a column: the label given, else the title and unit of the Data Package, else its own name in words."""
    from .data import resource

    if name in labels:
        return labels[name]
    if isinstance(name, tuple):
        return ", ".join(str(part).replace("_", " ") for part in name if str(part))
    fields = {field["name"]: field for field in resource(table)["schema"]["fields"]} if table else {}
    field = fields.get(name) or _titles().get(name, {})
    unit = field.get("unit", "")
    return field.get("title", str(name).replace("_", " ")) + (f" ({unit})" if unit and not unit.startswith("see ") else "")


def _cell(value: object) -> str:
    from .exercises import plain

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bool):
        return say("look_yes") if value else say("look_no")
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return plain(value)


def _laid_out(frame: pd.DataFrame, labels: Mapping[str, str]) -> tuple[list[str], list[bool], int, list[list[str]]]:
    """Return (heads, which columns are numbers, how many of them name the row, the cells by row); an index that only counts is left out."""
    index = frame.index.to_frame(index=False)
    index.columns = ["" if name is None else name for name in frame.index.names]
    named = 0 if frame.index.name is None and pd.api.types.is_integer_dtype(frame.index) else index.shape[1]
    parts = [index.iloc[:, place] for place in range(named)] + [frame.iloc[:, place] for place in range(frame.shape[1])]
    heads = [_head(part.name, frame.attrs.get("table"), labels) for part in parts]
    numbers = [pd.api.types.is_numeric_dtype(part) and not pd.api.types.is_bool_dtype(part) for part in parts]
    cells = [[_cell(value.item() if hasattr(value, "item") else value) for value in part.array] for part in parts]
    return heads, numbers, named, [list(row) for row in zip(*cells, strict=True)]


def _rows(heads: list[str], numbers: list[bool], named: int, rows: list[list[str]]) -> str:
    """Return one HTML table: texts on the left, numbers on the right, the first columns naming their rows where the index did."""
    sides = ['align="right"' if number else 'style="text-align:left"' for number in numbers]
    marks = [("th", ' scope="row"') if place < named else ("td", "") for place in range(len(heads))]
    top = "".join(f'<th scope="col" {side}>{text(head)}</th>' for head, side in zip(heads, sides, strict=True))
    lines = []
    for row in rows:
        cells = zip(row, sides, marks, strict=True)
        lines.append("<tr>" + "".join(f"<{tag}{scope} {side}>{text(cell)}</{tag}>" for cell, side, (tag, scope) in cells) + "</tr>")
    body = "\n".join(lines)
    return f"<table>\n<thead>\n<tr>{top}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _lined_up(heads: list[str], numbers: list[bool], rows: list[list[str]]) -> str:
    """Return a table as plain text, its columns lined up."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = []
    for row in [heads, *rows]:
        cells = [cell.rjust(width) if number else cell.ljust(width) for cell, width, number in zip(row, widths, numbers, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def table(frame: pd.DataFrame | pd.Series, rows: int = 8, labels: Mapping[str, str] | None = None) -> None:
    """Show a table under the cell as a page would print it; the frame stays as it is, and pandas too.

    Labels and units of the columns are those of the Data Package, or of ``labels`` ({column: what stands over it}, for a column that was
    computed: one that was changed keeps its old unit). Texts stand on the left, numbers on the right, nothing where a value is missing; an
    index that only counts is left out. ``rows`` are shown, the others stand in a fold, up to ``MOST``. Raise CourseError for no table.
    """
    frame = typed.columns(frame.to_frame() if isinstance(frame, pd.Series) else frame, [], "table")
    heads, numbers, named, cells = _laid_out(frame.head(MOST), labels or {})
    plain, seen = _lined_up(heads, numbers, cells), [_rows(heads, numbers, named, cells[:rows])]
    left = len(frame) - len(cells)
    if cells[rows:]:
        summary = say("look_more", count=len(cells) - rows) + (say("look_left", count=left) if left else "")
        seen.append(_tag("details", _tag("summary", summary) + _rows(heads, numbers, named, cells[rows:]), "fold"))
    if left:
        plain += "\n" + say("look_left", count=left).strip()
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return print(plain)
    if get_ipython() is None:
        return print(plain)
    return display({"text/html": _card(seen, "wide"), "text/plain": f" \n{plain}"}, raw=True)
