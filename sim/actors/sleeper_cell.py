"""Sleeper cells: aged, dormant accounts that act on the same posts within the same minutes once awake."""

from collections.abc import Sequence
from typing import Protocol

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


class Team(Protocol):
    """Some accounts under one number."""

    number: int
    accounts: Sequence[int]


def act_together(
    seen: Public, teams: Sequence[Team], rows: npt.NDArray[np.int64], likes: float, comments: float,
    synchrony: float, spread: float, candidate: int, chance: Chance, mixing: float = 0.0, everyone: Sequence[Team] = (),
) -> list[Engage]:  # fmt: skip
    """Each team goes to one post: each open account likes, or comments in the candidate's name, with the given probabilities.

    A share `synchrony` of a team acts within `spread` seconds of a common second, the others at any second of the hour; a
    spread of hours goes beyond it. For a share `mixing` of posts an account goes with another team than its own; everyone:
    all teams, which it may be.
    """
    account, place = _sent(seen, teams, rows, mixing, everyone, chance)
    number, row = np.array([team.number for team in teams], dtype=np.int64)[place], rows[place]
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


def due_now(
    seen: Public, numbers: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], fresh_hours: int, rate: float, now: int,
    chance: Chance, coins: tuple[int, int],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:  # fmt: skip
    """Which of some teams go to which of some fresh posts in this hour: places of both.

    A team goes to a post once at the most: in the hour of the post's life that their common luck names; `rate` is how many posts an hour
    each goes to. coins: numbers of the two draws.
    """
    number, key = numbers[:, None], seen.key[rows]
    due = (chance.lasting_of(coins[0], number, key) * fresh_hours).astype(np.int64) == now - seen.hour[rows] - 1
    due &= chance.happen(min(1.0, rate * fresh_hours / max(len(rows), 1)), coins[1], number, key)
    team, target = np.nonzero(due)
    return team, target


def _sent(
    seen: Public,
    teams: Sequence[Team],
    rows: npt.NDArray[np.int64],
    mixing: float,
    everyone: Sequence[Team],
    chance: Chance,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Accounts, and the place among teams and rows with which each goes."""
    if mixing == 0.0:
        account = np.array([account for team in teams for account in team.accounts], dtype=np.int64)
        return account, np.repeat(np.arange(len(teams)), [len(team.accounts) for team in teams])
    all_accounts = np.array([account for team in everyone for account in team.accounts], dtype=np.int64)
    own = np.repeat([team.number for team in everyone], [len(team.accounts) for team in everyone])
    found = []
    for place, (team, row) in enumerate(zip(teams, rows.tolist(), strict=True)):
        key = int(seen.key[row])
        others = (chance.lasting_of(33, all_accounts, key) * len(everyone)).astype(np.int64)
        goes = np.where(chance.lasting_of(32, all_accounts, key) < mixing, others, own) == team.number
        found.append(np.stack([all_accounts[goes], np.full(goes.sum(), place)]))
    sent = np.concatenate([np.zeros((2, 0), dtype=np.int64), *found], axis=1)
    return sent[0], sent[1]
