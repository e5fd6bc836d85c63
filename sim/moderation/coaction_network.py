"""Suspend groups of accounts that act together, at any of several time scales from seconds to hours."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.acting_together import ONE, groups_of, pairs_of_hour, weights_of
from sim.moderation.base import Evidence, Suspicion, parts
from sim.moderation.pair_network import Gained, PairNetwork, ends_of
from sim.moderation.price import ONE as FULL
from sim.moderation.price import Priced, Scores, scores_of_pairs
from sim.numbers.luck import Chance
from sim.scenario.schema import ScenarioError, choice, quantity
from sim.world.actions import Request
from sim.world.platform import COMMENT, LIKE, SHARE, Platform

VERB = {"comment": COMMENT, "like": LIKE, "share": SHARE}


@dataclass(frozen=True)
class CoactionNetwork(Priced):
    """Two accounts are linked once the posts that they acted on together, within one of the windows, weigh enough.

    Groups are connected components of all links. To have acted together does not say why: fans and friends do so as well.
    """

    reason: ClassVar[str] = "inauthentic"

    verb: str = choice("which acts are compared", tuple(VERB))
    windows: tuple[int, ...] = quantity("two acts at most so far apart are an act in common", "seconds", 0, 3600)
    repetitions: tuple[float, ...] = quantity(
        "weight of the posts on which a pair must have acted together, for each window", "posts", 1, 1000
    )
    correct_popularity: bool = choice("whether posts on which many acted count for less", (True, False))
    most_actors: int = quantity("acts on one post in two hours beyond which it tells nothing", "acts", 2, 10000)
    least_group: int = quantity("accounts of the smallest group that is flagged", "accounts", 2, 10000)
    action: str = choice("what is done to flagged accounts", ("suspend", "limit", "discount"))
    discount: float = quantity("share of their engagement that no longer counts, where discounted", "share", 0, 1)

    def check(self, where: str) -> None:
        """A number of repetitions for each window."""
        if len(self.windows) != len(self.repetitions):
            allowed = f"{len(self.windows)}, one for each of windows"
            raise ScenarioError(f"{where}.repetitions: {len(self.repetitions)} numbers given, allowed {allowed}")

    @property
    def stated_bar(self) -> int:
        """What is stated in any of the windows."""
        return FULL

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Of both accounts of each pair that gained."""
        return scores_of_pairs(self._gained(seen, suspicion, now))

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Add this hour's pairs; where links are new, flag the accounts of large groups, each once."""
        notes = suspicion.notes.setdefault("coaction_network:flagged", {"links": set(), "asked": set()})
        gained, bar = self._gained(seen, suspicion, now), self.bar(suspicion)
        one, other = ends_of(gained.pair[gained.weight >= bar])
        new = set(zip(one.tolist(), other.tolist(), strict=True)) - notes["links"]
        if not new:
            return []
        notes["links"] |= new
        members = {
            account for group in groups_of(notes["links"]) if len(group) >= self.least_group for account in group
        }
        asked: set[int] = notes["asked"]
        fresh = sorted(members - asked)
        asked.update(fresh)
        amount = parts(self.discount) if self.action == "discount" else 0
        return [Request("coaction_network", self.action, account=account, amount=amount) for account in fresh]

    def _gained(self, seen: Platform, suspicion: Suspicion, now: int) -> Gained:
        networks = suspicion.notes.setdefault("coaction_network", {})
        return scores_of_hour(
            seen,
            networks,
            VERB[self.verb],
            self.windows,
            self.repetitions,
            self.correct_popularity,
            self.most_actors,
            now,
        )


def scores_of_hour(
    seen: Platform, networks: dict[int, PairNetwork], verb: int, windows: tuple[int, ...],
    repetitions: tuple[float, ...], correct: bool, most_actors: int, now: int,
) -> Gained:  # fmt: skip
    """Add this hour's pairs to the network of each window; returns what those that gained have of the repetitions that are
    wanted within it, in 1/FULL, the largest of the windows."""
    post, one, other, gap = pairs_of_hour(seen, verb, max(windows), most_actors)
    counts = {COMMENT: seen.posts.comments, LIKE: seen.posts.likes, SHARE: seen.posts.shares}[verb]
    weight, found = weights_of(seen, post, counts, correct), list[Gained]()
    for window, needed in zip(windows, repetitions, strict=True):
        near, network = gap <= window, networks.setdefault(window, PairNetwork())
        pair, heavy = network.note(post[near], one[near], other[near], weight[near])
        found.append(Gained(pair, heavy * FULL // round(needed * ONE)))
        if now % 24 == 0:
            network.forget(seen.first)
    pairs, place = np.unique(np.concatenate([gained.pair for gained in found]), return_inverse=True)
    score = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(score, place, np.concatenate([gained.weight for gained in found]))
    return Gained(pairs, score)
