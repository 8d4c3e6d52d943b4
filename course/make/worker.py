"""The worker of a build, ``python -m course.make.worker``: it runs the lessons that its input names, and answers in lines of JSON.

When its input ends (the build is done, was interrupted, or was killed), it ends at once, and its kernel with it: that is why it listens
before it imports anything heavy.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback

asked: queue.Queue[str] = queue.Queue()


def _listen() -> None:
    for line in sys.stdin:
        asked.put(line.strip())
    if run := sys.modules.get("course.make.run"):
        getattr(run, "stop", int)()  # not there yet while it is being imported
    os._exit(0)


def main() -> None:
    """Answer each line of the input, the name of a lesson, with what it makes, or with ``error``."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else prints does not mix with the answers
    threading.Thread(target=_listen, daemon=True).start()
    from .lessons import LessonError
    from .run import both

    while True:
        name = asked.get()
        try:
            answer = both(name)
        except LessonError as error:
            answer = {"error": str(error)}
        except Exception as error:  # a fault of ours: said with its place, and the other lessons go on
            answer = {"error": f"course/lessons/{name}.md: {type(error).__name__}: {error}\n{traceback.format_exc(limit=-3)}"}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
