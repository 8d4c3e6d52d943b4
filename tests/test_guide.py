"""The guide: plans name what exists and their minutes add up, links lead somewhere, and made pages say what their sources say."""

from __future__ import annotations

import copy
import re
from dataclasses import replace

import pytest
import yaml

from course import ledger
from course.claims import find
from course.doors import ROOT
from course.exercises import stored_keys
from course.make import pages, sessions
from course.make.lessons import lessons
from course.make.outline import outline
from course.make.sessions import PLANS, PlanError, plans, read_plans

TEXT = PLANS.read_text(encoding="utf-8")
SAID = yaml.safe_load(TEXT)
HAND = [*pages.GUIDE.glob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]


# session plans


@pytest.mark.parametrize("plan", plans().values(), ids=plans())
def test_a_plan_takes_its_minutes_and_says_what_to_ask(plan):
    assert sum(row.minutes for row in plan.rows) == plan.minutes
    assert plan.late
    for row in plan.rows:
        assert row.needs <= row.minutes, row.title
        assert bool(row.ask) == bool(row.mistake) == bool(row.reply), row.title
        assert row.ask or not row.has("notebook"), row.title
    assert sum(bool(row.ask) for row in plan.rows) >= 2


def test_the_hour_holds_without_a_test_and_judges_one_claim_of_each_side():
    hour = plans()["one_hour"]
    assert hour.minutes == 55
    assert not hour.each("test", "notebook")
    judged = [find(item.verdict) for item in hour.each("verdict")]
    assert [row["side"] for row in judged] == ["critic", "promoter"]
    assert [item.claim for item in hour.each("claim")] == [row["claim"] for row in judged]
    assert all(row["why_not"] and row["evidence"] and row["deciding_words"] for row in judged)


def in_class(plan):
    """Return the claims, exercises and sheets that a class meets in a plan."""
    shown = [name for item in plan.each(*sessions.KINDS) for name in item.told]
    sections = [outline(item.lesson).section(name) for item in plan.each("notebook", "slides") for name in item.sections]
    met = [name for section in sections for name in (*section.claims, *section.exercises)]
    return {*shown, *met, *plan.sheets}


def test_two_hours_after_the_hour_repeat_nothing_of_it():
    assert not in_class(plans()["one_hour"]) & in_class(plans()["two_hours_after"])


@pytest.mark.parametrize("lesson", ["01_resources", "02_labour", "03_data"])
def test_of_lessons_to_choose_from_one_is_kept(lesson):
    for name in ("two_hours", "two_hours_after"):
        chosen = plans()[name].only(lesson)
        assert [item.lesson for item in chosen.each("notebook", "debate") if item.lesson[:2] in ("01", "02", "03")] == [lesson, lesson]
        assert chosen.fallback[:2] == ["00_start_here" if name == "two_hours" else "session/both_sides", lesson]
        assert not any(item.among for row in chosen.rows for item in row.items)
    with pytest.raises(PlanError, match="no choice of '04_synthesis'; the choices are: 01_resources"):
        plans()["two_hours"].only("04_synthesis")


def test_each_week_has_its_quiz_debate_and_ticket():
    course = plans()["six_weeks"].rows
    asked = [item.quiz for row in course for item in row.each("quiz")]
    assert all(row.has("tickets") for row in course)
    assert [row.has("quiz") and row.has("debate") for row in course] == [False, True, True, True, True, False]
    assert {len(names) for names in asked} == {3}
    used = pages.lessons_of()
    assert not [name for names in asked for name in names if name in used], "a quiz asks what no lesson answers"


def test_a_plan_gives_what_a_kit_is_made_of():
    plan = plans()["half_a_day"]
    assert plan.sheets == ["01_resources", "02_labour", "03_data", "04_synthesis"]
    assert list(plan.exercises()) == ["01_resources", "02_labour", "03_data", "04_synthesis"]
    chosen = next(row for row in plan.rows if any(item.among for item in row.items))
    assert [part.lesson for part in chosen.parts] == ["01_resources", "02_labour", "03_data"]
    assert chosen.parts[0].numbers == [outline("01_resources").section(name).number for name in chosen.parts[0].sections]
    assert [row.has("test") for row in plans()["six_weeks"].rows].count(True) == 2
    hour = plans()["one_hour"]
    assert [item.lesson for row in hour.rows for item in row.each("figures")] == ["00_start_here"]
    assert hour.rows[-1].has("tickets")
    assert [name for name, plan in plans().items() if plan.is_course] == ["six_weeks"]


def rows(said):
    return said["two_hours"]["rows"]


