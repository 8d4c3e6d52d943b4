"""Marks: what was handed in is read as data, nothing odd is marked zero in silence. Assignments for nbgrader, which is not needed."""

from __future__ import annotations

import ast
import csv
import json
import re
from functools import cache

import nbformat
import pytest

from course.exercises import KEYS, reply
from course.make.assignments import (
    BEGIN,
    CONFIG,
    END,
    MODEL,
    STUB,
    NotPassed,
    assignment,
    exercise,
    graded,
    make,
    passed,
    points,
    with_solution,
)
from course.make.assignments import main as nbgrader
from course.make.build import lessons, notebook_path
from course.make.lock import known
from course.make.marks import defused, main
from course.make.submissions import given, read, read_folder
from course.messages import CourseError

RECORDS = {name: record for path in sorted(KEYS.glob("*.json")) for name, record in json.loads(path.read_text("utf-8")).items()}
BUILT = [name for name in lessons() if notebook_path(name, "learner").exists()]  # another test says which are missing
REGION = re.compile(rf"^{BEGIN}\n.*?^{END}$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)
START = "00_start_here"


@cache
def stored(lesson, edition):
    return nbformat.read(notebook_path(lesson, edition), as_version=4)


def book(lesson=START, edition="solutions"):
    """A copy of a stored notebook, as a learner's own."""
    own = nbformat.from_dict(stored(lesson, edition))
    own.metadata["triple_extraction"]["edition"] = "learner"
    return own


def cell(own, name):
    return next(each for each in own.cells if each.id == name)


def handed_in(folder, own, who="ada", name=f"{START}.ipynb"):
    path = folder / who / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(own), encoding="utf-8")
    return path


def answer_to(one, exercise):
    return next(answer for answer in one.answers if answer.exercise == exercise)


def states(one):
    return {answer.exercise: answer.state for answer in one.answers}


# marks


@pytest.mark.parametrize("lesson", BUILT)
def test_the_solutions_are_right_and_the_learners_edition_is_not_answered(lesson, tmp_path):
    solved, empty = (read(notebook_path(lesson, edition), "ada") for edition in ("solutions", "learner"))
    assert [(answer.exercise, answer.said) for answer in solved.answers if not answer.right] == []
    assert {answer.state for answer in solved.answers} <= {"run"}
    assert {answer.state for answer in empty.answers} <= {"not answered"}
    assert len(solved.answers) == len(empty.answers) == len(given(lesson).exercises)
    assert empty.written == []


@pytest.mark.parametrize("lesson", BUILT)
def test_a_notebook_without_outputs_is_read_from_what_was_typed(lesson, tmp_path):
    own = book(lesson)
    for each in own.cells:
        each.update({"outputs": []} if each.cell_type == "code" else {})
    one = read(handed_in(tmp_path, own), "ada")
    assert {(answer.state, answer.right) for answer in one.answers} <= {("typed", True), ("not run", None)}
    assert not one.answers or any("No cell has an output" in note for note in one.notes)
    assert all("Run All Cells" in answer.said for answer in one.answers if answer.state == "not run")


def test_what_was_typed_counts_where_the_record_says_something_else(tmp_path):
    own = book()
    cell(own, "check-start-first-cobalt").source = 'first_cobalt = 11\ncheck("start-first-cobalt", first_cobalt)'
    one = read(handed_in(tmp_path, own), "ada")
    answer = answer_to(one, "start-first-cobalt")
    assert (answer.exercise, answer.state, answer.right, answer.value) == ("start-first-cobalt", "typed", False, "11")


@pytest.mark.parametrize(
    ("source", "state", "right"),
    [
        ("first_cobalt = 6 + 6", "run", True),
        ("first_cobalt = ...", "not answered", False),
        ("first_cobalt = 12", "run", True),
        ("first_cobalt = [12]", "typed", True),
        ("first_cobalt = True", "typed", False),
        ("first_cobalt = 1j", "typed", False),
        ("first_cobalt = 3\nfirst_cobalt += 9", "run", True),
        ("first_cobalt = {}\nfirst_cobalt['a'] = 1", "run", True),
        ("%time\nfirst_cobalt = 12", "run", True),
        ("first_cobalt = (", "missing", None),
        ("first_cobalt = 1" + "0" * 4000, "typed", False),
        ("first_cobalt = " + "(" * 300 + "12" + ")" * 300, "missing", None),
        ("first_cobalt = " + "1+" * 20_000 + "1", "missing", None),
        ("first_cobalt = " + "-" * 50_000 + "1", "missing", None),
        ("first_cobalt = " + "a." * 50_000 + "b", "missing", None),
    ],
)
def test_a_value_is_read_never_reckoned(source, state, right, tmp_path):
    own = book()
    cell(own, "check-start-first-cobalt").source = f'{source}\ncheck("start-first-cobalt", first_cobalt)'
    answer = answer_to(read(handed_in(tmp_path, own), "ada"), "start-first-cobalt")
    assert (answer.state, answer.right) == (state, right)
    assert answer.said
    assert len(answer.said) < 600


