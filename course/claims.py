"""The ledger of claims: show who said what, take the learner's verdict, then show the ledger's.

The table ``claims`` keeps a fine ``tag`` for each claim; the course speaks of six verdicts.
"""

from __future__ import annotations

import pandas as pd

from .data import load
from .messages import CourseError, nearest, say, tell

VERDICTS = ["right", "roughly right", "garbled", "outdated", "contested", "not testable"]

# The ledger's finer tags, each under the verdict it falls into.
VERDICT_OF_TAG = {
    "right": "right",
    "roughly-right": "roughly right",
    "partly-right": "roughly right",
    "garbled": "garbled",
    "wrong": "garbled",
    "outdated": "outdated",
    "contested": "contested",
    "unsupported": "not testable",
    "unverified": "not testable",
    "not-empirical": "not testable",
}


def ledger() -> pd.DataFrame:
    """Return the claims that may be shown in class, with the column ``verdict`` (missing where nothing was checked)."""
    table = load("claims")
    table = table[table["show"]].copy()
    table["verdict"] = table["tag"].map(VERDICT_OF_TAG).where(table["status"] == "checked")
    return table


def find(name: str) -> pd.Series:
    """Return the row of one claim. Raise CourseError, with the nearest id, if it is unknown or kept out of class."""
    table = ledger().set_index("claim", drop=False)
    if name in table.index:
        return table.loc[name]
    hidden = name in set(load("claims")["claim"])
    key = "claim_hidden" if hidden else "claim_unknown"
    raise CourseError(say(key, name=name, nearest=nearest(name, list(table.index))))


def claim(name: str) -> None:
    """Show a claim as a card: what was said, by whom, where, when. No verdict."""
    row = find(name)
    document = load("sources").set_index("source").loc[row["source"]]
    year = str(row["year"]) + (say("claim_inferred") if row["year_inferred"] else "")
    credit = row["attributed_to"]
    attributed = say("claim_attributed", attributed_to=credit) if pd.notna(credit) else ""
    tell(
        say(
            "claim_card",
            claim=name,
            statement=row["statement"],
            speaker=row["speaker"],
            said_in=document["title"],
            year=year,
            attributed=attributed,
        )
    )


def statements(names: list[str]) -> None:
    """List several claims under the cell: identifier, what is said, by whom and when. No verdict."""
    rows = [find(name) for name in names]
    tell("\n".join(say("claim_line", **row.to_dict()) for row in rows))


def verdict(name: str, word: object = ..., because: object = ...) -> None:
    """Take the learner's verdict on a claim (one of ``VERDICTS``) and its reason, then show the ledger's.

    Until a word and a reason are given, nothing of the ledger's verdict is shown.
    """
    from .exercises import keep

    row = find(name)
    words = ", ".join(VERDICTS)
    if word is ... or word is None or (isinstance(word, str) and not word.strip()):
        return tell(say("verdict_unanswered", claim=name, words=words))
    tidy = str(word).strip().lower().replace("-", " ")
    if tidy not in VERDICTS:
        return tell(say("verdict_unknown", word=word, words=words))
    if not isinstance(because, str) or not because.strip():
        return tell(say("verdict_no_reason", word=tidy))
    keep("verdict", name, f"{tidy}: {because.strip()}")
    lines = [say("verdict_yours", word=tidy, because=because.strip())]
    if pd.isna(row["verdict"]):
        lines.append(say("verdict_unchecked", test_with=row["test_with"]))
    else:
        date = row["last_checked"].date().isoformat()
        lines.append(say("verdict_ledger", verdict=row["verdict"], evidence=row["evidence"], date=date))
        lines.append(say("verdict_same" if tidy == row["verdict"] else "verdict_other"))
    return tell("\n\n".join(lines))
