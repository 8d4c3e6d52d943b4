"""What learners handed in, read as data: nothing of a submission is run, imported or unpickled, so nothing in it can act.

For each exercise of a lesson two things are read: what was typed, where it is a literal (``first_cobalt = 12``), and the record that
``check`` left in the stored output. Either is judged again here, by ``course.exercises.reply`` and the key of this clone, so that a forged
record earns what typing that answer would earn. ``read_folder`` serves the marks, the pages and the step before marking.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ..exercises import reply, stored_keys
from ..messages import RECORD_MIME, CourseError, say
from . import lock
from .lessons import lessons, literal, notebook_path

MOST_BYTES = 20_000_000  # of one file: the largest of ours has one; what is larger printed without end
MOST_CELLS = 2_000
MOST_CODE = 1_000_000  # letters of code in one file that are looked at
MOST_ITEMS = 100  # of one answer
MOST_HOMES = 10  # cells that answer the same exercise and are looked at
LONGEST_WORD = 200  # letters of a word in an answer
LONGEST_TEXT = 20_000  # letters of a written text that are kept
WRITTEN = ("predict", "verdict", "stance")  # calls that keep what a learner thinks; nobody marks it by machine
KEPT = ("word", "because", "value", "unit", "text")  # their arguments


WORDS = (str, int, float, type(None), type(...))  # what a mapping may say of an item


@dataclass
class Cell:
    """A cell as its file has it; ``outputs`` are its stored outputs, unread."""

    id: str
    kind: str
    source: str
    outputs: list[dict] = field(default_factory=list)
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))  # empty for text, and for code that is no Python
    statements: frozenset[str] = frozenset()  # each whole statement of the cell, in one form
    sets: frozenset[str] = frozenset()  # the names that it sets or changes
    uses: frozenset[str] = frozenset()
    grade_id: str = ""  # the name that nbgrader gave the cell


@dataclass
class Answer:
    """One exercise: its value as text, where it was read (``state``), and the sentence for the learner.

    ``state`` is run or typed (judged, ``right`` is true or false), not answered (``right`` is false), or not run, changed, missing:
    then nothing is counted, ``right`` is None, and ``said`` says what to do.
    """

    exercise: str
    state: str
    value: str = ""
    right: bool | None = None
    said: str = ""


@dataclass
class Submission:
    """One notebook that somebody handed in; ``notes`` are sentences on what is odd, each with its remedy."""

    who: str
    path: Path
    lesson: str = ""
    answers: list[Answer] = field(default_factory=list)
    written: list[tuple[str, str, str]] = field(default_factory=list)  # (kind, name, text) in the learner's words
    notes: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)  # those that are not as given

    def count(self, *states: str) -> int:
        """Return how many exercises are in these states."""
        return sum(answer.state in states for answer in self.answers)


class Unreadable(ValueError):
    """A file that is no notebook; the message says why and what to do."""


# a file


def _text(value: object) -> str:
    """Return a text that a notebook stores whole or as a list of lines; anything else is empty."""
    value = "".join(part for part in value if isinstance(part, str)) if isinstance(value, list) else value
    return value if isinstance(value, str) else ""


def _base(node: ast.AST) -> ast.AST:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node


def _names(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return (the names that a piece of code sets or changes, the names that it uses)."""
    sets, uses = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (uses if isinstance(node.ctx, ast.Load) else sets).add(node.id)
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            sets |= {base.id} if isinstance(base := _base(node), ast.Name) else set()
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            sets.add(node.name)
        elif isinstance(node, ast.alias):
            sets.add((node.asname or node.name).split(".")[0])
    return sets, uses


