"""A review desk that keeps files: delays that differ, a day's work a day, strikes, and appeals that restore.

Complaints with a second decision are what Art. 20 of the Digital Services Act asks for.
"""

from dataclasses import dataclass, replace
from typing import Self

from sim.moderation.base import Evidence, Suspicion
from sim.moderation.review_desk import end_of_wait
from sim.numbers.arithmetic import NORMAL, exp
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request

APPEALED = {"remove", "limit", "suspend"}


@dataclass(frozen=True)
class CaseDesk:
    """Cases become ready after a log-normal time and are then decided in that order, appeals among them.

    A closed case is not opened again. Reviews left undone at midnight wait; hands left idle are lost.
    """

    delay_median: float = quantity("median time from the flag of a post to its review", "hours", 0, 10000)
    account_delay_median: float = quantity("median time from the flag of an account to its review", "hours", 0, 10000)
    delay_spread: float = quantity("standard deviation of the logarithm of the first", "ln", 0, 5)
    account_delay_spread: float = quantity("standard deviation of the logarithm of the second", "ln", 0, 5)
    capacity: float = quantity("reviews a day for each 100,000 users; the rest waits", "reviews/day", 0, 1e9)
    reviewed: float = quantity(
        "share of requests that a person reviews; the others are carried out as flagged", "share", 0, 1
    )
    strikes: int = quantity("removed or limited posts that suspend their author; 0 for never", "posts", 0, 1000)
    appealed: float = quantity("share of those removed, limited or suspended who appeal", "share", 0, 1)
    appeal_delay: float = quantity("time from a decision to its appeal", "hours", 0, 10000)

    def at_effort(self, reviewers: float, pace: float) -> Self:
        """The same desk with so many times the reviews a day, and so many times the medians of its delays for new cases."""
        return replace(
            self, capacity=self.capacity * reviewers, delay_median=self.delay_median * pace,
            account_delay_median=self.account_delay_median * pace,
        )  # fmt: skip

    def process(
        self, requests: list[Request], suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
    ) -> list[Request]:
        """Open files for this hour's requests; decide cases that are ready, as far as hands reach."""
        self._open(requests, suspicion, now, chance)
        hands, decided = self._hands(suspicion, now, chance), []
        cases, suspicion.queue = sorted(suspicion.queue), []  # what is decided may be appealed, which queues again
        for ready, case in cases:
            if now < ready:
                suspicion.queue.append((ready, case))
            elif not self._needs_a_person(case, chance):
                decided += self._uphold(case, suspicion, now, chance)
            elif hands > 0:
                hands -= 1
                suspicion.review(case)
                suspicion.notes["today"][1] += 1
                decided += self._judge(case, suspicion, evidence, now, chance)
            else:
                suspicion.queue.append((ready, case))
        return decided

    def _open(self, requests: list[Request], suspicion: Suspicion, now: int, chance: Chance) -> None:
        known: set[tuple[str, str, int, int]] = suspicion.notes.setdefault("files", set())
        for request in requests:
            if request[:4] not in known:
                known.add(request[:4])
                normal = NORMAL[
                    int(chance.lasting(22, request.account, request.key, len(request.action)) * len(NORMAL))
                ]
                hours = self.delay_median * float(exp(self.delay_spread * normal))
                if request.account >= 0:
                    hours = self.account_delay_median * float(exp(self.account_delay_spread * normal))
                suspicion.queue.append((now + round(hours), request))

    def _hands(self, suspicion: Suspicion, now: int, chance: Chance) -> int:
        """Reviews open in this hour: of the day's, as much as has come due since midnight, less what is done.

        A small world has a fraction of a review a day; whether a day has one more is a keyed draw.
        """
        day, hour = divmod(now, 24)
        today: list[int] = suspicion.notes.setdefault("today", [day, 0])
        if today[0] != day:
            today[:] = [day, 0]
        of_day = int(self.capacity * suspicion.notes["users"] / 100000.0 + chance.lasting(23, day))
        return -(-of_day * (hour + 1) // 24) - today[1]

    def _needs_a_person(self, case: Request, chance: Chance) -> bool:
        """Posts that wait and appeals always do."""
        return case.action in ("hold", "appeal") or chance.lasting(21, case.account, case.key) < self.reviewed

    def _judge(
        self, case: Request, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
    ) -> list[Request]:
        """One person's decision, which can be wrong."""
        review = int(case.action == "appeal")
        guilty = evidence.faulty(case.post, review) if case.post >= 0 else evidence.violates(case.account, review)
        if case.action == "appeal":
            suspicion.appeals += 1
            return [] if guilty else self._restore(case, suspicion)
        if case.action == "hold":
            ended = end_of_wait(case, guilty)
            return self._uphold(ended, suspicion, now, chance) if guilty else [ended]
        return self._uphold(case, suspicion, now, chance) if guilty else []

    def _uphold(self, case: Request, suspicion: Suspicion, now: int, chance: Chance) -> list[Request]:
        """Carry a request out; it may be a strike too many, and whoever it hits may appeal."""
        done, strikes = [case], suspicion.notes.setdefault("strikes", {})
        if self.strikes and case.action in ("remove", "limit") and case.author >= 0:
            strikes[case.author] = strikes.get(case.author, 0) + 1
            if strikes[case.author] == self.strikes:
                done.append(Request("strikes", "suspend", account=case.author))
        for one in done:
            if one.action in APPEALED and chance.lasting(24, one.account, one.key) < self.appealed:
                suspicion.queue.append((now + 1 + round(self.appeal_delay), one._replace(action="appeal")))
        return done

    def _restore(self, case: Request, suspicion: Suspicion) -> list[Request]:
        """Undo it, and take back its strikes."""
        strikes = suspicion.notes.setdefault("strikes", {})
        if case.account >= 0:
            strikes.pop(case.account, None)
        elif strikes.get(case.author):
            strikes[case.author] -= 1
        return [case._replace(action="restore")]
