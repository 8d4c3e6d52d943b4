"""Make everything that is made: the notebooks and keys from the lessons, the pages of the guide, the checksums of the tables.

What a lesson was made from, and what was made, stands in the lock (see ``lock``). A lesson's products are replaced together and only when
all of them came out; a notebook that holds anything else is copied aside first. A build says what moved.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from .. import claims
from ..audits import AUDITS
from ..data import package
from ..doors import ROOT
from ..messages import CourseError
from . import moved, rules
from .lessons import EDITIONS, KEYS, MADE, lessons, notebook_path
from .lock import (
    LOCK,
    differences,
    digest,
    inputs,
    is_ours,
    lock_text,
    parts_of,
    products,
    read_lock,
    replace_together,
    shown,
    stale_lesson,
    sweep,
)
from .pages import made_pages, made_pictures, unfit
from .slips import idle, questions, slips
from .tables import made_files, problems, stale_tables

PICTURE = MADE / "front.png"
FRONT_LESSON = "01_resources"
KEPT = ROOT / "my_course" / "kept"  # where a notebook that a person changed is kept before it is replaced; ignored by git
WORKERS = 2
PICTURE_NOISE = 0.002  # share of pixels that may differ between two processors for what is the same picture


class BuildError(RuntimeError):
    """Something that cannot be made: its message says where and why."""


# pages and picture


def front_picture() -> bytes:
    """Return the README's picture: the first figure of the lesson on resources, as stored in the learner's notebook."""
    for cell in nbformat.read(notebook_path(FRONT_LESSON, "learner"), as_version=4).cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                return base64.b64decode(output["data"]["image/png"])
    raise BuildError(f"{FRONT_LESSON} has no figure to show on the front page.")


# lessons


def results(names: list[str]) -> Iterator[tuple[str, dict]]:
    """Yield (lesson, what its run gave) as the workers finish. They end with this process, however it ends, and their kernels with them."""
    command = [sys.executable, "-m", "course.make.worker"]
    own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}
    todo = list(names)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8", "cwd": ROOT, **own_group}
    workers = [subprocess.Popen(command, **pipes) for _ in range(min(WORKERS, len(todo)))]
    busy: dict[subprocess.Popen, str] = {}

    def give(worker: subprocess.Popen) -> None:
        if todo:
            busy[worker] = todo.pop(0)
            worker.stdin.write(busy[worker] + "\n")
            worker.stdin.flush()

    answers: queue.Queue[tuple[subprocess.Popen, str]] = queue.Queue()

    def listen(worker: subprocess.Popen) -> None:
        for line in worker.stdout:
            answers.put((worker, line))
        answers.put((worker, ""))

    for worker in workers:
        threading.Thread(target=listen, args=[worker], daemon=True).start()
        give(worker)
    try:
        while busy:
            worker, line = answers.get()
            name = busy.pop(worker, None)
            if name is not None:
                yield name, json.loads(line) if line else {"error": f"course/lessons/{name}.md: its worker ended without an answer"}
            if line:
                give(worker)
    finally:
        for worker in workers:
            worker.stdin.close()  # its end is theirs


def keep(path: Path) -> Path:
    """Copy a file that a person changed to the folder of kept files, under a number that no other has, and return where."""
    KEPT.mkdir(parents=True, exist_ok=True)
    stem = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "-")
    number = 1
    while (place := KEPT / f"{stem}-{number}{path.suffix}").exists():
        if place.read_bytes() == path.read_bytes():
            return place
        number += 1
    shutil.copy2(path, place)
    return place


def same_picture(one: str, other: str) -> bool:
    """Say whether two pictures (PNG, base64) are the same but for the last bits, which depend on the processor."""
    import numpy as np
    from PIL import Image

    first, second = (np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB"), dtype=int) for text in (one, other))
    return first.shape == second.shape and (abs(first - second).max(axis=2) > 24).mean() <= PICTURE_NOISE


def keep_pictures(new: str, old: nbformat.NotebookNode | None, trusted: set[str]) -> str:
    """Return the new notebook's text with the old bytes of each picture that only another processor drew otherwise."""
    if old is None:
        return new
    book = nbformat.reads(new, as_version=4)
    before = {
        cell.id: [out["data"]["image/png"] for out in cell.get("outputs", []) if "image/png" in out.get("data", {})] for cell in old.cells
    }
    for cell in book.cells:
        pictures = [out for out in cell.get("outputs", []) if "image/png" in out.get("data", {})]
        stored = before.get(cell.id, []) if cell.id in trusted else []
        for out, was in zip(pictures, stored, strict=False):
            if out["data"]["image/png"] != was and same_picture(out["data"]["image/png"], was):
                out["data"]["image/png"] = was
    return nbformat.writes(book, indent=1).rstrip("\n") + "\n"


