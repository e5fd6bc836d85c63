"""What people do with what they are shown."""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from sim.kernels.borrowing import borrowing
from sim.kernels.columns import LABELLED
from sim.numbers.arithmetic import LOGISTIC, log2_compiled
from sim.numbers.luck import draw_compiled, mix_compiled

# Bits of a reaction. The last says that the impression carried a candidate: in the post, or in comments that were opened.
WATCHED, LIKED, COMMENTED, SHARED, FOLLOWED, REPORTED, OPENED, CARRIED = 1, 2, 4, 8, 16, 32, 64, 128
ACTS = LIKED | COMMENTED | SHARED | FOLLOWED | REPORTED
FOLLOWED_LANE = 1


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


@njit(inline="always")
def chance_of(logit):
    """Threshold out of 2^32 of the logistic function, as in `sim.numbers.arithmetic`, in 32 bits throughout."""
    cell = np.int32(np.int32(logit + np.int32(16384)) >> 3)
    return LOGISTIC[np.uint32(max(np.int32(0), min(np.int32(4095), cell)))]


@njit(inline="always")
def proof_of(likes, weights):
    """What visible likes add to the mood: their decimal logarithm times the strength of social proof."""
    decades = log2_compiled(likes + 1) * 308 >> 10  # log10(2) = 308/1024
    return decades * weights.social_proof >> 10


@njit(inline="always")
def mood_of(cosine, proof, weights):
    """Fit of interests and visible likes, in units of logit."""
    return (weights.fit * ((cosine >> 4) - weights.fit_middle) >> 10) + proof


@njit(inline="always")
def opens_comments(pair, weights):
    """Whether one who watched through opens the comments."""
    return draw_compiled(pair, np.uint32(8)) < weights.open_comments


@borrowing
def reaction(
    row, lane, user, user_key, interest, expressive, post_key, post_topic, felt, likes, candidate, disclosed, status,
    spoken_of, appeal, weights,
):  # fmt: skip
    """The reaction of one user to one post, as bits.

    Liking, commenting, sharing, following and opening the comments need a view to the end; reporting, the lack of one.
    """
    cosine = 0
    for axis in range(post_topic.shape[1]):
        cosine += int(interest[user, axis]) * int(post_topic[row, axis])
    mood = mood_of(cosine, proof_of(likes[row], weights), weights)
    if lane == FOLLOWED_LANE:
        mood += weights.followed
    fondness = appeal[candidate[row]] if candidate[row] >= 0 else 0
    if disclosed[row] or status[row] & LABELLED:
        fondness += weights.marked
    pair = mix_compiled(np.uint32(user_key[user] ^ post_key[row]))
    flag = CARRIED if candidate[row] >= 0 else 0
    watch = weights.watch + (felt[row] * weights.quality_on_watch >> 10) + fondness + mood
    if draw_compiled(pair, np.uint32(2)) < chance_of(np.int32(watch)):
        flag |= WATCHED
        eager = mood + expressive[user]
        fond = (felt[row] * weights.quality_on_like >> 10) + fondness + eager
        share = weights.share + (felt[row] * weights.quality_on_share >> 10) + fondness + (eager >> 1)
        if draw_compiled(pair, np.uint32(3)) < chance_of(np.int32(weights.like + fond)):
            flag |= LIKED
        if draw_compiled(pair, np.uint32(4)) < chance_of(np.int32(weights.comment + (eager >> 1))):
            flag |= COMMENTED
        if draw_compiled(pair, np.uint32(5)) < chance_of(np.int32(share)):
            flag |= SHARED
        if draw_compiled(pair, np.uint32(6)) < chance_of(np.int32(weights.follow + fond)):
            flag |= FOLLOWED
        if spoken_of[row] >= 0 and opens_comments(pair, weights):
            flag |= OPENED | CARRIED
    elif draw_compiled(pair, np.uint32(7)) < chance_of(np.int32(weights.report - mood)):
        flag |= REPORTED
    return flag


@njit(inline="always")
def acts_of(flag):
    """How many acts are in a reaction."""
    return (flag >> 1 & 1) + (flag >> 2 & 1) + (flag >> 3 & 1) + (flag >> 4 & 1) + (flag >> 5 & 1)


@njit(cache=True, parallel=True)
def acts_in(offset, feed_length, flags, counts):
    """Write to counts how many acts are in each feed."""
    for v in prange(len(counts)):
        for i in range(offset[v], offset[v] + feed_length[v]):
            counts[v] += acts_of(flags[i])


@borrowing
def reactions(count, key, mood, watch, like, share, expressive, weights, flags):
    """The reactions of one user to `count` posts at once: `reaction` for vector instructions, all but opening comments.

    key: user's key xor post's; mood, watch, like, share: terms of each post, in units of logit, as in `reaction`.
    """
    to_like, to_comment, to_follow = np.int32(weights.like), np.int32(weights.comment), np.int32(weights.follow)
    to_report, own = np.int32(weights.report), np.int32(expressive)
    for j in range(count):
        pair, eager = mix_compiled(key[j]), np.int32(mood[j] + own)
        fond, half = np.int32(like[j] + eager), np.int32(eager >> 1)
        watched = draw_compiled(pair, np.uint32(2)) < chance_of(np.int32(watch[j] + mood[j]))
        liked = draw_compiled(pair, np.uint32(3)) < chance_of(np.int32(to_like + fond))
        commented = draw_compiled(pair, np.uint32(4)) < chance_of(np.int32(to_comment + half))
        shared = draw_compiled(pair, np.uint32(5)) < chance_of(np.int32(share[j] + half))
        followed = draw_compiled(pair, np.uint32(6)) < chance_of(np.int32(to_follow + fond))
        reported = draw_compiled(pair, np.uint32(7)) < chance_of(np.int32(to_report - mood[j]))
        acts = (liked << 1) | (commented << 2) | (shared << 3) | (followed << 4) | 1
        flags[j] = acts if watched else reported << 5


@njit(cache=True, parallel=True)
def react(
    visitors, offset, feed_length, feed_row, feed_lane, user_key, interest, expressive, post_key, post_topic, felt, likes,
    candidate, disclosed, status, spoken_of, appeal, weights, flags,
):  # fmt: skip
    """Draw every reaction to every impression of given feeds, as bits of flags.

    appeal: (candidates) what is added for whom a post names; felt: (live posts) quality as people feel it; both in units
    of logit. Visible likes help by their logarithm.
    """
    for v in prange(len(visitors)):
        for i in range(offset[v], offset[v] + feed_length[v]):
            flags[i] = reaction(
                feed_row[i], feed_lane[i], visitors[v], user_key, interest, expressive, post_key, post_topic, felt, likes,
                candidate, disclosed, status, spoken_of, appeal, weights,
            )  # fmt: skip
