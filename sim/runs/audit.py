"""The audit of a finished world: fresh accounts that follow all candidates alike and watch what they are offered.

As investigators did in December 2024 (Global Witness: a new account followed both candidates and nobody else, watched as
many videos of each, and counted what ten minutes of the feed recommended). The world is replayed from its scenario and
must come out the same; the accounts are opened in a copy of it, so that the replay stays as it was.
"""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.audience.attention import LONGEST_SESSION
from sim.measures.observer import Observer
from sim.model import CampaignModel
from sim.numbers.luck import Decision, chain_array, draw_array, key_of
from sim.runs.families import result_of
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError, quantity
from sim.world.actions import Actions, Request, Shown, Visits
from sim.world.platform import Ints
from sim.world.world import World

SECONDS_A_VIDEO = 15
FIRST_HOUR = 18  # local hour at which the watching begins; what exceeds one session goes on in the hours after
VIDEO_COLUMNS = ("account", "day", "candidate", "by_followed", "watched")


class DigestDiffersError(RuntimeError):
    """The replayed world is not the one that was recorded."""


@dataclass(frozen=True)
class AuditPlan:
    """How the audit is done."""

    accounts: int = quantity("fresh accounts", "accounts", 2, 10_000)
    minutes: float = quantity("time that each watches a day, 15 seconds a video", "minutes/day", 1, 90)
    day: int = quantity("measured day on which they are opened, 1 for the first", "day", 1, 400)
    days: int = quantity("days on which they watch", "days", 1, 400)

    def check_world(self, scenario: Scenario) -> None:
        """The audit lies within the measured days, and takes a tenth of the users' places at most."""
        last, users = scenario.clock.days, round(scenario.population.country_users * scenario.scale)
        if self.day + self.days - 1 > last:
            raise ScenarioError(f"--day {self.day} --days {self.days} given, allowed days of this world, 1 to {last}")
        if self.accounts > users // 10:
            raise ScenarioError(f"--accounts: {self.accounts} given, allowed 2 to {users // 10} (a tenth of the users)")


class Auditors:
    """Guests who open the app at set hours of each day, the same number of videos each."""

    def __init__(self, seed: int, accounts: Ints, minutes: float) -> None:
        self.seed, self.accounts = seed, accounts
        self.videos = round(minutes * 60 / SECONDS_A_VIDEO)

    def join(self, visits: Visits, hour: int) -> Visits:
        """The sessions of an hour and theirs, in the order of users; luck is keyed by auditor and hour."""
        videos = min(LONGEST_SESSION, self.videos - (hour % 24 - FIRST_HOUR) * LONGEST_SESSION)
        if hour % 24 < FIRST_HOUR or videos <= 0:
            return visits
        keys = chain_array(key_of(self.seed, Decision.AUDIT, 3, hour), np.arange(len(self.accounts)))
        own = Visits(
            self.accounts, np.full(len(keys), videos, dtype=np.int32), draw_array(keys, 3),
            (draw_array(keys, 2) % np.uint32(3600)).astype(np.int32),
        )  # fmt: skip
        place = np.searchsorted(visits.visitors, self.accounts)
        return Visits(*(np.insert(all_, place, mine) for all_, mine in zip(visits, own, strict=True)))


class AuditNotes(Observer):
    """Notes every video that the fresh accounts are shown, and nothing else."""

    def __init__(self, scenario: Scenario, accounts: Ints, followed: npt.NDArray[np.integer]) -> None:
        super().__init__(scenario, scenario.clock)
        self.accounts, self.followed = accounts, followed
        self.videos: list[tuple[int, int, int, bool, bool]] = []  # as in VIDEO_COLUMNS

    def note(self, world: World, shown: Shown, actions: Actions) -> None:
        """What was shown to them in one hour."""
        feeds, posts, day = shown.feeds, world.platform.posts, self.clock.measured_day(world.hour) + 1
        for v in np.flatnonzero(np.isin(feeds.visitors, self.accounts)):
            account = int(np.searchsorted(self.accounts, feeds.visitors[v]))
            places = slice(int(feeds.offset[v]), int(feeds.offset[v]) + int(feeds.length[v]))
            for row, flag in zip(feeds.row[places].tolist(), shown.flags[places].tolist(), strict=True):
                by_followed = bool(posts.author[row] in self.followed)
                self.videos.append((account, day, int(posts.candidate[row]), by_followed, bool(flag & 1)))

    def note_moderation(self, world: World, decided: list[Request]) -> None:
        """Moderation goes on, and is not counted here."""


