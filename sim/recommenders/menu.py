"""A menu: everything that is new to the visitor, in an order of the visitor's own or the most liked first.

The first is the grid of songs in random order, the second the list ranked by downloads of Salganik, Dodds and Watts
2006 (doi 10.1126/science.1121066). Whoever leaves before its end has not met the rest. It is for small catalogues: each
visit costs as much as there is on the menu.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kernels.feeds import PROMOTED
from sim.numbers.luck import Chance, PairDraw, draw_array, mix_array
from sim.recommenders.base import Recommender, servable
from sim.scenario.schema import choice
from sim.world.actions import Feeds, Visits
from sim.world.platform import Platform
from sim.world.world import Beliefs

EVERYWHERE = np.iinfo(np.int16).max  # blocks of a community in which a post was offered: all


@dataclass(frozen=True)
class Menu(Recommender):
    """Nothing is learned, and nobody has to be remembered: what appeared before the last visit was on that menu."""

    order: str = choice("which posts come first", ("random", "most_liked"))

    def opening_beliefs(self, seen: Platform) -> Beliefs:
        """Every post is offered to everybody, so that a share brings nobody a post that the menu has not."""
        beliefs = Beliefs()
        beliefs.posts["walked"] = np.zeros((0, len(seen.community_blocks)), dtype=np.int16)
        beliefs.fills["walked"] = EVERYWHERE
        return beliefs

    def rank(self, seen: Platform, beliefs: Beliefs, visits: Visits, now: int, chance: Chance) -> Feeds:
        """Each visitor's menu, as far as the visitor looks."""
        offered = np.flatnonzero(servable(seen, np.arange(len(seen.posts))))
        menus = [np.zeros(0, dtype=np.int64)]
        for visitor, videos in zip(visits.visitors.tolist(), visits.videos.tolist(), strict=True):
            menus.append(self._menu(seen, offered, visitor, chance)[:videos])
        length = np.array([len(menu) for menu in menus[1:]], dtype=np.int32)
        offset = np.cumsum(length, dtype=np.int64) - length
        row = np.concatenate(menus).astype(np.int32)
        return Feeds(visits.visitors, offset, length, row, np.full(len(row), PROMOTED, dtype=np.uint8), visits.second)

    def _menu(
        self, seen: Platform, offered: npt.NDArray[np.int64], visitor: int, chance: Chance
    ) -> npt.NDArray[np.int64]:
        """Live rows that are new to a visitor, in order; equals go by luck."""
        posts, last = seen.posts, seen.accounts.last_session[visitor]
        rows = offered[np.searchsorted(posts.hour[offered], last, side="right") :]
        rows = rows[posts.author[rows] != visitor]
        luck = draw_array(mix_array(chance.user_keys[visitor] ^ posts.key[rows]), PairDraw.CHOICE)
        first = -posts.likes[rows] if self.order == "most_liked" else np.zeros(len(rows), dtype=np.int32)
        return np.asarray(rows[np.lexsort((luck, first))])
