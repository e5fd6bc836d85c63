"""The rival explanation: nobody is paid or directed; people come to like the candidate, and some post about it."""

from dataclasses import dataclass
from datetime import date

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions, Sway


@dataclass(frozen=True)
class WinHearts(Tactic):
    """From the first day on, appeal and supporters grow evenly to their full levels."""

    first_day: date = quantity("first day of the surge", "date")
    days: float = quantity("time to the full level", "days", 0.1, 400)
    appeal: float = quantity("what people then add to every reaction to the candidate's posts", "logit", 0, 5)
    supporters: float = quantity("share of users without a candidate who then support this one", "share", 0, 1)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """The level reached by this day, at its first hour."""
        begin = headquarters.hour_of(self.first_day)
        if now < begin or now % 24:
            return Actions()
        grown = min(1.0, (now - begin + 24) // 24 / self.days)
        return Actions(sway=[Sway(headquarters.candidate, self.appeal * grown, self.supporters * grown)])
