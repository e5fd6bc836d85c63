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

    def adopt(self, candidate: int, begins: int | None, budget: float, tactics: Mapping[str, Plan]) -> None:
        """Take up a campaign: its candidate, first hour, money (EUR, at this world's scale) and tactics."""
        self.candidate, self.begins, self.tactics = candidate, begins, tactics
        self.budget = self.left = round(budget * 100)
        self.books, self.notes, self.paces = [], {}, {}

    def hour_of(self, day: date) -> int:
        """The hour at which a date begins in this world."""
        return int(self.model.clock.hour_of(day))

    def pay(self, actions: Actions, tactic: str, account: int, cents: int, now: int) -> bool:
        """Pay if the money is there; the payment is booked and returned as an action."""
        if cents < 0 or cents > self.left:
            return False
        self.left -= cents
        self.books.append((now, tactic, account, cents))
        actions.pay.append(Pay(tactic, account, cents))
        return True

    def pace(self, tactic: str) -> float:
        """How fast a tactic spends, as a multiple of its plan: 1 where no money was moved."""
        return self.paces.get(tactic, 1.0)

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
