"""The reading edition: a static site of notebooks, ledger, tables, sources and guide, which opens from a folder without a server.

Sphinx, MyST-NB and the PyData theme make the pages; this module only writes their sources: the stored notebooks, with what a learner
would type replaced by what a reader needs, and a page for each part of the ledger, each table and each letter of the sources.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import defaultdict
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd

from ...claims import ledger, meanings
from ...data import DATASETS, datasheet, load, tables
from ...doors import ROOT
from ...exercises import answer_text, plain
from ...messages import RECORD_MIME
from ..lessons import notebook_path
from ..lock import read_lock
from ..pages import GUIDE, MADE_GUIDE, uses
from . import LOOK
from .mathml import with_mathml
from .reading import Lesson, Output, TeachError, outputs, tidy_table
from .words import LANGUAGE, WORDS, word

BOXES = WORDS["site_box"]
CODE_SPAN = re.compile(r"(?<![\[`\\])`(?:describe\(\")?([A-Za-z0-9_./-]+)(?:\"\))?`(?!`)")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|/|#|mailto:)([^)\s]+)\)")  # a path from the root is the site's own already


# what rests on what


@cache
def claims() -> pd.DataFrame:
    """Return the ledger, by claim."""
    return ledger().set_index("claim", drop=False).rename_axis(None)


@cache
def lesson_uses() -> dict[str, dict[str, list[str]]]:
    """Return, for each lesson, the tables that its run read (from the lock) and the claims that it shows (from its records)."""
    shown = uses().groupby("lesson")["claim"].unique()
    return {
        lesson: {"tables": sorted(entry["inputs"]["tables"]), "claims": list(shown.get(lesson, []))}
        for lesson, entry in read_lock().items()
    }


@cache
def source_uses() -> dict[str, dict[str, list[str]]]:
    """Return, for each source, what rests on it: ``tables`` (with rows), ``claims`` said in it, ``evidence`` for claims."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"tables": [], "claims": [], "evidence": []})
    for name in tables():
        frame = load(name)
        if name not in ("claims", "sources") and "source" in frame:
            for source, rows in frame["source"].value_counts().sort_index().items():
                found[source]["tables"].append(f"{_to_table(name)} ({word('site_table_rows', rows=rows)})")
    for row in claims().itertuples():
        found[row.source]["claims"].append(row.claim)
        if pd.notna(row.evidence_source):
            found[row.evidence_source]["evidence"].append(row.claim)
    return found


# links


_PAGE_OF = {"claims": "ledger/index.md", "sources": "sources/index.md"}


def _page_of_table(name: str) -> str:
    return "/" + _PAGE_OF.get(name, f"tables/{name}.md")


def _to_table(name: str) -> str:
    return f"[`{name}`]({_page_of_table(name)})"


def _to_file(name: str, folder: str) -> str:
    return word("site_table_file", link=f"[`{name}.csv`]({folder}/{name}.csv)")


def _to_claim(name: str) -> str:
    return f"[`{name}`](#claim-{name})"


def _to_source(key: str, text: str) -> str:
    return f"[{text.replace('[', '(').replace(']', ')')}](#source-{key.replace('_', '-')})"


def _to_lessons(names: list[str], titles: dict[str, str]) -> str:
    return ", ".join(f"[{titles[name]}](/notebooks/{name}.ipynb)" for name in names if name in titles)


def linked(text: str, titles: dict[str, str], here: str = "") -> str:
    """Return Markdown in which a claim, a table or a notebook named as code is a link, and links into the repository lead into the site."""
    pieces = re.split(r"(```.*?```|~~~.*?~~~|^#+ [^\n]*$)", text, flags=re.DOTALL | re.MULTILINE)  # neither in code nor in headings
    for place in range(0, len(pieces), 2):
        pieces[place] = LINK.sub(lambda found: _link_of(found, titles, here), pieces[place])
        pieces[place] = CODE_SPAN.sub(lambda found: _span_of(found, titles), pieces[place])
    return "".join(pieces)


def _span_of(found: re.Match, titles: dict[str, str]) -> str:
    name = found[1]
    if name in claims().index:
        return _to_claim(name)
    if name in tables():
        return f"[{found[0]}]({_page_of_table(name)})"
    lesson = re.sub(r"\.ipynb$", "", name.removeprefix("notebooks/"))
    if lesson != name and lesson in titles:
        return f"[{titles[lesson]}](/notebooks/{lesson}.ipynb)"
    if name in titles:
        return f"[{found[0]}](/notebooks/{name}.ipynb)"
    return found[0]


