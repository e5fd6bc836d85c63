"""Arithmetic of votes: shares that add up, turnout, finalists, and where voters go whose candidate is out.

Tables have a row a draw; sums run in a fixed order, so that they are the same on every machine.
"""

from collections.abc import Sequence

import numpy as np

from sim.elections.base import Floats, Places
from sim.numbers.arithmetic import exp


def total(table: Floats) -> Floats:
    """Sums over the last axis, from its first entry to its last."""
    found = np.zeros(table.shape[:-1])
    for place in range(table.shape[-1]):
        found = found + table[..., place]
    return found


def adding_up(weights: Floats, otherwise: Floats) -> Floats:
    """Rows of weights as shares; a row without any weight is the other's."""
    whole = total(weights)[:, None]
    return np.where(whole > 0, weights / np.where(whole > 0, whole, 1.0), otherwise)


def shifted(shares: Floats, who: Sequence[int], shift: Floats) -> Floats:
    """Shares after some candidates gained or lost; the others give or take in proportion to what they have.

    shares: (draws, candidates); shift: (draws, who) of all votes. Nobody comes below 0, and all together stay 1.
    """
    moved = shares.copy()
    own = np.clip(shares[:, who] + shift, 0.0, 1.0)
    taken = total(own)
    own = own / np.maximum(taken, 1.0)[:, None]
    others = [place for place in range(shares.shape[1]) if place not in who]
    rest = total(shares[:, others])
    left = (1.0 - np.minimum(taken, 1.0)) / np.where(rest > 0, rest, 1.0)
    moved[:, who] = own
    moved[:, others] = shares[:, others] * left[:, None]
    return adding_up(moved, shares)


def coming(shares: Floats, who: Sequence[int], more: Floats) -> tuple[Floats, Floats]:
    """Shares of votes where supporters of some candidates come more often, and all votes relative to what they would be.

    more: (draws, who) how much more often they come, relative to others; -1 is never.
    """
    weight = np.ones_like(shares)
    weight[:, who] = np.maximum(0.0, 1.0 + more)
    weighed = shares * weight
    return adding_up(weighed, shares), total(weighed)


def first_two(shares: Floats, out: int | None = None) -> Places:
    """(draws, 2) the first and the second; of a tie those who stand first on the list. out: a candidate who does not stand."""
    standing = shares.copy()
    if out is not None:
        standing[:, out] = -1.0
    return np.argsort(-standing, axis=1, kind="stable")[:, :2]


def struck(shares: Floats, who: int, stay: float) -> tuple[Floats, Floats]:
    """Shares of votes without a candidate, whose voters stay at home or go to the others in proportion; and what is left of all votes."""
    left, others = shares.copy(), np.full_like(shares, 1.0 / (shares.shape[1] - 1))
    left[:, who] = others[:, who] = 0.0
    return adding_up(left, others), 1.0 - stay * shares[:, who]


def run_off(
    shares: Floats, turnout: Floats, finalists: Places, liking: Floats, stay: float, come: float
) -> tuple[Floats, Floats]:
    """Share of the first finalist in the votes of a run-off, and its turnout.

    shares: (draws, candidates) of those who vote on that day, if all candidates stood; liking: (draws, candidates + 1, candidates) how
    voters of each like each other candidate, in logits; the last row is of those who have not voted. stay: share of voters of those who
    are out that stays at home; come: share of those who have not voted that comes. Who moves chooses between the two by the
    logit of the difference in liking.
    """
    row = np.arange(len(shares))
    one, other = finalists[:, 0], finalists[:, 1]
    moving = np.concatenate([shares * (turnout * (1.0 - stay))[:, None], ((1.0 - turnout) * come)[:, None]], axis=1)
    moving[row, one] = moving[row, other] = 0.0
    choosing = 1.0 / (1.0 + exp(liking[row, :, other] - liking[row, :, one]))
    own, others = shares[row, one] * turnout, shares[row, other] * turnout
    for_one, for_other = own + total(moving * choosing), others + total(moving * (1.0 - choosing))
    votes = for_one + for_other
    return np.where(votes > 0, for_one / np.where(votes > 0, votes, 1.0), 0.5), votes
