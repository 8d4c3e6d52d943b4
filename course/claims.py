"""The ledger of claims: show who said what, take the learner's verdict, then show the ledger's.

The table ``claims`` keeps a ``tag`` for each claim; the table ``verdicts`` says which word of the scale a tag stands for. Where
``course.audits`` recomputes a claim's figure, it is compared with what was said. That judges the *figure* alone: why it does not fit is
the ledger's to say, which also weighs the words around it. When its verdict cannot be reconciled with the tables any more, the learner
is told so, and a test fails.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from . import look, typed
from .audits import AUDITS
from .data import _read, load, note_read
from .exercises import keep, plain
from .messages import CourseError, nearest, say, tell

USES = Path(__file__).resolve().parent / "made" / "uses.json"  # {claim: lessons}

OWN_CLAIMS: dict[str, dict] = {}  # a learner's own claims, since the kernel started (see own.py)

NEAR, ABOUT = 0.05, 0.25  # how far a figure recomputed may be from the one said: it fits, it roughly fits

# What a figure may do beside each verdict of the ledger; beside the others it may do anything.
COMPATIBLE = {
    "right": {"fits"},
    "roughly right": {"fits", "roughly fits"},
    "garbled": {"roughly fits", "does not fit"},
    "wrong": {"does not fit"},
    "outdated": {"roughly fits", "does not fit"},
}


def verdict_of_tag() -> dict[str, str]:
    """Return {tag of the ledger: word of the scale}, from the table ``verdicts``; the tag of a claim that nobody checked has none."""
    return load("verdicts").set_index("tag")["verdict"].dropna().to_dict()


def __getattr__(name: str) -> object:
    if name == "VERDICTS":  # the seven words, in the order learners see them; read at first use, so that a bad table stops no import
        return list(meanings())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def meanings() -> dict[str, str]:
    """Return {verdict: when it is said}, in the order learners see them."""
    return load("verdicts").dropna(subset=["order"]).set_index("verdict")["meaning"].to_dict()


def ledger(names: list[str] | None = None) -> pd.DataFrame:
    """Return the claims that may be shown in class, or only those of ``names``, in that order.

    The columns are those of the table ``claims`` (see ``describe("claims")``), and ``verdict``, missing where nothing was checked. Raise
    CourseError, with the nearest id, for a name that the ledger does not know.
    """
    if names is not None:
        return pd.DataFrame([find(name) for name in _listed(names, "ledger")]).reset_index(drop=True).astype({"year": "int64"})
    note_read("claims")
    return _shown()


def _listed(names: object, call: str) -> list:
    """Return the names that were given in a list, a column or an index. Raise CourseError if there is none of these, or none in it."""
    if not isinstance(names, (list, tuple, pd.Series, pd.Index)) or not len(names):
        raise CourseError(say("claims_list", call=call, value=typed.shown(names)))
    return list(names)


def _shown() -> pd.DataFrame:
    table = _read("claims")
    table = table[table["show"]].copy()
    table["verdict"] = table["tag"].map(verdict_of_tag()).where(table["status"] == "checked")
    return table


def find(name: str) -> pd.Series:
    """Return the row of one claim. Raise CourseError, with the nearest id, if it is unknown or kept out of class."""
    typed.name(name, "name", call="claim", example="cobalt-drc-60pct")
    if name in OWN_CLAIMS:
        return pd.Series(OWN_CLAIMS[name])
    table = _shown().set_index("claim", drop=False)
    if name in table.index:
        note_read("claims", name)
        return table.loc[name]
    hidden = name in set(_read("claims")["claim"])
    key = "claim_hidden" if hidden else "claim_unknown"
    raise CourseError(say(key, name=name, nearest=nearest(name, list(table.index))))


def claim(name: str) -> None:
    """Show a claim as a card: what was said, by whom, where, when. No verdict."""
    row = find(name)
    said_in = row["said_in"] if name in OWN_CLAIMS else _title(row["source"])
    year = str(row["year"]) + (say("claim_inferred") if row["year_inferred"] else "")
    credit = row["attributed_to"]
    attributed = say("claim_attributed", attributed_to=credit) if pd.notna(credit) else ""
    who = "" if name in OWN_CLAIMS else say("claim_who", who=introduced(row["speaker"]))
    shown = {field: _as_typed(name, row[field]) for field in ("statement", "speaker")}
    text = say("claim_card", claim=name, who=who, said_in=_as_typed(name, said_in), year=year, attributed=attributed, **shown)
    tell(text, {"kind": "claim", "claim": name}, html=look.claim_card(row, who, said_in, year, attributed, figure_said(row)))


def _as_typed(name: str, text: str) -> str:
    """Return a text of a claim for Markdown: the ledger's as it is, a learner's own with no sign read as markup."""
    return typed.escaped(text) if name in OWN_CLAIMS else text


def figure_said(row: pd.Series) -> tuple[str, str] | None:
    """Return (figure, unit) of a claim as its statement writes it, or None where the ledger gives none or the statement puts it in words.

    A range counts only where the statement says "low to high": two figures of one sentence are no range.
    """
    if pd.isna(row.get("unit")):
        return None
    bounds = dict.fromkeys(value for value in (row["value_low"], row["value_high"]) if pd.notna(value))
    words = " ".join(word.strip("().,;:") for word in row["statement"].split())
    for size, name in ((1, ""), (1e6, " million"), (1e9, " billion")):
        for form in (",.15g", ".15g"):
            way = " to ".join(format(value / size, form) for value in bounds) + name
            if f" {way} " in f" {words} ":
                return way, "" if row["unit"] == "year" else row["unit"]
    return None


def _title(source: str) -> str:
    note_read("sources", source)
    return _read("sources").set_index("source").loc[source, "title"]


def introduced(speaker: str) -> str:
    """Return who a speaker of the ledger is, in half a line (table ``speakers``)."""
    note_read("speakers", speaker)
    return _read("speakers").set_index("speaker").loc[speaker, "who"]


def statements(names: list[str]) -> None:
    """List several claims under the cell: identifier, what is said, by whom and when. No verdict."""
    rows = [find(name) for name in _listed(names, "statements")]
    text = "\n".join(say("claim_line", **row.to_dict()) for row in rows)
    tell(text, {"kind": "statements", "claims": list(names)}, html=look.claim_list(rows))


def verdict(name: str, word: object = ..., because: object = ...) -> None:
    """Take the learner's verdict on a claim (one of ``VERDICTS``) and its reason, then show the ledger's.

    Until a word and a reason are given, nothing of the ledger's verdict is shown. Where an audit exists (``course.audits``), the
    figure is recomputed from the tables, so that a corrected table can overturn the verdict.
    """
    row = find(name)
    scale = list(meanings())
    words = ", ".join(scale)
    record = {"kind": "verdict", "claim": name}
    if word is ... or word is None or (isinstance(word, str) and not word.strip()):
        return tell(say("verdict_unanswered", claim=name, words=words), record, state="todo")
    tidy = " ".join(word.lower().replace("-", " ").split()) if isinstance(word, str) else ""
    if tidy not in scale:
        return tell(say("verdict_unknown", word=typed.shown(word), words=words), record, state="todo")
    reason = typed.reason(because)
    if not reason:
        return tell(say("verdict_no_reason", word=tidy), record, state="todo")
    keep("verdict", name, f"{tidy}: {reason}")
    lines = [say("verdict_yours", word=tidy, because=typed.escaped(reason))]
    ledgers = None
    if name in OWN_CLAIMS:
        lines.append(say("verdict_own", test_with=typed.escaped(row["test_with"])))
    elif pd.isna(row["verdict"]):
        lines.append(say("verdict_unchecked", test_with=row["test_with"]))
    else:
        ledgers = row["verdict"]
        date = row["last_checked"].date().isoformat()
        lines.append(say("verdict_ledger", verdict=ledgers, evidence=row["evidence"], date=date))
        if pd.notna(row["why_not"]):
            lines.append(say("verdict_why_not", why_not=row["why_not"]))
        lines += audit_lines(name, ledgers)
        lines.append(say("verdict_same" if tidy == ledgers else "verdict_other"))
    shown = look.verdict_card(scale, tidy, ledgers, lines)
    return tell("\n\n".join(lines), record | {"word": tidy, "because": reason}, state="said", html=shown)


# the figure of a claim, recomputed


def limits(row: pd.Series) -> tuple[float, float]:
    """Return the lowest and the highest value that a claim's row gives; a missing low end is zero, a missing high end the low one."""
    low, high = row["value_low"], row["value_high"]
    return (0.0 if pd.isna(low) else float(low)), float(low if pd.isna(high) else high)


