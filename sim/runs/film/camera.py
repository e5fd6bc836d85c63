"""Film one world: run it as `simulate` does, and keep it hour by hour. Filming changes nothing in the world."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sim.measures.observer import Observer
from sim.model import CampaignModel
from sim.runs.by_hand import hour_by_hand
from sim.runs.families import result_of
from sim.runs.film.container import Film
from sim.runs.film.everybody import Everybody
from sim.runs.film.hour import WHY, FilmedHour
from sim.runs.film.opening import OnHour, Openings
from sim.runs.film.parts import Acts, Decisions, FeedsOfPeople, FirstSights, Part, Payments, Totals
from sim.runs.film.posts import PostTable, stage_views
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError
from sim.world.actions import Actions, Request, Shown
from sim.world.platform import VERBS
from sim.world.world import World


@dataclass(frozen=True)
class Wanted:
    """What is kept of a world beside its posts, acts and decisions.

    people: accounts whose feeds are kept, ascending; nodes: accounts whose first sight of the candidate is; tactics: in the order of
    their numbers, all that the campaign has among them; feeds: a folder for the feeds of everybody, none where they are not kept.
    suspended: measured hour -> accounts that somebody outside the policies suspends at its end.
    """

    people: Sequence[int] = ()
    nodes: Sequence[int] = ()
    tactics: Sequence[str] = ()
    feeds: Path | None = None
    suspended: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def check(self, accounts: int, hours: int) -> None:
        """Accounts and hours that a world has; raises ScenarioError where it has not."""
        named = [account for group in (self.people, self.nodes, *self.suspended.values()) for account in group]
        for what, numbers, count in (("account", named, accounts), ("hour", list(self.suspended), hours)):
            wrong = next((number for number in numbers if not 0 <= number < count), None)
            if wrong is not None:
                raise ScenarioError(f"{what}: {wrong} given, allowed 0 to {count - 1}")


@dataclass(frozen=True)
class FilmedWorld:
    """A finished world. run: its row of the table of runs, with its digest."""

    film: Film
    run: Mapping[str, Any]


class Watcher(Protocol):
    """Whoever stands beside the observer, and is told what it is told."""

    def hour(self, world: World, shown: Shown, actions: Actions) -> None:
        """What was shown and done in an hour; the arrays are used again in the next."""

    def moderated(self, world: World, decided: list[Request]) -> None:
        """What moderation did at its end."""


class Filming(Observer):
    """The model's own observer, which goes on as before, with a camera beside it."""

    def __init__(self, own: Observer, camera: "Watcher") -> None:
        vars(self).update(vars(own))
        self.camera = camera

    def note(self, world: World, shown: Shown, actions: Actions) -> None:
        """Count, then film."""
        super().note(world, shown, actions)
        self.camera.hour(world, shown, actions)

    def note_moderation(self, world: World, decided: list[Request]) -> None:
        """Count, then film."""
        super().note_moderation(world, decided)
        self.camera.moderated(world, decided)


class Camera:
    """All parts of a film."""

    def __init__(self, model: CampaignModel, wanted: Wanted) -> None:
        world, rules = model.world, model.rules
        users = len(world.platform.accounts.status)
        candidates = len(rules.population.candidates)
        tactics = list(dict.fromkeys([*wanted.tactics, *rules.campaign.tactics]))
        pools = stage_views(rules.recommender, world.platform.users)
        self.model, self.start = model, rules.clock.start
        self.posts = PostTable(rules.population.axes, self.start)
        self.feeds = FeedsOfPeople(wanted.people, users, self.posts)
        self.decisions, self.sights = Decisions(self.posts), FirstSights(wanted.nodes, rules.focal)
        self.everybody = Everybody(wanted.feeds, model) if wanted.feeds is not None else None
        self.parts: list[Part] = [
            Totals(candidates, rules.focal, len(pools), tactics), self.feeds, Acts(self.posts), self.decisions, Payments(tactics),
            self.sights, *([self.everybody] if self.everybody else []),
        ]  # fmt: skip
        self.about = {
            "stages": len(pools), "pools": pools, "verbs": list(VERBS), "tactics": tactics, "why": list(WHY), "start": self.start,
        }  # fmt: skip

    def hour(self, world: World, shown: Shown, actions: Actions) -> None:
        """What was shown in an hour."""
        now = FilmedHour(world.hour - self.start, world, shown, actions)
        self.posts.add_election(world, world.hour)
        for part in self.parts:
            part.hour(now)

    def moderated(self, world: World, decided: list[Request]) -> None:
        """What moderation did at its end, and where posts stand then."""
        hour = world.hour - self.start
        for part in self.parts:
            part.moderated(self.model, hour, decided)
        self.posts.note(world, hour, self.feeds.asked)

    def open(self, world: World) -> None:
        """Before the first hour."""
        self.posts.open(world)
        self.sights.open(world.minds.saw.astype(np.int64))
        if self.everybody:
            self.everybody.posts.open(world)

    def film(self) -> Film:
        """The whole film."""
        columns = {name: column for part in self.parts for name, column in part.columns().items()}
        named = {"actions": self.decisions.actions, "policies": self.decisions.policies}
        return Film(self.about | named, columns | self.posts.columns())


def film_world(
    scenario: Scenario, wanted: Wanted | None = None, on_hour: OnHour | None = None, openings: Openings | None = None
) -> FilmedWorld:
    """Run one world and keep it. on_hour: is shown the model after each hour that is run, and may raise to stop; openings: worlds that
    have begun already.

    The digest is that of `simulate`, where nothing is suspended from outside. Raises ScenarioError where the world has not what is wanted.
    """
    wanted, clock, started = wanted or Wanted(), scenario.clock, time.perf_counter()
    model = (openings or Openings()).of(scenario, on_hour)
    wanted.check(len(model.world.platform.accounts.status), clock.end - clock.start)
    camera = Camera(model, wanted)
    camera.open(model.world)
    model.observer = Filming(model.observer, camera)
    while model.world.hour < clock.end:
        hour_by_hand(model, wanted.suspended.get(model.world.hour - clock.start, ()))
        if on_hour:
            on_hour(model)
    arm = f"{scenario.campaign.name}/{scenario.moderation.name}"
    run = result_of(model, arm, started)["run"]
    return FilmedWorld(camera.film(), run)
