"""One deck per lesson and one per session plan, made from the lessons.

What the room must see stands on a slide, what the notebook explains in the speaker notes.

nbconvert writes the deck with reveal.js (shipped by sphinx-revealjs) inside the file, so that it opens offline by a double click.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
import pandas as pd

from ..claims import VERDICTS, find, ledger
from ..exercises import plain
from ..instructors import pretest
from .mathml import with_mathml
from .reading import Lesson, Output, TeachError, away_from_the_machine, eight_questions, lead_and_text, sentences, tidy_table
from .sessions import Plan, Row
from .words import LANGUAGE, word

LOOK = Path(__file__).resolve().parent / "look"
MOST = 430  # letters on a slide; beyond, it is cut between sentences or items
LARGE, MEDIUM = 200, 330  # letters up to which the type is large, medium
LINE = 28  # letters lost at the end of an item
OPENING = ("title", "section", "text", "end")  # kinds of slides that open a part
FEW = 3  # claims that are read before the question on them
CLAIMS_MOST = 600  # claims are set in one size, with their speaker in small
SCALE = f'<p class="scale">{" · ".join(VERDICTS)}</p>'
WORDS_MOST = 260  # letters under a figure; all its words are its alternative text, and in the notes
TABLE_ROWS, TABLE_COLUMNS, TABLE_LETTERS = 9, 6, 420


@dataclass
class Slide:
    """One slide: ``body`` is Markdown, ``after`` appears at the next step, ``notes`` are the speaker's."""

    kind: str
    head: str
    body: str = ""
    after: str = ""
    notes: list[str] = field(default_factory=list)
    figure: Output | None = None
    code: str = ""
    asks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The body, with the list of guesses asked for."""
        return "\n\n".join(filter(None, [self.body, "<br>".join(self.asks)]))


# cutting


def items(text: str) -> list[str]:
    """Cut a Markdown list into its items, marks included."""
    return [item.rstrip() for item in re.split(r"^(?=(?:[-*]|\d+\.)\s)", text, flags=re.MULTILINE) if item.strip()]


def pieces(text: str, most: int = MOST) -> list[str]:
    """Cut a text into parts of at most ``most`` letters, between items of a list or between sentences; none is lost."""
    if text.lstrip().startswith("|"):
        return _table_pieces(text, most)
    is_list = re.match(r"(?:[-*]|\d+\.)\s", text)
    parts, joint = (items(text), "\n") if is_list else (sentences(text), " ")
    found: list[str] = []
    parts = [piece for part in parts for piece in ([part] if len(part) <= most or not is_list else pieces(" " + part, most))]
    for part in parts:
        if found and len(found[-1]) + len(part) <= most:
            found[-1] += joint + part
        else:
            found.append(part)
    return found or [""]


def _table_pieces(text: str, most: int) -> list[str]:
    """Cut a Markdown table between its rows, evenly; each part keeps the header."""
    head, rows = text.strip().splitlines()[:2], text.strip().splitlines()[2:]
    count = max(1, min(len(rows), -(-sum(map(len, rows)) // most)))
    share = -(-len(rows) // count)
    return ["\n".join([*head, *rows[place : place + share]]) for place in range(0, len(rows), share)]


def size(text: str) -> str:
    """Return the type size for a text: large, medium or small."""
    letters = len(re.sub(r"<[^>]+>|[*`|]", "", text)) + LINE * len(re.findall(r"^(?:[-*]|\d+\.) ", text, flags=re.MULTILINE))
    return "large" if letters <= LARGE else "medium" if letters <= MEDIUM else "small"


def table_shape(html: str) -> tuple[int, int, int]:
    """Return (rows, columns, letters) of a stored HTML table, its header not counted as a row."""
    rows = re.findall(r"<tr.*?</tr>", html, flags=re.DOTALL)
    columns = max((len(re.findall(r"<t[hd]", row)) for row in rows), default=0)
    head = re.search(r"<thead>.*?</thead>", html, flags=re.DOTALL)
    headers = len(re.findall(r"<tr", head[0])) if head else 0
    body = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    letters = len(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
    return len(rows) - headers, columns, letters


def fits(html: str) -> bool:
    """Say whether a table can be read on a slide."""
    rows, columns, letters = table_shape(html)
    return rows <= TABLE_ROWS and columns <= TABLE_COLUMNS and letters <= TABLE_LETTERS


# slides


def slides(lesson: Lesson) -> list[Slide]:
    """Return the deck of a lesson, as slides in order."""
    path = f"notebooks/{lesson.name}.ipynb"
    deck = [Slide("title", lesson.title, lesson.question, notes=[word("slide_notes", path=path)])]
    objectives, minutes = lesson.blocks("objectives"), lesson.blocks("minutes")
    if objectives:
        deck.append(Slide("objectives", word("slide_objectives"), objectives[0].text, notes=[block.text for block in minutes]))
    ending = (word("heading_reading"), word("heading_sources"))
    heading = ""
    for cell in lesson.cells:
        code = cell.source
        for block in cell.blocks:
            if block.kind == "heading" and block.level == 2:
                heading = block.text
                if heading not in ending:
                    deck.append(_section(heading))
            elif heading in ending or block.kind in ("heading", "question", "objectives", "minutes"):
                continue
            elif block.kind in ("predict", "critique", "turn"):
                deck += _question(block.kind, block.text)
            elif block.kind == "table":
                deck += _parts("table", _lead_of(deck), block.text)
            elif block.kind == "list" and heading == word("heading_discuss"):
                deck += _parts("discuss", heading, block.text)
            elif block.kind == "prose" and heading == word("heading_limits"):
                deck += _parts("text", heading, block.text)
            else:
                deck[-1].notes.append(block.text)
        if heading not in ending:
            for output in cell.outputs:
                _show(deck, output, code, lesson)
    deck = [slide for slide in deck if slide.kind != "section" or slide.head not in (word("heading_discuss"), word("heading_limits"))]
    return [*deck, Slide("end", word("slide_end"), word("slide_end_text", path=path))]


def _section(heading: str) -> Slide:
    found = re.search(word("minutes"), heading)
    minutes = word("slide_minutes", minutes=found[1]) if found else ""
    return Slide("section", re.sub(word("minutes"), "", heading), minutes)


def _parts(kind: str, head: str, text: str, most: int = MOST) -> list[Slide]:
    return [Slide(kind, head, part) for part in pieces(text, most)]


def _question(kind: str, text: str) -> list[Slide]:
    """Return the slides of a prediction, an exercise or a critique: its lead is the head, what speaks of cells goes to the notes."""
    lead, rest = lead_and_text(text)
    head = word(f"slide_{kind}")
    name = lead.split(":", 1)[1].strip() if ":" in lead else ""
    if name:
        head = f"{head}: {name}"
    elif lead and (not re.match(word(f"lead_{kind}"), text) or re.match(r"[^\w*`\"“(]", rest)):
        rest = text  # a lead that begins the sentence (**Sort these nine claims** into …) stays in it
    shown, _, listed = rest.partition("\n\n")
    shown = away_from_the_machine(shown) or shown
    shown = re.sub(r"^[a-z]", lambda first: first[0].upper(), shown)
    found = _parts(kind, head, shown)
    if listed and len(found[-1].body) + len(listed) <= MOST:
        found[-1].body += f"\n\n{listed}"
    elif listed:
        found += _parts(kind, head, listed)
    found[0].notes.append(text)
    return found


def _lead_of(deck: list[Slide]) -> str:
    """Return the head of a table: the lead of the paragraph said before it, or the slide's before it."""
    for said in reversed(deck[-1].notes):
        lead, _ = lead_and_text(said)
        if lead:
            return lead
    return deck[-1].head if deck[-1].kind == "critique" else word("slide_table")