def _link_of(found: re.Match, titles: dict[str, str], here: str) -> str:
    """Return a link of the guide or a lesson as a link of the site, or its text where the site does not hold the file."""
    text, (path, _, anchor) = found[1], found[2].partition("#")
    place = (ROOT / here / path).resolve()
    target = place.relative_to(ROOT).as_posix() if place.is_relative_to(ROOT) else ""
    lesson = re.sub(r"^(?:notebooks|course/made/solutions|course/lessons)/|\.(?:ipynb|md)$", "", target)
    if target.startswith(("notebooks/", "course/made/solutions/", "course/lessons/")) and lesson in titles:
        return f"[{text}](/notebooks/{lesson}.ipynb)"
    if target.startswith(("course/guide/", "course/made/guide/")) and place.suffix == ".md" and place.exists():
        page = place.name.replace("README", "index")
        return f"[{text}](/guide/{page}{'#' + anchor if anchor else ''})"
    if target == "course/guide":
        return f"[{text}](/guide/index.md)"
    if target == "datasets/README.md":
        return f"[{text}]({_page_of_table(anchor if anchor in tables() else 'index')})"
    if target.startswith("datasets/") and place.stem in tables():
        return f"[{text}]({_page_of_table(place.stem)})"
    return text


# notebooks


def page_of(lesson: Lesson, titles: dict[str, str], answers: bool) -> nbformat.NotebookNode:
    """Return a lesson's notebook as a page to read; ``answers`` says whether the answers are on it, folded."""
    book = nbformat.read(notebook_path(lesson.name, "learner"), as_version=4)
    cells = []
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cell.source = with_mathml(linked(cell.source, titles, f"notebooks/{Path(lesson.name).parent}"))
            cells.append(cell)
        elif cell.id != "door":  # it speaks where a notebook runs
            cells += _code_to_read(cell, lesson, titles, answers)
    book.cells = cells
    head, _, rest = cells[0].source.partition("\n")
    cells[0].source = f"{head}\n\n{word('site_to_work', path=f'notebooks/{lesson.name}.ipynb')}\n{rest}"
    used = lesson_uses()[lesson.name]
    lines = [f"## {word('site_used_here')}", ""]
    lines += [word("site_used_tables", tables=", ".join(map(_to_table, used["tables"]))), ""] if used["tables"] else []
    lines += [word("site_used_claims", claims=", ".join(map(_to_claim, used["claims"])))] if used["claims"] else []
    if len(lines) > 2:
        book.cells.append(nbformat.v4.new_markdown_cell("\n".join(lines), id="used-here"))
    return book


def _code_to_read(cell: nbformat.NotebookNode, lesson: Lesson, titles: dict[str, str], answers: bool) -> list[nbformat.NotebookNode]:
    """Return a cell of code as a reader needs it: what it gave, and its code, folded if it only draws or only asks."""
    hidden = cell.metadata.get("jupyter", {})
    seen = outputs(cell.outputs)
    figures = [output for output in seen if output.kind == "figure"]
    asks = any(output.kind == "check" for output in seen)  # a reader must see the code with the blank
    fold_code = hidden.get("source_hidden") or (figures and not asks) or only_the_course(cell.source, seen)
    fold_output = hidden.get("outputs_hidden") and cell.outputs
    cell.outputs = [_read_output(output, lesson, titles, answers) for output in cell.outputs]
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


def only_the_course(source: str, seen: list[Output]) -> bool:
    """Say whether a cell's code only asks, shows a claim or cites, or imports: a reader loses nothing when it is folded."""
    calls = r"(?:predict|claim|statements|verdict|cite|describe|house_style|environment)\("
    lines = re.sub(r"\([^()]*\)", "()", source, flags=re.DOTALL)
    lines = [line for line in lines.splitlines() if line.strip() and not line.startswith((" ", ")", "#"))]
    asks = bool(seen) and all(re.match(calls, line) for line in lines)
    return asks or all(re.match(rf"(?:import|from) |pd\.|{calls}", line) for line in lines)


