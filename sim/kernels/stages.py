"""Posts in the stages of a staged audience: who wants what, and whose stage is over."""

from numba import njit

HIDDEN = 3  # bits of a post's status that keep it out of recommendations


@njit(inline="always")
def _quota(stage, audience, pools, last, users):
    """Views of a post's pool: the creator's audience widens the first, the last is all users."""
    if stage >= last:
        return float(users)
    return pools[stage] * audience if stage == 0 else pools[stage]


@njit(cache=True)
def stages_over(stage, since, views, audience, now, pools, longest, last, users, walked, standing, blocks, rows):
    """Write to rows the live posts whose pool or patience is used up, and return how many they are.

    longest: (stages) hours after which a stage ends at the latest. walked, standing: as in `shortlists`. A post that has
    walked through all blocks and stands on no list leaves (stage -1) without a decision.
    """
    count = 0
    for row in range(len(stage)):
        if stage[row] < 0:
            continue
        out = True
        for c in range(len(blocks)):
            if walked[row, c] < blocks[c] or standing[row, c]:
                out = False
                break
        if out:
            stage[row] = -1
        elif now - since[row] >= longest[stage[row]] or views[row] >= _quota(
            stage[row], audience[row], pools, last, users
        ):
            rows[count] = row
            count += 1
    return count


@njit(cache=True)
def in_stages(stage, status, hour, audience, now, pools, stage_hours, ageing, last, users, rows, pace, trial):
    """Write to rows, pace and trial the posts that may be recommended, the views an hour that each wants, and
    whether it is on trial; return how many they are. ageing: (ages in hours) factor of the pace."""
    count = 0
    for row in range(len(stage)):
        at = stage[row]
        if at < 0 or status[row] & HIDDEN:
            continue
        goal = pools[at] if at >= last else _quota(at, audience[row], pools, last, users)
        rows[count] = row
        pace[count] = goal / stage_hours[at] * ageing[now - hour[row]]
        trial[count] = at == 0
        count += 1
    return count
