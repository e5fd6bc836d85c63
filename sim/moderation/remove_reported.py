"""Remove posts that many viewers report: notice and action, as in Art. 16 of the Digital Services Act."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, requests_about
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import REPORT, Platform


@dataclass(frozen=True)
class RemoveReported(Policy):
    """Reports are people's dislike, not proof: what is flagged depends on taste as much as on conduct."""

    least_reports: int = quantity("reports below which nothing happens", "reports", 1, 10**9)
    reports_per_view: float = quantity(
        "share of views with a report above which a post is flagged", "reports/view", 0, 1
    )
    action: str = choice("what is done", ("remove", "limit", "label"))

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Look at posts that were reported in the last hour; flag each once."""
        posts, log = seen.posts, seen.log[-1]
        rows = np.unique(log.post[log.verb == REPORT]) - seen.first
        rows = rows[rows >= 0]
        often = posts.reports[rows] >= np.maximum(self.least_reports, self.reports_per_view * posts.views[rows])
        return requests_about("remove_reported", self.action, rows[often], seen, suspicion)
