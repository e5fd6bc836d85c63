"""Intervals of shares, and of the difference of two."""

from math import sqrt

Z = 1.959963984540054  # of the standard normal law, 95% two-sided


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson, Journal of the American Statistical Association 1927); of must not be 0."""
    share, square = found / of, Z * Z / of
    middle = (share + square / 2.0) / (1.0 + square)
    half = Z * sqrt(share * (1.0 - share) / of + square / (4.0 * of)) / (1.0 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(found: int, of: int, other_found: int, other_of: int) -> tuple[float, float, float]:
    """The difference of two shares, and its 95% interval (Newcombe, Statistics in Medicine 1998, method 10)."""
    one, other = found / of, other_found / other_of
    (low, high), (other_low, other_high) = wilson(found, of), wilson(other_found, other_of)
    difference = one - other
    below = sqrt((one - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return difference, difference - below, difference + above
