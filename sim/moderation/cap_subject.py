"""No candidate, hashtag or author may have more than a share of the recommended places of one feed."""

from dataclasses import dataclass

from sim.moderation.base import Evidence, Policy, Suspicion, parts
from sim.numbers.luck import Chance
from sim.scenario.schema import choice, quantity
from sim.world.actions import Request
from sim.world.platform import Platform


@dataclass(frozen=True)
class CapSubject(Policy):
    """One place is always left. What friends share and followed authors post is the user's own choice and not capped.

    A candidate has the posts that name the candidate, and those whose comments mostly do.
    """

    subject: str = choice("what is capped", ("candidate", "hashtag", "author"))
    share: float = quantity("largest share of the recommended places of one feed; 1 is no cap", "share", 0, 1)

    def flag(self, seen: Platform, suspicion: Suspicion, evidence: Evidence, now: int, chance: Chance) -> list[Request]:
        """Ask once."""
        asked, suspicion.notes["capped"] = suspicion.notes.get("capped", False), True
        if asked or self.share >= 1:
            return []
        return [Request("cap_subject", f"cap_{self.subject}", amount=max(1, parts(self.share)))]
