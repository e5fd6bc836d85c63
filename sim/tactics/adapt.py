"""Move money, once a day, from tactics that moderation hits to those that still work: one fixed rule, no optimisation.

The rule. Of each tactic headquarters knows what it costs a day (`cost`, from its own books, before anything was moved)
and what share of it still works (`works`, from what any account owner sees). The next day's money of tactic t is

    cost_t * works_t * S,    S = sum of cost / sum of cost * works    (at most `most`),

so that what is taken from one goes to all in proportion to what of them works, and the sum stays what the plan would
spend; but posts that moved money brings are themselves ordered for, so that some more is spent in the end. works = accounts
still open * yield of posts * reach, of posts of one to `days` days. A post that was removed yields the views that it had
got, relative to the median of those still up (at most 1, and 0 where none is up): what is removed late did most of its
work. Reach is that median relative to what it usually was; it counts where it fell below `fallen`, and only with
`least_posts` posts. Of moderation itself nothing is known: that an account's likes no longer count, for instance, goes
unnoticed. Tactics that cost nothing are left alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.actors.base import Public
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions

DAY = 24  # hours


@dataclass(frozen=True)
class Adapt(Tactic):
    """It stands first among the tactics, so that the day's paces are set before anybody spends. What it remembers lies in
    headquarters' notes: the cost of each tactic as (cents, days), and the median views of earlier days."""

    days: int = quantity("days over which posts are looked at", "days", 2, 30)
    fallen: float = quantity("reach relative to the usual below which it counts as lost", "ratio", 0, 1)
    least_posts: int = quantity("posts below which reach is not judged", "posts", 1, 10**6)
    most: float = quantity("largest multiple of its plan that a tactic is given", "ratio", 1, 100)

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Review once a day, at midnight; it does nothing itself."""
        if now % DAY == 0:
            self._note_costs(headquarters, now)
            works = {
                name: self.works(headquarters, name, seen, now)
                for name in headquarters.notes["costs"]
                if name in headquarters.tactics
            }
            headquarters.paces = self.paces(headquarters, works)
        return Actions()

    def paces(self, headquarters: Headquarters, works: dict[str, float]) -> dict[str, float]:
        """The rule; no entry where everything works as it did."""
        costs = headquarters.notes["costs"]
        cost = {name: costs[name][0] / costs[name][1] for name in works}
        left = sum(cost[name] * works[name] for name in works)
        if all(share == 1.0 for share in works.values()):
            return {}
        spread = sum(cost.values()) / left if left > 0.0 else 0.0
        return {name: min(self.most, works[name] * spread) for name in works}

    def _note_costs(self, headquarters: Headquarters, now: int) -> None:
        """Add the last day's spending of each tactic that went by its plan and spent anything."""
        costs: dict[str, tuple[int, int]] = headquarters.notes.setdefault("costs", {})
        spent: dict[str, int] = {}
        for hour, tactic, _, cents in reversed(headquarters.books):
            if hour < now - DAY:
                break
            spent[tactic] = spent.get(tactic, 0) + cents
        for tactic, cents in sorted(spent.items()):
            if headquarters.paces.get(tactic, 1.0) == 1.0:
                total, days = costs.get(tactic, (0, 0))
                costs[tactic] = total + cents, days + 1

    def works(self, headquarters: Headquarters, name: str, seen: Public, now: int) -> float:
        """Share of a tactic that still works, 0 to 1."""
        hands = np.asarray(headquarters.tactics[name].hands(headquarters), dtype=np.int64)
        if len(hands) == 0:
            return 1.0
        still_open = 1.0 - float(seen.suspended[hands].mean())
        rows = seen.since(now - DAY * self.days)
        rows = rows[(seen.candidate[rows] == headquarters.candidate) & np.isin(seen.author[rows], hands)]
        rows = rows[seen.hour[rows] < now - DAY]
        if len(rows) == 0:
            return still_open
        up = rows[~seen.gone[rows]]
        usual = float(np.median(seen.views[up])) if len(up) else 0.0
        reach = self._reach(headquarters, name, usual) if len(up) >= self.least_posts else 1.0
        return still_open * _yield_of(seen.views[rows], seen.gone[rows], usual) * reach

    def _reach(self, headquarters: Headquarters, name: str, views: float) -> float:
        """Reach relative to the mean of earlier days, 1 where it has not fallen far."""
        total, days = headquarters.notes.setdefault("reach", {}).get(name, (0.0, 0))
        relative = views * days / total if total > 0.0 else 1.0
        if relative >= self.fallen:
            headquarters.notes["reach"][name] = total + views, days + 1
            return 1.0
        return relative


def _yield_of(views: npt.NDArray[np.int32], gone: npt.NDArray[np.bool_], usual: float) -> float:
    """Mean yield of posts: 1 of one that is up, of one that was removed its views relative to the usual, at most 1."""
    removed = np.minimum(1.0, views / usual) if usual > 0.0 else np.zeros(len(views))
    return float(np.where(gone, removed, 1.0).mean())
