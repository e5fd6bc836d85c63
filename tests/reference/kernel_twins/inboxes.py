"""Feeds of what those followed have posted or shared, in plain Python: all that may stand there is sorted by youth."""

import numpy as np

from sim.kernels.inboxes import Events, News
from tests.reference.kernel_twins.random_worlds import graph, posts_of, some
from tests.reference.kernel_twins.sharing import followed_by

GONE = 1 | 16  # removed or held


def happened(account, since, events, news):
    """Numbers of an account's events since an hour."""
    found, event = [], int(news.latest[account])
    while event >= events.first and events.hour[event - events.first] >= since:
        found.append(event)
        event = int(events.before[event - events.first])
    return found


def offered_before(event, since, events, followed):
    """Whether somebody followed had posted or shared the same post before an hour."""
    post, number = int(events.post[event - events.first]), int(events.sooner[event - events.first])
    assert post >= 0
    while number >= events.first:
        row = number - events.first
        if events.hour[row] < since and int(events.account[row]) in followed:
            return True
        number = int(events.sooner[row])
    return False


def take_in(
    visitors, last_session, now, again, events, news, follows, first, post_status, post_author, feed_event, feed_shares, feed_met
):  # fmt: skip
    """What stands is kept while it may be shown; each new post enters by its youngest event; the youngest have room."""
    room = feed_event.shape[1]
    for user in visitors.tolist():
        followed = followed_by(user, *follows)
        entries = []  # event, shares, met
        for event, shares, met in zip(
            feed_event[user].tolist(), feed_shares[user].tolist(), feed_met[user].tolist(), strict=True
        ):
            post = int(events.post[event - events.first]) if event >= events.first else -1
            if event >= 0 and post >= first and not post_status[post - first] & GONE:
                entries.append([event, shares, met])
        standing = {int(events.post[event - events.first]) for event, _, _ in entries}
        since = int(last_session[user])
        fresh = [event for whom in followed for event in happened(whom, since, events, news)]
        youngest = {}
        for event in fresh:
            post = int(events.post[event - events.first])
            if post < first or post in standing or post_status[post - first] & GONE:
                continue
            if post_author[post - first] == user or not (again or not offered_before(event, since, events, followed)):
                continue
            known = youngest.get(post, event)
            youth = events.youth[event - events.first]
            youngest[post] = event if youth > events.youth[known - events.first] else known
        entries += [[event, 0, 0] for event in youngest.values()]
        entries.sort(key=lambda entry: int(events.youth[entry[0] - events.first]), reverse=True)
        entries = entries[:room]
        for event in fresh:
            for entry in entries:
                if events.post[entry[0] - events.first] == events.post[event - events.first]:
                    entry[1] += int(events.copies[event - events.first])
        entries += [[-1, 0, 0]] * (room - len(entries))
        feed_event[user], feed_shares[user], feed_met[user] = (list(column) for column in zip(*entries, strict=True))


def lay_out(visitors, videos, now, events, first, feed_event, feed_shares, feed_met, offset, length, row, shares, age,
            new_offset, new_length, new_row):  # fmt: skip
    """One visitor after the other, one message after the other."""
    for v, user in enumerate(visitors.tolist()):
        standing = [place for place in range(feed_event.shape[1]) if feed_event[user, place] >= 0]
        unmet = [place for place in standing if not feed_met[user, place]][: videos[v]]
        for number, place in enumerate(standing):
            event = int(feed_event[user, place]) - events.first
            row[offset[v] + number] = events.post[event] - first
            shares[offset[v] + number] = feed_shares[user, place]
            age[offset[v] + number] = now - 1 - events.hour[event]
        for number, place in enumerate(unmet):
            new_row[new_offset[v] + number] = events.post[int(feed_event[user, place]) - events.first] - first
            feed_met[user, place] = 1
        length[v], new_length[v] = len(standing), len(unmet)


# --- inputs -------------------------------------------------------------------------------------------------------


