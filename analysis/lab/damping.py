"""What suspending some of a campaign's accounts takes away: worlds that go on from one hour, as they were and with fewer accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.numbers.luck import Decision, chain_array, key_of
from sim.runs.face import Standing

SHARES = (0.5, 1.0)  # of the campaign's accounts that are suspended; in between the page interpolates
NESTED = len(SHARES) + 11  # number of the draw about who is in a share


@dataclass(frozen=True)
class Damped:
    """A candidate's impressions by genuine users on each day from one hour to the vote.

    shares: of some accounts that are suspended, 0 first; daily: a row of days each; without: those of the twin without the campaign.
    """

    shares: tuple[float, ...]
    daily: tuple[tuple[float, ...], ...]
    without: tuple[float, ...]

    @property
    def added(self) -> float:
        """Impressions that the campaign adds."""
        return sum(self.daily[0]) - sum(self.without)

    def taken(self, row: int) -> float:
        """Impressions that suspending a share takes away."""
        return sum(self.daily[0]) - sum(self.daily[row])


def damping_of(
    world: Standing, without: Sequence[float], accounts: Sequence[int], seed: int, shares: tuple[float, ...] = SHARES
) -> Damped:
    """Let a world go on as it is, and with some of the accounts suspended.

    without: impressions a day in its twin without the campaign, from the same hour. Who makes up a share is luck; smaller shares lie
    within larger.
    """
    asked = np.array(accounts, dtype=np.int64)
    order = asked[np.argsort(chain_array(key_of(seed, Decision.SHUFFLE, NESTED), asked), kind="stable")].tolist()
    rows = [world.go_on(order[: round(share * len(order))]) for share in (0.0, *shares)]
    return Damped((0.0, *shares), tuple(map(tuple, rows)), tuple(without))


def taken_away(worlds: Sequence[Damped]) -> dict[str, Any]:
    """Share of what the campaign adds that is taken away, over some worlds, by the share of its accounts that are suspended.

    {"points": [[share of accounts, share taken away over all worlds, lowest and highest of one world], ...], "worlds"}: of sums, since in
    a world in which the campaign adds little a share says nothing. Worlds in which it adds nothing have no share of their own.
    """
    points, added = [], sum(one.added for one in worlds)
    for row, share in enumerate(worlds[0].shares):
        own = [one.taken(row) / one.added for one in worlds if one.added > 0]
        taken = sum(one.taken(row) for one in worlds) / added if added > 0 else 0.0
        points.append([share, round(taken, 3), round(min(own, default=0.0), 3), round(max(own, default=0.0), 3)])
    return {"points": points, "worlds": len(worlds)}
