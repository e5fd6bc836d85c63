"""What a sweep comes to, before it begins: points, families, worlds, and roughly their time, memory and disk."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.runs.cost import bytes_of, seconds_of
from sim.runs.question import Question
from sim.runs.sweeps.points import Plan

A_RUN, A_RUN_DAY = (
    600.0,
    400.0,
)  # bytes of one world in a family's file, and of one of its days; measured over 2 and 14 days


@dataclass(frozen=True)
class Forecast:
    """Counts; seconds of one core; memory: bytes of one family; disk: bytes of all."""

    points: int
    families: int
    runs: int
    core_seconds: float
    memory: float
    disk: float


def forecast(plan: Plan) -> Forecast:
    """Points, families and worlds of a sweep, and roughly what they cost."""
    families, runs, seconds, disk = 0, 0, 0.0, 0.0
    for base, points in _by_base(plan):
        scenario, arms = base.scenario, len(base.arms) + len(base.versions)
        seeds = points * scenario.replications
        families += seeds
        runs += seeds * arms
        seconds += seeds * seconds_of(scenario, arms, 1, 1)
        disk += seeds * arms * (A_RUN + A_RUN_DAY * scenario.clock.days)
    return Forecast(len(plan.points), families, runs, seconds, memory_of(plan), disk)


def _by_base(plan: Plan) -> Iterator[tuple[Question, int]]:
    for words, base in plan.bases.items():
        yield base, sum(point.words == words for point in plan.points)


def memory_of(plan: Plan) -> float:
    """Bytes that one family takes at the most."""
    return max(memory_of_base(base) for base in plan.bases.values())


def memory_of_base(base: Question) -> float:
    """Bytes that a family of one comparison takes at the most: its desks may each wait apart from all others."""
    desks = sum(rules.moderation.start is not None for rules in base.arms.values())
    return bytes_of(base.scenario, max(desks, int(len(base.arms) > 1)))
