"""What people do after a reaction: comment where a storm is, and follow whom a post named."""

import numpy as np
from numba import njit, prange

from sim.kernels.counting import carried_by
from sim.kernels.reactions import CARRIED, COMMENTED, WATCHED
from sim.numbers.luck import PairDraw, draw_compiled, mix_compiled

STIRS, LOOKS_UP = np.uint32(PairDraw.STIR), np.uint32(PairDraw.LOOK_UP)


@njit(inline="always")
def _pair(user_key, post_key):
    """Luck of one user with one post."""
    return mix_compiled(np.uint32(user_key ^ post_key))


@njit(cache=True, parallel=True)
def stir(visitors, offset, feed_length, feed_row, user_key, post_key, storm, comments, flags, acts):
    """Add comments on storms to flags, and to how often each visitor acted.

    storm: (live posts) whether one is; comments: threshold out of 2^32 of one who watched it through.
    """
    for v in prange(len(visitors)):
        for i in range(offset[v], offset[v] + feed_length[v]):
            row = feed_row[i]
            joins = storm[row] and flags[i] & WATCHED and not flags[i] & COMMENTED
            if joins and draw_compiled(_pair(user_key[visitors[v]], post_key[row]), STIRS) < comments:
                flags[i] |= COMMENTED
                acts[v] += 1


@njit(inline="always")
def _looks_up(flag, user_key, post_key, share):
    """Whether one who watched a candidate's post through goes on to the candidate's account."""
    both = CARRIED | WATCHED
    return flag & both == both and draw_compiled(_pair(user_key, post_key), LOOKS_UP) < share


@njit(cache=True, parallel=True)
def count_look_ups(visitors, offset, feed_length, feed_row, flags, user_key, post_key, share, count):
    """Write to count how often each visitor goes on to a candidate's account. share: threshold out of 2^32."""
    for v in prange(len(visitors)):
        for i in range(offset[v], offset[v] + feed_length[v]):
            count[v] += _looks_up(flags[i], user_key[visitors[v]], post_key[feed_row[i]], share)


@njit(cache=True, parallel=True)
def list_look_ups(
    visitors, offset, feed_length, feed_row, flags, user_key, post_key, share, candidate, spoken_of, before, user, whom
):
    """List them in the order of visitors: user and candidate. before: (visitors + 1) those of visitors before."""
    for v in prange(len(visitors)):
        place = before[v]
        if place < before[v + 1]:
            for i in range(offset[v], offset[v] + feed_length[v]):
                if _looks_up(flags[i], user_key[visitors[v]], post_key[feed_row[i]], share):
                    user[place] = visitors[v]
                    whom[place] = carried_by(feed_row[i], flags[i], candidate, spoken_of)
                    place += 1
