"""What every policy is, and the drawer in which moderation keeps its suspicions."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from sim.numbers.luck import Chance
from sim.scenario.schema import nearest
from sim.world.actions import Request
from sim.world.platform import PARTS, Platform


class Evidence(Protocol):
    """Checks that err by nature: their answers are all that moderation learns beyond the record."""

    def paid(self, post: int) -> bool:
        """What the classifier of undisclosed advertising says of a post."""

    def violates(self, account: int, review: int = 0) -> bool:
        """What a human reviewer says of an account; another person's review (1, 2, ...) can come to another answer."""

    def faulty(self, post: int, review: int = 0) -> bool:
        """What a human reviewer says of a post."""

    def unlawful(self, post: int) -> bool:
        """What the classifier of unlawful content says of a post."""


@dataclass
class Suspicion:
    """Moderation's own drawer: counts by policy, requests under way, and what was done."""

    notes: dict[str, Any] = field(default_factory=dict)
    queue: list[tuple[int, Request]] = field(default_factory=list)  # hour that the desk goes by
    agenda: list[tuple[int, Request]] = field(default_factory=list)  # hour at which a pause or a wait ends by itself
    reviews: int = 0
    judged: set[tuple[str, str, int, int]] = field(default_factory=set)  # requests that a person saw, up to their post
    appeals: int = 0  # that were heard
    # The price of each policy's bar: accounts of 100,000 users that it may hit in a week of the record before the start.
    price: float | None = None
    watched: int = 0  # hours of that record
    tops: dict[str, dict[int, int]] = field(default_factory=dict)  # by policy, the highest score of each suspect in it
    bars: dict[str, int] = field(default_factory=dict)  # by policy, the bar that was chosen

    def review(self, request: Request) -> None:
        """Count the review of a person."""
        self.reviews += 1
        self.judged.add(request[:4])


REASONS = ("rules", "reported", "inauthentic", "undisclosed", "unlawful")


class Policy(ABC):
    """A plug-in with one verb. It holds parameters only.

    reason: why it acts, for statements of reasons: the platform's own rules, notices by users, inauthentic accounts or engagement,
    undisclosed advertising, or the law.
    """

    reason: ClassVar[str] = "rules"

    @abstractmethod
    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """What this policy asks for in this hour."""

    def watch(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> None:
        """Read an hour of the record before the start; see `sim.moderation.price`."""
        return

    def stand_ready(self, seen: Platform, suspicion: Suspicion, now: int) -> None:
        """Read an hour without asking for anything, after the start; see `sim.moderation.price`."""
        return


def requests_about(
    policy: str, action: str, rows: npt.NDArray[np.integer], seen: Platform, suspicion: Suspicion, amount: int = 0
) -> list[Request]:
    """Ask for an action on some posts, by live row; about each post a policy asks once."""
    asked: set[int] = suspicion.notes.setdefault(f"{policy}:asked", set())
    fresh = [(int(row), int(row) + seen.first) for row in rows if int(row) + seen.first not in asked]
    asked.update(number for _, number in fresh)
    posts = seen.posts
    return [
        Request(policy, action, post=number, key=int(posts.key[row]), author=int(posts.author[row]), amount=amount)
        for row, number in fresh
    ]


def parts(share: float) -> int:
    """A share as the amount of a request."""
    return round(share * PARTS)


ACTIONS = ("remove", "suspend", "limit", "label", "slow", "hold", "discount", "friction", "withdraw",
           "cap_candidate", "cap_hashtag", "cap_author", "release")  # fmt: skip
AUTOMATIC = {"slow": "resume", "hold": "release", "discount": "", "friction": "", "cap_candidate": "", "cap_hashtag": "",
             "cap_author": "", "release": ""}  # fmt: skip


def carried_out_at_once(requests: list[Request], suspicion: Suspicion, now: int) -> list[Request]:
    """Automatic actions, which wait for no person, and what has come to its end by now; ends are put on the agenda."""
    at_once = [request for request in requests if request.action in AUTOMATIC]
    for request in at_once:
        if AUTOMATIC[request.action] and request.amount:
            suspicion.agenda.append(
                (now + request.amount, request._replace(action=AUTOMATIC[request.action], amount=0))
            )
    due = [request for hour, request in suspicion.agenda if hour <= now]
    if due:
        suspicion.agenda = [(hour, request) for hour, request in suspicion.agenda if hour > now]
    return at_once + due


def is_case(request: Request) -> bool:
    """Whether the desk decides about a request: all but automatic actions, and a post that waits for it."""
    return request.action not in AUTOMATIC or (request.action == "hold" and request.post >= 0)


def fresh_unlawful(policy: str, seen: Platform, suspicion: Suspicion, evidence: Evidence) -> list[int]:
    """Posts that a policy has not looked at before and that the classifier takes for unlawful, by number."""
    begin = max(int(suspicion.notes.get(f"{policy}:read", seen.first)), seen.first)
    suspicion.notes[f"{policy}:read"] = seen.first + len(seen.posts)
    return [number for number in range(begin, seen.first + len(seen.posts)) if evidence.unlawful(number)]


def moderate(
    policies: Mapping[str, Policy], desk: "ReviewDeskLike", seen: Platform, suspicion: Suspicion, evidence: Evidence,
    now: int, chance: Chance,
) -> list[Request]:  # fmt: skip
    """Flags of all policies, in an order that does not depend on theirs; what is automatic, then the desk's decisions."""
    requests: list[Request] = []
    for name in sorted(policies):
        requests += _checked(name, policies[name].flag(seen, suspicion, evidence, now, chance))
    requests = sorted(set(requests))
    at_once = carried_out_at_once(requests, suspicion, now)
    return at_once + desk.process([r for r in requests if is_case(r)], suspicion, evidence, now, chance)


def watch(
    policies: Mapping[str, Policy], seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
) -> None:
    """Policies that are to be set at a price read an hour before their start."""
    if suspicion.price is not None:
        suspicion.watched += 1
        for name in sorted(policies):
            policies[name].watch(seen, suspicion, evidence, now, chance)


def stand_ready(policies: Mapping[str, Policy], seen: Platform, suspicion: Suspicion, now: int) -> None:
    """Policies that act only in answer to a regulator read on, so that they know the record when they are asked for.

    Their bars stay those of the record before the start: what came later may be a campaign.
    """
    for name in sorted(policies):
        policies[name].stand_ready(seen, suspicion, now)


def _checked(policy: str, asked: list[Request]) -> list[Request]:
    """What a policy asked for, if somebody can carry it out."""
    if not isinstance(asked, list):
        raise TypeError(f"policy {policy}: flag returned {asked!r}, allowed a list of requests, which may be empty")
    for request in asked:
        if request.action not in ACTIONS:
            raise ValueError(
                f"policy {policy}: action {request.action!r} given; {nearest(str(request.action), ACTIONS)}"
            )
    return asked


class ReviewDeskLike(Protocol):
    """The seam for other desks."""

    def process(
        self, requests: list[Request], suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance
    ) -> list[Request]:
        """Requests to carry out now."""
