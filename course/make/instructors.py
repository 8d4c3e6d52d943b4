"""Pages of the guide that are computed: the answer key, the question bank and the yearly review.

They are made by ``python -m course build`` from the keys, the ledger and the lessons, so that they cannot drift from them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from ..claims import claims_used, ledger, lesson_texts
from ..data import load, package
from ..exercises import answer_text, plain, stored_keys

GUIDE = Path(__file__).resolve().parent.parent / "guide"
MADE_GUIDE = GUIDE.parent / "made" / "guide"
SOLUTIONS = Path(__file__).resolve().parent.parent / "made" / "solutions"
MADE = "*This page is made by `python -m course build`; do not edit it.*"


def opening(title: str, intro: str) -> list[str]:
    """Return the first lines of a computed page."""
    return [f"# {title}", "", MADE, "", intro, ""]


def _finding(row: pd.Series, sources: pd.DataFrame) -> str:
    """Return the ledger's finding on a claim, with its source and the day it was last checked."""
    if pd.isna(row["verdict"]):
        return f"no verdict: unchecked. To settle it: {row['test_with']}"
    text = f"**{row['verdict']}**. {row['evidence']}"
    if pd.notna(row["evidence_source"]):
        source = sources.loc[row["evidence_source"]]
        title = f"[{source['title']}]({source['url']})" if pd.notna(source["url"]) else source["title"]
        text += f" *Source: {title}, {source['publisher']}.*"
    return f"{text} *Last checked {row['last_checked'].date().isoformat()}.*"


