"""``python -m course marks FOLDER``: marks and a page for each learner, from what was handed in. Nothing of it is run.

The folder that it writes holds ``marks.csv`` (a line for each notebook), ``answers.csv`` (for each exercise), ``texts.csv`` (for each
text that a learner wrote) and ``pages/``, to be opened in a browser. ``--check`` says only what is odd, and writes nothing.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import csv
import html
import re
import sys
import unicodedata
from pathlib import Path

import bleach
from markdown_it import MarkdownIt

from ..messages import CourseError, say
from .lock import keep_from_git
from .submissions import LONGEST_TEXT, Cell, Submission, read_folder

STATES = ("not answered", "not run", "changed", "missing")
MOST_OUTPUT = 5_000  # letters of one output on a page
MOST_OUTPUTS = 30  # of one cell
MOST_PICTURE = 3_000_000  # letters of a picture in base64
TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "del",
        "sub",
        "sup",
    ),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "div", "span", "details", "summary"),
}


def _leads_to_the_web(_tag: str, name: str, value: str) -> bool:
    return name == "title" or (name == "href" and value.lower().startswith(("http://", "https://")))


ATTRIBUTES = {"a": _leads_to_the_web, "th": ["colspan", "rowspan"], "td": ["colspan", "rowspan"]}
CLEANER = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https"}, strip=True, strip_comments=True)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ max-width: 60rem; margin: auto; padding: 1rem; font: 1rem/1.5 sans-serif; }} img {{ max-width: 100%; }}
pre {{ overflow-x: auto; white-space: pre-wrap; background: #f3f3f3; padding: .5rem; }} td, th {{ text-align: left; padding: .2rem .6rem;
vertical-align: top; border-bottom: 1px solid #767676; }} blockquote {{ border-left: 4px solid #767676; padding-left: 1rem; }}</style>
</head><body><main>{body}</main></body></html>
"""


# a table


def defused(text: object) -> str:
    """Return a text that a spreadsheet shows and never reckons: a quote goes before what would begin a formula."""
    text = str(text)
    try:
        float(text)
        return text
    except ValueError:
        first = unicodedata.normalize("NFKC", text.lstrip())[:1]
        text = f"'{text}" if text[:1] in ("\t", "\r", "\n") or first in ("=", "+", "-", "@") else text
        return re.sub(r";(\s*[=+\-@＝＋－＠])", r";'\1", text)


def _csv(path: Path, head: list[str], rows: list[list[object]]) -> None:
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([head, *([defused(value) for value in row] for row in rows)])


# a page


def clean(text: str) -> str:
    """Return HTML with no active content, no picture from elsewhere and no style of its own."""
    return CLEANER.clean(text)


def _cut(text: str, most: int = MOST_OUTPUT) -> str:
    return text if len(text) <= most else f"{text[:most]}\n{say('marks_cut')}"


def from_markdown(text: str) -> str:
    """Return a learner's Markdown as HTML with no active content."""
    return clean(MarkdownIt("commonmark").enable("table").render(_cut(text, LONGEST_TEXT)))


def _joined(value: object) -> str:
    value = "".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else value
    return value if isinstance(value, str) else ""


def _picture(stored: str) -> str:
    """Return a stored PNG as an element, or nothing if it is none."""
    stored = "".join(stored.split())
    try:
        is_png = len(stored) <= MOST_PICTURE and base64.b64decode(stored, validate=True).startswith(b"\x89PNG\r\n\x1a\n")
    except (binascii.Error, ValueError):
        is_png = False
    return f'<img alt="" src="data:image/png;base64,{stored}">' if is_png else ""


def _output(output: dict) -> str:
    """Return a stored output as HTML with no active content."""
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    if picture := _picture(_joined(data.get("image/png"))):
        return picture
    if marked := _joined(data.get("text/markdown")):
        return from_markdown(marked)
    if table := _joined(data.get("text/html")):
        return clean(_cut(table))
    said = (
        _joined(data.get("text/plain")) or _joined(output.get("text")) or f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
    )
    return f"<pre>{html.escape(_cut(said))}</pre>" if said.strip(": \n") else ""