def stored_notebook(path: Path) -> nbformat.NotebookNode | None:
    """Return a stored notebook, or None if there is none that can be read."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # missing, or damaged in any way: then there is nothing to compare with
        return None


def place(name: str, made: dict, lock: dict) -> list[str]:
    """Put the products of a lesson in place, all together, and return what moved and what was kept aside."""
    where = products(name)
    now = inputs(name, [tuple(one) for one in made["read"]], made["modules"])
    locked = lock.get(name)
    texts = {kind: made[kind] for kind in EDITIONS} | {"keys": json.dumps(made["keys"], indent=1, ensure_ascii=False) + "\n"}
    old = {kind: stored_notebook(where[kind]) for kind in EDITIONS}
    for kind in EDITIONS:
        if locked and locked["inputs"] == now and old[kind] is not None:
            stored = parts_of(kind, where[kind].read_text(encoding="utf-8"))
            trusted = {cell for cell, was in locked["products"][kind]["parts"].items() if stored.get(cell) == was}
            texts[kind] = keep_pictures(texts[kind], old[kind], trusted)
    lines = []
    for kind in EDITIONS:
        if where[kind].exists() and not is_ours(where[kind], lock):
            lines.append(f"LOOK   {shown(where[kind])} held something that no build made; it is kept as {shown(keep(where[kind]))}")
    if old["solutions"] is not None and is_ours(where["solutions"], lock):
        lines += [
            f"moved  {name}: {line}" for line in moved.in_notebook(old["solutions"], nbformat.reads(texts["solutions"], as_version=4))
        ]
    if where["keys"].exists() and is_ours(where["keys"], lock):
        lines += [f"moved  {name}: {line}" for line in moved.in_keys(json.loads(where["keys"].read_text(encoding="utf-8")), made["keys"])]
    parts = {kind: {"file": digest(text), "parts": parts_of(kind, text)} for kind, text in texts.items()}
    lock[name] = {"inputs": now, "products": parts}
    replace_together({where[kind]: text for kind, text in texts.items()} | {LOCK: lock_text(lock)})
    return lines


# audits


def audit_faults() -> list[str]:
    """Return a sentence for each audit that cannot be computed, or whose claim gives no figure to compare with."""
    lines = []
    for name in AUDITS:
        said = f"course/audits.py: the audit of {name}"
        try:
            row = claims.find(name)
            if row[["value_low", "value_high"]].isna().all() or not isinstance(row["unit"], str):
                lines.append(f"{said}: the claim's row in datasets/claims.csv gives no figure (value_low, value_high) or no unit.")
            claims.audit(name)
        except CourseError as error:
            lines.append(f"{said}: {error}")
        except Exception as error:  # whatever a calculation of one line may raise
            lines.append(f"{said} cannot be computed: {type(error).__name__}: {error}")
    return lines


# what is stale


def stale_pages() -> list[str]:
    """Return a line for each computed page of the guide that is no longer what the lessons, keys and ledger say."""
    return unfit() or differences(made_pages(), "is not what the lessons and the ledger say")


def stale_picture() -> list[str]:
    """Return a line if the README's picture is no longer the notebook's figure."""
    return [] if PICTURE.exists() and PICTURE.read_bytes() == front_picture() else [f"{shown(PICTURE)} is not the notebook's figure"]


def orphans() -> list[str]:
    """Return a line for each solution, key or entry of the lock that no lesson makes."""
    expected = {path for name in lessons() for path in products(name).values()}
    found = {path for path in EDITIONS["solutions"].rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts} | set(KEYS.glob("*.json"))
    gone = sorted(set(read_lock()) - set(lessons()))
    return [f"{shown(path)} has no lesson" for path in sorted(found - expected)] + [
        f"the lock names {name}, which is no lesson" for name in gone
    ]


def stale() -> list[str]:
    """Return a line for each rule that a lesson breaks, each audit that fails, and each made file that is not what its sources make."""
    broken = [line for lines in rules.problems().values() for line in lines] + audit_faults()
    if tables := stale_tables():
        return broken + tables  # while the tables are not sealed, nothing made from them can be judged
    lock = read_lock()
    made = [line for name in lessons() for line in stale_lesson(name, lock)]
    return [*broken, *made, *(stale_pages() + stale_picture() if not made else []), *orphans()]


# the command


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m course build", description="Make the notebooks, the computed pages and the checksums.")
    parser.add_argument("lessons", nargs="*", help="lessons to build even if they are up to date, e.g. 01_resources")
    parser.add_argument("--check", action="store_true", help="build nothing; say what is stale, and exit with 1 if anything is")
    parser.add_argument("--all", action="store_true", help="build every lesson: the proof that what is stored is what the sources make")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.lessons) - set(lessons()))
    if unknown:
        parser.error(f"no lesson called {', '.join(unknown)}; the lessons are: {', '.join(lessons())}")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Build what is stale (or the lessons named, or all), or with --check only say what is. Return an exit status."""
    options = _options(arguments)
    asked = [] if (faults := problems()) else questions()
    faults = faults or slips(asked)  # what a descriptor does not allow, or looks like a slip, stops here, with its line and column
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    for line in idle(asked):
        print(f"LOOK   {line}", file=sys.stderr)
    if options.check:
        lines = stale()
        print("\n".join(lines) if lines else "Everything is up to date.")
        return 1 if lines else 0
    try:
        return _build(options)
    except KeyboardInterrupt:
        print("\nStopped. What was not finished is as it was before; run the same command again.", file=sys.stderr)
        return 130