def _read_output(output: nbformat.NotebookNode, lesson: Lesson, titles: dict[str, str], answers: bool) -> nbformat.NotebookNode:
    """Return a stored output as a reader needs it: a guess to make, an answer to unfold, links to the ledger and the sources."""
    text = output.get("data", {}).get("text/markdown", "").strip()
    if not text:
        if "text/html" in output.get("data", {}):
            output.data["text/html"] = tidy_table(output.data["text/html"])
        return output
    record = output.data.get(RECORD_MIME, {})
    kind = record.get("kind")
    if kind == "predict":
        text = word("site_guess", name=record["name"], unit=f", in {record['unit']}" if record["unit"] else "")
    elif kind == "outcome":
        actual = next((one.record.get("actual", "…") for one in lesson.results("outcome") if one.record["name"] == record["name"]), "…")
        text = word("site_outcome", name=record["name"], actual=f"{plain(actual)} {record['unit']}".strip())
    elif kind == "check":
        text = _exercise(lesson.keys[record["exercise"]], answers)
    elif kind == "verdict":
        row = claims().loc[record["claim"]]
        asked = word("site_verdict_yours", claim=_to_claim(row["claim"]), words=", ".join(meanings()))
        text = f"{asked}\n\n{_folded(word('site_ledger'), _verdict(row))}"
    elif kind == "stance":
        text = word("site_stance", name=record["name"], most=record["most"])
    elif kind == "portfolio":
        text = word("site_portfolio")
    elif kind == "sources":
        for key in record["sources"]:
            text = text.replace(f"`{key}`", _to_source(key, key)) if key in source_uses() else text
    text = linked(text, titles)
    return nbformat.v4.new_output("display_data", {"text/markdown": text, "text/plain": text})


def _folded(summary: str, text: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def _exercise(key: dict, answers: bool) -> str:
    parts = [word("site_exercise", name=key["name"])]
    for number, hint in enumerate(key["hints"], start=1):
        parts.append(_folded(word("site_hint", number=number, total=len(key["hints"])), hint))
    if answers:
        if key["kind"] == "mapping":
            answer = "\n".join(f"- `{item}`: **{choice}**. {key['notes'].get(item, '')}" for item, choice in key["answer"].items())
            answer += f"\n\n{key['right']}"
        else:
            answer = f"**{answer_text(key)}.** {key['right']}"
        parts.append(_folded(word("site_answer"), answer))
    return "\n\n".join(parts)


# ledger, tables, sources, guide


@cache
def _titles() -> dict[str, str]:
    return load("sources").set_index("source")["title"].to_dict()


def _titled(key: str) -> str:
    return _to_source(key, _titles().get(key, key))


def _verdict(row: pd.Series) -> str:
    if pd.isna(row["verdict"]):
        return word("site_no_verdict", test_with=row["test_with"])
    text = word("site_verdict", verdict=row["verdict"], date=row["last_checked"].date().isoformat(), evidence=row["evidence"])
    return text + (word("site_evidence_in", source=_titled(row["evidence_source"])) if pd.notna(row["evidence_source"]) else "")


def ledger_page(box: str, titles: dict[str, str]) -> str:
    """Return the page of the claims of one extraction, critics first."""
    lines = [f"# {BOXES.get(box, box)}", ""]
    for side in ("critic", "promoter"):
        rows = claims()[(claims()["extraction"] == box) & (claims()["side"] == side)].sort_values(["theme", "year", "claim"])
        lines += [f"## {word(f'site_{side}')}", ""] if len(rows) else []
        theme = None
        for _, row in rows.iterrows():
            lines += [f"### {row['theme'][0].upper()}{row['theme'][1:]}", ""] if row["theme"] != theme else []
            theme = row["theme"]
            uses = [name for name, used in lesson_uses().items() if row["claim"] in used["claims"]]
            credit = word("site_credited", attributed_to=row["attributed_to"]) if pd.notna(row["attributed_to"]) else ""
            lines += [f"(claim-{row['claim']})=", f"#### {row['claim']}", "", f"> {row['statement']}", ""]
            said = word("site_said", speaker=row["speaker"], year=row["year"], source=_titled(row["source"]))
            lines += [said + credit, "", _verdict(row), ""]
            lines += [word("site_in_lessons", lessons=_to_lessons(uses, titles)), ""] if _to_lessons(uses, titles) else []
    return "\n".join(lines)


def table_page(name: str, titles: dict[str, str]) -> str:
    """Return the page of one table: its datasheet, its file, its sources and the notebooks that use it."""
    others = "|".join(other for other in tables() if "_" in other and other != name)  # the datasheets name them as plain words
    sheet = re.sub(rf"(?<![`\w])({others})(?![`\w])", r"`\1`", datasheet(name, level=1))
    lines = [linked(sheet, titles), "", _to_file(name, "files"), ""]
    uses = [lesson for lesson, used in lesson_uses().items() if name in used["tables"]]
    if _to_lessons(uses, titles):
        lines += [f"## {word('site_table_lessons')}", "", _to_lessons(uses, titles), ""]
    frame = load(name)
    if name != "sources" and "source" in frame:
        lines += [f"## {word('site_table_sources')}", ""]
        counts = frame["source"].value_counts()
        listed = [f"- {_titled(key)} ({word('site_table_rows', rows=rows)})" for key, rows in counts.items()]
        lines += sorted(listed, key=str.casefold)  # by title: a reader does not know the keys
    return "\n".join(lines)


def source_pages() -> dict[str, str]:
    """Return {page name: Markdown} of the sources, by the first letter of who published them."""
    pages: dict[str, list[str]] = defaultdict(list)
    rows = load("sources")
    rows = rows.assign(letter=rows["publisher"].str.normalize("NFKD").str.upper().str.extract("([A-Z])", expand=False).fillna("0"))
    for row in rows.sort_values(["publisher", "year", "title"], key=lambda column: column.astype(str).str.lower()).itertuples():
        title = row.title.replace("[", "(").replace("]", ")")
        title = f"[{title}]({row.url})" if pd.notna(row.url) else title
        year = f", {row.year}" if pd.notna(row.year) else ""
        uses = source_uses().get(row.source, {"tables": [], "claims": [], "evidence": []})
        lines = [f"(source-{row.source.replace('_', '-')})=", f"## {title}", ""]
        described = word(
            "site_source_line",
            publisher=row.publisher,
            year=year,
            licence=row.licence,
            seen=row.read_at if "read_at" in rows else row.where_seen,
        )
        lines += [f"{described} `{row.source}`", ""]
        for kind, show in (("tables", str), ("claims", _to_claim), ("evidence", _to_claim)):
            if uses[kind]:
                listed = ", ".join(map(show, uses[kind]))
                lines.append("- " + word(f"site_source_{kind}", **{"tables" if kind == "tables" else "claims": listed}))
        if not any(uses.values()):
            lines += [f"- {word('site_source_unused')}"]
        pages[row.letter.lower()] += [*lines, ""]
    heads = {name: f"# {word('site_sources')}: {name.upper() if name != '0' else '0–9'}\n\n" for name in pages}
    return {name: heads[name] + "\n".join(lines) for name, lines in sorted(pages.items())}


def _index(title: str, intro: str, entries: list[str], listing: str = "") -> str:
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *entries, "```"])
    return f"# {title}\n\n{intro}\n\n{listing}\n\n{toctree}\n"


