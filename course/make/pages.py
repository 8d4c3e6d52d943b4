"""Pages of the guide that are made: templates filled from the ledger, the keys, the plans and what the stored notebooks record.

What the course treats is placed by hand in ``guide/themes.csv`` and ``guide/core_claims.csv``; ``unfit`` compares both with the lessons.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jinja2
import pandas as pd
import yaml

from ..claims import USES, find, ledger, meanings
from ..data import load, package
from ..exercises import answer_text, plain, stored_keys
from ..messages import nearest
from . import grades as grading
from .cases import CASES, STEPS, cases, picture, read_cases
from .gain import LETTERS, items
from .lessons import MADE, LessonError, lessons, read_lesson
from .outline import Outline, outline
from .sessions import GUIDE, PLANS, Plan, PlanError, plans, read_plans
from .sessions import row as only

MADE_GUIDE = MADE / "guide"
TEMPLATES = Path(__file__).parent / "templates"
YEARS = ("year", "fiscal_year", "published", "report_year")  # columns of a table that say of when its rows speak, the best first


# what is used where


def outlines() -> list[Outline]:
    """Return the outline of every lesson, in the order of the course."""
    return [outline(name) for name in lessons()]


def uses() -> pd.DataFrame:
    """Return one row per claim, lesson and section (its id) that shows it, in the order of the course: claim, lesson, section."""
    rows = [(claim, shape.lesson, section.id) for shape in outlines() for section in shape.sections for claim in section.claims]
    return pd.DataFrame(rows, columns=["claim", "lesson", "section"])


def lessons_of() -> dict[str, list[str]]:
    """Return {claim: lessons that show it}, in the order in which the course meets them."""
    found: dict[str, list[str]] = {}
    for row in uses().drop_duplicates(["claim", "lesson"]).itertuples():
        found.setdefault(row.claim, []).append(row.lesson)
    return found


def by_hand(name: str) -> pd.DataFrame:
    """Return a table of the guide (themes, core_claims, question_bank); an empty cell is an empty text."""
    return pd.read_csv(GUIDE / f"{name}.csv", dtype=str, encoding="utf-8", keep_default_na=False)


# what contradicts the lessons


def unfit() -> list[str]:
    """Return a sentence, with file and line, for each index made by hand that the lessons contradict or that leaves a lesson out."""
    return [*_theme_faults(), *_core_faults(), *_question_faults(), *_test_faults(), *_unplaced(), *_plan_faults(), *_case_faults()]


def _at(file: str, row: int, what: str) -> str:
    return f"course/guide/{file}.csv:{row + 2}: {what}"


def _theme_faults() -> list[str]:
    table, places = by_hand("themes"), set(uses().itertuples(index=False, name=None))
    lines = []
    for row in table.itertuples():
        known = [section.id for section in outline(row.lesson).sections if section.id] if row.lesson in lessons() else []
        if not row.lesson:
            lines.append(_at("themes", row.Index, f"theme {row.theme} has no home in a lesson"))
        elif row.lesson not in lessons():
            lines.append(_at("themes", row.Index, f"there is no lesson {row.lesson!r}.{nearest(row.lesson, lessons())}"))
        elif row.section not in known:
            lines.append(_at("themes", row.Index, f"{row.lesson} has no section {row.section!r}.{nearest(row.section, known)}"))
        elif row.claim and (row.claim, row.lesson, row.section) not in places:
            lines.append(_at("themes", row.Index, f"section {row.section} of {row.lesson} does not show the claim {row.claim}"))
        if row.name != table.loc[table["theme"] == row.theme, "name"].iloc[0]:
            lines.append(_at("themes", row.Index, f"theme {row.theme} has another name above"))
    return lines


def _core_faults() -> list[str]:
    claims, used = by_hand("core_claims")["claim"], set(uses()["claim"])
    lines = [_at("core_claims", row, f"core claim {claim} is treated in no lesson") for row, claim in claims.items() if claim not in used]
    return lines + [_at("core_claims", row, f"{claim} is named above") for row, claim in claims[claims.duplicated()].items()]


def _question_faults() -> list[str]:
    table, used, judged = by_hand("question_bank"), lessons_of(), ledger().dropna(subset=["verdict"])["claim"].to_list()
    lines = []
    for row in table[table["claim"] != ""].itertuples():
        if row.claim in used:
            lines.append(_at("question_bank", row.Index, f"{', '.join(used[row.claim])} answers {row.claim}: ask another claim"))
        if row.claim not in judged:
            lines.append(_at("question_bank", row.Index, f"{row.claim} has no verdict in the ledger.{nearest(row.claim, judged)}"))
    return lines


def _test_faults() -> list[str]:
    """Return what is wrong with the two forms of the test: a claim that the class has seen or that has no such side or verdict, a key."""
    table, used, bank = items(), lessons_of(), set(by_hand("question_bank")["claim"])
    known, lines = ledger().set_index("claim"), []
    for row in table.itertuples():
        if row.claim not in known.index or pd.isna(known.loc[row.claim, "verdict"]):
            lines.append(_at("test", row.Index, f"{row.claim} has no verdict in the ledger.{nearest(row.claim, list(known.index))}"))
        elif known.loc[row.claim, "side"] != row.side:
            lines.append(_at("test", row.Index, f"{row.claim} is a {known.loc[row.claim, 'side']}'s claim"))
        if row.claim in used or row.claim in bank:
            lines.append(_at("test", row.Index, f"{row.claim} is asked elsewhere ({', '.join(used.get(row.claim, ['question_bank']))})"))
        if row.key not in LETTERS or not all(getattr(row, letter) for letter in LETTERS):
            lines.append(_at("test", row.Index, f"the key {row.key!r} is none of its four answers"))
    forms = {form: list(rows[["item", "skill", "side"]].itertuples(index=False, name=None)) for form, rows in table.groupby("form")}
    if forms["A"] != forms["B"]:
        lines.append("course/guide/test.csv: the forms A and B are not parallel: item by item, skill and side must be the same")
    return lines


def _case_faults() -> list[str]:
    try:
        read_cases(CASES.read_text(encoding="utf-8"))
    except LessonError as error:
        return str(error).splitlines()
    return []


def _unplaced() -> list[str]:
    left = [name for name in lessons() if name not in set(by_hand("themes")["lesson"])]
    return [f"course/lessons/{name}.md is in no index: give it a theme in course/guide/themes.csv" for name in left]


def _plan_faults() -> list[str]:
    try:
        read_plans(PLANS.read_text(encoding="utf-8"))
    except PlanError as error:
        return str(error).splitlines()
    return []


# what a claim says


def asked(row: pd.Series) -> str:
    """Return a claim as a question asks it: the statement, the speaker and the year."""
    return f"{row['statement']} *({row['speaker']}, {row['year']})*"


def day(row: pd.Series) -> str:
    """Return the day a claim was last checked, or never."""
    return row["last_checked"].date().isoformat() if pd.notna(row["last_checked"]) else "never"


def finding(row: pd.Series) -> str:
    """Return the ledger's finding on a claim, with its source and the day it was last checked."""
    if pd.isna(row["verdict"]):
        return f"no verdict: unchecked. To settle it: {row['test_with']}"
    documents = _source(row["evidence_source"]) + _source(row["evidence_source_2"])
    return f"**{row['verdict']}**. {row['evidence']}{documents}{why_not(row)} *Last checked {day(row)}.*"


