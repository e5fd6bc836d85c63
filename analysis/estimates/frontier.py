"""Which policies others beat: dampening against two harms, compared pair by pair on the same seeds.

Fixed in advance (docs/FRONTIER.md): policy B dominates policy A where B is better on one of three axes at least by a difference
whose p-value stays below 5% after Holm's correction over all pairs of policies ('no policy' is one) and all axes, worse by none such,
and no worse on all three: the 95% interval of the difference excludes being worse by a stated margin (non-inferiority: Piaggio
and others, JAMA 308(24), 2594-2604, 2012). P-values are those of the intervals: the difference over its jackknife standard error,
Student's t with n - 1 degrees of freedom. Whether a policy damps at all is a family of its own: one test a policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.estimates.contrasts import collateral, dampening
from analysis.estimates.paired import Worlds, holm, leave_one_out

Floats = npt.NDArray[np.float64]
AXES = ("dampening", "impressions", "genuine_actioned_per_100000")  # more is better, then two harms: less is better
GOOD = np.array([1.0, -1.0, -1.0])
MARGIN = np.array(
    [0.05, 0.01, 10.0]
)  # worse by less is no worse: share of M; share of others' impressions; a detector's price a week
NONE, LEVEL = "none", 0.05
ROUNDING = 1e-12  # differences below are those of equal worlds


@dataclass(frozen=True)
class Place:
    """Where one policy stands: estimates on the axes, who dominates it, and whether any other's estimates do."""

    policy: str
    at: tuple[float, ...]
    dominated_by: tuple[str, ...]
    behind: tuple[str, ...]
    damps: bool  # its dampening is told apart from none, after correction over all policies

    @property
    def verdict(self) -> str:
        """A few words for a table."""
        if not any(self.at):
            return "changed nothing"
        if self.dominated_by:
            if self.dominated_by[0] == NONE:
                return "worse than no policy at all"
            others = f" and {len(self.dominated_by) - 1} more" if len(self.dominated_by) > 1 else ""
            return f"dominated by {words(self.dominated_by[0])}{others}"
        return "behind others, not told apart" if self.behind else "undominated"


@dataclass(frozen=True)
class Frontier:
    """All policies of a comparison, 'no policy' first, and how many tests were corrected for."""

    places: tuple[Place, ...]
    tests: int
    seeds: int
    judged: bool

    @property
    def policies(self) -> tuple[Place, ...]:
        """Without 'no policy'."""
        return tuple(place for place in self.places if place.policy != NONE)


def words(policy: str) -> str:
    """A policy's name for readers: 'limit copies, stronger'."""
    return "no policy" if policy == NONE else policy.replace("@", ", ").replace("_", " ")


def margins() -> str:
    """By how much worse on each axis is still no worse, in words."""
    damped, lost, acted_on = MARGIN
    return f"{100 * damped:.0f} points of dampening, {lost:.0%} of others' impressions, or {acted_on:.0f} accounts and posts acted on"


def frontier(worlds: Worlds, nothing: bool) -> Frontier:
    """Compare every pair of policies on every axis; where there is `nothing` to dampen, none is judged."""
    names = [NONE, *(name for name in worlds.moderations if name != NONE)]
    measured = [_on_axes(worlds, name) for name in names]
    values, left_out = np.array([v for v, _ in measured]), np.array([left for _, left in measured])
    better, told, no_worse = compare_pairs(values, left_out)
    better[:] = 0.0 if nothing else better
    damps = _damps(values[:, 0], left_out[:, 0]) & (better[:, 0, 0] > 0)
    places = []
    for a, name in enumerate(names):
        ahead = [b for b in range(len(names)) if (better[b, a] >= 0).all() and (better[b, a] > 0).any()]
        beaten = [b for b in range(len(names)) if dominates(better[b, a], told[b, a], no_worse[b, a])]
        beaten.sort(key=lambda b: -values[b, 0])
        by, behind = (tuple(names[b] for b in which) for which in (beaten, sorted({*ahead, *beaten})))
        places.append(Place(name, tuple(values[a].tolist()), by, behind, bool(damps[a])))
    pairs = len(names) * (len(names) - 1) // 2
    return Frontier(tuple(places), pairs * len(AXES), left_out.shape[-1], not nothing)


