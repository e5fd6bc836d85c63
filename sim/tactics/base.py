"""What every tactic is, and what of headquarters it may use."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, runtime_checkable

from sim.actors.base import Public
from sim.actors.influencer import Influencer
from sim.actors.sleeper_cell import SleeperCell
from sim.actors.volunteer_network import VolunteerNetwork
from sim.numbers.luck import Chance
from sim.world.actions import Actions


@runtime_checkable
class Headquarters(Protocol):
    """The campaign's office as a tactic sees it; `sim.actors.campaign` fulfils this. All money is in whole cents."""

    candidate: int
    begins: int | None  # first hour of the campaign; None where it never acts
    scale: float
    posts_per_real_post: float
    share_of_posts: float  # posts of this world over those of the whole country
    real_influencers_each: float  # how many of the market one account stands for; below 1 in small worlds
    influencers: Sequence[Influencer]
    cells: Sequence[SleeperCell]
    vendors: Sequence[int]  # accounts of a vendor of engagement
    volunteers: VolunteerNetwork | None
    books: list[tuple[int, str, int, int]]  # hour, tactic, account, cents
    notes: dict[str, Any]  # what a tactic remembers from hour to hour
    paces: dict[str, float]  # of tactics whose money was moved: times what the plan would spend

    @property
    def tactics(self) -> Mapping[str, "Tactic"]:
        """All tactics of the campaign by name."""
        ...

    def hour_of(self, day: date) -> int:
        """The hour at which a date begins in this world."""
        ...

    def pay(self, actions: Actions, tactic: str, account: int, cents: int, now: int) -> bool:
        """Pay if the money is there; the payment is booked and added to the actions."""
        ...

    def pace(self, tactic: str) -> float:
        """How fast a tactic spends, as a multiple of its plan: 1 where it has its dose, and no money was moved."""
        ...

    def own_accounts(self) -> set[int]:
        """Accounts that headquarters directs or hires, and the candidates' own."""
        ...


class Tactic(ABC):
    """A plug-in with one verb. It holds parameters only; what it remembers is in headquarters' notes."""

    @abstractmethod
    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """What headquarters does in this hour by this tactic."""

    def opens_on(self) -> date | None:
        """The first day on which it may do anything; None: any on which the campaign acts.

        Until then worlds with it and without it are one: what is said here saves work, and must not be too late.
        """
        return None

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """Accounts by which it acts, whose fate tells how it fares; none where it has no accounts of its own."""
        return ()
