"""Which slide follows which: what the room must see stands on a slide, what the notebook explains in the speaker notes.

A text cell of a lesson and the code cells after it are shown together: the claims first, then each question with what it needs to be
understood, then figures and tables, then answers. ``deck`` makes the files.
"""

from __future__ import annotations

import html
import re
from dataclasses import KW_ONLY, dataclass, field

from bs4 import BeautifulSoup

from ...claims import find, ledger
from ...data import load
from .reading import (
    SCALE,
    Block,
    Cell,
    Lesson,
    Output,
    TeachError,
    away_from_the_machine,
    for_the_machine,
    judged,
    lead_and_text,
    right_answer,
    sentences,
)
from .words import word

MOST = 560  # letters on a slide; beyond, it is cut between sentences or items
LARGE, MEDIUM = 230, 380  # letters up to which the type is large, medium
LINE = 28  # letters lost at the end of an item
CONTEXT = 330  # letters that may stand above a question; what is longer gets a slide of its own
OPENING = ("title", "section", "text", "end")  # kinds of slides that open a part
CLAIMS_MOST = 660  # claims are set in one size, with their speaker in small
SHORT = 62  # letters on one line: an answer and what it answers
LINES = 10  # such lines on a slide
WORDS_MOST = 170  # letters under a figure; all its words are its alternative text, and in the notes
TABLE_COLUMNS, TABLE_LETTERS, TABLE_WORDS, TABLE_LINES, TABLE_SLIDES = 6, 64, 34, 10.5, 3  # letters across, in a cell; lines; slides


@dataclass(eq=False)
class Slide:
    """One slide, in Markdown: ``context`` stands above the ``body``, ``after`` appears at the next step, ``notes`` are the speaker's.

    ``asks`` are the guesses it asks for, (name, unit); ``claim`` is the claim of the ledger that it shows.
    """

    kind: str
    head: str
    body: str = ""
    _: KW_ONLY
    context: str = ""
    after: str = ""
    notes: list[str] = field(default_factory=list)
    figure: Output | None = None
    code: str = ""
    asks: list[tuple[str, str]] = field(default_factory=list)
    claim: str = ""

    @property
    def text(self) -> str:
        """The context, the body and the list of guesses asked for."""
        if len(self.asks) == 1:
            asked = [f"{word('slide_guess')} {self.asks[0][1]}".rstrip()]
        else:
            asked = [f"*{spoken(name)}*: … {unit}".rstrip() for name, unit in self.asks]
        context = f'<div class="context">\n\n{self.context}\n\n</div>' if self.context else ""
        return "\n\n".join(filter(None, [context, self.body, "<br>".join(asked)]))


# cutting


def items(text: str) -> list[str]:
    """Cut a Markdown list into its items, marks included."""
    return [item.rstrip() for item in re.split(r"^(?=(?:[-*]|\d+\.)\s)", text, flags=re.MULTILINE) if item.strip()]


def is_list(text: str) -> bool:
    """Say whether a text begins with an item of a list."""
    return re.match(r"(?:[-*]|\d+\.)\s", text) is not None


def pieces(text: str, most: int = MOST) -> list[str]:
    """Cut a text into parts of at most ``most`` letters, alike in length, between items of a list or between sentences; none is lost."""
    if text.lstrip().startswith("|"):
        return _table_pieces(text, most)
    lost = LINE if is_list(text) else 1
    parts, joint = (items(text), "\n") if is_list(text) else (sentences(text), " ")
    parts = [piece for part in parts for piece in ([part] if len(part) <= most or not is_list(text) else pieces(" " + part, most))]
    return [joint.join(group) for group in evenly(parts, [len(part) + lost for part in parts], most)] or [""]


