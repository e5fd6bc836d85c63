"""Engagement that looks bought counts less for the recommender: on posts out of proportion, and by accounts that like in step.

Nothing is taken down, and visible counters stay: only the lever that bought engagement has on recommendations is shortened.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Suspicion, parts, requests_about
from sim.moderation.coaction_network import scores_of_hour
from sim.moderation.price import ONE as FULL
from sim.moderation.price import Priced, Scores, scores_of_pairs
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import LIKE, Longs, Platform


@dataclass(frozen=True)
class DiscountBought(Priced):
    """Likes a view far above what people give, or the same likes within the same time again and again."""

    reason: ClassVar[str] = "inauthentic"

    discount: float = quantity("share of such engagement that does not count", "share", 0, 1)
    least_likes: int = quantity("likes below which a post's proportion is not looked at", "likes", 1, 10**9)
    likes_per_view: float = quantity("share of views with a like above which a post is discounted", "likes/view", 0, 1)
    window: int = quantity("two likes of one post at most so far apart are a like in common", "seconds", 0, 3600)
    repetitions: float = quantity("weight of posts that a pair of accounts must have liked together", "posts", 1, 1000)
    most_actors: int = quantity(
        "likes of one post in two hours beyond which it tells nothing of pairs", "likes", 2, 10000
    )

    @property
    def stated_bar(self) -> int:
        """What is stated, of pairs as of posts."""
        return FULL

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Of both accounts of each pair that gained, and of the authors of posts out of proportion."""
        pairs, (rows, strange) = self._pairs(seen, suspicion, now), self._strange(seen)
        return Scores(
            np.concatenate([pairs.suspect, seen.posts.author[rows].astype(np.int64)]),
            np.concatenate([pairs.score, strange]),
        )

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Each post and each account is discounted once. Posts that many like weigh less (see `acting_together`)."""
        asked: set[int] = suspicion.notes.setdefault("discount_bought:asked", set())
        (account, score), (rows, strange) = self._pairs(seen, suspicion, now), self._strange(seen)
        bar = self.bar(suspicion)
        fresh = sorted(set(account[score >= bar].tolist()) - asked)
        asked.update(fresh)
        amount = parts(self.discount)
        requests = [Request("discount_bought", "discount", account=account, amount=amount) for account in fresh]
        return requests + requests_about("discount_bought", "discount", rows[strange >= bar], seen, suspicion, amount)

    def _pairs(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Accounts that liked the same posts within the window."""
        networks = suspicion.notes.setdefault("discount_bought", {})
        gained = scores_of_hour(seen, networks, LIKE, (self.window,), (self.repetitions,), True, self.most_actors, now)
        return scores_of_pairs(gained)

    def _strange(self, seen: Platform) -> tuple[Longs, Longs]:
        """Live rows of the posts liked in the last hour, and their likes a view in 1/FULL of what is stated, which itself is below."""
        posts, log = seen.posts, seen.log[-1]
        rows = np.unique(log.post[log.verb == LIKE]) - seen.first
        rows = rows[posts.likes[rows] >= self.least_likes]
        ratio = posts.likes[rows] / np.maximum(posts.views[rows], 1) / max(self.likes_per_view, 1e-9)
        return rows, np.ceil(np.minimum(ratio, 1e6) * FULL).astype(np.int64) - 1
