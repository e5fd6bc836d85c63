"""What is counted of an hour's impressions, in plain Python."""

import numpy as np

from tests.reference.kernel_twins.random_worlds import feeds_of, locked, named_by, some

WATCHED, LIKED, REPORTED, OPENED, CARRIED = 1, 2, 32, 64, 128


def count_views(offset, direct, feed_row, flags, tally_row, tally_views, tally_watched, views, watched):
    """Impressions that are counted one by one, then the tally."""
    for begin, count in zip(offset, direct, strict=True):
        for i in range(begin, begin + count):
            views[feed_row[i]] += 1
            watched[feed_row[i]] += flags[i] & WATCHED
    add_tally(tally_row, tally_views, tally_watched, views, watched)


def add_tally(tally_row, tally_views, tally_watched, views, watched):
    """One listing after the other."""
    for listing in np.ndindex(tally_views.shape):
        if tally_views[listing] > 0:
            views[tally_row[listing]] += tally_views[listing]
            watched[tally_row[listing]] += tally_watched[listing]


def list_acts(
    visitors, offset, feed_length, feed_row, flags, first_second, pace, acts_before, account, row, verb, second
):
    """One impression after the other; `acts_before` then needs no look."""
    event = 0
    for v, visitor in enumerate(visitors):
        for place in range(feed_length[v]):
            i = offset[v] + place
            for kind in [kind for kind in range(5) if int(flags[i]) & (2 << kind)]:
                account[event], row[event], verb[event] = visitor, feed_row[i], kind
                second[event] = first_second[v] + pace * place
                event += 1


def in_order(second, account, post, verb, place):
    """By second, account, post and verb."""
    events = zip(second.tolist(), account.tolist(), post.tolist(), verb.tolist(), range(len(second)), strict=True)
    place[:] = [event[-1] for event in sorted(events)]


def count_acts(row, verb, likes, comments, shares, follows, reports):
    """One act after the other."""
    for post, kind in zip(row, verb, strict=True):
        (likes, comments, shares, follows, reports)[kind][post] += 1


def count_points(row, verb, counted, worth, points):
    """One act after the other."""
    for post, kind, counts in zip(row, verb, counted, strict=True):
        points[post] += worth[kind] if counts else 0


def carried_by(row, flag, candidate, spoken_of):
    """The candidate whom an impression carries, or -1."""
    if candidate[row] >= 0:
        return int(candidate[row])
    return int(spoken_of[row]) if flag & OPENED else -1


def notice(visitors, offset, feed_length, feed_row, flags, candidate, spoken_of, step, awareness, saw):
    """Every sight goes a step of the way to full awareness."""
    for v, user in enumerate(visitors):
        for i in range(offset[v], offset[v] + feed_length[v]):
            seen = carried_by(feed_row[i], flags[i], candidate, spoken_of)
            if seen >= 0:
                level = int(awareness[user, seen])
                awareness[user, seen] = level + ((255 - level) * step >> 8)
                saw[user] |= np.uint32(1 << seen)


def count_sights(visitors, offset, feed_length, feed_row, flags, candidate, spoken_of, whom, sights):
    """One impression after the other."""
    for v, user in enumerate(visitors):
        for i in range(offset[v], offset[v] + feed_length[v]):
            if carried_by(feed_row[i], flags[i], candidate, spoken_of) == whom and sights[user] < 65535:
                sights[user] += 1


def close_sessions(visitors, hour, last_session, inbox_waiting):
    """One visitor after the other."""
    for user in visitors:
        last_session[user] = hour
        inbox_waiting[user, :] = 0


