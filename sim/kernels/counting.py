"""What is counted of an hour's impressions."""

import numpy as np
from numba import njit, prange

from sim.kernels.reactions import ACTS, CARRIED, LIKED, OPENED, WATCHED

CHUNK = 1024  # visitors who are counted together


@njit(cache=True)
def count_views(offset, direct, feed_row, flags, tally_row, tally_views, tally_watched, views, watched):
    """Count every impression, and every one watched through, on its post.

    direct: how many of each feed are counted one by one, from its beginning; tally: the others, by post.
    """
    for v in range(len(direct)):
        for i in range(offset[v], offset[v] + direct[v]):
            views[feed_row[i]] += 1
            watched[feed_row[i]] += flags[i] & WATCHED
    add_tally(tally_row, tally_views, tally_watched, views, watched)


@njit(cache=True)
def add_tally(tally_row, tally_views, tally_watched, views, watched):
    """Add a tally to counts by post. tally: any shape, one entry a listing; entries without a view have any row."""
    rows, seen, done = tally_row.ravel(), tally_views.ravel(), tally_watched.ravel()
    for k in range(len(seen)):
        if seen[k]:
            views[rows[k]] += seen[k]
            watched[rows[k]] += done[k]


@njit(cache=True, parallel=True)
def list_acts(
    visitors, offset, feed_length, feed_row, flags, first_second, pace, acts_before, account, row, verb, second
):
    """List what people did, in the order of visitors: account, row, verb and second of each act.

    flags: reactions as bits; verbs: 0 like, 1 comment, 2 share, 3 follow, 4 report. first_second: second at which each
    visit begins, pace: seconds a video; a second beyond the hour's last is one of the next hour. acts_before: (visitors + 1) acts
    of those before.
    """
    for v in prange(len(visitors)):
        count = acts_before[v]
        if count < acts_before[v + 1]:
            for i in range(offset[v], offset[v] + feed_length[v]):
                if flags[i] & ACTS:
                    for kind in range(5):
                        if flags[i] >> (kind + 1) & 1:
                            account[count], row[count], verb[count] = visitors[v], feed_row[i], kind
                            second[count] = first_second[v] + pace * (i - offset[v])
                            count += 1


@njit(cache=True)
def in_order(second, account, post, verb, place):
    """Places of events by second of the hour, then account, post and verb. second: below 3,600; place: room for all."""
    begin = np.zeros(3601, dtype=np.int64)
    for event in range(len(second)):
        begin[second[event] + 1] += 1
    for when in range(3600):
        begin[when + 1] += begin[when]
    end = begin[:3600].copy()
    for event in range(len(second)):
        when = second[event]
        at = end[when]
        while at > begin[when] and _later(place[at - 1], event, account, post, verb):
            place[at] = place[at - 1]
            at -= 1
        place[at] = event
        end[when] += 1


@njit(inline="always")
def _later(one, other, account, post, verb):
    """Whether of two events in one second the first comes after the other."""
    if account[one] != account[other]:
        return account[one] > account[other]
    if post[one] != post[other]:
        return post[one] > post[other]
    return verb[one] > verb[other]


@njit(cache=True)
def count_acts(row, verb, likes, comments, shares, follows, reports):
    """Add each act to the counter of its kind on its post; verbs as in `list_acts`."""
    for event in range(len(row)):
        if verb[event] == 0:
            likes[row[event]] += 1
        elif verb[event] == 1:
            comments[row[event]] += 1
        elif verb[event] == 2:
            shares[row[event]] += 1
        elif verb[event] == 3:
            follows[row[event]] += 1
        else:
            reports[row[event]] += 1


@njit(cache=True)
def count_points(row, verb, counted, worth, points):
    """Add what each act is worth, by its verb, to the points of its post, where it is counted."""
    for event in range(len(row)):
        if counted[event]:
            points[row[event]] += worth[verb[event]]


