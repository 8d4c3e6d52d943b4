"""The reading edition: a static site of notebooks, ledger, tables, sources and guide, which opens from a folder without a server.

Sphinx, MyST-NB and the PyData theme make the pages. This module writes their sources (the stored notebooks, with what a learner would type
replaced by what a reader needs; the pages of ``look/site.md.j2``) and is an extension of Sphinx, which turns names into links.
"""

from __future__ import annotations

import ast
import io
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path, PurePosixPath

import nbformat
import pandas as pd
from bs4 import BeautifulSoup

from ...claims import ledger
from ...data import DATASETS, datasheet, load, resource, tables
from ...doors import ROOT
from ...exercises import answer_text, plain
from ...messages import RECORD_MIME, say
from ..lessons import notebook_path
from ..lock import read_lock
from ..pages import GUIDE, MADE_GUIDE, uses
from . import LOOK, search
from .reading import Lesson, Output, TeachError, mathml, template
from .words import LANGUAGE, word

BOXES = {
    "resources": "resources",
    "labour": "labour",
    "data": "data",
    "indirect": "indirect effects",
    "framing": "how to frame the question",
}
QUIET = {"predict", "claim", "statements", "verdict", "cite", "describe", "house_style", "environment"}  # a reader can do without
HOMES = {"claims": "ledger/index", "sources": "sources/index"}  # pages of tables that have more than a datasheet
ROWS = 110  # of a table that stands on its page; a longer one is a file
UNSEEN = {"source", "locator", "seen", "basis", "iso3", "note"}  # columns for whoever checks: they are in the file
DEBRIS = ("objects.inv", ".buildinfo", "_static/webpack-macros.html")

# what rests on what


def records(frame: pd.DataFrame) -> list[dict]:
    """Return the rows of a table as dictionaries, an empty cell as None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


@cache
def claims() -> dict[str, dict]:
    """Return the ledger, {claim: its row}."""
    return {row["claim"]: row for row in records(ledger())}


@cache
def lesson_uses() -> dict[str, dict[str, list[str]]]:
    """Return, for each lesson, the tables that its run read (from the lock) and the claims that it shows (from its records)."""
    shown = uses().groupby("lesson")["claim"].unique()
    return {name: {"tables": sorted(entry["inputs"]["tables"]), "claims": list(shown.get(name, []))} for name, entry in read_lock().items()}


@cache
def source_uses() -> dict[str, dict[str, list]]:
    """Return, for each source, what rests on it: ``tables`` with their rows, ``claims`` said in it, ``evidence`` for claims."""
    found: dict[str, dict[str, list]] = defaultdict(lambda: {"tables": [], "claims": [], "evidence": []})
    for name in tables():
        frame = load(name)
        if name not in HOMES and "source" in frame:
            for source, rows in frame["source"].value_counts().sort_index().items():
                found[source]["tables"].append((name, rows))
    for name, row in claims().items():
        found[row["source"]]["claims"].append(name)
        if row["evidence_source"]:
            found[row["evidence_source"]]["evidence"].append(name)
    return found


# notebooks


def page_of(lesson: Lesson, draw, answers: bool) -> nbformat.NotebookNode:
    """Return a lesson's notebook as a page to read; ``answers`` says whether the answers are on it, folded."""
    book = nbformat.read(notebook_path(lesson.name, "learner"), as_version=4)
    shown = [cell for cell in book.cells if cell.id != "door"]  # it speaks where a notebook runs
    parts = [[cell] if cell.cell_type == "markdown" else _code_to_read(cell, lesson, draw, answers) for cell in shown]
    book.cells = [cell for part in parts for cell in part]
    head, _, rest = book.cells[0].source.partition("\n")
    book.cells[0].source = f"{head}\n\n{word('site_to_work', path=f'notebooks/{lesson.name}.ipynb')}\n{rest}"
    used = lesson_uses()[lesson.name]
    if used["tables"] or used["claims"]:
        book.cells.append(nbformat.v4.new_markdown_cell(draw.used_here(used), id="used-here"))
    return book


def _code_to_read(cell: nbformat.NotebookNode, lesson: Lesson, draw, answers: bool) -> list[nbformat.NotebookNode]:
    """Return a cell of code as a reader needs it: what it gave, and its code, folded if it only draws or only asks."""
    hidden = cell.metadata.get("jupyter", {})
    seen = next(one.outputs for one in lesson.cells if one.id == cell.id)
    figures = [output for output in seen if output.kind == "figure"]
    asks = any(output.kind == "check" for output in seen)  # a reader must see the code with the blank
    fold_code = hidden.get("source_hidden") or (figures and not asks) or only_the_course(cell.source)
    fold_output = hidden.get("outputs_hidden") and cell.outputs
    words = iter([figure.text for figure in figures])  # they stand in a fold here, so that the page may say them
    cell.outputs = [_read_output(output, lesson, draw, answers, words) for output in cell.outputs]
    cell.metadata = {"mystnb": {"image": {"alt": " ".join(output.text for output in figures)}} if figures else {}}
    if fold_code and fold_output:  # as two cells: what it gave first, its code under it, each fold with its own name
        code = nbformat.v4.new_code_cell(cell.source, id=f"{cell.id}-code")
        return [_tagged(cell, "site_fold_output", "hide-output", "remove-input"), _tagged(code, "site_fold_code", "hide-input")]
    if fold_code or fold_output:
        return [_tagged(cell, *(("site_fold_code", "hide-input") if fold_code else ("site_fold_output", "hide-output")))]
    return [cell]


