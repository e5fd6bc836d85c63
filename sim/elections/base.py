"""What an election is: a plug-in that reads what people have seen, after the world has ended, and changes nothing in it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Exposure:
    """What people have seen of candidates in one world, by measured day.

    known: (days, little-known candidates) share of genuine users who know each at the end of a day; later: the same by days after the
    last measured one, on which a vote is held; seen: (days, candidates) impressions by genuine users.
    """

    known: Floats
    later: Mapping[int, Floats]
    seen: Floats

    def known_on(self, day: int) -> Floats:
        """Share of genuine users who know each little-known candidate. day: 0 is the first measured one; nobody does before it."""
        days = len(self.known)
        if day < 0:
            return np.zeros(self.known.shape[1])
        return self.known[day] if day < days else self.later[day - days + 1]

    def share_seen(self, day: int, memory: int) -> Floats | None:
        """Each candidate's share of the political impressions of the last `memory` days up to one; None where there were none."""
        some = self.seen[max(0, day - memory + 1) : max(0, day + 1)]
        total = float(some.sum())
        return some.sum(axis=0) / total if total else None


@dataclass(frozen=True)
class Rounds:
    """A vote of two rounds, a row a draw. Shares are of the votes of a round, turnout of all who may vote.

    first: (draws, candidates); finalists: (draws, 2) the first and the second of the first round; leading: (draws) share of the run-off
    of the one who was first before, None where no run-off was held.
    """

    first: Floats
    turnout: Floats
    finalists: Places
    leading: Floats | None = None
    run_off_turnout: Floats | None = None

    def elected(self) -> Places:
        """(draws) who has won, -1 where no run-off was held; of a tie the one who was first before."""
        if self.leading is None:
            return np.full(len(self.first), -1, dtype=np.int64)
        return np.where(self.leading >= 0.5, self.finalists[:, 0], self.finalists[:, 1])


@dataclass(frozen=True)
class Held:
    """What came of an election in all draws. polls: (polls, draws, little-known candidates) published shares, as the calendar has them.

    rerun: None where the vote was not held again; elected: (draws) whose election stands at the end, -1 nobody's.
    """

    base: Floats
    polls: Floats
    vote: Rounds
    rerun: Rounds | None
    elected: Places


class Election(ABC):
    """A plug-in. It holds parameters only, and is asked once, after a world's last hour.

    units: the unit of each number that it adds to the table of runs, by name; awareness_half_life: days; few_sights: sights of a
    candidate by which somebody knows who that is.
    """

    units: ClassVar[Mapping[str, str]] = {}
    awareness_half_life: float
    few_sights: int

    @abstractmethod
    def letters(self, promoted: str) -> tuple[str, ...]:
        """Labels of the little-known candidates. promoted: that of the campaign's."""

    @abstractmethod
    def check_in(self, labels: Sequence[str], promoted: str, last_day: date) -> None:
        """Whether it fits a scenario's candidates and last measured day. Raises ScenarioError."""

    @abstractmethod
    def days_of_votes(self, last_day: date) -> tuple[int, ...]:
        """Days after the last measured one on which somebody votes."""

    @abstractmethod
    def hold(self, seed: int, labels: Sequence[str], promoted: str, last_day: date, exposure: Exposure, moved: bool) -> Held:  # fmt: skip
        """All draws. moved: whether exposure moves anybody; without it no number of its result hangs on what was seen."""

    @abstractmethod
    def about(self, promoted: str, last_day: date) -> dict[str, Any]:
        """What readers of its results need to know beside them: dates, polls, and the priors."""
