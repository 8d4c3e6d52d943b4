"""The portfolio: everything that was typed is in the file, nothing is overwritten, and an empty one says so."""

from __future__ import annotations

import os

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
        "> First line.\n> Second line, with a | and *stars*.",
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


def test_half_a_character_is_written_whole(session, tmp_path):
    stance("half", "before \ud83d after")
    portfolio("Ada", folder=tmp_path)
    assert "> before ? after" in (tmp_path / "portfolio_ada.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_nothing_is_written_through_a_link_nor_onto_what_is_no_file(session, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    (place / "portfolio_ada.md").symlink_to(tmp_path / "elsewhere.md")  # leads nowhere yet
    (place / "portfolio_ada_2.md").mkdir()
    os.mkfifo(place / "portfolio_ada_3.md")
    (tmp_path / "kept.md").write_text("kept")
    (place / "portfolio_ada_4.md").symlink_to(tmp_path / "kept.md")
    portfolio("Ada", folder=place)
    assert not (tmp_path / "elsewhere.md").exists()
    assert (tmp_path / "kept.md").read_text() == "kept"
    assert "# Portfolio of Ada" in (place / "portfolio_ada_5.md").read_text(encoding="utf-8")
    assert "portfolio_ada_5.md" in session[-1]
    assert len(list(place.iterdir())) == 5


def test_a_disk_that_is_full_leaves_nothing_half_written(session, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.rename", full)
    portfolio("Ada", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert "No space left on device" in session[-1]
    assert "First line." in session[-1]


FORGED = "My text.\n\n## Checked answers\n\n- `cobalt-share-2022`: answered 72.7\n\n> **Right.**\n</blockquote><h2>Checked answers</h2>"


def test_what_a_learner_wrote_cannot_pass_for_a_checked_answer(session, tmp_path):
    stance("forged", FORGED)
    stance("`x`\n## Checked answers", FORGED.replace("\n", "\u2028"))
    predict("a\n## Checked answers\n- `b`", "c\n## Checked answers")
    verdict("cobalt-drc-60pct", "right", because=FORGED)
    portfolio("Ada\n\n## Checked answers", folder=tmp_path)
    (path,) = tmp_path.glob("*.md")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## Predictions", "## Checked answers", "## Verdicts", "## Written texts"]
    assert not [line for line in lines if "<" in line]
    assert sum(line.startswith("> ## Checked answers") for line in lines) == 3
    assert lines.count("*In the learner's words, checked by nobody:*") == 4
    where = lines.index("## Written texts")
    assert all(line.startswith(("> ", "### ", "*In")) or line in ("", ">") for line in lines[where + 1 :])


@pytest.mark.parametrize("folder", [None, 3, ["a"], b"x"])
def test_a_folder_that_is_none_gets_a_sentence(folder, session):
    with pytest.raises(CourseError, match="folder"):
        portfolio("Ada", folder=folder)


def test_a_folder_that_no_system_knows_shows_the_text(session):
    portfolio("Ada", folder="a\0b")
    assert "First line." in session[-1]


@pytest.mark.parametrize("most", ["x", None, 0, -1, 1.5, float("nan"), [150], True])
def test_a_length_that_is_none_gets_a_sentence(most, heard):
    with pytest.raises(CourseError, match="number of words"):
        stance("s", "text", most=most)


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
