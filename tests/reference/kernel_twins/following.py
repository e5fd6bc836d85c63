"""The newest posts of followed authors, in plain Python."""

import numpy as np

from tests.reference.kernel_twins.random_worlds import graph, locked, posts_of, users_of, visits_of
from tests.reference.kernel_twins.sharing import followed_by


def newest_of_followed(
    visitors, videos, offset, latest, before, post_hour, post_second, post_key, post_status, first,
    last_session, inbox, inbox_waiting,
    following_start, following, newest_added, added_author, added_before, feed_row, feed_lane, feed_length,
):  # fmt: skip
    """Waiting shares, then all news sorted by time; the session ends both."""
    removed = [bool(status & 1) for status in post_status]
    for v, user in enumerate(visitors.tolist()):
        kept = [int(number) - first for number in inbox[user]]
        shared = [
            row for row, waits in zip(kept, inbox_waiting[user], strict=True) if waits and row >= 0 and not removed[row]
        ]
        authors = followed_by(user, following_start, following, newest_added, added_author, added_before)
        posts = [row for author in authors for row in chain_of(int(latest[author]), before, first)]
        news = [row for row in posts if post_hour[row] > last_session[user] and not removed[row] and row not in kept]
        news.sort(key=lambda row: (post_hour[row], post_second[row], post_key[row]), reverse=True)
        feed = ([(row, 0) for row in shared] + [(row, 1) for row in news])[: videos[v]]
        for place, (row, lane) in enumerate(feed, start=int(offset[v])):
            feed_row[place], feed_lane[place] = row, lane
        feed_length[v] = len(feed)


def chain_of(number, before, first):
    """Live rows of one author's posts, newest first."""
    rows = []
    while number >= first:
        rows.append(number - first)
        number = int(before[rows[-1]])
    return rows


def inputs_of_newest_of_followed(chance):
    """Few seconds and hours, so that posts tie; no post, no visitor, sessions shorter and longer than the news."""
    for users, size, longest in ((6, 0, 3), (0, 5, 3), (12, 30, 1), (9, 3, 5), (30, 9, 5), (30, 60, 4), (40, 90, 60)):
        accounts, now, first = users + 2, 12, 70
        posts = posts_of(chance, size, 3, accounts, first, now)
        people = users_of(chance, accounts, posts, now)
        _, follows, _ = graph(chance, accounts, users)
        visitors, videos, offset = visits_of(chance, users, longest)
        # Whoever has no live post has none, or one that is gone; so does the oldest live post of each author.
        latest, before = chance.integers(-1, first, accounts, dtype=np.int32), np.zeros(size, dtype=np.int32)
        for row, author in enumerate(posts.author.tolist()):
            before[row], latest[author] = latest[author], row + first
        room = int(videos.sum())
        yield (
            visitors, videos, offset, latest, before, locked(posts.hour),
            locked(chance.integers(0, 3, size, dtype=np.int32)), locked(posts.key),
            locked((chance.random(size) < 0.15).astype(np.uint8)), first,
            locked(people.last_session), locked(people.inbox), locked(people.inbox_waiting),
            *(locked(column) for column in follows), np.zeros(room, np.int32), np.zeros(room, np.uint8),
            np.zeros(len(visitors), np.int32),
        )  # fmt: skip