def evenly(parts: list, weights: list[float], most: float) -> list[list]:
    """Share parts out, in order, into groups of at most ``most``, alike in weight; what is heavier alone makes a group."""
    share = sum(weights) / max(1, -(-sum(weights) // most))
    found: list[list] = []
    filled = 0.0
    for part, weight in zip(parts, weights, strict=True):
        if found and filled + weight <= most and filled + weight / 2 <= share:
            found[-1].append(part)
            filled += weight
        else:
            found.append([part])
            filled = weight
    return found


def _table_pieces(text: str, most: int) -> list[str]:
    """Cut a Markdown table between its rows, evenly; each part keeps the header."""
    head, rows = text.strip().splitlines()[:2], text.strip().splitlines()[2:]
    count = max(1, min(len(rows), -(-sum(map(len, rows)) // most)))
    share = -(-len(rows) // count)
    return ["\n".join([*head, *rows[place : place + share]]) for place in range(0, len(rows), share)]


def size(text: str) -> str:
    """Return the type size for a text: large, medium or small."""
    return "large" if letters(text) <= LARGE else "medium" if letters(text) <= MEDIUM else "small"


def letters(text: str) -> int:
    """Return the letters of a text, those lost at the end of items, guesses and paragraphs included."""
    ends = len(re.findall(r"^(?:[-*]|\d+\.) |<br>|\n\n(?=\S)", text, flags=re.MULTILINE))
    return len(re.sub(r"<[^>]+>|[*`|]", "", text)) + LINE * ends


def spoken(name: str) -> str:
    """Return the name of a prediction as words: congo 1980."""
    return name.replace("-", " ").replace("_", " ")


# tables


def rows_of(stored: str) -> list[list[str]]:
    """Return a stored table as rows of text, the head first: one line of heads, no numbered index, no empty column, a gap as a dash."""
    soup = BeautifulSoup(stored, "html.parser")
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in soup.find_all("tr")]
    heads = len(soup.thead.find_all("tr")) if soup.thead else 1
    if heads == 2 and len(rows[0]) == len(rows[1]):  # pandas writes the name of an index on a line of its own
        rows[:2] = [[low or high for high, low in zip(*rows[:2], strict=True)]]
        heads = 1
    if heads != 1 or len(rows) < 2 or len({len(row) for row in rows}) != 1:
        return []
    gaps = {"NaN": "–", "<NA>": "–", "None": "–", "NaT": "–"}
    rows = [[gaps.get(cell, cell.replace("_", " ") if " " not in cell else cell) for cell in row] for row in rows]
    columns = list(zip(*rows, strict=True))
    keep = [
        place
        for place, (head, *cells) in enumerate(columns)
        if set(cells) - {"", "–"} and not (place == 0 and not head and all(cell.isdigit() for cell in cells))
    ]
    rows = [[row[place] for place in keep] for row in rows]
    if len(keep) > TABLE_COLUMNS and len(rows) <= 4:
        rows = [list(column) for column in zip(*rows, strict=True)]
    return rows


def tables_of(stored: str) -> list[str]:
    """Return a stored table as tables that can be read on a slide each; none if it is too large."""
    rows = rows_of(stored)
    if not rows or len(rows[0]) > TABLE_COLUMNS:
        return []
    head, body = rows[0], rows[1:]
    widest = [min(max(map(len, column)), TABLE_WORDS) for column in zip(*rows, strict=True)]
    widths = [max(1, width * min(1, TABLE_LETTERS / sum(widest))) for width in widest]
    heights = [0.5 + max(-(-len(cell) // width) for cell, width in zip(row, widths, strict=True)) for row in body]
    if -(-sum(heights) // TABLE_LINES) > TABLE_SLIDES:
        return []
    return [_html([head, *part]) for part in evenly(body, heights, TABLE_LINES)]


def _html(rows: list[list[str]]) -> str:
    def line(cells: list[str]) -> str:
        written = []
        for cell in cells:
            kind = ' class="number"' if re.fullmatch(r"[-−+–\d.,]+", cell) else ""
            written.append(f"<td{kind}>{html.escape(cell, quote=False)}</td>")
        return f"<tr>{''.join(written)}</tr>"

    return f"<table><thead>{line(rows[0])}</thead><tbody>{''.join(map(line, rows[1:]))}</tbody></table>"


# questions


def question(kind: str, text: str) -> list[Slide]:
    """Return the slides of a prediction, an exercise or a critique: a lead that only names the gesture becomes the head."""
    lead, rest = lead_and_text(text)
    head = word(f"slide_{kind}")
    name = lead.split(":", 1)[1].strip() if ":" in lead else ""
    if name:
        head = f"{head}: {name}"
    elif lead and not re.fullmatch(word("bare_lead"), lead):
        rest = text  # a lead that begins the sentence (**Sort these nine claims** into …) stays in it
    shown, _, listed = ("", "", rest) if is_list(rest) else rest.partition("\n\n")
    shown = away_from_the_machine(shown) or shown
    if is_list(listed):
        marks = [re.match(r"((?:[-*]|\d+\.)\s+)(.*)", item, flags=re.DOTALL).groups() for item in items(listed)]
        listed = "\n".join(f"{mark}{away_from_the_machine(told) or told}" for mark, told in marks)
    shown = re.sub(word("write_here"), "", shown)
    shown = re.sub(r"^[a-z](?![\w]*\.)", lambda first: first[0].upper(), shown)
    if not shown or len(shown) + len(listed) <= MOST:
        found = _parts(kind, head, listed) if not shown else [Slide(kind, head, f"{shown}\n\n{listed}".strip())]
    else:
        found = _parts(kind, head, shown) + (_parts(kind, head, listed) if listed else [])
    found[0].notes.append(text)
    return found


def sort_slides(key: dict) -> list[Slide]:
    """Return what there is to sort, numbered, with the words to choose from under it."""
    known = ledger().set_index("claim")["statement"]
    listed = "\n".join(f"{number}. {known.get(item, item)}" for number, item in enumerate(key["answer"], start=1))
    choices = " · ".join(map(str, key["choices"] or sorted(set(key["answer"].values()))))
    return [Slide("claims", word("slide_sort"), f'{part}\n\n<p class="choices">{choices}</p>') for part in pieces(listed, CLAIMS_MOST)]


def answer_slides(key: dict) -> list[Slide]:
    """Return the answer to an exercise; why, and the usual mistakes, stand in the notes."""
    head = word("slide_answer")
    if key["kind"] == "mapping":
        known = ledger().set_index("claim")["statement"]
        lines = []
        for number, (item, choice) in enumerate(key["answer"].items(), start=1):
            told = known.get(item, item)
            most = SHORT - len(str(choice))
            lines.append(f"{number}. **{choice}** · {told if len(told) <= most else told[:most].rsplit(' ', 1)[0] + ' …'}")
        found = _parts("sorted", head, "\n".join(lines), 10 * MOST if len(lines) <= LINES else CLAIMS_MOST)
        found[-1].notes.append(key["right"])
        found[-1].notes += [f"`{item}`: {note}" for item, note in key["notes"].items()]
        return found
    found = _parts("answer", head, right_answer(key))
    usual = [message for _, message in key["mistakes"]]
    found[0].notes += [word("answers_mistakes") + ":\n\n" + "\n".join(f"- {message}" for message in usual)] if usual else []
    return found


def claim_slide(name: str) -> Slide:
    """Return a claim of the ledger as a quotation: the statement, then who, when and where."""
    row = find(name)
    document = load("sources").set_index("source").loc[row["source"], "title"]
    return Slide(
        "claim",
        word("slide_claim"),
        f"> {row['statement']}\n>\n> *{row['speaker']}, {row['year']}* · {document}",
        notes=[f"`{name}`"],
        claim=name,
    )


def verdict_slide(name: str) -> Slide:
    """Return a claim with the six words, then what the ledger says."""
    row = find(name)
    told = f"> {row['statement']} *({row['speaker']}, {row['year']})*"
    return Slide("verdict", word("slide_verdict"), f"{told}\n\n{SCALE}", after=judged(name), claim=name)


def _parts(kind: str, head: str, text: str, most: int = MOST) -> list[Slide]:
    return [Slide(kind, head, part) for part in pieces(text, most)]


# a lesson


def slides(lesson: Lesson) -> list[Slide]:
    """Return the deck of a lesson, as slides in order."""
    path = f"notebooks/{lesson.name}.ipynb"
    deck = [Slide("title", lesson.title, lesson.question, notes=[word("slide_notes", path=path)])]
    objectives, minutes = lesson.blocks("objectives"), lesson.blocks("minutes")
    if objectives:
        deck.append(Slide("objectives", word("slide_objectives"), objectives[0].text, notes=[block.text for block in minutes]))
    group = _Group(deck, lesson)
    for cell in lesson.cells:
        if cell.kind == "text" and "teacher" not in cell.tags:
            for blocks in _by_section(cell.blocks):
                group.show()
                group = _Group(deck, lesson, blocks, group.heading)
        else:
            group.cells.append(cell)
    group.show()
    deck = [slide for slide in deck if slide.kind != "section" or slide.head not in (word("heading_discuss"), word("heading_limits"))]
    return [*deck, Slide("end", word("slide_end"), word("slide_end_text", path=path))]


def _by_section(blocks: list[Block]) -> list[list[Block]]:
    """Cut the blocks of a text cell before each heading of a section."""
    found: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind == "heading" and block.level == 2 and found[-1]:
            found.append([])
        found[-1].append(block)
    return found


@dataclass
class _Group:
    """A text cell and the code cells after it; ``show`` adds their slides to the deck."""

    deck: list[Slide]
    lesson: Lesson
    blocks: list[Block] = field(default_factory=list)
    heading: str = ""
    cells: list[Cell] = field(default_factory=list)
    questions: list[list[Slide]] = field(default_factory=list)

    def show(self) -> None:
        ending = (word("heading_reading"), word("heading_sources"))
        waiting: list[str] = []  # prose that a question may need
        for block in self.blocks:
            if block.kind == "heading" and block.level == 2:
                self.heading = block.text
                if self.heading not in ending:
                    self.deck.append(_section(self.heading))
            elif self.heading in ending or block.kind in ("heading", "question", "objectives", "minutes"):
                continue
            elif block.kind in ("predict", "critique", "turn"):
                asked = question(block.kind, block.text)
                if block.kind != "critique":
                    self._before(asked[0], waiting)
                self.deck[-1].notes += waiting
                self.deck += asked
                self.questions.append(asked)
                waiting = []
            elif block.kind == "table":
                self.deck[-1].notes += waiting
                waiting = []
                self.deck += _parts("table", self._lead(), block.text)
            elif block.kind == "list" and self.heading == word("heading_discuss"):
                self.deck += _parts("discuss", self.heading, block.text)
            elif block.kind == "list" and not for_the_machine(block.text):
                self.deck[-1].notes += waiting
                waiting = []
                self.deck += _parts("list", self._lead(), block.text)
            elif block.kind == "prose" and self.heading == word("heading_limits"):
                self.deck += _parts("text", self.heading, block.text)
            else:
                waiting.append(block.text)
        outputs = [output for cell in self.cells for output in cell.outputs]
        if self.heading not in ending:
            self._claims(outputs)
            self._asks([output for output in outputs if output.kind == "predict"])
        if waiting and any(output.kind == "stance" for output in outputs) and not self.questions:
            self.deck += _parts("stance", word("slide_take_stance"), waiting.pop())
        self.deck[-1].notes += waiting
        exercises = [output for output in outputs if output.kind == "exercise"]
        for cell in self.cells:
            self.deck[-1].notes += [block.text for block in cell.blocks]  # for instructors
            if self.heading not in ending:
                # what a learner sees before answering comes before the answer
                for output in sorted(cell.outputs, key=lambda one: one.kind in ("exercise", "verdict")):
                    self._show(output, cell, exercises)

    def _of(self, kind: str) -> list[list[Slide]]:
        return [asked for asked in self.questions if asked[0].kind == kind]

    def _place(self, slide: Slide) -> int:
        return next(place for place, one in enumerate(self.deck) if one is slide)

    def _before(self, asked: Slide, waiting: list[str]) -> None:
        """Put what a question needs above it, or on a slide before it; what speaks of cells, or shows how to compute, does not come."""
        told = [text for text in waiting if not re.match(word("for_the_screen"), text) and not is_list(text)]
        text = " ".join(filter(None, (away_from_the_machine(one) for one in told)))
        if not text:
            return
        if len(text) <= CONTEXT and len(text) + letters(asked.body) <= MOST - 140:
            asked.context = text
        else:
            lead, rest = lead_and_text(text)
            alone = lead and len(lead) < SHORT and rest[:1].isupper()
            self.deck += _parts("first", lead if alone else word("slide_first"), rest if alone else text)

    def _lead(self) -> str:
        """Return the head of a table or list: the lead of the paragraph said before it, if it says something, or the section's."""
        for told in reversed(self.deck[-1].notes):
            lead, _ = lead_and_text(told)
            if lead and not re.match(word("bare_lead"), lead) and len(lead) < SHORT:
                return lead
        if self.deck[-1].kind in ("critique", "predict", "turn") and ":" in self.deck[-1].head:
            return self.deck[-1].head
        opened = [slide.head for slide in self.deck if slide.kind == "section"]
        return re.sub(r"^\d+ · ", "", opened[-1]) if opened else word("slide_table")

    def _claims(self, outputs: list[Output]) -> None:
        """Show claims before the question on them; a claim that is sorted or judged here is shown there."""
        keys = [self.lesson.keys[output.values["name"]] for output in outputs if output.kind == "exercise"]
        sorted_here = {item for key in keys if key["kind"] == "mapping" for item in key["answer"]}
        judged = {output.values["claim"] for output in outputs if output.kind == "verdict"}
        found: list[Slide] = []
        for output in outputs:
            names = [output.values["claim"]] if output.kind == "claim" else [row["claim"] for row in output.values.get("claims", [])]
            if output.kind not in ("claim", "statements"):
                continue
            names = [name for name in names if name not in sorted_here and (name not in judged or self.questions)]
            if len(names) == 1:
                found.append(claim_slide(names[0]))
            elif names:
                rows = [find(name) for name in names]
                listed = "\n".join(f"- {row['statement']} *({row['speaker']}, {row['year']})*" for row in rows)
                found += _parts("claims", word("slide_claims"), listed, CLAIMS_MOST)
                found[-1].notes.append(" · ".join(f"`{name}`" for name in names))
        place = self._place(self.questions[0][0]) if self.questions else len(self.deck)
        if place and self.deck[place - 1].kind == "first":
            place -= 1
        self.deck[place:place] = found

    def _asks(self, outputs: list[Output]) -> None:
        """Hang each guess on the question that asks for it."""
        asking = self._of("predict") or self._of("turn")
        for number, output in enumerate(outputs):
            asked = (output.values["name"], output.values["unit"])
            if asking:
                (asking[number] if len(asking) == len(outputs) else asking[-1])[-1].asks.append(asked)
            elif self.deck[-1].kind == "predict":
                self.deck[-1].asks.append(asked)
            else:
                self.deck.append(Slide("predict", word("slide_predict"), asks=[asked]))

    def _show(self, output: Output, cell: Cell, exercises: list[Output]) -> None:
        """Add to the deck what a cell shows."""
        deck = self.deck
        if output.kind == "outcome":
            name, actual = output.values["name"], output.values["actual"]
            asked = next((slide for slide in deck if any(name == one for one, _ in slide.asks)), None)
            alone = asked is not None and len(asked.asks) == 1
            line = f"- **{actual}**" if alone else f"- {spoken(name)}: **{actual}**"
            if asked is deck[-1] and letters(asked.text + asked.after) + LINE <= MOST:
                asked.after = f"{asked.after}\n{line}".strip()
            elif alone and len(asked.body) <= MOST - SHORT:  # much has been seen since: the question again
                deck.append(Slide("outcome", word("slide_outcome"), f"{_last_question(asked.body)}\n\n**{actual}**"))
            elif deck[-1].kind == "outcome":
                deck[-1].body += f"\n{line}"
            else:
                deck.append(Slide("outcome", word("slide_outcome"), line))
        elif output.kind == "exercise":
            self._exercise(output, exercises)
        elif output.kind == "verdict":
            if deck[-1].kind == "claim" and deck[-1].claim == output.values["claim"]:
                deck.pop()
            deck.append(verdict_slide(output.values["claim"]))
        elif output.kind == "stance":
            line = f"- {spoken(output.values['name'])}: {word('slide_stance', most=output.values['most'])}"
            if deck[-1].kind == "stance":
                deck[-1].body += f"\n\n{line}" if not is_list(deck[-1].body.splitlines()[-1]) else f"\n{line}"
            else:
                deck.append(Slide("stance", word("slide_take_stance"), line))
        elif output.kind == "figure":
            short, *more = pieces(output.text, WORDS_MOST)
            deck.append(Slide("figure", "", short, notes=[output.text] if more else [], figure=output, code=cell.source))
        elif output.kind == "table":
            found = [] if ".sample(" in cell.source else tables_of(output.text)
            deck += [Slide("table", self._lead(), table, code=cell.source) for table in found]
            if not found:
                deck[-1].notes.append(word("slide_table_left"))

    def _exercise(self, output: Output, exercises: list[Output]) -> None:
        """Put an answer after its question: each after its own where there are as many, else at the end."""
        key = self.lesson.keys[output.values["name"]]
        asking = self._of("turn") or self._of("predict")
        number = exercises.index(output)
        paired = len(asking) == len(exercises) > 1
        own = asking[min(number, len(asking) - 1)] if asking else None
        hints = [word("site_hint", number=n, total=len(key["hints"])) + f": {hint}" for n, hint in enumerate(key["hints"], 1)]
        if own:
            own[-1].notes += hints
        found = (sort_slides(key) if key["kind"] == "mapping" else []) + answer_slides(key)
        place = self._place(own[-1]) + 1 if paired and self.deck[-1].kind == "turn" else len(self.deck)
        self.deck[place:place] = found


def _last_question(text: str) -> str:
    """Return the last sentence of a text that asks, or the last."""
    told = sentences(text)
    return next((sentence for sentence in reversed(told) if sentence.endswith("?")), told[-1])


def _section(heading: str) -> Slide:
    found = re.search(word("minutes"), heading)
    minutes = word("slide_minutes", minutes=found[1]) if found else ""
    return Slide("section", re.sub(word("minutes"), "", heading), minutes)


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
