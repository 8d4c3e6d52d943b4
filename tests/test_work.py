"""The portfolio: everything that was typed is in the file, nothing is overwritten, and an empty one says so."""

from __future__ import annotations

import pytest

from course import CourseError, exercises, outcome, predict, verdict
from course.exercises import check
from course.work import _slug, portfolio, stance, written


@pytest.fixture
def heard(said, monkeypatch):
    monkeypatch.setattr("course.work.tell", lambda text, record=None, state="", html="": said.append(text))
    monkeypatch.setattr("course.claims.tell", lambda text, record=None, state="", html="": said.append(text))
    return said


@pytest.fixture
def session(heard):
    """A learner who predicted, answered, judged and wrote."""
    predict("congo-2022", 60, unit="%")
    outcome("congo-2022", 73.1, unit="%")
    predict("way", "up")
    check("cobalt-share-2022", 55)
    check("start-boxes", {"mturk-500k": "labour"})
    check("start-kinds", {"oil-spill-peru-2022": ...})  # nothing said: nothing to keep
    verdict("cobalt-drc-60pct", "right", because="More than 60 % in 2017.")
    stance("my-stance", "First line.\nSecond line, with a | and *stars*.")
    heard.clear()
    return heard


def test_everything_typed_is_in_the_file(session, tmp_path):
    portfolio("Ada & Émile, group 3", folder=tmp_path)
    text = (tmp_path / "portfolio_ada-emile-group-3.md").read_text(encoding="utf-8")
    for words in (
        "# Portfolio of Ada & Émile, group 3",
        "`congo-2022`: predicted 60 %; the answer there: 73.1 %",
        "`way`: predicted up",
        "`cobalt-share-2022`: answered 55",
        "> **Not yet.**",
        "'mturk-500k': 'labour'",
        "supplies 60 % of the world's cobalt",
        "> right: More than 60 % in 2017.",
        "First line.\nSecond line, with a | and *stars*.",
    ):
        assert words in text, words
    assert "2 predictions, 2 answers, 1 verdicts, 1 written texts" in session[0]
    assert "portfolio_ada-emile-group-3.md" in session[0]


def test_an_older_portfolio_is_never_overwritten(session, tmp_path):
    portfolio("Ada", folder=tmp_path)
    first = (tmp_path / "portfolio_ada.md").read_text(encoding="utf-8")
    portfolio("Ada", folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1, "the same content needs no second file"
    stance("my-stance", "I changed my mind.")
    portfolio("Ada", folder=tmp_path)
    assert (tmp_path / "portfolio_ada.md").read_text(encoding="utf-8") == first
    assert "I changed my mind." in (tmp_path / "portfolio_ada_2.md").read_text(encoding="utf-8")


def test_the_text_is_the_same_each_time(session):
    assert written("Ada") == written("Ada")


@pytest.mark.parametrize("who", [..., "", "...", "  "])
def test_without_a_name_nothing_is_written(who, session, tmp_path):
    portfolio(who, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "2 predictions" in session[0]
    assert "Replace the three dots" in session[0]


def test_an_empty_session_says_what_to_do(heard, tmp_path):
    portfolio("Ada", folder=tmp_path)
    assert "Nothing to gather yet" in heard[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("who", [None, 3.5, ["Ada"], True])
def test_a_name_that_is_none_gets_a_sentence(who, heard, tmp_path):
    with pytest.raises(CourseError, match="between quotes"):
        portfolio(who, folder=tmp_path)


def test_a_folder_that_cannot_be_written_shows_the_text(session, tmp_path):
    portfolio("Ada", folder=tmp_path / "missing")
    assert "could not be written" in session[0]
    assert "First line." in session[0]


def test_a_file_name_fits_any_system():
    assert _slug("../../etc/passwd") == "etc-passwd"
    assert _slug("Zoë / №7") == "zoe-no7"
    assert _slug("漢字") == "group"
    assert len(_slug("x" * 500)) == 60


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (..., "Not written yet"),
        ("", "Not written yet"),
        (3, "Not written yet"),
        ("a b c", "3 words"),
        ("w " * 150, "150 words. Run"),
        ("w " * 151, "151 words, 150 were asked for"),
    ],
)
def test_a_stance_is_counted_and_kept(text, words, heard):
    stance("s", text)
    assert words in heard[0]
    kept = exercises._session.get(("stance", "s"))
    assert kept is None if "Not written" in words else kept == text.strip()
