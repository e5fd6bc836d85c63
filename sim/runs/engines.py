"""Where runs execute: one seam for this process and for several.

Processes are spawned, never forked: a fork after a parallel compiled call kills the worker.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

ATTEMPTS = 3  # a task whose worker died is tried so often


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

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._leave(wait=kind is None)

    def _leave(self, wait: bool) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
        self._pool = None

    def run(self, work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        """Results of the tasks as they are finished, in any order; what a dead worker had in hand is tried again."""
        left = list(range(len(tasks)))
        for attempt in range(ATTEMPTS):
            try:
                for number, result in self._attempt(work, tasks, left):
                    left.remove(number)
                    yield result
                return
            except BrokenProcessPool:
                self._leave(wait=False)
                if attempt == ATTEMPTS - 1:
                    raise

    def _attempt(
        self, work: Callable[[Any], Any], tasks: Sequence[Any], left: Sequence[int]
    ) -> Iterator[tuple[int, Any]]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_one_thread)
        with _unseen_main():
            futures = {self._pool.submit(work, tasks[number]): number for number in left}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:  # where one has failed, or nobody asks any more, the others need not begin
            for future in futures:
                future.cancel()


@contextmanager
def _unseen_main() -> Iterator[None]:
    """Let workers start without the main script, which each would run anew: a script needs no guard around its calls.

    What they do is named by modules, so that nothing of the script is missed. Processes start as tasks are submitted.
    """
    main = sys.modules["__main__"]
    seen = {name: getattr(main, name) for name in ("__spec__", "__file__") if hasattr(main, name)}
    try:
        for name in seen:
            setattr(main, name, None)
        yield
    finally:
        for name, value in seen.items():
            setattr(main, name, value)


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


def run_all(engine: str, work: Callable[[Any], Any], tasks: Sequence[Any], workers: int) -> Iterator[Any]:
    """Results of the tasks as they are finished, in any order."""
    if engine == "serial" or len(tasks) < 2 or workers < 2:
        for task in tasks:
            yield work(task)
        return
    kept = _kept.get()
    if kept is not None:
        yield from kept.run(work, tasks)
        return
    with Crew(min(workers, len(tasks))) as crew:
        yield from crew.run(work, tasks)


def _one_thread() -> None:
    """Workers share the cores: each computes with one thread."""
    import numba

    numba.set_num_threads(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
