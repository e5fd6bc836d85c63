"""Popularity under social influence, after Salganik, Dodds and Watts 2006 (doi 10.1126/science.1121066).

The same 48 songs meet other listeners in each world (seeds of luck). Where downloads are visible they raise the wish to
listen and to download (`audience.social_proof`). A catalogue is one set of 48 songs with worlds of its own; intervals
are over catalogues, so that they cover both which songs there are and who came.
"""

import dataclasses
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analysis.validation.intervals import mean_interval
from analysis.validation.target import Curves, Effort, Finding, Target
from sim.measures.cumulative_advantage import market_shares, unpredictability
from sim.measures.platform_statistics import gini
from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.scenario.config import Scenario

Counts = npt.NDArray[np.int64]  # (worlds, songs) downloads

SOURCE = "Salganik, Dodds, Watts 2006, doi 10.1126/science.1121066"
AGAIN = "doi 10.1111/j.1756-8765.2009.01030.x"
MODULES = ("audience.reactions", "recommenders.menu", "audience.attention")
DOWNLOADS = 1.0  # songs that a participant downloads on average, whatever the strength; assumption
FEW = 5  # the best and the worst songs: about a tenth of 48
RARELY = 0.1  # share of cases that is rare
CEILING = (
    "visible counts add to the wish for every song: at a strength of 2 participants download 59% of what they look at, 19 "
    "songs each, where they download 3% and one song without counts; songs near that ceiling are alike. Where the total "
    "is held, songs compete, and both signs come out"
)
ALIKE = (
    "the best and the worst songs then differ too little in the independent world itself: how much quality tells is an "
    "assumption, and the finding depends on it"
)


@dataclass(frozen=True)
class Market:
    """One experiment: how songs are shown, how many people take part in the whole study, and how much quality tells."""

    recommender: str = "menu"
    participants: int = 14341
    quality: float = 1.0  # logit to download that a standard deviation of quality adds; assumption

    @property
    def scenario(self) -> Scenario:
        """The scenario of a social world, with a tenth of the participants of one of two experiments."""
        presets = ["scenario=music_market", f"recommender={self.recommender}"]
        return _scenario(
            *presets, f"population.country_users={self.participants}", f"audience.quality_on_like={self.quality}"
        )

    def downloads(self, catalogue: int, world: int, strength: float, watch: float, share: float = 0.1) -> Counts:
        """(songs) downloads in one world. share: of an experiment's participants; each world has a seed of its own."""
        base = self.scenario
        scenario = dataclasses.replace(
            base, seed=1000 * catalogue + world, scale=base.scale * share / 0.1,
            population=dataclasses.replace(base.population, catalogue_seed=catalogue),
            audience=dataclasses.replace(base.audience, social_proof=strength, watch=watch),
        )  # fmt: skip
        model = CampaignModel(scenario)
        model.run_until(scenario.clock.end)
        return np.asarray(model.world.platform.posts.likes, dtype=np.int64)

    def watch_for(self, strength: float) -> float:
        """Logit to listen at which participants download as many songs as at any other strength; see `_watch_for`."""
        return _watch_for(self, strength)


@cache
def _scenario(*overrides: str) -> Scenario:
    return load_scenario(overrides)


@cache
def _watch_for(market: Market, strength: float) -> float:
    """By bisection on two worlds of catalogue 0, which no study uses."""
    wanted = 2 * DOWNLOADS * market.scenario.scale * market.participants
    low, high = -9.0, 0.0
    for _ in range(7):
        middle = (low + high) / 2.0
        found = sum(int(market.downloads(0, world, strength, middle).sum()) for world in (1, 2))
        low, high = (low, middle) if found > wanted else (middle, high)
    return (low + high) / 2.0


