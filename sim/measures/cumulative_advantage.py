"""What success breeds: how unequal outcomes are, and how much the same things fare differently in another world.

Both as Salganik, Dodds and Watts 2006 (doi 10.1126/science.1121066) measure them, on shares of whatever is counted:
downloads, likes, views. Inequality is `sim.measures.platform_statistics.gini`, which is the same for counts and shares.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def market_shares(counts: npt.NDArray[np.integer] | Floats) -> Floats:
    """(worlds, things) each thing's share of its world's total; all zero in a world where nothing was counted."""
    total = np.asarray(counts, dtype=np.float64).sum(axis=1, keepdims=True)
    return np.asarray(counts / np.maximum(total, 1.0), dtype=np.float64)


def unpredictability(shares: Floats) -> float:
    """Mean absolute difference of a thing's share between two worlds, over all pairs of worlds and all things.

    shares: (worlds, things), two worlds or more. What chance alone gives to few counts is part of it, so that it is to
    be compared between worlds with as many.
    """
    worlds = len(shares)
    if worlds < 2:
        raise ValueError(f"{worlds} worlds given, allowed 2 or more")
    rising = np.sort(shares, axis=0)
    # In a sorted column the k-th of n stands above k others and below n - 1 - k: the sum over pairs without any pair.
    weights = 2.0 * np.arange(worlds) - worlds + 1.0
    return float((weights @ rising).mean() / (worlds * (worlds - 1) / 2.0))