def figure_word(computed: float, low: float, high: float, at_least: bool = False) -> str:
    """Return fits, roughly fits or does not fit for a figure said to lie between ``low`` and ``high`` (or to be ``low`` at least)."""
    if low <= computed <= high or (at_least and computed >= low):
        return "fits"
    bound = low if computed < low else high
    gap = abs(computed - bound) / abs(bound) if bound else float("inf")
    return "fits" if gap <= NEAR else "roughly fits" if gap <= ABOUT + 1e-9 else "does not fit"


def audit(name: str) -> dict | None:
    """Recompute the figure of a claim from the tables; return computed, said, unit, what and word, or None if no code audits it."""
    note_read("audits", name)  # also where there is none: one that comes changes what the lesson says
    if name not in AUDITS:
        return None
    entry, row = AUDITS[name], find(name)
    computed = entry.figure()
    low, high = limits(row)
    said = plain(high) if low in (0, high) else f"{plain(low)} to {plain(high)}"
    word = figure_word(computed, low, high, entry.at_least)
    return {"computed": computed, "said": said, "unit": row["unit"], "what": entry.what, "word": word}


def computed_text(found: dict) -> str:
    """Return the figure that ``audit`` recomputed, rounded, with its unit."""
    return f"{plain(float(format(found['computed'], '.4g')))} {found['unit']}".strip()


