"""Log a class in on a trial JupyterHub, on this machine only, and have each learner run one notebook to the end.

    python course/guide/hub/trial.py                   # 20 learners at once, notebook 01
    python course/guide/hub/trial.py --wave 5          # the same, five at a time

It starts the Hub and the proxy of jupyterhub_config.py on free loopback ports, with a temporary folder, and ends both. Each learner does
what a browser does: the log-in form, the start of a server, a kernel, and the notebook's cells over the kernel's websocket. Printed:
seconds and memory per learner. Memory is PSS, in which what several processes share is divided among them, so that it may be added up;
RSS counts it once per process. Needs the extra `class`, and configurable-http-proxy on the PATH.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

CONFIG = Path(__file__).resolve().parent / "jupyterhub_config.py"
MEGABYTE = 1024**2
MOST = 40  # learners
SECONDS = 900  # for the whole trial


def free_ports() -> int:
    """Return the first of three loopback ports in a row that nobody uses."""
    for port in range(18000, 19000, 3):
        try:
            for number in range(port, port + 3):
                with socket.socket() as door:
                    door.bind(("127.0.0.1", number))
            return port
        except OSError:
            continue
    raise SystemExit("No three free ports between 18000 and 19000.")


async def execute(socket_, session: str, code: str) -> list[str]:
    """Run one cell over a kernel's websocket; return its errors."""
    mark = uuid.uuid4().hex
    header = {"msg_id": mark, "msg_type": "execute_request", "username": "", "session": session, "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
    await socket_.write_message(json.dumps(message))
    errors, replied, idle = [], False, False
    while not (replied and idle):
        raw = await socket_.read_message()
        if raw is None:
            return [*errors, "the websocket was closed"]
        if isinstance(raw, bytes):
            continue
        answer = json.loads(raw)
        if answer["parent_header"].get("msg_id") != mark:
            continue
        replied |= answer["msg_type"] == "execute_reply"
        idle |= answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle"
        if answer["msg_type"] == "error":
            errors.append(f"{answer['content']['ename']}: {answer['content']['evalue']}")
    return errors


async def learner(base: str, name: str, password: str, notebook: str) -> dict:
    """Log in, start a server, run the notebook; return the times in seconds and the errors."""
    begun = time.perf_counter()
    async with httpx.AsyncClient(base_url=base, timeout=300, trust_env=False) as web:
        await web.get("/hub/login")
        form = {"username": name, "password": password, "_xsrf": web.cookies.get("_xsrf", path="/hub/")}
        entered = await web.post("/hub/login", data=form)
        if entered.status_code != 302:
            raise RuntimeError(f"{name} could not log in: {entered.status_code}")
        logged_in = time.perf_counter()
        await web.get("/hub/home")  # brings the session's own _xsrf
        marks = {"X-XSRFToken": web.cookies.get("_xsrf", path="/hub/"), "Referer": f"{base}/hub/home"}
        given = await web.post(f"/hub/api/users/{name}/tokens", headers=marks, json={"note": "trial", "expires_in": SECONDS})
        given.raise_for_status()
        pass_ = {"Authorization": f"token {given.json()['token']}"}
    async with httpx.AsyncClient(base_url=base, timeout=300, trust_env=False, headers=pass_) as web:
        waits = 0
        while (asked := await web.post(f"/hub/api/users/{name}/server")).status_code == 429:  # the Hub starts a few at a time
            waits += 1
            await asyncio.sleep(1)
        asked.raise_for_status()
        while not (await web.get(f"/hub/api/users/{name}")).json()["servers"].get("", {}).get("ready"):
            await asyncio.sleep(0.5)
        started = time.perf_counter()
        stored = await web.get(f"/user/{name}/api/contents/{notebook}")
        stored.raise_for_status()
        codes = ["".join(cell["source"]) for cell in stored.json()["content"]["cells"] if cell["cell_type"] == "code"]
        kernel = await web.post(f"/user/{name}/api/kernels", json={"name": "python3"})
        kernel.raise_for_status()
        session = uuid.uuid4().hex
        place = f"{base.replace('http', 'ws', 1)}/user/{name}/api/kernels/{kernel.json()['id']}/channels?session_id={session}"
        channel = await websocket_connect(HTTPRequest(place, headers=pass_, request_timeout=300), max_message_size=64 * MEGABYTE)
        errors = []
        for code in codes:
            errors += await execute(channel, session, code)
        channel.close()
    done = time.perf_counter()
    times = {"login": logged_in - begun, "server": started - logged_in, "notebook": done - started, "all": done - begun}
    return times | {"name": name, "cells": len(codes), "errors": errors, "asked again": waits}


def memory(names: list[str], above: psutil.Process) -> dict[str, dict[str, float]]:
    """Return the memory of each learner in MB: the single-user server, its kernels, their sum, and the sum as RSS."""
    found = {name: {"server": 0.0, "kernel": 0.0, "all": 0.0, "rss": 0.0} for name in names}
    for process in above.children(recursive=True):
        try:
            name, command = process.environ().get("JUPYTERHUB_USER"), " ".join(process.cmdline())
            if name in found:
                size = process.memory_full_info()
                part = "kernel" if "ipykernel" in command else "server"
                found[name][part] += size.pss / MEGABYTE
                found[name]["all"] += size.pss / MEGABYTE
                found[name]["rss"] += size.rss / MEGABYTE
        except psutil.Error:
            continue
    return found


async def trial(count: int, wave: int, notebook: str, state: Path) -> int:
    """Run the whole trial and print what was measured; return 0 if every learner came to the end without an error."""
    port, password = free_ports(), secrets.token_hex(8)
    base = f"http://127.0.0.1:{port}"
    settings = {"COURSE_HUB_TRIAL": "1", "COURSE_HUB_PASSWORD": password, "COURSE_HUB_STATE": str(state), "COURSE_HUB_PORT": str(port)}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    log = (state / "hub.log").open("w")
    hub = subprocess.Popen(
        [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
        env=os.environ | settings | {"PATH": path},
        stdout=log,
        stderr=log,
        cwd=state,
    )
    above = psutil.Process(hub.pid)
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as web:
            for _ in range(120):
                try:
                    if (await web.get(f"{base}/hub/api/")).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                if hub.poll() is not None:
                    raise SystemExit((state / "hub.log").read_text()[-3000:])
                await asyncio.sleep(0.5)
            else:
                raise SystemExit("The Hub did not answer within a minute.")
        alone = await learner(base, "first", password, notebook)
        print(
            f"one learner alone: server {alone['server']:.1f} s, notebook {alone['notebook']:.1f} s ({alone['cells']} code cells)",
            flush=True,
        )
        names = [f"learner-{number:02}" for number in range(1, count + 1)]
        begun, done = time.perf_counter(), []
        for start in range(0, count, wave):
            group = names[start : start + wave]
            done += await asyncio.gather(*(learner(base, name, password, notebook) for name in group))
        seconds = time.perf_counter() - begun
        sizes = memory(names, above)  # all servers and kernels are still there
        shared = [process for process in [above, *above.children()] if "JUPYTERHUB_USER" not in process.environ()]
        own = sum(process.memory_full_info().pss for process in shared)
        print("learner      log-in s  server s  notebook s  all s  asked again  errors  server MB  kernel MB  PSS MB  RSS MB")
        for one in done:
            size = sizes[one["name"]]
            print(
                f"{one['name']:<12} {one['login']:8.1f}  {one['server']:8.1f}  {one['notebook']:10.1f}  {one['all']:5.1f}"
                f"  {one['asked again']:11d}  {len(one['errors']):6d}"
                f"  {size['server']:9.0f}  {size['kernel']:9.0f}  {size['all']:6.0f}  {size['rss']:6.0f}"
            )
        for one in done:
            print("\n".join(f"{one['name']}: {error}" for error in one["errors"][:3]), end="\n" if one["errors"] else "")
        ends = [one for one in done if not one["errors"]]
        totals = [sizes[name]["all"] for name in names]
        waits = [one["all"] for one in done]
        print(f"{len(ends)} of {count} came to the end, {min(wave, count)} at a time, in {seconds:.0f} s on {os.cpu_count()} cores")
        print(f"from log-in to last cell: median {statistics.median(waits):.0f} s, longest {max(waits):.0f} s")
        most = max(sizes[name]["rss"] for name in names)
        print(f"memory per learner: median {statistics.median(totals):.0f} MB, most {max(totals):.0f} MB; as RSS at most {most:.0f} MB")
        print(f"memory of all learners {sum(totals):.0f} MB, of the Hub and the proxy {own / MEGABYTE:.0f} MB")
        return 0 if len(ends) == count else 1
    finally:
        below = above.children(recursive=True)
        hub.send_signal(signal.SIGTERM)
        try:
            hub.wait(60)
        except subprocess.TimeoutExpired:
            hub.kill()
        for process in below:  # what the Hub left behind, each by its own id
            try:
                process.terminate()
            except psutil.Error:
                continue
        psutil.wait_procs(below, timeout=20)
        log.close()


def main() -> int:
    """Read the command line and return an exit status."""
    parser = argparse.ArgumentParser(description="Log a class in on a trial JupyterHub, on this machine only.")
    parser.add_argument("--learners", type=int, default=20, help=f"at most {MOST}")
    parser.add_argument("--wave", type=int, help="how many at a time (all, if not given)")
    parser.add_argument("--notebook", default="01_resources.ipynb")
    options = parser.parse_args()
    count = min(max(options.learners, 1), MOST)
    if shutil.which("configurable-http-proxy") is None:
        raise SystemExit("configurable-http-proxy is not on the PATH: npm install configurable-http-proxy, then add its folder.")
    with tempfile.TemporaryDirectory(prefix="course-hub-", ignore_cleanup_errors=True) as place:
        return asyncio.run(asyncio.wait_for(trial(count, options.wave or count, options.notebook, Path(place)), SECONDS))


if __name__ == "__main__":
    sys.exit(main())
