"""``python -m course grades SHEET``: marks out of 20 and of 100 from a grade sheet, by the weights of ``guide/weights.csv``.

The sheet is a CSV file: ``learner``, ``group``, a column for each part (points, ``ex`` for excused, empty for not yet) and ``days_late``.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..messages import CourseError, say
from .sessions import GUIDE

PASS_MARK = 10.0  # of 20
LATE_PER_DAY, LATE_MOST = 0.5, 3.0  # points of 20
EXCUSED = "ex"


@dataclass
class Mark:
    """A learner's mark: out of 20 to one decimal, or None where a part is ``missing``; ``late`` points of 20 are taken off already."""

    learner: str
    group: str
    of_20: float | None
    late: float = 0
    missing: list[str] = field(default_factory=list)

    @property
    def of_100(self) -> float | None:
        """The same mark out of 100."""
        return None if self.of_20 is None else 5 * self.of_20


def parts() -> pd.DataFrame:
    """Return the parts of a mark: part, what, points (the most it can have), by (alone or group), weight (in %; they add up to 100)."""
    return pd.read_csv(GUIDE / "weights.csv", encoding="utf-8")


def formula() -> str:
    """Return the mark out of 20 of line 2 of the sheet, as a spreadsheet reckons it; the parts begin in column C."""
    terms = [f"{row.weight}*{chr(ord('C') + row.Index)}2/{row.points}" for row in parts().itertuples()]
    return f"=({'+'.join(terms)})/5"


def _number(text: str, most: float, file: str, line: int, column: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value <= most:
        raise CourseError(say("grades_cell", file=file, line=line, column=column, value=text, most=f"{most:g}"))
    return value


def read_sheet(path: Path) -> list[Mark]:
    """Return the mark of each line of a sheet. Raise CourseError, with the line, where a cell cannot be read."""
    if not path.is_file():
        raise CourseError(say("gain_no_file", file=path))
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise CourseError(say("gain_not_utf8", file=path)) from None
    wanted = parts()
    columns = ["learner", "group", *wanted["part"], "days_late"]
    rows = list(csv.reader(lines, delimiter=";" if lines and ";" in lines[0] else ","))
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if missing := [name for name in columns if name not in head]:
        raise CourseError(say("grades_head", file=path.name, missing=", ".join(missing), head=",".join(columns)))
    found = []
    for line, row in enumerate(rows[1:], start=2):
        cells = {name: cell.strip() for name, cell in zip(head, row, strict=False)}
        if any(cells.values()):
            found.append(_mark({name: cells.get(name, "") for name in columns}, wanted, path.name, line))
    if not found:
        raise CourseError(say("gain_empty", file=path.name))
    return found


def _mark(cells: dict[str, str], wanted: pd.DataFrame, file: str, line: int) -> Mark:
    if not cells["learner"]:
        raise CourseError(say("gain_no_learner", file=file, line=line))
    reached, weights, missing = 0.0, 0.0, []
    for part in wanted.itertuples():
        text = cells[part.part]
        if not text:
            missing.append(part.part)
        elif text.lower() != EXCUSED:
            reached += part.weight * _number(text, part.points, file, line, part.part) / part.points
            weights += part.weight
    days = math.ceil(_number(cells["days_late"] or "0", 365, file, line, "days_late"))
    late = min(LATE_MOST, LATE_PER_DAY * days)
    if missing or not weights:
        return Mark(cells["learner"], cells["group"], None, late, missing)
    return Mark(cells["learner"], cells["group"], round(max(0.0, 20 * reached / weights - late), 1), late)


def line(mark: Mark) -> str:
    """Return a mark in a sentence."""
    if mark.of_20 is None:
        return say("grades_missing", learner=mark.learner, parts=", ".join(mark.missing) or say("grades_all_excused"))
    late = say("grades_late", late=f"{mark.late:g}") if mark.late else ""
    word = say("grades_pass" if mark.of_20 >= PASS_MARK else "grades_fail")
    return say("grades_line", learner=mark.learner, of_20=f"{mark.of_20:.1f}", of_100=f"{mark.of_100:g}", word=word, late=late)


def write(marks: list[Mark], out: Path) -> None:
    """Write the marks as CSV. Raise CourseError if the file is there already: marks are never written over."""
    from .marks import defused

    if out.exists():
        raise CourseError(say("grades_out", file=out))
    with out.open("x", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learner", "group", "of 20", "of 100", "late points", "missing"])
        for mark in marks:
            told = ["", ""] if mark.of_20 is None else [f"{mark.of_20:.1f}", f"{mark.of_100:g}"]
            writer.writerow(map(defused, [mark.learner, mark.group, *told, f"{mark.late:g}", " ".join(mark.missing)]))


def main(arguments: list[str] | None = None) -> int:
    """Print the marks of a sheet and write them if asked; return 0, or 2 where the sheet cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m course grades", description="Marks out of 20 and of 100 from a grade sheet.")
    parser.add_argument("sheet", type=Path, help="a copy of course/guide/grade_sheet.csv, filled")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the marks there too, as CSV")
    options = parser.parse_args(arguments)
    try:
        marks = read_sheet(options.sheet)
        print(*map(line, marks), sep="\n")
        if options.out:
            write(marks, options.out)
            print(say("grades_written", file=options.out))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
