"""Estimates over paired worlds: ratios of means over seeds, with jackknife standard errors.

The interval is estimate +- Student's t (n - 1 degrees of freedom) times the jackknife standard error over seeds, for
every estimate: of lift it is that of the logarithm, of what is a share by nature (the manufactured share, accounts found,
precision) that of the logit, taken back. Dampening is no share in that sense, as a policy can make things worse: it is left plain.
Transforming before the jackknife: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, sections 11 and 12.6; the logit:
Agresti, Categorical Data Analysis, 2013, section 3.1. The method is fixed in advance; it covers luck only, not the assumptions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Mapping[str, Floats]], float]
Scale = Literal["plain", "log", "logit"]


@dataclass(frozen=True)
class Estimate:
    """A number with its interval; standard errors as paired, and with arms taken as independent."""

    value: float
    low: float | None
    high: float | None
    n: int
    paired_sd: float | None
    unpaired_sd: float | None


def estimate(columns: Mapping[str, Floats], statistic: Statistic, scale: Scale = "plain") -> Estimate:
    """Jackknife a function of columns with one value a seed. scale: on which the interval is symmetric, see `interval_on`."""
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
    low, high = interval_on(scale, value, left_out)
    return Estimate(value, low, high, n, spread(left_out), float(np.sqrt(np.sum(np.square(parts)))))


def interval_on(scale: Scale, value: float, left_out: Floats) -> tuple[float, float]:
    """Ends of the 95% interval, from the estimate and its values with each seed left out.

    Where the estimate or any of these has no logarithm or logit, the plain interval stands in. That of a share is then cut to what a
    share can be, unless the estimate itself is none: a campaign that lowers visibility has a negative 'share', and its interval says so.
    """
    n = len(left_out)
    t, at = float(stats.t.ppf(0.975, n - 1)), np.append(left_out, value)
    if scale == "log" and (at > 0).all():
        width = t * spread(np.log(left_out))
        return value * float(np.exp(-width)), value * float(np.exp(width))
    if scale == "logit" and (at > 0).all() and (at < 1).all():
        width, middle = t * spread(special.logit(left_out)), special.logit(value)
        return float(special.expit(middle - width)), float(special.expit(middle + width))
    low, high = value - t * spread(left_out), value + t * spread(left_out)
    return (max(low, 0.0), min(high, 1.0)) if scale == "logit" and 0 <= value <= 1 else (low, high)


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
        """Policies that did nothing in any world, with the campaign or without: nothing follows about them.

        They acted on nobody and nothing was seen otherwise: a rule for all, such as a cap, acts on no account and yet moves feeds.
        """
        done = ("accounts_actioned", "posts_actioned", "reviews")
        seen = ("candidate_impressions", "other_candidates_organic", "watch_seconds")
        return [
            policy
            for policy in self.moderations
            if policy != "none"
            and not any(self.column(f"{campaign}/{policy}", name).any() for campaign in (self.campaign, "quiet") for name in done)
            and all(
                np.array_equal(self.column(f"{campaign}/{policy}", name), self.column(f"{campaign}/none", name))
                for campaign in (self.campaign, "quiet") for name in seen
            )
        ]  # fmt: skip

    def visibility(self, arm: str) -> Floats:
        """Impressions of the candidate per genuine user."""
        return self.column(arm, "candidate_impressions") / self.column(arm, "genuine_users")

    def pair(self, moderation: str) -> dict[str, Floats]:
        """Visibility in the campaign world and its quiet twin under one moderation."""
        campaign, quiet = f"{self.campaign}/{moderation}", f"quiet/{moderation}"
        return {f"{campaign}:v": self.visibility(campaign), f"{quiet}:v": self.visibility(quiet)}
