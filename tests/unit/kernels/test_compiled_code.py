"""Compiled code that was kept is taken up only while all that it was made of is the same."""

from pathlib import Path

import numba
import numpy as np
import pytest

from sim.kernels import fingerprint
from sim.kernels.borrowing import borrowing
from sim.kernels.serving import serve


def test_a_change_in_any_source_gives_another_folder(tmp_path: Path) -> None:
    """Parts of a kernel lie in other files than its own; a change there must not leave old code in use."""
    files = [tmp_path / "kernel.py", tmp_path / "part.py"]
    for file in files:
        file.write_text("a = 1\n")
    before = fingerprint(files)
    assert fingerprint(files) == before
    files[1].write_text("a = 2\n")
    assert fingerprint(files) != before


def test_kernels_keep_their_code_under_the_fingerprint() -> None:
    """The folder is in force for the kernels themselves."""
    assert Path(numba.config.CACHE_DIR) in Path(serve.stats.cache_path).parents


def test_a_function_that_borrows_its_arrays_can_make_none_and_keep_none() -> None:
    @borrowing
    def makes(size):
        return np.zeros(size).sum()

    @borrowing
    def keeps(array):
        return array[1:]

    with pytest.raises(numba.errors.TypingError, match="zeros"):
        makes(3)
    with pytest.raises(numba.errors.NumbaTypeError, match="returning of array"):
        keeps(np.arange(3))
