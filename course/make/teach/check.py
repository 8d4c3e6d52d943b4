"""Try what was made, in a real browser: accessibility (axe-core), links, keyboard, network, width, slides and sheets that overflow.

Slower than a test and with tools a learner does not have: run it by ``python -m course teach check`` after a change of the tools.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urlparse
from urllib.request import url2pathname

import nbformat

from ..lessons import lessons, notebook_path
from .paper import OVERFLOW, TOLERANCE, VIEW, browser

SERIOUS = ("serious", "critical")
MINE = ("heading-order", "page-has-heading-one", "image-alt")  # rules that count here whatever axe calls them
WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SLIDES = {"width": 1280, "height": 720}
SMALLEST = 24  # of the type on a slide, in pixels of 720
MADE = {"session": "sessions", "slides": "slides", "paper": "paper", "cards": "cards", "site": "site"}  # verb and folder
ASKED = ("how much is a click worker paid in Kenya", "Kenya")  # the first that the search finds is a place with this word

FIT = """() => Reveal.getSlides().map(slide => {
    const place = Reveal.getIndices(slide);
    Reveal.slide(place.h, place.v, 99);
    const over = slide.scrollHeight > 720 || slide.scrollWidth > 1280;
    return {over, size: parseFloat(getComputedStyle(slide).fontSize)};
})"""
NAMED = """() => ({links: [...document.querySelectorAll('a[href]')].map(link => link.href),
    places: [...document.querySelectorAll('[id], a[name]')].map(place => place.id || place.name)})"""


class _Trial:
    """A page of the browser, and the list of what was found ``wrong`` with each file opened in it."""

    def __init__(self, running, view: dict) -> None:
        self.wrong: list[str] = []
        self.tally: Counter[str] = Counter()
        self.name = ""
        self.page = running.new_page(viewport=view, has_touch=view == WIDTHS["phone"])
        self.page.on("pageerror", lambda error: self.add(f"script: {error}"))
        self.page.on("console", lambda told: self.add(f"console: {told.text}") if told.type == "error" else None)
        self.page.on("request", lambda one: self.add(f"asks for {one.url}") if urlparse(one.url).scheme.startswith("http") else None)

    def add(self, fault: str) -> None:
        self.wrong.append(f"{self.name}: {fault}")

    def open(self, path: Path, name: str) -> None:
        self.name = name
        self.page.goto(path.resolve().as_uri())

    def axe(self) -> None:
        """Note what axe-core finds in the open page that keeps a reader out."""
        from axe_playwright_python.sync_playwright import Axe

        # preload would fetch the style sheets again, which a page opened from a folder may not
        for rule in Axe().run(self.page, options={"preload": False}).response["violations"]:
            self.tally[f"{rule['id']} ({rule['impact']})"] += len(rule["nodes"])
            if rule["impact"] in SERIOUS or rule["id"] in MINE:
                self.add(f"{rule['impact']}: {rule['id']}: {rule['nodes'][0]['html'][:160]}")


def check_slides(running, decks: list[Path]) -> list[str]:
    """Return a line for each slide that overflows or is set too small, each finding of axe, each request; print a summary."""
    trial, count = _Trial(running, SLIDES), 0
    for path in decks:
        trial.open(path, f"{path.parent.name}/{path.name}")
        trial.page.wait_for_function("() => window.Reveal && Reveal.isReady()")
        found = trial.page.evaluate(FIT)
        count += len(found)
        for number, slide in enumerate(found, start=1):
            if slide["over"] or slide["size"] < SMALLEST:
                trial.add(f"slide {number} has too much on it (type of {slide['size']:.0f} px)")
        trial.axe()
    print(f"slides: {count} in {len(decks)} decks; axe: {dict(trial.tally) or 'nothing'}")
    return trial.wrong


def check_paper(running, documents: list[Path]) -> list[str]:
    """Return a line for each sheet that overflows, or has not the pages it should, or that axe finds hard to read; print a summary."""
    trial = _Trial(running, VIEW)
    for path in documents:
        trial.open(path, f"{path.parent.name}/{path.name}")
        over, pdf = trial.page.evaluate(OVERFLOW), path.with_suffix(".pdf")  # of each page of fixed size; a text that flows has none
        for number, by in enumerate(over, start=1):
            if by >= TOLERANCE:
                trial.add(f"page {number} overflows by {by:.1f} mm")
        if not pdf.exists():
            trial.add("has no PDF")
        elif over and pdf_pages(pdf) != len(over):
            trial.add(f"its PDF has {pdf_pages(pdf)} pages, not {len(over)}")
        trial.axe()
    print(f"paper: {len(documents)} documents; axe: {dict(trial.tally) or 'nothing'}")
    return trial.wrong


def pdf_pages(path: Path) -> int:
    """Return the number of pages of a PDF that Chromium wrote."""
    content = path.read_bytes()
    return content.count(b"/Type /Page") - content.count(b"/Type /Pages")


def check_site(running, folder: Path) -> list[str]:
    """Return a line for each thing wrong in a made site; print a summary."""
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.html"))}
    trials = {device: _Trial(running, view) for device, view in WIDTHS.items()}
    links: dict[str, list[str]] = {}
    places: dict[Path, set[str]] = {}
    for device, trial in trials.items():
        for name, path in paths.items():
            trial.open(path, f"{name} ({device})")
            trial.page.evaluate("() => document.querySelectorAll('main details').forEach(fold => fold.open = true)")
            wide = trial.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 1:
                trial.add(f"{wide} px wider than the screen")
            if device == "desk":
                named = trial.page.evaluate(NAMED)
                links[name], places[path.resolve()] = named["links"], set(named["places"])
                if lost := figures_lost(name, trial.page.locator("img").count()):
                    trial.add(f"{lost} figures of the notebook are not on it")
            if device == "desk" or name.startswith("notebooks/") or path.name in ("index.html", "search.html"):
                trial.axe()  # a phone shows it narrower: lessons and menus tell
    wrong = [line for trial in trials.values() for line in trial.wrong]
    wrong += [f"{name}: {one} leads nowhere" for name, found in links.items() for one in dict.fromkeys(found) if _gone(one, places)]
    tally = sum((trial.tally for trial in trials.values()), Counter())
    print(f"site: {len(paths)} pages at {len(WIDTHS)} widths; axe: {dict(tally) or 'nothing'}")
    return wrong + keyboard(running, folder)


def _gone(address: str, places: dict[Path, set[str]]) -> bool:
    """Say whether a link inside the site leads to no file, or to no place in its page."""
    page, anchor = urldefrag(address)
    path = Path(url2pathname(urlparse(page).path))
    return page.startswith("file:") and (not path.exists() or bool(anchor and path in places and unquote(anchor) not in places[path]))


def figures_lost(name: str, shown: int) -> int:
    """Return how many of its notebook's figures a page does not show; a page that is no notebook's loses none."""
    lesson = name.removeprefix("notebooks/").removesuffix(".html")
    if lesson not in lessons():
        return 0
    cells = nbformat.read(notebook_path(lesson, "learner"), as_version=4).cells
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", [])) - shown


def keyboard(running, folder: Path) -> list[str]:
    """Use the site without a mouse: skip link, fold, search, a question, the menu of a phone, a wide table. Return what did not work."""
    lesson = next(path for path in sorted((folder / "notebooks").glob("*.html")) if path.stem != "index")
    trial = _Trial(running, WIDTHS["desk"])
    trial.open(lesson, "keyboard")
    page = trial.page

    def expect(script: str, otherwise: str) -> None:
        if not page.evaluate(f"() => {script}"):
            trial.add(otherwise)

    page.keyboard.press("Tab")
    expect("document.activeElement.getAttribute('href')?.includes('main-content')", "the first Tab is not the skip link")
    page.keyboard.press("Enter")
    expect("location.hash == '#main-content'", "the skip link leads nowhere")
    page.evaluate("() => document.querySelector('main details > summary').focus()")
    page.keyboard.press("Enter")
    expect("document.querySelector('main details').open", "a fold does not open with Enter")
    page.keyboard.press("Control+k")
    page.keyboard.type("cobalt")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    expect("document.querySelectorAll('#search-results li').length", "the search finds nothing for cobalt")
    page.goto(f"{(folder / 'search.html').resolve().as_uri()}?q={quote(ASKED[0])}")
    page.wait_for_timeout(1500)
    trial.axe()  # of what was found, then of the place it leads to
    page.locator("#search-results a").first.click()
    page.wait_for_timeout(1500)
    trial.axe()
    expect(f"document.querySelector(':target')?.innerText.includes('{ASKED[1]}')", "a question does not lead to its answer in one click")
    page.set_viewport_size(WIDTHS["phone"])
    page.goto(lesson.resolve().as_uri())
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.className.includes?.('pst-navbar-icon')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    expect("[...document.querySelectorAll('dialog')].some(box => box.open)", "the menu of a phone does not open")
    page.keyboard.press("Escape")
    wide = "[...document.querySelectorAll('main .pst-scrollable-table-container')].find(box => box.scrollWidth > box.clientWidth)"
    page.goto((folder / "guide" / "coverage.html" if (folder / "guide").is_dir() else lesson).resolve().as_uri())
    page.evaluate(f"() => {wide}?.focus()")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    expect(f"{wide}?.scrollLeft !== 0", "a wide table does not scroll with the arrows")
    print(f"keyboard: skip link, fold, search, phone menu, wide table: {trial.wrong or 'all work'}")
    return trial.wrong


def main(out: Path) -> int:
    """Check what stands in the output folder and return an exit status."""
    wrong = [f"{name}: not made yet; run: python -m course teach {what}" for what, name in MADE.items() if not (out / name).is_dir()]
    kits = sorted((out / "sessions").glob("*/*.html"))
    decks = [*sorted((out / "slides").glob("*.html")), *(path for path in kits if path.name.startswith("slides"))]
    with browser() as running:
        wrong += check_slides(running, decks)
        sheets = sorted(path for name in ("paper", "cards") for path in (out / name).glob("*.html"))
        wrong += check_paper(running, [*sheets, *(path for path in kits if path not in decks)])
        wrong += check_site(running, out / "site") if (out / "site").is_dir() else []
    print("\n".join(f"LOOK   {line}" for line in wrong) if wrong else "Nothing wrong.")
    out.mkdir(parents=True, exist_ok=True)
    (out / "check.json").write_text(json.dumps(wrong, indent=1), encoding="utf-8")
    return 1 if wrong else 0
