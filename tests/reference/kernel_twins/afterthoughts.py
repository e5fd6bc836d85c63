"""What people do after a reaction, one impression after the other."""

import numpy as np

from sim.numbers.luck import PairDraw, draw, pair_key
from tests.reference.kernel_twins.counting import SHAPES, carried_by, reactions_of
from tests.reference.kernel_twins.random_worlds import words
from tests.reference.kernel_twins.reactions import CARRIED, COMMENTED, WATCHED


def watched_through(visitors, offset, feed_length, flags):
    """Visitor's place, visitor, and place of each impression that was watched through."""
    for v, user in enumerate(visitors):
        for i in range(offset[v], offset[v] + feed_length[v]):
            if flags[i] & WATCHED:
                yield v, user, i


def stir(visitors, offset, feed_length, feed_row, user_key, post_key, storm, comments, flags, acts):
    """A coin about each person and each storm; who has commented does not do so again."""
    for v, user, i in list(watched_through(visitors, offset, feed_length, flags)):
        luck = draw(pair_key(int(user_key[user]), int(post_key[feed_row[i]])), PairDraw.STIR)
        if storm[feed_row[i]] and not flags[i] & COMMENTED and luck < comments:
            flags[i] |= COMMENTED
            acts[v] += 1


def look_ups(visitors, offset, feed_length, feed_row, flags, user_key, post_key, share):
    """Visitor's place, visitor and place of each impression after which somebody goes on to a candidate's account."""
    for v, user, i in watched_through(visitors, offset, feed_length, flags):
        luck = draw(pair_key(int(user_key[user]), int(post_key[feed_row[i]])), PairDraw.LOOK_UP)
        if flags[i] & CARRIED and luck < share:
            yield v, user, i


def count_look_ups(visitors, offset, feed_length, feed_row, flags, user_key, post_key, share, count):
    """By visitor."""
    for v, _, _ in look_ups(visitors, offset, feed_length, feed_row, flags, user_key, post_key, share):
        count[v] += 1


def list_look_ups(
    visitors, offset, feed_length, feed_row, flags, user_key, post_key, share, candidate, spoken_of, before, user, whom
):
    """In order."""
    found = look_ups(visitors, offset, feed_length, feed_row, flags, user_key, post_key, share)
    for place, (_, who, i) in enumerate(found):
        user[place], whom[place] = who, carried_by(feed_row[i], flags[i], candidate, spoken_of)


def inputs_of_stir(chance):
    """Storms everywhere, here and there and nowhere; nobody and everybody joins in."""
    for users, posts in SHAPES:
        for share, comments in ((0.0, 1 << 32), (0.5, 1 << 30), (1.0, 1 << 32), (1.0, 0)):
            visitors, offset, length, row, flags, _, _ = reactions_of(chance, users, posts)
            size = max(posts, 1)
            acts = chance.integers(0, 5, len(visitors), dtype=np.int32)
            yield (visitors, offset, length, row, words(chance, users), words(chance, size),
                   chance.random(size) < share, comments, flags, acts)  # fmt: skip


def inputs_of_count_look_ups(chance):
    """Nobody, some and everybody goes on."""
    for users, posts in SHAPES:
        for share in (0, 1 << 30, 1 << 32):
            visitors, offset, length, row, flags, _, _ = reactions_of(chance, users, posts)
            size = max(posts, 1)
            yield (visitors, offset, length, row, flags, words(chance, users), words(chance, size), share,
                   np.zeros(len(visitors), dtype=np.int64))  # fmt: skip


def inputs_of_list_look_ups(chance):
    """As many as were counted."""
    for users, posts in SHAPES:
        for share in (0, 1 << 30, 1 << 32):
            visitors, offset, length, row, flags, candidate, spoken_of = reactions_of(chance, users, posts)
            keys, size = (words(chance, users), words(chance, max(posts, 1))), np.zeros(len(visitors), dtype=np.int64)
            count_look_ups(visitors, offset, length, row, flags, *keys, share, size)
            before = np.concatenate([[0], np.cumsum(size)])
            room = np.zeros(int(before[-1]), dtype=np.int32)
            yield (visitors, offset, length, row, flags, *keys, share, candidate, spoken_of, before, room, room.copy())
