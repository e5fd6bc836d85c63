"""Circles: fans, teams, chat groups and candidates' helpers, who come to one account's posts together, again and again.

They are genuine people in every arm. What they do is what detectors of coordination look for.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sim.numbers.arithmetic import NORMAL, lognormal
from sim.numbers.columns import Drawer
from sim.numbers.luck import Decision, Words, chain_array, draw_array, key_of, threshold, uniform
from sim.scenario.config import Background, Population
from sim.world.minds import Minds
from sim.world.platform import Ints, Longs, Platform

FRIENDLY, OPPOSED = 0, 1
LEAST = 2  # members


@dataclass
class Circles(Drawer):
    """One row a circle, in the order of their subjects; circle c has member[start[c] : start[c + 1]]."""

    LASTING: ClassVar = ("number", "subject", "start", "member", "calls", "opposed")

    number: Ints  # by which its luck is keyed
    subject: Ints  # account whose posts call it
    start: Longs
    member: Ints
    calls: npt.NDArray[np.int64]  # threshold out of 2^32 for one post of the subject to call it
    opposed: npt.NDArray[np.bool_]  # it comes to report

    def of_authors(self, author: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Every pair of a place among some authors and a circle whose subject the author is."""
        first = np.searchsorted(self.subject, author, side="left")
        many = np.searchsorted(self.subject, author, side="right") - first
        return _spread(first, many)

    def members_of(self, circles: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Ints]:
        """Every pair of a place among some circles and a member."""
        first = self.start[circles]
        place, at = _spread(first, self.start[circles + 1] - first)
        return place, self.member[at]


def _spread(
    first: npt.NDArray[np.int64], many: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ranges written out: which range, and the number in it."""
    which = np.repeat(np.arange(len(first)), many)
    within = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    return which, first[which] + within


def no_circles() -> Circles:
    """A world of people who never come together."""
    none = np.zeros(0, dtype=np.int32)
    return Circles(
        none, none, np.zeros(1, dtype=np.int64), none, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    )


def circles_of(
    background: Background, population: Population, seed: int, platform: Platform, minds: Minds, officials: Longs
) -> Circles:
    """Draw the circles of a world: each has an account that it gathers for, and members from among those who follow it.

    officials: candidates' own accounts. A circle of a candidate is drawn by the candidates' support; any other by who posts.
    """
    size = round(background.circles * platform.users)
    if size == 0:
        return no_circles()
    keys = chain_array(key_of(seed, Decision.CIRCLE), np.arange(size))
    political = draw_array(keys, 1) < threshold(background.circle_politics)
    support = np.cumsum([candidate.support for candidate in population.candidates])
    chosen = officials[np.searchsorted(support, uniform(draw_array(keys, 2)) * support[-1])]
    fans = _creators(platform, minds, keys)
    subject = np.where(political, chosen, fans).astype(np.int32)
    rate = minds.posting.copy()
    rate[officials] = [candidate.official_posts for candidate in population.candidates]
    wanted = lognormal(
        background.circle_calls, background.circle_calls_spread, NORMAL[draw_array(keys, 6) >> np.uint32(16)]
    )
    calls = np.minimum(1.0, wanted / np.maximum(rate[subject], 1e-9))
    opposed = political & (draw_array(keys, 4) < threshold(background.circle_opponents))
    circle, member = _members(background, platform, minds, keys, subject)
    order = np.argsort(subject, kind="stable")
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    place = np.argsort(rank[circle], kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(rank[circle], minlength=size))]).astype(np.int64)
    thresholds = np.array([threshold(float(share)) for share in calls[order]], dtype=np.int64)
    return Circles(order.astype(np.int32), subject[order], start, member[place], thresholds, opposed[order])


def _creators(platform: Platform, minds: Minds, keys: Words) -> npt.NDArray[np.int64]:
    """Whom people gather for: accounts that are in use and post, by how many follow them."""
    weight = np.where((minds.posting > 0) & minds.in_use(0), platform.accounts.followers, 0).astype(np.int64)
    total = np.cumsum(weight)
    if total[-1] == 0:
        return np.zeros(len(keys), dtype=np.int64)
    return np.asarray(np.searchsorted(total, draw_array(keys, 3).astype(np.int64) * total[-1] >> 32, side="right"))


def _members(
    background: Background, platform: Platform, minds: Minds, keys: Words, subject: Ints
) -> tuple[npt.NDArray[np.int64], Ints]:
    """Members, each once, by circle: drawn from the followers who use the app, so that few followers make a small circle."""
    size = lognormal(background.circle_size, background.circle_spread, NORMAL[draw_array(keys, 5) >> np.uint32(16)])
    drawn = np.rint(size).astype(np.int64)
    circle, place = _spread(np.zeros(len(keys), dtype=np.int64), np.maximum(drawn, LEAST))
    luck = chain_array(keys[circle], place)
    graph, whom = platform.graph, subject[circle]
    first, many = graph.followers_start[whom], np.diff(graph.followers_start)[whom]
    at = first + (luck.astype(np.int64) * many >> 32)
    somebody = many > 0
    circle, member = circle[somebody], graph.followers[at[somebody]]
    used = minds.in_use(0, member)
    pairs = np.unique(circle[used] << 32 | member[used])
    return pairs >> 32, (pairs & 0xFFFFFFFF).astype(np.int32)
