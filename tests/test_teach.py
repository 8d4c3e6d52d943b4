"""Slides, sheets and the reading edition come from tags, records and keys: what they show, in which order, and from no sentence."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from functools import cache

import nbformat
import pytest

from course import claims, load, tables
from course.claims import ledger, meanings
from course.doors import ROOT
from course.make.lessons import lessons
from course.make.sessions import plans
from course.make.teach import deck, kit, paper, reading, site, slides, worksheet
from course.make.teach.words import WORDS, word

NAMES = lessons()


@pytest.fixture(scope="module", autouse=True)
def without_the_tools():
    """Formulas are drawn by a tool that learners do not have, and these tests do not need."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (site, deck, worksheet):
            patch.setattr(module, "with_mathml", lambda text: text)
        yield


@cache
def lesson(name: str) -> reading.Lesson:
    return reading.read(name)


@cache
def cut(name: str) -> list[slides.Slide]:
    return slides.slides(lesson(name))


def test_the_commands_of_teach_run_on_a_bare_python():
    heavy = "[m for m in ('pandas', 'nbformat') if m in sys.modules]"
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import course.make.teach; print({heavy})"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


# reading


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_read_with_its_roles_records_and_keys(name):
    found = lesson(name)
    assert found.title
    assert {cell.role for cell in found.cells} >= {"title", "section", "code"}
    checked = {output.record["exercise"] for output in found.outputs("check")}
    assert checked == set(found.keys)
    predicted = {output.record["name"] for output in found.outputs("predict")}
    assert {output.record["name"] for output in found.outputs("outcome")} <= predicted
    guessed = {output.record["name"] for output in found.results("predict") if "value" in output.record}
    assert all("actual" in output.record for output in found.results("outcome") if output.record["name"] in guessed)
    assert not any("actual" in output.record for output in found.outputs("outcome")), "a learner's notebook holds no unguessed answer"
    assert all(output.text for output in found.outputs("figure")), "a figure has its words"


def test_a_lesson_that_was_never_built_gets_a_sentence():
    with pytest.raises(reading.TeachError, match="course build no_such"):
        reading.read("no_such")


def test_the_eight_questions_are_eight():
    assert len(reading.eight_questions()) == 8
    assert all(question.endswith("?") for question in reading.eight_questions())


# slides


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_shows_what_the_lesson_asks(name):
    found, made = lesson(name), cut(name)
    sections = [cell.heading for cell in found.cells if cell.role == "section"]
    assert [slide.head for slide in made if slide.kind == "section"] == sections
    verdicts = [output.record["claim"] for output in found.outputs("verdict")]
    assert [slide.claim for slide in made if slide.kind == "verdict"] == verdicts
    assert sum(slide.figure is not None for slide in made) == len(found.outputs("figure"))
    asked = [name for slide in made for name, _ in slide.asks]
    assert sorted(asked) == sorted(output.record["name"] for output in found.outputs("predict"))


@pytest.mark.parametrize("name", NAMES)
def test_a_verdict_and_an_answer_wait_for_the_room(name):
    for slide in cut(name):
        if slide.kind == "verdict" and slide.after:
            assert "The ledger" not in slide.text
            assert slide.after.startswith(word("slide_ledger", verdict="x", evidence="", date="")[:14]) or "no verdict" in slide.after
        if slide.kind in ("predict", "turn"):
            assert not slide.context or len(slide.context) <= slides.CONTEXT


@pytest.mark.parametrize("name", NAMES)
def test_no_slide_is_longer_than_it_may_be(name):
    for slide in cut(name):
        if slide.kind not in ("sorted", "claims", "table", "end"):
            assert slides.letters(slide.body) <= slides.MOST + 80, slide.body


def test_sections_are_chosen_by_their_ids():
    made = cut("01_resources")
    chosen = slides.sections(made, ["who-digs"])
    assert chosen
    assert {slide.section for slide in chosen} == {"who-digs"}
    with pytest.raises(reading.TeachError, match="no-such-section"):
        slides.sections(made, ["no-such-section"])


def test_a_deck_has_steps_and_notes_where_the_slides_have_them():
    made = cut("00_start_here")
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in deck.notebook("Try", made).cells]
    assert kinds.count("fragment") == sum(bool(slide.after) for slide in made)
    assert kinds.count("notes") == sum(bool(slide.notes) for slide in made)
    assert kinds.count("slide") == sum(slide.kind in slides.OPENING for slide in made)


# sessions and paper


