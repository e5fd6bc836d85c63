"""What a scenario says of a regulator: its steps, and what the platform changes in answer.

The powers are those of the Digital Services Act, Regulation (EU) 2022/2065, of national law on elections, and of the e-Evidence
Regulation (EU) 2023/1543; see docs/STATE.md for what each is in law and what is left out here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from sim.scenario.schema import PROBABILITY, ScenarioError, choice, nearest, optional, part, quantity

POWERS = {  # and what each needs to be said of it, beside its day
    "request": ("deadline", "first_day", "given"),  # for information, until it is answered, Art. 67
    "order": ("deadline", "posts", "obeyed"),  # to take posts down, national law
    "notice": (
        "deadline",
        "posts",
        "obeyed",
    ),  # of posts by trusted others, the Rapid Response System of the code of conduct
    "stress_test": ("answer",),  # of readiness before a vote, Art. 35 with the guidelines on elections
    "preservation": ("kept_days",),  # e-Evidence Regulation
    "retention": ("first_day", "last_day", "kept_days"),  # Art. 72(1)
    "interim_measures": ("answer",),  # Art. 70
    "proceedings": (),  # opened, Art. 66; they end after the time of any scenario
}


@dataclass(frozen=True)
class Answer:
    """What the platform changes in answer to a step, for the rest of the world; what is not said stays as it is."""

    chance: float = quantity("probability that the platform does so at all; it may refuse", "probability", *PROBABILITY)
    delay: float = quantity("from the step's arrival to the change", "hours", 0, 100000)
    reviewers: float | None = optional("reviews a day, as a multiple of those before", "ratio", 0, 1000)
    pace: float | None = optional("time from a flag to its review, as a multiple of that before", "ratio", 0, 1000)
    policies: tuple[str, ...] | None = optional(
        "policies that stand ready (moderation.on_request) and act from then on"
    )
    profiled: float | None = optional(
        "share of users who have the profiled feed from then on, where recommender=mix", "share", 0.01, 0.99
    )
    candidate_cap: float | None = optional(
        "most of the recommended places of one feed for one candidate", "share", *PROBABILITY
    )


@dataclass(frozen=True)
class Step:
    """One step: a power that is used on a day, or once something is to be seen in public."""

    power: str = choice("which power is used", tuple(POWERS))
    day: date | None = quantity("day on which it is used; none where it waits for its trigger", "date")
    trigger: float | None = optional(
        "share of the views of a day's posts about candidates that one candidate has, from which it is used",
        "share",
        *PROBABILITY,
    )
    delay: float = quantity(
        "from the beginning of its day, or from its trigger, until it reaches the platform", "hours", 0, 100000
    )
    deadline: float | None = optional("time that the platform has", "hours", 0, 100000)
    after: str | None = optional("name of a step that is taken before it")
    first_day: date | None = optional("first day of what is asked for or to be kept", "date")
    last_day: date | None = optional("last day of what is to be kept", "date")
    given: float | None = optional(
        "share of posts of which the platform hands over what was done to them", "share", *PROBABILITY
    )
    kept_days: float | None = optional(
        "days for which it is to be kept, from the order or the end of its window on", "days", 0, 3650
    )
    posts: float | None = optional("posts that it names, whole country", "posts", 0, 1e6)
    obeyed: float | None = optional("share of these that the platform takes down", "share", *PROBABILITY)
    answer: Answer | None = optional("what the platform changes")

    def check(self, where: str) -> None:
        """A day or a trigger; what its power needs, and nothing that it has no use for."""
        if (self.day is None) == (self.trigger is None):
            raise ScenarioError(f"{where}.day: {self.day} given beside trigger {self.trigger}, allowed one of the two")
        needed = POWERS[self.power]
        for name in needed:
            if getattr(self, name) is None:
                raise ScenarioError(
                    f"{where}.{name}: missing; a step with power {self.power} needs {', '.join(needed)}"
                )
        always = ("power", "day", "trigger", "delay", "after", "answer")
        for field in fields(self):
            if field.name not in (*always, *needed) and getattr(self, field.name) is not None:
                allowed = ", ".join((*always, *(name for name in needed if name not in always)))
                raise ScenarioError(f"{where}.{field.name}: of no use to power {self.power}, allowed: {allowed}")


@dataclass(frozen=True)
class Regulator:
    """Steps, and how well whoever names posts can tell which break the rules."""

    evidence: Any = part("error table of those who name posts")
    steps: Mapping[str, Step] = part("steps by name")

    def check(self, where: str) -> None:
        """Each step is taken after the one that it says it is."""
        for name, step in self.steps.items():
            if step.after is None:
                continue
            if step.after not in self.steps:
                raise ScenarioError(
                    f"{where}.steps.{name}.after: {step.after} given; {nearest(step.after, list(self.steps))}"
                )
            before = self.steps[step.after].day
            if before is not None and step.day is not None and step.day < before:
                raise ScenarioError(
                    f"{where}.steps.{name}.day: {step.day} given, allowed {before} or later: it is taken after {step.after}"
                )


def earlier(regulator: Regulator, days: Mapping[str, int]) -> Regulator:
    """The same regulator with some steps, and what they ask for or keep, so many days earlier."""
    steps = {name: _earlier(step, days.get(name, 0)) for name, step in regulator.steps.items()}
    return replace(regulator, steps=steps)


def _earlier(step: Step, days: int) -> Step:
    moved = {
        name: getattr(step, name) - timedelta(days=days)
        for name in ("day", "first_day", "last_day")
        if getattr(step, name) is not None
    }
    return replace(step, **moved)
