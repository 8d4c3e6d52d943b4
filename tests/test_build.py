"""What the build promises: a change is found and named, nothing a person wrote is lost, a rule broken is said with its line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time

import nbformat
import pytest

from course.make import build, lessons, lock, moved, rules, run
from course.make.lessons import cell_ids, edition_of, lesson_text, parsed

TEMPLATE = lesson_text("TEMPLATE")
NAME = "00_start_here"


@pytest.fixture
def products(tmp_path, monkeypatch):
    """A copy of one lesson's products and of the lock, to damage; the paths of learner, solutions and keys."""
    known, digest = lock.read_lock()[NAME]["inputs"], lock.text_digest(NAME)
    real = lock.products(NAME)
    monkeypatch.setattr(lock, "text_digest", lambda lesson: digest)
    monkeypatch.setattr(lock, "_input_digest", lambda kind, name: known[kind][name])
    shutil.copy(lock.LOCK, tmp_path / "lock.json")
    places = {"learner": tmp_path / "notebooks", "solutions": tmp_path / "solutions"}
    monkeypatch.setattr(lessons, "EDITIONS", places)
    paths = {"EDITIONS": places, "KEYS": tmp_path / "keys", "LOCK": tmp_path / "lock.json", "PENDING": tmp_path / ".pending.json"}
    for module in (lock, build):
        for name, path in {**paths, "ROOT": tmp_path}.items():
            monkeypatch.setattr(module, name, path, raising=False)
    monkeypatch.setattr(build, "KEPT", tmp_path / "my_course" / "kept")
    where = lock.products(NAME)
    for kind, path in where.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(real[kind], path)
    assert lock.stale_lesson(NAME) == []
    return where


def edit(path, change):
    """Change a stored notebook or key, and write it as the build would."""
    if path.suffix == ".json":
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        book = nbformat.read(path, as_version=4)
        change(book)
        path.write_text(nbformat.writes(book, indent=1).rstrip("\n") + "\n", encoding="utf-8")


def cell(book, name):
    return next(one for one in book.cells if one.id == name)


# a fault is found, and named


@pytest.mark.parametrize("kind", ["learner", "solutions"])
def test_a_figure_changed_in_a_sentence_is_named_with_its_cell(products, kind):
    def change(book):
        one = next(one for one in book.cells if one.cell_type == "markdown" and any(sign.isdigit() for sign in one.source.split("\n")[-1]))
        digit = next(sign for sign in one.source if sign.isdigit())
        one.source = one.source.replace(digit, str((int(digit) + 1) % 10), 1)
        change.id = one.id

    edit(products[kind], change)
    assert any(f"cell {change.id}:" in line and products[kind].name in line for line in lock.stale_lesson(NAME))


@pytest.mark.parametrize("field", ["text/plain", "text/markdown", "image/png"])
def test_a_changed_output_is_named_with_its_cell(products, field):
    def change(book):
        one, output = next((one, out) for one in book.cells for out in one.get("outputs", []) if field in out.get("data", {}))
        text = output["data"][field]
        output["data"][field] = text[:60] + ("A" if text[60:61] != "A" else "B") + text[61:]
        change.id = one.id

    edit(products["learner"], change)
    assert any(f"cell {change.id}:" in line for line in lock.stale_lesson(NAME))


def test_a_changed_mistake_of_a_key_is_named_with_its_exercise(products):
    def change(keys):
        name, record = next((name, record) for name, record in keys.items() if record.get("mistakes"))
        record["mistakes"][0][0] = 12345
        change.name = name

    edit(products["keys"], change)
    assert any(f"exercise {change.name}:" in line for line in lock.stale_lesson(NAME))


def test_a_product_that_is_gone_or_broken_is_said(products):
    products["keys"].unlink()
    products["learner"].write_text("{", encoding="utf-8")
    lines = "\n".join(lock.stale_lesson(NAME))
    assert "is missing" in lines
    assert "cannot be read" in lines


def test_what_a_lesson_did_not_read_makes_nothing_stale(copied, monkeypatch):
    before = lock.read_lock()[NAME]
    assert lock.moved_inputs(NAME, before["inputs"]) == []
    sources = copied / "sources.csv"
    text = sources.read_text(encoding="utf-8")
    used = sorted(before["inputs"]["sources"])[0]
    sources.write_text(text + text.splitlines()[1].replace(text.splitlines()[1].split(",")[0], "zz_new", 1) + "\n", encoding="utf-8")
    assert lock.moved_inputs(NAME, before["inputs"]) == []
    changed = "\n".join(f"{line}x" if line.startswith(f"{used},") else line for line in text.splitlines()) + "\n"
    sources.write_text(changed, encoding="utf-8")
    assert lock.moved_inputs(NAME, before["inputs"]) == [f"source {used}"]


def test_a_comment_makes_nothing_stale_and_code_does(tmp_path):
    path = tmp_path / "module.py"
    digests = []
    for text in ("a = 1\n", "# why\na = 1  # one\n\n\n", "a = 2\n", 'a = "# no comment"\n'):
        path.write_text(text, encoding="utf-8")
        digests.append(lock.code_digest(path))
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_line_ends_make_nothing_stale():
    assert lock.digest(b"a\r\nb\r\n") == lock.digest("a\nb\n")


