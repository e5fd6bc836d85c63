"""What happens when: the calendar of a comparison, from its scenarios, for a line of time above the days."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sim.scenario.config import Scenario

CAMPAIGN, REGULATOR, VOTE = "campaign", "regulator", "vote"


class Event(NamedTuple):
    """Something on a day. kind: whose: campaign, regulator or vote."""

    day: date
    kind: str
    what: str


def timeline(scenarios: Sequence[Scenario]) -> list[Event]:
    """Events of the first campaign that acts, of the first regulator as its preset has it, and of the vote, in order of time."""
    found: list[Event] = []
    acting = next((rules for rules in scenarios if rules.campaign.start is not None and rules.campaign.tactics), None)
    if acting is not None:
        found += _of_campaign(acting)
    regulated = next((rules for rules in scenarios if rules.regulator is not None), None)
    if regulated is not None:
        found += _of_regulator(regulated)
    found += _of_vote(scenarios[0])
    return sorted(found, key=lambda event: (event.day, event.kind))


def _of_campaign(rules: Scenario) -> Iterator[Event]:
    """When each tactic opens; tactics that open on one day are one event."""
    start, last = rules.campaign.start, rules.calendar.last_day
    assert start is not None
    opening: dict[date, list[str]] = {}
    for name, tactic in rules.campaign.tactics.items():
        day = max(tactic.opens_on() or start, start)
        opening.setdefault(day, []).append(name.replace("_", " "))
    for day, names in opening.items():
        if day <= last:
            yield Event(day, CAMPAIGN, f"begins: {', '.join(names)}")


def _of_regulator(rules: Scenario) -> Iterator[Event]:
    """The day of each step that has one, and of the answer to a request."""
    for name, step in rules.regulator.steps.items() if rules.regulator else ():
        if step.day is None:
            continue
        yield Event(step.day, REGULATOR, name.replace("_", " "))
        if step.deadline is not None and step.power == "request":
            answered = step.day + timedelta(hours=step.delay + step.deadline)
            yield Event(answered, REGULATOR, f"{name.replace('_', ' ')}: to be answered")


def _of_vote(rules: Scenario) -> Iterator[Event]:
    """What the election says of its calendar; without one, the end of the campaign."""
    events: Any = getattr(rules.election, "events", None)
    if events is None:
        yield Event(rules.calendar.last_day, VOTE, "last day of the calendar")
        return
    for day, what in events(rules.calendar.last_day):
        yield Event(day, VOTE, what)


def told(events: Sequence[Event]) -> list[dict[str, str]]:
    """As a manifest keeps them."""
    return [{"date": event.day.isoformat(), "kind": event.kind, "what": event.what} for event in events]
