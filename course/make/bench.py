"""Measure what a learner waits for: each notebook beyond kernel start and imports, its kernel's memory, and the suite against its floor."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from ..doors import ROOT
from .lessons import EDITIONS, lessons, notebook_path
from .run import QUIET

# Printed by the kernel about itself: peak memory in MB. The unit of ru_maxrss is kB on Linux and bytes on macOS.
PEAK = """
import sys
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
except ImportError:
    import psutil
    peak = psutil.Process().memory_info().peak_wset / 1024**2
print(round(peak))
"""


def import_only(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook with the first two code cells of ``book`` alone: the door, and the cell that imports."""
    first = [cell for cell in book.cells if cell.cell_type == "code"][:2]
    floor = nbformat.v4.new_notebook(metadata=book.metadata)
    floor.cells = [nbformat.v4.new_code_cell(cell.source, id=cell.id) for cell in first]
    return floor


def timed(book: nbformat.NotebookNode, folder: Path) -> tuple[float, int]:
    """Run a notebook in a new kernel and return (seconds from kernel start to last output, peak memory of the kernel in MB)."""
    book = nbformat.from_dict(book)
    probe = nbformat.v4.new_code_cell(PEAK)
    place = {"metadata": {"path": str(folder)}}
    client = NotebookClient(book, timeout=120, kernel_name="python3", resources=place, extra_arguments=QUIET)
    begun = time.perf_counter()
    with client.setup_kernel():
        for index, cell in enumerate(book.cells):
            client.execute_cell(cell, index)
        seconds = time.perf_counter() - begun
        book.cells.append(probe)
        client.execute_cell(probe, len(book.cells) - 1)
    return seconds, int(probe.outputs[0].text)


def _suite(*places: object) -> float:
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), *map(str, places)], cwd=ROOT, capture_output=True, text=True
    )
    seconds = time.perf_counter() - begun
    print(f"  {done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()}")
    return seconds


def main(arguments: list[str] | None = None) -> int:
    """Print the measures. Nothing is judged here: a slow machine is not a failing test."""
    parser = argparse.ArgumentParser(prog="python -m course bench", description="Time the notebooks, their kernels' memory, and the suite.")
    parser.add_argument("--no-suite", action="store_true", help="measure the notebooks only")
    options = parser.parse_args(arguments)
    print("notebook                              all s  imports s  beyond s  ratio  peak MB")
    books = {name: nbformat.read(notebook_path(name, "learner"), as_version=4) for name in lessons()}
    for name, book in books.items():
        folder = notebook_path(name, "learner").parent
        timed(import_only(book), folder)  # warms the disk's cache, so that both runs below start alike
        floor, _ = timed(import_only(book), folder)
        seconds, peak = timed(book, folder)
        print(f"{name:<36} {seconds:6.1f}  {floor:9.1f}  {seconds - floor:8.1f}  {seconds / floor:5.1f}  {peak:7d}", flush=True)
    if options.no_suite:
        return 0
    with tempfile.TemporaryDirectory() as place:
        for number, book in enumerate(list(books.values()) * len(EDITIONS)):
            nbformat.write(import_only(book), Path(place) / f"floor_{number}.ipynb")
        print("floor: as many notebooks that only import")
        floor = _suite("-p", "no:cacheprovider", place)
        print("suite")
        whole = _suite()
        print(f"suite {whole:.1f} s, floor {floor:.1f} s, ratio {whole / floor:.2f}")
    return 0
