"""Who has what of a record: the platform what it has not deleted, a regulator what it was handed, an outsider what is up or was copied."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.record.keeping import DAY, Acts, Asked, Ends, Hold, Hours, handed_over, in_sample, off_the_record, out_of_sight
from sim.scenario.calendar import Clock
from sim.scenario.record import Record

PLATFORM, REGULATOR, OUTSIDER = VIEWERS = ("platform", "regulator", "outsider")
Flags = npt.NDArray[np.bool_]


class Fate(NamedTuple):
    """What becomes of some things (acts, or posts): the hours at which they were done, from which nobody outside sees them and from
    which the platform has them no more; whether their posts are in the public sample, and in the answer to each request."""

    at: Hours
    unseen: Hours
    gone: Hours
    sampled: Flags
    handed: tuple[Flags, ...]


class Viewers(NamedTuple):
    """What the rules of a record and a regulator's requests give each viewer."""

    rules: Record
    clock: Clock
    asked: tuple[Asked, ...]

    def fate(
        self, seed: int, acts: Acts, accounts: Ends, posts: Ends, keys: npt.NDArray[np.uint32], holds: Sequence[Hold]
    ) -> Fate:
        """What becomes of acts whose accounts and posts end so. keys: of posts, by the places that acts name."""
        handed = tuple(handed_over(seed, keys, answer)[acts.post] for answer in self.asked)
        return Fate(
            acts.hour, out_of_sight(acts, accounts, posts), off_the_record(acts, accounts, posts, self.rules, holds),
            in_sample(seed, keys, self.rules)[acts.post], handed,
        )  # fmt: skip

    def has(self, viewer: str, hour: int, fate: Fate) -> Flags:
        """Which things a viewer has at the beginning of an hour."""
        there = fate.at < hour
        if viewer == PLATFORM:
            return np.asarray(there & (fate.gone > hour))
        if viewer == OUTSIDER:
            return np.asarray(
                there & fate.sampled & ((fate.unseen > hour) | self._copied(fate, self.rules.outsider_begins))
            )
        got = np.zeros(len(there), dtype=np.bool_)
        for answer, handed in zip(self.asked, fate.handed, strict=True):
            if answer.answered <= hour:
                wanted = (answer.first <= fate.at) & (fate.at < min(answer.last, answer.answered))
                got |= wanted & (fate.gone > answer.answered) & handed
        return got

    def _copied(self, fate: Fate, since: date | None) -> Flags:
        """Things that an outsider who keeps copies each day has come by: they stood for a day at the least."""
        if since is None:
            return np.zeros(len(fate.unseen), dtype=np.bool_)
        return np.asarray((fate.unseen > fate.at + DAY) & (fate.unseen > self.clock.hour_of(since)))
