"""Suspend accounts that do the same thing to the same posts within a window, at least so often.

Co-action detection as published for coordinated networks (Pacheco et al., ICWSM 2021; Luceri et al., arXiv 2310.09884):
a pair of accounts gains one count for each different post on which both acted within `window` seconds.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.moderation.acting_together import ONE, forget_before, pairs_of_hour
from sim.moderation.base import Evidence, Suspicion
from sim.moderation.pair_network import Gained, PairNetwork
from sim.moderation.price import Priced, Scores, scores_of_pairs
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import COMMENT, SUSPENDED, Platform


@dataclass(frozen=True)
class SuspendCoordinated(Priced):
    """Pairs are counted on comments; an account is flagged for its pairs that reach the number of repetitions.

    Its score is the number of different posts of the last days on which one pair acted together.
    """

    reason: ClassVar[str] = "inauthentic"

    window: int = quantity(
        "two comments on one post at most so far apart count as one action in common", "seconds", 0, 3600
    )
    repetitions: int = quantity("different posts on which a pair must have acted together", "posts", 1, 1000)
    memory_days: int = quantity("age up to which posts count", "days", 1, 10)
    action: str = choice("what is done to flagged accounts", ("suspend", "limit"))

    @property
    def stated_bar(self) -> int:
        """Repetitions."""
        return self.repetitions

    def scores(self, seen: Platform, suspicion: Suspicion, now: int) -> Scores:
        """Count the pairs whose later comment fell into this hour."""
        network: PairNetwork = suspicion.notes.setdefault("pairs", PairNetwork())
        post, one, other, _ = pairs_of_hour(seen, COMMENT, self.window)
        if now % 24 == 0:
            forget_before(network, seen, now - 24 * self.memory_days)
        gained = network.note(post, one, other, np.full(len(post), ONE))
        return scores_of_pairs(Gained(gained.pair, gained.weight // ONE))

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Flag the accounts of pairs that came up to the bar in this hour."""
        account, score = self.scores(seen, suspicion, now)
        flagged = np.unique(account[score >= self.bar(suspicion)])
        still_open = flagged[(seen.accounts.status[flagged] & SUSPENDED) == 0]
        return [Request("suspend_coordinated", self.action, account=a) for a in still_open.tolist()]