def _put(wanted: dict[Path, str | bytes]) -> None:
    """Put in place the files that differ, and say which."""
    changed = {
        path: text
        for path, text in wanted.items()
        if not path.exists() or path.read_bytes() != (text if isinstance(text, bytes) else text.encode())
    }
    if changed:
        replace_together(changed)
    for path in changed:
        print(f"made   {shown(path)}", flush=True)


def _build(options: argparse.Namespace) -> int:
    sweep()
    _put(made_files())
    package.cache_clear()
    lock = {name: entry for name, entry in read_lock().items() if name in lessons()}
    todo = lessons() if options.all else options.lessons or [name for name in lessons() if stale_lesson(name, lock)]
    if wrong := audit_faults():  # of all audits, also those that no lesson shows
        print("\n".join(wrong), file=sys.stderr)
        return 1
    broken = rules.problems()
    failed = len(broken)  # a broken rule is a failure, also of a lesson that is up to date
    for lines in broken.values():
        print("\n".join(f"RULE   {line}" for line in lines), file=sys.stderr, flush=True)
    todo = [name for name in todo if name not in broken]
    for name in todo:
        print(f"build  {name}: {'asked for' if options.all or options.lessons else stale_lesson(name, lock)[0]}", flush=True)
    for name, made in results(todo):
        begun = time.perf_counter()
        if "error" in made:
            failed += 1
            print(f"FAILED {made['error']}", file=sys.stderr, flush=True)
            continue
        for line in place(name, made, lock):
            print(line, flush=True)
        print(f"built  {name} in {made['seconds'] + time.perf_counter() - begun:.0f} s", flush=True)
    unproven = [name for name in lessons() if stale_lesson(name, lock)]
    if unproven:
        print(f"LOOK   the pages of the guide wait for {', '.join(unproven)}", file=sys.stderr)
    elif wrong := unfit():
        failed += 1
        print("\n".join(f"FAILED {line}" for line in wrong), file=sys.stderr)
    else:
        _put({**made_pages(), **made_pictures(), PICTURE: front_picture()})
    if not todo and not failed:
        print("Everything is up to date.")
    for line in orphans():
        print(f"LOOK   {line}")
    return 1 if failed else 0
