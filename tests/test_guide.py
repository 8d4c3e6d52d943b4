"""The guide: minutes add up, links lead somewhere, questions are not answered in class, and computed pages hold their sources."""

from __future__ import annotations

import re

import pytest

from course import ledger
from course.claims import claims_used
from course.make.build import lessons
from course.make.instructors import GUIDE, answer_key, question_bank, review
from course.make.instructors import made_pages as pages

PLANS = re.findall(
    r"^## (.+?) \((\d+) minutes\)$(.*?)(?=^## |\Z)", (GUIDE / "session_plans.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("title", "total", "text"), PLANS, ids=[plan[0] for plan in PLANS])
def test_minutes_of_a_plan_add_up(title, total, text):
    minutes = [int(found) for found in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert sum(minutes) == int(total), minutes
    assert "*If late:*" in text


def test_there_are_four_plans():
    assert [int(total) for _, total, _ in PLANS] == [60, 120, 210, 720]


def test_minutes_of_each_lesson_add_up():
    for name in lessons():
        text = (GUIDE.parent / "lessons" / f"{name}.md").read_text("utf-8")
        stated = re.search(r"\*\*(\d+) minutes[^*]*\*\*", text)
        sections = [int(found) for found in re.findall(r"^## \d+ · .*\((\d+) minutes\)", text, re.MULTILINE)]
        if sections:
            assert stated, f"{name} does not say how long it takes"
            assert sum(sections) == int(stated[1]), f"{name}: {sections} against {stated[1]}"


def test_links_between_pages_lead_somewhere():
    for path in GUIDE.glob("*.md"):
        for target in re.findall(r"\]\((?!https?://|#|<)([^)#\s]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_question_bank_asks_what_no_lesson_answers():
    import pandas as pd

    chosen = pd.read_csv(GUIDE / "question_bank.csv", dtype=str)
    assert chosen["part"].value_counts().to_dict() == {"bank": 12, "test": 3, "attitude": 3}
    assert (chosen["sentence"].notna() == (chosen["part"] == "attitude")).all()
    chosen = chosen.dropna(subset="claim")
    assert len(chosen) == 15
    assert chosen["claim"].is_unique
    assert not set(chosen["claim"]) & set(claims_used())
    asked = ledger().set_index("claim").loc[chosen["claim"]]
    assert asked["verdict"].notna().all()
    assert set(asked["side"]) == {"critic", "promoter"}
    assert asked["verdict"].nunique() >= 4


def test_the_answer_key_names_sources_and_days():
    text = answer_key()
    for claim in claims_used():
        assert f"`{claim}`" in text
    assert text.count("Last checked 20") >= len(claims_used()) - 5
    assert "recalled" not in text


def test_the_review_lists_the_oldest_first():
    days = re.findall(r"^\| (\d{4}-\d\d-\d\d) \|", review(), re.MULTILINE)
    assert days == sorted(days)


def test_computed_pages_say_so():
    assert question_bank()
    assert all("made by `python -m course build`" in text for text in pages().values())
