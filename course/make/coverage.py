"""What the course treats and where: themes and claims against the lessons, computed, and written to ``guide/coverage.md``.

``guide/themes.csv`` says where each theme of the course lives (theme, name, lesson, section and, where there is one, a claim used in
that section). This module checks it against the lessons: a lesson, a section or a claim that is not there is reported.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from ..claims import LESSONS, claims_by_section, ledger
from .instructors import GUIDE, MADE_GUIDE, opening

THEMES = [f"T{number:02d}" for number in range(1, 41)]
# The claims every class should meet, whatever its session plan.
CORE_CLAIMS = [
    "rsa-35pct-non-takeup", "cobalt-drc-60pct", "iea-2pct-datacentres", "carbon-bombs-425", "caf-15-organisations", "youtube-70pct",
    "under-2-dollars-a-day", "amnesty-2017-40000-children", "mit-23pct-workers", "frey-osborne-47pct-2030", "datacentres-2-5pct-ghg",
    "london-no-housing-2035", "100-to-400-million-workers", "bigtech-almost-all-advertising", "tech-second-sand-extractor",
    "world-trade-index-2024", "paper-consumption-france-3pct", "a69-definitive-stop", "unsupervised-never-ready", "digital-4pct-co2",
    "poor-do-not-defraud-more", "mturk-500k", "exxon-more-oil", "no-good-news-due-to-algorithms",
]  # fmt: skip


def themes() -> pd.DataFrame:
    """Return the table of themes: theme, name, lesson, section (a number), claim (may be missing)."""
    return pd.read_csv(GUIDE / "themes.csv", dtype={"section": "int64"}, encoding="utf-8")


def sections(lesson: str) -> dict[int, str]:
    """Return {number: title} of the numbered sections of a lesson; empty if there is no such lesson."""
    path = LESSONS / f"{lesson}.md"
    if not path.is_file():
        return {}
    found = re.findall(r"^## (\d+) · (.+?)(?: \(\d+ minutes\))?$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {int(number): re.sub(r"\{\{.*?\}\}", "…", title) for number, title in found}


def problems() -> list[str]:
    """Return a sentence for each theme or core claim without a home, and each line of themes.csv that the lessons contradict."""
    table, used = themes(), claims_by_section()
    places = set(used.itertuples(index=False, name=None))
    lines = [f"theme {theme} has no home in a lesson" for theme in THEMES if theme not in set(table["theme"])]
    lines += [f"{theme} is not a theme of the course" for theme in sorted(set(table["theme"]) - set(THEMES))]
    lines += [f"core claim {claim} is treated in no lesson" for claim in CORE_CLAIMS if claim not in set(used["claim"])]
    for row in table.itertuples():
        if row.section not in sections(row.lesson):
            lines.append(f"{row.theme}: {row.lesson} has no section {row.section}")
        elif pd.notna(row.claim) and (row.claim, row.lesson, row.section) not in places:
            lines.append(f"{row.theme}: section {row.section} of {row.lesson} does not name the claim {row.claim}")
    return lines


def coverage() -> str:
    """Return the coverage page as Markdown: themes with their homes, then claims with the lessons that treat them."""
    table, used = themes(), claims_by_section()
    intro = "Which theme and which claim is treated where. Themes are placed by `themes.csv`; claims are found in the lessons."
    lines = opening("Coverage", intro)
    lines += ["## Themes", "", "| theme | | treated in | claims |", "|---|---|---|---|"]
    for theme, rows in table.groupby("theme", sort=True):
        homes = "; ".join(f"`{row.lesson}` {row.section} · {sections(row.lesson).get(row.section, '?')}" for row in rows.itertuples())
        named = ", ".join(f"`{claim}`" for claim in dict.fromkeys(rows["claim"].dropna()))
        lines.append(f"| {theme} | {rows['name'].iloc[0]} | {homes} | {named} |")
    counts = used.drop_duplicates("claim").merge(ledger()[["claim", "side"]], on="claim")["side"].value_counts()
    total = ledger()["side"].value_counts()
    lines += ["", "## Claims", "", f"{counts.sum()} of {total.sum()} claims are treated in a lesson: "]
    lines[-1] += ", ".join(f"{counts.get(side, 0)} of the {side}s' {total[side]}" for side in total.index) + "."
    lines += ["", "| claim | core | treated in |", "|---|---|---|"]
    for claim, rows in used.groupby("claim", sort=True):
        homes = "; ".join(f"`{row.lesson}` {row.section}" for row in rows.itertuples())
        lines.append(f"| `{claim}` | {'core' if claim in CORE_CLAIMS else ''} | {homes} |")
    return "\n".join(lines) + "\n"


def coverage_pages() -> dict[Path, str]:
    """Return the text that the computed coverage page should have."""
    return {MADE_GUIDE / "coverage.md": coverage()}
