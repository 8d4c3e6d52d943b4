"""Make everything that is made: the notebooks from the lessons, the datasheets page and the checksums from the tables.

A lesson is one MyST Markdown file (``course/lessons/<path>.md``), read by Jupytext. It becomes two executed notebooks: the learner's
(``notebooks/<path>.ipynb``) and the instructor's (``course/made/solutions/<path>.ipynb``). In a code cell, ``{{ expression }}`` is a blank:
learners see ``...``, instructors the expression. In a text cell, ``{{ expression:format }}`` is a figure: the build
computes it in the kernel at that place and writes it into the sentence, so that no figure is typed into prose. Tags of a cell:

- ``key``: runs at build only, right after its exercise; its calls of ``key(...)`` become ``course/made/keys/<path>.json``.
- ``teacher``: text for instructors only.
- ``reveal``: the learner's output is stored folded, so that the answer shows when the cell is run; ``reveal-code`` folds its code too.

Which theme a lesson treats is not said in the lesson but in ``course/guide/themes.csv`` (theme, lesson, section, claim); the build
checks it against the lessons and writes ``course/guide/coverage.md``.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from .. import _HOME
from ..audits import AUDITS
from ..claims import LESSONS
from ..data import DATASETS, package, tables
from ..doors import ROOT, declared
from ..exercises import KEY_MIME, KEYS, key_path
from .coverage import coverage_pages
from .instructors import made_pages
from .tables import made_files, problems, stale_tables

EDITIONS = {"learner": ROOT / "notebooks", "solutions": ROOT / "course" / "made" / "solutions"}
PICTURE = ROOT / "course" / "made" / "front.png"
FRONT_LESSON = "01_resources"
BLANK = re.compile(r"\{\{\s*(.+?)\s*\}\}", flags=re.DOTALL)
NOT_SHOWN = {"__main__.py", "bench.py", "coverage.py", "instructors.py"}  # modules that cannot change a notebook; all others can
COLOUR_CODE = re.compile(r"\x1b\[[0-9;]*m")
SECONDS_A_CELL = 60
ALONE = {
    "title",
    "question",
    "objectives",
    "minutes",
    "note",
    "limits",
    "discuss",
    "reading",
    "sources",
}  # tags that stand once in a lesson
QUIET = ["--IPKernelApp.log_level=40"]  # the kernel's remark on unencrypted loopback is no news to a learner


class BuildError(RuntimeError):
    """A lesson that cannot become a notebook: its message says where and why."""


# lessons


def lessons() -> list[str]:
    """Return the lessons' names, as paths without suffix (``01_resources``, ``more/four_per_cent``)."""
    return sorted(path.relative_to(LESSONS).with_suffix("").as_posix() for path in LESSONS.rglob("*.md"))


def notebook_path(name: str, edition: str) -> Path:
    """Return where the notebook of a lesson is stored; edition is learner or solutions."""
    return EDITIONS[edition] / f"{name}.ipynb"


def digest(name: str) -> str:
    """Return a fingerprint of all that a lesson's notebooks depend on: its text, its tables, the package, the pinned versions."""
    text = (LESSONS / f"{name}.md").read_text(encoding="utf-8")
    homes = {home for name, home in _HOME.items() if re.search(rf"\b{name}\b", text)}
    read = text + "".join((ROOT / "course" / f"{home}.py").read_text(encoding="utf-8") for home in sorted(homes))
    audited = {table for claim, audit in AUDITS.items() if claim in text for table in audit.tables}
    always = {"claims", "sources", "verdicts"} | audited
    used = [table for table in tables() if table in always or re.search(rf"[\"']{table}[\"']", read)]
    parts = [text, json.dumps(declared())]
    parts += [hashlib.sha256((DATASETS / f"{table}.csv").read_bytes()).hexdigest() for table in used]
    parts += [json.dumps(entry) for entry in package()["resources"] if entry["name"] in used]
    modules = sorted(path for path in (ROOT / "course").glob("*.py") if path.name not in NOT_SHOWN)
    parts += [path.read_text(encoding="utf-8") for path in modules]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def read_lesson(name: str) -> nbformat.NotebookNode:
    """Read a lesson as a notebook, blanks and build cells still in it."""
    return jupytext.reads((LESSONS / f"{name}.md").read_text(encoding="utf-8"), fmt="md:myst")


