"""The Platform drawer: what the company's servers would log. Nothing here is named after a kind of account."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from sim.kernels.columns import ASKED as ASKED
from sim.kernels.columns import DISCOUNTED as DISCOUNTED
from sim.kernels.columns import FOLLOWERS_ONLY as FOLLOWERS_ONLY
from sim.kernels.columns import HELD as HELD
from sim.kernels.columns import LABELLED as LABELLED
from sim.kernels.columns import LIMITED as LIMITED
from sim.kernels.columns import PAUSED as PAUSED
from sim.kernels.columns import REMOVED as REMOVED
from sim.kernels.columns import WAITING as WAITING
from sim.numbers.columns import Drawer
from sim.numbers.luck import Decision, Words, chain_array

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Bits = npt.NDArray[np.uint8]

NOBODY = -1
# Bit of an account's status, in which LIMITED means the same as in a post's, DISCOUNTED that what the account does counts
# less, and HELD that its posts that name a candidate wait for a review from the moment they appear.
SUSPENDED = 1
PARTS = 65536  # a share of one as a whole number
INBOX = 16  # posts shared with a user that the app keeps until they leave the feed: a full inbox takes no more
VERBS = ("like", "comment", "share", "follow", "report")
LIKE, COMMENT, SHARE, FOLLOW, REPORT = range(len(VERBS))  # verbs of the engagement log


def coins(decision: Decision, post_key: Words, account: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """A keyed number below PARTS for each (post, account): a share of what they do is where it lies below that share."""
    words = chain_array(chain_array(post_key, int(decision)), account)
    return np.asarray(words >> np.uint32(16), dtype=np.int64)


@dataclass
class Columns(Drawer):
    """A drawer of arrays with one row an item."""

    def read_only(self) -> Self:
        """The same arrays behind a write-protected view; the view is made anew only where a column was replaced."""
        columns = dict(self.__dict__)
        known = columns.pop("_seen", None)
        values = list(columns.values())
        if known and all(mine is its for mine, its in zip(values, known[0], strict=True)):
            seen: Self = known[1]
            return seen
        locked = {name: _locked(value) if isinstance(value, np.ndarray) else value for name, value in columns.items()}
        seen = type(self)(**locked)
        self.__dict__["_seen"] = values, seen
        return seen

    def __getstate__(self) -> dict[str, Any]:
        """Copies make views of their own."""
        return {name: value for name, value in self.__dict__.items() if name != "_seen"}


def _locked(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


@dataclass
class Accounts(Columns):
    """One row an account, in the order of the blocks that share a shortlist; where in a block an account stands is luck."""

    LASTING: ClassVar = ("community", "registered")

    community: Ints  # where the platform places the account: place and language
    registered: Ints  # hour of registration, negative before the world began
    last_active: Ints  # hour of the last post or engagement, negative before the world began
    followers: Ints  # accounts that follow
    newest_post: Ints  # number of the newest post, NOBODY where none
    last_session: Ints  # hour of the last session in the app, negative before the world began
    status: Bits
    inbox: Ints  # (accounts, INBOX) numbers of posts shared with the account, NOBODY where free
    inbox_waiting: Bits  # (accounts, INBOX) 1 where not shown yet


@dataclass
class Posts(Columns):
    """One row a post of the live window; row r holds post number `first + r`."""

    author: Ints
    hour: Ints
    second: Ints
    key: Words  # hash of (author, hour, purpose, place): the same in every arm
    topic: Small  # (posts, axes) content as the platform's own analysis places it, 128 is 1
    candidate: Small  # candidate whom the post names, NOBODY where none
    hashtag: Ints  # 0 none
    sound: Ints  # sound or template, which copying shows; 0 its own
    disclosed: Bits  # 1 where marked as advertising by its author
    status: Bits
    views: Ints
    watched: Ints
    likes: Ints
    comments: Ints
    shares: Ints
    follows: Ints
    reports: Ints
    named: Ints  # (posts, candidates) comments that name a candidate
    spoken_of: Small  # candidate whom most comments name, NOBODY where fewer than half name one

    def __len__(self) -> int:
        return len(self.author)


@dataclass
class Graph(Columns):
    """Who follows whom, as sorted rows (compressed sparse row arrays), and follows added since, as linked lists."""

    LASTING: ClassVar = ("following_start", "following", "followers_start", "followers")

    following_start: Longs
    following: Ints
    followers_start: Longs
    followers: Ints
    newest_added: Ints  # for each account, its newest added follow, NOBODY where none
    added_author: Ints
    added_before: Ints
    added: int = 0

    def follows(self, user: int, author: int) -> bool:
        """Whether a user follows an author."""
        row = self.following[self.following_start[user] : self.following_start[user + 1]]
        place = int(np.searchsorted(row, author))
        if place < len(row) and row[place] == author:
            return True
        link = int(self.newest_added[user])
        while link != NOBODY:
            if self.added_author[link] == author:
                return True
            link = int(self.added_before[link])
        return False


@dataclass
class Log(Columns):
    """Engagement events of one hour: who did what to which post in which second of the hour; ordered by second and account."""

    account: Ints
    post: Longs  # post number
    verb: Small
    second: Ints
    elsewhere: Bits  # 1 where the account came to the post by a link, a search or a page, not by its feed

    @classmethod
    def empty(cls, room: int = 0) -> "Log":
        """Room for some events."""
        whole = np.zeros(room, dtype=np.int32)
        small = np.zeros(room, dtype=np.int8)
        return cls(whole, np.zeros(room, dtype=np.int64), small, whole.copy(), small.astype(np.uint8))

    def followed_by(self, more: "Log") -> "Log":
        """One log after another."""
        return Log(*(np.concatenate([getattr(self, f.name), getattr(more, f.name)]) for f in fields(Log)))

    def of(self, events: npt.NDArray[Any]) -> "Log":
        """Some of the events: their places, or whether each is one of them."""
        return Log(*(getattr(self, f.name)[events] for f in fields(Log)))


@dataclass
class Settings:
    """How strongly the app's own measures work, as shares in 1/PARTS; a new app has none."""

    discount: int = 0  # of discounted engagement, what does not count for the recommender
    friction: int = 0  # of shares, what is given up where the app asks first
    asks_always: bool = False  # before every share, not only of posts marked ASKED
    candidate_cap: int = 0  # of the recommended places of one feed, what one subject may have at the most; 0 is no cap
    hashtag_cap: int = 0
    author_cap: int = 0
    profiled: int | None = None  # share of users who have the profiled feed of two, where it is not as it was at first


@dataclass
class Platform:
    """The record."""

    accounts: Accounts
    posts: Posts
    graph: Graph
    first: int  # number of the post in row 0
    users: int  # monthly users when the world began: accounts that were used in the last weeks
    block_users: int
    community_first_block: Ints
    community_blocks: Ints
    log: list[Log]  # the last hours, newest last
    hour: int = 0
    settings: Settings = field(default_factory=Settings)
    sanctions: Mapping[int, int] = field(
        default_factory=dict
    )  # bits that live posts have for themselves, not by their author
    given_up: int = 0  # shares that were not completed when the app asked
    withdrawn: list[Log] = field(
        default_factory=lambda: [Log.empty()]
    )  # postings and shares taken out of feeds, as log

    def read_only(self) -> "Platform":
        """What recommenders and moderation are handed."""
        return Platform(
            self.accounts.read_only(), self.posts.read_only(), self.graph.read_only(), self.first, self.users,
            self.block_users, _locked(self.community_first_block), _locked(self.community_blocks),
            [entry.read_only() for entry in self.log], self.hour, replace(self.settings),
            MappingProxyType(self.sanctions), self.given_up, [entry.read_only() for entry in self.withdrawn],
        )  # fmt: skip
