"""Keep posts out of recommendations whose engagement is out of proportion to their views, as bought engagement makes it."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, requests_about
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import Platform


@dataclass(frozen=True)
class LimitDisproportionate(Policy):
    """Posts that were acted on in the last hour are looked at; only public counters count."""

    least_likes: int = quantity("likes below which a post is not looked at", "likes", 1, 10**9)
    likes_per_view: float = quantity("share of views with a like above which a post is flagged", "likes/view", 0, 1)
    comments_per_like: float = quantity("comments for each like above which a post is flagged", "comments/like", 0, 1e6)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Flag each post once."""
        posts = seen.posts
        rows = np.unique(seen.log[-1].post) - seen.first
        rows = rows[(rows >= 0) & (posts.likes[np.maximum(rows, 0)] >= self.least_likes)]
        likes = posts.likes[rows]
        strange = likes > self.likes_per_view * posts.views[rows]
        strange |= posts.comments[rows] > self.comments_per_like * likes
        return requests_about("limit_disproportionate", "limit", rows[strange], seen, suspicion)
