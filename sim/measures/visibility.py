"""Visibility of candidates: impressions delivered to genuine users of posts that carry them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kernels.counting import count_visibility
from sim.world.actions import Shown
from sim.world.truth import ASKED_FOR, PAID_FOR
from sim.world.world import World

SECONDS_WATCHED = (3.0, 15.0)  # a skipped and a completed view; assumption


@dataclass
class HourSeen:
    """One hour's impressions, counted; arrays have one number a candidate."""

    impressions: int
    genuine: int
    genuine_likes: int
    visible: npt.NDArray[np.int64]  # genuine impressions that carry the candidate
    paid: npt.NDArray[np.int64]  # thereof of posts that the campaign paid for
    asked: npt.NDArray[np.int64]  # and of posts that it asked for
    watch_seconds: float


def seen_in(world: World, shown: Shown) -> HourSeen:
    """Count what was shown in this hour; see `sim.kernels.counting.count_visibility`."""
    posts, truth, feeds = world.platform.posts, world.truth, shown.feeds
    by_cause, (impressions, genuine, likes, watched) = count_visibility(
        feeds.visitors, feeds.offset, feeds.length, feeds.row, shown.flags, truth.genuine, posts.candidate,
        posts.spoken_of, truth.campaign_post, posts.named.shape[1],
    )  # fmt: skip
    seconds = SECONDS_WATCHED[0] * int(genuine) + (SECONDS_WATCHED[1] - SECONDS_WATCHED[0]) * int(watched)
    return HourSeen(
        int(impressions), int(genuine), int(likes), by_cause.sum(axis=0), by_cause[PAID_FOR], by_cause[ASKED_FOR], seconds
    )  # fmt: skip


def reach(world: World, candidates: int) -> npt.NDArray[np.int64]:
    """Genuine users who ever saw each candidate."""
    saw = world.minds.saw[world.truth.genuine]
    return np.array([int(((saw >> np.uint32(c)) & np.uint32(1)).sum()) for c in range(candidates)])
