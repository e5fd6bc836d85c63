"""When the steps of a regulator reach the platform, whether it does what is asked, and what follows from each for the record.

Steps with a day have their hour beforehand; those with a trigger get one when it is met, and it is kept in moderation's own
drawer, so that two arms read the same record with dockets of their own. Nothing here reads more than the scenario and that drawer.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from zlib import crc32

from sim.moderation.base import Suspicion
from sim.numbers.luck import Decision, key_of, threshold
from sim.record.keeping import DAY, Asked, Hold
from sim.scenario.calendar import Clock
from sim.scenario.regulator import Answer, Regulator, Step

TRIGGERED = "regulator:triggered"  # where the drawer keeps the hours of steps that were triggered
BEFORE_ALL = -(1 << 40)  # an hour before any


class Arrival(NamedTuple):
    """A step and the hour at which it reaches the platform."""

    name: str
    step: Step
    hour: int


class Change(NamedTuple):
    """What the platform changes, and the hour from which on."""

    name: str
    answer: Answer
    hour: int


def arrivals(regulator: Regulator, clock: Clock, suspicion: Suspicion) -> Iterator[Arrival]:
    """Steps that have an hour by now, in the order of the scenario."""
    triggered: dict[str, int] = suspicion.notes.get(TRIGGERED, {})
    for name, step in regulator.steps.items():
        begins = triggered.get(name) if step.day is None else clock.hour_of(step.day)
        if begins is not None:
            yield Arrival(name, step, begins + round(step.delay))


def changes_of(regulator: Regulator, clock: Clock, suspicion: Suspicion, seed: int) -> list[Change]:
    """What the platform changes in answer to steps that have an hour by now. Whether it refuses is its luck with that step."""
    found = []
    for name, step, hour in arrivals(regulator, clock, suspicion):
        if step.answer is not None and _answers(seed, name, step.answer):
            found.append(Change(name, step.answer, hour + round(step.answer.delay)))
    return found


def _answers(seed: int, name: str, answer: Answer) -> bool:
    return key_of(seed, Decision.REGULATOR, crc32(name.encode())) < threshold(answer.chance)


def felt_steps(regulator: Regulator, clock: Clock) -> list[tuple[str, Step]]:
    """Steps that can make a difference before a world ends: that name posts, or are answered, in time. Their windows do not count."""
    found = []
    for name, step in regulator.steps.items():
        begins = clock.start if step.day is None else clock.hour_of(step.day)
        arrives = begins + round(step.delay)
        names = step.power in ("order", "notice") and arrives < clock.end
        changes = step.answer is not None and arrives + round(step.answer.delay) < clock.end
        if names or changes:
            found.append((name, replace(step, first_day=None, last_day=None, kept_days=None)))
    return found


def holds_of(regulator: Regulator, clock: Clock, suspicion: Suspicion) -> list[Hold]:
    """What orders keep. A preservation order covers what is stored when it arrives, a retention order what is done in its window."""
    found = []
    for _, step, hour in arrivals(regulator, clock, suspicion):
        kept = round(DAY * (step.kept_days or 0.0))
        if step.power == "preservation":
            found.append(Hold(hour, BEFORE_ALL, hour, hour + kept, only_stored=True))
        elif step.power == "retention" and step.first_day is not None and step.last_day is not None:
            last = clock.hour_of(step.last_day) + DAY
            found.append(Hold(hour, clock.hour_of(step.first_day), last, last + kept))
    return found


def asked_of(regulator: Regulator, clock: Clock, suspicion: Suspicion) -> list[Asked]:
    """What requests for information ask for, with the hour of their deadline, at which they are answered."""
    found = []
    for _, step, hour in arrivals(regulator, clock, suspicion):
        if step.power == "request" and step.first_day is not None:
            answered = hour + round(step.deadline or 0.0)
            found.append(Asked(answered, clock.hour_of(step.first_day), answered, step.given or 0.0))
    return found
