"""When the accounts and posts of a world end: by what the platform removed, and by what owners delete of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.record.keeping import NEVER, Acts, Ends, Hours, covered_up, deleted_by_owners
from sim.scenario.record import Record


class Carried(Protocol):
    """What moderation had done to an account, or to a post; see `sim.world.actions.Request`."""

    @property
    def action(self) -> str:
        """What was done."""

    @property
    def account(self) -> int:
        """To which account; negative where to a post."""

    @property
    def post(self) -> int:
        """To which post."""


@dataclass
class Removals:
    """Hours at which accounts, and posts, were removed, by number; what was restored is not in it."""

    accounts: dict[int, int] = field(default_factory=dict)
    posts: dict[int, int] = field(default_factory=dict)

    def note(self, decided: Sequence[Carried], hour: int) -> None:
        """Keep what was removed or restored in an hour."""
        for request in decided:
            by_account = request.account >= 0
            removed = self.accounts if by_account else self.posts
            which = request.account if by_account else request.post
            if request.action == ("suspend" if by_account else "remove"):
                removed.setdefault(which, hour)
            elif request.action == "restore":
                removed.pop(which, None)


def ends_of_accounts(
    seed: int, acts: Acts, held: npt.NDArray[np.bool_], end: int, removals: Removals, rules: Record
) -> Ends:
    """Ends of all accounts. held: (accounts) whether the campaign holds them; end: the world's last hour. Nobody deletes what is
    still in use: owners do so after the last act."""
    everyone = np.arange(len(held))
    last = _last(acts.account, acts.hour, len(held))
    deleted = deleted_by_owners(seed, 0, everyone, last + 1, rules.accounts_deleted)
    hidden = np.flatnonzero(held)
    deleted[hidden] = np.minimum(deleted[hidden], covered_up(seed, hidden, end, rules))
    return Ends(_by_number(removals.accounts, len(held), 0), deleted)


def ends_of_posts(
    seed: int, acts: Acts, keys: npt.NDArray[np.uint32], first: int, removals: Removals, rules: Record
) -> Ends:
    """Ends of posts, of which `keys` are those from number `first` on, and whose places acts name."""
    last = _last(acts.post, acts.hour, len(keys))
    deleted = deleted_by_owners(seed, 1, keys.astype(np.int64), last + 1, rules.posts_deleted)
    return Ends(_by_number(removals.posts, len(keys), first), deleted)


def _last(number: npt.NDArray[np.int64], hour: Hours, size: int) -> Hours:
    """Hour of the last act of each account, or on each post; 0 where there is none."""
    last = np.zeros(size, dtype=np.int64)
    np.maximum.at(last, number, hour)
    return last


def _by_number(hours: Mapping[int, int], size: int, first: int) -> Hours:
    """Hours by number as a column that begins with the number `first`."""
    column = np.full(size, NEVER, dtype=np.int64)
    for number, hour in hours.items():
        if 0 <= number - first < size:
            column[number - first] = hour
    return column
