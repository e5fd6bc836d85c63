"""By which way impressions of a candidate came: by people's own ties, or because the recommender chose the post."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sim.kernels.feeds import FOLLOWED
from sim.kernels.reactions import CARRIED
from sim.measures.base import Measure
from sim.world.actions import Shown
from sim.world.world import World


@dataclass(frozen=True)
class Lanes(Measure):
    """Direct: a friend shared the post, or the user follows its author. Recommended: it was chosen for them from all posts.

    Both count impressions of genuine users that carry the candidate, as the standard measures do, and add up to these.
    """

    units: ClassVar[Mapping[str, str]] = {
        "candidate_direct": "impressions by genuine users, by a friend's share or of an author whom they follow",
        "candidate_recommended": "impressions by genuine users, chosen by the recommender",
    }

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """Count the hour's impressions that carry each candidate, by way."""
        posts, feeds = world.platform.posts, shown.feeds
        counts = notes.setdefault("counts", np.zeros((2, posts.named.shape[1]), dtype=np.int64))
        places = _of_genuine(np.flatnonzero(shown.flags & CARRIED), shown, world.truth.genuine)
        row = feeds.row[places]
        carried = np.where(posts.candidate[row] >= 0, posts.candidate[row], posts.spoken_of[row])
        np.add.at(counts, ((feeds.lane[places] > FOLLOWED).astype(np.int64), carried), 1)

    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Both for one candidate; nothing was shown where no hour was noted."""
        direct, recommended = notes["counts"][:, candidate] if "counts" in notes else (0, 0)
        return {"candidate_direct": float(direct), "candidate_recommended": float(recommended)}


def _of_genuine(places: npt.NDArray[np.int64], shown: Shown, genuine: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Of places in the feeds' columns those that a genuine visitor was shown; between feeds lie places that nobody was."""
    feeds = shown.feeds
    order = np.argsort(feeds.offset, kind="stable")
    visitor = order[np.searchsorted(feeds.offset[order], places, side="right") - 1]
    inside = places < feeds.offset[visitor] + feeds.length[visitor]
    return np.asarray(places[inside & genuine[feeds.visitors[visitor]]])
