"""What people do with what they are shown."""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from sim.numerics import log2_compiled, logistic_threshold
from sim.randomness import draw_compiled, mix_compiled

WATCHED, LIKED, COMMENTED, SHARED, FOLLOWED, REPORTED, OPENED = 1, 2, 4, 8, 16, 32, 64  # bits of a reaction
FOLLOWED_LANE = 1
LABEL = 4  # bit of a post's status that viewers see


class Weights(NamedTuple):
    """Logits and weights of reactions in integer units, and the threshold out of 2^32 to open the comments."""

    watch: int
    like: int
    comment: int
    share: int
    follow: int
    report: int
    quality_on_watch: int
    quality_on_like: int
    quality_on_share: int
    fit: int
    fit_middle: int
    social_proof: int
    followed: int
    marked: int
    open_comments: int


@njit(cache=True, parallel=True)
def react(
    visitors, offset, feed_length, feed_row, feed_lane, user_key, interest, expressive, appeal, felt,
    post_key, post_topic, likes, candidate, disclosed, status, spoken_of, weights, flags,
):  # fmt: skip
    """Draw every reaction to every impression, as bits of flags.

    appeal: (candidates) what is added for whom a post names; felt: (live posts) quality as people feel it; both in units
    of logit. Visible likes help by their logarithm. Liking, commenting, sharing, following and opening the comments need
    a view to the end; reporting, the lack of one.
    """
    axes = post_topic.shape[1]
    for v in prange(len(visitors)):
        user = visitors[v]
        for i in range(offset[v], offset[v] + feed_length[v]):
            row = feed_row[i]
            cosine = 0
            for axis in range(axes):
                cosine += int(interest[user, axis]) * int(post_topic[row, axis])
            decades = log2_compiled(likes[row] + 1) * 308 >> 10  # log10(2) = 308/1024
            mood = (weights.fit * ((cosine >> 4) - weights.fit_middle) >> 10) + (decades * weights.social_proof >> 10)
            if feed_lane[i] == FOLLOWED_LANE:
                mood += weights.followed
            liked = appeal[candidate[row]] if candidate[row] >= 0 else 0
            if disclosed[row] or status[row] & LABEL:
                liked += weights.marked
            pair = mix_compiled(np.uint32(user_key[user] ^ post_key[row]))
            flag = 0
            watch = weights.watch + (felt[row] * weights.quality_on_watch >> 10) + liked + mood
            if draw_compiled(pair, np.uint32(2)) < logistic_threshold(watch):
                flag = WATCHED
                eager = mood + expressive[user]
                fond = (felt[row] * weights.quality_on_like >> 10) + liked + eager
                if draw_compiled(pair, np.uint32(3)) < logistic_threshold(weights.like + fond):
                    flag |= LIKED
                if draw_compiled(pair, np.uint32(4)) < logistic_threshold(weights.comment + (eager >> 1)):
                    flag |= COMMENTED
                share = weights.share + (felt[row] * weights.quality_on_share >> 10) + liked + (eager >> 1)
                if draw_compiled(pair, np.uint32(5)) < logistic_threshold(share):
                    flag |= SHARED
                if draw_compiled(pair, np.uint32(6)) < logistic_threshold(weights.follow + fond):
                    flag |= FOLLOWED
                if spoken_of[row] >= 0 and draw_compiled(pair, np.uint32(8)) < weights.open_comments:
                    flag |= OPENED
            elif draw_compiled(pair, np.uint32(7)) < logistic_threshold(weights.report - mood):
                flag = REPORTED
            flags[i] = flag