def count_visibility(
    visitors, offset, feed_length, feed_row, flags, genuine, candidate, spoken_of, campaign_post, candidates
):
    """One impression after the other."""
    visible, plain = [[0] * candidates for _ in range(3)], [0, 0, 0, 0]
    for v, user in enumerate(visitors):
        for i in range(offset[v], offset[v] + feed_length[v]):
            plain[0] += 1
            if genuine[user]:
                plain[1] += 1
                plain[2] += bool(flags[i] & LIKED)
                plain[3] += bool(flags[i] & WATCHED)
                seen = carried_by(feed_row[i], flags[i], candidate, spoken_of)
                if seen >= 0:
                    visible[campaign_post[feed_row[i]]][seen] += 1
    return tuple(np.array(numbers, dtype=np.int64) for numbers in (visible, plain))


def of_genuine(visitors, offset, feed_length, feed_row, genuine, value):
    """One impression after the other."""
    count = total = 0
    for user, begin, length in zip(visitors.tolist(), offset.tolist(), feed_length.tolist(), strict=True):
        for row in feed_row[begin : begin + length].tolist() if genuine[user] else ():
            count, total = count + 1, total + int(value[row])
    return np.int64(count), np.int64(total)


# --- inputs -------------------------------------------------------------------------------------------------------

SHAPES = ((0, 0), (0, 3), (5, 0), (1, 1), (30, 7), (200, 40))  # users and posts


def flags_of(chance, row, candidate, spoken_of):
    """Reactions that can be: acts of those who watched through, reports of the others, and what is carried."""
    watched = chance.random(len(row)) < 0.5
    acts = chance.integers(0, 16, len(row)) << 1
    opened = watched & (chance.random(len(row)) < 0.4) & (spoken_of[row] >= 0)
    reported = REPORTED * (chance.random(len(row)) < 0.3)
    flags = np.where(watched, WATCHED | acts | OPENED * opened, reported)
    return (flags | CARRIED * ((candidate[row] >= 0) | opened)).astype(np.uint8)


def reactions_of(chance, users, posts):
    """Feeds with their reactions, and the candidates of posts and of their comments."""
    visitors, offset, length, row = feeds_of(chance, users, posts)
    candidate, spoken_of = named_by(chance, max(posts, 1)), named_by(chance, max(posts, 1))
    return visitors, offset, length, row, flags_of(chance, row, candidate, spoken_of), candidate, spoken_of


def tally_of(chance, blocks, places, posts):
    """Entries with and without views; those without have any row."""
    views = chance.integers(0, 4 if posts else 1, (blocks, places), dtype=np.int32)
    row = np.where(views > 0, chance.integers(0, max(posts, 1), (blocks, places)), -7).astype(np.int32)
    return row, views, np.where(views > 0, chance.integers(0, views + 1), 99).astype(np.int32)


def counters(posts, count):
    """Counters of posts."""
    return [np.full(posts, number, dtype=np.int32) for number in range(count)]


def inputs_of_count_views(chance):
    """With and without a tally."""
    for users, posts in SHAPES:
        for blocks, places in ((0, 0), (3, 5)):
            _, offset, length, row, flags, _, _ = reactions_of(chance, users, posts)
            direct = chance.integers(0, length + 1, dtype=np.int32)
            yield offset, direct, row, flags, *tally_of(chance, blocks, places, posts), *counters(posts, 2)


def inputs_of_add_tally(chance):
    """Some shapes."""
    for blocks, places, posts in ((0, 0, 3), (1, 1, 1), (4, 0, 2), (1, 9, 2), (6, 8, 20), (2, 3, 0)):
        yield *tally_of(chance, blocks, places, posts), *counters(posts, 2)


def inputs_of_list_acts(chance):
    """Sessions of which some go on past the hour."""
    for users, posts in SHAPES:
        visitors, offset, length, row, flags, _, _ = reactions_of(chance, users, posts)
        acts = [
            sum(int(flag & 62).bit_count() for flag in flags[begin : begin + count])
            for begin, count in zip(offset, length, strict=True)
        ]
        before = np.concatenate([[0], np.cumsum(acts, dtype=np.int64)]).astype(np.int64)
        events, start = int(before[-1]), chance.integers(3500, 3600, len(visitors), dtype=np.int32)
        out = (
            np.empty(events, np.int32),
            np.empty(events, np.int64),
            np.empty(events, np.int8),
            np.empty(events, np.int32),
        )
        yield visitors, offset, length, row, flags, start, 15, before, *out


