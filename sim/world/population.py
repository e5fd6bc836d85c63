"""Who lives in the world: communities, interests, habits, roles. Every number is a keyed draw about one account."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.config import Population
from sim.numerics import LOGIT, exp, normal_quantile
from sim.randomness import Decision, chain_array, draw_array, key_of, uniform
from sim.world.minds import Minds
from sim.world.platform import INBOX, NOBODY, Accounts, Bits, Ints, Words
from sim.world.truth import INFLUENCER, OFFICIAL, ORDINARY, SLEEPER, VENDOR, VOLUNTEER, Truth

Floats = npt.NDArray[np.float64]
DRAWS_OF_INTEREST = 100  # first draw number used for the axes of the interest space
HOURS_OF_A_YEAR = 8766


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


class Draws:
    """Independent draws about each account: `normal(3)` is the third coordinate, standard normal."""

    def __init__(self, seed: int, decision: Decision, accounts: int) -> None:
        self.keys: Words = chain_array(key_of(seed, decision), np.arange(accounts))

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


def people(population: Population, scale: float, seed: int, warm_up: int) -> tuple[Accounts, Minds, Truth, Floats]:
    """The accounts of a world, what is in their heads, who works for whom, and their audience weights."""
    count = numbers(population, scale)
    draws = Draws(seed, Decision.POPULATION, count.accounts)
    community = _communities(count, population.block_users)
    weight = exp(population.audience_spread * draws.normal(0))
    weight = weight / weight[: count.users].sum() * count.users
    role = np.zeros(count.accounts, dtype=np.int8)
    role[count.users : count.users + count.officials] = OFFICIAL
    role[count.users + count.officials :] = SLEEPER
    role[count.users + count.officials + count.sleepers :] = VENDOR
    for place, candidate in enumerate(population.candidates):
        weight[count.users + place] = candidate.prominence
    weight[(role == SLEEPER) | (role == VENDOR)] = 1e-3
    role[_influencers(population, count, weight)] = INFLUENCER
    eager = np.where(role[: count.users] == ORDINARY, draws.uniform(11)[: count.users], 2.0)
    role[np.argsort(eager, kind="stable")[: count.volunteers]] = VOLUNTEER
    minds = _minds(population, count, draws, community, weight, seed)
    years = np.where(role == SLEEPER, 1.0 + 7.0 * draws.uniform(9), 4.0 * draws.uniform(9))
    accounts = _accounts(community, (-years * HOURS_OF_A_YEAR).astype(np.int32), role, draws)
    return accounts, minds, Truth(role, np.zeros(0, dtype=np.uint8)), weight


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


def _accounts(community: Ints, registered: Ints, role: npt.NDArray[np.int8], draws: Draws) -> Accounts:
    size = len(community)
    # A dormant account did something once, half way between its registration and now.
    last = np.where(role == SLEEPER, (registered * 0.5).astype(np.int32), (-72.0 * draws.uniform(10)).astype(np.int32))
    zeros: Bits = np.zeros(size, dtype=np.uint8)
    return Accounts(
        community=community, registered=registered, last_active=last.astype(np.int32),
        followers=np.zeros(size, dtype=np.int32), newest_post=np.full(size, NOBODY, dtype=np.int32),
        last_session=np.zeros(size, dtype=np.int32), status=zeros,
        inbox=np.full((size, INBOX), NOBODY, dtype=np.int32), inbox_waiting=np.zeros((size, INBOX), dtype=np.uint8),
    )  # fmt: skip


def _minds(population: Population, count: Numbers, draws: Draws, community: Ints, weight: Floats, seed: int) -> Minds:
    users = np.arange(count.accounts) < count.users
    sessions = _lognormal(population.sessions_per_day, population.sessions_spread, draws.normal(1))
    videos = _lognormal(population.videos_per_session, population.videos_spread, draws.normal(2))
    interest = _interests(population, draws, community, len(count.blocks), seed)
    official = np.arange(count.accounts) - count.users
    is_official = (official >= 0) & (official < count.officials)
    supports = _supporters(population, draws)
    supports[is_official] = official[is_official]
    posting = _posting(population, draws, weight, users)
    posting[is_official] = [candidate.official_posts for candidate in population.candidates]
    return Minds(
        key=draw_array(draws.keys, 3), interest=interest, sessions=sessions * users,
        videos=np.maximum(np.rint(videos) - 1, 0).astype(np.int32) * users.astype(np.int32), posting=posting,
        skill=population.skill_spread * draws.normal(4),
        expressive=np.rint(population.expressiveness_spread * draws.normal(5) * LOGIT).astype(np.int32),
        supports=np.where(users | is_official, supports, -1).astype(np.int8),
        awareness=np.zeros((count.users, len(population.candidates)), dtype=np.uint8),
        saw=np.zeros(count.users, dtype=np.uint32), felt=np.zeros(0, dtype=np.int32),
        appeal=np.zeros(len(population.candidates), dtype=np.int32),
    )  # fmt: skip


def _lognormal(mean: float, spread: float, normal: Floats) -> Floats:
    """Log-normal numbers with the given mean."""
    return mean * exp(spread * normal - 0.5 * spread * spread)


def _posting(population: Population, draws: Draws, weight: Floats, users: npt.NDArray[np.bool_]) -> Floats:
    """Posts a day: none for most, log-normal for the rest and higher where the audience is; the mean is exact."""
    spread = max(population.audience_spread, 1e-9)
    correlation = population.posting_audience_correlation
    audience = draws.normal(0) if population.audience_spread > 0 else np.zeros(len(weight))
    normal = correlation * audience + np.sqrt(1 - correlation * correlation) * draws.normal(6)
    rate = exp(population.posting_spread * normal) * (spread > 0)
    rate = np.where(users & (draws.uniform(7) >= population.never_post), rate, 0.0)
    total = float(rate.sum())
    return rate * (population.posts_per_user_day * users.sum() / total if total > 0 else 0.0)


def _interests(
    population: Population, draws: Draws, community: Ints, communities: int, seed: int
) -> npt.NDArray[np.int8]:
    """Topical interests around the community's centre, then interest in politics and leaning times that interest."""
    axes = population.axes
    centres = Draws(seed, Decision.GRAPH, communities)
    centre = unit_rows(np.stack([centres.normal(DRAWS_OF_INTEREST + axis) for axis in range(axes)], axis=1))
    own = np.stack([draws.normal(DRAWS_OF_INTEREST + axis) for axis in range(axes)], axis=1)
    topical = unit_rows(centre[community] + population.interest_spread / np.sqrt(axes) * own)
    politics = population.politics_mean + population.politics_spread * draws.normal(DRAWS_OF_INTEREST + axes)
    leaning = (2.0 * draws.uniform(DRAWS_OF_INTEREST + axes + 1) - 1.0) * population.leaning_weight
    return eighth_bits(np.column_stack([topical, politics, leaning]))


def _supporters(population: Population, draws: Draws) -> npt.NDArray[np.int8]:
    """Whom an account's political posts support: drawn by the candidates' shares, and by nothing else."""
    shares = np.array([candidate.support for candidate in population.candidates])
    bounds = np.cumsum(shares / shares.sum()) * population.political_authors
    place = np.searchsorted(bounds, draws.uniform(8), side="right")
    return np.where(place < len(shares), place, -1).astype(np.int8)
