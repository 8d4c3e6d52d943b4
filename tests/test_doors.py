"""The doors agree: one set of versions, no host and no path in a lock, commands that exist, a Binder link from any clone."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from course import copies, doors, pythons
from course.doors import ROOT, DoorError, binder_link, declared
from course.messages import say

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
    known = {"PIL": "pillow", "IPython": "ipython", "markdown_it": "markdown-it-py"}
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


def test_jupyterlab_asks_nothing_about_news_where_the_package_is_installed(wheel):
    (shipped,) = wheel.rglob("*.data/data/share/jupyter/lab/settings/overrides.d/*.json")
    notices = json.loads(shipped.read_text(encoding="utf-8"))["@jupyterlab/apputils-extension:notification"]
    assert notices == {"checkForUpdates": False, "fetchNews": "false"}


def test_the_installed_package_works_from_any_folder(wheel, tmp_path):
    program = """
import course, course.data
from course import check, claim, emissions, environment, load, tables
assert course.data.DATASETS.parent.name == "course" and "site" in course.__file__
[load(name) for name in tables()]
print(emissions(1, "France", 2023))
claim("cobalt-drc-60pct")
check("cobalt-share-2022", "many")
environment()
"""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(wheel)!r})\n{program}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "**Claim.**" in done.stdout
    assert "you gave text" in done.stdout


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


def test_environment_check_is_one_line_when_all_is_well(capsys):
    doors.environment()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("ok   jupyterlab ")
    assert all(pin.replace("==", " ") in line for pin in EXTRAS["learn"])


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


# the environment: trusted, made anew, or renamed


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An environment that is made in no time, in a folder of its own."""
    venv = tmp_path / ".venv"
    for name, value in (
        ("VENV", venv),
        ("STAMP", venv / "triple-extraction.json"),
        ("BEGUN", venv / "triple-extraction.begun"),
        ("ROOT", tmp_path),
    ):
        monkeypatch.setattr(doors, name, value)
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(doors, "CLONE", tmp_path / "pyproject.toml")
    monkeypatch.setattr(doors, "_installed", lambda package: "0")
    monkeypatch.setattr(doors, "answers", lambda python: "3.13 here" if python.exists() else "")

    def run(*command):
        if "venv" in command:
            doors._venv_python().parent.mkdir(parents=True)
            doors._venv_python().touch()

    monkeypatch.setattr(doors, "_run", run)
    return venv


def opened(capsys) -> str:
    """Open the door, and return what it said first."""
    assert doors.ensure() == doors._venv_python()
    return capsys.readouterr().out.split("\n")[0]


def test_an_environment_is_made_once_and_then_trusted(place, capsys):
    assert opened(capsys) == say("door_first")
    assert opened(capsys) == ""


@pytest.mark.parametrize(
    "harm",
    [
        lambda venv: (venv / "triple-extraction.json").rename(venv / "triple-extraction.begun"),  # stopped before the end
        lambda venv: (venv / "triple-extraction.json").write_text("{"),
        lambda venv: (venv / "triple-extraction.json").write_text("[]"),
        lambda venv: doors._venv_python().unlink(),  # the Python it was made from has gone
        lambda venv: (venv.parent / "requirements.txt").write_text((venv.parent / "requirements.txt").read_text() + "\n# newer"),
        lambda venv: (venv / "triple-extraction.json").rename(venv / "triple-extraction.lock"),  # made by an older course
    ],
)
def test_what_was_half_made_or_made_for_other_things_is_made_anew(harm, place, capsys):
    opened(capsys)
    harm(place)
    assert opened(capsys) == say("door_again")
    assert opened(capsys) == ""


def test_an_empty_folder_and_a_link_are_no_environment(place, capsys):
    place.mkdir()
    assert opened(capsys) == say("door_again")
    assert not place.with_name(".venv-gone").exists()
    shutil.rmtree(place)
    (place.parent / "elsewhere").mkdir()
    try:
        place.symlink_to("elsewhere", target_is_directory=True)
    except OSError:  # a Windows lets few people make links
        return
    assert opened(capsys) == say("door_not_ours", name=".venv-yours")


