"""What every policy is, and the drawer in which moderation keeps its suspicions."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.randomness import Chance
from sim.world.actions import Request
from sim.world.platform import Platform


class Evidence(Protocol):
    """Checks that err by nature: their answers are all that moderation learns beyond the record."""

    def paid(self, post: int) -> bool:
        """What the classifier of undisclosed advertising says of a post."""

    def violates(self, account: int) -> bool:
        """What a human reviewer says of an account."""

    def unlawful(self, post: int) -> bool:
        """What the classifier of unlawful content says of a post."""


@dataclass
class Suspicion:
    """Moderation's own drawer: counts by policy, requests under way, and what was done."""

    notes: dict[str, Any] = field(default_factory=dict)
    queue: list[tuple[int, Request]] = field(default_factory=list)  # hour in which it arrived
    reviews: int = 0


class Policy(ABC):
    """A plug-in with one verb. It holds parameters only."""

    @abstractmethod
    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """What this policy asks for in this hour."""


def requests_about(
    policy: str, action: str, rows: npt.NDArray[np.integer], seen: Platform, suspicion: Suspicion
) -> list[Request]:
    """Ask for an action on some posts, by live row; about each post a policy asks once."""
    asked: set[int] = suspicion.notes.setdefault(f"{policy}:asked", set())
    fresh = [(int(row), int(row) + seen.first) for row in rows if int(row) + seen.first not in asked]
    asked.update(number for _, number in fresh)
    return [Request(policy, action, post=number, key=int(seen.posts.key[row])) for row, number in fresh]


def fresh_unlawful(policy: str, seen: Platform, suspicion: Suspicion, evidence: Evidence) -> list[int]:
    """Posts that a policy has not looked at before and that the classifier takes for unlawful, by number."""
    begin = max(int(suspicion.notes.get(f"{policy}:read", seen.first)), seen.first)
    suspicion.notes[f"{policy}:read"] = seen.first + len(seen.posts)
    return [number for number in range(begin, seen.first + len(seen.posts)) if evidence.unlawful(number)]


def moderate(
    policies: Mapping[str, Policy], desk: "ReviewDeskLike", seen: Platform, suspicion: Suspicion, evidence: Evidence,
    now: int, chance: Chance,
) -> list[Request]:  # fmt: skip
    """Flags of all policies, in an order that does not depend on theirs, then the desk's decisions."""
    requests: list[Request] = []
    for name in sorted(policies):
        requests += policies[name].flag(seen, suspicion, evidence, now, chance)
    return desk.process(sorted(set(requests)), suspicion, evidence, now, chance)


class ReviewDeskLike(Protocol):
    """The seam for other desks."""

    def process(
        self, requests: list[Request], suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
    ) -> list[Request]:
        """Requests to carry out now."""