@pytest.mark.parametrize("name", list(plans()))
def test_a_plan_becomes_a_deck_and_its_papers(name):
    plan = plans()[name]
    made = kit.session(plan, plan.rows, lesson)
    agenda = made[1].body.splitlines()
    assert len([line for line in agenda if line.startswith("- [")]) == len(plan.rows)
    documents = kit.documents(plan, lesson)
    assert {"plan", "answers", "poster"} <= set(documents)
    assert ("test" in documents) == any(row.has_test for row in plan.rows)
    if "test" in documents:
        assert kit.pretest()[0][0].split(" *")[0] in documents["test"][1]


@pytest.mark.parametrize("name", worksheet.worksheets())
def test_a_worksheet_makes_its_three_parts(name):
    sheet = worksheet.Sheet(name)
    assert all(sheet.parts[part].strip() for part in worksheet.PARTS)
    assert "{{" not in "".join(sheet.parts.values())
    pages = paper.sheet_pages(lesson(name), sheet)
    assert len(pages) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n---\nb", "parts"),
        ("{{ 1 / 0 }}\n---\nb\n---\nc", "ZeroDivisionError"),
        ("{{ claim('no-such') }}\n---\nb\n---\nc", "no claim called"),
        ("a\n---\nb\n---\n{{ answer('no-such') }}", "no exercise no-such"),
    ],
)
def test_a_worksheet_that_cannot_be_made_says_why(text, said):
    with pytest.raises(reading.TeachError, match=said):
        _ = worksheet.Sheet("01_resources", text).parts


def test_the_poster_has_the_questions_and_every_word_of_the_scale():
    text = paper.poster()
    assert all(f"<dt>{verdict}</dt>" in text for verdict in meanings())
    assert text.count("<li>") == 8


def test_the_test_gives_no_answer_away():
    text = paper.test_page()
    answers = [finding for finding in map(str, ledger()["evidence"]) if finding in text]
    assert answers == []


# the reading edition


@cache
def pages(students: bool) -> dict[str, str]:
    return site.sources_of_site([lesson(name) for name in NAMES], students)


def test_each_claim_table_and_lesson_has_its_page_or_anchor():
    made = pages(False)
    text = "\n".join(body for path, body in made.items() if path.startswith("ledger/"))
    assert all(f"(claim-{name})=" in text for name in ledger()["claim"])
    assert all(f"tables/{name}.md" in made for name in tables() if name not in ("claims", "sources"))
    assert all(f"notebooks/{name}.ipynb" in made for name in NAMES)
    keys = "\n".join(body for path, body in made.items() if path.startswith("sources/"))
    assert all(f"(source-{key.replace('_', '-')})=" in keys for key in load("sources")["source"])


def test_students_get_neither_guide_nor_answers():
    full, students = pages(False), pages(True)
    assert any(path.startswith("guide/") for path in full)
    assert not any(path.startswith("guide/") for path in students)
    answer = lesson("01_resources").keys["cobalt-share-2022"]["right"]
    assert answer in full["notebooks/01_resources.ipynb"]
    assert answer not in students["notebooks/01_resources.ipynb"]


# no sentence is read


def x(text: str) -> str:
    """Return a text with every letter replaced, marks and figures kept."""
    return re.sub(r"[^\W\d_]", "x", text)


def test_with_every_letter_replaced_decks_and_anchors_are_the_same_by_kind_and_number(monkeypatch):
    name = "01_resources"
    before = [(slide.kind, slide.section, len(slide.asks), slide.claim) for slide in cut(name)]
    anchors = sorted(re.findall(r"^\((?:claim|source)-.*\)=$", "\n".join(pages(False).values()), flags=re.MULTILINE))
    real = nbformat.read

    def replaced(*given, **named):
        book = copy.deepcopy(real(*given, **named))
        for cell in book.cells:
            if cell.cell_type == "markdown":
                cell.source = x(cell.source)
        return book

    monkeypatch.setattr(nbformat, "read", replaced)
    table = claims._shown()
    table["statement"] = table["statement"].map(x)
    monkeypatch.setattr(claims, "_shown", lambda: table.copy())
    after = slides.slides(reading.read(name))
    assert [(slide.kind, slide.section, len(slide.asks), slide.claim) for slide in after] == before
    made = site.sources_of_site([reading.read(one) for one in NAMES], False)
    assert sorted(re.findall(r"^\((?:claim|source)-.*\)=$", "\n".join(made.values()), flags=re.MULTILINE)) == anchors


def test_every_sentence_of_the_tools_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "course" / "make" / "teach").rglob("*.py"))
    built = ("slide_", "print_", "site_", "sheet_")  # keys put together from a kind
    unused = [key for key in WORDS if f'"{key}"' not in code and f"'{key}'" not in code and not key.startswith(built)]
    assert unused == []
