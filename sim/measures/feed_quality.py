"""Mean quality of what stands in people's feeds, smoothed until it settles (Truong et al., PNAS Nexus 3(7) pgae258)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.kernels.counting import of_genuine
from sim.measures.base import Measure
from sim.numbers.arithmetic import LOGIT
from sim.scenario.schema import quantity
from sim.world.actions import Shown
from sim.world.world import World

BEGINS = 1.0  # Q(0); Truong et al., PNAS Nexus 3(7) pgae258, 2024


@dataclass(frozen=True)
class FeedQuality(Measure):
    """Q(t) = memory Q(t-1) + (1 - memory) q(t), where q is the mean quality of all that genuine users are shown in an hour.

    It begins at 1, as published, so that it cannot change little before it has come down to what is there (some 24 hours where a
    change of a ten-thousandth is little and the memory is .8). `quality_settled` is 1 from the first hour on in which Q changes by less
    than a share `settled` of itself, and `quality_hours` says how many hours that took.
    """

    units: ClassVar[Mapping[str, str]] = {
        "quality": "mean quality of feeds, 0 to 1",
        "quality_settled": "1 where it has settled",
        "quality_hours": "hours",
    }

    memory: float = quantity("weight of the hours before", "share", 0, 1)
    settled: float = quantity("relative change of Q in an hour below which it has settled", "share", 0, 1)

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """One hour; where nobody is shown anything, nothing changes."""
        mine, feeds = world.minds.quality, shown.feeds
        count, total = of_genuine(
            feeds.visitors, feeds.offset, feeds.length, feeds.row, world.truth.genuine, mine,
        )  # fmt: skip
        if count:
            now = int(total) / LOGIT / int(count)
            before = notes.get("quality", BEGINS)
            notes["quality"] = self.memory * before + (1.0 - self.memory) * now
            notes["hours"] = notes.get("hours", 0) + 1
            change = abs(notes["quality"] - before)
            if "took" not in notes and change < self.settled * abs(before):
                notes["took"] = notes["hours"]

    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Q by now, and when it settled."""
        return {
            "quality": float(notes.get("quality", np.nan)), "quality_settled": float("took" in notes),
            "quality_hours": float(notes.get("took", notes.get("hours", 0))),
        }  # fmt: skip
