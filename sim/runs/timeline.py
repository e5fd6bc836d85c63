"""What happens when: the calendar of a comparison, from its scenarios, for a line of time above the days."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

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
    assert rules.campaign.start is not None
    start, last = (
        max(rules.campaign.start, rules.clock.first_day),
        rules.calendar.last_day,
    )  # no campaign acts in the warm-up
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
    """Polls, rounds, and what became of them; without an election, the end of the calendar."""
    last = rules.calendar.last_day
    if not rules.holds_election:
        yield Event(last, VOTE, "last day of the calendar")
        return
    told = rules.election.about(rules.campaign.candidate, last)
    first = date.fromisoformat(told["first_round"])
    polls: dict[date, list[str]] = {}
    for poll in told["polls"]:
        polls.setdefault(first - timedelta(days=poll["days_before"]), []).append(poll["house"])
    for day, houses in polls.items():
        yield Event(day, VOTE, f"poll{'s' if len(houses) > 1 else ''} of {', '.join(houses)}")
    yield Event(first, VOTE, "first round")
    run_off, annulled = date.fromisoformat(told["run_off"]), told["annulled"]
    yield Event(
        run_off, VOTE, "run-off" if not annulled or date.fromisoformat(annulled) > run_off else "run-off, not held"
    )
    if annulled:
        yield Event(date.fromisoformat(annulled), VOTE, "annulment")
    for day, what in zip(told["rerun"] or (), ("first round, held again", "its run-off"), strict=False):
        yield Event(date.fromisoformat(day), VOTE, what)


def told(events: Sequence[Event]) -> list[dict[str, str]]:
    """As a manifest keeps them."""
    return [{"date": event.day.isoformat(), "kind": event.kind, "what": event.what} for event in events]