def chosen(said):
    return rows(said)[2]["with"][0]["one_of"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: rows(said)[1]["with"][0].update(notebook="00_start_hear"), "no lesson '00_start_hear'. Did you mean '00_start_here'"),
        (lambda said: (chosen(said).pop("route"), chosen(said).update(sections=["three-kongos"])), "'three-kongos' in 01_resources. "),
        (lambda said: (chosen(said).pop("route"), chosen(said).update(sections=[1, 2])), "row 3: 'sections' is a text; it says 1"),
        (lambda said: chosen(said).update(exercises=["cobalt-splise"]), "row 3 (One lesson: resources, labour or data): there is"),
        (lambda said: chosen(said).update(exercises=["cobalt-hhi"]), "no exercise 'cobalt-hhi' in 01_resources, who-digs"),
        (lambda said: rows(said)[1].update({"with": [{"worksheet": "more/nothing"}]}), "there is no worksheet 'more/nothing'"),
        (lambda said: rows(said)[4].update({"with": [{"ledger": ["coops-cannot-scael"]}]}), "no claim 'coops-cannot-scael'. Did you mean"),
        (lambda said: rows(said)[5]["with"][1].update(page="promts"), "there is no page of the guide 'promts'. Did you mean 'prompts'?"),
        (lambda said: rows(said)[0].update(minutes=6), "two_hours: its rows take 121 minutes, and it says 120"),
        (lambda said: rows(said)[0].update(minutes=4), "row 1 (Welcome): it takes 5.0 minutes by the model, and it has 4"),
        (lambda said: said["two_hours"].update(alternative="more/4_per_cent"), "two_hours: there is no worksheet 'more/4_per_cent'"),
        (lambda said: rows(said)[4]["with"][0]["one_of"].append({"debate": "02_labor"}), "no sheet 'session/debate_02_labor'."),
        (lambda said: rows(said)[6]["with"].append({"quiz": ["coops-cannot-scael"]}), "no claim 'coops-cannot-scael'. Did you mean"),
        (lambda said: rows(said)[0]["with"].append({"show": "Hello", "takes": 3}), "'show' cannot have takes"),
        (lambda said: said["two_hours"].update(minutes=121), "two_hours: its rows take 120 minutes, and it says 121"),
        (lambda said: rows(said)[0].update(minutes="eight"), "two_hours, row 1: 'minutes' is a whole number; it says 'eight'"),
        (lambda said: rows(said)[0].update(ask=8), "row 1: 'ask' is a text; it says 8"),
        (lambda said: rows(said)[0].pop("what"), "row 1: 'what' is missing"),
        (lambda said: rows(said)[0].update(minuts=8), "row 1: 'minuts' is not a word of the plans. Did you mean 'minutes'?"),
        (lambda said: rows(said)[0].update({"with": [{"tests": True}]}), "{'tests': True} is none of slides, "),
        (lambda said: rows(said)[0].update({"with": [{"test": True, "sections": ["room"]}]}), "'test' cannot have sections"),
        (lambda said: said["two_hours"].pop("late"), "two_hours: 'late' is missing"),
        (lambda said: said["two_hours"].update(rows=["Break"]), "row 1: Input should be a valid dictionary or instance of Row; it"),
    ],
)  # fmt: skip
def test_a_fault_in_a_plan_is_named(change, words):
    said = copy.deepcopy(SAID)
    change(said)
    with pytest.raises(PlanError) as refused:
        read_plans(yaml.safe_dump(said, sort_keys=False))
    assert words in str(refused.value)
    assert all(line.startswith("course/guide/sessions.yml: ") for line in str(refused.value).splitlines())


def test_all_that_a_plan_misses_is_named_at_once():
    with pytest.raises(PlanError) as refused:
        read_plans(TEXT.replace("cobalt-splice", "cobalt-slice").replace("[frame, ", "[frames, "))
    assert len(str(refused.value).splitlines()) == 2 + TEXT.count("cobalt-splice")  # a section, and the exercise in it


def test_what_is_not_yaml_is_said():
    with pytest.raises(PlanError, match=r"sessions\.yml is not YAML"):
        read_plans("one_hour: [")


@pytest.mark.parametrize(("field", "words"), [("id", "no section 'uses' in 04_synthesis"), ("exercises", "no exercise 'synthesis-oil'")])
def test_a_lesson_that_renames_what_a_plan_uses_is_named(field, words, monkeypatch):
    def renamed(lesson):
        shape = outline(lesson)
        other = {"id": "purposes"} if field == "id" else {"exercises": []}
        changed = [replace(section, **other) if section.id == "uses" else section for section in shape.sections]
        return replace(shape, sections=changed)

    monkeypatch.setattr(sessions, "outline", renamed)
    with pytest.raises(PlanError, match=words):
        read_plans(TEXT)
    assert any(words in line for line in pages.unfit())


