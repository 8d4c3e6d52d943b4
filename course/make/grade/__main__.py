"""``python -m course grade``: make an assignment, or try one out."""

from __future__ import annotations

import argparse
from pathlib import Path

import nbformat

from ..lessons import lessons
from .make import assignment_name, make, points
from .trial import try_out


def main(arguments: list[str] | None = None) -> int:
    """Make an assignment, or try one out with the real nbgrader. Return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m course grade", description="Assignments for nbgrader, made from the lessons.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    maker = verbs.add_parser("make", help="write the assignment of a lesson into an nbgrader course folder")
    maker.add_argument("lesson", choices=lessons(), metavar="LESSON", help="for example 01_resources")
    maker.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the nbgrader course folder, made if need be")
    trier = verbs.add_parser("try", help="grade three submissions (right, wrong, empty) with the real nbgrader, in a temporary folder")
    trier.add_argument("lesson", choices=lessons(), metavar="LESSON", nargs="?", default="00_start_here")
    options = parser.parse_args(arguments)
    if options.verb == "try":
        return try_out(options.lesson)
    path = make(options.lesson, options.out)
    by_machine, by_hand = points(nbformat.read(path, as_version=4))
    print(f"made   {path}: {by_machine} points graded by nbgrader, {by_hand} by hand")
    print(f"next   cd {options.out} && nbgrader generate_assignment {assignment_name(options.lesson)}")
    return 0
