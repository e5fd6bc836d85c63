"""The Truth drawer: who works for whom, who paid. Only `measures` and `changes` read it."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

NOT_GENUINE = 2


@dataclass
class Truth:
    """`role` has one row an account; `campaign_post` and `unlawful` one row a live post."""

    role: npt.NDArray[np.int8]  # one of the ROLE numbers below
    campaign_post: npt.NDArray[np.uint8]  # (live posts) one of the CAUSE numbers below
    unlawful: npt.NDArray[np.bool_]  # (live posts) whether the post breaks the law
    payments: list[tuple[int, str, int, int]] = field(default_factory=list)  # hour, tactic, account, euro cents

    @property
    def genuine(self) -> npt.NDArray[np.bool_]:
        """Accounts of the fixed set that every estimate counts."""
        return self.role < NOT_GENUINE


ORDINARY, VOLUNTEER, INFLUENCER, SLEEPER, VENDOR, OFFICIAL = range(6)
NOT_CAUSED, PAID_FOR, ASKED_FOR = range(3)  # by the campaign, with money or without
