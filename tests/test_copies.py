"""What a learner wrote is never lost: copies, updates, resets, and a notebook brought forward by random edits on both sides."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course import copies
from course.doors import ROOT
from course.merge import content, merged, merged_lines, source_of

LONG = os.environ.get("COURSE_LONG") == "1"  # all of the loss test: .ci/run asks for it
LESSON = "00_start_here"
STORED = json.loads((ROOT / "notebooks" / f"{LESSON}.ipynb").read_text(encoding="utf-8"))


def light(book: dict) -> dict:
    """The notebook without its pictures, so that thousands of merges take seconds."""
    book = copy.deepcopy(book)
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    return book


BASE = light(STORED)


class Course:
    """A course of one notebook in a folder, as ``copies`` sees it."""

    def __init__(self, folder, patch) -> None:
        self.root, self.mine = folder, folder / "my_course"
        places = {"ROOT": folder, "NOTEBOOKS": folder / "notebooks", "MINE": self.mine, "LOCK": folder / "course" / "made" / "lock.json"}
        for name, value in places.items():
            patch.setattr(copies, name, value)
        (folder / "course" / "made").mkdir(parents=True)
        (folder / "notebooks").mkdir()
        self.publish(BASE)

    def publish(self, book: dict) -> None:
        """Put an edition of the notebook in place, as a build does."""
        self.original.write_bytes(copies._text(book))
        made = {LESSON: {"products": {"learner": {"file": copies.digest(self.original.read_bytes())}}}}
        copies.LOCK.write_text(json.dumps(made))

    @property
    def original(self):
        return self.root / "notebooks" / f"{LESSON}.ipynb"

    @property
    def copy(self):
        return self.mine / f"{LESSON}.ipynb"

    def bring(self) -> list[str]:
        return copies.bring(copies.folder(self.mine))


@pytest.fixture
def course(tmp_path, monkeypatch) -> Course:
    return Course(tmp_path / "course", monkeypatch)


def read(path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def lines(book: dict) -> set[str]:
    return {line for cell in book["cells"] for line in source_of(cell).splitlines()}


def answered(book: dict, text: str = "forty_two") -> str:
    """Answer the first exercise of a notebook, with a reply, and return the cell's id."""
    cell = next(cell for cell in book["cells"] if cell["id"].startswith("check") and "..." in source_of(cell))
    cell["source"] = source_of(cell).replace("...", text, 1)
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": f"reply to {text}"}]
    return cell["id"]


def work_in(path, text: str = "forty_two") -> str:
    """Answer the first exercise in a notebook's file, and return the cell's id."""
    book = read(path)
    name = answered(book, text)
    path.write_bytes(copies._text(book))
    return name


# the loss test: what learners and the course may do to a notebook, each drawn by a seed


def learner_edit(book: dict, draw: random.Random, number: int) -> None:
    cells = book["cells"]
    place = draw.randrange(len(cells)) if cells else 0
    word = f"mine_{number}"
    kind = draw.choice(["answer", "answer", "answer", "note", "add", "delete", "move", "split", "join", "clear", "line"])
    if not cells or kind == "add":
        kinds = draw.choice(["markdown", "code"])
        new = {"cell_type": kinds, "id": f"a{number}", "metadata": {}, "source": f"{word} = 'added'\n{word} + 'more'"}
        cells.insert(place, new | ({"outputs": [], "execution_count": None} if kinds == "code" else {}))
        return
    cell = cells[place]
    if kind == "answer":
        if blanks := [one for one in cells if one["cell_type"] == "code" and "..." in source_of(one)]:
            one = draw.choice(blanks)
            one["source"] = source_of(one).replace("...", word, 1)
            one["outputs"] = [{"output_type": "stream", "name": "stdout", "text": f"reply to {word}"}]
    elif kind == "note":
        cell["source"] = source_of(cell) + f"\n\n{word} my note"
    elif kind == "line":
        rows = source_of(cell).splitlines() or [""]
        rows[draw.randrange(len(rows))] += f" {word}"
        cell["source"] = "\n".join(rows)
    elif kind == "delete":
        del cells[place]
    elif kind == "move":
        cells.insert(draw.randrange(len(cells)), cells.pop(place))
    elif kind == "split":
        rows = source_of(cell).splitlines()
        at = draw.randrange(len(rows) + 1) if rows else 0
        first = {**copy.deepcopy(cell), "source": "\n".join(rows[:at])} | ({"id": f"s{number}"} if draw.random() < 0.5 else {})
        cell["source"] = "\n".join(rows[at:])
        if first["id"] == cell["id"]:
            cell["id"] = f"s{number}"
        cells.insert(place, first)
    elif kind == "join" and place + 1 < len(cells) and cells[place + 1]["cell_type"] == cell["cell_type"]:
        cell["source"] = source_of(cell) + "\n\n" + source_of(cells.pop(place + 1))
    elif kind == "clear":
        for one in cells:
            one |= {"outputs": [], "execution_count": None} if one["cell_type"] == "code" else {}


