"""How posts come into a feed: shared by friends, by a followed author, or from the block's standing lists."""

import numpy as np
from numba import njit

from sim.kernels.borrowing import borrowing
from sim.kernels.columns import REMOVED
from sim.kernels.follows import does_follow, may_be_among, may_hold
from sim.numbers.arithmetic import GUMBEL
from sim.numbers.luck import draw_compiled, mix_compiled

SHARED, FOLLOWED, TRIAL, PROMOTED = 0, 1, 2, 3  # lanes: how a post came into a feed
TAKEN = np.int32(-(1 << 31))  # rank of a listing that was shown before, taken or passed over
PLACES = 4096  # a rank is a score and, in its last 12 bits, the place in the list, so that equals go by place
TOGETHER = 5  # axes that are summed in one pass
WIDTH = 64  # ranks that are compared at once, by vector instructions


@borrowing
def is_kept(inbox, user, number):
    """Whether the app keeps a shared post for the user, who meets it by that way only."""
    found = False
    for place in range(inbox.shape[1]):
        found |= inbox[user, place] == number
    return found


@borrowing
def meet_shared(user, wanted, out, first, post_status, inbox, inbox_waiting, feed_row, feed_lane):
    """Posts that friends shared and that wait, into the feed from `out` on; returns how many."""
    shown = 0
    for place in range(inbox.shape[1]):
        row = inbox[user, place] - first
        if inbox_waiting[user, place] and shown < wanted and row >= 0 and post_status[row] & REMOVED == 0:
            feed_row[out + shown] = row
            feed_lane[out + shown] = SHARED
            shown += 1
    return shown


@borrowing
def look_ahead(
    visitors, begin, end, session_key, tries_before, keys, first, post_key, post_hour, post_status, newest_post, last_session,
    following_start, following, newest_added, added_author, tried,
):  # fmt: skip
    """Which newest posts of followed authors the visitors from begin to end may meet, tried at random; -1 for none.

    Written to tried, from tries_before[v - begin] on for visitor v. A coin keyed by (user, post) says whether a follower may
    meet the post in this way or from the lists. All visitors of a block are looked after at once, step by step, so that
    waits for memory overlap.
    """
    for v in range(begin, end):
        user = visitors[v]
        start, degree = following_start[user], following_start[user + 1] - following_start[user]
        for at in range(tries_before[v - begin], tries_before[v - begin + 1]):
            which = np.uint32(16 + at - tries_before[v - begin])
            pick = int(draw_compiled(session_key[v], which) % np.uint32(degree + 1))
            author = -1
            if pick < degree:
                author = following[start + pick]
            elif newest_added[user] >= 0:
                author = added_author[newest_added[user]]
            tried[at] = author if author != user else -1
    for at in range(tries_before[end - begin]):
        tried[at] = newest_post[tried[at]] - first if tried[at] >= 0 else -1
    for v in range(begin, end):
        for at in range(tries_before[v - begin], tries_before[v - begin + 1]):
            row = tried[at]
            if row >= 0 and (post_hour[row] <= last_session[visitors[v]] or post_status[row] & REMOVED):
                tried[at] = -1
    for v in range(begin, end):
        for at in range(tries_before[v - begin], tries_before[v - begin + 1]):
            row = tried[at]
            if row >= 0:
                pair = mix_compiled(np.uint32(keys[visitors[v]] ^ post_key[row]))
                if draw_compiled(pair, np.uint32(1)) & np.uint32(1) == 0:
                    tried[at] = -1


@njit(inline="always")
def meet_followed(user, wanted, out, shown, tried, begin, end, first, inbox, feed_row, feed_lane):
    """Tried posts of followed authors, into a feed that has some already; returns how many it has.

    Not again what the feed has, nor what the app keeps for the user.
    """
    for at in range(begin, end):
        row = tried[at]
        if row < 0 or shown >= wanted or is_kept(inbox, user, row + first):
            continue
        again = False
        for place in range(out, out + shown):
            again |= feed_row[place] == row
        if not again:
            feed_row[out + shown] = row
            feed_lane[out + shown] = FOLLOWED
            shown += 1
    return shown


@borrowing
def cosines(weights, topics, total):
    """Sum over axes of weight times topic, of every listing. weights: (groups, TOGETHER), topics: (groups, TOGETHER, listings)."""
    for k in range(len(total)):
        total[k] = 0
    for group in range(len(topics)):
        for k in range(len(total)):
            part = total[k]
            for axis in range(TOGETHER):
                part = np.int32(part + np.int32(weights[group, axis] * topics[group, axis, k]))
            total[k] = part


