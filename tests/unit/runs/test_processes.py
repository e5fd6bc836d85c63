"""Processes die: workers end with their driver, signals end in order, folders have one writer, and what is left is swept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.cli.command import app, status_of
from sim.runs.cost import bytes_of, seconds_of, warnings
from sim.runs.engines import ATTEMPTS, Crew, WorkerDiedError
from sim.runs.face import load_scenario
from sim.runs.recording import LOCK, PART, hold, release
from sim.scenario.schema import ScenarioError

WORLDS = ["scenario=classroom", "calendar.warm_up_days=1", "replications=40", "engine=process"]
linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def die_twice(folder: Path) -> str:
    """A task at which a worker dies the first two times."""
    tries = len(list(folder.iterdir()))
    if tries < 2:
        (folder / str(tries)).touch()
        os._exit(1)
    return folder.name


def die(number: int) -> int:
    if number == 7:
        os._exit(9)
    return number


def test_deaths_are_counted_for_each_task(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        folder.mkdir()
    with Crew(2) as crew:
        assert sorted(crew.run(die_twice, folders)) == ["a", "b", "c", "d"]


def test_the_task_at_which_workers_die_is_named_and_the_others_are_done() -> None:
    with Crew(2) as crew:
        results, found = crew.run(die, [1, 2, 7, 3, 4, 5]), list[int]()
        with pytest.raises(WorkerDiedError, match=rf"7: its worker died {ATTEMPTS} times") as error:
            found.extend(results)
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert "memory" in str(error.value)


def children_of(process: int) -> set[int]:
    """Processes that a process has started, and these."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.split("\n")[
        1:
    ]
    pairs = [(int(p), int(q)) for p, q in (line.split() for line in listed if line.strip())]
    found, seeking = set[int](), {process}
    while seeking:
        seeking = {child for child, parent in pairs if parent in seeking} - found
        found |= seeking
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A comparison that is under way with its workers, in a folder with modules that have the names of Python's own."""
    for name in ("pickle", "socket", "struct", "numbers", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'MARK')!r}, 'a').write({name!r})\n")
    place = Path(sys.executable).parent / "groundswell"
    begun = subprocess.Popen(
        [str(place), "compare", *WORLDS, "--out", "out", "--threads", "2"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 120
    while not list((tmp_path / "out" / "runs").glob("*.json")) and time.monotonic() < until and begun.poll() is None:
        time.sleep(0.1)
    yield begun
    for child in children_of(begun.pid) | {begun.pid}:
        if alive(child):
            os.kill(child, signal.SIGKILL)
    begun.wait()


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"])
def test_workers_end_with_their_driver_and_nothing_else_is_run(
    name: str, driver: subprocess.Popen[str], tmp_path: Path
) -> None:
    workers = children_of(driver.pid)
    assert len(workers) >= 2
    driver.send_signal(getattr(signal, name))
    until = time.monotonic() + (2.0 if name == "SIGKILL" else 5.0)
    while any(alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [worker for worker in workers if alive(worker)]
    said = driver.communicate(timeout=10)[1]
    assert "Traceback" not in said
    if name != "SIGKILL":
        assert driver.returncode == 130
        assert said.rstrip().endswith("interrupted; the same command goes on from the finished runs")
        assert not list((tmp_path / "out").rglob(f".*{PART}"))
        assert not (tmp_path / "out" / LOCK).exists()
    assert not (tmp_path / "MARK").exists()


@linux
@pytest.mark.slow
def test_a_second_interrupt_ends_at_once_without_a_traceback(driver: subprocess.Popen[str]) -> None:
    for _ in range(3):
        if driver.poll() is None:
            os.killpg(driver.pid, signal.SIGINT)  # as a terminal does: to the driver and its workers
            time.sleep(0.05)
    said = driver.communicate(timeout=10)[1]
    assert driver.returncode == 130
    assert "Traceback" not in said


def test_a_folder_has_one_writer_and_is_swept_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    for place in (tmp_path / f".a.json.x1{PART}", tmp_path / "runs" / f".b.json.x2{PART}"):
        place.touch()
    script = (
        f"import pathlib, time; from sim.runs.recording import hold; hold(pathlib.Path({str(tmp_path)!r})); "
        "print(1, flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "1\n"
    with pytest.raises(ScenarioError, match=f"into which process {other.pid} writes"):
        hold(tmp_path)
    other.kill()
    other.wait()
    other.stdout.close()
    assert (tmp_path / LOCK).exists()  # a killed process leaves it, and it holds nobody up
    (tmp_path / f".c.json.x3{PART}").touch()
    hold(tmp_path)
    hold(tmp_path)  # one's own
    assert not list(tmp_path.rglob(f".*{PART}"))
    release()
    assert not (tmp_path / LOCK).exists()


@pytest.mark.parametrize("words", [["run", "scenario=classroom"], ["compare", "scenario=classroom"], ["detect", "log.csv"],
                                   ["validate", "--quick"],
                                   ["calibrate", "scale=0.0001"], ["audit", "."], ["vary", "delay"]])  # fmt: skip
def test_a_folder_that_cannot_be_written_is_refused_before_the_work(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text("object_id,account_id,timestamp_share\na,b,1\n")
    for name in ("config.yaml", "manifest.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "file").touch()
    begun = time.monotonic()
    assert status_of(lambda: app([*words, "--out", "file/out"], prog_name="groundswell", standalone_mode=False)) == 2
    assert time.monotonic() - begun < 20.0
    assert "--out: file/out given, allowed a folder that can be written" in capsys.readouterr().err


def test_what_is_asked_beyond_the_machine_is_said_first(capsys: pytest.CaptureFixture[str]) -> None:
    small, country = load_scenario(["scenario=classroom"]), load_scenario(["scenario=country"])
    assert not list(warnings(small, 4, 8, 2))
    assert 9e9 < bytes_of(country) < 14e9  # 12.2 GB were measured
    assert 3 * 3600 < seconds_of(country, 5, 1, 1) < 16 * 3600  # some 3.5 hours with two threads
    said = list(warnings(country, 5, 40, 1_000))
    assert any("GB are free" in line for line in said)
    assert any("days here" in line for line in list(warnings(country, 5, 40, 2)))
