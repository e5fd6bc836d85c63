"""Fill feeds from standing lists and draw the reactions to them, block by block, while a block's lists are in cache.

What feeds and reactions need of a block's listings is gathered once an hour onto a shelf, axis by axis, so that a whole
list is ranked with vector instructions. All is done in integers, and no block writes what another one reads.
"""

import numpy as np
from numba import njit, prange

from sim.kernels.borrowing import borrowing
from sim.kernels.cards import write_cards
from sim.kernels.feeds import (
    PROMOTED,
    TOGETHER,
    TRIAL,
    choose,
    cosines,
    look_ahead,
    meet_followed,
    meet_shared,
    rank,
)
from sim.kernels.follows import WORDS, bits_of, set_followed
from sim.kernels.reactions import (
    ACTS,
    CARRIED,
    OPENED,
    WATCHED,
    acts_of,
    mood_of,
    opens_comments,
    reaction,
    reactions,
)
from sim.kernels.shelf import put_back, stock, subjects
from sim.kernels.workbench import lay_out
from sim.numbers.luck import draw_compiled, mix_compiled


@njit(inline="always")
def most_places(share, wanted):
    """Places that a capped share of a feed comes to: one at least; 0 is no cap."""
    return max(1, wanted * share >> 16) if share else 0


@borrowing
def learn_from_listed(weight, topics, learned):
    """Add to what was learned the sum over listings of weight times topic."""
    for group in range(len(topics)):
        t0, t1, t2, t3, t4 = topics[group, 0], topics[group, 1], topics[group, 2], topics[group, 3], topics[group, 4]
        s0 = s1 = s2 = s3 = s4 = np.int32(0)
        for k in range(len(weight)):
            s0 = np.int32(s0 + np.int32(weight[k] * t0[k]))
            s1 = np.int32(s1 + np.int32(weight[k] * t1[k]))
            s2 = np.int32(s2 + np.int32(weight[k] * t2[k]))
            s3 = np.int32(s3 + np.int32(weight[k] * t3[k]))
            s4 = np.int32(s4 + np.int32(weight[k] * t4[k]))
        learned[group, 0] += s0
        learned[group, 1] += s1
        learned[group, 2] += s2
        learned[group, 3] += s3
        learned[group, 4] += s4


