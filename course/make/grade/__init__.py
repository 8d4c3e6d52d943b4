"""Grading with nbgrader: the function that a graded cell calls. ``make`` writes an assignment, ``trial`` runs one with the real nbgrader.

A folder and not a module beside the others: nothing here can change a notebook, so nothing here makes one stale.
"""

from __future__ import annotations

from ...exercises import reply


class NotPassed(AssertionError):
    """An answer that is not right. The notebook shows its sentence alone, the one the learner's own check gives."""

    def _render_traceback_(self) -> list[str]:  # the method IPython looks for when it shows an exception
        return [str(self)]


def passed(name: str, answer: object = ...) -> None:
    """Do nothing if the answer is right; otherwise raise NotPassed with the sentence that ``check`` says to the learner."""
    right, text = reply(name, answer)
    if not right:
        raise NotPassed(text)
