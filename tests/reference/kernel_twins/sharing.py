"""Shares that reach friends, and follows that are added, in plain Python."""

import numpy as np

from sim.numbers.luck import chain, draw
from tests.reference.kernel_twins.random_worlds import graph, posts_of, some, users_of


def followed_by(user, following_start, following, newest_added, added_author, added_before):
    """All whom a user follows: from the beginning, and added since."""
    authors = following[following_start[user] : following_start[user + 1]].tolist()
    link = int(newest_added[user])
    while link >= 0:
        authors.append(int(added_author[link]))
        link = int(added_before[link])
    return authors


def blocks_walked(key, community, steps, first_block, blocks):
    """The blocks of a community that a post has walked through: a cycle from a keyed start."""
    start = draw(chain(key, 0xFFFFFFFF), community) % int(blocks[community])
    return [int(first_block[community]) + (start + step) % int(blocks[community]) for step in range(steps)]


def deliver(
    accounts, rows, key, recipients, first, post_key, post_author, part, walked, community, block_users,
    first_block, blocks, followers_start, followers, following_start, following, newest_added, added_author,
    added_before, inbox, inbox_waiting,
):  # fmt: skip
    """One share after the other, one friend after the other."""
    for sharer, row in zip(accounts.tolist(), rows.tolist(), strict=True):
        audience = followers[followers_start[sharer] : followers_start[sharer + 1]].tolist()
        own, author = chain(chain(key, sharer), int(post_key[row])), int(post_author[row])
        for place in range(recipients if audience else 0):
            friend = audience[chain(own, place) % len(audience)]
            if friend == author:
                continue
            if author in followed_by(friend, following_start, following, newest_added, added_author, added_before):
                continue
            home = int(community[friend])
            steps = walked[int(part[friend]) if len(part) else 0]
            if len(steps) and friend // block_users in blocks_walked(
                int(post_key[row]), home, int(steps[row, home]), first_block, blocks
            ):
                continue
            free = [slot for slot, number in enumerate(inbox[friend]) if number < 0]
            if free and row + first not in inbox[friend]:
                inbox[friend, free[0]], inbox_waiting[friend, free[0]] = row + first, 1


def add_follows(users, authors, added, following_start, following, newest_added, added_author, added_before, followers):
    """One after the other, unless it is there."""
    for user, author in zip(users.tolist(), authors.tolist(), strict=True):
        known = followed_by(user, following_start, following, newest_added, added_author, added_before)
        if author != user and author not in known:
            added_author[added], added_before[added], newest_added[user] = author, newest_added[user], added
            followers[author] += 1
            added += 1
    return added


# --- inputs -------------------------------------------------------------------------------------------------------


LISTS, NO_LISTS, BOTH = range(3)


def inputs_of_deliver(chance):
    """With shortlists, without, and with both; few users, so that inboxes fill and friends are reached twice; three hours each."""
    for communities, block_users, posts, recipients, first in (
        (1, 4, 1, 3, 50), (1, 9, 12, 0, 50), (2, 5, 30, 3, 50), (5, 6, 60, 4, 50), (1, 9, 9, 4, 0),
    ):  # fmt: skip
        blocks = chance.integers(1, 7, communities, dtype=np.int32)
        first_block = (np.cumsum(blocks) - blocks).astype(np.int32)
        accounts = int(blocks.sum()) * block_users
        community = np.repeat(np.arange(communities), blocks * block_users).astype(np.int32)
        live = posts_of(chance, posts, 3, accounts, first, 9)
        inbox, waiting = users_of(chance, accounts, live, 9)[-2:]
        for kind in (LISTS, NO_LISTS, BOTH):
            drawn, follows, _ = graph(chance, accounts, accounts)
            walked = chance.integers(0, blocks + 1, (posts, communities), dtype=np.int16)
            tables = {LISTS: (walked,), NO_LISTS: (walked[:0, :0],), BOTH: (walked, walked[:0].copy())}[kind]
            part = chance.integers(0, len(tables), accounts if kind == BOTH else 0, dtype=np.uint8)
            sharers = np.sort(chance.integers(0, accounts, 40, dtype=np.int32))[: 0 if posts == 1 else None]
            yield (
                sharers, chance.integers(0, posts, len(sharers)), int(chance.integers(0, 1 << 32)), recipients, first,
                live.key, live.author, part, tables, community,
                block_users, first_block, blocks, drawn.followers_start, drawn.followers, *follows, inbox, waiting,
            )  # fmt: skip
            inbox[some(chance, accounts, 0.3)] = -1


def inputs_of_add_follows(chance):
    """Follows that are new, that were there, that come twice, and of oneself."""
    for accounts, events in ((2, 0), (2, 3), (6, 30), (30, 60)):
        drawn, follows, added = graph(chance, accounts, accounts - 1)
        users, authors = (chance.integers(0, accounts, events, dtype=np.int32) for _ in range(2))
        yield users, authors, added, *follows, np.diff(drawn.followers_start).astype(np.int32)
