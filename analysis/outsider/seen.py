"""What somebody outside the platform has on a day, and what an instrument makes of it: tables in, an answer out, and no label between."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.runs.face import RecordedWorld

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """Tables as of the end of a day, and what everybody knows of the election.

    comments: post, account, second (since 1970). posts: post, author, second, candidate (number, -1 none). created: (accounts) day on
    which each was opened, missing where nothing of it is seen. counters: date, post, views, likes, comments, shares; either of many
    dates a post, or the last one only. puppets: date, account (run), candidate of each video that fresh accounts were shown by then.
    candidates: how many stand; focal: the one in question. first, last: days of the world's own record; day: of looking; since: day from
    which the campaign is said to have worked, as everybody knows; began: day on which it did begin, as somebody from within would tell.
    """

    comments: pd.DataFrame
    posts: pd.DataFrame
    created: pd.Series
    counters: pd.DataFrame
    puppets: pd.DataFrame
    candidates: int
    focal: int
    first: date
    last: date
    day: date
    since: date
    began: date

    @property
    def until(self) -> date:
        """The last day of which something can be known."""
        return min(self.day, self.last)

    def candidate_of(self, posts: pd.Series) -> npt.NDArray[np.int64]:
        """The candidate whom each of some posts names, -1 where none or where the post is not seen."""
        known = self.posts.set_index("post")["candidate"]
        return np.asarray(known.reindex(posts).fillna(-1).to_numpy(), dtype=np.int64)


@dataclass(frozen=True)
class Answer:
    """What an instrument claims: a number with its own 95% interval, and whether it raises an alarm about the focal candidate.

    All are None where it cannot answer. begins, ends: days that the number is about, where it chose them itself.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    alarm: bool | None = None
    begins: date | None = None
    ends: date | None = None


MISSING = Answer()


@dataclass(frozen=True)
class Known:
    """What everybody knows; see `Seen`."""

    candidates: int
    focal: int
    since: date
    began: date


def seen_of(world: RecordedWorld, viewer: str, day: date, puppets: pd.DataFrame, known: Known) -> Seen:
    """What a viewer has of a world at the end of a day. Labels, the ledger and what is gone are left behind."""
    had, clock = world.seen_by(viewer, day), world.clock
    comments = had.events[had.events["verb"] == "comment"][["post", "account", "second"]].reset_index(drop=True)
    posts = had.posts[["post", "author", "second", "candidate"]]
    shown = puppets[puppets["date"] <= pd.Timestamp(day)][["date", "account", "candidate"]]
    counters = world.counters_seen_by(viewer, day)
    return Seen(
        comments, posts, had.accounts["created"], counters, shown, known.candidates, known.focal,
        clock.first_day, clock.day_of(clock.end - 1), day, known.since, known.began,
    )  # fmt: skip


def daily_views(seen: Seen) -> pd.DataFrame | None:
    """Views of each candidate's posts by day, as far as what is seen tells: a row a day, a column a candidate; None where it does not.

    From counters of many days: views gained on each day, from the second day on. From the last counters alone: the views so far of what
    was posted on each day, without posts that are not a day old. Days without anything have 0.
    """
    rows = seen.counters.merge(seen.posts[["post", "second", "candidate"]], on="post")
    rows = rows[rows["candidate"] >= 0]
    made = pd.to_datetime(rows["second"], unit="s").dt.normalize()
    if rows.empty:
        return None
    if rows["post"].is_unique:
        begins, ends = pd.Timestamp(seen.first), pd.Timestamp(seen.until) - pd.Timedelta(days=1)
        when, views = made, rows["views"]
    else:
        rows = rows.assign(made=made).sort_values(["post", "date"])
        begins, ends = rows["date"].min() + pd.Timedelta(days=1), rows["date"].max()
        gained = rows.groupby("post")["views"].diff()
        views = gained.fillna(rows["views"].where(rows["date"] - rows["made"] < pd.Timedelta(days=1)))
        when = rows["date"]
    days = pd.date_range(begins, ends)
    table = views.astype(float).groupby([when, rows["candidate"]]).sum().unstack(fill_value=0.0)
    return table.reindex(index=days, columns=range(seen.candidates), fill_value=0.0)


def halves(days: pd.DatetimeIndex, since: date, least: int) -> npt.NDArray[np.bool_] | None:
    """Which days are after a date; None where there are fewer than `least` before or after it."""
    after = np.asarray(days >= pd.Timestamp(since))
    return after if min(after.sum(), (~after).sum()) >= least else None
