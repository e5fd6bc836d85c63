"""Label posts that a classifier takes for undisclosed advertising. The scenario states its error rates."""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion
from sim.randomness import Chance
from sim.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import Platform


@dataclass(frozen=True)
class LabelPaid(Policy):
    """Posts that name a candidate and have had some views are sent to the classifier once."""

    least_views: int = quantity("views at which a political post is classified", "views", 0, 10**9)
    action: str = choice(
        "what is done: a label, a label and no more recommendations, or removal", ("label", "limit", "remove")
    )

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Classify what has newly passed the number of views and is not marked by its author."""
        checked: set[int] = suspicion.notes.setdefault("checked", set())
        posts = seen.posts
        rows = np.flatnonzero((posts.candidate >= 0) & (posts.views >= self.least_views) & (posts.disclosed == 0))
        requests = []
        for number in (rows + seen.first).tolist():
            if number in checked:
                continue
            checked.add(number)
            if evidence.paid(number):
                actions = ("label", "limit") if self.action == "limit" else (self.action,)
                key = int(posts.key[number - seen.first])
                requests += [Request("label_paid", action, post=number, key=key) for action in actions]
        return requests
