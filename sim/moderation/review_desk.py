"""The review desk: people with a delay, a daily capacity and errors between a flag and its consequence."""

from dataclasses import dataclass, replace
from typing import Self

from sim.moderation.base import Evidence, Suspicion
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request


@dataclass(frozen=True)
class ReviewDesk:
    """Requests wait `delay` hours, then are reviewed first come, first served; a reviewer may let a post or an account be.

    Posts that are held all see a person.
    """

    delay: int = quantity("hours between a flag and its review", "hours", 0, 10000)
    capacity: float = quantity("reviews a day for each 100,000 users; the rest waits", "reviews/day", 0, 1e9)
    reviewed: float = quantity(
        "share of requests that a person reviews; the others are carried out as flagged", "share", 0, 1
    )

    def at_effort(self, reviewers: float, pace: float) -> Self:
        """The same desk with so many times the reviews a day, and so many times the delay."""
        return replace(self, capacity=self.capacity * reviewers, delay=round(self.delay * pace))

    def process(
        self, requests: list[Request], suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
    ) -> list[Request]:
        """Take in this hour's requests; decide those that are due, as far as hands reach."""
        waiting = {request for _, request in suspicion.queue}
        suspicion.queue += [(now, request) for request in requests if request not in waiting]
        budget = suspicion.notes.setdefault("desk", 0.0) + self.capacity * suspicion.notes["users"] / 100000.0 / 24.0
        done, rest = [], []
        for arrived, request in suspicion.queue:
            if now - arrived < self.delay:
                rest.append((arrived, request))
            elif request.action != "hold" and chance.lasting(21, request.account, request.key) >= self.reviewed:
                done.append(request)
            elif budget >= 1.0:
                budget -= 1.0
                suspicion.review(request)
                if request.action == "hold":
                    done.append(end_of_wait(request, evidence.faulty(request.post)))
                elif evidence.faulty(request.post) if request.post >= 0 else evidence.violates(request.account):
                    done.append(request)
            else:
                rest.append((arrived, request))
        suspicion.queue = rest
        suspicion.notes["desk"] = min(budget, max(1.0, self.capacity))
        return done


def end_of_wait(request: Request, faulty: bool) -> Request:
    """A post that waited is removed or released."""
    return request._replace(action="remove" if faulty else "release", amount=0)
