"""What a regulator does in an hour: it sees what anybody can see, names posts by checks that err, and the platform carries out.

Whatever follows is a list of requests like those of moderation, and goes through the same door.
"""

import numpy as np

from sim.moderation.base import Evidence, Suspicion, parts
from sim.numbers.luck import Chance
from sim.record.keeping import DAY
from sim.regulator.docket import TRIGGERED, Arrival, arrivals, changes_of
from sim.scenario.calendar import Clock
from sim.scenario.regulator import Regulator
from sim.world.actions import Request
from sim.world.platform import NOBODY, REMOVED, Platform

AGENDA = "regulator:agenda"  # where the drawer keeps what is to be taken down, with its hour
LOOKED_AT = 20  # posts that are looked at for each that can be named, the most seen first
NAME = "regulator"


class Acting:
    """One regulator in one world. share_of_posts: posts of this world for each of the whole country."""

    def __init__(self, regulator: Regulator, clock: Clock, share_of_posts: float, seed: int) -> None:
        self.regulator, self.clock, self.seed = regulator, clock, seed
        self.share_of_posts = share_of_posts

    def requests(
        self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
    ) -> list[Request]:
        """What is to be carried out in this hour: posts whose time is up, and changes of the app. Notes triggers and orders."""
        self._watch(seen, suspicion, now)
        agenda: list[tuple[int, Request]] = suspicion.notes.setdefault(AGENDA, [])
        for arrival in arrivals(self.regulator, self.clock, suspicion):
            if arrival.step.power in ("order", "notice") and arrival.hour == now:
                agenda += self._named(arrival, seen, evidence, chance)
        suspicion.notes[AGENDA] = [(hour, request) for hour, request in agenda if hour > now]
        return [request for hour, request in agenda if hour <= now] + self._of_app(suspicion, now)

    def _watch(self, seen: Platform, suspicion: Suspicion, now: int) -> None:
        """At midnight, whether what anybody can see sets a step going."""
        waits = [name for name, step in self.regulator.steps.items() if step.trigger is not None]
        if not waits or now % DAY != DAY - 1 or now < self.clock.start:
            return
        most = largest_share(seen, now)
        triggered: dict[str, int] = suspicion.notes.setdefault(TRIGGERED, {})
        for name in waits:
            trigger = self.regulator.steps[name].trigger
            if name not in triggered and trigger is not None and most >= trigger:
                triggered[name] = now + 1

    def _named(self, arrival: Arrival, seen: Platform, evidence: Evidence, chance: Chance) -> list[tuple[int, Request]]:
        """Posts about candidates that an order or a notice names, the most seen first, with the hour by which they are down.

        An order names what looks like advertising that is not marked as such, a notice what looks like it breaks the rules.
        """
        posts, step = seen.posts, arrival.step
        wanted = (step.posts or 0.0) * self.share_of_posts
        most = int(wanted + chance.lasting(0, arrival.hour))  # a fraction of a post is a chance of one
        about = np.flatnonzero((posts.candidate != NOBODY) & ((posts.status & REMOVED) == 0))
        order = np.lexsort((posts.key[about], -posts.views[about].astype(np.int64)))
        named: list[int] = []
        for row in about[order][: most * LOOKED_AT].tolist():
            if len(named) == most:
                break
            number = row + seen.first
            if (
                (evidence.paid(number) and not posts.disclosed[row])
                if step.power == "order"
                else evidence.faulty(number)
            ):
                named.append(row)
        due = arrival.hour + round(step.deadline or 0.0)
        return [
            (
                due,
                Request(NAME, "remove", post=row + seen.first, key=int(posts.key[row]), author=int(posts.author[row])),
            )
            for row in named
            if chance.lasting(1, int(posts.key[row])) < (step.obeyed or 0.0)
        ]

    def _of_app(self, suspicion: Suspicion, now: int) -> list[Request]:
        """Changes of the whole app that begin in this hour."""
        found = []
        for change in changes_of(self.regulator, self.clock, suspicion, self.seed):
            if max(change.hour, 0) != now:
                continue
            if change.answer.candidate_cap is not None:
                found.append(Request(NAME, "cap_candidate", amount=parts(change.answer.candidate_cap)))
            if change.answer.profiled is not None:
                found.append(Request(NAME, "profile", amount=parts(change.answer.profiled)))
        return found


def largest_share(seen: Platform, now: int) -> float:
    """The largest share that one candidate has of the views of a day's posts about candidates, as their counters say."""
    posts = seen.posts
    fresh = (posts.hour > now - DAY) & (posts.candidate != NOBODY)
    views = np.bincount(posts.candidate[fresh], weights=posts.views[fresh], minlength=posts.named.shape[1])
    return float(views.max() / views.sum()) if views.sum() > 0 else 0.0
