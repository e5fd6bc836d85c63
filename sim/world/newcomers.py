"""Fresh accounts in a running world: some of the quietest users make place for them. Only the model calls this, on a copy.

Accounts stand in blocks of fixed size, so that a new one needs a place. It takes that of a feed user who never posts, works
for nobody and opens the app least, one a block before a second in any: what the others lose by that is the least that
there is to lose. Nothing of the former owner stays: no follows, followers, taste, inbox, sights or luck.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.numbers.arithmetic import LOGIT
from sim.numbers.luck import Decision, chain_array, key_of
from sim.world.graph import rewired
from sim.world.minds import Minds
from sim.world.platform import NOBODY, Ints
from sim.world.truth import ORDINARY
from sim.world.world import Beliefs, World

NEVER_ACTS = -16 * LOGIT  # expressiveness of somebody who looks and does nothing
WORD = 32  # users whose sights of a listing are noted in one word


def quietest(world: World, count: int) -> Ints:
    """Places for so many newcomers, ascending: who never posts, works for nobody and watches least; at most a tenth."""
    here = world.minds.returns <= world.hour
    block = np.arange(len(here)) // world.platform.block_users
    places = np.flatnonzero(here & (world.minds.posting == 0) & (world.truth.role == ORDINARY))
    watched = world.minds.sessions[places] * (world.minds.videos[places] + 1)
    places = places[np.lexsort((places, watched, block[places]))]
    nth = np.arange(len(places)) - np.searchsorted(block[places], block[places])  # how many quieter ones in the block
    luck = chain_array(key_of(world.seed, Decision.AUDIT, 1), block[places])
    return np.sort(places[np.lexsort((places, luck, nth))][:count]).astype(np.int32)


def open_accounts(world: World, opening: Beliefs, count: int, followed: Sequence[int]) -> Ints:
    """Open accounts that follow the given ones and nobody else, like nothing, and care for politics of any colour.

    opening: the beliefs with which the recommender opens a world. Returns the accounts' numbers, ascending.
    """
    places = quietest(world, count)
    world.minds = _fresh_minds(world, places)
    platform, accounts = world.platform, world.platform.accounts
    platform.graph = rewired(platform.graph, accounts.followers, places, np.sort(np.asarray(followed, dtype=np.int32)))
    accounts.registered = accounts.registered.copy()
    accounts.registered[places] = accounts.last_active[places] = world.hour
    for column in (accounts.newest_post, accounts.last_session, accounts.inbox):
        column[places] = NOBODY
    accounts.status[places] = 0
    accounts.inbox_waiting[places] = 0
    _forget(world, opening, places)
    return places


def _fresh_minds(world: World, places: Ints) -> Minds:
    """Minds in which these people have no topic of their own, open the app at nobody's call, and never act."""
    minds, lasting = world.minds, {name: getattr(world.minds, name).copy() for name in Minds.LASTING}
    fresh = replace(minds, **lasting)
    fresh.key[places] = chain_array(key_of(world.seed, Decision.AUDIT, 2), np.arange(len(places)))
    fresh.interest[places] = 0
    fresh.interest[places, -2] = 127  # the axis of politics; leaning stays in the middle
    fresh.sessions[places] = 0.0
    fresh.expressive[places] = NEVER_ACTS
    fresh.supports[places] = NOBODY
    fresh.awareness[places] = 0
    fresh.saw[places] = 0
    return fresh


def _forget(world: World, opening: Beliefs, places: Ints) -> None:
    """Nothing is believed of these accounts, and no list remembers what was shown to their places."""
    beliefs, size = world.beliefs, world.platform.block_users
    for name, sums in beliefs.rest.items():
        if name.endswith("taste_sums"):
            np.subtract.at(sums, places // size, beliefs.accounts[name.removesuffix("_sums")][places])
    for name, column in beliefs.accounts.items():
        column[places] = opening.accounts[name][places]
    local = places % size
    for name, seen in beliefs.rest.items():
        if name.endswith("_seen"):  # (blocks, words of users, listings)
            bit = np.left_shift(np.uint32(1), (local % WORD).astype(np.uint32))
            for block, word, mine in zip(places // size, local // WORD, bit, strict=True):
                seen[block, word] &= ~mine
