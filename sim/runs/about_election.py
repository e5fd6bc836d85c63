"""Which posts are about the election, as tables and films keep them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.world.background import CANDIDATE_TAG
from sim.world.platform import NOBODY, Platform


def is_about_election(platform: Platform, row: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether live posts, by row, name a candidate, or bear the hashtag of one."""
    posts = platform.posts
    tag = posts.hashtag[row] - CANDIDATE_TAG
    return np.asarray((posts.candidate[row] != NOBODY) | ((tag >= 0) & (tag < posts.named.shape[1])))