def test_a_renamed_or_copied_folder_and_another_python_are_noticed(place, capsys, monkeypatch, tmp_path_factory):
    opened(capsys)
    monkeypatch.setattr(doors, "answers", lambda python: "3.14 elsewhere")
    assert opened(capsys) == say("door_again")
    moved = tmp_path_factory.mktemp("moved") / ".venv"
    place.rename(moved)
    for name in ("VENV", "STAMP", "BEGUN"):
        monkeypatch.setattr(doors, name, moved / getattr(doors, name).relative_to(place))
    assert opened(capsys) == say("door_again")
    monkeypatch.setattr(doors, "answers", lambda python: "")
    with pytest.raises(DoorError, match="still lacks something"):
        doors.ensure()


def test_somebodys_own_environment_is_renamed_and_left_whole(place, capsys):
    for name in (".venv-yours", ".venv-yours_2"):
        place.mkdir()
        (place / "mine.txt").write_text(name)
        assert opened(capsys) == say("door_not_ours", name=name)
        assert (place.parent / name / "mine.txt").read_text() == name
        shutil.rmtree(place)


@pytest.mark.parametrize(
    ("told", "proxy", "words"),
    [
        ("ERROR: Could not find a version\nERROR: No matching distribution found for uv", "", "Check the network"),
        ("error: Failed to fetch: dns error: name resolution", "", "Check the network"),
        ("ProxyError('Cannot connect to proxy.')", "http://me:secret@proxy.example:8080", "through the proxy http://proxy.example:8080"),
        ("The virtual environment was not created: ensurepip is not available", "", "python3-venv"),
        ("OSError: [Errno 28] No space left on device", "", "The disk is full"),
        ("something else", "", "the last word was: something else"),
    ],
)
def test_a_failed_installation_says_one_sentence(told, proxy, words, place, monkeypatch):
    for name in doors.PROXIES:
        monkeypatch.delenv(name, raising=False)
    if proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)

    def run(*command):
        raise subprocess.CalledProcessError(1, ["python", "-m", "pip"], stderr=told)

    monkeypatch.setattr(doors, "_run", run)
    with pytest.raises(DoorError) as refused:
        doors.ensure()
    assert words in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not doors.trusted()


@pytest.mark.parametrize(
    ("fault", "words"), [(KeyboardInterrupt(), "Stopped"), (PermissionError(13, "Permission denied"), "cannot be written")]
)
def test_an_interruption_or_a_closed_folder_is_said(fault, words, place, monkeypatch, capsys):
    run = doors._run

    def stop(*command):
        raise fault

    monkeypatch.setattr(doors, "_run", stop)
    with pytest.raises(DoorError, match=words):
        doors.ensure()
    monkeypatch.setattr(doors, "_run", run)
    capsys.readouterr()
    assert opened(capsys) == say("door_again")


def test_a_folder_with_too_long_a_name_is_said(place, monkeypatch):
    monkeypatch.setattr(doors, "_long_paths", lambda: False)
    monkeypatch.setattr(doors, "DEEPEST", 259)
    with pytest.raises(DoorError, match=r"move it to a short place, for example C:\\course"):
        doors.ensure()
    assert not place.exists()


def test_settings_that_would_send_packages_elsewhere_are_put_aside(monkeypatch):
    for name in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME"):
        monkeypatch.setenv(name, "1")
    clean = doors._clean()
    assert clean["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME"} & set(clean)


def test_a_home_that_cannot_be_written_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "MINE", tmp_path / "my_course")
    monkeypatch.setattr(copies.folder, "__defaults__", (tmp_path / "my_course",))
    (tmp_path / "file").touch()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    clean = doors._clean()
    assert Path(clean["MPLCONFIGDIR"]).is_relative_to(tmp_path / "my_course" / ".home")
    assert Path(clean["HOME"]).is_dir()


def test_a_folder_without_wheels_is_said(tmp_path):
    for extra in (["--wheels"], ["--wheels", str(tmp_path)]):
        with pytest.raises(DoorError, match="holds no wheels"):
            doors.lab(extra)