def _show(deck: list[Slide], output: Output, code: str, lesson: Lesson) -> None:
    """Add to the deck what a cell shows."""
    last = deck[-1]
    if output.kind == "claim":
        slide = Slide("claim", word("slide_claim"), said(output.values["claim"]))
        deck.insert(_before_question(deck), slide)
    elif output.kind == "statements":
        rows = output.values["claims"]
        listed = "\n".join(f"- {row['statement']} *({row['speaker']}, {row['year']})* `{row['claim']}`" for row in rows)
        place = _before_question(deck) if len(rows) <= FEW else len(deck)  # a long list comes after the question that sorts it
        deck[place:place] = _parts("claims", word("slide_claims"), listed, CLAIMS_MOST)
    elif output.kind == "predict":
        asked = f"`{output.values['name']}` {word('slide_open')} {output.values['unit']}".rstrip()
        section = max(place for place, slide in enumerate(deck) if slide.kind in ("title", "section", "predict"))
        if deck[section].kind != "predict":
            deck.append(Slide("predict", word("slide_predict")))
            section = -1
        deck[section].asks.append(asked)
    elif output.kind == "outcome":
        line = f"- `{output.values['name']}`: **{output.values['actual']}**"
        _list(deck, Slide("outcome", word("slide_outcome"), line))
    elif output.kind == "exercise":
        key = lesson.keys[output.values["name"]]
        turns = [slide for slide in deck if slide.kind == "turn"]
        if turns and key["hints"]:
            turns[-1].notes += [
                word("site_hint", number=n, total=len(key["hints"])) + f": {hint}" for n, hint in enumerate(key["hints"], 1)
            ]
        deck.extend(_unseen(key, deck))
        deck.extend(_answer(key))
    elif output.kind == "verdict":
        deck.append(_verdict(output.values["claim"]))
    elif output.kind == "stance":
        line = f"- `{output.values['name']}`: {word('slide_stance', most=output.values['most'])}"
        _list(deck, Slide("stance", word("slide_take_stance"), line))
    elif output.kind == "figure":
        short, *more = pieces(output.text, WORDS_MOST)
        deck.append(Slide("figure", "", short, notes=[output.text] if more else [], figure=output, code=code))
    elif output.kind == "table":
        rows, _, _ = table_shape(output.text)
        if fits(output.text):
            deck.append(Slide("table", _lead_of(deck), re.sub(r"\s+(?=<)", "", tidy_table(output.text)), code=code))
        else:
            last.notes.append(word("slide_table_left", rows=rows))


