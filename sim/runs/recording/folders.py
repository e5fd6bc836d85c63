"""Folders that commands write into: one process at a time, told before the work whether they can be written."""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sim.runs.recording import PART, name_of
from sim.scenario.schema import ScenarioError

try:
    import fcntl
except ImportError:  # on Windows, where two processes are not kept apart
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"  # the file that says who writes into a folder


def folder_for(out: Path | None, name: str, overrides: Sequence[str], scenarios: Path | None) -> Path:
    """The output folder; the same request finds its folder again."""
    name = re.sub(r"[^\w-]+", "_", name)[:80]
    folder = out or Path("outputs") / f"{name}-{name_of([sorted(overrides), str(scenarios)])[:8]}"
    return folder


def check_writable(folder: Path) -> None:
    """Whether a folder is there and can be written, or can be made; nothing is made. Raises ScenarioError."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise ScenarioError(f"--out: {folder} given, allowed a folder that can be written")


_held: dict[Path, int] = {}  # locks of this process, and their open files


def hold(folder: Path) -> None:
    """Make a folder, hold it for this process alone until `release`, and sweep what a process that died has half written.

    Raises ScenarioError where it cannot be written, or another process writes into it.
    """
    lock = folder.resolve() / LOCK
    if lock in _held:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = _locked(lock)
    except OSError as error:
        raise ScenarioError(f"--out: {folder} given, allowed a folder that can be written ({error.strerror})") from None
    os.ftruncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    _held[lock] = handle
    for part in (*folder.glob(f".*{PART}"), *folder.glob(f"*/.*{PART}")):
        part.unlink(missing_ok=True)


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """A folder that is held for as long as the block lasts."""
    before = set(_held)
    hold(folder)
    try:
        yield folder
    finally:
        release(set(_held) - before)


def _locked(lock: Path) -> int:
    """An open file on which nobody else has a lock; one of a process that was killed is free."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            who = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise ScenarioError(
                f"--out: {lock.parent} given, into which process {who} writes; allowed is another folder, or to wait"
            ) from None
        if lock.exists() and os.fstat(handle).st_ino == lock.stat().st_ino:
            return handle
        os.close(handle)  # it was taken away between opening and locking


def release(locks: Collection[Path] | None = None) -> None:
    """Give up folders that this process holds: all, where their locks are not named."""
    for lock in [lock for lock in _held if locks is None or lock in locks]:
        lock.unlink(missing_ok=True)
        os.close(_held.pop(lock))
