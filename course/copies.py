"""A learner's own copies of the notebooks: made on first opening, brought forward with the course, never lost.

They stand in ``my_course/``, which git does not track and no build touches. ``my_course/.base/`` holds what each was copied from, by
checksum, and ``kept/`` what a command of the course took out of the way. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path, PurePosixPath

from .merge import content, merged
from .messages import say

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
MINE = ROOT / "my_course"
LOCK = ROOT / "course" / "made" / "lock.json"
OTHERS = ".csv"  # what stands beside the notebooks for learners to fill in or to look at
ROOMS = ("course", "datasets", "tests")  # where a file that a newer course has no more is the course's, and would be in its way
SKIPPED = {"kept", ".base", ".ipynb_checkpoints"}


def digest(data: bytes) -> str:
    """Return a short checksum of a text, the same whatever its line ends (as the lock of the build has it)."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:12]


def _write(path: Path, data: bytes) -> None:
    """Put a file in place whole: whoever reads it, or stops us, never finds half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(data)
    new.replace(path)


def _text(book: dict) -> bytes:
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _read(path: Path) -> dict | None:
    """Return a notebook, or None if it cannot be read as one."""
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        return book if isinstance(book["cells"], list) and isinstance(book["metadata"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def lesson_of(book: dict | None) -> str:
    """Return the lesson that a notebook says it is, whatever its file is called; nothing if it is none of the course's."""
    own = book["metadata"].get("triple_extraction") if book else None
    return str(own.get("lesson", "")) if isinstance(own, dict) else ""


def folder(place: Path = MINE) -> Path:
    """Make a learner's folder if there is none, with the file that keeps it out of git, and return it."""
    place.mkdir(parents=True, exist_ok=True)
    if place == MINE and not (place / ".gitignore").exists():
        (place / ".gitignore").write_text("*\n", encoding="utf-8")
    return place


def pristine() -> dict[str, Path]:
    """Return {lesson: the course's notebook} of the notebooks for learners, in the order of the course."""
    found = {path.relative_to(NOTEBOOKS).with_suffix("").as_posix(): path for path in sorted(NOTEBOOKS.rglob("*.ipynb"))}
    made = _made()
    return {name: found[name] for name in sorted(found, key=lambda name: (name.count("/"), name)) if name in made}


def _made() -> dict[str, str]:
    """Return {lesson: checksum of the learner's notebook as it was made}."""
    return {name: entry["products"]["learner"]["file"] for name, entry in json.loads(LOCK.read_text(encoding="utf-8")).items()}


def changed_originals() -> list[Path]:
    """Return the course's notebooks that are not as they were made: somebody ran them, or wrote in them."""
    made = _made()
    return [path for name, path in pristine().items() if digest(path.read_bytes()) != made[name]]


def as_made(lesson: str, place: Path = MINE) -> bytes | None:
    """Return a notebook of the course as the build made it, also if somebody wrote in it: as git or a stored base has it, or None."""
    path, wanted = NOTEBOOKS / f"{lesson}.ipynb", _made()[lesson]
    stored = place / ".base" / f"{wanted}.ipynb"
    for way in (
        path.read_bytes,
        lambda: _git("show", f"HEAD:{path.relative_to(ROOT).as_posix()}"),
        lambda: stored.read_bytes() if stored.exists() else None,
    ):
        data = way()
        if data is not None and digest(data) == wanted:
            return data
    return None


def strangers() -> list[Path]:
    """Return the notebooks in the course's folder that are not the course's: a learner's own, a duplicate, a download."""
    known = set(pristine().values())
    return [path for path in sorted(NOTEBOOKS.rglob("*.ipynb")) if path not in known]


def mine(place: Path) -> dict[Path, dict]:
    """Return the learner's notebooks that come from a lesson, wherever they stand in the folder and whatever their names."""
    books = {path: _read(path) for path in sorted(place.rglob("*.ipynb")) if not SKIPPED & set(path.relative_to(place).parts)}
    return {path: book for path, book in books.items() if lesson_of(book)}


def numbered(path: Path) -> Path:
    """Return the path, or the first with a number after its name that does not exist yet."""
    names = (path, *(path.with_name(f"{path.stem}_{number}{path.suffix}") for number in range(2, 10_000)))
    return next(one for one in names if not one.exists())