def _tagged(cell: nbformat.NotebookNode, prompt: str, *tags: str) -> nbformat.NotebookNode:
    cell.metadata["tags"] = list(tags)
    cell.metadata["mystnb"] = cell.metadata.get("mystnb", {}) | {"code_prompt_show": word(prompt), "code_prompt_hide": word(prompt)}
    return cell


def only_the_course(source: str) -> bool:
    """Say whether a cell's code only asks, shows a claim or cites, or imports: a reader loses nothing when it is folded."""

    def quiet(line: ast.stmt) -> bool:
        calls = isinstance(line, ast.Expr) and isinstance(line.value, ast.Call) and ast.unparse(line.value.func) in QUIET
        return calls or isinstance(line, (ast.Import, ast.ImportFrom)) or ast.unparse(line).startswith("pd.")

    return all(map(quiet, ast.parse(source).body))


def _read_output(output: nbformat.NotebookNode, lesson: Lesson, draw, answers: bool, words: Iterator[str]) -> nbformat.NotebookNode:
    """Return a stored output as a reader needs it: a guess to make, an answer to unfold."""
    data = output.get("data", {})
    record = data.get(RECORD_MIME, {})
    text = data.get("text/markdown", "").strip()
    if "text/html" in data and not record:
        data["text/html"] = tidy_table(data["text/html"])
    if not text:
        return output
    seen = Output(record.get("kind", "text"), text, record)
    if seen.kind == "figure":
        told = next(words)
        text = say("words_title", words=told) if "waits" in record else text
    elif seen.kind == "predict":
        text = word("site_guess", name=seen.name, unit=f", in {record['unit']}" if record["unit"] else "")
    elif seen.kind == "outcome":
        text = word("site_outcome", name=seen.name, actual=lesson.actual(seen))
    elif seen.kind == "check":
        text = draw.exercise(lesson.keys[seen.name], answers)
    elif seen.kind == "verdict" and seen.name in claims():
        text = draw.your_verdict(claims()[seen.name])
    elif seen.kind == "stance":
        text = word("site_stance", name=seen.name, most=record["most"])
    elif seen.kind == "portfolio":
        text = word("site_portfolio")
    return nbformat.v4.new_output("display_data", {"text/markdown": text, "text/plain": text})


def tidy_table(stored: str) -> str:
    """Return a stored table without pandas' own style and border: the edition's style is readable, and wide tables scroll."""
    soup = BeautifulSoup(stored, "html.parser")
    for style in soup.find_all("style"):
        style.decompose()
    for tag in soup.find_all(True):
        tag.attrs = {name: value for name, value in tag.attrs.items() if name not in ("border", "style")}
        if tag.name == "th" and not tag.get_text():  # an empty cell heads nothing
            tag.name = "td"
    return str(soup)


# ledger, tables, sources, guide


def _guide() -> list[Path]:
    return sorted([*GUIDE.glob("*.md"), *MADE_GUIDE.glob("*.md")])


def _guide_page(path: Path) -> str:
    return f"guide/{path.stem.replace('README', 'index')}"


def _letter(row: dict) -> str:
    plain = unicodedata.normalize("NFKD", row["publisher"]).lower()
    return next((letter for letter in plain if letter.isascii() and letter.isalpha()), "0")


