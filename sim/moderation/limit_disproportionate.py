"""Keep posts out of recommendations whose engagement is out of proportion to their views, as bought engagement makes it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Suspicion, requests_about
from sim.moderation.price import ONE, Priced, Scores
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import Longs, Platform


@dataclass(frozen=True)
class LimitDisproportionate(Priced):
    """Posts that were acted on in the last hour are looked at; only public counters count."""

    reason: ClassVar[str] = "inauthentic"

    least_likes: int = quantity("likes below which a post is not looked at", "likes", 1, 10**9)
    likes_per_view: float = quantity("share of views with a like above which a post is flagged", "likes/view", 0, 1)
    comments_per_like: float = quantity("comments for each like above which a post is flagged", "comments/like", 0, 1e6)

    @property
    def stated_bar(self) -> int:
        """What is stated."""
        return ONE

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Of the authors of posts that were acted on."""
        rows, score = self._strange(seen)
        return Scores(seen.posts.author[rows], score)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Flag each post once."""
        rows, score = self._strange(seen)
        return requests_about("limit_disproportionate", "limit", rows[score >= self.bar(suspicion)], seen, suspicion)

    def _strange(self, seen: Platform) -> tuple[Longs, Longs]:
        """Live rows of posts that were acted on in the last hour, and the larger of their two proportions to what is stated.

        In 1/ONE; a post that has just what is stated stands below ONE.
        """
        posts = seen.posts
        rows = np.unique(seen.log[-1].post) - seen.first
        rows = rows[(rows >= 0) & (posts.likes[np.maximum(rows, 0)] >= self.least_likes)]
        likes, views = posts.likes[rows].astype(np.float64), np.maximum(posts.views[rows], 1)
        of_views = likes / views / max(self.likes_per_view, 1e-9)
        of_likes = posts.comments[rows] / np.maximum(likes, 1.0) / max(self.comments_per_like, 1e-9)
        return rows, np.ceil(np.minimum(np.maximum(of_views, of_likes), 1e6) * ONE).astype(np.int64) - 1
