"""Who knows a candidate: awareness that grows with every sight and fades with the days.

The awareness of `sim.world.minds` never fades, and nothing reads it. This is a column beside it that a world keeps only where a
scenario holds an election; nothing in the world reads it either, so that no impression hangs on it.

A sight goes a step of the way to full awareness that is left; in each night awareness falls by what gives it a half-life. A person
knows a candidate as far as awareness reaches that of a few sights, and more sights add nothing but time: effects of exposure are taken
to be the same for all doses above the first few. All is counted in integers, so that it is the same on every machine.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.kernels.counting import count_sights
from sim.numbers.arithmetic import exp, log
from sim.world.actions import Shown
from sim.world.truth import INFLUENCER
from sim.world.world import World

DAY = 24  # hours
FULL = 1 << 16  # full awareness, which is never quite reached
SIGHTS_MOST = 1000  # a day, beyond which no more are told apart

Levels = npt.NDArray[np.uint16]


class Awareness:
    """Awareness of some candidates, one column of all accounts each, and by day the share of genuine users who know each."""

    def __init__(self, candidates: Sequence[int], step: float, half_life: float, few_sights: int) -> None:
        """step: share of the way that is left which one sight goes; half_life: days; few_sights: sights that make somebody known."""
        self.candidates = tuple(candidates)
        kept = FULL - round(step * FULL)
        left = [FULL]
        for _ in range(SIGHTS_MOST):
            left.append(left[-1] * kept >> 16)
        self.left = np.array(left, dtype=np.int64)  # of the way to full awareness, after so many sights, FULL is all
        self.enough = min(FULL - left[min(few_sights, SIGHTS_MOST)], FULL - 1)
        self.overnight = round(FULL * float(exp(-log(2.0) / half_life)))
        self.levels: list[Levels] = []
        self.sights: list[Levels] = []
        self.by_day: list[tuple[float, ...]] = []  # (measured days) share of genuine users who know each, at its end

    def note(self, world: World, shown: Shown) -> None:
        """One measured hour."""
        posts, feeds = world.platform.posts, shown.feeds
        if not self.levels:
            self.levels = [np.zeros(len(world.truth.role), dtype=np.uint16) for _ in self.candidates]
            self.sights = [np.zeros(len(world.truth.role), dtype=np.uint16) for _ in self.candidates]
        for whom, sights in zip(self.candidates, self.sights, strict=True):
            count_sights(
                feeds.visitors, feeds.offset, feeds.length, feeds.row, shown.flags, posts.candidate, posts.spoken_of, whom, sights
            )  # fmt: skip
        if (world.hour + 1) % DAY == 0:
            self._end_of_day(world)

    def _end_of_day(self, world: World) -> None:
        """Awareness falls over the night before, and rises by what was met since."""
        for place, sights in enumerate(self.sights):
            way = FULL - self._after(self.levels[place], 1)
            left = way * self.left[np.minimum(sights, SIGHTS_MOST)] >> 16
            self.levels[place] = np.minimum(FULL - left, FULL - 1).astype(np.uint16)
            sights[:] = 0
        self.by_day.append(self.known(world))

    def _after(self, levels: Levels, nights: int) -> npt.NDArray[np.int64]:
        """Levels some nights later, in which nobody is met."""
        later = levels.astype(np.int64)
        for _ in range(nights):
            later = later * self.overnight >> 16
        return later

    def known(self, world: World, nights: int = 0) -> tuple[float, ...]:
        """Share of genuine users who know each candidate, some nights after the last day that was noted; at most 1.

        Reach counts accounts that were opened since the world began, and this does; both are relative to those who were there.
        """
        genuine = world.truth.genuine
        users = world.platform.users - int((world.truth.role == INFLUENCER).sum())
        if self.enough == 0 or users == 0 or not self.levels:
            return (0.0,) * len(self.candidates)
        sums = (int(np.minimum(self._after(of, nights)[genuine], self.enough).sum()) for of in self.levels)
        return tuple(min(1.0, total / (self.enough * users)) for total in sums)