def sources_of_site(lessons: list[Lesson], students: bool) -> dict[str, str]:
    """Return {path: text} of everything Sphinx reads; ``students`` leaves out the guide and the answers."""
    sources, used = records(load("sources")), lesson_uses()
    titles = {lesson.name: lesson.title for lesson in lessons}
    known = {row["source"]: row["title"] for row in sources}
    draw = template("site.md").make_module({"lessons": titles, "titles": known, "answer_text": answer_text, "datasheet": datasheet})
    files = {f"notebooks/{one.name}.ipynb": nbformat.writes(page_of(one, draw, answers=not students)) for one in lessons}
    files["notebooks/index.md"] = draw.notebooks_index(sorted(lessons, key=lambda one: "/" in one.name))

    rows = sorted(claims().values(), key=lambda row: (row["year"], row["claim"]))
    boxes = {box: [row for row in rows if row["extraction"] == box] for box in BOXES}
    where = {name: [one for one in titles if name in used[one]["claims"]] for name in claims()}
    files |= {f"ledger/{box}.md": draw.ledger(BOXES[box], rows, where) for box, rows in boxes.items()}
    files["ledger/index.md"] = draw.ledger_index(BOXES, boxes)

    names = [name for name in tables() if name not in HOMES]
    for name in names:
        counts = load(name).get("source", pd.Series(dtype=str)).value_counts().items()
        counts = sorted(counts, key=lambda count: known[count[0]].casefold())  # a reader does not know the keys
        files[f"tables/{name}.md"] = draw.table(name, [one for one in titles if name in used[one]["tables"]], counts, rows_of(name))
    files["tables/index.md"] = draw.tables_index({name: resource(name)["title"] for name in names})

    sources.sort(key=lambda row: [str(row[column]).lower() for column in ("publisher", "year", "title")])
    letters = {letter: list(rows) for letter, rows in groupby(sorted(sources, key=_letter), key=_letter)}
    files |= {f"sources/{letter}.md": draw.sources(letter, rows, source_uses()) for letter, rows in letters.items()}
    files["sources/index.md"] = draw.sources_index(letters)

    guide = [] if students else _guide()
    files |= {f"{_guide_page(path)}.md": path.read_text(encoding="utf-8") for path in guide}
    if guide:
        files["guide/index.md"] += draw.hidden([path.stem for path in guide if path.stem != "README"])
    files["index.md"] = draw.home(["notebooks", "ledger", "tables", "sources", *(["guide"] if guide else [])])
    return files


def rows_of(name: str) -> list[tuple[str, list[tuple[str, str, str]], str, str]]:
    """Return the rows of a table for its page: (anchor, its filled cells, publisher of the source, its page); none if it is long.

    A cell is (column, its title, value). A row is a line of text there: twenty columns would put its figure out of sight.
    """
    frame = load(name)
    titles = {field["name"]: field.get("title") or field["name"].replace("_", " ") for field in resource(name)["schema"]["fields"]}
    known = load("sources").set_index("source")
    found = []
    for place, row in enumerate(frame.to_dict("records") if len(frame) <= ROWS else [], start=1):
        cells = [(one, titles[one], plain(value)) for one, value in row.items() if one not in UNSEEN and pd.notna(value)]
        key = row.get("source")
        who = known.loc[key, "publisher"] if key in known.index else ""
        page = f"../sources/{_letter(known.loc[key])}.html#source-{key.replace('_', '-')}" if who else ""
        found.append((f"row-{place}", cells, who, page))
    return found


# Sphinx


@cache
def places() -> dict[str, str]:
    """Return {what a lesson or the guide names, or a path of the repository: page of the site, with #anchor} of all that has a page."""
    found = {f"datasets/{name}{end}": HOMES.get(name, f"tables/{name}") for name in tables() for end in (".csv", ".yml")}
    found |= {name: HOMES.get(name, f"tables/{name}") for name in tables()}
    found |= {name: f"#claim-{name}" for name in claims()}
    found |= {name: f"#source-{name.replace('_', '-')}" for name in load("sources")["source"]}
    found |= {path.relative_to(ROOT).as_posix(): _guide_page(path) for path in _guide()}
    for name in lesson_uses():
        texts = (name, f"{name}.ipynb", f"notebooks/{name}.ipynb", f"course/made/solutions/{name}.ipynb", f"course/lessons/{name}.md")
        found |= dict.fromkeys(texts, f"notebooks/{name}")
    return found | {"course/guide": "guide/index", "datasets/README.md": "tables/index"}


def link(app, document) -> None:
    """Make links in a page that Sphinx has read: of names in code, and of paths in the repository; a path without a page is text."""
    from docutils import nodes
    from sphinx import addnodes

    env = app.env

    def reference(place: str, anchor: str, content: list[nodes.Node]) -> addnodes.pending_xref | None:
        """Return a link to a place, in its page's own title if there is no content; None if that is this page or no page of the site."""
        page, _, own = place.partition("#")
        if page == env.docname or (page and page not in env.found_docs):
            return None
        said = {"refdomain": "doc", "reftarget": page, "reftargetid": anchor or None} if page else {"refdomain": None, "reftarget": own}
        inner = nodes.inline("", "", *content, classes=["xref", "myst"])
        return addnodes.pending_xref("", inner, reftype="myst", refdoc=env.docname, refexplicit=bool(content), **said)

    origin = ROOT / next((path for path, page in places().items() if page == env.docname and "/" in path), "x")
    for node in list(document.findall(addnodes.pending_xref)):
        path, _, anchor = node["reftarget"].partition("#")
        if node["reftype"] == "myst" and node["refdomain"] is None and ("/" in path or PurePosixPath(path).suffix):
            target = (origin.parent / path).resolve()
            place = places().get(target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) else "", "-")
            content = node[0].children
            node.replace_self(reference(place, anchor, content) or content)
    for node in list(document.findall(nodes.literal)):
        name = node.astext().removeprefix('describe("').removesuffix('")')
        place = places().get(name, "")
        own = env.docname.startswith("sources/") and place.startswith("#source")
        if place and not own and isinstance(node.parent, (nodes.paragraph, nodes.emphasis, nodes.strong, nodes.inline, nodes.entry)):
            node.replace_self(reference(place, "", [] if name.endswith(".ipynb") else [node.deepcopy()]) or node.deepcopy())


