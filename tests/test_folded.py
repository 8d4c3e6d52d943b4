"""Folded means folded: what nbconvert makes of a learner's notebook says no answer in clear."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbconvert import HTMLExporter

from course import copies
from course.exercises import answer_text, stored_keys
from course.messages import MESSAGES, RECORD_MIME

TOLD = [
    MESSAGES[key].split("{")[0].replace("**", "").strip()
    for key in ("outcome_none", "outcome_exact", "outcome_same_word", "verdict_ledger", "right")
]
PAGES = HTMLExporter()


@pytest.mark.parametrize("lesson", list(copies.pristine()))
def test_a_page_of_nbconvert_tells_no_answer(lesson):
    book = nbformat.reads(copies.as_made(lesson).decode(), as_version=4)
    for cell in book.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    page, _ = PAGES.from_notebook_node(book)
    text = re.sub(r"<[^>]+>", " ", page)
    assert [words for words in TOLD if re.search(rf"{re.escape(words)}\s", text)] == []
    for cell in book.cells:
        if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            shown = " ".join(str(output.get("data", {}).get("text/markdown", "")) + output.get("text", "") for output in cell.outputs)
            for record in stored_keys(lesson).values():
                assert not (len(answer_text(record)) > 3 and answer_text(record) in shown), (cell.id, record["name"])


@pytest.mark.parametrize("lesson", list(copies.pristine()))
def test_a_figure_keeps_its_title_and_words_until_the_guess(lesson):
    """Where a cell asks for a guess first (``outcome``), the figure drawn in it has no words in the learner's edition."""
    book = nbformat.reads(copies.as_made(lesson).decode(), as_version=4)
    for cell in book.cells:
        records = [output.get("data", {}).get(RECORD_MIME, {}) for output in cell.get("outputs", [])]
        asked = {record["name"] for record in records if record.get("kind") == "outcome"}
        for record in records:
            if record.get("kind") == "figure" and asked & set(record.get("waits", asked)):
                assert record["words"].startswith("Guess first"), (cell.id, asked)
                assert not record["title"] + record["more"]