# nothing a person wrote is lost


def test_a_notebook_that_a_person_changed_is_kept_and_said(products):
    known = lock.read_lock()
    made = {kind: products[kind].read_text(encoding="utf-8") for kind in ("learner", "solutions")}
    made |= {"keys": json.loads(products["keys"].read_text(encoding="utf-8")), "read": [], "modules": []}
    assert build.place(NAME, made, known) == []
    edit(products["learner"], lambda book: book.cells[8].update(source="my own words"))
    own = products["learner"].read_bytes()
    lines = build.place(NAME, made, known)
    assert len(lines) == 1
    assert "kept as" in lines[0]
    kept = list(build.KEPT.glob("*.ipynb"))
    assert [path.read_bytes() for path in kept] == [own]
    assert products["learner"].read_text(encoding="utf-8") == made["learner"]


def test_an_interruption_while_files_are_put_in_place_is_known_as_ours(products, monkeypatch):
    class Cut(BaseException):
        pass

    def cut(self, target):
        raise Cut

    new = {path: path.read_text(encoding="utf-8") + " " for path in products.values()}
    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr("pathlib.Path.replace", cut)
        lock.replace_together(new)
    assert all(path.read_text(encoding="utf-8") + " " == text for path, text in new.items()), "nothing half done"
    (path, text), *_ = new.items()
    path.write_text(text, encoding="utf-8")  # the first had been replaced when it stopped
    assert lock.is_ours(path, {})
    assert not lock.is_ours(products["keys"], {})


@pytest.mark.parametrize("after", [0.3, 6])
def test_a_worker_ends_when_its_builder_dies(after):
    worker = subprocess.Popen([sys.executable, "-m", "course.make.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    worker.stdin.write(f"{NAME}\n")
    worker.stdin.flush()
    time.sleep(after)  # it imports, or runs
    assert worker.poll() is None
    begun = time.perf_counter()
    worker.stdin.close()
    worker.wait(timeout=10)
    worker.stdout.close()
    assert time.perf_counter() - begun < 2


# ids, editions, what moved


def test_ids_stay_when_words_change_and_are_unique():
    before = cell_ids(parsed(TEMPLATE).cells)
    assert len(set(before)) == len(before)
    other = (
        TEMPLATE.replace("One row is", "Each row is").replace("**Look.**", "**Have a look.**").replace("yearly.tail(3)", "yearly.head()")
    )
    assert cell_ids(parsed(other).cells) == before
    assert {"section-template-claim", "check-template-share", "predict-template-ireland"} <= set(before)


def test_a_cell_added_above_moves_no_exercise():
    longer = TEMPLATE.replace("**Look.**", "A new remark.\n\n+++\n\n**Look.**")
    added = set(cell_ids(parsed(longer).cells)) - set(cell_ids(parsed(TEMPLATE).cells))
    assert len(added) == 1
    assert not any(name.startswith("check") and "--" not in name for name in added)


def test_a_learner_sees_dots_and_no_key():
    learner, solutions = (edition_of("TEMPLATE", edition) for edition in ("learner", "solutions"))
    sources = "\n".join(one.source for one in learner.cells)
    assert "first = ..." in sources
    assert "key(" not in sources
    assert any("key(" in one.source for one in solutions.cells)
    assert "## 1 · Who says it (9 minutes)" in sources


def test_a_build_says_which_figures_answers_and_mistakes_moved():
    old = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("It was 12 % in 2015, and fell.", id="a"), nbformat.v4.new_markdown_cell("x", id="b")]
    )
    new = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("It was 13 % in 2015, and rose.", id="a")])
    lines = moved.in_notebook(old, new)
    assert lines[0] == "a, text: 12 → 13"
    assert not any("fell" in line for line in lines), "words are the author's own"
    assert any("cell b is gone" in line for line in lines)
    keys = [{"share": {"answer": answer, "mistakes": [[wrong, "why"]]}} for answer, wrong in ((0.2, 5), (0.3, 6))]
    assert moved.in_keys(*keys) == ["exercise share, answer: 0.2 → 0.3", "exercise share, mistake 1: 5 → 6"]


def test_a_picture_is_the_same_but_for_the_last_bits():
    import base64
    import io

    import numpy as np
    from PIL import Image

    def png(pixels):
        buffer = io.BytesIO()
        Image.fromarray(pixels.astype("uint8")).save(buffer, format="png")
        return base64.b64encode(buffer.getvalue()).decode()

    paper = np.full((100, 100, 3), 250)
    moved_dot, noise = paper.copy(), paper + 2
    moved_dot[40:50, 40:50] = 0
    assert build.same_picture(png(paper), png(noise))
    assert not build.same_picture(png(paper), png(moved_dot))


# rules for authors


