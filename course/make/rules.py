"""Rules for authors: what a lesson must have and must not do, checked before it is built, all at once, with file and line."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

import nbformat

from ..claims import ledger
from ..doors import declared
from .lessons import BLANK, EDITIONS, LESSONS, ONCE, TAGS, TEMPLATE, calls, edition_of, lesson_text, lessons, literal, parsed, solved, tags

CODE_LINES, CODE_WIDTH = 12, 110
MODULES = {"course", "itertools", "math", "statistics"}  # beside the pinned ones
FORBIDDEN = {
    "read_csv": "a table comes from load()",
    "urlopen": "a notebook runs without network",
    "requests": "a notebook runs without network",
    "input": "a notebook never waits",
}
FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)? ?%")
MARKS = ("NBVAL_", "raises-exception", "skip-execution")


def problems(names: list[str] | None = None) -> dict[str, list[str]]:
    """Return {lesson: lines} for the lessons that break a rule; exercise ids are compared over the whole course."""
    every = [*lessons(), TEMPLATE]
    ids: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for name in every:
        lines = check(name, lesson_text(name))
        for exercise, line in exercises(parsed(lesson_text(name))):
            if exercise in ids and name != TEMPLATE:
                lines.append(_said(name, line, f"the exercise {exercise!r} is already in {ids[exercise]}: choose another id"))
            ids.setdefault(exercise, name)
        if lines and (names is None or name in names):
            found[name] = lines
    return found


def exercises(book: nbformat.NotebookNode) -> list[tuple[str, int]]:
    """Return the exercises that a lesson declares by ``key``, with the lines of their cells."""
    cells = [cell for cell in book.cells if cell.cell_type == "code" and "key" in tags(cell)]
    return [(literal(call), cell.metadata["line"]) for cell in cells for call in _safe_calls(solved(cell), "key")]


@cache
def _ledger() -> tuple[set[str], str]:
    """Return the names of the claims, and all that they say."""
    return set(ledger()["claim"]), " ".join(ledger()["statement"])


def _safe_calls(source: str, *functions: str) -> list[ast.Call]:
    try:
        return calls(source, *functions)
    except SyntaxError:
        return []


def _said(name: str, line: int, what: str) -> str:
    return f"{(LESSONS / name).relative_to(LESSONS.parent.parent).as_posix()}.md:{line}: {what}"


def check(name: str, text: str) -> list[str]:
    """Return a line for each rule that the text of a lesson breaks."""
    book = parsed(text)
    found: list[tuple[int, str]] = []
    for cell in book.cells:
        line = cell.metadata["line"]
        found += [(line, what) for what in (_code(cell) if cell.cell_type == "code" else _prose(cell))]
        found += [(line, f"no cell has the tag {tag!r}; the tags are {', '.join(sorted(TAGS))}") for tag in sorted(tags(cell) - TAGS)]
        if "section" in cell.metadata and not cell.source.startswith("## "):
            found.append((line, "a cell with a section opens with its heading, ## and a title"))
    lines = {cell.id: cell.metadata["line"] for cell in book.cells}
    if not found:  # else it may be no Python that can be set in lines
        for edition in EDITIONS:
            code = [cell for cell in edition_of(name, edition, text).cells if cell.cell_type == "code"]
            shown = [cell for cell in code if not tags(cell) & {"key", "door"}]
            found += [(lines[cell.id], f"{what} ({edition})") for cell in shown for what in _lines(cell.source)]
    found += [(1, what) for what in _anatomy(book)]
    return [_said(name, line, what) for line, what in sorted(found)]


def _code(cell: nbformat.NotebookNode) -> list[str]:
    """Return what is wrong with a code cell."""
    source = solved(cell)
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return [f"not Python, line {error.lineno} of the cell: {error.msg}"]
    found = [f"{mark} hides an output from the test" for mark in MARKS if mark in source or mark.lower() in tags(cell)]
    if source.rstrip().endswith(";"):
        found.append("a semicolon at the end silences nothing when the notebook is tested: assign the result")
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            known = MODULES | set(declared())
            found += [
                f"{module} is not pinned: a notebook imports {', '.join(sorted(known))}"
                for module in modules
                if module.split(".")[0] not in known
            ]
        called = node.func if isinstance(node, ast.Call) else None
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name in FORBIDDEN:
            found.append(f"{name}: {FORBIDDEN[name]}")
        if name == "sample" and not any(word.arg == "random_state" for word in node.keywords):
            found.append("sample() without random_state gives other rows each time")
        if name == "default_rng" and not node.args:
            found.append("default_rng() without a seed gives other numbers each time")
        if name in ("now", "today", "time"):
            found.append(f"{name}() reads the clock: the output would change each day")
    for call in calls(source, "claim", "verdict"):
        if literal(call) and literal(call) not in _ledger()[0] and not calls(source, "my_claim"):
            found.append(f"the ledger has no claim {literal(call)!r}")
    for call in calls(source, "key") if "key" in tags(cell) else []:
        hints = next((word.value for word in call.keywords if word.arg == "hints"), None)
        if hints is None or (isinstance(hints, ast.List) and not hints.elts):
            found.append(f"the exercise {literal(call)!r} has no hint: hints=[...]")
    return found


def _lines(source: str) -> list[str]:
    """Return what makes a code cell, as the formatter sets it, hard to read."""
    lines = [line for line in source.splitlines() if line.strip()]
    found = [f"{len(lines)} lines of code: at most {CODE_LINES} in a cell, so that it does one thing"] if len(lines) > CODE_LINES else []
    return found + [f"a line of {len(line)} letters: at most {CODE_WIDTH}" for line in lines if len(line) > CODE_WIDTH]


def _prose(cell: nbformat.NotebookNode) -> list[str]:
    """Return what is wrong with a text cell: a figure typed where it should be computed, unless a claim of the ledger says it."""
    typed = [figure for figure in FIGURE.findall(BLANK.sub("", cell.source)) if figure not in _ledger()[1]]
    return [f"the figure {figure} is typed: compute it, {{{{ expression }}}}" for figure in typed]


def _anatomy(book: nbformat.NotebookNode) -> list[str]:
    """Return what a lesson lacks: its parts, one prediction, two exercises with keys, one critique, its sources, distinct names."""
    roles = Counter(tag for cell in book.cells for tag in tags(cell))
    if roles["dossier"]:
        return []
    found = [f"no cell has the tag {tag!r}" for tag in sorted(ONCE) if not roles[tag]]
    found += [f"{roles[tag]} cells have the tag {tag!r}: one is enough" for tag in sorted(ONCE) if roles[tag] > 1]
    sections = Counter(cell.metadata["section"] for cell in book.cells if "section" in cell.metadata)
    found += [f"two sections are called {name!r}" for name, count in sections.items() if count > 1]
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    shown = [solved(cell) for cell in code if "key" not in tags(cell)]
    checked = list(dict.fromkeys(literal(call) for source in shown for call in _safe_calls(source, "check")))
    keyed = [name for name, _ in exercises(book)]
    found += [f"the exercise {name!r} is checked and has no key" for name in checked if name not in keyed]
    found += [f"the exercise {name!r} has a key and is checked nowhere" for name in keyed if name not in checked]
    found += [f"the exercise {name!r} has two keys" for name, count in Counter(keyed).items() if count > 1]
    for function, least in (("predict", 1), ("check", 2), ("claim", 1), ("cite", 1)):
        names = {
            ast.dump(call)
            for source in shown
            for call in _safe_calls(source, function, *(["statements", "my_claim"] if function == "claim" else []))
        }
        if len(names) < least:
            found.append(f"a lesson has at least {least} {function}()")
    if not roles["critique"]:
        found.append("a lesson has at least one text with the tag 'critique'")
    return found
