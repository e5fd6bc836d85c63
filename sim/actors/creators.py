"""Candidates' own accounts, in every arm: the rival campaigns. Each posts at its own rate about its candidate."""

from collections.abc import Sequence

import mesa

from sim.actors.base import Actor, Public
from sim.numbers.luck import Chance
from sim.world.actions import Actions, Publish
from sim.world.content import OWN


class OfficialAccount(Actor):
    """A candidate's account: `posts_per_day` spread over the daily cycle.

    It exists once, however small the world, and followers meet all that it posts. Strangers meet a share `shown` of its posts,
    as many as their share of all posts is in the country; else a small world would be full of candidates' own posts.
    """

    def __init__(
        self, model: mesa.Model, number: int, account: int, posts_per_day: float, shown: float, cycle: Sequence[float]
    ) -> None:
        super().__init__(model, number)
        self.account = account
        self.posts_per_day = posts_per_day
        self.shown = shown
        self.cycle = tuple(cycle)

    def act(self, seen: Public, now: int, chance: Chance) -> Actions:
        """Publish the posts of this hour, marked as advertising by their author."""
        expected = self.posts_per_day * self.cycle[now % 24]
        if expected == 0.0:
            return Actions()
        count = int(expected + chance.uniform(1, self.number))
        posts = [
            Publish(
                self.account,
                chance.word(2, self.number, place) % 3600,
                self.number,
                disclosed=True,
                followers_only=not chance.happens(self.shown, 3, self.number, place),
                purpose=OWN,
                place=place,
            )
            for place in range(count)
        ]
        return Actions(publish=posts)
