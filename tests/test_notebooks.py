"""What nbval does not look at: stored notebooks are run to the end, clean, readable, and their figures have words."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

from course import copies
from course.doors import ROOT
from course.messages import RECORD_MIME


def code(book):
    return [cell for cell in book.cells if cell.cell_type == "code"]


def texts(book):
    """Every textual output of a notebook, with the cell it belongs to."""
    for cell in code(book):
        for output in cell.outputs:
            data = {kind: value for kind, value in output.get("data", {}).items() if not kind.startswith("image/")}
            yield cell, json.dumps(data, ensure_ascii=False) + output.get("text", "")


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


def test_every_figure_is_followed_by_its_words(book):
    for cell in code(book):
        if "draw" in cell.metadata.get("tags", []):
            continue  # the learner draws here, in plain pandas; the figure that follows has the words
        for place, output in enumerate(cell.outputs):
            if any(kind.startswith("image/") for kind in output.get("data", {})):
                after = cell.outputs[place + 1].get("data", {})
                record = after.get(RECORD_MIME, {})
                assert record.get("kind") == "figure", cell.source
                if "waits" in record:
                    told = record["words"] + record["title"] + record["more"]
                    assert not re.search(r"\d", told.replace(", ".join(record["waits"]), ""))
                    continue  # until the guess it has neither title nor words
                said = " ".join(filter(None, (record["words"], record["more"])))
                assert re.search(r"\d", said), "the words of a figure carry its numbers"
                assert output.metadata["image/png"]["alt"].endswith(said)
                assert record["words"] in after["text/markdown"] and record["more"] in after["text/markdown"]


def test_headings_are_in_order(book):
    levels = []
    for cell in book.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            levels += [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_a_learners_notebook_gives_no_answer_away(book):
    if book.metadata.triple_extraction.edition == "learner":
        for cell in code(book):
            assert "{{" not in cell.source
            if re.search(r"\b(outcome|verdict)\(", cell.source) and "show(" in cell.source:
                assert cell.metadata.get("jupyter", {}).get("outputs_hidden"), cell.source
        shown = [text for cell, text in texts(book) if not cell.metadata.get("jupyter", {}).get("outputs_hidden")]
        assert not any("**The ledger:**" in text for text in shown)


def test_stored_notebooks_stay_light():
    for path in copies.pristine().values():
        assert path.stat().st_size < 1_500_000, path


def test_no_file_holds_a_path_of_a_machine():
    learners = copies.changed_originals() + copies.strangers()
    for folder in ("course", "datasets", "notebooks", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".json", ".csv", ".ipynb"} and path != Path(__file__) and path not in learners:
                assert not re.search(r"/(home/(?!jovyan|jupyter-)|root/|work/)[a-z]", path.read_text(encoding="utf-8")), path


def test_a_folded_output_shows_no_answer_in_its_preview(book):
    """JupyterLab shows the first line of a folded output's first text: it is empty, and no markup."""
    for cell in code(book):
        if cell.metadata.get("jupyter", {}).get("outputs_hidden") and cell.outputs:
            data = cell.outputs[0].get("data", {"text": cell.outputs[0].get("text", "")})
            for kind in ("text/html", "text/markdown", "text/plain", "text"):
                if kind in data and "image/png" not in data:
                    assert data[kind].split("\n")[0] == " ", cell.source
                    break
