"""What the pages are had from: the stored reel, a replay of it, and the lab's server in a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.lab.replay import write_replay
from tests.browser.watching import Place

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "analysis" / "lab" / "stored"
GRACE = 15  # seconds in which its workers must be gone
PATIENCE = 60  # seconds until a server that was asked to end has ended


@dataclass(frozen=True)
class Served:
    """The lab's server: what its teacher opens, what the class opens and types, and its process."""

    teacher: Place
    student: Place
    code: str
    process: subprocess.Popen[str]


def stored_reel() -> Path:
    """The folder of the reel that ships with the package."""
    return next(path.parent for path in sorted(STORED.rglob("reel.json")))


def replay_of(reel: Path, folder: Path) -> Place:
    """A replay in one file."""
    file = folder / "replay.html"
    write_replay(reel, file)
    return Place("replay", file.as_uri(), (file.as_uri(),))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def server(folder: Path, *options: str) -> Iterator[Served]:
    """`groundswell lab` on a free port, until the block ends; as Ctrl-C does, it takes its workers along."""
    command = [sys.executable, "-m", "sim", "lab", "--no-browser", "--json", "--port", str(free_port()), *options]
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True, start_new_session=True
        )
    assert process.stdout is not None
    with process.stdout:
        try:
            line = process.stdout.readline()
            assert line, (folder / "said.txt").read_text()
            told = json.loads(line)
            home = told["address"].partition("#")[0]
            yield Served(Place("lab", told["address"], (home,)), Place("class", home, (home,)), told["code"], process)
            assert process.poll() is None, "the server has ended before it was asked to"
        finally:
            _end(process)
    for _ in range(10 * GRACE):
        if not _left(process.pid):
            return
        time.sleep(0.1)
    left = _left(process.pid)
    os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError(f"workers outlive their server: {left}")


def _end(process: subprocess.Popen[str]) -> None:
    """End a server as Ctrl-C does; kill it and what it started where that does not help."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def _left(group: int) -> list[str]:
    """Processes of a group that are still there, by their command."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in listed.splitlines()]
    return [args for number, state, args in lines if int(number) == group and not state.startswith("Z")]
