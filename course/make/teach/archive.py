"""Files that are the same bytes whenever and wherever they are made: archives, and PDF without the hour of their making."""

from __future__ import annotations

import io
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


NODE = b"(node"  # so Chromium begins the name of a part of a tagged PDF; eight digits follow, of a counter that another page moved before


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
    first, *parts = content.split(NODE)
    names = sorted({part[:8] for part in parts if part[:8].isdigit()})
    order = {name: b"%08d" % place for place, name in enumerate(names, start=1)}
    return NODE.join([first, *(order.get(part[:8], part[:8]) + part[8:] for part in parts)])
