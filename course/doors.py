"""The doors into the course: make the environment, open JupyterLab, run the tests, print the Binder link.

This module runs on a bare Python 3.11 or later: standard library only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from .messages import say

ROOT = Path(__file__).resolve().parent.parent
CLONE = ROOT / "pyproject.toml"  # there is one in a clone, and none beside an installed package
NAME = "triple-extraction"
VENV = ROOT / ".venv"
FIRST = "my_course/00_start_here.ipynb"  # the learner's own copy
STAMP = VENV / "triple-extraction.json"  # written last: for this path, this lock and this interpreter all was installed
BEGUN = VENV / "triple-extraction.begun"  # written first: an environment with it and no stamp is half of ours
DEEPEST = 161  # characters below the course's folder, of the longest path in the environment
LOCKS = {
    ("learn", "dev"): "requirements.txt",
    ("learn", "dev", "teach"): "requirements-teach.txt",
}  # extras of pyproject.toml, and the lock they give


PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
UNREACHED = ("connection", "name resolution", "resolve", "dns", "timed out", "unreachable", "proxy", "failed to fetch", "sending request")


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


def _clean() -> dict[str, str]:
    """Return the environment for what we start: without settings that send packages elsewhere, and with a home that can be written."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH")}
    kept["PIP_USER"] = "0"  # whoever installs for oneself by habit would install nothing into .venv
    if not _home_is_writable():
        from . import copies  # here and below: no notebook imports it, and a change of it makes none stale

        own = copies.folder() / ".home"
        own.mkdir(exist_ok=True)
        names = ("HOME", "MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "UV_CACHE_DIR")
        kept |= {name: str(own if name == "HOME" else own / name.lower()) for name in names}
    return kept


def _home_is_writable() -> bool:
    try:
        with tempfile.TemporaryFile(dir=Path("~").expanduser()):
            return True
    except (OSError, RuntimeError):
        return False


def _run(*command: object) -> None:
    """Run a command of the installation; what it says on failure is in the error."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, env=_clean(), stderr=subprocess.PIPE, text=True, errors="replace")


def bring(python: Path, *requirements: list[object], wheels: str = "") -> None:
    """Install requirements, one after the other, into the environment of ``python``: by uv, or by pip where uv cannot run.

    ``wheels`` is a folder of downloaded files, for a room without network.
    """
    local = ["--no-index", "--find-links", wheels] if wheels else []
    try:
        for wanted in requirements:
            _run(python, "-m", "uv", "pip", "install", "--quiet", "--python", python, *local, *wanted)
    except (subprocess.CalledProcessError, OSError):
        print(say("door_by_pip"), flush=True)
        for wanted in requirements:
            _run(python, "-m", "pip", "install", "--quiet", *local, *wanted)


def _install(python: Path, wheels: str = "") -> None:
    """Install uv, the lock and the package into the environment of ``python``."""
    local = ["--no-index", "--find-links", wheels] if wheels else []
    _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *local, f"uv=={declared()['uv']}")
    bring(python, ["-r", "requirements.txt"], ["--no-deps", "--no-build-isolation", "-e", "."], wheels=wheels)


NEEDED = ("course", "ipykernel", "jupyterlab", "matplotlib", "nbval", "numpy", "pandas", "pytest", "seaborn")
PROBE = f"""
import json, sys
from importlib.util import find_spec
import course, ipykernel, matplotlib, numpy, pandas  # those with parts of their own for each system; the others are looked for
assert all(find_spec(name) for name in {NEEDED})
print(json.dumps([sys.version, sys.base_prefix, course.__file__]))
"""


def answers(python: Path) -> str:
    """Return which interpreter an environment runs, if it can import what the course needs, and the course from here; else nothing."""
    if not python.exists():
        return ""
    try:
        with tempfile.TemporaryDirectory() as elsewhere:  # the course has to be installed: beside it, it could be imported by chance
            done = subprocess.run([str(python), "-c", PROBE], cwd=elsewhere, env=_clean(), capture_output=True, text=True, encoding="utf-8")
        version, prefix, place = json.loads(done.stdout.splitlines()[-1])
    except (OSError, ValueError, IndexError):
        return ""
    return f"{version} {prefix}" if Path(place).resolve().parent.parent == ROOT else ""


def _venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _wish() -> dict[str, str]:
    """Return what the stamp of our environment must say: for which folder and which lock it was made."""
    import tomllib

    # read as text and as a table: neither line ends nor a comment of pyproject.toml make another environment
    said = [(ROOT / "requirements.txt").read_text(encoding="utf-8"), tomllib.loads(CLONE.read_text(encoding="utf-8"))]
    return {"path": str(VENV), "lock": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}


def trusted() -> bool:
    """Say whether ``.venv`` was made by us to the end, for this folder, this lock and its interpreter, and still imports what it must."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(stamp, dict) or {name: stamp.get(name) for name in ("path", "lock")} != _wish():
        return False
    if Path(sys.prefix) == VENV:  # this is its Python: no need to start another
        found = f"{sys.version} {sys.base_prefix}" if all(find_spec(name) for name in NEEDED) else ""
    else:
        found = answers(_venv_python())
    return found != "" and stamp.get("python") == found


def _is_ours() -> bool:
    """Say whether ``.venv`` was made or begun by the course; the last of the names is that of the course up to 0.2.0."""
    marks = (STAMP, BEGUN, VENV / "triple-extraction.lock")
    return VENV.is_dir() and (any(mark.exists() for mark in marks) or not any(VENV.iterdir()))


def _make_way() -> None:
    """Clear the place of ``.venv``, and say why: ours is removed, somebody's own is renamed."""
    if not VENV.exists() and not VENV.is_symlink():
        print(say("door_first"), flush=True)
        return
    gone = VENV.with_name(".venv-gone")
    try:
        if not VENV.is_symlink() and _is_ours():
            print(say("door_again"), flush=True)
            shutil.rmtree(gone, ignore_errors=True)
            VENV.rename(gone)  # at once, so that nobody finds half of it should we be stopped
            shutil.rmtree(gone, ignore_errors=True)
        else:
            from . import copies

            name = copies.numbered(ROOT / ".venv-yours")
            VENV.rename(name)
            print(say("door_not_ours", name=name.name), flush=True)
    except OSError:
        raise DoorError(say("door_in_use")) from None


def _long_paths() -> bool:
    """Say whether this system takes paths of more than 259 characters (a Windows has to be set so)."""
    if os.name != "nt":
        return True
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
    except OSError:
        return False


def _why(error: subprocess.CalledProcessError) -> str:
    """Return one sentence on why an installation stopped, and the last line that the tool said."""
    told = (error.stderr or "").lower()
    proxy = next((os.environ[name] for name in PROXIES if os.environ.get(name)), "")
    if "ensurepip" in told or "no module named venv" in told or "-m venv" in " ".join(map(str, error.cmd)):
        key = "door_no_venv"
    elif any(word in told for word in UNREACHED) or "no matching distribution" in told:
        key = "door_proxy" if proxy else "door_no_network"
    elif "no space left" in told:
        key = "door_no_space"
    else:
        key = "door_stopped"
    last = next((line.strip() for line in reversed((error.stderr or "").splitlines()) if line.strip()), "nothing")
    return say(key, proxy=re.sub(r"//[^@/]*@", "//", proxy), last=last[:300])


def ensure(wheels: str = "") -> Path:
    """Return a Python that has the course's exact versions: this one, or that of ``.venv``, made anew if it cannot be trusted."""
    if not CLONE.is_file():
        return Path(sys.executable)  # installed: its environment is the user's
    if differences := lock_differences():
        raise DoorError(f"The lock is not that of pyproject.toml: {'; '.join(differences)}. To make it again: python -m course lock")
    here = Path(sys.executable)
    right = all(_installed(package) == version for package, version in declared().items()) and _installed(NAME) != "missing"
    if right and (trusted() if Path(sys.prefix) == VENV else answers(here)):
        return here
    if trusted():
        return _venv_python()
    if len(str(ROOT)) + DEEPEST > 259 and not _long_paths():
        raise DoorError(say("door_long", length=len(str(ROOT)), most=259 - DEEPEST))
    _make_way()
    maker = getattr(sys, "_base_executable", "") or sys.executable  # never the Python of the environment that just went
    python = _venv_python()
    try:
        VENV.mkdir(exist_ok=True)
        BEGUN.touch()
        _run(maker, "-m", "venv", VENV)
        _install(python, wheels)
        found = answers(python)
    except subprocess.CalledProcessError as error:
        raise DoorError(_why(error)) from None
    except OSError as error:
        raise DoorError(say("door_no_folder", folder=ROOT.name, reason=error.strerror or error)) from None
    except KeyboardInterrupt:
        raise DoorError(say("door_interrupted")) from None
    if not found:
        raise DoorError(say("door_not_whole"))
    STAMP.write_text(json.dumps(_wish() | {"python": found}), encoding="utf-8")
    BEGUN.unlink()
    return python


def _hand_over(command: list[object]) -> int:
    try:
        return subprocess.run([str(part) for part in command], cwd=ROOT, env=_clean()).returncode
    except KeyboardInterrupt:
        return 130


def lab(extra: list[str]) -> int:
    """Open JupyterLab on the learner's own copy of the first notebook, and return its status.

    ``--wheels FOLDER`` installs from a folder of downloaded files (course/guide/class_server.md); the rest of ``extra`` goes to
    JupyterLab (for example --no-browser).
    """
    wheels = ""
    if "--wheels" in extra:
        place = extra.index("--wheels")
        wheels, extra = " ".join(extra[place + 1 : place + 2]), [*extra[:place], *extra[place + 2 :]]
        if not (Path(wheels).is_dir() and any(Path(wheels).glob("*.whl"))):
            raise DoorError(say("door_wheels", folder=wheels))
        wheels = str(Path(wheels).resolve())
    if not CLONE.is_file():
        raise DoorError(say("door_clone"))
    from . import copies

    python = ensure(wheels)
    if not _home_is_writable():
        print(say("door_home"), flush=True)
    for line in copies.bring(copies.folder()):
        print(line, flush=True)
    command = [python, "-m", "jupyter", "lab", FIRST, *extra]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        command.append("--allow-root")  # a container's only user is often root, and JupyterLab would refuse it
    return _hand_over(command)


def test(extra: list[str]) -> int:
    """Run the whole test suite; ``extra`` goes to pytest (for example -x, or one notebook). Return its status."""
    return _hand_over([ensure(), "-m", "pytest", *extra])


def lock() -> int:
    """Make requirements.txt and requirements-teach.txt again from pyproject.toml, for every system, without a registry's host."""
    python = _venv_python()
    try:
        if not python.exists():
            VENV.mkdir(exist_ok=True)
            BEGUN.touch()
            _run(sys.executable, "-m", "venv", VENV)
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={declared()['uv']}")
    except subprocess.CalledProcessError as error:
        raise DoorError(_why(error)) from None
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
        if shutil.which("git") is None:
            raise DoorError(say("binder_no_git"))
        asked = subprocess.run(["git", "remote", "get-url", "origin"], cwd=ROOT, capture_output=True, text=True)
        if asked.returncode:
            raise DoorError(say("binder_no_remote"))
        remote = asked.stdout
    print(binder_link(remote))
    return 0
