"""Ask before a share: some give it up. Nobody is stopped, and posts stay where they are.

Prompts before sharing are one of the interventions whose combination Bak-Coleman et al. study (doi 10.1038/s41562-022-01388-6).
"""

from dataclasses import dataclass

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, parts, requests_about
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import NOBODY, Platform


@dataclass(frozen=True)
class ShareFriction(Policy):
    """The prompt stands before every share, or before those of posts that name a candidate."""

    given_up: float = quantity("share of shares that are given up at the prompt", "share", 0, 1)
    scope: str = choice("posts before whose sharing the app asks", ("political", "all"))

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Switch it on once for all, or mark posts as they appear."""
        notes, posts = suspicion.notes, seen.posts
        if self.given_up == 0:
            return []
        if self.scope == "all":
            on, notes["asks"] = notes.get("asks", False), True
            return [] if on else [Request("share_friction", "friction", amount=parts(self.given_up))]
        begin = max(int(notes.get("marked", 0)), seen.first) - seen.first
        notes["marked"] = seen.first + len(posts)
        rows = np.flatnonzero(posts.candidate[begin:] != NOBODY) + begin
        return requests_about("share_friction", "friction", rows, seen, suspicion, parts(self.given_up))
