"""Follow graph and reshares only: a feed holds the youngest messages that accounts one follows posted or reshared.

The platform of resharing networks, as in SimSoM (Truong et al., PNAS Nexus 3(7) pgae258, 2024). Nothing is learned.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kernels.columns import FollowColumns
from sim.kernels.inboxes import Events, News, lay_out, take_in
from sim.numbers.columns import extended
from sim.numbers.luck import Chance
from sim.recommenders.base import Recommender
from sim.scenario.schema import choice, quantity
from sim.world.actions import Feeds, StandingFeeds, Visits
from sim.world.platform import NOBODY, SHARE, Log, Platform
from sim.world.world import Beliefs

COLUMNS = {
    "account": (np.int32, 0), "post": (np.int32, 0), "hour": (np.int32, 0), "youth": (np.uint64, 0),
    "copies": (np.int32, 0), "before": (np.int64, NOBODY), "sooner": (np.int64, NOBODY),
}  # fmt: skip
KEPT_HOURS = 10 * 24  # events older than any live post are let go


@dataclass(frozen=True)
class Inbox(Recommender):
    """What is posted or shared in one hour stands in followers' feeds from the next on."""

    room: int = quantity("messages that a feed holds, the youngest", "messages", 1, 1000)
    again: bool = choice("whether a message may come to a feed again after it left it", (True, False))

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """A table of postings and shares, chained by account and by post, and what stands in each feed."""
        beliefs, accounts = Beliefs(), len(seen.accounts.status)
        beliefs.accounts["latest"] = np.full(accounts, NOBODY, dtype=np.int64)
        beliefs.accounts["youth"] = np.zeros(accounts, dtype=np.uint64)
        beliefs.accounts["newest"] = np.full(accounts, NOBODY, dtype=np.int32)
        beliefs.accounts["previous"] = np.full(accounts, NOBODY, dtype=np.int32)
        beliefs.accounts["feed_event"] = np.full((accounts, self.room), NOBODY, dtype=np.int64)
        beliefs.accounts["feed_shares"] = np.zeros((accounts, self.room), dtype=np.int32)
        beliefs.accounts["feed_met"] = np.zeros((accounts, self.room), dtype=np.uint8)
        beliefs.posts["last_event"], beliefs.fills["last_event"] = np.zeros(0, dtype=np.int64), NOBODY
        beliefs.rest = {f"event_{name}": np.zeros(0, dtype=kind) for name, (kind, _) in COLUMNS.items()}
        beliefs.rest["event_first"] = np.array([0])
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> StandingFeeds:
        """Read what happened in the hour before, then bring visitors' feeds up to date."""
        self._read(seen, beliefs, now, chance)
        _withdraw(seen, beliefs)
        accounts, graph, events, first = beliefs.accounts, seen.graph, _events(beliefs), seen.first
        follows = FollowColumns(
            graph.following_start, graph.following, graph.newest_added, graph.added_author, graph.added_before
        )
        feeds = accounts["feed_event"], accounts["feed_shares"], accounts["feed_met"]
        take_in(
            visits.visitors, seen.accounts.last_session, now, self.again, events, _news(beliefs), follows, first,
            seen.posts.status, seen.posts.author, *feeds,
        )  # fmt: skip
        size = len(visits.visitors)
        offset = np.arange(size, dtype=np.int64) * self.room
        wanted = np.minimum(visits.videos, self.room).astype(np.int32)
        new_offset = np.concatenate([[0], np.cumsum(wanted)[:-1]]).astype(np.int64)[:size]
        row, shares, age = (np.zeros(size * self.room, dtype=np.int32) for _ in range(3))
        length, new_length = np.zeros(size, dtype=np.int32), np.zeros(size, dtype=np.int32)
        new_row = np.zeros(int(wanted.sum()), dtype=np.int32)
        lay_out(visits.visitors, wanted, now, events, first, *feeds, offset, length, row, shares, age, new_offset,
                new_length, new_row)  # fmt: skip
        lane = np.ones(len(new_row), dtype=np.uint8)  # met because somebody followed posted or shared it
        new = Feeds(visits.visitors, new_offset, new_length, new_row, lane, visits.second)
        return StandingFeeds(visits.visitors, offset, length, row, shares, age, new)

    def _read(self, seen: Platform, beliefs: Beliefs, now: int, chance: Chance) -> None:
        """Enter the postings and shares of the hour before into the table; the same done several times is one event."""
        if now % 24 == 0:
            _let_go(beliefs, now)
        account, post, copies = _happened(seen, now - 1)
        if len(account) == 0:
            return
        news, rest, row = _news(beliefs), beliefs.rest, post - seen.first
        number = int(rest["event_first"][0]) + len(rest["event_post"]) + np.arange(len(account))
        luck = chance.words(31, account, seen.posts.key[row]).astype(np.uint64)
        youth, before = np.uint64(now << 32) + luck, _chained(news.latest, account, number)
        sooner = NOBODY if self.again else _chained(beliefs.posts["last_event"], row, number)
        values = (account, post, now - 1, youth, copies, before, sooner)
        for name, column in zip(COLUMNS, values, strict=True):
            rest[f"event_{name}"] = extended(rest[f"event_{name}"], len(account), column)
        np.maximum.at(news.youth, account, youth)
        news.post[account] = post  # of several, the last counts
        last = before[np.searchsorted(number, news.latest[account])] - int(rest["event_first"][0])
        news.previous[account] = np.where(last >= 0, rest["event_hour"][np.maximum(last, 0)], NOBODY)