def test_the_template_and_every_lesson_keep_the_rules():
    assert rules.problems() == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"tags": ["critique", ', '"tags": ["critic", ', "no cell has the tag 'critic'"),
        ("One country, and its own", "About 41 % of one country, and its own", "41 % is typed"),
        ("yearly.tail(3)", "yearly.sample(3)", "random_state"),
        ("yearly.tail(3)", "pd.read_csv('x.csv')", "load()"),
        ("yearly.tail(3)", "yearly.tail(3);", "semicolon"),
        ("yearly.tail(3)", "yearly.tail(3", "not Python"),
        ("yearly.tail(3)", "import scipy", "scipy is not pinned"),
        ("yearly.tail(3)", "a = 1\n" * 13, "lines of code"),
        ("yearly.tail(3)", f"a = '{'x' * 120}'", "letters"),
        ("yearly.tail(3)", "# NBVAL_SKIP\nyearly", "hides an output"),
        ('claim("iea-2pct-datacentres")', 'claim("no-such-claim")', "no claim 'no-such-claim'"),
        ('hints=["The part stands above the line, the whole below it."],', "hints=[],", "no hint"),
        ('check("template-times", times)', "times", "checked nowhere"),
        ('    "template-times",\n', '    "template-other",\n', "has no key"),
        (
            '"section": "template-claim", "half": true}\n\n## Who says it',
            '"section": "template-claim"}\n\nWho says it',
            "opens with its heading",
        ),
        ('+++ {"tags": ["limits"]}', "+++", "no cell has the tag 'limits'"),
        ('predict("template-ireland", {{ 5 }}, unit="%")', "a = 1", "predict()"),
    ],
)
def test_a_rule_broken_is_said_with_file_and_line(old, new, said):
    assert rules.check("TEMPLATE", TEMPLATE) == []
    assert old in TEMPLATE
    lines = rules.check("TEMPLATE", TEMPLATE.replace(old, new, 1))
    assert any(said in line for line in lines), lines
    assert all(line.startswith("course/lessons/TEMPLATE.md:") and line.split(":")[1].isdigit() for line in lines)


def test_exercise_ids_are_unique_across_the_course(tmp_path, monkeypatch):
    own = TEMPLATE.replace("template-share", "own-share")
    for name, text in {"TEMPLATE": TEMPLATE, "one": own, "two": own}.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    assert any("'own-share' is already in one" in line for line in rules.problems()["two"])
    assert any("'template-times' is already in TEMPLATE" in line for line in rules.problems()["one"])


def test_a_word_or_term_used_too_early_is_said_with_its_line(tmp_path, monkeypatch):
    early = TEMPLATE.replace('"terms": ["denominator"], "teaches": ["query", "groupby", "tail"]', '"teaches": ["query", "groupby"]')
    (tmp_path / "TEMPLATE.md").write_text(early, encoding="utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    found, lines = rules.problems()["TEMPLATE"], early.splitlines()
    for opening, said in (("meters =", "'tail' stands in code"), ("**Look.**", "the term 'denominator' is used")):
        number = next(number for number, line in enumerate(lines, start=1) if line.startswith(opening))
        assert any(line.startswith(f"course/lessons/TEMPLATE.md:{number}: {said}") for line in found), (number, found)


def test_what_the_template_says_is_refused_in_a_copy_with_its_line():
    texts = TEMPLATE.splitlines()
    left = rules.check("more/copy", TEMPLATE)
    for words in ("One country, and its own list of data centres.", "# A deep dive: one question in a few words", "- *judge* one claim."):
        assert any(
            line.startswith(f"course/lessons/more/copy.md:{texts.index(words) + 1}: {words!r} is the template's") for line in left
        ), words
    assert any("'section template-claim' is the template's" in line for line in left)
    assert not any("You will be able to" in line or "Further reading" in line for line in left), "titles are every lesson's"
    answer = next(line for line in texts if "The statistics office decides" in line)
    assert any(repr(answer) in line for line in left), "a model answer too"


# a small lesson, from text to products


def test_the_template_becomes_a_lesson_and_an_error_has_its_line(tmp_path, monkeypatch):
    (tmp_path / "small.md").write_text(TEMPLATE, encoding="utf-8")
    wrong = TEMPLATE.replace('check("template-times", times)', '1 / 0\ncheck("template-times", times)')
    (tmp_path / "wrong.md").write_text(wrong, encoding="utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    made = run.both("small")
    assert set(made["keys"]) == {"template-share", "template-times"}
    assert ("ireland_electricity", "") in made["read"]
    assert ("claims", "iea-2pct-datacentres") in made["read"]
    assert ("claims", "") not in made["read"], "one claim was read, not the ledger"
    shown = nbformat.reads(made["solutions"], as_version=4)
    assert "Right." in cell(shown, "check-template-share").outputs[0]["data"]["text/markdown"]
    line = wrong.splitlines().index("1 / 0") + 1
    with pytest.raises(lessons.LessonError, match=rf"wrong\.md:{line}: cell check-template-times .*ZeroDivisionError"):
        run.both("wrong")


def test_the_stored_course_is_what_its_sources_make():
    assert build.stale() == [], "run: python -m course build"