@dataclass(frozen=True)
class Sweep:
    """Social worlds of some catalogues at each strength: counts[strength][catalogue] is (worlds, songs)."""

    counts: dict[float, list[Counts]]

    def inequality(self, strength: float) -> list[float]:
        """Mean Gini coefficient of the worlds of each catalogue."""
        return [float(np.mean([gini(world.astype(float)) for world in worlds])) for worlds in self.counts[strength]]

    def unpredictability(self, strength: float) -> list[float]:
        """Of each catalogue."""
        return [unpredictability(market_shares(worlds)) for worlds in self.counts[strength]]


def sweep(market: Market, strengths: tuple[float, ...], catalogues: int, worlds: int, held: bool = True) -> Sweep:
    """Run every world. held: whether participants download as many songs at every strength; else as if at strength 0."""
    counts = {}
    for strength in strengths:
        watch = market.watch_for(strength if held else 0.0)
        counts[strength] = [
            np.stack([market.downloads(catalogue, world, strength, watch) for world in range(1, worlds + 1)])
            for catalogue in range(1, catalogues + 1)
        ]
    return Sweep(counts)


def study(effort: Effort) -> Finding:
    """Both signs, in the grid; with more effort in the ranked list, with fewer participants, and with nothing held."""
    strengths = (0.0, 1.0) if effort == "quick" else (0.0, 0.5, 1.0, 2.0)
    catalogues, worlds = {"quick": (3, 4), "normal": (4, 8), "full": (12, 8)}[effort]
    grid = Market()
    in_grid = sweep(grid, strengths, catalogues, worlds)
    targets = [*_rises(in_grid, "songs in random order", SOURCE), *_best_and_worst(grid, in_grid.counts[1.0])]
    lines = {"random order": in_grid}
    if effort != "quick":
        ends = (0.0, 1.0, 2.0)
        ranked = sweep(Market("menu_ranked"), ends, catalogues, worlds)
        again = sweep(Market(participants=2930), ends, catalogues, worlds)
        free = sweep(grid, (0.0, 2.0), catalogues, worlds, held=False)
        targets += _rises(ranked, "songs ranked by downloads", SOURCE)
        targets += _ranking_adds(in_grid, ranked)
        targets += _rises(again, "2,930 participants", AGAIN)
        targets += [_because(CEILING, target) for target in _rises(free, "total activity not held", SOURCE)]
        alike = Market(quality=0.5)
        fates = _best_and_worst(
            alike, sweep(alike, (1.0,), catalogues, worlds).counts[1.0], ", quality telling half as much"
        )
        targets += [_because(ALIKE, target) for target in fates]
        lines |= {"ranked by downloads": ranked, "2,930 participants": again}
    return Finding(
        "Popularity under social influence",
        f"{catalogues} catalogues of 48 songs; at each strength {worlds} worlds with the same songs and other listeners. "
        f"Intervals over catalogues. Visible counts make people download more in all, so the wish to listen is set at "
        f"each strength such that a participant downloads {DOWNLOADS:g} song on average. Some three participants come in "
        "an hour and do not see one another's downloads.",
        targets,
        [*_curves(lines), _fates(grid, in_grid.counts[1.0])],
    )


def _rises(found: Sweep, where: str, source: str) -> list[Target]:
    """Inequality and unpredictability at each strength above those at the one before, and clearly at the last."""
    strengths = sorted(found.counts)
    targets = []
    for name, measure in (("inequality", found.inequality), ("unpredictability", found.unpredictability)):
        steps = [float(np.mean(measure(strength))) for strength in strengths]
        gain = np.subtract(measure(strengths[-1]), measure(strengths[0])).tolist()
        got, low, high = mean_interval(gain)
        agrees = low > 0.0 and all(later > earlier for earlier, later in pairwise(steps))
        expected = (
            f"rises with the strength of the social signal: at {strengths[-1]:g} above 0 by more than the interval, and "
            "at each step"
        )
        targets.append(
            Target(
                f"{name} under social influence, {where}",
                "published",
                source,
                expected,
                got,
                low,
                high,
                agrees,
                MODULES,
            )
        )
    return targets


