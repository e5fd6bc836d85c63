"""The newest posts of followed authors."""

from numba import njit, prange

from sim.kernels.columns import REMOVED

FOLLOWED = 1  # lane of posts met because their author is followed


@njit(cache=True, parallel=True)
def newest_of_followed(
    visitors, videos, offset, latest, before, post_hour, post_second, post_key, post_status, first,
    last_session, inbox, inbox_waiting,
    following_start, following, newest_added, added_author, added_before, feed_row, feed_lane, feed_length,
):  # fmt: skip
    """Fill each feed with waiting shares, then with posts of followed authors since the last session, newest first.

    latest: (accounts) number of each one's newest post; before: (live posts) number of the one that its author made before.
    Row 0 is post number `first`. What a short session leaves unseen is not offered again.
    """
    for v in prange(len(visitors)):
        user, wanted, out = visitors[v], videos[v], offset[v]
        shown = 0
        for place in range(inbox.shape[1]):
            row = inbox[user, place] - first
            if inbox_waiting[user, place] and shown < wanted and row >= 0 and post_status[row] & REMOVED == 0:
                feed_row[out + shown] = row
                feed_lane[out + shown] = 0
                shown += 1
        begin = shown
        degree = following_start[user + 1] - following_start[user]
        link = newest_added[user]
        author, pick = -1, 0
        while True:
            if pick < degree:
                author = following[following_start[user] + pick]
                pick += 1
            elif link >= 0:
                author = added_author[link]
                link = added_before[link]
            else:
                break
            number = latest[author]
            while number >= first and post_hour[number - first] > last_session[user]:
                row = number - first
                number = before[row]
                known = post_status[row] & REMOVED > 0
                for place in range(inbox.shape[1]):
                    known = known or inbox[user, place] == row + first
                if known:
                    continue
                at = shown
                while at > begin and _newer(row, feed_row[out + at - 1], post_hour, post_second, post_key):
                    at -= 1
                if at >= wanted:
                    continue
                for place in range(min(shown, wanted - 1), at, -1):
                    feed_row[out + place] = feed_row[out + place - 1]
                feed_row[out + at] = row
                shown = min(shown + 1, wanted)
        for place in range(begin, shown):
            feed_lane[out + place] = FOLLOWED
        feed_length[v] = shown


@njit(inline="always")
def _newer(one, other, post_hour, post_second, post_key):
    """Whether a post is newer than another; ties by key, which is the same in every arm."""
    if post_hour[one] != post_hour[other]:
        return post_hour[one] > post_hour[other]
    if post_second[one] != post_second[other]:
        return post_second[one] > post_second[other]
    return post_key[one] > post_key[other]
