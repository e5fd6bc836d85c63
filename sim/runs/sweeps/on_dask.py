"""Families on a Dask cluster: one on this machine, or one that is there.

Placing, retries, memory limits and the dashboard are Dask's. What is ours: a worker with other code refuses, and is given nothing
more; a family is released as soon as it has left its file; a family at which workers die again and again is given up.
"""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sim.runs.engines import ATTEMPTS, apart
from sim.runs.sweeps.store import Folder, Store
from sim.runs.sweeps.words import Engine
from sim.runs.sweeps.work import Receipt, Task, own_code, run_task
from sim.scenario.schema import ScenarioError

MEMORY = "memory"  # the resource that workers may have; bytes
AHEAD = 4  # families in Dask's hands for each worker
SECONDS = 15.0  # to reach a scheduler
SETTINGS = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,  # deaths of workers that a family survives
    "distributed.worker.daemon": True,  # workers end with the driver
    # A family's memory is its own: there is nothing of Dask's to spill, and a worker that pauses would wait for good.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
}
BESIDE, ROOM = (
    1.0e9,
    2.0,
)  # bytes of a worker before it computes; what it may take to what is calculated, before Dask ends it


@contextmanager
def cluster(engine: Engine, workers: int, memory: float) -> Iterator[Any]:
    """A client of the cluster that is asked for. memory: bytes of one worker on this machine. Raises ScenarioError."""
    try:
        import dask
        import distributed
    except ImportError:
        raise ScenarioError(
            "engine: dask given, and Dask is not installed; allowed after pip install 'groundswell[cluster]'"
        ) from None
    quiet = logging.CRITICAL  # what becomes of a family is said by its receipt
    logging.getLogger("distributed").setLevel(quiet)
    with dask.config.set(SETTINGS), tempfile.TemporaryDirectory(prefix="groundswell-") as scratch:
        if engine.address is not None:
            with _client_of(distributed, engine.address) as client:
                yield client
            return
        with apart():
            local = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                memory_limit=int(BESIDE + ROOM * memory), resources={MEMORY: memory}, local_directory=scratch, silence_logs=quiet,
            )  # fmt: skip
        with local, distributed.Client(local) as client:
            yield client


def _client_of(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=SECONDS)
    except (OSError, TimeoutError) as error:
        raise ScenarioError(
            f"engine.address: {address} given, where no scheduler answers ({str(error)[:80]})"
        ) from None


def run_on(client: Any, tasks: Sequence[Task]) -> Iterator[Receipt]:
    """Receipts of the tasks as they are finished. Raises ScenarioError where no worker can do them, and what is the machine's fault."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    if not tasks:
        return
    allowed = _check_workers(client, tasks[0])
    waiting, in_hand, flowing = list(reversed(tasks)), dict[Any, Task](), as_completed()

    def hand_over() -> None:
        while waiting and len(in_hand) < AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"])):
            task = waiting.pop()
            future = client.submit(on_worker, task, pure=False, **_placing(client, task, allowed))
            in_hand[future] = task
            flowing.add(future)

    hand_over()
    for future in flowing:
        task = in_hand.pop(future)
        try:
            receipt, worker = future.result()
        except KilledWorker as error:
            receipt, worker = given_up(task, f"its workers died {ATTEMPTS} times ({str(error)[:120]})"), ""
        future.release()
        if receipt.refused:
            allowed = _without(client, worker, receipt.refused, task.code, allowed)
            waiting.append(task)
        else:
            yield receipt
        hand_over()


def on_worker(task: Task) -> tuple[Receipt, str]:
    """A task on a worker, with one thread; and the worker's address."""
    import numba
    from distributed import get_worker

    numba.set_num_threads(1)
    return run_task(task), str(get_worker().address)


def given_up(task: Task, reason: str) -> Receipt:
    """The receipt of a family at which workers die."""
    return Receipt(task.name, task.point, task.seed, failed=reason)


def _check_workers(client: Any, task: Task) -> list[str] | None:
    """Workers that may be given families: None for all, also those that are still to come. Raises ScenarioError where there are none.

    Each is asked for the hash of its code, and whether it sees what the driver has written.
    """
    found = client.run(_state_of, task.store, task.trust, on_error="return")
    if not found:
        return None
    for worker, state in found.items():
        if isinstance(state, BaseException):
            raise ScenarioError(
                f"engine: worker {worker} cannot run families: {type(state).__name__}: {str(state)[:120]}"
            )
        if not state[1]:
            raise ScenarioError(
                f"--out: {task.store} given, which worker {worker} does not see; allowed is a place that all workers share"
            )
    others = {worker: state[0] for worker, state in found.items() if state[0] != task.code}
    allowed: list[str] | None = None
    for worker, code in others.items():
        allowed = _without(client, worker, code, task.code, allowed)
    return allowed


def _state_of(store: Store, trust: tuple[str, ...]) -> tuple[str, bool]:
    """Of a worker: the hash of its code, and whether it sees the store."""
    return own_code(trust), not isinstance(store, Folder) or store.read("sweep.json") is not None


def _without(client: Any, worker: str, code: str, own: str, allowed: list[str] | None) -> list[str]:
    """Workers that are left when one with other code is given nothing more. Raises ScenarioError where that was the last."""
    known = list(client.scheduler_info(n_workers=-1)["workers"]) if allowed is None else allowed
    left = [address for address in known if address != worker]
    if not left:
        raise ScenarioError(
            f"engine: worker {worker} has other code ({code[:12]}) than this process ({own[:12]}), and there is no other worker; "
            "allowed are workers with the same version of groundswell and of trusted modules"
        )
    return left


def _placing(client: Any, task: Task, allowed: list[str] | None) -> dict[str, Any]:
    """Where a task may go: to workers with its code, and with its memory where workers say how much they have."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    says_memory = any(MEMORY in worker.get("resources", {}) for worker in workers)
    return {
        **({"workers": allowed} if allowed is not None else {}),
        **({"resources": {MEMORY: task.memory}} if says_memory else {}),
    }