# what the copies come from


def _base(place: Path, checksum: str) -> dict | None:
    """Return the notebook with this checksum that the learner's copies came from, if it was stored."""
    return _read(place / ".base" / f"{checksum}.ipynb") if checksum else None


def _store(place: Path, data: bytes) -> str:
    """Store what a copy comes from, and return its checksum."""
    path = place / ".base" / f"{digest(data)}.ipynb"
    if not path.exists():
        _write(path, data)
    return digest(data)


def _marked(book: dict, checksum: str, lesson: str) -> dict:
    """Return a notebook as a learner's copy, which says its lesson and what it was copied from."""
    own = {"lesson": lesson, **book["metadata"].get("triple_extraction", {}), "base": checksum}
    return {**book, "metadata": {**book["metadata"], "triple_extraction": own}}


def _came_from(book: dict) -> str:
    """Return the checksum of what a learner's notebook was copied from; nothing if it does not say."""
    return str(book["metadata"]["triple_extraction"].get("base", ""))


def _untouched(book: dict, base: dict | None) -> bool:
    """Say whether a learner's notebook holds nothing that its base does not: it may have been run."""
    return base is not None and [content(cell) for cell in book["cells"]] == [content(cell) for cell in base["cells"]]


def _seen(place: Path) -> dict:
    path = place / ".base" / "seen.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"others": {}, "originals": {}}


def keep(path: Path, name: str, place: Path = MINE) -> Path:
    """Copy a file to the folder of kept files under this name, numbered if another is called so, and return where it is."""
    data = path.read_bytes()
    target = place / "kept" / name
    for number in range(2, 10_000):
        if not target.exists() or target.read_bytes() == data:
            break
        target = place / "kept" / Path(name).with_stem(f"{Path(name).stem}_{number}")
    folder(place)
    _write(target, data)
    return target


# the commands


def adopt(place: Path = MINE) -> tuple[list[str], list[Path]]:
    """Copy, answers and all, each of the course's notebooks that a learner worked in; return (what was done, the notebooks copied)."""
    seen, lines, done = _seen(folder(place)), [], []
    made, have = _made(), mine(place)
    for path in changed_originals():
        name, book = path.relative_to(NOTEBOOKS).as_posix(), _read(path)
        checksum = digest(path.read_bytes())
        done.append(path)
        if seen["originals"].get(name) == checksum:
            continue
        seen["originals"][name] = checksum
        lesson = path.relative_to(NOTEBOOKS).with_suffix("").as_posix()
        known = as_made(lesson, place)
        base = json.loads(known) if known else None
        if known:
            _store(place, known)
        if book is None:
            lines.append(say("copy_unreadable_kept", file=f"notebooks/{name}", kept=_shown(keep(path, path.name, place), place)))
            continue
        if _untouched(book, base):
            continue
        target = place / name
        if target.exists() and not (target in have and _untouched(have[target], _base(place, _came_from(have[target])))):
            target = numbered(target)
        _write(target, _text(_marked(book, made[lesson], lesson)))
        lines.append(say("copy_adopted", file=f"notebooks/{name}", copy=_shown(target, place)))
    _write(place / ".base" / "seen.json", _text(seen))
    return lines, done


def _shown(path: Path, place: Path) -> str:
    return path.relative_to(place.parent).as_posix()


def bring(place: Path = MINE) -> list[str]:
    """Make the copies that a learner has not, bring those there are forward to the course as it is now, and return what was done."""
    lines = adopt(place)[0] if place == MINE else []  # on a hub the originals are the teacher's
    have, warnings = mine(place), []
    for lesson, path in pristine().items():
        data = as_made(lesson, place)
        if data is None:  # nobody knows how the course had it; the learner's work in it was copied above
            if lesson not in map(lesson_of, have.values()):
                warnings.append(say("reset_changed", file=path.name, lesson=lesson))
            continue
        checksum, new = digest(data), json.loads(data)
        own = {one: book for one, book in have.items() if lesson_of(book) == lesson}
        if not own:
            target = numbered(place / path.relative_to(NOTEBOOKS))
            _write(target, _text(_marked(new, checksum, lesson)))
        for one, book in own.items():
            was = _came_from(book)
            if was != checksum:
                lines += _forward(place, one, book, _base(place, was), new, checksum)
        _store(place, data)
    for path in sorted(place.rglob("*.ipynb")):
        if not SKIPPED & set(path.relative_to(place).parts) and _read(path) is None:
            warnings.append(say("copy_unreadable", file=_shown(path, place)))
    lines += _bring_others(place)
    if lines:  # on a hub nobody sees what is printed
        with (place / "updates.md").open("a", encoding="utf-8") as news:
            news.write("".join(f"- {line}\n" for line in lines))
    return lines + warnings


