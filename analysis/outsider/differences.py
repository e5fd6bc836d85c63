"""Difference in differences: how a candidate's daily views changed at a date, against how the other candidates' changed.

Two-way (candidate and day) on the logarithm of daily views. With one candidate in question the two-way estimate is the change of its
mean less the mean change of the others. Candidates, not days, are what is drawn: the interval has the spread of the others' changes,
with Student's t for one fewer than there are of them (Donald and Lang, Review of Economics and Statistics 2007; Conley and Taber,
ibid. 2011).
"""

from datetime import date

import numpy as np
from scipy import stats

from analysis.outsider.seen import MISSING, Answer, Seen, daily_views, halves

LEAST_DAYS, LEAST_OTHERS = 2, 3


def differences(seen: Seen) -> Answer:
    """From the day that everybody knows."""
    return at_date(seen, seen.since)


def differences_told(seen: Seen) -> Answer:
    """From the day on which the campaign began, as if somebody had told."""
    return at_date(seen, seen.began)


def at_date(seen: Seen, begins: date) -> Answer:
    """Extra log views a day since a date, against the other candidates. Alarm where the interval lies above none."""
    views = daily_views(seen)
    after = None if views is None else halves(views.index, begins, LEAST_DAYS)
    if views is None or after is None:
        return MISSING
    logs = np.log1p(views.to_numpy())
    change = logs[after].mean(axis=0) - logs[~after].mean(axis=0)
    others = np.delete(change, seen.focal)[np.delete(logs.max(axis=0) > 0, seen.focal)]
    if len(others) < LEAST_OTHERS or others.std() == 0:
        return MISSING
    value = float(change[seen.focal] - others.mean())
    error = float(others.std(ddof=1)) * np.sqrt(1.0 + 1.0 / len(others))
    half = float(stats.t.ppf(0.975, len(others) - 1) * error)
    return Answer(value, value - half, value + half, value > half)
