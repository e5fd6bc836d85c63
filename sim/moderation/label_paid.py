"""Label posts that a classifier takes for undisclosed advertising. The scenario states its error rates."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import Platform


@dataclass(frozen=True)
class LabelPaid(Policy):
    """Posts that name a candidate and have had some views are sent to the classifier once."""

    reason: ClassVar[str] = "undisclosed"

    least_views: int = quantity("views at which a political post is classified", "views", 0, 10**9)
    action: str = choice(
        "what is done: a label, a label and no more recommendations, or removal", ("label", "limit", "remove")
    )

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Classify what has newly passed the number of views and is not marked by its author."""
        posts, notes = seen.posts, suspicion.notes
        waiting: np.ndarray = notes.setdefault("waiting", np.zeros(0, dtype=np.int64))
        fresh = np.arange(max(int(notes.setdefault("read", 0)), seen.first) - seen.first, len(posts))
        fresh = fresh[(posts.candidate[fresh] >= 0) & (posts.disclosed[fresh] == 0)]
        waiting = np.concatenate([waiting[waiting >= seen.first], fresh + seen.first])
        passed = posts.views[waiting - seen.first] >= self.least_views
        notes["waiting"], notes["read"] = waiting[~passed], seen.first + len(posts)
        requests = []
        for number in waiting[passed].tolist():
            if evidence.paid(number):
                actions = ("label", "limit") if self.action == "limit" else (self.action,)
                key, author = int(posts.key[number - seen.first]), int(posts.author[number - seen.first])
                requests += [Request("label_paid", action, post=number, key=key, author=author) for action in actions]
        return requests
