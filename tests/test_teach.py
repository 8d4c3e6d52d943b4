"""Slides, paper and reading edition, as far as they can be tested without the tools that draw them: what they hold, where they lead.

The heavy part (axe-core, keyboard, printed pages) is ``python -m course teach check``; its tools are an extra that no learner installs.
"""

from __future__ import annotations

import ast
import base64
import copy
import json
import re
import string
import subprocess
import sys
import tomllib
from functools import cache
from html import unescape
from pathlib import Path
from types import ModuleType

import nbformat
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import claims, doors
from course.claims import ledger, meanings
from course.data import load, tables
from course.doors import ROOT
from course.make import teach
from course.make.lessons import lessons, notebook_path
from course.make.outline import outline
from course.make.pages import pretest
from course.make.sessions import plans
from course.make.teach import check, deck, kit, mathml, pages, paper, reading, site, slides, worksheet
from course.make.teach.words import WORDS, word
from course.messages import RECORD_MIME

RESOURCES = "01_resources"
CLAIM = "cobalt-drc-60pct"
KEY = {"name": "ex", "kind": "number", "answer": 60.0, "unit": "%", "right": "Six in ten.", "hints": ["Look."], "mistakes": []}
stored = cache(nbformat.read)


@pytest.fixture(autouse=True, scope="module")
def quick():
    """Read each notebook, table of claims, deck and sheet once; stand in for the converter of formulas, which comes with Sphinx."""
    fake = ModuleType("latex2mathml")
    fake.tex2mathml = lambda text, as_block: f"<math>{text}{as_block}</math>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "docutils.utils.math.latex2mathml", fake)
        patch.setattr(nbformat, "read", lambda path, as_version: copy.deepcopy(stored(path, as_version)))
        patch.setattr(claims, "_shown", cache(claims._shown))
        patch.setattr(kit, "slides", lambda lesson: deck_of(lesson.name))
        patch.setattr(kit, "Sheet", cache(worksheet.Sheet))
        yield


@cache
def lesson(name: str) -> reading.Lesson:
    """A lesson as its notebooks show it (whether they are up to date is asked elsewhere, once)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "stale_lesson", lambda name: [])
        return reading.read(name)


@cache
def deck_of(name: str) -> list[slides.Slide]:
    """The deck of a lesson."""
    return slides.slides(lesson(name))


@pytest.fixture(params=lessons())
def name(request: pytest.FixtureRequest) -> str:
    """Every lesson of the course, one after the other."""
    return request.param


@pytest.fixture(params=worksheet.worksheets())
def sheet(request: pytest.FixtureRequest) -> worksheet.Sheet:
    """Every worksheet, one after the other."""
    return kit.Sheet(request.param)


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    """All that Sphinx reads, for the whole course."""
    return site.sources_of_site([lesson(name) for name in lessons()], students=False)


def text(source: str, *tags: str, **said: object) -> nbformat.NotebookNode:
    """A text cell of a small lesson."""
    return nbformat.v4.new_markdown_cell(source, id=re.sub(r"\W+", "-", source)[:40], metadata={"tags": list(tags), **said})


def code(own: str, *records: dict) -> nbformat.NotebookNode:
    """A code cell of a small lesson, with the records that its calls left."""
    shown = [nbformat.v4.new_output("display_data", {"text/markdown": "said", RECORD_MIME: record}) for record in records]
    return nbformat.v4.new_code_cell(own, id=own, outputs=shown)


GUESS, CHECK = {"kind": "predict", "name": "guess", "unit": "%"}, {"kind": "check", "exercise": "ex"}
HEAD = [text("# A title", "title"), text("**Question:** who?", "question"), text("## 1 · Head (9 minutes)\n\nFew words.", section="first", minutes=9)]
ASKED = [text("**Predict: the share.** How much?", "predict"), code("guess", GUESS)]
SHOWN = [code("told", {"kind": "outcome", "name": "guess", "unit": "%"}), text("**Your turn.** Reckon.", "turn"), code("asked", CHECK)]
SOLVED = [code("told", {"kind": "outcome", "name": "guess", "unit": "%", "actual": "61.5"}), *SHOWN[1:]]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Make a lesson of cells (learner's, then those of the solutions if they differ) and read it."""
    monkeypatch.setattr(reading, "notebook_path", lambda name, edition: tmp_path / f"{edition}.ipynb")
    monkeypatch.setattr(reading, "stale_lesson", lambda name: [])
    monkeypatch.setattr(reading, "stored_keys", lambda name: {"ex": KEY})

    def make(learner: list, solved: list | None = None) -> reading.Lesson:
        for edition, cells in (("learner", learner), ("solutions", solved or learner)):
            nbformat.write(nbformat.v4.new_notebook(cells=copy.deepcopy(cells)), tmp_path / f"{edition}.ipynb")
        return reading.read("small")

    return make