def inputs_of_in_order(chance):
    """Nothing, all in one second, few seconds, the whole hour; one account and many."""
    for events, seconds, accounts in ((0, 1, 1), (9, 1, 2), (60, 3, 4), (400, 3600, 50)):
        second, account = (
            chance.integers(0, seconds, events, dtype=np.int32),
            chance.integers(0, accounts, events, dtype=np.int32),
        )
        post, verb = chance.integers(0, 5, events), chance.integers(0, 5, events, dtype=np.int8)
        yield second, account, post, verb, np.empty(events, dtype=np.int64)


def inputs_of_count_acts(chance):
    """Many acts on few posts."""
    for events, posts in ((0, 0), (0, 4), (1, 1), (300, 5)):
        row, verb = chance.integers(0, max(posts, 1), events), chance.integers(0, 5, events, dtype=np.int8)
        yield row, verb, *counters(posts, 5)


def inputs_of_count_points(chance):
    """Acts that count and that do not."""
    for events, posts in ((0, 0), (0, 4), (1, 1), (300, 5)):
        row, verb = chance.integers(0, max(posts, 1), events), chance.integers(0, 5, events, dtype=np.int8)
        worth = chance.integers(0, 9, 5, dtype=np.int32)
        yield row, locked(verb), chance.random(events) < 0.6, worth, *counters(posts, 1)


def inputs_of_notice(chance):
    """Awareness from none to full, steps from none to all of the way."""
    for users, posts in SHAPES:
        for step in (0, 16, 256):
            awareness = chance.integers(0, 256, (users, 4), dtype=np.uint8)
            yield *reactions_of(chance, users, posts), step, awareness, np.zeros(users, dtype=np.uint32)


def inputs_of_count_sights(chance):
    """Nobody met yet, and visitors at the largest number."""
    for users, posts in SHAPES:
        for most in (1, 65536):
            sights = chance.integers(0, most, users).astype(np.uint16)
            sights[::3] = most - 1
            yield *reactions_of(chance, users, posts), 2, sights


def inputs_of_close_sessions(chance):
    """Nobody, some and everybody; inboxes of no place and of several."""
    for users, places, share in ((0, 5, 1.0), (1, 1, 1.0), (9, 0, 0.5), (40, 16, 0.0), (40, 16, 0.4), (300, 5, 1.0)):
        waiting = chance.integers(0, 2, (users, places), dtype=np.uint8)
        last_session = chance.integers(-1, 60, users, dtype=np.int32)
        yield some(chance, users, share).astype(np.int32), 60, last_session, waiting


def inputs_of_count_visibility(chance):
    """Visitors around the borders of chunks too."""
    for users, posts in (*SHAPES, (1023, 9), (1024, 9), (1025, 9), (2300, 30)):
        genuine = chance.random(users) < 0.8
        visitors, offset, length, row, flags, candidate, spoken_of = reactions_of(chance, users, posts)
        if users > 1000:  # everybody visits
            visitors = np.arange(users, dtype=np.int32)
            offset, length = np.sort(chance.integers(0, len(row) - 3, users)), np.full(users, 3, dtype=np.int32)
        causes = chance.integers(0, 3, max(posts, 1), dtype=np.uint8)
        yield visitors, offset, length, row, flags, genuine, candidate, spoken_of, causes, 4


def inputs_of_of_genuine(chance):
    """Values below and above zero; nobody genuine, some and everybody; more visitors than one chunk."""
    for users, posts, share in ((1, 1, 0.0), (40, 9, 0.7), (2300, 30, 1.0)):
        visitors, offset, length, row, *_ = reactions_of(chance, users, posts)
        value = chance.integers(-1024, 1025, max(posts, 1), dtype=np.int32)
        yield visitors, offset, length, row, chance.random(users) < share, value
