"""Moderation as it is in force at an hour: what the platform decided to do by itself, and what it changed in answer to a regulator."""

from dataclasses import dataclass, replace

from sim.moderation.base import Policy, Suspicion
from sim.regulator.docket import changes_of
from sim.scenario.calendar import Clock
from sim.scenario.config import Moderation
from sim.scenario.regulator import Regulator


@dataclass(frozen=True)
class InForce:
    """Moderation with the policies that act, and those that stand ready and only read."""

    moderation: Moderation
    ready: dict[str, Policy]


def in_force(
    moderation: Moderation, regulator: Regulator | None, clock: Clock, suspicion: Suspicion, seed: int, now: int
) -> InForce:
    """What holds at an hour. Of two answers that speak of the same, what they change is multiplied."""
    reviewers, pace, open_now = 1.0, 1.0, set[str]()
    for change in changes_of(regulator, clock, suspicion, seed) if regulator else ():
        if change.hour <= now:
            reviewers *= 1.0 if change.answer.reviewers is None else change.answer.reviewers
            pace *= 1.0 if change.answer.pace is None else change.answer.pace
            open_now |= set(change.answer.policies or ())
    if (reviewers, pace) != (1.0, 1.0):
        moderation = replace(moderation, desk=moderation.desk.at_effort(reviewers, pace))
    waiting = [name for name in moderation.on_request if name not in open_now]
    ready = {name: moderation.policies[name] for name in waiting}
    acting = {name: policy for name, policy in moderation.policies.items() if name not in ready}
    return InForce(replace(moderation, policies=acting) if ready else moderation, ready)
