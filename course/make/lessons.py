"""Lessons: the texts that people edit, and the notebook that each edition is before it has been run.

A lesson is one MyST Markdown file, ``course/lessons/<path>.md``, read by Jupytext. It becomes two notebooks: the learner's
(``notebooks/<path>.ipynb``) and the instructor's (``course/made/solutions/<path>.ipynb``). In a code cell ``{{ expression }}`` is a blank:
learners see ``...``, instructors the expression. In a text cell ``{{ expression:format }}`` is a figure that the build computes at that
place. What a cell is for stands in its metadata, never in its sentences (see ``TAGS`` and CONTRIBUTING.md).
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import jupytext
import nbformat
import yaml

from ..doors import ROOT
from ..messages import say

LESSONS = ROOT / "course" / "lessons"
MADE = ROOT / "course" / "made"
KEYS = MADE / "keys"
EDITIONS = {"learner": ROOT / "notebooks", "solutions": MADE / "solutions"}
TEMPLATE = "TEMPLATE"  # a lesson to copy; it is checked, and never becomes a notebook
BLANK = re.compile(r"\{\{\s*(.+?)\s*\}\}", flags=re.DOTALL)
ONCE = {"title", "question", "objectives", "minutes", "limits", "discuss", "reading", "sources"}  # tags of cells that a lesson has once
TAGS = ONCE | {
    "note",  # a warning on content
    "predict",  # the text that asks for a guess
    "turn",  # the text that sets an exercise
    "write",  # the text asks for a sentence of the learner's own; its model answer is the next cell
    "model-answer",  # that answer, for instructors only: YAML with the words of ``ANSWER``
    "critique",
    "eight-questions",
    "teacher",  # a text for instructors only
    "key",  # code that declares an exercise's answer; it runs at build only, right after its exercise
    "reveal",  # the learner's output is stored folded: it gives something away
    "reveal-code",  # and so is its code
    "fold",  # the code is folded, its output is not: it draws or fetches, and teaches nothing; its first line is a comment that names it
    "dossier",  # on the title: a lesson around a claim of one's own, which need not have the anatomy of the others
    "draw",  # the learner draws a figure here, in plain pandas; the next cell shows it with its words
    "slide",
    "notes",
    "skip-slide",
}
FIELDS = {"tags", "section", "half", "optional", "terms", "teaches", "paper", "line"}  # what the metadata of a cell may say
ANSWER = {"model": "A model answer", "weak": "A weak one", "why": "What tells them apart"}  # words of a model answer, and their titles
ID_LENGTH = 60  # nbformat allows 64


class LessonError(RuntimeError):
    """A lesson that cannot become a notebook: its message says where and why."""


def lessons() -> list[str]:
    """Return the lessons' names, as paths without suffix (``01_resources``, ``more/four_per_cent``)."""
    found = (path.relative_to(LESSONS).with_suffix("").as_posix() for path in LESSONS.rglob("*.md"))
    return sorted(name for name in found if name != TEMPLATE)


def lesson_text(name: str) -> str:
    """Return the text of a lesson, as its file has it."""
    return (LESSONS / f"{name}.md").read_text(encoding="utf-8")


def notebook_path(name: str, edition: str) -> Path:
    """Return where the notebook of a lesson is stored; edition is learner or solutions."""
    return EDITIONS[edition] / f"{name}.ipynb"


def read_lesson(name: str) -> nbformat.NotebookNode:
    """Return a lesson as a notebook, blanks and keys still in it; each cell has its id, and in ``metadata.line`` its line in the file."""
    return parsed(lesson_text(name))


@cache
def _parsed(text: str) -> nbformat.NotebookNode:
    book = jupytext.reads(text, fmt="md:myst")
    place = 0
    for cell, own in zip(book.cells, cell_ids(book.cells), strict=True):
        cell.id = own
        found = text.find(cell.source.split("\n", 1)[0], place)
        place = found if found >= 0 else place
        cell.metadata["line"] = text.count("\n", 0, place) + 1
        place += len(cell.source)
    return book


def parsed(text: str) -> nbformat.NotebookNode:
    """Return the notebook that a lesson's text is (see ``read_lesson``)."""
    return nbformat.from_dict(_parsed(text))


def tags(cell: nbformat.NotebookNode) -> set[str]:
    """Return what a cell is for."""
    return set(cell.metadata.get("tags", []))


def solved(cell: nbformat.NotebookNode) -> str:
    """Return the source of a code cell with its blanks filled."""
    return BLANK.sub(r"\1", cell.source)


@cache
def _named_calls(source: str) -> list[ast.Call]:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def calls(source: str, *functions: str) -> list[ast.Call]:
    """Return the calls of some functions in a piece of Python, in the order of the text; SyntaxError if it is not Python."""
    return [node for node in _named_calls(source) if node.func.id in functions]


def literal(call: ast.Call) -> str:
    """Return the first argument of a call where it is a text between quotes, else nothing."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


# ids


def cell_ids(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Return an id for each cell that stays when its words change.

    A section gives its name, an exercise, a prediction or a claim the name by which it is called; the other cells count from the nearest
    of these above them. Keys are counted apart, for no notebook shows them.
    """
    found: list[str] = []
    anchor, counts = "top", {"": 0, "key": 0}
    for cell in cells:
        own = _own_id(cell)
        if own and own not in found:
            anchor, counts = own, {"": 0, "key": 0}
            found.append(own)
            continue
        kind = "key" if "key" in tags(cell) else ""
        counts[kind] += 1
        found.append(f"{anchor}--{kind}{counts[kind]}")
    return found


