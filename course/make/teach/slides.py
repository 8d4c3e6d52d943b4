"""Which slide follows which: what the room must see stands on a slide, what the notebook explains in the speaker notes.

The rule is one: each cell gives the slide of its role or of its record, in the order of the lesson. A section opens; a claim is shown; a
prediction, an exercise and a critique are asked; a figure or a small table is shown; what the tables say, the answer and the ledger's
verdict come at the next step, after the room's own. All other text goes to the speaker notes. The tag ``slide`` puts a text on a slide,
``notes`` keeps a cell's slide in the notes, ``skip-slide`` leaves it out. ``deck`` makes the files, and sets the type so that it fits.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field

import pandas as pd
from bs4 import BeautifulSoup

from ...claims import find, introduced, ledger
from ...data import load
from ...exercises import answer_text
from .reading import Cell, Lesson, Output, TeachError, judged, lead_and_text, markdown, scale
from .words import word

MOST = 560  # letters on a slide; beyond, it is cut between paragraphs, items or rows
CONTEXT = 330  # letters that may stand above a question; what is longer goes to the notes
LINE = 28  # letters lost at the end of an item, a row, a paragraph
LISTED = 900  # letters of a list of claims, which are set smaller, their speakers smaller still
COLUMNS, ACROSS, LINES, TABLES = 6, 60, 11, 3  # of a table: columns; letters across and lines on a slide; slides that it may take
OPENING = ("title", "section", "text", "sources", "end")  # kinds of slides that open a part
ASKS = ("predict", "turn", "critique")  # roles of a text that asks the room something
LISTS = ("bullet_list_open", "ordered_list_open")
GAPS = dict.fromkeys(["NaN", "<NA>", "None", "NaT"], "–")


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
    table: list[list[str]] = field(default_factory=list)
    asks: list[tuple[str, str]] = field(default_factory=list)
    claim: str = ""
    section: str = ""

    @property
    def guesses(self) -> str:
        """The guesses it asks for, as lines to complete."""
        if len(self.asks) == 1:
            return f"{word('slide_guess')} {self.asks[0][1]}".rstrip()
        return "<br>".join(f"*{spoken(name)}*: … {unit}".rstrip() for name, unit in self.asks)


# cutting


def pieces(text: str, most: int = MOST) -> list[str]:
    """Cut Markdown into parts of at most ``most`` letters, alike in length, between paragraphs, items of a list and rows of a table.

    A paragraph, an item or a row is never cut; a part that begins with a row has the head of its table.
    """
    lines, units, table, listed = text.splitlines(), [], 0, False
    for token in markdown().parse(text):
        listed = token.type in LISTS if token.level == 0 and token.map else listed
        if token.type == "table_open":
            table = token.map[0]
        elif token.type == "tr_open" and token.map[0] > table:
            units.append((*token.map, lines[table : table + 2]))
        elif token.map and (token.type == "list_item_open" if listed and token.level == 1 else token.level == 0 and not listed):
            units.append((*token.map, []))
    groups = evenly(units, [sum(map(len, lines[start:end])) + LINE for start, end, _ in units], most)
    return ["\n".join([*group[0][2], *lines[group[0][0] : group[-1][1]]]).rstrip() for group in groups]


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


def spoken(name: str) -> str:
    """Return the name of a prediction as words: congo 1980."""
    return name.replace("-", " ").replace("_", " ")


def tables_of(stored: str) -> list[list[list[str]]]:
    """Return a stored table as tables to show, each on a slide, as rows of text with the head first; none if it is too large.

    One line of heads, no numbered index, no empty column, a gap as a dash.
    """
    soup = BeautifulSoup(stored, "html.parser")
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in soup.find_all("tr")]
    if soup.thead and len(soup.thead.find_all("tr")) == 2:  # pandas writes the name of an index on a line of its own
        rows[:2] = [[low or high for high, low in zip(*rows[:2], strict=False)]]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1:
        return []
    rows = [[GAPS.get(cell, cell if " " in cell else cell.replace("_", " ")) for cell in row] for row in rows]
    rows = [rows[0], *(row for row in rows[1:] if row != rows[0])]  # a long table has its head again where its fold begins
    columns = [column for column in zip(*rows, strict=True) if set(column[1:]) - {"", "–"}]
    if not columns:
        return []
    columns = columns[not columns[0][0] and all(cell.isdigit() for cell in columns[0][1:]) :]
    turned = len(columns) > COLUMNS and len(rows) <= 4
    head, *body = columns if turned else zip(*columns, strict=True)
    found = evenly(body, [1 + sum(map(len, row)) // ACROSS for row in body], LINES)
    return [[head, *part] for part in found] if len(head) <= COLUMNS and len(found) <= TABLES else []


# exercises, claims


def cut(kind: str, head: str, text: str, most: int = MOST) -> list[Slide]:
    """Return a text as slides."""
    return [Slide(kind, head, part) for part in pieces(text, most)]


def said(row: pd.Series) -> str:
    """Return a claim of the ledger in one line: the statement, then who and when."""
    return f"{row['statement']} *({row['speaker']}, {row['year']})*"


def _sorted_items(key: dict) -> list[str]:
    """Return what an exercise sorts, as a room reads it: a claim of the ledger with who speaks, anything else as it is."""
    known = ledger().set_index("claim", drop=False)
    return [said(known.loc[item]) if item in known.index else item for item in key["answer"]]


def sort_slides(key: dict) -> list[Slide]:
    """Return what there is to sort, numbered, with the words to choose from under it."""
    listed = "\n".join(f"{number}. {item}" for number, item in enumerate(_sorted_items(key), start=1))
    choices = " · ".join(map(str, key["choices"] or sorted(set(key["answer"].values()))))
    return [Slide("claims", word("slide_sort"), f'{part}\n\n<p class="choices">{choices}</p>') for part in pieces(listed, LISTED)]


def answer_slides(key: dict) -> list[Slide]:
    """Return the answer to an exercise; why, and the usual mistakes, stand in the notes."""
    if key["kind"] == "mapping":
        told = zip(_sorted_items(key), key["answer"].values(), strict=True)
        lines = [f"{n}. **{choice}** · {item}" for n, (item, choice) in enumerate(told, start=1)]
        found = cut("sorted", word("slide_answer"), "\n".join(lines), LISTED)
        found[-1].notes += [key["right"], *(f"`{item}`: {note}" for item, note in key["notes"].items())]
        return found
    found = cut("answer", f"{word('slide_answer')}: {answer_text(key)}", key["right"])
    usual = "\n".join(f"- {message}" for _, message in key["mistakes"])
    found[0].notes += [f"{word('answers_mistakes')}:\n\n{usual}"] if usual else []
    return found


def claim_slide(name: str) -> Slide:
    """Return a claim of the ledger as a quotation: the statement, who and when, who that is in half a line; where, in the notes."""
    row = find(name)
    document = load("sources").set_index("source").loc[row["source"], "title"]
    told = f"> {row['statement']}\n>\n> *{row['speaker']}, {row['year']}* · {introduced(row['speaker'])}"
    return Slide("claim", word("slide_claim"), told, notes=[f"`{name}` · {document}"], claim=name)


def verdict_slide(name: str) -> Slide:
    """Return a claim with the words of the scale, then what the ledger says."""
    row = find(name)
    return Slide("verdict", word("slide_verdict"), f"> {said(row)}\n\n{scale()}", after=judged(name), claim=name)


def statement_slides(names: list[str]) -> list[Slide]:
    """Return several claims as a list, cut where it is long; who the speakers are stands in the notes."""
    rows = [find(name) for name in names]
    listed = "\n".join(f"- {said(row)}" for row in rows)
    found = cut("claims", word("slide_claims"), listed, LISTED)
    for slide in found[-1:]:
        slide.notes += [f"{speaker}: {introduced(speaker)}." for speaker in dict.fromkeys(row["speaker"] for row in rows)]
        slide.notes.append(" · ".join(f"`{name}`" for name in names))
    return found


def question(cell: Cell, kind: str) -> list[Slide]:
    """Return the slides of a text that asks: bold words at its head become the slide's."""
    lead, rest = lead_and_text(cell.text)
    _, _, name = lead.partition(":")
    head = word(f"slide_{kind}") + (f": {name.strip()}" if name else "")
    found = cut(kind, head, rest) or [Slide(kind, head)]
    found[0].notes.append(cell.text)
    return found


