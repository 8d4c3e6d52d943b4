"""What moved: each printed figure, answer, mistake and verdict that a build changed, old and new. It is said, and written nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import nbformat

from .. import claims

MOST = 60  # lines for one lesson


def _texts(cell: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield (where, text) of what a cell says: its sentence, or each of its outputs."""
    if cell.cell_type == "markdown":
        yield "text", cell.source
    for number, output in enumerate(cell.get("outputs", []), start=1):
        data = output.get("data", {})
        yield f"output {number}", output.get("text") or data.get("text/markdown") or data.get("text/plain", "")


def _changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches of words that differ and hold a figure or a verdict: (old, new)."""
    before, after, scale = old.replace("|", " ").split(), new.replace("|", " ").split(), claims.VERDICTS
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = " ".join(before[a:b]), " ".join(after[c:d])
        if kind != "equal" and any(any(map(str.isdigit, text)) or any(word in text for word in scale) for text in (gone, come)):
            yield gone, come


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:88] + " …"


def in_notebook(old: nbformat.NotebookNode, new: nbformat.NotebookNode) -> list[str]:
    """Return a line for each figure or verdict that a notebook prints otherwise, by cell, and one for each cell id that vanished."""
    before = {cell.id: dict(_texts(cell)) for cell in old.cells}
    lines = []
    for cell in new.cells:
        for where, text in _texts(cell) if cell.id in before else []:
            for gone, come in _changes(before[cell.id].get(where, ""), text):
                lines.append(f"{cell.id}, {where}: {_short(gone) or '(nothing)'} → {_short(come) or '(nothing)'}")
    vanished = [cell.id for cell in old.cells if cell.id not in {cell.id for cell in new.cells}]
    return [*lines, *(f"cell {name} is gone: answers typed there lose their place" for name in vanished)]


def in_keys(old: dict, new: dict) -> list[str]:
    """Return a line for each answer or mistake whose value changed, by exercise, and for each exercise that came or went."""
    lines = [f"exercise {name} is gone" for name in old if name not in new]
    lines += [f"exercise {name} is new" for name in new if name not in old]
    for name in [name for name in new if name in old]:
        was, now = old[name], new[name]
        if was["answer"] != now["answer"]:
            lines.append(f"exercise {name}, answer: {_short(str(was['answer']))} → {_short(str(now['answer']))}")
        pairs = [[str(value) for value, _ in record.get("mistakes", [])] for record in (was, now)]
        for number, (gone, come) in enumerate(zip(*pairs, strict=False), start=1):
            if gone != come:
                lines.append(f"exercise {name}, mistake {number}: {gone} → {come}")
        if len(pairs[0]) != len(pairs[1]):
            lines.append(f"exercise {name}: {len(pairs[0])} mistakes → {len(pairs[1])}")
    return lines
