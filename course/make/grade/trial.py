"""Grade three submissions of one lesson with the real nbgrader: one right, one wrong, one empty. Nothing is kept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from ...doors import DoorError
from ...exercises import KEYS
from ..lessons import notebook_path
from .make import STUB, assignment_name, exercise, make, points

SENTENCE = "It counts mines, not tonnes, and says nothing of the people who dig."


def wrong_answer(record: dict) -> object:
    """Return an answer to an exercise that is not right: the first usual mistake where the key knows one."""
    if record["kind"] == "mapping":
        choices = record["choices"] or sorted(set(record["answer"].values()))
        return {item: next(word for word in choices if word != truth) for item, truth in record["answer"].items()}
    if record["mistakes"]:
        return record["mistakes"][0][0]
    if record["kind"] == "word":
        return next(word for word in record["choices"] if word != record["answer"])
    return 3 * record["answer"] + 7


def _wrong_cell(source: str, keys: dict) -> str:
    """Return a cell in which the checked name holds a wrong answer (for a function: gives one), set just before the check."""
    name, answer = exercise(source)
    value = repr(wrong_answer(keys[name]))
    called = re.match(r"(\w+)\(", answer)
    line = f"{called[1]} = lambda *given, **named: {value}" if called else f"{answer} = {value}"
    head, mark, tail = source.rpartition(f'check("{name}"')
    return f"{head}{line}\n{mark}{tail}"


def fill(released: nbformat.NotebookNode, kind: str, solved: dict[str, str], keys: dict) -> nbformat.NotebookNode:
    """Return the released notebook as a learner of this kind (right, wrong, empty) hands it in; ``solved`` is the solutions by cell id."""
    book = nbformat.from_dict(released)
    for cell in book.cells:
        if kind == "empty" or not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        if cell.cell_type == "markdown":
            cell.source = f"{STUB} {SENTENCE}"
        elif exercise(cell.source) and kind == "wrong":
            cell.source = _wrong_cell(cell.source, keys)
        else:
            cell.source = solved[cell.id]
    return book


def _nbgrader(folder: Path, *command: str) -> None:
    done = subprocess.run([sys.executable, "-m", "nbgrader", *command], cwd=folder, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise DoorError(f"nbgrader {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _is_test(cell: nbformat.NotebookNode) -> bool:
    mark = cell.metadata.get("nbgrader", {})
    return bool(mark.get("grade") and not mark["solution"])


def _failed(cell: nbformat.NotebookNode) -> str:
    """Return what stopped a cell, or nothing."""
    return "".join(output.evalue for output in cell.get("outputs", []) if output.output_type == "error")


def try_out(lesson: str) -> int:
    """Print the scores of three submissions, and what the wrong one is told. Return 0 if the scores are what they must be."""
    try:
        from nbgrader.api import Gradebook
    except ImportError:
        raise DoorError("This needs nbgrader: python -m pip install -e '.[class]' (in an environment of the instructor's own).") from None
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # nbgrader calls alembic by name
    title = assignment_name(lesson)
    keys = json.loads((KEYS / f"{title}.json").read_text(encoding="utf-8"))
    solved = {cell.id: cell.source for cell in nbformat.read(notebook_path(lesson, "solutions"), as_version=4).cells}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source = make(lesson, folder)
        by_machine, by_hand = points(nbformat.read(source, as_version=4))
        _nbgrader(folder, "generate_assignment", title)
        released = nbformat.read(folder / "release" / title / source.name, as_version=4)
        print(f"{lesson}: {by_machine} points graded by nbgrader, {by_hand} by hand; {len(released.cells)} cells released")
        for kind in ("right", "wrong", "empty"):
            target = folder / "submitted" / kind / title / source.name
            target.parent.mkdir(parents=True)
            nbformat.write(fill(released, kind, solved, keys), target)
        begun = time.perf_counter()
        _nbgrader(folder, "autograde", title)
        print(f"three submissions graded in {time.perf_counter() - begun:.0f} s")
        _nbgrader(folder, "generate_feedback", title)
        scores = {}
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            for kind in ("right", "wrong", "empty"):
                grades = [grade for notebook in book.find_submission(title, kind).notebooks for grade in notebook.grades]
                scores[kind] = sum(grade.auto_score or 0 for grade in grades if grade.max_score and grade.name.endswith("-test"))
                waiting = sum(bool(grade.needs_manual_grade) for grade in grades)
                feedback = (folder / "feedback" / kind / title / source.with_suffix(".html").name).exists()
                page = "yes" if feedback else "NO"
                print(f"  {kind:<6} {scores[kind]:g} of {by_machine}; {waiting} cells wait for a hand; feedback page: {page}")
        graded = {kind: nbformat.read(folder / "autograded" / kind / title / source.name, as_version=4) for kind in scores}
        broken = [(kind, cell.id) for kind, book in graded.items() for cell in book.cells if _failed(cell) and not _is_test(cell)]
        print(f"cells that stopped, graded cells apart: {broken or 'none'}")
        for kind in ("wrong", "empty"):
            print(f"what the {kind} one is told:")
            for cell in filter(_is_test, graded[kind].cells):
                said = (_failed(cell) or "PASSED").splitlines()[0]
                print(f"  {cell.metadata['nbgrader']['grade_id']}: {said[:150]}")
    return 0 if scores == {"right": by_machine, "wrong": 0, "empty": 0} and not broken else 1