def sources_of_site(lessons: list[Lesson], students: bool) -> dict[str, str]:
    """Return {path: text} of everything Sphinx reads; ``students`` leaves out the guide and the answers."""
    titles = {lesson.name: lesson.title.replace("[", "(").replace("]", ")") for lesson in lessons}
    files = {f"notebooks/{one.name}.ipynb": nbformat.writes(page_of(one, titles, answers=not students)) for one in lessons}
    core, dives = ([one for one in lessons if ("/" in one.name) == deep] for deep in (False, True))
    listing = []
    for head, group in ((word("site_core"), core), (word("site_dives"), dives)):
        listing += [f"## {head}", ""] + [f"- [{titles[one.name]}]({one.name}.ipynb): {one.question}" for one in group] + [""]
    files["notebooks/index.md"] = _index(word("site_lessons"), word("site_home"), [one.name for one in [*core, *dives]], "\n".join(listing))
    boxes = [box for box in BOXES if (claims()["extraction"] == box).any()]
    files |= {f"ledger/{box}.md": ledger_page(box, titles) for box in boxes}
    counts = claims()["extraction"].value_counts()
    listing = [f"- [{BOXES[box]}]({box}.md): {counts[box]}" for box in boxes]
    listing += ["", datasheet("claims", level=2)]  # without its file, where the claims stand that are not for a class
    files["ledger/index.md"] = _index(word("site_ledger"), word("site_ledger_intro"), boxes, "\n".join(listing))
    names = [name for name in tables() if name not in _PAGE_OF]
    files |= {f"tables/{name}.md": table_page(name, titles) for name in names}
    listing = [f"- [`{name}`]({name}.md): {datasheet(name).splitlines()[0].split(': ', 1)[1]}" for name in names]
    files["tables/index.md"] = _index(word("site_tables"), word("site_tables_intro"), names, "\n".join(listing))
    letters = source_pages()
    files |= {f"sources/{name}.md": text for name, text in letters.items()}
    listing = " · ".join(f"[{'0–9' if name == '0' else name.upper()}]({name}.md)" for name in letters)
    listing += f"\n\n{datasheet('sources', level=2)}\n\n{_to_file('sources', '../tables/files')}"
    files["sources/index.md"] = _index(word("site_sources"), word("site_sources_intro"), list(letters), listing)
    parts = ["notebooks/index", "ledger/index", "tables/index", "sources/index"]
    guide = [] if students else sorted([*GUIDE.glob("*.md"), *MADE_GUIDE.glob("*.md")])
    for path in guide:
        files[f"guide/{path.name}"] = linked(path.read_text(encoding="utf-8"), titles, path.parent.relative_to(ROOT).as_posix())
    front = files.pop("guide/README.md", None)
    guide = [path for path in guide if path.stem != "README"]
    if guide:
        heads = {path.stem: re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE) for path in guide}
        listing = "\n".join(f"- [{head[1] if head else stem}]({stem}.md)" for stem, head in heads.items())
        index = _index(word("site_guide"), word("site_guide_intro"), list(heads), listing)
        files["guide/index.md"] = f"{front}\n\n{index[index.index('```') :]}" if front else index
        parts.append("guide/index")
    names = [word(f"site_{part.split('/')[0].replace('notebooks', 'lessons')}") for part in parts]
    intros = [word("site_lessons_intro"), *(word(f"site_{part.split('/')[0]}_intro") for part in parts[1:])]
    listing = "\n".join(f"- **[{name}]({part}.md)**: {intro}" for name, part, intro in zip(names, parts, intros, strict=True))
    title = f"{word('site_title')}: {word('site_edition').lower()}"
    intro = f"{word('site_about')}\n\n{word('site_home')}"
    files["index.md"] = _index(title, intro, parts, f"{listing}\n\n{word('site_foot')}")
    return files


