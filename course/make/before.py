"""What a lesson uses before anybody said it: words of Python and pandas in the code in view, terms of the glossary in the text.

A cell says which it teaches in its metadata, ``teaches`` and ``terms``. Lessons come in the order of the course; a deep dive comes after
the core lessons and after no other dive.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import string
from functools import cache

import nbformat
import pandas as pd

from ..terms import forms
from .lessons import lessons, read_lesson, solved, tags
from .minutes import UNSEEN, in_view, parts, prose, total

CAPS = {"00_start_here": 35, "01_resources": 90, "02_labour": 90, "03_data": 90, "04_synthesis": 90}  # minutes; the core, in its order
HALF, OPTIONAL, LONG = 45, 0.2, 25  # minutes of the half, share of optional folds, words of a long sentence
# What six weeks of Python bring: these need no teaching, nor do names, arithmetic, comparisons, lists, dictionaries, if, for and def.
KNOWN = {"print", "len", "sum", "round", "min", "max", "abs", "range", "int", "float", "str", "list", "append"}
PARTS = {"str", "dt", "loc", "iloc", "at", "index", "columns", "values", "shape", "size", "T"}  # what pandas offers without parentheses
SYNTAX = {
    ast.Lambda: "lambda",
    ast.ListComp: "list comprehension",
    ast.SetComp: "set comprehension",
    ast.DictComp: "dict comprehension",
    ast.GeneratorExp: "generator expression",
    ast.IfExp: "x if y else z",
    ast.Slice: "slice",
    ast.Starred: "*",
    ast.Invert: "~",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.NamedExpr: ":=",
    ast.With: "with",
    ast.JoinedStr: "f-string",
}


# words of Python and pandas


@cache
def words_used(source: str) -> list[str]:
    """Return the words of a piece of Python that may need teaching, once each: methods, functions and forms. SyntaxError if it is none."""
    found, nodes = [], list(ast.walk(ast.parse(source)))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in sorted(nodes, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))):
        if isinstance(node, ast.Attribute) and (id(node) in called or node.attr in PARTS):  # else it is a column
            found.append(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and hasattr(builtins, node.id):
            found.append(node.id)
        elif isinstance(node, ast.keyword) and node.arg in (None, "axis"):
            found.append(node.arg or "**")
        elif type(node) in SYNTAX:
            found.append(SYNTAX[type(node)])
    return [word for word in dict.fromkeys(found) if word not in KNOWN]


# terms of the glossary


def terms_in(cell: nbformat.NotebookNode, known: dict[str, list[str]]) -> set[str]:
    """Return the terms that a text cell holds outside of code, of those ``known`` ({term: its forms})."""
    words = " ".join(prose(cell.source, code=False)).replace("/", " ").lower().split()
    text = " ".join(["", *(word.strip(string.punctuation + "“”…").removesuffix("'s") for word in words), ""])
    return {term for term, written in known.items() if any(f" {form} " in text for form in written)}


# before it was said


def _cells(lesson: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in read_lesson(lesson).cells if not tags(cell) & UNSEEN]


def _said(field: str, lesson: str) -> set[str]:
    """Return the words that the lessons before one teach or say."""
    earlier = [name for name in CAPS if name in lessons() and (lesson not in CAPS or name < lesson)]
    return {word for name in earlier for cell in _cells(name) for word in cell.metadata.get(field, [])}


def untaught(lesson: str) -> dict[str, int]:
    """Return the words of ``words_used`` that a lesson uses in view before it or an earlier lesson teaches them, with the cell's line."""
    known, found = _said("teaches", lesson), {}
    for cell in _cells(lesson):
        known |= set(cell.metadata.get("teaches", []))
        for _ in in_view([cell]):
            found |= {word: cell.metadata["line"] for word in words_used(solved(cell)) if word not in {*known, *found}}
    return found


def unsaid(lesson: str) -> dict[str, int]:
    """Return the terms of the glossary that a lesson's text uses before it or an earlier lesson says them, with the cell's line."""
    said, found, known = _said("terms", lesson), {}, forms()
    for cell in _cells(lesson):
        said |= set(cell.metadata.get("terms", []))
        met = terms_in(cell, known) - said if cell.cell_type != "code" else set()
        found |= dict.fromkeys(sorted(met - set(found)), cell.metadata["line"])
    return found


# the table


def long_sentences(lesson: str) -> list[str]:
    """Return the sentences of a lesson's text with more than ``LONG`` words."""
    found: list[list[str]] = []
    for cell in _cells(lesson):
        for block in prose(cell.source) if cell.cell_type != "code" else []:
            found.append([])
            for word in block.split():
                found[-1].append(word)
                if word.rstrip("*_)”\"'").endswith((".", "?", "!")):
                    found.append([])
    return [" ".join(words) for words in found if len(words) > LONG]


def by_section(lesson: str) -> pd.DataFrame:
    """Return one row per part of a lesson: its kind and title, what it holds, its minutes, and whether the half route has it."""
    found = parts(_cells(lesson))
    rows = [{"part": part.kind, "title": part.title, **part.does, "minutes": part.minutes, "half": part.half} for part in found]
    columns = ["part", "title", "words", "code", "check", "stance", "write", "predict", "show", "verdict", "minutes", "half"]
    return pd.DataFrame(rows, columns=columns).fillna(0).astype(dict.fromkeys(columns[2:-1], int))


def by_lesson() -> pd.DataFrame:
    """Return one row per lesson: words, sentences that are long, code lines in view, what is used before it is taught or said, minutes."""
    rows = {}
    for name in lessons():
        table, found = by_section(name), parts(_cells(name))
        rows[name] = {
            **table[["words", "check", "write", "predict", "show", "verdict"]].sum(),
            "long": len(long_sentences(name)),
            "code lines": sum(bool(line.strip()) for cell in in_view(_cells(name)) for line in solved(cell).splitlines()),
            "untaught": len(untaught(name)),
            "unsaid": len(unsaid(name)),
            "whole": total(found),
            "half": total(found, half=True) if table["half"].any() else 0,
            "optional": table.loc[table["part"] == "optional", "minutes"].sum(),
            "cap": CAPS.get(name, 0),
        }
    return pd.DataFrame(rows).T


def main(arguments: list[str] | None = None) -> int:
    """Print the table of lessons or, for those named, of their sections, with what they use too early; return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m course minutes", description="Measure lessons: minutes, words, what comes too early.")
    parser.add_argument("lessons", nargs="*", choices=[[], *lessons()], metavar="lesson", help="a lesson whose sections to show")
    for name in parser.parse_args(arguments).lessons:
        print(f"\n{name}\n{by_section(name).to_string(index=False)}")
        print(f"Sentences over {LONG} words:", *long_sentences(name), sep="\n  ")
        print("Python and pandas used before they are taught:", ", ".join(untaught(name)) or "none")
        print("Terms used before they are said:", ", ".join(unsaid(name)) or "none")
    print(f"\n{by_lesson().to_string()}\n(0 in half, cap: none is set. long: sentences over {LONG} words.)")
    return 0
