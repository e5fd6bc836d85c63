"""go.py: which Python it takes, when it calls an environment whole, and what it passes on."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def go() -> ModuleType:
    """go.py as a module, without running it."""
    spec = importlib.util.spec_from_file_location("go", ROOT / "go.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["go"] = module  # its named tuple looks itself up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of nothing but what a set-up depends on, with an environment that has no stamp yet."""
    for name in ("pyproject.toml", "requirements.lock", "requirements-lab.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    environment = tmp_path / ".venv"
    environment.mkdir()
    (environment / "pyvenv.cfg").write_text("home = /somewhere\nversion = 3.12.1\n")
    return tmp_path


def executable(path: Path, script: str) -> str:
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return str(path)


def test_parses_with_the_oldest_python_that_may_start_it() -> None:
    ast.parse((ROOT / "go.py").read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([(3, 11, 7), (3, 12, 1)], (3, 12, 1)),
        ([(3, 12, 9), (3, 13, 0), (3, 8, 18)], (3, 13, 0)),
        ([(3, 13, 0), (3, 19, 0)], (3, 13, 0)),
        ([(3, 19, 0), (3, 18, 2)], (3, 18, 2)),
        ([(3, 11, 7)], None),
        ([], None),
    ],
)
def test_takes_the_newest_python_that_the_lock_knows(
    go: ModuleType, versions: list[tuple[int, ...]], expected: tuple[int, ...] | None
) -> None:
    best = go.choose([go.Interpreter(version, "python") for version in versions])
    assert (best and best.version) == expected


def test_probe_runs_the_interpreter(go: ModuleType) -> None:
    assert go.probe([sys.executable]).version == sys.version_info[:3]


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")
@pytest.mark.parametrize("script", ["echo 'pyenv: command not found' >&2; exit 127", "echo hello", "exit 0"])
def test_probe_survives_commands_that_are_no_python(go: ModuleType, tmp_path: Path, script: str) -> None:
    assert go.probe([executable(tmp_path / "python3.12", script)]) is None
    assert go.probe([str(tmp_path / "missing")]) is None


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")
def test_finds_a_python_behind_a_broken_shim(go: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shims = tmp_path / "shims"
    kept = tmp_path / "home" / ".pyenv" / "versions" / "3.12.1" / "bin"
    shims.mkdir()
    kept.mkdir(parents=True)
    for name in ("python3", "python3.12", "python3.13"):
        executable(shims / name, "exit 127")
    executable(kept / "python3", f'exec "{sys.executable}" "$@"\n')
    monkeypatch.setenv("PATH", str(shims))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.delenv("GROUNDSWELL_PYTHON", raising=False)
    monkeypatch.setattr(go.sys, "executable", str(shims / "python3"))
    usual = go.usual_places
    inside = lambda *given: [place for place in usual(*given) if place.startswith(str(tmp_path))]  # noqa: E731
    monkeypatch.setattr(go, "usual_places", inside)
    assert go.find_python().version == sys.version_info[:3]


def test_a_python_that_is_asked_for_is_the_only_candidate(go: ModuleType) -> None:
    assert go.candidates({"GROUNDSWELL_PYTHON": "/here/python"}) == [["/here/python"]]


def test_asks_the_launcher_on_windows(go: ModuleType) -> None:
    assert ["py", "-3.12"] in go.candidates({"USERPROFILE": "C:/nobody"}, windows=True)


def test_says_how_to_get_a_python(go: ModuleType) -> None:
    message = go.how_to_get_python(["3.11.7"])
    assert "3.12 or newer" in message
    assert "3.11.7" in message
    assert "none that works" in go.how_to_get_python([])


def test_an_environment_without_a_stamp_is_not_whole(go: ModuleType, checkout: Path) -> None:
    assert go.extras_in_place(checkout, checkout / ".venv") is None
    assert go.extras_in_place(checkout, checkout / "nowhere") is None


def test_a_stamped_environment_is_whole(go: ModuleType, checkout: Path) -> None:
    go.write_stamp(checkout, checkout / ".venv", ["lab"])
    assert go.extras_in_place(checkout, checkout / ".venv") == ["lab"]


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"extras": []}', '{"extras": ["x"], "fingerprint": ""}', "null"])
def test_a_damaged_stamp_is_no_stamp(go: ModuleType, checkout: Path, stamp: str) -> None:
    (checkout / ".venv" / go.STAMP).write_text(stamp)
    assert go.extras_in_place(checkout, checkout / ".venv") is None


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock", ".venv/pyvenv.cfg"])
def test_a_change_of_what_was_installed_makes_the_stamp_stale(go: ModuleType, checkout: Path, name: str) -> None:
    go.write_stamp(checkout, checkout / ".venv", [])
    (checkout / name).write_text("version = 3.13.0\n")
    assert go.extras_in_place(checkout, checkout / ".venv") is None


