"""Words of Python and pandas are taught before they are used: how they are found in code, and that no lesson runs ahead."""

from __future__ import annotations

import pytest

from course.make import before, lessons
from course.make.lessons import lesson_text

TEMPLATE = lesson_text("TEMPLATE")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("total = sum([1, 2]) / len(rows)\nprint(round(total, 1))", []),
        ('table.groupby("a")["b"].sum()', ["groupby"]),
        ('table["a"].str.contains("groupby")', ["contains"]),
        ("kept = table[~(a & b | c)]", ["~", "|", "&"]),
        ("[x for x in rows]\n{k: v for k, v in rows}", ["list comprehension", "dict comprehension"]),
        ("sorted(rows, key=lambda row: row[1:])", ["sorted", "lambda", "slice"]),
        ("f(*rows, **words)\ntable.min(axis=1)", ["*", "**", "axis"]),
        ('f"{x:.1f}"', ["f-string"]),
        ("# groupby\nx = 'merge'", []),
        ("sorted = 3", []),
        ("row.value + row.low", []),
        ("table.loc[0].T.index", ["loc", "T", "index"]),
    ],
)
def test_words_are_read_from_the_syntax_and_never_from_the_letters(source, words):
    assert set(before.words_used(source)) == set(words)


def course_of(tmp_path, monkeypatch, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    monkeypatch.setattr(before, "CAPS", {"one": 90, "two": 90})


def test_a_word_is_taught_by_an_earlier_lesson_or_by_this_one_before_it_is_used(tmp_path, monkeypatch):
    silent = TEMPLATE.replace(', "teaches": ["query", "groupby", "tail"]', "").replace(', "teaches": ["loc"]', "")
    course_of(tmp_path, monkeypatch, one=TEMPLATE, two=silent, dive=silent)
    assert before.untaught("two") == before.untaught("dive") == {}
    assert list(before.untaught("one")) == ["loc"], "it is taught in the second section, and used in the first"
    course_of(tmp_path, monkeypatch, one=silent, two=TEMPLATE)
    assert list(before.untaught("one")) == ["query", "groupby", "tail", "loc"]


def test_a_dive_teaches_no_other_lesson(tmp_path, monkeypatch):
    silent = TEMPLATE.replace(', "teaches": ["query", "groupby", "tail"]', "")
    course_of(tmp_path, monkeypatch, one=silent, two=silent, a_dive=TEMPLATE, dive=silent)
    assert list(before.untaught("dive")) == ["query", "groupby", "tail"]


def test_folded_code_and_keys_are_not_in_view(tmp_path, monkeypatch):
    folded = TEMPLATE.replace("```{code-cell} ipython3\nmeters", "```{code-cell} ipython3\n:tags: [fold]\n\n# Read\nmeters")
    course_of(tmp_path, monkeypatch, one=folded.replace(', "teaches": ["query", "groupby", "tail"]', ""))
    assert list(before.untaught("one")) == ["loc"]


def test_a_term_must_be_said_in_the_same_order(tmp_path, monkeypatch):
    silent = TEMPLATE.replace('"terms": ["denominator"], ', "")
    course_of(tmp_path, monkeypatch, one=silent, two=TEMPLATE, dive=silent)
    assert "denominator" in before.unsaid("one")
    assert "denominator" not in {**before.unsaid("two"), **before.unsaid("dive")}


def test_a_long_sentence_is_one_of_more_than_25_words(tmp_path, monkeypatch):
    long = TEMPLATE.replace("One text, with its author and year.", f"{'word ' * 25}end. {'word ' * 24}end? Short (as it is).")
    course_of(tmp_path, monkeypatch, one=long)
    assert [len(sentence.split()) for sentence in before.long_sentences("one")] == [26]
