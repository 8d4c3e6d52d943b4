"""A deck as one file: nbconvert writes it with reveal.js (from sphinx-revealjs) inside, so that it opens offline by a double click."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat

from . import LOOK
from .mathml import with_mathml
from .reading import Lesson
from .slides import OPENING, Slide, size, slides
from .words import LANGUAGE, word


def notebook(title: str, deck: list[Slide]) -> nbformat.NotebookNode:
    """Return a deck as a notebook with slide metadata, as nbconvert and RISE read it."""
    book = nbformat.v4.new_notebook()
    book.metadata = {"title": title, "language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    for number, slide in enumerate(deck):
        start = "slide" if slide.kind in OPENING else "subslide"
        level = "#" if slide.kind == "title" else "##"
        fit = "small" if slide.kind == "table" else size(f"{slide.text}\n{slide.after}" if slide.kind != "figure" else "")
        opening = f'<div class="face {slide.kind} {fit}">\n\n' + (f"{level} {slide.head}\n\n" if slide.head else "")
        cells = []
        if slide.figure:
            image = nbformat.v4.new_output(
                "display_data", {"image/png": slide.figure.image}, metadata={"image/png": {"alt": slide.figure.text}}
            )
            cells.append(nbformat.v4.new_code_cell(slide.code, outputs=[image]))
            cells[0].metadata["words"] = slide.body
        else:
            cells.append(nbformat.v4.new_markdown_cell(f"{opening}{with_mathml(slide.text)}\n\n</div>"))
        if slide.after:
            cells.append(nbformat.v4.new_markdown_cell(f'<div class="face after {fit}">\n\n{with_mathml(slide.after)}\n\n</div>'))
        if slide.notes:
            cells.append(nbformat.v4.new_markdown_cell(with_mathml("\n\n".join(slide.notes))))
        kinds = [start, *(["fragment"] if slide.after else []), *(["notes"] if slide.notes else [])]
        for place, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
            cell.metadata["slideshow"] = {"slide_type": kind}
            cell.id = f"slide-{number}-{place}"
        book.cells += cells
    return book


def reveal_files() -> dict[str, str]:
    """Return the text of the reveal.js files that a deck carries: style and scripts."""
    import sphinx_revealjs

    folder = Path(sphinx_revealjs.__file__).parent / "_static" / "revealjs"
    style = [folder / "dist" / "reset.css", folder / "dist" / "reveal.css", LOOK / "deck" / "deck.css"]
    scripts = [folder / "dist" / "reveal.js", folder / "plugin" / "notes" / "notes.js"]
    texts = {
        "style": "\n".join(path.read_text(encoding="utf-8") for path in style),
        "script": "\n".join(path.read_text(encoding="utf-8").replace("</script", "<\\/script") for path in scripts),
    }
    return {name: re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE) for name, text in texts.items()}


def html(title: str, deck: list[Slide]) -> str:
    """Return a deck as one HTML file that needs nothing else."""
    from nbconvert import SlidesExporter
    from pygments.formatters import HtmlFormatter

    exporter = SlidesExporter(template_name="deck", extra_template_basedirs=[str(LOOK)], exclude_anchor_links=True)
    carried = reveal_files()
    carried["style"] += HtmlFormatter(style="a11y-high-contrast-light").get_style_defs(".highlight")
    carried["code"] = word("slide_code")
    carried["settings"] = json.dumps(
        {"width": 1280, "height": 720, "margin": 0.03, "hash": True, "center": False, "slideNumber": "c/t", "navigationMode": "linear",
         "transition": "none", "pdfSeparateFragments": False}
    )  # fmt: skip
    text, _ = exporter.from_notebook_node(notebook(title, deck), resources={"deck": carried, "language_code": LANGUAGE})
    return text


def write(path: Path, title: str, deck: list[Slide]) -> Path:
    """Write a deck and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(title, deck), encoding="utf-8", newline="\n")
    return path


def make(lessons: list[Lesson], out: Path) -> list[Path]:
    """Write one deck per lesson and return where."""
    return [write(out / f"{lesson.name.replace('/', '-')}.html", lesson.title, slides(lesson)) for lesson in lessons]
