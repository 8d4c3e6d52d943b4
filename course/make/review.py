"""What is due, and on what the course rests: next editions, claims that aged, figures and leading claims with what was read for them."""

from __future__ import annotations

import argparse
import datetime

import pandas as pd

from .. import data
from . import evidence

MONTHS = 6  # a claim last checked longer ago has aged


def due(today: datetime.date) -> list[str]:
    """Return a line for each table whose next edition is expected this month or was before, the oldest first."""
    expected = {entry["name"]: entry.get("next_edition", {}) for entry in data.package()["resources"]}
    ready = sorted((said["month"], name) for name, said in expected.items() if said.get("month", "9999") <= f"{today:%Y-%m}")
    return [f"{month}  {name}: {expected[name]['habit']}" for month, name in ready]


def without_month() -> list[str]:
    """Return the tables that have no known month: their sources have no calendar, or are closed."""
    return [entry["name"] for entry in data.package()["resources"] if "month" not in entry.get("next_edition", {})]


def aged(today: datetime.date, months: int = MONTHS) -> list[str]:
    """Return a line for each claim that was last checked more than so many months ago, or never, the oldest first."""
    claims = data.load("claims")[["claim", "tag", "last_checked"]].sort_values("last_checked", na_position="first")
    before = pd.Timestamp(today) - pd.DateOffset(months=months)
    old = claims[claims["last_checked"].isna() | (claims["last_checked"] < before)]
    return [f"{'never' if pd.isna(day) else f'{day:%Y-%m-%d}'}  {claim} ({tag})" for claim, tag, day in old.itertuples(index=False)]


def main(arguments: list[str] | None = None) -> int:
    """List what is due and what aged on a day. Return an exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m course review", description="List the tables to renew, the claims to check again and what the figures rest on."
    )
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="the day to judge from, as 2027-03-01")
    parser.add_argument("--months", type=int, default=MONTHS, help=f"after how many months a claim has aged ({MONTHS})")
    parser.add_argument("--leading", action="store_true", help="list the claims that lead, with the document that settles each")
    parser.add_argument("--count", action="store_true", help="count again the printed figures that rest on a document read (minutes)")
    options = parser.parse_args(arguments)
    if options.leading:
        print("\n".join(evidence.leading_lines()))
        return 0
    if options.count:
        evidence.count()
    today = options.today or datetime.date.today()
    for title, lines in (
        (f"Tables whose next edition is due on {today}", due(today)),
        (f"Claims last checked more than {options.months} months before", aged(today, options.months)),
        ("Tables whose sources have no calendar, or are closed", without_month()),
    ):
        print(f"{title}: {len(lines) or 'none'}")
        print("".join(f"  {line}\n" for line in lines))
    print("Printed figures that rest on a document read or a copy proven alone:")
    print("".join(f"  {line}\n" for line in evidence.lines()))
    return 0
