"""Run every family of a sweep that is not there yet, and leave an index of all of them."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sim.runs.cost import free_memory
from sim.runs.engines import cores, run_all
from sim.runs.face import ABOUT_RUNS
from sim.runs.question import Question
from sim.runs.recording import code_of, name_of
from sim.runs.recording.families import ENDING, FAMILIES, path_of
from sim.runs.sweeps.forecast import memory_of, memory_of_base
from sim.runs.sweeps.index import leave_index
from sim.runs.sweeps.on_dask import cluster, given_up, run_on
from sim.runs.sweeps.points import Plan
from sim.runs.sweeps.store import Store, is_of_one_process
from sim.runs.sweeps.words import Engine
from sim.runs.sweeps.work import Receipt, Task, digests_of, read_family, run_task
from sim.scenario.schema import ScenarioError

log = logging.getLogger("groundswell")

# families that are there, of all, the last one, and seconds still to go
Progress = Callable[[int, int, str, float | None], None]


def tasks_of(plan: Plan, store: Store, trust: Sequence[str] = ()) -> list[Task]:
    """All families of a sweep, the first seed of every point before the second of any."""
    code, scenario = code_of(trust), next(iter(plan.bases.values())).scenario
    made = {words: (_asked_name(code, base), memory_of_base(base)) for words, base in plan.bases.items()}
    tasks = []
    for point, seed in plan.families(scenario.replications):
        base, memory = made[point.words]
        name = name_of([base, sorted(point.laid.items()), seed])
        tasks.append(
            Task(name, point.number, seed, plan.bases[point.words], point.laid, store, code, tuple(trust), memory)
        )
    return sorted(tasks, key=lambda task: task.seed)


def _asked_name(code: str, base: Question) -> str:
    """A hash of what a comparison was asked, seeds apart, and of the code."""
    documents = [base.document, *base.campaigns.values()]
    said = [{key: value for key, value in of.items() if key not in ABOUT_RUNS} for of in documents]
    return name_of(
        [
            code,
            said,
            list(base.moderations.values()),
            list(base.regulators.values()),
            list(base.arms),
            list(base.versions),
        ]
    )


def sweep(
    plan: Plan, store: Store, engine: Engine, command: str, trust: Sequence[str] = (), threads: int | None = None,
    on_progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Run what is not there yet. Returns counts of families: asked, computed, reused and failed, and the digest of all results."""
    started = time.perf_counter()
    with store.held():
        tasks = tasks_of(plan, store, trust)
        receipts = _there(tasks, store)
        reused = len(receipts)
        todo = [task for task in tasks if task.name not in receipts]
        leave_index(plan, tasks, receipts, store, command)  # before the work, so that workers see it
        watch, named = _Watch(len(tasks), reused, on_progress), engine.name or _engine_of(plan)
        for receipt in _run(named, engine, todo, plan, threads):
            receipts[receipt.name] = receipt
            watch(receipt)
        digest = leave_index(plan, tasks, receipts, store, command)
    failed = sum(bool(receipt.failed) for receipt in receipts.values())
    return {
        "out": str(store), "asked": len(tasks), "computed": len(tasks) - reused - failed, "reused": reused, "failed": failed,
        "wall_s": time.perf_counter() - started, "digest": digest,
    }  # fmt: skip


def _engine_of(plan: Plan) -> str:
    return next(iter(plan.bases.values())).scenario.engine


def _there(tasks: Sequence[Task], store: Store) -> dict[str, Receipt]:
    """Families whose file is there and whole."""
    there, found = store.names(FAMILIES), dict[str, Receipt]()
    for task in tasks:
        if task.name + ENDING not in there:
            continue
        results = read_family(store, task.name)
        if results is None:
            log.warning("%s/%s: is damaged; it is computed again", store, path_of(task.name))
        else:
            found[task.name] = Receipt(task.name, task.point, task.seed, digests_of(results), was_there=True)
    return found


def _run(name: str, engine: Engine, todo: Sequence[Task], plan: Plan, threads: int | None) -> Iterator[Receipt]:
    """Receipts of families as they are finished, on the engine that is asked for."""
    memory = memory_of(plan)
    workers = min(engine.workers or threads or cores(), max(1, len(todo)), _fitting(memory))
    if not todo:
        return
    if name != "serial" and is_of_one_process(todo[0].store):
        raise ScenarioError(
            f"--out: {todo[0].store} given, which other processes do not see; allowed with engine=serial"
        )
    if name == "dask":
        with cluster(engine, workers, memory) as client:
            yield from run_on(client, todo)
        return
    for receipt in run_all(name, run_task, todo, workers, given_up):
        if receipt.refused:
            raise ScenarioError(
                "the code of groundswell was changed while it ran; the same command goes on with the new one"
            )
        yield receipt


def _fitting(memory: float) -> int:
    """Families that this machine's memory holds at once, one at least."""
    there = free_memory()
    return max(1, int(there / memory)) if there else cores()


class _Watch:
    """Counts families as they are finished, and says how long the others will take, from how long these took."""

    def __init__(self, asked: int, reused: int, on_progress: Progress | None) -> None:
        self.asked, self.done, self.began, self.on_progress = asked, reused, time.perf_counter(), on_progress
        self.fresh = 0

    def __call__(self, receipt: Receipt) -> None:
        self.done, self.fresh = self.done + 1, self.fresh + 1
        if self.on_progress:
            each = (time.perf_counter() - self.began) / self.fresh
            note = f"point {receipt.point} seed {receipt.seed}{' FAILED' if receipt.failed else ''}"
            self.on_progress(self.done, self.asked, note, each * (self.asked - self.done))
