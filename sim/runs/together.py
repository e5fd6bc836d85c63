"""Who commented together on the record that a viewer has, by a bar that the record before the campaign sets.

The days of a record are looked at as `sim.record.inspecting` does: each midnight, some days back. An account's score is its highest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sim.record.inspecting import WEEK, Pairs, Scores, bar, best_of, pairs, vouched
from sim.record.keeping import DAY
from sim.runs.labelled import HOUR
from sim.runs.seen_by import RecordedWorld

LEAST = 2  # posts: whoever met once on one has not acted together
KEY = 1 << 32  # above any account's number


@dataclass(frozen=True)
class Together:
    """What looking found. scores: by account, of those with a pair; bar: the lowest score that is flagged; pairs: that come up to it.

    rate: accounts of 100,000 users that a week like those before the campaign has above the bar; weeks: that were looked at for accounts;
    before: weeks by which the bar was set.
    """

    scores: Scores
    bar: int
    pairs: Pairs
    rate: float
    weeks: float
    before: float


def together(world: RecordedWorld, viewer: str, day: date, begins: date | None) -> Together:
    """Look at the record that a viewer has at the end of a day. begins: the day from which a campaign is alleged; None for none."""
    clock, inspection = world.clock, world.rules.inspection
    seen = world.seen_by(viewer, day).events
    comments = seen[seen["verb"] == "comment"]
    opening = world.whole.first - HOUR * clock.start
    begin = clock.end if begins is None else min(max(clock.hour_of(begins), clock.start), clock.end)
    earlier = pd.concat([world.comments_before(viewer), comments])
    tops: Scores = {}
    for found in _looks(earlier, opening, 0, begin, world):
        _raise(tops, best_of(found))
    least = max(bar(tops, world.users, begin / WEEK, inspection), LEAST)
    scores: Scores = {}
    best = dict[int, int]()
    for found in _looks(comments, opening, clock.start, clock.end, world):
        _raise(scores, best_of(found))
        high = found.posts >= least
        _raise(
            best,
            dict(zip((found.one[high] * KEY + found.other[high]).tolist(), found.posts[high].tolist(), strict=True)),
        )
    keys = np.array(sorted(best), dtype=np.int64)
    of = Pairs(keys // KEY, keys % KEY, np.array([best[key] for key in keys.tolist()], dtype=np.int64))
    rate = vouched(world.users, begin / WEEK, inspection)
    return Together(scores, least, of, rate, (clock.end - clock.start) / WEEK, begin / WEEK)


def _looks(comments: pd.DataFrame, opening: int, first: int, last: int, world: RecordedWorld) -> Iterator[Pairs]:
    """Pairs at each midnight after the hour `first` until `last`, in the days before it."""
    inspection = world.rules.inspection
    second, post, account = (comments[name].to_numpy().astype(np.int64) for name in ("second", "post", "account"))
    hour = (second - opening) // HOUR
    for midnight in range(first + DAY, last + 1, DAY):
        looked = (hour >= midnight - DAY * inspection.memory_days) & (hour < midnight)
        yield pairs(post[looked], second[looked], account[looked], inspection.window)


def _raise(tops: Scores, found: Scores) -> None:
    """Keep the higher of what was and what is found."""
    for key, score in found.items():
        tops[key] = max(score, tops.get(key, 0))