def _list(deck: list[Slide], slide: Slide) -> None:
    """Add a line to the last slide if it is of the same kind, else a slide to the deck."""
    if deck[-1].kind == slide.kind:
        deck[-1].body += f"\n{slide.body}"
    else:
        deck.append(slide)


def _before_question(deck: list[Slide]) -> int:
    """Return the place of a claim: before the question on it, which comes last in the deck if there is one."""
    return len(deck) - 1 if deck[-1].kind in ("predict", "turn") else len(deck)


def said(name: str) -> str:
    """Return a claim of the ledger as a quotation in Markdown: the statement, then who, where and when."""
    row = find(name)
    return f"> {row['statement']}\n>\n> *{row['speaker']}, {row['year']}* `{name}`"


def _unseen(key: dict, deck: list[Slide]) -> list[Slide]:
    """Return slides of what there is to sort, where the room has not seen it yet."""
    if key["kind"] != "mapping":
        return []
    seen = "\n".join(slide.body for slide in deck)
    known = ledger().set_index("claim")["statement"]
    lines = [f"- {known[item]} `{item}`" if item in known else f"- {item}" for item in key["answer"] if item not in seen]
    return _parts("claims", word("slide_sort"), "\n".join(lines), CLAIMS_MOST) if lines else []


def _verdict(name: str) -> Slide:
    row = find(name)
    if pd.isna(row["verdict"]):
        after = word("slide_unsettled", test_with=row["test_with"])
    else:
        after = word("slide_ledger", verdict=row["verdict"], evidence=row["evidence"], date=row["last_checked"].date().isoformat())
    return Slide("verdict", word("slide_verdict"), f"> {row['statement']}\n\n{SCALE}", after)


