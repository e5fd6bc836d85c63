"""What the manifest of a comparison says of its election."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sim.scenario.schema import part, quantity, text


@dataclass(frozen=True)
class PollOfFolder:
    """One published poll as a manifest names it."""

    house: str = text("who asked")
    days_before: int = quantity("days before the first round", "days", 1, 1000)
    sample: int = quantity("people who answered", "people", 1, 1e9)


@dataclass(frozen=True)
class ElectionOfFolder:
    """What a comparison leaves about its election."""

    first_round: date = quantity("day of the first round", "date")
    run_off: date = quantity("day of the run-off", "date")
    annulled: date | None = quantity("day on which the vote was annulled", "date")
    rerun: tuple[date, ...] | None = quantity("first round and run-off of the vote that was held again", "date")
    with_candidate: bool = part("whether the campaign's candidate stood again")
    little_known: tuple[str, ...] = part("labels")
    draws: int = quantity("for each world", "draws", 1, 100000)
    base: Mapping[str, float] = quantity("shares by candidate, the middle of a prior", "share", 0, 1)
    polls: tuple[PollOfFolder, ...] = part("in the order of days")
    priors: Mapping[str, float] = part("numbers of the priors by name")