def why_not(row: pd.Series) -> str:
    """Return why the verdict is not the nearest other word, as the ledger says it."""
    return f" **Why not another word?** {row['why_not']}" if pd.notna(row["why_not"]) else ""


def _source(name: object) -> str:
    if pd.isna(name):
        return ""
    source = load("sources").set_index("source").loc[name]
    title = f"[{source['title']}]({source['url']})" if pd.notna(source["url"]) else source["title"]
    return f" *Source: {title}, {source['publisher']}.*"


def _questions(part: str) -> list[pd.Series]:
    """Return the rows of the ledger for a part of the question bank (test or bank), in its order."""
    chosen, table = by_hand("question_bank"), ledger().set_index("claim", drop=False)
    return [table.loc[claim] for claim in chosen.loc[chosen["part"] == part, "claim"]]


def pretest() -> tuple[list[str], list[str]]:
    """Return the pre and post test: three claims, each with its speaker, and three sentences to agree with or not."""
    chosen = by_hand("question_bank")
    return [asked(row) for row in _questions("test")], list(chosen.loc[chosen["part"] == "attitude", "sentence"])


def pretest_answers() -> list[str]:
    """Return what the ledger says of the claims of the pre and post test, in their order."""
    return [finding(row) for row in _questions("test")]


# pages


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    found.filters |= {
        "answer": answer_text,
        "why_not": why_not,
        "asked": asked,
        "code": lambda text: f"`{text}`",
        "day": day,
        "emphasis": lambda text: f"*{text}*",
        "finding": finding,
        "plain": plain,
        "said_by": lambda claim: f"{find(claim)['speaker']} ({find(claim)['year']})",
        "short": lambda lesson: lesson.split("_")[0] if lesson[0].isdigit() else lesson,
        "word": lambda row: row["verdict"] if pd.notna(row["verdict"]) else "unchecked",
    }
    found.globals |= {"cases": cases, "case_minutes": sum(STEPS.values())}
    return found


