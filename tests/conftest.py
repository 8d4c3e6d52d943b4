"""What several tests need: the notebooks as data, a copy of the datasets to damage, and what the package says."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from course import data, exercises, messages
from course.make.build import EDITIONS, lessons, notebook_path

BOOKS = [(name, edition) for name in lessons() for edition in EDITIONS]


@pytest.fixture(params=BOOKS, ids=[f"{edition}-{name}" for name, edition in BOOKS], scope="session")
def book(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """A stored notebook, learner's or solutions, with its lesson's name and edition in the metadata."""
    return nbformat.read(notebook_path(*request.param), as_version=4)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sentences the package shows during a test; the learner's session starts empty."""
    heard: list[str] = []
    for module in (data, exercises, __import__("course.claims").claims, __import__("course.figures").figures, messages):
        monkeypatch.setattr(module, "tell", lambda text, record=None, state="", html="": heard.append(text), raising=False)
    monkeypatch.setattr(exercises, "_session", {})
    return heard


@pytest.fixture
def without_the_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Formulas are drawn by a tool that learners do not have, and the tests of what is taught do not need."""
    from course.make.teach import reading

    monkeypatch.setattr(reading, "mathml", lambda source, options: source)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of datasets/ that the package reads instead of the real one, for as long as the test lasts."""
    folder = tmp_path / "datasets"
    shutil.copytree(data.DATASETS, folder)
    monkeypatch.setattr(data, "DATASETS", folder)
    data.package.cache_clear()
    data._read.cache_clear()
    yield folder
    data.package.cache_clear()
    data._read.cache_clear()


@pytest.fixture
def edit(copied: Path):
    """Change one cell of a copied table: ``edit(table, column, new, **where)``, the row being the first where other columns hold that."""

    def change(table: str, column: str, new: str, **where: str) -> int:
        path = copied / f"{table}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        found = rows.index[(rows[list(where)] == pd.Series(where)).all(axis=1)]
        assert len(found), f"{table} has no row with {where}"
        rows.loc[found[0], column] = new
        rows.to_csv(path, index=False, lineterminator="\n")
        return int(found[0]) + 2  # its line in the file

    return change
