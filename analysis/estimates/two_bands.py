"""What luck adds to an answer and what assumptions add, told apart by a nested design: sets of assumptions, some seeds in each.

The answer of set m is mu + a_m + e_m: a_m by assumptions, e_m by luck. Luck's part is seen between seeds of one set, the rest by
subtraction: tau^2 = variance of answers - mean luck of an answer (method of moments without weights: Hedges and Olkin, Statistical
Methods for Meta-Analysis, 1985, chapter 9; in balanced designs the analysis of variance, and REML). DerSimonian-Laird, Paule-Mandel and
REML with unequal variances weight by each set's own luck as if known (Veroniki and others, Research Synthesis Methods 7, 55-79, 2016);
here it has r - 1 degrees of freedom, one to three.

Shares of variance are those of answers as they are; bands are made on the scale on which luck is even (`luck_scale`). *The band of
assumptions* holds the true answer of one more set, drawn as these were, in 95% of studies (a prediction interval: Higgins, Thompson and
Spiegelhalter, JRSS A 172, 137-159, 2009). Its shape is that of the sets' answers drawn in until their variance is tau^2 (Louis, JASA 79,
393-398, 1984): raw they would spread too far, shrunk one by one not far enough. How little is known of tau^2 is in its width: it is
averaged over a confidence distribution of tau^2 (Nagashima, Noma and Furukawa, Statistical Methods in Medical Research 28, 1689-1702,
2019), variance of answers and luck each chi-squared with the degrees of freedom that the jackknife of its logarithm leaves (Arvesen and
Schmitz, Biometrics 26, 677-686, 1970), so that unequal luck and heavy tails count.
What was measured of all this: docs/ODD.md, section 7, Two bands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
from scipy import special, stats
from scipy.stats import qmc

from analysis.estimates.contrasts import Question
from analysis.estimates.luck_scale import LuckScale, luck_scale
from analysis.estimates.paired import Floats, Statistic

Bools = npt.NDArray[np.bool_]
ENDS = (0.025, 0.975)
DRAWS = 512  # of the confidence distribution; more move an end by less than a hundredth of the band
GRID = 200  # places of the shape, in equal probabilities
COPIES = 16  # of each seed, when one more of one is a little more weight
FEWEST = 8  # sets of assumptions; with fewer nothing is said


@dataclass(frozen=True)
class Answers:
    """Answers of M sets of assumptions. left_out: of each set the answer without each of its seeds, (r,), or nothing from one seed.

    common: whether all sets have the same seeds in the same order, so that part of luck moves all of them together.
    """

    values: Floats
    left_out: tuple[Floats, ...]
    common: bool = False

    @cached_property
    def seeds(self) -> Floats:
        """Seeds of each set."""
        return np.array([max(len(one), 1) for one in self.left_out], dtype=np.float64)

    @cached_property
    def luck(self) -> Floats:
        """Jackknife variance of each set's answer; not a number from one seed."""
        return np.array([_variance(one) for one in self.left_out])

    @property
    def knows_luck(self) -> bool:
        """Whether any set has more than one seed."""
        return bool((self.seeds > 1).any())

    def scale(self, origin: float) -> LuckScale:
        """On which their luck is even; plain where no set shows any."""
        known = self.seeds > 1
        return luck_scale(self.values[known], self.luck[known], origin) if known.any() else LuckScale(origin, 0.0, 0.0)

    def of(self, wanted: Bools) -> "Answers":
        """Those of some sets."""
        kept = np.flatnonzero(wanted)
        return Answers(self.values[kept], tuple(self.left_out[m] for m in kept), self.common)


@dataclass(frozen=True)
class Parts:
    """A design on its scale. z: (M,) answers; luck: variance of each that is its own; shared: variance of all by common seeds."""

    z: Floats
    luck: Floats
    shared: float
    seeds: float  # mean seeds of a set
    freedom_of_answers: float
    freedom_of_luck: float
    freedom_of_shared: float

    @property
    def variance(self) -> float:
        """Of answers between sets, luck included."""
        return float(self.z.var(ddof=1))

    @property
    def tau2(self) -> float:
        """Variance of true answers between sets of assumptions."""
        return max(self.variance - float(self.luck.mean()), 0.0)


