"""The lock: what each lesson was made from, and a checksum of everything that was made, cell by cell and exercise by exercise.

One file, ``course/made/lock.json``. With it a changed figure in a sentence, an output or a key is found in a second, without running
anything; that the lock itself is true is what a rebuild proves (``python -m course build --all``, then a clean ``git status``).
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd

from .. import data, doors
from ..doors import ROOT
from ..exercises import key_path
from .lessons import EDITIONS, KEYS, LESSONS, MADE, lesson_text, notebook_path

LOCK = MADE / "lock.json"
PENDING = MADE / ".pending.json"  # checksums of files that a build is about to put in place
MAKERS = ("lessons", "minutes", "run")  # modules of course/make that shape a notebook
ROWS = ("claims", "sources", "speakers")  # tables of which a lesson rests on single rows
AUDITS = ROOT / "course" / "audits.py"  # of which a lesson rests on the audits that it runs
WORDS = {"modules": "module", "tables": "table", "audits": "audit", "claims": "claim", "sources": "source", "speakers": "speaker"}


def digest(content: str | bytes) -> str:
    """Return a short checksum, the same whatever the line ends that git or an editor gave a text."""
    content = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:12]


def products(lesson: str) -> dict[str, Path]:
    """Return where the products of a lesson stand: learner, solutions, keys."""
    return {edition: notebook_path(lesson, edition) for edition in EDITIONS} | {"keys": KEYS / key_path(lesson).name}


def shown(path: Path) -> str:
    """Return a path as it is said: from the top of the course, or by its folder where it is elsewhere."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else f"{path.parent.name}/{path.name}"


# what a lesson is made from


def code_digest(path: Path) -> str:
    """Return a checksum of a module without its comments and empty lines: what they say changes no notebook."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return digest("\n".join(line.rstrip() for line in lines if line.strip()))


def _module_path(name: str) -> Path:
    place = ROOT.joinpath(*name.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@cache
def _row_digests(table: str, content: bytes) -> dict[str, str]:
    rows = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8")
    return {row.iloc[0]: digest(json.dumps(row.to_dict(), ensure_ascii=False)) for _, row in rows.iterrows()}


def _table_digest(name: str) -> str:
    entry = {field: value for field, value in data.resource(name).items() if field not in ("bytes", "hash")}
    return digest((data.DATASETS / entry["path"]).read_bytes() + json.dumps(entry, sort_keys=True).encode())


def _names(node: ast.AST) -> set[str]:
    """Return the names that a definition or an import at the top of a module gives."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name for alias in node.names}
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


@cache
def audit_digests(text: str) -> dict[str, str]:
    """Return {claim: checksum} of the audits of a module: each with all that it uses of the module, at any depth."""
    body = ast.parse(text).body
    defined = {name: node for node in body for name in _names(node)}
    entries = defined.pop("AUDITS").value
    found = {}
    for claim, entry in zip(entries.keys, entries.values, strict=True):
        used: dict[str, str] = {"": ast.dump(entry)}
        todo = [entry]
        while todo:
            for node in ast.walk(todo.pop()):
                if isinstance(node, ast.Name) and node.id in defined and node.id not in used:
                    used[node.id] = ast.dump(defined[node.id])
                    todo.append(defined[node.id])
        found[ast.literal_eval(claim)] = digest(json.dumps(used, sort_keys=True))
    return found


def _input_digest(kind: str, name: str) -> str:
    """Return the checksum of one input as it is now, ``gone`` if it is not there any more."""
    try:
        if kind == "tables":
            return _table_digest(name)
        if kind == "modules":
            return code_digest(_module_path(name))
        if kind == "audits":
            return audit_digests(AUDITS.read_text(encoding="utf-8"))[name]
        return _row_digests(kind, (data.DATASETS / f"{kind}.csv").read_bytes())[name]
    except (KeyError, OSError, data.CourseError):
        return "gone"


def text_digest(lesson: str) -> str:
    """Return the checksum of all that shapes a lesson's notebooks beside what they read: its text, the makers, the pinned versions."""
    makers = [code_digest(ROOT / "course" / "make" / f"{name}.py") for name in MAKERS]
    return digest("\0".join([lesson_text(lesson), *makers, json.dumps(doors.declared(), sort_keys=True)]))


def inputs(lesson: str, read: list[tuple[str, str]], modules: list[str]) -> dict:
    """Return the inputs of a lesson with their checksums: its text, the tables, rows and audits that it read, the modules it imported."""
    named: dict[str, list[str]] = {kind: [] for kind in WORDS} | {"modules": [name for name in modules if name != "course.audits"]}
    for table, row in read:
        named[table if row else "tables"].append(row or table)
    for kind in ROWS:  # who read the whole table rests on every row
        named[kind] = [] if kind in named["tables"] else named[kind]
    found = {kind: {name: _input_digest(kind, name) for name in sorted(names)} for kind, names in named.items()}
    return {"text": text_digest(lesson)} | found


