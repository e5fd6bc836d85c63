"""What the record that a viewer has shows of each account and post about the candidate. Nothing here reads what is true."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.evidence.rules import Rules, rules
from sim.runs.face import LabelledWorld, RecordedWorld, Together, together

HOUR, DAY = 3600, 86_400  # seconds
TRACES = ("together", "awakened", "born")  # of accounts; their joint pattern is a text of as many 0 and 1


@dataclass(frozen=True)
class Traces:
    """What a record shows.

    accounts: those that acted on posts about the candidate, by number: acts, about (acts on such posts), first (second of the first act on
    record), created, silence (days before that act, NaN where the viewer does not know), posts_together, group (0 none), and a column for
    each of TRACES. posts: those about the candidate: post, author, second, disclosed, copied, strange. anybody, any_posts: the same of
    posts about any candidate. acts, met: all acts and accounts on record. events: acts on posts about the candidate.
    """

    accounts: pd.DataFrame
    posts: pd.DataFrame
    anybody: pd.DataFrame
    any_posts: pd.DataFrame
    events: pd.DataFrame
    looked: Together
    acts: int
    met: int
    silences_known: bool

    @property
    def patterns(self) -> pd.Series:
        """The joint pattern of each account, such as 110."""
        return patterns_of(self.accounts)


def patterns_of(accounts: pd.DataFrame) -> pd.Series:
    """Joint patterns of accounts with a column for each of TRACES."""
    columns = [accounts[name].astype(int).astype(str) for name in TRACES]
    return columns[0] + columns[1] + columns[2]


def traces_of(world: RecordedWorld, viewer: str, day: date, begins: date | None, candidate: int) -> Traces:
    """What a viewer's record shows at the end of a day. begins: from when on a campaign is alleged; candidate: its number."""
    asked, seen = rules(), world.seen_by(viewer, day)
    looked, last = together(world, viewer, day, begins), world.last_before_seen_by(viewer, seen)
    any_posts = _posts(world, viewer, day, seen, asked)
    posts = any_posts[any_posts["candidate"] == candidate]
    about, of_any = (seen.events[seen.events["post"].isin(of["post"])] for of in (posts, any_posts))
    accounts, anybody = (_accounts(seen, events, looked, last, asked) for events in (about, of_any))
    known, met = bool(np.isfinite(last).any()), int(seen.accounts["created"].notna().sum())
    return Traces(accounts, posts, anybody, any_posts, about, looked, len(seen.events), met, known)


def _accounts(
    seen: LabelledWorld, about: pd.DataFrame, looked: Together, last: npt.NDArray[np.float64], asked: Rules
) -> pd.DataFrame:
    """One row an account that acted on some posts. about: acts on these; last: (accounts) second of the last act before the record."""
    counted = about.groupby("account").size()
    own = seen.events[seen.events["account"].isin(counted.index)].groupby("account")["second"]
    table = pd.DataFrame({"acts": own.size(), "about": counted, "first": own.min()})
    table["created"] = pd.to_datetime(seen.accounts["created"].reindex(table.index))
    table["silence"] = (table["first"] - last[table.index]) / DAY
    table["posts_together"] = np.array(
        [looked.scores.get(account, 0) for account in table.index.tolist()], dtype=np.int64
    )
    table["group"] = _groups(looked).reindex(table.index).fillna(0).astype(int)
    table["together"] = table["posts_together"] >= looked.bar
    table["awakened"] = (table["silence"] >= asked.dormant_days) & (_burst(seen, table, asked) >= asked.burst_acts)
    table["born"] = _company(table["created"], asked) >= asked.born_accounts
    return table


def _burst(seen: LabelledWorld, accounts: pd.DataFrame, asked: Rules) -> pd.Series:
    """Acts of each account in the hours after its first act on record, that act among them."""
    events = seen.events[seen.events["account"].isin(accounts.index)]
    soon = events["second"] < events["account"].map(accounts["first"]) + HOUR * asked.burst_hours
    return events[soon].groupby("account").size().reindex(accounts.index).fillna(0)


def _company(created: pd.Series, asked: Rules) -> pd.Series:
    """For each account the most accounts, itself among them, that were created within some days of which its own is one."""
    if len(created) == 0:
        return pd.Series(0, index=created.index)
    day = (created.to_numpy().astype("datetime64[D]") - np.datetime64("1970-01-01")).astype(np.int64)
    days = np.sort(day)
    most = np.zeros(len(day), dtype=np.int64)
    for back in range(asked.born_days):
        first = day - back
        within = np.searchsorted(days, first + asked.born_days) - np.searchsorted(days, first)
        most = np.maximum(most, within)
    return pd.Series(most, index=created.index)


def _groups(looked: Together) -> pd.Series:
    """Group of each account in a pair that comes up to the bar: from 1 on, the largest first, then that with the lowest account."""
    ends = np.concatenate((looked.pairs.one, looked.pairs.other))
    account, place = np.unique(ends, return_inverse=True)
    if len(account) == 0:
        return pd.Series(dtype=int)
    half = len(looked.pairs.one)
    links = coo_array((np.ones(half), (place[:half], place[half:])), (len(account),) * 2)
    part = connected_components(links, directed=False)[1]
    _, lowest, size = np.unique(part, return_index=True, return_counts=True)
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((lowest, -size))] = np.arange(1, len(size) + 1)
    return pd.Series(rank[part], index=account)


def _posts(world: RecordedWorld, viewer: str, day: date, seen: LabelledWorld, asked: Rules) -> pd.DataFrame:
    """Posts about candidates: whether they share a template with others about the same, and whether engagement is out of proportion."""
    posts = seen.posts[seen.posts["candidate"] >= 0].copy()
    users = posts[posts["sound"] > 0].groupby(["candidate", "sound"])["author"].nunique()
    common = users.index[users >= asked.copies]
    posts["copied"] = pd.MultiIndex.from_frame(posts[["candidate", "sound"]]).isin(common)
    counters = world.counters_seen_by(viewer, day).groupby("post").last().reindex(posts["post"])
    likes, views, comments = (counters[name].fillna(0).to_numpy() for name in ("likes", "views", "comments"))
    much = (likes > asked.likes_per_view * views) | (comments > asked.comments_per_like * likes)
    posts["strange"] = much & (likes >= asked.least_likes)
    return posts
