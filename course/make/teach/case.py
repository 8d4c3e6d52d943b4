"""A case by discipline on paper: a page for the room, and what the answers say of it."""

from __future__ import annotations

import base64

from ..cases import cases, picture
from ..pages import case_text
from . import paper
from .reading import markup


def _part(name: str, part: str) -> str:
    """Return a part of a case (room or desk) as HTML; its picture is inside, and its links are their words."""
    address = "data:image/png;base64," + base64.b64encode(picture(name).png).decode()
    return paper.unlinked(markup(case_text(name, part, address)))


def document(name: str) -> tuple[str, str]:
    """Return (title, body) of the room's page of a case, for ``paper.write``."""
    title = f"Case: {cases()[name].title}"
    return title, paper.draw("case", title, _part(name, "room"))


def desk(name: str) -> tuple[str, str]:
    """Return (title, HTML) of what a lecturer reads of a case: verdicts, a likely wrong answer, sources."""
    return f"Case: {cases()[name].title}", _part(name, "desk")