@dataclass(frozen=True)
class Above:
    """In how many sets the true answer passes a threshold: count of `sets`, and the share of all sets, with its 95% interval."""

    threshold: float
    count: int
    sets: int
    low: float
    high: float


@dataclass(frozen=True)
class Assumed:
    """What assumptions do to an answer. low, high: the band, with 95% intervals of where these quantiles truly lie; middle: its median.

    share: of the variance of the answer of one pair of worlds under assumptions that nobody knows, the part that is assumptions, in the
    answer's own units, with its interval; nothing where luck is unknown, or nothing varies. luck_taken_out: else the band is at most this.
    """

    sets: int
    seeds: float
    low: float
    middle: float
    high: float
    low_between: tuple[float, float]
    high_between: tuple[float, float]
    share: float | None
    share_between: tuple[float, float] | None
    above: Above | None
    luck_taken_out: bool


def answers(questions: Sequence[Question], common: bool = False) -> Answers:
    """One contrast asked of each set of assumptions; questions: its columns, one value a seed, and the statistic."""
    values = np.array([statistic(columns) for columns, statistic in questions])
    sizes = [len(next(iter(columns.values()))) for columns, _ in questions]
    if common and len(set(sizes)) != 1:
        raise ValueError(f"common seeds: sets of {min(sizes)} to {max(sizes)} seeds given, allowed as many in each")
    left_out = tuple(linear_left_out(*q) if n > 1 else np.empty(0) for q, n in zip(questions, sizes, strict=True))
    return Answers(values, left_out, common)


def linear_left_out(columns: Mapping[str, Floats], statistic: Statistic) -> Floats:
    """The statistic with each of n seeds left out, to the first order (infinitesimal jackknife: Jaeckel 1972; Efron, The Jackknife, the
    Bootstrap and Other Resampling Plans, 1982, chapter 6), by giving each a little more weight: of a mean it is the jackknife itself.

    A ratio of means loses half of its denominator where one of two seeds is left out in full, and says then far too much luck.
    """
    n, value = len(next(iter(columns.values()))), statistic(columns)
    more = [statistic({key: np.append(np.tile(c, COPIES), c[i]) for key, c in columns.items()}) for i in range(n)]
    return np.asarray(value - (np.array(more) - value) * (COPIES * n + 1) / (n - 1), dtype=np.float64)


def told_from_zero(made: Answers) -> Bools:
    """Which sets manufacture something: 1.96 standard errors above zero, by the luck that all sets together show at such an answer.

    A set's own few seeds would tell hardly any (Student's t with one degree of freedom is 12.7). Where luck is unknown: above zero.
    """
    return np.asarray(made.values > stats.norm.ppf(0.975) * np.sqrt(made.scale(0.0).luck(made.values)))


def assumed(found: Answers, origin: float = 0.0, threshold: float | None = None) -> Assumed | None:
    """What assumptions do to an answer; none from fewer than FEWEST sets, from one seed that is the same in all, or if not all are numbers.

    origin: where luck has nothing to grow with: 0 of manufactured visibility, 1 of a dampening. threshold: stated in advance.
    """
    if len(found.values) < FEWEST or not np.isfinite(found.values).all() or (found.common and not found.knows_luck):
        return None
    scale = found.scale(origin)
    parts = parts_of(found, scale)
    middles, widths, _ = confidence(parts)
    shape = (parts.z - parts.z.mean()) / np.sqrt(parts.variance) if parts.variance > 0 else np.zeros_like(parts.z)
    band = np.quantile(
        middles[:, None] + widths[:, None] * _quantiles(shape[None, :], _grid()), (ENDS[0], 0.5, ENDS[1])
    )
    drawn = _resampled(shape)
    ends = middles[:, None] + widths[:, None] * _quantiles(drawn, special.ndtri(np.array(ENDS)))
    between = scale.back(np.quantile(ends, ENDS, axis=0))
    low, middle, high = scale.back(band)
    share, share_between = _share(parts_of(found, LuckScale(origin, 0.0, 0.0))) if found.knows_luck else (None, None)
    return Assumed(
        sets=len(found.values), seeds=parts.seeds, low=float(low), middle=float(middle), high=float(high),
        low_between=(float(between[0, 0]), float(between[1, 0])), high_between=(float(between[0, 1]), float(between[1, 1])),
        share=share, share_between=share_between,
        above=_above(parts, scale, threshold, middles[:, None] + widths[:, None] * drawn, shape)
        if found.knows_luck and threshold is not None else None,
        luck_taken_out=found.knows_luck,
    )  # fmt: skip


