"""What is counted of an hour's impressions."""

import numpy as np
from numba import njit

from sim.kernels.reactions import LIKED, OPENED, WATCHED


@njit(cache=True)
def count_views(offset, feed_length, feed_row, flags, views, watched):
    """Add every impression, and every one watched through, to the counters of its post."""
    for v in range(len(feed_length)):
        for i in range(offset[v], offset[v] + feed_length[v]):
            views[feed_row[i]] += 1
            watched[feed_row[i]] += flags[i] & WATCHED


@njit(cache=True)
def notice(visitors, offset, feed_length, feed_row, flags, candidate, spoken_of, step, awareness, saw):
    """Leave the trace in awareness of every candidate seen in a post, or in comments that were opened."""
    for v in range(len(visitors)):
        user = visitors[v]
        for i in range(offset[v], offset[v] + feed_length[v]):
            seen = candidate[feed_row[i]]
            if seen < 0 and flags[i] & OPENED:
                seen = spoken_of[feed_row[i]]
            if seen >= 0:
                level = int(awareness[user, seen])
                awareness[user, seen] = level + ((255 - level) * step >> 8)
                saw[user] |= np.uint32(1) << np.uint32(seen)


@njit(cache=True)
def count_listed(offset, feed_length, feed_row, feed_lane, flags, lowest_lane, views, points):
    """Views, and a point for each one to the end, of posts that came from a shortlist (lanes from lowest_lane on)."""
    for v in range(len(feed_length)):
        for i in range(offset[v], offset[v] + feed_length[v]):
            if feed_lane[i] >= lowest_lane:
                views[feed_row[i]] += 1
                points[feed_row[i]] += flags[i] & WATCHED


@njit(cache=True)
def count_visibility(
    visitors, offset, feed_length, feed_row, flags, genuine, candidate, spoken_of, campaign_post, visible, authored
):
    """Impressions that carry each candidate (added to visible), thereof of posts that the campaign caused (authored).

    A post carries whom it names; one that names nobody carries, for those who open its comments, whom most of the
    comments name. Only impressions of genuine users count. Returns impressions, genuine ones, and thereof liked and
    watched through.
    """
    impressions = counted = liked = watched = 0
    for v in range(len(visitors)):
        impressions += feed_length[v]
        if not genuine[visitors[v]]:
            continue
        counted += feed_length[v]
        for i in range(offset[v], offset[v] + feed_length[v]):
            row, flag = feed_row[i], flags[i]
            liked += (flag & LIKED) >> 1
            watched += flag & WATCHED
            carried = candidate[row]
            if carried < 0 and flag & OPENED:
                carried = spoken_of[row]
            if carried >= 0:
                visible[carried] += 1
                authored[carried] += campaign_post[row] > 0
    return impressions, counted, liked, watched
