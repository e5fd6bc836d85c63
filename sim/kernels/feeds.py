"""Fill feeds from shortlists, followed authors and the inbox, a visitor at a time."""

import numpy as np
from numba import njit, prange

from sim.numerics import GUMBEL
from sim.randomness import chain_compiled, draw_compiled, mix_compiled

SHARED, FOLLOWED, TRIAL, PROMOTED = 0, 1, 2, 3  # lanes: how a post came into a feed


@njit(inline="always")
def _follows(user, author, following_start, following, newest_added, added_author, added_before):
    low, high = following_start[user], following_start[user + 1]
    while low < high:
        middle = (low + high) >> 1
        if following[middle] < author:
            low = middle + 1
        else:
            high = middle
    if low < following_start[user + 1] and following[low] == author:
        return True
    link = newest_added[user]
    while link >= 0:
        if added_author[link] == author:
            return True
        link = added_before[link]
    return False


@njit(cache=True, parallel=True)
def fill_feeds(
    visitors, videos, offset, session_key, user_key, hour,
    lists_trial, lengths_trial, lists_promoted, lengths_promoted, standing, fit_strength, trial_share, followed_share,
    taste, block_taste, block_users, block_start,
    post_key, post_author, post_hour, post_topic, post_status, first,
    newest_post, last_session, inbox, inbox_waiting,
    following_start, following, newest_added, added_author, added_before,
    feed_row, feed_lane, feed_length,
):  # fmt: skip
    """Fill feed_row and feed_lane from offset[v] on for each visitor v, at most videos[v] posts; write feed_length.

    Blocks are filled in parallel; block_start[b] is the first visitor of block b. standing: score of a promoted post
    in units of logit; trial_share and followed_share in 1/65536; fit_strength in logits per cosine.
    """
    blocks = len(block_start) - 1
    axes = post_topic.shape[1]
    room = lists_trial.shape[1] + lists_promoted.shape[1]
    for block in prange(blocks):
        if block_start[block] == block_start[block + 1]:
            continue
        topics = np.empty((axes, room), dtype=np.int32)
        base = np.empty(room, dtype=np.int32)
        keys = np.empty(room, dtype=np.uint32)
        rows = np.empty(room, dtype=np.int32)
        score = np.empty(room, dtype=np.int32)
        delta = np.empty(axes, dtype=np.int32)
        trial = lengths_trial[block]
        size = trial + lengths_promoted[block]
        for k in range(size):
            row = lists_trial[block, k] if k < trial else lists_promoted[block, k - trial]
            rows[k] = row
            keys[k] = post_key[row]
            base[k] = 0 if k < trial else standing[row]
            for axis in range(axes):
                topics[axis, k] = post_topic[row, axis]
        for v in range(block_start[block], block_start[block + 1]):
            user = visitors[v]
            wanted = videos[v]
            out = offset[v]
            shown = 0
            for place in range(inbox.shape[1]):
                if inbox_waiting[user, place] and shown < wanted:
                    row = inbox[user, place] - first
                    if row >= 0 and post_status[row] & 1 == 0:
                        feed_row[out + shown] = row
                        feed_lane[out + shown] = SHARED
                        shown += 1
            luck = draw_compiled(session_key[v], np.uint32(6))
            degree = following_start[user + 1] - following_start[user]
            tries = (wanted * followed_share + int(luck & np.uint32(0xFFFF))) >> 16
            for attempt in range(tries):
                pick = int(draw_compiled(session_key[v], np.uint32(16 + attempt)) % np.uint32(degree + 1))
                if pick < degree:
                    author = following[following_start[user] + pick]
                elif newest_added[user] >= 0:
                    author = added_author[newest_added[user]]
                else:
                    continue
                row = newest_post[author] - first
                if row < 0 or shown >= wanted or author == user:
                    continue
                if post_hour[row] <= last_session[user] or post_status[row] & 1:
                    continue
                pair = mix_compiled(np.uint32(user_key[user] ^ post_key[row]))
                if draw_compiled(pair, np.uint32(1)) & np.uint32(1) == 0:
                    continue
                again = False
                for place in range(shown):
                    again = again or feed_row[out + place] == row
                for place in range(inbox.shape[1]):
                    again = again or inbox[user, place] == row + first
                if not again:
                    feed_row[out + shown] = row
                    feed_lane[out + shown] = FOLLOWED
                    shown += 1
            trials = min((wanted * trial_share + int(luck >> np.uint32(16))) >> 16, wanted - shown)
            for axis in range(axes):
                delta[axis] = taste[user, axis] - block_taste[block, axis]
            for k in range(size):
                score[k] = 0
            for axis in range(axes):
                for k in range(size):
                    score[k] += delta[axis] * topics[axis, k]
            for k in range(size):
                pair = mix_compiled(np.uint32(user_key[user] ^ keys[k]))
                noise = GUMBEL[draw_compiled(pair, np.uint32(0)) >> np.uint32(20)]
                score[k] = ((score[k] >> 7) * fit_strength >> 10) + base[k] + noise
            for lane in range(TRIAL, PROMOTED + 1):
                begin, end = (0, trial) if lane == TRIAL else (trial, size)
                goal = shown + trials if lane == TRIAL else wanted
                while shown < goal:
                    best, found = -(1 << 30), -1
                    for k in range(begin, end):
                        if score[k] > best:
                            best = score[k]
                            found = k
                    if found < 0:
                        break
                    score[found] = -(1 << 30)
                    row = rows[found]
                    author = post_author[row]
                    if author == user:
                        continue
                    kept = False
                    for place in range(inbox.shape[1]):
                        kept = kept or inbox[user, place] == row + first
                    if kept:
                        continue
                    pair = mix_compiled(np.uint32(user_key[user] ^ keys[found]))
                    if draw_compiled(pair, np.uint32(1)) & np.uint32(1) and _follows(
                        user, author, following_start, following, newest_added, added_author, added_before
                    ):
                        continue
                    feed_row[out + shown] = row
                    feed_lane[out + shown] = lane
                    shown += 1
            feed_length[v] = shown


@njit(cache=True, parallel=True)
def learn_taste(visitors, offset, feed_length, feed_row, flags, post_topic, taste, watch_mean, gain, memory_bits):
    """Move each visitor's believed taste towards what was watched through more than the mean (in 1/256 of a view)."""
    axes = post_topic.shape[1]
    for v in prange(len(visitors)):
        user = visitors[v]
        length = feed_length[v]
        for axis in range(axes):
            total = 0
            for i in range(offset[v], offset[v] + length):
                weight = -watch_mean
                if flags[i] & 1:
                    weight += 256
                total += weight * post_topic[feed_row[i], axis]
            taste[user, axis] += (total * gain >> 15) - (taste[user, axis] * length >> memory_bits)


@njit(cache=True)
def session_luck(keys, hour):
    """Keys of this hour's sessions: one a user."""
    out = np.empty(len(keys), dtype=np.uint32)
    for user in range(len(keys)):
        out[user] = chain_compiled(keys[user], np.uint32(hour))
    return out
