"""What every test has: a cache of its own, so that none reads what a user has kept or leaves anything there."""

import os
import shutil
import tempfile

import matplotlib
import pytest

made: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Before any test, and in each worker process."""
    os.environ.setdefault("MPLCONFIGDIR", matplotlib.get_cachedir())  # else its fonts would be looked up again
    made.append(tempfile.mkdtemp(prefix="groundswell-tests-"))
    os.environ["XDG_CACHE_HOME"] = made[-1]


def pytest_unconfigure(config: pytest.Config) -> None:
    """After all of them."""
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
