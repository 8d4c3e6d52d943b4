"""What several tests need: the notebooks as data, a copy of the datasets to damage, and what the package says."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
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
        monkeypatch.setattr(module, "tell", lambda text, record=None: heard.append(text), raising=False)
    monkeypatch.setattr(exercises, "_session", {})
    return heard


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
