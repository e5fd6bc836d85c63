"""Which assumptions an answer goes with, where members are too few for shares of its variance: rank correlations, one factor at a time.

A rank correlation asks only whether an answer rises or falls along a factor, and needs fewer members than an emulator (Marino and others,
Journal of Theoretical Biology 254, 178-196, 2008). Among a hundred factors some go with anything by luck: so each is measured against
the greatest of all of them in answers that are dealt out anew (Westfall and Young, Resampling-Based Multiple Testing, 1993). What goes
up and down again along a factor is not seen, and of options those in the middle of their list are not.
"""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.estimates.emulator import Floats

SHUFFLES = 4000  # answers that are dealt out anew
SURE = 0.05  # of the probability that luck makes the greatest of all so great
FEWEST = 10  # members
COLUMNS = ("factor", "correlation", "low", "high", "p")


def ranked(design: Floats, value: Floats, seed: int) -> pd.DataFrame:
    """Spearman's correlation of an answer with each factor, the greatest first, whatever its sign.

    design: (n, d) places of members. value: (n,) their answers, NaN where a member failed. seed: of the shuffles. Columns: factor (column
    of the design), correlation with the ends of its 95% interval (Bonett and Wright, Psychometrika 65, 23-28, 2000), and p: how likely
    luck makes the greatest of all factors as great as this. No rows where the answers do not differ, or fewer than ten members finished.
    """
    done = np.isfinite(value)
    x, y = _standing(design[done]), _standing(value[done][:, None])
    n = len(y)
    if n < FEWEST or not y.any():
        return pd.DataFrame(columns=list(COLUMNS))
    rng = np.random.default_rng([seed, 6])
    shuffled = rng.permuted(np.repeat(y, SHUFFLES, axis=1), axis=0)
    greatest = np.sort(np.abs(x.T @ shuffled).max(axis=0))
    found = np.clip((x.T @ y)[:, 0], -1.0, 1.0)
    # A rounding error must not part what is equal.
    above = SHUFFLES - np.searchsorted(greatest, np.abs(found) - 1e-9)
    error = stats.norm.ppf(0.975) * np.sqrt((1 + found**2 / 2) / (n - 3))
    with np.errstate(divide="ignore"):
        middle = np.arctanh(found)
    rows = {
        "factor": np.arange(len(found)), "correlation": found,
        "low": np.tanh(middle - error), "high": np.tanh(middle + error), "p": (1 + above) / (1 + SHUFFLES),
    }  # fmt: skip
    order = np.argsort(-np.abs(found), kind="stable")
    return pd.DataFrame(rows).iloc[order].reset_index(drop=True)


def _standing(columns: Floats) -> Floats:
    """Ranks of each column, of mean 0 and length 1; zeros where nothing varies."""
    if not len(columns):
        return columns
    ranks = stats.rankdata(columns, axis=0)
    ranks -= ranks.mean(axis=0)
    length = np.sqrt((ranks**2).sum(axis=0))
    return np.asarray(np.divide(ranks, length, out=np.zeros_like(ranks), where=length > 0), dtype=np.float64)
