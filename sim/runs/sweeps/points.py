"""The points of a sweep: every combination of its axes, at each point that a design draws or a table has.

A number that a composed document has is laid over it, which takes milliseconds; a preset (`recommender=popularity`), or a key from
which other keys are made, is a word of its own, and what words make is composed once for each combination of them.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scipy.stats import qmc

from sim.runs.question import STRENGTH, Question, question_of, with_values
from sim.runs.sweeps.tables import rows_of_table
from sim.runs.sweeps.words import LATIN, MOST_POINTS, ONE_VALUE, SLOTS, Drawn, Sweep, rounded
from sim.scenario.overrides import key_of
from sim.scenario.schema import ScenarioError


@dataclass(frozen=True)
class Point:
    """One point of a design: the values of all its keys; words: those that are composed; laid: those that are laid over that."""

    number: int
    values: Mapping[str, Any]
    words: tuple[str, ...]
    laid: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """All points of a sweep, and the comparisons that they are made from, by the words that a point composes."""

    points: tuple[Point, ...]
    bases: Mapping[tuple[str, ...], Question]

    @property
    def keys(self) -> list[str]:
        """Columns of the design."""
        return list(self.points[0].values)

    def families(self, replications: int) -> Iterator[tuple[Point, int]]:
        """Each point with each seed; the same seeds at every point, so that differences between points are paired."""
        first = next(iter(self.bases.values())).scenario.seed
        return itertools.product(self.points, range(first, first + replications))


def plan_of(asked: Sweep, folder: Path | None = None, trust: Sequence[str] = ()) -> Plan:
    """All points in order, each key checked with each of its values. Raises ScenarioError, before any world is run."""
    base = _composed(asked, (), folder, trust)
    rows = rows_of_table(asked.table, folder) if asked.table else [{}]
    axes = {axis.key: axis.values for axis in asked.axes}
    _check_keys(asked, [*axes, *(drawn.key for drawn in asked.drawn), *rows[0]])
    count = len(rows) * (asked.drawing.points if asked.drawing else 1) * math.prod(map(len, axes.values()))
    if count > MOST_POINTS:
        raise ScenarioError(f"{count:,} points given, allowed {MOST_POINTS:,} at most")
    drawn = _drawn_points(asked, base)
    grid = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    everything = [{**at, **of, **row} for row in rows for of in drawn for at in grid]
    composed = {key for key in everything[0] if _is_composed(key, base)}
    points = tuple(_point(number, values, composed) for number, values in enumerate(everything, start=1))
    bases = {words: _composed(asked, words, folder, trust) for words in dict.fromkeys(point.words for point in points)}
    _check_values(points, bases, trust)
    return Plan(points, bases)


def _composed(asked: Sweep, words: Sequence[str], folder: Path | None, trust: Sequence[str]) -> Question:
    """The comparison that words make, before numbers are laid over it."""
    return question_of([*asked.words, *words], folder, trust, asked.lists)


def _check_keys(asked: Sweep, keys: Sequence[str]) -> None:
    """No key is said twice, in a word, an axis or a table, and none of which a sweep has one."""
    said = [*(key_of(word) for word in asked.words), *keys]
    for place, key in enumerate(said):
        if key in said[:place]:
            raise ScenarioError(
                f"{key}: said twice, allowed is once: as a word, an axis, a drawn number or a column of the table"
            )
    for key in keys:
        if key in SLOTS:
            raise ScenarioError(
                f"{key}: cannot be drawn or stand in a table; allowed is a list such as {key}=A,B, whose parts are arms"
            )
        if key in ONE_VALUE:
            raise ScenarioError(
                f"{key}: several values given, allowed one in a sweep; several seeds are replications=8"
            )


def _is_composed(key: str, base: Question) -> bool:
    """Whether presets or other keys may hang on a key, or the composed documents do not have it."""
    return "." not in key or key[0] in "+~" or key == STRENGTH or base.stated(key) is None


def _point(number: int, values: Mapping[str, Any], composed: set[str]) -> Point:
    words = tuple(f"{key}={as_word(value)}" for key, value in values.items() if key in composed)
    return Point(number, values, words, {key: value for key, value in values.items() if key not in composed})


def as_word(value: Any) -> str:
    """A value as it stands on the command line."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _drawn_points(asked: Sweep, base: Question) -> list[dict[str, Any]]:
    """What a design draws, whole numbers where the scenario has one; one point without a key where nothing is drawn.

    It chooses which worlds are run and is drawn before any of them: no luck of a world hangs on it.
    """
    drawing, count = asked.drawing, len(asked.drawn)
    if drawing is None:
        return [{}]
    kind = qmc.LatinHypercube if drawing.kind == LATIN else qmc.Sobol
    whole = [isinstance(base.stated(drawn.key), int) for drawn in asked.drawn]
    return [
        {
            drawn.key: _at(drawn, float(place), is_whole)
            for drawn, place, is_whole in zip(asked.drawn, places, whole, strict=True)
        }
        for places in kind(count, rng=drawing.seed).random(drawing.points)
    ]


def _at(drawn: Drawn, place: float, is_whole: bool) -> float | int:
    """The number at a place between the ends, 0 to 1."""
    low, high = drawn.low, drawn.high
    number = low * (high / low) ** place if drawn.logarithmic else low + (high - low) * place
    return round(number) if is_whole else rounded(number)


def _check_values(points: Sequence[Point], bases: Mapping[tuple[str, ...], Question], trust: Sequence[str]) -> None:
    """Each value of each key is allowed where it is laid, alone. What several do together their families find out."""
    seen: set[tuple[tuple[str, ...], str, str]] = set()
    for point in points:
        for key, value in point.laid.items():
            if (point.words, key, repr(value)) in seen:
                continue
            seen.add((point.words, key, repr(value)))
            try:
                with_values(bases[point.words], {key: value}, trust)
            except ScenarioError as error:
                raise ScenarioError(f"point {point.number}: {error}") from None
