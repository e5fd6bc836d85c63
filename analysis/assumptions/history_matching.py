"""Which settings of a simulator are not ruled out by what is observed: history matching in waves.

A setting is ruled out where, for all that luck, tolerances and the emulator's own error leave open, some statistic lies too far
from what is observed: its implausibility |E f(x) - z| / sqrt(Var emulator + Var luck + Var observation + Var discrepancy) is above 3
(Craig et al. 1997; Vernon, Goldstein and Bower 2010, doi 10.1214/10-BA524; a distribution with one mode has at least .95 within
three standard deviations, Pukelsheim 1994). Each wave runs a design in what is left and fits emulators that are surer there
(Andrianakis et al. 2015, doi 10.1371/journal.pcbi.1003968). What is left is a set, no distribution, and may be empty: a result.

Nothing here knows a platform: a simulator is a function from settings and seeds to statistics by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from analysis.assumptions.gaussian_process import Emulator, emulate
from analysis.assumptions.level_sets import level_set
from analysis.estimates.factors import Factor
from sim.scenario.ranges import Range

Floats = npt.NDArray[np.float64]
Setting = Mapping[str, float]
Statistics = Mapping[str, float]
Simulate = Callable[[Sequence[tuple[Setting, int]]], Sequence[Statistics]]  # settings with their seeds, many at once
Reason = Literal["nothing is left", "emulators are sure enough", "the set no longer shrinks", "all waves are done"]
CUT = 3.0  # standard deviations beyond which a setting is ruled out
REPEATED = 0.2  # share of a wave's settings that are run with a second seed, which tells luck
FEWEST_REPEATED = 6  # of which a variance can be told at all
NO_LONGER = 0.9  # of what was left; a wave that leaves more has not shrunk the set
DIGITS = 4  # of a setting, as a scenario would have it
SAMPLE = 400  # settings by which what is left is judged


def parameter(key: str, low: float, high: float) -> Factor:
    """A parameter and the ends between which it may lie; ends a decade apart are drawn between by their logarithms."""
    return Factor(key, low, high, Range(low, high).is_logarithmic)


@dataclass(frozen=True)
class Target:
    """A statistic as it is observed.

    tolerance: the distance that is just allowed where emulator and luck leave nothing open, three standard deviations of the
    observation. discrepancy: standard deviation of what no setting could mend, in units of the statistic.
    """

    value: float
    tolerance: float
    discrepancy: float = 0.0

    @property
    def variance(self) -> float:
        """Of observation and discrepancy together."""
        return (self.tolerance / CUT) ** 2 + self.discrepancy**2


@dataclass(frozen=True)
class Design:
    """How much is run.

    points: settings of a wave, ten for each parameter (Loeppky, Sacks and Welch 2009, doi 10.1198/TECH.2009.08040). misses: statistics
    that a setting may miss, 0 for the maximum implausibility and 1 for the second greatest. first_seed: of runs; every run has a seed of
    its own, since one seed for all favours what it likes.
    """

    waves: int = 3
    points: int = 200
    misses: int = 0
    first_seed: int = 1

    @property
    def repeated(self) -> int:
        """Settings of a wave that are run twice."""
        return max(FEWEST_REPEATED, round(REPEATED * self.points))

    def __post_init__(self) -> None:
        if self.points < FEWEST_REPEATED or self.waves < 1:
            raise ValueError(
                f"{self.waves} waves of {self.points} settings given, allowed 1 or more of {FEWEST_REPEATED} or more"
            )

    @property
    def runs(self) -> int:
        """Runs of all waves, where none ends early."""
        return self.waves * (self.points + self.repeated)


@dataclass(frozen=True)
class Evidence:
    """Settings that were run: points of the unit cube by parameters, means over seeds by statistics, seeds of each."""

    points: Floats
    means: Floats
    seeds: npt.NDArray[np.int64]
    squares: (
        Floats  # of differences between two seeds of a setting over 2, by repeated settings and statistics: variances
    )

    def where(self, kept: npt.NDArray[np.bool_]) -> "Evidence":
        """The settings that are kept, with what all tell of luck."""
        return Evidence(self.points[kept], self.means[kept], self.seeds[kept], self.squares)

    def __add__(self, more: "Evidence") -> "Evidence":
        return Evidence(*(np.concatenate([getattr(self, name), getattr(more, name)]) for name in vars(self)))

    @property
    def luck(self) -> Floats:
        """Variance of one run by luck alone, of each statistic: that of settings run twice, greater as these are few.

        A variance that was estimated from n pairs is expected to be n / (n - 2) times the estimate (the mean of its scaled inverse
        chi-squared distribution, Gelman et al. 2013, section 3.2): else luck is understated as often as it is overstated.
        """
        pairs = len(self.squares)
        return np.asarray(self.squares.mean(axis=0) * pairs / (pairs - 2))


@dataclass(frozen=True)
class Wave:
    """What one wave has learned. `left`: the share of the ranges that it and all before it leave."""

    emulators: Mapping[str, Emulator]
    luck: Mapping[str, float]
    settings: int  # by which emulators were fitted
    left: float = 1.0


@dataclass(frozen=True)
class Judge:
    """Rules settings out, by all waves so far."""

    targets: Mapping[str, Target]
    misses: int
    waves: tuple[Wave, ...]

    def of_statistics(self, points: Floats) -> Floats:
        """Implausibility by points and statistics, the greatest that any wave finds."""
        return np.asarray(np.max([list(self._of_wave(wave, points)) for wave in self.waves], axis=0).T)

    def _of_wave(self, wave: Wave, points: Floats) -> Iterator[Floats]:
        for name, target in self.targets.items():
            mean, variance = wave.emulators[name].predict(points)
            yield np.abs(mean - target.value) / np.sqrt(variance + wave.luck[name] + target.variance)

    def __call__(self, points: Floats) -> Floats:
        """Implausibility of points of the unit cube: the greatest over statistics, without as many as a setting may miss."""
        by_wave = [np.array(list(self._of_wave(wave, points))) for wave in self.waves]
        return np.asarray(np.max([np.sort(values, axis=0)[-1 - self.misses] for values in by_wave], axis=0))


@dataclass(frozen=True)
class Excluded:
    """Why nothing is left: statistics that no setting meets, and pairs of which every setting misses one; as emulators see it."""

    alone: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Match:
    """What is not ruled out. `points`: a sample of it, an array of points by parameters of the unit cube, drawn evenly."""

    parameters: tuple[Factor, ...]
    judge: Judge
    points: Floats
    reason: Reason
    runs: int
    lowest: float  # implausibility that was found
    excluded: Excluded = field(default_factory=Excluded)

    @cached_property
    def settings(self) -> list[dict[str, float]]:
        """The sample as settings."""
        return [setting_of(self.parameters, point) for point in self.points]

    def implausibility(self, setting: Setting) -> float:
        """Of a setting, as emulators see it."""
        return float(self.judge(np.array([[p.place(setting[p.key]) for p in self.parameters]]))[0])

    @property
    def left(self) -> float:
        """Share of the ranges that is not ruled out."""
        return self.judge.waves[-1].left


def setting_of(parameters: Sequence[Factor], point: Floats) -> dict[str, float]:
    """A point of the unit cube as a setting."""
    return {p.key: float(f"{p.at(float(place)):.{DIGITS}g}") for p, place in zip(parameters, point, strict=True)}


def match(
    parameters: Sequence[Factor], targets: Mapping[str, Target], simulate: Simulate, design: Design,
    on_wave: Callable[[int, Wave], None] | None = None,
) -> Match:  # fmt: skip
    """Rule settings out, wave after wave, until emulators are sure, nothing shrinks or nothing is left."""
    rng, begun = np.random.default_rng(design.first_seed), tuple(parameters)
    waves: tuple[Wave, ...] = ()
    known: Evidence | None = None
    points, runs = latin(len(begun), design.points, rng), 0
    for number in range(design.waves):
        new = _run(begun, targets, simulate, points, design, design.first_seed + runs)
        runs += len(points) + min(design.repeated, len(points))
        known = new if known is None else known + new
        judge = Judge(targets, design.misses, waves)
        wave = _learned(targets, known.where(judge(known.points) <= CUT) if waves else known)
        judge = Judge(targets, design.misses, (*waves, wave))
        found = level_set(judge, len(begun), CUT, max(SAMPLE, design.points), rng)
        wave = Wave(wave.emulators, wave.luck, wave.settings, found.share if len(found.points) else 0.0)
        waves, judge = (*waves, wave), Judge(targets, design.misses, (*waves, wave))
        if on_wave:
            on_wave(number, wave)
        reason = _over(waves, judge, found.points, number + 1 == design.waves)
        if reason:
            excluded = excluded_by(judge, len(begun), found.seen, rng) if not len(found.points) else Excluded()
            return Match(begun, judge, found.points, reason, runs, found.lowest, excluded)
        points = spread_out(found.points, design.points)
    raise AssertionError("the last wave has a reason to be the last")


def latin(dimensions: int, size: int, rng: np.random.Generator) -> Floats:
    """A Latin hypercube: every parameter has one point in each of `size` equal parts of its range."""
    return np.asarray(qmc.LatinHypercube(dimensions, rng=rng).random(size), dtype=np.float64)


def spread_out(points: Floats, size: int) -> Floats:
    """So many of the points, each the one that is furthest from those before (a maximin design inside a set of any form)."""
    chosen, nearest = [0], np.linalg.norm(points - points[0], axis=1)
    while len(chosen) < min(size, len(points)):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return np.asarray(points[chosen])


def _run(
    parameters: Sequence[Factor], targets: Mapping[str, Target], simulate: Simulate, points: Floats, design: Design, first_seed: int
) -> Evidence:  # fmt: skip
    """Run settings, the first of them twice, each time with a seed of its own."""
    settings = [setting_of(parameters, point) for point in points]
    twice = min(design.repeated, len(settings))
    found = simulate([(setting, first_seed + n) for n, setting in enumerate([*settings, *settings[:twice]])])
    values = np.array([[statistics[name] for name in targets] for statistics in found])
    one, other = values[:twice], values[len(settings) :]
    means, seeds = values[: len(settings)].copy(), np.ones(len(settings), dtype=np.int64)
    means[:twice], seeds[:twice] = (one + other) / 2, 2
    places = np.array([[p.place(setting[p.key]) for p in parameters] for setting in settings])
    return Evidence(places, means, seeds, (one - other) ** 2 / 2)


def _learned(targets: Mapping[str, Target], known: Evidence) -> Wave:
    """Emulators of all statistics, from settings that are not ruled out yet."""
    luck = dict(zip(targets, known.luck.tolist(), strict=True))
    emulators = {
        name: emulate(known.points, known.means[:, column], luck[name] / known.seeds)
        for column, name in enumerate(targets)
    }
    return Wave(emulators, luck, len(known.points))


def _over(waves: Sequence[Wave], judge: Judge, points: Floats, is_last: bool) -> Reason | None:
    """Why no further wave would tell more, if so."""
    if not len(points):
        return "nothing is left"
    open_ = [
        (waves[-1].emulators[name].predict(points)[1].mean(), waves[-1].luck[name] + target.variance)
        for name, target in judge.targets.items()
    ]
    if all(emulator < others for emulator, others in open_):
        return "emulators are sure enough"
    if len(waves) > 1 and waves[-1].left > NO_LONGER * waves[-2].left:
        return "the set no longer shrinks"
    return "all waves are done" if is_last else None


def excluded_by(judge: Judge, dimensions: int, seen: Floats, rng: np.random.Generator) -> Excluded:
    """Statistics that cannot be met, alone or in pairs; looked for where no point that was seen on the way meets them."""
    names, values = list(judge.targets), judge.of_statistics(seen)

    def is_met(columns: list[int]) -> bool:
        if (values[:, columns].max(axis=1) <= CUT).any():
            return True
        alone = Judge({names[column]: judge.targets[names[column]] for column in columns}, 0, judge.waves)
        return len(level_set(alone, dimensions, CUT, 1, rng).points) > 0

    single = [column for column in range(len(names)) if not is_met([column])]
    others = [column for column in range(len(names)) if column not in single]
    pairs = [pair for pair in combinations(others, 2) if not is_met(list(pair))]
    return Excluded(tuple(names[n] for n in single), tuple((names[a], names[b]) for a, b in pairs))


@dataclass(frozen=True)
class Member:
    """A setting that was run and not ruled out. implausibility: by its own statistics, means over seeds that no wave has used."""

    parameters: Setting
    statistics: Statistics
    implausibility: float
    worst: str  # the statistic that lies furthest off
    seeds: tuple[int, ...]


def judged(
    setting: Setting, runs: Sequence[Statistics], seeds: Sequence[int], targets: Mapping[str, Target], luck: Statistics, misses: int
) -> Member:  # fmt: skip
    """A setting by what it really shows: luck in the mean takes the place of the emulator's error."""
    means = {name: float(np.mean([run[name] for run in runs])) for name in targets}
    distance = {
        name: abs(means[name] - target.value) / float(np.sqrt(luck[name] / len(runs) + luck[name] + target.variance))
        for name, target in targets.items()
    }
    return Member(
        dict(setting), means, sorted(distance.values())[-1 - misses], max(distance, key=lambda name: distance[name]), tuple(seeds)
    )  # fmt: skip


