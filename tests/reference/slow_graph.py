"""The follow graph drawn one round of edges at a time: every edge as one number, sorted, repeated ones dropped.

This is the specification of `sim.world.graph`, which must agree with it exactly (`test_graph.py`). It keeps all edges of
a world several times over, and is therefore for small worlds.
"""

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import NORMAL, exp, normal_quantile
from sim.numbers.luck import Decision, chain_array, draw, draw_array, key_of, uniform
from sim.scenario.config import Population
from sim.world.platform import NOBODY, Graph, Ints, Longs

Floats = npt.NDArray[np.float64]


def follow_graph(
    population: Population, seed: int, community: Ints, weight: Floats, away: npt.NDArray[np.bool_]
) -> Graph:
    """Draw the graph of a world."""
    users = len(community)
    keys = chain_array(key_of(seed, Decision.GRAPH, 1), np.arange(users))
    edges = [_friends(users, community, number, seed) for number in range(population.friends)]
    wanted = [round(count * (population.dormant_follows if gone else 1.0))
              for count, gone in zip(_wanted(population, seed, users), away, strict=True)]  # fmt: skip
    for number in range(max(wanted, default=0)):
        at_home = uniform(draw_array(keys, 2 * number)) < population.follows_at_home
        place = uniform(draw_array(keys, 2 * number + 1))
        followed = _followed(place, at_home, community, weight, users)
        edges.append(np.where(np.array(wanted) > number, followed, np.arange(users)))  # nobody follows themselves
    follower = np.tile(np.arange(users, dtype=np.int64), len(edges))
    return graph_of(follower, np.concatenate(edges) if edges else np.zeros(0, dtype=np.int64), len(community))


def _wanted(population: Population, seed: int, users: int) -> list[int]:
    """How many authors are drawn for each user."""
    mean, spread = population.follows, population.follows_spread
    if spread == 0:
        return [mean] * users
    wanted = []
    for user in range(users):
        own = float(NORMAL[draw(key_of(seed, Decision.GRAPH, 4, user), 1) >> 16])
        audience = draw(key_of(seed, Decision.POPULATION, user), 0)  # the draw behind the audience weight
        share = population.follows_audience_correlation
        normal = share * float(normal_quantile(uniform(np.uint32(audience)))) + float(np.sqrt(1 - share * share)) * own
        drawn = mean * float(exp(spread * normal - 0.5 * spread * spread))
        wanted.append(int(min(max(np.rint(drawn), 1), 12 * mean)))
    return wanted


def graph_of(follower: Longs, author: Longs, accounts: int) -> Graph:
    """The graph of an edge list; loops and repeated edges are dropped."""
    proper = follower != author
    codes = np.unique(follower[proper] * accounts + author[proper])
    source, target = codes // accounts, codes % accounts
    back = np.argsort(target, kind="stable")
    return Graph(
        following_start=_starts(source, accounts), following=target.astype(np.int32),
        followers_start=_starts(target, accounts), followers=source[back].astype(np.int32),
        newest_added=np.full(accounts, NOBODY, dtype=np.int32), added_author=np.zeros(16, dtype=np.int32),
        added_before=np.zeros(16, dtype=np.int32),
    )  # fmt: skip


def _starts(items: Longs, accounts: int) -> Longs:
    return np.concatenate([[0], np.cumsum(np.bincount(items, minlength=accounts))]).astype(np.int64)


def _friends(users: int, community: Ints, number: int, seed: int) -> Longs:
    """One mutual friend each: i and (shift - i) within a community are each other's; every fourth round, anywhere."""
    everyone = np.arange(users, dtype=np.int64)
    home = community[:users]
    first = np.searchsorted(home, home, side="left")
    size = np.searchsorted(home, home, side="right") - first
    if number % 4 == 3:
        first, size = np.zeros(users, dtype=np.int64), np.full(users, users)
        shift = key_of(seed, Decision.GRAPH, 2, number) % users
        return np.asarray((shift - everyone) % users, dtype=np.int64)
    shifts = np.array([key_of(seed, Decision.GRAPH, 3, number, place) for place in range(int(home[-1]) + 1)])
    return np.asarray(first + (shifts[home] - (everyone - first)) % size, dtype=np.int64)


def _followed(place: Floats, at_home: npt.NDArray[np.bool_], community: Ints, weight: Floats, users: int) -> Longs:
    """An author drawn in proportion to weight, from the own community's feed users or from all accounts."""
    total = np.cumsum(weight)
    home = community[:users]
    first = np.searchsorted(home, home, side="left")
    last = np.searchsorted(home, home, side="right")
    below = np.where(first > 0, total[np.maximum(first, 1) - 1], 0.0)
    target = np.where(at_home, below + place * (total[last - 1] - below), place * total[-1])
    chosen = np.searchsorted(total, target, side="left")
    return np.minimum(chosen, len(weight) - 1).astype(np.int64)
