"""A moderator's look at a world at one hour, and what becomes of it when some accounts are suspended then."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.measures.labels import kinds_of
from sim.model import CampaignModel, opening_suspicion
from sim.runs.by_hand import hour_by_hand
from sim.runs.looks.record import Acts, Record
from sim.scenario.config import Scenario

TRENDING = 12  # posts of the list
OnHour = Callable[[CampaignModel], None]


@dataclass(frozen=True)
class Look:
    """What the record shows at an hour, counted from the first measured one, and behind it what is true.

    Columns have one row an account. registered: hour; silence: hours of the longest time without an act that ended in the last days;
    acts: of these days; posts: made so far; trending: see `Record.trending`; policies: by name, accounts that each had hit by then, had
    it only looked on. kind, fan: true: see `sim.measures.labels`; whether it is one of a circle that gathers for somebody's posts.
    """

    hour: int
    hours: int  # of the measured time
    date: str
    users: int
    labels: tuple[str, ...]
    registered: npt.NDArray[np.int64]
    followers: npt.NDArray[np.int64]
    silence: npt.NDArray[np.int64]
    posts: npt.NDArray[np.int64]
    acts: Acts
    trending: list[dict[str, Any]]
    policies: Mapping[str, frozenset[int]]
    kind: npt.NDArray[np.str_]
    fan: npt.NDArray[np.bool_]


class Standing:
    """A world that stands at an hour. It can go on from there more than once."""

    def __init__(self, scenario: Scenario, hour: int, on_hour: OnHour | None = None) -> None:
        self.model = CampaignModel(scenario)
        self.record = Record(self.model)
        self.end = scenario.clock.start + hour
        self.on_hour = on_hour

    def look(self, policies: Mapping[str, Scenario], days: int) -> Look:
        """Run the world to the hour and read it.

        policies: scenarios whose moderation reads along and does nothing; days: how far back acts and silences are read.
        """
        hit = self.run(policies)
        model, world = self.model, self.model.world
        clock, accounts = model.clock, world.platform.accounts
        acts, hour = self.record.acts(days), self.end - clock.start
        fan = np.zeros(len(self.record.last), dtype=np.bool_)
        fan[world.circles.member] = True
        date = datetime.combine(clock.first_day, time()) + timedelta(hours=hour)
        return Look(
            hour, clock.end - clock.start, date.isoformat(timespec="minutes"), world.platform.users,
            tuple(candidate.label for candidate in model.rules.population.candidates),
            accounts.registered.astype(np.int64) - clock.start, accounts.followers.astype(np.int64), self.record.silence(days),
            self.record.posts.copy(), acts, self.record.trending(world.platform, TRENDING),
            {name: frozenset(found) for name, found in hit.items()},
            kinds_of(world, np.bincount(acts.account, minlength=len(fan)) > 0), fan,
        )  # fmt: skip

    def run(self, policies: Mapping[str, Scenario]) -> dict[str, set[int]]:
        """Run to the hour; returns the accounts that each policy's desk decided on by then."""
        model, hit = self.model, {name: set[int]() for name in policies}
        watching = {name: opening_suspicion(model, rules) for name, rules in policies.items()}
        while model.world.hour < self.end:
            model.hour_passes()
            for name, rules in policies.items():
                decided = model.moderation_decides(rules, watching[name])
                hit[name] |= {request.account for request in decided if request.account >= 0}
            model.moderation_acts(model.moderation_decides(model.rules, model.suspicion))
            self.record.note(model)
            if self.on_hour:
                self.on_hour(model)
        return hit

    def go_on(self, suspended: Sequence[int] = ()) -> list[float]:
        """Run a copy on to the end, some accounts suspended at once; the candidate's impressions on each day from then on.

        The hour at which the world stands is the first of a day.
        """
        model = copy.deepcopy(self.model)
        while model.world.hour < model.clock.end:
            hour_by_hand(model, suspended if model.world.hour == self.end else ())
            if self.on_hour:
                self.on_hour(model)
        begin, focal = model.clock.measured_day(self.end), model.rules.focal
        daily = model.observer.daily
        return [float(daily[day, "impressions", focal]) for day in range(begin, model.clock.days)]
