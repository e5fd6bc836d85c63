"""Which assumptions matter: shares of the variance of the true answer over assumptions, by an emulator of the members that were run.

The first-order share of a factor is what the answer's variance would lose, on average, if that factor were known; its total share
is what would be left if all others were (Sobol, Mathematics and Computers in Simulation 55, 271-280, 2001; Saltelli and others,
Global Sensitivity Analysis, The Primer, 2008, chapters 1 and 4). Luck, as far as it is given, is no part of the variance.
How well an emulator (`analysis.estimates.emulator`) foretells members that it never saw is measured, not believed, and where that is
little no share is given.

An interval ends where the outermost half percent of the emulator's draws begins: those of the middle 95% of them held the known
shares of Ishigami's function in 83 to 92% of studies of 64 members only, with curves of two kinds instead of three: draws do not know in
what their own form is wrong. The upper end takes in the share that no curve and no pair explains, as any factor may have a part in it, and
shares below a hundredth are not told from none. What intervals then hold, of other functions and designs too: docs/ODD.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimates.emulator import Answer, Floats, Members, draw, levels_of, predicted, states, waves

FOLDS = 5
STATES = 40  # of the emulator, over which a member that was kept out is foretold
FEWEST = 20  # members that finished
LITTLE = 0.1  # explained variance below which nothing is said
SEEN = (0.005, 0.995)  # ends of the draws that are given as those of a 95% interval, see above
ENDS = (0.025, 0.975)
LEAST = 0.01  # share that is not told from none
SHARES = ("first_order", "first_order_low", "first_order_high", "total", "total_low", "total_high")
NOTHING = "Nothing can be said about single numbers with these members"


@dataclass(frozen=True)
class Sensitivity:
    """Shares of variance by factor, and what they rest on.

    shares: factor (column of the design), first_order and total with their 95% intervals; NaN where nothing can be said.
    effects: factor, place (in [0, 1]), value, low, high: the answer at the ends of a range, or at each option, the other factors averaged
    out. rest: share of variance that no curve of one factor and no surface of two explains. q2: share of the true answer's variance
    that is explained at members kept out, luck taken from both. interaction: share that only pairs explain. members: those that
    finished; failed: those that did not.
    """

    shares: pd.DataFrame
    effects: pd.DataFrame
    rest: tuple[float, float, float]
    interaction: tuple[float, float, float]
    q2: tuple[float, float, float]
    members: int
    failed: int

    @property
    def speaks(self) -> bool:
        """Whether the emulator explains enough of members kept out for its shares to mean anything."""
        return bool(self.q2[0] >= LITTLE and self.q2[1] > 0)


def indices(design: Floats, value: Floats, noise: Floats, seed: int, resamples: int) -> pd.DataFrame:
    """The shares of `sensitivity` alone; `.attrs` say q2, rest and whether anything can be said at all."""
    found = sensitivity(design, value, noise, seed, resamples)
    found.shares.attrs.update(q2=found.q2, rest=found.rest, speaks=found.speaks)
    return found.shares


def sensitivity(design: Floats, value: Floats, noise: Floats, seed: int, resamples: int) -> Sensitivity:
    """Shares of the variance of the true answer, by factor.

    design: (n, d) places of members in their ranges, in [0, 1], drawn evenly and independently of each other. value: (n,) their
    answers, NaN where a member failed. noise: (n,) variances of the luck of each value (of a mean over seeds: that of one seed over their
    number), 0 where it is none; from few seeds it is better taken from all members together. seed: of the emulator's draws.
    resamples: functions that are drawn, and samples of members for the interval of q2; some hundreds. Raises ValueError where shapes
    do not agree, a place lies outside, or a variance of a member that finished is none.
    """
    done = np.isfinite(value)
    _check(design, value, noise, done)
    x, y, luck, d = design[done], value[done], noise[done], design.shape[1]
    failed = int((~done).sum())
    if len(y) < FEWEST or y.std() <= 1e-12 * max(abs(float(y.mean())), 1e-300):
        return _silent(d, (np.nan,) * 3, len(y), failed)
    q2 = explained(x, y, luck, seed, resamples)
    if not (q2[0] >= LITTLE and q2[1] > 0):
        return _silent(d, q2, len(y), failed)
    members, rng = Members(x, y, luck), np.random.default_rng([seed, 1])
    drawn = [draw(members, state, rng) for state in states(members, [seed, 2], resamples)]
    whole = np.array([sum(answer.parts.values()) + answer.rest for answer in drawn])
    rest = _three(np.array([answer.rest for answer in drawn]) / whole)
    pairs = _three(np.array([sum(v for key, v in answer.parts.items() if len(key) == 2) for answer in drawn]) / whole)
    return Sensitivity(_shares(drawn, whole, d), _effects(members, drawn), rest, pairs, q2, len(y), failed)


def _check(design: Floats, value: Floats, noise: Floats, done: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    if design.ndim != 2 or not len(design) == len(value) == len(noise):
        raise ValueError(
            f"design {design.shape}, value {value.shape}, noise {noise.shape}: a row of each a member is wanted"
        )
    if not ((design[done] >= 0) & (design[done] <= 1)).all():
        raise ValueError("design: places outside 0 to 1")
    if not (np.isfinite(noise[done]) & (noise[done] >= 0)).all():
        raise ValueError("noise: a member that finished without a variance; 0 is allowed")


def _silent(d: int, q2: Sequence[float], members: int, failed: int) -> Sensitivity:
    nothing = pd.DataFrame({"factor": range(d), **dict.fromkeys(SHARES, np.nan)})
    effects = pd.DataFrame(columns=["factor", "place", "value", "low", "high"])
    return Sensitivity(nothing, effects, (np.nan,) * 3, (np.nan,) * 3, (q2[0], q2[1], q2[2]), members, failed)


def _three(values: Floats) -> tuple[float, float, float]:
    """Mean and ends of the 95% interval of draws."""
    low, high = np.quantile(values, ENDS)
    return float(values.mean()), float(low), float(high)


def explained(design: Floats, value: Floats, noise: Floats, seed: int, resamples: int) -> tuple[float, float, float]:
    """Share of the true answer's variance that is explained at members kept out, with a bootstrap interval over members.

    The emulator, its choice of factors included, is made anew without each fifth of the members. Luck is taken from the squared errors as
    from the variance: 1 - (mean squared error - mean noise) / (variance - mean noise). NaN where the values vary no more than luck.
    """
    rng = np.random.default_rng([seed, 3])
    fold, error = rng.permutation(len(value)) % FOLDS, np.zeros(len(value))
    for number in range(FOLDS):
        out = fold == number
        members = Members(design[~out], value[~out], noise[~out])
        found = states(members, [seed, 4, number], STATES, chains=1)
        error[out] = (value[out] - predicted(members, found, design[out])) ** 2
    again = rng.integers(len(value), size=(resamples, len(value)))
    of_all, of_samples = _q2(error, value, noise), [_q2(error[k], value[k], noise[k]) for k in again]
    if not np.isfinite(of_all):
        return (np.nan,) * 3
    low, high = np.quantile(np.nan_to_num(of_samples, nan=-1.0), ENDS)
    return of_all, float(low), float(min(high, 1.0))


def _q2(error: Floats, value: Floats, noise: Floats) -> float:
    true = float(value.var(ddof=1) - noise.mean())
    return float(1 - max(error.mean() - noise.mean(), 0.0) / true) if true > 0 else float("nan")


def _shares(drawn: Sequence[Answer], whole: Floats, d: int) -> pd.DataFrame:
    """Means and intervals over draws. whole: the variance of each."""
    first, total = np.zeros((len(drawn), d)), np.zeros((len(drawn), d))
    for row, answer in enumerate(drawn):
        for key, variance in answer.parts.items():
            total[row, list(key)] += variance / whole[row]
            if len(key) == 1:
                first[row, key[0]] = variance / whole[row]
    rest = np.array([[answer.rest] for answer in drawn]) / whole[:, None]
    found: dict[str, object] = {"factor": range(d)}
    for name, share in (("first_order", first), ("total", total)):
        low, high = np.quantile(share, SEEN[0], axis=0), np.quantile(share + rest, SEEN[1], axis=0)
        low, high = np.where(low < LEAST, 0.0, low), np.clip(high, LEAST, 1.0)
        found |= {name: share.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(found)


def _effects(members: Members, drawn: Sequence[Answer]) -> pd.DataFrame:
    """The answer along each factor that any draw has active. A curve has mean zero, as have pairs: nothing is averaged by chance."""
    rows = []
    for factor in sorted({k for answer in drawn for k in answer.curves}):
        levels = levels_of(members.design[:, factor])
        places = np.array([0.0, 1.0]) if levels is None else levels
        at = waves(levels, places)
        values = np.array([answer.mean + at @ answer.curves.get(factor, np.zeros(at.shape[1])) for answer in drawn])
        low, high = np.quantile(values, ENDS, axis=0)
        rows += list(zip([factor] * len(places), places, values.mean(axis=0), low, high, strict=True))
    return pd.DataFrame(rows, columns=["factor", "place", "value", "low", "high"])