def members(
    found: Match, simulate: Simulate, size: int, seeds: int, most: float = 2.0
) -> tuple[list[Member], list[Member]]:
    """Settings of the set that hold when they are run, `size` of them, and those that were run and do not hold.

    seeds: runs of each setting, none of which a wave has used. most: settings that are run at the most, for each that is wanted.
    """
    kept: list[Member] = []
    out: list[Member] = []
    targets, luck, tried = found.judge.targets, found.judge.waves[-1].luck, 0
    drawn = found.settings[: round(most * size)]
    while len(kept) < size and tried < len(drawn):
        batch = drawn[tried : tried + size - len(kept)]
        first = 1_000_000 + tried * seeds  # far from the seeds of any wave
        tasks = [(s, first + n * seeds + k) for n, s in enumerate(batch) for k in range(seeds)]
        runs = simulate(tasks)
        for n, setting in enumerate(batch):
            own = slice(n * seeds, (n + 1) * seeds)
            member = judged(setting, runs[own], [seed for _, seed in tasks[own]], targets, luck, found.judge.misses)
            (kept if member.implausibility <= CUT else out).append(member)
        tried += len(batch)
    return kept, out


def seeds_needed(targets: Mapping[str, Target], luck: Statistics) -> dict[str, int]:
    """Seeds of a member with which luck in its mean is no greater than what tolerance and discrepancy leave open."""
    return {name: max(1, int(np.ceil(luck[name] / target.variance))) for name, target in targets.items()}


def centre(found: Sequence[Member], parameters: Sequence[Factor]) -> Member:
    """The medoid: the member with the least sum of distances to the others, parameters counted in shares of their ranges.

    No mean of settings, which need not lie in a set of any form, but one that was run and held. Raises ValueError without members.
    """
    if not found:
        raise ValueError("centre: no members given, allowed one or more")
    points = np.array([[p.place(member.parameters[p.key]) for p in parameters] for member in found])
    return found[int(np.linalg.norm(points[:, None] - points[None], axis=2).sum(axis=1).argmin())]