def setup(app) -> dict:
    """Make this module an extension of Sphinx: names become links, formulas MathML."""
    from docutils import nodes

    def formula(writer, node) -> None:
        writer.body.append(mathml(node.astext(), {"display_mode": isinstance(node, nodes.math_block)}))
        raise nodes.SkipNode

    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
    app.connect("doctree-read", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def settings() -> dict:
    """Return Sphinx's configuration: MyST-NB reads, the PyData theme draws, nothing is fetched or run."""
    return {
        "project": word("site_title"),
        "html_title": f"{word('site_title')}, {word('site_edition').lower()}",
        "language": LANGUAGE,
        "extensions": ["myst_nb", __name__],
        "nb_execution_mode": "off",
        "nb_render_markdown_format": "myst",
        "nb_mime_priority_overrides": [("html", "text/markdown", 5)],
        "myst_enable_extensions": ["dollarmath"],
        "myst_dmath_allow_space": False,
        "myst_dmath_allow_digits": False,
        "myst_heading_anchors": 3,
        "html_math_renderer": "mathml",
        "html_theme": "pydata_sphinx_theme",
        "html_theme_options": {
            "logo": {"text": word("site_title")},
            "navbar_end": [],
            "navbar_persistent": ["search-button"],
            "navbar_align": "left",
            "header_links_before_dropdown": 5,
            "show_toc_level": 1,
            "navigation_depth": 2,
            "pygments_light_style": "a11y-high-contrast-light",
            "footer_start": ["reading-footer"],
            "footer_end": [],
            "search_bar_text": word("site_search"),
            # not beside the sources: their titles would stand there a second time
            "secondary_sidebar_items": {f"{part}/**": ["page-toc"] for part in ("notebooks", "ledger", "tables", "guide")},
        },
        "html_context": {
            "default_mode": "light",
            "reading_footer": word("site_footer"),
            "search_title": word("site_search"),
            "search_noscript": word("search_noscript"),
            "search_words": search.words(),
        },
        "templates_path": [str(LOOK / "site")],
        "html_static_path": [str(LOOK / "site.css"), *search.files()],
        "html_css_files": ["site.css"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_search_summary": False,  # summaries are fetched, and a page opened from a folder may not fetch
        "html_permalinks": False,
        "smartquotes": False,  # a quotation stays as the lesson writes it
        "html_use_index": False,
        "suppress_warnings": ["mystnb.unknown_mime_type", "myst.header", "app"],  # app: a second site in one run finds the first's names
    }


def make(lessons: list[Lesson], out: Path, students: bool = False) -> list[Path]:
    """Write the site and return the pages. Raise TeachError with Sphinx's warnings if a link leads nowhere."""
    from sphinx.application import Sphinx

    with tempfile.TemporaryDirectory() as scratch:
        source, built = Path(scratch, "source"), Path(scratch, "built", "html")  # MyST-NB writes beside it
        for name, text in sources_of_site(lessons, students).items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text, encoding="utf-8", newline="\n")
        for drawn in [] if students else MADE_GUIDE.glob("*.png"):
            shutil.copy(drawn, source / "guide")
        shutil.copytree(DATASETS, source / "tables" / "files", ignore=shutil.ignore_patterns("*.md", "*.json", "*.yml"))
        warnings = io.StringIO()
        Sphinx(source, None, built, Path(scratch, "trees"), "html", settings(), status=None, warning=warnings, parallel=2).build()
        if said := [line.replace(str(source), "") for line in warnings.getvalue().splitlines() if "WARNING" in line or "ERROR" in line]:
            raise TeachError("\n".join(said))
        for path in [*(built / name for name in DEBRIS), *built.rglob("*.map")]:  # for those who debug the theme
            path.unlink(missing_ok=True)
        shutil.rmtree(built / "_sources", ignore_errors=True)  # empty, as html_copy_source is off
        for path in built.rglob("*.html"):  # a fold is called by what is written on it
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(' aria-label="Toggle hidden content"', ""), encoding="utf-8", newline="\n")
        search.write(built, lessons)
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(built, out)
    return sorted(out.rglob("*.html"))