def test_an_answer_that_rests_on_a_changed_given_line_is_not_counted_and_says_so(tmp_path):
    own = book()
    cell(own, "predict-children-counted--2").source = 'relays = load("child_labour_estimates").head(0)'
    cell(own, "check-start-right-year--2").source = "fig, ax = plt.subplots()"  # no answer rests on the colours of a figure
    one = read(handed_in(tmp_path, own), "ada")
    assert states(one) == {
        "start-boxes": "run",
        "start-kinds": "run",
        "start-right-year": "changed",
        "start-first-cobalt": "run",
        "start-eight": "run",
    }
    answer = answer_to(one, "start-right-year")
    assert answer.right is None
    assert "By its value alone the answer is right" in answer.said


def test_an_answer_in_a_cell_of_the_learners_own_is_found(tmp_path):
    own = book(edition="learner")
    own.cells.append(nbformat.v4.new_code_cell('check("start-first-cobalt", 12)', id="mine"))
    one = read(handed_in(tmp_path, own), "ada")
    assert answer_to(one, "start-first-cobalt").right


def test_what_a_learner_wrote_is_gathered_in_the_learners_words(tmp_path):
    own = book(edition="learner")
    cell(own, "predict-children-counted").source = 'predict("children-counted", 40, unit="%")\npredict("another", ..., unit="%")'
    cell(own, "verdict-amnesty-2017-40000-children").source = 'verdict("amnesty-2017-40000-children", "garbled", because="The year moved.")'
    own.cells.append(nbformat.v4.new_code_cell('stance("mine", """One.\nTwo.""")', id="stance"))
    cell(own, "section-kinds--1").source += "\n\nI hold the second."
    texts = {(kind, name): text for kind, name, text in read(handed_in(tmp_path, own), "ada").written}
    assert texts["predict", "children-counted"] == "40 %"
    assert ("predict", "another") not in texts
    assert texts["verdict", "amnesty-2017-40000-children"] == "garbled: The year moved."
    assert texts["stance", "mine"] == "One.\nTwo."
    assert any(kind == "text" and text.endswith("I hold the second.") for (kind, _), text in texts.items())


def renamed(own):
    return own, f"{START} (1).ipynb"


def stripped(own):
    own.metadata.clear()
    for each in own.cells:
        each.metadata.clear()
        del each["id"]
    return own, f"{START}.ipynb"


def doubled(own):
    own.cells.insert(20, nbformat.from_dict(cell(own, "check-start-boxes")))
    return own, f"{START}.ipynb"


def not_run(own):
    for each in own.cells:
        each.update({"outputs": []} if each.cell_type == "code" else {})
    return own, f"{START}.ipynb"


def cut(own):
    own.cells = [each for each in own.cells if each.id != "check-start-eight"]
    return own, f"{START}.ipynb"


@pytest.mark.parametrize(
    ("change", "right", "words"),
    [
        (renamed, 5, ["Renamed (it was 00_start_here.ipynb)"]),
        (stripped, 5, ["Stripped", "nbgrader needs a fresh copy"]),
        (doubled, 5, ["Copied", "check-start-boxes"]),
        (not_run, 4, ["1 answers are computed and were not run (start-right-year)", "No cell has an output"]),
        (cut, 4, ["1 exercises are not in the notebook (start-eight)"]),
    ],
)
def test_what_is_odd_is_named_with_its_remedy_and_costs_nothing_in_silence(change, right, words, tmp_path, capsys):
    own, name = change(book())
    handed_in(tmp_path, own, name=name)
    assert main([str(tmp_path), "--check"]) == 1
    said = capsys.readouterr().out
    assert f"{right} right of 5" in said
    for word in words:
        assert word in said
    assert sorted(tmp_path.iterdir()) == [tmp_path / "ada"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged (not JSON)"),
        (b"\xff\xfe{", "damaged (not UTF-8)"),
        (b'{"cells": [', "damaged (not JSON)"),
        (b"[" * 100_000, "damaged (not JSON)"),
        (b'{"worksheets": []}', "no list of cells"),
        (
            b'{"cells": [1, null, {"cell_type": 3, "source": [1], "outputs": 5, "metadata": []}], "metadata": 7}',
            "No exercise of this course",
        ),
        (b'{"cells": [' + b"{}," * 3000 + b"{}]}", "3001 cells"),
        (b" " * 20_000_001, "20 MB: a cell printed without end"),
    ],
)
def test_a_damaged_file_gets_a_sentence_and_stops_nobody(content, words, tmp_path):
    path = handed_in(tmp_path, {}, "bad")
    path.write_bytes(content)
    handed_in(tmp_path, book())
    good, bad = read_folder(tmp_path)
    assert [answer.right for answer in good.answers] == [True] * 5
    assert words in bad.notes[0]
    assert bad.answers == []


