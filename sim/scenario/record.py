"""What a scenario says of the record: how long things are kept, what an outsider gets of them, and how well it is looked at."""

from dataclasses import dataclass
from datetime import date

from sim.scenario.schema import PROBABILITY, part, quantity


@dataclass(frozen=True)
class Inspection:
    """How each of the three looks for accounts that comment together (Pacheco et al., ICWSM 2021), and when that is enough."""

    window: int = quantity("two comments on one post at most so far apart are in common", "seconds", 0, 3600)
    memory_days: int = quantity("days of the record that are looked at together", "days", 1, 60)
    false_positives: float = quantity(
        "accounts of 100,000 users that may be flagged in a week of the record before the campaign",
        "accounts/week",
        0,
        100000,
    )
    found: float = quantity(
        "share of the campaign's own accounts whose flags count as having found it", "share", *PROBABILITY
    )


@dataclass(frozen=True)
class Record:
    """How long what happened is kept after it is gone from sight, and what an outsider gets of what is in sight.

    Whether an outsider gets a post is luck that nothing on the platform depends on, and of which no outsider knows more than `sampled`.
    """

    removed_kept: float = quantity("days for which what the platform removed stays on its record", "days", 0, 3650)
    restorable: float = quantity("days for which an owner can bring back what the owner deleted", "days", 0, 3650)
    accounts_deleted: float = quantity("accounts that their owners delete in a day", "share/day", 0, 0.1)
    posts_deleted: float = quantity("posts that their authors delete in a day", "share/day", 0, 0.1)
    covered_up: float = quantity(
        "share of the accounts that the campaign holds which it deletes after the last day", "share", *PROBABILITY
    )
    covered_up_days: float = quantity("days over which it does so", "days", 0, 400)
    sampled: float = quantity("share of posts in sight that the public sample promises", "share", *PROBABILITY)
    lost: float = quantity(
        "share of these that it does not hold, for reasons that nobody outside knows", "share", *PROBABILITY
    )
    outsider_begins: date | None = quantity(
        "day from which somebody outside keeps copies; none where they look at the end only", "date"
    )
    reached: float = quantity(
        "share of a community's genuine users who have seen the candidate, from which on it counts as reached",
        "share",
        *PROBABILITY,
    )
    days_after: int = quantity("days after the last day for which the record is looked at", "days", 0, 400)
    inspection: Inspection = part("how it is looked at")
