"""Sweeps whose driver or workers are killed end with the very results of an undisturbed one, and run nothing twice that is there."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.runs.test_processes import alive, children_of
from tests.worlds import SMALL, STAGED

COMMAND = str(Path(sys.executable).parent / "groundswell")
BUDGETS = ",".join(str(1000 * n) for n in range(1, 9))
WORDS = [
    "scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=1", "campaign=coordinated", "replications=4",
    f"campaign.budget={BUDGETS}",
]  # fmt: skip
FAMILIES = 32
ENGINES = {"process": ["engine=process", "engine.workers=2"], "dask": ["engine=dask", "engine.workers=2"]}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]


def finished(out: Path) -> dict[str, int]:
    """Files of families, and when they were written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "families").glob("*.json.gz")}


def begin(engine: str, out: Path, cwd: Path) -> subprocess.Popen[str]:
    if engine == "dask":
        pytest.importorskip("distributed", reason="needs groundswell[cluster]")
    return subprocess.Popen(
        [COMMAND, "sweep", *WORDS, *ENGINES[engine], "--out", str(out), "--json"], cwd=cwd, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def wait_for(out: Path, families: int, driver: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 240
    while len(finished(out)) < families and driver.poll() is None and time.monotonic() < until:
        time.sleep(0.02)


def outcome(driver: subprocess.Popen[str]) -> dict[str, Any]:
    said, errors = driver.communicate(timeout=300)
    assert driver.returncode == 0, errors
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("undisturbed")
    found = outcome(begin("process", folder / "out", folder))
    assert (found["asked"], found["computed"], found["failed"]) == (FAMILIES, FAMILIES, 0)
    return str(found["digest"])


@pytest.mark.parametrize("engine", ENGINES)
def test_driver_and_worker_are_killed_and_the_results_are_the_same(
    engine: str, tmp_path: Path, undisturbed: str
) -> None:
    out = tmp_path / "out"
    driver = begin(engine, out, tmp_path)
    wait_for(out, FAMILIES // 3, driver)
    workers = children_of(driver.pid) - {driver.pid}
    os.kill(driver.pid, signal.SIGKILL)
    driver.communicate()
    until = time.monotonic() + 30
    while any(alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(alive(worker) for worker in workers)
    there = finished(out)
    assert FAMILIES // 3 <= len(there) < FAMILIES

    driver = begin(engine, out, tmp_path)
    wait_for(out, FAMILIES // 2 + len(there) // 4, driver)
    computing = [worker for worker in children_of(driver.pid) - {driver.pid} if "spawn_main" in command_of(worker)]
    os.kill(computing[-1], signal.SIGKILL)
    found = outcome(driver)
    assert found["digest"] == undisturbed
    assert (found["reused"], found["computed"], found["failed"]) == (len(there), FAMILIES - len(there), 0)
    after = finished(out)
    assert len(after) == FAMILIES
    assert {name: after[name] for name in there} == there
    assert not (out / "under_way").exists()


def command_of(process: int) -> str:
    """The command line of a process, empty where it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
