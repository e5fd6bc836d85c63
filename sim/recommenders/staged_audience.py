"""The short-video default: a post meets a small trial audience, and moves to a larger one when it does well.

Each stage has a pool of views and a pace. At the end of a stage the post's engagement a view in that stage is compared
with the stage's threshold, which follows the upper quantile of its cohort, so that a fixed share goes on while posts in the
stages want as many views as there are places; bars rise when they want more. Pools grow threefold; the audience spreads from
the communities that fit best to all. Shares: real videos by views; other forms and magnitudes: own pilot measurements.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.kernels.counting import add_tally, count_points
from sim.kernels.stages import aim, in_stages, stages_over
from sim.numbers.arithmetic import exp, log, log2_units_array
from sim.numbers.luck import Chance
from sim.recommenders.base import (
    CountingViews,
    Lane,
    admit,
    community_means,
    dismiss,
    learn_usual,
    opening_memory,
    renew_lists,
    shortlists,
    waiting,
)
from sim.scenario.schema import ScenarioError, quantity
from sim.world.actions import Shortlists, Shown, Visits
from sim.world.platform import COMMENT, LIKE, SHARE, VERBS, Platform
from sim.world.world import Beliefs

# ratios; how far bars follow what posts in the stages want together; assumption. Down only a little: a world that begins with
# empty stages would let everything on, and it takes two weeks until that has gone through.
CROWDING_LEAST, CROWDING_MOST = 0.8, 2.0
LEFT, WAITING = -1, -2  # stages of posts that left the stages, and that have not begun


@dataclass(frozen=True)
class StagedAudience(CountingViews):
    """Parameters of the staged audience."""

    SHRINKS: ClassVar = ("most_shown", "views_per_post")

    views_per_post: float = quantity("mean views a post, which the pools are multiples of", "views", 1, 1e6)
    views_per_hour: float = quantity("mean feed places a user an hour", "views/hour", 0.01, 100)
    trial_pool: float = quantity(
        "first pool of a creator of mean audience, as a share of mean views", "share", 0.001, 1
    )
    audience_most: float = quantity(
        "largest factor by which the creator's audience widens the first pool", "ratio", 1, 100
    )
    growth: float = quantity("size of each pool relative to the one before", "ratio", 1.1, 100)
    top: float = quantity("largest pool, as a share of users", "share", 0.01, 1)
    stage_hours: tuple[float, ...] = quantity("time in which a stage's pool is to be used up", "hours", 0.1, 1000)
    pass_share: tuple[float, ...] = quantity(
        "share of each stage's posts that go on, on the whole platform; see passes", "share", 0.001, 1
    )
    patience: float = quantity(
        "a stage ends at the latest after so many times its hours, and 12 hours", "ratio", 1, 100
    )
    ageing_hours: float = quantity("e-folding time of the pace with the age of the post", "hours", 1, 10000)
    spread: float = quantity("concentration of a first pool on communities that fit, falling to 0", "1/cosine", 0, 50)
    fit: float = quantity("weight of personal fit in the score", "logit/cosine", 0, 20)
    trial_listings: int = quantity("trial posts on one block's shortlist", "posts", 1, 1000)
    promoted_listings: int = quantity("promoted posts on one block's shortlist", "posts", 1, 1000)
    most_shown: float = quantity("share of a block who were shown a listed post when it is taken down", "share", 0, 1)
    followed_share: float = quantity("share of places that try a followed author's newest post", "share", 0, 1)
    like_points: int = quantity("points of a like, where a view to the end is 1", "points", 0, 100)
    comment_points: int = quantity("points of a comment", "points", 0, 100)
    share_points: int = quantity("points of a share", "points", 0, 100)
    prior_views: float = quantity("views' worth of prior in the estimated engagement", "views", 0.1, 1000)
    opening_rate: float = quantity(
        "engagement points a view believed before anything is learned", "points/view", 0.01, 10
    )

    def check(self, where: str) -> None:
        """As many pass shares as stages."""
        if len(self.stage_hours) != len(self.pass_share):
            allowed = f"{len(self.stage_hours)}, one for each of stage_hours"
            raise ScenarioError(f"{where}.pass_share: {len(self.pass_share)} numbers given, allowed {allowed}")

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """Nothing known: thresholds at the opening rate, all posts still to come."""
        beliefs = opening_memory(seen, {"trial": self.trial_listings, "promoted": self.promoted_listings})
        for name, fill in (("stage", WAITING), ("since", 0), ("stage_views", 0), ("points", 0)):
            beliefs.posts[name], beliefs.fills[name] = np.zeros(0, dtype=np.int32), fill
        for name, value in (("audience", 1.0), ("rate", 0.0)):
            beliefs.posts[name], beliefs.fills[name] = np.zeros(0), value
        beliefs.rest["threshold"] = np.full(len(self.stage_hours), self.opening_rate)
        beliefs.rest["decisions"] = np.zeros(len(self.stage_hours))
        beliefs.rest["rate"] = np.array([self.opening_rate])
        beliefs.rest["crowding"] = np.array([1.0])
        beliefs.rest["followers"] = np.array([0.0])
        return beliefs

    def pools(self, users: int) -> npt.NDArray[np.float64]:
        """Views of the pools of a world of so many users for a creator of mean audience; the last is the largest it can have."""
        sizes = self._platform_pools()
        stages = min(1 + int(np.count_nonzero(sizes < self.top * users)), len(sizes))
        return np.minimum(sizes[:stages], self.top * users)

    def passes(self, users: int) -> tuple[float, ...]:
        """Share of each stage's posts that go on, in a world of so many users; none from the last."""
        return _passing(self.pass_share, tuple(self._platform_pools()), tuple(self.pools(users)), self.views_per_post)

    def _platform_pools(self) -> npt.NDArray[np.float64]:
        """Views of the pools of the whole platform, which has as many stages as stage_hours."""
        return np.cumprod([self.trial_pool * self.views_per_post] + [self.growth] * (len(self.stage_hours) - 1))

    def _concentration(self, users: int) -> npt.NDArray[np.float64]:
        """By stage, how a pool is drawn to communities that fit: as on the whole platform, and not at all in the last."""
        stages = len(self.pools(users))
        falling = self.spread * (1.0 - np.arange(stages) / max(1, len(self.stage_hours) - 1))
        return np.where(np.arange(stages) < stages - 1, falling, 0.0)

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Shortlists:
        """Move posts between stages, give out listings, score them."""
        centre = community_means(beliefs, seen)
        self._admit(seen, beliefs, centre, now)
        self._decide(seen, beliefs, centre, now)
        slots, pace, on_trial = self._wants(seen, beliefs, now)
        places = self.views_per_hour * seen.users
        beliefs.rest["crowding"][0] = min(max(float(pace.sum()) / places, CROWDING_LEAST), CROWDING_MOST)
        trial_share = min(0.25, float(pace[on_trial].sum()) / places)
        most = 3.0 * int(seen.community_blocks.sum()) / places
        trial = Lane(slots[on_trial], pace[on_trial], self.trial_listings * most / max(trial_share, 1e-9))
        promoted = Lane(slots[~on_trial], pace[~on_trial], self.promoted_listings * most)
        renew_lists(seen, beliefs, "trial", trial, self.most_shown, now)
        renew_lists(seen, beliefs, "promoted", promoted, self.most_shown, now)
        self._score(beliefs, beliefs.rest["staged"][promoted.slots] - seen.first)
        return shortlists(beliefs, self.fit, trial_share, self.followed_share)

    def _admit(self, seen: Platform, beliefs: Beliefs, centre: npt.NDArray[np.int64], now: int) -> None:
        """Posts that have just appeared begin their trial; a creator's audience widens the first pool."""
        rest, columns = beliefs.rest, beliefs.posts
        new = admit(seen, beliefs)
        if len(new) == 0:
            return
        followers = 1.0 + seen.accounts.followers[seen.posts.author[new]]
        mean = rest["followers"]
        batch = float(followers.sum()) / len(new)
        mean[0] = batch if mean[0] == 0.0 else mean[0] + 0.02 * (batch - mean[0])
        columns["audience"][new] = np.minimum(self.audience_most, followers / mean[0])
        columns["stage"][new] = 0
        columns["since"][new] = now
        self._aim(seen, beliefs, centre, new)

    def _aim(
        self, seen: Platform, beliefs: Beliefs, centre: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
    ) -> None:
        """How a pool is spread over communities: by believed fit at first, by size alone in the end."""
        columns = beliefs.posts
        aim(
            rows, columns["slot"][rows], seen.posts.topic, columns["stage"], centre, seen.community_blocks,
            self._concentration(seen.users), beliefs.rest["share"],
        )  # fmt: skip

    def _wants(
        self, seen: Platform, beliefs: Beliefs, now: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Places of posts in the stages that may be recommended, the views an hour that each wants, and whether it is on trial."""
        posts, columns, staged = seen.posts, beliefs.posts, beliefs.rest["staged"]
        size = len(staged)
        if size == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.bool_)
        slots, pace, on_trial = np.empty(size, dtype=np.int64), np.empty(size), np.empty(size, dtype=np.bool_)
        ages = np.arange(now - int(posts.hour[0]) + 1) if len(posts) else np.zeros(1)
        count = in_stages(
            staged, seen.first, columns["stage"], posts.status, posts.hour, columns["audience"], now,
            self.pools(seen.users), np.asarray(self.stage_hours), exp(-ages / self.ageing_hours), slots, pace, on_trial,
        )  # fmt: skip
        return slots[:count], pace[:count], on_trial[:count]

    def _score(self, beliefs: Beliefs, rows: npt.NDArray[np.int64]) -> None:
        """Score of some posts: log of believed engagement a view, relative to the mean post, in units of logit."""
        mean = float(beliefs.rest["rate"][0])
        ratio = np.maximum(np.floor(beliefs.posts["rate"][rows] * (4096.0 / mean)), 1.0).astype(np.int64)
        beliefs.posts["score"][rows] = (log2_units_array(ratio) - 12 * 1024) * 710 >> 10

    def _decide(self, seen: Platform, beliefs: Beliefs, centre: npt.NDArray[np.int64], now: int) -> None:
        """Posts whose pool or patience is used up go on or leave; thresholds follow their cohort's quantile.

        A post that no block is left to see leaves without a decision. For one that waits, time stands still.
        """
        columns, rest = beliefs.posts, beliefs.rest
        stage = columns["stage"]
        dismiss(seen, beliefs, rest["staged"] < seen.first)
        staged = rest["staged"]
        there = staged[staged >= 0] - seen.first
        columns["since"][there[waiting(seen, there)]] += 1
        ended = np.empty(len(staged), dtype=np.int64)
        longest = self.patience * np.asarray(self.stage_hours) + 12.0
        count = stages_over(
            staged, seen.first, stage, columns["since"], columns["stage_views"], columns["audience"], now,
            self.pools(seen.users), longest, columns["walked"], rest["standing"], seen.community_blocks, ended,
        )  # fmt: skip
        rows = ended[:count]
        if count:
            self._go_on_or_leave(seen, beliefs, centre, rows, now)
        dismiss(seen, beliefs, (staged >= 0) & (stage[np.maximum(staged - seen.first, 0)] < 0))

    def _go_on_or_leave(
        self, seen: Platform, beliefs: Beliefs, centre: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], now: int
    ) -> None:
        """Decide about posts at the end of a stage by their engagement a view in it, and by the crowding of the hour before."""
        columns, rest, last = beliefs.posts, beliefs.rest, len(self.pools(seen.users)) - 1
        stage, views, points = columns["stage"], columns["stage_views"], columns["points"]
        mean = float(rest["rate"][0])
        rate = (points[rows] + self.prior_views * mean) / (views[rows] + self.prior_views)
        columns["rate"][rows] = rate
        at = stage[rows].copy()
        usual = rest["threshold"][at]
        passed = (rate > usual * rest["crowding"][0]) & (at < last)
        self._adapt(rest, at, (rate > usual) & (at < last), points[rows], views[rows], seen.users)
        stage[rows] = np.where(passed, at + 1, LEFT)
        columns["since"][rows], views[rows], points[rows] = now, 0, 0
        self._aim(seen, beliefs, centre, rows[passed])

    def _adapt(
        self, rest: dict[str, npt.NDArray[np.float64]], at: npt.NDArray[np.int32], passed: npt.NDArray[np.bool_],
        points: npt.NDArray[np.int32], views: npt.NDArray[np.int32], users: int,
    ) -> None:  # fmt: skip
        """Thresholds move to where the wanted share passes; the mean rate is that of trial audiences.

        passed: which would go on if posts wanted just as many views as there are places.
        """
        decisions = np.bincount(at, minlength=len(self.stage_hours))
        passes = np.bincount(at[passed], minlength=len(self.stage_hours))
        posts_a_day = self.views_per_hour * 24.0 / self.views_per_post * users
        expected = 2.0 * posts_a_day
        for number, wanted in enumerate(self.passes(users)):
            # Fast while little is known, then at the pace of two days' decisions.
            rest["decisions"][number] += decisions[number]
            step = 0.3 / max(100.0, min(expected, float(rest["decisions"][number])))
            rest["threshold"][number] += step * (passes[number] - wanted * decisions[number])
            expected *= wanted
        trial = at == 0
        if views[trial].sum() > 0:
            batch = float(points[trial].sum()) / float(views[trial].sum())
            rest["rate"][0] += min(0.5, 0.0005 * int(trial.sum())) * (batch - rest["rate"][0])

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """What is usual; posts' engagement from views of listings, from visits off the feed as far as these count, and from the log."""
        learn_usual(beliefs, shown)
        points = beliefs.posts["points"]
        add_tally(*shown.tally, beliefs.posts["stage_views"], points)
        log = seen.log[-1]
        visited = self.off_feed_visits(seen, log).post - seen.first
        np.add.at(beliefs.posts["stage_views"], visited, 1)
        np.add.at(points, visited, 1)
        worth = np.zeros(len(VERBS), dtype=np.int32)
        worth[[LIKE, COMMENT, SHARE]] = self.like_points, self.comment_points, self.share_points
        count_points(log.post - seen.first, log.verb, self.counted(seen, log), worth, points)


@cache
def _passing(
    shares: tuple[float, ...], platform: tuple[float, ...], pools: tuple[float, ...], wanted: float
) -> tuple[float, ...]:
    """Share of each stage's posts that go on where a world has room for the first pools of a platform only.

    What the platform gives in its higher stages a small world gives in its last ones: they let on as many more posts as
    fill the feeds. Below them a post's chances are those on the whole platform, whatever the size of the world.
    """
    reached = np.cumprod([1.0, *_filling(shares, platform, wanted)[:-1]])
    from_here = np.cumsum((reached * platform)[::-1])[::-1]  # views a post that a stage and those above it give
    arriving = reached[: len(pools)].copy()
    for first in range(len(pools) - 1, 0, -1):
        level = from_here[first] / sum(pools[first:])
        if level <= arriving[first - 1]:
            arriving[first:] = level
            break
    else:
        arriving[:] = 1.0  # a world so small that all its stages together have too few places to give
    return (*(float(after / before) for before, after in pairwise(arriving)), 0.0)


@cache
def _filling(shares: tuple[float, ...], pools: tuple[float, ...], wanted: float) -> tuple[float, ...]:
    """Shares to a common power, found by bisection, at which the pools ask for as many views a post as there are.

    A platform sets its bars so that its feeds are full.
    """
    low, high = 0.0, 4.0
    for _ in range(40):
        power = 0.5 * (low + high)
        asked, reached = 0.0, 1.0
        for pool, share in zip(pools, shares, strict=False):
            asked += reached * pool
            reached *= float(exp(power * float(log(share))))
        low, high = (power, high) if asked > wanted else (low, power)
    return tuple(float(exp(low * float(log(share)))) for share in shares)
