"""The browser that prints and checks: an installed Chromium, Chrome or Edge, driven by Playwright without a window."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .reading import TeachError
from .words import word

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
CHANNELS = ("chrome", "msedge")  # where Windows and macOS keep them


@contextmanager
def browser() -> Iterator:
    """Give a running browser: Playwright's own if it was installed, else the machine's. Raise TeachError if there is none."""
    from playwright.sync_api import Error, sync_playwright

    found = [shutil.which(name) for name in NAMES]
    ways = [{}, *({"executable_path": path} for path in found if path), *({"channel": name} for name in CHANNELS)]
    with sync_playwright() as driver:
        for way in ways:
            # Every page opened is one we have just written; a container's only user cannot have Chromium's sandbox.
            for sandbox in (True, False):
                try:
                    running = driver.chromium.launch(chromium_sandbox=sandbox, **way)
                    break
                except Error:
                    running = None
            if running:
                break
        else:
            raise TeachError(word("no_browser", python=sys.executable))
        try:
            yield running
        finally:
            running.close()


def requests_from_outside(page) -> list[str]:
    """Return a list that fills with every address a page asks for outside its own folder."""
    asked: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:", "about:", "blob:")) else asked.append(request.url))
    return asked


def print_pdf(page, path: Path, wide: bool = False) -> None:
    """Write the page as a tagged PDF, in the size its style asks for."""
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True, tagged=True, outline=True, landscape=wide)
