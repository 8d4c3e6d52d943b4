"""What an instructor grades and measures with: cases, the parallel test and its gain, grades, marked answers, the audit of a chatbot."""

from __future__ import annotations

import csv

import numpy as np
import pytest
import yaml

from course import ledger
from course.__main__ import VERBS
from course.claims import meanings
from course.make import cases, gain, grades, pages
from course.make.lessons import LessonError
from course.make.sessions import GUIDE

# cases


@pytest.mark.parametrize("name", cases.cases())
def test_a_case_takes_twenty_minutes_and_shows_both_sides_with_their_verdicts(name):
    case, page = cases.cases()[name], pages.made_pages()[pages.MADE_GUIDE / f"case_{name}.md"]
    assert sum(cases.STEPS.values()) == 20
    room, desk = page.split("## For the lecturer")
    for side in (case.critic, case.promoter):
        assert side.row["statement"] in room
        assert side.row["evidence"] in desk
        assert side.row["evidence"] not in room
        assert f"**{side.row['verdict']}**" in desk
    found = cases.picture(name)
    assert found.png.startswith(b"\x89PNG")
    assert found.words in room
    assert found.sources
    assert pages.made_pictures()[pages.MADE_GUIDE / f"case_{name}.png"] == found.png


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("dcc-no-bill-rise", "dcc-no-bill-ris", "there is no claim 'dcc-no-bill-ris'. Did you mean 'dcc-no-bill-rise'?"),
        ("dcc-no-bill-rise", "caucaia-datacentre-2-2m-people", "caucaia-datacentre-2-2m-people is not a promoter's claim with a verdict"),
        ("materials:\n", "material:\n", "there is no figure 'material' in course/make/cases.py. Did you mean 'materials'?"),
        ("  decision: Rewrite", "  decison: Rewrite", "decison"),
    ],
)
def test_a_fault_in_a_case_is_named(old, new, words):
    text = cases.CASES.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(LessonError) as refused:
        cases.read_cases(text.replace(old, new, 1))
    assert words in str(refused.value)


# the test and its gain

HEAD = ",".join(gain.HEAD)
KEYS = {form: list(rows.sort_values("item")["key"]) for form, rows in gain.items().groupby("form")}


def test_the_two_forms_are_parallel_and_even_handed():
    assert pages._test_faults() == []
    for _, rows in gain.items().groupby("form"):
        assert list(rows["item"]) == list(range(1, 11))
        assert rows["side"].value_counts().to_dict() == {"critic": 5, "promoter": 5}
        assert set(rows.groupby("skill").size()) == {2}
        assert rows["key"].nunique() == 4
    assert not gain.items()["claim"].duplicated().any()


def test_what_an_item_says_was_found_has_its_numbers_from_the_ledger():
    table = ledger().set_index("claim")
    for item in gain.items().itertuples():
        evidence = {word.strip(".,:;()") for word in table.loc[item.claim, "evidence"].split()}
        said = {word.strip(".,:;()") for word in item.given.split()}
        assert {word for word in said if word[:1].isdigit()} <= evidence, item.claim


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("claim", "netflix-80pc", "netflix-80pc has no verdict in the ledger. Did you mean 'netflix-80pct'?"),
        ("side", "promoter", "queretaro-1200-million-cubic-metres is a critic's claim"),
        ("claim", "cobalt-drc-60pct", "cobalt-drc-60pct is asked elsewhere"),
        ("key", "e", "the key 'e' is none of its four answers"),
        ("skill", "another", "the forms A and B are not parallel"),
    ],
)
def test_a_fault_in_the_test_is_named(column, value, words, monkeypatch):
    table = gain.items()
    table.loc[0, column] = value
    monkeypatch.setattr(pages, "items", lambda: table)
    assert any(words in line for line in pages._test_faults())


def sheet(tmp_path, rows, head=HEAD):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def answered(form, right):
    """Return ten answers of which the first ``right`` are right."""
    return [key if place < right else "abcd"["abcd".index(key) - 1] for place, key in enumerate(KEYS[form])]


def whole(learner, before, after, first="A"):
    second = "B" if first == "A" else "A"
    sittings = (("before", first, before), ("after", second, after))
    return [",".join([learner, time, form, *answered(form, right)]) for time, form, right in sittings]


