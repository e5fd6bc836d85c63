"""Engagement that looks bought counts less for the recommender: on posts out of proportion, and by accounts that like in step.

Nothing is taken down, and visible counters stay: only the lever that bought engagement has on recommendations is shortened.
"""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, parts, requests_about
from sim.moderation.coaction_network import links_of_hour
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import LIKE, Platform


@dataclass(frozen=True)
class DiscountBought(Policy):
    """Likes a view far above what people give, or the same likes within the same time again and again."""

    discount: float = quantity("share of such engagement that does not count", "share", 0, 1)
    least_likes: int = quantity("likes below which a post's proportion is not looked at", "likes", 1, 10**9)
    likes_per_view: float = quantity("share of views with a like above which a post is discounted", "likes/view", 0, 1)
    window: int = quantity("two likes of one post at most so far apart are a like in common", "seconds", 0, 3600)
    repetitions: float = quantity("weight of posts that a pair of accounts must have liked together", "posts", 1, 1000)
    most_actors: int = quantity(
        "likes of one post in two hours beyond which it tells nothing of pairs", "likes", 2, 10000
    )

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Each post and each account is discounted once. Posts that many like weigh less (see `acting_together`)."""
        notes = suspicion.notes.setdefault("discount_bought", {"pairs": {}, "asked": set()})
        linked = links_of_hour(
            seen, notes["pairs"], LIKE, (self.window,), (self.repetitions,), True, self.most_actors, now
        )
        asked: set[int] = notes["asked"]
        fresh = sorted({account for pair in linked for account in pair} - asked)
        asked.update(fresh)
        amount = parts(self.discount)
        requests = [Request("discount_bought", "discount", account=account, amount=amount) for account in fresh]
        return requests + requests_about("discount_bought", "discount", self._strange(seen), seen, suspicion, amount)

    def _strange(self, seen: Platform) -> np.ndarray:
        """Live rows of the posts liked in the last hour whose likes are out of proportion to their views."""
        posts, log = seen.posts, seen.log[-1]
        rows = np.unique(log.post[log.verb == LIKE]) - seen.first
        likes = posts.likes[rows]
        strange: np.ndarray = rows[(likes >= self.least_likes) & (likes > self.likes_per_view * posts.views[rows])]
        return strange
