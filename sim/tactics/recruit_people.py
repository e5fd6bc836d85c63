"""Pay real people, found and vetted off the platform, to like and comment where they are told, each in their own time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.actors.base import Public
from sim.actors.sleeper_cell import act_together, due_now
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.tactics.base import Headquarters, Tactic
from sim.world.actions import Actions


@dataclass(frozen=True)
class Person:
    """One account on its own errand."""

    number: int
    accounts: tuple[int, ...]


@dataclass(frozen=True)
class RecruitPeople(Tactic):
    """The accounts are people's own, with their histories: nothing in the record but what they are paid to do tells them apart."""

    first_day: date = quantity("first day of work", "date")
    people: float = quantity("people recruited, whole country", "people", 0, 1e6)
    pay: float = quantity("pay of one of them a month", "EUR/month", 0, 1e5)
    posts_per_day: float = quantity("fresh posts to which each is sent in a day", "posts/day", 0, 1000)
    fresh_hours: int = quantity("age up to which a post is a target", "hours", 1, 240)
    likes: float = quantity("probability that one likes the post", "probability", 0, 1)
    comments: float = quantity("probability that one comments on it", "probability", 0, 1)

    def opens_on(self) -> date | None:
        """The first day: before it there is nothing to do."""
        return self.first_day

    def plan(self, headquarters: Headquarters, seen: Public, now: int, chance: Chance) -> Actions:
        """Pay by the day; each goes to some fresh posts with the candidate, each in an hour of luck."""
        actions, channel = Actions(), headquarters.volunteers
        if channel is None or now < headquarters.hour_of(self.first_day):
            return actions
        recruits = np.asarray(channel.recruits, dtype=np.int64)
        wanted = round(self.people * headquarters.scale * headquarters.pace("recruit_people"))
        chosen = np.sort(recruits[np.argsort(chance.lasting_of(51, recruits), kind="stable")[:wanted]])
        team = [Person(account, (account,)) for account in chosen.tolist() if not seen.suspended[account]]
        if now % 24 == 0:
            cents = round(100 * self.pay * 12 / 365)
            for person in team:
                headquarters.pay(actions, "recruit_people", person.number, cents, now)
        rows = seen.since(now - self.fresh_hours)
        rows = rows[(seen.candidate[rows] == headquarters.candidate) & (seen.hour[rows] < now) & ~seen.gone[rows]]
        if len(rows) and team:
            numbers, rate = np.array([person.number for person in team]), self.posts_per_day / 24.0
            who, target = due_now(seen, numbers, rows, self.fresh_hours, rate, now, chance, (52, 53))
            actions.engage += act_together(
                seen, [team[place] for place in who], rows[target], self.likes, self.comments, 0.0, 0.0,
                headquarters.candidate, chance,
            )  # fmt: skip
        return actions

    def hands(self, headquarters: Headquarters) -> Sequence[int]:
        """Those who might be paid."""
        return headquarters.volunteers.recruits if headquarters.volunteers else ()
