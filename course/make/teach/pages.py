"""Check made HTML without a browser: does every link lead somewhere, does a page ask for anything from the network?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urldefrag

LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("audio", "src"), ("link", "href"),
          ("object", "data"), ("embed", "src"), ("input", "src")}  # fmt: skip
NOT_LOADED = {"canonical", "alternate", "author", "license", "next", "prev", "index", "search"}  # rel of links that load nothing
OUTSIDE = re.compile(r"^(?:[a-z]+:)?//", flags=re.IGNORECASE)


class _Page(HTMLParser):
    """What a page links to, loads, names and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.faults: list[str] = []
        self.levels: list[int] = []
        self.language = ""
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "a" and given.get("name"):
            self.ids.add(given["name"])
        for name, value in given.items():
            if (tag, name) in LOADED and not (tag == "link" and set(given.get("rel", "").split()) & NOT_LOADED):
                self.loads.append(value)
            if name == "srcset":
                self.loads += [part.split()[0] for part in value.split(",") if part.strip()]
            if name == "style":
                self._urls(value)
        if tag == "img" and not given.get("alt", "").strip() and given.get("role") != "presentation":
            self.faults.append(f"a picture without words: {given.get('src', '')[:60]}")
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "html":
            self.language = given.get("lang", "")
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = self._style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._style:
            self._urls(data)

    def _urls(self, text: str) -> None:
        self.loads += re.findall(r"@import\s+[\"']([^\"']+)", text)
        self.loads += [url.strip("\"' ") for url in re.findall(r"url\(((?:\"[^\"]*\"|'[^']*'|[^)]*))\)", text)]


def outside(text: str) -> list[str]:
    """Return the addresses that a page would load from the network. A link that a reader may follow is not one of them."""
    return [address for address in _Page(text).loads if OUTSIDE.match(address)]


def faults(text: str) -> list[str]:
    """Return what a screen reader would miss: a picture without words, no language, headings out of order."""
    page = _Page(text)
    found = list(page.faults)
    if not page.language:
        found.append("no language")
    if page.levels and page.levels[0] != 1:
        found.append("the first heading is not of level 1")
    found += [f"a heading of level {after} follows one of level {before}"
              for before, after in zip(page.levels, page.levels[1:], strict=False) if after - before > 1]  # fmt: skip
    return found


def broken(pages: Mapping[str, str], files: set[str] | frozenset[str] = frozenset()) -> list[str]:
    """Return a line for each link that leads nowhere. ``pages`` are {path: HTML}, ``files`` the other files of the site."""
    read = {path: _Page(text) for path, text in pages.items()}
    found = []
    for path, page in read.items():
        for address in dict.fromkeys([*page.links, *page.loads]):
            if OUTSIDE.match(address) or re.match(r"^(?:mailto|data|javascript|about|https?):", address):
                continue
            target, anchor = urldefrag(address)
            target = target.split("?")[0]
            place = _resolved(path, unquote(target)) if target else path
            if place not in read and place not in files:
                found.append(f"{path}: {address} does not exist")
            elif anchor and place in read and unquote(anchor) not in read[place].ids:
                found.append(f"{path}: {address} has no such place")
    return found


def _resolved(path: str, target: str) -> str:
    parts: list[str] = []
    for part in [*PurePosixPath(path).parent.parts, *PurePosixPath(target).parts]:
        if part == "..":
            if parts:
                parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def read_site(folder: Path) -> tuple[dict[str, str], set[str]]:
    """Return the pages of a made site, {path: HTML}, and the paths of its other files."""
    pages, files = {}, set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".html":
            pages[name] = path.read_text(encoding="utf-8")
        elif path.is_file():
            files.add(name)
    return pages, files
