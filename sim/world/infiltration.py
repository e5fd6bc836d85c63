"""Who comes to follow accounts that infiltrate a network, as keyed draws about each pair."""

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import log
from sim.numbers.luck import Decision, chain_array, key_of, uniform
from sim.world.actions import Infiltrate
from sim.world.platform import SHARE, Ints, Log
from sim.world.world import World

TARGETS = ("random", "hubs", "partisans", "left", "right")


def infiltration(world: World, wanted: Infiltrate) -> tuple[Ints, Ints]:
    """New follows as (followers, followed), ordered: by users, then of the accounts among one another.

    How many users follow an account is binomial; who they are is a draw without replacement by weight: an exponential
    race in which each user finishes after -log(u) / weight (Efraimidis and Spirakis 2006).
    """
    weight = _weights(world, wanted.whom)
    users, here, reachable = np.arange(len(weight)), world.minds.in_use(world.hour), int(np.count_nonzero(weight))
    pairs = []
    for account in wanted.accounts:
        luck = uniform(chain_array(key_of(world.seed, Decision.INFILTRATE, 1, account), users))
        count = min(int(np.count_nonzero((luck < wanted.share) & here)), reachable)
        if wanted.whom == "random":
            followers = np.flatnonzero((luck < wanted.share) & (weight > 0))
        else:
            race = uniform(chain_array(key_of(world.seed, Decision.INFILTRATE, 2, account), users))
            finish = np.where(weight > 0, -log(race) / np.maximum(weight, 1e-12), np.inf)
            followers = np.argsort(finish, kind="stable")[:count]
        pairs.append(np.column_stack([followers, np.full(len(followers), account)]))
    follow = np.concatenate([*pairs, _among_themselves(world, wanted), np.zeros((0, 2), dtype=np.int64)])
    follow = follow[np.lexsort((follow[:, 1], follow[:, 0]))]
    return follow[:, 0].astype(np.int32), follow[:, 1].astype(np.int32)


def _weights(world: World, whom: str) -> npt.NDArray[np.float64]:
    """How likely each user is to be among the followers: alike, by followers, by distance from the middle, or of one side."""
    here = world.minds.in_use(world.hour)
    leaning = world.minds.interest[:, -1].astype(np.float64)
    sides = {"random": np.ones(len(here)), "partisans": np.abs(leaning), "left": leaning < 0, "right": leaning > 0,
             "hubs": world.platform.accounts.followers}  # fmt: skip
    return np.where(here, sides[whom], 0.0).astype(np.float64)


def _among_themselves(world: World, wanted: Infiltrate) -> npt.NDArray[np.int64]:
    """Each account follows some others of them."""
    accounts, count = np.array(wanted.accounts, dtype=np.int64), min(wanted.own, len(wanted.accounts) - 1)
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for account in accounts:
        luck = chain_array(key_of(world.seed, Decision.INFILTRATE, 3, int(account)), accounts)
        others = accounts[np.argsort(luck, kind="stable")]
        others = others[others != account][: max(count, 0)]
        pairs.append(np.column_stack([np.full(len(others), account), others]))
    return np.concatenate(pairs)


def further_copies(world: World, account: Ints, post: npt.NDArray[np.integer]) -> Log:
    """Flooding: those who are directed to put things out several times share what they post or share so often more."""
    minds = world.minds
    if len(minds.directed) == 0:
        return Log.empty()
    place = np.minimum(np.searchsorted(minds.directed, account), len(minds.directed) - 1)
    more = np.where(minds.directed[place] == account, minds.copies[place] - 1, 0)
    again = np.repeat(np.arange(len(account)), more)
    verb, second = np.full(len(again), SHARE, dtype=np.int8), np.zeros(len(again), dtype=np.int32)
    return Log(
        account[again].astype(np.int32), post[again].astype(np.int64), verb, second, np.ones(len(again), dtype=np.uint8)
    )