@borrowing
def rank(
    user, user_key, fit, taste, topic, key, author, row, standing, seen_trial, seen_promoted, word, bit, noise, level, split,
    trial_lane, promoted_lane,
):  # fmt: skip
    """Personal fit relative to the block, the post's standing, and noise keyed by (user, post): the rank of every listing.

    Written to the lanes of the listings before and from `split` on; noise and level: room for a number a listing. TAKEN
    where the user made the post, was shown it, or it may not be shown.
    """
    cosines(taste, topic, level)
    for k in range(len(key)):
        pair = mix_compiled(np.uint32(user_key ^ key[k]))
        noise[k] = draw_compiled(pair, np.uint32(0)) >> np.uint32(20)
    for k in range(len(key)):
        noise[k] = GUMBEL[np.uint32(noise[k])]
    for k in range(len(key)):
        score = np.int32(np.int32(np.int32(np.int32(level[k] >> 7) * fit) >> 10) + np.int32(standing[k] + noise[k]))
        place = np.int32(np.int32(score * np.int32(PLACES)) | np.int32(PLACES - 1 - k))
        level[k] = TAKEN if author[k] == user or row[k] < 0 else place
    for k in range(split):
        trial_lane[k] = TAKEN if seen_trial[word, k] & bit else level[k]
    for k in range(len(key) - split):
        promoted_lane[k] = TAKEN if seen_promoted[word, k] & bit else level[np.uint64(k + split)]


@borrowing
def highest_below(lane, last):
    """The highest rank below the last one; TAKEN where there is none."""
    best = TAKEN
    for k in range(len(lane)):
        best = max(best, lane[k] if lane[k] < last else TAKEN)
    return best


@njit(inline="always")
def is_full(place, values, most, chosen, count):
    """Whether as many of the chosen listings as may be have the same value as one more; most 0: no cap; below 0: no value."""
    same = 0
    if most > 0 and values[place] >= 0:
        for j in range(count):
            same += values[chosen[j]] == values[place]
    return most > 0 and same >= most


@borrowing
def lower_author(count, ranked, offset, author, discount, chosen):
    """Lower the other posts of the author of the last one chosen, by what the next further post of one author loses.

    discount: units of logit, of the first further post in a feed, the second, and so on; the last holds for all after it.
    """
    whose, further = author[chosen[count - 1]], 0
    for j in range(count - 1):
        further += author[chosen[j]] == whose
    loss = np.int32(discount[min(further, len(discount) - 1)] * np.int32(PLACES))
    for k in range(min(len(ranked), len(author) - offset)):
        if author[np.uint32(k + offset)] == whose and ranked[k] != TAKEN:
            ranked[k] -= loss


@borrowing
def choose(
    user, user_key, count, goal, begin, lane, row, author, key, first, kept, followed, inbox, following_start,
    following, newest_added, added_author, added_before, subject, most_of_subject, most_of_author, discount, chosen,
):  # fmt: skip
    """The best listings of a lane, best first, into `chosen` from place `count` on, up to place `goal`; returns the place reached.

    lane: ranks of the listings from `begin` on, filled up with TAKEN.
    Passed over: a post that the app keeps for the user, one whose author the user follows where the keyed coin says so, and
    one whose subject or author has its share of the places, where these are capped. Each choice lowers its author's other
    posts by `discount`, where there is any.
    """
    last = np.int32(0x7FFFFFFF)
    while count < goal:
        last = highest_below(lane, last)
        if last == TAKEN:
            break
        place = np.uint32(PLACES - 1 - (last & np.int32(PLACES - 1)))
        if len(discount):
            lane[place - begin] = TAKEN  # else it would come again, once its author's posts are lowered
        number = row[place] + first
        if may_hold(kept, number) and is_kept(inbox, user, number):
            continue
        if may_be_among(followed, author[place]):
            pair = mix_compiled(np.uint32(user_key ^ key[place]))
            if draw_compiled(pair, np.uint32(1)) & np.uint32(1) and does_follow(
                user, author[place], following_start, following, newest_added, added_author, added_before
            ):
                continue
        if is_full(place, subject, most_of_subject, chosen, count) or is_full(
            place, author, most_of_author, chosen, count
        ):
            continue
        chosen[count] = place
        count += 1
        if len(discount):
            lower_author(count, lane, begin, author, discount, chosen)
    return count
