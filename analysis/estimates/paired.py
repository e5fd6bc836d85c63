"""Estimates over paired worlds: ratios of means over seeds, with jackknife standard errors.

The interval is estimate +- Student's t (n - 1 degrees of freedom) times the jackknife standard error over seeds, for
every estimate (for lift, of its logarithm). The method is fixed in advance; it covers luck only, not the assumptions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Mapping[str, Floats]], float]


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; standard errors as paired, and with arms taken as independent."""

    value: float
    low: float | None
    high: float | None
    n: int
    paired_sd: float | None
    unpaired_sd: float | None


def estimate(columns: Mapping[str, Floats], statistic: Statistic, log_scale: bool = False) -> Estimate:
    """Jackknife a function of columns with one value a seed."""
    n = len(next(iter(columns.values())))
    value = statistic(columns)
    if n < 2:
        return Estimate(value, None, None, n, None, None)
    left_out = leave_one_out(columns, statistic)
    arms = sorted({key.split(":")[0] for key in columns})
    parts = []
    for arm in arms:
        moved = [
            statistic({key: np.delete(c, i) if key.split(":")[0] == arm else c for key, c in columns.items()})
            for i in range(n)
        ]
        parts.append(spread(np.array(moved)))
    paired, unpaired = spread(left_out), float(np.sqrt(np.sum(np.square(parts))))
    t = float(stats.t.ppf(0.975, n - 1))
    if log_scale and value > 0 and (left_out > 0).all():
        width = t * spread(np.log(left_out))
        return Estimate(value, value * float(np.exp(-width)), value * float(np.exp(width)), n, paired, unpaired)
    return Estimate(value, value - t * paired, value + t * paired, n, paired, unpaired)


def leave_one_out(columns: Mapping[str, Floats], statistic: Statistic) -> Floats:
    """The statistic with each seed left out of all arms in turn."""
    n = len(next(iter(columns.values())))
    return np.array([statistic({key: np.delete(column, i) for key, column in columns.items()}) for i in range(n)])


def spread(left_out: Floats) -> float:
    """Jackknife standard error from leave-one-out values."""
    n = len(left_out)
    return float(np.sqrt((n - 1) / n * np.sum((left_out - left_out.mean()) ** 2)))


def holm(p: Floats) -> Floats:
    """P-values that hold for a whole family of tests (Holm 1979), in the order given.

    The smallest is multiplied by the number of tests, the next by one less, and so on; none may fall below the one before.
    """
    order = np.argsort(p, kind="stable")
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted


class Worlds:
    """Runs of one comparison as columns with one value a seed; keys are `arm:measure`."""

    def __init__(self, runs: pd.DataFrame, manifest: Mapping[str, Any]) -> None:
        self.runs, self.manifest = runs, manifest
        self.moderations = list(dict.fromkeys(arm["moderation"] for arm in manifest["arms"]))
        campaigns = dict.fromkeys(arm["campaign"] for arm in manifest["arms"] if arm["campaign"] != "quiet")
        self.campaign, *self.rivals = [*campaigns] or ["quiet"]

    def directed(self, campaign: str) -> bool:
        """Whether a campaign paid anybody or caused any post; else what it added was not manufactured."""
        arm = f"{campaign}/none"
        return bool((self.column(arm, "spent") + self.column(arm, "candidate_authored")).sum() > 0)

    def column(self, arm: str, measure: str) -> Floats:
        """A measure of an arm by seed."""
        rows = self.runs[self.runs["arm"] == arm].sort_values("seed")
        return np.asarray(rows[measure].to_numpy(), dtype=np.float64)

    def idle(self) -> list[str]:
        """Policies that acted on nothing in any world, with the campaign or without: nothing follows about them."""
        done = ("accounts_actioned", "posts_actioned", "reviews")
        worlds = {
            policy: (f"{self.campaign}/{policy}", f"quiet/{policy}") for policy in self.moderations if policy != "none"
        }
        return [
            p for p, arms in worlds.items() if not any(self.column(arm, name).any() for arm in arms for name in done)
        ]

    def visibility(self, arm: str) -> Floats:
        """Impressions of the candidate per genuine user."""
        return self.column(arm, "candidate_impressions") / self.column(arm, "genuine_users")

    def pair(self, moderation: str) -> dict[str, Floats]:
        """Visibility in the campaign world and its quiet twin under one moderation."""
        campaign, quiet = f"{self.campaign}/{moderation}", f"quiet/{moderation}"
        return {f"{campaign}:v": self.visibility(campaign), f"{quiet}:v": self.visibility(quiet)}
