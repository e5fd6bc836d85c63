"""A weighted sum of predicted reactions, as platforms have published it.

X, 2023 (github.com/twitter/the-algorithm-ml, projects/home/recap): each predicted reaction has a weight, and an author's k-th
further post in a feed counts (1 - floor) discount^k + floor of its value (github.com/twitter/the-algorithm, home-mixer).
TikTok, 2021 (New York Times, 5 December 2021): expected likes, comments, play time and plays, times undisclosed values.

Predicted is each post's rate so far, with a prior, for a user whose taste fits e^(fit cosine) as much: the score is the
logarithm of the sum. What the presets name and this world has not, is said in their comments.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kernels.counting import count_points, count_views
from sim.kernels.reactions import WATCHED
from sim.numbers.arithmetic import log, units
from sim.numbers.luck import Chance
from sim.recommenders.base import (
    CountingViews,
    Listed,
    admit_fresh,
    learn_usual,
    list_by_worth,
    shortlists,
)
from sim.scenario.schema import quantity
from sim.world.actions import Shortlists, Shown, Visits
from sim.world.platform import Platform
from sim.world.world import Beliefs

LEAST = 1e-4  # a value below so much of the mean is taken for it, since reports can make values negative
FURTHER = 12  # further posts of one author whose discounts differ


@dataclass(frozen=True)
class EngagementWeights(CountingViews, Listed):
    """Fresh posts on shortlists and in feeds by the value of the reactions that they are expected to draw."""

    fit: float = quantity("weight of personal fit in the logarithm of the value", "logit/cosine", 0, 20)
    sharpness: float = quantity("weight of each e-fold of the value in the score", "logit/e-fold", 0, 10)
    prior_views: float = quantity("views' worth of prior in the predicted reactions", "views", 0.1, 1000)
    played: float = quantity("value of an impression", "points", -1000, 1000)
    watched: float = quantity("value of a view to the end", "points", -1000, 1000)
    like: float = quantity("value of a like", "points", -1000, 1000)
    comment: float = quantity("value of a comment", "points", -1000, 1000)
    share: float = quantity("value of a share", "points", -1000, 1000)
    follow: float = quantity("value of a follow", "points", -1000, 1000)
    report: float = quantity("value of a report", "points", -1000, 1000)
    author_discount: float = quantity(
        "share that each further post of an author in a feed keeps, above the floor, of the one before", "ratio", 0, 1
    )
    author_floor: float = quantity("least share of its value that a further post keeps", "ratio", 0.01, 1)

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """No reaction yet."""
        beliefs = super().opening_beliefs(seen)
        for name in ("views", "watched", "points"):
            beliefs.posts[name], beliefs.fills[name] = np.zeros(0, dtype=np.int64), 0
        beliefs.rest["total"] = np.zeros(2, dtype=np.int64)  # thousandths of points, and views
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Shortlists:
        """List fresh posts in proportion to their value, and score them by its logarithm."""
        _, slots = admit_fresh(seen, beliefs, now - self.fresh_hours)
        ratio = self._values(beliefs, beliefs.rest["staged"][slots] - seen.first)
        list_by_worth(seen, beliefs, slots, self.sharpness * log(np.maximum(ratio, LEAST)), self.most_shown, now)
        lists = shortlists(beliefs, self.fit, 0.0, self.followed_share)
        return lists._replace(discount=self.discounts)

    def _values(self, beliefs: Beliefs, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Expected value of an impression of some posts, relative to the mean of all impressions so far."""
        posts, (points, views) = beliefs.posts, beliefs.rest["total"].tolist()
        mean = max(points / views, 1.0) if views else 1.0
        played, watched = thousandths(self.played), thousandths(self.watched)
        own = posts["points"][rows] + played * posts["views"][rows] + watched * posts["watched"][rows]
        expected = (own + self.prior_views * mean) / (posts["views"][rows] + self.prior_views)
        return np.asarray(expected / mean, dtype=np.float64)

    @property
    def discounts(self) -> npt.NDArray[np.int32]:
        """What an author's first further post loses, the second beyond it, and so on: units of logit."""
        kept = (1.0 - self.author_floor) * self.author_discount ** np.arange(FURTHER + 1) + self.author_floor
        steps = [units(self.sharpness * float(lost)) for lost in log(kept[:-1] / kept[1:])]
        return np.array([*steps, 0], dtype=np.int32)

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """Count views and reactions: of all impressions, and of visits off the feed as far as these count."""
        learn_usual(beliefs, shown)
        feeds, posts, total, entries = shown.feeds, beliefs.posts, beliefs.rest["total"], seen.log[-1]
        count_views(feeds.offset, shown.direct, feeds.row, shown.flags, *shown.tally, posts["views"], posts["watched"])
        bare = self.off_feed_visits(seen, entries).post - seen.first
        np.add.at(posts["views"], bare, 1)
        np.add.at(posts["watched"], bare, 1)
        values = (self.like, self.comment, self.share, self.follow, self.report)
        worth, counts = np.array([thousandths(value) for value in values], dtype=np.int64), self.counted(seen, entries)
        count_points(entries.post - seen.first, entries.verb, counts, worth, posts["points"])
        views = int(feeds.length.sum()) + len(bare)
        watched = int(np.count_nonzero(shown.flags & WATCHED)) + len(bare)
        plain = thousandths(self.played) * views + thousandths(self.watched) * watched
        total += plain + int(worth[entries.verb[counts]].sum()), views


def thousandths(points: float) -> int:
    """Whole thousandths of points, in which values are counted."""
    return round(1000.0 * points)
