"""Fill feeds from standing lists, followed authors and the inbox, a block of users after the other."""

import numpy as np
from numba import njit, prange

from sim.numerics import GUMBEL
from sim.randomness import draw_compiled, mix_compiled

SHARED, FOLLOWED, TRIAL, PROMOTED = 0, 1, 2, 3  # lanes: how a post came into a feed
TAKEN = np.int32(-(1 << 31))  # rank of a listing that was shown before, taken or passed over
PLACES = 4096  # a rank is a score and, in its last 12 bits, the place in the list, so that equals go by place
BLOOM = 8  # words of 64 bits that say of most authors that a user does not follow them


@njit(inline="always")
def _follows(user, author, bloom, following_start, following, newest_added, added_author, added_before):
    """Whether a user follows an author."""
    if not bloom[author >> 6 & (BLOOM - 1)] >> np.uint64(author & 63) & np.uint64(1):
        return False
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
def _note_followed(user, bloom, following_start, following, newest_added, added_author, added_before):
    """Set the bloom filter of the authors whom a user follows."""
    bloom[:] = 0
    for place in range(following_start[user], following_start[user + 1]):
        author = following[place]
        bloom[author >> 6 & (BLOOM - 1)] |= np.uint64(1) << np.uint64(author & 63)
    link = newest_added[user]
    while link >= 0:
        author = added_author[link]
        bloom[author >> 6 & (BLOOM - 1)] |= np.uint64(1) << np.uint64(author & 63)
        link = added_before[link]


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
def _rank(user_key, delta, topics, keys, base, fit, seen, bit, ranked):
    """Personal fit relative to the block, the post's standing, and noise keyed by (user, post), as ranks."""
    for k in range(len(ranked)):
        ranked[k] = 0
    for axis in range(len(delta)):
        weight, line = np.int32(delta[axis]), topics[axis]
        for k in range(len(ranked)):
            ranked[k] = np.int32(ranked[k] + np.int32(weight * line[k]))
    for k in range(len(ranked)):
        pair = mix_compiled(np.uint32(user_key ^ keys[k]))
        noise = GUMBEL[draw_compiled(pair, np.uint32(0)) >> np.uint32(20)]
        score = np.int32(np.int32(np.int32((ranked[k] >> 7) * fit) >> 10) + base[k] + noise)
        ranked[k] = np.int32(score * PLACES) | np.int32(PLACES - 1 - k)
    for k in range(len(ranked)):
        if seen[k] & bit:
            ranked[k] = TAKEN


@njit
def _highest(ranked):
    best = TAKEN
    for k in range(len(ranked)):
        best = max(best, ranked[k])
    return best


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
    fit = np.int32(fit_strength)
    for block in prange(len(block_start) - 1):
        if block_start[block] == block_start[block + 1]:
            continue
        topics = np.empty((axes, room), dtype=np.int32)
        base, scratch = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
        rows, keys = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.uint32)
        delta = np.empty(axes, dtype=np.int32)
        bloom = np.empty(BLOOM, dtype=np.uint64)
        trial = _gather(block, trial_numbers, trial_lengths, first, post_status, post_key, post_topic, standing,
                        0, 0, rows, keys, base, topics)  # fmt: skip
        size = _gather(block, promoted_numbers, promoted_lengths, first, post_status, post_key, post_topic, standing,
                       1, trial, rows, keys, base, topics)  # fmt: skip
        for v in range(block_start[block], block_start[block + 1]):
            user, wanted, out = visitors[v], videos[v], offset[v]
            _note_followed(user, bloom, following_start, following, newest_added, added_author, added_before)
            shown, kept = 0, 0
            for place in range(inbox.shape[1]):
                row = inbox[user, place] - first
                kept += row >= 0
                if inbox_waiting[user, place] and shown < wanted and row >= 0 and post_status[row] & 1 == 0:
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
                    (promoted_seen[block, word], promoted_shown[block])
                    if lane
                    else (trial_seen[block, word], trial_shown[block])
                )
                ranked = scratch[low:high]
                _rank(
                    user_key[user],
                    delta,
                    topics[:, low:high],
                    keys[low:high],
                    base[low:high],
                    fit,
                    seen[: high - low],
                    bit,
                    ranked,
                )
                while shown < goal:
                    best = _highest(ranked)
                    if best == TAKEN:
                        break
                    place = PLACES - 1 - (best & (PLACES - 1))
                    ranked[place] = TAKEN
                    row = rows[low + place]
                    if row < 0:
                        continue
                    author = post_author[row]
                    if author == user or (kept and _kept(inbox, user, row + first)):
                        continue
                    pair = mix_compiled(np.uint32(user_key[user] ^ keys[low + place]))
                    if draw_compiled(pair, np.uint32(1)) & np.uint32(1) and _follows(
                        user, author, bloom, following_start, following, newest_added, added_author, added_before
                    ):
                        continue
                    seen[place] |= bit
                    count[place] += 1
                    feed_row[out + shown] = row
                    feed_lane[out + shown] = TRIAL + lane
                    shown += 1
            feed_length[v] = shown


@njit(cache=True, parallel=True)
def learn_taste(visitors, offset, feed_length, feed_row, flags, post_topic, taste, watch_mean, gain, memory_bits):
    """Move each visitor's believed taste towards what was watched through more than the mean (in 1/256 of a view)."""
    axes = post_topic.shape[1]
    for v in prange(len(visitors)):
        user, length = visitors[v], feed_length[v]
        total = np.zeros(axes, dtype=np.int32)
        for i in range(offset[v], offset[v] + length):
            weight, topic = np.int32((256 if flags[i] & 1 else 0) - watch_mean), post_topic[feed_row[i]]
            for axis in range(axes):
                total[axis] = np.int32(total[axis] + np.int32(weight * topic[axis]))
        for axis in range(axes):
            taste[user, axis] += (int(total[axis]) * gain >> 15) - (taste[user, axis] * length >> memory_bits)
