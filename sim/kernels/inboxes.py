"""Feeds of what those followed have posted or shared."""

from typing import NamedTuple

import numpy as np
from numba import njit, prange

from sim.kernels.borrowing import borrowing
from sim.kernels.columns import HELD, REMOVED
from sim.kernels.follows import does_follow, next_followed


class News(NamedTuple):
    """The newest event of each account, so that most accounts are looked at with one glance."""

    latest: np.ndarray  # int64, its number, -1 where none
    youth: np.ndarray  # uint64, the largest of the account's events
    post: np.ndarray  # int32, its post
    previous: np.ndarray  # int32, hour of the event before, -1 where none


class Events(NamedTuple):
    """Postings and shares, one row each in the order in which they were read; row 0 is event number `first`."""

    first: int
    account: np.ndarray  # int32, who posted or shared
    post: np.ndarray  # int32, number of the post, -1 where the event was withdrawn
    hour: np.ndarray  # int32
    youth: np.ndarray  # uint64, (hour + 1) 2^32 + a keyed number: what is larger stands before in a feed
    copies: np.ndarray  # int32, how often it was done
    before: np.ndarray  # int64, number of the account's event before, -1 where none
    sooner: np.ndarray  # int64, number of the event before about the same post, -1 where none


@borrowing
def _offered_before(user, event, since, events, follows):
    """Whether an event about the same post came to a user's feed before hour `since`."""
    other = events.sooner[event - events.first]
    while other >= events.first:
        row = other - events.first
        if events.hour[row] < since and does_follow(
            user, events.account[row], follows.following_start, follows.following, follows.newest_added,
            follows.added_author, follows.added_before,
        ):  # fmt: skip
            return True
        other = events.sooner[row]
    return False


@borrowing
def _keep(user, feed, shares, met, events, first, post_status, posts):
    """Close the ranks of a feed over what was removed, withdrawn or retired; returns how many stay."""
    size = 0
    for place in range(len(feed)):
        row = feed[place] - events.first
        if feed[place] < 0 or row < 0:
            continue
        post = events.post[row]
        if post < first or post_status[post - first] & (REMOVED | HELD):
            continue
        feed[size], shares[size], met[size], posts[size] = feed[place], shares[place], met[place], post
        size += 1
    for place in range(size, len(feed)):
        feed[place], shares[place], met[place] = -1, 0, 0
    return size


@njit(inline="always")
def _is_in(post, posts, size, bits):
    """The place of a post in a list, -1 where it is not there; `bits` has a bit for each that may be."""
    if (bits >> np.uint64(post & 63)) & np.uint64(1):
        for place in range(size):
            if posts[place] == post:
                return place
    return -1


@njit(inline="always")
def _bits(posts, size):
    """A bit for each post of a list that may be there."""
    bits = np.uint64(0)
    for place in range(size):
        bits |= np.uint64(1) << np.uint64(posts[place] & 63)
    return bits


@njit(inline="always")
def _least(feed, size, youth, first_event):
    """What the youth of an event must exceed for it to find room in a feed."""
    return youth[feed[size - 1] - first_event] if size == len(feed) else np.uint64(0)


@njit(inline="always")
def _guess(degree, room, now):
    """A youth that the youngest of the hour before probably exceed where many are followed, so that most can be passed over."""
    if degree <= 3 * room:
        return np.uint64(0)
    return (np.uint64(now) << np.uint64(32)) + np.uint64(4294967296.0 * (1.0 - 2.0 * room / degree))


@njit(inline="always")
def _insert(event, post, feed, shares, met, posts, size, events):
    """Put an event at its place by youth; the oldest leaves where the feed is full. Returns the size."""
    youth, at = events.youth[event - events.first], size
    while at > 0 and youth > events.youth[feed[at - 1] - events.first]:
        at -= 1
    if at == len(feed):
        return size
    for place in range(min(size, len(feed) - 1), at, -1):
        feed[place], shares[place], met[place] = feed[place - 1], shares[place - 1], met[place - 1]
        posts[place] = posts[place - 1]
    feed[at], shares[at], met[at], posts[at] = event, 0, 0, post
    return min(size + 1, len(feed))


