"""Paper for rooms without computers: worksheets, the poster of the eight questions, the test, the plans of the guide, the answers.

Each is an HTML page that any browser prints, and a PDF when a browser is found to make it. A worksheet is read by ``worksheet``; this
module puts it on two pages and measures that it fits.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

from ...claims import meanings
from ..pages import GUIDE, plan_text, pretest, pretest_answers
from ..sessions import Plan
from . import LOOK
from .reading import Lesson, TeachError, eight_questions, right_answer, scale
from .words import LANGUAGE, word
from .worksheet import Sheet, markup

TOLERANCE = 0.3  # millimetres: less is rounding, not text
AGREE = range(1, 6)  # 1, not at all, to 5, entirely


# pages


def document(title: str, body: str) -> str:
    """Return a whole HTML page that carries its style."""
    style = (LOOK / "paper.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _running(title: str, to_fill: Iterable[tuple[str, str]] = ()) -> str:
    """Return the line on top of a page: a title, then what is to be filled in, each with its width."""
    blanks = "".join(f'<span>{label}</span><span class="write" style="flex-basis: {width}"></span>' for label, width in to_fill)
    return f'<p class="running"><span>{html.escape(title)}</span>{blanks}</p>'


def _page(*parts: str, kind: str = "") -> str:
    return "\n".join([f'<section class="page{" " + kind if kind else ""}">', *parts, "</section>"])


def sheet_pages(lesson: Lesson, sheet: Sheet) -> list[str]:
    """Return the two pages of a worksheet."""
    head = f'<h1>{markup(lesson.title, inline=True)}</h1><p class="question">{markup(lesson.question, inline=True)}</p>'
    front, back = sheet.parts["front"], sheet.parts["back"]
    foot = word("sheet_foot_plain" if sheet.claims else "sheet_foot_none")
    foot = word("sheet_foot", tables=", ".join(sheet.used)) if sheet.used else foot
    to_fill = [(word("sheet_name"), "60mm"), (word("sheet_date"), "15mm")]
    return [
        _page(_running(word("sheet_course"), to_fill), head, front),
        _page(_running(word("sheet_back", title=lesson.title)), back, f'<p class="foot">{foot}</p>'),
    ]


def poster() -> str:
    """Return the poster: the eight questions of lesson 00, the gesture, the six words."""
    asked = []
    for question in eight_questions():
        found = re.fullmatch(r"(.+?)\s*\(([^)]*)\)\?", question)
        main, more = (f"{found[1]}?", found[2]) if found else (question, "")
        asked.append(f"<li><span>{markup(main, True)}" + (f"<small>{markup(more, True)}</small>" if more else "") + "</span></li>")
    words = "".join(f"<div><dt>{verdict}</dt><dd>{meaning}</dd></div>" for verdict, meaning in meanings().items())
    return _page(
        f'<h1>{word("poster_title")}</h1>', f'<p class="gesture">{word("poster_under")}</p>', f"<ol>{''.join(asked)}</ol>",
        f'<p class="scale">{word("poster_scale")}</p><dl>{words}</dl>', f'<p class="foot">{word("poster_foot")}</p>',
        kind="poster",
    )  # fmt: skip


def test_page() -> str:
    """Return the pre and post test on one page: three claims, three sentences, without their answers."""
    claims, sentences = pretest()
    asked = [
        f'<div class="asked"><p>{number}. {markup(statement, True)}</p>{scale()}'
        f'<p>{word("test_first")} <span class="rule long"></span></p></div>'
        for number, statement in enumerate(claims, start=1)
    ]
    circles = " &emsp; ".join(map(str, AGREE))
    rows = "".join(f"<tr><td>{markup(sentence, True)}</td><td>{circles}</td></tr>" for sentence in sentences)
    return _page(
        _running(word("sheet_course"), [(word("test_code"), "40mm")]),
        f'<h1>{word("test_title")}</h1><p class="how">{word("test_how")}</p>', f'<h2>{word("test_claims")}</h2>', *asked,
        f'<h2>{word("test_sentences")}</h2><p class="how">{word("test_scale")}</p><table class="sort">{rows}</table>',
        kind="test",
    )  # fmt: skip


def ticket_lines() -> list[str]:
    """Return what an exit ticket asks for."""
    return word("ticket_lines").split("\n")


def tickets_page() -> str:
    """Return a page of two exit tickets, to be cut."""
    asked = "".join(f'<p>{line}</p><div class="lines"></div>' for line in ticket_lines())
    name = f'<p class="how">{word("ticket_name")} <span class="rule long"></span></p>'
    return _page(*[f'<div class="ticket"><h1>{word("ticket_title")}</h1>{asked}{name}</div>'] * 2, kind="tickets")


def plan_page(plan: Plan, to_print: list[str]) -> str:
    """Return a session plan of the guide to keep in one's hand, with what to print and the pages on care and on quiet groups."""
    parts = [f"# {plan.title} ({word('slide_minutes', minutes=plan.minutes)})\n\n{plan_text(plan)}"]
    parts.append(f"## {word('print_head')}\n\n" + "\n".join(f"- {line}" for line in to_print))
    parts += [(GUIDE / f"{name}.md").read_text(encoding="utf-8").replace("# ", "## ", 1) for name in ("care", "prompts")]
    told = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", "\n\n".join(parts))  # on paper a link is its words
    return f'<section class="flow plan">{markup(told)}</section>'


