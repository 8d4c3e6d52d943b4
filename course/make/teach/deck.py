"""A deck as one file, with reveal.js inside, so that it opens offline by a double click; beside it, the same as an editable .pptx."""

from __future__ import annotations

from pathlib import Path

from . import LOOK, pptx
from .reading import Lesson, template
from .slides import OPENING, Slide, slides

STYLES, SCRIPTS = ("reset.css", "reveal.css"), ("reveal.js", "notes.js")  # of look/reveal: reveal.js 5.2.1 as npm has it


def html(title: str, deck: list[Slide]) -> str:
    """Return a deck as one HTML file that needs nothing else."""
    from pygments.formatters import HtmlFormatter

    carried = {name: (LOOK / "reveal" / name).read_text(encoding="utf-8").replace("</script", "<\\/script") for name in STYLES + SCRIPTS}
    colours = HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    style = [*map(carried.get, STYLES), (LOOK / "deck.css").read_text(encoding="utf-8"), colours]
    parts: list[list[Slide]] = []
    for slide in deck:
        if slide.kind in OPENING:
            parts.append([])
        parts[-1].append(slide)
    return template("deck.html").render(title=title, parts=parts, style="\n".join(style), script="\n".join(map(carried.get, SCRIPTS)))


def write(path: Path, title: str, deck: list[Slide]) -> Path:
    """Write a deck, with the same as .pptx beside it, and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(title, deck), encoding="utf-8", newline="\n")
    pptx.write(path.with_suffix(".pptx"), title, deck)
    return path


def make(lessons: list[Lesson], out: Path) -> list[Path]:
    """Write one deck per lesson and return where."""
    return [write(out / f"{lesson.file}.html", lesson.title, slides(lesson)) for lesson in lessons]
