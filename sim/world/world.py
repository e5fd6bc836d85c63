"""One world at one hour: its drawers, and the beliefs of the recommender and of moderation. It can be copied whole."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.scenario.calendar import Clock
from sim.scenario.config import Scenario
from sim.world.circles import Circles, circles_of, no_circles
from sim.world.graph import follow_graph, graph_of
from sim.world.minds import Minds
from sim.world.platform import Log, Platform, Posts
from sim.world.population import numbers, people
from sim.world.truth import INFLUENCER, OFFICIAL, SLEEPER, VENDOR, VOLUNTEER, Truth

GROUPS = (
    "profiled",
    "other",
)  # where two recommenders share a drawer: names of theirs, by number of an account's `part`


@dataclass
class Beliefs:
    """What a recommender believes; its own drawer, for plug-ins hold no state.

    `posts` columns have one row a live post, and new posts get the fill value; `accounts` columns one row an account.
    """

    accounts: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    posts: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    fills: dict[str, float] = field(default_factory=dict)
    rest: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def part(self, name: str) -> "Beliefs":
        """What one of several recommenders believes: the columns that this drawer keeps under its name."""
        return Beliefs(
            _under(name, self.accounts), _under(name, self.posts), _under(name, self.fills), _under(name, self.rest)
        )

    def keep(self, name: str, part: "Beliefs") -> None:
        """Keep what one of several recommenders believes under its name."""
        _put_under(name, self.accounts, part.accounts)
        _put_under(name, self.posts, part.posts)
        _put_under(name, self.fills, part.fills)
        _put_under(name, self.rest, part.rest)

    def walks(self) -> tuple[npt.NDArray[np.uint8], tuple[npt.NDArray[np.int16], ...]]:
        """Which of several recommenders each account has (empty where there is one), and through how many blocks of
        each community each post has walked with each of them (without a row where it has no shortlists)."""
        none = np.zeros((0, 0), dtype=np.int16)
        if "part" not in self.accounts:
            return np.zeros(0, dtype=np.uint8), (self.posts.get("walked", none),)
        return self.accounts["part"], tuple(self.posts.get(f"{name}.walked", none) for name in GROUPS)


def _under[Value](name: str, drawer: dict[str, Value]) -> dict[str, Value]:
    """What a drawer keeps under a name."""
    head = f"{name}."
    return {key.removeprefix(head): value for key, value in drawer.items() if key.startswith(head)}


def _put_under[Value](name: str, drawer: dict[str, Value], own: dict[str, Value]) -> None:
    drawer.update({f"{name}.{key}": value for key, value in own.items()})


@dataclass
class World:
    """Platform, Minds and Truth, and what the plug-ins believe."""

    seed: int
    clock: Clock
    platform: Platform
    minds: Minds
    truth: Truth
    beliefs: Beliefs
    hour: int = 0
    overrun: Log = field(default_factory=Log.empty)  # what was begun in this hour and happens in the next
    circles: Circles = field(default_factory=no_circles)
    coming: Log = field(default_factory=Log.empty)  # what members of circles will do; seconds count from this hour on


@dataclass(frozen=True)
class Recruits:
    """Account numbers of those whom decision makers direct; they exist in every arm, asleep where nobody calls them."""

    influencers: list[int]
    sleepers: list[int]
    vendors: list[int]
    volunteers: list[int]
    officials: list[int]  # candidates' own, in the order of the candidates


def recruits(world: World) -> Recruits:
    """Read once, when a model's actors are created."""
    role = world.truth.role
    influencers, sleepers, vendors, volunteers = (
        np.flatnonzero(role == kind).tolist() for kind in (INFLUENCER, SLEEPER, VENDOR, VOLUNTEER)
    )
    return Recruits(influencers, sleepers, vendors, volunteers, _officials(world.minds, world.truth).tolist())


def _officials(minds: Minds, truth: Truth) -> npt.NDArray[np.int64]:
    """Candidates' own accounts, in the order of the candidates."""
    officials = np.flatnonzero(truth.role == OFFICIAL)
    return officials[np.argsort(minds.supports[officials], kind="stable")]


def empty_posts(axes: int, candidates: int) -> Posts:
    """A live window without a post."""
    whole, small = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int8)
    return Posts(
        author=whole, hour=whole, second=whole, key=np.zeros(0, dtype=np.uint32),
        topic=np.zeros((0, axes), dtype=np.int8), candidate=small, hashtag=whole, sound=whole,
        disclosed=small.astype(np.uint8), status=small.astype(np.uint8), views=whole, watched=whole, likes=whole,
        comments=whole, shares=whole, follows=whole, reports=whole,
        named=np.zeros((0, candidates), dtype=np.int32), spoken_of=small,
    )  # fmt: skip


def new_world(scenario: Scenario, follows: npt.ArrayLike | None = None) -> World:
    """The world at hour 0: people, graph, no post yet.

    follows: pairs (who, whom) instead of the population's graph, of users numbered from 0 in the order of their accounts, and
    after them candidates' own accounts.
    """
    population = scenario.population
    count = numbers(population, scenario.scale, scenario.clock.end)
    accounts, minds, truth, weight = people(population, scenario.scale, scenario.seed, scenario.clock.end)
    away = minds.returns > 0
    if follows is None:
        graph = follow_graph(population, scenario.seed, accounts.community, weight, away)
    else:
        named = np.concatenate([np.flatnonzero(~away), _officials(minds, truth)])
        graph = graph_of(named[np.asarray(follows, dtype=np.int64).reshape(-1, 2)], count.accounts)
    accounts.followers[:] = np.diff(graph.followers_start)
    first_block = np.concatenate([[0], np.cumsum(count.blocks)[:-1]]).astype(np.int32)
    platform = Platform(
        accounts, empty_posts(population.axes + 2, len(population.candidates)), graph, 0, count.users,
        population.block_users, first_block, count.blocks.astype(np.int32), [Log.empty()],
    )  # fmt: skip
    beliefs = scenario.recommender.opening_beliefs(platform)
    circles = circles_of(scenario.background, population, scenario.seed, platform, minds, _officials(minds, truth))
    return World(scenario.seed, scenario.clock, platform, minds, truth, beliefs, circles=circles)
