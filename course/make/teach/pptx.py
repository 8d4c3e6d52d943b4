"""A deck as an editable .pptx: the same slides as text, tables and pictures that PowerPoint, Keynote or LibreOffice can change.

What appears at the next step in a browser stands on a slide of its own here, after the question. python-pptx writes the file.
"""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, Tag

from .archive import archive
from .reading import markup
from .slides import Slide
from .words import word

WIDE, HIGH, EDGE = 13.333, 7.5, 0.6  # inches
TOP, LARGEST, SMALLEST = 1.45, 30, 14  # where the text begins; its type, in points
LETTER, LEADING = 0.5, 1.28  # width of a letter and height of a line, for one point of type: an estimate, on the safe side
BLUE, QUIET = "005A94", "555555"
BOLD, SLANTED, FIXED = ("strong", "b", "th"), ("em", "i"), ("code", "pre")


@dataclass
class Paragraph:
    """A paragraph of a slide: its ``runs`` are (text, bold, italic, fixed width); ``mark`` is a bullet or a number's style, or nothing."""

    runs: list[tuple[str, bool, bool, bool]] = field(default_factory=list)
    mark: str = ""
    level: int = 0
    quoted: bool = False
    start: int = 1

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run[0] for run in self.runs)


def paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of Markdown; a table's rows are lines with bars between the cells."""
    found: list[Paragraph] = []
    for block in BeautifulSoup(markup(text), "html.parser").children:
        _block(block, Paragraph(), found)
    return [one for one in found if one.text.strip()]


def _block(node, like: Paragraph, found: list[Paragraph]) -> None:
    """Add the paragraphs of a block, each of the kind of ``like``."""
    if isinstance(node, NavigableString):
        if node.strip():
            found.append(Paragraph([(str(node).strip(), False, False, False)], like.mark, like.level, like.quoted, like.start))
    elif node.name in ("ul", "ol"):
        for place, item in enumerate(node.find_all("li", recursive=False)):
            mark = "•" if node.name == "ul" else "1."
            start = int(node.get("start", 1)) + place
            _block(item, Paragraph(mark=mark, level=like.level + bool(like.mark), quoted=like.quoted, start=start), found)
    elif node.name in ("blockquote", "div", "aside", "table", "thead", "tbody") or (node.name == "li" and node.find(["p", "ul", "ol"])):
        for child in node.children:
            _block(
                child, Paragraph(mark=like.mark, level=like.level, quoted=like.quoted or node.name == "blockquote", start=like.start), found
            )
    elif node.name == "tr":
        cells = [cell.get_text(" ", strip=True) for cell in node.find_all(["td", "th"])]
        found.append(Paragraph([("  |  ".join(cells), False, False, False)], quoted=like.quoted))
    else:
        own = Paragraph(_runs(node, node.get("class") in (["scale"], ["choices"])), like.mark, like.level, like.quoted, like.start)
        found.append(own)


def _runs(node: Tag, bold: bool = False, italic: bool = False, fixed: bool = False) -> list[tuple[str, bool, bool, bool]]:
    """Return the pieces of a paragraph, each with how it is set."""
    found: list[tuple[str, bool, bool, bool]] = []
    for child in node.children:
        if isinstance(child, NavigableString):
            found.append((str(child) if node.name == "pre" else " ".join(f"x{child}x".split())[1:-1], bold, italic, fixed))
        elif child.name == "br":
            found.append(("\v", bold, italic, fixed))
        elif child.get("class") == ["rule"]:
            found.append(("________", bold, italic, fixed))
        else:
            found += _runs(child, bold or child.name in BOLD, italic or child.name in SLANTED, fixed or child.name in FIXED)
    return found


