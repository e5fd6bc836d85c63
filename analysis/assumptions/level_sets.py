"""Points of the unit cube at which a function is small enough, drawn evenly, however small a part of the cube they are.

Where rejection finds too few, the set is come upon by levels: the points that lie lowest are moved about below a level, which falls
until it is the one that is sought (subset simulation, Au and Beck 2001, doi 10.1016/S0266-8920(01)00019-4). Points move by
slices, along an axis or along the line between two others (Neal 2003, doi 10.1214/aos/1056562461).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Function = Callable[[Floats], Floats]
TRIED = 16384  # points of the whole cube, for rejection
WALKERS = 400  # points that go on where these are too few
LOWEST = 0.2  # share of points that a level keeps
MOVES = 20  # of every point at a level, and twice as many at the last
SHRINKS = 6  # of a slice before a point stays where it is
LEVELS = 30  # at the most
FALL = 1e-3  # least fall of a level; one that falls less has found the lowest there is


@dataclass(frozen=True)
class LevelSet:
    """What was found: points, an array of points by dimensions, and which share of the cube they stand for."""

    points: Floats
    share: float
    lowest: float  # value seen
    seen: Floats  # points that were looked at on the way


def level_set(function: Function, dimensions: int, level: float, size: int, rng: np.random.Generator) -> LevelSet:
    """Up to `size` points where the function is at most `level`; none where it seems to be above everywhere."""
    points = rng.random((TRIED, dimensions))
    values = function(points)
    lowest, seen, share = float(values.min()), [points], 1.0
    for _ in range(LEVELS):
        inside = values <= level
        if inside.sum() >= size:
            break
        bar = max(level, float(np.quantile(values, LOWEST)))
        share *= float((values <= bar).mean())
        kept = np.flatnonzero(values <= bar)[:WALKERS]
        chosen = np.resize(rng.permutation(kept), max(WALKERS, size))
        points, values = walked(function, points[chosen], values[chosen], bar, MOVES * (2 if bar == level else 1), rng)
        fell, lowest = lowest - float(values.min()), min(lowest, float(values.min()))
        seen.append(points)
        if bar > level and fell < FALL and float(np.quantile(values, LOWEST)) > bar - FALL:
            break
    inside = values <= level
    found = rng.permutation(points[inside])[:size]
    return LevelSet(found, share * float(inside.mean()), lowest, np.concatenate(seen))


def walked(
    function: Function, points: Floats, values: Floats, bar: float, moves: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Points after so many moves, none of which leads out of the cube or above the bar; and their values."""
    points, values = points.copy(), values.copy()
    for move in range(moves):
        lines = _lines(points, move, rng)
        begin = -rng.random(len(points))
        end, going = begin + 1.0, np.arange(len(points))
        for _ in range(SHRINKS):
            step = begin[going] + rng.random(len(going)) * (end[going] - begin[going])
            tried = points[going] + step[:, None] * lines[going]
            there = np.full(len(going), np.inf)
            inside = ((tried >= 0) & (tried <= 1)).all(axis=1)
            there[inside] = function(tried[inside]) if inside.any() else 0.0
            may = there <= bar
            points[going[may]], values[going[may]] = tried[may], there[may]
            going, step = going[~may], step[~may]
            begin[going], end[going] = np.where(step < 0, step, begin[going]), np.where(step > 0, step, end[going])
            if not len(going):
                break
    return points, values


def _lines(points: Floats, move: int, rng: np.random.Generator) -> Floats:
    """A line for each point: an axis, or by turns the way from one of the others to another, which follows the set's own form."""
    count, dimensions = points.shape
    if move % 2:
        one, other = rng.integers(count, size=(2, count))
        return np.asarray((points[one] - points[other]) * 2.0)
    return np.asarray(np.eye(dimensions)[rng.integers(dimensions, size=count)])