def test_binder_without_git_asks_for_the_address(monkeypatch):
    monkeypatch.setattr(doors.shutil, "which", lambda name: None)
    with pytest.raises(DoorError, match="git is not installed"):
        doors.binder()


def test_nobody_is_told_a_command_of_git_to_restore_a_file():
    assert "git checkout" not in (ROOT / "course" / "messages.py").read_text(encoding="utf-8"), "the course may have come as a zip"


# which Python


def test_the_range_of_pythons_is_the_same_everywhere():
    lowest, highest = (".".join(map(str, version)) for version in (pythons.LOWEST, pythons.HIGHEST))
    above = f"{pythons.HIGHEST[0]}.{pythons.HIGHEST[1] + 1}"
    assert PROJECT["requires-python"] == f">={lowest},<{above}"
    assert " ".join(README.split()).count(f"Python {lowest}, 3.12, 3.13 or {highest}") == 1
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert f'python: ["{lowest}", "{highest}"]' in workflow
    assert all(version in (ROOT / ".ci" / "resolve").read_text(encoding="utf-8") for version in [*pythons.NAMES])
    assert ".ci/resolve" in workflow


def test_what_an_old_python_reads_is_in_its_syntax():
    for name in ("__init__", "__main__", "pythons"):
        text = (ROOT / "course" / f"{name}.py").read_text(encoding="utf-8")
        ast.parse(text, feature_version=(3, 6))
        assert "from __future__" not in text


@pytest.mark.parametrize(("version", "fit"), [((3, 10), False), ((3, 11), True), ((3, 14), True), ((3, 15), False), ((2, 7), False)])
def test_a_python_fits_or_not(version, fit):
    assert pythons.fits(version) == fit


def test_where_no_python_fits_one_sentence_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(pythons, "another", lambda: None)
    monkeypatch.setattr(pythons, "brought", lambda: None)
    assert pythons.run_elsewhere(["lab"]) == 1
    assert "Install Python 3.13 from https://www.python.org/downloads/" in capsys.readouterr().err


def test_another_python_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(pythons, "another", lambda: [sys.executable])
    assert pythons.run_elsewhere(["--help"]) == 0
    assert f"going on with {sys.executable}" in capsys.readouterr().out


# a notebook alone, and a suite that a learner runs


def test_the_first_code_cell_speaks_only_without_the_course(tmp_path):
    from course.make.lessons import _door

    cell = _door()
    for options, lines in (([], 0), (["-I", "-S"], 4)):
        done = subprocess.run([sys.executable, *options, "-c", cell.source], cwd=tmp_path, capture_output=True, text=True)
        assert (done.stderr, len(done.stdout.splitlines())) == ("", lines)
    assert "python3 -m course lab" in done.stdout
    assert "%pip install" in done.stdout


def test_the_suite_leaves_a_learners_notebooks_alone(tmp_path):
    for name in ("course", "datasets", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    first, second = tmp_path / "notebooks" / "00_start_here.ipynb", tmp_path / "notebooks" / "capstone.ipynb"
    first.write_bytes(copies.as_made("00_start_here"))
    base = tmp_path / "my_course" / ".base" / f"{copies.digest(first.read_bytes())}.ipynb"
    base.parent.mkdir(parents=True)
    shutil.copy(first, base)
    first.write_text(first.read_text(encoding="utf-8").replace("...", "42", 1), encoding="utf-8")
    shutil.copy(second, second.with_name("capstone (1).ipynb"))
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider", "notebooks"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search(r"^notebooks/(00_start_here|capstone \(1\))\.ipynb:", done.stdout, flags=re.MULTILINE)
    assert re.search(r"^notebooks/capstone\.ipynb:", done.stdout, flags=re.MULTILINE)
    assert "notebooks/00_start_here.ipynb holds your work: it is not tested." in done.stdout
    assert "notebooks/capstone (1).ipynb is not the course's" in done.stdout
    assert not list(tmp_path.glob(".as_made_*"))