def _own_id(cell: nbformat.NotebookNode) -> str:
    """Return the id that a cell has of its own, or nothing."""
    if "section" in cell.metadata:
        return f"section-{cell.metadata['section']}"[:ID_LENGTH]
    if cell.cell_type != "code":
        return "".join(sorted(tags(cell) & ONCE)[:1])
    if "key" in tags(cell):
        return ""
    try:
        named = calls(solved(cell), "check", "predict", "stance", "verdict", "outcome", "claim")
    except SyntaxError:  # said by the rules, with its line
        return ""
    order = ["check", "predict", "stance", "verdict", "outcome", "claim"]
    first = min((call for call in named if literal(call)), key=lambda call: order.index(call.func.id), default=None)
    return re.sub(r"[^A-Za-z0-9_-]", "-", f"{first.func.id}-{literal(first)}")[:ID_LENGTH] if first else ""


# editions


def edition_of(name: str, edition: str, text: str | None = None) -> nbformat.NotebookNode:
    """Return the notebook of one edition, not yet run: blanks cut or filled, keys kept (solutions only) with their tag.

    ``text`` stands for the lesson's file where it is given.
    """
    from . import minutes

    learner = edition == "learner"
    book = nbformat.v4.new_notebook()
    book.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        "triple_extraction": {"lesson": name, "edition": edition, "made_by": "python -m course build"},
    }
    cells = parsed(lesson_text(name) if text is None else text).cells
    measured = minutes.parts(cells) if any("minutes" in tags(cell) for cell in cells) else []
    lasts = {part.cell: part.minutes for part in measured}
    number = 0
    for cell in cells:
        role = tags(cell)
        number += "section" in cell.metadata
        if learner and role & minutes.UNSEEN:
            continue
        if cell.cell_type == "code":
            if not any(one.cell_type == "code" for one in book.cells):
                book.cells.append(_door())
            source = BLANK.sub("...", cell.source) if learner else solved(cell)
            new = nbformat.v4.new_code_cell(f"from course import key\n\n{source}" if "key" in role else source)
        else:
            source = _headed(cell, number, lasts.get(cell.id))
            if "minutes" in role:
                source = f"{minutes.routes(measured)}\n\n{source}"
            if "model-answer" in role:
                said = answer(cell.source)
                source = "\n\n".join(f"**{title}.** {said[word]}" for word, title in ANSWER.items())
                role = role | {"teacher"}  # so that slides and pages keep it for the instructor too
            if "write" in role and learner:
                source += f"\n\n{say('write_here')}"
            if "title" in role and not learner:
                source += f"\n\n*Solutions, for instructors. Learners open `notebooks/{name}.ipynb`.*"
            new = nbformat.v4.new_markdown_cell(source)
        if learner and role & {"reveal", "reveal-code"}:
            new.metadata["jupyter"] = {"outputs_hidden": True} | ({"source_hidden": True} if "reveal-code" in role else {})
        if learner and "fold" in role:
            new.metadata["jupyter"] = {"source_hidden": True}
        if learner and cell.metadata.get("optional"):
            new.metadata["jp-MarkdownHeadingCollapsed"] = True
        if role:
            new.metadata["tags"] = sorted(role)
        new.metadata |= {field: cell.metadata[field] for field in ("section", "half", "optional", "paper") if field in cell.metadata}
        if measured and ("minutes" in role or cell.id in lasts):
            new.metadata["minutes"] = lasts["" if "minutes" in role else cell.id]
        new.id = cell.id
        book.cells.append(new)
    return _formatted(book)


def _headed(cell: nbformat.NotebookNode, number: int, lasts: int | None) -> str:
    """Return a text cell with its heading's number and minutes, where it opens a section or an optional fold."""
    head, *rest = cell.source.split("\n", 1)
    if "section" in cell.metadata:
        head = f"## {number} · {head.removeprefix('## ')}" + (f" ({lasts} minutes)" if lasts is not None else "")
    elif cell.metadata.get("optional"):
        head += f" (optional{f', {lasts} minutes' if lasts is not None else ''})"
    return "\n".join([head, *rest])


def answer(source: str) -> dict[str, str]:
    """Return what a model answer says, {word of ``ANSWER``: text}. Raise LessonError if it is not YAML or lacks a word."""
    try:
        said = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise LessonError(f"a model answer is YAML: {error}") from None
    if not isinstance(said, dict) or set(said) != set(ANSWER) or not all(isinstance(text, str) and text.strip() for text in said.values()):
        raise LessonError(f"a model answer has {', '.join(f'{word}:' for word in ANSWER)}, each with a text after it")
    return {word: text.strip() for word, text in said.items()}


def _door() -> nbformat.NotebookNode:
    """Return the cell that says what to do where there is no course: another kernel, or the notebook alone. Else it is silent."""
    lines = "".join(f"    print({line!r})\n" for line in say("door_alone").splitlines())
    source = f"""# If this cell prints something, do what it says.
from importlib.util import find_spec

if find_spec("course") is None:
{lines}"""
    return nbformat.v4.new_code_cell(source.rstrip(), id="door", metadata={"jupyter": {"source_hidden": True}, "tags": ["door"]})


def _formatted(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook with its code cells in Ruff's format, by the settings of the notebooks' folder."""
    place = EDITIONS["learner"] / "any.ipynb"
    command = [sys.executable, "-m", "ruff", "format", "--no-cache", "--stdin-filename", str(place), "-"]
    done = subprocess.run(command, input=nbformat.writes(book), capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    if done.returncode:
        raise LessonError(f"a code cell is not Python: {done.stderr.strip()}")
    return nbformat.reads(done.stdout, as_version=4)
