"""Families on a Dask cluster: one on this machine, or one that is there.

Placing, retries, memory limits and the dashboard are Dask's. What is ours: a worker with other code, or one that does not see where
results lie, refuses and is given nothing more; a family is released as soon as it has left its file; a family at which workers die
again and again is given up; what is waited for is said.
"""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any, NamedTuple

from sim.runs.engines import ATTEMPTS, apart
from sim.runs.recording.families import INDEX
from sim.runs.sweeps.words import Engine
from sim.runs.sweeps.work import Receipt, Task, own_code, run_task
from sim.scenario.schema import ScenarioError

log = logging.getLogger("groundswell")

MEMORY = "memory"  # the resource that workers may have; bytes
AHEAD = 4  # families in Dask's hands for each worker
SECONDS = 15.0  # to reach a scheduler
LOOKS = 10.0  # seconds without a result, after which workers are looked at
SETTINGS = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 1,  # deaths of workers that a family survives
    "distributed.worker.daemon": True,  # workers end with the driver
    "distributed.worker.profile.enabled": False,  # looks at a worker a hundred times a second, which families pay for
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
    for name in ("distributed", "distributed.client"):  # the second has a level of its own
        logging.getLogger(name).setLevel(quiet)
    with dask.config.set(SETTINGS), tempfile.TemporaryDirectory(prefix="groundswell-") as scratch:
        if engine.address is not None:
            with _client_of(distributed, engine.address) as client:
                _say_where(client)
                yield client
            return
        with apart():
            local = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                memory_limit=int(BESIDE + ROOM * memory), resources={MEMORY: memory}, local_directory=scratch, silence_logs=quiet,
            )  # fmt: skip
        with local, distributed.Client(local) as client:
            _say_where(client)
            yield client


def _client_of(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=SECONDS)
    except (OSError, TimeoutError) as error:
        raise ScenarioError(
            f"engine.address: {address} given, where no scheduler answers ({str(error)[:80]})"
        ) from None


def _say_where(client: Any) -> None:
    """How many workers there are, and where Dask shows what they do, which it draws with bokeh."""
    has_page = "dashboard" in client.scheduler_info(n_workers=-1)["services"]
    page = f"; Dask's dashboard, where bokeh is installed: {client.dashboard_link}" if has_page else ""
    log.info("workers at %s: %d%s", client.scheduler.address, len(_workers_of(client)), page)


def _workers_of(client: Any) -> dict[str, Any]:
    """What the scheduler knows of its workers, by address."""
    return dict(client.scheduler_info(n_workers=-1)["workers"])


class Handed(NamedTuple):
    """A family in Dask's hands, and the workers that may have it; None for all, also those that are still to come."""

    task: Task
    workers: frozenset[str] | None


def run_on(client: Any, tasks: Sequence[Task]) -> Iterator[Receipt]:
    """Receipts of the tasks as they are finished.

    Raises ScenarioError where all workers refuse, ConnectionError where the scheduler is gone, and what is the machine's fault.
    """
    if tasks:
        yield from _Flow(client, tasks).receipts()