# Sphinx


def settings() -> dict:
    """Return Sphinx's configuration: MyST-NB reads, the PyData theme draws, nothing is fetched or run."""
    return {
        "project": word("site_title"),
        "html_title": f"{word('site_title')}, {word('site_edition').lower()}",
        "language": LANGUAGE,
        "extensions": ["myst_nb"],
        "nb_execution_mode": "off",
        "nb_render_markdown_format": "myst",
        "nb_mime_priority_overrides": [("html", "text/markdown", 5)],
        "myst_heading_anchors": 3,
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
        "html_context": {"default_mode": "light", "reading_footer": word("site_footer")},
        "templates_path": ["_templates"],
        "html_static_path": ["_static"],
        "html_css_files": ["site.css"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_search_summary": False,  # summaries are fetched, and a page opened from a folder may not fetch
        "html_permalinks": False,
        "smartquotes": False,  # a quotation stays as the lesson writes it
        "html_use_index": False,
        "suppress_warnings": ["mystnb.unknown_mime_type", "myst.header"],
    }


def make(lessons: list[Lesson], out: Path, students: bool = False) -> list[Path]:
    """Write the site and return the pages. Raise TeachError with Sphinx's warnings if a link leads nowhere."""
    import io

    from sphinx.application import Sphinx

    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        for name, text in sources_of_site(lessons, students).items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        for folder, name in (("_static", "site.css"), ("_templates", "reading-footer.html"), ("_templates", "layout.html")):
            (source / folder).mkdir(exist_ok=True)
            shutil.copy(LOOK / "site" / name, source / folder / name)
        shutil.copytree(DATASETS, source / "tables" / "files", ignore=shutil.ignore_patterns("*.md", "*.json"))
        warnings = io.StringIO()
        built = Path(scratch) / "built" / "html"  # MyST-NB writes beside it
        app = Sphinx(source, None, built, Path(scratch) / "trees", "html", settings(), status=None, warning=warnings, parallel=2)
        app.build()
        said = [line for line in warnings.getvalue().splitlines() if "WARNING" in line or "ERROR" in line]
        if said:
            raise TeachError("\n".join(line.replace(str(source), "") for line in said))
        for name in ("objects.inv", ".buildinfo", "_static/webpack-macros.html"):
            (built / name).unlink(missing_ok=True)
        shutil.rmtree(built / "_sources", ignore_errors=True)  # empty, as html_copy_source is off
        for path in built.rglob("*.map"):  # for those who debug the theme
            path.unlink()
        for path in built.rglob("*.html"):  # a fold is called by what is written on it
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(' aria-label="Toggle hidden content"', ""), encoding="utf-8", newline="\n")
        if out.exists():
            shutil.rmtree(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(built, out)
    return sorted(out.rglob("*.html"))
