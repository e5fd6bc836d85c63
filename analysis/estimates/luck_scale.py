"""The scale on which luck moves every answer alike, fitted to a design of many sets of assumptions.

Where luck grows with the answer, a set of assumptions that manufactures much spreads more than one that manufactures little. The luck
of one answer x, counted from where nothing is left to move, is taken as c0^2 + c1^2 x^2; the scale is asinh(c1 x / c0) / c1 (generalised
logarithm: Durbin and others, Bioinformatics 18 Suppl 1, S105-S110, 2002; Huber and others, S96-S104), a plain one where c1 is 0, a
logarithm where c0 is small, and defined below zero too, as an estimate may be. Its luck has variance one.
"""

from dataclasses import dataclass

import numpy as np

from analysis.estimates.paired import Floats

ROUNDING = 1e-9  # ratio
ROUNDS = 4  # of weighted least squares; the weights settle within two
FLOOR = 0.01  # least c0^2, of the mean luck: a true logarithm would tear answers about zero apart


@dataclass(frozen=True)
class LuckScale:
    """A monotone scale of answers. origin: where luck has nothing to grow with; c0, c1: see above, both 0 where there is no luck."""

    origin: float
    c0: float
    c1: float

    def luck(self, values: Floats) -> Floats:
        """Variance of luck at these answers, in their own units squared."""
        return np.asarray(self.c0**2 + (self.c1 * (values - self.origin)) ** 2, dtype=np.float64)

    def to(self, values: Floats) -> Floats:
        """Answers on the scale."""
        x = values - self.origin
        if self.c0 == 0:
            return x
        return np.asarray(
            x / self.c0 if self.c1 == 0 else np.arcsinh(self.c1 * x / self.c0) / self.c1, dtype=np.float64
        )

    def back(self, scaled: Floats) -> Floats:
        """Answers in their own units."""
        if self.c0 == 0:
            return scaled + self.origin
        x = scaled * self.c0 if self.c1 == 0 else np.sinh(self.c1 * scaled) * self.c0 / self.c1
        return np.asarray(x + self.origin, dtype=np.float64)

    def bent(self, values: Floats) -> Floats:
        """By how much, to the second order, luck lowers the size of answers on the scale: its curvature times their luck, halved."""
        if self.c1 == 0:
            return np.zeros_like(values)
        x = values - self.origin
        return np.asarray(0.5 * self.c1**2 * x / np.sqrt(self.c0**2 + (self.c1 * x) ** 2), dtype=np.float64)


def luck_scale(values: Floats, luck: Floats, origin: float) -> LuckScale:
    """Fit c0^2 and c1^2, neither negative, by least squares weighted with the inverse squared fit.

    values: (M,) answers; luck: (M,) their variances by luck, each on few seeds, so that only what they have in common is believed.
    """
    mean = float(luck.mean())
    if mean <= 0:
        return LuckScale(origin, 0.0, 0.0)
    squares = (values - origin) ** 2 - luck  # the square of an estimate is too large by its luck
    squares[squares < ROUNDING * luck] = (
        0.0  # as where one of two seeds has all: there luck is the answer, and nothing grows with it
    )
    flat, slope, fitted = mean, 0.0, np.full(len(luck), mean)
    for _ in range(ROUNDS):
        flat, slope = _least_squares(squares, luck, 1 / fitted**2, mean)
        fitted = flat + slope * squares
    return LuckScale(origin, float(np.sqrt(flat)), float(np.sqrt(slope)))


def _least_squares(squares: Floats, luck: Floats, weights: Floats, mean: float) -> tuple[float, float]:
    """c0^2 and c1^2 of one round; at the edge where one of them would be too small, the other alone."""
    centre, level = float(np.average(squares, weights=weights)), float(np.average(luck, weights=weights))
    spread = float(np.average((squares - centre) ** 2, weights=weights))
    slope = float(np.average((squares - centre) * luck, weights=weights)) / spread if spread > 0 else 0.0
    flat = level - slope * centre
    if slope <= 0:
        return mean, 0.0
    if flat < FLOOR * mean:
        flat = FLOOR * mean
        slope = max(float(np.sum(weights * squares * (luck - flat)) / np.sum(weights * squares**2)), 0.0)
    return flat, slope
