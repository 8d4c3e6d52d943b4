"""Read a lesson as an instructor does: its questions, claims, predictions, exercises, figures with their words, critiques.

Nothing is written twice: texts come from the lesson as its notebooks hold it (figures already computed), figures and tables from the
stored outputs, right answers from the key. Slides, sheets and pages are made from what this module returns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from string import Formatter

import nbformat
import pandas as pd
from markdown_it import MarkdownIt

from ...claims import VERDICTS, find
from ...exercises import answer_text, key_path, plain, stored_keys
from ...messages import MESSAGES
from ..lessons import BLANK, lessons, notebook_path, read_lesson
from ..lock import stale_lesson
from .words import word

SCALE = f'<p class="scale">{" · ".join(VERDICTS)}</p>'
LEADS = ("predict", "critique", "turn", "question", "objectives", "minutes", "note")
SPLIT = ("predict", "critique", "turn")  # leads that may begin in the middle of a paragraph
SENTENCE_END = re.compile(r"(?<=[.!?…])(?<![A-Z]\.)(?<!\b\d\.)(?<!e\.g\.)(?<!i\.e\.)\**\s+(?=[A-Z*“\"(`0-9$])")


class TeachError(RuntimeError):
    """Something cannot be made; the message says what to do."""


@dataclass
class Block:
    """A piece of text: ``kind`` is heading, predict, critique, turn, question, objectives, minutes, note, table, list or prose."""

    kind: str
    text: str
    level: int = 0


@dataclass
class Output:
    """What a learner sees under a cell before answering.

    ``kind`` is claim, statements, predict, outcome, exercise, verdict, stance, portfolio, figure, table or text; ``text`` is Markdown
    (HTML for a table, the words for a figure), ``values`` what was said in it, ``image`` the figure (PNG, base64).
    """

    kind: str
    text: str
    values: dict = field(default_factory=dict)
    image: str = ""


@dataclass
class Cell:
    """One cell of a lesson: ``blocks`` of a text cell, or the ``source``, solved, and ``outputs`` of a code cell."""

    kind: str
    tags: set[str] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    source: str = ""
    outputs: list[Output] = field(default_factory=list)


@dataclass
class Lesson:
    """A lesson as its notebooks show it. ``keys`` are the answers, by exercise; ``warning`` says if the notebooks are not up to date."""

    name: str
    cells: list[Cell]
    keys: dict[str, dict]
    warning: str = ""

    def blocks(self, *kinds: str) -> list[Block]:
        """Return the blocks of these kinds, in order."""
        return [block for cell in self.cells for block in cell.blocks if block.kind in kinds]

    def outputs(self, *kinds: str) -> list[Output]:
        """Return the outputs of these kinds, in order."""
        return [output for cell in self.cells for output in cell.outputs if output.kind in kinds]

    @property
    def title(self) -> str:
        """The lesson's title."""
        return self.blocks("heading")[0].text

    @property
    def question(self) -> str:
        """The lesson's question."""
        found = self.blocks("question")
        return found[0].text if found else ""


# text


def heard(key: str, text: str) -> dict[str, str] | None:
    """Return the values that fill the sentence ``key`` of the message table in ``text`` (which may go on after it), or None."""
    pattern, seen = "", set()
    for literal, name, _, _ in Formatter().parse(MESSAGES[key]):
        pattern += re.escape(literal)
        if name:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
            seen.add(name)
    found = re.fullmatch(f"{pattern}(?P<rest>.*)" if pattern[-1] != ")" else pattern, text.strip(), flags=re.DOTALL)
    return found.groupdict() if found else None


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def blocks(text: str) -> list[Block]:
    """Cut the Markdown of a text cell into blocks, each with its kind."""
    lines = text.splitlines()
    found: list[Block] = []
    for token in _markdown().parse(text):
        if token.level or token.nesting < 0 or not token.map:
            continue
        piece = "\n".join(lines[token.map[0] : token.map[1]]).strip()
        if token.type == "heading_open":
            found.append(Block("heading", re.sub(r"^#+\s*", "", piece), int(token.tag[1])))
        elif token.type == "table_open":
            found.append(Block("table", piece))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            last = found[-1] if found else None
            if last and last.kind in ("objectives", *SPLIT):
                last.text = f"{last.text}\n\n{piece}".strip()  # a list belongs to the question that announces it
            else:
                found.append(Block("list", piece))
        else:
            leads = "|".join(word(f"lead_{kind}") for kind in SPLIT)
            found += [_block(part.strip()) for part in re.split(f"(?={leads})", piece) if part.strip()]
    return found


def _block(text: str) -> Block:
    for kind in LEADS:
        lead = re.match(word(f"lead_{kind}"), text)
        if lead:
            bare = text[lead.end() :] if kind in ("question", "objectives") else text
            return Block(kind, bare.strip())
    return Block("prose", text)