def parts_of(found: Answers, scale: LuckScale) -> Parts:
    """The design on its scale. A set with one seed has the luck of a seed that the others show; if none does, none is taken out."""
    z, r, known = scale.to(found.values) + scale.bent(found.values), found.seeds, found.seeds > 1
    moved = [_influences(scale.to(one)) if len(one) else one for one in found.left_out]
    shared = 0.0
    if found.common and known.any():
        together = np.mean(moved, axis=0)  # what a seed does to all sets alike is no difference between sets
        shared, moved = float(np.sum(together**2)), [one - together for one in moved]
    luck = np.array([float(np.sum(one**2)) for one in moved])
    if shared:
        luck *= len(z) / (len(z) - 1)
    of_a_seed = float((luck * r)[known].mean()) if known.any() else 0.0
    luck[~known] = of_a_seed / r[~known]
    degrees = float((r[known] - 1).sum())
    return Parts(
        z, luck, shared, float(r.mean()), _freedom((z - z.mean()) ** 2, len(z) - 1),
        _freedom((luck * r)[known], degrees) if known.sum() > 1 else max(degrees, 1.0), max(float(r[0]) - 1, 1.0),
    )  # fmt: skip


def confidence(parts: Parts) -> tuple[Floats, Floats, Floats]:
    """Draws of the middle, of tau, and of the luck of one seed; (DRAWS,) each, the same in every call."""
    u = _even()
    of_answers = parts.variance * parts.freedom_of_answers / stats.chi2.ppf(u[:, 0], parts.freedom_of_answers)
    own = float(parts.luck.mean()) * parts.freedom_of_luck / stats.chi2.ppf(u[:, 1], parts.freedom_of_luck)
    middles = parts.z.mean() + special.ndtri(u[:, 2]) * np.sqrt(of_answers / len(parts.z))
    luck = parts.seeds * own
    if parts.shared:
        middles = middles + np.sqrt(parts.shared) * stats.t.ppf(u[:, 3], parts.freedom_of_shared)
        luck = luck + parts.seeds * parts.shared * parts.freedom_of_shared / stats.chi2.ppf(
            u[:, 4], parts.freedom_of_shared
        )
    return middles, np.sqrt(np.maximum(of_answers - own, 0.0)), luck


def _share(parts: Parts) -> tuple[float | None, tuple[float, float] | None]:
    """The share of assumptions in the variance of one pair of worlds, with its interval; nothing where there is no variance at all."""
    luck = parts.seeds * (float(parts.luck.mean()) + parts.shared)
    if parts.tau2 + luck == 0:
        return None, None
    _, widths, of_a_seed = confidence(parts)
    low, high = np.quantile(widths**2 / (widths**2 + of_a_seed), ENDS)
    return parts.tau2 / (parts.tau2 + luck), (float(low), float(high))


