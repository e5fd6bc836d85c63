"""Collaborative filtering and bridging in plain Python: one rating moves one account and one post."""

import math

import numpy as np

from sim.numbers.arithmetic import LOGIT, units
from sim.numbers.luck import chain, key_of
from sim.world.platform import REPORT
from tests.reference.plain_lists import PlainLists
from tests.reference.plain_people import BITS, PROMOTED, TRIAL, WATCHED, Feed, Post, User

READERS, MAKERS = 1, 2  # keys of initial vectors


def narrow(value: float) -> float:
    """Rounded to 32 bits, as vectors and biases are kept."""
    return float(np.float32(value))


def first_vector(kind: int, account: int, axes: int) -> list[float]:
    """A small keyed vector."""
    words = [chain(key_of(kind, axis), account) for axis in range(axes)]
    return [narrow(0.1 * (2.0 * ((word + 0.5) / 4294967296.0) - 1.0)) for word in words]


class Rated:
    """What is believed of an account or a post."""

    def __init__(self, vector: list[float]) -> None:
        self.bias, self.vector, self.ratings = 0.0, vector, 0


class PlainFactorised(PlainLists):
    """Fresh posts are listed everywhere, in proportion to what they are worth by their bias."""

    def __init__(self, model) -> None:
        self.plan = plan = model.rules.recommender
        super().__init__(model, {TRIAL: 0, PROMOTED: plan.listings})
        numbers = range(len(model.people))
        self.readers = [Rated(first_vector(READERS, number, plan.axes)) for number in numbers]
        self.made = [first_vector(MAKERS, number, plan.axes) for number in numbers]
        self.rated: list[Rated] = []  # posts, by number
        self.mean = 0.25

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """A new post begins where its author's last ones stand."""
        self.open_hour()
        for post in self.model.posts[len(self.rated) :]:
            self.rated.append(Rated(list(self.made[post.author])))
        self.list_fresh(self.plan.fresh_hours, self.worth)
        return [(user, self.feed(user, videos, key, 0)) for user, videos, key in sessions]

    def worth(self, post: Post) -> float:
        """Logarithm of a post's worth."""
        return min(max(self.plan.sharpness * self.rated[post.number].bias, -8.0), 8.0)

    def standing(self, post: Post, lane: int) -> int:
        """Its worth in units of logit."""
        return round(self.worth(post) * LOGIT)

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """What accounts did outside of feeds, then every impression."""
        self.learn_tastes(feeds, reactions)
        bare = [(who, post) for who, post in self.views_off_feed() if not self.counts(who, post, True)]
        ratings = [(who, post, self.plan.watched_rating) for who, post in bare]
        ratings += [(who, post, float(verb != REPORT)) for who, post, verb, off in self.acts_that_count() if off]
        for (user, feed), bits in zip(feeds, reactions, strict=True):
            for (post, _), reaction in zip(feed, bits, strict=True):
                approved = any(reaction & bit for verb, bit in BITS.items() if verb != REPORT)
                rating = 1.0 if approved else self.plan.watched_rating if reaction & WATCHED else 0.0
                ratings.append((user.number, post, rating))
        for who, post, rating in ratings:
            self.move(self.readers[who], self.rated[post.number], rating)
        if ratings:
            self.mean += 0.02 * (sum(rating for *_, rating in ratings) / len(ratings) - self.mean)
        for post in sorted({post for _, post, _ in ratings}, key=lambda post: post.number):
            self.made[post.author] = list(self.rated[post.number].vector)

    def move(self, reader: Rated, post: Rated, rating: float) -> None:
        """One step down the gradient of the squared error."""
        plan, mine, its = self.plan, reader.vector, post.vector
        believed = self.mean + reader.bias + post.bias
        for one, other in zip(mine, its, strict=True):
            believed += one * other
        error, most = rating - believed, 1.0 / math.sqrt(plan.axes)
        for rated, own, theirs in ((reader, mine, its), (post, its, mine)):
            step = max(plan.least_step, 1.0 / (plan.prior_ratings + rated.ratings))
            rated.bias = narrow(rated.bias + step * (error - plan.keep_bias * rated.bias))
            rated.ratings += 1
            moved = [x + plan.rate * (error * y - plan.keep_vector * x) for x, y in zip(own, theirs, strict=True)]
            rated.vector = [narrow(min(max(x, -most), most)) for x in moved]


class PlainBridging(PlainFactorised):
    """Nothing but the intercept counts."""

    def fit(self, user: User, post: Post) -> int:
        """The same for all."""
        return 0


class PlainCollaborative(PlainFactorised):
    """The product of the vectors counts too; topics do not."""

    def fit(self, user: User, post: Post) -> int:
        """In units of logit."""
        pairs = zip(self.readers[user.number].vector, self.rated[post.number].vector, strict=True)
        product = sum(round(mine * LOGIT) * round(its * LOGIT) for mine, its in pairs)
        return (product >> 7) * (units(self.plan.sharpness) >> 3) >> 10
