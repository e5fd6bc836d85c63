"""Engagement out of proportion: likes and comments a view of a candidate's posts, against other candidates' posts of the same size.

Posts are of the same size where their views lie between the same powers of two. The ratio of the two rates over all sizes is that of Mantel
and Haenszel for person-time (Rothman, Greenland and Lash, Modern Epidemiology 2008, ch. 15): e1 v0 / v summed over sizes, by
e0 v1 / v, e engagement and v views of the candidate (1), of the others (0), of all. Comments come in crowds, so its variance is
that of posts' own deviations (the sandwich), and no Poisson law's.
"""

import numpy as np

from analysis.outsider.seen import MISSING, Answer, Floats, Seen
from analysis.outsider.shares import Z


def out_of_proportion(seen: Seen) -> Answer:
    """Logarithm of the ratio of rates. Alarm where the interval lies above none."""
    last = seen.counters.sort_values("date").groupby("post", as_index=False).last()
    candidate = seen.candidate_of(last["post"])
    known = (candidate >= 0) & (last["views"].to_numpy() > 0)
    last, own = last[known], (candidate == seen.focal)[known]
    engagement = (last["likes"] + last["comments"]).to_numpy(dtype=np.float64)
    found = log_ratio(engagement, last["views"].to_numpy(dtype=np.float64), own)
    if found is None:
        return MISSING
    value, error = found
    return Answer(value, value - Z * error, value + Z * error, value > Z * error)


def log_ratio(engagement: Floats, views: Floats, own: np.ndarray) -> tuple[float, float] | None:
    """Logarithm of the ratio of rates of posts that are `own` to others of their size, and its standard error; None where one has none.

    engagement, views, own: (posts); views of 1 or more.
    """
    size = np.log2(views).astype(int) if len(views) else np.zeros(0, dtype=int)

    def by_size(column: Floats, which: np.ndarray) -> Floats:
        return np.bincount(size[which], column[which], minlength=64)

    seen, seen_others = by_size(views, own), by_size(views, ~own)
    done, done_others = by_size(engagement, own), by_size(engagement, ~own)
    whole = np.maximum(seen + seen_others, 1.0)
    above, below = float((done * seen_others / whole).sum()), float((done_others * seen / whole).sum())
    if above <= 0 or below <= 0:
        return None
    rate, rate_others = done / np.maximum(seen, 1.0), done_others / np.maximum(seen_others, 1.0)
    apart = np.where(
        own, (engagement - rate[size] * views) * (seen_others / whole)[size] / above,
        (engagement - rate_others[size] * views) * (seen / whole)[size] / below,
    )  # fmt: skip
    return float(np.log(above / below)), float(np.sqrt(np.square(apart).sum()))