def _claims_by_lesson() -> dict[str, list[pd.Series]]:
    """Return {lesson: the ledger's rows of its claims}, in the order in which the course meets them."""
    table, used = ledger().set_index("claim", drop=False), lessons_of()
    return {name: [table.loc[claim] for claim, names in used.items() if name in names] for name in lessons()}


def _lessons() -> dict:
    return {"lessons": outlines(), "claims": _claims_by_lesson()}


def answer_key() -> dict:
    """Return what the answer key shows: for each lesson, its exercises with the usual mistakes, and its claims with their verdicts."""
    return _lessons() | {"answers": {name: stored_keys(name) for name in lessons()}}


def cards() -> dict:
    """Return what the cards show: title, question, minutes, sections, exercises and claims of each lesson."""
    return _lessons()


def coverage() -> dict:
    """Return what the coverage page shows: themes with their homes, then claims with the sections that treat them."""
    table, used = by_hand("themes"), uses()
    table["place"] = [outline(row.lesson).section(row.section) for row in table.itertuples()]
    used["place"] = [(row.lesson, outline(row.lesson).section(row.section)) for row in used.itertuples()]
    counts = ledger().assign(used=lambda rows: rows["claim"].isin(used["claim"])).groupby("side")["used"].agg(["sum", "count"])
    return {
        "themes": [(theme, rows.to_dict("records")) for theme, rows in table.groupby("theme")],
        "homes": [(claim, list(rows["place"])) for claim, rows in used.groupby("claim")],
        "counts": [{"side": row.Index, "used": row.sum, "total": row.count} for row in counts.itertuples()],
        "core": set(by_hand("core_claims")["claim"]),
    }


def glossary() -> dict:
    """Return what the glossary shows: its rows, and {term: the first lesson that says it}."""
    homes: dict[str, str] = {}
    for name in lessons():
        for cell in read_lesson(name).cells:
            homes |= {term: name for term in cell.metadata.get("terms", []) if term not in homes}
    return {"rows": load("glossary").to_dict("records"), "homes": homes}


def question_bank() -> dict:
    """Return what the question bank shows: the pre and post test, more claims, and their answers."""
    return {"test": _questions("test"), "bank": _questions("bank"), "sentences": pretest()[1], "words": list(meanings())}


def review() -> dict:
    """Return what the yearly review shows: what to look at first, oldest checks and oldest tables first."""
    table, used = ledger(), lessons_of()
    treated = table[table["claim"].isin(used)].sort_values(["last_checked", "claim"], na_position="first")
    ages = [(_last_year(load(entry["name"])), entry["name"], len(load(entry["name"]))) for entry in package()["resources"]]
    return {"rows": [row for _, row in treated.iterrows()], "where": used, "tables": sorted(ages)}


def _last_year(frame: pd.DataFrame) -> int:
    years = next((frame[column].dropna().astype(int) for column in YEARS if column in frame), pd.Series(dtype=int))
    return int(years.max()) if len(years) else 0


def session_plans() -> dict:
    """Return what the page of the session plans shows."""
    return {"plans": plans()}


def case_shown(name: str) -> dict:
    """Return what the page of a case shows: the case, its steps with their minutes, the seven words, its figure and the figure's file."""
    return {"case": cases()[name], "steps": STEPS, "words": list(meanings()), "picture": picture(name), "file": f"case_{name}.png"}


def case_text(name: str, part: str, file: str) -> str:
    """Return a part of a case as Markdown, for print: room (for students) or desk; ``file`` is the address of its picture."""
    shown = case_shown(name) | {"file": file}
    macro = _templates().get_template("case.md.j2").module
    return macro.desk(shown["case"], shown["picture"]) if part == "desk" else macro.room(**shown)


