"""Sleeper cells: aged, dormant accounts that act on the same posts within the same minutes once awake."""

from collections.abc import Sequence

import mesa
import numpy as np
import numpy.typing as npt

from sim.actors.base import Actor, Public
from sim.numbers.luck import Chance, uniform
from sim.world.actions import Engage
from sim.world.platform import COMMENT, LIKE, NOBODY


class SleeperCell(Actor):
    """A cell holds account numbers; it sleeps until headquarters gives it an order."""

    def __init__(self, model: mesa.Model, number: int, accounts: Sequence[int]) -> None:
        super().__init__(model, number)
        self.accounts = tuple(accounts)


def act_together(
    seen: Public, cells: Sequence[SleeperCell], rows: npt.NDArray[np.int64], likes: float, comments: float,
    synchrony: float, spread: float, candidate: int, chance: Chance,
) -> list[Engage]:  # fmt: skip
    """Each cell goes to one post: each open account likes, or comments in the candidate's name, with the given probabilities.

    A share `synchrony` of a cell acts within `spread` seconds of a common second, the others at any second.
    """
    account = np.array([account for cell in cells for account in cell.accounts], dtype=np.int64)
    sizes = [len(cell.accounts) for cell in cells]
    number, row = np.repeat([cell.number for cell in cells], sizes), np.repeat(rows, sizes)
    still_open = ~seen.suspended[account]
    account, number, row = account[still_open], number[still_open], row[still_open]
    key = seen.key[row]
    together = chance.words(5, number, key) % np.uint32(max(1, 3600 - int(spread)))  # the moment lies within the hour
    delay = (spread * uniform(chance.words(8, account, key))).astype(np.int64)
    second = np.where(
        chance.happen(synchrony, 7, account, key),
        together + delay,
        chance.words(6, account, key) % np.uint32(3600),
    )
    done = []
    for verb, probability, which, named in ((LIKE, likes, 9, NOBODY), (COMMENT, comments, 10, candidate)):
        does = chance.happen(probability, which, account, key)
        acts = zip(account[does].tolist(), (row[does] + seen.first).tolist(), second[does].tolist(), strict=True)
        done += [Engage(who, post, when, verb, named) for who, post, when in acts]
    return done
