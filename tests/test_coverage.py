"""Coverage: every theme and every core claim has a home, and what is said of a lesson is in it."""

from __future__ import annotations

import pandas as pd
import pytest

from course import coverage, ledger
from course.claims import main as cli
from course.make.coverage import CORE_CLAIMS, THEMES, claims_by_section, problems, sections, themes


def test_every_theme_and_core_claim_has_a_home():
    assert problems() == []


def test_there_are_forty_themes_and_twenty_four_core_claims():
    assert len(THEMES) == themes()["theme"].nunique() == 40
    assert len(CORE_CLAIMS) == len(set(CORE_CLAIMS)) == 24
    assert set(CORE_CLAIMS) <= set(ledger()["claim"])
    assert themes().groupby("theme")["name"].nunique().eq(1).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table[table["theme"] != "T40"], "theme T40 has no home"),
        (lambda table: table.assign(section=99), "T01: 00_start_here has no section 99"),
        (lambda table: table.assign(lesson="05_nowhere"), "05_nowhere has no section"),
        (lambda table: table.assign(claim="carbon-bombs-425"), "does not name the claim carbon-bombs-425"),
        (lambda table: table.assign(theme="T99"), "T99 is not a theme"),
    ],
)
def test_a_theme_without_a_home_is_reported(change, words, monkeypatch):
    changed = change(themes())
    monkeypatch.setattr(coverage, "themes", lambda: changed)
    assert any(words in line for line in problems())


def test_a_core_claim_without_a_home_is_reported(monkeypatch):
    used = claims_by_section()
    monkeypatch.setattr(coverage, "claims_by_section", lambda: used[used["claim"] != "exxon-more-oil"])
    assert "core claim exxon-more-oil is treated in no lesson" in problems()


def test_sections_are_read_from_the_lessons():
    assert sections("00_start_here")[2] == "The frame: three extractions"
    assert sections("no_such_lesson") == {}


def test_the_page_holds_every_theme_and_every_used_claim():
    page = coverage.coverage()
    for theme in THEMES:
        assert f"| {theme} |" in page
    for claim in set(claims_by_section()["claim"]):
        assert f"`{claim}`" in page


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
        (["--side", "promoter", "--verdict", "right"], {"gfw-alerts-18pct", "google-pue-110"}),
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
        "Verdict: right",
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
    hidden = (pd.read_csv(coverage.LESSONS.parent.parent / "datasets" / "claims.csv").query("not show")["claim"]).iloc[0]
    assert cli([hidden]) == 1
    assert "kept out of class material" in capsys.readouterr().err
    assert cli(["zzzz"]) == 1
    assert "No claim matches" in capsys.readouterr().out
