"""Slides, paper and reading edition, as far as they can be tested without the tools that draw them: what they hold, where they lead.

The heavy part (axe-core, keyboard, printed pages) is ``python -m course teach check``; its tools are an extra that no learner installs.
"""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import tomllib
from functools import cache
from html import unescape
from types import ModuleType

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import doors, teach
from course.claims import VERDICTS, ledger
from course.data import load, tables
from course.doors import ROOT
from course.make import sessions
from course.make.build import BLANK, lessons, notebook_path, read_lesson
from course.make.pages import pretest
from course.make.teach import check, deck, kit, mathml, pages, paper, reading, site, slides, worksheet
from course.make.teach.words import WORDS, word
from course.messages import MESSAGES, say

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", flags=re.MULTILINE)
RESOURCES = "01_resources"


@pytest.fixture(autouse=True, scope="module")
def formulas():
    """A stand-in for the converter of formulas, which comes with Sphinx and not with a learner's installation."""
    fake = ModuleType("latex2mathml")
    fake.tex2mathml = lambda text, as_block: f"<math>{text}{as_block}</math>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "docutils.utils.math.latex2mathml", fake)
        yield


@cache
def lesson(name: str) -> reading.Lesson:
    """A lesson as its notebooks show it (whether they are up to date is asked elsewhere, once)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "stale_lesson", lambda name: [])
        return reading.read(name)


@pytest.fixture(params=lessons())
def each(request: pytest.FixtureRequest) -> reading.Lesson:
    """Every lesson of the course, one after the other."""
    return lesson(request.param)


# the extra


def test_no_learner_installs_the_teaching_tools():
    learners = {line.split("==")[0] for line in [*PROJECT["optional-dependencies"]["learn"], *PROJECT["optional-dependencies"]["dev"]]}
    assert not learners & set(teach.declared())
    conda = (ROOT / "environment.yml").read_text(encoding="utf-8") + (ROOT / "postBuild").read_text(encoding="utf-8")
    assert "teach" not in conda


def test_the_teaching_lock_is_the_learners_and_more():
    learners = dict(LOCKED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")))
    teachers = dict(LOCKED.findall(teach.LOCK.read_text(encoding="utf-8")))
    assert {name: teachers.get(name) for name in learners} == learners
    assert {name: teachers[name] for name in teach.declared()} == teach.declared()
    assert not set(teach.declared()) & set(learners)


def test_the_teaching_lock_names_no_host_and_no_path():
    for line in teach.LOCK.read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==\S+( ; [^/]+)? ?\\?|    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_a_bare_python_can_read_the_command_line():
    done = subprocess.run([sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import course.make.teach"],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_tools_are_installed_once_and_only_when_asked_for(monkeypatch, tmp_path):
    ran = []
    monkeypatch.setattr(doors, "ensure", lambda: tmp_path / "bin" / "python")
    monkeypatch.setattr(doors, "VENV", tmp_path)
    monkeypatch.setattr(doors, "_run", lambda *command: ran.append(" ".join(map(str, command))))
    teach.ensure()
    assert len(ran) == 1
    assert "requirements-teach.txt" in ran[0]
    teach.ensure()
    assert len(ran) == 1


def test_a_failed_installation_is_told_in_a_sentence(monkeypatch, tmp_path):
    def refuse(*command):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(doors, "ensure", lambda: tmp_path / "python")
    monkeypatch.setattr(doors, "VENV", tmp_path)
    monkeypatch.setattr(doors, "_run", refuse)
    with pytest.raises(doors.DoorError, match="network"):
        teach.ensure()


def test_a_lesson_that_does_not_exist_is_told(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(teach, "ensure", lambda: sys.executable)
    assert teach.main(["slides", "09_nothing", "--out", str(tmp_path)]) == 2
    assert "01_resources" in capsys.readouterr().err


def test_what_is_made_stays_out_of_the_repository():
    assert "teaching/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert teach.OUT == ROOT / "teaching"


# reading


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("not_predicted", {"name": "congo-1980", "unit": " in %"}),
        ("outcome_none", {"name": "congo-1980", "actual": "42.9", "unit": " %"}),
        ("not_answered", {"name": "cobalt-hhi"}),
        ("mapping_missing", {"name": "boxes", "count": 9, "total": 9, "names": "a, b"}),
        ("verdict_unanswered", {"claim": "mturk-500k", "words": ", ".join(VERDICTS)}),
        ("words_title", {"words": "Line and dots. **Bold** and (brackets)."}),
    ],
)
def test_what_the_package_says_is_understood(key, values):
    heard = reading.heard(key, say(key, **values))
    assert heard is not None
    assert {name: heard[name] for name in values if name not in ("unit", "actual")} == {
        name: str(value) for name, value in values.items() if name not in ("unit", "actual")
    }
    assert not any(reading.heard(other, say(key, **values)) for other in MESSAGES if other in ("claim_card", "claim_line"))


def test_a_text_is_cut_into_its_gestures():
    text = (
        "## 1 · Who digs? (12 minutes)\n\nOre is not a battery. **Predict:** of 100 tonnes, how many?\n\n- one\n- two\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n**Critique: who speaks?** Ask.\n\n**Predict → compute → critique.** The gesture."
    )
    kinds = [(block.kind, block.text[:12]) for block in reading.blocks(text)]
    assert [kind for kind, _ in kinds] == ["heading", "prose", "predict", "table", "critique", "prose"]
    assert reading.blocks(text)[2].text.endswith("- two")


def test_sentences_keep_emphasis_and_initials_whole():
    text = "By **A. Gulley. In 2023** it was so. He said *no. Never.* Then `a. B` came, e.g. Twice."
    assert reading.sentences(text) == ["By **A. Gulley. In 2023** it was so.", "He said *no. Never.*", "Then `a. B` came, e.g. Twice."]


def test_a_question_for_the_room_does_not_speak_of_cells():
    text = "**Your turn, free.** A newspaper joins two series. By how many per cent? Run the cell again. Replace the three dots."
    assert reading.away_from_the_machine(text) == "A newspaper joins two series. By how many per cent?"
    assert reading.away_from_the_machine("**Sort these nine claims** into boxes.") == "**Sort these nine claims** into boxes."


def test_notebooks_that_are_not_their_lessons_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "stale_lesson", lambda name: [])
    other = read_lesson(RESOURCES)
    other.cells.pop()
    monkeypatch.setattr(reading, "read_lesson", lambda name: other)
    with pytest.raises(reading.TeachError, match="python -m course build 01_resources"):
        reading.read(RESOURCES)


def test_the_eight_questions_live_in_lesson_00_alone():
    asked = reading.eight_questions()
    assert len(asked) == 8
    for path in sorted((ROOT / "course" / "teach").rglob("*.*")):
        if path.suffix in {".py", ".css", ".j2", ".html"}:
            assert not [question for question in asked if question in path.read_text(encoding="utf-8")], path


# slides


@given(st.lists(st.text("abcdefg ,", min_size=1, max_size=200).map(lambda text: f"A{text.strip()}."), min_size=1, max_size=12))
def test_cutting_loses_no_word_and_keeps_slides_short(parts):
    text = " ".join(parts)
    found = slides.pieces(text)
    assert " ".join(found).split() == text.split()
    assert all(len(piece) <= slides.MOST or len(reading.sentences(piece)) == 1 for piece in found)


def test_a_long_item_of_a_list_is_cut_between_its_sentences():
    text = "1. " + " ".join(f"Sentence {number} says {'much ' * 20}." for number in range(8))
    assert " ".join(slides.pieces(text)).split() == text.split()
    assert all(len(piece) <= slides.MOST for piece in slides.pieces(text))


def test_lists_and_tables_are_cut_between_items_and_rows():
    listed = "\n".join(f"- item {number} " + "x" * 100 for number in range(9))
    assert "\n".join(slides.pieces(listed)) == listed
    assert all(len(piece) <= slides.MOST for piece in slides.pieces(listed))
    table = "| ask | answer |\n|---|---|\n" + "\n".join(f"| question {n} | {'y' * 90} |" for n in range(8))
    cut = slides.pieces(table)
    assert all(piece.startswith("| ask | answer |\n|---|---|\n") for piece in cut)
    assert sum(piece.count("question") for piece in cut) == 8


def whole_text(deck: list[slides.Slide]) -> str:
    """All that is said on a deck and in its notes."""
    return "\n".join(f"{slide.head}\n{slide.text}\n{slide.after}\n" + "\n".join(slide.notes) for slide in deck)


def test_a_deck_follows_its_lesson(each):
    deck = slides.slides(each)
    assert deck[0].kind == "title"
    assert deck[0].head == each.title
    said = whole_text(deck)
    for block in each.blocks("heading"):
        if block.level == 2 and block.text not in (word("heading_reading"), word("heading_sources")):
            assert re.sub(word("minutes"), "", block.text) in said
    for block in each.blocks("critique", "predict", "turn", "teacher"):
        assert block.text in said, "what is cut from a slide stands in the notes"
    for block in each.blocks("list"):
        assert all(item in said for item in slides.items(block.text)), "no list is lost"
    asked = {output.values["name"] for output in each.outputs("predict")}
    assert {name for slide in deck for name, _ in slide.asks} == asked
    assert not [slide for slide in deck if not (slide.text or slide.figure or slide.kind == "section")], "no slide is empty"


def test_each_question_stands_before_its_answer_and_each_claim_before_its_verdict(each):
    deck = slides.slides(each)
    for number, slide in enumerate(deck):
        if slide.kind in ("answer", "sorted"):
            before = [one.kind for one in deck[:number]]
            opened = max(place for place, kind in enumerate(before) if kind == "section")
            assert {"turn", "predict"} & set(before[opened:]), slide.body
        if slide.kind == "claim":
            assert all(one.claim != slide.claim for one in deck[:number] if one.kind == "verdict"), slide.claim
        if slide.kind == "verdict":
            row = ledger().set_index("claim").loc[slide.claim]
            told = row["test_with"] if pd.isna(row["verdict"]) else row["evidence"]
            assert told in slide.after
            assert told not in slide.text, "the verdict waits for the room's own"
    for output in each.outputs("outcome"):
        places = [n for n, slide in enumerate(deck) if any(output.values["name"] == name for name, _ in slide.asks)]
        assert places, output.values["name"]


def test_a_decks_figures_are_the_notebooks_with_their_words(each):
    stored = nbformat.read(notebook_path(each.name, "learner"), as_version=4)
    images = [output.data["image/png"].replace("\n", "") for cell in stored.cells for output in cell.get("outputs", [])
              if "image/png" in output.get("data", {})]  # fmt: skip
    drawn = [slide for slide in slides.slides(each) if slide.kind == "figure"]
    assert [slide.figure.image for slide in drawn] == images
    for slide in drawn:
        assert base64.b64decode(slide.figure.image).startswith(b"\x89PNG")
        assert slide.figure.text.startswith(slide.body)
        assert re.search(r"\d", slide.figure.text)
        assert slide.code.strip()


def test_no_slide_holds_more_than_can_be_read(each):
    for slide in slides.slides(each):
        if slide.kind not in ("table", "figure", "sorted"):
            letters = len(re.sub(r"<[^>]+>|[*`>|]", "", slide.body))
            assert letters <= 760 or len(reading.sentences(slide.body)) == 1, slide.body


def test_a_deck_is_a_notebook_that_tools_can_read(each):
    book = deck.notebook(each.title, slides.slides(each))
    nbformat.validate(book)
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in book.cells]
    assert kinds[0] == "slide"
    assert "notes" in kinds
    assert all(cell.source.count("<div") == cell.source.count("</div>") for cell in book.cells), "an open box would swallow slides"
    assert set(kinds) <= {"slide", "subslide", "fragment", "notes"}


def test_a_claim_stands_before_the_question_on_it():
    found = slides.slides(lesson(RESOURCES))
    first_claim = next(place for place, slide in enumerate(found) if slide.kind == "claim")
    assert found[first_claim + 1].kind == "predict"
    assert "Relations no. 808" in found[first_claim].body


def test_what_is_to_sort_is_seen_before_its_answer_with_the_words_to_choose(each):
    shown = slides.slides(each)
    known = ledger().set_index("claim")["statement"]
    sorting = [key for key in each.keys.values() if key["kind"] == "mapping"]
    answered = [place for place, slide in enumerate(shown) if slide.kind == "sorted"]
    assert bool(answered) is bool([key for key in sorting if key["name"] in {one.values["name"] for one in each.outputs("exercise")}])
    for key in sorting:
        for item, choice in key["answer"].items():
            told = known.get(item, item)
            words = rf'class="choices">[^<]*{re.escape(str(choice))}'
            place = next(n for n, one in enumerate(shown) if one.kind == "claims" and told in one.body and re.search(words, one.body))
            assert any(n > place and f"**{choice}**" in shown[n].body for n in answered)


def _stored(heads: list[str], rows: list[list[str]]) -> str:
    line = "".join(f"<th>{head}</th>" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{line}</tr></thead><tbody>{body}</tbody></table>"


def test_a_table_on_a_slide_is_tidy():
    rows = slides.rows_of(_stored(["", "big_value", "none"], [["12", "1,235.5", "NaN"], ["13", "NaN", "NaN"]]))
    assert rows == [["big value"], ["1,235.5"], ["–"]], "no numbered index, no empty column, a gap is a dash"
    heads = "<thead><tr><th>side</th><th>critic</th></tr><tr><th>verdict</th><th></th></tr></thead>"
    two = f"<table>{heads}<tr><th>right</th><td>44</td></tr></table>"
    assert slides.rows_of(two) == [["verdict", "critic"], ["right", "44"]]
    wide = slides.rows_of(_stored([f"c{n}" for n in range(8)], [[f"x{n}" for n in range(8)]]))
    assert wide == [[f"c{n}", f"x{n}"] for n in range(8)]


def test_a_large_table_is_cut_or_stays_in_the_notebook():
    row = ["a name", "1"]
    assert len(slides.tables_of(_stored(["a", "b"], [row] * 7))) == 1
    cut = slides.tables_of(_stored(["a", "b"], [row] * 14))
    assert [part.count("<tr>") - 1 for part in cut] == [7, 7]
    assert slides.tables_of(_stored(["a", "b"], [row] * 40)) == []
    assert slides.tables_of(_stored([f"c{n}" for n in range(9)], [[str(n) for n in range(9)]] * 9)) == []


@pytest.mark.parametrize(
    ("answer", "right", "begins"),
    [
        (76.92, "60 of 78. The rest", "**76.92 %.** 60 of 78."),
        (18.57, "+19 %: a rise", "+19 %: a rise"),
        (29.0, "29. Mixing", "29\\. Mixing"),
    ],
)
def test_an_answer_begins_with_its_value(answer, right, begins):
    key = {"kind": "number", "answer": answer, "unit": "%", "right": right, "mistakes": []}
    assert slides.answer_slides(key)[0].body.startswith(begins)


# formulas


def test_formulas_become_mathml_and_money_does_not():
    assert mathml.with_mathml("so $m$ of $$n_1$$") == "so <math>mFalse</math> of <math>n_1True</math>"
    assert mathml.with_mathml("2 US$ and 3 US$ a day, or $4 and $5") == "2 US$ and 3 US$ a day, or $4 and $5"


# worksheets


@pytest.fixture(params=worksheet.worksheets())
def sheet(request: pytest.FixtureRequest) -> worksheet.Sheet:
    """Every worksheet, one after the other."""
    return worksheet.Sheet(request.param)


def test_every_notebook_has_its_worksheet():
    assert worksheet.worksheets() == sorted(lessons(), key=lambda name: ("/" in name, name))


def test_a_worksheet_is_predict_compute_critique_stance_and_answers(sheet):
    heads = {part: re.findall(r"<h2>(.+?)</h2>", text) for part, text in sheet.parts.items()}
    wanted = ["1 · Predict", "2 · Compute, by hand", "3 · Critique", "4 · Take a stance"]
    assert [head for head in heads["front"] + heads["back"] if head in wanted] == wanted
    assert wanted[0] in heads["front"]
    assert wanted[3] in heads["back"]
    assert heads["answers"]
    first, second = paper.sheet_pages(lesson(sheet.name), sheet)
    for page in (first, second.replace("<section", "<h1>x</h1><section")):
        html = paper.document(sheet.name, page)
        assert pages.faults(html) == []
        assert pages.outside(html) == []
        assert "{{" not in html
        assert not re.search(r"three dots|run the cell|double-click|the notebook says", html, flags=re.IGNORECASE)
    assert 'class="rule"' in first


def test_a_worksheet_gives_no_answer_away(sheet):
    room = re.sub(r"\s+", " ", sheet.parts["front"] + sheet.parts["back"])
    answers = re.sub(r"<blockquote>.*?</blockquote>", " ", sheet.parts["answers"], flags=re.DOTALL)  # claims stand on both
    for sentence in reading.sentences(re.sub(r"\s+", " ", answers)):
        assert len(sentence) < 40 or sentence not in room, sentence
    told = ledger().set_index("claim")["evidence"].dropna()
    assert not any(told[claim] in room for claim in told.index if claim in room)


def test_no_figure_is_typed_into_a_worksheet(sheet):
    """As in the lessons: thousands, decimals and shares come from the tables, unless a claim of the ledger says them."""
    text = worksheet.CODE.sub("", sheet.text)
    claimed = " ".join(ledger()["statement"])
    for figure in re.findall(r"\d[\d,]*,\d{3}|\d+\.\d+|\d+(?= %)", BLANK.sub("", text)):
        assert figure in claimed, figure


def test_a_worksheet_follows_its_table(monkeypatch):
    """Doubling a column of the table changes the answers: no figure is kept elsewhere."""
    before = worksheet.Sheet("00_start_here").parts["answers"]
    real = worksheet.load

    def other(name):
        return real(name).assign(year_of_figure=2014) if name == "child_labour_estimates" else real(name)

    monkeypatch.setattr(worksheet, "load", other)
    assert worksheet.Sheet("00_start_here").parts["answers"] != before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n\n---\n\nb", "has 2 parts"),
        ('{{ load("cobalt_minig") }}\n---\n---\n', "cobalt_mining"),
        ('{{ table(load("cobalt_mining")) }}\n---\n---\n', f"{len(load('cobalt_mining'))} rows"),
        ("{{ tonnes }}\n---\n---\n", "NameError: name 'tonnes' is not defined"),
        ('{{ answer("cobalt") }}\n---\n---\n', "cobalt-share-2022"),
        ('{{ claim("cobalt-drc-60pc") }}\n---\n---\n', "cobalt-drc-60pct"),
    ],
)
def test_what_is_wrong_in_a_worksheet_is_told(text, told):
    with pytest.raises(reading.TeachError, match=re.escape(told)):
        _ = worksheet.Sheet(RESOURCES, text).parts


def test_a_lesson_without_a_worksheet_is_told():
    with pytest.raises(reading.TeachError, match="00_start_here"):
        worksheet.Sheet("05_nothing")


def test_a_table_on_paper_keeps_years_and_gaps():
    frame = pd.DataFrame({"year": [2016, 2017], "tonnes": [1235.0, None], "who": ["USGS", None]})
    html = worksheet.Sheet(RESOURCES).table(frame, work=False)
    assert html.count('class="number"') == 6  # heads and cells of two numeric columns
    for cell in (">2016<", ">1,235<", ">–<", ">USGS<"):
        assert cell in html


def test_axes_say_in_words_what_is_to_be_drawn():
    drawn = worksheet.Sheet(RESOURCES).axes(x=(1970, 2020, 10), y=(0, 100, 25), unit="%", prompt="the line")
    assert 'aria-label="Empty axes to draw on: 1970 to 2020 across, 0 to 100 upwards, in %."' in drawn
    assert re.findall(r"<text[^>]*>([^<]+)</text>", drawn)[:6] == ["1970", "1980", "1990", "2000", "2010", "2020"]
    assert drawn.count("<line") == 6 + 5


# sessions


def test_the_plans_of_the_guide_are_read():
    found = sessions.plans()
    assert {name: plan.minutes for name, plan in found.items()} == {"one_hour": 60, "two_hours": 120, "half_a_day": 210, "six_weeks": 720}
    for plan in found.values():
        assert sum(row.minutes for row in plan.rows) == plan.minutes
        assert plan.late
        for row in plan.rows:
            assert row.what == "Break" or (row.material and row.ask and row.wrong), row.what
    assert found["one_hour"].sheets == ["00_start_here", "02_labour"]
    assert [plan.is_course for plan in found.values()] == [False, False, False, True]
    guide = (ROOT / "course" / "guide" / "session_plans.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in guide or f" {name}\n" in guide for name in found)


@pytest.mark.parametrize(("text", "read"), [("1 and 2", [1, 2]), ("1 to 3", [1, 2, 3]), ("4", [4]), ("", []), ("1, 2 and 5", [1, 2, 5])])
def test_sections_of_a_plan(text, read):
    assert sessions.numbers(text) == read


def test_what_a_plan_names_exists_where_it_says():
    for plan in sessions.plans().values():
        for row in plan.rows:
            for clause in row.material.split(";"):
                parts = sessions.Row(1, "", clause, "", "").parts
                for exercise in re.findall(r"`([^`]+)`", clause):
                    (part,) = parts
                    text = "\n".join(cell.source for cell in read_lesson(part.lesson).cells)
                    sections = re.split(r"^## ", text, flags=re.MULTILINE)
                    chosen = [section for section in sections if any(section.startswith(f"{number} · ") for number in part.sections)]
                    assert any(f'check("{exercise}"' in section for section in chosen), (plan.name, exercise)


def test_a_deck_of_a_session_follows_its_plan():
    for plan in sessions.plans().values():
        for rows in [[row] for row in plan.rows] if plan.is_course else [plan.rows]:
            shown = kit.session(plan, rows, lesson)
            heads = [slide.head for slide in shown]
            for row in rows:
                place = heads.index(row.title, 1)
                assert shown[place].notes or row.what == "Break"
                assert f"{row.minutes} minutes" in shown[place].body
                assert row.detail in shown[place].body
            for place, address in enumerate(re.findall(r"\(#/(\d+)\)", shown[1].body)):
                opened = [slide for slide in shown if slide.kind in slides.OPENING][int(address)]
                assert opened.head == rows[place].title
            claims, _ = pretest()
            text = "\n".join(slide.body for slide in shown)
            assert all(claim in text for claim in claims) is any(row.has_test for row in rows)


def test_on_paper_the_deck_waits_for_the_vote_and_gives_the_verdict():
    plan = sessions.plans()["one_hour"]
    row = next(row for row in plan.rows if row.figures)
    shown = kit.session(plan, [row], lesson)
    kinds = [slide.kind for slide in shown]
    assert kinds == ["title", "section", "claim", "turn", "turn", "figure", "verdict"]
    on_screen = "\n".join(f"{slide.body}{slide.after if slide.kind != 'verdict' else ''}" for slide in shown)
    in_notes = "\n".join("\n".join(slide.notes) for slide in shown)
    for part in re.findall(r"<p>(.+?)</p>", worksheet.Sheet("00_start_here").parts["answers"].split("<blockquote>")[0], flags=re.DOTALL):
        assert part not in on_screen
        assert re.sub(r"\s*\n\s*", " ", part) in in_notes


def test_the_reply_to_all_numbers_lie_is_true():
    """The plan says that most of the nine claims of lesson 00 are right or roughly right."""
    items = lesson("00_start_here").keys["start-boxes"]["answer"]
    verdicts = ledger().set_index("claim").loc[list(items), "verdict"]
    assert len(items) == 9
    assert verdicts.isin(["right", "roughly right"]).sum() > 4


def test_a_section_that_does_not_exist_is_told():
    with pytest.raises(reading.TeachError, match="section 12"):
        slides.sections(slides.slides(lesson(RESOURCES)), [12])


def test_a_plan_that_cannot_be_read_is_told(monkeypatch, tmp_path):
    path = tmp_path / "plans.md"
    head = "## One hour (60 minutes)\n\n| min | what |\n|---|---|\n"
    monkeypatch.setattr(sessions, "PLANS", path)
    for text in (head + "| 60 | all |\n\n*If late:* stop\n", head):
        path.write_text(text, encoding="utf-8")
        sessions.plans.cache_clear()
        with pytest.raises(reading.TeachError, match=r"session_plans\.md"):
            sessions.plans()
    sessions.plans.cache_clear()
    with pytest.raises(reading.TeachError, match="07"):
        sessions.lesson_of("07")


def test_a_kit_holds_what_the_plan_hands_out():
    for plan in sessions.plans().values():
        papers = kit.documents(plan, lesson)
        assert set(papers) >= {"plan", "poster", "answers", "test"}
        for file in set(papers) - {"plan", "answers"}:
            assert file == "poster" or f"<code>{file}.pdf</code>" in papers["plan"][1]
            assert not [claim for claim in ledger()["evidence"].dropna() if claim in papers[file][1]]
        pages = papers["handout"][1].count('class="page') if "handout" in papers else 0
        assert pages == 2 * len(plan.sheets), "each worksheet is one sheet, printed on both sides"
        answers = papers["answers"][1]
        assert answers.count("<h2>") == 1 + len(plan.exercises()) + len(plan.sheets)
        for exercise in [name for names in plan.exercises().values() for name in names]:
            assert f"<code>{exercise}</code>" in answers
        assert "**" not in re.sub(r"<code>.*?</code>", "", answers)
        twice = sum(row.has_test for row in plan.rows) == 2
        assert ("2 for each student" in papers["plan"][1]) is twice


def test_the_printed_plan_carries_care_and_prompts():
    for plan in sessions.plans().values():
        text = paper.plan_page(plan, [])
        for row in plan.rows:
            assert row.what in text
        for page in ("care", "prompts"):
            head = (ROOT / "course" / "guide" / f"{page}.md").read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
            assert f"<h2>{head}</h2>" in text
        assert "](" not in text
        assert pages.faults(paper.document(plan.title, text)) == []


def test_the_test_asks_and_does_not_answer():
    text = paper.test_page()
    claims, sentences = pretest()
    assert len(claims) == len(sentences) == 3
    assert pages.faults(paper.document("test", text)) == []
    plain = unescape(re.sub(r"<[^>]+>", "", text))
    for asked in [*claims, *sentences]:
        assert asked.replace("*", "") in plain


def test_the_poster_is_one_page_of_eight_questions():
    text = paper.document("poster", paper.poster())
    assert list(reading.verdict_meanings()) == VERDICTS
    assert all(meaning in text for meaning in reading.verdict_meanings().values())
    assert text.count("<li>") == 8
    assert text.count('class="page') == 1
    plain = re.sub(r"<[^>]+>", " ", text)
    for question in reading.eight_questions():
        for part in re.split(r"[()?]", question):
            assert part.strip() in plain
    assert pages.faults(text) == []


def test_pages_of_a_pdf_are_counted(tmp_path):
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"%PDF-1.4\n<</Type /Pages /Count 2>>\n<</Type /Page\n>>\n<</Type /Page>>\n")
    assert check.pdf_pages(path) == 2


# pages of HTML


def test_a_link_that_leads_nowhere_is_found():
    made = {
        "index.html": '<html lang="en"><a href="a/b.html#here">b</a><a href="a/b.html#gone">x</a><a href="c.html">c</a>'
        '<a href="https://x.org">x</a>',
        "a/b.html": '<h1 id="here">b</h1><a href="../index.html">up</a><img src="p.png" alt="p"><img src="q.png" alt="q">'
        '<a href="#here">h</a>',
    }
    assert pages.broken(made, {"a/p.png"}) == [
        "index.html: a/b.html#gone has no such place",
        "index.html: c.html does not exist",
        "a/b.html: q.png does not exist",
    ]


@pytest.mark.parametrize(
    "loaded",
    [
        '<script src="https://cdn.example.org/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example.org/x.css">',
        "<style>@import 'https://fonts.example.org/a.css';</style>",
        '<style>a { background: url("https://example.org/a.png") }</style>',
        '<p style="background: url(https://example.org/a.png)">',
        '<img alt="a" src="a.png" srcset="https://example.org/a.png 2x">',
    ],
)
def test_a_page_that_asks_the_network_is_found(loaded):
    assert len(pages.outside(f"<html>{loaded}")) == 1
    assert pages.outside('<a href="https://example.org">a link to follow</a><link rel="canonical" href="https://example.org">') == []
    assert pages.outside("<style>a { background: url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\") }</style>") == []


def test_what_a_screen_reader_would_miss_is_found():
    good = '<html lang="en"><h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2><img src="a" alt="words">'
    assert pages.faults(good) == []
    assert pages.faults(good.replace(' lang="en"', "")) == ["no language"]
    assert pages.faults(good.replace("h3", "h4")) == ["a heading of level 4 follows one of level 2"]
    assert len(pages.faults(good.replace("words", ""))) == 1


# reading edition


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    """All that Sphinx reads, for the whole course."""
    return site.sources_of_site([lesson(name) for name in lessons()], students=False)


def test_every_part_of_the_course_has_its_page(whole):
    assert {f"notebooks/{name}.ipynb" for name in lessons()} <= set(whole)
    assert {f"tables/{name}.md" for name in tables() if name not in ("claims", "sources")} <= set(whole)
    text = "\n".join(text for path, text in whole.items() if path.startswith("ledger/"))
    assert sorted(re.findall(r"^\(claim-(.+)\)=$", text, flags=re.MULTILINE)) == sorted(ledger()["claim"])
    text = "\n".join(text for path, text in whole.items() if path.startswith("sources/"))
    assert sorted(re.findall(r"^\(source-(.+)\)=$", text, flags=re.MULTILINE)) == sorted(load("sources")["source"].str.replace("_", "-"))
    for path in sorted((ROOT / "course" / "guide").glob("*.md")):
        assert f"guide/{path.name.replace('README', 'index')}" in whole


def test_every_link_of_the_reading_edition_has_a_target(whole):
    labels = {label for text in whole.values() for label in re.findall(r"^\(([a-z0-9-]+)\)=$", text, flags=re.MULTILINE)}
    for path, text in whole.items():
        for target in re.findall(r"\]\(/([^)#]+)[^)]*\)", text):
            assert target in whole, f"{path}: {target}"
        for label in re.findall(r"\]\(#((?:claim|source)-[^)]+)\)", text):
            assert label in labels, f"{path}: {label}"


def test_sources_are_linked_both_ways(whole):
    for name in tables():
        if name not in ("claims", "sources"):
            for key in load(name)["source"].unique():
                assert f"(#source-{key.replace('_', '-')})" in whole[f"tables/{name}.md"]
    everything = "\n".join(text for path, text in whole.items() if path.startswith("sources/"))
    entries = dict(re.findall(r"^\(source-([^)]+)\)=\n(.*?)(?=^\(source-|^# |\Z)", everything, flags=re.MULTILINE | re.DOTALL))
    for name in tables():
        if name not in ("claims", "sources"):
            for key in load(name)["source"].unique():
                assert f"/tables/{name}.md" in entries[key.replace("_", "-")], (name, key)
    for row in ledger().itertuples():
        assert f"(#claim-{row.claim})" in entries[row.source.replace("_", "-")]


def test_a_page_to_read_asks_for_no_typing_and_folds_its_answers(each):
    titles = {name: name for name in lessons()}
    for answers in (True, False):
        book = site.page_of(each, titles, answers)
        nbformat.validate(book)
        texts = [output.get("data", {}).get("text/markdown", "") for cell in book.cells for output in cell.get("outputs", [])]
        assert not any("replace the three dots" in text.lower() for text in texts)
        said = "\n".join(texts)
        for output in each.outputs("exercise"):
            key = each.keys[output.values["name"]]
            if key["right"]:
                assert (key["right"] in said) is answers or key["right"] in str(each.outputs("text"))
    for cell in site.page_of(each, titles, True).cells:
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])):
            assert cell.metadata["mystnb"]["image"]["alt"].strip()


def test_students_get_no_guide_and_no_answers():
    given = site.sources_of_site([lesson("00_start_here")], students=True)
    assert not [path for path in given if path.startswith("guide/")]
    assert word("site_answer") + "</summary>" not in given["notebooks/00_start_here.ipynb"]


def test_a_table_page_gives_its_file_and_its_notebooks(whole):
    for name in tables():
        if name not in ("claims", "sources"):
            page = whole[f"tables/{name}.md"]
            assert f"(files/{name}.csv)" in page
            used = any(name in site.lesson_uses()[one]["tables"] for one in lessons())
            assert ("(/notebooks/" in page) is used, name


def test_names_in_code_become_links_and_headings_stay():
    titles = {"01_resources": "Resources"}
    text = "# `cobalt_mining`\n\nSee `cobalt_mining`, `mturk-500k`, `01_resources.ipynb` and `n1`.\n\n```\n`cobalt_mining`\n```"
    assert site.linked(text, titles) == (
        "# `cobalt_mining`\n\nSee [`cobalt_mining`](/tables/cobalt_mining.md), [`mturk-500k`](#claim-mturk-500k), "
        "[Resources](/notebooks/01_resources.ipynb) and `n1`.\n\n```\n`cobalt_mining`\n```"
    )
    assert (
        site.linked("[a](../../datasets/README.md#cobalt_mining) [b](../build.py)", titles, "course/guide")
        == "[a](/tables/cobalt_mining.md) b"
    )


def test_every_sentence_of_the_tools_can_be_filled():
    for key, text in WORDS.items():
        if isinstance(text, str) and not key.startswith(("lead_", "machine", "minutes")):
            names = set(re.findall(r"\{(\w+)[^}]*\}", text))
            assert text.format(**dict.fromkeys(names, 1.0))
