"""Who lives in the world: communities, interests, habits, roles. Every number is a keyed draw about one account."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import LOGIT, exp, log, lognormal, normal_quantile
from sim.numbers.luck import Decision, Words, chain_array, draw_array, hidden, key_of, uniform
from sim.scenario.config import Population
from sim.world.minds import Minds
from sim.world.platform import INBOX, NOBODY, Accounts, Bits, Ints
from sim.world.truth import INFLUENCER, OFFICIAL, ORDINARY, SLEEPER, VENDOR, VOLUNTEER, Truth

Floats = npt.NDArray[np.float64]
DRAWS_OF_INTEREST = 100  # first draw number used for the axes of the interest space
HOURS_OF_A_YEAR = 8766
NEVER = 2**31 - 1  # hour at which nobody comes back by himself
CHUNK = 1 << 16  # accounts that are drawn together, so that intermediate columns stay small


@dataclass(frozen=True)
class Numbers:
    """How many of each there are in a world of the given scale."""

    users: int  # people who use the app; those of whom the scale speaks
    blocks: npt.NDArray[np.int32]  # of each community
    officials: int
    sleepers: int
    vendors: int
    silent: int  # accounts of people who have not used the app for long, and what fills the last block
    influencers: int
    volunteers: int
    newcomers: int  # accounts that are opened while the world runs

    @property
    def accounts(self) -> int:
        """All of them: in whole blocks."""
        return self.users + self.officials + self.sleepers + self.vendors + self.silent + self.newcomers


def numbers(population: Population, scale: float, horizon: int = 0) -> Numbers:
    """Sizes of a world that lasts to an hour: whole blocks of users, and blocks for everybody in communities of unequal size."""
    size = population.block_users
    users = max(1, round(population.country_users * scale / size)) * size
    sleepers, vendors = _sleepers(population, scale), round(population.vendors * scale)
    officials = len(population.candidates)
    silent = round(users * population.silent / (1.0 - population.silent))
    newcomers = round(users * population.newcomers * horizon / 24.0)
    others = users + officials + sleepers + vendors + newcomers
    wanted = -(-(others + silent) // size)
    silent = wanted * size - others
    communities = min(population.communities, wanted)
    weights = 1.0 / (np.arange(communities) + 4.0)
    exact = weights / weights.sum() * (wanted - communities)
    blocks = np.floor(exact).astype(np.int32) + 1
    for community in np.argsort(np.floor(exact) - exact, kind="stable")[: wanted - int(blocks.sum())]:
        blocks[community] += 1
    influencers = round(population.influencers * scale)
    if population.influencers > 0:
        influencers = min(max(influencers, population.influencers_least), users // 10)
    volunteers = min(round(population.volunteers * scale), users // 2)
    return Numbers(users, blocks, officials, sleepers, vendors, silent, influencers, volunteers, newcomers)


def _sleepers(population: Population, scale: float) -> int:
    """Whole cells; less than one cell is a smaller one."""
    if population.sleepers * scale < population.cell_size:
        return round(population.sleepers * scale)
    return max(round(population.sleepers * scale / population.cell_size), 1) * population.cell_size


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


@dataclass(frozen=True)
class Dealt:
    """What luck made of each account; nothing but luck tells their numbers apart."""

    official: npt.NDArray[np.bool_]
    away: npt.NDArray[np.bool_]  # nobody has used it for long, or ever
    new: npt.NDArray[np.bool_]  # those among them that nobody has opened yet
    silences: Floats  # hours for which nobody has, 0 of those that are in use
    returns: Ints  # hour from which it is used (again): 0 where it is in use, NEVER where it waits for somebody
    leaves: Ints  # hour from which nobody uses it any more, NEVER for most
    role: npt.NDArray[np.int8]

    @property
    def here(self) -> npt.NDArray[np.int64]:
        """People who use the app, by account number."""
        return np.flatnonzero(~self.official & ~self.away)


def people(population: Population, scale: float, seed: int, horizon: int = 0) -> tuple[Accounts, Minds, Truth, Floats]:
    """The accounts of a world, what is in their heads, who works for whom, and their audience weights.

    horizon: hour at which the world ends; who buys accounts finds those to which nobody comes back until then.
    """
    count = numbers(population, scale, horizon)
    draws = Draws.about(seed, Decision.POPULATION, count.accounts)
    community = np.repeat(np.arange(len(count.blocks)), count.blocks * population.block_users).astype(np.int32)
    dealt = _deal(population, count, draws, horizon)
    here, officials, role = dealt.here, np.flatnonzero(dealt.official), dealt.role
    weight = draws.each(lambda some, _: exp(population.audience_spread * some.normal(0)))
    weight = weight / weight[here].sum() * count.users
    weight[officials] = 0.0
    weight[dealt.away] = np.where(dealt.new[dealt.away], 0.0, population.dormant_audience)
    weight[officials] = _weights_of_officials(population, community, weight, officials)
    role[here[_influencers(population, count, weight[here])]] = INFLUENCER
    eager = np.where(role[here] == ORDINARY, draws.uniform(11)[here], 2.0)
    role[here[np.argsort(eager, kind="stable")[: count.volunteers]]] = VOLUNTEER
    minds = _minds(population, count, draws, community, seed, dealt)
    return (
        _accounts(population, community, dealt, draws, minds.sessions),
        minds,
        Truth(role, np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.bool_)),
        weight,
    )


def _deal(population: Population, count: Numbers, draws: Draws, horizon: int) -> Dealt:
    """Give out roles by luck among all accounts; sleepers and vendors' accounts were people's who fell silent."""
    order, bought = np.argsort(draws.uniform(12), kind="stable"), count.sleepers + count.vendors
    official, away = np.zeros(count.accounts, dtype=np.bool_), np.zeros(count.accounts, dtype=np.bool_)
    gone = order[count.officials : count.officials + bought + count.silent]
    new = np.zeros(count.accounts, dtype=np.bool_)
    new[order[count.officials + len(gone) :][: count.newcomers]] = True
    official[order[: count.officials]], away[gone] = True, True
    silences = _silences(population, away, draws)
    returns = _returns(population, away, draws, silences, horizon)
    away |= new
    returns[new] = 1 + (draws.uniform(16)[new] * (horizon - 1)).astype(np.int32)
    for_sale = gone[np.argsort(returns[gone] < horizon, kind="stable")]
    role = np.where(official, OFFICIAL, ORDINARY).astype(np.int8)
    role[for_sale[: count.sleepers]], role[for_sale[count.sleepers : bought]] = SLEEPER, VENDOR
    returns[official | (role == SLEEPER) | (role == VENDOR)] = NEVER
    return Dealt(official, away, new, silences, returns, _leaves(population, official | away, draws, horizon), role)


def _leaves(population: Population, stays: npt.NDArray[np.bool_], draws: Draws, horizon: int) -> Ints:
    """Hour at which users fall silent: at an even rate, the same for all."""
    leaves = np.full(len(stays), NEVER, dtype=np.int32)
    if population.leavers > 0:
        hours = -24.0 / population.leavers * log(draws.uniform(17))
        going = ~stays & (hours < horizon)
        leaves[going] = hours[going].astype(np.int32)
    return leaves


def _weights_of_officials(
    population: Population, community: Ints, weight: Floats, officials: npt.NDArray[np.int64]
) -> Floats:
    """Audience weights at which candidates' accounts can expect their followers, found by bisection.

    An account chooses whom to follow `follows` times, some of these at home (`sim.world.graph`). weight: of all others.
    """
    at_home = population.follows * population.follows_at_home
    whole, by_home = float(weight.sum()), np.bincount(community, weights=weight)
    share_at_home = np.bincount(community) / len(community)
    friends = population.friends / len(community)  # follow them in any case
    found = np.zeros(len(officials))
    for number, (candidate, home) in enumerate(zip(population.candidates, community[officials], strict=True)):
        wanted = min(candidate.followers / population.country_users, 0.99) - friends
        low, high = 0.0, 1e6 * whole
        for _ in range(100 if wanted > 0 else 0):
            tried = 0.5 * (low + high)
            missed = _power(1.0 - tried / (whole + tried), population.follows - at_home)
            missed_at_home = missed * _power(1.0 - tried / (by_home[home] + tried), at_home)
            share = share_at_home[home] * (1.0 - missed_at_home) + (1.0 - share_at_home[home]) * (1.0 - missed)
            low, high = (low, tried) if share > wanted else (tried, high)
        found[number] = low
    return found


def _power(base: float, exponent: float) -> float:
    """A positive number to a power, the same to the last digit on every machine."""
    return float(exp(exponent * float(log(max(base, 1e-12)))))


def _influencers(population: Population, count: Numbers, weight: Floats) -> npt.NDArray[np.int64]:
    """The market of influencers: distinct users whose audience is nearest to the mean that a scaled market needs.

    weight: of the users; returns places among them.
    """
    if count.influencers == 0:
        return np.zeros(0, dtype=np.int64)
    wanted = population.influencer_audience * count.users / count.influencers
    expected = weight * (population.follows * (1 - population.never_post))
    return np.argsort(np.abs(expected - wanted), kind="stable")[: count.influencers]


def _silences(population: Population, away: npt.NDArray[np.bool_], draws: Draws) -> Floats:
    """Hours since which each account that is away has been so: the share still away falls by a power of time."""
    least, longest = 24.0 * population.silent_from_days, 0.95 * population.platform_years * HOURS_OF_A_YEAR

    def hours(some: Draws, at: slice) -> Floats:
        long = least * exp(-log(some.uniform(13)) / population.silence_exponent)
        return np.where(away[at], np.minimum(long, longest), 0.0)

    return draws.each(hours)


def _returns(population: Population, away: npt.NDArray[np.bool_], draws: Draws, silences: Floats, horizon: int) -> Ints:
    """Hour at which each account is used again: by the same power of time, so that who was silent for longer is longer still.

    Before the vote, which is when the world ends, time runs faster for those who are away.
    """
    hurried = max(0.0, horizon - 24.0 * population.vote_days)

    def hour(some: Draws, at: slice) -> Ints:
        ratio = exp(-log(some.uniform(14)) / population.silence_exponent)
        due = np.minimum(silences[at] * (ratio - 1.0) + 1.0, NEVER - 1)
        due = np.where(due > hurried, hurried + (due - hurried) / population.vote_returns, due)
        return np.asarray(np.where(away[at], due if population.silent > 0 else NEVER, 0), dtype=np.int32)

    return draws.each(hour)


def _accounts(population: Population, community: Ints, dealt: Dealt, draws: Draws, sessions: Floats) -> Accounts:
    """What the record says of each: when it was opened, when it was last used and when it last did something."""
    size, years, silences, new = len(community), population.platform_years, dealt.silences, dealt.new

    def registered_hour(some: Draws, at: slice) -> Ints:
        """Before the silence; the share that is older than a falls as (1 - a / years) to the power of growth."""
        since = silences[at] / HOURS_OF_A_YEAR
        younger = exp(log(some.uniform(9)) / population.platform_growth)
        return (-(years - (years - since) * younger) * HOURS_OF_A_YEAR).astype(np.int32)

    def last_hour(some: Draws, at: slice) -> Ints:
        """The last session: at their own rate, or before the silence."""
        usual = -24.0 * log(some.uniform(15)) / np.maximum(sessions[at], 0.05)
        used = np.where(dealt.away[at], silences[at], np.minimum(usual, 24.0 * population.silent_from_days))
        return (-1.0 - used).astype(np.int32)

    def last_act(some: Draws, at: slice) -> Ints:
        """Not in each session does one do something; of long silences both are one date."""
        return np.asarray(last[at] - np.where(dealt.away[at], 0.0, 72.0 * some.uniform(10)), dtype=np.int32)

    registered = np.where(new, dealt.returns, draws.each(registered_hour)).astype(np.int32)
    last = np.maximum(draws.each(last_hour), registered)
    zeros: Bits = np.zeros(size, dtype=np.uint8)
    return Accounts(
        community=community, registered=registered, last_active=np.maximum(draws.each(last_act), registered),
        followers=np.zeros(size, dtype=np.int32), newest_post=np.full(size, NOBODY, dtype=np.int32),
        last_session=last, status=zeros,
        inbox=np.full((size, INBOX), NOBODY, dtype=np.int32), inbox_waiting=np.zeros((size, INBOX), dtype=np.uint8),
    )  # fmt: skip


def _minds(population: Population, count: Numbers, draws: Draws, community: Ints, seed: int, dealt: Dealt) -> Minds:
    """Habits and interests of whoever has an account; officials do nothing but what their campaign has them do."""
    officials = np.flatnonzero(dealt.official)

    def sessions(some: Draws, _: slice) -> Floats:
        if population.sessions_law == "exponential":
            return np.asarray(-population.sessions_per_day * log(some.uniform(1)))
        return lognormal(population.sessions_per_day, population.sessions_spread, some.normal(1))

    def videos(some: Draws, _: slice) -> Ints:
        drawn = lognormal(population.videos_per_session, population.videos_spread, some.normal(2))
        return np.asarray(np.maximum(np.rint(drawn) - 1, 0), dtype=np.int32)

    def expressive(some: Draws, _: slice) -> Ints:
        return np.rint(population.expressiveness_spread * some.normal(5) * LOGIT).astype(np.int32)

    supports = draws.each(lambda some, _: _supporters(population, some))
    supports[officials] = np.arange(count.officials)
    luck = chain_array(key_of(Decision.HIDDEN, seed), np.arange(count.accounts, dtype=np.uint32))
    return Minds(
        key=hidden(draw_array(draws.keys, 3), luck), interest=_interests(population, draws, community, len(count.blocks), seed),
        sessions=draws.each(sessions), videos=draws.each(videos), posting=_posting(population, draws, dealt),
        skill=draws.each(lambda some, _: population.skill_spread * some.normal(4)),
        expressive=draws.each(expressive), supports=supports, returns=dealt.returns, leaves=dealt.leaves,
        awareness=np.zeros((count.accounts, len(population.candidates)), dtype=np.uint8),
        saw=np.zeros(count.accounts, dtype=np.uint32), felt=np.zeros(0, dtype=np.int32),
        quality=np.zeros(0, dtype=np.int32), appeal=np.zeros(len(population.candidates), dtype=np.int32),
        nothing_seen=np.zeros(count.accounts, dtype=np.bool_), directed=np.zeros(0, dtype=np.int32),
        copies=np.zeros(0, dtype=np.int32), enticing=np.zeros(0, dtype=np.uint64),
    )  # fmt: skip


def _posting(population: Population, draws: Draws, dealt: Dealt) -> Floats:
    """Posts a day: none for most, log-normal for the rest and higher where the audience is; the users' mean is exact.

    Accounts that are away have the same habits, for when they are used again.
    """
    here = dealt.here
    correlation = population.posting_audience_correlation

    def unscaled(some: Draws, _: slice) -> Floats:
        audience = some.normal(0) if population.audience_spread > 0 else np.zeros(len(some.keys))
        normal = correlation * audience + np.sqrt(1 - correlation * correlation) * some.normal(6)
        return np.where(some.uniform(7) >= population.never_post, exp(population.posting_spread * normal), 0.0)

    rate = draws.each(unscaled)
    total = float(rate[here].sum())
    rate *= population.posts_per_user_day * len(here) / total if total > 0 else 0.0
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
