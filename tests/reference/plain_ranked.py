"""Popularity and interest in plain Python: fresh posts are listed everywhere alike, and scored."""

import numpy as np

from sim.numbers.arithmetic import log2_units
from sim.world.platform import COMMENT, FOLLOW, LIKE, SHARE
from tests.reference.plain_lists import PlainLists
from tests.reference.plain_people import PROMOTED, TRIAL, Feed, Post, User


class PlainRanked(PlainLists):
    """Both rules; `fit` and `popularity` weigh the score."""

    def __init__(self, model) -> None:
        super().__init__(model, {TRIAL: 0, PROMOTED: model.rules.recommender.listings})
        self.engaged: list[int] = []  # by post number

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """List what is fresh, in proportion to engagement where popularity counts."""
        plan, blocks = self.model.rules.recommender, self.model.blocks
        self.open_hour()
        for _ in self.model.posts[len(self.engaged) :]:
            self.engaged.append(0)
        fresh = [
            post
            for post in self.model.live
            if post.hour > self.model.hour - plan.fresh_hours and not post.followers_only
        ]
        for post in fresh:
            self.walks[post.number].share = [float(np.float32(size / sum(blocks))) for size in blocks]
        pace = [1.0 + self.engaged[post.number] if plan.popularity > 0 else 1.0 for post in fresh]
        self.renew(PROMOTED, fresh, pace, 1e9)
        return [(user, self.feed(user, videos, key, 0)) for user, videos, key in sessions]

    def standing(self, post: Post, lane: int) -> int:
        """Log of engagement so far, in units of logit."""
        weight = round(self.model.rules.recommender.popularity * 710)
        return log2_units(self.engaged[post.number] + 1) * weight >> 10

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Tastes, and engagement."""
        self.learn_tastes(feeds, reactions)
        for _, post, verb, _ in self.acts_that_count():
            self.engaged[post.number] += verb in (LIKE, COMMENT, SHARE, FOLLOW)
