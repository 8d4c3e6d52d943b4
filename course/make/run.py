"""Run a lesson: both editions in a kernel each, the keys declared on the way, and what the run read."""

from __future__ import annotations

import contextlib
import json
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ..exercises import KEY_MIME
from .lessons import BLANK, LessonError, edition_of, notebook_path, read_lesson, tags

SECONDS_A_CELL = 60
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"  # names a widget of a kernel that has ended
QUIET = ["--IPKernelApp.log_level=40"]  # the kernel's remark on unencrypted loopback is no news to a learner
READ = """
import json, sys
from course import data
told = {"read": sorted(data.read_since_start()), "modules": sorted(name for name in sys.modules if name.split(".")[0] == "course")}
print(json.dumps(told), end="")
"""
# The line of the cell at which the last error was raised, as the kernel knows it.
LINE = """
import sys
trace, line = sys.last_traceback, 0
while trace is not None:
    if "ipykernel" in trace.tb_frame.f_code.co_filename and trace.tb_frame.f_code.co_name == "<module>":
        line = trace.tb_lineno
    trace = trace.tb_next
print(line, end="")
"""
_client: NotebookClient | None = None  # the one that is running now, to be ended with this process


class Kernel:
    """A running kernel that executes the cells of one notebook, and asks it a question on the side."""

    def __init__(self, book: nbformat.NotebookNode, name: str, edition: str) -> None:
        self.book, self.name, self.edition = book, name, edition
        self.lines = {cell.id: cell.metadata["line"] for cell in read_lesson(name).cells}
        folder = notebook_path(name, edition).parent
        folder.mkdir(parents=True, exist_ok=True)
        self.client = NotebookClient(
            book,
            timeout=SECONDS_A_CELL,
            kernel_name="python3",
            record_timing=False,
            store_widget_state=False,  # a slider's state holds random names; its static picture is stored
            coalesce_streams=True,  # else a line may be stored in two halves, as the kernel happened to send it
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=QUIET,
        )

    def run(self, index: int) -> None:
        """Execute a code cell in place. Raise LessonError with the lesson, the cell and the line where it fails or writes to stderr."""
        cell = self.book.cells[index]
        try:
            self.client.execute_cell(cell, index)
        except CellExecutionError as error:
            line = int(self.ask(LINE) or 0)
            raise LessonError(f"{self.where(cell, line)}: {error.ename}: {error.evalue}") from None
        for output in cell.outputs:
            if output.get("name") == "stderr":
                raise LessonError(f"{self.where(cell)}: the cell writes a warning or an error: {output.text}")

    def where(self, cell: nbformat.NotebookNode, line: int = 0) -> str:
        """Return the place of a cell: file and line of the lesson, then its id and edition."""
        at = f", line {line} of the cell" if line else ""
        return f"course/lessons/{self.name}.md:{self.lines[cell.id] + max(line - 1, 0)}: cell {cell.id} ({self.edition}){at}"

    def ask(self, code: str) -> str:
        """Execute code that the notebook does not hold, and return what it prints."""
        asked = nbformat.v4.new_code_cell(code)
        self.book.cells.append(asked)
        try:
            self.client.execute_cell(asked, len(self.book.cells) - 1)
        finally:
            self.book.cells.pop()
        return "".join(output.get("text", "") for output in asked.outputs)

    def fill(self, index: int) -> None:
        """Write the figures of a text cell: each expression as an f-string gives it at this place of the notebook."""
        cell = self.book.cells[index]
        asked = BLANK.findall(cell.source)
        if not asked:
            return
        figures = "".join(f'f"""{{{expression}}}""", ' for expression in asked)
        try:
            told = json.loads(self.ask(f"import json\nprint(json.dumps([{figures}]), end='')"))
        except CellExecutionError as error:
            raise LessonError(f"{self.where(cell)}: a figure of the sentence cannot be computed: {error.ename}: {error.evalue}") from None
        cell.source = BLANK.sub(lambda _: told.pop(0), cell.source)


def run(name: str, edition: str, keys: dict[str, dict]) -> tuple[nbformat.NotebookNode, dict[str, dict], dict]:
    """Return the executed notebook of one edition, the keys it declared, and what it read and imported.

    An exercise is run, then its key, then the exercise again, now that ``check`` knows it; ``keys`` are those known from the start.
    """
    global _client
    book = edition_of(name, edition)
    kernel = Kernel(book, name, edition)
    _client = kernel.client
    declared: dict[str, dict] = {}
    with kernel.client.setup_kernel():
        kernel.ask(
            f"import json\nfrom course import exercises\nexercises.in_build(json.loads({json.dumps(keys)!r}), {edition == 'solutions'})"
        )
        for index, cell in enumerate(book.cells):
            if cell.cell_type == "markdown":
                kernel.fill(index)
                continue
            kernel.run(index)
            if "key" in tags(cell):
                records = [output.get("data", {}).get(KEY_MIME) for output in cell.outputs]
                if None in records or not records:
                    raise LessonError(f"{kernel.where(cell)}: a key cell calls key(), and shows nothing else")
                declared |= {record["name"]: record for record in records}
                kernel.run(
                    max(place for place in range(index) if book.cells[place].cell_type == "code" and "key" not in tags(book.cells[place]))
                )
        told = json.loads(kernel.ask(READ))
    _client = None
    book.cells = [cell for cell in book.cells if "key" not in tags(cell)]
    for count, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = count
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            output.get("data", {}).pop(WIDGET_MIME, None)
            if output.output_type == "execute_result":
                output.execution_count = count
    nbformat.validate(book)
    return book, declared, told


def both(name: str) -> dict:
    """Return what a lesson makes: ``solutions`` and ``learner`` (notebooks as text), ``keys``, and what the runs ``read`` and imported."""
    begun = time.perf_counter()
    solutions, keys, told = run(name, "solutions", {})
    learner, _, more = run(name, "learner", keys)
    text = {
        edition: nbformat.writes(book, indent=1).rstrip("\n") + "\n" for edition, book in (("solutions", solutions), ("learner", learner))
    }
    read = sorted({tuple(one) for one in told["read"] + more["read"]})
    modules = sorted({*told["modules"], *more["modules"]})
    return {**text, "keys": keys, "read": read, "modules": modules, "seconds": time.perf_counter() - begun}


def stop() -> None:
    """End the kernel that is running, if one is."""
    if _client is not None:
        with contextlib.suppress(Exception):  # it may be starting, or gone already
            _client.km.provisioner.process.kill()