def before_class() -> dict:
    """Return what the sheet to read before shows: the seven words, the speakers of the main lessons, three codes of ethics."""
    shown = uses()[lambda rows: ~rows["lesson"].str.contains("/")]["claim"].unique()
    speaking = ledger(list(shown))["speaker"].unique()
    speakers = load("speakers")[lambda rows: rows["speaker"].isin(speaking)].sort_values(["side", "speaker"])
    codes = yaml.safe_load((GUIDE / "codes.yml").read_text(encoding="utf-8"))
    return {"meanings": meanings(), "speakers": speakers.to_dict("records"), "codes": codes}


def parallel_test() -> dict:
    """Return what the page of the parallel test shows: {form: its items, each with the ledger's row of its claim}."""
    table = items()
    rows = [row | {"row": ledger([row["claim"]]).iloc[0]} for row in table.to_dict("records")]
    return {"forms": {form: [row for row in rows if row["form"] == form] for form in sorted(table["form"].unique())}}


def grades() -> dict:
    """Return what the page of grades shows: the parts with their weights, the rules, the formula for a spreadsheet."""
    parts = grading.parts()
    rules = {"pass_mark": grading.PASS_MARK, "late_per_day": grading.LATE_PER_DAY, "late_most": grading.LATE_MOST}
    group = int(parts.loc[parts["by"] == "group", "weight"].sum())
    return {"parts": parts.to_dict("records"), "rules": rules, "formula": grading.formula(), "group_weight": group}


def marked_answers() -> dict:
    """Return the figures of the marked answers, from the tables."""
    cobalt = {"table": "mineral_production", "mineral": "cobalt", "stage": "mine"}
    congo, world = (only(**cobalt, country=place, year=2024)["value"] for place in ("DR Congo", "World"))
    ours, all_ = (only(**cobalt, country=place, year=2022)["value"] for place in ("DR Congo", "World"))
    pay, floors = load("click_work_pay").set_index("id"), load("pay_floors").set_index("id")
    return {
        "cobalt": ledger(["cobalt-drc-60pct"]).iloc[0],
        "congo": congo,
        "world": world,
        "share": 100 * congo / world,
        "other": 100 * ours / all_,
        "china": only("cobalt_refining", metric="share_of_refined", country="China", agency="BGS")["value"],
        "sama": ledger(["sama-above-living-wage"]).iloc[0],
        "hour": pay.loc["sama-openai-hour-range"],
        "letter": pay.loc["sama-month-company-letter"],
        "minimum": floors.loc["ken-minimum-nairobi-2022", "value"],
    }


def chatbots() -> dict:
    """Return what the page on chatbots shows: the stored answer, each sentence with the ledger's row that settles it."""
    said = yaml.safe_load((GUIDE / "chatbot.yml").read_text(encoding="utf-8"))
    said["sentences"] = [one | {"row": ledger([one["claim"]]).iloc[0]} for one in said["sentences"]]
    contested = next(number for number, one in enumerate(said["sentences"], start=1) if one["word"] == "contested")
    return {"chatbot": said, "words": list(meanings()), "contested": contested}


def plan_text(plan: Plan) -> str:
    """Return a session plan as Markdown, without its heading."""
    return _templates().get_template("plan.md.j2").module.plan(plan).strip()


PAGES = (
    *(answer_key, before_class, cards, chatbots, coverage, glossary, grades, marked_answers, parallel_test, question_bank, review),
    session_plans,
)


def made_page(page: str) -> str:
    """Return the text of a page of the guide, by its name."""
    shown = next(one for one in PAGES if one.__name__ == page)()
    return _templates().get_template(f"{page}.md.j2").render(shown).strip() + "\n"


def made_pages() -> dict[Path, str]:
    """Return the text of each page of the guide that is made, and of the list of uses that the terminal reads."""
    used = json.dumps(lessons_of(), indent=1, sort_keys=True) + "\n"
    found = {MADE_GUIDE / f"{page.__name__}.md": made_page(page.__name__) for page in PAGES}
    of_case = _templates().get_template("case_page.md.j2")
    found |= {MADE_GUIDE / f"case_{name}.md": of_case.render(case_shown(name)).strip() + "\n" for name in cases()}
    return found | {USES: used}


def made_pictures() -> dict[Path, bytes]:
    """Return the pictures of the pages that are made."""
    return {MADE_GUIDE / f"case_{name}.png": picture(name).png for name in cases()}
