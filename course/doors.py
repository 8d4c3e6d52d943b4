"""The doors into the course: make the environment, open JupyterLab, run the tests, print the Binder link.

This module runs on a bare Python 3.11 or later: standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
CLONE = ROOT / "pyproject.toml"  # there is one in a clone, and none beside an installed package
NAME = "triple-extraction"
VENV = ROOT / ".venv"
FIRST = "notebooks/00_start_here.ipynb"
LOCKS = {
    ("learn", "dev"): "requirements.txt",
    ("learn", "dev", "teach"): "requirements-teach.txt",
}  # extras of pyproject.toml, and the lock they give


class DoorError(SystemExit):
    """A door that cannot open: its message is printed alone, and the exit status is 1."""


def declared() -> dict[str, str]:
    """Return {package: version} of the packages that pyproject.toml pins exactly (those notebooks import, and the tools)."""
    if not CLONE.is_file():  # the course was installed; its metadata says the same
        found = (re.fullmatch(r"([\w-]+)==(\S+); extra == ['\"](?:learn|dev)['\"]", line) for line in metadata.requires(NAME) or [])
        return dict(pin.groups() for pin in found if pin)
    import tomllib

    extras = tomllib.loads(CLONE.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return dict(line.split("==") for line in [*extras["learn"], *extras["dev"]])


def locked() -> dict[str, str]:
    """Return {package: version} of the lock, requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return dict(re.match(r"([\w.-]+)==([^ ;\\]+)", line).groups() for line in lines if re.match(r"[\w.-]+==", line))


def lock_differences() -> list[str]:
    """Return a phrase for each package whose version is one in pyproject.toml and another in the lock."""
    known = locked()
    return [
        f"{package} is {version} in pyproject.toml and {known.get(package, 'missing')} in requirements.txt"
        for package, version in declared().items()
        if known.get(package) != version
    ]


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def environment() -> None:
    """Print one line if every package a learner needs has the tested version, else one for each that has not: what to do."""
    from .messages import USES

    wanted = declared()
    found = {package: _installed(package) for package in USES}
    if all(found[package] == wanted[package] for package in USES):
        print("ok   " + ", ".join(f"{package} {version}" for package, version in found.items()))
    for package, use in USES.items():
        if found[package] != wanted[package]:
            remedy = "python -m course lab" if CLONE.is_file() else f"pip install {package}=={wanted[package]}"
            print(f"LOOK {package} {found[package]} ({use}): the course was tested with {wanted[package]}; run: {remedy}")


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def bring(python: Path, *requirements: list[object]) -> None:
    """Install requirements, one after the other, into the environment of ``python``: by uv, or by pip where uv cannot run."""
    try:
        for wanted in requirements:
            _run(python, "-m", "uv", "pip", "install", "--quiet", "--python", python, *wanted)
    except (subprocess.CalledProcessError, OSError):
        print("uv could not install the lock; trying pip, which takes longer.", flush=True)
        for wanted in requirements:
            _run(python, "-m", "pip", "install", "--quiet", *wanted)


def _install(python: Path) -> None:
    """Install uv, the lock and the package into the environment of ``python``."""
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={declared()['uv']}")
    bring(python, ["-r", "requirements.txt"], ["--no-deps", "--no-build-isolation", "-e", "."])


def ensure() -> Path:
    """Return a Python that has the course's exact versions: this one, or that of ``.venv``, made or mended if need be."""
    if sys.version_info < (3, 11):
        raise DoorError("Triple Extraction needs Python 3.11 or later; this is Python " + sys.version.split()[0] + ".")
    if not CLONE.is_file():
        return Path(sys.executable)  # installed: its environment is the user's
    if differences := lock_differences():
        raise DoorError(f"The lock is not that of pyproject.toml: {'; '.join(differences)}. To make it again: python -m course lock")
    wanted = declared()
    if all(_installed(package) == version for package, version in wanted.items()) and _installed(NAME) != "missing":
        return Path(sys.executable)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wish = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + CLONE.read_bytes()).hexdigest()
    stamp = VENV / "triple-extraction.lock"
    if stamp.is_file() and python.exists() and stamp.read_text(encoding="utf-8") == wish:
        return python
    print("Installing the course into .venv (the first time: a minute or two) ...", flush=True)
    try:
        if not python.exists():
            _run(sys.executable, "-m", "venv", VENV)
        _install(python)
    except subprocess.CalledProcessError as error:
        raise DoorError(
            f"The installation stopped at: {' '.join(map(str, error.cmd[:5]))} ...\n"
            "If it says that venv or ensurepip is missing, install it (on Debian or Ubuntu: sudo apt install python3-venv). "
            "Otherwise check the network, then run the same command again."
        ) from None
    stamp.write_text(wish, encoding="utf-8")
    return python


def _hand_over(command: list[object]) -> int:
    try:
        return subprocess.run([str(part) for part in command], cwd=ROOT).returncode
    except KeyboardInterrupt:
        return 130


def lab(extra: list[str]) -> int:
    """Open JupyterLab on the first notebook; ``extra`` goes to JupyterLab (for example --no-browser). Return its status."""
    command = [ensure(), "-m", "jupyter", "lab", FIRST, *extra]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        command.append("--allow-root")  # a container's only user is often root, and JupyterLab would refuse it
    return _hand_over(command)


def test(extra: list[str]) -> int:
    """Run the whole test suite; ``extra`` goes to pytest (for example -x, or one notebook). Return its status."""
    return _hand_over([ensure(), "-m", "pytest", *extra])


def lock() -> int:
    """Make requirements.txt and requirements-teach.txt again from pyproject.toml, for every system, without a registry's host."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        _run(sys.executable, "-m", "venv", VENV)
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={declared()['uv']}")
    common = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "--python-version", "3.11"]
    for extras, target in LOCKS.items():
        wanted = [part for extra in extras for part in ("--extra", extra)]
        _run(python, "-m", "uv", "pip", "compile", "--quiet", *wanted, *common, "pyproject.toml", "-o", target)
    print("made   requirements.txt and requirements-teach.txt; next: python -m course build --all, and environment.yml by hand")
    return 0


def binder_link(remote: str) -> str:
    """Return the Binder launch link of a public clone's address (https or ssh; GitHub, GitLab or any git host)."""
    address = re.sub(r"^(?:ssh://)?git@([^:/]+)[:/]", r"https://\1/", remote.strip())
    found = re.match(r"^https?://(?:[^@/]+@)?([^/]+)/(.+?)(?:\.git)?/?$", address)
    if not found:
        raise DoorError(f"{remote!r} is not the address of a public repository; Binder needs one that starts with https://.")
    host, path = found.groups()
    if host == "github.com":
        place = f"gh/{path}"
    elif host == "gitlab.com":
        place = f"gl/{quote(path, safe='')}"
    else:
        place = f"git/{quote(f'https://{host}/{path}', safe='')}"
    return f"https://mybinder.org/v2/{place}/HEAD?urlpath={quote('lab/tree/' + FIRST, safe='')}"


def binder(remote: str | None = None) -> int:
    """Print the Binder link for ``remote``, or for the git remote called origin."""
    if remote is None:
        asked = subprocess.run(["git", "remote", "get-url", "origin"], cwd=ROOT, capture_output=True, text=True)
        if asked.returncode:
            raise DoorError(
                "This clone has no remote called origin. Give the public address: python -m course binder https://github.com/you/repository"
            )
        remote = asked.stdout
    print(binder_link(remote))
    return 0
