"""Coverage: themes and core claims have a home, every lesson a theme, and a claim's uses are what the lessons show."""

from __future__ import annotations

import json

import nbformat
import pandas as pd
import pytest

from course import claims, data, ledger
from course.claims import main as cli
from course.exercises import stored_keys
from course.make import build, pages
from course.make import outline as outlines
from course.make.lessons import lessons
from course.make.outline import outline
from course.messages import RECORD_MIME


def test_indices_and_lessons_agree():
    assert pages.unfit() == []


def changed(monkeypatch, name, change):
    """Have the pages read a changed table of the guide."""
    real = pages.by_hand
    monkeypatch.setattr(pages, "by_hand", lambda asked: change(real(asked)) if asked == name else real(asked))


def put(column, value, row=0):
    """Return a change of one cell."""

    def change(table):
        table.loc[row, column] = value
        return table

    return change


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("themes", put("lesson", ""), "themes.csv:2: theme T01 has no home in a lesson"),
        ("themes", put("section", "fram"), "themes.csv:2: 00_start_here has no section 'fram'. Did you mean 'frame'?"),
        ("themes", put("lesson", "00_start"), "themes.csv:2: there is no lesson '00_start'. Did you mean '00_start_here'?"),
        (
            "themes",
            put("claim", "carbon-bombs-425"),
            "themes.csv:2: section frame of 00_start_here does not show the claim carbon-bombs-425",
        ),
        ("themes", put("name", "another", row=2), "themes.csv:4: theme T02 has another name above"),
        ("themes", lambda table: table[table["lesson"] != "capstone"], "course/lessons/capstone.md is in no index"),
        (
            "core_claims",
            put("claim", "smartphones-1-4bn-per-year"),
            "core_claims.csv:2: core claim smartphones-1-4bn-per-year is treated in no",
        ),
        ("core_claims", put("claim", "rsa-35pct-non-takeup", row=3), "core_claims.csv:5: rsa-35pct-non-takeup is named above"),
        ("question_bank", put("claim", "exxon-more-oil"), "question_bank.csv:2: 00_start_here, 04_synthesis answers exxon-more-oil"),
        (
            "question_bank",
            put("claim", "south-payed-less"),
            "south-payed-less has no verdict in the ledger. Did you mean 'south-paid-less'?",
        ),
    ],
)
def test_an_index_that_the_lessons_contradict_is_named_with_its_line(table, change, words, monkeypatch):
    changed(monkeypatch, table, change)
    assert any(words in line for line in pages.unfit()), pages.unfit()


def test_a_lesson_in_no_index_is_named(monkeypatch):
    monkeypatch.setattr(pages, "lessons", lambda: [*lessons(), "more/a_new_one"])
    assert pages.unfit() == ["course/lessons/more/a_new_one.md is in no index: give it a theme in course/guide/themes.csv"]


def test_a_claim_that_no_lesson_shows_any_more_is_named(monkeypatch):
    used = pages.uses()
    monkeypatch.setattr(pages, "uses", lambda: used[used["claim"] != "exxon-more-oil"])
    lines = pages.unfit()
    assert any("core claim exxon-more-oil is treated in no lesson" in line for line in lines)
    assert any("does not show the claim exxon-more-oil" in line for line in lines)


def test_a_build_makes_no_page_from_indices_that_are_wrong(monkeypatch, capsys):
    monkeypatch.setattr(build, "stale_lesson", lambda name, lock: [])
    monkeypatch.setattr(build.rules, "problems", dict)
    for tables in ("problems", "questions"):  # which have tests of their own
        monkeypatch.setattr(build, tables, list)
    monkeypatch.setattr(build, "idle", lambda asked: [])
    monkeypatch.setattr(build, "sweep", lambda: None)
    monkeypatch.setattr(build, "unfit", lambda: ["themes.csv:2: no"])
    monkeypatch.setattr(build, "made_pages", lambda: pytest.fail("pages were made"))
    assert build.main([]) == 1
    assert "FAILED themes.csv:2: no\n" in capsys.readouterr().err
    assert build.main(["--check"]) == 1
    assert "themes.csv:2: no\n" in capsys.readouterr().out


# what a lesson shows


def code(source, *records):
    cell = nbformat.v4.new_code_cell(source)
    cell.outputs = [nbformat.v4.new_output("display_data", {RECORD_MIME: record}) for record in records]
    return cell


def heading(source, **metadata):
    return nbformat.v4.new_markdown_cell(source, metadata=metadata)