def _cell(cell: Cell) -> str:
    if cell.kind != "code":
        return f"<blockquote>{from_markdown(cell.source)}</blockquote>"
    return "".join([f"<pre>{html.escape(_cut(cell.source))}</pre>", *map(_output, cell.outputs[:MOST_OUTPUTS])])


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table; its cells are HTML already."""
    top = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
    return f"<table><tr>{top}</tr>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows) + "</table>"


def section(one: Submission, folder: Path) -> str:
    """Return the part of a page that shows one submission."""
    parts = [f"<h2>{html.escape(summary(one, folder))}</h2>", *(f"<p>{html.escape(note)}</p>" for note in one.notes)]
    if one.answers:
        rows = [[html.escape(each) for each in (got.exercise, got.state, got.value)] + [from_markdown(got.said)] for got in one.answers]
        parts += [f"<h3>{say('marks_exercises')}</h3>", _table(["exercise", "read", "answer", "said"], rows)]
    texts = [[html.escape(kind), html.escape(name), from_markdown(text)] for kind, name, text in one.written]
    parts += [f"<h3>{say('marks_texts')}</h3>", _table(["kind", "name", "text"], texts)] if texts else []
    parts += [f"<h3>{say('marks_cells')}</h3>", *map(_cell, one.cells)] if one.cells else []
    return "".join(parts)


def page(title: str, body: str) -> str:
    """Return a whole page; ``body`` is HTML already."""
    return PAGE.format(title=html.escape(title), body=f"<h1>{html.escape(title)}</h1>{body}")


# the command


def _file(one: Submission, folder: Path) -> str:
    return one.path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()


def summary(one: Submission, folder: Path) -> str:
    """Return one submission in a line: whose, which file, how many right of how many, and what is counted apart."""
    lesson = f" ({one.lesson})" if one.lesson and one.path.stem != Path(one.lesson).name else ""
    right = sum(answer.right is True for answer in one.answers)
    line = say("marks_line", who=one.who, file=_file(one, folder), lesson=lesson, right=right, total=len(one.answers))
    return line + "".join(say("marks_apart", count=one.count(state), state=state) for state in STATES if one.count(state))


def write(found: list[Submission], folder: Path, out: Path) -> list[Path]:
    """Write the tables and pages into ``out``, a folder that is new or empty, and return their paths."""
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise CourseError(say("marks_out_full", folder=out))
    keep_from_git(out)
    (out / "pages").mkdir()
    head = ["learner", "lesson", "file", "right", "of", "not right", *STATES, "notes"]
    rows = []
    for one in found:
        right, wrong = (sum(got.right is word and got.state != "not answered" for got in one.answers) for word in (True, False))
        counts = [right, len(one.answers), wrong, *map(one.count, STATES)] if one.answers else [""] * (3 + len(STATES))
        rows.append([one.who, one.lesson, _file(one, folder), *counts, " ".join(one.notes)])
    _csv(out / "marks.csv", head, rows)
    answers = [
        [one.who, one.lesson, got.exercise, got.state, _word(got.right), got.value, got.said] for one in found for got in one.answers
    ]
    _csv(out / "answers.csv", ["learner", "lesson", "exercise", "read", "right", "answer", "said"], answers)
    texts = [[one.who, one.lesson, *text] for one in found for text in one.written]
    _csv(out / "texts.csv", ["learner", "lesson", "kind", "name", "text"], texts)
    links = []
    for number, who in enumerate(sorted({one.who for one in found}), start=1):
        own = [one for one in found if one.who == who]
        (out / "pages" / f"{number:03}.html").write_text(page(who, "".join(section(one, folder) for one in own)), encoding="utf-8")
        links += [[f'<a href="{number:03}.html">{html.escape(who)}</a>', html.escape(summary(one, folder))] for one in own]
    body = f"<p>{say('marks_formative')}</p>" + _table(["learner", "notebook"], links)
    (out / "pages" / "index.html").write_text(page(say("marks_page"), body), encoding="utf-8")
    return [out / name for name in ("marks.csv", "answers.csv", "texts.csv", "pages/index.html")]


def _word(right: bool | None) -> str:
    return "" if right is None else "yes" if right else "no"


def main(arguments: list[str] | None = None) -> int:
    """Read what was handed in, say what is odd, write marks; return 0, or 1 where something is to be mended."""
    parser = argparse.ArgumentParser(prog="python -m course marks", description="Mark what was handed in; nothing of it is run.")
    parser.add_argument("folder", type=Path, help="NAME/notebook.ipynb for each learner, or files side by side")
    parser.add_argument("--out", type=Path, default=Path("marks"), metavar="FOLDER", help="where the marks go (marks)")
    parser.add_argument("--check", action="store_true", help="say what is missing, copied, renamed, stripped or not run; write nothing")
    options = parser.parse_args(arguments)
    folder = options.folder / "submitted" if (options.folder / "submitted").is_dir() else options.folder
    try:
        found = read_folder(options.folder)
        for one in found:
            print(summary(one, folder), *one.notes, sep="\n    ")
        print(say("marks_total", files=len(found), learners=len({one.who for one in found})))
        if not any(one.notes for one in found):
            print(say("marks_fine"))
        if not options.check:
            print(say("marks_written_to", files=", ".join(map(str, write(found, folder, options.out)))))
            print(say("marks_formative"))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if options.check and any(one.notes for one in found) else 0
