"""Grading with nbgrader: the function that a graded cell calls. ``make`` writes an assignment, ``trial`` runs one with the real nbgrader.

A folder and not a module beside the others: nothing here can change a notebook, so nothing here makes one stale.
"""

from __future__ import annotations

from .. import exercises
from ..messages import CourseError, say


class NotPassed(AssertionError):
    """An answer that is not right. The notebook shows its sentence alone, the one the learner's own check gives."""

    def _render_traceback_(self) -> list[str]:  # the method IPython looks for when it shows an exception
        return [str(self)]


def reply(name: str, answer: object = ...) -> tuple[bool, str]:
    """Return (is it right, the sentence that ``check`` says) for an answer to the exercise ``name``; show and remember nothing."""
    record = exercises._record(name)
    if exercises._unanswered(answer):
        return False, say("not_answered", name=name)
    praise = say("right", right=record["right"])
    try:
        if record["kind"] == "mapping":
            total = len(record["answer"])
            praise = f"{say('mapping_score', right=total, total=total)} {record['right']}"
            text = exercises._check_mapping(name, answer, record)
        elif record["kind"] == "word":
            text = exercises._check_word(answer, record)
        else:
            number, remark = exercises._number(answer)
            text, praise = remark + exercises._diagnose(number, record), remark + praise
    except CourseError as error:
        text = str(error)
    return text == praise, text


def passed(name: str, answer: object = ...) -> None:
    """Do nothing if the answer is right; otherwise raise NotPassed with the sentence that ``check`` says to the learner."""
    right, text = reply(name, answer)
    if not right:
        raise NotPassed(text)
