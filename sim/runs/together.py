"""Who commented together on the record that a viewer has, by a bar that the record before the campaign sets.

A record is cut into weeks (the days that `sim.record.inspecting` looks at together) from the day on from which a campaign is alleged,
forwards and backwards, so that an account's best pair in one of them is as good as in another: weeks that overlap, or that are not whole
before the campaign, would let more innocents above the bar than it says. Where less than a week is known before, the pieces are as short.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sim.record.inspecting import WEEK, Compared, Pairs, Scores, bar, best_of, vouched
from sim.record.keeping import DAY
from sim.runs.labelled import HOUR
from sim.runs.seen_by import RecordedWorld

LEAST = 2  # posts: whoever met once on one has not acted together
KEY = 1 << 32  # above any account's number


@dataclass(frozen=True)
class Together:
    """What looking found. scores: by account, of those with a pair; bar: the lowest score that is flagged; pairs: that come up to it; days:
    that were looked at together; price: accounts of 100,000 users and week that were allowed above the bar; rate: that a week like those
    before the campaign has above it; weeks: that were looked at for accounts; before: weeks by which the bar was set.
    """

    scores: Scores
    bar: int
    pairs: Pairs
    days: int
    price: float
    rate: float
    weeks: float
    before: float


def together(world: RecordedWorld, viewer: str, day: date, begins: date | None) -> Together:
    """Look at the record that a viewer has at the end of a day. begins: the day from which a campaign is alleged; None: all of the log."""
    clock, inspection = world.clock, world.rules.inspection
    seen = world.seen_by(viewer, day).events
    compared = _compared(pd.concat([world.comments_before(viewer), seen[seen["verb"] == "comment"]]), world)
    begin = clock.start if begins is None else min(max(clock.hour_of(begins), clock.start), clock.end)
    length = DAY * max(1, min(inspection.memory_days, begin // DAY))
    tops: Scores = {}
    earlier = [(first, first + length) for first in range(begin - length, -1, -length)]
    for found in _looks(compared, earlier):
        _raise(tops, best_of(found))
    weeks = len(earlier) * length / WEEK
    least = max(bar(tops, world.users, weeks, inspection), LEAST)
    scores: Scores = {}
    best = dict[int, int]()
    for found in _looks(compared, [(first, first + length) for first in range(begin, clock.end, length)]):
        _raise(scores, best_of(found))
        high = found.posts >= least
        keys = (found.one[high] * KEY + found.other[high]).tolist()
        _raise(best, dict(zip(keys, found.posts[high].tolist(), strict=True)))
    key = np.array(sorted(best), dtype=np.int64)
    of = Pairs(key // KEY, key % KEY, np.array([best[one] for one in key.tolist()], dtype=np.int64))
    rate = vouched(world.users, weeks, inspection)
    price = inspection.false_positives
    return Together(scores, least, of, length // DAY, price, rate, (clock.end - begin) / WEEK, weeks)


def _compared(comments: pd.DataFrame, world: RecordedWorld) -> Compared:
    """Comments of a record, with their hours."""
    opening = world.whole.first - HOUR * world.clock.start
    second, account, post = (comments[name].to_numpy().astype(np.int64) for name in ("second", "account", "post"))
    return Compared.of(np.stack([(second - opening) // HOUR, second, account, post]), world.rules.inspection.window)


def _looks(compared: Compared, spans: Sequence[tuple[int, int]]) -> Iterator[Pairs]:
    """Pairs in each of some spans of hours."""
    for first, last in spans:
        yield compared.pairs((compared.hour >= first) & (compared.hour < last))


def _raise(tops: Scores, found: Scores) -> None:
    """Keep the higher of what was and what is found."""
    for key, score in found.items():
        tops[key] = max(score, tops.get(key, 0))
