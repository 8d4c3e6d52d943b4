"""The checks of each lesson and the question bank as Moodle XML, which a platform takes in: "Question bank, Import, Moodle XML format".

Numbers become numerical questions: the tolerance of the key, then each usual mistake with its own value and what ``check`` says to it.
Words and verdicts become multiple choice, with a sentence for each wrong choice; what is sorted becomes a matching question, whose
feedback says why for each item. What a word of the format means was read in Moodle's own reader, ``question/format/xml/format.php``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from ... import mistakes as rules
from ...claims import find, ledger, meanings
from ...exercises import reply
from ..pages import asked, by_hand
from .reading import Lesson, markup
from .words import word

ASKING = ("turn", "predict", "critique", "prose", "section")  # roles of a text that may ask an exercise, if it stands last above it


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    """Add an element that holds a text, as the format writes all of them."""
    found = SubElement(parent, tag, attributes)
    SubElement(found, "text").text = text
    return found


def _said(parent: Element, tag: str, text: str) -> None:
    """Add Markdown as HTML."""
    _text(parent, tag, markup(text) if text else "", format="html")


def _question(kind: str, name: str, text: str, feedback: str, hints: list[str]) -> Element:
    """Return a question of that kind with all that comes before its answers; ``hints`` are shown after a wrong try."""
    found = Element("question", type=kind)
    _text(found, "name", name)
    _said(found, "questiontext", text)
    _said(found, "generalfeedback", feedback)
    for tag, value in (("defaultgrade", "1"), ("penalty", "0.3333333"), ("hidden", "0"), ("idnumber", name)):
        SubElement(found, tag).text = value
    for hint in hints:
        _said(found, "hint", hint)
    return found


def _answer(question: Element, text: str, right: bool, feedback: str, form: str = "moodle_auto_format") -> Element:
    found = _text(question, "answer", text, fraction="100" if right else "0", format=form)
    _said(found, "feedback", feedback)
    return found


def numerical(key: dict, text: str) -> Element:
    """Return an exercise whose answer is a number. Moodle takes the first answer within its tolerance: the right one stands first."""
    found = _question("numerical", key["name"], text, key["right"], key["hints"])
    rights = [key["answer"], *key["accepted"]]
    done: list[float] = []
    for value in [*rights, *_mistaken(key)]:
        right, told = reply(key["name"], value)
        around = key["tolerance"] * abs(value) or key["tolerance"]
        if not right:  # a mistake answers for itself, not for its neighbours
            around = min([around, *(abs(value - other) / 2 for other in [*rights, *done])])
        if value in rights or not any(abs(value - other) <= 1e-9 * abs(other) for other in done):
            SubElement(_answer(found, repr(value), right, told), "tolerance").text = repr(around if value not in key["accepted"] else 1e-9)
            done.append(value)
    SubElement(_answer(found, "*", False, word("moodle_other", hint=" ".join(key["hints"][:1]))), "tolerance").text = "0"
    for tag, value in (("unitgradingtype", "0"), ("unitpenalty", "0"), ("showunits", "3"), ("unitsleft", "0")):
        SubElement(found, tag).text = value
    return found


def _mistaken(key: dict) -> Iterator[float]:
    """Yield the values of the usual mistakes of an exercise: those of its key, then those that follow by rule, if ``check`` names them."""
    yield from (wrong for wrong, _ in key["mistakes"])
    ruled = [wrongs[0] for _, _, wrongs in key["rules"] if wrongs]
    ruled += [wrong for _, wrong in rules.of_answer(key["does"], key["unit"], [key["answer"]])]
    yield from (wrong for wrong in ruled if not reply(key["name"], wrong)[0])


def multichoice(name: str, text: str, choices: list[tuple[str, bool, str]], feedback: str, hints: list[str] | None = None) -> Element:
    """Return a question with one right choice; ``choices`` are (what it says, is it right, what is said to it), in the order of a scale."""
    found = _question("multichoice", name, text, feedback, hints or [])
    for tag, value in (("single", "true"), ("shuffleanswers", "false"), ("answernumbering", "none")):
        SubElement(found, tag).text = value
    for choice, right, told in choices:
        _answer(found, markup(choice), right, told, "html")
    return found


def matching(key: dict, text: str) -> Element:
    """Return an exercise that sorts: each item beside the words to choose from; a word that fits no item is offered too."""
    known = ledger().set_index("claim")["statement"]
    found = _question("matching", key["name"], text, key["right"], key["hints"])
    SubElement(found, "shuffleanswers").text = "true"
    notes = "\n".join(f"- {known.get(item, item)}: **{right}**. {key['notes'].get(item, '')}" for item, right in key["answer"].items())
    for tag in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        _said(found, tag, "" if tag == "correctfeedback" else notes)
    SubElement(found, "shownumcorrect")
    spare = [choice for choice in key["choices"] or [] if choice not in key["answer"].values()]
    for item, choice in [*((known.get(item, item), right) for item, right in key["answer"].items()), *(("", choice) for choice in spare)]:
        row = _text(found, "subquestion", markup(item) if item else "", format="html")
        _text(row, "answer", str(choice))
    return found


def exercise(key: dict, text: str) -> Element:
    """Return an exercise of a lesson as a question."""
    if key["kind"] == "number":
        return numerical(key, text)
    if key["kind"] == "mapping":
        return matching(key, text)
    said = [key["answer"], *(choice for choice in key["choices"] or [] if choice != key["answer"])]
    said += [wrong for wrong, _ in key["mistakes"] if wrong not in said]
    order = [*(key["choices"] or []), *(choice for choice in said if choice not in (key["choices"] or []))]
    choices = [(choice, *reply(key["name"], choice)) for choice in order]
    return multichoice(key["name"], text, choices, key["right"], key["hints"])


def verdict(name: str) -> Element:
    """Return a claim of the ledger as a question: which of the seven words? Each wrong word gets its meaning, and why another fits."""
    row = find(name)
    why = row["why_not"] if pd.notna(row["why_not"]) else ""
    told = {
        one: word("moodle_right" if one == row["verdict"] else "moodle_wrong", word=one, meaning=said) for one, said in meanings().items()
    }
    choices = [(one, one == row["verdict"], f"{said} {why}") for one, said in told.items()]
    dated = word("moodle_dated", verdict=row["verdict"], date=row["last_checked"].date().isoformat(), evidence=row["evidence"])
    return multichoice(name, f"{word('moodle_verdict')}\n\n> {asked(row)}", choices, dated)


def asked_above(lesson: Lesson) -> dict[str, str]:
    """Return what asks each exercise of a lesson: the text that stands above its check, with what the notebook prints between the two.

    Two checks under one text have that text.
    """
    found: dict[str, str] = {}
    asks, seen, used = "", [], True
    for cell in lesson.cells:
        if cell.role in ASKING and cell.body and (cell.role == "turn" or used):
            asks, seen, used = cell.text, [], False
        for output in cell.outputs:
            if output.kind == "check":
                found[output.name] = "\n\n".join(filter(None, (asks, *seen)))
                used = True
            elif output.kind == "text":
                seen.append(f"```\n{output.text}\n```")
    return found


def questions(lesson: Lesson) -> list[Element]:
    """Return the checks of a lesson as questions, in order."""
    found: list[Element] = []
    where = word("moodle_where", path=f"notebooks/{lesson.name}.ipynb")
    for name, asks in asked_above(lesson).items():
        key = lesson.keys[name]
        unit = word("moodle_unit", unit=key["unit"]) if key["kind"] == "number" and key["unit"] else ""
        found.append(exercise(key, "\n\n".join(filter(None, (asks, unit, where)))))
    return found


def quiz(groups: dict[str, list[Element]]) -> str:
    """Return a file of questions, {category: its questions}."""
    root = Element("quiz")
    for name, asked_there in groups.items():
        start = SubElement(root, "question", type="category")
        _text(start, "category", f"$course$/top/{word('site_title')}/{name}")
        root.extend(asked_there)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False)


def make(lessons: list[Lesson], out: Path) -> list[Path]:
    """Write a file for each lesson that has checks, and one for the question bank; return where."""
    files = {lesson.file: {lesson.title.replace("/", ",").replace("`", ""): questions(lesson)} for lesson in lessons}
    chosen = by_hand("question_bank")
    files["question_bank"] = {word("moodle_bank"): [verdict(name) for name in chosen.loc[chosen["claim"] != "", "claim"].drop_duplicates()]}
    out.mkdir(parents=True, exist_ok=True)
    made = []
    for name, groups in files.items():
        if any(groups.values()):
            made.append(out / f"{name}.xml")
            made[-1].write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{quiz(groups)}\n', encoding="utf-8", newline="\n")
    return made
