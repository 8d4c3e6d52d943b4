"""The learner's portfolio: what was predicted, answered, judged and written since the kernel started, in one file to hand in.

Nothing leaves the machine: the file stands beside the notebook, and the learner sends it. A file is never overwritten, never half
written, never written through a link. What a learner typed stands in it as a quotation, so that it cannot pass for a reply of the course.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from pathlib import Path

from . import exercises, typed
from .claims import find
from .exercises import keep, plain
from .messages import CourseError, say, tell

MOST_WORDS = 100_000
MOST_FILES = 1000  # portfolios of one name in a folder


def stance(name: str, text: object = ..., most: int = 150) -> None:
    """Keep a paragraph that the learner wrote, and say how many words it has; ``most`` is the length asked for."""
    typed.name(name, "name", call="stance", example="my-stance")
    most = typed.whole(most, "stance_most", 1, MOST_WORDS)
    if not isinstance(text, str) or not any(letter.isalpha() for letter in text):
        return tell(say("stance_missing", name=name, most=most), {"kind": "stance", "name": name, "most": most}, state="todo")
    keep("stance", name, text.strip())
    count = len(text.split())
    record = {"kind": "stance", "name": name, "most": most, "text": text.strip()}
    return tell(say("stance_kept" if count <= most else "stance_long", name=name, count=count, most=most), record, state="said")


def _kept(kind: str) -> dict[str, object]:
    return {name: value for (what, name), value in exercises._session.items() if what == kind}


def _quote(text: object) -> list[str]:
    """Return a text as lines of a Markdown quotation, every word and line break kept; a sign that would open a tag is shown as itself."""
    lines = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", str(text)).splitlines()
    return [f"> {line}".rstrip() for line in lines or [""]]


def _line(text: object) -> str:
    """Return a learner's words in one line that opens nothing: no heading, no list, no tag, no code."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", " ".join(str(text).split())).replace("`", "'")


def written(who: str = "") -> str:
    """Return the portfolio as Markdown: predictions with their results, answers with the replies, verdicts, written stances."""
    lines = [f"# {say('portfolio_title', who=_line(who)) if who else say('portfolio_untitled')}"]
    units, results = _kept("unit"), _kept("outcome")
    predictions = _kept("prediction")
    if predictions:
        lines += ["", f"## {say('portfolio_predictions')}", ""]
        for name, value in predictions.items():
            unit = f" {_line(units[name])}" if units.get(name) else ""
            text = say("portfolio_prediction", name=_line(name), value=f"{_line(exercises._told(value))}{unit}")
            lines.append(text + (say("portfolio_outcome", actual=_line(results[name])) if name in results else ""))
    answers, replies = _kept("answer"), _kept("reply")
    if answers:
        lines += ["", f"## {say('portfolio_answers')}"]
        for name, value in answers.items():
            answer = _line(value if isinstance(value, dict) else plain(value))
            lines += ["", say("portfolio_answer", name=_line(name), value=answer), ""]
            lines += _quote(replies.get(name, ""))
    verdicts = _kept("verdict")
    if verdicts:
        lines += ["", f"## {say('portfolio_verdicts')}"]
        for name, value in verdicts.items():
            lines += ["", f"- `{_line(name)}` · {_line(_statement(name))}", "", say("portfolio_own_words"), "", *_quote(value)]
    stances = _kept("stance")
    if stances:
        lines += ["", f"## {say('portfolio_stances')}"]
        for name, value in stances.items():
            lines += ["", f"### {_line(name)}", "", say("portfolio_own_words"), "", *_quote(value)]
    return "\n".join(lines) + "\n"


def _statement(name: str) -> str:
    try:
        return find(name)["statement"]
    except CourseError:  # a claim of the learner's own is not in the ledger
        return str(_kept("own claim").get(name, ""))


def _slug(who: str) -> str:
    """Return a name as a file can bear it on any system: ASCII letters, digits and dashes."""
    plain_letters = unicodedata.normalize("NFKD", who).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain_letters.lower()).strip("-")[:60] or "group"


def portfolio(who: object = ..., folder: str | Path = ".") -> None:
    """Write the portfolio of this session to ``portfolio_<who>.md`` beside the notebook, and say where it is.

    ``who`` is a name, a group or a number, as the instructor asked. Until it is given, say only what the file would hold.
    An older portfolio of the same name with another content stays: the new one gets a number.
    """
    counts = {kind: len(_kept(kind)) for kind in ("prediction", "answer", "verdict", "stance")}
    held = say("portfolio_counts", **counts)
    if who is ... or (isinstance(who, str) and who.strip() in ("", "...")):
        return tell(say("portfolio_unnamed", held=held), {"kind": "portfolio"}, state="todo")
    if not isinstance(who, (str, int)) or isinstance(who, bool):
        raise CourseError(say("portfolio_who", kind=type(who).__name__))
    who = typed.name(who, "portfolio_who").strip() if isinstance(who, str) else str(typed.whole(who, "portfolio_who", 0, 10**9))
    if not isinstance(folder, (str, Path)):
        raise CourseError(say("portfolio_folder", kind=type(folder).__name__))
    if not any(counts.values()):
        return tell(say("portfolio_empty"))
    text = written(who).encode("utf-8", "replace").decode()  # half a character, as some keyboards leave, becomes a question mark
    try:
        name = _put(text, Path(folder), f"portfolio_{_slug(who)}")
    except (OSError, ValueError) as error:
        # what was typed must not be lost with the disk: show it, to be copied
        reason = getattr(error, "strerror", None) or type(error).__name__
        return tell(say("portfolio_unwritable", reason=reason) + "\n\n" + text)
    return tell(say("portfolio_written", file=name, held=held))


def _put(text: str, place: Path, stem: str) -> str:
    """Write a text whole, under the first name that is free or holds it already, and return that name."""
    names = [f"{stem}.md", *(f"{stem}_{number}.md" for number in range(2, MOST_FILES))]
    for name in names:
        path = place / name
        if path.is_file() and not path.is_symlink() and path.read_bytes() == text.encode():
            return name
        if not os.path.lexists(path):
            break
    else:
        raise FileExistsError(0, say("portfolio_too_many", count=MOST_FILES))
    handle, beside = tempfile.mkstemp(prefix=f".{stem}_", suffix=".new", dir=place)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        Path(beside).rename(path)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
    return name