def test_answers() -> str:
    """Return what the ledger says of the claims of the test, for instructors."""
    claims, _ = pretest()
    told = zip(claims, pretest_answers(), strict=True)
    lines = "".join(f"<li><p>{markup(claim, True)}</p><p>{markup(finding, True)}</p></li>" for claim, finding in told)
    return f"<h2>{word('answers_test')}</h2><ol>{lines}</ol>"


def exercise_answers(lesson: Lesson, exercises: list[str]) -> str:
    """Return the answers to some exercises of a lesson, with their usual mistakes."""
    told = "".join(f"<h3><code>{name}</code></h3>{markup(right_answer(lesson.keys[name], mistakes=True))}" for name in exercises)
    return f"<h2>{word('answers_exercises', title=markup(lesson.title, True))}</h2>{told}"


def sheet_answers(lesson: Lesson, sheet: Sheet) -> str:
    """Return the answers to a worksheet."""
    told = re.sub(r"<(/?)h2>", r"<\1h3>", sheet.parts["answers"])
    return f"<h2>{markup(lesson.title, True)}</h2>{told}"


def answers(parts: list[str]) -> str:
    """Return a document of answers for instructors."""
    return f'<section class="flow"><h1>{word("answers_title")}</h1><p>{word("answers_intro")}</p>{"".join(parts)}</section>'


# files


def overflow(page) -> list[float]:
    """Return by how many millimetres each page of the open document is too long (0 where it fits)."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.page')].map(box => "
        "Math.max(0, (box.scrollHeight - box.clientHeight) / 96 * 25.4, (box.scrollWidth - box.clientWidth) / 96 * 25.4))"
    )


def write(documents: dict[Path, tuple[str, str]]) -> list[Path]:
    """Write documents, {path: (title, body)}, as HTML and, where a browser is found, as PDF; return where.

    Raise TeachError where a page is too long for its paper.
    """
    from .browser import browser, print_pdf

    made: list[Path] = []
    for path, (title, body) in documents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document(title, body), encoding="utf-8", newline="\n")
        made.append(path)
    try:
        with browser() as running:
            page = running.new_page(viewport={"width": 794, "height": 1123})
            long: list[str] = []
            for path in documents:
                page.goto(path.resolve().as_uri())
                over = enumerate(overflow(page), start=1)
                long += [word("page_overflow", name=path.stem, page=n, over=max(1, round(by))) for n, by in over if by >= TOLERANCE]
                print_pdf(page, path.with_suffix(".pdf"))
                made.append(path.with_suffix(".pdf"))
    except TeachError as missing:
        print(missing)
        return made
    if long:
        raise TeachError("\n".join(long))
    return sorted(made)


def make(lessons: list[Lesson], out: Path) -> list[Path]:
    """Write the worksheets of lessons, the poster, the test and the answers."""
    sheets = [Sheet(lesson.name) for lesson in lessons]
    documents = {}
    for lesson, sheet in zip(lessons, sheets, strict=True):
        documents[out / f"{lesson.name.replace('/', '-')}.html"] = (lesson.title, "\n".join(sheet_pages(lesson, sheet)))
    documents[out / "eight_questions.html"] = (word("poster_title"), poster())
    documents[out / "test.html"] = (word("test_title"), test_page())
    documents[out / "exit_tickets.html"] = (word("ticket_title"), tickets_page())
    documents[out / "answers.html"] = (word("answers_title"), answers([test_answers(), *map(sheet_answers, lessons, sheets)]))
    return write(documents)
