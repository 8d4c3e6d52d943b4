"""Try what was made, in a real browser: accessibility (axe-core), keyboard, network, width, slides and sheets that overflow.

Slower than a test and with tools a learner does not have: run it by ``python -m course teach check`` after a change of the tools.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import nbformat

from ..lessons import lessons, notebook_path
from . import pages
from .browser import browser, requests_from_outside
from .paper import TOLERANCE, overflow

SERIOUS = ("serious", "critical")
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
SLIDE_HEIGHT = 720
MADE = {"session": "sessions", "slides": "slides", "paper": "paper", "site": "site"}  # verb and folder


def axe(page) -> list[dict]:
    """Return the violations that axe-core finds in the open page: rule, impact, and where."""
    from axe_playwright_python.sync_playwright import Axe

    # preload would fetch the style sheets again, which a page opened from a folder may not
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        {"rule": rule["id"], "impact": rule["impact"], "count": len(rule["nodes"]), "where": rule["nodes"][0]["html"][:160]}
        for rule in found
    ]


def serious(page, name: str, tally: Counter[str]) -> list[str]:
    """Add what axe-core finds in the open page to the tally, and return a line for each finding that keeps a reader out."""
    found = axe(page)
    tally.update({f"{one['rule']} ({one['impact']})": one["count"] for one in found})
    return [f"{name}: {one['impact']}: {one['rule']}: {one['where']}" for one in found if one["impact"] in SERIOUS]


def check_site(folder: Path) -> list[str]:
    """Return a line for each thing wrong in a made site; print a summary."""
    made, files = pages.read_site(folder)
    wrong = pages.broken(made, files)
    wrong += [f"{name}: loads {address}" for name, text in made.items() for address in pages.outside(text)]
    wrong += [f"{name}: {fault}" for name, text in made.items() for fault in pages.faults(text)]
    wrong += [f"{name}: {lost} figures of the notebook are not on it" for name, text in made.items() if (lost := figures_lost(name, text))]
    tally: Counter[str] = Counter()
    with browser() as running:
        for device, (width, height) in WIDTHS.items():
            page = running.new_page(viewport={"width": width, "height": height}, has_touch=device == "phone")
            asked = requests_from_outside(page)
            faults: list[str] = []
            page.on("pageerror", lambda error, faults=faults: faults.append(f"script: {error}"))
            page.on("console", lambda told, faults=faults: faults.append(f"console: {told.text}") if told.type == "error" else None)
            for name in made:
                page.goto((folder / name).resolve().as_uri())
                page.evaluate("() => document.querySelectorAll('main details').forEach(fold => fold.open = true)")
                wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
                wrong += [f"{name}: {wide} px wider than a {device}"] if wide > 1 else []
                once = device == "desk" or name.startswith("notebooks/") or name.endswith(("index.html", "search.html"))
                wrong += serious(page, f"{name} ({device})", tally) if once else []  # a phone shows it narrower: lessons and menus tell
                wrong += [f"{name} ({device}): {fault}" for fault in faults]
                faults.clear()
            wrong += [f"site ({device}) asked for {address}" for address in asked]
            page.close()
        wrong += keyboard(running, folder)
    print(f"site: {len(made)} pages at {len(WIDTHS)} widths; axe: {dict(tally) or 'nothing'}")
    return wrong


def figures_lost(name: str, text: str) -> int:
    """Return how many of its notebook's figures a page does not show; a page that is no notebook's loses none."""
    lesson = re.fullmatch(r"notebooks/(.+)\.html", name)
    if not lesson or lesson[1] not in lessons():
        return 0
    cells = nbformat.read(notebook_path(lesson[1], "learner"), as_version=4).cells
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", [])) - text.count("<img ")


def keyboard(running, folder: Path) -> list[str]:
    """Use the site without a mouse: skip link, a fold, the search, the menu of a phone, a wide table. Return what did not work."""
    wrong = []
    page = running.new_page(viewport={"width": 1280, "height": 900})
    lesson = next(path for path in sorted((folder / "notebooks").glob("*.html")) if path.stem != "index")
    page.goto(lesson.resolve().as_uri())
    page.keyboard.press("Tab")
    if "main-content" not in (page.evaluate("() => document.activeElement.getAttribute('href')") or ""):
        wrong.append("keyboard: the first Tab is not the skip link")
    page.keyboard.press("Enter")
    if page.evaluate("() => location.hash") != "#main-content":
        wrong.append("keyboard: the skip link leads nowhere")
    page.evaluate("() => document.querySelector('main details > summary').focus()")
    page.keyboard.press("Enter")
    if not page.evaluate("() => document.querySelector('main details').open"):
        wrong.append("keyboard: a fold does not open with Enter")
    page.keyboard.press("Control+k")
    page.keyboard.type("cobalt")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    results = page.locator("#search-results li").count()
    if not results:
        wrong.append("keyboard: the search finds nothing for cobalt")
    page.close()
    phone = running.new_page(viewport={"width": 390, "height": 844})
    phone.goto(lesson.resolve().as_uri())
    for _ in range(6):
        phone.keyboard.press("Tab")
        if "pst-navbar-icon" in (phone.evaluate("() => document.activeElement.className") or ""):
            break
    phone.keyboard.press("Enter")
    phone.wait_for_timeout(500)
    if not phone.evaluate("() => [...document.querySelectorAll('dialog')].some(box => box.open)"):
        wrong.append("keyboard: the menu of a phone does not open")
    phone.keyboard.press("Escape")
    wide = "[...document.querySelectorAll('main .pst-scrollable-table-container')].find(box => box.scrollWidth > box.clientWidth)"
    phone.goto((folder / "guide" / "coverage.html" if (folder / "guide").is_dir() else lesson).resolve().as_uri())
    phone.evaluate(f"() => {wide}?.focus()")
    phone.keyboard.press("ArrowRight")
    phone.wait_for_timeout(500)
    if phone.evaluate(f"() => {wide}?.scrollLeft") == 0:
        wrong.append("keyboard: a wide table does not scroll with the arrows")
    phone.close()
    print(f"keyboard: skip link, fold, search ({results} results for cobalt), phone menu, wide table: {wrong or 'all work'}")
    return wrong


def check_slides(decks: list[Path]) -> list[str]:
    """Return a line for each slide that overflows, each serious finding of axe, each request; print a summary."""
    wrong, tally, count = [], Counter(), 0
    with browser() as running:
        page = running.new_page(viewport={"width": 1280, "height": SLIDE_HEIGHT})
        asked = requests_from_outside(page)
        for path in decks:
            page.goto(path.resolve().as_uri())
            page.wait_for_function("() => window.Reveal && Reveal.isReady()")
            heights = page.evaluate(
                """() => Reveal.getSlides().map(slide => {
                    const place = Reveal.getIndices(slide);
                    Reveal.slide(place.h, place.v, 99);
                    return [...slide.children].filter(part => part.tagName !== 'ASIDE')
                        .reduce((most, part) => Math.max(most, part.offsetTop + part.offsetHeight, part.scrollWidth - 560), 0);
                })"""
            )
            count += len(heights)
            over = [number for number, height in enumerate(heights, start=1) if height > SLIDE_HEIGHT - 8]
            wrong += [f"{_name(path)}: slide {number} is too long" for number in over]
            page.goto(path.resolve().as_uri() + "?print-pdf")
            page.wait_for_function("() => window.Reveal && Reveal.isReady()")
            page.wait_for_timeout(500)
            wrong += serious(page, _name(path), tally)
        wrong += [f"slides asked for {address}" for address in asked]
    print(f"slides: {count} in {len(decks)} decks; axe: {dict(tally) or 'nothing'}")
    return wrong


def pdf_pages(path: Path) -> int:
    """Return the number of pages of a PDF that Chromium wrote."""
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def check_paper(documents: list[Path]) -> list[str]:
    """Return a line for each sheet that overflows, or has not the pages it should, or that axe finds hard to read; print a summary."""
    wrong, tally = [], Counter()
    with browser() as running:
        page = running.new_page(viewport={"width": 794, "height": 1123})
        asked = requests_from_outside(page)
        for path in documents:
            name, pdf = _name(path), path.with_suffix(".pdf")
            page.goto(path.resolve().as_uri())
            over = overflow(page)  # of each page of fixed size; a text that flows has none
            wrong += [f"{name}: page {number} overflows by {by:.1f} mm" for number, by in enumerate(over, start=1) if by >= TOLERANCE]
            if not pdf.exists():
                wrong.append(f"{_name(pdf)} is missing")
            elif over and pdf_pages(pdf) != len(over):
                wrong.append(f"{_name(pdf)} has {pdf_pages(pdf)} pages, not {len(over)}")
            wrong += serious(page, name, tally)
        wrong += [f"paper asked for {address}" for address in asked]
    print(f"paper: {len(documents)} documents; axe: {dict(tally) or 'nothing'}")
    return wrong


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def main(out: Path) -> int:
    """Check what stands in the output folder and return an exit status."""
    wrong = [f"{name}: not made yet; run: python -m course teach {what}" for what, name in MADE.items() if not (out / name).is_dir()]
    kits = sorted((out / "sessions").glob("*/*.html"))
    decks = [*sorted((out / "slides").glob("*.html")), *(path for path in kits if path.name.startswith("slides"))]
    wrong += check_slides(decks)
    wrong += check_paper([*sorted((out / "paper").glob("*.html")), *(path for path in kits if path not in decks)])
    wrong += check_site(out / "site") if (out / "site").is_dir() else []
    print("\n".join(f"LOOK   {line}" for line in wrong) if wrong else "Nothing wrong.")
    out.mkdir(parents=True, exist_ok=True)
    (out / "check.json").write_text(json.dumps(wrong, indent=1), encoding="utf-8")
    return 1 if wrong else 0
