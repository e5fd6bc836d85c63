"""Where a study's worlds are made: over processes, each result filed whole or not at all, and never computed twice."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.runs.engines import cores, run_all
from sim.runs.recording import name_of
from sim.runs.recording.results import read_sealed, write_sealed

ROOT = Path(__file__).resolve().parents[2]
PRESETS = Path(__file__).resolve().parent / "presets"


@dataclass(frozen=True)
class Workshop:
    """A folder for finished worlds, the number of processes, and whom to tell how far a study is (a share of it)."""

    folder: Path
    workers: int
    say: Callable[[float], None]


_open: ContextVar[Workshop | None] = ContextVar("workshop", default=None)


@contextmanager
def workshop(folder: Path, workers: int, say: Callable[[float], None] = lambda _: None) -> Iterator[None]:
    """Let the studies inside file their worlds in a folder."""
    token = _open.set(Workshop(folder, workers, say))
    try:
        yield
    finally:
        _open.reset(token)


def finished_folder() -> Path:
    """The open workshop's folder for finished worlds; one that lasts, if none is open."""
    here = _open.get()
    return here.folder if here else ROOT / "outputs" / "validation" / "worlds"


@dataclass(frozen=True)
class Job:
    """One task, and the file in which its result is kept."""

    work: Callable[[Any], Any]
    task: Any
    file: Path


def do(job: Job) -> Path:
    """Do a task and file its result; runs in a process of its own."""
    write_sealed(job.file, {"result": job.work(job.task)})
    return job.file


def each(work: Callable[[Any], Any], tasks: Sequence[Any], span: tuple[float, float] = (0.0, 1.0)) -> list[Any]:
    """Results of the tasks, in their order; those on file are read.

    work: a function of a module, so that another process finds it, with a result that JSON can hold. span: which part of
    the study this is, for the progress shown.
    """
    here = _open.get()
    if here is None:
        with tempfile.TemporaryDirectory() as folder, workshop(Path(folder), cores()):
            return each(work, tasks, span)
    asked = f"{work.__module__}.{work.__qualname__}"
    jobs = [Job(work, task, here.folder / f"{name_of([code_digest(), asked, repr(task)])}.json") for task in tasks]
    filed = {job.file: read_sealed(job.file) for job in jobs}
    wanted = [job for job in jobs if filed[job.file] is None]
    begin, end = span
    for done, _ in enumerate(run_all("process", do, wanted, here.workers), start=len(jobs) - len(wanted) + 1):
        here.say(begin + (end - begin) * done / len(jobs))
    return [_result(job.file, filed[job.file]) for job in jobs]


def _result(file: Path, filed: dict[str, Any] | None) -> Any:
    """The result that a file holds, which was read already or has just been made."""
    found = filed if filed is not None else read_sealed(file)
    assert found is not None, f"{file}: was written and cannot be read"
    return found["result"]


@cache
def code_digest(*more: str) -> str:
    """A hash of what a world depends on, the code of the model and the presets, and of further folders."""
    found = hashlib.sha256()
    for folder in ("sim", "scenarios", "analysis/validation/presets", *more):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".yaml", ".csv"):
                found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]
