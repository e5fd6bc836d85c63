"""The plain Mesa twin and the engine on one small world, where both show the same impressions."""

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

from sim.model import CampaignModel
from sim.scenario.config import Scenario
from tests.benchmarks.measuring import Profile, threads
from tests.reference.plain_twin import PlainModel
from tests.worlds import small_scenario


@dataclass
class TwinTimes:
    """Seconds of processor time of both over the same hours."""

    users: int
    impressions: int
    twin: float
    engine: float


def engine_alone(scenario: Scenario) -> Profile:
    """All hours of the engine, in one thread."""
    engine, counted = CampaignModel(scenario), Profile()
    with threads(1):
        while engine.world.hour < engine.clock.end:
            counted.hour(engine)
    return counted


def measure(say: Callable[[str], None], repetitions: int = 5) -> TwinTimes:
    """Step both from the first hour to the last. The engine's least time before and after counts; the twin, which is slow, runs once."""
    scenario = small_scenario(days=1)
    say(f"plain twin: {scenario.clock.end} hours of a small world")
    CampaignModel(scenario).run_until(scenario.clock.end)  # compiles what is not yet
    counted = [engine_alone(scenario) for _ in range(repetitions)]
    twin = PlainModel(scenario)
    begin = process_time()
    for _ in range(scenario.clock.end):
        twin.step()
    slow = process_time() - begin
    counted += [engine_alone(scenario) for _ in range(repetitions)]
    if len(twin.events) != counted[0].impressions:
        raise AssertionError(f"the twin showed {len(twin.events)} impressions, the engine {counted[0].impressions}")
    return TwinTimes(twin.users, len(twin.events), slow, min(profile.total for profile in counted))
