"""What every recommender is, and what those that rank shortlists share."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from sim.kernels.columns import Lists
from sim.kernels.reactions import WATCHED
from sim.kernels.shortlists import close_ranks, renew
from sim.numbers.arithmetic import LOGIT, exp, units
from sim.numbers.columns import extended, widened
from sim.numbers.luck import Chance, Decision
from sim.scenario.schema import choice, quantity
from sim.world.actions import Feeds, Mixed, Shortlists, Shown, StandingFeeds, Visits
from sim.world.platform import DISCOUNTED, FOLLOWERS_ONLY, LIMITED, PARTS, REMOVED, WAITING, Log, Platform, coins
from sim.world.world import Beliefs


class Recommender(ABC):
    """A plug-in with one verb: rank posts for those who opened the app."""

    # Parameters in proportion to the users who have this recommender.
    SHRINKS: ClassVar[tuple[str, ...]] = ("most_shown",)

    def serving(self, share: float) -> Self:
        """The same recommender where only a share of the users has it."""
        names = [field.name for field in dataclasses.fields(self) if field.name in self.SHRINKS]  # type: ignore[arg-type]
        return dataclasses.replace(self, **{name: share * getattr(self, name) for name in names})  # type: ignore[type-var]

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """The beliefs with which a world begins."""
        return Beliefs()

    @abstractmethod
    def rank(
        self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance
    ) -> Feeds | Shortlists | StandingFeeds | Mixed:
        """What each visitor is shown, in order; standing lists from which feeds are filled while people watch; or feeds
        that stay from one visit to the next."""

    def learn(self, seen: Platform, beliefs: Beliefs, shown: Shown, now: int) -> None:
        """Update beliefs by the reactions of this hour."""
        return


@dataclass(frozen=True)
class Counting(Recommender):
    """What those share that count what accounts do, to posts that they did not meet in their feeds as well.

    Fans who follow a notification come to a post by a link, a search or a page, and so do accounts that are sent. No platform
    has said what that is worth to its recommender; see docs/DECISIONS.md.
    """

    off_feed_weight: float = quantity(
        "share of acts that counts where the account came to the post otherwise than by its feed", "share", 0, 1
    )

    def counted(self, seen: Platform, log: Log) -> npt.NDArray[np.bool_]:
        """Which acts of an hour count: of those done off the feed, what a coin keyed by (post, account) leaves."""
        counts = counts_of(seen, log.account, log.post - seen.first)
        off = np.flatnonzero(log.elsewhere)
        if self.off_feed_weight < 1.0 and len(off):
            drawn = coins(Decision.OFF_FEED, seen.posts.key[log.post[off] - seen.first], log.account[off])
            counts[off] &= drawn < round(self.off_feed_weight * PARTS)
        return counts


@dataclass(frozen=True)
class CountingViews(Counting):
    """What those share that count views too."""

    off_feed_views: bool = choice(
        "whether such a visit also counts as a view, to the end, as it does in the public counters", (True, False)
    )

    def off_feed_visits(self, seen: Platform, log: Log) -> Log:
        """One entry a visit off the feed, if such visits count as views: an account and a post."""
        off = log.of(log.elsewhere != 0)
        first = np.unique(off.account.astype(np.int64) << 32 | off.post, return_index=True)[1]
        visits = off.of(first if self.off_feed_views else first[:0])
        return visits.of(counts_of(seen, visits.account, visits.post - seen.first))


@dataclass(frozen=True)
class Listed(Recommender):
    """What those share that put fresh posts on one kind of shortlist, everywhere alike."""

    fresh_hours: int = quantity("age up to which posts are recommended", "hours", 1, 240)
    listings: int = quantity("posts on one block's shortlist", "posts", 1, 1000)
    most_shown: float = quantity("share of a block who were shown a listed post when it is taken down", "share", 0, 1)
    followed_share: float = quantity("share of places that try a followed author's newest post", "share", 0, 1)

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """Tastes, walks and empty lists."""
        return opening_memory(seen, {"trial": 0, "promoted": self.listings})


@dataclass
class Lane:
    """Posts that compete for one kind of place: their places in the table, ascending, and the views an hour each wants."""

    slots: npt.NDArray[np.int64]
    pace: npt.NDArray[np.float64]
    most: float  # largest factor from wanted views to standing listings


LANES = ("trial", "promoted")
GAIN = 40  # a perfectly known taste has about length one (1024 units)
MEMORY_BITS = 10  # a taste remembers about 1,024 impressions
MOST_WORTH = 8.0  # logarithms of the worth of posts are kept within so much of the mean post's
WORD = 32  # users whose sights of a listing are noted in one word


def opening_memory(seen: Platform, listings: Mapping[str, int]) -> Beliefs:
    """Beliefs shared by those that rank shortlists: tastes, how far each post has walked through the blocks, and the
    standing lists of each lane with so many listings a block (see `sim.kernels.shortlists`)."""
    axes, communities = seen.posts.topic.shape[1], len(seen.community_blocks)
    blocks, words = int(seen.community_blocks.sum()), (seen.block_users + WORD - 1) // WORD
    beliefs = Beliefs()
    beliefs.accounts["taste"] = np.zeros((len(seen.accounts.status), axes), dtype=np.int32)
    beliefs.rest["taste_sums"] = np.zeros((blocks, axes), dtype=np.int64)
    beliefs.rest["watch_mean"] = np.array([0.5])
    beliefs.posts["walked"], beliefs.fills["walked"] = np.zeros((0, communities), dtype=np.int16), 0
    for name, fill in (("wanted", 0), ("score", 0), ("slot", -1)):
        beliefs.posts[name], beliefs.fills[name] = np.zeros(0, dtype=np.int32), fill
    # The table of posts that compete: numbers, -1 where one left; by community, how a pool spreads and listings that stand.
    beliefs.rest["staged"] = np.zeros(0, dtype=np.int64)
    beliefs.rest["share"] = np.zeros((communities, 0), dtype=np.float32)
    beliefs.rest["standing"] = np.zeros((communities, 0), dtype=np.int16)
    beliefs.rest["admitted"] = np.array([0])  # number of the first post that was never in the table
    for lane, room in listings.items():
        beliefs.rest[f"{lane}_numbers"] = np.zeros((blocks, room), dtype=np.int32)
        beliefs.rest[f"{lane}_seen"] = np.zeros((blocks, words, room), dtype=np.uint32)
        beliefs.rest[f"{lane}_shown"] = np.zeros((blocks, room), dtype=np.int32)
        beliefs.rest[f"{lane}_lengths"] = np.zeros(blocks, dtype=np.int32)
    return beliefs


def lists_of(beliefs: Beliefs, lane: str) -> Lists:
    """One lane's standing lists."""
    return Lists(*(beliefs.rest[f"{lane}_{name}"] for name in Lists._fields))


