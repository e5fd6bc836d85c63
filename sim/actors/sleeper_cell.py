"""Sleeper cells: aged, dormant accounts that act on the same posts within the same minutes once awake."""

from collections.abc import Sequence

import mesa

from sim.actors.base import Actor, Public
from sim.randomness import Chance
from sim.world.actions import Actions, Engage
from sim.world.platform import COMMENT, LIKE


class SleeperCell(Actor):
    """A cell holds account numbers; it sleeps until headquarters gives it an order."""

    def __init__(self, model: mesa.Model, number: int, accounts: Sequence[int]) -> None:
        super().__init__(model, number)
        self.accounts = tuple(accounts)

    def engage(
        self, seen: Public, row: int, likes: float, comments: float, synchrony: float, spread: float, candidate: int,
        chance: Chance,
    ) -> Actions:  # fmt: skip
        """Each open account likes, or comments in the candidate's name, with the given probabilities.

        A share `synchrony` of them acts within `spread` seconds of a common second, the others at any second.
        """
        post, key = row + seen.first, int(seen.key[row])
        together = chance.word(5, self.number, key) % 3600
        actions = Actions()
        for account in self.accounts:
            if seen.suspended[account]:
                continue
            second = chance.word(6, account, key) % 3600
            if chance.happens(synchrony, 7, account, key):
                second = min(3599, together + int(spread * chance.uniform(8, account, key)))
            if chance.happens(likes, 9, account, key):
                actions.engage.append(Engage(account, post, second, LIKE))
            if chance.happens(comments, 10, account, key):
                actions.engage.append(Engage(account, post, second, COMMENT, candidate))
        return actions
