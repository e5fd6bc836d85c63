"""Inauthentic accounts whom people come to follow, and who post, reshare and flood like one of them, as in SimSoM."""

from dataclasses import dataclass

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Infiltrate


@dataclass(frozen=True)
class Infiltration(Tactic):
    """At the campaign's first hour all its accounts come alive; from then on they behave as the audience does.

    It works with audiences whose accounts post and reshare by a rule of the audience (`audience=resharing`).
    """

    followed_by: float = quantity("probability that a user follows each account", "probability", 0, 1)
    whom: str = choice("which users come to follow them", ("random", "hubs", "partisans", "left", "right"))
    own: int = quantity("others of them whom each account follows", "accounts", 0, 1000)
    copies: int = quantity("how often each account puts out what it posts or shares", "copies", 1, 10000)
    enticing: float = quantity("probability that a post of theirs has full appeal", "probability", 0, 1)

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Once."""
        accounts = tuple(sorted(account for cell in headquarters.cells for account in cell.accounts))
        if now != headquarters.begins or not accounts:
            return Actions()
        return Actions(
            infiltrate=[Infiltrate(accounts, self.followed_by, self.whom, self.own, self.copies, self.enticing)]
        )
