"""Who posts or opens the app in an hour, and for how long."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.kernels.activity import active
from sim.numbers.arithmetic import EXPONENTIAL
from sim.numbers.luck import MASK, Decision, chain_array, draw_array, key_of
from sim.world.actions import Visits
from sim.world.world import World

LONGEST_SESSION = 72  # videos


class Guests(Protocol):
    """People from outside, such as auditors, who open the app at hours of their own."""

    def join(self, visits: Visits, hour: int) -> Visits:
        """The sessions of an hour and theirs, in the order of users."""


def people_open_the_app(world: World, factor: float) -> Visits:
    """Sessions of this hour: at most one a user, its length exponential around the user's mean.

    factor: share of a day's activity in this hour.
    """
    visitors, keys = who_is_active(world, world.minds.sessions, factor, Decision.SESSION)
    return visits_of(visitors, keys, world.minds.videos)


def people_come_once(world: World) -> Visits:
    """Those whose only session falls into this hour: each hour of the measured days is as likely as any other."""
    keys = chain_array(key_of(world.seed, Decision.SESSION, MASK), np.arange(len(world.minds.key)))
    hours, opened = world.clock.end - world.clock.start, world.hour - world.clock.start
    opens = (keys.astype(np.int64) * hours >> 32 == opened) & world.minds.in_use(world.hour)
    visitors = np.flatnonzero(opens).astype(np.int32)
    return visits_of(visitors, keys[visitors], world.minds.videos)


def who_is_active(
    world: World, rate: npt.NDArray[np.float64], factor: float, decision: Decision
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint32]]:
    """Accounts that do something in this hour, by their daily rate and the share of the day in it, and their keys.

    Those that are away do nothing.
    """
    who, keys = np.empty(len(rate), dtype=np.int32), np.empty(len(rate), dtype=np.uint32)
    count = active(rate, factor, key_of(world.seed, decision, world.hour), who, keys)
    who, keys = who[:count], keys[:count]
    here = world.minds.in_use(world.hour, who)
    return who[here], keys[here]


def visits_of(visitors: npt.NDArray[np.int32], keys: npt.NDArray[np.uint32], mean: npt.NDArray[np.int32]) -> Visits:
    """Length and first second of each session, from its key; `mean` is each user's videos beyond the first."""
    more = (mean[visitors] * EXPONENTIAL[draw_array(keys, 1) >> np.uint32(24)]) >> 8
    videos = np.minimum(1 + more, LONGEST_SESSION).astype(np.int32)
    second = (draw_array(keys, 2) % np.uint32(3600)).astype(np.int32)
    return Visits(visitors, videos, draw_array(keys, 3), second)
