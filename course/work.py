"""The learner's portfolio: what was predicted, answered, judged and written since the kernel started, in one file to hand in.

Nothing leaves the machine: the file stands beside the notebook, and the learner sends it. A file is never overwritten.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from . import exercises, typed
from .claims import find
from .exercises import keep, plain
from .messages import CourseError, say, tell


def stance(name: str, text: object = ..., most: int = 150) -> None:
    """Keep a paragraph that the learner wrote, and say how many words it has; ``most`` is the length asked for."""
    typed.name(name, "name", call="stance", example="my-stance")
    if text is ... or not isinstance(text, str) or not text.strip() or text.strip() == "...":
        return tell(say("stance_missing", name=name, most=most), {"kind": "stance", "name": name, "most": most}, state="todo")
    keep("stance", name, text.strip())
    count = len(text.split())
    record = {"kind": "stance", "name": name, "most": most, "text": text.strip()}
    return tell(say("stance_kept" if count <= most else "stance_long", name=name, count=count, most=most), record, state="said")


def _kept(kind: str) -> dict[str, object]:
    return {name: value for (what, name), value in exercises._session.items() if what == kind}


def _quote(text: object) -> list[str]:
    """Return a text as lines of a Markdown quotation, every word and line break kept."""
    return [f"> {line}".rstrip() for line in str(text).splitlines()]


def written(who: str = "") -> str:
    """Return the portfolio as Markdown: predictions with their results, answers with the replies, verdicts, written stances."""
    lines = [f"# {say('portfolio_title', who=who) if who else say('portfolio_untitled')}"]
    units, results = _kept("unit"), _kept("outcome")
    predictions = _kept("prediction")
    if predictions:
        lines += ["", f"## {say('portfolio_predictions')}", ""]
        for name, value in predictions.items():
            unit = f" {units[name]}" if units.get(name) else ""
            text = say("portfolio_prediction", name=name, value=f"{exercises._told(value)}{unit}")
            lines.append(text + (say("portfolio_outcome", actual=results[name]) if name in results else ""))
    answers, replies = _kept("answer"), _kept("reply")
    if answers:
        lines += ["", f"## {say('portfolio_answers')}"]
        for name, value in answers.items():
            lines += ["", say("portfolio_answer", name=name, value=typed.escaped(value if isinstance(value, dict) else plain(value))), ""]
            lines += _quote(replies.get(name, ""))
    verdicts = _kept("verdict")
    if verdicts:
        lines += ["", f"## {say('portfolio_verdicts')}"]
        for name, value in verdicts.items():
            lines += ["", f"- `{name}` · {_statement(name)}", "", *_quote(typed.escaped(value))]
    stances = _kept("stance")
    if stances:
        lines += ["", f"## {say('portfolio_stances')}"]
        for name, value in stances.items():
            lines += ["", f"### {name}", "", str(value)]
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
    if not any(counts.values()):
        return tell(say("portfolio_empty"))
    who = str(who).strip()
    text = written(who)
    place = Path(folder)
    number, path = 1, place / f"portfolio_{_slug(who)}.md"
    while path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        number += 1
        path = place / f"portfolio_{_slug(who)}_{number}.md"
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        # what was typed must not be lost with the disk: show it, to be copied
        return tell(say("portfolio_unwritable", reason=error.strerror or type(error).__name__) + "\n\n" + text)
    return tell(say("portfolio_written", file=path.name, held=held))
