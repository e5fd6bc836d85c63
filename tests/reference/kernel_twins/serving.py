"""Feeds from standing lists and the reactions to them, in plain Python: one user after the other."""

from types import SimpleNamespace

import numpy as np

from sim.kernels.columns import Caps, Lists
from sim.numbers.arithmetic import GUMBEL
from sim.numbers.luck import PairDraw, draw, mix
from sim.world.actions import NO_TOPICS
from tests.reference.kernel_twins.random_worlds import graph, posts_of, some, users_of, visits_of, weights_of, words
from tests.reference.kernel_twins.reactions import WATCHED, reaction
from tests.reference.kernel_twins.sharing import followed_by

SHARED, FOLLOWED, TRIAL, PROMOTED = range(4)
GONE, HIDDEN = 1, 27


def serve(
    visitors, videos, offset, session_key, block_start, block_users, trial, promoted, standing, fit, trial_share,
    followed_share, taste, taste_sums, watch_mean, gain, memory_bits, described, discount, caps, posts, users, follows,
    appeal, weights,
    feed_row, feed_lane, feed_flags, feed_length, direct, acts, tally_row, tally_views, tally_watched,
):  # fmt: skip
    """A block's mean taste stands for the hour; who was shown what is noted at once."""
    hour = SimpleNamespace(**locals())
    tally_views[:], tally_watched[:] = 0, 0
    for block in range(len(block_start) - 1):
        mean = (taste_sums[block] // block_users).tolist()
        for v in range(block_start[block], block_start[block + 1]):
            feed = met_directly(hour, v)
            direct[v] = len(feed)
            listed = met_on_lists(hour, block, v, mean, len(feed))
            flags = [react(hour, v, row, lane) for row, lane in feed + [(row, lane) for row, lane, _ in listed]]
            for (row, lane, place), flag in zip(listed, flags[len(feed) :], strict=True):
                note_view(hour, block, v, row, lane, place, flag)
            feed_length[v], acts[v] = len(flags), sum((flag & 62).bit_count() for flag in flags)
            for i, (row, lane, *_) in enumerate(feed + listed):
                place = offset[v] + i
                feed_row[place], feed_lane[place], feed_flags[place] = row, lane, flags[i]
            learn(hour, block, v, [row for row, *_ in feed + listed], flags)


def met_directly(hour, v):
    """What friends shared, then the newest posts of followed authors drawn at random: (row, lane) of each."""
    user, wanted, key, posts, users = (
        int(hour.visitors[v]), int(hour.videos[v]), int(hour.session_key[v]), hour.posts, hour.users,
    )  # fmt: skip
    kept = [int(number) - posts.first for number in users.inbox[user]]
    waiting = [row for row, waits in zip(kept, users.inbox_waiting[user], strict=True) if waits and row >= 0]
    feed = [(row, SHARED) for row in waiting if not posts.status[row] & GONE][:wanted]
    authors = followed_by(user, *hour.follows)
    begun_with = int(hour.follows.following_start[user + 1] - hour.follows.following_start[user])
    for attempt in range(wanted * hour.followed_share + (draw(key, 6) & 0xFFFF) >> 16):
        pick = draw(key, 16 + attempt) % (begun_with + 1)  # of those added since, the newest can be drawn
        if pick == len(authors):
            continue
        author = authors[pick]
        row = int(users.newest_post[author]) - posts.first
        if row < 0 or author == user or posts.hour[row] <= users.last_session[user] or posts.status[row] & GONE:
            continue
        if coin(hour, user, row) and row not in kept and row not in [shown for shown, _ in feed] and len(feed) < wanted:
            feed.append((row, FOLLOWED))
    return feed


def coin(hour, user, row):
    """Whether a follower may meet a post as a follower, and not from the lists."""
    return draw(mix(int(hour.users.key[user]) ^ int(hour.posts.key[row])), PairDraw.LANE) & 1


def met_on_lists(hour, block, v, mean, shown):
    """The best trial posts, then the best promoted ones: (row, lane, place in the list) of each."""
    wanted, luck = int(hour.videos[v]), draw(int(hour.session_key[v]), 6)
    trials = min(wanted * hour.trial_share + (luck >> 16) >> 16, wanted - shown)
    met = choose(hour, may_meet(hour, block, v, mean, TRIAL, hour.trial), trials, [], wanted - shown)
    return choose(hour, may_meet(hour, block, v, mean, PROMOTED, hour.promoted), wanted - shown, met, wanted - shown)


def is_full(hour, row, met, places):
    """Whether a post's subject or author has its share of the places already."""
    values = [(hour.posts.author, hour.caps.of_author), (hour.caps.subject, hour.caps.of_subject)]
    return any(
        share
        and value[row] >= 0
        and sum(value[other[0]] == value[row] for other in met) >= max(1, places * share >> 16)
        for value, share in values
    )


def choose(hour, found, goal, met, places):
    """Those met so far and the best of the others, one after the other, within the caps on a feed of so many places.

    Each lowers its author's others by the discount.
    """
    author, met = hour.posts.author, list(met)
    while found and len(met) < goal:
        best = max(range(len(found)), key=lambda k: found[k][0])  # the first of equals
        _, listing = found.pop(best)
        row = listing[0]
        if is_full(hour, row, met, places):
            continue
        further = sum(author[other] == author[row] for other, *_ in met)
        loss = int(hour.discount[min(further, len(hour.discount) - 1)]) if len(hour.discount) else 0
        met.append(listing)
        found = [(value - loss * bool(author[other[0]] == author[row]), other) for value, other in found]
    return met


def may_meet(hour, block, v, mean, lane, lists):
    """All listings of a lane that the user may be shown, with their scores, in the order of the list."""
    user, users, posts = int(hour.visitors[v]), hour.users, hour.posts
    local = user - block * hour.block_users
    authors, found = followed_by(user, *hour.follows), []
    for place in range(lists.lengths[block]):
        row = int(lists.numbers[block, place]) - posts.first
        if row < 0 or posts.status[row] & HIDDEN or int(lists.seen[block, local >> 5, place]) >> (local & 31) & 1:
            continue
        if posts.author[row] == user or row + posts.first in users.inbox[user]:
            continue
        if coin(hour, user, row) and posts.author[row] in authors:
            continue
        found.append((score(hour, user, mean, row, lane), (row, lane, place)))
    return found


def score(hour, user, mean, row, lane):
    """Personal fit relative to the block, the post's standing, and noise."""
    own, topic = hour.taste[user].tolist(), (hour.described if len(hour.described) else hour.posts.topic)[row].tolist()
    cosine = sum((mine - its) * x for mine, its, x in zip(own, mean, topic, strict=True))
    noise = int(GUMBEL[draw(mix(int(hour.users.key[user]) ^ int(hour.posts.key[row])), PairDraw.CHOICE) >> 20])
    return ((cosine >> 7) * int(hour.fit) >> 10) + (int(hour.standing[row]) if lane == PROMOTED else 0) + noise


def react(hour, v, row, lane):
    """The reaction to one post."""
    posts, users = hour.posts, hour.users
    return reaction(
        row, lane, int(hour.visitors[v]), users.key, users.interest, users.expressive, posts.key, posts.topic,
        posts.felt, posts.likes, posts.candidate, posts.disclosed, posts.status, posts.spoken_of, hour.appeal,
        hour.weights,
    )  # fmt: skip


def note_view(hour, block, v, row, lane, place, flag):
    """The list remembers who was shown what; the tally counts it, trial listings first."""
    lists, local = hour.trial if lane == TRIAL else hour.promoted, int(hour.visitors[v]) - block * hour.block_users
    lists.shown[block, place] += 1
    lists.seen[block, local >> 5, place] |= np.uint32(1 << (local & 31))
    entry = block, place + (hour.trial.lengths[block] if lane == PROMOTED else 0)
    hour.tally_row[entry] = row
    hour.tally_views[entry] += 1
    hour.tally_watched[entry] += flag & WATCHED


def learn(hour, block, v, rows, flags):
    """Taste moves towards what was watched through more than usual."""
    user = int(hour.visitors[v])
    for axis in range(hour.taste.shape[1] if hour.gain else 0):
        total = sum(
            ((256 if flag & WATCHED else 0) - hour.watch_mean) * int(hour.posts.topic[row, axis])
            for row, flag in zip(rows, flags, strict=True)
        )
        old = int(hour.taste[user, axis])
        change = (total * hour.gain >> 15) - (old * len(rows) >> hour.memory_bits)
        hour.taste[user, axis] = old + change
        hour.taste_sums[block, axis] += change


# --- inputs -------------------------------------------------------------------------------------------------------

SHAPES = (  # blocks, users of each, axes, posts, room of the trial and of the promoted list, longest session
    (1, 4, 3, 0, 2, 2, 5), (1, 20, 5, 12, 0, 6, 9), (1, 20, 12, 9, 3, 0, 72), (1, 60, 4, 3, 1, 1, 30),
    (3, 33, 7, 40, 3, 20, 12), (2, 64, 10, 60, 4, 33, 8), (2, 9, 12, 200, 20, 160, 72), (5, 12, 4, 30, 4, 8, 1),
)  # fmt: skip


def lists_of(chance, blocks, block_users, rooms, posts):
    """Trial and promoted lists: full, half full and empty ones; no block has a post twice; some posts have retired."""
    words_of_users, both = (block_users + 31) // 32, []
    for room in rooms:
        both.append(Lists(
            np.zeros((blocks, room), np.int32), np.zeros((blocks, words_of_users, room), np.uint32),
            np.zeros((blocks, room), np.int32), np.zeros(blocks, np.int32),
        ))  # fmt: skip
    for block in range(blocks):
        left = list(chance.permutation(np.arange(-2 if len(posts.key) else 0, len(posts.key))) + posts.first)
        for lists, room in zip(both, rooms, strict=True):
            taken = [left.pop() for _ in range(min(len(left), (room, room // 2, 0)[block % 3]))]
            lists.numbers[block, : len(taken)], lists.lengths[block] = taken, len(taken)
            for place in range(len(taken)):
                for local in some(chance, block_users, 0.3):
                    lists.seen[block, local >> 5, place] |= np.uint32(1 << (local & 31))
                    lists.shown[block, place] += 1
    return both


def inputs_of_serve(chance):
    """Hours of each world, so that each finds what those before have noted; blocks without visitors too; with and without caps.

    In the second authors' further posts are discounted; in the fifth posts are ranked by something else than topics.
    """
    for blocks, block_users, axes, size, trial_room, promoted_room, longest in SHAPES:
        members, now = blocks * block_users, 20
        posts = posts_of(chance, size, axes, members + 3, 40, now)
        users = users_of(chance, members + 3, posts, now)
        lists = lists_of(chance, blocks, block_users, (trial_room, promoted_room), posts)
        _, follows, _ = graph(chance, members + 3, members)
        taste = chance.integers(-400, 401, (members + 3, axes), dtype=np.int32)
        sums = taste[:members].reshape(blocks, block_users, axes).sum(axis=1, dtype=np.int64)
        topics, described = NO_TOPICS, chance.integers(-900, 901, (size, 6), dtype=np.int16)
        own = chance.integers(-400, 401, (members + 3, 6), dtype=np.int32), np.zeros((blocks, 6), dtype=np.int64)
        subject = chance.integers(-1, 3, size, dtype=np.int32)
        for share, trial_share, tastes, by, gain, discount, *caps in (
            (0.7, 9000, (taste, sums), topics, 40, (), 0, 0), (0.05, 0, (taste, sums), topics, 40, (300, 200, 0), 0, 9000),
            (0.6, 9000, (taste, sums), topics, 40, (), 20000, 0), (0.6, 5000, (taste, sums), topics, 40, (), 9000, 100),
            (0.7, 9000, own, described, 0, (5000,), 0, 0),
        ):  # fmt: skip
            visitors, videos, offset = visits_of(chance, members, longest, share)
            room, size_of_tally = int(videos.sum()), (blocks, trial_room + promoted_room)
            yield (
                visitors, videos, offset, words(chance, len(visitors)),
                np.searchsorted(visitors, np.arange(blocks + 1) * block_users), block_users, *lists,
                chance.integers(-3000, 3001, size, dtype=np.int32), np.int32(3072), trial_share, 20000, *tastes,
                120, gain, 10, by, np.array(discount, dtype=np.int32), Caps(subject if caps[0] else subject[:0], *caps), posts,
                users, follows, chance.integers(-3000, 3001, 4, dtype=np.int32), weights_of(chance),
                np.zeros(room, np.int32), np.zeros(room, np.uint8), np.zeros(room, np.uint8),
                *(np.zeros(len(visitors), np.int32) for _ in range(3)),
                *(np.zeros(size_of_tally, np.int32) for _ in range(3)),
            )  # fmt: skip
