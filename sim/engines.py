"""Where runs execute: one seam for this process and for several.

Processes are spawned, never forked: a fork after a parallel compiled call kills the worker.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

ATTEMPTS = 3  # a task whose worker died is tried so often


def run_all(engine: str, work: Callable[[Any], Any], tasks: Sequence[Any], workers: int) -> Iterator[Any]:
    """Results of the tasks as they are finished, in any order."""
    if engine == "serial" or len(tasks) < 2 or workers < 2:
        for task in tasks:
            yield work(task)
        return
    left = list(range(len(tasks)))
    for attempt in range(ATTEMPTS):
        try:
            for number, result in _in_processes(work, tasks, left, workers):
                left.remove(number)
                yield result
            return
        except BrokenProcessPool:
            if attempt == ATTEMPTS - 1:
                raise


def _in_processes(
    work: Callable[[Any], Any], tasks: Sequence[Any], left: list[int], workers: int
) -> Iterator[tuple[int, Any]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(left)), mp_context=context, initializer=_one_thread) as pool:
        futures = {pool.submit(work, tasks[number]): number for number in left}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _one_thread() -> None:
    """Workers share the cores: each computes with one thread."""
    import numba

    numba.set_num_threads(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
