"""The follow graph: mutual friends, and authors followed in proportion to their audience weight, mostly at home."""

import numpy as np
import numpy.typing as npt

from sim.kernels.graph import Homes, Weights, close_up, count_followers, draw_rows, fill_followers, make_guide
from sim.numbers.arithmetic import NORMAL, lognormal
from sim.numbers.luck import Decision, chain_array, draw_array, key_of
from sim.scenario.config import Population
from sim.world.platform import NOBODY, Graph, Ints, Longs
from sim.world.population import Draws

Floats = npt.NDArray[np.float64]
MOST_FOLLOWS = 12  # largest number of accounts followed, as a multiple of the mean
ANYWHERE = 4  # each fourth round of friends is drawn from all users, the others from the own community


def follow_graph(
    population: Population, seed: int, community: Ints, weight: Floats, away: npt.NDArray[np.bool_]
) -> Graph:
    """Draw the graph of a world.

    community, weight, away: of every account, in the order of their communities.
    """
    users = accounts = len(community)
    follows = follows_of(population, seed, away)
    room = population.friends + int(follows.max(initial=0))
    following_start = np.zeros(accounts + 1, dtype=np.int64)
    following = np.empty(users * room, dtype=np.int32)
    total = np.cumsum(weight)
    homes = _homes(community, total)
    anywhere = np.arange(population.friends) % ANYWHERE == ANYWHERE - 1
    shifts = _shifts(seed, anywhere, len(homes.first))
    draw_rows(
        key_of(seed, Decision.GRAPH, 1), shifts, anywhere, follows, population.follows_at_home, community,
        homes, _weights(total), following.reshape(users, room), following_start[1:],
    )  # fmt: skip
    close_up(following.reshape(users, room), following_start)
    following.resize(int(following_start[-1]), refcheck=False)  # gives the room that repeated draws left back
    return _graph(following_start, following)


def graph_of(follows: npt.ArrayLike, accounts: int) -> Graph:
    """A graph that is given: pairs (who follows, whom), in any order, each counted once."""
    pairs = np.unique(np.asarray(follows, dtype=np.int32).reshape(-1, 2), axis=0)
    following_start = np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=accounts))]).astype(np.int64)
    return _graph(following_start, np.ascontiguousarray(pairs[:, 1]))


def _graph(following_start: Longs, following: Ints) -> Graph:
    """With the same follows read the other way, and nothing added yet."""
    followers_start, followers = _followers(following_start, following)
    return Graph(
        following_start=following_start, following=following, followers_start=followers_start, followers=followers,
        newest_added=np.full(len(following_start) - 1, NOBODY, dtype=np.int32),
        added_author=np.zeros(16, dtype=np.int32), added_before=np.zeros(16, dtype=np.int32),
    )  # fmt: skip


def follows_of(population: Population, seed: int, away: npt.NDArray[np.bool_]) -> Ints:
    """How many accounts each one tries to follow for their content: log-normal where there is a spread.

    Those that are away followed `dormant_follows` times as many as others.

    With a correlation, those whom many follow also follow many: the normal number of a user is then partly the one of
    which their audience weight was made (`sim.world.population.people`).
    """
    users, times = len(away), np.where(away, population.dormant_follows, 1.0)
    if population.follows_spread == 0:
        return np.rint(population.follows * times).astype(np.int32)
    keys = chain_array(key_of(seed, Decision.GRAPH, 4), np.arange(users))
    spread, normal = population.follows_spread, NORMAL[draw_array(keys, 1) >> np.uint32(16)]
    correlation = population.follows_audience_correlation
    if correlation != 0:
        audience = Draws.about(seed, Decision.POPULATION, users).each(lambda some, _: some.normal(0))
        normal = correlation * audience + np.sqrt(1 - correlation * correlation) * normal
    drawn = np.rint(lognormal(population.follows, spread, normal))
    return np.rint(np.clip(drawn, 1, MOST_FOLLOWS * population.follows) * times).astype(np.int32)


def _homes(home: Ints, total: Floats) -> Homes:
    """Communities among the accounts, whose community is `home`; total: (accounts) sum of the weights so far."""
    every = np.arange(int(home[-1]) + 1, dtype=home.dtype)
    first, last = np.searchsorted(home, every, side="left"), np.searchsorted(home, every, side="right")
    below = np.where(first > 0, total[np.maximum(first, 1) - 1], 0.0)
    return Homes(first, last - first, below, total[last - 1] - below)


def _weights(total: Floats) -> Weights:
    """The line on which authors are drawn, with as many parts in its guide as there are accounts."""
    guide = np.empty(len(total) + 1, dtype=np.int32)
    make_guide(total, guide)
    return Weights(total, guide)


def _shifts(seed: int, anywhere: npt.NDArray[np.bool_], communities: int) -> Longs:
    """(friends, communities) in each round of friends i and (shift - i) are each other's."""
    shifts = np.zeros((len(anywhere), communities), dtype=np.int64)
    for number, everywhere in enumerate(anywhere.tolist()):
        for place in range(communities):
            parts = (2, number) if everywhere else (3, number, place)
            shifts[number, place] = key_of(seed, Decision.GRAPH, *parts)
    return shifts


def rewired(graph: Graph, count: Ints, users: Ints, followed: Ints) -> Graph:
    """The graph in which some users follow the given accounts and nobody else, and nobody follows them.

    count: (accounts) followers of each, kept up to date. users, followed: ascending.
    """
    degree = np.diff(graph.following_start)
    theirs = np.zeros(len(degree), dtype=np.bool_)
    theirs[users] = True
    kept = ~(np.repeat(theirs, degree) | theirs[graph.following])
    np.subtract.at(count, graph.following[~kept], 1)
    newest = graph.newest_added.copy()
    for user in users:
        link = newest[user]
        while link != NOBODY:
            count[graph.added_author[link]] -= 1
            link = graph.added_before[link]
        newest[user] = NOBODY
    count[followed] += len(users)
    before = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])[graph.following_start]
    following = np.insert(graph.following[kept], np.repeat(before[users], len(followed)), np.tile(followed, len(users)))
    start = before + np.concatenate([[0], np.cumsum(theirs, dtype=np.int64)]) * len(followed)
    followers_start, followers = _followers(start, following)
    return Graph(
        start, following, followers_start, followers, newest, graph.added_author, graph.added_before, graph.added
    )


def _followers(following_start: Longs, following: Ints) -> tuple[Longs, Ints]:
    """The same graph read the other way: starts and rows of those who follow each account, ascending."""
    start = np.zeros_like(following_start)
    count_followers(following, start)
    followers = np.empty(len(following), dtype=np.int32)
    fill_followers(following_start, following, start[:-1].copy(), followers)
    return start, followers