def events_of(chance, accounts, posts, first, size, hours, first_event):
    """A table of events in the order of hours, some withdrawn."""
    hour = np.sort(chance.integers(0, hours, size)).astype(np.int32)
    account = chance.integers(0, accounts, size).astype(np.int32)
    post = (first + chance.integers(-1, posts, size)).astype(np.int32)  # some have retired
    luck = chance.permutation(size).astype(np.uint64) * np.uint64((1 << 32) // max(size, 1))
    youth = (hour.astype(np.uint64) + np.uint64(1) << np.uint64(32)) + luck
    before, sooner = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    newest, last = {}, {}
    for k in range(size):
        before[k], sooner[k] = newest.get(int(account[k]), -1), last.get(int(post[k]), -1)
        newest[int(account[k])] = last[int(post[k])] = first_event + k
    post[chance.random(size) < 0.1] = -1
    copies = chance.integers(1, 4, size).astype(np.int32)
    return Events(first_event, account, post, hour, youth, copies, before, sooner)


def inputs_of_take_in(chance):
    """Full and empty feeds, posts that are shared by several, removed, withdrawn or retired; feeds that have a past."""
    for again, room, accounts, size in (
        (True, 4, 12, 60),
        (False, 4, 12, 60),
        (False, 9, 30, 90),
        (True, 15, 5, 0),
        (True, 1, 40, 300),
        (False, 2, 60, 300),
    ):
        posts = posts_of(chance, 20, 3, accounts, 40, 9)
        _, follows, _ = graph(chance, accounts, accounts - 2, 4 if room > 2 else 20)
        feeds = (np.full((accounts, room), -1, dtype=np.int64), np.zeros((accounts, room), dtype=np.int32),
                 np.zeros((accounts, room), dtype=np.uint8))  # fmt: skip
        events = events_of(chance, accounts, 20, 40, size, 8, 100)
        session = np.full(accounts, -1, dtype=np.int32)
        for part in (size // 2, size):  # the second call finds the feeds that the first left
            known = Events(100, *(column[:part] for column in events[1:]))
            read = _newest(known, accounts)
            visitors = some(chance, accounts, 0.8).astype(np.int32)
            yield visitors, session, 8, again, known, read, follows, 40, posts.status, posts.author, *feeds
            session[visitors] = known.hour[-1] + 1 if part else 0


def _newest(events, accounts):
    """The newest event of each account among the first of a table."""
    news = News(np.full(accounts, -1, dtype=np.int64), np.zeros(accounts, dtype=np.uint64),
                np.full(accounts, -1, dtype=np.int32), np.full(accounts, -1, dtype=np.int32))  # fmt: skip
    for k, whom in enumerate(events.account.tolist()):
        news.previous[whom] = events.hour[news.latest[whom] - events.first] if news.latest[whom] >= 0 else -1
        news.latest[whom], news.post[whom] = events.first + k, events.post[k]
        news.youth[whom] = max(news.youth[whom], events.youth[k])
    return news


def inputs_of_lay_out(chance):
    """Feeds of any length, long and short sessions, messages shown already."""
    for accounts, room in ((1, 1), (7, 4), (20, 6)):
        events = events_of(chance, accounts, 20, 40, 50, 8, 100)
        events = events._replace(post=np.maximum(events.post, 40))
        feed = np.full((accounts, room), -1, dtype=np.int64)
        for user in range(accounts):
            size = int(chance.integers(0, room + 1))
            feed[user, :size] = 100 + chance.permutation(50)[:size]
        shares, met = (
            chance.integers(1, 9, feed.shape, dtype=np.int32),
            chance.integers(0, 2, feed.shape, dtype=np.uint8),
        )
        visitors = some(chance, accounts, 0.8).astype(np.int32)
        videos, count = chance.integers(1, room + 1, len(visitors), dtype=np.int32), len(visitors)
        new_offset = np.cumsum(videos, dtype=np.int64) - videos
        columns = [np.zeros(count * room, dtype=np.int32) for _ in range(3)]
        yield (
            visitors, videos, 9, events, 40, feed, shares, met, np.arange(count) * room, np.zeros(count, dtype=np.int32),
            *columns, new_offset, np.zeros(count, dtype=np.int32), np.zeros(int(videos.sum()), dtype=np.int32),
        )  # fmt: skip
