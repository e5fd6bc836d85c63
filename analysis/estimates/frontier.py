"""Which policies others beat: dampening against two harms, compared pair by pair on the same seeds.

Fixed in advance (docs/FRONTIER.md): policy B dominates policy A where B does no worse than A on all three axes, and better on
one of them at least by a difference whose p-value stays below 5% after Holm's correction over all pairs of policies
('no policy' is one) and all axes. P-values are those of the intervals: the difference over its jackknife standard error,
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


def frontier(worlds: Worlds, nothing: bool) -> Frontier:
    """Compare every pair of policies on every axis; where there is `nothing` to dampen, none is judged."""
    names = [NONE, *(name for name in worlds.moderations if name != NONE)]
    measured = [_on_axes(worlds, name) for name in names]
    values, left_out = np.array([v for v, _ in measured]), np.array([left for _, left in measured])
    better, told = compare_pairs(values, left_out)
    better[:] = 0.0 if nothing else better
    damps = _damps(values[:, 0], left_out[:, 0]) & (better[:, 0, 0] > 0)
    places = []
    for a, name in enumerate(names):
        ahead = [b for b in range(len(names)) if (better[b, a] >= 0).all() and (better[b, a] > 0).any()]
        beaten = [b for b in ahead if (told[b, a] & (better[b, a] > 0)).any()]
        beaten.sort(key=lambda b: -values[b, 0])
        by, behind = (tuple(names[b] for b in which) for which in (beaten, ahead))
        places.append(Place(name, tuple(values[a].tolist()), by, behind, bool(damps[a])))
    pairs = len(names) * (len(names) - 1) // 2
    return Frontier(tuple(places), pairs * len(AXES), left_out.shape[-1], not nothing)


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


def compare_pairs(values: Floats, left_out: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """By how much policy b does better than a on each axis, [b, a, axis], and whether the seeds tell them apart.

    `values` is policy x axis, `left_out` policy x axis x seed. With one seed nothing is told apart.
    """
    count, axes, n = left_out.shape
    better, told = np.zeros((count, count, axes)), np.zeros((count, count, axes), dtype=np.bool_)
    pairs = np.array(list(combinations(range(count), 2)), dtype=np.intp).reshape(-1, 2)
    b, a = pairs[:, 0], pairs[:, 1]
    difference = (values[b] - values[a]) * GOOD
    difference[np.abs(difference) < ROUNDING] = 0.0
    better[b, a], better[a, b] = difference, -difference
    if n > 1 and len(pairs):
        apart = holm(p_values(difference, left_out[b] - left_out[a]).ravel()).reshape(difference.shape) < LEVEL
        told[b, a] = told[a, b] = apart
    return better, told


def p_values(difference: Floats, left_out: Floats) -> Floats:
    """Two-sided p-value of each difference: below 5% exactly where the 95% interval excludes zero.

    `left_out` has one more axis than `difference`, over the seeds left out.
    """
    n = left_out.shape[-1]
    centred = left_out - left_out.mean(axis=-1, keepdims=True)
    error = np.sqrt((n - 1) / n * np.sum(centred**2, axis=-1))
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
