"""A case by discipline on paper: one page for the room, one for the desk."""

from __future__ import annotations

import base64

from bs4 import BeautifulSoup

from ...claims import meanings
from ..cases import cases, picture
from ..pages import case_text
from .reading import markup

PICTURE = "display: block; max-width: 100%; max-height: 66mm; margin: 2mm auto"


def document(name: str) -> tuple[str, str]:
    """Return (title, body) of a case for ``paper.write``: the room's page, then the lecturer's; the picture is inside."""
    address = "data:image/png;base64," + base64.b64encode(picture(name).png).decode()
    title = cases()[name].title
    words = markup(" ".join(f"**{verdict}**: {meaning}" for verdict, meaning in meanings().items()))
    room = f'{markup(case_text(name, "room", address))}<div class="lines"></div><div style="font-size: 9pt">{words}</div>'
    pages = [(title, room), (f"{title} · for the lecturer", markup(case_text(name, "desk", address)))]
    soup = BeautifulSoup("".join(f'<section class="page"><h1>{head}</h1>{body}</section>' for head, body in pages), "html.parser")
    for image in soup.find_all("img"):
        image["style"] = PICTURE
    for link in soup.find_all("a"):  # on paper a link is its words
        link.unwrap()
    return title, str(soup)