def test_the_lab_lock_matters_only_with_the_lab(go: ModuleType, checkout: Path) -> None:
    go.write_stamp(checkout, checkout / ".venv", [])
    (checkout / "requirements-lab.lock").write_text("")
    assert go.extras_in_place(checkout, checkout / ".venv") == []


def test_line_ends_are_no_change(go: ModuleType, checkout: Path) -> None:
    go.write_stamp(checkout, checkout / ".venv", [])
    lock = checkout / "requirements.lock"
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert go.extras_in_place(checkout, checkout / ".venv") == []


def test_an_environment_of_someone_else_is_left_alone(
    go: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go, "ENVIRONMENT", checkout / ".venv")
    with pytest.raises(go.GoError, match="did not make it"):
        go.make_environment(go.Interpreter((3, 12, 1), sys.executable))
    assert (checkout / ".venv" / "pyvenv.cfg").exists()


def test_arguments_of_the_main_job(go: ModuleType) -> None:
    assert go.run_arguments(["replications=2"]) == ["compare", "scenario=romania_2024", "replications=2"]
    assert go.run_arguments(["scenario=classroom"]) == ["compare", "scenario=classroom"]


@pytest.mark.parametrize("status", [0, 2])
def test_the_lab_gets_its_arguments_after_a_set_up_without_extras(
    go: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    happened: list[object] = []
    monkeypatch.setattr(go, "set_up", lambda extras: happened.append(tuple(extras)))
    monkeypatch.setattr(go, "call", lambda command, cwd=None: happened.append(command) or status)
    assert go.main(["lab", "--port", "8765"]) == status
    assert happened == [(), [str(go.program("groundswell")), "lab", "--port", "8765"]]


def test_what_the_lab_is_served_with_is_in_the_lock_of_every_set_up(go: ModuleType) -> None:
    for name in go.LOCKS.values():
        lock = (ROOT / name).read_text("utf-8")
        assert all(go.blocks(lock, [one]) for one in ("starlette", "uvicorn"))


def test_arguments_of_the_tests(go: ModuleType) -> None:
    assert go.pytest_arguments(["-k", "luck"]) == ["-k", "luck"]
    assert go.pytest_arguments(["--slow", "-x"]) == ["-m", "not benchmark", "-x"]


def test_arguments_of_the_benchmarks(go: ModuleType) -> None:
    assert go.bench_arguments(["-x", "--users", "5000", "--large"]) == (["--users", "5000", "--large"], ["-x"])
    assert go.bench_arguments(["--json", "figures.json"]) == (["--json", "figures.json"], [])


@pytest.mark.parametrize(("status", "expected"), [(0, ["pytest", "tests.benchmarks.report"]), (1, ["pytest"])])
def test_the_report_follows_benchmarks_that_ran(
    go: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int, expected: list[str]
) -> None:
    called: list[str] = []
    monkeypatch.setattr(go, "call", lambda command, cwd=None: called.append(command[2]) or status)
    assert go.bench(["--large"]) == status
    assert called == expected


def test_one_failed_check_fails_the_whole_and_pytest_still_runs_last(
    go: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def call(command: list[str], cwd: Path | None = None) -> int:
        called.append(command[2])
        return 1 if command[2] == "mypy" else 0

    monkeypatch.setattr(go, "call", call)
    assert go.test([]) == 1
    assert called == ["ruff", "ruff", "mypy", "pytest"]


@pytest.mark.parametrize("arguments", [["tset"], ["setup", "lob"], []])
def test_a_wrong_command_is_one_message_and_status_2(arguments: list[str]) -> None:
    ran = subprocess.run([sys.executable, ROOT / "go.py", *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_locks_name_no_address_and_no_path_and_hash_everything(go: ModuleType) -> None:
    for name in go.LOCKS.values():
        lock = (ROOT / name).read_text("utf-8")
        assert not re.search(r"://|^ *(--index|--extra-index|--find-links|-e|-f)|@ ", lock, re.M)
        pinned = re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.M)
        assert len(pinned) > 20
        for one in pinned:
            assert "--hash=sha256:" in go.blocks(lock, [one])


def test_what_must_come_first_is_in_the_lock(go: ModuleType) -> None:
    first = go.blocks((ROOT / "requirements.lock").read_text("utf-8"), go.FIRST)
    assert re.findall(r"^(\S+)==", first, re.M) == list(go.FIRST)
