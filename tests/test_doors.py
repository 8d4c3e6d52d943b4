"""The doors agree: one set of versions, no host and no path in a lock, commands that exist, a Binder link from any clone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
import yaml

from course import copies, doors
from course.doors import ROOT, DoorError, binder_link, declared

LOCK_TEXT = (ROOT / "requirements.txt").read_text(encoding="utf-8")
LOCK = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", LOCK_TEXT, flags=re.MULTILINE))
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, BUILD = WHOLE["project"], WHOLE["build-system"]
EXTRAS = PROJECT["optional-dependencies"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_extra_is_pinned_exactly():
    for line in (line for group in EXTRAS.values() for line in group):
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line), line


def test_each_lock_is_made_of_all_that_is_pinned_for_it():
    for extras, target in doors.LOCKS.items():
        assert set(declared()) <= {line.split("==")[0] for extra in extras for line in EXTRAS[extra]}, target


def test_the_package_declares_what_it_imports_with_a_lower_bound_that_the_lock_meets():
    declared_names = {}
    for line in PROJECT["dependencies"]:
        name, bound = re.fullmatch(r"([a-z0-9-]+)>=([0-9.]+)", line).groups()
        declared_names[name] = bound
        assert tuple(map(int, LOCK[name].split(".")[:2])) >= tuple(map(int, bound.split("."))), line
    imported = set()
    for path in (ROOT / "course").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            imported |= {name.split(".")[0] for name in names}
    known = {"PIL": "pillow", "IPython": "ipython"}
    assert {known.get(name, name) for name in imported - set(sys.stdlib_module_names)} == set(declared_names)


def test_the_build_backend_is_the_one_of_the_lock():
    assert BUILD["requires"] == [f"hatchling=={LOCK['hatchling']}"]
    assert f"hatchling=={LOCK['hatchling']}" in EXTRAS["dev"]


def test_course_and_data_have_one_version():
    from course import __version__
    from course.data import package

    assert PROJECT["dynamic"] == ["version"]
    assert package()["version"] == __version__
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == __version__


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, unpacked as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_package_keys_and_tables_and_nothing_solved(wheel):
    held = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file() and path.parts[len(wheel.parts)] == "course"}
    modules = {f"course/{path.name}" for path in (ROOT / "course").glob("*.py")}
    keys = {path.relative_to(ROOT).as_posix() for path in (ROOT / "course" / "made" / "keys").glob("*.json")}
    tables = {f"course/datasets/{path.name}" for path in (ROOT / "datasets").glob("*") if path.suffix in (".csv", ".json")}
    assert held == modules | keys | tables


def test_the_installed_package_works_from_any_folder(wheel, tmp_path):
    program = """
import course, course.data
from course import check, claim, emissions, environment, load, tables
assert course.data.DATASETS.parent.name == "course" and "site" in course.__file__
[load(name) for name in tables()]
print(emissions(1, "France", 2023))
claim("cobalt-drc-60pct")
check("cobalt-share-2022", "x")
environment()
"""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(wheel)!r})\n{program}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "**Claim** · `cobalt-drc-60pct`" in done.stdout
    assert "Take off the quotes" in done.stdout


@pytest.mark.parametrize(("verb", "status", "words"), [(["claims", "mturk-500k"], 0, "mturk-500k"), (["build"], 1, "needs a clone")])
def test_an_installed_package_has_the_verbs_that_need_no_clone(verb, status, words, wheel, tmp_path):
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(wheel)!r}); from course.__main__ import main; sys.exit(main({verb}))",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, words in done.stdout + done.stderr) == (status, True), done.stderr


def test_lock_holds_what_is_declared():
    for package, version in declared().items():
        assert LOCK[package] == version


def test_conda_and_binder_pin_the_learners_packages():
    pins = next(entry["pip"] for entry in CONDA if isinstance(entry, dict))
    assert sorted(pins) == sorted(EXTRAS["learn"])
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
    assert binder_link(remote) == f"https://mybinder.org/v2/{place}/HEAD?urlpath=lab%2Ftree%2Fmy_course%2F00_start_here.ipynb"
    assert "python -m course.copies" in (ROOT / "postBuild").read_text(encoding="utf-8"), "which makes what the link opens"


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
    assert len(lines) == len(EXTRAS["learn"])
    assert all(line.startswith("ok   ") for line in lines)


def test_environment_check_says_what_to_do(capsys, monkeypatch):
    monkeypatch.setattr(doors, "_installed", lambda package: "0.1")
    doors.environment()
    assert capsys.readouterr().out.count("run: python -m course lab") == len(EXTRAS["learn"])


def test_code_and_notebooks_are_formatted_and_linted():
    notebooks = sorted(set(copies.pristine().values()) - set(copies.changed_originals()))  # a learner's need not be
    for verb in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *verb, "--no-cache", "course", "tests", "conftest.py", *notebooks],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
