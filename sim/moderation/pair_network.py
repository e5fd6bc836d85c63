"""Which accounts acted together on which posts: columns instead of a dictionary a pair, for most pairs meet once.

An entry has 24 bytes. Columns are never changed in place, so that worlds that part share what they have so far.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
BITS = 32  # of an account's number; a pair is the lower one in the upper bits, and the higher one
NONE: Ints = np.zeros(0, dtype=np.int64)


class Gained(NamedTuple):
    """Pairs that gained in an hour, ascending, and what they have by now."""

    pair: Ints
    weight: Ints


class Entries(NamedTuple):
    """A pair, a post on which it acted together, and what that weighs; in the order of pairs."""

    pair: Ints
    post: Ints
    weight: Ints

    def of(self, which: npt.NDArray[Any]) -> Self:
        """Some of the entries."""
        return type(self)(*(column[which] for column in self))

    def with_those(self, more: Self) -> Self:
        """These and others, each in its place."""
        place = np.searchsorted(self.pair, more.pair, side="right")
        return type(self)(*(np.insert(mine, place, theirs) for mine, theirs in zip(self, more, strict=True)))

    def at(self, pairs: Ints) -> tuple[Ints, Ints]:
        """Every entry of some ascending pairs: the place of the pair among these, and of the entry."""
        first = np.searchsorted(self.pair, pairs, side="left")
        many = np.searchsorted(self.pair, pairs, side="right") - first
        which = np.repeat(np.arange(len(pairs)), many)
        return which, first[which] + np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)


NO_ENTRIES = Entries(NONE, NONE, NONE)


def pairs_as_one(one: Ints, other: Ints) -> Ints:
    """A number for each pair of a lower and a higher account."""
    return one << BITS | other


def ends_of(pair: Ints) -> tuple[Ints, Ints]:
    """Both accounts of pairs."""
    return pair >> BITS, pair & ((1 << BITS) - 1)


@dataclass
class PairNetwork:
    """Entries of earlier days, and of the day that goes on, which are few and cheap to add to."""

    settled: Entries = NO_ENTRIES
    recent: Entries = field(default=NO_ENTRIES)

    def __len__(self) -> int:
        return len(self.settled.pair) + len(self.recent.pair)

    def __deepcopy__(self, memo: dict[int, Any]) -> "PairNetwork":
        return PairNetwork(self.settled, self.recent)

    def note(self, post: Ints, one: Ints, other: Ints, weight: Ints) -> Gained:
        """Add an hour's acts in common, each post once a pair; a post that was there keeps its weight."""
        pair = pairs_as_one(one, other)
        order = np.lexsort((post, pair))
        entries = Entries(pair[order], post[order], weight[order])
        again = (entries.pair[1:] == entries.pair[:-1]) & (entries.post[1:] == entries.post[:-1])
        fresh = entries.of(np.concatenate([np.ones(min(1, len(pair)), dtype=np.bool_), ~again]))
        for known in (self.settled, self.recent):
            fresh = fresh.of(~_is_known(fresh, known))
        self.recent = self.recent.with_those(fresh)
        pairs = np.unique(fresh.pair)
        total = np.zeros(len(pairs), dtype=np.int64)
        for layer in (self.settled, self.recent):
            which, place = layer.at(pairs)
            np.add.at(total, which, layer.weight[place])
        return Gained(pairs, total)

    def forget(self, first: int) -> None:
        """Let go of posts before a number; what is left is settled."""
        kept = [layer.of(layer.post >= first) for layer in (self.settled, self.recent)]
        self.settled, self.recent = kept[0].with_those(kept[1]), NO_ENTRIES


def _is_known(fresh: Entries, known: Entries) -> npt.NDArray[np.bool_]:
    """Which entries are there already; the fresh ones are in the order of pairs, a pair in many."""
    which, place = known.at(fresh.pair)
    found = np.zeros(len(fresh.pair), dtype=np.bool_)
    found[which[known.post[place] == fresh.post[which]]] = True
    return found
