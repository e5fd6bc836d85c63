"""What a film keeps beside its posts: totals of each hour, feeds of some people, acts, decisions, payments, and first sights."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from sim.measures.visibility import reach, seen_in
from sim.model import CampaignModel
from sim.runs.about_election import is_about_election
from sim.runs.film.container import Column, narrow
from sim.runs.film.growing import Growing, by_owner
from sim.runs.film.hour import WHY, FilmedHour
from sim.runs.film.posts import PostTable, standing
from sim.world.actions import Request
from sim.world.platform import NOBODY, Ints

NEVER = 65535  # hour of first sight of those who never saw the candidate
BEFORE_FILM = len(WHY)  # how those came to see the candidate who had done so before the film


class Part(ABC):
    """A part of a film."""

    def hour(self, now: FilmedHour) -> None:
        """What was shown and done in a measured hour; a part that keeps nothing of it passes."""
        return

    def moderated(self, model: CampaignModel, hour: int, decided: Sequence[Request]) -> None:
        """What moderation did at its end; a part that keeps nothing of it passes."""
        return

    @abstractmethod
    def columns(self) -> dict[str, Column]:
        """Its columns, once the world has come to its end."""


class Totals(Part):
    """Numbers of each hour."""

    def __init__(self, candidates: int, focal: int, stages: int, tactics: Sequence[str]) -> None:
        self.candidates, self.focal, self.stages, self.tactics = candidates, focal, stages, list(tactics)
        self.rows = {name: list[object]() for name in (
            "impressions", "political", "everything", "reach", "queue", "reviews", "stage_posts", "spent"
        )}  # fmt: skip
        self.cents = np.zeros(len(self.tactics), dtype=np.int64)

    def hour(self, now: FilmedHour) -> None:
        """Count as the observer does."""
        seen = seen_in(now.world, now.shown)
        for payment in now.actions.pay:
            self.cents[self.tactics.index(payment.tactic)] += payment.cents
        for name, value in (
            ("impressions", seen.visible), ("political", seen.visible.sum()), ("everything", seen.genuine),
            ("reach", reach(now.world, self.candidates)), ("spent", self.cents / 100.0),
        ):  # fmt: skip
            self.rows[name].append(value)

    def moderated(self, model: CampaignModel, hour: int, decided: Sequence[Request]) -> None:
        """What waits for the desk, and where the candidate's posts stand."""
        self.rows["queue"].append(len(model.suspicion.queue))
        self.rows["reviews"].append(model.suspicion.reviews)
        self.rows["stage_posts"].append(standing(model.world, self.focal, self.stages))

    def columns(self) -> dict[str, Column]:
        """A row an hour."""
        types = {"stage_posts": "uint16", "spent": "float32"}
        return {name: np.asarray(rows).astype(types.get(name, "uint32")) for name, rows in self.rows.items()}


class FeedsOfPeople(Part):
    """What some people were shown, in order, and how they reacted."""

    def __init__(self, people: Sequence[int], accounts: int, posts: PostTable) -> None:
        self.people, self.posts = np.asarray(people, dtype=np.int64), posts
        self.chosen = np.zeros(accounts, dtype=np.bool_)
        self.chosen[self.people] = True
        self.asked = np.zeros(0, dtype=np.int64)  # places of posts that they were shown in this hour
        self.rows = Growing(person="int64", hour="uint16", post="int64", why="uint8", flags="uint8", mark="uint8")

    def hour(self, now: FilmedHour) -> None:
        """Copy their feeds."""
        places, who = now.of(self.chosen)
        self.asked = self.posts.places(now.world, now.numbers(places))
        person = np.searchsorted(self.people, who)
        self.rows.add(person, now.hour, self.asked, now.why(places, who), now.shown.flags[places], now.mark(places))

    def columns(self) -> dict[str, Column]:
        """Feeds, person by person."""
        columns = self.rows.columns()
        owner, names = columns.pop("person"), list(columns)
        start, sorted_ = by_owner(owner, len(self.people), [columns[name] for name in names])
        told = {f"feed_{name}": column for name, column in zip(names, sorted_, strict=True)}
        return {"feed_start": start, **told, "feed_post": narrow(told["feed_post"], "uint16", "uint32")}


