"""What every actor is: a Mesa agent with one verb."""

from dataclasses import dataclass

import mesa
import numpy as np
import numpy.typing as npt

from sim.numbers.luck import Chance
from sim.world.actions import Actions
from sim.world.platform import FOLLOWERS_ONLY, REMOVED, SUSPENDED, Platform


@dataclass(frozen=True)
class Public:
    """What the owner of an account can see: public posts with their counters, followers, and which accounts are gone."""

    first: int
    key: npt.NDArray[np.uint32]  # identity of a post, the same in every arm
    author: npt.NDArray[np.int32]
    hour: npt.NDArray[np.int32]
    second: npt.NDArray[np.int32]
    candidate: npt.NDArray[np.int8]
    hashtag: npt.NDArray[np.int32]
    views: npt.NDArray[np.int32]
    likes: npt.NDArray[np.int32]
    comments: npt.NDArray[np.int32]
    gone: npt.NDArray[np.bool_]  # posts that were removed, or that only followers can see
    followers: npt.NDArray[np.int32]
    suspended: npt.NDArray[np.bool_]  # accounts that were closed

    def since(self, hour: int) -> npt.NDArray[np.int64]:
        """Rows of the posts that appeared in an hour or later; posts stand in the order in which they appeared."""
        return np.arange(int(np.searchsorted(self.hour, hour)), len(self.hour))


def public(platform: Platform) -> Public:
    """The public side of the record, write-protected."""
    posts, accounts = platform.posts.read_only(), platform.accounts.read_only()
    return Public(
        platform.first, posts.key, posts.author, posts.hour, posts.second, posts.candidate, posts.hashtag, posts.views, posts.likes,
        posts.comments, (posts.status & (REMOVED | FOLLOWERS_ONLY)) > 0, accounts.followers, (accounts.status & SUSPENDED) > 0,
    )  # fmt: skip


class Actor(mesa.Agent):  # type: ignore[misc]
    """A decision maker; `number` tells actors of a kind apart and keys their luck."""

    def __init__(self, model: mesa.Model, number: int) -> None:
        super().__init__(model)
        self.number = number

    def act(self, seen: Public, now: int, chance: Chance) -> Actions:
        """What this actor does in this hour."""
        return Actions()
