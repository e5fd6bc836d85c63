"""What anybody can count of a candidate from outside: posts that name it, their authors, views, likes and comments.

Rival explanations are compared at equal visible totals: posts and views. All is on the public side of the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sim.measures.base import Measure
from sim.scenario.schema import quantity
from sim.world.actions import Shown
from sim.world.world import World

DAY = 24


@dataclass(frozen=True)
class VisibleTotals(Measure):
    """Posts that appeared in the measured days; each is counted once, when it is `settled` hours old or at the end."""

    units: ClassVar[Mapping[str, str]] = {
        "visible_posts": "posts that name the candidate",
        "visible_authors": "accounts",
        "visible_views": "views",
        "visible_likes": "likes",
        "visible_comments": "comments",
        "visible_marked": "posts marked as advertising",
    }

    settled: int = quantity("age at which a post's counters are taken", "hours", 1, 239)

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """Once a day, take the counters of posts that are old enough by now."""
        notes.setdefault("since", world.hour)
        if (world.hour + 1) % DAY == 0:
            self._take(world, notes, world.hour + 1 - self.settled)

    def _take(self, world: World, notes: dict[str, Any], until: int) -> None:
        """Add posts that appeared before an hour and were not counted yet."""
        posts = world.platform.posts
        begin, end = np.searchsorted(posts.hour, [notes["since"], until])
        if end > begin:
            rows = np.arange(begin, end)
            rows = rows[posts.candidate[rows] >= 0]
            columns = (posts.candidate, posts.author, posts.views, posts.likes, posts.comments, posts.disclosed)
            notes.setdefault("posts", []).append(np.stack([column[rows].astype(np.int64) for column in columns]))
            notes["since"] = until

    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Totals of one candidate, the posts of the last days included."""
        whole = dict(notes, posts=list(notes.get("posts", ())))
        if "since" in notes:
            self._take(world, whole, world.hour)
        taken: npt.NDArray[np.int64] = np.concatenate([np.zeros((6, 0), dtype=np.int64), *whole["posts"]], axis=1)
        _, author, views, likes, comments, marked = taken[:, taken[0] == candidate]
        return {
            "visible_posts": float(len(author)),
            "visible_authors": float(len(np.unique(author))),
            "visible_views": float(views.sum()),
            "visible_likes": float(likes.sum()),
            "visible_comments": float(comments.sum()),
            "visible_marked": float(marked.sum()),
        }
