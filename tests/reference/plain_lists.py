"""Standing shortlists in plain Python: which posts a block of users is offered, and how feeds are filled from them."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.numbers.arithmetic import GUMBEL, exp, units
from sim.numbers.luck import Decision, PairDraw, chain, draw, pair_key
from tests.reference.plain_people import FOLLOWED, PROMOTED, SHARED, TRIAL, WATCHED, Feed, Post, User

GAIN, MEMORY = 40, 10  # how fast a believed taste is learned, and 2^10 impressions after which it fades


@dataclass(eq=False)
class Listing:
    """A post on a block's shortlist, and who of the block was shown it."""

    post: Post
    shown: list[User] = field(default_factory=list)


@dataclass(eq=False)
class Walk:
    """How a post's audience spreads over communities, the blocks it has walked through, and where it stands."""

    share: list[float]
    walked: list[int]
    standing: list[int]


class PlainLists(ABC):
    """What recommenders with standing lists have in common: lists, feeds, and believed tastes."""

    def __init__(self, model, room: dict[int, int]) -> None:
        self.model, self.room = model, room
        self.lists: dict[int, list[list[Listing]]] = {lane: [[] for _ in range(sum(model.blocks))] for lane in room}
        self.walks: list[Walk] = []  # by post number
        self.taste = [[0] * len(user.interest) for user in model.people]
        self.watch_mean = 0.5
        self.discount: list[int] = []  # what an author's further posts lose in a feed, one after the other

    def open_hour(self) -> None:
        """New posts have walked nowhere; mean tastes stand for the hour."""
        communities, size = len(self.model.blocks), self.model.opening.platform.block_users
        for _ in self.model.posts[len(self.walks) :]:
            self.walks.append(Walk([0.0] * communities, [0] * communities, [0] * communities))
        self.block_taste = [self.mean_taste(block * size, size) for block in range(sum(self.model.blocks))]
        self.community_taste = [
            self.mean_taste(first * size, blocks * size)
            for first, blocks in zip(self.model.first_block, self.model.blocks, strict=True)
        ]

    def mean_taste(self, first: int, size: int) -> list[int]:
        """Mean believed taste of some users in a row, rounded down."""
        return [sum(axis) // size for axis in zip(*self.taste[first : first + size], strict=True)]

    # --- the lists ------------------------------------------------------------------------------------------------

    def renew(self, lane: int, posts: list[Post], pace: list[float], most: float) -> None:
        """Take down what no longer stands or most of a block has seen; put up what is wanted and finds room."""
        self.take_down(lane, set(posts))
        chances = [self.room_for(lane, community, posts, pace, most) for community in range(len(self.model.blocks))]
        for post, views in zip(posts, pace, strict=True):
            for community, (factor, ease) in enumerate(chances):
                walk = self.walks[post.number]
                lack = factor * (views * walk.share[community]) - walk.standing[community]
                luck = draw(chain(post.key, self.model.hour), community) / 4294967296.0
                self.put_up(lane, post, community, int(ease * lack + luck) if lack > 0.0 else 0)

    def take_down(self, lane: int, wanted: set[Post]) -> None:
        """Listings of posts that are not wanted, or that many of the block were shown, are taken down."""
        enough = int(self.model.rules.recommender.most_shown * self.model.opening.platform.block_users)
        for block, listings in enumerate(self.lists[lane]):
            kept = [entry for entry in listings if entry.post in wanted and len(entry.shown) <= enough]
            for entry in listings:
                self.walks[entry.post.number].standing[self.model.community_of[block]] -= entry not in kept
            self.lists[lane][block] = kept

    def room_for(
        self, lane: int, community: int, posts: list[Post], pace: list[float], most: float
    ) -> tuple[float, float]:
        """How many listings a view an hour is worth in a community, and the share of lacking ones with room."""
        first, blocks = self.model.first_block[community], self.model.blocks[community]
        free = sum(self.room[lane] - len(listings) for listings in self.lists[lane][first : first + blocks])
        wanted = lacking = 0.0
        for post, views in zip(posts, pace, strict=True):
            wanted += views * self.walks[post.number].share[community]
        factor = min(most, self.room[lane] * blocks / wanted) if wanted > 0.0 else most
        for post, views in zip(posts, pace, strict=True):
            walk = self.walks[post.number]
            lacking += max(0.0, factor * (views * walk.share[community]) - walk.standing[community])
        return factor, min(1.0, free / lacking) if lacking > 0.0 else 1.0

    def put_up(self, lane: int, post: Post, community: int, count: int) -> None:
        """List a post in its next blocks; where a list is full it waits."""
        walk = self.walks[post.number]
        for _ in range(min(count, self.model.blocks[community] - walk.walked[community])):
            listings = self.lists[lane][self.block_at(post, community, walk.walked[community])]
            if len(listings) == self.room[lane]:
                break
            listings.append(Listing(post))
            walk.walked[community] += 1
            walk.standing[community] += 1

    def block_at(self, post: Post, community: int, step: int) -> int:
        """A post walks through a community's blocks in a cycle from a keyed start, and so meets nobody twice."""
        start = draw(chain(post.key, 0xFFFFFFFF), community) % self.model.blocks[community]
        return self.model.first_block[community] + (start + step) % self.model.blocks[community]

    def was_listed(self, post: Post, user: User) -> bool:
        """Whether the post was already on the shortlist of the user's block."""
        walked = self.walks[post.number].walked[user.community]
        return user.block in [self.block_at(post, user.community, step) for step in range(walked)]

    def list_fresh(self, fresh_hours: int, worth: Callable[[Post], float]) -> None:
        """Put up what is fresh, everywhere alike, in proportion to its worth, a logarithm."""
        blocks = self.model.blocks
        fresh = [
            post for post in self.model.live if post.hour > self.model.hour - fresh_hours and not post.followers_only
        ]
        for post in fresh:
            self.walks[post.number].share = [float(np.float32(size / sum(blocks))) for size in blocks]
        self.renew(PROMOTED, fresh, [float(exp(worth(post))) for post in fresh], 1e9)

    def counts(self, account: int, post: Post, off_feed: bool) -> bool:
        """Whether what an account did to a post counts: off the feed, a coin about the two takes some of it."""
        coin = chain(chain(post.key, Decision.OFF_FEED), account) >> 16
        return not off_feed or coin < round(self.model.rules.recommender.off_feed_weight * 65536)

    def acts_that_count(self) -> list[tuple[int, Post, int, bool]]:
        """Account, post, verb, and whether the account had come otherwise than by its feed."""
        acts = [(who, post, verb, off) for who, post, verb, _, off in self.model.log]
        return [act for act in acts if self.counts(act[0], act[1], act[3])]

    def views_off_feed(self) -> list[tuple[int, Post]]:
        """Visits off the feed, each once, where they count as views."""
        visits = {(who, post.number): post for who, post, _, _, off in self.model.log if off}
        wanted = self.model.rules.recommender.off_feed_views
        return [(who, post) for (who, _), post in sorted(visits.items(), key=lambda visit: visit[0])] if wanted else []

    # --- feeds ----------------------------------------------------------------------------------------------------

    def feed(self, user: User, videos: int, key: int, trial_share: int) -> Feed:
        """Shared posts first, then followed authors' newest, then trial posts, then promoted ones by score."""
        luck = draw(key, 6)
        feed = [(post, SHARED) for post in user.shared_posts()][:videos]
        tries = videos * round(self.model.rules.recommender.followed_share * 65536) + (luck & 0xFFFF) >> 16
        for attempt in range(tries):
            self.meet_followed(user, videos, draw(key, 16 + attempt), feed)
        trials = min(videos * trial_share + (luck >> 16) >> 16, videos - len(feed))
        self.meet_listed(user, TRIAL, len(feed) + trials, feed)
        self.meet_listed(user, PROMOTED, videos, feed)
        return feed

    def meet_followed(self, user: User, videos: int, luck: int, feed: Feed) -> None:
        """The newest post of a followed author, drawn at random; of the added ones only the last can be drawn."""
        pick = luck % (len(user.following) + 1)
        if pick == len(user.following) and not user.added:
            return
        author = user.following[pick] if pick < len(user.following) else user.added[-1]
        post = self.model.people[author].newest
        if (
            post is None
            or post.number < self.model.first
            or len(feed) >= videos
            or author == user.number
            or post.hour <= user.last_session
        ):
            return
        if self.coin(user, post) and post not in user.inbox and post not in [shown for shown, _ in feed]:
            feed.append((post, FOLLOWED))

    def meet_listed(self, user: User, lane: int, goal: int, feed: Feed) -> None:
        """The best listings of the user's block that the user was not shown, until the feed has `goal` posts."""
        unseen = [entry for entry in self.lists[lane][user.block] if user not in entry.shown]
        scores, met = {entry: self.score(user, entry.post, lane) for entry in unseen}, []
        while unseen and len(feed) < goal:
            entry = max(unseen, key=scores.__getitem__)  # the first of equals
            unseen.remove(entry)
            post = entry.post
            if post.author == user.number or post in user.inbox:
                continue
            if self.coin(user, post) and user.follows(post.author):
                continue
            entry.shown.append(user)
            feed.append((post, lane))
            further, met = met.count(post.author), [*met, post.author]
            for other in unseen if self.discount else ():
                if other.post.author == post.author:
                    scores[other] -= self.discount[min(further, len(self.discount) - 1)]

    def coin(self, user: User, post: Post) -> bool:
        """A keyed coin says by which of two ways a follower may meet a post: followed authors, or the shortlists."""
        return bool(draw(pair_key(user.key, post.key), PairDraw.LANE) & 1)

    def score(self, user: User, post: Post, lane: int) -> int:
        """Personal fit relative to the block, the post's standing, and noise."""
        noise = int(GUMBEL[draw(pair_key(user.key, post.key), PairDraw.CHOICE) >> 20])
        return self.fit(user, post) + self.standing(post, lane) + noise

    def fit(self, user: User, post: Post) -> int:
        """Cosine of topic and taste relative to the block, in units of logit."""
        own, mean = self.taste[user.number], self.block_taste[user.block]
        fit = sum((mine - its) * x for mine, its, x in zip(own, mean, post.topic, strict=True))
        return (fit >> 7) * units(self.model.rules.recommender.fit) >> 10

    @abstractmethod
    def standing(self, post: Post, lane: int) -> int:
        """Score of a post that is the same for all users."""

    def learn_tastes(self, feeds: list[tuple[User, Feed]], reactions: list[list[int]]) -> None:
        """Tastes move towards what was watched through more than usual; what is usual is learned too."""
        usual = int(self.watch_mean * 256)
        for (user, feed), bits in zip(feeds, reactions, strict=True):
            taste = self.taste[user.number]
            for axis in range(len(taste)):
                total = sum(
                    ((256 if b & WATCHED else 0) - usual) * post.topic[axis]
                    for (post, _), b in zip(feed, bits, strict=True)
                )
                taste[axis] += (total * GAIN >> 15) - (taste[axis] * len(feed) >> MEMORY)
        shown = [b & WATCHED for bits in reactions for b in bits]
        if shown:
            self.watch_mean += 0.02 * (sum(shown) / len(shown) - self.watch_mean)
