"""``python -m course teach``: what a session needs, slides, paper and a reading edition, made from the lessons.

This file runs on a bare Python: it brings the tools (the extra ``teach``, locked in requirements-teach.txt) beside the course the
first time one of its verbs is used, and nobody else gets them. What is made, from what, and how it is checked:
course/guide/teaching_tools.md.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import subprocess
import sys
import time
from pathlib import Path

from ... import doors
from .words import word

LOCK = doors.ROOT / "requirements-teach.txt"
OUT = doors.ROOT / "teaching"
LOOK = Path(__file__).resolve().parent / "look"  # styles and templates
WHAT = ["session", "slides", "paper", "site", "check", "all"]


def declared() -> dict[str, str]:
    """Return {package: version} of the extra ``teach``."""
    import tomllib

    project = tomllib.loads((doors.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return dict(line.split("==") for line in project["optional-dependencies"]["teach"])


def ensure() -> Path:
    """Return a Python that has the course and the teaching tools; install the tools beside the course if they are missing."""
    python = doors.ensure()
    place = Path(sys.prefix) if str(python) == sys.executable else doors.VENV
    stamp = place / "triple-extraction-teach.lock"
    wish = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    here = str(python) == sys.executable and all(doors._installed(name) == version for name, version in declared().items())
    if here or (stamp.is_file() and stamp.read_text(encoding="utf-8") == wish):
        return python
    print(word("installing", place=place), flush=True)
    try:
        doors.bring(python, ["-r", LOCK])
    except subprocess.CalledProcessError:
        raise doors.DoorError(word("install_failed")) from None
    stamp.write_text(wish, encoding="utf-8")
    importlib.invalidate_caches()
    return python


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, make what is asked for, and return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m course teach", description=word("teach_help"))
    parser.add_argument("what", choices=WHAT, metavar="|".join(WHAT), help=word("what_help"))
    parser.add_argument("names", nargs="*", help=word("names_help"))
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help=word("out_help"))
    parser.add_argument("--students", action="store_true", help=word("students_help"))
    options = parser.parse_args(arguments)
    python = ensure()
    if str(python) != sys.executable:
        command = [str(python), "-m", "course", "teach", *(sys.argv[2:] if arguments is None else arguments)]
        return subprocess.run(command, cwd=Path.cwd()).returncode
    return _make(options)


def _make(options: argparse.Namespace) -> int:
    from ..lessons import lessons
    from ..sessions import plans
    from .reading import TeachError

    if options.what == "check":
        from . import check

        return check.main(options.out)
    known, missing = (list(plans()), "no_plan") if options.what == "session" else (lessons(), "no_lesson")
    if unknown := sorted(set(options.names) - set(known)):
        print(word(missing, names=", ".join(unknown), known=", ".join(known)), file=sys.stderr)
        return 2
    whats = ("session", "slides", "paper", "site") if options.what == "all" else (options.what,)
    failed = 0
    for what in whats:
        begun = time.perf_counter()
        try:
            folder, made = _one(what, options)
        except TeachError as error:
            failed = 1
            print(word("gone_wrong", name=what, reason=error), file=sys.stderr)
            continue
        for path in made if what != "site" else []:
            print(word("made", path=_shown(path), size=path.stat().st_size // 1024))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        print(word("seconds", count=len(made), folder=_shown(folder), size=size, seconds=time.perf_counter() - begun))
        if what == "site":
            print(word("open", path=_shown(folder / "index.html")))
    return failed


def _one(what: str, options: argparse.Namespace) -> tuple[Path, list[Path]]:
    """Make one of session, slides, paper and site; return its folder and its files. Raise TeachError where something is wrong."""
    from ..lessons import lessons
    from . import deck, kit, paper, site
    from .reading import read
    from .worksheet import worksheets

    if what == "session":
        folder = options.out / "sessions"
        return folder, kit.make(options.names if options.what == "session" else [], folder)
    folder = options.out / what
    names = options.names or (worksheets() if what == "paper" else lessons())
    found = [read(name) for name in names]
    for lesson in found:
        if lesson.warning:
            print(word("gone_wrong", name=lesson.name, reason=lesson.warning))
    if what == "site":
        return folder, site.make(found, folder, students=options.students)
    return folder, {"slides": deck, "paper": paper}[what].make(found, folder)


def _shown(path: Path) -> str:
    path = path.resolve()
    return path.relative_to(doors.ROOT).as_posix() if path.is_relative_to(doors.ROOT) else str(path)