def test_links_packed_files_empty_folders_and_copies_are_named(tmp_path):
    folder = tmp_path / "in"
    path = handed_in(folder, book())
    (folder / "eve").mkdir()
    (folder / "eve" / "00_start_here.ipynb").symlink_to(path)
    (folder / "loop").symlink_to(folder)
    (folder / "max").mkdir()
    (folder / "max" / "work.zip").write_bytes(b"PK")
    (folder / "noa").mkdir()
    handed_in(folder, book(), "zoe")
    (folder / "zoe" / "portfolio_zoe.md").write_text("## Checked answers\n\n**Right.**", encoding="utf-8")
    notes = {(one.who, one.path.suffix): " ".join(one.notes) for one in read_folder(folder)}
    assert "a link" in notes["eve", ".ipynb"]
    assert "Unpack" in notes["max", ".zip"]
    assert "no notebook in this folder" in notes["noa", ""]
    assert "same file as that of ada" in notes["zoe", ".ipynb"]
    assert "shown, not marked" in notes["zoe", ".md"]
    assert ("loop", ".ipynb") not in notes


def test_marks_are_written_once_kept_from_git_and_defused(tmp_path, capsys):
    folder, out = tmp_path / "in", tmp_path / "marks"
    own = book()
    cell(own, "predict-children-counted").source = 'predict("children-counted", "=HYPERLINK(1)")'
    handed_in(folder, own, "=cmd|' C calc'!A0")
    assert main([str(folder), "--out", str(out)]) == 0
    assert (out / ".gitignore").read_text() == "*\n"
    rows = {name: list(csv.reader((out / f"{name}.csv").open(encoding="utf-8-sig", newline=""))) for name in ("marks", "answers", "texts")}
    assert rows["marks"][1][:5] == ["'=cmd|' C calc'!A0", START, "'=cmd|' C calc'!A0/00_start_here.ipynb", "5", "5"]
    assert ["'=cmd|' C calc'!A0", START, "predict", "children-counted", "'=HYPERLINK(1)"] in rows["texts"]
    assert all(cell[:1] not in "=+-@" or float(cell) for table in rows.values() for row in table for cell in row if cell)
    kept = (out / "marks.csv").read_bytes()
    assert main([str(folder), "--out", str(out)]) == 2
    assert "never written over" in capsys.readouterr().err
    assert (out / "marks.csv").read_bytes() == kept
    assert main([str(tmp_path / "nothing")]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "＝1", "\n=1", "a;=1+1", "nan;@x"])
def test_a_cell_of_a_spreadsheet_is_never_a_formula(text):
    assert "'" in defused(text)


@pytest.mark.parametrize("text", ["-12.5", "12", "a = b", "DR Congo", "yes; no", ""])
def test_an_ordinary_cell_stays_as_it_is(text):
    assert defused(text) == text


def test_a_notebook_that_the_build_does_not_know_is_no_measure(tmp_path, monkeypatch):
    path = tmp_path / "notebooks" / f"{START}.ipynb"
    path.parent.mkdir()
    path.write_bytes(notebook_path(START, "learner").read_bytes())
    assert known(notebook_path(START, "learner"))
    assert not known(path)
    monkeypatch.setattr("course.make.submissions.notebook_path", lambda *_: path)
    given.cache_clear()
    try:
        with pytest.raises(CourseError, match="not what the build made"):
            given(START)
    finally:
        given.cache_clear()


# assignments for nbgrader


@cache
def made(lesson):
    return assignment(stored(lesson, "learner"), stored(lesson, "solutions"))


