"""What a worker does with one family of a sweep: run what is not there yet, and leave one file.

A worker with other code refuses before it computes. A family whose file is there is not run again, whoever wrote it.
"""

import errno
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.runs.engines import was_interrupted
from sim.runs.face import about
from sim.runs.families import Family, run_family
from sim.runs.question import Question, with_values
from sim.runs.recording import code_of, digest_of
from sim.runs.recording.families import packed, path_of, unpacked
from sim.runs.sweeps.store import Store

PATIENCE = (1.0, 4.0, 15.0, 40.0)  # seconds between tries while a disk is full
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Task:
    """One seed of one point. name: of its file, a hash of what was asked and of the code; memory: bytes at the most, by calculation."""

    name: str
    point: int
    seed: int
    base: Question
    laid: Mapping[str, Any]
    store: Store
    code: str
    trust: tuple[str, ...] = ()
    memory: float = 0.0


@dataclass(frozen=True)
class Receipt:
    """What came of a task. digests: by arm; failed: why there are none; refused: why a worker did not compute, or its other code."""

    name: str
    point: int
    seed: int
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0
    was_there: bool = False
    failed: str = ""
    refused: str = ""


def run_task(task: Task) -> Receipt:
    """All arms of a family. One that cannot be run ends itself and no other; what is the machine's fault is raised."""
    receipt, started = Receipt(task.name, task.point, task.seed), time.perf_counter()
    own = own_code(task.trust)
    if own != task.code:
        return replace(receipt, refused=own)
    found = read_family(task.store, task.name)
    if found is not None:
        return replace(receipt, digests=digests_of(found), was_there=True)
    try:
        results = patiently(lambda: _run(task))
    except Exception as error:
        if was_interrupted(error) or isinstance(error, OSError | MemoryError):
            raise
        return replace(receipt, failed=f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")
    return replace(receipt, digests=digests_of(results), seconds=time.perf_counter() - started)


def patiently[Made](work: Callable[[], Made], wait: Callable[[float], None] = time.sleep) -> Made:
    """What some work makes, tried again after a while where the disk is full, since others may give room; then the error is raised."""
    for seconds in PATIENCE:
        try:
            return work()
        except OSError as error:
            if error.errno not in FULL:
                raise
            wait(seconds)
    return work()


def _run(task: Task) -> list[dict[str, Any]]:
    """Run a family and leave its file. Arms that are finished are not run again when it is tried again."""
    asked = with_values(task.base, task.laid, task.trust)
    results = _results(task, asked)
    task.store.write(path_of(task.name), packed({"seed": task.seed, "about": about(asked), "results": results}))
    return results


def _results(task: Task, asked: Question) -> list[dict[str, Any]]:
    with task.store.working_folder(task.name) as folder:
        files = {arm: folder / f"{place}.json" for place, arm in enumerate([*asked.arms, *asked.versions])}
        return in_order(run_family(Family(task.seed, asked.arms, files, asked.versions)), list(files))


def in_order(results: Sequence[dict[str, Any]], arms: Sequence[str]) -> list[dict[str, Any]]:
    """Results in the order of the arms, whatever was finished first."""
    return sorted(results, key=lambda result: arms.index(result["run"]["arm"]))


@functools.cache
def own_code(trust: tuple[str, ...]) -> str:
    """Hash of the code of this process, as it was read from the disk once."""
    return code_of(trust)


def read_family(store: Store, name: str) -> list[dict[str, Any]] | None:
    """The results of a family that is finished; None where it is not, or its file is damaged."""
    document = unpacked(store.read(path_of(name)))
    results = document.get("results") if document else None
    return results if isinstance(results, list) and results else None


def digests_of(results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Digests by arm."""
    return {str(result["run"]["arm"]): str(result["run"]["digest"]) for result in results}


def digest_of_sweep(receipts: Sequence[Receipt]) -> str:
    """One hash of all results by point, seed and arm."""
    rows = [
        [receipt.point, receipt.seed, arm, digest]
        for receipt in sorted(receipts, key=lambda receipt: (receipt.point, receipt.seed))
        for arm, digest in sorted(receipt.digests.items())
    ]
    return digest_of(rows, {})
