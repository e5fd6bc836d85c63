"""What every test has: a cache of its own, so that none reads what a user has kept; one thread where small matrices and small worlds
gain nothing from a second; and, where it is measured by the clock, a machine in which no other test computes."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numba
import pytest
from threadpoolctl import threadpool_limits

from tests.room import Room

made: list[str] = []
rooms: list[Room] = []


def pytest_configure(config: pytest.Config) -> None:
    """Before any test, and in each worker process."""
    os.environ.setdefault("MPLCONFIGDIR", matplotlib.get_cachedir())  # else its fonts would be looked up again
    made.append(tempfile.mkdtemp(prefix="groundswell-tests-"))
    os.environ["XDG_CACHE_HOME"] = made[-1]
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of commands that tests run, and of worker processes
    threadpool_limits(1, user_api="blas")
    if "room" in (given := getattr(config, "workerinput", {})):
        rooms.append(Room(Path(given["room"])))
        numba.set_num_threads(1)  # each core has its worker; tests that are of threads set their own number


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Before each worker process (`pytest -n`): which room it shares with the others."""
    node.workerinput["room"] = made[0]


def pytest_unconfigure(config: pytest.Config) -> None:
    """After all of them."""
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
    for room in rooms:
        room.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Of several processes: a test marked `alone` waits until no other runs, and no other begins before it has ended."""
    if not rooms:
        return (yield)
    with rooms[0].entered(alone=item.get_closest_marker("alone") is not None):
        return (yield)