def test_the_page_of_plans_shows_each_row():
    page = pages.made_page("session_plans")
    for plan in plans().values():
        assert f"## {plan.title} ({plan.minutes} minutes)" in page
        told = pages.plan_text(plan)
        assert told in page
        for row in plan.rows:
            line = next(line for line in told.splitlines() if line.startswith(f"| {row.minutes} | **{row.title}"))
            assert all(words in line for words in (row.detail, row.ask, row.wrong))
            assert all(f"`{name}`" in line for item in row.each("notebook") for name in item.exercises)
            assert all(told_of in told for item in row.items for told_of in (item.say, item.hand, item.vote) if row.script)
    assert "poster; sheet, questions B3, B4, B5; verdict: Sama (2023)" in page
    assert "notebook 01, sections 1, 2, 3 and 4 (`cobalt-share-2022`, `cobalt-splice`); or notebook 02, sections 2, 3 and 4" in page
    assert "debate sheet 01; or debate sheet 02; or debate sheet 03" in page


# pages


@pytest.mark.parametrize("name", lessons())
def test_minutes_of_a_lesson_add_up(name):
    shape = outline(name)
    if shape.minutes:
        assert shape.texts["minutes"].startswith(f"**Whole: {shape.minutes} minutes")


def links(path):
    return re.findall(r"\]\((?!https?:|#|<)([^)#\s]+)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*HAND, *(path for path in pages.made_pages() if path.suffix == ".md")], ids=lambda path: path.stem)
def test_links_between_pages_lead_somewhere(path):
    gone = [target for target in links(path) if not (path.parent / target).exists()]
    assert gone == []


def test_the_guide_links_to_every_page_that_is_made():
    linked = {(pages.GUIDE / target).resolve() for target in links(pages.GUIDE / "README.md")}
    assert {path for path in pages.made_pages() if path.suffix == ".md"} <= linked


def test_stored_pages_are_those_that_are_made():
    for path, text in pages.made_pages().items():
        stored, made = path.read_text(encoding="utf-8").splitlines(), text.splitlines()
        assert [line for line in stored if line not in made] == [], path.name
        assert stored == made


def test_made_pages_say_so():
    for path, text in pages.made_pages().items():
        assert path.suffix != ".md" or "\n*This page is made by `python -m course build`; do not edit it.*\n" in text


def test_the_test_and_the_bank_ask_without_answering():
    asked, answers = pages.made_page("question_bank").split("## Answers (for instructors)")
    chosen = pages.by_hand("question_bank")
    table = ledger().set_index("claim").loc[[name for name in chosen["claim"] if name]]
    assert set(table["side"]) == {"critic", "promoter"}, "both sides are questioned"
    for row in table.itertuples():
        assert row.statement in asked
        assert row.evidence in answers
        assert row.evidence not in asked
    claims, sentences = pages.pretest()
    assert all(f"{number}. {text}\n" in asked for part in (claims, sentences) for number, text in enumerate(part, start=1))
    assert all(word in asked for word in ledger()["verdict"].dropna().unique())
    assert pages.pretest_answers() == [pages.finding(row) for row in pages._questions("test")]


def test_the_answer_key_holds_every_answer_mistake_and_finding():
    text = pages.made_page("answer_key")
    for name in lessons():
        part = text.split(f"\n## {name}\n")[1].split("\n## ")[0] if f"\n## {name}\n" in text else ""
        for exercise, key in stored_keys(name).items():
            assert f"- `{exercise}`: **" in part
            assert all(message in part for _, message in key.get("mistakes", []))
    table = ledger().set_index("claim", drop=False)
    for claim in pages.lessons_of():
        assert pages.finding(table.loc[claim]) in text


def test_a_finding_says_verdict_source_and_day():
    table = ledger()
    checked = table.dropna(subset=["verdict", "evidence_source"]).iloc[0]
    told = pages.finding(checked)
    assert told.startswith(f"**{checked['verdict']}**. {checked['evidence']} *Source: ")
    assert told.endswith(f"*Last checked {checked['last_checked'].date().isoformat()}.*")
    assert pages.finding(table[table["verdict"].isna()].iloc[0]).startswith("no verdict: unchecked. To settle it: ")


def test_the_review_lists_the_oldest_first():
    rows = [line.split(" | ") for line in pages.made_page("review").splitlines() if line.startswith("| ")]
    days = [row[0].removeprefix("| ") for row in rows if len(row) == 4 and row[0] != "| last checked"]
    assert len(days) == len(pages.lessons_of())
    assert sorted(days, key=lambda day: "" if day == "never" else day) == days


def test_a_card_quotes_what_its_lesson_says_of_itself():
    text = pages.made_page("cards")
    for name in lessons():
        shape = outline(name)
        part = text.split(f"\n## {shape.title}\n")[1].split("\n## ")[0]
        assert f"`notebooks/{name}.ipynb`" in part
        assert all(quoted in part for quoted in shape.texts.values())
        assert all(section.title in part for section in shape.sections)
        assert all(f"`{exercise}`" in part for exercise in stored_keys(name))