# the extra and the command line


def test_no_learner_installs_the_teaching_tools():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert not {line.split("==")[0] for line in [*extras["learn"], *extras["dev"]]} & set(teach.declared())
    assert "teach" not in (ROOT / "environment.yml").read_text(encoding="utf-8") + (ROOT / "postBuild").read_text(encoding="utf-8")
    assert "teaching/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert teach.OUT == ROOT / "teaching"


def test_a_bare_python_can_read_the_command_line():
    told = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from course.__main__ import main; main(['teach', '--help'])"
    done = subprocess.run([sys.executable, "-S", "-I", "-X", "importtime", "-c", told], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--students" in done.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "course.make.teach" in imported
    assert not {one for one in imported if one.split(".")[0] not in {*sys.stdlib_module_names, "course", "imported package"}}
    assert not {one for one in imported if one.startswith("course.make.teach.")} - {"course.make.teach.words"}


def test_the_tools_are_installed_once_and_a_failure_is_told(monkeypatch, tmp_path):
    ran = []
    monkeypatch.setattr(doors, "ensure", lambda: tmp_path / "bin" / "python")
    monkeypatch.setattr(doors, "VENV", tmp_path)
    monkeypatch.setattr(doors, "_run", lambda *command: ran.append(" ".join(map(str, command))))
    teach.ensure()
    teach.ensure()
    assert len(ran) == 1
    assert "requirements-teach.txt" in ran[0]

    def refuse(*command):
        raise subprocess.CalledProcessError(1, command)

    (tmp_path / "triple-extraction-teach.lock").unlink()
    monkeypatch.setattr(doors, "_run", refuse)
    with pytest.raises(doors.DoorError, match="network"):
        teach.ensure()


@pytest.mark.parametrize(("what", "known"), [("slides", RESOURCES), ("session", "one_hour")])
def test_a_name_that_does_not_exist_is_told(what, known, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(teach, "ensure", lambda: sys.executable)
    assert teach.main([what, "09_nothing", "--out", str(tmp_path)]) == 2
    assert known in capsys.readouterr().err


# reading


def test_a_cell_has_its_role_its_section_and_its_paper(small):
    cells = [*HEAD, *ASKED, text("Run it.", "limits", paper="Read it."), text("Told.", "teacher"), text("Plain.")]
    learner = [cell for cell in cells if "teacher" not in cell.metadata["tags"]]
    found = small(learner, cells)
    roles = ["title", "question", "section", "predict", "code", "limits", "teacher", "prose"]
    assert [cell.role for cell in found.cells] == roles
    assert [cell.section for cell in found.cells] == ["", "", *["first"] * 6]
    assert (found.title, found.question, found.warning) == ("A title", "who?", "")
    assert (found.cells[2].heading, found.cells[2].minutes, found.cells[2].body) == ("1 · Head", 9, "Few words.")
    assert found.cells[5].text == "Read it."


def test_records_come_from_the_learner_and_results_from_the_solutions(small):
    found = small([*HEAD, *ASKED, *SHOWN], [*HEAD, *ASKED, *SOLVED])
    assert [output.kind for cell in found.cells for output in cell.outputs] == ["predict", "outcome", "check"]
    assert [output.record.get("actual") for output in found.outputs("outcome")] == [None]
    assert [output.record["actual"] for output in found.results("outcome")] == ["61.5"]


def test_an_output_is_known_by_its_record_and_a_figure_has_its_words():
    made = [{"image/png": "iVB\nOR"}, {"text/markdown": "said", RECORD_MIME: {"kind": "figure", "words": "A line."}}]
    made += [{"text/html": "<table>"}, {"text/plain": "7"}, {"text/markdown": "guess", RECORD_MIME: GUESS}]
    found = reading.outputs([{"data": data} for data in made])
    assert [(one.kind, one.text) for one in found] == [("figure", "A line."), ("table", "<table>"), ("text", "7"), ("predict", "guess")]
    assert found[0].image == "iVBOR"


def test_a_missing_another_or_stale_notebook_is_told_in_a_sentence(small, monkeypatch):
    with pytest.raises(reading.TeachError, match="python -m course build small"):
        reading.read("small")
    found = small([*HEAD, *SHOWN])
    assert found.warning == ""
    monkeypatch.setattr(reading, "stale_lesson", lambda name: ["its text"])
    assert "python -m course build small" in reading.read("small").warning
    monkeypatch.setattr(reading, "stored_keys", lambda name: {})
    with pytest.raises(reading.TeachError, match="python -m course build small"):
        reading.read("small")


def test_sections_are_those_of_the_notebook(name):
    found = lesson(name)
    assert [cell.section for cell in found.cells if cell.role == "section"] == [one.id for one in outline(name).sections if one.id]
    assert {output.record["exercise"] for output in found.outputs("check")} == set(found.keys)
    assert all("actual" in result.record for result in found.results("outcome"))


def test_the_eight_questions_are_written_in_one_place():
    asked = reading.eight_questions()
    assert len(set(asked)) == 8
    for path in sorted(Path(teach.__file__).parent.rglob("*.*")):
        if path.suffix in {".py", ".css", ".j2", ".html"}:
            assert not [question for question in asked if question in path.read_text(encoding="utf-8")], path


# slides: cutting


@settings(max_examples=40)
@given(st.lists(st.text("abcdefg ,", min_size=1, max_size=200).map(lambda text: f"A{text.strip()}."), min_size=1, max_size=12))
def test_cutting_loses_no_word_and_keeps_slides_short(parts):
    for whole in (" ".join(parts), "1. " + " ".join(parts), "\n".join(f"- {part}" for part in parts)):
        found = slides.pieces(whole)
        assert " ".join(found).split() == whole.split()
        assert all(len(piece) <= slides.MOST for piece in found)


def test_a_table_is_cut_between_its_rows_and_keeps_its_head():
    head = "| ask | answer |\n|---|---|\n"
    cut = slides.pieces(head + "\n".join(f"| question {n} | {'y' * 90} |" for n in range(8)))
    assert len(cut) > 1
    assert all(piece.startswith(head) for piece in cut)
    assert sum(piece.count("question") for piece in cut) == 8


def as_html(heads: list[str], rows: list[list[str]]) -> str:
    """A table as pandas stores it."""
    line = "".join(f"<th>{head}</th>" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{line}</tr></thead><tbody>{body}</tbody></table>"


def test_a_table_on_a_slide_is_tidy_and_a_large_one_is_cut_or_left():
    rows = slides.rows_of(as_html(["", "big_value", "none"], [["12", "1,235.5", "NaN"], ["13", "NaN", "NaN"]]))
    assert rows == [["big value"], ["1,235.5"], ["–"]], "no numbered index, no empty column, a gap is a dash"
    heads = "<thead><tr><th>side</th><th>critic</th></tr><tr><th>verdict</th><th></th></tr></thead>"
    assert slides.rows_of(f"<table>{heads}<tr><th>right</th><td>44</td></tr></table>") == [["verdict", "critic"], ["right", "44"]]
    wide = slides.rows_of(as_html([f"c{n}" for n in range(8)], [[f"x{n}" for n in range(8)]]))
    assert wide == [[f"c{n}", f"x{n}"] for n in range(8)]
    cut = slides.tables_of(as_html(["a", "b"], [["a name", "1"]] * 14))
    assert [part.count("<tr>") - 1 for part in cut] == [7, 7]
    assert slides.tables_of(as_html(["a", "b"], [["a name", "1"]] * 40)) == []
    assert slides.tables_of(as_html([f"c{n}" for n in range(9)], [[str(n) for n in range(9)]] * 9)) == []


# slides: a small lesson


def kinds(deck: list[slides.Slide]) -> list[str]:
    """The kinds of the slides of a deck."""
    return [slide.kind for slide in deck]


def test_a_cell_gives_the_slide_of_its_role_or_record(small):
    claim, judged = code("c", {"kind": "claim", "claim": CLAIM}), code("v", {"kind": "verdict", "claim": CLAIM})
    critique = text("**Critique: who speaks?** Ask.", "critique")
    deck = slides.slides(small([*HEAD, *ASKED, claim, *SHOWN, critique, judged], [*HEAD, *ASKED, claim, *SOLVED, critique, judged]))
    assert kinds(deck) == ["title", "section", "claim", "predict", "turn", "answer", "critique", "verdict", "end"]
    predict, turn, answer = deck[3:6]
    assert (predict.head, predict.asks) == ("Predict: the share", [("guess", "%")])
    assert "61.5 %" in predict.after, "what the solutions found, not the learner's blank"
    assert "61.5" not in predict.text
    assert any("Look." in note for note in turn.notes), "a hint is the speaker's"
    assert "60 %" in answer.body
    assert {slide.section for slide in deck[1:-1]} == {"first"}


def test_tags_put_a_text_on_a_slide_in_the_notes_or_nowhere(small):
    deck = slides.slides(small([*HEAD, text("Shown.", "slide"), text("**Your turn.** Kept.", "turn", "notes"), text("Gone.", "critique", "skip-slide")]))
    assert kinds(deck) == ["title", "section", "text", "end"]
    assert deck[2].body == "Shown."
    assert any("Kept." in note for note in deck[2].notes)
    assert "Gone." not in str(deck)


@pytest.mark.parametrize(
    ("before", "stands"),
    [("A short one.", True), ("long " * 80, False), ("- a\n- b", False), ("One.\n\nTwo.", False), ("| a |\n|---|\n| b |", False)],
)
def test_only_one_short_paragraph_stands_above_a_question(before, stands, small):
    (asked,) = [slide for slide in slides.slides(small([*HEAD, text(before), *ASKED])) if slide.kind == "predict"]
    assert asked.context == (before.strip() if stands else "")


# slides: every lesson


def asking(cell: reading.Cell) -> bool:
    """Whether a cell has a slide that asks."""
    return cell.role in slides.ASKS and not cell.tags & {"notes", "skip-slide"}


def test_questions_figures_and_verdicts_have_their_slides_in_order(name):
    wanted = []
    for cell in lesson(name).cells:
        wanted += [(cell.role, cell.text)] if asking(cell) else []
        wanted += [("figure", output.image) for output in cell.outputs if output.kind == "figure"]
        wanted += [("verdict", output.record["claim"]) for output in cell.outputs if output.kind == "verdict"]
    first = [slide for slide in deck_of(name) if slide.kind not in slides.ASKS or slide.notes]
    told = {"figure": lambda slide: slide.figure.image, "verdict": lambda slide: slide.claim}
    asked = [cell.text for cell in lesson(name).cells if asking(cell)]
    found = []
    for slide in first:
        if slide.kind in told:
            found.append((slide.kind, told[slide.kind](slide)))
        elif slide.kind in slides.ASKS and (said := [note for note in slide.notes if note in asked]):
            found.append((slide.kind, said[0]))
    assert found == wanted
    for slide in deck_of(name):
        if slide.kind == "figure":
            assert base64.b64decode(slide.figure.image).startswith(b"\x89PNG")
            assert slide.figure.text.startswith(slide.body)
            assert slide.code.strip()


def test_a_claim_is_shown_before_its_verdict_and_in_its_section(name):
    deck = deck_of(name)
    for cell in lesson(name).cells:
        for output in cell.outputs:
            if output.kind == "claim":
                claim = output.record["claim"]
                assert [one for one in deck if one.claim == claim and one.section == cell.section], claim
    for place, slide in enumerate(deck):
        if slide.kind == "claim":
            assert all(one.claim != slide.claim for one in deck[:place] if one.kind == "verdict"), slide.claim


def test_a_verdict_waits_for_the_rooms_own(name):
    known = ledger().set_index("claim")
    for slide in deck_of(name):
        if slide.kind == "verdict":
            row = known.loc[slide.claim]
            told = row["test_with"] if pd.isna(row["verdict"]) else row["evidence"]
            assert told in slide.after
            assert told not in slide.text
            assert slide.text.count("·") == len(meanings()) - 1, "all words to choose from, none marked"


def test_an_answer_comes_after_its_question_and_what_is_to_sort(name):
    deck, found = deck_of(name), lesson(name)
    answers = [place for place, slide in enumerate(deck) if slide.kind in ("answer", "sorted")]
    asked = None
    for cell in found.cells:
        asked = cell.text if cell.role in ("predict", "turn") and asking(cell) else asked
        for output in cell.outputs if "skip-slide" not in cell.tags else []:
            if output.kind == "check":
                key = found.keys[output.record["exercise"]]
                wanted = [slide.body for slide in slides.answer_slides(key)]
                places, answers = answers[: len(wanted)], answers[len(wanted) :]
                assert [deck[place].body for place in places] == wanted
                question = next(place for place, slide in enumerate(deck) if asked in slide.notes)
                assert question < places[0]
                assert not key["right"] or not [slide for slide in deck[: places[0]] if key["right"] in slide.text]
                for slide in slides.sort_slides(key) if key["kind"] == "mapping" else []:
                    assert slide.body in [one.body for one in deck[question : places[0]]]
    assert answers == []


def test_what_the_tables_say_comes_after_the_guess(name):
    deck, found = deck_of(name), lesson(name)
    told = {result.record["name"]: f"**{result.record['actual']} {result.record['unit']}".strip() + "**" for result in found.results("outcome")}
    assert sorted(guess for slide in deck for guess, _ in slide.asks) == sorted({one.record["name"] for one in found.outputs("predict")})
    for output in found.outputs("outcome"):
        guess = output.record["name"]
        place = next(n for n, slide in enumerate(deck) if guess in [one for one, _ in slide.asks])
        lines = [line for slide in deck[place:] for line in [*slide.after.split("\n"), *(slide.body.split("\n") if slide.kind == "outcome" else [])]]
        alone = len(deck[place].asks) == 1
        assert (f"- {told[guess]}" if alone else f"- {slides.spoken(guess)}: {told[guess]}") in lines
        assert told[guess] not in deck[place].text


def test_no_slide_holds_more_than_can_be_read(name):
    for slide in deck_of(name):
        read = len(re.sub(r"<[^>]+>|[*`>|]", "", slide.body))
        limit = {"claims": slides.CLAIMS_MOST, "sorted": slides.SHORT * (slides.LINES + 2), "figure": slides.WORDS_MOST}
        assert slide.kind == "table" or read <= limit.get(slide.kind, slides.MOST), slide.body
        assert len(slide.context) <= slides.CONTEXT
        assert not slide.context or slide.kind in ("predict", "turn")
        assert slide.text or slide.figure or slide.kind == "section", "no slide is empty"


def test_sections_are_chosen_by_their_ids(name):
    deck = deck_of(name)
    ids = [one.id for one in outline(name).sections if one.id]
    for own in ids:
        found = slides.sections(deck, [own])
        assert found[0].kind == "section"
        assert found == [slide for slide in deck if slide.section == own and slide.kind != "end"]
    with pytest.raises(reading.TeachError, match="nowhere"):
        slides.sections(deck, [*ids[:1], "nowhere"])


def test_a_deck_is_a_notebook_that_tools_can_read(name):
    book = deck.notebook(lesson(name).title, deck_of(name))
    starts = [cell.metadata["slideshow"]["slide_type"] for cell in book.cells]
    assert starts[0] == "slide"
    assert sum(start in ("slide", "subslide") for start in starts) == len(deck_of(name))
    assert set(starts) == {"slide", "subslide", "fragment", "notes"}
    assert all(cell.source.count("<div") == cell.source.count("</div>") for cell in book.cells), "an open box would swallow slides"


def test_a_deck_is_one_file_that_asks_for_nothing():
    pytest.importorskip("sphinx_revealjs")
    text = deck.html("A deck", deck_of("capstone"))
    assert pages.outside(text) == []
    body = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"<(?!a\b)\w+[^>]*\s(?:src|href)=[\"']?(?:https?:)?//", body)
    assert "Reveal.initialize" in text
    assert all(script in text for script in deck.reveal_files()["script"].split("\n\n")[:1])
    assert len(re.findall(r'<div class="face (?!after)', body)) == len([slide for slide in deck_of("capstone") if not slide.figure])


def test_formulas_become_mathml_and_money_does_not():
    assert mathml.with_mathml("so $m$ of $$n_1$$") == "so <math>mFalse</math> of <math>n_1True</math>"
    assert mathml.with_mathml("2 US$ and 3 US$ a day, or $4 and $5") == "2 US$ and 3 US$ a day, or $4 and $5"