def _forward(place: Path, path: Path, book: dict, base: dict | None, new: dict, checksum: str) -> list[str]:
    """Bring one notebook forward; what was there before is kept if the learner had written in it."""
    result, beside = merged(book, base, new)
    if not _untouched(book, base):
        keep(path, f"{path.stem}_before_{checksum}.ipynb", place)
    _write(path, _text(_marked(result, checksum, lesson_of(book))))
    lines = [say("copy_forward", file=_shown(path, place))] if _untouched(book, base) else [say("copy_merged", file=_shown(path, place))]
    return lines + [say("copy_beside", file=_shown(path, place), cell=cell) for cell in beside]


def _bring_others(place: Path) -> list[str]:
    """Copy the course's tables that learners fill in; one that a learner changed stays, and a newer one of the course stands beside it."""
    seen, lines = _seen(place), []
    for path in sorted(NOTEBOOKS.rglob(f"*{OTHERS}")):
        name, data = path.relative_to(NOTEBOOKS).as_posix(), path.read_bytes()
        target = place / name
        was = seen["others"].get(name)
        if target.exists() and was == digest(data):
            continue
        if target.exists() and digest(target.read_bytes()) not in (was, digest(data)):
            target = numbered(target.with_name(f"{target.stem}_new{target.suffix}"))
            lines.append(say("copy_table_beside", file=_shown(place / name, place), new=target.name))
        _write(target, data)
        seen["others"][name] = digest(data)
    _write(place / ".base" / "seen.json", _text(seen))
    return lines


def _named(asked: str) -> str:
    """Return the one lesson whose name, or its file's, begins so. Raise SystemExit with a sentence if none or several do."""
    names = list(pristine())
    wanted = PurePosixPath(asked.replace("\\", "/")).as_posix().removesuffix(".ipynb").removeprefix("notebooks/").removeprefix("my_course/")
    found = [name for name in names if wanted in (name, name.split("/")[-1])]
    found = found or [name for name in names if name.startswith(wanted) or name.split("/")[-1].startswith(wanted)]
    if len(found) != 1:
        raise SystemExit(say("reset_many" if found else "reset_none", asked=asked, lessons=", ".join(found or names)))
    return found[0]


def reset(asked: str, place: Path = MINE) -> int:
    """Give a fresh copy of a lesson, and keep the learner's old one under the date and time. Return an exit status."""
    lesson = _named(asked)
    adopt(place)
    data = as_made(lesson, place)
    if data is None:
        raise SystemExit(say("reset_changed", file=f"notebooks/{lesson}.ipynb", lesson=lesson))
    target = folder(place) / f"{lesson}.ipynb"
    if target.exists():
        stamp = time.strftime("%Y-%m-%d_%H%M")
        kept = keep(target, f"{target.stem}_{stamp}.ipynb", place)
        print(say("reset_kept", file=_shown(target, place), kept=_shown(kept, place)))
    _write(target, _text(_marked(json.loads(data), _store(place, data), lesson)))
    print(say("reset_done", file=_shown(target, place)))
    return 0


# updates