def _above(parts: Parts, scale: LuckScale, threshold: float, draws: Floats, shape: Floats) -> Above:
    """Wilson's interval (JASA 22, 209-212, 1927) on as many sets as say as much as these do, luck being taken out of them.

    draws: (DRAWS, M) of true answers, sets drawn anew in each; they differ by luck and by which sets there are.
    """
    at, sets = float(scale.to(np.array([threshold]))[0]), len(shape)
    share = float((parts.z.mean() + np.sqrt(parts.tau2) * shape > at).mean())
    seen = (draws > at).mean(axis=1)
    middle = (share * sets + 2) / (sets + 4)  # Wilson's own centre: a share of 0 or 1 has no variance to compare
    worth = sets * min(1.0, middle * (1 - middle) / sets / max(float(np.mean((seen - share) ** 2)), 1e-12))
    z2 = float(stats.norm.ppf(ENDS[1])) ** 2
    centre = (share + z2 / (2 * worth)) / (1 + z2 / worth)
    reach = np.sqrt(z2 * (share * (1 - share) / worth + z2 / (4 * worth**2))) / (1 + z2 / worth)
    low, high = (0.0 if share == 0 else float(centre - reach)), (1.0 if share == 1 else float(centre + reach))
    return Above(threshold, round(share * sets), sets, low, high)


def _variance(left_out: Floats) -> float:
    """Jackknife variance; not a number from one seed."""
    return float(np.sum(_influences(left_out) ** 2)) if len(left_out) > 1 else float("nan")


def _influences(left_out: Floats) -> Floats:
    """What each seed does to an answer, such that the sum of squares is its jackknife variance."""
    return np.asarray((left_out.mean() - left_out) * np.sqrt((len(left_out) - 1) / len(left_out)), dtype=np.float64)


def _freedom(squares: Floats, most: float) -> float:
    """Degrees of freedom of a mean of squares, by the jackknife variance of its logarithm, 2 / degrees; at most those it would have
    if all were alike."""
    total, n = float(squares.sum()), len(squares)
    rest = total - squares
    if (rest <= 0).any():
        return min(1.0, most)
    variance = (n - 1) * float(np.log(rest / (n - 1)).var())
    return max(min(2 / variance, most), 1.0) if variance > 0 else most


def _quantiles(shapes: Floats, at: Floats) -> Floats:
    """Quantiles of each row at normal scores `at`: straight between order statistics over their normal scores, and beyond the outermost
    with the slope of a half normal of that side's spread, as few sets do not reach the ends. Returns (rows, len(at))."""
    rows, n = np.sort(shapes, axis=1), shapes.shape[1]
    scores = special.ndtri(np.arange(1, n + 1) / (n + 1))
    place = np.clip(np.searchsorted(scores, at) - 1, 0, n - 2)
    part = np.clip((at - scores[place]) / (scores[place + 1] - scores[place]), 0.0, 1.0)
    inside = rows[:, place] * (1 - part) + rows[:, place + 1] * part
    off = rows - rows.mean(axis=1, keepdims=True)
    below, above = (
        np.sqrt((np.where(side, off, 0.0) ** 2).sum(axis=1) / np.maximum(side.sum(axis=1), 1))
        for side in (off < 0, off > 0)
    )
    beyond = np.minimum(at - scores[0], 0.0) * below[:, None] + np.maximum(at - scores[-1], 0.0) * above[:, None]
    return np.asarray(inside + beyond, dtype=np.float64)


def _resampled(shape: Floats) -> Floats:
    """The shape of sets drawn anew, each draw again with mean 0 and variance 1; (DRAWS, M)."""
    n = len(shape)
    drawn = shape[np.random.default_rng(1).integers(0, n, (DRAWS, n))]
    off = drawn - drawn.mean(axis=1, keepdims=True)
    spread = off.std(axis=1, ddof=1, keepdims=True)
    return np.asarray(np.divide(off, spread, out=np.zeros_like(off), where=spread > 0), dtype=np.float64)


@cache
def _even() -> Floats:
    """Points that fill a cube evenly, (DRAWS, 5): draws that are no luck."""
    return np.asarray(qmc.Halton(5, rng=np.random.default_rng(1)).random(DRAWS), dtype=np.float64)


@cache
def _grid() -> Floats:
    """Normal scores of GRID equal probabilities."""
    return np.asarray(special.ndtri((np.arange(GRID) + 0.5) / GRID), dtype=np.float64)
