"""Which slide follows which: what the room must see stands on a slide, what the notebook explains in the speaker notes.

The rule is one: each cell gives the slide of its role or of its record, in the order of the lesson. A section opens; a claim is shown; a
prediction, an exercise and a critique are asked; a figure or a small table is shown; what the tables say, the answer and the ledger's
verdict come at the next step, after the room's own. All other text goes to the speaker notes. The tag ``slide`` puts a text on a slide,
``notes`` keeps a cell's slide in the notes, ``skip-slide`` leaves it out. ``deck`` makes the files.
"""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field

from bs4 import BeautifulSoup

from ...claims import find, ledger
from ...data import load
from ...exercises import plain
from .reading import Cell, Lesson, Output, TeachError, escaped, judged, lead_and_text, paragraphs, right_answer, scale
from .words import word

MOST = 560  # letters on a slide; beyond, it is cut between paragraphs, items or sentences
LARGE, MEDIUM = 230, 380  # letters up to which the type is large, medium
LINE = 28  # letters lost at the end of an item
CONTEXT = 330  # letters that may stand above a question; what is longer goes to the notes
OPENING = ("title", "section", "text", "end")  # kinds of slides that open a part
CLAIMS_MOST = 660  # claims are set in one size, with their speaker in small
SHORT = 62  # letters on one line: an answer and what it answers
LINES = 10  # such lines on a slide
WORDS_MOST = 170  # letters under a figure; all its words are its alternative text, and in the notes
TABLE_COLUMNS, TABLE_LETTERS, TABLE_WORDS, TABLE_LINES, TABLE_SLIDES = 6, 64, 34, 10.5, 3  # letters across, in a cell; lines; slides
ASKS = ("predict", "turn", "critique")  # roles of a text that asks the room something


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
    section: str = ""

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
    parts, joint = (items(text), "\n") if is_list(text) else (re.split(r"(?<=[.!?…])\s+", text), " ")
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
            written.append(f"<td{kind}>{escaped(cell)}</td>")
        return f"<tr>{''.join(written)}</tr>"

    return f"<table><thead>{line(rows[0])}</thead><tbody>{''.join(map(line, rows[1:]))}</tbody></table>"


# exercises, claims


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
    return Slide("verdict", word("slide_verdict"), f"{told}\n\n{scale()}", after=judged(name), claim=name)


def _parts(kind: str, head: str, text: str, most: int = MOST) -> list[Slide]:
    return [Slide(kind, head, part) for part in pieces(text, most)]


# a lesson


def question(cell: Cell) -> list[Slide]:
    """Return the slides of a text that asks: bold words at its head become the slide's."""
    lead, rest = lead_and_text(cell.text)
    name = lead.split(":", 1)[1].strip() if ":" in lead else ""
    head = word(f"slide_{cell.role}") + (f": {name}" if name else "")
    found: list[Slide] = []
    for block in paragraphs(rest):
        if found and letters(f"{found[-1].body}\n\n{block}") <= MOST:
            found[-1].body += f"\n\n{block}"
        else:
            found += _parts(cell.role, head, block)
    found = found or [Slide(cell.role, head)]
    found[0].notes.append(cell.text)
    return found


def slides(lesson: Lesson) -> list[Slide]:
    """Return the deck of a lesson, as slides in order."""
    path = f"notebooks/{lesson.name}.ipynb"
    opening = [Slide("title", lesson.title, lesson.question, notes=[word("slide_notes", path=path)])]
    deck = _Deck(lesson, opening)
    for cell in lesson.cells:
        if "skip-slide" not in cell.tags:
            deck.add(cell)
    return [*deck.slides, Slide("end", word("slide_end"), word("slide_end_text", path=path))]


