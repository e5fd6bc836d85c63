"""Posts in the stages of a staged audience, in plain Python."""

import numpy as np

from sim.numbers.arithmetic import exp
from tests.reference.kernel_twins.random_worlds import locked, some, table_of

EXCLUDED, WAITING = 3, 24


def quota(stage, audience, pools):
    """Views of a post's pool."""
    return float(pools[stage] * audience) if stage == 0 else float(pools[stage])


def stages_over(
    staged, first, stage, since, views, audience, now, pools, longest, walked, standing, blocks, rows
):  # fmt: skip
    """Those whose pool or patience is used up; who has nowhere to go leaves at once."""
    over = []
    for place in np.flatnonzero(staged >= 0):
        row = int(staged[place]) - first
        if (walked[row] >= blocks).all() and not standing[:, place].any():
            stage[row] = -1
            continue
        impatient = now - since[row] >= longest[stage[row]]
        if impatient or views[row] >= quota(stage[row], audience[row], pools):
            over.append(row)
    rows[: len(over)] = over
    return len(over)


def in_stages(staged, first, stage, status, hour, audience, now, pools, stage_hours, ageing, slots, pace, trial):
    """What each post that may be recommended wants."""
    count = 0
    for place in np.flatnonzero(staged >= 0):
        row = int(staged[place]) - first
        if not status[row] & EXCLUDED:
            at = int(stage[row])
            goal = quota(at, audience[row], pools)
            slots[count], trial[count] = place, at == 0
            pace[count] = 0.0 if status[row] & WAITING else goal / stage_hours[at] * ageing[now - hour[row]]
            count += 1
    return count


def aim(rows, slots, topics, stage, centre, blocks, concentration, share):
    """One post after the other, one community after the other."""
    for row, place in zip(rows.tolist(), slots.tolist(), strict=True):
        weights, total = [], 0.0
        for home, size in zip(centre.tolist(), blocks.tolist(), strict=True):
            cosine = sum(x * c for x, c in zip(topics[row].tolist(), home, strict=True)) / 131072.0
            weights.append(float(exp(float(concentration[int(stage[row])]) * cosine)) * size)
            total += weights[-1]
        share[:, place] = [weight / total for weight in weights]


# --- inputs -------------------------------------------------------------------------------------------------------

NOW = 50


def stages_of(chance, slot, last):
    """The stage of each post (those outside the table left, or have not begun), and pools and hours of the stages."""
    stage = np.where(slot < 0, chance.integers(-2, 0, len(slot)), chance.integers(0, last + 1, len(slot)))
    return stage.astype(np.int32), 3.0 ** np.arange(1.0, last + 2.0), np.linspace(2.0, 7.0, last + 1)


def inputs_of_stages_over(chance):
    """Posts at the border of quota and patience; places that are empty; one community and several."""
    for posts, last, communities, first, empty in (
        (0, 2, 1, 0, 0.0), (1, 0, 1, 7, 0.0), (40, 3, 1, 0, 0.3), (90, 4, 5, 200, 0.3), (20, 2, 17, 9, 1.0),
    ):  # fmt: skip
        staged, slot, _, standing = table_of(chance, posts, first, communities, empty)
        stage, pools, hours = stages_of(chance, slot, last)
        blocks = chance.integers(1, 3, communities, dtype=np.int32)
        walked = chance.integers(0, blocks + 1, (posts, communities), dtype=np.int16)
        walked[some(chance, posts, 0.5)] = blocks
        standing[:, some(chance, len(staged), 0.6)] = 0
        since = chance.integers(30, NOW, posts, dtype=np.int32)
        views = chance.choice(np.array([0, 3, 9, 27, 30, 33], dtype=np.int32), posts)
        audience = chance.choice(np.array([1.0, 2.0, 7.9]), posts)
        yield (
            staged, first, stage, since, views, audience, NOW, pools, 2.0 * hours, walked, standing,
            locked(blocks), np.full(len(staged), -9),
        )  # fmt: skip


def inputs_of_in_stages(chance):
    """Posts of all stages and statuses; places that are empty, some of them and all."""
    for posts, last, first, empty in (
        (0, 2, 0, 0.0),
        (1, 0, 3, 0.0),
        (60, 3, 0, 0.3),
        (60, 2, 400, 0.1),
        (9, 1, 5, 1.0),
    ):
        staged, slot, _, _ = table_of(chance, posts, first, 1, empty)
        stage, pools, hours = stages_of(chance, slot, last)
        status = chance.integers(0, 32, posts, dtype=np.uint8)
        hour = chance.integers(NOW - 10, NOW + 1, posts, dtype=np.int32)
        out = np.full(len(staged), -9), np.full(len(staged), -9.0), np.zeros(len(staged), dtype=np.bool_)
        audience, ageing = 8.0 * chance.random(posts), exp(-np.arange(11) / 7.0)
        yield (
            staged, first, stage, locked(status), locked(hour), audience, NOW, pools, hours, ageing, *out,
        )  # fmt: skip


def inputs_of_aim(chance):
    """One axis and several, one community and several, from the first stage to the last; the rest stays as it is."""
    for posts, axes, communities, last in (
        (0, 3, 2, 2), (1, 1, 1, 0), (30, 10, 7, 3), (30, 12, 8, 1), (9, 5, 9, 2), (30, 12, 17, 1),
    ):  # fmt: skip
        _, slot, share, _ = table_of(chance, posts, 11, communities)
        stage, _, _ = stages_of(chance, slot, last)
        rows = np.flatnonzero((slot >= 0) & (chance.random(posts) < 0.8))
        topics = chance.integers(-128, 128, (posts, axes), dtype=np.int8)
        centre = chance.integers(-900, 901, (communities, axes))
        blocks = chance.integers(1, 9, communities, dtype=np.int32)
        yield rows, slot[rows], locked(topics), stage, centre, locked(blocks), np.linspace(8.0, 0.0, last + 1), share