def audit_lines(name: str, verdict: object) -> list[str]:
    """Return the sentences that a verdict adds: the figure recomputed, and whether it still fits the ledger's ``verdict``."""
    found = audit(name)
    if found is None:
        return []
    values = {"what": found["what"], "computed": computed_text(found), "said": f"{found['said']} {found['unit']}".strip()}
    fit = say(f"figure_{found['word']}")
    lines = [say("audit_line", word=fit, **values)]
    if pd.notna(verdict) and found["word"] not in COMPATIBLE.get(verdict, {found["word"]}):
        lines.append(say("audit_overturned", word=fit, verdict=verdict))
    return lines


# the ledger in a terminal


def search(words: list[str], side: str | None = None, extraction: str | None = None, verdict: str | None = None) -> pd.DataFrame:
    """Return the claims that hold every word (in the claim, its theme or its speaker, whatever the case) and pass the filters."""
    table = ledger()
    text = (table["claim"] + " " + table["theme"] + " " + table["speaker"] + " " + table["statement"]).str.lower()
    keep = pd.Series(True, index=table.index)
    for word in words:
        keep &= text.str.contains(word.lower(), regex=False)
    for column, value in (("side", side), ("extraction", extraction), ("verdict", verdict)):
        if value is not None:
            keep &= table[column].eq(value)
    return table[keep]


def lessons_of(name: str) -> list[str] | None:
    """Return the lessons that show a claim, as the build found them; None where the course was installed without that list."""
    return json.loads(USES.read_text(encoding="utf-8")).get(name, []) if USES.exists() else None


def card_text(name: str) -> str:
    """Return all that the ledger says of one claim, as plain text for a terminal. Raise CourseError if it is unknown."""
    row = find(name)
    sources = load("sources").set_index("source")
    document = sources.loc[row["source"]]
    lines = [f"{row['claim']}  [{row['side']}, {row['extraction']}, {row['theme']}]", "", row["statement"]]
    lines += [f"-- {row['speaker']}, {document['title']}, {row['year']}", ""]
    if pd.isna(row["verdict"]):
        lines.append(say("cli_unchecked", test_with=row["test_with"]))
    else:
        lines.append(say("cli_verdict", verdict=row["verdict"], date=row["last_checked"].date().isoformat()))
        lines.append(say("cli_evidence", evidence=row["evidence"]))
        if pd.notna(row["evidence_source"]):
            found = sources.loc[row["evidence_source"]]
            year, url = (f", {found['year']}" if pd.notna(found["year"]) else ""), (found["url"] if pd.notna(found["url"]) else "")
            lines.append(say("cli_source", title=found["title"], publisher=found["publisher"], year=year, url=url).rstrip())
    again = audit(name)
    if again is not None:
        fit = say(f"figure_{again['word']}")
        lines.append(say("cli_recomputed", what=again["what"], computed=computed_text(again), said=again["said"], word=fit))
    homes = lessons_of(name)
    if homes is not None:
        lines.append(say("cli_lessons", lessons=", ".join(homes)) if homes else say("cli_no_lesson"))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """List, search or show claims in a terminal; return an exit status."""
    import argparse
    import sys

    parser = argparse.ArgumentParser(
        prog="python -m course claims", description="List the ledger's claims, search them, or show one of them whole."
    )
    parser.add_argument("words", nargs="*", help="words to look for, or the name of one claim")
    parser.add_argument("--side", choices=["critic", "promoter"])
    parser.add_argument("--extraction", choices=["resources", "labour", "data", "indirect", "framing"])
    parser.add_argument("--verdict", choices=list(meanings()))
    options = parser.parse_args(arguments)
    try:
        if len(options.words) == 1 and options.words[0] in set(load("claims")["claim"]):
            print(card_text(options.words[0]))
            return 0
        found = search(options.words, options.side, options.extraction, options.verdict)
        for row in found.itertuples():
            print(f"{row.claim}  [{row.side}, {row.verdict if isinstance(row.verdict, str) else 'unchecked'}]\n    {row.statement}")
        print(say("cli_count", count=len(found), total=len(ledger())) if len(found) else say("cli_none"))
        return 0 if len(found) else 1
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
