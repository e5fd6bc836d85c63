"""Ranking by engagement weights in plain Python."""

from sim.numbers.arithmetic import LOGIT, log, units
from sim.world.platform import COMMENT, FOLLOW, LIKE, REPORT, SHARE
from tests.reference.plain_lists import PlainLists
from tests.reference.plain_people import PROMOTED, TRIAL, WATCHED, Feed, Post, User


class PlainWeights(PlainLists):
    """Fresh posts by the value of the reactions that they are expected to draw; values in thousandths of points."""

    def __init__(self, model) -> None:
        self.plan = plan = model.rules.recommender
        super().__init__(model, {TRIAL: 0, PROMOTED: plan.listings})
        self.value = {
            LIKE: plan.like,
            COMMENT: plan.comment,
            SHARE: plan.share,
            FOLLOW: plan.follow,
            REPORT: plan.report,
        }
        self.drew: list[list[int]] = []  # by post number: value of all reactions so far, impressions
        self.total = [0, 0]
        kept = [(1.0 - plan.author_floor) * plan.author_discount**k + plan.author_floor for k in range(13)]
        self.discount = [units(plan.sharpness * float(log(kept[k] / kept[k + 1]))) for k in range(12)] + [0]

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """What is fresh, by its value."""
        self.open_hour()
        for _ in self.model.posts[len(self.drew) :]:
            self.drew.append([0, 0])
        self.list_fresh(self.plan.fresh_hours, self.worth)
        return [(user, self.feed(user, videos, key, 0)) for user, videos, key in sessions]

    def worth(self, post: Post) -> float:
        """Logarithm of the expected value over the mean."""
        (points, views), prior = self.drew[post.number], self.plan.prior_views
        mean = max(self.total[0] / self.total[1], 1.0) if self.total[1] else 1.0
        ratio = (points + prior * mean) / (views + prior) / mean
        return min(max(self.plan.sharpness * float(log(max(ratio, 1e-4))), -8.0), 8.0)

    def standing(self, post: Post, lane: int) -> int:
        """Its worth in units of logit."""
        return self.worths[post.number]

    def list_fresh(self, fresh_hours: int, worth) -> None:
        """The worth of this hour stands while people watch."""
        super().list_fresh(fresh_hours, worth)
        self.worths = {post.number: round(worth(post) * LOGIT) for post in self.model.live}

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Impressions, and all acts."""
        self.learn_tastes(feeds, reactions)
        for _, post in self.views_off_feed():
            self.count(post, 1000 * self.plan.played + 1000 * self.plan.watched, 1)
        for (_, feed), bits in zip(feeds, reactions, strict=True):
            for (post, _), reaction in zip(feed, bits, strict=True):
                self.count(post, 1000 * self.plan.played + 1000 * self.plan.watched * (reaction & WATCHED), 1)
        for _, post, verb, _ in self.acts_that_count():
            self.count(post, 1000 * self.value[verb], 0)

    def count(self, post: Post, value: float, views: int) -> None:
        """On the post, and in all."""
        for counts in (self.drew[post.number], self.total):
            counts[0] += round(value)
            counts[1] += views