@dataclass
class DailyAudits:
    """Audits of several days of one running world: each day's fresh accounts watch once, in a copy that then goes.

    accounts: no more than a tenth of the users; minutes: that each watches; days: on which; videos: one row a video, with its date
    and the columns of `Audit.videos` but `day`, once the world has passed these days; accounts are numbered by lot each day.
    """

    accounts: int
    minutes: float
    days: frozenset[date]
    found: list[pd.DataFrame] = field(default_factory=list)

    def note(self, model: CampaignModel) -> None:
        """After an hour; at FIRST_HOUR of a day that is asked for, the accounts are opened and watch."""
        hour = model.world.hour
        if hour % 24 != FIRST_HOUR or hour >= model.clock.end or model.clock.day_of(hour) not in self.days:
            return
        other = copy.deepcopy(model)
        accounts = other.open_accounts(min(self.accounts, other.world.platform.users // 10))
        other.guests = Auditors(model.world.seed, accounts, self.minutes)
        notes = other.observer = AuditNotes(other.rules, accounts, np.asarray(other.headquarters.officials))
        other.run_until(hour + -(-other.guests.videos // LONGEST_SESSION))
        table = pd.DataFrame(notes.videos, columns=list(VIDEO_COLUMNS)).drop(columns="day")
        luck = chain_array(key_of(model.world.seed, Decision.AUDIT, 4, hour), np.arange(len(accounts)))
        table["account"] = np.argsort(np.argsort(luck))[table["account"].to_numpy()]  # so that the first ones are any
        table.insert(0, "date", pd.Timestamp(model.clock.day_of(hour)))
        self.found.append(table)

    @property
    def videos(self) -> pd.DataFrame:
        """All of them, in the order of days."""
        none = pd.DataFrame({name: pd.Series(dtype=np.int64) for name in ("account", "candidate")})
        return pd.concat(self.found, ignore_index=True) if self.found else none.assign(date=pd.NaT)


@dataclass(frozen=True)
class Audit:
    """What the fresh accounts were shown: one row a video; and what everybody was, as candidates' shares."""

    videos: pd.DataFrame  # VIDEO_COLUMNS; candidate -1 where it names none
    everyone: list[float]  # each candidate's share of genuine users' political impressions on the same days
    digest: str
    wall_s: float


def audit(
    scenario: Scenario, digest: str, plan: AuditPlan, on_progress: Callable[[int, int], None] | None = None
) -> Audit:
    """Replay a world, check that it is the recorded one, and audit a copy of it.

    Raises DigestDiffersError where the replay has another digest, ScenarioError where the plan does not fit the world.
    """
    plan.check_world(scenario)
    started, clock = time.perf_counter(), scenario.clock
    opened = clock.start + 24 * (plan.day - 1)
    model = CampaignModel(scenario)
    last, total = opened + 24 * plan.days, clock.end + 24 * plan.days

    def run(which: CampaignModel, until: int, before: int) -> None:
        while which.world.hour < until:
            which.step()
            if on_progress and which.world.hour % 24 == 0:
                on_progress(which.world.hour + before, total)

    run(model, opened, 0)
    other = copy.deepcopy(model)
    run(model, clock.end, 0)
    found = result_of(model, "", started)["run"]["digest"]
    if found != digest:
        raise DigestDiffersError(f"the replayed world has digest {found[:12]}, the recorded one {digest[:12]}")
    accounts = other.open_accounts(plan.accounts)
    other.guests = Auditors(scenario.seed, accounts, plan.minutes)
    notes = other.observer = AuditNotes(scenario, accounts, np.asarray(other.headquarters.officials))
    run(other, last, clock.end - opened)
    videos = pd.DataFrame(notes.videos, columns=list(VIDEO_COLUMNS))
    return Audit(videos, everyone_saw(model, plan), found, time.perf_counter() - started)


def everyone_saw(model: CampaignModel, plan: AuditPlan) -> list[float]:
    """Each candidate's share of genuine users' political impressions on the days of the audit."""
    daily: dict[tuple[int, str, int], Any] = model.observer.daily
    days = range(plan.day - 1, plan.day - 1 + plan.days)
    seen = [sum(daily[day, "impressions", c] for day in days) for c in range(model.observer.candidates)]
    return [float(number / max(sum(seen), 1)) for number in seen]
