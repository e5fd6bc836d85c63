"""How common unlawful posts are in feeds, and how many people each reaches (Truong et al., arXiv 2502.08841)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sim.measures.base import Measure
from sim.world.actions import Shown
from sim.world.world import World


@dataclass(frozen=True)
class Unlawful(Measure):
    """Prevalence: distinct unlawful posts in genuine users' feeds, mean over hours. Reach: distinct people who saw an
    unlawful post, mean over those that appeared in measured hours, seen by anybody or not."""

    units: ClassVar[Mapping[str, str]] = {
        "unlawful_prevalence": "distinct unlawful posts in feeds, mean over hours",
        "unlawful_reach": "users reached per unlawful post",
        "unlawful_views": "views of unlawful posts an hour",
    }

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """One hour."""
        feeds, truth, platform = shown.feeds, world.truth, world.platform
        first_post = notes.setdefault(
            "first_post", platform.first + int(np.searchsorted(platform.posts.hour, world.hour))
        )
        made = int(np.count_nonzero(truth.unlawful[int(np.searchsorted(platform.posts.hour, world.hour)) :]))
        place, visitor = _impressions(shown)
        row = feeds.row[place]
        hit = truth.unlawful[row] & truth.genuine[feeds.visitors[visitor]] if len(row) else np.zeros(0, dtype=np.bool_)
        post, user = row[hit].astype(np.int64) + platform.first, feeds.visitors[visitor[hit]].astype(np.int64)
        notes["hours"] = notes.get("hours", 0) + 1
        notes["made"] = notes.get("made", 0) + made
        notes["standing"] = notes.get("standing", 0) + len(np.unique(post))
        notes["views"] = notes.get("views", 0) + len(post)
        mine = post >= first_post
        seen = post[mine] << 32 | user[mine]
        notes["met"] = np.union1d(notes.get("met", np.zeros(0, dtype=np.int64)), seen)

    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Prevalence, reach, and views of unlawful posts an hour."""
        hours, reached = max(notes.get("hours", 0), 1), len(notes.get("met", ()))
        return {
            "unlawful_prevalence": notes.get("standing", 0) / hours,
            "unlawful_reach": reached / max(notes.get("made", 0), 1),
            "unlawful_views": notes.get("views", 0) / hours,
        }


def _impressions(shown: Shown) -> tuple[np.ndarray, np.ndarray]:
    """Where each impression stands in the flat column of rows, and which visitor had it."""
    feeds = shown.feeds
    visitor = np.repeat(np.arange(len(feeds.visitors)), feeds.length)
    begin = np.cumsum(feeds.length) - feeds.length
    return np.arange(len(visitor)) - begin[visitor] + feeds.offset[visitor], visitor
