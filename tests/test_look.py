"""The look: what was typed stays text, nothing is given away, states are said in words, and the same call gives the same bytes."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell

from course import CourseError, claim, claims, ledger, load, look, own, statements, table, verdict
from course.claims import VERDICTS, figure_said
from course.messages import RECORD_MIME, tell

PAYLOADS = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    "<b>bold</b> & </div></p>",
    "[a link](javascript:alert(1)) and ![a picture](https://example.org/p.png)",
    "<a href='javascript:alert(1)'>here</a>",
    '"><svg onload=alert(1)>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --><style>*{display:none}</style> `<i>` | x | $a$ and $b$",
]
SAFE = {
    *("div", "p", "strong", "em", "code", "span", "small", "cite", "blockquote", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "br", "a"),
}


@pytest.fixture
def cell(monkeypatch):
    """Run something as a cell of a notebook runs it; return what stands under it, output by output."""
    shell = InteractiveShell()
    shown: list[dict] = []
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    monkeypatch.setattr(claims, "OWN_CLAIMS", {})

    def run(*calls):
        shown.clear()
        for call in calls:
            call()
        shell.events.trigger("post_run_cell", None)
        return list(shown)

    yield run
    look._waiting.clear()
    look._answered.clear()
    InteractiveShell.clear_instance()


def elements(page: str) -> BeautifulSoup:
    """The HTML, once it holds nothing that a page could run or fetch, and no name that is made up at each run."""
    soup = BeautifulSoup(page, "html.parser")
    for one in soup.find_all(True):
        assert one.name in SAFE, one
        assert set(one.attrs) <= {"style", "class", "scope", "align", "href"}, one
        assert one.get("href", "https:").startswith("https:"), one
    return soup


@pytest.mark.parametrize("typed", PAYLOADS)
def test_what_a_person_typed_stays_text(typed, cell):
    mine = {"claim": "mine", "statement": typed, "speaker": typed, "year": 2026, "side": "critic", "test_with": typed, "said_in": typed}
    claims.OWN_CLAIMS["mine"] = mine | {"verdict": None, "attributed_to": None, "year_inferred": False}
    outputs = cell(
        lambda: claim("mine"),
        lambda: statements(["mine"]),
        lambda: verdict("mine", "right", because=f"one two three {typed}"),
        lambda: verdict("cobalt-drc-60pct", "right", because=f"one two three {typed}"),
        lambda: table(pd.DataFrame({typed: [typed]})),
        lambda: tell(f"You gave {typed}", {"kind": "check"}, state="wrong"),
    )
    assert len(outputs) == 6
    shown = [elements(output["text/html"]).get_text(" ") for output in outputs]
    for page in shown[:5]:
        assert " ".join(typed.split()) in " ".join(page.split()), "as it was typed"


@pytest.mark.parametrize("state", ["todo", "right", "wrong", "partly", "said", "shown"])
def test_a_card_stands_beside_the_text_that_programs_and_terminals_read(state, cell):
    record = {"kind": "check", "exercise": "x"}
    (output,) = cell(lambda: tell("A **sentence**.", record, state=state))
    assert set(output) == {"text/html", "text/markdown", "text/plain", RECORD_MIME}
    assert output["text/markdown"] == output["text/plain"] == " \nA **sentence**."
    assert output[RECORD_MIME] == record
    assert output["text/html"].startswith(" \n"), "JupyterLab shows the first line of a folded output"
    words = elements(output["text/html"]).get_text()
    assert look.SIGNS[state] in words
    assert "A sentence." in words


@pytest.mark.parametrize(("state", "word"), [("right", "Right"), ("wrong", "Not yet"), ("partly", "Partly right")])
def test_a_state_is_a_sign_and_a_word_said_once(state, word):
    for said in (f"**{word}.** Why.", "(Read as 72.7.) Why."):
        words = elements(look.card(said, {}, state)).get_text()
        assert words.strip().startswith(f"{look.SIGNS[state]} {word}.")
        assert words.count(word) == 1


def test_a_text_without_state_has_no_card_and_a_terminal_gets_the_sentence(cell, capsys, monkeypatch):
    (output,) = cell(lambda: tell("Words."))
    assert set(output) == {"text/markdown", "text/plain"}
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    tell("Words.", {"kind": "check"}, state="todo")
    assert capsys.readouterr().out == "Words.\n"


def test_several_unanswered_calls_are_one_quiet_line_and_keep_their_records(cell):
    names = ["a", "b", "c", "d"]
    calls = [
        lambda name=name: tell(f"Guess `{name}`", {"kind": "predict", "name": name}, state="said" if name == "b" else "todo")
        for name in names
    ]
    outputs = cell(*calls)
    assert [output[RECORD_MIME]["name"] for output in outputs] == ["b", "a", "c", "d"]
    assert [elements(output["text/html"]).get_text().strip() for output in outputs[1:]] == [
        "○ 1 of 4 guessed; still to guess: a, c, d.",
        "",
        "",
    ]
    assert all(output["text/plain"].strip() for output in outputs)
    assert cell(*calls) == outputs, "the next cell counts from nothing"


def test_unanswered_verdicts_name_the_words_once(cell):
    outputs = cell(*[lambda name=name: verdict(name) for name in ("cobalt-drc-60pct", "youtube-70pct")])
    words = elements(outputs[0]["text/html"]).get_text()
    assert "0 of 2 judged; still to judge: cobalt-drc-60pct, youtube-70pct." in words
    assert words.count("not testable") == 1
    assert len(outputs) == 2


def test_what_waits_without_a_name_keeps_its_sentence_in_the_line():
    waiting = [("*Not yet* named.", {"kind": "portfolio"}), ("x", {"kind": "stance", "name": "mine"}), ("No record.", None)]
    assert look.todo_line(waiting, {}) == "*Not yet* named. No record. 0 of 1 written; still to write: `mine`."


def test_one_unanswered_call_keeps_its_sentence(cell):
    (output,) = cell(lambda: verdict("cobalt-drc-60pct"))
    assert "No verdict yet" in output["text/html"]


def test_nothing_of_the_ledger_is_shown_before_a_reasoned_verdict(cell):
    row = ledger(["cobalt-drc-60pct"]).iloc[0]
    for given in ((...,), ("right",), ("right", "no"), ("true", "I read the table."), ("right", "right right right")):
        for output in cell(lambda given=given: verdict("cobalt-drc-60pct", *given)):
            assert row["evidence"] not in str(output)
            assert "(the ledger)" not in str(output)


def test_a_verdict_shows_the_words_of_the_scale_yours_and_the_ledgers(cell):
    truth = ledger(["cobalt-drc-60pct"]).iloc[0]["verdict"]
    for word in VERDICTS:
        (output,) = cell(lambda word=word: verdict("cobalt-drc-60pct", word, because="I read the table."))
        pills = [one.get_text() for one in elements(output["text/html"]).ul.find_all("li")]
        both = {truth: f"{truth} (the ledger)"} | {word: f"{word} (you)" if word != truth else f"{word} (you and the ledger)"}
        assert pills == [both.get(one, one) for one in VERDICTS]


def test_a_claim_shows_its_figure_who_said_it_and_its_key_last(cell):
    row = ledger(["cobalt-drc-60pct"]).iloc[0]
    (output,) = cell(lambda: claim("cobalt-drc-60pct"))
    parts = [one.get_text() for one in elements(output["text/html"]).div.find_all(["p", "blockquote"])]
    assert parts[1:3] == ["60 %", row["statement"]]
    assert row["speaker"] in parts[3]
    assert parts[-1] == "cobalt-drc-60pct"
    assert row["evidence"] not in output["text/html"]


def test_the_figure_of_a_claim_is_one_that_its_statement_says():
    shown = ledger()
    figures = {row["claim"]: figure_said(row) for _, row in shown.iterrows()}
    assert figures["100-to-400-million-workers"] == ("100 to 400 million", "workers")
    assert figures["antennas-50k-4g-20k-5g"] is None, "two figures of one sentence are no range"
    assert figures["engineers-majority-deaf"] is None, "the statement gives no number"
    assert sum(figure is not None for figure in figures.values()) > 100
    for _, row in shown.iterrows():
        if figures[row["claim"]]:
            assert figures[row["claim"]][0] in row["statement"]


OUTCOME = {"kind": "outcome", "name": "x"}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"unit": "%", "scale": "share", "value": 40, "actual": 26}, ["26 %", "40 %", "from 0 to 100 %"]),
        ({"unit": "year", "scale": "year", "value": 1995, "actual": 2012}, ["2012", "1995", "from 1991 to 2016."]),
        ({"unit": "TWh", "scale": "quantity", "value": [300, 500], "actual": 415}, ["415 TWh", "300 to 500 TWh", "from 0 to 580 TWh"]),
        ({"unit": "", "scale": "count", "value": 0, "actual": 0}, ["from 0 to 1."]),
        ({"unit": "°C", "scale": "quantity", "value": -5, "actual": 3}, ["-5 °C", "from -5 to 3.4 °C"]),
    ],
)
def test_an_outcome_is_on_a_line_from_its_record(record, words):
    page = look.card("The answer here.", OUTCOME | record, "shown")
    line = elements(page).get_text()
    assert all(word in line for word in words), line
    places = [float(number) for number in re.findall(r"(?:left|width):(\d+)%", page)]
    assert all(0 <= place <= 100 for place in places)


@pytest.mark.parametrize("record", [{}, {"value": "data", "actual": "labour"}, {"value": 3, "actual": "x"}])
def test_without_a_guess_or_with_words_there_is_no_line(record):
    assert "The line goes" not in look.card("Guess first.", OUTCOME | record, "todo")


def test_the_same_call_gives_the_same_bytes(cell):
    calls = [lambda: claim("cobalt-drc-60pct"), lambda: verdict("youtube-70pct", "right", "I read the table.")]
    calls += [lambda: table(load("cobalt_mining")), lambda: statements(["youtube-70pct"])]
    assert cell(*calls) == cell(*calls)


# tables


def printed(frame, cell, **options):
    (output,) = cell(lambda: table(frame, **options))
    assert set(output) == {"text/html", "text/plain"}
    return elements(output["text/html"]), output["text/plain"]


def test_a_table_has_labels_and_units_of_the_data_package(cell):
    page, plain = printed(load("cobalt_mining")[["country", "year", "value", "note"]], cell)
    assert [one.get_text() for one in page.thead.find_all("th")] == ["Country", "Year", "Cobalt (t Co)", "Note"]
    assert plain.splitlines()[1].split()[:3] == ["Country", "Year", "Cobalt"]
    assert [one.get("align") for one in page.tbody.tr.find_all("td")] == [None, "right", "right", None]
    assert "nan" not in (page.get_text() + plain).lower()


def test_eight_rows_then_a_fold_and_nothing_lost(cell):
    frame = load("cobalt_mining").head(20)
    page, plain = printed(frame[["country", "year"]], cell)
    first, second = page.find_all("tbody")
    assert (len(first.find_all("tr")), len(second.find_all("tr"))) == (8, 12)
    assert page.summary.get_text() == "12 more rows"
    assert len(plain.splitlines()) == 22
    page, plain = printed(load("cobalt_mining")[["country"]], cell, rows=3)
    assert page.summary.get_text().startswith("97 more rows (")
    assert "others are not shown" in plain


def test_numbers_dates_and_missing_values_read_as_on_a_page(cell):
    frame = pd.DataFrame(
        {
            "whole": pd.array([12000, None], dtype="Int64"),
            "part": [1234567.0, 0.25],
            "year": [2019, 2020],
            "known": [True, False],
            "day": pd.to_datetime(["2026-11-27", None]),
            "word": ["a", None],
        }
    )
    page, plain = printed(frame, cell)
    rows = [[one.get_text() for one in row.find_all("td")] for row in page.tbody.find_all("tr")]
    assert rows == [["12,000", "1,234,567", "2019", "yes", "2026-11-27", "a"], ["", "0.25", "2020", "no", "", ""]]
    assert "<NA>" not in plain


def test_an_index_that_names_rows_is_kept_and_one_that_counts_is_not(cell):
    frame = pd.DataFrame({"country": ["France", "France", "Peru"], "my_value": [1, 2, 3]})
    page, _ = printed(frame.groupby("country")["my_value"].sum(), cell, labels={"my_value": "Sum (t)"})
    assert [one.get_text() for one in page.thead.find_all("th")] == ["Country", "Sum (t)"]
    assert [one.get_text() for one in page.tbody.find_all("th", scope="row")] == ["France", "Peru"]
    page, _ = printed(frame.loc[[2, 0]], cell)
    assert [one.get_text() for one in page.thead.find_all("th")] == ["Country", "my value"]
    assert page.tbody.th is None


def test_a_frame_is_left_as_it_was_and_something_else_is_refused(cell):
    frame = load("cobalt_mining")
    before, options = frame.copy(), pd.get_option("display.max_rows")
    printed(frame, cell)
    pd.testing.assert_frame_equal(frame, before)
    assert pd.get_option("display.max_rows") == options
    with pytest.raises(CourseError, match="table\\(\\) shows a table"):
        table([1, 2])


def test_an_empty_table_shows_its_heads(cell):
    page, plain = printed(load("cobalt_mining").head(0)[["country", "value"]], cell)
    assert plain.strip() == "Country  Cobalt (t Co)"
    assert page.details is None


def test_a_claim_of_ones_own_is_a_card_too(cell):
    call = lambda: own.my_claim("my-own", "It says *so*.", "Me", 2026, "a <i>page</i>", "critic", "A count.")  # noqa: E731
    (output,) = cell(call)
    assert "It says *so*." in elements(output["text/html"]).get_text()
    assert "It says \\*so\\*." in output["text/markdown"]
