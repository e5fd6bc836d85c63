"""Who lives in the world: communities, interests, habits, roles. Every number is a keyed draw about one account."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import LOGIT, exp, log, normal_quantile
from sim.numbers.luck import Decision, Words, chain_array, draw_array, key_of, uniform
from sim.scenario.config import Population
from sim.world.minds import Minds
from sim.world.platform import INBOX, NOBODY, Accounts, Bits, Ints
from sim.world.truth import INFLUENCER, OFFICIAL, ORDINARY, SLEEPER, VENDOR, VOLUNTEER, Truth

Floats = npt.NDArray[np.float64]
DRAWS_OF_INTEREST = 100  # first draw number used for the axes of the interest space
HOURS_OF_A_YEAR = 8766
CHUNK = 1 << 16  # accounts that are drawn together, so that intermediate columns stay small


@dataclass(frozen=True)
class Numbers:
    """How many of each there are in a world of the given scale."""

    users: int
    blocks: npt.NDArray[np.int32]  # of each community
    officials: int
    sleepers: int
    vendors: int
    influencers: int
    volunteers: int

    @property
    def accounts(self) -> int:
        """Feed users, then official accounts, then sleepers, then vendors' accounts."""
        return self.users + self.officials + self.sleepers + self.vendors


def numbers(population: Population, scale: float) -> Numbers:
    """Sizes of a world: communities of unequal size, each a whole number of blocks."""
    wanted = max(1, round(population.country_users * scale / population.block_users))
    communities = min(population.communities, wanted)
    weights = 1.0 / (np.arange(communities) + 4.0)
    exact = weights / weights.sum() * (wanted - communities)
    blocks = np.floor(exact).astype(np.int32) + 1
    for community in np.argsort(np.floor(exact) - exact, kind="stable")[: wanted - int(blocks.sum())]:
        blocks[community] += 1
    users = wanted * population.block_users
    cells = round(population.sleepers * scale / population.cell_size)
    sleepers = max(cells, 1 if population.sleepers > 0 else 0) * population.cell_size
    if population.sleepers * scale < population.cell_size:
        sleepers = round(population.sleepers * scale)  # less than one cell: a smaller one
    influencers = round(population.influencers * scale)
    if population.influencers > 0:
        influencers = min(max(influencers, population.influencers_least), users // 10)
    vendors = round(population.vendors * scale)
    volunteers = min(round(population.volunteers * scale), users // 2)
    return Numbers(users, blocks, len(population.candidates), sleepers, vendors, influencers, volunteers)


@dataclass(frozen=True)
class Draws:
    """Independent draws about each account: `normal(3)` is the third coordinate, standard normal."""

    keys: Words

    @classmethod
    def about(cls, seed: int, decision: Decision, accounts: int) -> "Draws":
        """Draws about accounts that are numbered from zero."""
        return cls(chain_array(key_of(seed, decision), np.arange(accounts, dtype=np.uint32)))

    def each(self, column: Callable[["Draws", slice], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """A column with one row an account, made for some accounts at a time from draws about them and their places."""
        whole = np.empty(0)
        for begin in range(0, len(self.keys), CHUNK):
            some = slice(begin, begin + CHUNK)
            rows = column(Draws(self.keys[some]), some)
            if begin == 0:
                whole = np.empty((len(self.keys), *rows.shape[1:]), dtype=rows.dtype)
            whole[some] = rows
        return whole

    def uniform(self, which: int) -> Floats:
        """Uniform in (0, 1)."""
        return uniform(draw_array(self.keys, which))

    def normal(self, which: int) -> Floats:
        """Standard normal."""
        return normal_quantile(self.uniform(which))


def unit_rows(vectors: Floats) -> Floats:
    """Rows scaled to length one; the sum of squares in a fixed order."""
    squares = np.zeros(len(vectors))
    for axis in range(vectors.shape[1]):
        squares = squares + vectors[:, axis] * vectors[:, axis]
    return vectors / np.sqrt(np.maximum(squares, 1e-12))[:, None]


def eighth_bits(vectors: Floats) -> npt.NDArray[np.int8]:
    """Cosines as integers: 128 is 1."""
    return np.clip(np.rint(vectors * 128.0), -127, 127).astype(np.int8)


def people(population: Population, scale: float, seed: int) -> tuple[Accounts, Minds, Truth, Floats]:
    """The accounts of a world, what is in their heads, who works for whom, and their audience weights."""
    count = numbers(population, scale)
    draws = Draws.about(seed, Decision.POPULATION, count.accounts)
    community = _communities(count, population.block_users)
    weight = draws.each(lambda some, _: exp(population.audience_spread * some.normal(0)))
    weight = weight / weight[: count.users].sum() * count.users
    role = np.zeros(count.accounts, dtype=np.int8)
    role[count.users : count.users + count.officials] = OFFICIAL
    role[count.users + count.officials :] = SLEEPER
    role[count.users + count.officials + count.sleepers :] = VENDOR
    for place, candidate in enumerate(population.candidates):
        weight[count.users + place] = candidate.prominence
    weight[(role == SLEEPER) | (role == VENDOR)] = population.dormant_audience
    role[_influencers(population, count, weight)] = INFLUENCER
    eager = np.where(role[: count.users] == ORDINARY, draws.uniform(11)[: count.users], 2.0)
    role[np.argsort(eager, kind="stable")[: count.volunteers]] = VOLUNTEER
    minds = _minds(population, count, draws, community, seed)
    return (
        _accounts(community, role, draws),
        minds,
        Truth(role, np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.bool_)),
        weight,
    )


def _communities(count: Numbers, block_users: int) -> Ints:
    community = np.repeat(np.arange(len(count.blocks)), count.blocks * block_users)
    rest = np.arange(count.accounts - count.users) % len(count.blocks)
    return np.concatenate([community, rest]).astype(np.int32)


def _influencers(population: Population, count: Numbers, weight: Floats) -> npt.NDArray[np.int64]:
    """The market of influencers: distinct users whose audience is nearest to the mean that a scaled market needs."""
    if count.influencers == 0:
        return np.zeros(0, dtype=np.int64)
    wanted = population.influencer_audience * count.users / count.influencers
    expected = weight[: count.users] * (population.follows * (1 - population.never_post))
    distance = np.abs(expected - wanted)
    return np.argsort(distance, kind="stable")[: count.influencers]


def _accounts(community: Ints, role: npt.NDArray[np.int8], draws: Draws) -> Accounts:
    size = len(community)

    def registered_hour(some: Draws, at: slice) -> Ints:
        years = np.where(role[at] == SLEEPER, 1.0 + 7.0 * some.uniform(9), 4.0 * some.uniform(9))
        return (-years * HOURS_OF_A_YEAR).astype(np.int32)

    def last_hour(some: Draws, at: slice) -> Ints:
        """A dormant account did something once, half way between its registration and now."""
        return np.where(role[at] == SLEEPER, registered[at] * 0.5, -72.0 * some.uniform(10)).astype(np.int32)

    registered = draws.each(registered_hour)
    zeros: Bits = np.zeros(size, dtype=np.uint8)
    return Accounts(
        community=community, registered=registered, last_active=draws.each(last_hour),
        followers=np.zeros(size, dtype=np.int32), newest_post=np.full(size, NOBODY, dtype=np.int32),
        last_session=np.zeros(size, dtype=np.int32), status=zeros,
        inbox=np.full((size, INBOX), NOBODY, dtype=np.int32), inbox_waiting=np.zeros((size, INBOX), dtype=np.uint8),
    )  # fmt: skip


def _minds(population: Population, count: Numbers, draws: Draws, community: Ints, seed: int) -> Minds:
    users = np.arange(count.accounts) < count.users
    official = slice(count.users, count.users + count.officials)

    def sessions(some: Draws, at: slice) -> Floats:
        if population.sessions_law == "exponential":
            return np.asarray(-population.sessions_per_day * log(some.uniform(1)) * users[at])
        return _lognormal(population.sessions_per_day, population.sessions_spread, some.normal(1)) * users[at]

    def videos(some: Draws, at: slice) -> Ints:
        drawn = _lognormal(population.videos_per_session, population.videos_spread, some.normal(2))
        return np.where(users[at], np.maximum(np.rint(drawn) - 1, 0), 0).astype(np.int32)

    def expressive(some: Draws, _: slice) -> Ints:
        return np.rint(population.expressiveness_spread * some.normal(5) * LOGIT).astype(np.int32)

    supports = draws.each(lambda some, at: np.where(users[at], _supporters(population, some), -1).astype(np.int8))
    supports[official] = np.arange(count.officials)
    posting = _posting(population, draws, users)
    posting[official] = [candidate.official_posts for candidate in population.candidates]
    return Minds(
        key=draw_array(draws.keys, 3), interest=_interests(population, draws, community, len(count.blocks), seed),
        sessions=draws.each(sessions), videos=draws.each(videos), posting=posting,
        skill=draws.each(lambda some, _: population.skill_spread * some.normal(4)),
        expressive=draws.each(expressive), supports=supports,
        awareness=np.zeros((count.users, len(population.candidates)), dtype=np.uint8),
        saw=np.zeros(count.users, dtype=np.uint32), felt=np.zeros(0, dtype=np.int32),
        quality=np.zeros(0, dtype=np.int32), appeal=np.zeros(len(population.candidates), dtype=np.int32),
        nothing_seen=np.zeros(count.accounts, dtype=np.bool_), directed=np.zeros(0, dtype=np.int32),
        copies=np.zeros(0, dtype=np.int32), enticing=np.zeros(0, dtype=np.uint64),
    )  # fmt: skip


def _lognormal(mean: float, spread: float, normal: Floats) -> Floats:
    """Log-normal numbers with the given mean."""
    return mean * exp(spread * normal - 0.5 * spread * spread)


def _posting(population: Population, draws: Draws, users: npt.NDArray[np.bool_]) -> Floats:
    """Posts a day: none for most, log-normal for the rest and higher where the audience is; the mean is exact."""
    correlation = population.posting_audience_correlation

    def unscaled(some: Draws, at: slice) -> Floats:
        audience = some.normal(0) if population.audience_spread > 0 else np.zeros(len(some.keys))
        normal = correlation * audience + np.sqrt(1 - correlation * correlation) * some.normal(6)
        return np.where(
            users[at] & (some.uniform(7) >= population.never_post), exp(population.posting_spread * normal), 0.0
        )

    rate = draws.each(unscaled)
    total = float(rate.sum())
    rate *= population.posts_per_user_day * users.sum() / total if total > 0 else 0.0
    return rate


def _interests(
    population: Population, draws: Draws, community: Ints, communities: int, seed: int
) -> npt.NDArray[np.int8]:
    """Topical interests around the community's centre, then interest in politics and leaning times that interest."""
    axes = population.axes
    centres = Draws.about(seed, Decision.GRAPH, communities)
    centre = unit_rows(np.stack([centres.normal(DRAWS_OF_INTEREST + axis) for axis in range(axes)], axis=1))

    def interests(some: Draws, at: slice) -> npt.NDArray[np.int8]:
        own = np.stack([some.normal(DRAWS_OF_INTEREST + axis) for axis in range(axes)], axis=1)
        topical = unit_rows(centre[community[at]] + population.interest_spread / np.sqrt(axes) * own)
        politics = population.politics_mean + population.politics_spread * some.normal(DRAWS_OF_INTEREST + axes)
        leaning = (2.0 * some.uniform(DRAWS_OF_INTEREST + axes + 1) - 1.0) * population.leaning_weight
        return eighth_bits(np.column_stack([topical, politics, leaning]))

    return draws.each(interests)


def _supporters(population: Population, draws: Draws) -> npt.NDArray[np.int8]:
    """Whom an account's political posts support: drawn by the candidates' shares, and by nothing else."""
    shares = np.array([candidate.support for candidate in population.candidates])
    bounds = np.cumsum(shares / shares.sum()) * population.political_authors
    place = np.searchsorted(bounds, draws.uniform(8), side="right")
    return np.where(place < len(shares), place, -1).astype(np.int8)
