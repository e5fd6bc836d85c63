"""What the platform, a regulator and an outsider could have known, and when: the record of a world as each of them has it.

Two clocks run. What exists is what the platform has not deleted; what an outsider sees is what is still up, as far as the public
sample goes. The regulator has what was asked for and was still there when the answer was made. Each looks for accounts that
comment together, by the same method and at the same price to the innocent; only what they look at differs.

The campaign's acts are those of the accounts that it holds and the posts that it paid or asked for. What its volunteers do under the
posts of others is theirs.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.record.ends import Removals, ends_of_accounts, ends_of_posts
from sim.record.inspecting import WEEK, Compared, Scores, bar
from sim.record.keeping import DAY, NEVER, Acts, Asked, Hold
from sim.record.viewers import OUTSIDER, REGULATOR, VIEWERS, Viewers
from sim.scenario.record import Record
from sim.world.platform import COMMENT
from sim.world.truth import SLEEPER, VENDOR
from sim.world.world import World

Longs = npt.NDArray[np.int64]
Row = tuple[int, str, str, float]  # day from the first measured one (0) on, viewer, measure, value


@dataclass
class OnRecord:
    """Keeps comments and the campaign's acts, 32 bytes each, and a key for each post, in all hours of a world."""

    rules: Record
    comments: list[Longs] = field(default_factory=list)  # (4, acts) hour, second of the world, account, post
    acts: list[Longs] = field(default_factory=list)  # of the campaign; the same
    keys: list[npt.NDArray[np.uint32]] = field(default_factory=list)  # of posts, from the first on
    first: int = -1  # number of the first post
    removals: Removals = field(default_factory=Removals)

    def __deepcopy__(self, memo: dict[int, Any]) -> "OnRecord":
        """Worlds that part share what they have kept so far: nothing changes an hour's columns."""
        kept = (list(self.comments), list(self.acts), list(self.keys))
        return OnRecord(self.rules, *kept, self.first, copy.deepcopy(self.removals, memo))

    def note(self, world: World) -> None:
        """Keep an hour's comments, the campaign's acts and the keys of new posts."""
        platform, truth = world.platform, world.truth
        if self.first < 0:
            self.first = platform.first + int(np.searchsorted(platform.posts.hour, world.hour))
        begin = int(np.searchsorted(platform.posts.hour, world.hour))
        self.keys.append(platform.posts.key[begin:].copy())
        log = platform.log[-1]
        acts = np.stack([
            np.full(len(log.post), world.hour), 3600 * world.hour + log.second.astype(np.int64),
            log.account.astype(np.int64), log.post,
        ])  # fmt: skip
        acts = acts[:, log.post >= self.first]
        verb, account = log.verb[log.post >= self.first], acts[2]
        self.comments.append(acts[:, verb == COMMENT])
        held = np.isin(truth.role[account], (SLEEPER, VENDOR))
        made = begin + np.flatnonzero(truth.campaign_post[begin:])
        posted = np.stack([
            np.full(len(made), world.hour), 3600 * world.hour + platform.posts.second[made].astype(np.int64),
            platform.posts.author[made].astype(np.int64), made + platform.first,
        ])  # fmt: skip
        self.acts += [acts[:, held], posted]

    def read(
        self, world: World, candidate: int, begins: int, holds: Sequence[Hold], asked: Sequence[Asked]
    ) -> tuple[list[Row], dict[str, float]]:
        """Rows by day, and numbers for the table of runs. begins: the hour at which the campaign does, the end where it does not."""
        rows, numbers = _Reading(self, world, begins, holds, asked).rows()
        return rows, {"record_communities": communities_reached(world, candidate, self.rules.reached)} | numbers


def communities_reached(world: World, candidate: int, share: float) -> float:
    """Share of communities of which at least such a share of the genuine users has seen the candidate: how wide the exposure is."""
    genuine = world.truth.genuine
    community = world.platform.accounts.community[genuine]
    saw = (world.minds.saw[genuine] >> np.uint32(candidate)) & np.uint32(1)
    people = np.bincount(community)
    seen = np.bincount(community, weights=saw, minlength=len(people))
    return float((seen[people > 0] >= share * people[people > 0]).mean())