def course_change(book: dict, draw: random.Random, number: int) -> None:
    cells = book["cells"]
    place = draw.randrange(len(cells))
    cell, word = cells[place], f"news_{number}"
    kind = draw.choice(["text", "text", "line", "data", "insert", "delete", "move", "exercise"])
    if kind == "text":
        cell["source"] = source_of(cell) + f"\n{word}"
    elif kind == "line":
        rows = source_of(cell).splitlines() or [""]
        rows[draw.randrange(len(rows))] += f" {word}"
        cell["source"] = "\n".join(rows)
    elif kind == "data":
        for one in cells:
            for output in one.get("outputs", []):
                output.get("data", {})["text/plain"] = word
    elif kind == "insert":
        cells.insert(place, {"cell_type": "markdown", "id": f"n{number}", "metadata": {}, "source": f"{word} new text"})
    elif kind == "delete" and len(cells) > 5:
        del cells[place]
    elif kind == "move":
        cells.insert(draw.randrange(len(cells)), cells.pop(place))
    elif kind == "exercise":
        own = {"cell_type": "code", "id": f"check-{word}", "metadata": {}, "source": f'x = ...\ncheck("{word}", x)'}
        cells.insert(place, own | {"outputs": [], "execution_count": None})
    counts: Counter = Counter()
    anchor = "top"
    for one in cells:  # as the build does: a cell without a name counts from the named one above it, so ids move with the cells
        if "--" in one["id"]:
            counts[anchor] += 1
            one["id"] = f"{anchor}--{counts[anchor]}"
        else:
            anchor = one["id"]


TALLY: Counter = Counter()


