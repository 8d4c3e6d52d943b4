"""The doors agree: one set of versions, no host and no path in a lock, commands that exist, a Binder link from any clone."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from course import doors
from course.doors import ROOT, DoorError, binder_link, declared

LOCK_TEXT = (ROOT / "requirements.txt").read_text(encoding="utf-8")
LOCK = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", LOCK_TEXT, flags=re.MULTILINE))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_dependency_is_pinned_exactly():
    lines = [*PROJECT["dependencies"], *(line for group in PROJECT["optional-dependencies"].values() for line in group)]
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line), line


def test_lock_holds_what_is_declared():
    for package, version in declared().items():
        assert LOCK[package] == version


def test_conda_and_binder_pin_the_learners_packages():
    pins = next(entry["pip"] for entry in CONDA if isinstance(entry, dict))
    assert sorted(pins) == sorted(PROJECT["dependencies"])
    assert "python=3.11" in CONDA
    for line in (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines():
        if re.match(r"\s+- (?!conda-forge|pip:)", line):
            assert "#" in line, f"a word on its use is missing: {line}"


def test_environment_has_no_local_line():
    assert not re.search(r"^\s*- +(-e|\.|-r)", (ROOT / "environment.yml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert "pip install --no-cache-dir --no-deps -e ." in (ROOT / "postBuild").read_text(encoding="utf-8")


def test_this_environment_is_the_lock():
    from importlib.metadata import version

    for package, pinned in declared().items():
        assert version(package) == pinned


def test_locks_name_no_host_and_no_path():
    for line in LOCK_TEXT.splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==\S+( ; [^/]+)? ?\\?|    --hash=sha256:[0-9a-f]{64}( \\)?", line), line
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    assert "uv.lock" not in tracked


def test_readme_gives_one_command_to_run_and_one_to_test():
    for heading, command in (("Run it", "python3 -m course lab"), ("Test it", "python3 -m course test")):
        section = re.search(rf"^## {heading}$(.*?)^## ", README, flags=re.MULTILINE | re.DOTALL).group(1)
        blocks = re.findall(r"```\w*\n(.*?)```", section, flags=re.DOTALL)
        assert [block.strip() for block in blocks] == [command]
    assert "[![" not in README, "no badge that can die"


def test_readme_links_lead_somewhere():
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_ci_runs_the_readme_command():
    assert "python3 -m course test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("remote", "place"),
    [
        ("https://github.com/you/course.git", "gh/you/course"),
        ("git@github.com:you/course.git", "gh/you/course"),
        ("ssh://git@github.com/you/course", "gh/you/course"),
        ("https://token@github.com/you/course/", "gh/you/course"),
        ("https://gitlab.com/a/b/course.git", "gl/a%2Fb%2Fcourse"),
        ("https://git.example.org/you/course.git", "git/https%3A%2F%2Fgit.example.org%2Fyou%2Fcourse"),
    ],
)
def test_binder_link_from_any_public_clone(remote, place):
    assert binder_link(remote) == f"https://mybinder.org/v2/{place}/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2F00_start_here.ipynb"
    assert (ROOT / doors.FIRST).exists()


@pytest.mark.parametrize("remote", ["", "/srv/git/course", "C:\\course", "file:///srv/course"])
def test_binder_refuses_an_address_it_cannot_reach(remote):
    with pytest.raises(DoorError, match="https://"):
        binder_link(remote)


def test_a_bare_python_can_ask_for_help():
    done = subprocess.run([sys.executable, "-S", "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import course.__main__"],
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_environment_check_has_one_line_per_package(capsys):
    doors.environment()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PROJECT["dependencies"])
    assert all(line.startswith("ok   ") for line in lines)


def test_environment_check_says_what_to_do(capsys, monkeypatch):
    monkeypatch.setattr(doors, "_installed", lambda package: "0.1")
    doors.environment()
    assert capsys.readouterr().out.count("run: python -m course lab") == len(PROJECT["dependencies"])


def test_code_and_notebooks_are_formatted_and_linted():
    for verb in (["check"], ["format", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *verb, "--no-cache", "."], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
