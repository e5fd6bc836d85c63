"""What somebody who chooses whose feeds a film keeps must know of a world: who there is, who follows whom, and who saw how much."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.measures.labels import KINDS
from sim.model import CampaignModel
from sim.runs.film.camera import Filming
from sim.runs.film.container import Column, Film
from sim.runs.film.hour import FilmedHour
from sim.runs.interchange.follows import follows
from sim.scenario.config import Scenario
from sim.world.actions import Actions, Request, Shown
from sim.world.world import World


@dataclass(frozen=True)
class Scouted:
    """cast: a row an account as the film begins, and what is true of it (the columns of cast.film); sessions: (accounts) a day; follows:
    (pairs) who, whom, as the film begins; official: account of the candidate; shown, seen: (accounts) impressions in the world that was
    scouted, and those that carried the candidate; in_use: (accounts) whether somebody uses it through all of the film; ever: those of
    people, which somebody has used by its end.
    """

    cast: Film
    sessions: npt.NDArray[np.float64]
    follows: npt.NDArray[np.int64]
    official: int
    shown: npt.NDArray[np.int64]
    seen: npt.NDArray[np.int64]
    in_use: npt.NDArray[np.bool_]
    ever: npt.NDArray[np.bool_]


class _Sights:
    """Counts who saw the candidate how often."""

    def __init__(self, model: CampaignModel) -> None:
        self.start, self.focal = model.rules.clock.start, model.rules.focal
        accounts = len(model.world.platform.accounts.status)
        self.shown, self.seen = np.zeros(accounts, dtype=np.int64), np.zeros(accounts, dtype=np.int64)

    def hour(self, world: World, shown: Shown, actions: Actions) -> None:
        """Count in measured hours."""
        if world.hour >= self.start:
            now = FilmedHour(world.hour - self.start, world, shown, actions)
            places, who = now.places
            np.add.at(self.shown, who, 1)
            np.add.at(self.seen, who[now.carries(places, self.focal)], 1)

    def moderated(self, world: World, decided: list[Request]) -> None:
        """Nothing."""


def scout(scenario: Scenario, on_hour: Callable[[CampaignModel], None] | None = None) -> Scouted:
    """Run a world to its end and look around. on_hour: is shown the model after each hour, and may raise to stop."""
    model, clock = CampaignModel(scenario), scenario.clock
    sights = _Sights(model)
    model.observer = Filming(model.observer, sights)
    for hour in range(1, clock.start + 1):
        model.run_until(hour)
        if on_hour:
            on_hour(model)
    cast, world = cast_of(model), model.world
    pairs = follows(world.platform.graph)[["source", "target"]].to_numpy()
    minds = world.minds
    in_use = np.asarray((minds.returns <= clock.start) & (minds.leaves >= clock.end))
    ever = world.truth.genuine & (minds.returns < clock.end)
    official = model.headquarters.officials[scenario.focal]
    for hour in range(clock.start + 1, clock.end + 1):
        model.run_until(hour)
        if on_hour:
            on_hour(model)
    return Scouted(cast, minds.sessions.copy(), pairs, official, sights.shown, sights.seen, in_use, ever)


def cast_of(model: CampaignModel) -> Film:
    """All accounts of a world as its measured time begins; kind, fan, returner and interest are true of them, and no record says them."""
    world, clock = model.world, model.rules.clock
    accounts, minds = world.platform.accounts, world.minds
    fan = np.zeros(len(accounts.status), dtype=np.uint8)
    fan[world.circles.member] = 1
    returner = (minds.returns > clock.start) & (minds.returns < clock.end) & (accounts.registered < minds.returns)
    columns: dict[str, Column] = {
        "registered": accounts.registered - clock.start, "followers": accounts.followers.copy(),
        "last_active": accounts.last_active - clock.start, "community": accounts.community.astype(np.int16),
        "kind": world.truth.role.astype(np.uint8), "fan": fan, "returner": (returner & world.truth.genuine).astype(np.uint8),
        "interest": minds.interest[:, : model.rules.population.axes].copy(),
    }  # fmt: skip
    return Film({"kinds": [KINDS[number] for number in sorted(KINDS)]}, columns)
