"""Files that are the same bytes whenever and wherever they are made: archives, and PDF without the hour of their making."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import yaml

from ...doors import ROOT


@cache
def released() -> tuple[int, int, int]:
    """Return the day of the course's version, from CITATION.cff: the date that every file of a release carries."""
    day = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["date-released"]
    return (day.year, day.month, day.day)


def archive(files: dict[str, bytes]) -> bytes:
    """Return a zip of {path inside it: content}, in the order given, each file with the day of the version and the same rights."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as into:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(*released(), 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            into.writestr(entry, content)
    return held.getvalue()


NODE = re.compile(rb"\(node(\d{8})\)")  # how Chromium names a part of a tagged PDF: by a counter that another page moved before


def steady_pdf(content: bytes) -> bytes:
    """Return a PDF that Chromium wrote with the day of the version for its two dates, and its parts numbered from one.

    Letter for letter as long as before, so that its index of places still holds.
    """
    stamp = b"%04d%02d%02d000000+00'00'" % released()
    for key in (b"/CreationDate (D:", b"/ModDate (D:"):
        start = content.find(key)
        if start >= 0:
            start += len(key)
            end = content.index(b")", start)
            content = content[:start] + stamp[: end - start].ljust(end - start) + content[end:]
    order = {name: b"(node%08d)" % place for place, name in enumerate(sorted(set(NODE.findall(content))), start=1)}
    return NODE.sub(lambda found: order[found[1]], content)
