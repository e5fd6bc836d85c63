"""Posts and people of the plain twin: one object a post, one Mesa agent a user, one draw at a time."""

from dataclasses import dataclass, field

import mesa

from sim.numbers.arithmetic import log2_units, logistic_of, units
from sim.numbers.luck import PairDraw, draw, pair_key, threshold
from sim.world.platform import COMMENT, FOLLOW, LIKE, REPORT, SHARE

SHARED, FOLLOWED, TRIAL, PROMOTED = range(4)  # lanes: how a post came into a feed
WATCHED, OPENED, CARRIED = 1, 64, 128  # bits of a reaction, beside those of the verbs
INBOX = 16  # places for posts that friends shared
BITS = {LIKE: 2, COMMENT: 4, SHARE: 8, FOLLOW: 16, REPORT: 32}


@dataclass(eq=False)
class Post:
    """A post, and what the platform counts of it."""

    number: int
    author: int
    hour: int
    second: int
    key: int
    topic: list[int]
    felt: int
    candidate: int
    hashtag: int
    disclosed: bool
    followers_only: bool = False
    views: int = 0
    watched: int = 0
    count: dict[int, int] = field(default_factory=lambda: dict.fromkeys(BITS, 0))
    named: dict[int, int] = field(default_factory=dict)
    spoken_of: int = -1
    likes_at_open: int = 0
    spoken_at_open: int = -1


Feed = list[tuple[Post, int]]  # posts, and the lane by which each came


class User(mesa.Agent):
    """One person on the platform, or an account without a person behind its feed."""

    def __init__(self, model: mesa.Model, number: int) -> None:
        super().__init__(model)
        world = model.opening
        minds, accounts, graph = world.minds, world.platform.accounts, world.platform.graph
        self.number = number
        self.key = int(minds.key[number])
        self.community = int(accounts.community[number])
        self.block = number // world.platform.block_users
        self.interest = [int(x) for x in minds.interest[number]]
        self.sessions = float(minds.sessions[number])
        self.videos = int(minds.videos[number])
        self.posting = float(minds.posting[number])
        self.returns, self.leaves = int(minds.returns[number]), int(minds.leaves[number])
        self.supports = int(minds.supports[number])
        self.expressive = int(minds.expressive[number])
        self.following = [
            int(a) for a in graph.following[graph.following_start[number] : graph.following_start[number + 1]]
        ]
        self.followers = [
            int(a) for a in graph.followers[graph.followers_start[number] : graph.followers_start[number + 1]]
        ]
        self.added: list[int] = []
        self.follower_count = len(self.followers)
        self.last_session = int(accounts.last_session[number])
        self.newest: Post | None = None
        self.inbox: list[Post | None] = [None] * INBOX
        self.waiting: set[Post] = set()
        self.awareness = [0] * len(model.rules.population.candidates)

    def is_here(self, hour: int) -> bool:
        """Whether somebody uses the account."""
        return self.returns <= hour < self.leaves

    def follows(self, author: int) -> bool:
        """Whether this user follows an author."""
        return author in self.following or author in self.added

    def react(self, post: Post, lane: int) -> int:
        """Watch through or not; then like, comment, share, follow; or report. Returns the bits of the reaction."""
        audience, pair = self.model.rules.audience, pair_key(self.key, post.key)
        mood = self.mood(post, lane)
        known = self.model.appeal[post.candidate] if post.candidate >= 0 else 0
        known += post.disclosed * units(audience.marked)
        on_watch = (post.felt * units(audience.quality_on_watch) >> 10) + known
        on_like = (post.felt * units(audience.quality_on_like) >> 10) + known
        on_share = (post.felt * units(audience.quality_on_share) >> 10) + known

        def happens(which: PairDraw, logit: int) -> bool:
            return draw(pair, which) < logistic_of(logit)

        bits = CARRIED if post.candidate >= 0 else 0
        if not happens(PairDraw.WATCH, units(audience.watch) + on_watch + mood):
            return bits | BITS[REPORT] * happens(PairDraw.REPORT, units(audience.report) - mood)
        eager = mood + self.expressive
        bits |= WATCHED
        bits |= BITS[LIKE] * happens(PairDraw.LIKE, units(audience.like) + on_like + eager)
        bits |= BITS[COMMENT] * happens(PairDraw.COMMENT, units(audience.comment) + (eager >> 1))
        bits |= BITS[SHARE] * happens(PairDraw.SHARE, units(audience.share) + on_share + (eager >> 1))
        bits |= BITS[FOLLOW] * happens(PairDraw.FOLLOW, units(audience.follow) + on_like + eager)
        if post.spoken_at_open >= 0 and draw(pair, PairDraw.OPEN_COMMENTS) < threshold(audience.open_comments):
            bits |= OPENED | CARRIED
        return bits

    def mood(self, post: Post, lane: int) -> int:
        """Fit of interests, visible likes, and whether the author is followed."""
        audience = self.model.rules.audience
        cosine = sum(mine * its for mine, its in zip(self.interest, post.topic, strict=True))
        decades = log2_units(post.likes_at_open + 1) * 308 >> 10
        fit = units(audience.fit) * ((cosine >> 4) - units(audience.fit_middle)) >> 10
        proof = decades * units(audience.social_proof) >> 10
        return fit + proof + (units(audience.followed) if lane == FOLLOWED else 0)

    def keep(self, post: Post) -> None:
        """The app keeps a shared post in the first free place; a full inbox takes no more."""
        if post not in self.inbox and None in self.inbox:
            self.inbox[self.inbox.index(None)] = post
            self.waiting.add(post)

    def forget(self, posts: set[Post]) -> None:
        """Places of posts that retire are free."""
        self.inbox = [None if post in posts else post for post in self.inbox]
        self.waiting -= posts

    def shared_posts(self) -> list[Post]:
        """Posts that friends shared and that wait, by their places."""
        return [post for post in self.inbox if post in self.waiting]

    def notice(self, post: Post, reaction: int) -> None:
        """Whoever sees a candidate, in a post or in its comments, goes a step of the way to full awareness."""
        if reaction & CARRIED:
            candidate = post.candidate if post.candidate >= 0 else post.spoken_at_open
            step = round(self.model.rules.audience.awareness_step * 256)
            self.awareness[candidate] += (255 - self.awareness[candidate]) * step >> 8