@dataclass
class _Deck:
    """The deck of a lesson while it is being made: ``context`` is the prose just read, which a question may need above it."""

    lesson: Lesson
    slides: list[Slide]
    context: str = ""

    def add(self, cell: Cell) -> None:
        """Add the slides of a cell."""
        known = {id(slide) for slide in self.slides}
        if "notes" in cell.tags:
            self.slides[-1].notes.append(cell.text)
        elif cell.role == "code":
            self._code(cell)
        else:
            self._text(cell)
        for slide in self.slides:
            slide.section = slide.section if id(slide) in known else cell.section

    def _text(self, cell: Cell) -> None:
        if cell.role == "section":
            minutes = word("slide_minutes", minutes=cell.minutes) if cell.minutes else ""
            self.slides.append(Slide("section", cell.heading, minutes))
        elif cell.role in ASKS:
            asked = question(cell)
            if self.context and cell.role != "critique" and len(self.context) + letters(asked[0].body) <= MOST - 140:
                asked[0].context = self.context
            self.slides += asked
        elif cell.role == "objectives":
            self.slides.append(Slide("objectives", word("slide_objectives"), "\n\n".join(paragraphs(cell.text)[1:])))
        elif cell.role in ("limits", "discuss"):
            kind = "text" if cell.role == "limits" else "discuss"
            self.slides += [slide for block in paragraphs(cell.body) for slide in _parts(kind, cell.heading, block)]
        elif "slide" in cell.tags:
            self.slides += [slide for block in paragraphs(cell.text) for slide in _parts("text", word("slide_first"), block)]
        prose = cell.body if cell.role in ("section", "prose") else ""
        fits = prose and len(prose) <= CONTEXT and len(paragraphs(prose)) == 1 and not is_list(prose) and not prose.startswith("|")
        self.context = prose if fits else ""
        if cell.role in ("section", "prose", "teacher", "minutes", "note") and cell.body:
            self.slides[-1].notes.append(cell.body)

    def _code(self, cell: Cell) -> None:
        """Add what a cell shows: first what the room sees before it answers, then answers and verdicts."""
        last = ("check", "verdict")
        results = {(result.kind, _name(result)): result for result in cell.results}
        for output in sorted(cell.outputs, key=lambda one: one.kind in last):
            self._show(output, results.get((output.kind, _name(output)), output), cell)
        self.context = ""

    def _show(self, output: Output, result: Output, cell: Cell) -> None:
        deck, record = self.slides, output.record
        if output.kind == "claim":
            self._before_question([claim_slide(record["claim"])])
        elif output.kind == "statements":
            sorted_here = {item for key in self._keys(cell.section) if key["kind"] == "mapping" for item in key["answer"]}
            self._before_question(statement_slides([name for name in record["claims"] if name not in sorted_here]))
        elif output.kind == "predict":
            self._guess(record["name"], record["unit"])
        elif output.kind == "outcome":
            self._outcome(record["name"], f"{plain(result.record.get('actual', '…'))} {record['unit']}".strip())
        elif output.kind == "check":
            key = self.lesson.keys[record["exercise"]]
            hints = [word("site_hint", number=n, total=len(key["hints"])) + f": {hint}" for n, hint in enumerate(key["hints"], 1)]
            deck[-1].notes += hints
            deck += (sort_slides(key) if key["kind"] == "mapping" else []) + answer_slides(key)
        elif output.kind == "verdict":
            if deck[-1].kind == "claim" and deck[-1].claim == record["claim"]:
                deck.pop()
            deck.append(verdict_slide(record["claim"]))
        elif output.kind == "stance":
            line = f"- {spoken(record['name'])}: {word('slide_stance', most=record['most'])}"
            if deck[-1].kind == "stance":
                deck[-1].body += f"\n{line}"
            else:
                deck.append(Slide("stance", word("slide_take_stance"), line))
        elif output.kind == "figure":
            short, *more = pieces(output.text, WORDS_MOST)
            deck.append(Slide("figure", "", short, notes=[output.text] if more else [], figure=output, code=cell.source))
        elif output.kind == "table":
            found = tables_of(output.text)
            deck += [Slide("table", word("slide_table"), table, code=cell.source) for table in found]
            if not found:
                deck[-1].notes.append(word("slide_table_left"))

    def _before_question(self, slides: list[Slide]) -> None:
        """Add slides before the question that stands last, so that a room reads a claim before it is asked about it."""
        place = len(self.slides)
        while self.slides[place - 1].kind in ("predict", "turn") and not self.slides[place - 1].after:
            place -= 1
        self.slides[place:place] = slides

    def _keys(self, section: str) -> list[dict]:
        """Return the keys of the exercises of a section."""
        outputs = [output for cell in self.lesson.cells if cell.section == section for output in cell.outputs]
        return [self.lesson.keys[output.record["exercise"]] for output in outputs if output.kind == "check"]

    def _guess(self, name: str, unit: str) -> None:
        """Hang a guess on the question that asks for it: the last prediction of this section, else its last exercise."""
        start = max((place for place, slide in enumerate(self.slides) if slide.kind in OPENING), default=0)
        asking = [slide for kind in ("turn", "predict") for slide in self.slides[start:] if slide.kind == kind]
        if not asking:
            asking = [Slide("predict", word("slide_predict"))]
            self.slides += asking
        asking[-1].asks.append((name, unit))

    def _outcome(self, name: str, actual: str) -> None:
        """Show what the tables say as the next step of the question, or on a slide of its own when much has been seen since."""
        asked = next((slide for slide in self.slides if any(name == one for one, _ in slide.asks)), None)
        line = f"- {spoken(name)}: **{actual}**"
        if asked is self.slides[-1] and letters(asked.text + asked.after) + LINE <= MOST:
            asked.after = f"{asked.after}\n{line}".strip()
        elif self.slides[-1].kind == "outcome":
            self.slides[-1].body += f"\n{line}"
        else:
            self.slides.append(Slide("outcome", word("slide_outcome"), line))


def _name(output: Output) -> str:
    """Return what a record is about: a prediction, an exercise, a claim."""
    return next((output.record[field] for field in ("name", "exercise", "claim") if field in output.record), "")


def statement_slides(names: list[str]) -> list[Slide]:
    """Return several claims as a list, cut where it is long."""
    if not names:
        return []
    rows = [find(name) for name in names]
    listed = "\n".join(f"- {row['statement']} *({row['speaker']}, {row['year']})*" for row in rows)
    found = _parts("claims", word("slide_claims"), listed, CLAIMS_MOST)
    found[-1].notes.append(" · ".join(f"`{name}`" for name in names))
    return found


def sections(deck: list[Slide], chosen: list[str]) -> list[Slide]:
    """Return the slides of some sections of a lesson's deck, by their ids; all but the title's and the last if none is chosen."""
    found = [slide for slide in deck if slide.kind not in ("title", "end") and (not chosen or slide.section in chosen)]
    missing = [name for name in chosen if not any(slide.section == name for slide in found)]
    if missing:
        raise TeachError(word("plan_wrong", what=missing[0]))
    return found
