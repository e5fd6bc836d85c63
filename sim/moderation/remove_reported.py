"""Remove posts that many viewers report: notice and action, as in Art. 16 of the Digital Services Act."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Suspicion, requests_about
from sim.moderation.price import ONE, Priced, Scores
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import REPORT, Longs, Platform


@dataclass(frozen=True)
class RemoveReported(Priced):
    """Reports are people's dislike, not proof: what is flagged depends on taste as much as on conduct."""

    reason: ClassVar[str] = "reported"

    least_reports: int = quantity("reports below which nothing happens", "reports", 1, 10**9)
    reports_per_view: float = quantity(
        "share of views with a report above which a post is flagged", "reports/view", 0, 1
    )
    action: str = choice("what is done", ("remove", "limit", "label"))

    @property
    def stated_bar(self) -> int:
        """Just what is stated."""
        return ONE

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Of the authors of posts that were reported."""
        rows, score = self._reported(seen)
        return Scores(seen.posts.author[rows], score)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Flag each post once."""
        rows, score = self._reported(seen)
        return requests_about("remove_reported", self.action, rows[score >= self.bar(suspicion)], seen, suspicion)

    def _reported(self, seen: Platform) -> tuple[Longs, Longs]:
        """Live rows of posts that were reported in the last hour, and their reports in proportion to what is stated."""
        posts, log = seen.posts, seen.log[-1]
        rows = np.unique(log.post[log.verb == REPORT]) - seen.first
        rows = rows[rows >= 0]
        wanted = np.maximum(self.least_reports, self.reports_per_view * posts.views[rows])
        return rows, np.floor(ONE * posts.reports[rows] / wanted).astype(np.int64)