def _git(*arguments: str) -> bytes | None:
    """Return what git prints, or None if it is missing, or this is no clone, or it refuses."""
    if not (ROOT / ".git").exists():
        return None
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _pull(done: list[Path]) -> bool:
    """Pull the course; ``done`` are the notebooks whose work is copied. Return whether anything came; raise SystemExit with a sentence."""
    if shutil.which("git") is None:
        raise SystemExit(say("update_no_git"))
    if _git("rev-parse", "--abbrev-ref", "@{upstream}") is None:
        raise SystemExit(say("update_no_remote"))
    if _git("fetch", "--quiet") is None:
        raise SystemExit(say("update_no_network"))
    if not (_git("rev-list", "HEAD..@{upstream}") or b"").strip():
        return False
    if (_git("rev-list", "@{upstream}..HEAD") or b"").strip():
        raise SystemExit(say("update_own_commits"))
    coming = set((_git("diff", "--name-only", "-z", "HEAD", "@{upstream}") or b"").decode().split("\0"))
    copied = {path.relative_to(ROOT).as_posix() for path in done}
    changed = set((_git("diff", "--name-only", "-z", "HEAD") or b"").decode().split("\0"))
    for name in sorted(coming & changed - copied):
        if name.startswith("notebooks/"):  # a learner's table
            print(say("copy_kept", file=name, kept=_shown(keep(ROOT / name, Path(name).name, MINE), MINE)))
            copied.add(name)
    if both := sorted((coming & changed) - copied - {""}):
        raise SystemExit(say("update_changed", files=", ".join(both)))
    if back := sorted(coming & changed & copied):
        _git("checkout", "HEAD", "--", *back)
    if _git("pull", "--quiet", "--ff-only") is None:
        raise SystemExit(say("update_refused"))
    return True


def _version(text: str) -> tuple[int, ...]:
    found = re.search(r'^__version__ = "([0-9.]+)"', text, flags=re.MULTILINE)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _unzip(archive: Path) -> bool:
    """Put the files of a newer course's zip in place; each file that differs and is not known as the course's is kept first."""
    try:
        with zipfile.ZipFile(archive) as held, tempfile.TemporaryDirectory() as where:
            names = [PurePosixPath(name) for name in held.namelist() if not name.endswith("/")]
            tops = {name.parts[0] for name in names}
            if len(tops) != 1 or any(".." in name.parts or name.is_absolute() for name in names):
                raise SystemExit(say("update_not_course", file=archive.name))
            held.extractall(where)
            top = Path(where) / tops.pop()
            return _replace(top, archive)
    except (OSError, zipfile.BadZipFile):
        raise SystemExit(say("update_no_zip", file=archive.name)) from None


def _replace(top: Path, archive: Path) -> bool:
    here = ROOT / "course" / "__init__.py"
    there = top / "course" / "__init__.py"
    if not there.is_file() or not (top / "course" / "made" / "lock.json").is_file():
        raise SystemExit(say("update_not_course", file=archive.name))
    old, new = _version(here.read_text(encoding="utf-8")), _version(there.read_text(encoding="utf-8"))
    if new < old:
        raise SystemExit(say("update_older", file=archive.name))
    ours = set(_made().values())
    label = f"course_{'.'.join(map(str, old))}"
    kept, moved = 0, False
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top)
        if not path.is_file() or name.parts[0] in ("my_course", ".git", ".venv"):
            continue
        target, data = ROOT / name, path.read_bytes()
        if target.exists() and target.read_bytes() == data:
            continue
        if target.is_file() and digest(target.read_bytes()) not in ours:
            keep(target, (Path(label) / name).as_posix(), MINE)
            kept += 1
        _write(target, data)
        moved = True
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*"))):
        name = path.relative_to(ROOT)
        if path.is_file() and "__pycache__" not in name.parts and not (top / name).exists():
            keep(path, (Path(label) / name).as_posix(), MINE)
            path.unlink()
            kept += 1
    if kept:
        print(say("update_kept", count=kept, folder=f"my_course/kept/{label}"))
    return moved


def update(archive: str | None = None) -> int:
    """Bring the course and the learner's copies forward: from git, or from the zip of a newer course. Return an exit status."""
    lines, done = adopt(MINE)
    print("\n".join(lines), end="\n" if lines else "", flush=True)
    if archive is None and not (ROOT / ".git").exists():
        raise SystemExit(say("update_give_zip"))
    came = _pull(done) if archive is None else _unzip(Path(archive))
    print(say("update_came" if came else "update_nothing"), flush=True)
    # what came may include this module: the rest is done by the new one
    return subprocess.run([sys.executable, "-m", "course.copies"], cwd=ROOT).returncode


def main(arguments: list[str] | None = None) -> int:
    """``python -m course.copies [FOLDER]``: make or bring forward the copies, in ``my_course`` or in another folder (on a hub, a home)."""
    given = sys.argv[1:] if arguments is None else arguments
    place = Path(given[0]).resolve() if given else MINE
    for line in bring(folder(place)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
