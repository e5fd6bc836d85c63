"""What detectors would find in a world where nobody acts on it: the traces that an explanation of visibility leaves.

The same questions as the policies ask (see sim/moderation), answered once for the whole measured time: accounts that
acted together (Pacheco et al., ICWSM 2021), accounts that woke from dormancy into a burst, posts with engagement out of
proportion, posts with a shared template. Only the record is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from sim.kernels.coaction import ONE, acts_of, count_pairs
from sim.measures.base import Measure
from sim.scenario.schema import quantity
from sim.world.actions import Shown
from sim.world.platform import COMMENT, Posts
from sim.world.world import World

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Traces(Measure):
    """Comments of the measured time are kept, some 12 bytes each, and an hour for every account."""

    units: ClassVar[Mapping[str, str]] = {
        "traces_together": "accounts that acted together",
        "traces_awakened": "accounts that woke into a burst",
        "traces_disproportionate": "posts with engagement out of proportion",
        "traces_copied": "posts with a shared template",
    }

    window: int = quantity("two comments on one post at most so far apart are in common", "seconds", 0, 3600)
    repetitions: int = quantity("different posts on which a pair must have acted together", "posts", 1, 1000)
    dormant_days: float = quantity("days without any act that make an account dormant", "days", 1, 10000)
    burst_hours: int = quantity("hours after waking in which acts are counted", "hours", 1, 1000)
    burst_acts: int = quantity("acts within that time that make a burst", "acts", 1, 10000)
    least_likes: int = quantity("likes below which a post's proportions are not looked at", "likes", 1, 10**9)
    likes_per_view: float = quantity("share of views with a like above which it is disproportionate", "share", 0, 1)
    comments_per_like: float = quantity("comments a like above which it is so", "comments/like", 0, 1e6)
    copies: int = quantity("different accounts that must use a template", "accounts", 2, 10**6)

    def note(self, world: World, shown: Shown, notes: dict[str, Any]) -> None:
        """Keep comments, wakings and bursts, posts out of proportion, and templates of this hour."""
        if "last" not in notes:
            notes |= {"last": world.platform.accounts.last_active.copy(), "woke": {}, "acts": {}, "comments": []}
            notes |= {"strange": {}, "templates": {}}
        log, posts = world.platform.log[-1], world.platform.posts
        comments = log.verb == COMMENT
        second = 3600 * world.hour + log.second[comments].astype(np.int64)
        notes["comments"].append(np.stack([log.post[comments], second, log.account[comments].astype(np.int64)]))
        self._note_bursts(log.account, notes, world.hour)
        rows = np.unique(log.post) - world.platform.first
        for row in rows[rows >= 0][self._strange(posts, rows[rows >= 0])].tolist():
            notes["strange"][row + world.platform.first] = int(posts.candidate[row])
        for row in range(int(np.searchsorted(posts.hour, world.hour)), len(posts)):
            if posts.sound[row] > 0:
                users = notes["templates"].setdefault((int(posts.candidate[row]), int(posts.sound[row])), [])
                users.append(int(posts.author[row]))

    def _note_bursts(self, account: npt.NDArray[np.int32], notes: dict[str, Any], now: int) -> None:
        """Count the acts of those who have just woken."""
        last, woke, acts = notes["last"], notes["woke"], notes["acts"]
        accounts, counts = np.unique(account, return_counts=True)
        for sleeper in accounts[now - last[accounts] >= 24.0 * self.dormant_days].tolist():
            woke[sleeper], acts[sleeper] = now, 0
        if woke:
            for who, count in zip(accounts.tolist(), counts.tolist(), strict=True):
                if who in woke and now - woke[who] < self.burst_hours:
                    acts[who] += count
        last[accounts] = now

    def _strange(self, posts: Posts, rows: Longs) -> npt.NDArray[np.bool_]:
        """Which posts have more likes a view, or comments a like, than people give by themselves."""
        likes, views, comments = (column[rows] for column in (posts.likes, posts.views, posts.comments))
        much = (likes > self.likes_per_view * views) | (comments > self.comments_per_like * likes)
        return np.asarray(much & (likes >= self.least_likes))

    def read(self, world: World, notes: dict[str, Any], candidate: int) -> Mapping[str, float]:
        """Accounts on the whole platform; posts that name the candidate."""
        templates = [users for (who, _), users in notes.get("templates", {}).items() if who == candidate]
        return {
            "traces_together": float(self.acting_together(notes.get("comments", []))),
            "traces_awakened": float(sum(acts >= self.burst_acts for acts in notes.get("acts", {}).values())),
            "traces_disproportionate": float(sum(who == candidate for who in notes.get("strange", {}).values())),
            "traces_copied": float(sum(len(users) for users in templates if len(set(users)) >= self.copies)),
        }

    def acting_together(self, comments: list[Longs]) -> int:
        """Accounts in a pair that commented on enough different posts, each time within the window."""
        post, second, account = np.concatenate([np.zeros((3, 0), dtype=np.int64), *comments], axis=1)
        order = np.lexsort((account, second, post))
        objects, object_ = np.unique(post[order], return_inverse=True)
        accounts, who = np.unique(account[order], return_inverse=True)
        acts = acts_of(who, object_, second[order], len(accounts), len(objects))
        _, in_pair = count_pairs(acts, self.window, self.repetitions, np.full(len(objects), ONE), 1)
        return int(in_pair)