def _answer(key: dict) -> list[Slide]:
    head = word("slide_answer")
    if key["kind"] == "mapping":
        listed = "\n".join(f"- `{item}`: **{choice}**" for item, choice in key["answer"].items())
        found = _parts("answer", head, listed)
        found[-1].notes.append(key["right"])
        found[-1].notes += [f"`{item}`: {note}" for item, note in key["notes"].items()]
        return found
    value = key["answer"] if key["kind"] == "word" else f"{plain(key['answer'])} {key['unit']}".strip()
    says_it = re.match(r"[-+−]?\d", key["right"])
    found = _parts("answer", head, key["right"] if says_it else f"**{value}.** {key['right']}")
    usual = [message for _, message in key["mistakes"]]
    found[0].notes += [word("answers_mistakes") + ":\n\n" + "\n".join(f"- {message}" for message in usual)] if usual else []
    return found


# sessions


def sections(deck: list[Slide], chosen: list[int]) -> list[Slide]:
    """Return the slides of some sections of a lesson's deck; all slides but the title's and the last if none is chosen."""
    if not chosen:
        return [slide for slide in deck if slide.kind not in ("title", "end")]
    found: list[Slide] = []
    inside = False
    for slide in deck:
        if slide.kind in OPENING:
            number = re.match(r"(\d+) · ", slide.head)
            inside = slide.kind == "section" and number is not None and int(number[1]) in chosen
        found += [slide] if inside else []
    missing = [number for number in chosen if not any(slide.head.startswith(f"{number} · ") for slide in found)]
    if missing:
        raise TeachError(word("plan_wrong", what=f"section {missing[0]}"))
    return found


def session(plan: Plan, rows: list[Row], read: Callable[[str], Lesson]) -> list[Slide]:
    """Return the deck of rows of a session plan: agenda, then for each row its slide and the slides of its lessons.

    ``read`` returns a lesson by name. What to ask, the likely wrong answer and what to skip stand in the speaker notes.
    """
    minutes = sum(row.minutes for row in rows)
    title = plan.title if len(rows) > 1 else rows[0].what
    notes = [word("slide_session_notes"), word("slide_late", late=plan.late)]
    deck = [Slide("title", title, f"{word('site_title')} · {word('slide_minutes', minutes=minutes)}", notes=notes)]
    agenda = Slide("objectives", word("slide_agenda"))
    deck += [agenda] if len(rows) > 1 else []
    for row in rows:
        notes = [word("slide_ask", ask=row.ask)] if row.ask else []
        notes += [word("slide_wrong", wrong=row.wrong)] if row.wrong else []
        start = Slide("section", row.what, word("slide_minutes", minutes=row.minutes), notes=notes)
        agenda.body += f"- [{word('slide_row', minutes=row.minutes, what=row.what)}](#/{_place(deck)})\n"
        deck.append(start)
        deck += _test() if row.has_test else []
        links = []
        for part in row.parts:
            lesson = read(part.lesson)
            links.append(f"[{lesson.title}](#/{_place(deck)})")
            if len(row.parts) > 1:
                deck.append(Slide("section", lesson.title, lesson.question))
            # the plan has its own minutes, and a row on one section needs no second heading
            shown = [replace(slide, body="") if slide.kind == "section" else slide for slide in slides(lesson)]
            chosen = sections(shown, part.sections)
            deck += chosen[1:] if len(row.parts) == len(part.sections) == 1 else chosen
        if len(links) > 1:
            start.body += "\n\n" + "<br>".join(links)
        if row.has_poster:
            asked = "\n".join(f"{number}. {question}" for number, question in enumerate(eight_questions(), start=1))
            deck.append(Slide("questions", word("poster_title"), asked))
        if row.has_tickets:
            asked = "\n".join(f"- {line.rstrip(':')}" for line in word("ticket_lines").splitlines())
            deck.append(Slide("critique", word("ticket_title"), asked))
    return deck


def _place(deck: list[Slide]) -> int:
    """Return the number by which reveal.js knows the next slide that opens a part."""
    return sum(slide.kind in OPENING for slide in deck)


