"""Visibility of candidates: impressions delivered to genuine users of posts that carry them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kernels.reactions import LIKED, OPENED, WATCHED
from sim.world.actions import Feeds
from sim.world.world import World

SECONDS_WATCHED = (3.0, 15.0)  # a skipped and a completed view; assumption


@dataclass
class HourSeen:
    """One hour's impressions, counted; arrays have one number a candidate."""

    impressions: int
    genuine: int
    genuine_likes: int
    visible: npt.NDArray[np.int64]  # genuine impressions that carry the candidate
    authored: npt.NDArray[np.int64]  # thereof of posts that the campaign caused
    watch_seconds: float


def seen_in(world: World, feeds: Feeds, flags: npt.NDArray[np.uint8]) -> HourSeen:
    """Count what was shown in this hour. A post carries whom it names; one that names nobody carries, for those who
    open its comments, whom most of the comments name."""
    seats = filled_seats(feeds)
    row, flag = feeds.row[seats], flags[seats]
    viewer = np.repeat(feeds.visitors, feeds.length)
    genuine = world.truth.genuine[viewer]
    posts = world.platform.posts
    candidate = posts.candidate[row]
    opened = (candidate < 0) & ((flag & OPENED) > 0)
    candidate = np.where(opened, posts.spoken_of[row], candidate)
    carried = genuine & (candidate >= 0)
    by_campaign = carried & (world.truth.campaign_post[row] > 0)
    size = posts.named.shape[1]
    watched = genuine & ((flag & WATCHED) > 0)
    return HourSeen(
        len(row), int(genuine.sum()), int((genuine & ((flag & LIKED) > 0)).sum()),
        np.bincount(candidate[carried], minlength=size), np.bincount(candidate[by_campaign], minlength=size),
        SECONDS_WATCHED[0] * int(genuine.sum()) + (SECONDS_WATCHED[1] - SECONDS_WATCHED[0]) * int(watched.sum()),
    )  # fmt: skip


def filled_seats(feeds: Feeds) -> npt.NDArray[np.int64]:
    """Places of `feeds.row` that hold an impression."""
    total = int(feeds.length.sum())
    before = np.concatenate([[0], np.cumsum(feeds.length)[:-1]])
    return np.repeat(feeds.offset - before, feeds.length) + np.arange(total)


def reach(world: World, candidates: int) -> npt.NDArray[np.int64]:
    """Genuine users who ever saw each candidate."""
    genuine = world.truth.genuine[: world.platform.users]
    saw = world.minds.saw[genuine]
    return np.array([int(((saw >> np.uint32(c)) & np.uint32(1)).sum()) for c in range(candidates)])