def test_uses_and_exercises_are_read_from_records_and_never_from_words(tmp_path, monkeypatch):
    exercise, key = next(pair for pair in stored_keys("00_start_here").items() if pair[1]["kind"] == "mapping")
    book = nbformat.v4.new_notebook()
    book.cells = [
        heading("# A lesson · with a dot\n\n*Solutions.*", tags=["title"]),
        heading("Why?", tags=["question"]),
        heading("## 1 · First · part (7 minutes)\n\nText.", section="first", minutes=7),
        code('claim("exxon-more-oil")  # "mturk-500k"', {"kind": "claim", "claim": "exxon-more-oil"}),
        code("...", {"kind": "verdict", "claim": "exxon-more-oil"}, {"kind": "claim", "claim": "a-claim-of-my-own"}),
        heading("## 2 · Second\n\nHere stands `mturk-500k`.", section="second"),
        code("...", {"kind": "statements", "claims": ["caf-15-organisations", "exxon-more-oil"]}, {"kind": "sources", "sources": []}),
        code("...", {"kind": "check", "exercise": exercise}, {"kind": "check", "exercise": "start-right-year"}),
    ]
    path = tmp_path / "lesson.ipynb"
    nbformat.write(book, path)
    monkeypatch.setattr(outlines, "notebook_path", lambda lesson, edition: path)
    found = outline("00_start_here")
    assert (found.title, found.texts, found.minutes) == ("A lesson · with a dot", {"question": "Why?"}, 7)
    opening, first, second = found.sections
    assert (opening.id, opening.number) == ("", 0)
    assert (first.id, first.number, first.title, first.minutes) == ("first", 1, "First · part", 7)
    assert (second.number, second.title, second.minutes) == (2, "Second", 0)
    assert first.claims == ["exxon-more-oil"]
    assert second.claims == list(dict.fromkeys(["caf-15-organisations", "exxon-more-oil", *key["answer"]]))
    assert found.exercises == [exercise, "start-right-year"]
    monkeypatch.setattr(pages, "lessons", lambda: ["00_start_here"])
    assert pages.lessons_of()["exxon-more-oil"] == ["00_start_here"]
    assert pages.uses().query("claim == 'exxon-more-oil'")["section"].to_list() == ["first", "second"]


def test_a_lesson_never_built_has_no_section():
    assert [section.id for section in outline("more/a_new_one").sections] == [""]


def test_the_page_holds_every_theme_and_every_used_claim():
    page = pages.made_page("coverage")
    table, core = pages.by_hand("themes"), set(pages.by_hand("core_claims")["claim"])
    for theme, rows in table.groupby("theme"):
        line = next(line for line in page.splitlines() if line.startswith(f"| {theme} | {rows['name'].iloc[0]} | "))
        for row in rows.itertuples():
            place = outline(row.lesson).section(row.section)
            assert f"`{row.lesson}` {place.number} · {place.title}" in line
            assert not row.claim or f"`{row.claim}`" in line
    for claim, rows in pages.uses().groupby("claim"):
        line = next(line for line in page.splitlines() if line.startswith(f"| `{claim}` | "))
        assert (" | core | " in line) is (claim in core)
        assert all(f"`{row.lesson}` {outline(row.lesson).section(row.section).number}" in line for row in rows.itertuples())
    assert f"{pages.uses()['claim'].nunique()} of {len(ledger())} claims are treated in a lesson" in page


# the ledger in a terminal


def test_the_terminal_lists_and_counts(capsys):
    assert cli([]) == 0
    out = capsys.readouterr().out
    assert f"{len(ledger())} of {len(ledger())} claims" in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["deforestation"], {"gfw-alerts-18pct"}),
        (["COBALT", "congo"], {"cobalt-drc-60pct"}),
        (["--side", "promoter", "--verdict", "right"], {"macron-clean-plug", "clearview-nist-accuracy"}),
        (["--extraction", "indirect", "oil"], {"exxon-more-oil"}),
    ],
)
def test_the_terminal_searches(arguments, expected, capsys):
    assert cli(arguments) == 0
    out = capsys.readouterr().out
    found = {line.split("  [")[0] for line in out.splitlines() if "  [" in line and not line.startswith(" ")}
    assert expected <= found
    table = ledger().set_index("claim").loc[sorted(found)]
    if "promoter" in arguments:
        assert table["side"].eq("promoter").all()
        assert table["verdict"].eq("right").all()


def test_the_terminal_shows_one_claim_whole(capsys):
    assert cli(["inference-price-280x"]) == 0
    out = capsys.readouterr().out
    row = ledger().set_index("claim").loc["inference-price-280x"]
    for words in (
        row["statement"],
        row["evidence"],
        f"Verdict: {row['verdict']}",
        "Source: ",
        "Recomputed from the tables",
        "Treated in: ",
        "04_synthesis",
    ):
        assert words in out


def test_the_terminal_says_what_is_unchecked_or_hidden_or_absent(capsys):
    unchecked = ledger().loc[lambda rows: rows["verdict"].isna(), "claim"].iloc[0]
    assert cli([unchecked]) == 0
    assert "No verdict yet. What would settle it" in capsys.readouterr().out
    hidden = (pd.read_csv(data.DATASETS / "claims.csv").query("not show")["claim"]).iloc[0]
    assert cli([hidden]) == 1
    assert "kept out of class material" in capsys.readouterr().err
    assert cli(["zzzz"]) == 1
    assert "No claim matches" in capsys.readouterr().out


def test_the_terminal_says_where_a_claim_is_treated_if_it_knows(capsys, monkeypatch, tmp_path):
    used = json.loads(claims.USES.read_text(encoding="utf-8"))
    assert used == pages.lessons_of()
    unused = next(name for name in ledger()["claim"] if name not in used)
    assert cli(["exxon-more-oil"]) == cli([unused]) == 0
    out = capsys.readouterr().out
    assert f"Treated in: {', '.join(used['exxon-more-oil'])}\n" in out
    assert "Treated in no notebook" in out
    monkeypatch.setattr(claims, "USES", tmp_path / "none.json")
    assert cli(["exxon-more-oil"]) == 0
    assert "Treated in" not in capsys.readouterr().out
