"""What actors, recommenders and policies want done, as values. Only `changes` carries it out."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.kernels.columns import Lists
from sim.world.content import PAID


class Publish(NamedTuple):
    """A post to appear this hour. Its key is (author, hour, purpose, place)."""

    author: int
    second: int
    candidate: int  # NOBODY where it names none
    hashtag: int = 0
    sound: int = 0
    disclosed: bool = False
    followers_only: bool = False
    purpose: int = PAID
    place: int = 0


class Engage(NamedTuple):
    """One account watches a post through and does one thing to it; a comment may name a candidate."""

    account: int
    post: int  # post number
    second: int
    verb: int
    candidate: int = -1


class Order(NamedTuple):
    """A standing order: comment on posts with a hashtag that name nobody, in the post's own minute.

    Each account obeys for a post with probability `share`, from `first` to `first + spread` seconds after it appears.
    """

    accounts: tuple[int, ...]
    hashtag: int
    share: float
    first: int
    spread: int
    candidate: int


class Meet(NamedTuple):
    """A standing order of one hour: accounts like, or comment on, posts with a candidate that their own feeds show them."""

    accounts: tuple[int, ...]
    candidate: int
    likes: float  # probabilities
    comments: float


class Sway(NamedTuple):
    """What people come to think of a candidate, for reasons of their own: the levels reached by now."""

    candidate: int
    appeal: float  # logits added to every reaction to posts that name the candidate
    supporters: float  # share of users who supported nobody in their posts and now support the candidate


class Infiltrate(NamedTuple):
    """Some accounts begin to act as one: people come to follow them, and they post, share and flood from then on."""

    accounts: tuple[int, ...]
    share: float  # probability that a user follows each of them
    whom: str  # which users: random, hubs, partisans, left or right
    own: int  # how many of one another each follows
    copies: int  # how often each puts out what it posts or shares
    enticing: float  # probability that a post of theirs has full appeal


class Pay(NamedTuple):
    """Money that leaves the campaign, in euro cents."""

    tactic: str
    account: int
    cents: int


@dataclass
class Actions:
    """All that one actor does in one hour."""

    publish: list[Publish] = field(default_factory=list)
    engage: list[Engage] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    meet: list[Meet] = field(default_factory=list)
    sway: list[Sway] = field(default_factory=list)
    infiltrate: list[Infiltrate] = field(default_factory=list)
    wake: list[int] = field(default_factory=list)  # accounts that are used like people's from now on
    pay: list[Pay] = field(default_factory=list)

    def extend(self, other: "Actions") -> None:
        """Add another's actions to these."""
        self.publish += other.publish
        self.engage += other.engage
        self.orders += other.orders
        self.meet += other.meet
        self.sway += other.sway
        self.infiltrate += other.infiltrate
        self.wake += other.wake
        self.pay += other.pay


NO_TOPICS = np.zeros((0, 0), dtype=np.int16)
NO_DISCOUNT = np.zeros(0, dtype=np.int32)


class Feeds(NamedTuple):
    """Who opened the app and what each was shown: posts row[offset[v] : offset[v] + length[v]] for visitor v."""

    visitors: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int64]
    length: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    lane: npt.NDArray[np.uint8]
    second: npt.NDArray[np.int32]  # second of the hour at which each session begins


class Shortlists(NamedTuple):
    """Standing lists from which feeds are to be filled, and how; see `sim.kernels.serving.serve`.

    The lists note who was shown what, and tastes move by what is learned in each session: both are the recommender's own.
    """

    trial: Lists
    promoted: Lists
    standing: npt.NDArray[np.int32]  # (live posts) score of a promoted post, units of logit
    fit: int  # weight of personal fit, units of logit a cosine
    trial_share: int  # share of places for trial posts, in 1/65536
    followed_share: int  # share of places that try a followed author's newest post, in 1/65536
    taste: npt.NDArray[np.int32]  # (accounts, axes)
    taste_sums: npt.NDArray[np.int64]  # (blocks, axes)
    watch_mean: int  # usual share watched through, in 1/256
    gain: int  # 0 where tastes are not learned from topics
    memory_bits: int
    described: npt.NDArray[np.int16] = (
        NO_TOPICS  # (live posts, axes) what posts are ranked by instead of topics; 1024 is 1
    )
    discount: npt.NDArray[np.int32] = (
        NO_DISCOUNT  # what an author's k-th further post in a feed loses, beyond the one before
    )


