"""Suspend accounts that do the same thing to the same posts within a window, at least so often.

Co-action detection as published for coordinated networks (Pacheco et al., ICWSM 2021; Luceri et al., arXiv 2310.09884):
a pair of accounts gains one count for each different post on which both acted within `window` seconds.
"""

from collections import Counter
from dataclasses import dataclass

from sim.moderation.acting_together import pairs_of_hour
from sim.moderation.base import Evidence, Policy, Suspicion
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import COMMENT, SUSPENDED, Platform


@dataclass(frozen=True)
class SuspendCoordinated(Policy):
    """Pairs are counted on comments; an account is flagged for its pairs that reach the number of repetitions."""

    window: int = quantity(
        "two comments on one post at most so far apart count as one action in common", "seconds", 0, 3600
    )
    repetitions: int = quantity("different posts on which a pair must have acted together", "posts", 1, 1000)
    action: str = choice("what is done to flagged accounts", ("suspend", "limit"))

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Count the pairs whose later comment fell into this hour, then flag the accounts of pairs that reached the threshold."""
        pairs: Counter[tuple[int, int]] = suspicion.notes.setdefault("pairs", Counter())
        counted: set[tuple[int, int, int]] = suspicion.notes.setdefault("counted", set())
        post, one, other, _ = pairs_of_hour(seen, COMMENT, self.window)
        flagged: set[int] = set()
        for found in zip(post.tolist(), one.tolist(), other.tolist(), strict=True):
            if found not in counted:
                counted.add(found)
                pair = found[1:]
                pairs[pair] += 1
                if pairs[pair] >= self.repetitions:
                    flagged |= set(pair)
        still_open = [a for a in sorted(flagged) if not seen.accounts.status[a] & SUSPENDED]
        return [Request("suspend_coordinated", self.action, account=a) for a in still_open]