@njit(inline="always")
def _consider(user, event, since, again, feed, shares, met, posts, size, old, old_size, old_bits, events, follows,
              first, post_status, post_author):  # fmt: skip
    """Let an event that is young enough into a feed, unless its post stood there; returns the size."""
    row = event - events.first
    post = events.post[row]
    if post < first or post_status[post - first] & (REMOVED | HELD) or post_author[post - first] == user:
        return size
    if _is_in(post, old, old_size, old_bits) >= 0:
        return size
    if not again and _offered_before(user, event, since, events, follows):
        return size
    for place in range(size):
        if posts[place] == post:
            if events.youth[row] <= events.youth[feed[place] - events.first]:
                return size
            for rest in range(place, size - 1):
                feed[rest], shares[rest], met[rest] = feed[rest + 1], shares[rest + 1], met[rest + 1]
                posts[rest] = posts[rest + 1]
            size -= 1
            break
    return _insert(event, post, feed, shares, met, posts, size, events)


@njit(cache=True, parallel=True)
def take_in(
    visitors, last_session, now, again, events, news, follows, first, post_status, post_author, feed_event, feed_shares, feed_met
):  # fmt: skip
    """Bring visitors' feeds up to date: the youngest messages that those whom they follow have posted or shared.

    A message stands where its youngest event since the last session put it, and keeps its place while it stays; each
    event about it adds to its shares. What is removed, held or withdrawn leaves. Nobody meets an own post.

    now: int, hour, of which no event is read yet; again: bool, whether a message may come to a feed again after it left it;
    feed_event: (accounts, room) int64, events that brought what stands in each feed, youngest first, -1 where free;
    feed_shares: int32; feed_met: uint8, 1 where shown already. Row 0 of posts is number `first`.
    """
    room = feed_event.shape[1]
    hour, youth, before, post_of, copies = events.hour, events.youth, events.before, events.post, events.copies
    latest, news_youth, news_post, previous = news.latest, news.youth, news.post, news.previous
    start, following, newest_added = follows.following_start, follows.following, follows.newest_added
    added_author, added_before = follows.added_author, follows.added_before
    for v in prange(len(visitors)):
        user = visitors[v]
        since, feed, shares, met = last_session[user], feed_event[user], feed_shares[user], feed_met[user]
        posts = np.empty(room, dtype=np.int32)
        size = _keep(user, feed, shares, met, events, first, post_status, posts)
        old, old_size, bits = posts.copy(), size, _bits(posts, size)
        last = start[user + 1]
        floor = _guess(last - start[user], room, now)
        while True:
            least = max(floor, _least(feed, size, youth, events.first))
            pick, link = start[user], np.int64(newest_added[user])
            while pick < last or link >= 0:
                whom, pick, link = next_followed(pick, last, link, following, added_author, added_before)
                if news_youth[whom] <= least:
                    continue
                event = latest[whom]
                while event >= events.first and hour[event - events.first] >= since:
                    at = event - events.first
                    if youth[at] > least:
                        size = _consider(user, event, since, again, feed, shares, met, posts, size, old, old_size, bits,
                                         events, follows, first, post_status, post_author)  # fmt: skip
                        least = max(floor, _least(feed, size, youth, events.first))
                    event = before[at]
            if floor == 0 or (size == room and youth[feed[room - 1] - events.first] > floor):
                break
            floor = np.uint64(0)  # too few are as young as was guessed
        bits = _bits(posts, size)
        pick, link = start[user], np.int64(newest_added[user])
        while pick < last or link >= 0:
            whom, pick, link = next_followed(pick, last, link, following, added_author, added_before)
            if previous[whom] < since and not bits >> np.uint64(news_post[whom] & 63) & np.uint64(1):
                continue
            event = latest[whom]
            while event >= events.first and hour[event - events.first] >= since:
                at = event - events.first
                place = _is_in(post_of[at], posts, size, bits)
                if place >= 0:
                    shares[place] += copies[at]
                event = before[at]


@njit(cache=True, parallel=True)
def lay_out(visitors, videos, now, events, first, feed_event, feed_shares, feed_met, offset, length, row, shares, age,
            new_offset, new_length, new_row):  # fmt: skip
    """Write visitors' feeds one after the other, and of each the first messages not shown yet, which are then shown.

    videos: (visitors) int32, how many of them; now: int, hour; offset, new_offset: (visitors) int64, where to write;
    length, new_length: int32, how many are written; row, shares, age, new_row: int32.
    """
    for v in prange(len(visitors)):
        user, size, fresh = visitors[v], 0, 0
        for place in range(feed_event.shape[1]):
            event = feed_event[user, place] - events.first
            if feed_event[user, place] < 0:
                break
            at = offset[v] + size
            row[at], shares[at] = events.post[event] - first, feed_shares[user, place]
            age[at] = now - 1 - events.hour[event]
            size += 1
            if feed_met[user, place] == 0 and fresh < videos[v]:
                new_row[new_offset[v] + fresh] = row[at]
                feed_met[user, place] = 1
                fresh += 1
        length[v], new_length[v] = size, fresh