def edition_of(lesson: nbformat.NotebookNode, name: str, edition: str) -> nbformat.NotebookNode:
    """Return the notebook of one edition, not yet run: blanks cut or filled, build cells kept with their tag ``key``."""
    learner = edition == "learner"
    book = nbformat.v4.new_notebook()
    book.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        "triple_extraction": {"lesson": name, "edition": edition, "digest": digest(name)},
    }
    number = 0
    for cell, name_of_cell in zip(lesson.cells, cell_ids(lesson), strict=True):
        tags = set(cell.metadata.get("tags", []))
        number += "section" in cell.metadata
        if learner and tags & {"key", "teacher"}:
            continue
        source = cell.source
        if cell.cell_type == "code":
            source = BLANK.sub("..." if learner else r"\1", source)
            new = nbformat.v4.new_code_cell(f"from course import key\n\n{source}" if "key" in tags else source)
        else:
            if "title" in tags and not learner:
                source += f"\n\n*Solutions, for instructors. Learners open `notebooks/{name}.ipynb`.*"
            new = nbformat.v4.new_markdown_cell(_numbered(source, number, cell.metadata))
        jupyter = {}
        if learner and tags & {"reveal", "reveal-code"}:
            jupyter["outputs_hidden"] = True
        if learner and "reveal-code" in tags:
            jupyter["source_hidden"] = True
        if jupyter:
            new.metadata["jupyter"] = jupyter
        if tags:
            new.metadata["tags"] = sorted(tags)
        if "section" in cell.metadata:
            new.metadata["section"] = cell.metadata["section"]
        new.id = name_of_cell
        book.cells.append(new)
    return _formatted(book)


def _numbered(source: str, number: int, said: dict) -> str:
    """Return a text cell with its heading's number and minutes, where it opens a section that has them."""
    if "section" not in said or said.get("unnumbered"):
        return source
    head, _, rest = source.partition("\n")
    minutes = f" ({said['minutes']} minutes)" if "minutes" in said else ""
    return f"## {number} · {head.removeprefix('## ')}{minutes}" + (f"\n{rest}" if rest else "")


def cell_ids(lesson: nbformat.NotebookNode) -> list[str]:
    """Return an id for each cell of a lesson that stays when its words change.

    A section gives its name; an exercise, a prediction or a claim the name it is called by; other cells count from the nearest of
    these above them.
    """
    found: list[str] = []
    anchor, count = "top", 0
    for cell in lesson.cells:
        tags = set(cell.metadata.get("tags", []))
        alone = tags & ALONE
        own = f"section-{cell.metadata['section']}" if "section" in cell.metadata else alone.pop() if alone else _called(cell)
        if "key" in tags:
            found.append(f"{anchor}--key-{count}" if f"{anchor}--key-{count}" not in found else f"{anchor}--key-{count}-{len(found)}")
        elif own and own not in found:
            anchor, count = own, 0
            found.append(own)
        else:
            count += 1
            found.append(f"{anchor}--{count}")
    return found


def _called(cell: nbformat.NotebookNode) -> str:
    """Return the name by which a code cell can be called: that of its first exercise, prediction, claim or verdict; empty if none."""
    if cell.cell_type != "code" or "key" in cell.metadata.get("tags", []):
        return ""
    calls = re.findall(r'^(check|predict|outcome|verdict|claim|stance)\(\s*"([a-z0-9_-]+)"', cell.source, flags=re.MULTILINE)
    for wanted in ("check", "predict", "stance", "verdict", "outcome", "claim"):
        for function, name in calls:
            if function == wanted:
                return f"{function}-{name}"[:60]
    return ""


