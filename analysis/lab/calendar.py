"""When what begins in a reel, in hours of its film."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sim.scenario.config import Scenario


def calendar_of(arms: Mapping[str, Scenario]) -> dict[str, Any]:
    """First hour, length, and marks: when the first campaign that acts begins and wakes its accounts, when the first moderation
    begins, and the vote, which is on the day after the calendar's last. What began before the film is marked at its first hour."""
    rules = list(arms.values())
    clock = rules[0].clock
    hours = clock.end - clock.start
    acting = next((each.campaign for each in rules if each.campaign.start is not None), None)
    days: dict[str, date | None] = {"campaign": acting.start if acting else None}
    days["wake"] = getattr(acting.tactics.get("wake_sleepers"), "wake_day", None) if acting else None
    days["moderation"] = next((each.moderation.start for each in rules if each.moderation.start is not None), None)
    days["vote"] = rules[0].calendar.last_day + timedelta(days=1)
    marks: list[dict[str, Any]] = [
        {"name": name, "hour": max(0, clock.hour_of(day) - clock.start)}
        for name, day in days.items()
        if day is not None and clock.hour_of(day) - clock.start <= hours
    ]
    marks.sort(key=lambda mark: (mark["hour"], mark["name"]))
    return {"start": f"{clock.first_day.isoformat()}T00:00", "hours": hours, "marks": marks}
