"""Take unlawful posts down after a while: each survives an hour with a probability that a half-life gives."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.base import Evidence, Policy, Suspicion, fresh_unlawful
from sim.numbers.arithmetic import exp, log
from sim.numbers.luck import Chance
from sim.scenario.schema import quantity
from sim.world.actions import Request
from sim.world.platform import Platform


@dataclass(frozen=True)
class TakeDown(Policy):
    """As in Truong et al., arXiv 2502.08841: a found post survives an hour with probability exp(ln .5 / half-life)."""

    reason: ClassVar[str] = "unlawful"

    half_life: float = quantity("time in which half of what is found is taken down", "hours", 1e-3, 1e9)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Look at every post once; whatever was found is taken down in an hour by a coin about the post and the hour."""
        found: np.ndarray = suspicion.notes.setdefault("take_down:found", np.zeros(0, dtype=np.int64))
        fresh = fresh_unlawful("take_down", seen, suspicion, evidence)
        found = np.concatenate([found[found >= seen.first], np.array(fresh, dtype=np.int64)])
        survives = float(exp(float(log(0.5)) / self.half_life))
        due = chance.happen(1.0 - survives, 41, seen.posts.key[found - seen.first])
        suspicion.notes["take_down:found"] = found[~due]
        key = seen.posts.key
        return [Request("take_down", "remove", post=int(n), key=int(key[n - seen.first])) for n in found[due]]
