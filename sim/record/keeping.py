"""When what happened leaves sight, and when it leaves the record; orders that keep what is still there.

Hours are those of the world's clock and go on after its last. An act is on the platform's record from its hour on, and in sight
as long as its account and its post are. What is removed, or deleted by its owner, leaves sight at once and the record later.
Suspension therefore sets a clock going that ends with the evidence, unless an order arrives first; and an order brings nothing back.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.numbers.luck import Decision, chain_array, key_of, uniform
from sim.scenario.record import Record

Hours = npt.NDArray[np.int64]

DAY = 24  # hours
NEVER = 1 << 40  # an hour that does not come
DAYS_MOST = 4000  # for which a chance of being deleted is reckoned


class Hold(NamedTuple):
    """An order to keep: from hour `since` on nothing that was done from `first` until before `last` is deleted until `until`.

    only_stored: whether it covers no more than what is stored when it arrives.
    """

    since: int
    first: int
    last: int
    until: int
    only_stored: bool = False


class Asked(NamedTuple):
    """What a regulator asked for: at hour `answered` it gets what is on record of the hours from `first` until before `last`.

    given: share of posts of which it is handed what was done to them.
    """

    answered: int
    first: int
    last: int
    given: float = 1.0


class Acts(NamedTuple):
    """What was done, one row an act: its hour, its account, and its post's place in the columns of posts."""

    hour: Hours
    account: npt.NDArray[np.int64]
    post: npt.NDArray[np.int64]

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Acts":
        """Some of them."""
        return Acts(*(column[chosen] for column in self))


class Ends(NamedTuple):
    """When things end: an account or a post by the platform's removal, and by its owner; NEVER where it does not."""

    removed: Hours
    deleted: Hours

    def out_of_sight(self) -> Hours:
        """Hour from which nobody outside sees them."""
        return np.minimum(self.removed, self.deleted)

    def off_the_record(self, rules: Record) -> Hours:
        """Hour from which the platform has them no more, where nothing holds them."""
        removed = np.where(self.removed < NEVER, self.removed + round(DAY * rules.removed_kept), NEVER)
        deleted = np.where(self.deleted < NEVER, self.deleted + round(DAY * rules.restorable), NEVER)
        return np.minimum(removed, deleted)


def deleted_by_owners(seed: int, what: int, keys: npt.NDArray[np.integer], since: Hours, a_day: float) -> Hours:
    """Hours at which owners delete things that are there since given hours, each day with the same chance; NEVER where not within
    DAYS_MOST days. what: 0 accounts, 1 posts. The luck of a thing is its own, the same in every arm and at every chance."""
    if a_day <= 0.0:
        return np.full(len(keys), NEVER, dtype=np.int64)
    luck = uniform(chain_array(key_of(seed, Decision.DELETION, what), keys))
    there = np.cumprod(np.full(DAYS_MOST, 1.0 - a_day))  # share that is still there after each day
    days = np.searchsorted(-there, -luck)  # the first day after which a smaller share than this luck is there
    part = uniform(chain_array(key_of(seed, Decision.DELETION, 2 + what), keys))
    return np.where(days < DAYS_MOST, since + days * DAY + (DAY * part).astype(np.int64), NEVER)


def covered_up(seed: int, accounts: npt.NDArray[np.integer], end: int, rules: Record) -> Hours:
    """Hours after the end of the world at which a campaign deletes accounts that it holds; NEVER for those that it leaves."""
    luck = uniform(chain_array(key_of(seed, Decision.DELETION, 4), accounts))
    when = uniform(chain_array(key_of(seed, Decision.DELETION, 5), accounts))
    hour = end + (DAY * rules.covered_up_days * when).astype(np.int64)
    return np.where(luck < rules.covered_up, hour, NEVER)


def in_sample(seed: int, post_keys: npt.NDArray[np.integer], rules: Record) -> npt.NDArray[np.bool_]:
    """Which posts the public sample really holds, by their keys."""
    luck = [uniform(chain_array(key_of(seed, Decision.DELETION, 6 + place), post_keys)) for place in (0, 1)]
    return np.asarray((luck[0] < rules.sampled) & (luck[1] >= rules.lost))


def handed_over(seed: int, post_keys: npt.NDArray[np.integer], asked: Asked) -> npt.NDArray[np.bool_]:
    """Which posts the answer to a request speaks of, by their keys: those of a smaller share are among those of a larger one."""
    return np.asarray(uniform(chain_array(key_of(seed, Decision.DELETION, 8), post_keys)) < asked.given)


def out_of_sight(acts: Acts, accounts: Ends, posts: Ends) -> Hours:
    """Hour from which each act is in nobody's sight any more."""
    return np.minimum(accounts.out_of_sight()[acts.account], posts.out_of_sight()[acts.post])


def off_the_record(acts: Acts, accounts: Ends, posts: Ends, rules: Record, holds: Sequence[Hold]) -> Hours:
    """Hour from which the platform itself has each act no more. Holds act in the order in which they arrive."""
    gone = np.minimum(accounts.off_the_record(rules)[acts.account], posts.off_the_record(rules)[acts.post])
    gone = np.maximum(gone, acts.hour + 1)
    for hold in sorted(holds):
        last = min(hold.last, hold.since) if hold.only_stored else hold.last
        held = (gone > hold.since) & (hold.first <= acts.hour) & (acts.hour < last)
        gone = np.where(held, np.maximum(gone, hold.until), gone)
    return gone
