"""A row and its former self: the table as the last commit has it, and the changes since that look like a slip of the hand."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from .. import data

YEARS = ["year", "fiscal_year", "report_year"]
COPIED = ["source", "date", "locator", "country", "iso3", "place", "unit", "period", "published", "edition", "agency", "currency", "metric"]

Found = Iterator[tuple[int, str, str]]  # (row, column, what is odd about it, in one sentence)


@lru_cache(maxsize=256)
def _as_text(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)


def as_text(content: bytes) -> pd.DataFrame:
    """Return a CSV file as a table of text."""
    return _as_text(content).copy()


def shown(value: float) -> str:
    """Write a number with its thousands apart."""
    return f"{value:,.6g}"


def like_a_slip(old: str, new: str) -> str:
    """Say which slip of the hand makes ``new`` of the figure ``old``, or nothing if it looks like a correction."""
    try:
        x, y = float(old), float(new)
    except ValueError:
        return ""
    if not x or not y:
        return "became zero" if x and not y else ""
    a, b = (re.sub(r"[^0-9]", "", text).strip("0") for text in (old, new))
    ratio = abs(y / x)
    if a == b:
        return "changed its sign" if x == -y else "moved by powers of ten" if ratio != 1 else ""
    if x == -y or x * y < 0:
        return "changed its sign"
    long, short = sorted((re.sub(r"[^0-9]", "", old), re.sub(r"[^0-9]", "", new)), key=len, reverse=True)
    if len(long) == len(short) and sum(p != q for p, q in zip(long, short, strict=True)) == 2 and sorted(long) == sorted(short):
        return "has two digits swapped"
    finer = new.startswith(old) and 0.9 < ratio < 1.1  # a decimal more
    if len(long) == len(short) + 1 and not finer and any(long[:i] + long[i + 1 :] == short for i in range(len(long))):
        return "has a digit more or less"
    return f"is now {shown(max(ratio, 1 / ratio))} times off" if not 1 / 3 < ratio < 3 else ""


def _matched(old: pd.DataFrame, new: pd.DataFrame, key: list[str]) -> Iterator[tuple[int, pd.Series, pd.Series | None]]:
    """Yield (row, what it holds, its former self) of each row that is not as it was; a new row has no former self.

    Rows are found again by their key, or else by what did not change.
    """
    columns = [column for column in new if column in old]
    before, after = (table[columns].agg("\x1f".join, axis=1) for table in (old, new))
    gone, fresh = old[~before.isin(set(after))], new[~after.isin(set(before))]
    name = {tuple(row[key]): at for at, row in gone.iterrows()}
    for at, row in fresh.iterrows():
        was = name.pop(tuple(row[key]), None)
        if was is None and len(gone):
            same = gone[columns].eq(row[columns]).sum(axis=1)
            was = same.idxmax() if same.max() >= len(columns) - 2 and tuple(gone.loc[same.idxmax(), key]) in name else None
        yield at, row, None if was is None else gone.loc[was]


def former(old: pd.DataFrame, new: pd.DataFrame, key: list[str], numbers: list[str], known: set[str]) -> Found:
    """Ask about a changed row whose change looks like a slip; ``known`` are the sources that there were before."""
    columns = [column for column in new if column in old]
    for at, row, was in _matched(old, new, key):
        if was is not None:
            changed = [column for column in columns if row[column] != was[column]]
            yield from ((at, column, says) for column, says in _change(was, row, changed, old, numbers, known))


def arrivals(old: pd.DataFrame, new: pd.DataFrame, key: list[str], known: set[str]) -> Found:
    """Ask about a new row whose source was ``known`` before, though to other tables only."""
    if "source" in new and "source" in old:
        elsewhere = known - set(old["source"])
        for at, row, was in _matched(old, new, key):
            if was is None and row["source"] in elsewhere:
                yield at, "source", f"{row['source']!r} is a source of other tables, and no row of this one cited it before."


def _change(
    was: pd.Series, row: pd.Series, changed: list[str], old: pd.DataFrame, numbers: list[str], known: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield (column, sentence) if what changed between two states of a row looks like a slip."""
    if len(changed) == 2 and sorted(was[changed]) == sorted(row[changed]) and set(changed) & set(numbers):
        yield changed[1], f"{' and '.join(changed)} have exchanged what they hold."
    if len(changed) != 1:
        return
    (column,) = changed
    if column in numbers and (slip := like_a_slip(was[column], row[column])):
        yield column, f"{was[column]} became {row[column]}: it {slip}, and nothing else of the row changed."
    elif column in YEARS or (column in COPIED and row[column] in (known if column == "source" else set(old[column]))):
        yield column, f"{was[column]!r} became {row[column]!r}, as in another row, and nothing else of the row changed."


def at_head(name: str) -> pd.DataFrame | None:
    """Return a table as the last commit has it, or None where there is no git, no commit or no such table."""
    command = ["git", "-C", str(data.DATASETS), "show", f"HEAD:./{name}.csv"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return as_text(done.stdout) if done.returncode == 0 else None


def changed_tables() -> list[str]:
    """Return the tables whose file is not as the last commit has it; none where there is no git."""
    command = ["git", "-C", str(data.DATASETS), "diff", "--name-only", "--relative", "HEAD", "--", "."]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line.removesuffix(".csv") for line in done.stdout.splitlines() if line.endswith(".csv") and "/" not in line]
