"""Assignments for nbgrader, made from the lessons (``python -m course nbgrader``), for those who use it. It is not needed here.

nbgrader runs what learners wrote, as whoever starts it; ``course.make.marks`` runs nothing. The stored notebooks keep no trace of
grading. ``assignment`` joins the two stored editions of a lesson into one notebook for instructors: what learners get back from
``nbgrader generate_assignment`` is the learner's edition, cell by cell, plus

- after each exercise with a blank, a locked cell worth one point. Its test is hidden, so that an unanswered exercise never breaks a run;
  ``autograde`` puts the test back, and it fails with the sentence of the learner's own check;
- after each *Critique* that asks for writing, an empty text cell, graded by hand with the rubric (0 to 3);
- the cells that keep a written stance, graded by hand too (3 points for each text).
"""

from __future__ import annotations

import argparse
import ast
from functools import cache
from pathlib import Path

import nbformat

from ..exercises import reply
from ..messages import say
from . import lock
from .lessons import lessons, notebook_path

POINTS = 1  # for an exercise
WRITTEN = 3  # for a written answer: one criterion of the rubric
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
TEST = """# Graded when you hand in: {points} point for the answer above. Nothing to write in this cell.
### BEGIN HIDDEN TESTS
from course.make.assignments import passed

passed({name!r}, {answer})
### END HIDDEN TESTS"""
MODEL = "*For the grader: the rubric is in course/guide/rubric.md. The reasoning is graded, never the side taken.*"
STUB = "*Your sentences:*"
CONFIG = f"""# Settings of nbgrader for this course, made by `python -m course nbgrader`. Change them freely: a file that exists is kept.
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "triple-extraction"
c.ClearSolutions.code_stub = {{"python": ""}}  # the learner's three dots stand above it already
c.ClearSolutions.text_stub = "{STUB}"
c.ExecutePreprocessor.timeout = 120  # seconds for one cell
"""


class NotPassed(AssertionError):
    """An answer that is not right. The notebook shows its sentence alone, the one the learner's own check gives."""

    def _render_traceback_(self) -> list[str]:  # the method IPython looks for when it shows an exception
        return [str(self)]


def passed(name: str, answer: object = ...) -> None:
    """Do nothing if the answer is right; otherwise raise NotPassed with the sentence that ``check`` says. Called by a graded cell."""
    right, text = reply(name, answer)
    if not right:
        raise NotPassed(text)


def assignment_name(lesson: str) -> str:
    """Return a lesson's name as nbgrader takes it, without a slash."""
    return lesson.replace("/", "-")


