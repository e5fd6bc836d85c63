"""Intervals of what studies find."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def mean_interval(values: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """Mean of independent values and its interval by Student's t; both ends equal the mean where there is one value."""
    mean, n = float(np.mean(values)), len(values)
    if n < 2:
        return mean, mean, mean
    half = float(stats.t.ppf(0.5 + level / 2.0, n - 1) * np.std(values, ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half


def share_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float, float]:
    """Share of successes and its interval after Clopper and Pearson, which holds for any number of trials."""
    found = stats.binomtest(successes, trials).proportion_ci(level, method="exact")
    return successes / trials, float(found.low), float(found.high)
