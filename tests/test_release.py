"""What is packed for whoever has no Python: questions read back as Moodle does, cards that lie back to back, zips that stay the same."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from functools import cache
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup

from course.claims import find, ledger, meanings
from course.doors import ROOT
from course.make import teach
from course.make.lessons import lessons
from course.make.pages import by_hand
from course.make.sessions import plans
from course.make.teach import archive, cards, moodle, pptx, reading, release, search, slides
from course.make.teach.words import word

NAMES = lessons()
pytestmark = pytest.mark.usefixtures("without_the_tools")


@cache
def lesson(name: str) -> reading.Lesson:
    return reading.read(name)


# Moodle: a reader that does what question/format/xml/format.php does


def said(node: ElementTree.Element, path: str) -> str:
    return (node.findtext(f"{path}/text") or "").strip()


def read_back(text: str) -> list[dict]:
    """Return the questions of a file, with the category they fall into."""
    found, category = [], ""
    for node in ElementTree.fromstring(text.encode()).findall("question"):
        if node.get("type") == "category":
            category = said(node, "category")
            continue
        answers = [
            {
                "text": said(answer, "."),
                "fraction": float(answer.get("fraction", 0)) / 100,
                "feedback": said(answer, "feedback"),
                "tolerance": float(answer.findtext("tolerance") or 0),
            }
            for answer in node.findall("answer")
        ]
        pairs = [(said(row, "."), said(row, "answer")) for row in node.findall("subquestion")]
        combined = [said(node, f"{kind}feedback") for kind in ("correct", "partiallycorrect", "incorrect")]
        told = {
            "kind": node.get("type"),
            "name": said(node, "name"),
            "asked": said(node, "questiontext"),
            "why": said(node, "generalfeedback"),
        }
        found.append(
            told | {"category": category, "answers": answers, "pairs": pairs, "combined": combined, "id": node.findtext("idnumber")}
        )
    return found


def graded(question: dict, value: float) -> dict:
    """Return the answer that Moodle takes for a number: the first within its tolerance; a star takes all."""
    return next(
        one for one in question["answers"] if one["text"] == "*" or abs(value - float(one["text"])) <= one["tolerance"] * (1 + 1e-9)
    )


def plainly(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


@cache
def questions_of(name: str) -> dict[str, dict]:
    one = lesson(name)
    return {question["name"]: question for question in read_back(moodle.quiz({one.title: moodle.questions(one)}))}


@pytest.mark.parametrize("name", NAMES)
def test_every_check_of_a_lesson_is_a_question_that_is_asked(name):
    found = questions_of(name)
    assert list(found) == [output.name for output in lesson(name).outputs("check")]
    for question in found.values():
        assert question["category"].startswith("$course$/top/") and question["id"] == question["name"]
        assert len(plainly(question["asked"])) > len(plainly(word("moodle_where", path=f"notebooks/{name}.ipynb"))) + 20, question["name"]
        assert question["why"], question["name"]


@pytest.mark.parametrize("name", NAMES)
def test_a_number_is_right_within_its_tolerance_and_a_mistake_gets_its_own_sentence(name):
    for exercise, key in lesson(name).keys.items():
        if key["kind"] != "number":
            continue
        question = questions_of(name)[exercise]
        assert question["kind"] == "numerical"
        edge = key["answer"] + 0.99 * (key["tolerance"] * abs(key["answer"]) or key["tolerance"])
        assert all(graded(question, value)["fraction"] == 1 for value in (key["answer"], edge, *key["accepted"])), exercise
        for wrong, message in key["mistakes"]:
            taken = graded(question, wrong)
            assert taken["fraction"] == 0 and taken["text"] != "*", f"{exercise}: {wrong}"
            assert plainly(reading.markup(message)) in plainly(taken["feedback"]), f"{exercise}: {wrong}"
        assert question["answers"][-1]["text"] == "*" and all(one["feedback"] for one in question["answers"])


@pytest.mark.parametrize("name", NAMES)
def test_words_and_what_is_sorted_keep_their_answers_and_their_reasons(name):
    known = ledger().set_index("claim")["statement"]
    for exercise, key in lesson(name).keys.items():
        question = questions_of(name).get(exercise, {})
        if key["kind"] == "word":
            assert question["kind"] == "multichoice" and {key["answer"], *(key["choices"] or [])} <= set(
                plainly(one["text"]) for one in question["answers"]
            )
            assert [plainly(one["text"]) for one in question["answers"] if one["fraction"] == 1] == [key["answer"]]
            assert all(one["feedback"] for one in question["answers"])
        elif key["kind"] == "mapping":
            assert question["kind"] == "matching"
            asked = {plainly(item): choice for item, choice in question["pairs"] if item}
            assert asked == {plainly(reading.markup(known.get(item, item))): str(right) for item, right in key["answer"].items()}
            assert set(map(str, key["choices"] or [])) <= {choice for _, choice in question["pairs"]}
            for note in key["notes"].values():
                assert all(plainly(reading.markup(note)) in plainly(told) for told in question["combined"][1:]), exercise


def test_a_claim_of_the_bank_has_the_verdict_of_the_ledger_and_a_sentence_for_each_other_word(tmp_path):
    made = moodle.make([], tmp_path)
    assert [path.name for path in made] == ["question_bank.xml"]
    found = read_back(made[0].read_text(encoding="utf-8"))
    bank = by_hand("question_bank")
    assert {question["name"] for question in found} == set(bank["claim"]) - {""}
    for question in found:
        row = find(question["name"])
        assert [plainly(one["text"]) for one in question["answers"]] == list(meanings())
        assert [plainly(one["text"]) for one in question["answers"] if one["fraction"] == 1] == [row["verdict"]]
        for one in question["answers"]:
            assert plainly(reading.markup(meanings()[plainly(one["text"])])) in plainly(one["feedback"])
        assert plainly(reading.markup(row["evidence"])) in plainly(question["why"])


# cards


def test_the_cards_are_half_critics_and_half_promoters_by_the_fields_alone():
    chosen = cards.chosen()
    assert len({row["claim"] for row in chosen}) == cards.COUNT
    assert Counter(row["side"] for row in chosen) == {"critic": cards.COUNT // 2, "promoter": cards.COUNT // 2}
    for row in chosen:
        assert row["status"] == "checked" and row["show"] and row["independence"] == "independent" and row["figure"]
    for side in ("critic", "promoter"):
        able = set(cards.fit_for_cards().query("side == @side")["verdict"])
        assert {row["verdict"] for row in chosen if row["side"] == side} == able, f"every word that a {side}'s claim can have"


def test_a_back_lies_behind_its_face():
    pages = BeautifulSoup(cards.pages(), "html.parser").select("section.page.cards")
    assert len(pages) == 2 * cards.COUNT // (cards.ACROSS * cards.DOWN)
    for faces, backs in zip(pages[::2], pages[1::2], strict=True):
        front, back = ([card["id"].split("-")[1] for card in page.select(".card")] for page in (faces, backs))
        rows = [front[start : start + cards.ACROSS] for start in range(0, len(front), cards.ACROSS)]
        assert back == [number for row in rows for number in reversed(row)]
        for card in faces.select(".card"):
            row = cards.chosen()[int(card["id"].split("-")[1]) - 1]
            assert row["verdict"] not in card.select_one(".top").text and row["evidence"] not in card.text
            assert row["figure"] in card.text and row["speaker"] in card.text


# .pptx


def test_a_slide_keeps_its_words_its_lists_and_its_bold():
    found = pptx.paragraphs("Ask **whom**:\n\n- one\n- two *more*\n\n3. three\n\n> said\n>\n> *by whom*")
    assert [(one.text, one.mark) for one in found] == [
        ("Ask whom:", ""), ("one", "•"), ("two more", "•"), ("three", "1."), ("said", ""), ("by whom", ""),
    ]  # fmt: skip
    assert [one.quoted for one in found] == [False] * 4 + [True] * 2
    assert found[0].runs[1] == ("whom", True, False, False) and found[3].start == 3
    long = pptx.paragraphs("word " * 400)
    assert pptx.size(long, 10, 3) < pptx.size(found, 10, 3)


def test_a_deck_is_the_same_file_each_time_and_its_text_can_be_changed():
    presentation = pytest.importorskip("pptx", reason="the teaching tools are not installed").Presentation
    deck = slides.slides(lesson("00_start_here"))
    made = pptx.content("Start", deck)
    assert made == pptx.content("Start", deck)
    read = presentation(io.BytesIO(made))
    assert len(read.slides) == len(deck) + sum(bool(slide.after) for slide in deck)
    heads = {shape.text_frame.text for slide in read.slides for shape in slide.placeholders if shape.placeholder_format.idx == 0}
    assert {plainly(reading.markup(slide.head)) for slide in deck if slide.head} <= heads
    assert all(shape._element.nvPicPr.cNvPr.get("descr") for slide in read.slides for shape in slide.shapes if shape.shape_type == 13)


# zips


def test_a_zip_is_the_same_whenever_it_is_made(tmp_path):
    (tmp_path / "plan.html").write_text("<title>The plan</title>", encoding="utf-8")
    pdf = b"%%PDF-1.4 <</CreationDate (D:%s+00'00')\n/ModDate (D:%s+00'00')>> /ID (node%s) /ID (node%s)"
    made = []
    for hour, first in ((b"20261127090000", 88), (b"20270101120000", 506)):
        (tmp_path / "plan.pdf").write_bytes(pdf % (hour, hour, b"%08d" % first, b"%08d" % (first + 3)))
        made.append(release.packed(tmp_path, "one_hour", "One hour"))
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as read:
        inside = "triple-extraction-one_hour"
        assert read.namelist() == [f"{inside}/READ ME FIRST.html", f"{inside}/plan.html", f"{inside}/plan.pdf"]
        assert {entry.date_time[:3] for entry in read.infolist()} == {archive.released()}
        first = read.read(f"{inside}/READ ME FIRST.html").decode()
        assert 'href="plan.pdf"' in first and "The plan" in first and 'href="http' not in first
        assert len(read.read(f"{inside}/plan.pdf")) == len(pdf % (hour, hour, b"0" * 8, b"0" * 8))


def test_what_the_readme_and_the_workflow_name_is_what_is_made():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Teach it tomorrow")[1].split("\n## ")[0]
    named = [part for part in section.split("`") if part.startswith("triple-extraction-")]
    assert named and all(name.removeprefix("triple-extraction-").removesuffix(".zip") in release.names() for name in named)
    assert section.index("Releases") < section.index("python3 -m course teach")
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))["jobs"]["zips"]["steps"]
    run = [step["run"] for step in steps if "run" in step]
    assert [line.split()[4] for line in run if line.startswith("python -m course teach")] == ["release", "release"]
    assert "release" in teach.WHAT and set(plans()) < set(release.names())


# search


PAGE = """<article><section id="top"><h1><code>pay</code>: What it pays</h1><p>Own words.</p>
<section id="part"><h2>A part</h2><p>Its words.</p><details><summary>Answer</summary>Hidden.</details></section>
<table class="rows"><thead><tr><th>What it says</th><th>Source</th></tr></thead>
<tr id="row-1"><td><span class="key">Row: <b>a_b</b></span> ·
<span>Country: <b>Kenya</b></span> · <span>Paid: <b>at_most 2</b></span></td>
<td><a href="x">Who</a></td></tr></table></section></article>"""


def test_a_row_a_section_and_a_claim_are_found_at_their_own_places(tmp_path):
    for folder in ("tables", "notebooks", "ledger"):
        (tmp_path / folder).mkdir()
    (tmp_path / "tables" / "pay.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "notebooks" / "one.html").write_text(PAGE, encoding="utf-8")
    inner = '<section id="claim-x"><h4>x</h4><blockquote>Said so.</blockquote><p>Wrong.</p></section>'
    claim = f'<article><section id="c"><h1>Claims</h1>{inner}</section></article>'
    (tmp_path / "ledger" / "data.html").write_text(claim, encoding="utf-8")
    found = {one["at"]: one for one in search.records(tmp_path, [])}
    assert found["tables/pay.html#row-1"] == {
        "kind": "row", "title": "", "page": "What it pays", "at": "tables/pay.html#row-1", "text": "Country: Kenya · Paid: at most 2 · Who",
    }  # fmt: skip
    assert found["notebooks/one.html#part"]["text"] == "Its words." and found["notebooks/one.html#top"]["text"] == "Own words."
    assert found["ledger/data.html#claim-x"] | {"page": ""} == {
        "kind": "claim", "title": "Said so.", "page": "", "at": "ledger/data.html#claim-x", "text": "Wrong.",
    }  # fmt: skip
    assert "tables/pay.html#part" not in found, "of a table: its datasheet and its rows"
    search_page = tmp_path / "_static"
    search_page.mkdir()
    search.write(tmp_path, [])
    told = (search_page / "records.js").read_text(encoding="utf-8")
    assert json.loads(told.removeprefix("const RECORDS = ").removesuffix(";\n")) == list(found.values())