def _mark(cell: nbformat.NotebookNode, name: str, points: int = 0, solution: bool = False) -> nbformat.NotebookNode:
    """Write nbgrader's metadata into a cell and return it; a cell without ``solution`` is locked."""
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "grade": points > 0, "solution": solution}
    cell.metadata["nbgrader"] |= {"locked": not solution, "task": False}
    if points:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def _calls(source: str, function: str) -> list[ast.Call]:
    """Return the calls of ``function`` that are whole statements of a cell, in order."""
    found = [node.value for node in ast.parse(source).body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    return [call for call in found if isinstance(call.func, ast.Name) and call.func.id == function]


def exercise(source: str) -> tuple[str, str] | None:
    """Return (exercise, the expression that is checked) of a learner's cell that ends with a check, or None."""
    calls = _calls(source, "check")
    if not calls or len(calls[-1].args) < 2:
        return None
    name, answer = calls[-1].args[:2]
    return str(ast.literal_eval(name)), ast.unparse(answer)


def with_solution(learner: str, solved: str) -> str:
    """Return the learner's cell with the solution after it, between nbgrader's marks; the calls that check or keep come last."""
    last = [*_calls(learner, "check"), *_calls(learner, "stance")]
    if _calls(learner, "stance"):  # each text stands in its own call: the whole cell is given again
        return f"{learner}\n{BEGIN}\n{solved}\n{END}"
    cut = last[-1].lineno - 1
    answer = solved.split("\n")[: _calls(solved, "check")[-1].lineno - 1]
    lines = learner.split("\n")
    return "\n".join([*lines[:cut], BEGIN, *answer, END, *lines[cut:]])


def assignment(learner: nbformat.NotebookNode, solutions: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return nbgrader's source notebook made from the two stored editions of one lesson."""
    solved = {cell.id: cell.source for cell in solutions.cells}
    book = nbformat.v4.new_notebook()
    book.metadata = {key: learner.metadata[key] for key in ("kernelspec", "language_info")}
    book.metadata["triple_extraction"] = {"lesson": learner.metadata["triple_extraction"]["lesson"], "edition": "assignment"}
    critiques = stances = 0
    for old in learner.cells:
        cell = nbformat.from_dict({"id": old.id, "cell_type": old.cell_type, "source": old.source, "metadata": dict(old.metadata)})
        if cell.cell_type == "code":
            cell |= {"outputs": [], "execution_count": None}
        book.cells.append(cell)
        if cell.cell_type == "markdown":
            if "write" in cell.metadata.get("tags", []):
                critiques += 1
                answer = nbformat.v4.new_markdown_cell(f"{BEGIN}\n{MODEL}\n{END}", id=f"critique-{critiques}")
                book.cells.append(_mark(answer, f"critique-{critiques}", WRITTEN, solution=True))
            continue
        blank = old.source != solved[old.id]
        found = exercise(old.source)
        if blank and found:
            name, answer = found
            cell.source = with_solution(old.source, solved[old.id])
            _mark(cell, name, solution=True)
            test = nbformat.v4.new_code_cell(TEST.format(points=POINTS, name=name, answer=answer), id=f"test-{old.id}")
            book.cells.append(_mark(test, f"{name}-test", POINTS))
        elif blank and _calls(old.source, "stance"):
            stances += 1
            cell.source = with_solution(old.source, solved[old.id])
            _mark(cell, f"stance-{stances}", WRITTEN * len(_calls(old.source, "stance")), solution=True)
    nbformat.validate(book)
    return book


def _made(lesson: str) -> nbformat.NotebookNode:
    return assignment(*(nbformat.read(notebook_path(lesson, edition), as_version=4) for edition in ("learner", "solutions")))


@cache
def graded(lesson: str) -> list[str]:
    """Return the names that nbgrader gives the cells it marks in a lesson."""
    return [cell.metadata["nbgrader"]["grade_id"] for cell in _made(lesson).cells if cell.metadata.get("nbgrader", {}).get("grade")]


def make(lesson: str, out: Path) -> Path:
    """Write the assignment of a lesson into an nbgrader course folder and return its path; nbgrader's settings are kept if they exist."""
    path = out / "source" / assignment_name(lesson) / f"{Path(lesson).name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock.keep_from_git(out)
    nbformat.write(_made(lesson), path)
    config = out / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8", newline="\n")
    return path


def points(book: nbformat.NotebookNode) -> tuple[int, int]:
    """Return (points graded by nbgrader, points graded by hand) of an assignment."""
    marks = [cell.metadata["nbgrader"] for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return tuple(sum(mark["points"] for mark in marks if mark["solution"] is by_hand) for by_hand in (False, True))


def main(arguments: list[str] | None = None) -> int:
    """Make an assignment; return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m course nbgrader", description="Make an assignment for nbgrader from a lesson.")
    parser.add_argument("lesson", choices=lessons(), metavar="LESSON", help="for example 01_resources")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the nbgrader course folder, made if need be")
    options = parser.parse_args(arguments)
    path = make(options.lesson, options.out)
    by_machine, by_hand = points(nbformat.read(path, as_version=4))
    print(say("nbgrader_made", path=path, by_machine=by_machine, by_hand=by_hand))
    print(say("nbgrader_next", folder=options.out, name=assignment_name(options.lesson)))
    print(say("nbgrader_runs", folder=options.out))
    return 0
