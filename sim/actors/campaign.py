"""Headquarters: a budget, books, and tactics that spend it on a calendar."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import mesa

from sim.actors.base import Actor, Public
from sim.actors.influencer import Influencer
from sim.actors.sleeper_cell import SleeperCell
from sim.actors.volunteer_network import VolunteerNetwork
from sim.numbers.luck import Chance
from sim.world.actions import Actions, Pay


class Plan(Protocol):
    """What headquarters asks of a tactic; `sim.tactics.base` says what a tactic may use of headquarters."""

    def plan(self, headquarters: Any, seen: Public, now: int, chance: Chance) -> Actions:
        """What headquarters does in this hour by this tactic."""
        ...


class Headquarters(Actor):
    """The campaign's office. All money is in whole euro cents, so that the books balance to the last one."""

    def __init__(self, model: mesa.Model, number: int) -> None:
        super().__init__(model, number)
        self.candidate = -1
        self.begins: int | None = None
        self.budget = 0
        self.left = 0
        self.tactics: Mapping[str, Plan] = {}
        self.influencers: Sequence[Influencer] = ()
        self.cells: Sequence[SleeperCell] = ()
        self.vendors: Sequence[int] = ()  # accounts of a vendor of engagement
        self.officials: Sequence[int] = ()  # candidates' own accounts
        self.volunteers: VolunteerNetwork | None = None
        self.posts_per_real_post = 1.0
        self.share_of_posts = 1.0
        self.real_influencers_each = 1.0  # how many of the market one account stands for; below 1 in small worlds
        self.scale = 1.0
        self.first_hour = 0
        self.books: list[tuple[int, str, int, int]] = []  # hour, tactic, account, cents
        self.notes: dict[str, Any] = {}  # what a tactic remembers from hour to hour
        self.paces: dict[str, float] = {}  # of tactics whose money was moved: times what the plan would spend
        self.doses: Mapping[str, float] = {}  # of tactics that are to spend more or less than their plan: times that
        self.purses: dict[str, int] = {}  # of tactics with money of their own
        self.spent: dict[str, int] = {}  # by tactic

    def adopt(
        self, candidate: int, begins: int | None, budget: float, tactics: Mapping[str, Plan],
        doses: Mapping[str, float] | None = None, purses: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        """Take up a campaign: its candidate, first hour, money (EUR, at this world's scale; purses by tactic) and tactics.

        What was done and spent already stays: campaigns that begin alike share that part of their history.
        """
        self.candidate, self.begins, self.tactics = candidate, begins, tactics
        self.budget = round(budget * 100)
        self.left = self.budget - sum(self.spent.values())
        self.doses = doses or {}
        self.purses = {tactic: round(euros * 100) for tactic, euros in (purses or {}).items()}

    def hour_of(self, day: date) -> int:
        """The hour at which a date begins in this world."""
        return int(self.model.clock.hour_of(day))

    def pay(self, actions: Actions, tactic: str, account: int, cents: int, now: int) -> bool:
        """Pay if the money is there; the payment is booked and returned as an action."""
        if cents < 0 or cents > self.left or cents > self._left_of(tactic):
            return False
        self.left -= cents
        self.spent[tactic] = self.spent.get(tactic, 0) + cents
        self.books.append((now, tactic, account, cents))
        actions.pay.append(Pay(tactic, account, cents))
        return True

    def _left_of(self, tactic: str) -> int:
        """Money that a tactic may still spend of what the campaign has; where there are purses, of its own."""
        return self.purses.get(tactic, 0) - self.spent.get(tactic, 0) if self.purses else self.left

    def pace(self, tactic: str) -> float:
        """How fast a tactic spends, as a multiple of its plan: 1 where it has its dose, and no money was moved."""
        return self.doses.get(tactic, 1.0) * self.paces.get(tactic, 1.0)

    def own_accounts(self) -> set[int]:
        """Accounts that headquarters directs or hires, and the candidates' own."""
        hired = {influencer.account for influencer in self.influencers}
        return hired | {account for cell in self.cells for account in cell.accounts} | {*self.vendors, *self.officials}

    def act(self, seen: Public, now: int, chance: Chance) -> Actions:
        """Let each tactic plan this hour, in the order of the scenario."""
        actions = Actions()
        if self.begins is None or now < self.begins:
            return actions
        for tactic in self.tactics.values():
            actions.extend(tactic.plan(self, seen, now, chance))
        return actions
