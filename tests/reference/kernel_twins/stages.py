"""Posts in the stages of a staged audience, in plain Python."""

import numpy as np

from sim.numerics import exp
from tests.reference.kernel_twins.random_worlds import locked, some

HIDDEN = 3


def quota(stage, audience, pools, last, users):
    """Views of a post's pool."""
    if stage >= last:
        return float(users)
    return float(pools[stage] * audience) if stage == 0 else float(pools[stage])


def stages_over(
    staged, stage, since, views, audience, now, pools, longest, last, users, walked, standing, blocks, rows
):
    """Those whose pool or patience is used up; who has nowhere to go leaves at once."""
    over = []
    for row in staged.tolist():
        if (walked[row] >= blocks).all() and not standing[row].any():
            stage[row] = -1
            continue
        impatient = now - since[row] >= longest[stage[row]]
        if impatient or views[row] >= quota(stage[row], audience[row], pools, last, users):
            over.append(row)
    rows[: len(over)] = over
    return len(over)


def in_stages(staged, stage, status, hour, audience, now, pools, stage_hours, ageing, last, users, rows, pace, trial):
    """What each post that may be recommended wants."""
    count = 0
    for row in staged.tolist():
        if not status[row] & HIDDEN:
            at = int(stage[row])
            goal = pools[at] if at >= last else quota(at, audience[row], pools, last, users)
            rows[count], trial[count] = row, at == 0
            pace[count] = goal / stage_hours[at] * ageing[now - hour[row]]
            count += 1
    return count


def aim(rows, topics, stage, centre, blocks, spread, last, share):
    """One post after the other, one community after the other."""
    for row in rows.tolist():
        weights, total = [], 0.0
        for home, size in zip(centre.tolist(), blocks.tolist(), strict=True):
            cosine = sum(x * c for x, c in zip(topics[row].tolist(), home, strict=True)) / 131072.0
            weights.append(float(exp(spread * (1.0 - int(stage[row]) / max(1, last)) * cosine)) * size)
            total += weights[-1]
        share[row] = [weight / total for weight in weights]


# --- inputs -------------------------------------------------------------------------------------------------------


def stages_of(chance, posts, last):
    """Some posts that are in the stages, the stage of each, and pools and hours of the stages."""
    stage = chance.integers(0, last + 1, posts, dtype=np.int32)
    pools, hours = 3.0 ** np.arange(1.0, last + 2.0), np.linspace(2.0, 7.0, last + 1)
    return some(chance, posts, 0.8), stage, pools, hours


def inputs_of_stages_over(chance):
    """Posts at the border of quota and patience; one community and several."""
    for posts, last, communities in ((0, 2, 1), (1, 0, 1), (40, 3, 1), (90, 4, 5)):
        staged, stage, pools, hours = stages_of(chance, posts, last)
        blocks = chance.integers(1, 3, communities, dtype=np.int32)
        walked = chance.integers(0, blocks + 1, (posts, communities), dtype=np.int16)
        walked[some(chance, posts, 0.5)] = blocks
        standing = (chance.random((posts, communities)) < 0.2).astype(np.int16)
        since = chance.integers(30, 50, posts, dtype=np.int32)
        views = chance.choice(np.array([0, 3, 9, 27, 30, 33], dtype=np.int32), posts)
        audience = chance.choice(np.array([1.0, 2.0, 7.9]), posts)
        yield (
            staged, stage, since, views, audience, 50, pools, 2.0 * hours, last, 30, walked, standing, locked(blocks),
            np.full(len(staged), -9),
        )  # fmt: skip


def inputs_of_in_stages(chance):
    """Posts of all stages and statuses."""
    for posts, last in ((0, 2), (1, 0), (60, 3)):
        staged, stage, pools, hours = stages_of(chance, posts, last)
        status, hour = chance.integers(0, 8, posts, dtype=np.uint8), chance.integers(40, 51, posts, dtype=np.int32)
        out = np.full(len(staged), -9), np.full(len(staged), -9.0), np.zeros(len(staged), dtype=np.bool_)
        audience, ageing = 8.0 * chance.random(posts), exp(-np.arange(11) / 7.0)
        yield staged, stage, locked(status), locked(hour), audience, 50, pools, hours, ageing, last, 30, *out


def inputs_of_aim(chance):
    """One axis and several, one community and several, from the first stage to the open one."""
    for posts, axes, communities, last in ((0, 3, 2, 2), (1, 1, 1, 0), (30, 10, 7, 3), (30, 12, 20, 1)):
        rows, stage, _, _ = stages_of(chance, posts, last)
        topics = chance.integers(-128, 128, (posts, axes), dtype=np.int8)
        centre, blocks = (
            chance.integers(-900, 901, (communities, axes)),
            chance.integers(1, 9, communities, dtype=np.int32),
        )
        yield (
            rows,
            locked(topics),
            stage,
            centre,
            locked(blocks),
            8.0,
            last,
            np.zeros((posts, communities), dtype=np.float32),
        )