@njit(inline="always")
def into_groups(values, user, middle, grouped):
    """One user's numbers by axis, relative to the middle, in groups of axes."""
    for axis in range(len(middle)):
        grouped[axis // TOGETHER, axis % TOGETHER] = values[user, axis] - middle[axis]


@njit(inline="always")
def weight_of(flag, watch_mean):
    """What a reaction tells of the user's taste: watched through more or less than usual, in 1/256."""
    return (256 if flag & WATCHED else 0) - watch_mean


@njit(inline="always")
def show_direct(
    out, shown, user, keys, interest, expressive, post_key, topic, felt, likes, candidate, disclosed, status, spoken_of,
    appeal, weights, watch_mean, learned, feed_row, feed_lane, feed_flags,
):  # fmt: skip
    """Reactions to what friends shared and followed authors posted; returns how often the user acted."""
    acted = 0
    for i in range(out, out + shown):
        flag = reaction(
            feed_row[i], feed_lane[i], user, keys, interest, expressive, post_key, topic, felt, likes, candidate, disclosed,
            status, spoken_of, appeal, weights,
        )  # fmt: skip
        feed_flags[i] = flag
        acted += acts_of(flag)
        for axis in range(topic.shape[1]):
            learned[axis // TOGETHER, axis % TOGETHER] += weight_of(flag, watch_mean) * topic[feed_row[i], axis]
    return acted


@njit(inline="always")
def react_to_chosen(
    count, chosen, user_key, expressive, cosine, key, watch, like, share, proof, candidate, spoken_of, weights, pair, mood,
    to_watch, to_like, to_share, flags,
):  # fmt: skip
    """Reactions to the chosen listings, into flags. cosine: of the user's interest with every listing."""
    for j in range(count):
        k = chosen[j]
        pair[j], mood[j] = user_key ^ key[k], mood_of(cosine[k], proof[k], weights)
        to_watch[j], to_like[j], to_share[j] = watch[k], like[k], share[k]
    reactions(count, pair, mood, to_watch, to_like, to_share, expressive, weights, flags)
    for j in range(count):
        k = chosen[j]
        if candidate[k] >= 0:
            flags[j] |= CARRIED
        if spoken_of[k] >= 0 and flags[j] & WATCHED and opens_comments(mix_compiled(pair[j]), weights):
            flags[j] |= OPENED | CARRIED


@njit(inline="always")
def show_chosen(
    count, chosen, flags, out, split, row, seen_trial, seen_promoted, word, bit, views, watched, weight, watch_mean, feed_row,
    feed_lane, feed_flags,
):  # fmt: skip
    """Write the chosen listings into the feed; each is noted as seen, counted, and weighed. Returns how often the user acted."""
    acted = 0
    for j in range(count):
        k, flag = chosen[j], flags[j]
        feed_row[out + j], feed_lane[out + j], feed_flags[out + j] = row[k], TRIAL if k < split else PROMOTED, flag
        if k < split:
            seen_trial[word, k] |= bit
        else:
            seen_promoted[word, np.uint32(k - split)] |= bit
        views[k] += 1
        watched[k] += flag & WATCHED
        weight[k] = weight_of(flag, watch_mean)
        acted += acts_of(flag) if flag & ACTS else 0
    return acted


@njit(inline="always")
def learn_session(user, block, length, learned, gain, memory_bits, taste, taste_sums):
    """Move a user's believed taste by what was learned in a session of so many posts; the block's sum follows."""
    for axis in range(taste.shape[1]):
        known = int(learned[axis // TOGETHER, axis % TOGETHER])
        change = (known * gain >> 15) - (taste[user, axis] * length >> memory_bits)
        taste[user, axis] += change
        taste_sums[block, axis] += change


@njit
def bits_and_tries(
    visitors, videos, session_key, begin, end, followed_share, inbox, following_start, following, newest_added, added_author,
    added_before,
):  # fmt: skip
    """Bits of whom each visitor follows (WORDS words each) and of what the app keeps for each (one), and tries of followed
    authors before each."""
    size = end - begin
    followed, kept = np.zeros((size, WORDS), dtype=np.uint64), np.empty(size, dtype=np.uint64)
    tries_before, flat, room = np.zeros(size + 1, dtype=np.int64), inbox.reshape(inbox.size), inbox.shape[1]
    for place in range(size):
        user = visitors[begin + place]
        set_followed(user, following_start, following, newest_added, added_author, added_before, followed[place])
        kept[place] = bits_of(flat, user * room, (user + 1) * room)
        luck = draw_compiled(session_key[begin + place], np.uint32(6))
        tries = (videos[begin + place] * followed_share + int(luck & np.uint32(0xFFFF))) >> 16
        tries_before[place + 1] = tries_before[place] + tries
    return followed, kept, tries_before


@borrowing
def serve_visitors(
    block, split, shelf, seen_trial, seen_promoted, room, subject, followed, kept, tries_before, tried,
    visitors, videos, offset, session_key, begin, end, block_users, fit, trial_share, taste, taste_sums, watch_mean, gain,
    memory_bits, discount, caps, posts, users, follows, appeal, weights, feed_row, feed_lane, feed_flags, feed_length, direct,
    acts,
):  # fmt: skip
    """Feeds and reactions of the visitors from begin to end, who are served one after the other.

    Columns are taken out of their tuples first: to do so in the loop would cost more than it does.
    """
    first, post_key, topics, felt = posts.first, posts.key, posts.topic, posts.felt
    status, likes, named, disclosed, speaks_of = (
        posts.status,
        posts.likes,
        posts.candidate,
        posts.disclosed,
        posts.spoken_of,
    )
    keys, interests, expressive = users.key, users.interest, users.expressive
    inbox, inbox_waiting = users.inbox, users.inbox_waiting
    following_start, following, newest_added, added_author, added_before = follows
    row, key, author, level, topic, ranked_by, watch, like, share, proof, candidate, spoken_of = shelf
    size, groups, of_subject, of_author = len(row), len(topic), caps.of_subject, caps.of_author
    listed, terms = room.listed, room.terms
    views, watched, weight, work, ranked = listed[0], listed[1], listed[2], listed[3], listed[4]
    chosen, pair, flags, none = room.chosen, room.pair, room.flags, room.none
    mood, to_watch, to_like, to_share = terms[0], terms[1], terms[2], terms[3]
    trial_lane, promoted_lane = room.trial_lane, room.promoted_lane
    own, interest, learned, middle = room.own, room.interest, room.learned, room.middle
    for v in range(begin, end):
        user, wanted, out = visitors[v], videos[v], offset[v]
        user_key, luck, local = keys[user], draw_compiled(session_key[v], np.uint32(6)), user - block * block_users
        word, bit = np.uint64(local >> 5), np.uint32(1) << np.uint32(local & 31)
        shown = meet_shared(user, wanted, out, first, status, inbox, inbox_waiting, feed_row, feed_lane)
        shown = meet_followed(
            user, wanted, out, shown, tried, tries_before[v - begin], tries_before[v - begin + 1], first, inbox, feed_row,
            feed_lane,
        )  # fmt: skip
        for group in range(groups):
            for axis in range(TOGETHER):
                learned[group, axis] = 0
        acted = show_direct(
            out, shown, user, keys, interests, expressive, post_key, topics, felt, likes, named, disclosed, status, speaks_of,
            appeal, weights, watch_mean, learned, feed_row, feed_lane, feed_flags,
        )  # fmt: skip
        direct[v] = shown
        if shown < wanted and size:
            most, most_of_author = most_places(of_subject, wanted - shown), most_places(of_author, wanted - shown)
            trials = min((wanted * trial_share + int(luck >> np.uint32(16))) >> 16, wanted - shown)
            into_groups(taste, user, middle, own)
            rank(
                user, user_key, fit, own, ranked_by, key, author, row, level, seen_trial, seen_promoted, word, bit, work, ranked,
                split, trial_lane, promoted_lane,
            )  # fmt: skip
            count = choose(
                user, user_key, 0, trials, 0, trial_lane, row, author, key, first, kept[v - begin], followed[v - begin], inbox,
                following_start, following, newest_added, added_author, added_before, subject, most, most_of_author, discount,
                chosen,
            )  # fmt: skip
            count = choose(
                user, user_key, count, wanted - shown, split, promoted_lane, row, author, key, first, kept[v - begin],
                followed[v - begin], inbox, following_start, following, newest_added, added_author, added_before, subject, most,
                most_of_author, discount, chosen,
            )  # fmt: skip
            into_groups(interests, user, none, interest)
            cosines(interest, topic, work)
            react_to_chosen(
                count, chosen, user_key, expressive[user], work, key, watch, like, share, proof, candidate, spoken_of, weights,
                pair, mood, to_watch, to_like, to_share, flags,
            )  # fmt: skip
            acted += show_chosen(
                count, chosen, flags, out + shown, split, row, seen_trial, seen_promoted, word, bit, views, watched, weight,
                watch_mean, feed_row, feed_lane, feed_flags,
            )  # fmt: skip
            learn_from_listed(weight, topic, learned)
            for j in range(count):
                weight[chosen[j]] = 0
            shown += count
        feed_length[v], acts[v] = shown, acted
        if gain:
            learn_session(user, block, shown, learned, gain, memory_bits, taste, taste_sums)


@njit
def serve_block(
    block, cards, slot,
    visitors, videos, offset, session_key, block_start, block_users, trial, promoted, fit, trial_share,
    followed_share, taste, taste_sums, watch_mean, gain, memory_bits, described, discount, caps, posts, users, follows,
    appeal, weights,
    feed_row, feed_lane, feed_flags, feed_length, direct, acts, tally_row, tally_views, tally_watched,
):  # fmt: skip
    """One block of `serve`: what is needed is laid out, the visitors are served, and what happened is put back."""
    following_start, following, newest_added, added_author, added_before = follows
    shelf = stock(block, trial, promoted, cards, slot, described, posts)
    room = lay_out(block, trial.lengths[block], len(shelf.row), posts.topic.shape[1], taste_sums, block_users)
    begin, end = block_start[block], block_start[block + 1]
    followed, kept, tries_before = bits_and_tries(
        visitors, videos, session_key, begin, end, followed_share, users.inbox, following_start, following, newest_added,
        added_author, added_before,
    )  # fmt: skip
    tried = np.empty(tries_before[end - begin], dtype=np.int32)
    look_ahead(
        visitors, begin, end, session_key, tries_before, users.key, posts.first, posts.key, posts.hour, posts.status,
        users.newest_post, users.last_session, following_start, following, newest_added, added_author, tried,
    )  # fmt: skip
    serve_visitors(
        block, trial.lengths[block], shelf, trial.seen[block], promoted.seen[block], room, subjects(shelf.row, caps), followed,
        kept, tries_before, tried,
        visitors, videos, offset, session_key, begin, end, block_users, fit, trial_share, taste, taste_sums, watch_mean, gain,
        memory_bits, discount, caps, posts, users, follows, appeal, weights, feed_row, feed_lane, feed_flags, feed_length,
        direct, acts,
    )  # fmt: skip
    put_back(block, trial, promoted, shelf.row, room.listed[0], room.listed[1], tally_row, tally_views, tally_watched)


@njit(cache=True, parallel=True)
def serve(
    visitors, videos, offset, session_key, block_start, block_users, trial, promoted, standing, fit, trial_share,
    followed_share, taste, taste_sums, watch_mean, gain, memory_bits, described, discount, caps, posts, users, follows,
    appeal, weights,
    feed_row, feed_lane, feed_flags, feed_length, direct, acts, tally_row, tally_views, tally_watched,
):  # fmt: skip
    """Fill the feed of each visitor v from offset[v] on, at most videos[v] posts, and draw the reactions.

    block_start[b]: first visitor of block b. trial, promoted: `Lists`, whose `seen` and `shown` are counted on. standing:
    (live posts) score of a promoted post, in units of logit; fit: in units of logit a cosine; trial_share and
    followed_share in 1/65536; caps: `Caps`. taste: (accounts, axes) and taste_sums: (blocks, axes) move by what is learned,
    where gain is not 0. described: (live posts, axes of tastes) what posts are ranked by, or empty where by their topics;
    discount: see `lower_author`, or empty. Writes the
    feeds' rows, lanes, flags and lengths; direct: how many of each feed did not come from a list; acts: (visitors) how
    often each acted; tally: (blocks, places) row, views and watched of each listing, trial ones first.
    """
    cards, slot = write_cards(trial, promoted, standing, posts, appeal, weights)
    for block in prange(len(block_start) - 1):
        if block_start[block] < block_start[block + 1]:
            serve_block(
                block, cards, slot,
                visitors, videos, offset, session_key, block_start, block_users, trial, promoted, fit, trial_share,
                followed_share, taste, taste_sums, watch_mean, gain, memory_bits, described, discount, caps, posts, users, follows,
                appeal, weights,
                feed_row, feed_lane, feed_flags, feed_length, direct, acts, tally_row, tally_views, tally_watched,
            )  # fmt: skip
        else:
            for place in range(tally_views.shape[1]):
                tally_views[block, place] = 0