def moved_inputs(lesson: str, locked: dict) -> list[str]:
    """Return the names of the inputs that are not as they were when the lesson was made."""
    found = [] if locked["text"] == text_digest(lesson) else ["its text, the makers or the pinned versions"]
    for kind, said in WORDS.items():
        found += [f"{said} {name}" for name, was in locked.get(kind, {}).items() if was != _input_digest(kind, name)]
    return found


# what was made


def cell_digests(book: nbformat.NotebookNode) -> dict[str, str]:
    """Return a checksum for each cell of a notebook: its text, its outputs with every byte of a picture, what it is for."""
    return {cell.id: digest(json.dumps(cell, sort_keys=True, ensure_ascii=False)) for cell in book.cells}


def key_digests(keys: dict) -> dict[str, str]:
    """Return a checksum for each exercise of a key."""
    return {name: digest(json.dumps(record, sort_keys=True, ensure_ascii=False)) for name, record in keys.items()}


def parts_of(kind: str, text: str) -> dict[str, str]:
    """Return the checksums of the parts of a product; ``kind`` is learner, solutions or keys. ValueError if it cannot be read."""
    if kind == "keys":
        return key_digests(json.loads(text))
    return cell_digests(nbformat.reads(text, as_version=4))


def read_lock() -> dict:
    """Return the lock: {lesson: {inputs, products}}; empty if there is none."""
    return json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else {}


def lock_text(lock: dict) -> str:
    """Return the lock as its file holds it, in an order that two branches can merge."""
    return json.dumps(lock, indent=1, sort_keys=True) + "\n"


def stale_lesson(lesson: str, lock: dict | None = None) -> list[str]:
    """Return a line for each product of a lesson that is missing, changed by hand (and where), or made from something else."""
    locked = (read_lock() if lock is None else lock).get(lesson)
    if locked is None:
        return [f"course/lessons/{lesson}.md was never built"]
    moved = moved_inputs(lesson, locked["inputs"])
    lines = [f"{shown(notebook_path(lesson, 'learner'))}: made before a change of {', '.join(moved)}"] if moved else []
    for kind, path in products(lesson).items():
        wanted = locked["products"][kind]
        if not path.exists():
            lines.append(f"{shown(path)} is missing")
        elif digest(path.read_bytes()) != wanted["file"]:
            try:
                found = parts_of(kind, path.read_text(encoding="utf-8"))
            except (ValueError, KeyError) as error:
                lines.append(f"{shown(path)} cannot be read: {error}")
                continue
            was, word = wanted["parts"], "exercise" if kind == "keys" else "cell"
            changed = [name for name in {**was, **found} if was.get(name) != found.get(name)]
            lines += [f"{shown(path)}, {word} {name}: not what the build made" for name in changed]
            if not changed:
                lines.append(f"{shown(path)}: not what the build made (its metadata or its layout)")
    return lines


def differences(wanted: dict[Path, str], what: str) -> list[str]:
    """Return a line for each made text file that is not as wanted, with its first line that differs; ``what`` ends the sentence."""
    lines = []
    for path, text in wanted.items():
        stored = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        made = text.splitlines()
        first = next((number for number, pair in enumerate(zip(stored, made, strict=False), start=1) if pair[0] != pair[1]), None)
        if not path.exists():
            lines.append(f"{shown(path)} is missing")
        elif first or len(stored) != len(made):
            lines.append(f"{shown(path)}, line {first or min(len(stored), len(made)) + 1}: {what}")
    return lines


def is_ours(path: Path, lock: dict) -> bool:
    """Say whether a file is, byte for byte, what a build put there: if not, it holds something that a person did."""
    pending = json.loads(PENDING.read_text(encoding="utf-8")) if PENDING.exists() else {}
    known = {entry["file"] for lesson in lock.values() for entry in lesson["products"].values()} | set(pending.values())
    return digest(path.read_bytes()) in known


def known(path: Path) -> bool:
    """Say whether a made file is, byte for byte, what the lock says stands at that place: only then may a page be made from it."""
    wanted = {place: entry["products"][kind]["file"] for lesson, entry in read_lock().items() for kind, place in products(lesson).items()}
    return path.is_file() and wanted.get(path) == digest(path.read_bytes())


# putting files in place


def keep_from_git(folder: Path) -> None:
    """Make a folder that holds names or marks, with an ignore file of its own, so that no git ever takes it in."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text("*\n", encoding="utf-8", newline="\n")


def replace_together(files: dict[Path, str | bytes]) -> None:
    """Put files in place so that no reader sees half of one, and that a build that stops in between is known as ours."""
    contents = {path: text if isinstance(text, bytes) else text.encode("utf-8") for path, text in files.items()}
    beside = {path: path.with_name(f".{path.name}.new") for path in contents}
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside[path].write_bytes(content)
    PENDING.write_text(json.dumps({shown(path): digest(content) for path, content in contents.items()}), encoding="utf-8")
    for path, new in beside.items():
        new.replace(path)
    PENDING.unlink()


def sweep() -> None:
    """Remove what an interrupted build left beside the files it was about to replace."""
    for folder in (*EDITIONS.values(), MADE, LESSONS, data.DATASETS):
        for path in folder.rglob(".*.new"):
            path.unlink()
