"""What people do with what they are shown."""

import numpy as np
from numba import njit, prange

from sim.numerics import logistic_threshold
from sim.randomness import draw_compiled, mix_compiled

WATCHED, LIKED, COMMENTED, SHARED, FOLLOWED, REPORTED, OPENED = 1, 2, 4, 8, 16, 32, 64  # bits of a reaction
FOLLOWED_LANE = 1


@njit(cache=True, parallel=True)
def react(
    visitors, offset, feed_length, feed_row, feed_lane, user_key, interest, expressive,
    post_key, post_topic, appeal_watch, appeal_like, appeal_share, proof, spoken_of,
    fit, fit_middle, followed, watch, like, comment, share, follow, report, open_comments, flags,
):  # fmt: skip
    """Draw every reaction to every impression; all logits in integer units, appeals one a live post.

    Liking, commenting, sharing, following and opening the comments need a view to the end; reporting, the lack of one.
    """
    axes = post_topic.shape[1]
    for v in prange(len(visitors)):
        user = visitors[v]
        for i in range(offset[v], offset[v] + feed_length[v]):
            row = feed_row[i]
            cosine = 0
            for axis in range(axes):
                cosine += int(interest[user, axis]) * int(post_topic[row, axis])
            mood = (fit * ((cosine >> 4) - fit_middle) >> 10) + proof[row]
            if feed_lane[i] == FOLLOWED_LANE:
                mood += followed
            pair = mix_compiled(np.uint32(user_key[user] ^ post_key[row]))
            flag = 0
            if draw_compiled(pair, np.uint32(2)) < logistic_threshold(watch + appeal_watch[row] + mood):
                flag = WATCHED
                eager = mood + expressive[user]
                if draw_compiled(pair, np.uint32(3)) < logistic_threshold(like + appeal_like[row] + eager):
                    flag |= LIKED
                if draw_compiled(pair, np.uint32(4)) < logistic_threshold(comment + (eager >> 1)):
                    flag |= COMMENTED
                if draw_compiled(pair, np.uint32(5)) < logistic_threshold(share + appeal_share[row] + (eager >> 1)):
                    flag |= SHARED
                if draw_compiled(pair, np.uint32(6)) < logistic_threshold(follow + appeal_like[row] + eager):
                    flag |= FOLLOWED
                if spoken_of[row] >= 0 and draw_compiled(pair, np.uint32(8)) < open_comments:
                    flag |= OPENED
            elif draw_compiled(pair, np.uint32(7)) < logistic_threshold(report - mood):
                flag = REPORTED
            flags[i] = flag


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