def _formatted(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook with its code cells in Ruff's format, by the settings of the notebooks' folder."""
    place = EDITIONS["learner"] / "any.ipynb"
    command = [sys.executable, "-m", "ruff", "format", "--no-cache", "--stdin-filename", str(place), "-"]
    done = subprocess.run(command, input=nbformat.writes(book), capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    if done.returncode:
        raise BuildError(f"{book.metadata.triple_extraction.lesson}: a code cell is not Python: {done.stderr.strip()}")
    return nbformat.reads(done.stdout, as_version=4)


def _same(stored: nbformat.NotebookNode, made: nbformat.NotebookNode) -> bool:
    """Say whether a stored cell is the made one; a figure in a sentence may be any text, the tables' digest answers for it."""
    if (stored.id, stored.cell_type, stored.metadata) != (made.id, made.cell_type, made.metadata):
        return False
    if made.cell_type == "code":
        return stored.source == made.source
    fixed = BLANK.split(made.source)[::2]  # split() also returns the expressions, at the odd places
    return re.fullmatch("[^\n]*?".join(map(re.escape, fixed)), stored.source) is not None


def _is_key(cell: nbformat.NotebookNode) -> bool:
    return "key" in cell.metadata.get("tags", [])


def _write(path: Path, text: str) -> bool:
    """Write a text file if its content changes; return whether it did."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")  # then renamed, so that nobody reads half a file
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
    return True


def _run(book: nbformat.NotebookNode, name: str, edition: str) -> None:
    """Execute a notebook in place. After a key cell, store the key and run its exercise again, now that ``check`` knows it."""
    folder = notebook_path(name, edition).parent
    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        book,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # else a line may be stored in two halves, as the kernel happened to send it
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=QUIET,
    )
    keys: dict[str, dict] = {}
    codes = [(index, cell) for index, cell in enumerate(book.cells) if cell.cell_type == "code"]
    if edition == "solutions":
        _write_keys(name, {})

    def run(place: int) -> str:
        """Run one code cell; return what went wrong, or nothing."""
        index, cell = codes[place]
        try:
            client.execute_cell(cell, index)
        except CellExecutionError as error:
            return f"{name} ({edition}), cell {index}: {COLOUR_CODE.sub('', str(error))}"
        return ""

    with client.setup_kernel():
        for index, cell in enumerate(book.cells):
            if cell.cell_type != "code":
                cell.source = BLANK.sub(lambda found, index=index: _figure(client, book, index, found[1]), cell.source)
                continue
            place = codes.index((index, cell))
            problem = run(place)
            if problem and place + 1 < len(codes) and _is_key(codes[place + 1][1]):
                continue  # check() does not know the exercise yet; it runs again below
            if _is_key(cell) and not problem:
                keys |= _keys_of(cell, name)
                _write_keys(name, keys)
                problem = run(place - 1)
            if problem:
                raise BuildError(problem)
    book.cells = [cell for cell in book.cells if not _is_key(cell)]
    for count, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if output.get("name") == "stderr":
                raise BuildError(f"{name} ({edition}): this cell writes a warning or an error:\n{cell.source}\n{output.text}")


def _figure(client: NotebookClient, book: nbformat.NotebookNode, index: int, expression: str) -> str:
    """Return what an expression of a sentence is worth at this place of the notebook, as an f-string writes it."""
    text_cell = book.cells[index]
    asked = nbformat.v4.new_code_cell(f'print(f"""{{{expression}}}""", end="")')
    try:
        client.execute_cell(asked, index)
    except CellExecutionError as error:
        raise BuildError(f"The sentence of cell {index} cannot compute {expression!r}: {COLOUR_CODE.sub('', str(error))}") from None
    finally:
        book.cells[index] = text_cell  # the client puts what it runs into the notebook
    return "".join(output.get("text", "") for output in asked.outputs)


def _keys_of(cell: nbformat.NotebookNode, name: str) -> dict[str, dict]:
    """Return the keys that a key cell has just declared, by exercise."""
    records = [output.get("data", {}).get(KEY_MIME) for output in cell.outputs]
    if None in records or not records:
        raise BuildError(f"{name}: a key cell calls key(), and shows nothing else:\n{cell.source}")
    return {record["name"]: record for record in records}


def _write_keys(name: str, keys: dict) -> None:
    _write(key_path(name), json.dumps(keys, indent=1, ensure_ascii=False) + "\n")


def build(name: str) -> str:
    """Build both editions of one lesson and return a line that says what was done."""
    begun = time.perf_counter()
    lesson = read_lesson(name)
    counts = []
    for edition in ("solutions", "learner"):  # the solutions first: they make the key the learner's checks read
        book = edition_of(lesson, name, edition)
        _run(book, name, edition)
        book.metadata.pop("widgets", None)
        nbformat.validate(book)
        _write(notebook_path(name, edition), nbformat.writes(book, indent=1).rstrip("\n") + "\n")
        counts.append(f"{edition} {len(book.cells)} cells")
    return f"built  {name}: {', '.join(counts)}, {time.perf_counter() - begun:.0f} s"


def stale_lesson(name: str) -> list[str]:
    """Return a line for each notebook or key of a lesson that is missing, edited by hand, or made from something else."""
    lines = []
    lesson = read_lesson(name)
    for edition in EDITIONS:
        path = notebook_path(name, edition)
        shown = path.relative_to(ROOT).as_posix()
        if not path.exists():
            lines.append(f"{shown} is missing")
            continue
        stored = nbformat.read(path, as_version=4)
        made = edition_of(lesson, name, edition)
        made.cells = [cell for cell in made.cells if not _is_key(cell)]
        if len(stored.cells) != len(made.cells) or not all(map(_same, stored.cells, made.cells)):
            lines.append(f"{shown} is not what its lesson says (edited by hand, or the lesson changed)")
        elif stored.metadata != made.metadata:
            lines.append(f"{shown} was made from other tables, another package or other versions")
    if not key_path(name).exists():
        lines.append(f"{key_path(name).relative_to(ROOT).as_posix()} is missing")
    return lines


def front_picture() -> bytes:
    """Return the README's picture: the first figure of the lesson on resources, as stored in the learner's notebook."""
    for cell in nbformat.read(notebook_path(FRONT_LESSON, "learner"), as_version=4).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output["data"]["image/png"])
    raise BuildError(f"{FRONT_LESSON} has no figure to show on the front page.")


def stale_pages() -> list[str]:
    """Return a line for each computed page of the guide that is no longer what the lessons, keys and ledger say."""
    return [
        f"{path.relative_to(ROOT).as_posix()} is not what the lessons and the ledger say"
        for path, text in (made_pages() | coverage_pages()).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def stale_picture() -> list[str]:
    """Return a line if the README's picture is no longer the notebook's figure."""
    fresh = PICTURE.exists() and PICTURE.read_bytes() == front_picture()
    return [] if fresh else [f"{PICTURE.relative_to(ROOT).as_posix()} is not the notebook's figure"]


def orphans() -> list[str]:
    """Return a line for each notebook or key that no lesson makes."""
    expected = {key_path(name) for name in lessons()}
    expected |= {notebook_path(name, edition) for name in lessons() for edition in EDITIONS}
    found = {path for folder in EDITIONS.values() for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    return [f"{path.relative_to(ROOT).as_posix()} has no lesson" for path in sorted((found | set(KEYS.glob("*.json"))) - expected)]


def stale() -> list[str]:
    """Return a line for each made file that is not what its sources make."""
    notebooks = [line for name in lessons() for line in stale_lesson(name)]
    return [*stale_tables(), *notebooks, *stale_pages(), *stale_picture(), *orphans()]


def main(arguments: list[str] | None = None) -> int:
    """Build what is stale (or the lessons named), or with --check only say what is. Return an exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m course build", description="Make the notebooks, the datasheets page and the checksums."
    )
    parser.add_argument("lessons", nargs="*", help="lessons to build even if they are up to date, e.g. 01_resources")
    parser.add_argument("--check", action="store_true", help="build nothing; say what is stale, and exit with 1 if anything is")
    parser.add_argument("--all", action="store_true", help="build every lesson")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.lessons) - set(lessons()))
    if unknown:
        parser.error(f"no lesson called {', '.join(unknown)}; the lessons are: {', '.join(lessons())}")
    faults = problems()  # a table that its descriptor does not allow stops here, with its line and column
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    if options.check:
        lines = stale()
        print("\n".join(lines) if lines else "Everything is up to date.")
        return 1 if lines else 0
    for path, text in made_files().items():
        if _write(path, text):
            print(f"made   {path.relative_to(ROOT).as_posix()}", flush=True)
    package.cache_clear()
    todo = lessons() if options.all else options.lessons or [name for name in lessons() if stale_lesson(name)]
    failed = 0
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = {name: pool.submit(build, name) for name in todo}
        for name, job in jobs.items():
            print(f"build  {name} ...", flush=True)
            try:
                print(job.result(), flush=True)
            except Exception as error:  # one broken lesson must not hide what the others say
                failed += 1
                print(f"FAILED {name}: {error}", file=sys.stderr, flush=True)
    for path, text in (made_pages() | coverage_pages()).items():
        if _write(path, text):
            print(f"made   {path.relative_to(ROOT).as_posix()}", flush=True)
    if stale_picture():
        PICTURE.write_bytes(front_picture())
        print(f"made   {PICTURE.relative_to(ROOT).as_posix()}")
    if not todo:
        print("Everything is up to date.")
    for line in orphans():
        print(f"LOOK   {line}")
    return 1 if failed else 0