class Acts(Part):
    """All acts on posts about the election."""

    def __init__(self, posts: PostTable) -> None:
        self.posts = posts
        self.rows = Growing(
            hour="uint16", second="uint16", account="int32", post="uint32", verb="uint8", elsewhere="uint8"
        )

    def hour(self, now: FilmedHour) -> None:
        """Copy those of this hour from the log."""
        log, first = now.world.platform.log[-1], now.world.platform.first
        log = log.of(log.post >= first)
        log = log.of(is_about_election(now.world.platform, log.post - first))
        post = self.posts.places(now.world, log.post)
        self.rows.add(now.hour, log.second, log.account, post, log.verb, log.elsewhere)

    def columns(self) -> dict[str, Column]:
        """In the order in which they were done."""
        return {f"act_{name}": column for name, column in self.rows.columns().items()}


class Decisions(Part):
    """What moderation had carried out."""

    def __init__(self, posts: PostTable) -> None:
        self.posts = posts
        self.actions, self.policies = list[str](), list[str]()
        self.rows = Growing(
            hour="uint16", action="uint8", policy="uint8", account="int32", post="int32", genuine="uint8"
        )

    def moderated(self, model: CampaignModel, hour: int, decided: Sequence[Request]) -> None:
        """Copy the decisions of an hour, with what they hit."""
        world = model.world
        for request in decided:
            post = int(self.posts.places(world, np.array([request.post]))[0])
            self.rows.add(
                hour, _place(self.actions, request.action), _place(self.policies, request.policy), request.account, post,
                is_genuine(model, request),
            )  # fmt: skip

    def columns(self) -> dict[str, Column]:
        """In the order in which they were carried out."""
        return {f"decision_{name}": column for name, column in self.rows.columns().items()}


def is_genuine(model: CampaignModel, request: Request) -> bool:
    """Whether a decision hits an account of the fixed set, or a post that nobody paid or asked for."""
    truth, platform = model.world.truth, model.world.platform
    if request.account != NOBODY and request.action != "withdraw":
        return bool(truth.genuine[request.account])
    row = request.post - platform.first
    return bool(0 <= row < len(platform.posts) and not truth.campaign_post[row])


class Payments(Part):
    """What the campaign paid."""

    def __init__(self, tactics: Sequence[str]) -> None:
        self.tactics = list(tactics)
        self.rows = Growing(hour="uint16", tactic="uint8", account="int32", cents="int32")

    def hour(self, now: FilmedHour) -> None:
        """Copy the payments of an hour."""
        for payment in now.actions.pay:
            self.rows.add(now.hour, self.tactics.index(payment.tactic), payment.account, payment.cents)

    def columns(self) -> dict[str, Column]:
        """In the order in which they were made."""
        return {f"payment_{name}": column for name, column in self.rows.columns().items()}


class FirstSights(Part):
    """When each of some people first saw the candidate, and how the post had come to them."""

    def __init__(self, nodes: Sequence[int], focal: int) -> None:
        self.nodes, self.focal = np.asarray(nodes, dtype=np.int64), focal
        self.when = np.full(len(self.nodes), NEVER, dtype=np.uint16)
        self.why = np.zeros(len(self.nodes), dtype=np.uint8)

    def open(self, saw: Ints) -> None:
        """Those who had seen the candidate before the film. saw: of all accounts."""
        had = self._seen(saw)
        self.when[had], self.why[had] = 0, BEFORE_FILM

    def _seen(self, saw: Ints) -> Column:
        return np.asarray((saw[self.nodes] >> self.focal) & 1, dtype=np.bool_)

    def hour(self, now: FilmedHour) -> None:
        """Note those who see the candidate for the first time."""
        new = self._seen(now.world.minds.saw.astype(np.int64)) & (self.when == NEVER)
        if not new.any():
            return
        chosen = np.zeros(len(now.world.minds.saw), dtype=np.bool_)
        chosen[self.nodes[new]] = True
        places, who = now.of(chosen)
        carries = now.carries(places, self.focal)
        places, who = places[carries], who[carries]
        first = dict(zip(who[::-1].tolist(), now.why(places, who)[::-1].tolist(), strict=True))
        self.when[new] = now.hour
        self.why[new] = [first.get(account, BEFORE_FILM) for account in self.nodes[new].tolist()]

    def columns(self) -> dict[str, Column]:
        """One row a person."""
        return {"saw_hour": self.when, "saw_why": self.why}


def _place(names: list[str], name: str) -> int:
    """The number of a name in a list, to which it is added where it is not there yet."""
    if name not in names:
        names.append(name)
    return names.index(name)
