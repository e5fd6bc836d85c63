"""Compiled functions that only borrow their arrays."""

from typing import Any

from numba import njit

# Numba counts the references to every array that a function takes, with an atomic instruction each time. Small functions that
# are called for each of a hundred million impressions spend a tenth of the time on that. One that makes no array and keeps
# none may leave it out: its caller holds them as long as it runs. (An array made inside is an error on compiling.)
WITHOUT_COUNTS: dict[str, Any] = {"_nrt": False}
borrowing = njit(**WITHOUT_COUNTS)
