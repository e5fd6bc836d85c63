"""Account-age bursts: whether accounts that comment on a candidate were opened in one stretch of time more often than others'.

As investigators look for accounts made together. The stretch of DAYS days is the one in which the candidate's commenters exceed the
others' most, among accounts with an even number; how far they exceed them in it is measured among accounts with an odd number,
so that the choice of the stretch does not make the excess (Cox, Biometrika 1975, on data splitting). Interval: Newcombe's of a
difference of shares.
"""

import numpy as np
import pandas as pd

from analysis.outsider.seen import MISSING, Answer, Floats, Seen
from analysis.outsider.shares import newcombe

DAYS, LEAST = 90, 5  # days of a stretch; commenters of the candidate and of others in each half


def account_ages(seen: Seen) -> Answer:
    """Excess share of the candidate's commenters who were opened in the stretch. Alarm where the interval lies above none."""
    candidate = seen.candidate_of(seen.comments["post"])
    account = seen.comments["account"].to_numpy()
    own = np.unique(account[candidate == seen.focal])
    others = np.setdiff1d(account[(candidate >= 0) & (candidate != seen.focal)], own)
    created = pd.to_datetime(seen.created.reindex(np.arange(account.max() + 1 if len(account) else 0)))
    day = (created - pd.Timestamp("1970-01-01")).dt.days.to_numpy(dtype=np.float64)
    groups = [who[(who % 2 == half) & np.isfinite(day[who])] for half in (0, 1) for who in (own, others)]
    if min(len(who) for who in groups) < LEAST:
        return MISSING
    begins = most_exceeding(*(np.sort(day[who]) for who in groups[:2]))
    inside = [int(((day[who] >= begins) & (day[who] < begins + DAYS)).sum()) for who in groups[2:]]
    value, low, high = newcombe(inside[0], len(groups[2]), inside[1], len(groups[3]))
    first = (pd.Timestamp("1970-01-01") + pd.Timedelta(days=begins)).date()
    return Answer(value, low, high, low > 0, first, (pd.Timestamp(first) + pd.Timedelta(days=DAYS)).date())


def most_exceeding(own: Floats, others: Floats) -> int:
    """The first day of the stretch in which `own` dates exceed `others` most, as shares; both sorted."""
    starts = np.unique(own)
    share = [
        (np.searchsorted(days, starts + DAYS) - np.searchsorted(days, starts)) / len(days) for days in (own, others)
    ]
    return int(starts[int(np.argmax(share[0] - share[1]))])
