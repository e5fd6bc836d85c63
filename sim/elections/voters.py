"""What voters make of what they have seen: persuasion, and viability, of candidates who are little known.

On a day t the support of a little-known candidate, as a share of all votes, is

    support = base + users x known x (persuasion + slope x lead)
    lead    = w (polls - base) + (1 - w) (seen - base)

users: share of voters who use the platform. known: share of users who know the candidate (`sim.measures.awareness`): awareness is the
condition for both effects and none by itself, so that without persuasion and viability it moves nobody, whoever knows whom.
persuasion: by how much who knows the candidate votes for the candidate more often, the same for all doses above the first few; its
prior has the mean 0. slope: of a bandwagon on the perceived lead, which is by how much polls, and the share of the political videos
that people were shown, say more of the candidate than the candidate would have (base). polls: mean of those published in the last
days, none counts as nothing new; seen: the candidate's share of political impressions in the last days. The others give or take in
proportion to what they have.

Coppock, Hill and Vavreck 2020, doi 10.1126/sciadv.abc4046, and Kalla and Broockman 2018, doi 10.1017/S0003055417000363 (persuasion);
Kam and Zechmeister, American Journal of Political Science, 2013 (name recognition works through believed viability); Kiss and Simonovits
2013 and Farjam 2021 (size of a bandwagon).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.elections.base import Exposure, Floats
from sim.elections.voting import coming, shifted, total

Published = tuple[int, Floats]  # day of a poll, and what it says: (draws, candidates)


@dataclass(frozen=True)
class Voters:
    """All voters of all draws.

    base: (draws, candidates); who: places of the little-known; persuasion, slope, differential: (draws, who); turnout, turnout_effect:
    (draws) of all who may vote, and what it gains where everybody knows a little-known candidate; differential: what that
    candidate's own supporters gain beyond it. users, poll_weight: shares; memory: days.
    """

    base: Floats
    who: tuple[int, ...]
    persuasion: Floats
    slope: Floats
    turnout: Floats
    turnout_effect: Floats
    differential: Floats
    exposure: Exposure
    users: float
    poll_weight: float
    memory: int

    def support(self, day: int, polls: Sequence[Published]) -> Floats:
        """(draws, candidates) shares of votes if they were cast on a day. day: 0 is the first measured one; polls: all so far."""
        known = self.users * self.exposure.known_on(day)
        return shifted(self.base, self.who, known * (self.persuasion + self.slope * self.lead(day, polls)))

    def lead(self, day: int, polls: Sequence[Published]) -> Floats:
        """(draws, who) perceived lead over what each would have; polls of the day itself are not known yet."""
        base = self.base[:, self.who]
        found = np.zeros_like(base)
        said = [shares[:, self.who] for when, shares in polls if day - self.memory <= when < day]
        if said:
            found = found + self.poll_weight * (total(np.stack(said, axis=-1)) / len(said) - base)
        seen = self.exposure.share_seen(day, self.memory)
        if seen is not None:
            found = found + (1.0 - self.poll_weight) * (seen[list(self.who)] - base)
        return found

    def votes(self, day: int, polls: Sequence[Published]) -> tuple[Floats, Floats]:
        """(draws, candidates) shares of the votes that are cast on a day, and turnout, a share of all who may vote."""
        known = self.users * self.exposure.known_on(day)
        usual = np.clip(self.turnout + float(total(known)) * self.turnout_effect, 0.0, 1.0)
        more = known * self.differential / np.maximum(usual, 1e-9)[:, None]
        shares, relative = coming(self.support(day, polls), self.who, more)
        return shares, np.clip(usual * relative, 0.0, 1.0)
