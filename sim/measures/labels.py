"""What a detector of accounts would have to know: of which kind each account is. Read for labels beside a log, never by policies."""

import numpy as np
import numpy.typing as npt

from sim.world.truth import INFLUENCER, OFFICIAL, ORDINARY, SLEEPER, VENDOR, VOLUNTEER
from sim.world.world import World

KINDS = {
    ORDINARY: "ordinary", VOLUNTEER: "volunteer", INFLUENCER: "influencer", SLEEPER: "operated", VENDOR: "vendor", OFFICIAL: "official",
}  # fmt: skip
DIRECTED = ("operated", "vendor")  # used by somebody who has many of them
UNUSED = "unused"


def kinds_of(world: World, acted: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    """The kind of each account, one of KINDS; UNUSED where it could be bought and was not used.

    acted: (accounts) whether it has an act in the log.
    """
    role = world.truth.role
    kind = np.array([KINDS[number] for number in sorted(KINDS)])[role]
    return np.where(np.isin(kind, DIRECTED) & ~acted, UNUSED, kind)