def test_the_gain_is_that_of_those_who_sat_both(tmp_path, capsys):
    rows = [line for place in range(10) for line in whole(f"L{place}", 4, 5 + place % 3, "AB"[place % 2])]
    rows.append(",".join(["alone", "before", "A", *answered("A", 10)]))
    path = sheet(tmp_path, rows)
    both = gain.paired(gain.marked(gain.read_answers(path)))
    assert len(both) == 10
    assert list(both["after"] - both["before"]) == [1 + place % 3 for place in range(10)]
    assert gain.main([str(path)]) == 0
    told = capsys.readouterr().out
    assert "11 sat the test before, 10 after, 10 both times." in told
    assert "4.00 right before and 5.90 after: a gain of +1.90" in told
    assert "does not hold zero: they gained" in told
    assert "5 had form A first and 5 form B, so" in told
    assert "A1    100 % of 6" in told
    assert "A10   17 % of 6" in told
    gain.main([str(path)])
    assert capsys.readouterr().out == told, "the same file gives the same numbers"


def test_a_class_that_had_fewer_right_after_has_not_gained(tmp_path, capsys):
    rows = [line for place in range(10) for line in whole(f"L{place}", 8, 4 + place % 3, "AB"[place % 2])]
    gain.main([str(sheet(tmp_path, rows))])
    told = capsys.readouterr().out
    assert "they had fewer right after" in told and "they gained" not in told


def test_the_interval_holds_the_mean_and_grows_with_the_spread():
    low, high = gain.interval(np.array([1, 2, 3, 2, 1, 2, 3, 2]))
    wide_low, wide_high = gain.interval(np.array([-4, 8, -3, 7, -2, 6, -1, 5]))
    assert low < 2 < high
    assert wide_high - wide_low > high - low
    assert gain.interval(np.array([2, 2, 2, 2])) == (2, 2)


def test_few_learners_forms_that_are_not_balanced_and_blanks_are_said(tmp_path):
    rows = [line for place in range(3) for line in whole(f"L{place}", 4, 4)]
    rows[0] = rows[0].rsplit(",", 1)[0] + ","
    told = gain.report(gain.read_answers(sheet(tmp_path, rows)))
    assert "3 learners are too few" in told
    assert "3 had form A first, 0 form B first" in told
    assert "1 of 60 answers are empty" in told
    assert "nobody sat it both times" in gain.report(gain.read_answers(sheet(tmp_path, rows[:1]))).lower()


GOOD = "x,before,A," + ",".join("a" * 10)


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        ([GOOD], "learner,form,q1", "The first line of answers.csv lacks time, q2"),
        ([], HEAD, "has its first line only"),
        (["x,befor,A," + ",".join("a" * 10)], HEAD, "line 2, column time: 'befor' is none of before, after. Did you mean 'before'?"),
        (["x,before,C," + ",".join("a" * 10)], HEAD, "line 2, column form: 'C' is none of A, B"),
        ([GOOD.replace("a,a,a", "a,e,a", 1)], HEAD, "column q2: 'e' is none of a, b, c, d"),
        (["," + GOOD.split(",", 1)[1]], HEAD, "line 2: the column learner is empty"),
        ([GOOD, "", GOOD], HEAD, "line 4: 'x' has a line before already, line 2"),
    ],
)
def test_answers_that_cannot_be_read_get_a_sentence(rows, head, words, tmp_path, capsys):
    assert gain.main([str(sheet(tmp_path, rows, head))]) == 2
    assert words in capsys.readouterr().err


def test_a_missing_file_and_one_of_another_kind_get_a_sentence(tmp_path, capsys):
    assert gain.main([str(tmp_path / "none.csv")]) == 2
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00")
    assert gain.main([str(tmp_path / "odd.csv")]) == 2
    assert "There is no file" in (told := capsys.readouterr().err)
    assert "is not UTF-8" in told


def test_semicolons_capitals_and_a_mark_of_a_spreadsheet_are_read(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}\nx,Before,a,{','.join('ABCD' * 2 + 'AB')}\n".replace(",", ";").encode())
    found = gain.read_answers(path)
    assert list(found.loc[0, ["time", "form", "q1", "q10"]]) == ["before", "A", "a", "b"]


def test_the_empty_sheets_of_the_guide_are_read():
    assert (GUIDE / "answers.csv").read_text(encoding="utf-8").strip() == HEAD
    assert {"gain", "grades"} <= set(VERBS)


# grades