def answer_key() -> str:
    """Return the answer key as Markdown: for each lesson, its exercises with the usual mistakes, and its claims with their verdicts."""
    table, sources = ledger().set_index("claim"), load("sources").set_index("source")
    intro = "Answers are computed from the tables. Where a verdict is *contested*, accept any that is argued from the evidence below."
    lines = opening("Answer key", intro)
    used = claims_used()
    for name in lesson_texts():
        keys = stored_keys(name)
        mine = [claim for claim, homes in used.items() if name in homes]
        if not keys and not mine:
            continue
        lines += [f"## {name}", ""]
        for exercise, record in keys.items():
            lines.append(f"- `{exercise}`: **{answer_text(record)}**. {record['right']}")
            lines += [f"    - {plain(value)}: {message}" for value, message in record.get("mistakes", [])]
        lines.append("")
        for claim in mine:
            lines.append(f"- *Claim* `{claim}`: {table.loc[claim, 'statement']} {_finding(table.loc[claim], sources)}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _chosen() -> pd.DataFrame:
    """Return ``guide/question_bank.csv``: ``part`` (test, attitude or bank), then the id of a ``claim`` or a ``sentence``."""
    return pd.read_csv(GUIDE / "question_bank.csv", dtype=str, encoding="utf-8", keep_default_na=False)


def _claims(*parts: str) -> list[pd.Series]:
    """Return the rows of the ledger for some parts of the question bank, in its order."""
    chosen, table = _chosen(), ledger().set_index("claim")
    return [table.loc[claim] for claim in chosen.loc[chosen["part"].isin(parts), "claim"]]


def _asked(row: pd.Series) -> str:
    return f"{row['statement']} *({row['speaker']}, {row['year']})*"


def pretest() -> tuple[list[str], list[str]]:
    """Return the pre and post test: three claims, each with its speaker, and three sentences to agree with or not."""
    chosen = _chosen()
    return [_asked(row) for row in _claims("test")], list(chosen.loc[chosen["part"] == "attitude", "sentence"])


def pretest_answers() -> list[str]:
    """Return what the ledger says of the claims of the pre and post test, in their order."""
    sources = load("sources").set_index("source")
    return [_finding(row, sources) for row in _claims("test")]


def question_bank() -> str:
    """Return the question bank and the pre and post test as Markdown, from ``guide/question_bank.csv`` and the ledger."""
    sources = load("sources").set_index("source")
    lines = opening("Question bank, pre and post test", (GUIDE / "question_bank_head.txt").read_text(encoding="utf-8").strip())
    asked, sentences = pretest()
    for title, entries in (
        ("Three claims for the pre and post test", asked),
        ("Three sentences, from 1 to 5", sentences),
        ("Question bank", map(_asked, _claims("bank"))),
    ):
        lines += [f"## {title}", "", *(f"{number}. {entry}" for number, entry in enumerate(entries, start=1)), ""]
    lines += ["## Answers (for instructors)", ""]
    lines += [f"- {row['statement']} {_finding(row, sources)}" for row in _claims("test", "bank")]
    return "\n".join(lines) + "\n"


def review() -> str:
    """Return the yearly review as Markdown: what to look at first, oldest checks and oldest tables first."""
    table = ledger()
    used = claims_used()
    treated = table[table["claim"].isin(used)].copy()
    treated["where"] = treated["claim"].map(lambda claim: ", ".join(used[claim]))
    lines = opening("Yearly review", (GUIDE / "review_head.txt").read_text(encoding="utf-8").strip())
    lines += ["## Claims used in lessons, oldest check first", "", "| last checked | claim | verdict | where |", "|---|---|---|---|"]
    for row in treated.sort_values(["last_checked", "claim"], na_position="first").itertuples():
        day = row.last_checked.date().isoformat() if pd.notna(row.last_checked) else "never"
        lines.append(f"| {day} | `{row.claim}` | {row.verdict if pd.notna(row.verdict) else 'unchecked'} | {row.where} |")
    lines += ["", "## Tables, by the last year they speak of", "", "| last year | table | rows |", "|---|---|---|"]
    ages = []
    for entry in package()["resources"]:
        frame = load(entry["name"])
        columns = [column for column in ("year", "fiscal_year", "published", "report_year") if column in frame]
        past = [int(frame[column].dropna().astype(int).max()) for column in columns[:1] if frame[column].notna().any()]
        ages.append((past[0] if past else 0, entry["name"], len(frame)))
    lines += [f"| {year or 'none'} | `{name}` | {rows} |" for year, name, rows in sorted(ages)]
    return "\n".join(lines) + "\n"


def cards() -> str:
    """Return a card per lesson as Markdown: title, question, minutes, sections, exercises and claims, read from the notebook itself."""
    intro = "One card per notebook. Solutions and notes for the debrief: the file of the same name in `course/made/solutions/`."
    lines = opening("Cards", intro)
    used = claims_used()
    for name in lesson_texts():
        built = SOLUTIONS / f"{name}.ipynb"  # there, the figures of the sentences are computed
        if not built.exists():
            continue
        text = "\n".join("".join(cell["source"]) for cell in json.loads(built.read_text(encoding="utf-8"))["cells"])
        title = re.search(r"^# (.+)$", text, re.MULTILINE)[1]
        question = re.search(r"^\*\*The question\.\*\* (.+)$", text, re.MULTILINE)
        minutes = re.search(r"\*\*(\d+) minutes", text)
        sections = re.findall(r"^## \d+ · (.+)$", text, re.MULTILINE)
        checks = list(dict.fromkeys(re.findall(r"\bcheck\(\"([^\"]+)\"", text)))
        note = re.search(r"\*\*Content note:?\*\*:? (.+)$", text, re.MULTILINE)
        mine = [f"`{claim}`" for claim, homes in used.items() if name in homes]
        lines += [f"## {title}", "", f"`notebooks/{name}.ipynb`" + (f" · {minutes[1]} minutes" if minutes else ""), ""]
        for label, entry in (
            ("Question", question and question[1]),
            ("Sections", "; ".join(sections)),
            ("Checked exercises", ", ".join(f"`{check}`" for check in checks)),
            ("Claims", ", ".join(mine)),
            ("Content note", note and note[1]),
        ):
            if entry:
                lines.append(f"- **{label}.** {entry}")
        lines.append("")
    return "\n".join(lines)


def made_pages() -> dict[Path, str]:
    """Return the text of each computed page of the guide."""
    pages = {"answer_key.md": answer_key, "cards.md": cards, "question_bank.md": question_bank, "review.md": review}
    return {MADE_GUIDE / name: page() for name, page in pages.items()}