def size(found: list[Paragraph], wide: float, high: float, most: int = LARGEST) -> int:
    """Return the largest type, in points, at which paragraphs fit a box of so many inches, by an estimate."""
    for points in range(most, SMALLEST, -1):
        across = wide * 72 / (LETTER * points)
        lines = sum(-(-max(1, len(part)) // (across - 4 * (one.level + bool(one.mark)))) for one in found for part in one.text.split("\v"))
        if (lines * LEADING + 0.4 * len(found)) * points / 72 <= high:
            return points
    return SMALLEST


class _Show:
    """A presentation while it is being made."""

    def __init__(self, title: str) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.inches = Inches
        self.file = Presentation()
        wider = Inches(WIDE) / self.file.slide_width
        self.file.slide_width, self.file.slide_height = Inches(WIDE), Inches(HIGH)
        for frame in (self.file.slide_master, *self.file.slide_layouts):  # python-pptx brings a frame of 4 to 3
            for shape in frame.placeholders:
                left, top, width, height = shape.left, shape.top, shape.width, shape.height
                shape.left, shape.top, shape.width, shape.height = int(left * wider), top, int(width * wider), height
        said = self.file.core_properties
        said.title, said.author, said.language = title, word("site_title"), "en"

    def add(self, slide: Slide, body: str, notes: bool, after: str = "") -> None:
        """Add a slide: head, then a text, a table or a figure, and the speaker's notes."""
        opens = slide.kind in ("title", "section") and not slide.figure
        shown = paragraphs(body)
        layout = self.file.slide_layouts[1 if shown and not slide.figure else 5]
        page = self.file.slides.add_slide(layout)
        self._head(page.shapes.title, slide.head or word("slide_figure"), 40 if opens else 30, 2.2 if opens else 0.35)
        top = 3.6 if opens else TOP
        if slide.figure:
            self._figure(page, slide)
        elif shown:
            box = page.placeholders[1]
            high = 1.6 if slide.table else HIGH - top - 0.5
            box.left, box.top, box.width, box.height = map(self.inches, (EDGE, top, WIDE - 2 * EDGE, high))
            self._write(box.text_frame, shown, size(shown, WIDE - 2 * EDGE - 0.3, high, 24 if opens else LARGEST))
            top += 1.7
        if slide.table:
            self._table(page, slide.table, top)
        if notes and slide.notes:
            told = [one for note in slide.notes for one in paragraphs(note)]
            page.notes_slide.notes_text_frame.text = "\n".join(f"{'- ' if one.mark else ''}{one.text}" for one in told)

    def _head(self, box, text: str, most: int, top: float) -> None:
        head = paragraphs(text) or [Paragraph([(text, False, False, False)])]
        box.left, box.top, box.width, box.height = map(self.inches, (EDGE, top, WIDE - 2 * EDGE, 1.2 if top > 1 else 1.0))
        self._write(box.text_frame, head[:1], size(head[:1], WIDE - 2 * EDGE - 0.3, 1.0, most), BLUE)

    def _write(self, frame, found: list[Paragraph], points: int, colour: str = "") -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        for place, one in enumerate(found):
            line = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            line.alignment, line.space_after = PP_ALIGN.LEFT, Pt(0.35 * points)
            self._marked(line, one, points)
            for text, bold, italic, fixed in one.runs:
                for part, piece in enumerate(text.split("\v")):
                    if part:
                        line.add_line_break()
                    if not piece:
                        continue
                    run = line.add_run()
                    run.text = piece
                    run.font.size, run.font.bold, run.font.italic = Pt(points), bold, italic
                    run.font.name = "Consolas" if fixed else None
                    if colour or one.quoted:
                        run.font.color.rgb = RGBColor.from_string(colour or BLUE)

    def _marked(self, line, one: Paragraph, points: int) -> None:
        """Give a paragraph its bullet, its number or none, and the indent of its level."""
        from pptx.oxml.ns import qn
        from pptx.util import Pt

        properties = line._p.get_or_add_pPr()
        step = Pt(1.2 * points)
        properties.set("marL", str(int(step * (one.level + bool(one.mark) + one.quoted))))
        properties.set("indent", str(-int(step)) if one.mark else "0")
        if one.mark == "•":
            properties.append(properties.makeelement(qn("a:buChar"), {"char": "•"}))
        elif one.mark:
            properties.append(properties.makeelement(qn("a:buAutoNum"), {"type": "arabicPeriod", "startAt": str(one.start)}))
        else:
            properties.append(properties.makeelement(qn("a:buNone"), {}))

    def _figure(self, page, slide: Slide) -> None:
        """Put a figure under the head, its words under it; they are its alternative text too."""
        said = paragraphs(slide.figure.words)
        high = HIGH - TOP - 1.3
        picture = page.shapes.add_picture(io.BytesIO(base64.b64decode(slide.figure.image)), 0, self.inches(1.2))
        by = min(self.inches(WIDE - 2 * EDGE) / picture.width, self.inches(high) / picture.height)
        picture.width, picture.height, picture.left = int(picture.width * by), int(picture.height * by), self.inches(EDGE)
        picture._element.nvPicPr.cNvPr.set("descr", " ".join(one.text for one in paragraphs(slide.figure.text)))
        box = page.shapes.add_textbox(*map(self.inches, (EDGE, HIGH - 1.35, WIDE - 2 * EDGE, 1.1)))
        self._write(box.text_frame, said, size(said, WIDE - 2 * EDGE - 0.3, 1.0, 18))

    def _table(self, page, rows: list[list[str]], top: float) -> None:
        from pptx.util import Pt

        high = HIGH - top - 0.5
        points = min(20, max(12, int(high * 72 / (len(rows) * 1.9))))
        shape = page.shapes.add_table(len(rows), len(rows[0]), *map(self.inches, (EDGE, top, WIDE - 2 * EDGE, min(high, 0.45 * len(rows)))))
        longest = [max(6, *(min(40, len(row[place])) for row in rows)) for place in range(len(rows[0]))]
        for place, letters in enumerate(longest):
            shape.table.columns[place].width = int(self.inches(WIDE - 2 * EDGE) * letters / sum(longest))
        for across, row in enumerate(rows):
            for down, cell in enumerate(row):
                shape.table.cell(across, down).text = cell
                for line in shape.table.cell(across, down).text_frame.paragraphs:
                    line.font.size = Pt(points)


def content(title: str, deck: list[Slide]) -> bytes:
    """Return a deck as the bytes of a .pptx, the same whenever it is made."""
    show = _Show(title)
    for slide in deck:
        asks = slide.guesses if slide.asks else ""
        asked = "\n\n".join(filter(None, (slide.context, slide.body, asks)))
        show.add(slide, asked, notes=True)
        if slide.after:  # python-pptx writes no steps: the answer is the next slide
            show.add(Slide(slide.kind, slide.head), f"{asked}\n\n{slide.after}" if len(asked) < 400 else slide.after, notes=False)
    held = io.BytesIO()
    show.file.save(held)
    with zipfile.ZipFile(held) as made:
        return archive({name: made.read(name) for name in made.namelist()})


def write(path: Path, title: str, deck: list[Slide]) -> Path:
    """Write a deck and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content(title, deck))
    return path
