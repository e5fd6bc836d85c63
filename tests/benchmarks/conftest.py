"""Benchmarks run in one thread and are timed in processor time, so that others who use the machine count little."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.measuring import threads


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    with threads(1):
        yield
