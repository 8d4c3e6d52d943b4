"""Assignments for nbgrader: what is graded, what learners get back, and what a graded cell says. nbgrader itself is not needed."""

from __future__ import annotations

import ast
import json
import re
from functools import cache

import nbformat
import pytest

from course.exercises import KEYS, reply
from course.make.build import lessons, notebook_path
from course.make.grade import NotPassed, passed
from course.make.grade.__main__ import main
from course.make.grade.make import BEGIN, CONFIG, END, MODEL, STUB, assignment, exercise, make, points, with_solution
from course.make.grade.trial import fill, wrong_answer
from course.messages import CourseError

RECORDS = {name: record for path in sorted(KEYS.glob("*.json")) for name, record in json.loads(path.read_text("utf-8")).items()}
BUILT = [name for name in lessons() if notebook_path(name, "learner").exists()]  # another test says which are missing
REGION = re.compile(rf"^{BEGIN}\n.*?^{END}$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)


@cache
def stored(lesson, edition):
    return nbformat.read(notebook_path(lesson, edition), as_version=4)


@cache
def made(lesson):
    return assignment(stored(lesson, "learner"), stored(lesson, "solutions"))


def released(book):
    """Cut solutions and hidden tests as nbgrader does."""
    book = nbformat.from_dict(book)
    for cell in book.cells:
        cell.source = HIDDEN.sub("", REGION.sub(STUB if cell.cell_type == "markdown" else "", cell.source))
    return book


@pytest.mark.parametrize("lesson", BUILT)
def test_a_released_notebook_is_the_learners_own(lesson):
    learner = {cell.id: cell for cell in stored(lesson, "learner").cells}
    book = made(lesson)
    back = released(book)
    assert [cell.id for cell in back.cells if cell.id in learner] == list(learner)
    for cell in back.cells:
        if cell.id in learner:
            assert [line for line in cell.source.split("\n") if line] == [line for line in learner[cell.id].source.split("\n") if line]
        if cell.cell_type == "code":
            ast.parse(cell.source)
            assert not cell.outputs


@pytest.mark.parametrize("lesson", BUILT)
def test_every_blank_exercise_is_graded_once_and_names_are_unique(lesson):
    learner, solutions = stored(lesson, "learner"), {cell.id: cell.source for cell in stored(lesson, "solutions").cells}
    wanted = [
        exercise(cell.source)[0]
        for cell in learner.cells
        if cell.cell_type == "code" and cell.source != solutions[cell.id] and exercise(cell.source)
    ]
    marks = [cell.metadata["nbgrader"] for cell in made(lesson).cells if "nbgrader" in cell.metadata]
    names = [mark["grade_id"] for mark in marks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-zA-Z0-9_\-]+", name) for name in names)  # what nbgrader accepts
    assert [name.removesuffix("-test") for name in names if name.endswith("-test")] == wanted
    assert set(wanted) <= set(RECORDS)
    assert points(made(lesson))[0] == len(wanted)


@pytest.mark.parametrize("lesson", BUILT)
def test_no_released_cell_raises_before_it_is_graded(lesson):
    for cell in released(made(lesson)).cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            assert cell.source.strip().startswith("#")
            assert len(cell.source.strip().splitlines()) == 1


def test_stored_notebooks_keep_no_trace_of_grading():
    assert all(
        "nbgrader" not in cell.metadata
        for lesson in BUILT
        for edition in ("learner", "solutions")
        for cell in stored(lesson, edition).cells
    )


def test_the_solution_stands_between_the_blank_and_the_check():
    both = with_solution('share = ...\ncheck("a-share", share)', 'share = 1 / 2\ncheck("a-share", share)')
    assert both == f'share = ...\n{BEGIN}\nshare = 1 / 2\n{END}\ncheck("a-share", share)'


@pytest.mark.parametrize("name", RECORDS)
def test_right_passes_and_wrong_fails_with_the_learners_sentence(name, capsys):
    from course import check

    record = RECORDS[name]
    assert reply(name, record["answer"])[0]
    passed(name, record["answer"])
    wrong = wrong_answer(record)
    with pytest.raises(NotPassed) as caught:
        passed(name, wrong)
    capsys.readouterr()
    check(name, wrong)
    assert capsys.readouterr().out.strip() == str(caught.value).strip()
    assert caught.value._render_traceback_() == [str(caught.value)]


@pytest.mark.parametrize("answer", [..., None, "", float("nan"), [1, 2], "12 %", {"a": 1}, print, True])
@pytest.mark.parametrize("name", ["start-boxes", "start-right-year"])
def test_any_other_answer_fails_in_a_sentence(name, answer):
    right, text = reply(name, answer)
    assert not right
    assert text


def test_one_wrong_entry_of_a_dictionary_does_not_pass():
    answer = RECORDS["start-boxes"]["answer"] | {"mturk-500k": "data"}
    right, text = reply("start-boxes", answer)
    assert not right
    assert text.startswith("**8 of 9.**")


def test_an_unknown_exercise_is_the_graders_error():
    with pytest.raises(CourseError):
        passed("start-bxes", 1)


def test_three_kinds_of_submission():
    lesson = "00_start_here"
    keys = {name: RECORDS[name] for name in RECORDS if name.startswith("start-")}
    solved = {cell.id: cell.source for cell in stored(lesson, "solutions").cells}
    book = released(made(lesson))
    assert fill(book, "empty", solved, keys) == book
    right, wrong = fill(book, "right", solved, keys), fill(book, "wrong", solved, keys)
    for cell, good, bad in zip(book.cells, right.cells, wrong.cells, strict=True):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert len({cell.source, good.source, bad.source}) == (2 if cell.cell_type == "markdown" else 3)
        else:
            assert cell.source == good.source == bad.source  # a learner changes only the cells that are open


def test_make_keeps_settings_that_exist(tmp_path, capsys):
    path = make("more/four_per_cent", tmp_path)
    assert path == tmp_path / "source" / "more-four_per_cent" / "four_per_cent.ipynb"
    config = tmp_path / "nbgrader_config.py"
    assert config.read_text("utf-8") == CONFIG
    config.write_text("mine")
    assert main(["make", "more/four_per_cent", "--out", str(tmp_path)]) == 0
    assert config.read_text("utf-8") == "mine"
    assert "generate_assignment more-four_per_cent" in capsys.readouterr().out
    assert MODEL in path.read_text("utf-8")
