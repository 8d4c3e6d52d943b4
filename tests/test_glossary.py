"""The glossary: its cards, its table, its page, and that each term is said where a lesson first needs it."""

from __future__ import annotations

import pytest

import course
from course import CourseError, terms
from course.data import load
from course.make import before, pages
from course.make.lessons import lesson_text, lessons, parsed

TABLE = load("glossary")


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(terms, "tell", lambda text, record=None: heard.append((text, record)))
    return heard


def test_a_card_has_the_sentence_the_french_and_an_example(told):
    course.glossary("perimeter")
    course.glossary(" Editions ")
    assert "**perimeter** (in French: *périmètre*). What a count includes and what it leaves out." in told[0][0]
    assert "*In this course:*" in told[0][0]
    assert told[1][0].startswith("**edition**")
    assert [record["term"] for _, record in told] == ["perimeter", "edition"]
    assert course.glossary is terms.glossary, "a second import gives the function too"


def test_the_list_and_what_is_refused(told):
    course.glossary()
    assert all(term in told[0][0] for term in TABLE["term"])
    with pytest.raises(CourseError, match=r"no 'perimetre'\. Did you mean 'perimeter'"):
        course.glossary("perimetre")
    with pytest.raises(CourseError, match="Write the term between quotes"):
        course.glossary(3)


def test_no_form_stands_for_two_terms():
    forms = [form for written in terms.forms().values() for form in written]
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("row", list(TABLE.itertuples()), ids=list(TABLE["term"]))
def test_a_term_is_one_short_sentence_without_itself(row):
    assert row.meaning.endswith(".")
    assert len(row.meaning.split()) <= 25
    assert f" {row.term} " not in row.meaning.split(";")[0]


def test_a_term_is_found_in_a_sentence_and_not_in_code_or_another_word():
    cells = parsed("A share (its *denominators*): `median`, Sama's mediant.\n").cells
    assert before.terms_in(cells[0], terms.forms()) == {"denominator"}


def test_every_term_is_used_in_a_lesson():
    text = "\n".join(lesson_text(name) for name in lessons()).lower()
    unused = [term for term, written in terms.forms().items() if not any(form in text for form in written)]
    assert not unused, f"no lesson uses {unused}: a term too many"


def test_the_page_has_every_term_and_where_it_is_said(monkeypatch):
    monkeypatch.setattr(pages, "lessons", lambda: ["TEMPLATE"])
    page = pages.made_page("glossary")
    assert all(f"| **{row.term}** | {row.french} |" in page for row in TABLE.itertuples())
    assert next(line for line in page.splitlines() if line.startswith("| **denominator**")).endswith("| TEMPLATE |")