class _Flow:
    """Families that wait, those in Dask's hands, and the workers that are given none."""

    def __init__(self, client: Any, tasks: Sequence[Task]) -> None:
        self.client, self.waiting = client, list(reversed(tasks))
        self.in_hand, self.refused, self.said = dict[Any, Handed](), set[str](), ""
        self.suspects = list[Task]()  # at whose workers' deaths others were beside them; they are tried again alone
        self.alone: Task | None = None

    def receipts(self) -> Iterator[Receipt]:
        """As `run_on`."""
        address = self.client.scheduler.address
        self._ask_workers()
        while self.waiting or self.in_hand or self.suspects:
            self._hand_over()
            try:
                yield from filter(None, map(self._result_of, self._finished()))
            except CancelledError:
                raise ConnectionError(f"the scheduler at {address} is gone") from None

    def _finished(self) -> set[Any]:
        """What is finished; nothing where that takes long, and then workers are looked at."""
        from distributed import wait

        try:
            return set(wait(list(self.in_hand), timeout=LOOKS, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            self._look_around()
            return set()

    def _ask_workers(self) -> None:
        """Ask each worker that is there whether it can run families; those that come later are asked with their first."""
        for worker, reason in self.client.run(unfit, self.waiting[-1], on_error="return").items():
            if isinstance(reason, str) and reason:
                self._refuse(worker, reason)
            elif isinstance(reason, Exception) and not isinstance(reason, OSError):  # that one has just ended
                self._refuse(worker, f"cannot run families ({type(reason).__name__}: {str(reason)[:120]})")

    def _refuse(self, worker: str, reason: str) -> None:
        """Give a worker nothing more. Raises ScenarioError where it was the last."""
        if worker in self.refused:
            return
        self.refused.add(worker)
        if not _workers_of(self.client).keys() - self.refused:
            raise ScenarioError(f"engine: worker {worker} {reason}; there is no other worker")
        log.warning("worker %s is given nothing: it %s", worker, reason)

    def _hand_over(self) -> None:
        """So many families that no worker has to wait for the next; at the end each suspect by itself.

        Dask lays a death to all families that a worker has, also those that only wait there.
        """
        if not self.waiting and not self.in_hand:
            self.alone = self.suspects.pop()
            self.waiting.append(self.alone)
        workers = _workers_of(self.client)
        fit = frozenset(workers.keys() - self.refused) if self.refused else None
        says_memory = any(MEMORY in worker.get("resources", {}) for worker in workers.values())
        while self.waiting and len(self.in_hand) < AHEAD * max(1, len(workers if fit is None else fit)):
            task = self.waiting.pop()
            placing = {
                **({"workers": sorted(fit)} if fit else {}),
                **({"resources": {MEMORY: task.memory}} if says_memory else {}),
            }
            self.in_hand[self.client.submit(on_worker, task, pure=False, **placing)] = Handed(task, fit or None)

    def _result_of(self, future: Any) -> Receipt | None:
        """The receipt of a family that is finished; None where it waits again: refused, or to be tried alone."""
        from distributed.scheduler import KilledWorker

        task = self.in_hand.pop(future).task
        try:
            receipt, worker = future.result()
        except KilledWorker as error:
            if task is not self.alone:
                self.suspects.append(task)
                return None
            return given_up(task, _death_of(error.allowed_failures + 1))
        finally:
            future.release()
        if not receipt.refused:
            return receipt  # type: ignore[no-any-return]
        self.waiting.append(task)
        self._refuse(worker, receipt.refused)
        return None

    def _look_around(self) -> None:
        """Say what is waited for, once, and take back families whose workers are all gone."""
        workers = _workers_of(self.client)
        for future, (task, placed) in list(self.in_hand.items()):
            if placed is not None and not placed & workers.keys():
                future.cancel(force=True)
                del self.in_hand[future]
                self.waiting.append(task)
        reason = self._want_of({name: worker for name, worker in workers.items() if name not in self.refused})
        if reason and reason != self.said:
            log.warning("waiting: %s", reason)
        self.said = reason

    def _want_of(self, workers: dict[str, Any]) -> str:
        """Why no family can be computed; nothing where one can."""
        if not workers:
            return "no worker is there that can be given families; it goes on when one comes"
        there = max(worker.get("resources", {}).get(MEMORY, 0.0) for worker in workers.values())
        needed = min((handed.task.memory for handed in self.in_hand.values()), default=0.0)
        if 0.0 < there < needed:
            return (
                f"a family takes {needed:,.0f} bytes of memory, and no worker has more than {there:,.0f} "
                '(--resources "memory=..."); it goes on when one comes'
            )
        return ""


def unfit(task: Task) -> str:
    """Why this process cannot run families as the driver would; nothing where it can."""
    own = own_code(task.trust)
    if own != task.code:
        return (
            f"has other code ({own[:12]}) than the driver ({task.code[:12]}); allowed is the same version of groundswell and of "
            "trusted modules"
        )
    try:
        is_seen = task.store.has(INDEX)
    except Exception as error:  # a package that is missing, no credentials, no network
        return f"does not reach --out {task.store} ({type(error).__name__}: {str(error)[:120]})"
    return "" if is_seen else f"does not see --out {task.store}; allowed is a place that all workers share"


def on_worker(task: Task) -> tuple[Receipt, str]:
    """A task on a worker, with one thread; and the worker's address."""
    import numba
    from distributed import get_worker

    address = str(get_worker().address)
    reason = unfit(task)
    if reason:
        return Receipt(task.name, task.point, task.seed, refused=reason), address
    numba.set_num_threads(1)
    return run_task(task), address


def _death_of(times: int) -> str:
    """What happened to a family whose workers died."""
    return (
        f"its workers died {times} times, with nothing beside it; most often for want of memory: workers with more, or a smaller "
        "world (scale)"
    )


def given_up(task: Task, reason: str) -> Receipt:
    """The receipt of a family at which workers die."""
    return Receipt(task.name, task.point, task.seed, failed=reason)