def servable(seen: Platform, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of some live posts may be recommended."""
    return np.asarray((seen.posts.status[rows] & (REMOVED | LIMITED)) == 0)


def waiting(seen: Platform, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of some live posts are not recommended for a time; they want no listing and keep those that they have."""
    return np.asarray((seen.posts.status[rows] & WAITING) != 0)


def counts_of(seen: Platform, account: npt.NDArray[np.int32], row: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which acts of given accounts on given live posts moderation lets count: none of a limited account, and some of what
    is discounted, by an account or on a post, where a coin keyed by (post, account) takes its share."""
    status = seen.accounts.status[account]
    counts = np.asarray((status & LIMITED) == 0)
    doubted = np.flatnonzero((status | seen.posts.status[row]) & DISCOUNTED)
    if len(doubted):
        drawn = coins(Decision.DISCOUNT, seen.posts.key[row[doubted]], account[doubted])
        counts[doubted] &= drawn >= seen.settings.discount
    return counts


def admit(seen: Platform, beliefs: Beliefs) -> npt.NDArray[np.int64]:
    """Give the posts that have just appeared, and that are not for followers only, a place in the table of those that compete.

    Returns their live rows.
    """
    rest = beliefs.rest
    appeared = np.arange(int(rest["admitted"][0]) - seen.first, len(seen.posts))
    rows: npt.NDArray[np.int64] = appeared[(seen.posts.status[appeared] & FOLLOWERS_ONLY) == 0]
    rest["admitted"][0] = seen.first + len(seen.posts)
    beliefs.posts["slot"][rows] = len(rest["staged"]) + np.arange(len(rows))
    begin = len(rest["staged"])
    rest["staged"] = extended(rest["staged"], len(rows), rows + seen.first)
    for name in ("share", "standing"):
        rest[name] = widened(rest[name], begin, len(rest["staged"]))
        rest[name][:, begin : len(rest["staged"])] = 0
    return rows


def dismiss(seen: Platform, beliefs: Beliefs, leave: npt.NDArray[np.bool_]) -> None:
    """Take posts out of the table, by place; it closes its ranks when a quarter of the places are empty."""
    rest, slot = beliefs.rest, beliefs.posts["slot"]
    staged = rest["staged"]
    rows = staged[leave] - seen.first
    slot[rows[rows >= 0]] = -1
    staged[leave] = -1
    if 4 * int(np.count_nonzero(staged < 0)) > len(staged):
        kept = close_ranks(staged, seen.first, rest["share"], rest["standing"], slot)
        rest["staged"] = staged[:kept]


def admit_fresh(seen: Platform, beliefs: Beliefs, oldest: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Let posts compete that appeared after hour `oldest`, everywhere alike.

    Returns the live rows of those that have just appeared, and the places in the table of all that may be recommended.
    """
    new, blocks = admit(seen, beliefs), seen.community_blocks
    beliefs.rest["share"][:, beliefs.posts["slot"][new]] = (blocks / blocks.sum())[:, None]
    first = seen.first + int(np.searchsorted(seen.posts.hour, oldest, side="right"))
    dismiss(seen, beliefs, beliefs.rest["staged"] < first)
    slots = np.flatnonzero(beliefs.rest["staged"] >= 0)
    return new, slots[servable(seen, beliefs.rest["staged"][slots] - seen.first)]


def list_by_worth(
    seen: Platform, beliefs: Beliefs, slots: npt.NDArray[np.int64], worth: npt.NDArray[np.floating], most_shown: float, now: int
) -> None:  # fmt: skip
    """Listings in proportion to the believed worth of posts, which is also their score. worth: natural logarithms."""
    worth, rows = np.clip(worth.astype(np.float64), -MOST_WORTH, MOST_WORTH), beliefs.rest["staged"][slots] - seen.first
    pace = np.where(waiting(seen, rows), 0.0, exp(worth))
    renew_lists(seen, beliefs, "promoted", Lane(slots, pace, 1e9), most_shown, now)
    beliefs.posts["score"][rows] = np.rint(worth * LOGIT)


def renew_lists(seen: Platform, beliefs: Beliefs, name: str, lane: Lane, most_shown: float, now: int) -> None:
    """Take down what no longer belongs on one lane's lists, and put up what is wanted and finds room."""
    posts, rest, stamp = beliefs.posts, beliefs.rest, len(LANES) * now + LANES.index(name) + 1
    posts["wanted"][rest["staged"][lane.slots] - seen.first] = stamp
    renew(
        lane.slots, seen.first, rest["staged"], lane.pace, rest["share"], posts["walked"], posts["slot"], rest["standing"],
        posts["wanted"], stamp, seen.posts.key, now, lane.most, int(most_shown * seen.block_users),
        seen.community_first_block, seen.community_blocks, lists_of(beliefs, name),
    )  # fmt: skip


def community_means(beliefs: Beliefs, seen: Platform) -> npt.NDArray[np.int64]:
    """Mean believed taste of each community, rounded down."""
    sums = np.add.reduceat(beliefs.rest["taste_sums"], seen.community_first_block, axis=0)
    return np.asarray(sums // (seen.community_blocks * seen.block_users)[:, None], dtype=np.int64)


def shortlists(beliefs: Beliefs, fit: float, trial_share: float, followed_share: float) -> Shortlists:
    """The standing lists, and how feeds are to be filled from them."""
    return Shortlists(
        lists_of(beliefs, "trial"), lists_of(beliefs, "promoted"), beliefs.posts["score"], units(fit),
        round(trial_share * 65536), round(followed_share * 65536), beliefs.accounts["taste"], beliefs.rest["taste_sums"],
        int(beliefs.rest["watch_mean"][0] * 256), GAIN, MEMORY_BITS,
    )  # fmt: skip


def learn_usual(beliefs: Beliefs, shown: Shown) -> None:
    """Learn what share of impressions is usually watched through; tastes were learned while people watched."""
    count, mean = int(shown.feeds.length.sum()), beliefs.rest["watch_mean"]
    if count:
        mean[0] += 0.02 * (int(np.count_nonzero(shown.flags & WATCHED)) / count - mean[0])