def test_the_sheet_of_the_guide_gets_its_marks_and_the_formula_says_the_same(capsys):
    assert grades.parts()["weight"].sum() == 100
    found = grades.read_sheet(GUIDE / "grade_sheet.csv")
    rows = list(csv.DictReader((GUIDE / "grade_sheet.csv").read_text(encoding="utf-8").splitlines()))
    first = {chr(ord("C") + place) + "2": rows[0][part] for place, part in enumerate(grades.parts()["part"])}
    terms = grades.formula()
    for cell, value in first.items():
        terms = terms.replace(cell, value)
    assert round(eval(terms.lstrip("=")), 1) == found[0].of_20
    assert found[0].of_100 == 5 * found[0].of_20
    assert found[1].late == 0.5
    assert grades.main([str(GUIDE / "grade_sheet.csv")]) == 0
    assert "Example One: 15.2 of 20, 76 of 100, pass" in capsys.readouterr().out


def graded(tmp_path, cells):
    path = tmp_path / "sheet.csv"
    path.write_text(f"learner,group,notebooks,stance,memo,dossier,defence,days_late\n{cells}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "of_20"),
    [
        ("x,1,3,6,15,30,6,0", 20),
        ("x,1,0,0,0,0,0,9", 0),
        ("x,1,3,6,15,30,6,99", 17),
        ("x,1,ex,6,15,30,6,0", 20),
        ('x,1,3,6,"7,5",30,6,', 17.5),
        ("x,1,3,6,,30,6,0", None),
    ],
)
def test_a_line_of_the_sheet_gets_its_mark(cells, of_20, tmp_path):
    mark = grades.read_sheet(graded(tmp_path, cells))[0]
    assert mark.of_20 == of_20
    assert mark.missing == ([] if of_20 is not None else ["memo"])


def test_what_a_sheet_lacks_and_marks_that_are_there_get_a_sentence(tmp_path, capsys):
    assert grades.main([str(graded(tmp_path, "x,1,3,7,15,30,6,0"))]) == 2
    assert "line 2, column stance: '7' is not a number from 0 to 6" in capsys.readouterr().err
    assert grades.main([str(graded(tmp_path, "x,1,3,,15,30,6,0"))]) == 0
    assert "x: no mark yet; missing: stance" in capsys.readouterr().out
    good, out = graded(tmp_path, "=1+1,1,3,6,15,30,6,0"), tmp_path / "marks.csv"
    assert grades.main([str(good), "--out", str(out)]) == 0
    assert "'=1+1" in out.read_text(encoding="utf-8-sig")
    assert grades.main([str(good), "--out", str(out)]) == 2
    assert "never written over" in capsys.readouterr().err


# marked answers, chatbot, codes


def test_each_criterion_of_the_rubric_has_an_answer_of_each_level():
    rows = [
        line.split("|")[1].strip() for line in (GUIDE / "rubric.md").read_text(encoding="utf-8").splitlines() if line.startswith("| **")
    ]
    page = pages.made_page("marked_answers")
    for criterion in rows:
        part = page.split(f"## {criterion.strip('*')}\n")[1].split("\n## ")[0]
        assert all(f"| **{points}** | " in part for points in (1, 2, 3))
    assert len(rows) == 5


def test_the_stored_answer_of_a_chatbot_uses_every_word_on_both_sides_and_says_who_wrote_it():
    said = yaml.safe_load((GUIDE / "chatbot.yml").read_text(encoding="utf-8"))
    table = ledger().set_index("claim")
    assert sorted(one["word"] for one in said["sentences"]) == sorted(meanings())
    assert all(table.loc[one["claim"], "verdict"] == one["word"] for one in said["sentences"])
    assert {table.loc[one["claim"], "side"] for one in said["sentences"]} == {"critic", "promoter"}
    page = pages.made_page("chatbots")
    assert f"written for this exercise on {said['written_on']}" in page
    assert "No product said it" in page
    assert all(one["text"] in page for one in said["sentences"])


def test_the_sheet_to_read_before_names_speakers_words_and_codes_with_their_addresses():
    page = pages.made_page("before_class")
    shown = pages.before_class()
    assert all(f"| {one['speaker']} | {one['who']} |" in page for one in shown["speakers"])
    assert {one["side"] for one in shown["speakers"]} == {"critic", "promoter"}
    assert len(shown["codes"]) == 3
    for code in shown["codes"]:
        assert f"<{code['address']}> *Read on {code['read_on']}: {code['read_at']}.*" in page
