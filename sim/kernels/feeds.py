"""Fill feeds from shortlists, followed authors and the inbox, a visitor at a time."""

import numpy as np
from numba import njit, prange

from sim.numerics import GUMBEL
from sim.randomness import draw_compiled, mix_compiled

SHARED, FOLLOWED, TRIAL, PROMOTED = 0, 1, 2, 3  # lanes: how a post came into a feed
CHUNK = 16  # scores of which only the highest is looked at until it is taken
TAKEN = -(1 << 30)  # score of a post that was taken or passed over


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


@njit(inline="always")
def _kept(inbox, user, number):
    """Whether the app keeps a shared post for the user, who meets it by that way only."""
    for place in range(inbox.shape[1]):  # noqa: SIM110 (no generators in compiled code)
        if inbox[user, place] == number:
            return True
    return False


@njit
def _gather(
    block, numbers, lengths, first, post_status, post_key, post_topic, standing, lane, size, rows, keys, base, topics
):
    """Copy one lane's listings of a block; a post that was taken out of recommendations gets row -1."""
    for place in range(lengths[block]):
        row = numbers[block, place] - first
        if row >= 0 and post_status[row] & 3 == 0:
            rows[size] = row
            keys[size] = post_key[row]
            base[size] = standing[row] if lane else 0
            for axis in range(len(topics)):
                topics[axis, size] = post_topic[row, axis]
        else:
            rows[size] = -1
        size += 1
    return size


@njit
def _score(begin, end, user_key, delta, topics, keys, base, fit_strength, score):
    """Personal fit relative to the block, the post's standing, and noise keyed by (user, post)."""
    for k in range(begin, end):
        score[k] = 0
    for axis in range(len(delta)):
        for k in range(begin, end):
            score[k] += delta[axis] * topics[axis, k]
    for k in range(begin, end):
        pair = mix_compiled(np.uint32(user_key ^ keys[k]))
        noise = GUMBEL[draw_compiled(pair, np.uint32(0)) >> np.uint32(20)]
        score[k] = ((score[k] >> 7) * fit_strength >> 10) + base[k] + noise


@njit(inline="always")
def _best_of(begin, end, score):
    """Place of the highest score, the first of equals."""
    found = begin
    for k in range(begin + 1, end):
        if score[k] > score[found]:
            found = k
    return found


@njit(cache=True, parallel=True)
def fill_feeds(
    visitors, videos, offset, session_key, user_key,
    trial_numbers, trial_seen, trial_shown, trial_lengths, promoted_numbers, promoted_seen, promoted_shown,
    promoted_lengths, standing, fit_strength, trial_share, followed_share,
    taste, block_taste, block_users, block_start,
    post_key, post_author, post_hour, post_topic, post_status, first,
    newest_post, last_session, inbox, inbox_waiting,
    following_start, following, newest_added, added_author, added_before,
    feed_row, feed_lane, feed_length,
):  # fmt: skip
    """Fill feed_row and feed_lane from offset[v] on for each visitor v, at most videos[v] posts; write feed_length.

    Blocks are filled in parallel; block_start[b] is the first visitor of block b. Lists as in `shortlists`: who is
    shown a listed post is marked in seen, counted in shown, and not shown it again. standing: score of a promoted post
    in units of logit; trial_share and followed_share in 1/65536; fit_strength in logits per cosine.
    """
    axes, room = post_topic.shape[1], trial_numbers.shape[1] + promoted_numbers.shape[1]
    for block in prange(len(block_start) - 1):
        if block_start[block] == block_start[block + 1]:
            continue
        topics = np.empty((axes, room), dtype=np.int32)
        base, score = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        rows, keys = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.uint32)
        highest = np.empty(room // CHUNK + 1, dtype=np.int32)
        delta = np.empty(axes, dtype=np.int32)
        trial = _gather(block, trial_numbers, trial_lengths, first, post_status, post_key, post_topic, standing,
                        0, 0, rows, keys, base, topics)  # fmt: skip
        size = _gather(block, promoted_numbers, promoted_lengths, first, post_status, post_key, post_topic, standing,
                       1, trial, rows, keys, base, topics)  # fmt: skip
        for v in range(block_start[block], block_start[block + 1]):
            user, wanted, out = visitors[v], videos[v], offset[v]
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
                if draw_compiled(pair, np.uint32(1)) & np.uint32(1) == 0 or _kept(inbox, user, row + first):
                    continue
                again = False
                for place in range(shown):
                    again = again or feed_row[out + place] == row
                if not again:
                    feed_row[out + shown] = row
                    feed_lane[out + shown] = FOLLOWED
                    shown += 1
            trials = min((wanted * trial_share + int(luck >> np.uint32(16))) >> 16, wanted - shown)
            for axis in range(axes):
                delta[axis] = taste[user, axis] - block_taste[block, axis]
            word, bit = (user - block * block_users) >> 6, np.uint64(1) << np.uint64((user - block * block_users) & 63)
            for lane in range(2):
                low, high = (trial, size) if lane else (0, trial)
                goal = wanted if lane else shown + trials
                if shown >= goal or low == high:
                    continue
                seen, count = (
                    (promoted_seen[block], promoted_shown[block]) if lane else (trial_seen[block], trial_shown[block])
                )
                _score(low, high, user_key[user], delta, topics, keys, base, fit_strength, score)
                for k in range(low, high):
                    if rows[k] < 0 or seen[k - low, word] & bit:
                        score[k] = TAKEN
                chunks = (high - low + CHUNK - 1) // CHUNK
                for chunk in range(chunks):
                    highest[chunk] = score[_best_of(low + chunk * CHUNK, min(low + (chunk + 1) * CHUNK, high), score)]
                while shown < goal:
                    chunk = _best_of(0, chunks, highest)
                    if highest[chunk] == TAKEN:
                        break
                    edge = min(low + (chunk + 1) * CHUNK, high)
                    found = _best_of(low + chunk * CHUNK, edge, score)
                    score[found] = TAKEN
                    highest[chunk] = score[_best_of(low + chunk * CHUNK, edge, score)]
                    row = rows[found]
                    author = post_author[row]
                    if author == user or _kept(inbox, user, row + first):
                        continue
                    pair = mix_compiled(np.uint32(user_key[user] ^ keys[found]))
                    if draw_compiled(pair, np.uint32(1)) & np.uint32(1) and _follows(
                        user, author, following_start, following, newest_added, added_author, added_before
                    ):
                        continue
                    seen[found - low, word] |= bit
                    count[found - low] += 1
                    feed_row[out + shown] = row
                    feed_lane[out + shown] = TRIAL + lane
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
