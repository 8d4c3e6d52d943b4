"""Triple Extraction: what the notebooks import.

Names are fetched at first use, so that ``python -m course`` runs on a bare Python, and a notebook that draws nothing never
pays for matplotlib.
"""

from importlib import import_module

from . import pythons

__version__ = "0.1.0"  # of the course and of its tables; a test compares CITATION.cff

_HOME = {
    "load": "data",
    "describe": "data",
    "cite": "data",
    "tables": "data",
    "claim": "claims",
    "statements": "claims",
    "verdict": "claims",
    "ledger": "claims",
    "glossary": "terms",
    "predict": "exercises",
    "outcome": "exercises",
    "check": "exercises",
    "hint": "exercises",
    "key": "exercises",
    "emissions": "carbon",
    "show": "figures",
    "house_style": "figures",
    "slider": "figures",
    "colour": "figures",
    "COLOURS": "figures",
    "UNKNOWN": "figures",
    "label_end": "forms",
    "label_rows": "forms",
    "draw_ranges": "forms",
    "draw_line": "forms",
    "draw_guess": "forms",
    "draw_counts": "forms",
    "draw_units": "forms",
    "draw_tiles": "forms",
    "draw_slopes": "forms",
    "draw_flows": "forms",
    "draw_shares": "forms",
    "convert_pay": "pay",
    "stance": "work",
    "portfolio": "work",
    "my_claim": "own",
    "my_table": "own",
    "table": "look",
    "environment": "doors",
    "CourseError": "messages",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if pythons.too_old():
        raise ImportError(pythons.sentence())
    if name not in _HOME:
        raise AttributeError(f"module 'course' has no attribute {name!r}; it offers: {', '.join(_HOME)}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> "list[str]":  # an old Python reads this file too
    return sorted(__all__)
