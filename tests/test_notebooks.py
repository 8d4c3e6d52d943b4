"""What nbval does not look at: stored notebooks are run to the end, clean, readable, and what their lessons say."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from course import ledger
from course.doors import ROOT, declared
from course.make.build import BLANK, lessons, orphans, read_lesson, stale_lesson, stale_pages, stale_picture, stale_tables

CORE = ["01_resources", "02_labour", "03_data", "04_synthesis"]


def code(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def texts(book):
    """Every textual output of a notebook, with the cell it belongs to."""
    for cell in code(book):
        for output in cell.outputs:
            data = {kind: value for kind, value in output.get("data", {}).items() if not kind.startswith("image/")}
            yield cell, json.dumps(data, ensure_ascii=False) + output.get("text", "")


@pytest.mark.parametrize("name", lessons())
def test_notebooks_are_in_step_with_their_lesson(name):
    assert stale_lesson(name) == [], "run: python -m course build"


def test_tables_are_in_step_and_nothing_is_left_over():
    assert stale_tables() + stale_pages() + stale_picture() + orphans() == [], "run: python -m course build"


def test_every_code_cell_was_run_in_order(book):
    assert [cell.execution_count for cell in code(book)] == list(range(1, len(code(book)) + 1))


def test_no_output_is_left_unchecked(book):
    for cell in book.cells:
        tags = " ".join(cell.metadata.get("tags", []))
        assert not re.search(r"nbval|raises-exception|skip-execution", cell.source + tags, flags=re.IGNORECASE), cell.source


def test_outputs_hold_no_error_address_path_or_clock(book):
    for cell, text in texts(book):
        assert not re.search(r"0x[0-9a-f]{6,}|/home/|/root/|/work/|/tmp/|[A-Z]:\\\\|site-packages", text), cell.source
    for cell in code(book):
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.text


def test_no_cell_reaches_for_the_network_or_the_clock(book):
    for cell in code(book):
        assert not re.search(r"https?://|urllib|requests|httpx|read_csv|datetime\.now|time\.time|!\s*pip|input\(", cell.source), cell.source


def test_random_numbers_are_seeded(book):
    for cell in code(book):
        assert "np.random.rand" not in cell.source
        assert "default_rng()" not in cell.source
        assert ".sample(" not in cell.source or "random_state=" in cell.source, cell.source


def test_every_figure_is_followed_by_its_words(book):
    for cell in code(book):
        for place, output in enumerate(cell.outputs):
            if any(kind.startswith("image/") for kind in output.get("data", {})):
                after = cell.outputs[place + 1].get("data", {}).get("text/markdown", "").strip()
                assert after.startswith("**In words.** "), cell.source
                assert re.search(r"\d", after), "the words of a figure carry its numbers"
                assert output.metadata["image/png"]["alt"] in after


def test_headings_are_in_order(book):
    levels = []
    for cell in book.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            levels += [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_cells_are_short_enough_to_read(book):
    assert len(book.cells) <= 50
    for cell in code(book):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= 12, f"{len(lines)} lines:\n{cell.source}"
        assert max(map(len, lines)) <= 110, f"a line too wide to read:\n{cell.source}"


def test_no_figure_is_typed_into_prose():
    """Thousands and per cent in a lesson's text are computed, or are the very figures of a claim of the ledger."""
    claimed = " ".join(ledger()["statement"])
    for name in lessons():
        for cell in read_lesson(name).cells:
            if cell.cell_type == "markdown":
                prose = BLANK.sub("", cell.source)
                for figure in re.findall(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)? ?%", prose):
                    assert figure in claimed, f"{name}: {figure!r} is typed in: {cell.source}"


def test_notebooks_import_only_what_is_pinned(book):
    known = set(declared()) | {"course", "itertools", "math", "statistics"}
    for cell in code(book):
        for module in re.findall(r"^\s*(?:import|from) (\w+)", cell.source, flags=re.MULTILINE):
            assert module in known, cell.source


def test_claims_named_in_a_lesson_are_in_the_ledger(book):
    known = set(ledger()["claim"])
    for cell in code(book):
        for name in re.findall(r"\b(?:claim|verdict)\(\"([^\"]+)\"", cell.source):
            assert name in known, name


def test_a_learners_notebook_gives_no_answer_away(book):
    if book.metadata.triple_extraction.edition == "learner":
        for cell in code(book):
            assert "{{" not in cell.source
            if re.search(r"\b(outcome|verdict)\(", cell.source) and "show(" in cell.source:
                assert cell.metadata.get("jupyter", {}).get("outputs_hidden"), cell.source
        shown = [text for cell, text in texts(book) if not cell.metadata.get("jupyter", {}).get("outputs_hidden")]
        assert not any("**The ledger:**" in text for text in shown)


@pytest.mark.parametrize("name", [name for name in lessons() if name in CORE or name.startswith("more/")])
def test_a_lesson_has_its_anatomy(name):
    lesson = read_lesson(name)
    prose = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")
    calls = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "code")
    for heading in ("## What these data cannot say", "## To discuss", "## Further reading", "## Sources"):
        assert heading in prose, heading
    for words in ("**The question.**", "**You will be able to**", "minutes"):
        assert words in prose, words
    assert len(set(re.findall(r"\bpredict\(\"([^\"]+)\"", calls))) >= 2
    assert len(set(re.findall(r"\bcheck\(\"([^\"]+)\"", calls))) >= 5
    assert len(re.findall(r"^\*\*Critique\b", prose, flags=re.MULTILINE)) >= 2
    assert "cite(" in calls


def test_stored_notebooks_stay_light():
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        assert path.stat().st_size < 1_500_000, path


def test_no_file_holds_a_path_of_a_machine():
    for folder in ("course", "datasets", "notebooks", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".json", ".csv", ".ipynb"} and path != Path(__file__):
                assert not re.search(r"/(home/(?!jovyan)|root/|work/)[a-z]", path.read_text(encoding="utf-8")), path


def test_a_folded_output_shows_no_answer_in_its_preview(book):
    """JupyterLab shows the first line of a folded output's first text."""
    for cell in code(book):
        if cell.metadata.get("jupyter", {}).get("outputs_hidden") and cell.outputs:
            data = cell.outputs[0].get("data", {"text": cell.outputs[0].get("text", "")})
            for kind in ("text/html", "text/markdown", "text/plain", "text"):
                if kind in data and "image/png" not in data:
                    assert data[kind].split("\n")[0] in (" ", "<div>"), cell.source
                    break