def dominates(better: Floats, told: npt.NDArray[np.bool_], no_worse: npt.NDArray[np.bool_]) -> bool:
    """Whether one policy beats another, from what is known by axis: better on one, told worse on none, no worse on all."""
    return bool((told & (better > 0)).any() and not (told & (better < 0)).any() and no_worse.all())


def _damps(values: Floats, left_out: Floats) -> npt.NDArray[np.bool_]:
    """Whether each policy's dampening differs from zero, corrected over all policies; 'no policy', the first, does not."""
    if left_out.shape[-1] < 2:
        return np.zeros(len(values), dtype=np.bool_)
    return np.append(False, holm(p_values(values[1:], left_out[1:])) < LEVEL)


def _on_axes(worlds: Worlds, policy: str) -> tuple[Floats, Floats]:
    """A policy's estimates by axis, and by axis and seed left out; zero for 'no policy', against which all are measured."""
    seeds = len(worlds.column(f"quiet/{NONE}", "seed"))
    if policy == NONE:
        return np.zeros(len(AXES)), np.zeros((len(AXES), seeds))
    questions = [dampening(worlds, policy), *(collateral(worlds, axis, worlds.campaign, policy) for axis in AXES[1:])]
    values = np.array([statistic(columns) for columns, statistic in questions])
    if seeds < 2:
        return values, np.zeros((len(AXES), seeds))
    return values, np.array([leave_one_out(columns, statistic) for columns, statistic in questions])


def compare_pairs(values: Floats, left_out: Floats) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """By how much policy b does better than a on each axis, [b, a, axis]; whether the seeds tell them apart; whether b is no worse.

    `values` is policy x axis, `left_out` policy x axis x seed. With one seed nothing is told apart, and nobody is no worse. No worse is
    not corrected over pairs: it only adds to what domination, which is corrected, has to show.
    """
    count, axes, n = left_out.shape
    better = np.zeros((count, count, axes))
    told, no_worse = (np.zeros((count, count, axes), dtype=np.bool_) for _ in range(2))
    pairs = np.array(list(combinations(range(count), 2)), dtype=np.intp).reshape(-1, 2)
    b, a = pairs[:, 0], pairs[:, 1]
    difference = (values[b] - values[a]) * GOOD
    difference[np.abs(difference) < ROUNDING] = 0.0
    better[b, a], better[a, b] = difference, -difference
    if n > 1 and len(pairs):
        apart = holm(p_values(difference, left_out[b] - left_out[a]).ravel()).reshape(difference.shape) < LEVEL
        told[b, a] = told[a, b] = apart
        reach = float(stats.t.ppf(1 - LEVEL / 2, n - 1)) * standard_error(left_out[b] - left_out[a])
        no_worse[b, a], no_worse[a, b] = difference - reach > -MARGIN, -difference - reach > -MARGIN
    return better, told, no_worse


def standard_error(left_out: Floats) -> Floats:
    """Jackknife standard error over the last axis, the seeds left out."""
    n = left_out.shape[-1]
    centred = left_out - left_out.mean(axis=-1, keepdims=True)
    return np.asarray(np.sqrt((n - 1) / n * np.sum(centred**2, axis=-1)), dtype=np.float64)


def p_values(difference: Floats, left_out: Floats) -> Floats:
    """Two-sided p-value of each difference: below 5% exactly where the 95% interval excludes zero.

    `left_out` has one more axis than `difference`, over the seeds left out.
    """
    n, error = left_out.shape[-1], standard_error(left_out)
    t = np.divide(np.abs(difference), error, out=np.where(difference == 0, 0.0, np.inf), where=error > ROUNDING)
    return np.asarray(2 * stats.t.sf(t, n - 1), dtype=np.float64)


def outline(points: Sequence[tuple[float, float]]) -> list[int]:
    """Points that no other beats on both counts (harm, dampening), in order of harm."""
    order = sorted(range(len(points)), key=lambda k: (points[k][0], -points[k][1]))
    kept: list[int] = []
    for k in order:
        if not kept or points[k][1] > points[kept[-1]][1]:
            kept.append(k)
    return kept
