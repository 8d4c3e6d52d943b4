"""What is not the course's is not tested: a learner's notebook beside the originals, or an original that holds a learner's work."""

from __future__ import annotations

import atexit
import os
import shutil
from pathlib import Path

import pytest

from course import copies
from course.make.lessons import EDITIONS
from course.messages import say

CHANGED = copies.changed_originals()
STRANGERS = copies.strangers()


def _as_made() -> None:
    """Let the tests read the changed originals as the build made them, from git or from what the learner's copies came from."""
    folder = copies.ROOT / f".as_made_{os.getpid()}"  # beside notebooks/, whose settings for ruff name the file above
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(copies.NOTEBOOKS, folder, ignore=lambda where, names: {path.name for path in STRANGERS if str(path.parent) == where})
    for path in CHANGED:
        name = path.relative_to(copies.NOTEBOOKS)
        data = copies.as_made(name.with_suffix("").as_posix())
        if data is None:
            pytest.exit(say("reset_changed", file=f"notebooks/{name.as_posix()}", lesson=name.with_suffix("").as_posix()), returncode=1)
        (folder / name).write_bytes(data)
    EDITIONS["learner"] = folder


if CHANGED:
    _as_made()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave a learner's notebooks alone."""
    return True if collection_path in CHANGED or collection_path in STRANGERS else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which were left alone, and what to do."""
    for key, paths in (("test_changed", CHANGED), ("test_stranger", STRANGERS)):
        for path in paths:
            terminalreporter.write_line(say(key, file=path.relative_to(copies.ROOT).as_posix()))
