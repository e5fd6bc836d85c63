"""One small world with a campaign, as a case with few worlds kept out of three explanations."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from analysis.evidence.explanations import Case, case_of
from analysis.evidence.kept_out import KeptOut, keep_out
from analysis.evidence.made import Made, make
from analysis.evidence.rules import rules
from analysis.evidence.traces import Traces, traces_of
from sim.runs.face import RecordedWorld, load_scenario, recorded_world
from sim.scenario.config import Scenario
from tests.worlds import small_scenario

RIVALS = ("quiet", "organic_surge", "recruited_people")
RECORD = load_scenario(["record=standard"]).record


@dataclass(frozen=True)
class Small:
    """A world, and what is made of it. folder: of worlds that are kept out."""

    case: Case
    world: RecordedWorld
    day: date
    folder: Path

    def kept(self, viewer: str) -> KeptOut:
        return keep_out(self.case, viewer, self.day, self.folder, "", 1)

    def traces(self, viewer: str, world: RecordedWorld | None = None) -> Traces:
        return traces_of(world or self.world, viewer, self.day, self.case.alleged.start, self.case.candidate)

    def made(self, viewer: str, ledger: bool = False, world: RecordedWorld | None = None) -> Made:
        world = world or self.world
        return make(self.case, world, viewer, self.day, self.traces(viewer, world), self.kept(viewer), ledger)


def recorded_scenario(**changes: object) -> Scenario:
    return replace(small_scenario(users=400, days=4, **changes), record=RECORD)  # type: ignore[arg-type]


def recorded(scenario: Scenario) -> RecordedWorld:
    return recorded_world(scenario, rules().everywhere, rules().on_election)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    scenario = recorded_scenario()
    case = case_of(scenario, "coordinated", RIVALS, 2)
    world = recorded(scenario)
    return Small(case, world, world.clock.day_of(world.clock.end - 1), tmp_path_factory.mktemp("kept"))
