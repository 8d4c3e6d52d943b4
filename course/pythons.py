"""Which Pythons the course runs on, and how to find one. Read by any Python from 3.6 on: no newer syntax here."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LOWEST, HIGHEST = (3, 11), (3, 14)  # the lock has ready-made files for these, on every system that the README names
NAMES = ["3.%d" % minor for minor in range(HIGHEST[1], LOWEST[1] - 1, -1)]
SENTENCE = (
    "Triple Extraction needs Python 3.11, 3.12, 3.13 or 3.14; this is Python {version}, and no other was found on this machine. "
    "Install Python 3.13 from https://www.python.org/downloads/ and run the same command with it (on Windows: py -3.13)."
)
ASKS = "import sys; print('%d.%d' % sys.version_info[:2])"


def fits(version=None):
    """Say whether a version (major, minor) is one that the course runs on; this Python's if none is given."""
    return LOWEST <= (version or sys.version_info[:2]) <= HIGHEST


def too_old():
    """Say whether this Python cannot even read the course's modules."""
    return sys.version_info[:2] < LOWEST


def sentence():
    """Return what to do where no Python fits."""
    return SENTENCE.format(version="%d.%d.%d" % sys.version_info[:3])


def _answers(command):
    """Return the version that a Python says it is, or nothing if it does not run."""
    try:
        done = subprocess.run(command + ["-c", ASKS], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def another():
    """Return the command of another Python on this machine that fits, or None."""
    for name in NAMES:
        for command in ([["py", "-" + name]] if os.name == "nt" else []) + [["python" + name]]:
            if shutil.which(command[0]) and _answers(command) == name:
                return command
    return None


def brought():
    """Return the command of a Python that uv brings from the network (uv itself is brought by pip if need be), or None."""
    with tempfile.TemporaryDirectory() as folder:
        uv = [shutil.which("uv") or ""]
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "universal_newlines": True, "check": True}
        how["env"] = dict(os.environ, PIP_USER="0", PYTHONPATH=folder)
        try:
            if not uv[0]:
                subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "uv"], **how)
                uv = [sys.executable, "-m", "uv"]
            subprocess.run(uv + ["python", "install", "--quiet", "3.13"], **how)
            found = subprocess.run(uv + ["python", "find", "3.13"], **how).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            return None
    return [found] if found and _answers([found]) == "3.13" else None


def run_elsewhere(arguments):
    """Run ``python -m course`` by another Python that fits, and return its exit status; say what to do if there is none."""
    this = "This is Python %d.%d.%d" % sys.version_info[:3]
    command = another()
    if command is None:
        print(this + ", which the course does not run on; looking for another (uv brings one if the network allows) ...")
        sys.stdout.flush()
        command = brought()
    if command is None:
        sys.stderr.write(sentence() + "\n")
        return 1
    print("%s; going on with %s." % (this, " ".join(command)))
    sys.stdout.flush()
    try:
        return subprocess.call(command + ["-m", "course"] + list(arguments), cwd=str(Path(__file__).resolve().parent.parent))
    except KeyboardInterrupt:
        return 130