class _Reading:
    """The record of a finished world, as it is and as it will be."""

    def __init__(
        self, kept: OnRecord, world: World, begins: int, holds: Sequence[Hold], asked: Sequence[Asked]
    ) -> None:
        self.rules, self.asked, self.clock, self.users = kept.rules, asked, world.clock, world.platform.users
        self.end, self.begins = world.hour, begins
        self.directed = np.isin(world.truth.role, (SLEEPER, VENDOR))
        self.genuine = world.truth.genuine
        comments = np.concatenate([np.zeros((4, 0), dtype=np.int64), *kept.comments], axis=1)
        self.first_comment = np.full(len(self.directed), NEVER)  # (accounts) hour
        np.minimum.at(self.first_comment, comments[2], comments[0])
        self.compared = Compared.of(comments, self.rules.inspection.window)
        columns = np.concatenate([comments, *kept.acts], axis=1)
        # The campaign's own, each a second time where it is a comment.
        self.is_own = np.arange(columns.shape[1]) >= comments.shape[1]
        self.acts = Acts(columns[0], columns[2], columns[3] - max(kept.first, 0))
        keys = np.concatenate([np.zeros(0, dtype=np.uint32), *kept.keys])
        accounts = ends_of_accounts(world.seed, self.acts, self.directed, self.end, kept.removals, self.rules)
        posts = ends_of_posts(world.seed, self.acts, keys, max(kept.first, 0), kept.removals, self.rules)
        self.viewers = Viewers(self.rules, self.clock, tuple(asked))
        self.fate = self.viewers.fate(world.seed, self.acts, accounts, posts, keys, holds)

    def rows(self) -> tuple[list[Row], dict[str, float]]:
        """What each viewer has and finds, day by day; daily in the world, weekly after it."""
        found, numbers = list[Row](), dict[str, float]()
        for viewer in VIEWERS:
            least = self._bar(viewer)
            first = NEVER
            for hour in self._hours():
                day = hour // DAY - self.clock.warm_up_days - 1
                told = self._told(viewer, hour, least)
                found += [(day, viewer, name, value) for name, value in told.items()]
                if told.get("found", 0.0) >= self.rules.inspection.found and first == NEVER and self._has_acted(hour):
                    first = day
                    numbers |= {f"record_{name}_{viewer}": told[name] for name in ("precision", "false_positives")}
            numbers[f"record_first_day_{viewer}"] = float(first) if first < NEVER else float("nan")
            numbers[f"record_left_{viewer}"] = found[-1][3] if found else 0.0
        return found, numbers

    def _hours(self) -> list[int]:
        """At which the record is looked at: midnights of measured days, then once a week, then the last day asked for."""
        start, last = self.clock.start, self.end + DAY * self.rules.days_after
        after = [*range(self.end + WEEK, last, WEEK), last] if last > self.end else []
        return [*range(start + DAY, self.end + 1, DAY), *after]

    def _has_acted(self, hour: int) -> bool:
        return bool((self.first_comment[self.directed] < hour).any())

    def _told(self, viewer: str, hour: int, least: int) -> dict[str, float]:
        """What a viewer finds at an hour, and last what share of the campaign's acts so far it has."""
        has = self.viewers.has(viewer, hour, self.fate)
        own = self.is_own & (self.acts.hour < hour)
        told = {"left": float(has[own].mean()) if own.any() else float("nan")}
        directed = int((self.first_comment[self.directed] < hour).sum())
        flagged = self._flagged(has, self._looks_back_from(viewer, hour), least)
        right, wrong = int(self.directed[flagged].sum()), int(self.genuine[flagged].sum())
        shares = {
            "found": right / directed if directed else 0.0,
            "precision": right / (right + wrong) if right + wrong else float("nan"),
            "false_positives": wrong / self.users * 100000.0,
        }
        return shares | told

    def _looks_back_from(self, viewer: str, hour: int) -> list[int]:
        """Ends of the days that are looked at together. Platform and outsider look at the newest, as on every day before; a regulator, who
        gets an answer now and then, looks at all that it speaks of, span by span."""
        if viewer != REGULATOR:
            return [min(hour, self.end)]
        newest = min(max((answer.answered for answer in self.asked if answer.answered <= hour), default=0), self.end)
        oldest = self.begins if self.begins < self.end else self.clock.start  # of a quiet world all that is measured
        return list(range(newest, oldest, -DAY * self.rules.inspection.memory_days))

    def _flagged(self, has: npt.NDArray[np.bool_], ends: Sequence[int], least: int) -> Longs:
        """Accounts whose score in the days before one of some hours comes up to the bar."""
        found = {a for end in ends for a, score in self._scores(has, end).items() if score >= least}
        return np.array(sorted(found), dtype=np.int64)

    def _scores(self, has: npt.NDArray[np.bool_], hour: int) -> Scores:
        since = hour - DAY * self.rules.inspection.memory_days
        return self.compared.scores(
            has[self.compared.place] & (self.compared.hour >= since) & (self.compared.hour < hour)
        )

    def _bar(self, viewer: str) -> int:
        """The bar by the record before the campaign, as far as this viewer could have had it: a regulator has the platform's."""
        tops: Scores = {}
        for hour in range(DAY, self.begins + 1, DAY):
            has = self.fate.sampled if viewer == OUTSIDER else np.ones(len(self.fate.sampled), dtype=np.bool_)
            for account, score in self._scores(has, hour).items():
                tops[account] = max(score, tops.get(account, 0))
        return bar(tops, self.users, self.begins / WEEK, self.rules.inspection)