def _test() -> list[Slide]:
    """Return the slides of the pre and post test: its claims, then its sentences, no answer."""
    claims, told = pretest()
    asked = [Slide("claim", word("slide_claim"), f"> {statement}\n\n{SCALE}\n\n{word('test_first')} …") for statement in claims]
    return [*asked, Slide("predict", word("test_sentences"), "\n".join(f"- {one}" for one in told) + f"\n\n{word('test_scale')}")]


# the file


def notebook(title: str, deck: list[Slide]) -> nbformat.NotebookNode:
    """Return a deck as a notebook with slide metadata, as nbconvert and RISE read it."""
    book = nbformat.v4.new_notebook()
    book.metadata = {"title": title, "language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    for number, slide in enumerate(deck):
        start = "slide" if slide.kind in OPENING else "subslide"
        level = "#" if slide.kind == "title" else "##"
        fit = "small" if slide.kind == "table" else size(slide.text + slide.after if slide.kind != "figure" else "")
        opening = f'<div class="face {slide.kind} {fit}">\n\n' + (f"{level} {slide.head}\n\n" if slide.head else "")
        cells = []
        if slide.figure:
            image = nbformat.v4.new_output(
                "display_data", {"image/png": slide.figure.image}, metadata={"image/png": {"alt": slide.figure.text}}
            )
            cells.append(nbformat.v4.new_code_cell(slide.code, outputs=[image]))
            cells[0].metadata["words"] = slide.body
        else:
            cells.append(nbformat.v4.new_markdown_cell(f"{opening}{with_mathml(slide.text)}\n\n</div>"))
        if slide.after:
            cells.append(nbformat.v4.new_markdown_cell(f'<div class="face after {fit}">\n\n{with_mathml(slide.after)}\n\n</div>'))
        if slide.notes:
            cells.append(nbformat.v4.new_markdown_cell(with_mathml("\n\n".join(slide.notes))))
        kinds = [start, *(["fragment"] if slide.after else []), *(["notes"] if slide.notes else [])]
        for place, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
            cell.metadata["slideshow"] = {"slide_type": kind}
            cell.id = f"slide-{number}-{place}"
        book.cells += cells
    return book


def reveal_files() -> dict[str, str]:
    """Return the text of the reveal.js files that a deck carries: style and scripts."""
    import sphinx_revealjs

    folder = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
    style = [folder / "dist" / "reset.css", folder / "dist" / "reveal.css", LOOK / "deck" / "deck.css"]
    scripts = [folder / "dist" / "reveal.js", folder / "plugin" / "notes" / "notes.js"]
    texts = {
        "style": "\n".join(path.read_text(encoding="utf-8") for path in style),
        "script": "\n".join(path.read_text(encoding="utf-8").replace("</script", "<\\/script") for path in scripts),
    }
    return {name: re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE) for name, text in texts.items()}


def html(title: str, deck: list[Slide]) -> str:
    """Return a deck as one HTML file that needs nothing else."""
    from nbconvert import SlidesExporter
    from pygments.formatters import HtmlFormatter

    exporter = SlidesExporter(template_name="deck", extra_template_basedirs=[str(LOOK)], exclude_anchor_links=True)
    carried = reveal_files()
    carried["style"] += HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    carried["code"] = word("slide_code")
    carried["settings"] = json.dumps(
        {"width": 1280, "height": 720, "margin": 0.03, "hash": True, "center": False, "slideNumber": "c/t", "navigationMode": "linear",
         "transition": "none", "pdfSeparateFragments": False}
    )  # fmt: skip
    text, _ = exporter.from_notebook_node(notebook(title, deck), resources={"deck": carried, "language_code": LANGUAGE})
    return text


def write(path: Path, title: str, deck: list[Slide]) -> Path:
    """Write a deck and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(title, deck), encoding="utf-8", newline="\n")
    return path


def make(lessons: list[Lesson], out: Path) -> list[Path]:
    """Write one deck per lesson and return where."""
    return [write(out / f"{lesson.name.replace('/', '-')}.html", lesson.title, slides(lesson)) for lesson in lessons]