def _happened(seen: Platform, hour: int) -> tuple[npt.NDArray[np.int64], ...]:
    """Who posted or shared which post in an hour, and how often: sorted by account, then by post."""
    posts, log = seen.posts, seen.log[-2] if len(seen.log) > 1 else Log.empty()
    rows = np.arange(np.searchsorted(posts.hour, hour), np.searchsorted(posts.hour, hour, side="right"))
    shares = (log.verb == SHARE) & (log.post >= seen.first)
    account = np.concatenate([posts.author[rows], log.account[shares]]).astype(np.int64)
    row = np.concatenate([rows, log.post[shares] - seen.first])
    codes, copies = np.unique(account << 32 | row, return_counts=True)
    return codes >> 32, (codes & 0xFFFFFFFF) + seen.first, copies


def _chained(newest: npt.NDArray[np.int64], of: npt.NDArray[np.integer], number: npt.NDArray[np.integer]) -> np.ndarray:
    """Put new events, in order, at the heads of the chains of what they are of; returns the one before each."""
    order = np.argsort(of, kind="stable")
    again = of[order][1:] == of[order][:-1]
    before = newest[of]
    before[order[1:][again]] = number[order[:-1][again]]
    newest[of[order]] = number[order]  # of several, the last counts
    return np.asarray(before)


def _withdraw(seen: Platform, beliefs: Beliefs) -> None:
    """Take out of the table what moderation withdrew in the hour before."""
    log, first = seen.withdrawn[-2] if len(seen.withdrawn) > 1 else Log.empty(), int(beliefs.rest["event_first"][0])
    for account, post in zip(log.account.tolist(), log.post.tolist(), strict=True):
        event = int(beliefs.accounts["latest"][account])
        while event >= first:
            if int(beliefs.rest["event_post"][event - first]) == post:
                beliefs.rest["event_post"][event - first] = NOBODY
            event = int(beliefs.rest["event_before"][event - first])


def _let_go(beliefs: Beliefs, now: int) -> None:
    """Forget events that are older than any live post."""
    cut = int(np.searchsorted(beliefs.rest["event_hour"], now - KEPT_HOURS))
    for name in COLUMNS:
        beliefs.rest[f"event_{name}"] = beliefs.rest[f"event_{name}"][cut:]
    beliefs.rest["event_first"][0] += cut


def _events(beliefs: Beliefs) -> Events:
    """The table of events."""
    return Events(int(beliefs.rest["event_first"][0]), *(beliefs.rest[f"event_{name}"] for name in COLUMNS))


def _news(beliefs: Beliefs) -> News:
    """The newest event of each account."""
    return News(*(beliefs.accounts[name] for name in ("latest", "youth", "newest", "previous")))
