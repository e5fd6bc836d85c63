"""Processes die: deaths count for a task, workers end with their driver, signals end in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sim.runs.engines import ATTEMPTS, Crew, WorkerDiedError
from sim.runs.recording import PART
from sim.runs.recording.folders import LOCK

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


def stay(number: int) -> int:
    time.sleep(0.2)
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


@linux
def test_workers_of_a_driver_that_ignores_signals_can_be_ended(tmp_path: Path) -> None:
    """What a driver ignores its workers ignored too: a crew of which one had died waited for the others for good."""
    script = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r})\n"
        "from sim.runs.engines import Crew\n"
        "from tests.unit.runs.test_processes import die, stay\n"
        "with Crew(2) as crew:\n"
        "    print(sorted(crew.run(stay, [1, 2])))\n"
        "    try:\n"
        "        list(crew.run(die, [7, 1]))\n"
        "    except RuntimeError as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[1, 2]\n7: its worker died")


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


@contextmanager
def dispositions(ignored: str) -> Iterator[None]:
    """What a process that is started inside does at a signal: ignore the one named, end at the others."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
    before = {
        number: signal.signal(number, signal.SIG_IGN if number.name == ignored else signal.default_int_handler)
        for number in numbers
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture
def driver(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A comparison that is under way with its workers, in a folder with modules that have the names of Python's own.

    The parameter, if any, is a signal that whoever started it had ignored.
    """
    for name in ("pickle", "socket", "struct", "numbers", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'MARK')!r}, 'a').write({name!r})\n")
    place = Path(sys.executable).parent / "groundswell"
    with dispositions(getattr(request, "param", "")):
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
    begun.communicate()


@linux
@pytest.mark.slow
@pytest.mark.alone
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
@pytest.mark.alone
def test_a_second_interrupt_ends_at_once_without_a_traceback(driver: subprocess.Popen[str]) -> None:
    for _ in range(3):
        if driver.poll() is None:
            os.killpg(driver.pid, signal.SIGINT)  # as a terminal does: to the driver and its workers
            time.sleep(0.05)
    said = driver.communicate(timeout=10)[1]
    assert driver.returncode == 130
    assert "Traceback" not in said


@linux
@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("driver", ["SIGHUP"], indirect=True)
def test_what_nohup_ignores_stays_ignored(driver: subprocess.Popen[str], tmp_path: Path) -> None:
    """A comparison of hours goes on when its terminal is closed."""
    driver.send_signal(signal.SIGHUP)
    time.sleep(1.0)
    before = len(list((tmp_path / "out" / "runs").glob("*.json")))
    until = time.monotonic() + 60
    while len(list((tmp_path / "out" / "runs").glob("*.json"))) <= before and time.monotonic() < until:
        time.sleep(0.2)
    assert driver.poll() is None
    assert len(list((tmp_path / "out" / "runs").glob("*.json"))) > before