class Mixed(NamedTuple):
    """What several recommenders offer, each to some of the visitors."""

    places: tuple[npt.NDArray[np.int64], ...]  # places among the visitors, ascending; each visitor is in one
    offers: tuple["Feeds | Shortlists | StandingFeeds | Mixed", ...]


class StandingFeeds(NamedTuple):
    """Feeds that stay: all that stands in each visitor's, youngest first, and which of it is shown for the first time.

    Visitor v's feed is [offset[v] : offset[v] + length[v]] of the flat columns.
    """

    visitors: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int64]
    length: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    shares: npt.NDArray[np.int32]  # how often those followed have posted or shared it while it stands there
    age: npt.NDArray[np.int32]  # hours since it could first be seen there
    new: Feeds


class Tally(NamedTuple):
    """Views of posts that came from lists: entries of (live row, views, thereof watched through), a post in many."""

    row: npt.NDArray[np.int32]
    views: npt.NDArray[np.int32]
    watched: npt.NDArray[np.int32]

    @classmethod
    def empty(cls) -> "Tally":
        """No entry."""
        none = np.zeros((0, 0), dtype=np.int32)
        return cls(none, none, none)


class Shown(NamedTuple):
    """What visitors were shown in one hour and how they reacted."""

    feeds: Feeds
    flags: npt.NDArray[np.uint8]  # reaction to each impression, bits as in `sim.kernels.reactions`
    acts: npt.NDArray[np.int32]  # (visitors) likes, comments, shares, follows and reports
    direct: npt.NDArray[np.int32]  # (visitors) posts at the beginning of each feed that are not in the tally
    tally: Tally
    parts: tuple["Shown", ...] = ()  # what each of several recommenders showed


class Visits(NamedTuple):
    """Sessions of one hour, in the order of users."""

    visitors: npt.NDArray[np.int32]
    videos: npt.NDArray[np.int32]  # length of each session in videos
    luck: npt.NDArray[np.uint32]  # key of each session
    second: npt.NDArray[np.int32]

    def of(self, places: npt.NDArray[np.int64]) -> "Visits":
        """Those at some places."""
        return Visits(self.visitors[places], self.videos[places], self.luck[places], self.second[places])


class Request(NamedTuple):
    """What a policy asks for: an action on an account, on a post (by number), or, where neither is named, on the whole app.

    A review desk decides about: remove (a post), suspend (an account), limit (no more recommendations), label. Automatic:
    - slow: a post is not recommended for `amount` hours; resume ends it;
    - hold: a post waits for the desk, `amount` hours at the most where that is not 0; release ends it. An account: its posts
      that name a candidate wait from the moment they appear;
    - discount: engagement on a post or by an account counts less for the recommender, by `amount`;
    - friction: before a post is shared, or any one, the app asks, and a share `amount` of shares is given up;
    - withdraw: an account's own posting or share of a post leaves followers' feeds, while those of others stay;
    - cap_candidate, cap_hashtag, cap_author: most of the recommended places of one feed that one of them may have;
    - profile: the share of users who have the profiled feed, where a recommender has two.
    restore undoes what the desk did, after an appeal. Shares are in 1/PARTS of `sim.world.platform`.
    """

    policy: str
    action: str
    account: int = -1
    post: int = -1
    key: int = 0  # key of the post, the same in every arm
    author: int = -1  # who made the post
    amount: int = 0
