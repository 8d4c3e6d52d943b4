"""Claim cards to print on both sides and cut, with a game of half an hour for tables of four to eight: one sheet of rules, then the cards.

The cards are chosen by the fields of the ledger, never by a list: a corrected claim changes or leaves the set by itself.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from ...claims import figure_said, introduced, ledger, meanings
from ...data import load
from . import paper
from .reading import TeachError, template
from .words import word

COUNT = 24  # cards of a table; half of them critics'
ACROSS, DOWN = 2, 3  # cards on a page
CLIPPED = """() => [...document.querySelectorAll('.card')].filter(card => card.scrollHeight > card.clientHeight + 1).map(card => card.id)"""


def fit_for_cards() -> pd.DataFrame:
    """Return the claims that may be a card: shown and checked, with a figure in the statement, settled by somebody independent.

    ``figure`` is a column more: the figure with its unit, as the statement writes it.
    """
    table = ledger()
    table = table[(table["status"] == "checked") & (table["independence"] == "independent") & (table["unit"] != "year")]
    said = [figure_said(row) for _, row in table.iterrows()]
    table = table.assign(figure=[" ".join(filter(None, one)) if one else None for one in said])
    return table.dropna(subset=["figure", "why_not"])


def chosen(count: int = COUNT) -> list[pd.Series]:
    """Return the cards, a critic's and a promoter's in turn, as many of each verdict and each extraction as the ledger allows."""
    sides = [_of_side(rows, count // 2) for _, rows in fit_for_cards().groupby("side")]
    return [row for pair in zip(*sides, strict=True) for row in pair]


def _of_side(rows: pd.DataFrame, count: int) -> list[pd.Series]:
    """Return claims of one side: verdict after verdict, each time one of an extraction and a speaker that were taken least."""
    left, taken, found = [row for _, row in rows.iterrows()], Counter(), []
    while len(found) < count and left:
        row = min(left, key=lambda one: (*(taken[one[field]] for field in ("verdict", "extraction", "speaker")), one["claim"]))
        left = [one for one in left if one["claim"] != row["claim"]]
        taken.update([row["verdict"], row["extraction"], row["speaker"]])
        found.append(row)
    return sorted(found, key=lambda one: one["claim"])


def _card(number: int, row: pd.Series, sources: pd.DataFrame) -> dict:
    """Return what stands on a card."""
    told = {"number": number, "row": row, "who": introduced(row["speaker"]), "document": sources.loc[row["source"]]}
    return told | {"evidence": sources.loc[row["evidence_source"]], "day": row["last_checked"].date().isoformat()}


def pages() -> str:
    """Return the body of the document: rules, words and score; then each page of faces and, mirrored, its page of backs."""
    sources = load("sources").set_index("source")
    cards = [_card(number, row, sources) for number, row in enumerate(chosen(), start=1)]
    rows = [cards[start : start + ACROSS] for start in range(0, len(cards), ACROSS)]
    sheets = [rows[start : start + DOWN] for start in range(0, len(rows), DOWN)]
    absent = [one for one in meanings() if one not in {card["row"]["verdict"] for card in cards}]
    return template("cards.html").module.game(sheets, absent, Counter(card["row"]["side"] for card in cards), COUNT)


def make(out: Path) -> list[Path]:
    """Write the cards and return where. Raise TeachError where a text is too long for its card."""
    made = paper.write({out / "claim_cards.html": (word("cards_title"), pages())})
    if any(path.suffix == ".pdf" for path in made):
        with paper.browser() as running:
            page = running.new_page(viewport=paper.VIEW)
            page.goto((out / "claim_cards.html").resolve().as_uri())
            if clipped := page.evaluate(CLIPPED):
                raise TeachError(word("cards_clipped", names=", ".join(clipped)))
    return made
