"""Shares that reach friends, and follows that are added to the graph."""

import numpy as np
from numba import njit, prange

from sim.kernels.follows import does_follow
from sim.kernels.shortlists import walk_start
from sim.numbers.luck import chain_compiled


@njit(inline="always")
def _was_listed(post_key, walked, user, community, block_users, first_block, blocks):
    """Whether a post was on the shortlist of a user's block."""
    block = user // block_users - first_block[community]
    return (block - walk_start(post_key, community, blocks)) % blocks[community] < walked[community]


@njit(cache=True, parallel=True)
def deliver(
    accounts, rows, key, recipients, first, post_key, post_author, part, walked, community, block_users,
    first_block, blocks, followers_start, followers, following_start, following, newest_added, added_author,
    added_before, inbox, inbox_waiting,
):  # fmt: skip
    """Put each shared post into the inboxes of some who follow the sharer.

    accounts, rows: sharers and live rows, in order. key: uint32 that all draws of the hour share. walked: for each
    recommender (live posts, communities) as in `shortlists`, without a row where it has no shortlists; part: (accounts)
    which recommender each has, empty where there is only one. Not reached: the author, who follows the author
    (and may meet the post that way), whose block had it listed, who has it, and whose inbox is full. Who may be reached
    is found for all shares side by side; inboxes are then filled in order.
    """
    friends = np.full((len(accounts), recipients), -1, dtype=np.int32)
    for event in prange(len(accounts)):
        sharer, row = accounts[event], rows[event]
        begin, size = followers_start[sharer], followers_start[sharer + 1] - followers_start[sharer]
        own = chain_compiled(chain_compiled(np.uint32(key), np.uint32(sharer)), post_key[row])
        for place in range(recipients if size > 0 else 0):
            friend = followers[begin + int(chain_compiled(own, np.uint32(place))) % size]
            author = post_author[row]
            if friend == author:
                continue
            if does_follow(friend, author, following_start, following, newest_added, added_author, added_before):
                continue
            steps = walked[part[friend] if len(part) else 0]
            if len(steps) and _was_listed(
                post_key[row], steps[row], friend, community[friend], block_users, first_block, blocks
            ):
                continue
            friends[event, place] = friend
    for event in range(len(accounts)):
        for place in range(recipients):
            friend, number = friends[event, place], rows[event] + first
            free = -1
            for slot in range(inbox.shape[1] - 1 if friend >= 0 else -1, -1, -1):
                if inbox[friend, slot] == number:
                    free = -1
                    break
                if inbox[friend, slot] < 0:
                    free = slot
            if free >= 0:
                inbox[friend, free] = number
                inbox_waiting[friend, free] = 1


@njit(cache=True)
def add_follows(users, authors, added, following_start, following, newest_added, added_author, added_before, followers):
    """Add follows that are new, in order; returns how many are added in all. The arrays have room for every one."""
    for event in range(len(users)):
        user, author = users[event], authors[event]
        if user == author or does_follow(
            user, author, following_start, following, newest_added, added_author, added_before
        ):
            continue
        added_author[added] = author
        added_before[added] = newest_added[user]
        newest_added[user] = added
        added += 1
        followers[author] += 1
    return added
