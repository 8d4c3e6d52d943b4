"""Rules for authors: what a lesson must have and must not do, checked before it is built, all at once, with file and line."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import nbformat

from ..claims import ledger
from ..doors import declared
from ..terms import forms
from .before import terms_in, unsaid, untaught, words_used
from .lessons import (
    BLANK,
    EDITIONS,
    FIELDS,
    LESSONS,
    ONCE,
    TAGS,
    TEMPLATE,
    LessonError,
    answer,
    calls,
    edition_of,
    lesson_text,
    lessons,
    literal,
    parsed,
    solved,
    tags,
)
from .minutes import FOLDED, in_view

CODE_LINES, CODE_WIDTH = 12, 110  # of a cell in view
FOLDED_LINES, FOLDED_WIDTH = 30, 150  # of a folded one, which draws or fetches and is not read
TAUGHT = 3  # words that a section may teach
MODULES = {"course", "itertools", "math", "statistics"}  # beside the pinned ones
FORBIDDEN = {
    "read_csv": "a table comes from load()",
    "urlopen": "a notebook runs without network",
    "requests": "a notebook runs without network",
    "input": "a notebook never waits",
}
FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)? ?%")
MARKS = ("NBVAL_", "raises-exception", "skip-execution")


def problems() -> dict[str, list[str]]:
    """Return {lesson: lines} for the lessons that break a rule; exercise ids are compared over the whole course."""
    every = [TEMPLATE, *lessons()]
    ids: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for name in every:
        lines = check(name, lesson_text(name))
        for exercise, line in exercises(parsed(lesson_text(name))):
            if exercise in ids:
                lines.append(_said(name, line, f"the exercise {exercise!r} is already in {ids[exercise]}: choose another id"))
            ids.setdefault(exercise, name)
        lines = lines or _order(name)  # where there are lines, it may be no Python
        if lines:
            found[name] = lines
    return found


def _order(name: str) -> list[str]:
    """Return a line for each word of Python and each term of the glossary that a lesson uses too early."""
    early = [
        _said(name, line, f"{word!r} stands in code in view, and no cell above or lesson before teaches it")
        for word, line in untaught(name).items()
    ]
    return early + [
        _said(name, line, f"the term {term!r} is used, and no cell above or lesson before explains it")
        for term, line in unsaid(name).items()
    ]


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
        found += [(line, what) for what in _fields(cell)]
    found += _answered(book)
    lines = {cell.id: cell.metadata["line"] for cell in book.cells}
    if not found:  # else it may be no Python that can be set in lines, or no model answer
        for edition in EDITIONS:
            code = [cell for cell in edition_of(name, edition, text).cells if cell.cell_type == "code"]
            shown = [cell for cell in code if not tags(cell) & {"key", "door"}]
            found += [(lines[cell.id], f"{what} ({edition})") for cell in shown for what in _lines(cell.source, bool(tags(cell) & FOLDED))]
    found += _taught(book) + (_copied(book) if name != TEMPLATE else [])
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


def _fields(cell: nbformat.NotebookNode) -> list[str]:
    """Return what is wrong with the metadata of a cell."""
    said = cell.metadata
    known = ", ".join(sorted(FIELDS - {"line"}))
    found = [f"no cell has the field {name!r}; the fields are {known} (minutes are computed)" for name in sorted(set(said) - FIELDS)]
    for field, opening in (("section", "## "), ("optional", "### ")):
        if field in said and not cell.source.startswith(opening):
            article = "a" if field == "section" else "an"
            found.append(f"a cell with {article} {field} field opens with its heading, {opening}and a title")
    if "half" in said and "section" not in said:
        found.append("only a section is in the half route or not")
    if "fold" in tags(cell) and not cell.source.startswith("#"):
        found.append("a folded cell opens with a comment that says what it does: that line stays in view")
    if "terms" in said:
        glossary = forms()
        silent = set(said["terms"]) & set(glossary) - terms_in(cell, glossary)
        found += [f"the glossary has no term {term!r}: add it to datasets/glossary.csv" for term in said["terms"] if term not in glossary]
        found += [f"the text is said to explain {term!r}, and does not hold it" for term in sorted(silent)]
    return found


def _answered(book: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """Return, with its line, each written question without its model answer, and each model answer that is none or has no question."""
    found = []
    pairs = zip([None, *book.cells], [*book.cells, None], strict=True)
    for cell, after in pairs:
        asked, answered = "write" in tags(cell) if cell else False, "model-answer" in tags(after) if after else False
        if asked and not answered:
            found.append((cell.metadata["line"], "a text with the tag 'write' is followed by a cell with the tag 'model-answer'"))
        if answered and not asked:
            found.append((after.metadata["line"], "a model answer follows the text with the tag 'write' that it answers"))
        if answered:
            try:
                answer(after.source)
            except LessonError as error:
                found.append((after.metadata["line"], str(error)))
    return found


def _own_words(book: nbformat.NotebookNode) -> Iterator[tuple[str, int]]:
    """Yield, with its line, each line of the texts that is a sentence of its author's, and each section's name. A title is none."""
    for cell in book.cells:
        for number, line in enumerate(cell.source.splitlines() if cell.cell_type != "code" else []):
            if line.startswith("# ") or (line.endswith((".", "?", ";", "…")) and len(line.split()) > 3):
                yield line, cell.metadata["line"] + number
        if "section" in cell.metadata:
            yield f"section {cell.metadata['section']}", cell.metadata["line"]


def _copied(book: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """Return, with its line, each sentence and section's name of the template that a lesson still holds."""
    template = {words for words, _ in _own_words(parsed(lesson_text(TEMPLATE)))}
    return [(line, f"{words!r} is the template's: write your own") for words, line in _own_words(book) if words in template]


def _taught(book: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """Return, with its line, each word that a lesson teaches and does not use, and each section that teaches too many."""
    found, count = [], 0
    used = {word for cell in in_view(book.cells) for word in _safe(solved(cell))}
    for cell in book.cells:
        line, words = cell.metadata["line"], cell.metadata.get("teaches", [])
        count = len(words) + (0 if "section" in cell.metadata else count)
        if words and count > TAUGHT:
            found.append((line, f"{count} words are taught in this section: at most {TAUGHT}"))
        found += [(line, f"the word {word!r} is taught, and no code in view uses it") for word in words if word not in used]
    return found


def _safe(source: str) -> list[str]:
    try:
        return words_used(source)
    except SyntaxError:
        return []


def _lines(source: str, folded: bool) -> list[str]:
    """Return what makes a code cell, as the formatter sets it, hard to read."""
    most, wide = (FOLDED_LINES, FOLDED_WIDTH) if folded else (CODE_LINES, CODE_WIDTH)
    lines = [line for line in source.splitlines() if line.strip()]
    found = [f"{len(lines)} lines of code: at most {most} in a cell, so that it does one thing"] if len(lines) > most else []
    return found + [f"a line of {len(line)} letters: at most {wide}" for line in lines if len(line) > wide]


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