def _because(reason: str, target: Target) -> Target:
    """A target with the reason for which it is missed, where it is."""
    return dataclasses.replace(target, reason="" if target.agrees else reason)


def _ranking_adds(grid: Sweep, ranked: Sweep) -> list[Target]:
    """The second experiment made the signal stronger by ranking songs."""
    targets = []
    for name in ("inequality", "unpredictability"):
        gain = np.subtract(getattr(ranked, name)(1.0), getattr(grid, name)(1.0)).tolist()
        got, low, high = mean_interval(gain)
        targets.append(
            Target(f"{name} when songs are ranked by downloads, against random order", "published", SOURCE,
                   "greater, by more than the interval", got, low, high, low > 0.0, MODULES)
        )  # fmt: skip
    return targets


@cache
def _appeal(market: Market, catalogue: int) -> tuple[int, ...]:
    """Songs from worst to best, by downloads in one world without visible counts and with twice the participants."""
    alone = market.downloads(catalogue, 0, 0.0, market.watch_for(0.0), share=0.2)
    return tuple(np.argsort(alone, kind="stable").tolist())


def _places(worlds: Counts) -> npt.NDArray[np.float64]:
    """(worlds, songs) place of each song in its world, 0 the last and 1 the first; equals share the mean of theirs."""
    below = (worlds[:, :, None] > worlds[:, None, :]).sum(axis=2)
    equal = (worlds[:, :, None] == worlds[:, None, :]).sum(axis=2) - 1
    return np.asarray((below + 0.5 * equal) / (worlds.shape[1] - 1))


def _best_and_worst(market: Market, social: list[Counts], where: str = "") -> list[Target]:
    """Where the best and the worst songs of the independent world end in the social ones."""
    poor, well = [], []
    for catalogue, worlds in enumerate(social, start=1):
        order, places = list(_appeal(market, catalogue)), _places(worlds)
        poor.append(float((places[:, order[-FEW:]] < 0.5).mean()))
        well.append(float((places[:, order[:FEW]] > 0.5).mean()))
    targets = []
    for name, shares in (
        ("best songs that end in the lower half", poor),
        ("worst songs that end in the upper half", well),
    ):
        got, low, high = mean_interval(shares)
        expected = f"rarely: in at most {RARELY:.0%} of cases, for the {FEW} of 48, at a strength of 1"
        ends = max(low, 0.0), min(high, 1.0)
        targets.append(Target(name + where, "published", SOURCE, expected, got, *ends, got <= RARELY, MODULES))
    return targets


def _curves(sweeps: dict[str, Sweep]) -> list[Curves]:
    """Inequality and unpredictability by strength."""
    return [
        Curves(
            f"{name} of downloads", "strength of the social signal, logit a decade of downloads", axis,
            [(where, sorted(found.counts), [float(np.mean(getattr(found, name)(s))) for s in sorted(found.counts)])
             for where, found in sweeps.items()],
        )
        for name, axis in (("inequality", "Gini coefficient"), ("unpredictability", "mean difference of market share"))
    ]  # fmt: skip


def _fates(market: Market, social: list[Counts]) -> Curves:
    """Lowest, mean and highest place in the social worlds, by the place in the independent one: anything can happen between."""
    by_rank = [_places(worlds)[:, list(_appeal(market, number))] for number, worlds in enumerate(social, start=1)]
    places, rank = np.concatenate(by_rank), np.linspace(0.0, 1.0, social[0].shape[1]).tolist()
    ends = (("lowest", places.min(axis=0)), ("mean", places.mean(axis=0)), ("highest", places.max(axis=0)))
    return Curves(
        "What became of songs at a strength of 1", "place without visible downloads, 1 the best", "place in social worlds",
        [(name, rank, values.tolist()) for name, values in ends],
    )  # fmt: skip
