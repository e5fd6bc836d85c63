"""One step of the model: of a world in its last day, and of one in which nobody does anything."""

from dataclasses import replace
from time import process_time
from typing import Any

import pytest

from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.scenario.config import Scenario

pytestmark = pytest.mark.benchmark(group="hour", timer=process_time)


def empty_world() -> Scenario:
    """Users who neither post nor open the app, candidates without posts, no campaign."""
    idle = ["population.sessions_per_day=0", "population.never_post=1", "campaign=quiet"]
    scenario = load_scenario(["scenario=classroom", *idle])
    candidates = tuple(replace(candidate, official_posts=0.0) for candidate in scenario.population.candidates)
    return replace(scenario, population=replace(scenario.population, candidates=candidates))


def test_hour_of_the_last_day(benchmark: Any) -> None:
    model = CampaignModel(load_scenario(["scenario=classroom"]))
    model.run_until(model.clock.end - 24)
    benchmark.pedantic(model.step, rounds=24)
    assert model.observer.totals["all_impressions"] > 1e6


def test_hour_of_an_empty_world(benchmark: Any) -> None:
    model = CampaignModel(empty_world())
    model.run_until(24)
    benchmark.pedantic(model.step, rounds=100)
    assert len(model.world.platform.posts) == 0
