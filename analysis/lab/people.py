"""Whose feeds a reel keeps: people of all interests, with those among them of whom a lesson speaks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.runs.face import Scouted

Longs = npt.NDArray[np.int64]
ORDINARY, VOLUNTEER = "ordinary", "volunteer"
USUAL = (
    0.25,
    0.75,
)  # quantiles of sessions a day between which those chosen for their interests lie, so that feeds are of usual length
# Share of those chosen by each rule, in this order; the others are chosen by their interests.
VOLUNTEERS, FANS, RETURNERS, SAW_MUCH, SAW_LITTLE = 0.1, 0.15, 0.1, 0.1, 0.1


def chosen_people(scouted: Scouted, count: int, usual: tuple[float, float] = USUAL) -> list[int]:
    """Account numbers, ascending: the same for the same world.

    Volunteers, fans (members of circles), people who come back to the app within the film, and those who saw the candidate most and
    least often; for the rest those whose interest in each topic in turn is greatest. Among equals the lower number is chosen. usual:
    quantiles of all that people were shown, between which those chosen lie; volunteers and those who come back may lie below.
    """
    cast, chosen = scouted.cast, list[int]()
    kinds = np.array(cast.about["kinds"])[cast["kind"]]
    person = np.isin(kinds, (ORDINARY, VOLUNTEER))
    low, high = np.quantile(scouted.shown[person & scouted.in_use], usual)
    light = scouted.shown <= high
    fit = person & scouted.in_use & light & (scouted.shown >= low)
    rules = (
        (VOLUNTEERS, scouted.in_use & (kinds == VOLUNTEER) & light, scouted.shown),
        (FANS, fit & (cast["fan"] > 0), scouted.seen),
        (RETURNERS, person & (cast["returner"] > 0) & light, scouted.shown),
        (SAW_MUCH, fit, scouted.seen),
        (SAW_LITTLE, fit, -scouted.seen),
    )
    for share, those, first in rules:
        _choose(chosen, np.flatnonzero(those), first, round(share * count))
    interest = cast["interest"].astype(np.int64)
    while len(chosen) < min(count, int(fit.sum())):
        for topic in interest.T:
            if len(chosen) < count:
                _choose(chosen, np.flatnonzero(fit), topic, 1)
    return sorted(chosen)


def fewer(people: int, given: float, most: float) -> int:
    """How many people to try next where films of `people` came to `given` bytes and may have `most`.

    The fewer they are, the less do their feeds have posts in common, so that bytes fall slower than people.
    """
    return max(1, min(people - 1, int(people * (most / given) ** 1.5)))


def _choose(chosen: list[int], among: Longs, first: npt.NDArray[Any], count: int) -> None:
    """Add those with the highest numbers that are not chosen yet."""
    left = among[~np.isin(among, chosen)]
    order = np.lexsort((left, -first[left]))
    chosen += left[order[:count]].tolist()


def told(scouted: Scouted, people: Sequence[int]) -> list[dict[str, Any]]:
    """What a reel says of them."""
    cast, kinds = scouted.cast, scouted.cast.about["kinds"]
    return [
        {
            "account": account, "interest": [round(int(value) / 128, 3) for value in cast["interest"][account]],
            "sessions": round(float(scouted.sessions[account]), 2), "kind": kinds[cast["kind"][account]],
            "fan": bool(cast["fan"][account]), "returner": bool(cast["returner"][account]),
        }
        for account in people
    ]  # fmt: skip
