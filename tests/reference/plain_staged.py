"""The staged audience in plain Python: a post meets a trial audience, and a larger one if it does well."""

from dataclasses import dataclass

import numpy as np

from sim.numbers.arithmetic import LOGIT, exp, log2_units
from sim.recommenders.staged_audience import CROWDING_LEAST, CROWDING_MOST
from sim.world.platform import COMMENT, LIKE, SHARE
from tests.reference.plain_lists import PlainLists
from tests.reference.plain_people import PROMOTED, TRIAL, WATCHED, Feed, Post, User

LEFT, WAITING = -1, -2  # stage of a post that left the stages, and of one that never enters them


@dataclass(eq=False)
class Career:
    """A post's way through the stages."""

    since: int
    audience: float
    stage: int = 0
    views: int = 0
    points: int = 0
    rate: float = 0.0


class PlainStaged(PlainLists):
    """Stages, pools, thresholds."""

    def __init__(self, model) -> None:
        self.plan = plan = model.rules.recommender
        super().__init__(model, {TRIAL: plan.trial_listings, PROMOTED: plan.promoted_listings})
        self.careers: list[Career] = []  # by post number
        self.threshold = [plan.opening_rate] * len(plan.stage_hours)
        self.decisions = [0.0] * len(plan.stage_hours)
        self.mean_rate = plan.opening_rate
        self.mean_followers = 0.0
        self.crowding = 1.0
        self.pools = [float(pool) for pool in plan.pools(model.users)]
        self.last = len(self.pools) - 1

    def rank(self, sessions: list[tuple[User, int, int]]) -> list[tuple[User, Feed]]:
        """Stages, then shortlists, then feeds."""
        plan, places = self.plan, self.plan.views_per_hour * self.model.users
        self.open_hour()
        self.posts_begin_their_trial()
        self.stages_end()
        trial = [post for post in self.model.live if self.careers[post.number].stage == 0]
        promoted = [post for post in self.model.live if self.careers[post.number].stage > 0]
        trial_pace, promoted_pace = [self.pace(post) for post in trial], [self.pace(post) for post in promoted]
        together = np.array([self.pace(post) for post in self.model.live if self.careers[post.number].stage >= 0])
        self.crowding = min(max(float(together.sum()) / places, CROWDING_LEAST), CROWDING_MOST)
        trial_share = min(0.25, float(np.array(trial_pace).sum()) / places)
        most = 3.0 * sum(self.model.blocks) / places
        self.renew(TRIAL, trial, trial_pace, plan.trial_listings * most / max(trial_share, 1e-9))
        self.renew(PROMOTED, promoted, promoted_pace, plan.promoted_listings * most)
        return [(user, self.feed(user, videos, key, round(trial_share * 65536))) for user, videos, key in sessions]

    def quota(self, career: Career) -> float:
        """Views that end a stage."""
        return self.pools[career.stage] * (career.audience if career.stage == 0 else 1.0)

    def pace(self, post: Post) -> float:
        """Views an hour that the post wants."""
        career = self.careers[post.number]
        ageing = float(exp(-(self.model.hour - post.hour) / self.plan.ageing_hours))
        return self.quota(career) / self.plan.stage_hours[career.stage] * ageing

    def posts_begin_their_trial(self) -> None:
        """New posts: a creator's audience widens the first pool."""
        begin = len(self.careers)
        self.careers += [Career(self.model.hour, 1.0, WAITING) for _ in self.model.posts[begin:]]
        new = [post for post in self.model.posts[begin:] if not post.followers_only]
        if not new:
            return
        followers = [1.0 + self.model.people[post.author].follower_count for post in new]
        batch = sum(followers) / len(new)
        if self.mean_followers == 0.0:
            self.mean_followers = batch
        else:
            self.mean_followers += 0.02 * (batch - self.mean_followers)
        for post, audience in zip(new, followers, strict=True):
            widened = min(self.plan.audience_most, audience / self.mean_followers)
            self.careers[post.number] = Career(self.model.hour, widened)
            self.aim(post)

    def aim(self, post: Post) -> None:
        """Spread over communities by believed fit at first, by size alone in the end."""
        stage, stages = self.careers[post.number].stage, len(self.plan.stage_hours)
        left = 1.0 - stage / max(1, stages - 1) if stage < self.last else 0.0
        weights = []
        for blocks, centre in zip(self.model.blocks, self.community_taste, strict=True):
            cosine = sum(x * c for x, c in zip(post.topic, centre, strict=True)) / 131072.0
            weights.append(float(exp(self.plan.spread * left * cosine)) * blocks)
        total = 0.0
        for weight in weights:  # one after the other: the built-in sum rounds otherwise
            total += weight
        self.walks[post.number].share = [float(np.float32(weight / total)) for weight in weights]

    def stages_end(self) -> None:
        """Posts whose pool or patience is used up go on if they did better than their stage's threshold, or leave."""
        for post in self.model.live:
            walk = self.walks[post.number]
            if walk.walked == self.model.blocks and not any(walk.standing):
                self.careers[post.number].stage = LEFT  # no block is left to see it
        ended = [post for post in self.model.live if self.is_over(self.careers[post.number])]
        if not ended:
            return
        passed, usually = [], []
        for career in (self.careers[post.number] for post in ended):
            prior, bar = self.plan.prior_views, self.threshold[career.stage]
            career.rate = (career.points + prior * self.mean_rate) / (career.views + prior)
            passed.append(career.rate > bar * self.crowding and career.stage < self.last)
            usually.append(career.rate > bar and career.stage < self.last)
        self.thresholds_move([self.careers[post.number] for post in ended], usually)
        for post, on in zip(ended, passed, strict=True):
            career = self.careers[post.number]
            career.stage = career.stage + 1 if on else LEFT
            career.since, career.views, career.points = self.model.hour, 0, 0
            if on:
                self.aim(post)

    def is_over(self, career: Career) -> bool:
        """Whether pool or patience of a post's stage is used up."""
        if career.stage < 0:
            return False
        longest = self.plan.patience * self.plan.stage_hours[career.stage] + 12.0
        return career.views >= self.quota(career) or self.model.hour - career.since >= longest

    def thresholds_move(self, ended: list[Career], passed: list[bool]) -> None:
        """To where the wanted share passes; the mean rate is that of trial audiences."""
        plan = self.plan
        expected = 2.0 * (plan.views_per_hour * 24.0 / plan.views_per_post * self.model.users)
        for stage, wanted in enumerate(plan.passes(self.model.users)):
            decided = sum(career.stage == stage for career in ended)
            passes = sum(career.stage == stage and on for career, on in zip(ended, passed, strict=True))
            self.decisions[stage] += decided
            step = 0.3 / max(100.0, min(expected, self.decisions[stage]))
            self.threshold[stage] += step * (passes - wanted * decided)
            expected *= wanted
        trials = [career for career in ended if career.stage == 0]
        views, points = sum(career.views for career in trials), sum(career.points for career in trials)
        if views > 0:
            self.mean_rate += min(0.5, 0.0005 * len(trials)) * (points / views - self.mean_rate)

    def standing(self, post: Post, lane: int) -> int:
        """Log of believed engagement over its mean; all trial posts stand alike."""
        if lane == TRIAL:
            return 0
        ratio = max(int(self.careers[post.number].rate * (4096.0 / self.mean_rate)), 1)
        return (log2_units(ratio) - 12 * LOGIT) * 710 >> 10

    def learn(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Tastes; posts gather points, by views from lists and by all that was done to them."""
        self.learn_tastes(feeds, reactions)
        for (_, feed), bits in zip(feeds, reactions, strict=True):
            for (post, lane), reaction in zip(feed, bits, strict=True):
                if lane in (TRIAL, PROMOTED):
                    self.careers[post.number].views += 1
                    self.careers[post.number].points += reaction & WATCHED
        points = {LIKE: self.plan.like_points, COMMENT: self.plan.comment_points, SHARE: self.plan.share_points}
        for _, post in self.views_off_feed():
            self.careers[post.number].views += 1
            self.careers[post.number].points += 1
        for _, post, verb, _ in self.acts_that_count():
            self.careers[post.number].points += points.get(verb, 0)
