"""Where runs execute: one seam for this process and for several.

Processes are spawned, never forked: a fork after a parallel compiled call kills the worker.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from multiprocessing.process import BaseProcess
from typing import Any

ATTEMPTS = 3  # a task whose worker died is tried so often


class WorkerDiedError(RuntimeError):
    """A task whose worker died each time that it was tried."""


def was_interrupted(error: BaseException) -> bool:
    """Whether an interrupt lies behind an error.

    One that comes while compiled code hands its arrays back is not raised as itself, but as the cause of a SystemError.
    """
    cause = error.__cause__ or error.__context__
    return isinstance(error, KeyboardInterrupt) or (cause is not None and was_interrupted(cause))


class Crew:
    """Worker processes that do one list of tasks after another. They start when there is work, and end with the `with` block."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._leave(is_done=kind is None)

    def _leave(self, is_done: bool) -> None:
        """Let workers end; where something went wrong, at once."""
        if self._pool is not None:
            self._pool.shutdown(wait=is_done, cancel_futures=True)
        if not is_done:
            for process in self._processes:
                with suppress(ValueError):  # one that is closed already
                    process.kill()
        self._pool = None
        self._processes = set()

    def run(
        self, work: Callable[[Any], Any], tasks: Sequence[Any], given_up: Callable[[Any, str], Any] | None = None
    ) -> Iterator[Any]:
        """Results of the tasks as they are finished, in any order.

        What was in hand when a worker died is tried again after all others, each task alone, so that the one at which workers die
        is known. When that has happened too often to it, what `given_up` makes of the task and the reason stands for its result;
        raises WorkerDiedError where there is no such thing.
        """
        fresh, again = deque(range(len(tasks))), deque[int]()
        deaths, in_hand = Counter[int](), dict[Future[Any], int]()
        while fresh or again or in_hand:
            while fresh and len(in_hand) < self.workers:
                in_hand |= self._handed(work, tasks, fresh.popleft())
            alone = again.popleft() if not in_hand else None
            if alone is not None:
                in_hand |= self._handed(work, tasks, alone)
            done, _ = wait(in_hand, return_when=FIRST_COMPLETED)
            whole = [future for future in done if not isinstance(future.exception(), BrokenProcessPool)]
            for future in whole:
                del in_hand[future]
                yield future.result()
            if len(whole) < len(done):
                self._leave(is_done=False)
                if alone is not None:
                    deaths[alone] += 1
                    if deaths[alone] == ATTEMPTS:
                        if given_up is None:
                            raise WorkerDiedError(_death_of(tasks[alone]))
                        in_hand.clear()
                        yield given_up(tasks[alone], _death_of(tasks[alone]))
                again.extend(in_hand.values())
                in_hand.clear()

    def _handed(self, work: Callable[[Any], Any], tasks: Sequence[Any], number: int) -> dict[Future[Any], int]:
        """A task in the hands of a worker, which is started where there are not enough."""
        before = set(multiprocessing.active_children())
        with apart():
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_begin)
            try:
                future = self._pool.submit(work, tasks[number])
            except BrokenProcessPool as error:  # one that waited for work has died
                future = Future()
                future.set_exception(error)
        self._processes |= set(multiprocessing.active_children()) - before
        return {future: number}


def _death_of(task: Any) -> str:
    """What happened to a task whose workers died."""
    seed = getattr(task, "seed", None)
    what = f"seed {seed}" if seed is not None else repr(task)[:80]
    return (
        f"{what}: its worker died {ATTEMPTS} times, with nothing beside it; most often the machine has ended it for want "
        "of memory: fewer threads (--threads 1) or a smaller world (scale) need less"
    )


@contextmanager
def apart() -> Iterator[None]:
    """Let workers start without the main script, which each would run anew, and without modules of the folder where the user stands.

    A script needs no guard around its calls: what workers do is named by modules, so that nothing of the script is missed.
    Processes start as tasks are submitted.
    """
    main = sys.modules["__main__"]
    seen = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    safe = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"  # else Python puts that folder first
    try:
        for name in seen:
            setattr(main, name, None)
        yield
    finally:
        for name, value in seen.items():
            setattr(main, name, value)
        if safe is None:
            del os.environ["PYTHONSAFEPATH"]


_kept: ContextVar[Crew | None] = ContextVar("crew", default=None)


@contextmanager
def kept_workers(workers: int) -> Iterator[None]:
    """Let all `run_all` inside share worker processes, each of which takes seconds to start."""
    with Crew(workers) as crew:
        token = _kept.set(crew)
        try:
            yield
        finally:
            _kept.reset(token)


def run_all(
    engine: str, work: Callable[[Any], Any], tasks: Sequence[Any], workers: int,
    given_up: Callable[[Any, str], Any] | None = None,
) -> Iterator[Any]:  # fmt: skip
    """Results of the tasks as they are finished, in any order; given_up: see `Crew.run`."""
    if engine == "serial" or len(tasks) < 2 or workers < 2:
        for task in tasks:
            yield work(task)
        return
    kept = _kept.get()
    if kept is not None:
        yield from kept.run(work, tasks, given_up)
        return
    with Crew(min(workers, len(tasks))) as crew:
        yield from crew.run(work, tasks, given_up)


def _begin() -> None:
    """A worker computes with one thread, since workers share the cores; it ends when its driver does, however that dies.

    An interrupt from the terminal is for the driver, which ends its workers. What the driver ignores its workers ignore from
    their start, and one that ignored SIGTERM could not be ended: the driver would wait for it for good.
    """
    import numba

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_driver, daemon=True).start()
    numba.set_num_threads(1)


def _end_with_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
