"""A nested design: sets of assumptions, each with seeds of its own, run side by side like the seeds of one comparison."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.runs.engines import run_all, was_interrupted
from sim.runs.families import Family, run_family
from sim.scenario.overrides import key_of
from sim.scenario.schema import ScenarioError, build, nearest, quantity

ASSUMPTIONS, RANGES = "assumptions", "ranges"
WAYS = (RANGES,)  # in which assumptions can be drawn
UNSAID = {"members": 64, "member_replications": 2}


@dataclass(frozen=True)
class Spread:
    """Words of `assumptions=ranges`."""

    members: int = quantity("sets of assumptions", "members", 8, 4096)
    member_replications: int = quantity("seeds of each set", "worlds", 1, 64)

    @property
    def words(self) -> list[str]:
        """By which it is asked for."""
        return [f"{ASSUMPTIONS}={RANGES}", f"members={self.members}", f"member_replications={self.member_replications}"]


def spread_of(overrides: Sequence[str]) -> tuple[list[str], Spread | None]:
    """The words that say what a world is, and the design over what nobody knows, if one is asked for."""
    said = {key_of(word): word.partition("=")[2].strip("'\"") for word in overrides}
    given = {key: said[key] for key in UNSAID if key in said}
    way = said.get(ASSUMPTIONS)
    if way is None:
        if given:
            raise ScenarioError(f"{next(iter(given))}: given without {ASSUMPTIONS}={RANGES}, allowed is only with it")
        return list(overrides), None
    if way not in WAYS:
        raise ScenarioError(f"{ASSUMPTIONS}: {way} given; {nearest(way, WAYS)}")
    numbers: dict[str, Any] = dict(UNSAID)
    for key, text in given.items():
        try:
            numbers[key] = int(text)
        except ValueError:
            raise ScenarioError(f"{key}: {text!r} given, allowed a whole number") from None
    words = [word for word in overrides if key_of(word) not in (ASSUMPTIONS, *UNSAID)]
    return words, build(Spread, numbers, "")


@dataclass(frozen=True)
class Task:
    """One seed of one member."""

    member: int
    family: Family

    @property
    def seed(self) -> int:
        """Of its worlds."""
        return self.family.seed


@dataclass(frozen=True)
class Done:
    """What came of a task: results, or why there are none."""

    member: int
    seed: int
    results: Sequence[Mapping[str, Any]]
    failed: str = ""


def run_task(task: Task) -> Done:
    """All arms of one seed of one member. A world that cannot be run ends its own task and no other."""
    try:
        return Done(task.member, task.seed, run_family(task.family))
    except Exception as error:
        if was_interrupted(error) or isinstance(error, OSError | MemoryError):  # of the machine, not of the member
            raise
        return Done(task.member, task.seed, (), f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


def run_tasks(
    engine: str, tasks: Sequence[Task], workers: int, on_progress: Callable[[int, int, str], None] | None
) -> list[Done]:
    """All tasks, by member and seed."""
    found: list[Done] = []
    for done in run_all(engine, run_task, tasks, workers):
        found.append(done)
        if on_progress:
            on_progress(len(found), len(tasks), f"set {done.member}")
    return sorted(found, key=lambda done: (done.member, done.seed))
