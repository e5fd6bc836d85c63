"""What recommenders share that factorise who approved of what: ratings, and vectors that follow them online.

Biased matrix factorisation by stochastic gradient (Koren, Bell and Volinsky 2009, doi 10.1109/MC.2009.263): an account's
rating of a post is a mean, a bias of the account, a bias of the post, and the product of their vectors. Ratings are
impressions, in the order in which they happened; nothing of a post's content is looked at.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.kernels.factors import descend
from sim.kernels.reactions import COMMENTED, FOLLOWED, LIKED, SHARED, WATCHED
from sim.numbers.luck import Words, chain_array, key_of, uniform
from sim.recommenders.base import CountingViews, Listed, admit_fresh, counts_of
from sim.scenario.schema import quantity
from sim.world.actions import Shown
from sim.world.platform import REPORT, Platform
from sim.world.world import Beliefs

APPROVED = LIKED | COMMENTED | SHARED | FOLLOWED
SPREAD = 0.1  # initial vectors are uniform within +-SPREAD; large enough for the gradient to leave zero
READERS, MAKERS = 1, 2  # keys of initial vectors: of accounts as readers, and of what they make


class Ratings(NamedTuple):
    """Who rated what how, in order."""

    account: npt.NDArray[np.int32]
    row: npt.NDArray[np.int64]
    rating: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Factorised(CountingViews, Listed):
    """Fresh posts on shortlists by what was learned of them; a new post begins where its author's last ones stand."""

    sharpness: float = quantity("weight of the believed rating in the score", "logit/rating", 0, 200)
    watched_rating: float = quantity(
        "rating of a view to the end without more; a skipped one is 0, one with an act 1", "rating", 0, 1
    )
    prior_ratings: float = quantity("ratings' worth of prior in a bias", "ratings", 1, 1000)
    least_step: float = quantity("least share of an error by which a bias moves", "share", 0, 1)
    rate: float = quantity("share of the gradient by which vectors move", "share", 0, 1)
    keep_bias: float = quantity("penalty on the square of a bias, at each rating", "ratio", 0, 1)
    keep_vector: float = quantity("penalty on the squares of a vector, at each rating", "ratio", 0, 1)

    @property
    def axes(self) -> int:
        """Length of the vectors."""
        return 1

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """Nothing known: biases zero, vectors keyed."""
        beliefs, accounts = super().opening_beliefs(seen), len(seen.accounts.status)
        for drawer, size in ((beliefs.accounts, accounts), (beliefs.posts, 0)):
            drawer["bias"], drawer["ratings"] = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.int32)
            drawer["vector"] = np.zeros((size, self.axes), dtype=np.float32)
        beliefs.fills |= {"bias": 0, "ratings": 0, "vector": 0}
        beliefs.accounts["vector"] = keyed_vectors(READERS, accounts, self.axes)
        beliefs.accounts["made"] = keyed_vectors(MAKERS, accounts, self.axes)
        beliefs.rest["mean_rating"] = np.array([0.25])
        return beliefs

    def admit_fresh(
        self, seen: Platform, beliefs: Beliefs, now: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Rows of all new posts, which get their vector, and places of those that are fresh and may be recommended."""
        new = np.arange(int(beliefs.rest["admitted"][0]) - seen.first, len(seen.posts))
        _, slots = admit_fresh(seen, beliefs, now - self.fresh_hours)
        beliefs.posts["vector"][new] = beliefs.accounts["made"][seen.posts.author[new]]
        return new, slots

    def learn_factors(self, seen: Platform, beliefs: Beliefs, shown: Shown) -> Ratings:
        """Follow the ratings of this hour, which are returned."""
        ratings, accounts, posts = self.ratings_of(seen, shown), beliefs.accounts, beliefs.posts
        if len(ratings.account):
            mean = beliefs.rest["mean_rating"]
            descend(
                *ratings, float(mean[0]), accounts["bias"], accounts["vector"], accounts["ratings"], posts["bias"],
                posts["vector"], posts["ratings"], self.prior_ratings, self.least_step, self.rate, self.keep_bias,
                self.keep_vector, 1.0 / math.sqrt(self.axes),  # products stay within the range of ratings
            )  # fmt: skip
            mean[0] += 0.02 * (float(ratings.rating.sum()) / len(ratings.rating) - mean[0])
            rows = np.unique(ratings.row)  # oldest first, so that an author's newest post counts
            accounts["made"][seen.posts.author[rows]] = posts["vector"][rows]
        return ratings

    def ratings_of(self, seen: Platform, shown: Shown) -> Ratings:
        """Visits and acts off the feed as far as these count, then all impressions; what moderation takes out is left out."""
        feeds, log = shown.feeds, seen.log[-1]
        counts = self.counted(seen, log)
        acts, bare = log.of((log.elsewhere != 0) & counts), self.off_feed_visits(seen, log.of(~counts))
        before = np.cumsum(feeds.length, dtype=np.int64) - feeds.length
        at = np.repeat(feeds.offset - before, feeds.length) + np.arange(int(feeds.length.sum()))
        flags, visitors = shown.flags[at], np.repeat(feeds.visitors, feeds.length)
        rated = np.where((flags & APPROVED) > 0, 1.0, np.where((flags & WATCHED) > 0, self.watched_rating, 0.0))
        kept = counts_of(seen, visitors, feeds.row[at].astype(np.int64))
        account = np.concatenate([bare.account, acts.account, visitors[kept]])
        row = np.concatenate([bare.post - seen.first, acts.post - seen.first, feeds.row[at][kept]])
        approved = (acts.verb != REPORT).astype(np.float64)
        return Ratings(
            account, row, np.concatenate([np.full(len(bare.post), self.watched_rating), approved, rated[kept]])
        )


def keyed_vectors(kind: int, accounts: int, axes: int) -> npt.NDArray[np.float32]:
    """Initial vectors: small, and the same for an account in every world."""
    keys: list[Words] = [chain_array(key_of(kind, axis), np.arange(accounts)) for axis in range(axes)]
    return np.stack([(SPREAD * (2.0 * uniform(key) - 1.0)).astype(np.float32) for key in keys], axis=1)
