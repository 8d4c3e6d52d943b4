"""Slides, sheets and the reading edition come from tags, records and keys: what they show, in which order, and from no sentence."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from functools import cache

import nbformat
import pytest
from bs4 import BeautifulSoup

from course import claims, load, tables
from course.claims import find, ledger, meanings
from course.doors import ROOT
from course.make.cases import cases
from course.make.lessons import lessons
from course.make.sessions import DEBATES, plans, sheets, worksheets
from course.make.teach import deck, kit, paper, reading, release, search, sheet, site, slides
from course.make.teach.words import WORDS, word

NAMES = lessons()
pytestmark = pytest.mark.usefixtures("without_the_tools")


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
    assert {output.name for output in found.outputs("check")} == set(found.keys)
    assert {output.name for output in found.outputs("outcome")} <= {output.name for output in found.outputs("predict")}
    free = any("dossier" in cell.tags for cell in found.cells)  # a claim of one's own has no answer here
    assert free or set(found.actuals) == {output.name for output in found.outputs("outcome")}
    assert not any("actual" in output.record for output in found.outputs("outcome")), "a learner's notebook holds no unguessed answer"
    assert all(output.text for output in found.outputs("figure")), "a figure has its words"


def test_a_lesson_that_was_never_built_gets_a_sentence():
    with pytest.raises(reading.TeachError, match="course build no_such"):
        reading.read("no_such")


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
def test_a_verdict_waits_for_the_room_and_a_slide_is_one_long_block_or_several_short_ones(name):
    for slide in cut(name):
        if slide.kind == "verdict":
            assert slide.after == reading.judged(slide.claim)
            assert slide.after not in slide.body
        if slide.kind not in ("claims", "sorted", "objectives", "end"):  # lists are set smaller
            assert slides.pieces(slide.body) == ([slide.body.strip()] if slide.body else []), slide.body
        assert len(slide.context) <= {"predict": slides.CONTEXT, "turn": slides.CONTEXT, "stance": slides.MOST}.get(slide.kind, 0)
        assert slide.context or slide.body or slide.kind != "predict", "a guess stands under its question"


def test_a_claim_to_sort_stands_with_its_speaker():
    key = lesson("00_start_here").keys["start-eight"]
    for made in (slides.sort_slides(key), slides.answer_slides(key)):
        listed = "\n".join(slide.body for slide in made)
        assert all(slides.said(find(name)) in listed for name in key["answer"])


def test_the_guesses_of_a_cell_stay_on_one_question_and_those_of_an_exercise_on_it():
    asked = {name: slide.head for slide in cut("02_labour") for name, _ in slide.asks}
    assert asked["sama-times-minimum"] == word("slide_predict") and asked["ppp-gap"] == word("slide_turn")
    levers = [slide.asks for slide in cut("more/where_the_carbon_sits") if ("phone-lever", "") in slide.asks]
    assert [[name for name, _ in asks] for asks in levers] == [["phone-lever", "server-lever"]]


def test_a_small_figure_leaves_its_other_numbers_to_the_notes():
    drawn = [slide for slide in cut("02_labour") if slide.figure and slide.figure.record.get("more")]
    assert drawn and all(
        slide.figure.record["more"] in slide.notes and slide.figure.record["more"] not in slide.figure.words for slide in drawn
    )


def test_a_text_is_cut_between_its_paragraphs_items_and_rows():
    assert slides.pieces("one\n\ntwo") == ["one\n\ntwo"]
    assert slides.pieces("one\n\ntwo", 40) == ["one", "two"]
    assert slides.pieces("- one\n  more\n- two\n    - deep", 40) == ["- one\n  more", "- two\n    - deep"]
    assert slides.pieces("| a |\n|---|\n| 1 |\n| 2 |", 40) == ["| a |\n|---|\n| 1 |", "| a |\n|---|\n| 2 |"]
    assert slides.pieces("A sentence. " * 9, 40) == [("A sentence. " * 9).strip()]


def test_what_is_to_be_sorted_is_said_above_it():
    made = cut("03_data")
    key = lesson("03_data").keys["data-denominators"]
    place = next(place for place, slide in enumerate(made) if slide.head == word("slide_sort") and "5 %" in slide.body)
    assert made[place - 1].kind == "turn"
    assert all(f"| {choice} |" in made[place - 1].body for choice in key["choices"])


def test_a_small_table_is_shown_and_a_large_one_is_not():
    small = "<tr><th></th><th>a_b</th></tr><tr><th>0</th><td>NaN</td></tr><tr><th>1</th><td>2</td></tr>"
    large = "<tr>" + "<th>a</th>" * 7 + "</tr>" + ("<tr>" + "<td>1</td>" * 7 + "</tr>") * 9
    assert slides.tables_of(f"<table>{small}</table>") == [[("a b",), ("–",), ("2",)]]
    assert slides.tables_of(f"<table>{large}</table>") == []


def test_sections_are_chosen_by_their_ids():
    made = cut("01_resources")
    assert {slide.section for slide in slides.sections(made, ["who-digs"])} == {"who-digs"}
    with pytest.raises(reading.TeachError, match="no-such-section"):
        slides.sections(made, ["no-such-section"])


def test_a_deck_has_steps_notes_and_parts_where_the_slides_have_them():
    made = cut("00_start_here")
    page = BeautifulSoup(deck.html("Try", made), "html.parser")
    shown = page.select(".slides > section > section")
    assert [one["class"] for one in shown] == [[slide.kind] for slide in made]
    assert [bool(one.select(".after")) for one in shown] == [bool(slide.after) for slide in made]
    assert [len(one.select("aside.notes")) for one in shown] == [bool(slide.notes) for slide in made]
    assert [one.img["alt"] for one in shown if one.img] == [slide.figure.text for slide in made if slide.figure]
    assert len(page.select(".slides > section")) == sum(slide.kind in slides.OPENING for slide in made)


# sessions and paper


@pytest.mark.parametrize("name", list(plans()))
def test_a_plan_becomes_a_deck_and_its_papers(name):
    plan = plans()[name]
    made = kit.session(plan, plan.rows, lesson)
    agenda = made[1].body.splitlines()
    assert len([line for line in agenda if line.startswith("- [")]) == len(plan.rows)
    documents = kit.documents(plan, lesson)
    assert {"plan", "answers", "poster", "checklist"} <= set(documents)
    assert ("test" in documents) == any(row.has("test") for row in plan.rows)
    assert ("set_up" in documents) == ("without_laptops" in documents) == bool(plan.each("notebook"))
    named = {
        one.get_text().removesuffix(".pdf") for one in BeautifulSoup(documents["plan"][1], "html.parser").select("li > code:first-child")
    }
    assert {name for name in documents if name in named} == set(documents), "the plan says of each paper how often to print it"
    files = {code.get_text() for _, body in documents.values() for code in BeautifulSoup(body, "html.parser").find_all("code")}
    assert {file for file in files if file.endswith(".pdf")} <= {f"{name}.pdf" for name in documents}, (
        "no page names a paper that is not there"
    )
    answers = BeautifulSoup(documents["answers"][1], "html.parser").get_text(" ")
    for field in cases() if plan.cases else []:
        room, sides = documents[f"case_{field}"][1], (cases()[field].critic, cases()[field].promoter)
        assert all(side.row["evidence"] not in room and side.row["evidence"] in answers for side in sides), "the room judges first"
    for item in plan.each("claim", "verdict", "quiz", "ledger"):
        for row in map(claims.find, item.told):
            assert all(" ".join(str(row[what]).split()) in " ".join(answers.split()) for what in ("statement", "verdict")), row["claim"]


def face(slide: slides.Slide) -> str:
    """Return what the room sees of a slide: all of it but its notes."""
    return " ".join([slide.head, slide.context, slide.body, slide.guesses if slide.asks else "", slide.after])


@pytest.mark.parametrize("name", list(plans()))
def test_each_row_of_a_plan_has_its_slides_and_what_the_lecturer_reads_is_on_none(name):
    plan = plans()[name]
    made = kit.session(plan, plan.rows, lesson)
    starts = [slide for slide in made if slide.kind == "section" and slide.body.startswith(tuple("0123456789"))]
    assert [slide.head for slide in starts] == [row.title for row in plan.rows]
    assert [slide.body.split("\n")[0] for slide in starts] == [word("slide_minutes", minutes=row.minutes) for row in plan.rows]
    seen = "\n".join(map(face, made))
    noted = "\n".join(note for slide in made for note in slide.notes)
    for row in plan.rows:
        told = [item.say or item.hand or item.vote or item.do for item in row.items]
        for text in filter(None, [row.detail, row.wrong, row.reply, *told]):
            assert text not in seen, f"a direction on a slide: {text}"
            assert text in noted
        assert all(text in seen for item in row.items for text in (item.show, item.pairs) if text)
    for text in filter(None, [plan.say_first, plan.late]):
        assert text not in seen and text in noted


def test_a_deck_for_a_chosen_lesson_has_no_slide_of_another():
    plan = plans()["two_hours"].only("02_labour")
    made = kit.session(plan, plan.rows, lesson)
    others = [slide.head for name in ("01_resources", "03_data") for slide in cut(name) if slide.kind == "section"]
    assert not {slide.head for slide in made} & set(others)
    assert "02_labour" in plan.exercises()
    assert len(made) < len(kit.session(plans()["two_hours"], plans()["two_hours"].rows, lesson)) / 1.5


def test_a_deck_names_the_sources_that_its_figures_have_no_room_for():
    plan = plans()["two_hours"].only("02_labour")
    made = kit.session(plan, plan.rows, lesson)
    listed = "\n".join(slide.body for slide in made if slide.kind == "sources")
    keys = {key for slide in made if slide.figure for key in slide.figure.record.get("sources", [])}
    assert keys
    assert all(paper.source(key)["title"] in listed for key in keys)


def test_the_sheet_of_the_hour_asks_what_the_plan_has_time_for_and_says_what_each_word_means():
    hour = plans()["one_hour"]
    made = kit.readied("session/one_hour")
    planned = [label for item in hour.each("sheet", "vote") for label in item.questions]
    assert sorted(planned) == sorted(made.questions)
    assert set(made.claims) == {item.verdict for item in hour.each("verdict")}
    for side in ("front", "back"):
        defined = BeautifulSoup(made.parts[side], "html.parser").select(".words dt")
        assert [word.get_text() for word in defined] == list(meanings())
    answers = BeautifulSoup(made.parts["front_answers"] + made.parts["back_answers"], "html.parser")
    voted = [label for item in hour.each("vote") for label in item.questions]
    assert [one.get_text().rstrip(".") for one in answers.select("p > strong:first-child")] == [q for q in made.questions if q not in voted]
    shown = [slide for slide in kit.session(hour, hour.rows, lesson) if slide.head == word("slide_paper")]
    asked = [word("slide_questions", questions=", ".join(item.questions), minutes=f"{item.minutes:g}") for item in hour.each("sheet")]
    assert [slide.body for slide in shown] == asked


@pytest.mark.parametrize("name", worksheets())
def test_a_sheet_that_asks_for_a_word_says_what_each_means(name):
    made = sheet.Sheet(name)
    pages = BeautifulSoup(made.parts["front"] + made.parts["back"], "html.parser")
    assert not pages.select(".scale"), "a bare line of words"
    assert all([one.get_text() for one in box.select("dt")] == list(meanings()) for box in pages.select(".words"))


@pytest.mark.parametrize("name", [name for name in sheets() if name.startswith(DEBATES)])
def test_a_debate_gives_both_sides_the_claim_and_the_evidence(name):
    made = kit.readied(name)
    row = claims.find(made.claims[0])
    assert set(made.claims) == {row["claim"]}
    assert row["verdict"] == "contested"
    for side in ("front", "back"):
        told = BeautifulSoup(made.parts[side], "html.parser")
        assert row["evidence"] in told.get_text()
        assert told.select("table") and len(told.select("li")) == 3
    assert made.title and made.question and made.second_page != "back"


@pytest.mark.parametrize("name", worksheets())
def test_a_worksheet_makes_its_parts(name):
    made = sheet.Sheet(name)
    pages = BeautifulSoup(paper.draw("sheet", lesson(name), made), "html.parser")
    assert all(made.parts[part].strip() for part in sheet.PARTS)
    assert "{{" not in pages.get_text()
    assert len(pages.select("section.page")) == 2
    assert all(table in pages.select_one(".foot").get_text() for table in made.used)
    turns = [slide.notes[0] for slide in kit._sheet(made) if slide.kind == "turn"]
    assert turns == [made.parts[part].replace("h2>", "strong>") for part in sheet.PARTS[2:]]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("claim('no-such')", "no claim called"),
        ("answer('no-such')", "no exercise no-such"),
        ("1", "1 parts"),
    ],
)
def test_a_worksheet_that_cannot_be_made_says_why(call, said):
    rest = "" if call == "1" else "\n---\nb" * 3
    with pytest.raises(reading.TeachError, match=said):
        _ = sheet.Sheet("01_resources", f"{{{{ {call} }}}}{rest}").parts


def test_the_poster_has_questions_and_words_and_the_test_no_answers():
    poster, asked = paper.poster(), paper.test_page()
    assert all(f"<dt>{verdict}</dt>" in poster for verdict in meanings())
    assert poster.count("<li>") == len(reading.eight_questions()) == 8
    assert [finding for finding in map(str, ledger()["evidence"]) if finding in asked] == []


# the reading edition


@cache
def pages(students: bool) -> dict[str, str]:
    return site.sources_of_site([lesson(name) for name in NAMES], students)


def test_each_claim_table_lesson_and_source_has_its_page_or_anchor():
    made = pages(False)
    text = "\n".join(body for path, body in made.items() if path.startswith("ledger/"))
    assert all(f"(claim-{name})=" in text for name in ledger()["claim"])
    found = site.places()
    assert {found[name] for name in tables()} >= {f"tables/{name}" for name in tables() if name not in ("claims", "sources")}
    assert [found[name] for name in NAMES] == [f"notebooks/{name}" for name in NAMES]
    assert all(found[name] == f"#claim-{name}" for name in ledger()["claim"])
    assert all(f"{page}.md" in made or f"{page}.ipynb" in made for page in found.values() if not page.startswith("#"))
    assert found["course/made/guide/session_plans.md"] == "guide/session_plans"
    keys = "\n".join(body for path, body in made.items() if path.startswith("sources/"))
    assert all(f"(source-{key.replace('_', '-')})=" in keys for key in load("sources")["source"])


def test_code_that_only_asks_is_folded():
    assert site.only_the_course("import pandas as pd\npd.options.a = 1")
    assert site.only_the_course('predict("a", ...,\n    unit="%")')
    assert not site.only_the_course("a = load('b')\nclaim('c')")


def test_students_get_neither_guide_nor_answers():
    full, students = pages(False), pages(True)
    assert [any(path.startswith("guide/") for path in made) for made in (full, students)] == [True, False]
    answer = lesson("01_resources").keys["cobalt-share-2022"]["right"]
    assert answer in full["notebooks/01_resources.ipynb"]
    assert answer not in students["notebooks/01_resources.ipynb"]


# no sentence is read


def x(text: str) -> str:
    """Return a text with every letter replaced, marks and figures kept."""
    return re.sub(r"[^\W\d_]", "x", text)


def shape(lessons: list[reading.Lesson]) -> tuple[list, list]:
    """Return the slides of lessons, by kind and number, and the anchors of the site."""
    decks = [[(slide.kind, slide.section, len(slide.asks), slide.claim) for slide in slides.slides(one)] for one in lessons]
    text = "\n".join(site.sources_of_site(lessons, False).values())
    return decks, sorted(line for line in text.splitlines() if line.startswith(("(claim-", "(source-")) and line.endswith(")="))


def test_with_every_letter_replaced_decks_and_anchors_are_the_same_by_kind_and_number(monkeypatch):
    before = shape([lesson(name) for name in NAMES])
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
    assert shape([reading.read(name) for name in NAMES]) == before


def test_every_sentence_of_the_tools_is_used_and_none_is_searched_by_pattern():
    files = [path for path in (ROOT / "course" / "make" / "teach").rglob("*.*") if path.suffix in (".py", ".j2")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert not any(line.strip() in ("import re", "import regex") for line in code.splitlines())
    built = [f"slide_{kind}" for kind in (*slides.ASKS, "front", "back")]  # keys put together from a kind
    built += [f"do_{kind}" for kind in ("say", "hand", "vote", "do")] + [key for key in WORDS if key.startswith("print_")]
    built += [f"search_{kind}" for kind in search.TOLD] + [f"release_{kind}" for kind in (*release.EDITIONS, release.REST)]
    unused = [key for key in WORDS if f'"{key}"' not in code and f"'{key}'" not in code and key not in built]
    assert unused == []
