"""Cost of an impression by the size of the world; each world in a process of its own, so that memory is its own."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median
from time import process_time

from sim.model import CampaignModel
from sim.runs.face import load_scenario
from tests.benchmarks.measuring import Profile, threads
from tests.benchmarks.memory import Memory, memory_of, peak, resident
from tests.benchmarks.whole_model import COUNTRY, scale_of

TWO_DAYS = ("calendar.warm_up_days=1", "days=1")
EVENING = range(17, 23)  # hours of the day
# Of the second day: on the first, lists of a large world are too short to fill feeds.
MEASURED = range(24 + EVENING.start, 24 + EVENING.stop)
SIZES = {10_000: 5, 100_000: 3, 1_000_000: 1}  # users: repetitions
LARGE = {10_000_000: 1}


@dataclass
class Size:
    """One size of the world."""

    users: int
    impressions: int
    sessions: int
    nanoseconds: list[float]  # of processor time an impression, in one thread, of each repetition
    set_up: float  # seconds of processor time to make the world
    memory: Memory
    peak: int  # largest memory of the process, bytes

    @property
    def cost(self) -> float:
        """The median of the repetitions."""
        return median(self.nanoseconds)


def second_evening(users: int, repetitions: int) -> Size:
    """Make a world, pass its first day and a half, and measure the hours of the evening."""
    country = max(users, COUNTRY)  # a world of more users than the country has is a larger country
    names = ["scenario=country", f"scale={min(1.0, scale_of(users))}", f"population.country_users={country}", *TWO_DAYS]
    warm = CampaignModel(load_scenario(["scenario=classroom", *TWO_DAYS]))
    warm.run_until(EVENING.stop)  # compiles what is not yet
    costs, empty = [], resident()
    for _ in range(repetitions):
        begin = process_time()
        model = CampaignModel(load_scenario(names))
        set_up = process_time() - begin
        model.run_until(MEASURED.start)
        profile = Profile()
        with threads(1):
            for _ in MEASURED:
                profile.hour(model)
        costs.append(profile.total / profile.impressions * 1e9)
        memory = memory_of(model, resident() - empty)
        users = model.world.platform.users
        del model
    return Size(users, profile.impressions, profile.sessions, costs, set_up, memory, peak())


def measure(say: Callable[[str], None], large: bool = False) -> list[Size]:
    """All sizes, one after the other."""
    found = []
    for users, repetitions in (SIZES | (LARGE if large else {})).items():
        say(f"size of the world: {users:,} users")
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
            found.append(one.submit(second_evening, users, repetitions).result())
    return found
