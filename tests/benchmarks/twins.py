"""The plain Mesa twin and the engine on one small world, where both show the same impressions."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from sim.model import CampaignModel
from tests.benchmarks.measuring import Profile
from tests.reference.plain_twin import PlainModel
from tests.worlds import small_scenario


@dataclass
class TwinTimes:
    """Seconds of both over the same hours."""

    users: int
    impressions: int
    twin: float
    engine: float


def measure(say: Callable[[str], None], repetitions: int = 3) -> TwinTimes:
    """Step both from the first hour to the last. The engine's least time counts; the twin, which is slow, runs once."""
    scenario = small_scenario(days=1)
    say(f"plain twin: {scenario.clock.end} hours of a small world")
    CampaignModel(scenario).run_until(scenario.clock.end)  # compiles what is not yet
    seconds = []
    for _ in range(repetitions):
        engine, counted = CampaignModel(scenario), Profile()
        begin = perf_counter()
        engine.run_until(scenario.clock.end)
        seconds.append(perf_counter() - begin)
    again = CampaignModel(scenario)
    while again.world.hour < again.clock.end:
        counted.hour(again)
    twin = PlainModel(scenario)
    begin = perf_counter()
    for _ in range(scenario.clock.end):
        twin.step()
    slow = perf_counter() - begin
    if len(twin.events) != counted.impressions:
        raise AssertionError(f"the twin showed {len(twin.events)} impressions, the engine {counted.impressions}")
    return TwinTimes(engine.world.platform.users, len(twin.events), slow, min(seconds))