# a lesson


def slides(lesson: Lesson) -> list[Slide]:
    """Return the deck of a lesson, as slides in order."""
    path = f"notebooks/{lesson.name}.ipynb"
    deck = _Deck(lesson, [Slide("title", lesson.title, lesson.question, notes=[word("slide_notes", path=path)])])
    for cell in lesson.cells:
        if "skip-slide" not in cell.tags:
            deck.add(cell)
    return [*deck.slides, Slide("end", word("slide_end"), word("slide_end_text", path=path))]


def sections(deck: list[Slide], chosen: list[str]) -> list[Slide]:
    """Return the slides of some sections of a lesson's deck, by their ids; all but the title's and the last if none is chosen."""
    found = [slide for slide in deck if slide.kind not in ("title", "end") and (not chosen or slide.section in chosen)]
    if missing := [name for name in chosen if not any(slide.section == name for slide in found)]:
        raise TeachError(word("plan_wrong", what=missing[0]))
    return found


@dataclass
class _Deck:
    """The deck of a lesson while it is being made.

    ``above`` is the text just read, which a question may need; ``guessed`` the cell that made the last guess.
    """

    lesson: Lesson
    slides: list[Slide]
    above: Cell | None = None
    guessed: Cell | None = None

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
            self.slides.append(Slide("section", cell.heading, word("slide_minutes", minutes=cell.minutes) if cell.minutes else ""))
        elif cell.role in ASKS:
            asked = question(cell, cell.role)
            asked[0].context = self._context(MOST - len(asked[0].body)) if cell.role != "critique" else ""
            self.slides += asked
        elif cell.role == "objectives":
            told = cell.text.partition("\n\n")[2]  # without its first line
            self.slides += cut("objectives", word("slide_objectives"), told, LISTED)
        elif cell.role in ("limits", "discuss"):
            self.slides += cut("text" if cell.role == "limits" else "discuss", cell.heading, cell.body)
        elif "slide" in cell.tags:
            self.slides += cut("text", word("slide_first"), cell.text)
        self.above = cell if cell.role in ("section", "prose") and cell.body else None
        if cell.role in ("section", "prose", "teacher", "minutes", "note") and cell.body:
            self.slides[-1].notes.append(cell.body)

    def _context(self, room: int, most: int = CONTEXT) -> str:
        """Return the text just read if it is one paragraph of at most ``most`` letters, which may stand above a question."""
        text = self.above.body if self.above else ""
        blocks = [token.type for token in markdown().parse(text) if token.level == 0 and token.map]
        return text if blocks == ["paragraph_open"] and len(text) <= min(most, room) else ""

    def _code(self, cell: Cell) -> None:
        """Add what a cell shows: first what the room sees before it answers, then answers and verdicts."""
        for output in sorted(cell.outputs, key=lambda one: one.kind in ("check", "verdict")):
            self._show(output, cell)
        self.above = None

    def _show(self, output: Output, cell: Cell) -> None:
        deck, record = self.slides, output.record
        if output.kind == "claim":
            self._before_question([claim_slide(record["claim"])])
        elif output.kind == "statements":
            self._before_question(statement_slides([name for name in record["claims"] if name not in self._sorted_in(cell.section)]))
        elif output.kind == "predict":
            self._guess(record["name"], record["unit"], cell)
        elif output.kind == "outcome":
            if output.name in self.lesson.actuals:  # a dossier has none before its authors fill it
                self._outcome(record["name"], self.lesson.actual(output))
        elif output.kind == "check":
            key = self.lesson.keys[output.name]
            hints = [word("site_hint", number=n, total=len(key["hints"])) + f": {hint}" for n, hint in enumerate(key["hints"], 1)]
            deck[-1].notes += hints
            if key["kind"] == "mapping":  # a text right above it, of no other role, is its question
                deck += [*(question(self.above, "turn") if self.above else []), *sort_slides(key)]
                self.above = None
            deck += answer_slides(key)
        elif output.kind == "verdict":
            if deck[-1].kind == "claim" and deck[-1].claim == record["claim"]:
                deck.pop()
            deck.append(verdict_slide(record["claim"]))
        elif output.kind == "stance":
            asked = self._context(MOST, MOST) if deck[-1].kind != "stance" else ""
            self._line("stance", word("slide_take_stance"), f"- {spoken(record['name'])}: {word('slide_stance', most=record['most'])}")
            deck[-1].context = deck[-1].context or asked
        elif output.kind == "figure":
            notes = [more] if (more := record.get("more")) else []  # all other numbers of a figure, which would leave it no room
            deck.append(Slide("figure", "", figure=output, code=cell.source, notes=notes))
        elif output.kind == "table":
            found = tables_of(output.text)
            shown = [Slide("table", word("slide_table"), table=table) for table in found]
            deck += shown or [Slide("table", word("slide_table"), word("slide_table_left"))]

    def _before_question(self, slides: list[Slide]) -> None:
        """Add slides before the question that stands last, so that a room reads a claim before it is asked about it."""
        place = len(self.slides)
        while self.slides[place - 1].kind in ("predict", "turn") and not self.slides[place - 1].after:
            place -= 1
        self.slides[place:place] = slides

    def _sorted_in(self, section: str) -> set[str]:
        """Return what the exercises of a section sort: those claims are shown there."""
        outputs = [output for cell in self.lesson.cells if cell.section == section for output in cell.outputs if output.kind == "check"]
        keys = [self.lesson.keys[output.name] for output in outputs]
        return {item for key in keys if key["kind"] == "mapping" for item in key["answer"]}

    def _guess(self, name: str, unit: str, cell: Cell) -> None:
        """Hang a guess on the question that asks for it: the last prediction of this section, else its last exercise.

        The guesses of a cell stay together. An exercise that stands last has its own where another cell made those of the prediction.
        Where nothing asks, the text just read does.
        """
        start = max((place for place, slide in enumerate(self.slides) if slide.kind in OPENING), default=0)
        asking = [slide for kind in ("turn", "predict") for slide in self.slides[start:] if slide.kind == kind]
        if self.slides[-1].kind == "turn" and asking[-1].asks and self.guessed is not cell:
            asking = self.slides[-1:]
        if not asking:
            asking = [Slide("predict", word("slide_predict"), self._context(MOST, MOST))]
            self.slides += asking
        asking[-1].asks.append((name, unit))
        self.guessed = cell

    def _outcome(self, name: str, actual: str) -> None:
        """Show what the tables say as the next step of the question, or on a slide of its own when much has been seen since."""
        line, last = f"- {spoken(name)}: **{actual}**", self.slides[-1]
        if [name] == [one for one, _ in last.asks]:  # one guess needs no name
            line = f"**{actual}**"
        if any(name == one for one, _ in last.asks) and sum(map(len, (last.context, last.body, last.guesses, last.after, line))) <= MOST:
            last.after = f"{last.after}\n{line}".strip()
        else:
            self._line("outcome", word("slide_outcome"), line)

    def _line(self, kind: str, head: str, line: str) -> None:
        """Add a line to the slide that stands last if it is of that kind, else a slide with it."""
        if self.slides[-1].kind == kind:
            self.slides[-1].body += f"\n{line}"
        else:
            self.slides.append(Slide(kind, head, line))
