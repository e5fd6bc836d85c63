"""What a request costs in memory and time, roughly, and whether the machine has it: said before the work begins."""

import os
from collections.abc import Iterator
from pathlib import Path

from sim.runs.families import MOST_COPIED
from sim.scenario.config import Scenario

# bytes; measured at 100,000 to nine million users (docs/PERFORMANCE.md): of the program, of a user, and of a post that still lives,
# with a third more for what an hour needs beside them
PROGRAM, A_USER, A_POST, BESIDE = 4.0e8, 700.0, 310.0, 1.3
LIVE_DAYS = 10.0  # days for which a post is kept
IMPRESSIONS = 170.0  # a user a day
SECONDS = 1.0e-7  # of one core for an impression
A_DAY_AT_LEAST = 0.06  # seconds of one core for a simulated day of the smallest world
COPIED = 2.0  # ratio; what a world that waits takes to what its rows do: 8.7 GB were measured with 28 of 30,000 users
PARTED = 2  # worlds of one seed that lie beside each other while arms part by their campaigns, or wait on disk
A_DAY = 86_400.0  # seconds


def bytes_of(scenario: Scenario, waiting: int = 0) -> float:
    """Memory of one seed at the most. waiting: worlds that wait in memory, as small ones do where desks decide differently."""
    population = scenario.population
    users = population.country_users * scenario.scale
    posts = population.posts_per_user_day * min(LIVE_DAYS, scenario.clock.end / 24.0)
    worlds = 1 + (COPIED * waiting if users <= MOST_COPIED else min(waiting, PARTED - 1))
    return PROGRAM + worlds * BESIDE * users * (A_USER + A_POST * posts)


def seconds_of(scenario: Scenario, arms: int, seeds: int, workers: int) -> float:
    """Time of all worlds."""
    users = scenario.population.country_users * scenario.scale
    days = scenario.calendar.warm_up_days + arms * scenario.clock.days
    return (users * IMPRESSIONS * SECONDS + A_DAY_AT_LEAST) * days * seeds / max(1, min(workers, seeds))


def warnings(scenario: Scenario, arms: int = 1, seeds: int = 1, workers: int = 1, desks: int = 0) -> Iterator[str]:
    """A line for each thing of which more is asked than there is, or than a day. desks: arms that have a policy, each of which may
    wait apart from all others."""
    workers = min(workers, seeds)
    waiting = max(desks, PARTED - 1 if arms > 1 else 0)
    needed, there = bytes_of(scenario, waiting) * workers, free_memory()
    if there is not None and needed > there:
        fewer = ", or --threads 1" if workers > 1 else ""
        yield (
            f"this asks for about {needed / 1e9:.0f} GB of memory, and {there / 1e9:.0f} GB are free: it may be ended by the machine; a "
            f"smaller world (scale){fewer} needs less"
        )
    seconds = seconds_of(scenario, arms, seeds, workers)
    if seconds > A_DAY:
        yield f"this takes about {seconds / A_DAY:.1f} days here; what is finished is kept, and the same command goes on"


def free_memory() -> float | None:
    """Bytes that this machine can still give; None where it does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024.0
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (OSError, ValueError, AttributeError):
        return None