def sentences(text: str) -> list[str]:
    """Cut a paragraph into sentences; one never ends inside emphasis or code."""
    found: list[str] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        piece = text[start : end.end()]
        if piece.count("`") % 2 == 0 and piece.count("**") % 2 == 0 and piece.replace("**", "").count("*") % 2 == 0:
            found.append(piece.strip())
            start = end.end()
    return [*found, text[start:].strip()] if text[start:].strip() else found


def for_the_machine(text: str) -> bool:
    """Say whether a sentence only makes sense in front of a computer."""
    return bool(re.search(word("machine"), text)) or any(re.search(r"[\[(=]", code) for code in re.findall(r"`([^`]+)`", text))


def away_from_the_machine(text: str) -> str:
    """Return a prompt without its lead (**Your turn, free.**) and without the sentences on cells, blanks and running."""
    text = re.sub(r"^\*\*[^*]*\*\*\s*", lambda lead: "" if _bare_lead(lead[0]) else lead[0], text.strip())
    told = sentences(text)
    kept = [sentence for sentence in told if sentence.endswith("?") or not for_the_machine(sentence)]
    return " ".join(kept).strip()


def _bare_lead(lead: str) -> bool:
    """Say whether a bold lead only names the gesture (**Predict first.**), so that a heading can say it."""
    return re.fullmatch(word("bare_lead"), lead.strip().strip("*").rstrip(".: ")) is not None


def lead_and_text(text: str) -> tuple[str, str]:
    """Cut **Critique: who is speaking?** from the text after it; the first part is empty where there is no bold lead."""
    found = re.match(r"\*\*([^*]+)\*\*\s*(.*)", text, flags=re.DOTALL)
    return (found[1].rstrip(".: "), found[2]) if found else ("", text)


# outputs


def outputs(stored: list) -> list[Output]:
    """Name what a learner sees under a cell, from its stored outputs."""
    found: list[Output] = []
    for output in stored:
        data = output.get("data", {"text/plain": output.get("text", "")})
        said = data.get("text/markdown", "").strip()
        words = heard("words_title", said)
        if "image/png" in data:
            alt = output.metadata.get("image/png", {}).get("alt", "")
            found.append(Output("figure", alt, image=data["image/png"].replace("\n", "")))
        elif words and found and found[-1].kind == "figure":
            found[-1].text = words["words"]
        elif "text/html" in data:
            found.append(Output("table", data["text/html"]))
        else:
            found.append(_said(said or data.get("text/plain", "").strip()))
    return found


def _said(text: str) -> Output:
    for kind, key in (
        ("claim", "claim_card"),
        ("predict", "not_predicted"),
        ("outcome", "outcome_none"),
        ("exercise", "mapping_missing"),
        ("exercise", "not_answered"),
        ("verdict", "verdict_unanswered"),
        ("stance", "stance_missing"),
        ("portfolio", "portfolio_unnamed"),
    ):
        values = heard(key, text)
        if values:
            if kind == "outcome":
                values["actual"] += values.pop("unit")
            if kind == "predict":
                values["unit"] = values["unit"].removeprefix(" in ")
            return Output(kind, text, values)
    lines = [heard("claim_line", line) for line in text.splitlines()]
    if lines and all(lines):
        return Output("statements", text, {"claims": lines})
    return Output("text", text)


def tidy_table(html: str) -> str:
    """Return a stored table without pandas' own style and border: the edition's style is readable, and wide tables scroll."""
    html = re.sub(r'<style.*?</style>| border="1"| style="[^"]*"', "", html, flags=re.DOTALL)
    return html.replace("<th></th>", "<td></td>")  # an empty cell heads nothing


# lessons


def read(name: str) -> Lesson:
    """Return a lesson as its stored notebooks show it. Raise TeachError if they do not exist or are another lesson's."""
    paths = [notebook_path(name, edition) for edition in ("learner", "solutions")]
    if not all(path.exists() for path in [*paths, key_path(name)]):
        raise TeachError(word("not_built", name=name))
    learner, solutions = (nbformat.read(path, as_version=4).cells for path in paths)
    keys = stored_keys(name)
    try:
        cells = _cells(read_lesson(name).cells, learner, solutions)
    except ValueError:
        raise TeachError(word("not_built", name=name)) from None
    _promote(cells)
    if any(output.values["name"] not in keys for cell in cells for output in cell.outputs if output.kind == "exercise"):
        raise TeachError(word("not_built", name=name))
    return Lesson(name, cells, keys, word("stale", name=name) if stale_lesson(name) else "")