@njit(inline="always")
def carried_by(row, flag, candidate, spoken_of):
    """The candidate whom an impression carries: named by the post, or, for those who open its comments, by most of them."""
    return candidate[row] if candidate[row] >= 0 else (spoken_of[row] if flag & OPENED else -1)


@njit(cache=True, parallel=True)
def notice(visitors, offset, feed_length, feed_row, flags, candidate, spoken_of, step, awareness, saw):
    """Leave the trace in awareness of every candidate whom an impression carried."""
    for v in prange(len(visitors)):
        user = visitors[v]
        for i in range(offset[v], offset[v] + feed_length[v]):
            if flags[i] & CARRIED:
                seen = carried_by(feed_row[i], flags[i], candidate, spoken_of)
                level = int(awareness[user, seen])
                awareness[user, seen] = level + ((255 - level) * step >> 8)
                saw[user] |= np.uint32(1) << np.uint32(seen)


@njit(cache=True, parallel=True)
def count_sights(visitors, offset, feed_length, feed_row, flags, candidate, spoken_of, whom, sights):
    """Count how often each visitor met one candidate. sights: (accounts) uint16; it stays at its largest value."""
    for v in prange(len(visitors)):
        met = 0
        for i in range(offset[v], offset[v] + feed_length[v]):
            if flags[i] & CARRIED and carried_by(feed_row[i], flags[i], candidate, spoken_of) == whom:
                met += 1
        sights[visitors[v]] = min(int(sights[visitors[v]]) + met, 65535)


@njit(cache=True, parallel=True)
def close_sessions(visitors, hour, last_session, inbox_waiting):
    """Note when visitors were in the app last; nothing waits for them any more."""
    for v in prange(len(visitors)):
        last_session[visitors[v]] = hour
        for place in range(inbox_waiting.shape[1]):
            inbox_waiting[visitors[v], place] = 0


@njit(cache=True, parallel=True)
def count_visibility(
    visitors, offset, feed_length, feed_row, flags, genuine, candidate, spoken_of, campaign_post, candidates
):
    """Impressions that carry each candidate, by what caused the post: (3, candidates), as in `sim.world.truth`.

    Only impressions of genuine users count. Also returns impressions, genuine ones, and thereof liked and watched through.
    """
    chunks = (len(visitors) + CHUNK - 1) // CHUNK
    visible = np.zeros((chunks, 3, candidates), dtype=np.int64)
    plain = np.zeros((chunks, 4), dtype=np.int64)
    for chunk in prange(chunks):
        liked = watched = 0
        for v in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(visitors))):
            plain[chunk, 0] += feed_length[v]
            if not genuine[visitors[v]]:
                continue
            plain[chunk, 1] += feed_length[v]
            for i in range(offset[v], offset[v] + feed_length[v]):
                liked += (flags[i] & LIKED) >> 1
                watched += flags[i] & WATCHED
                if flags[i] & CARRIED:
                    carried = carried_by(feed_row[i], flags[i], candidate, spoken_of)
                    visible[chunk, campaign_post[feed_row[i]], carried] += 1
        plain[chunk, 2], plain[chunk, 3] = liked, watched
    return visible.sum(axis=0), plain.sum(axis=0)


@njit(cache=True, parallel=True)
def of_genuine(visitors, offset, feed_length, feed_row, genuine, value):
    """How many impressions genuine users had, and the sum of an integer value of the posts in them."""
    chunks = (len(visitors) + CHUNK - 1) // CHUNK
    counts, sums = np.zeros(chunks, dtype=np.int64), np.zeros(chunks, dtype=np.int64)
    for chunk in prange(chunks):
        for v in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(visitors))):
            if genuine[visitors[v]]:
                counts[chunk] += feed_length[v]
                for i in range(offset[v], offset[v] + feed_length[v]):
                    sums[chunk] += value[feed_row[i]]
    return counts.sum(), sums.sum()