def _parse(cell: Cell) -> None:
    """Read a cell's code as a syntax tree, the lines that only a notebook understands left out."""
    plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in cell.source.split("\n"))
    try:
        tree = ast.parse(plain)
        cell.statements = frozenset(ast.dump(one) for one in tree.body)
        cell.tree, (cell.sets, cell.uses) = tree, _names(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _calls(cell: Cell, *functions: str) -> list[ast.Call]:
    """Return a cell's calls of some functions, in the order of the text."""
    found = [node for node in ast.walk(cell.tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return sorted((node for node in found if node.func.id in functions), key=lambda node: (node.lineno, node.col_offset))


def _dicts(value: object) -> list[dict]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read_cells(path: Path) -> tuple[list[Cell], dict]:
    """Return (the cells of a notebook's file, its metadata). Raise Unreadable where it is none."""
    if path.is_symlink() or not path.is_file():
        raise Unreadable(say("marks_no_file"))
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(say("marks_large", size=path.stat().st_size // 1_000_000))
    try:
        book = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise Unreadable(say("marks_unreadable", reason=error.strerror or type(error).__name__)) from None
    except UnicodeDecodeError:
        raise Unreadable(say("marks_unreadable", reason="not UTF-8")) from None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable(say("marks_unreadable", reason="not JSON")) from None
    if not isinstance(book, dict) or not isinstance(book.get("cells"), list):
        raise Unreadable(say("marks_no_cells"))
    if len(book["cells"]) > MOST_CELLS:
        raise Unreadable(say("marks_many_cells", count=len(book["cells"])))
    cells, code = [], 0
    for one in _dicts(book["cells"]):
        source, kind = _text(one.get("source")).encode("utf-8", "replace").decode(), one.get("cell_type")
        cell = Cell(_text(one.get("id")), kind if kind in ("code", "markdown") else "raw", source, _dicts(one.get("outputs")))
        said = one.get("metadata")
        if isinstance(said, dict) and isinstance(said.get("nbgrader"), dict):
            cell.grade_id = _text(said["nbgrader"].get("grade_id"))
        code += len(source)
        if kind == "code" and code < MOST_CODE:
            _parse(cell)
        cells.append(cell)
    metadata = book.get("metadata")
    ours = metadata.get("triple_extraction") if isinstance(metadata, dict) else None
    return cells, ours if isinstance(ours, dict) else {}


def _records(cell: Cell) -> list[dict]:
    """Return the records of a cell's stored outputs, as far as they have a record's form."""
    found = [output.get("data", {}) for output in cell.outputs]
    return [data[RECORD_MIME] for data in found if isinstance(data, dict) and isinstance(data.get(RECORD_MIME), dict)]


# what was given


def _holes(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Constant) and one.value is ... for one in ast.walk(node))


@dataclass(frozen=True)
class Given:
    """A lesson as learners get it: its cells, and for each exercise with a blank the place of its cell."""

    cells: list[Cell]
    exercises: dict[str, int]


@cache
def given(lesson: str) -> Given:
    """Return what learners got. Raise CourseError if the notebook of this clone is not the one that the build made."""
    path = notebook_path(lesson, "learner")
    if not lock.known(path):
        raise CourseError(say("marks_not_ours", path=lock.shown(path)))
    cells, _ = read_cells(path)
    places = enumerate(cells)
    return Given(cells, {literal(call): place for place, cell in places if _holes(cell.tree) for call in _calls(cell, "check")})


def _sources(cells: list[Cell], needed: set[str]) -> list[Cell]:
    """Return those of ``cells`` on which the names ``needed`` rest; their own names are added to ``needed``."""
    found = []
    for cell in reversed(cells):
        if cell.sets & needed:
            needed |= cell.uses
            found.append(cell)
    return found


def _lost(exercise: str, found: Given, cells: list[Cell], place: int) -> bool:
    """Say whether a line that was given, and on which the answer in the cell at ``place`` rests, is not in the notebook as it was given."""
    needed = set(cells[place].uses)
    _sources(cells[:place], needed)
    before = [*_sources(found.cells[: found.exercises[exercise]], needed), found.cells[found.exercises[exercise]]]
    kept = set().union(*(cell.statements for cell in cells))
    lines = (one for cell in before for one in cell.tree.body if not isinstance(one, ast.Expr) and not _holes(one))
    return any(ast.dump(one) not in kept for one in lines)


@cache
def _exercises() -> dict[str, str]:
    """Return {exercise: lesson}."""
    return {name: lesson for lesson in lessons() for name in stored_keys(lesson)}


# an answer


def typed_value(cell: Cell, call: ast.Call) -> tuple[bool, object]:
    """Return (true, the literal that is checked) where the answer was typed, (false, nothing) where it is computed."""
    given_last = [*call.args[1:], *(one.value for one in call.keywords if one.arg == "answer")]
    wanted = given_last[0] if len(given_last) == 1 else ast.Tuple(given_last, ast.Load()) if given_last else None
    if wanted is None:
        return True, ...
    if isinstance(wanted, ast.Name):
        names = [node for node in ast.walk(cell.tree) if isinstance(node, (ast.Name, ast.Subscript, ast.Attribute))]
        names = [node for node in names if not isinstance(node.ctx, ast.Load)]
        bound = [node for node in names if isinstance(base := _base(node), ast.Name) and base.id == wanted.id]
        plain = [one for one in cell.tree.body if isinstance(one, ast.Assign) and one.targets == bound]
        if len(bound) != 1 or not plain:
            return False, None
        wanted = plain[0].value
    try:
        return True, ast.literal_eval(wanted)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False, None


def _plain(value: object) -> object:
    """Return an answer as ``reply`` may see it: a finite number, a word, a few of them, a mapping of words; otherwise None."""
    if isinstance(value, str):
        return value[:LONGEST_WORD]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if abs(value) < 1e300 and not math.isnan(value) else None
    if isinstance(value, (list, tuple)) and 0 < len(value) <= MOST_ITEMS:
        parts = [_plain(one) for one in value]
        return None if any(one is None or isinstance(one, (list, tuple, dict)) for one in parts) else type(value)(parts)
    if isinstance(value, dict) and len(value) <= MOST_ITEMS:
        parts = {item: said for item, said in value.items() if isinstance(item, str) and isinstance(said, WORDS)}
        return {item[:LONGEST_WORD]: said if said is ... else str(said)[:LONGEST_WORD] for item, said in parts.items()}
    return None


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{item}: {'...' if said is ... else said}" for item, said in value.items())
    return f"{value:.10g}" if isinstance(value, (int, float)) else str(value)


def _judged(exercise: str, state: str, value: object) -> Answer:
    empty = isinstance(value, dict) and "kind" not in value and all(said is ... or said in ("", "...") for said in value.values())
    if value is ... or empty or (isinstance(value, str) and value.strip() in ("", "...")):
        return Answer(exercise, "not answered", "", False, reply(exercise, ...)[1])
    plain = _plain(value)
    if plain is None:
        return Answer(exercise, state, "", False, say("marks_odd_value", kind=type(value).__name__))
    right, said = reply(exercise, plain)
    return Answer(exercise, state, _shown(plain), right, said.strip())


def _read_at(exercise: str, cells: list[Cell], place: int, call: ast.Call, found: Given) -> Answer:
    """Return what the cell at ``place`` answers to an exercise."""
    cell = cells[place]
    records = [record for record in _records(cell) if record.get("kind") == "check" and record.get("exercise") == exercise]
    recorded = records[-1].get("answer", ...) if records else None
    is_typed, value = typed_value(cell, call)
    if is_typed:
        answer = _judged(exercise, "typed", value)
        again = _judged(exercise, "typed", recorded) if records else None
        if again and answer.state == "typed" and (answer.right, answer.said) == (again.right, again.said):
            answer.state = "run"
        return answer
    if (not records or recorded is ...) and _holes(cell.tree):
        return _judged(exercise, "typed", ...)
    if not records or recorded is ...:
        stopped = next((_text(output.get("ename")) for output in cell.outputs if output.get("output_type") == "error"), "")
        return Answer(exercise, "not run", said=say("marks_stopped", kind=stopped[:60]) if stopped else say("marks_not_run"))
    answer = _judged(exercise, "run", recorded)
    if _lost(exercise, found, cells, place):
        judged = say("marks_would_be", word="right" if answer.right else "not right")
        return Answer(exercise, "changed", answer.value, None, f"{say('marks_changed')} {judged}")
    return answer


def _answers(cells: list[Cell], found: Given) -> list[Answer]:
    """Return what a notebook answers to each exercise: in the cell that was given for it, else in one that the learner made."""
    homes: dict[str, list[tuple[int, ast.Call]]] = {}
    for place, cell in enumerate(cells):
        for call in _calls(cell, "check"):
            homes.setdefault(literal(call), []).append((place, call))
    answers = []
    for exercise, given_place in found.exercises.items():
        own = found.cells[given_place].id
        places = sorted(homes.get(exercise, []), key=lambda home: cells[home[0]].id != own)[:MOST_HOMES]
        read = [_read_at(exercise, cells, place, call, found) for place, call in places]
        judged = [answer for answer in read if answer.state in ("run", "typed", "changed")]
        answers.append([*judged, *read, Answer(exercise, "missing", said=say("marks_missing", exercise=exercise))][0])
    return answers


def _literals(call: ast.Call) -> list[object]:
    """Return what was typed into a call after its name, in order; an empty list if some of it is computed."""
    parts = [*call.args[1:], *(one.value for one in call.keywords if one.arg in KEPT)]
    try:
        return [ast.literal_eval(part) for part in parts]
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return []


def _written(cells: list[Cell], found: Given) -> list[tuple[str, str, str]]:
    """Return what a learner predicted, judged and wrote: (kind, name, text)."""
    texts: dict[tuple[str, str], str] = {}
    for cell in cells:
        records = {(str(one.get("kind")), str(one.get("claim") or one.get("name"))): one for one in _records(cell)}
        for call in _calls(cell, *WRITTEN):
            kind, name = call.func.id, literal(call)
            record = records.get((kind, name), {})
            values = _literals(call) or [record[part] for part in KEPT if part in record]
            if name and values and ... not in values[: 1 + (kind == "verdict")]:
                words = [str(value) for value in values if isinstance(value, (str, int, float))]
                texts[kind, name] = (": " if kind == "verdict" else " ").join(words)[:LONGEST_TEXT]
    as_given = {cell.source for cell in found.cells}
    for number, cell in enumerate(cells, start=1):
        if cell.kind != "code" and cell.source.strip() and cell.source not in as_given:
            texts["text", f"cell {number}"] = cell.source[:LONGEST_TEXT]
    return [(kind, name, text) for (kind, name), text in texts.items()]


# a submission


def lesson_of(cells: list[Cell], metadata: dict) -> str:
    """Return the lesson that a notebook answers: the one whose exercises it checks, or nothing."""
    known = _exercises()
    named = metadata.get("lesson")
    found = Counter(known[name] for cell in cells for name in map(literal, _calls(cell, "check")) if name in known)
    if isinstance(named, str) and named in lessons() and (named in found or not found):
        return named
    return max(sorted(found), key=found.__getitem__, default="")


def _notes(one: Submission, cells: list[Cell], metadata: dict, found: Given, nbgrader: bool) -> list[str]:
    """Return what is odd about a notebook, each in a sentence with its remedy."""
    notes = []
    wanted, ids = f"{Path(one.lesson).name}.ipynb", Counter(cell.id for cell in cells if cell.id)
    if one.path.name != wanted:
        notes.append(say("marks_renamed", wanted=wanted))
    if metadata.get("lesson") != one.lesson or not ids:
        notes.append(say("marks_stripped"))
    if metadata.get("edition") == "solutions":
        notes.append(say("marks_solutions"))
    twice = sorted(name for name, count in ids.items() if count > 1)
    if nbgrader:  # which counts by the names that it gave the cells
        from .assignments import graded

        names, wanted_names = Counter(cell.grade_id for cell in cells if cell.grade_id), set(graded(one.lesson))
        twice = sorted({*twice, *(name for name, count in names.items() if count > 1)})
        if lost := sorted(wanted_names - set(names)):
            notes.append(say("marks_lost_grades", count=len(lost), names=", ".join(lost[:3])))
    if twice:
        notes.append(say("marks_twice", cells=", ".join(twice[:3])[:LONGEST_WORD]))
    if one.answers and one.count("not answered") == len(one.answers):
        notes.append(say("marks_empty"))
    for state in ("missing", "not run", "changed"):
        if names := [answer.exercise for answer in one.answers if answer.state == state]:
            notes.append(say(f"marks_{state.replace(' ', '_')}_in", count=len(names), names=", ".join(names[:5])))
    if found.exercises and not any(cell.outputs for cell in cells):
        notes.append(say("marks_no_output"))
    return notes


def read(path: Path, who: str, nbgrader: bool = False) -> Submission:
    """Return one submission; where the file cannot be used, its only content is the sentence that says why."""
    one = Submission(who, path)
    try:
        cells, metadata = read_cells(path)
        one.lesson = lesson_of(cells, metadata)
    except Unreadable as error:
        one.notes = [str(error)]
        return one
    if not one.lesson:
        one.notes = [say("marks_no_lesson")]
        return one
    found = given(one.lesson)
    one.answers = _answers(cells, found)
    one.written = _written(cells, found)
    as_given = {cell.source for cell in found.cells}
    one.cells = [cell for cell in cells if cell.source not in as_given and cell.source.strip()]
    one.notes = _notes(one, cells, metadata, found, nbgrader)
    return one


def _files(folder: Path) -> list[Path]:
    """Return the files below a folder, in order; hidden ones and what a link leads to are left out."""
    found = []
    for place, inside, names in os.walk(folder):
        inside[:] = sorted(name for name in inside if not name.startswith(".") and not (Path(place) / name).is_symlink())
        found += [Path(place) / name for name in names if not name.startswith(".")]
    return sorted(found)


def read_folder(folder: Path) -> list[Submission]:
    """Return every submission below a folder: ``NAME/...ipynb`` (the first folder is whose it is), or files side by side.

    An nbgrader course folder is read from its ``submitted``. A file that cannot be read, a packed one and a folder without notebook are
    there too, with a sentence and no answers.
    """
    nbgrader = (folder / "submitted").is_dir()
    folder = folder / "submitted" if nbgrader else folder
    if not folder.is_dir():
        raise CourseError(say("marks_no_folder", folder=folder))
    found, same = [], {}
    for path in _files(folder):
        inside = path.relative_to(folder).parts
        who = re.sub(r"\s+", " ", inside[0] if len(inside) > 1 else path.stem).encode("utf-8", "replace").decode()
        if path.suffix in (".zip", ".rar", ".7z", ".gz"):
            found.append(Submission(who, path, notes=[say("marks_packed")]))
        if path.suffix == ".md":  # a portfolio: whoever has a text editor can write one, so it is shown and not marked
            content = "" if path.is_symlink() or not path.is_file() else path.read_bytes()[:LONGEST_TEXT].decode("utf-8", "replace")
            found.append(Submission(who, path, written=[("file", path.stem, content)], notes=[say("marks_portfolio")]))
        if path.suffix != ".ipynb":
            continue
        one = read(path, who, nbgrader)
        found.append(one)
        if one.answers and one.count("run", "typed"):
            content = hashlib.sha256(path.read_bytes()).digest()
            if content in same and same[content].who != who:
                one.notes.append(say("marks_same", who=same[content].who))
            same.setdefault(content, one)
    pairs = Counter((one.who, one.lesson) for one in found if one.lesson)
    for one in found:
        if one.lesson and pairs[one.who, one.lesson] > 1:
            one.notes.append(say("marks_several", count=pairs[one.who, one.lesson]))
    empty = [place.name for place in sorted(folder.iterdir()) if place.is_dir() and not place.name.startswith(".")]
    for name in empty:
        if name not in {one.path.relative_to(folder).parts[0] for one in found}:
            found.append(Submission(name, folder / name, notes=[say("marks_nothing")]))
    return sorted(found, key=lambda one: (one.who, one.path))