def released(book):
    """Cut solutions and hidden tests as nbgrader does."""
    book = nbformat.from_dict(book)
    for each in book.cells:
        each.source = HIDDEN.sub("", REGION.sub(STUB if each.cell_type == "markdown" else "", each.source))
    return book


@pytest.mark.parametrize("lesson", BUILT)
def test_a_released_notebook_is_the_learners_own(lesson):
    learner = {each.id: each for each in stored(lesson, "learner").cells}
    back = released(made(lesson))
    assert [each.id for each in back.cells if each.id in learner] == list(learner)
    for each in back.cells:
        if each.id in learner:
            assert [line for line in each.source.split("\n") if line] == [line for line in learner[each.id].source.split("\n") if line]
        if each.cell_type == "code":
            ast.parse(each.source)
            assert not each.outputs
        if each.metadata.get("nbgrader", {}).get("locked"):  # no cell raises before it is graded
            assert each.source.strip().startswith("#")
            assert len(each.source.strip().splitlines()) == 1


@pytest.mark.parametrize("lesson", BUILT)
def test_every_blank_exercise_is_graded_once_and_names_are_unique(lesson):
    learner, solutions = stored(lesson, "learner"), {each.id: each.source for each in stored(lesson, "solutions").cells}
    wanted = [
        exercise(each.source)[0]
        for each in learner.cells
        if each.cell_type == "code" and each.source != solutions[each.id] and exercise(each.source)
    ]
    marks = [each.metadata["nbgrader"] for each in made(lesson).cells if "nbgrader" in each.metadata]
    names = [mark["grade_id"] for mark in marks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-zA-Z0-9_\-]+", name) for name in names)  # what nbgrader accepts
    assert [name.removesuffix("-test") for name in names if name.endswith("-test")] == wanted
    assert set(wanted) <= set(given(lesson).exercises) <= set(RECORDS)
    assert points(made(lesson))[0] == len(wanted)


def test_stored_notebooks_keep_no_trace_of_grading():
    assert all(
        "nbgrader" not in each.metadata
        for lesson in BUILT
        for edition in ("learner", "solutions")
        for each in stored(lesson, edition).cells
    )


def test_the_solution_stands_between_the_blank_and_the_check():
    both = with_solution('share = ...\ncheck("a-share", share)', 'share = 1 / 2\ncheck("a-share", share)')
    assert both == f'share = ...\n{BEGIN}\nshare = 1 / 2\n{END}\ncheck("a-share", share)'


def wrong_answer(record):
    """An answer that is not right: the first usual mistake where the key knows one."""
    if record["kind"] == "mapping":
        choices = record["choices"] or sorted(set(record["answer"].values()))
        return {item: next(word for word in choices if word != truth) for item, truth in record["answer"].items()}
    if record["mistakes"]:
        return record["mistakes"][0][0]
    if record["kind"] == "word":
        return next(word for word in record["choices"] if word != record["answer"])
    return 3 * record["answer"] + 7


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


def test_make_keeps_settings_that_exist_warns_and_keeps_itself_from_git(tmp_path, capsys):
    path = make("more/four_per_cent", tmp_path)
    assert path == tmp_path / "source" / "more-four_per_cent" / "four_per_cent.ipynb"
    config = tmp_path / "nbgrader_config.py"
    assert config.read_text("utf-8") == CONFIG
    config.write_text("mine")
    assert nbgrader(["more/four_per_cent", "--out", str(tmp_path)]) == 0
    assert config.read_text("utf-8") == "mine"
    said = capsys.readouterr().out
    assert "generate_assignment more-four_per_cent" in said
    assert "runs what learners wrote, as you" in said
    assert MODEL in path.read_text("utf-8")
    assert (tmp_path / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda own: own, None),
        (lambda own: own.cells.append(nbformat.from_dict(cell(own, "test-check-start-boxes"))), "start-boxes-test"),
        (lambda own: [each.metadata.pop("nbgrader", None) for each in own.cells], "that nbgrader marks are not there any more"),
        (lambda own: own.cells.remove(cell(own, "test-check-start-eight")), "1 cells that nbgrader marks"),
    ],
)
def test_what_stops_nbgrader_is_named_before_it_runs(change, words, tmp_path):
    own = released(made(START))
    change(own)
    handed_in(tmp_path / "submitted", own, name=f"{START}/{START}.ipynb")
    (one,) = read_folder(tmp_path)
    notes = [note for note in one.notes if "Nothing is answered" not in note and "No cell has an output" not in note]
    assert notes == [] if words is None else any(words in note for note in notes)
    assert len(graded(START)) == len(set(graded(START)))
