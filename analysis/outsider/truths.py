"""What is true of a world, in the terms of each instrument: read from its labels and its whole record, for scoring alone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.outsider.seen import Answer
from sim.runs.face import DIRECTED, RecordedWorld


def ground(world: RecordedWorld, puppets: pd.DataFrame, focal: int) -> dict[str, Any]:
    """What a world tells its twin: the candidate's views of each day, what all puppets were shown on each day, and who was behind it.

    views: by date, from the second day on; puppets: by date, videos of the candidate and of any; directed: accounts that somebody
    operates and that acted; paid: euros.
    """
    counters = world.counters.merge(world.whole.posts[["post", "candidate"]], on="post")
    counters = counters[counters["candidate"] == focal].sort_values(["post", "date"])
    gained = counters.groupby("post")["views"].diff().fillna(counters["views"])
    days = pd.Series(sorted(world.counters["date"].unique()))[1:]
    views = gained.groupby(counters["date"]).sum().reindex(days, fill_value=0)
    political = puppets[puppets["candidate"] >= 0]
    own = (political["candidate"] == focal).groupby(political["date"]).agg(["sum", "size"])
    return {
        "views": {day.date().isoformat(): int(number) for day, number in views.items()},
        "puppets": {day.date().isoformat(): [int(row["sum"]), int(row["size"])] for day, row in own.iterrows()},
        "directed": int(np.isin(world.whole.kind, DIRECTED).sum()),
        "paid": float(world.ledger["euros"].sum()),
    }


def truth_of(instrument: str, world: RecordedWorld, day: date, focal: int, answer: Answer) -> float | None:
    """What an instrument's number should have been by the end of a day, where one world tells; None where it does not.

    acting_together: accounts that somebody operates and that had commented by then. out_of_proportion: logarithm of likes and comments on
    the candidate's posts by those without the operated accounts. account_ages: what the operated accounts add to the share of the
    candidate's commenters in the stretch that the instrument chose.
    """
    events = world.whole.events
    until = (pd.Timestamp(day) + pd.Timedelta(days=1)).timestamp()
    events = events[events["second"] < until]
    directed = np.isin(world.whole.kind, DIRECTED)
    commented = events["verb"] == "comment"
    own = events["post"].isin(world.whole.posts["post"][world.whole.posts["candidate"] == focal])
    if instrument == "acting_together":
        return float(directed[events["account"][commented].unique()].sum())
    if instrument == "out_of_proportion":
        by_directed = directed[events["account"][own & events["verb"].isin(("like", "comment"))]]
        genuine = int((~by_directed).sum())
        return float(np.log(len(by_directed) / genuine)) if genuine else None
    if instrument == "account_ages" and answer.begins is not None:
        return _added(world, events["account"][own & commented].unique(), directed, answer)
    return None


def _added(
    world: RecordedWorld, account: npt.NDArray[np.int64], directed: npt.NDArray[np.bool_], answer: Answer
) -> float | None:
    """The share of some accounts that were opened in an answer's stretch, less that of those whom nobody operates."""
    created = pd.to_datetime(world.whole.accounts["created"])[account].to_numpy()
    inside = (created >= np.datetime64(str(answer.begins))) & (created < np.datetime64(str(answer.ends)))
    genuine = inside[~directed[account]]
    return float(inside.mean() - genuine.mean()) if len(genuine) else None


def against_twin(own: Mapping[str, Any], twin: Mapping[str, Any], begins: date, day: date) -> float | None:
    """Mean over the days from one to another of the logarithm of views with the campaign by those without; 1 is added to both."""
    days = [name for name in own["views"] if begins.isoformat() <= name <= day.isoformat()]
    if not days:
        return None
    pairs = np.array([[own["views"][name], twin["views"][name]] for name in days], dtype=np.float64)
    return float((np.log1p(pairs[:, 0]) - np.log1p(pairs[:, 1])).mean())


def beyond_twin(own: Mapping[str, Any], twin: Mapping[str, Any], day: date) -> float | None:
    """The candidate's share of what all puppets of the last audited day were shown, beyond that in the twin."""
    days = [name for name in own["puppets"] if name <= day.isoformat() and name in twin["puppets"]]
    if not days:
        return None
    (shown, every), (twin_shown, twin_every) = own["puppets"][max(days)], twin["puppets"][max(days)]
    return float(shown / every - twin_shown / twin_every)
