"""Posts in the stages of a staged audience: who wants what, and whose stage is over."""

import numpy as np
from numba import njit, prange

from sim.kernels.columns import EXCLUDED, WAITING
from sim.numbers.arithmetic import exp_in_place


@njit(inline="always")
def _quota(stage, audience, pools):
    """Views of a post's pool: the creator's audience widens the first."""
    return pools[stage] * audience if stage == 0 else pools[stage]


@njit(inline="always")
def _nothing_left(row, slot, walked, standing, blocks):
    """Whether a post has walked through all blocks and stands on no list."""
    for c in range(len(blocks)):  # noqa: SIM110 (no generators in compiled code)
        if walked[row, c] < blocks[c] or standing[c, slot]:
            return False
    return True


@njit(cache=True)
def stages_over(
    staged, first, stage, since, views, audience, now, pools, longest, walked, standing, blocks, rows
):  # fmt: skip
    """Write to rows the live rows of staged posts whose pool or patience is used up, and return how many they are.

    staged: numbers of posts in the stages, -1 for none. longest: (stages) hours after which a stage ends at the latest.
    walked, standing: as in `shortlists.renew`. A post that no block is left to see leaves (stage -1) without a decision.
    """
    count = 0
    for slot in range(len(staged)):
        row = staged[slot] - first
        if staged[slot] < 0:
            continue
        if _nothing_left(row, slot, walked, standing, blocks):
            stage[row] = -1
        elif now - since[row] >= longest[stage[row]] or views[row] >= _quota(stage[row], audience[row], pools):
            rows[count] = row
            count += 1
    return count


@njit(cache=True)
def in_stages(staged, first, stage, status, hour, audience, now, pools, stage_hours, ageing, slots, pace, trial):
    """Write to slots, pace and trial the staged posts that may be recommended, the views an hour that each wants, and
    whether it is on trial; return how many they are. A post that waits wants none. ageing: (ages in hours) factor of the pace."""
    count = 0
    for slot in range(len(staged)):
        row = staged[slot] - first
        if staged[slot] < 0 or status[row] & EXCLUDED:
            continue
        at = stage[row]
        goal = _quota(at, audience[row], pools)
        slots[count] = slot
        pace[count] = 0.0 if status[row] & WAITING else goal / stage_hours[at] * ageing[now - hour[row]]
        trial[count] = at == 0
        count += 1
    return count


@njit(cache=True, parallel=True)
def aim(rows, slots, topics, stage, centre, blocks, concentration, share):
    """Spread the pools of some live posts over communities: by believed fit at first, by size alone in the end.

    topics: (live posts, axes); centre: (communities, axes) mean believed taste; concentration: (stages) weight of the fit;
    slots: places of the posts in share (communities, room of the table), which is written.
    """
    communities, axes = centre.shape
    for i in prange(len(rows)):
        row = rows[i]
        left = concentration[stage[row]]
        weight, powers, total = np.empty(communities), np.empty(communities, dtype=np.int64), 0.0
        for c in range(communities):
            cosine = 0
            for axis in range(axes):
                cosine += int(topics[row, axis]) * centre[c, axis]
            weight[c] = left * (cosine / 131072.0)
        exp_in_place(weight, powers)
        for c in range(communities):
            weight[c] *= blocks[c]
            total += weight[c]
        for c in range(communities):
            share[c, slots[i]] = weight[c] / total