@settings(max_examples=4000 if LONG else 40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(learner=st.integers(0, 199), upstream=st.integers(0, 19))
def check_nothing_is_lost(folder, learner: int, upstream: int) -> None:
    """One of 200 learners meets one of 20 updates."""
    draw, other = random.Random(f"learner {learner}"), random.Random(f"course {upstream}")
    mine, new = copy.deepcopy(BASE), copy.deepcopy(BASE)
    for number in range(draw.randrange(1, 15)):
        learner_edit(mine, draw, number)
    for number in range(other.randrange(1, 10)):
        course_change(new, other, number)
    shutil.rmtree(folder / "my_course", ignore_errors=True)
    folder_of = copies.folder(copies.MINE)
    checksum = copies._store(folder_of, copies._text(BASE))
    renamed = folder_of / ("my answers.ipynb" if draw.random() < 0.2 else f"{LESSON}.ipynb")
    renamed.write_bytes(copies._text(copies._marked(mine, checksum, LESSON)))
    (copies.NOTEBOOKS / f"{LESSON}.ipynb").write_bytes(copies._text(new))
    copies.LOCK.write_text(json.dumps({LESSON: {"products": {"learner": {"file": copies.digest(copies._text(new))}}}}))
    copies.bring(folder_of)
    result = read(renamed)
    nbformat.validate(result)
    assert len({cell["id"] for cell in result["cells"]}) == len(result["cells"])
    there = "\n".join(source_of(cell) for cell in result["cells"])
    for line in lines(mine) - lines(BASE):
        assert line in there, f"lost: {line}"
        TALLY["lines"] += 1
    for line in lines(new) - lines(BASE):
        assert all(word in there for word in re.findall(r"news_\d+", line)), f"did not come: {line}"
    was = {cell["id"]: cell for cell in BASE["cells"]}
    now = {cell["id"]: cell for cell in new["cells"]}
    held = {cell["id"]: cell for cell in result["cells"]}
    for cell in mine["cells"]:
        name = cell["id"]
        exercise = cell["cell_type"] == "code" and name in was and name in now and "--" not in name
        if exercise and "mine_" in source_of(cell) and content(now[name]) == content(was[name]):
            TALLY["answers"] += 1
            TALLY["in place"] += name in held and content(held[name]) == content(cell) and held[name]["outputs"] == cell["outputs"]
    TALLY["merges"] += 1
    before = renamed.read_bytes()
    copies.bring(folder_of)
    assert renamed.read_bytes() == before, "a second time changes nothing"


def test_a_learner_loses_nothing_in_an_update(tmp_path, monkeypatch):
    Course(tmp_path / "course", monkeypatch)
    TALLY.clear()
    if LONG:
        for learner in range(200):
            for upstream in range(20):
                check_nothing_is_lost.hypothesis.inner_test(tmp_path / "course", learner, upstream)
    else:
        check_nothing_is_lost(tmp_path / "course")
    print(dict(TALLY))
    assert TALLY["lines"] > 100
    assert TALLY["in place"] >= 0.95 * TALLY["answers"] > 0


# copies


def test_copies_are_made_on_first_opening_and_the_originals_stay(course):
    before = course.original.read_bytes()
    (course.root / "notebooks" / "my_table.csv").write_text("id,what\n")
    assert course.bring() == []
    assert course.original.read_bytes() == before
    assert [content(cell) for cell in read(course.copy)["cells"]] == [content(cell) for cell in BASE["cells"]]
    assert (course.mine / "my_table.csv").exists()
    assert (course.mine / ".gitignore").read_text() == "*\n"
    stored = course.copy.read_bytes()
    assert course.bring() == []
    assert course.copy.read_bytes() == stored


def test_a_new_edition_comes_and_an_answer_stays_with_its_reply(course):
    course.bring()
    name = work_in(course.copy)
    new = copy.deepcopy(BASE)
    new["cells"][1]["source"] = "**A new question.**"
    course.publish(new)
    said = course.bring()
    result = {cell["id"]: cell for cell in read(course.copy)["cells"]}
    assert source_of(result[new["cells"][1]["id"]]) == "**A new question.**"
    assert "forty_two" in source_of(result[name])
    assert "reply to forty_two" in result[name]["outputs"][0]["text"]
    assert "all that you wrote is still there" in said[0]
    assert len(list((course.mine / "kept").iterdir())) == 1
    assert said[0] in (course.mine / "updates.md").read_text(encoding="utf-8")


def test_both_changed_the_same_line_and_both_are_there(course):
    course.bring()
    name = work_in(course.copy)
    new = copy.deepcopy(BASE)
    cell = next(cell for cell in new["cells"] if cell["id"] == name)
    cell["source"] = source_of(cell).replace("...", '"another blank", ...', 1)
    course.publish(new)
    said = course.bring()
    result = read(course.copy)["cells"]
    place = next(index for index, cell in enumerate(result) if cell["id"] == name)
    assert "another blank" in source_of(result[place])
    assert "Kept by the update" in source_of(result[place + 1])
    assert "forty_two" in source_of(result[place + 1])
    assert any(name in line and "right below" in line for line in said)


@pytest.mark.parametrize(
    ("mine", "new", "both"),
    [
        ("a\nX\nc", "a\nb\nC", "a\nX\nC"),
        ("a\nb\nc\nmine", "A\nb\nc", "A\nb\nc\nmine"),
        ("a\nX\nc", "a\nY\nc", None),
        ("a\nb\nc\nx", "a\nb\nc\ny", None),
        ("a\nsame\nc", "a\nsame\nc", "a\nsame\nc"),
        ("b\nc", "a\nb\nc\nd", "b\nc\nd"),
    ],
)
def test_lines_that_do_not_touch_are_both_kept(mine, new, both):
    assert merged_lines("a\nb\nc", mine, new) == both


def test_without_ids_and_without_a_base_nothing_is_lost(course):
    """A notebook that another program saved without ids, from an edition that nobody stored."""
    mine = copy.deepcopy(BASE)
    answered(mine)
    mine["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ["my own ", "words"]})
    for base in (None, BASE):
        for cell in mine["cells"]:
            cell.pop("id", None)
        result, _ = merged(copy.deepcopy(mine), base, BASE)
        assert {"forty_two", "my own words"} <= set(re.findall(r"forty_two|my own words", "\n".join(lines(result))))


def test_an_original_that_was_worked_in_is_copied_answers_and_all(course):
    course.bring()
    work_in(course.original)
    assert copies.changed_originals() == [course.original]
    said = course.bring()
    assert "held your work: it is now in my_course/00_start_here.ipynb" in said[0]
    assert "forty_two" in "\n".join(lines(read(course.copy)))
    assert course.bring() == [], "once is enough"
    work_in(course.original, "forty_three")
    assert "my_course/00_start_here_2.ipynb" in course.bring()[0], "a copy with work in it is not replaced"


def test_on_a_hub_a_teachers_work_in_an_original_reaches_nobody(course, tmp_path):
    home = copies.folder(tmp_path / "home")
    course.bring()
    work_in(course.original, "teachers")
    assert "To have it made again" in copies.bring(home)[0]
    assert not list(home.rglob("*.ipynb")), "and what the build made is not known here: neither git nor a base has it"
    course.publish(BASE)
    assert copies.bring(home) == []
    assert "teachers" not in "".join(path.read_text(encoding="utf-8") for path in home.rglob("*.ipynb"))
    assert not (home / ".gitignore").exists()


def test_an_original_that_was_only_run_is_no_work(course):
    course.bring()
    run = read(course.original)
    run["cells"][4].get("outputs", []).clear()
    run["metadata"]["kernelspec"]["display_name"] = "Other"
    course.original.write_bytes(copies._text(run))
    assert course.bring() == []


def test_an_unreadable_notebook_is_left_and_said(course):
    course.bring()
    course.copy.write_text("{<<<<<<< not JSON")
    assert any("cannot be read as a notebook" in line for line in course.bring())
    assert course.copy.read_text() == "{<<<<<<< not JSON"


def test_a_table_that_the_learner_filled_in_stays(course):
    table = course.root / "notebooks" / "my_table.csv"
    table.write_text("id\n1\n")
    course.bring()
    (course.mine / "my_table.csv").write_text("id\nmine\n")
    table.write_text("id\n2\n")
    assert "my_table_new.csv" in course.bring()[0]
    assert (course.mine / "my_table.csv").read_text() == "id\nmine\n"
    assert (course.mine / "my_table_new.csv").read_text() == "id\n2\n"
    assert course.bring() == []


@pytest.mark.parametrize("asked", ["00", "00_start_here", "notebooks/00_start_here.ipynb", "00_start_here.ipynb"])
def test_reset_gives_a_fresh_copy_and_keeps_the_old_one_under_its_date(course, capsys, asked):
    course.bring()
    work_in(course.copy)
    assert copies.reset(asked, course.mine) == 0
    assert "forty_two" not in "\n".join(lines(read(course.copy)))
    (kept,) = (course.mine / "kept").iterdir()
    assert re.fullmatch(r"00_start_here_\d{4}-\d\d-\d\d_\d{4}\.ipynb", kept.name)
    assert "forty_two" in "\n".join(lines(read(kept)))
    assert kept.name in capsys.readouterr().out


def test_reset_of_what_is_no_notebook_lists_them(course):
    with pytest.raises(SystemExit, match="no notebook called 99"):
        copies.reset("99", course.mine)


# updates, with real clones and zips


def git(folder, *arguments: str) -> str:
    own = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clones(tmp_path):
    """A course of this very code, with one small notebook, in a repository; and a learner's clone of it."""
    origin = tmp_path / "origin"
    (origin / "course" / "made").mkdir(parents=True)
    for name in ("__init__", "__main__", "copies", "merge", "messages", "doors", "pythons"):
        shutil.copy(ROOT / "course" / f"{name}.py", origin / "course")
    shutil.copy(ROOT / ".gitignore", origin)
    shutil.copy(ROOT / ".gitattributes", origin)
    (origin / "notebooks").mkdir()
    edition(origin, BASE)
    git(origin, "init", "--quiet")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "-m", "first")
    git(tmp_path, "clone", "--quiet", str(origin), "learner")
    return origin, tmp_path / "learner"


def edition(origin, book: dict, **more: str) -> None:
    """Write an edition of the small course."""
    text = copies._text(book)
    (origin / "notebooks" / f"{LESSON}.ipynb").write_bytes(text)
    made = {LESSON: {"products": {"learner": {"file": copies.digest(text)}}}}
    (origin / "course" / "made" / "lock.json").write_text(json.dumps(made))
    for name, content_of in more.items():
        (origin / name).write_text(content_of)


def newer(origin) -> None:
    new = copy.deepcopy(BASE)
    new["cells"][1]["source"] = "**A new question.**"
    edition(origin, new)
    git(origin, "commit", "--quiet", "-a", "-m", "second")


def course_command(folder, *arguments: str) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-m", "course", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_a_clone_is_updated_and_the_answers_stay(clones):
    origin, learner = clones
    assert course_command(learner, "update")[0] == 0
    for path in (learner / "my_course" / f"{LESSON}.ipynb", learner / "notebooks" / f"{LESSON}.ipynb"):
        work_in(path, "in_copy" if "my_course" in str(path) else "in_original")
    newer(origin)
    status, said = course_command(learner, "update")
    assert status == 0, said
    assert "The course is now the newest." in said
    own = {path.name: "\n".join(lines(read(path))) for path in (learner / "my_course").glob("*.ipynb")}
    assert "in_copy" in own[f"{LESSON}.ipynb"]
    assert "in_original" in own[f"{LESSON}_2.ipynb"]
    assert all("A new question" in text for text in own.values())
    assert git(learner, "status", "--porcelain") == ""
    assert "already the newest" in course_command(learner, "update")[1]


def test_who_never_opened_the_copies_loses_nothing_in_the_originals(clones):
    origin, learner = clones
    path = learner / "notebooks" / f"{LESSON}.ipynb"
    name = work_in(path, "in_original")
    newer(origin)
    status, said = course_command(learner, "update")
    assert status == 0, said
    result = {cell["id"]: source_of(cell) for cell in read(learner / "my_course" / f"{LESSON}.ipynb")["cells"]}
    assert "in_original" in result[name]
    assert "A new question" in result[BASE["cells"][1]["id"]]
    assert not any("Kept by the update" in text for text in result.values())


def test_an_update_that_cannot_be_says_why_and_changes_nothing(clones):
    origin, learner = clones
    newer(origin)
    lock = learner / "course" / "made" / "lock.json"
    was = lock.read_text()
    lock.write_text(was + "\n")
    status, said = course_command(learner, "update")
    assert (status, "course/made/lock.json" in said, "Nothing was changed" in said) == (1, True, True)
    lock.write_text(was)
    git(learner, "commit", "--quiet", "--allow-empty", "-m", "mine")
    assert "commits of its own" in course_command(learner, "update")[1]
    git(learner, "reset", "--quiet", "--hard", "HEAD~1")
    git(learner, "remote", "set-url", "origin", str(origin) + "-gone")
    assert "does not answer" in course_command(learner, "update")[1]
    git(learner, "branch", "--unset-upstream")
    assert "does not know where it came from" in course_command(learner, "update")[1]


def test_a_zip_is_updated_by_a_newer_zip(clones, tmp_path):
    origin, learner = clones
    shutil.rmtree(learner / ".git")
    assert "Download the newer zip" in course_command(learner, "update")[1]
    course_command(learner, "reset", "00")
    path = learner / "my_course" / f"{LESSON}.ipynb"
    work_in(path)
    original = learner / "notebooks" / f"{LESSON}.ipynb"
    work_in(original, "in_original")
    (learner / "notebooks" / "portfolio_me.md").write_text("mine")
    (learner / "course" / "own_module.py").write_text("mine = 1")
    newer(origin)
    git(origin, "archive", "--format=zip", "--prefix=course-main/", "-o", str(tmp_path / "new.zip"), "HEAD")
    status, said = course_command(learner, "update", str(tmp_path / "new.zip"))
    assert status == 0, said
    text = "\n".join("\n".join(lines(read(path))) for path in (learner / "my_course").glob("*.ipynb"))
    assert {"forty_two", "in_original", "A new question"} <= set(re.findall(r"forty_two|in_original|A new question", text))
    assert (learner / "notebooks" / "portfolio_me.md").read_text() == "mine"
    assert (learner / "my_course" / "kept" / "course_0.1.0" / "course" / "own_module.py").read_text() == "mine = 1"


@pytest.mark.parametrize(
    ("member", "words"), [("a/b.txt", "does not hold this course"), ("../course/__init__.py", "does not hold this course")]
)
def test_a_zip_that_is_not_the_course_changes_nothing(course, tmp_path, member, words):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(SystemExit, match="does not hold this course"):
        copies.update(str(tmp_path / "other.zip"))
    (tmp_path / "broken.zip").write_text("no zip")
    with pytest.raises(SystemExit, match="cannot be opened as a zip"):
        copies.update(str(tmp_path / "broken.zip"))


def test_checksums_hold_on_a_clone_whose_git_rewrites_line_ends(tmp_path):
    """A Windows clone: core.autocrlf=true. What .gitattributes says is tried with git itself."""
    origin = tmp_path / "origin"
    (origin / "notebooks").mkdir(parents=True)
    for name in (".gitattributes", "datasets/cobalt_price.csv", f"notebooks/{LESSON}.ipynb", "postBuild", "course/made/front.png"):
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, origin / name)
    git(origin, "init", "--quiet")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "-m", "first")
    git(tmp_path, "-c", "core.autocrlf=true", "-c", "core.eol=crlf", "clone", "--quiet", "-c", "core.autocrlf=true", str(origin), "windows")
    for path in (path for path in origin.rglob("*") if path.is_file() and ".git" not in path.parts):
        assert (tmp_path / "windows" / path.relative_to(origin)).read_bytes() == path.read_bytes(), path
    # an editor that writes the other line ends does not bring them into the repository
    table = tmp_path / "windows" / "datasets" / "cobalt_price.csv"
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    git(tmp_path / "windows", "add", ".")
    assert git(tmp_path / "windows", "diff", "--cached", "--stat") == ""
