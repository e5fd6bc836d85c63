"""Influencers: accounts with an audience who accept or refuse a paid post, and disclose it or not."""

import mesa

from sim.actors.base import Actor
from sim.numbers.luck import Chance


class Influencer(Actor):
    """One account of the influencer market."""

    def __init__(self, model: mesa.Model, number: int, account: int) -> None:
        super().__init__(model, number)
        self.account = account

    def accepts(self, acceptance: float, now: int, chance: Chance) -> bool:
        """Whether the offer at the going price is taken."""
        return chance.happens(acceptance, 3, self.account, now)

    def discloses(self, disclosure: float, now: int, chance: Chance) -> bool:
        """Whether the paid post is marked as advertising."""
        return chance.happens(disclosure, 4, self.account, now)
