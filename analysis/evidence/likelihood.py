"""Shares from worlds that were kept out, their ratios, and what a base rate makes of them.

A share over worlds is known as well as a binomial one of fewer things: as many as the spread between worlds leaves (design effect, Rao
and Scott 1992). What is known of it is a beta distribution with Jeffreys' prior. A likelihood ratio is that of two shares: how often
things of one explanation show something, over how often those of another do. Its words are those of ENFSI's guideline (2015).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.evidence.rules import rules

Floats = npt.NDArray[np.float64]
WORDS = ((1.0, "no"), (10.0, "weak"), (100.0, "moderate"), (1000.0, "moderately strong"), (10000.0, "strong"))
LAST_WORD = "very strong"
SEED = 20241124  # of draws: equal counts have equal intervals
ENDS = (0.025, 0.975)  # of an interval


@dataclass(frozen=True)
class Counts:
    """How many of some things show something, a number a world: shows, of: (worlds)."""

    shows: Floats
    of: Floats

    @classmethod
    def from_rows(cls, rows: Sequence[tuple[float, float]]) -> "Counts":
        """Of pairs, one a world."""
        table = np.array(rows, dtype=np.float64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1])

    def effective(self) -> tuple[float, float]:
        """How many of how many, as if each stood for itself."""
        shows, of = float(self.shows.sum()), float(self.of.sum())
        worlds = int((self.of > 0).sum())
        if worlds < 2 or not 0.0 < shows < of:
            return shows, of
        share = shows / of
        spread = float(((self.shows - share * self.of) ** 2).sum()) * worlds / (worlds - 1) / of**2
        effect = max(1.0, spread / (share * (1.0 - share) / of))
        return shows / effect, of / effect

    @property
    def share(self) -> float:
        """The middle of what is known: with half of one added, so that it is never nought."""
        shows, of = self.effective()
        return (shows + 0.5) / (of + 1.0)

    def draws(self, place: int) -> Floats:
        """Draws of the share from what is known; place: numbers that differ where draws are to be independent."""
        shows, of = self.effective()
        return np.random.default_rng((SEED, place)).beta(shows + 0.5, of - shows + 0.5, rules().draws)


@dataclass(frozen=True)
class Interval:
    """A value with a 95% interval; high is infinite where nothing bounds it from above."""

    value: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        return self.low <= value <= self.high


def interval_of(value: float, draws: Floats) -> Interval:
    """The interval that holds 95% of draws, the value in it."""
    low, high = np.quantile(draws, ENDS)
    return Interval(value, float(min(low, value)), float(max(high, value)))


def ratio(one: Counts, other: Counts) -> Interval | None:
    """How much more often things of one explanation show something than those of another; None where either has no things.

    Where none of the other's shows it, its share has no lower end but nought, and the ratio no upper one.
    """
    if one.of.sum() == 0 or other.of.sum() == 0:
        return None
    found = interval_of(one.share / other.share, one.draws(0) / other.draws(1))
    return found if other.shows.sum() else Interval(found.value, found.low, np.inf)


def in_words(found: Interval | None) -> str:
    """A ratio in the words of the scale, from the lower end of its interval to the upper."""
    if found is None:
        return "no ratio"
    if found.low <= 1.0 <= found.high:
        return "tells nothing"
    other = found.high < 1.0
    least, most = (found.high, found.low) if other else (found.low, found.high)
    low, high = verbal(least), LAST_WORD if np.isinf(most) else verbal(most)
    side = " for the other" if other else " at least" if np.isinf(most) else ""
    return f"{low} support{side}" if low == high or np.isinf(most) else f"{low} to {high} support{side}"


def verbal(value: float) -> str:
    """The word for a likelihood ratio of 1 or more; of one below 1 that of its inverse says how far it speaks for the other."""
    value = value if value >= 1.0 else 1.0 / max(value, 1e-12)
    return next((word for most, word in WORDS if value <= most), LAST_WORD)


def precision(found: float, false: float, base: float) -> float:
    """Share of those who show something that are held (Bayes). found: share of those held who show it; false: of the others; base: share
    of all that are held."""
    right = found * base
    return right / (right + false * (1.0 - base)) if right else 0.0


def precision_of(found: Counts, false: Counts, base: float) -> Interval:
    """The same with what is known of both shares."""
    draws = found.draws(2) * base / (found.draws(2) * base + false.draws(3) * (1.0 - base))
    return interval_of(precision(found.share, false.share, base), draws)


def amount_of(support: int, found: Counts, false: Counts, users: int) -> Interval:
    """How many are held in all, where so many show something, a share of those held does, and a share of all users does besides."""
    value = max(support - false.share * users, 0.0) / found.share
    draws = np.maximum(support - false.draws(3) * users, 0.0) / found.draws(2)
    return interval_of(value, draws)


def ratio_of(found: Interval | None) -> str:
    """A ratio with its interval."""
    if found is None:
        return "cannot be computed"
    if np.isinf(found.high):
        return f"{digits(found.low)} at least"
    return f"{digits(found.value)} ({digits(found.low)} to {digits(found.high)})"


def digits(number: float) -> str:
    """Two digits that count."""
    return f"{float(f'{number:.2g}'):,.10g}"
