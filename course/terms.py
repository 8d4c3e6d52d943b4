"""The glossary: the technical words of the course, one plain sentence each (table ``glossary``).

The module has another name than its function, for ``from course import glossary`` must give the function however often it is imported.
"""

from __future__ import annotations

from . import typed
from .data import load
from .messages import say, tell


def forms() -> dict[str, list[str]]:
    """Return {term: how it may be written, in small letters, the term itself first}, in alphabetical order."""
    table = load("glossary").sort_values("term").fillna({"forms": ""})
    return {row.term: [row.term.lower(), *filter(None, row.forms.lower().split("; "))] for row in table.itertuples()}


def glossary(name: object = None) -> None:
    """Show what a term means, with its French and an example of the course; without a term, list all of them.

    Another form of a term will do ("editions"). Raise CourseError, with the nearest term, for one that the glossary does not hold.
    """
    known = forms()
    if name is None:
        return tell(say("term_list", count=len(known), terms=", ".join(known)), {"kind": "glossary", "term": None})
    typed.name(name, "term")
    form = typed.choice(name, [form for written in known.values() for form in written], "term")
    term = next(term for term, written in known.items() if form in written)
    row = load("glossary").set_index("term", drop=False).loc[term]
    return tell(say("term_card", **row.to_dict()), {"kind": "glossary", "term": term})
