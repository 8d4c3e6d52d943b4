"""``python -m course``: open the course, test it, build it, measure it."""

import sys

from .pythons import fits, run_elsewhere

if not fits():  # before anything that an old Python cannot read
    sys.exit(run_elsewhere(sys.argv[1:]))

import argparse
import subprocess
from importlib import import_module

from . import copies, doors
from .messages import say

VERBS = {  # the module that does it ("" where it has a door of its own), and what the help says
    "lab": ("", "open JupyterLab on your own copies of the notebooks (installs what is missing)"),
    "test": ("", "run every notebook and every test (installs what is missing)"),
    "build": (".make.build", "make the notebooks from the lessons; --check says which are stale"),
    "review": (".make.review", "list the tables whose next edition is due and the claims that aged"),
    "bench": (".make.bench", "time each notebook, its kernel's memory, and the suite"),
    "minutes": (".make.before", "measure each lesson, or one by its sections: minutes, words, what is used too early"),
    "claims": (".claims", "list, search or show the claims of the ledger"),
    "marks": (".make.marks", "for instructors: mark what was handed in, running nothing of it"),
    "nbgrader": (".make.assignments", "for instructors: make an assignment for nbgrader from a lesson"),
    "grades": (".make.grades", "for instructors: turn a grade sheet into marks out of 20 and of 100"),
    "gain": (".make.gain", "for instructors: what a class gained between the two forms of the test"),
    "teach": ("", "for instructors: make slides, worksheets or a reading edition (installs its tools)"),
    "lock": ("", "after a change of version in pyproject.toml: make the locks again"),
}


def _inside(verb: str, rest: list[str]) -> int:
    """Run a verb that needs the course's packages: here if this Python has them, else in the environment that has."""
    python = doors.ensure()
    if str(python) == sys.executable:
        try:
            return import_module(VERBS[verb][0], "course").main(rest)
        except ModuleNotFoundError as missing:
            if missing.name != "course.make":
                raise
            raise doors.DoorError(
                f"{verb} needs a clone of the repository: an installed course reads its tables and claims only."
            ) from None
    return subprocess.run([str(python), "-m", "course", verb, *rest], cwd=doors.ROOT).returncode


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m course", description="Triple Extraction: open, test, build or measure the course.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, (_, told) in VERBS.items():
        verbs.add_parser(verb, help=told, add_help=False)
    newer = verbs.add_parser("update", help="bring the course and your copies forward; what you wrote stays")
    newer.add_argument("zip", nargs="?", help="the zip of a newer course, if this one came as a zip")
    fresh = verbs.add_parser("reset", help="give a fresh copy of a notebook, and keep your old one under its date")
    fresh.add_argument("notebook", help="for example 01")
    link = verbs.add_parser("binder", help="print the Binder link of this clone")
    link.add_argument("remote", nargs="?", help="a public repository's address, if not the remote called origin")
    known, rest = parser.parse_known_args(arguments)
    if known.verb == "binder":
        return doors.binder(known.remote)
    if known.verb == "update":
        return copies.update(known.zip)
    if known.verb == "reset":
        return copies.reset(known.notebook)
    if known.verb == "teach":
        from .make import teach

        return teach.main(rest)
    if known.verb == "lock":
        return doors.lock()
    if known.verb in ("lab", "test"):
        return getattr(doors, known.verb)(rest)
    return _inside(known.verb, rest)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(say("door_interrupted"))
