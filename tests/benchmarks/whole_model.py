"""The whole model, everything on, in the last days of its campaign; and bare loops, measured in alternation with it."""

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time
from typing import Any

import numpy as np

from sim.model import CampaignModel
from sim.runs.engines import cores
from sim.runs.face import load_scenario
from tests.benchmarks.measuring import Profile, calls_in, threads
from tests.benchmarks.memory import Memory, memory_of, resident
from tests.benchmarks.plain_loops import LOOPS

COUNTRY = 9e6  # users of the country in `scenarios/population/romania.yaml`
REPETITIONS = 2  # days on which each hour is measured with each number of threads
BEFORE = 3  # measured days of the calendar that pass before


def scale_of(users: int) -> float:
    """The scale of a world of so many users; a little more, so that rounding takes none away."""
    return (users + 0.5) / COUNTRY


@dataclass
class Hours:
    """(seconds, seconds on the wall, impressions) of the repetitions of each hour of the day."""

    found: dict[int, list[tuple[float, float, int]]] = field(default_factory=dict)

    def add(self, hour: int, measured: tuple[float, float, int]) -> None:
        """Note one hour."""
        self.found.setdefault(hour, []).append(measured)

    def _rate(self, clock: int) -> float:
        """Impressions a second over a day, each hour of it at the least cost an impression of its repetitions."""
        least = [min(row[clock] / max(row[2], 1) for row in rows) for rows in self.found.values()]
        shown = [np.mean([row[2] for row in rows]) for rows in self.found.values()]
        return float(sum(shown) / np.dot(shown, least))

    @property
    def rate(self) -> float:
        """Impressions a second; of processor time where there is one thread."""
        return self._rate(0)

    @property
    def wall_rate(self) -> float:
        """Impressions a second on the wall."""
        return self._rate(1)


@dataclass
class WholeModel:
    """What one run of the whole model gave."""

    users: int
    live_posts: int
    hours: dict[int, Hours]  # by number of threads
    profiles: dict[int, Profile]
    loops: dict[str, float]  # impressions a second of the bare loops
    memory: Memory
    serve_call: tuple[Any, tuple[Any, ...]]  # the kernel that serves, and its arguments in an hour of the evening


def measure(users: int, say: Callable[[str], None]) -> WholeModel:
    """Simulate to the campaign's last days, then measure each hour with one thread and with all, a day of each in turn.

    On every other day the hours change places, so that both numbers of threads meet every hour of the day.
    """
    counts = sorted({1, min(2, cores())})
    days = BEFORE + len(counts) * REPETITIONS
    empty = resident()
    say(f"whole model: a world of {users:,} users; {days + 7} days, of which {days - BEFORE} are measured")
    model = CampaignModel(load_scenario(["scenario=country", f"scale={scale_of(users)}", f"days={days}"]))
    begin = model.clock.end - 24 * (days - BEFORE)
    model.run_until(begin - 5)
    calls = calls_in(model.step)
    model.run_until(begin)
    hours, profiles = {count: Hours() for count in counts}, {count: Profile(count) for count in counts}
    memory = memory_of(model, resident() - empty)
    loops = {name: make(users) for name, make in LOOPS.items()}
    rates: dict[str, list[float]] = {name: [] for name in LOOPS}
    gc.freeze()  # the loops' agents are not to be searched for garbage while the model is measured
    while model.world.hour < model.clock.end:
        day, hour = divmod(model.world.hour, 24)
        count = counts[(day + hour) % len(counts)]
        with threads(count):
            hours[count].add(hour, profiles[count].hour(model))
        if hour == 0:
            say(f"whole model: day {day + 1} of {days + 7}")
            for name, loop in loops.items():
                rates[name].append(rate_of(loop))
    return WholeModel(
        model.world.platform.users, len(model.world.platform.posts), hours, profiles,
        {name: max(found) for name, found in rates.items()}, memory, calls["serve"],
    )  # fmt: skip


def rate_of(loop: Any) -> float:
    """Impressions a second of processor time of one step of a bare loop."""
    before, begin = loop.impressions, process_time()
    loop.step()
    return float((loop.impressions - before) / (process_time() - begin))
