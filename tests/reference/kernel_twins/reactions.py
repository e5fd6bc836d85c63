"""What people do with what they are shown, in plain Python."""

import numpy as np

from sim.numbers.arithmetic import log2_units, logistic_of
from sim.numbers.luck import PairDraw, draw, mix
from tests.reference.kernel_twins.random_worlds import feeds_of, posts_of, users_of, weights_of

WATCHED, LIKED, COMMENTED, SHARED, FOLLOWED, REPORTED, OPENED, CARRIED = (1 << bit for bit in range(8))
FOLLOWED_LANE, LABEL = 1, 4


def reaction(
    row, lane, user, user_key, interest, expressive, post_key, post_topic, felt, likes, candidate, disclosed, status,
    spoken_of, appeal, weights,
):  # fmt: skip
    """The reaction of one user to one post."""
    cosine = sum(x * y for x, y in zip(interest[user].tolist(), post_topic[row].tolist(), strict=True))
    mood = mood_of(cosine, int(likes[row]), weights) + (weights.followed if lane == FOLLOWED_LANE else 0)
    fondness = int(appeal[candidate[row]]) if candidate[row] >= 0 else 0
    fondness += weights.marked if disclosed[row] or status[row] & LABEL else 0
    watch, like, share = (
        (int(felt[row]) * quality >> 10) + fondness
        for quality in (weights.quality_on_watch, weights.quality_on_like, weights.quality_on_share)
    )
    pair = mix(int(user_key[user]) ^ int(post_key[row]))
    flag = drawn(pair, mood, weights.watch + watch, like, weights.share + share, int(expressive[user]), weights)
    if candidate[row] >= 0:
        flag |= CARRIED
    if flag & WATCHED and spoken_of[row] >= 0 and draw(pair, PairDraw.OPEN_COMMENTS) < weights.open_comments:
        flag |= OPENED | CARRIED
    return flag


def mood_of(cosine, likes, weights):
    """Fit of interests and visible likes."""
    decades = log2_units(likes + 1) * 308 >> 10
    return (weights.fit * ((cosine >> 4) - weights.fit_middle) >> 10) + (decades * weights.social_proof >> 10)


def drawn(pair, mood, watch, like, share, expressive, weights):
    """Watched through, and then four acts; or reported."""
    eager = mood + expressive

    def bit(of, which, logit):
        return of if draw(pair, which) < logistic_of(logit) else 0

    if not bit(WATCHED, PairDraw.WATCH, watch + mood):
        return bit(REPORTED, PairDraw.REPORT, weights.report - mood)
    return (
        WATCHED
        | bit(LIKED, PairDraw.LIKE, weights.like + like + eager)
        | bit(COMMENTED, PairDraw.COMMENT, weights.comment + (eager >> 1))
        | bit(SHARED, PairDraw.SHARE, share + (eager >> 1))
        | bit(FOLLOWED, PairDraw.FOLLOW, weights.follow + like + eager)
    )


def reactions(count, key, mood, watch, like, share, expressive, weights, flags):
    """The reactions of one user, one post after the other."""
    for j in range(count):
        terms = (int(mood[j]), int(watch[j]), int(like[j]), int(share[j]))
        flags[j] = drawn(mix(int(key[j])), *terms, expressive, weights)


def acts_in(offset, feed_length, flags, counts):
    """Likes, comments, shares, follows and reports of each feed."""
    for v, begin in enumerate(offset):
        counts[v] += sum(int(flag & 62).bit_count() for flag in flags[begin : begin + feed_length[v]])


def react(
    visitors, offset, feed_length, feed_row, feed_lane, user_key, interest, expressive, post_key, post_topic, felt,
    likes, candidate, disclosed, status, spoken_of, appeal, weights, flags,
):  # fmt: skip
    """One impression after the other."""
    for v, user in enumerate(visitors):
        for i in range(offset[v], offset[v] + feed_length[v]):
            flags[i] = reaction(
                feed_row[i], feed_lane[i], user, user_key, interest, expressive, post_key, post_topic, felt, likes,
                candidate, disclosed, status, spoken_of, appeal, weights,
            )  # fmt: skip


# --- inputs -------------------------------------------------------------------------------------------------------


def inputs_of_acts_in(chance):
    """All bits, those too that are no acts; counters that are not empty."""
    for users, posts in ((0, 0), (4, 0), (1, 1), (60, 9)):
        visitors, offset, length, row = feeds_of(chance, users, posts)
        yield offset, length, chance.integers(0, 256, len(row), dtype=np.uint8), np.full(len(visitors), 2, np.int32)


def inputs_of_react(chance):
    """No user, no post, one axis and several."""
    for users, size, axes in ((0, 0, 3), (4, 0, 3), (1, 1, 1), (40, 12, 10), (60, 40, 12)):
        visitors, offset, length, row = feeds_of(chance, users, size, longest=12)
        posts = posts_of(chance, size, axes, max(users, 1), 0, 9)
        people = users_of(chance, max(users, 1), posts, 9)
        yield (
            visitors, offset, length, row, chance.integers(0, 4, len(row), dtype=np.uint8), people.key, people.interest,
            people.expressive, posts.key, posts.topic, posts.felt, posts.likes, posts.candidate, posts.disclosed,
            posts.status, posts.spoken_of, chance.integers(-3000, 3001, 4, dtype=np.int32), weights_of(chance),
            np.zeros(len(row), dtype=np.uint8),
        )  # fmt: skip


def inputs_of_reactions(chance):
    """Around the widths of vector instructions; terms that exceed the table of probabilities too."""
    for count, widest in ((0, 900), (1, 900), (15, 900), (16, 900), (17, 900), (72, 900), (128, 40000)):
        terms = [chance.integers(-widest, widest + 1, 128, dtype=np.int32) for _ in range(4)]
        key, expressive = chance.integers(0, 1 << 32, 128, dtype=np.uint32), int(chance.integers(-900, 901))
        yield count, key, *terms, expressive, weights_of(chance), np.full(128, -1)
