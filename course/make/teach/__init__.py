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
KINDS = ("session", "slides", "paper", "site", "cards", "moodle")
WHAT = (*KINDS, "release", "check", "all")


def ensure() -> Path:
    """Return a Python that has the course and the teaching tools; install the tools beside the course if they are missing."""
    python = doors.ensure()
    stamp = (Path(sys.prefix) if str(python) == sys.executable else doors.VENV) / "triple-extraction-teach.lock"
    wish = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wish:
        print(word("installing", place=stamp.parent), flush=True)
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
    parser.add_argument("--lesson", default="", metavar="LESSON", help=word("lesson_help"))
    options = parser.parse_args(arguments)
    python = ensure()
    if str(python) != sys.executable:
        command = [str(python), "-m", "course", "teach", *(sys.argv[2:] if arguments is None else arguments)]
        return subprocess.run(command, cwd=Path.cwd()).returncode
    return _make(options)


def _make(options: argparse.Namespace) -> int:
    from ..lessons import lessons
    from ..lock import shown
    from ..sessions import plans, worksheets
    from . import cards, check, deck, kit, moodle, paper, release, site
    from .reading import TeachError, read

    if options.what == "check":
        return check.main(options.out)
    named = {"session": (list(plans()), "no_plan"), "release": (release.names(), "no_release")}
    known, missing = named.get(options.what, (lessons(), "no_lesson"))
    if unknown := sorted(set(options.names) - set(known)):
        print(word(missing, names=", ".join(unknown), known=", ".join(known)), file=sys.stderr)
        return 2
    failed = 0
    for what in KINDS if options.what == "all" else (options.what,):
        begun, folder = time.perf_counter(), options.out / ("sessions" if what == "session" else what)
        try:
            if what == "session":
                made = kit.make(options.names if options.what == "session" else [], folder, options.lesson)
            elif what == "release":
                made = release.make(options.names, folder)
            elif what == "cards":
                made = cards.make(folder)
            else:
                found = [read(name) for name in options.names or (worksheets() if what == "paper" else lessons())]
                for lesson in found:
                    print(word("gone_wrong", name=lesson.name, reason=lesson.warning)) if lesson.warning else None
                made = (
                    site.make(found, folder, options.students)
                    if what == "site"
                    else {"slides": deck, "paper": paper, "moodle": moodle}[what].make(found, folder)
                )
        except TeachError as error:
            failed = 1
            print(word("gone_wrong", name=what, reason=error), file=sys.stderr)
            continue
        for path in made if what != "site" else [folder / "index.html"]:
            print(word("made", path=shown(path.resolve()), size=path.stat().st_size // 1024))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        print(word("seconds", count=len(made), folder=shown(folder.resolve()), size=size, seconds=time.perf_counter() - begun))
    return failed
