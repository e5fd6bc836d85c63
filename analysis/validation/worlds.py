"""What the studies of published resharing networks share: runs in processes, and intervals over seeds."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from sim.runs.engines import cores, run_all


def results_of(work: Callable[[Any], tuple[Any, Any]], tasks: Sequence[Any]) -> dict[Any, Any]:
    """Results by key of independent worlds, one a core, or by the processes that a validation keeps; `work` returns (key, result)."""
    return dict(run_all("process", work, tasks, cores()))


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean and 95% interval by Student's t; of a single value, that value three times."""
    from scipy.stats import t

    mean, count = float(np.mean(values)), len(values)
    if count < 2:
        return mean, mean, mean
    half = float(t.ppf(0.975, count - 1) * np.std(values, ddof=1) / np.sqrt(count))
    return mean, mean - half, mean + half


def falls(values: Sequence[float]) -> bool:
    """Whether each value is below the one before."""
    return all(later < earlier for earlier, later in pairwise(values))