def _cells(lesson: list, learner: list, solutions: list) -> list[Cell]:
    """Bring together what the lesson says of each cell (tags, blanks) and what the two notebooks show. ValueError if they differ."""
    lesson = [cell for cell in lesson if "key" not in cell.metadata.get("tags", [])]
    shown = iter(learner)
    found = []
    for told, answered in zip(lesson, solutions, strict=True):
        tags = set(told.metadata.get("tags", []))
        seen = None if "teacher" in tags else next(shown, None)
        if answered.cell_type != told.cell_type or ("teacher" not in tags and (seen is None or seen.cell_type != told.cell_type)):
            raise ValueError
        if told.cell_type == "markdown":
            parts = blocks((seen or answered).source)
            found.append(Cell("text", tags, [Block("teacher", answered.source)] if "teacher" in tags else parts))
        else:
            found.append(Cell("code", tags, source=answered.source, outputs=outputs(seen.outputs)))
    if next(shown, None) is not None:
        raise ValueError
    return found


def _promote(cells: list[Cell]) -> None:
    """Where the text before a prediction or an exercise has no lead of its own, its last paragraph is the prompt."""
    asked: set[str] = set()
    for cell in reversed(cells):
        if cell.kind == "code":
            asked |= {output.kind for output in cell.outputs} & {"predict", "exercise"}
        elif "teacher" not in cell.tags:
            kinds = {block.kind for block in cell.blocks}
            prose = [block for block in cell.blocks if block.kind == "prose"]
            for kind, lead in (("exercise", "turn"), ("predict", "predict")):
                if kind in asked and not kinds & {"turn", "predict"} and prose and prose[-1].kind == "prose":
                    prose[-1].kind = lead
                    place = next(number for number, block in enumerate(cell.blocks) if block is prose[-1])
                    while place + 1 < len(cell.blocks) and cell.blocks[place + 1].kind == "list":  # a list belongs to its question
                        prose[-1].text += f"\n\n{cell.blocks.pop(place + 1).text}"
            asked.clear()


def eight_questions() -> list[str]:
    """Return the eight questions of the course, from the table of lesson 00, the one place where they are written."""
    for name in lessons():
        for cell in read_lesson(name).cells:
            if cell.cell_type == "markdown" and word("eight_questions") in cell.source:
                rows = re.findall(r"^\|\s*([^|]+\?)\s*\|", BLANK.sub("", cell.source), flags=re.MULTILINE)
                if len(rows) == 8:
                    return [row.strip() for row in rows]
    raise TeachError("No lesson has a table of the eight questions.")


def verdict_meanings() -> dict[str, str]:
    """Return {word: what it means} of the six verdicts, from the table of lesson 00, the one place where they are explained."""
    for name in lessons():
        for cell in read_lesson(name).cells:
            if cell.cell_type == "markdown" and word("six_words") in cell.source:
                told = cell.source[cell.source.index(word("six_words")) :]
                return {row[0].strip("* "): row[1].strip() for row in re.findall(r"^\|([^|]+)\|([^|]+)\|$", told, flags=re.MULTILINE)[2:]}
    raise TeachError("No lesson has a table of the six words.")


def judged(name: str) -> str:
    """Return the ledger's verdict on a claim as Markdown, or what would settle it."""
    row = find(name)
    if pd.isna(row["verdict"]):
        return word("slide_unsettled", test_with=row["test_with"])
    return word("slide_ledger", verdict=row["verdict"], evidence=row["evidence"], date=row["last_checked"].date().isoformat())


def right_answer(key: dict, mistakes: bool = False) -> str:
    """Return the answer to an exercise as Markdown: the value, unless its sentence begins with it, then the sentence.

    An exercise that sorts gives a list. With ``mistakes``, the usual ones follow, each by its value.
    """
    if key["kind"] == "mapping":
        return "\n" + "\n".join(f"- `{item}`: **{choice}**" for item, choice in key["answer"].items()) + "\n"
    right = re.sub(r"^(\d+)\. ", r"\1\\. ", key["right"])  # a sentence, not an item of a list
    told = right if _says(key) else f"**{answer_text(key)}.** {right}"
    usual = [f"- {plain(wrong)}: {message}" for wrong, message in key["mistakes"]] if mistakes else []
    return told + ("\n\n" + word("answers_mistakes") + ":\n\n" + "\n".join(usual) if usual else "")


def _says(key: dict) -> bool:
    """Say whether the sentence of an answer begins with the answer itself."""
    if key["kind"] == "word":
        return key["right"].lower().startswith(key["answer"].lower())
    first = re.match(r"(?:About )?([-+−]?[\d,]*\.?\d+)", key["right"])
    return first is not None and abs(float(first[1].replace("−", "-").replace(",", "")) - key["answer"]) <= 0.05 * abs(key["answer"])
