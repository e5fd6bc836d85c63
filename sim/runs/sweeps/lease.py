"""One driver at a time in an object store, which cannot lock: a file that a driver renews while it lives.

Two that begin in the same second are told apart by reading back who stands there, some seconds after writing.
"""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sim.scenario.schema import ScenarioError

LEASE = "driver.json"
LASTS = 120.0  # seconds; a driver that has left no newer sign of life counts as dead
RENEWED = 30.0  # seconds
SETTLES = 2.0  # seconds between writing and reading back


class Slate(Protocol):
    """A place in which files are read and written whole."""

    def read(self, name: str) -> bytes | None:
        """What a file holds; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file."""


@contextmanager
def lease(store: Slate, now: Any = time.time, wait: Any = time.sleep) -> Iterator[None]:
    """Hold a store as long as the block lasts. Raises ScenarioError where another driver does."""
    token = secrets.token_hex(8)
    _check_free(store, token, now())
    _write(store, token, now())
    wait(SETTLES)
    _check_free(store, token, now())
    over = threading.Event()
    renewal = threading.Thread(target=_renew, args=(store, token, over, now), daemon=True)
    renewal.start()
    try:
        yield
    finally:
        over.set()
        renewal.join()
        store.write(LEASE, json.dumps({"driver": token, "until": 0.0}).encode())


def _check_free(store: Slate, token: str, now: float) -> None:
    """Whether nobody else stands there, or one that has not been heard of for long."""
    found = store.read(LEASE)
    try:
        said = json.loads(found) if found else {}
        other, until = str(said.get("driver", token)), float(said.get("until", 0.0))
    except (ValueError, AttributeError, TypeError):
        return  # damaged: it will be written anew
    if other != token and until > now:
        raise ScenarioError(
            f"--out: {store} given, in which another sweep runs (its last sign of life holds for {until - now:.0f} s more); "
            "allowed is another place, or to wait"
        )


def _write(store: Slate, token: str, now: float) -> None:
    store.write(LEASE, json.dumps({"driver": token, "until": now + LASTS}).encode())


def _renew(store: Slate, token: str, over: threading.Event, now: Any) -> None:
    while not over.wait(RENEWED):
        _write(store, token, now())
