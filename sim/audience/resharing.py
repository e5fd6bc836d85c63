"""An audience that posts or reshares one message of its feed at each visit, as in SimSoM.

Truong, Lou, Flammini and Menczer, PNAS Nexus 3(7) pgae258 (2024); their Greek names are given beside the parameters in
the scenario. Messages have a quality, which nobody sees, and an appeal, which works; the two are independent.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.audience.attention import visits_of, who_is_active
from sim.audience.base import Behaviour
from sim.audience.watching import nothing_shown
from sim.kernels.reactions import acts_in
from sim.kernels.resharing import reshare
from sim.numbers.arithmetic import LOGIT, exp, log
from sim.numbers.luck import Decision, chain_array, draw_array, key_of, threshold, uniform
from sim.scenario.config import Population
from sim.scenario.schema import ScenarioError, quantity
from sim.world.actions import Feeds, Mixed, Shortlists, Shown, StandingFeeds, Tally, Visits
from sim.world.content import Content, break_the_law
from sim.world.world import World

APPEAL = 1 << 20  # full appeal, in the units in which a message is felt
OLDEST = 240  # hours of age from which a message does not grow older
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Resharing(Behaviour):
    """Each visitor posts anew with probability `posting`, or where the feed was empty; else reshares one message.

    The weight of a message is appeal x shares seen in the feed x exp(-ageing age^stretch).
    """

    posting: float = quantity("probability to post anew rather than to reshare", "probability", 0, 1)
    quality_rate: float = quantity("rate at which the density of quality grows on 0 to 1", "1/quality", 1e-3, 100)
    appeal_power: float = quantity("power by which the density of appeal falls on 0 to 1", "power", 0, 100)
    ageing: float = quantity("rate at which the weight of a message falls with its age to a power", "1/hour", 0, 100)
    stretch: float = quantity("the power of age in it", "power", 0.01, 4)

    @property
    def awareness_step(self) -> float:
        """Not part of this behaviour."""
        return 0.0

    @property
    def pace(self) -> int:
        """A visit is one moment: what is done in a step happens in it."""
        return 0

    @property
    def share_recipients(self) -> int:
        """Shares reach others through their feeds only."""
        return 0

    def own_posts(
        self, world: World, population: Population, share_of_day: float
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """Visitors of this hour who post anew; no message is political."""
        visitors, _ = self._visitors(world, share_of_day)
        author = visitors[self._posts(world, visitors)]
        return author, np.zeros(len(author), dtype=np.bool_)

    def open_the_app(self, world: World, population: Population, share_of_day: float) -> Visits:
        """Users by their own rates; accounts that are directed come in every hour."""
        return visits_of(*self._visitors(world, share_of_day), world.minds.videos)

    def watch(self, world: World, visits: Visits, offered: Feeds | Shortlists | StandingFeeds | Mixed) -> Shown:
        """Everything in a feed is seen; who does not post anew reshares one message of it."""
        if isinstance(offered, Shortlists | Mixed):
            raise ScenarioError("audience: resharing given, allowed with recommenders that return feeds, such as inbox")
        if len(visits.visitors) == 0:
            return nothing_shown(visits)
        posts, feeds = world.platform.posts, _standing(world, visits, offered)
        flags = np.zeros(len(feeds.row), dtype=np.uint8)
        keys = chain_array(key_of(world.seed, Decision.RESHARE, world.hour), feeds.visitors)
        reshare(
            feeds.visitors, feeds.offset, feeds.length, feeds.row, feeds.shares, feeds.age,
            self._posts(world, feeds.visitors), keys, self._weights_of_age(), world.minds.felt, posts.candidate,
            self._directed(world, feeds.visitors), flags,
        )  # fmt: skip
        lane = np.zeros(len(feeds.row), dtype=np.uint8)
        shown = Feeds(feeds.visitors, feeds.offset, feeds.length, feeds.row, lane, visits.second)
        acts = np.zeros(len(feeds.visitors), dtype=np.int32)
        acts_in(shown.offset, shown.length, flags, acts)
        return Shown(shown, flags, acts, shown.length, Tally.empty())

    def content(
        self, world: World, population: Population, key: npt.NDArray[np.uint32], author: npt.NDArray[np.int32],
        candidate: npt.NDArray[np.integer], hashtag: npt.NDArray[np.integer],
    ) -> Content:  # fmt: skip
        """Quality and appeal by inverse transform; directed accounts' messages have quality 0, and some have full appeal."""
        quality = quality_at(uniform(draw_array(key, 1)), self.quality_rate)
        appeal = appeal_at(uniform(draw_array(key, 2)), self.appeal_power)
        minds = world.minds
        if len(minds.directed):
            place = np.minimum(np.searchsorted(minds.directed, author), len(minds.directed) - 1)
            theirs = minds.directed[place] == author
            quality = np.where(theirs, 0.0, quality)
            appeal = np.where(theirs & (draw_array(key, 3).astype(np.uint64) < minds.enticing[place]), 1.0, appeal)
        return Content(
            felt=np.rint(appeal * APPEAL).astype(np.int32),
            topic=np.zeros((len(key), population.axes + 2), dtype=np.int8),
            quality=np.rint(quality * LOGIT).astype(np.int32),
            unlawful=break_the_law(population, world.seed, key, author) & ~self._directed(world, author),
        )

    def _visitors(self, world: World, share_of_day: float) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint32]]:
        """Who opens the app in this hour, by number, and the keys of their sessions."""
        users, keys = who_is_active(world, world.minds.sessions, share_of_day, Decision.SESSION)
        directed = world.minds.directed
        if len(directed) == 0:
            return users, keys
        theirs = chain_array(key_of(world.seed, Decision.SESSION, world.hour), directed)
        visitors = np.concatenate([users, directed])
        order = np.argsort(visitors, kind="stable")
        return visitors[order], np.concatenate([keys, theirs])[order]

    def _directed(self, world: World, accounts: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Which accounts others direct."""
        return np.isin(accounts, world.minds.directed)

    def _posts(self, world: World, visitors: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Which visitors post anew in this hour: by a coin of the hour, or because there was nothing to see."""
        coin = chain_array(key_of(world.seed, Decision.POST, world.hour), visitors).astype(np.int64)
        return (coin < threshold(self.posting)) | world.minds.nothing_seen[visitors]

    def _weights_of_age(self) -> Floats:
        """Weight of a message by its age in hours."""
        age = np.arange(1, OLDEST + 1, dtype=np.float64)
        return np.concatenate([[1.0], exp(-self.ageing * exp(self.stretch * log(age)))])


def quality_at(u: Floats, rate: float) -> Floats:
    """Quality below which a share u of messages lies, where its density is proportional to exp(rate q) on 0 to 1."""
    return np.asarray(np.clip(log(1.0 + u * (exp(rate) - 1.0)) / rate, 0.0, 1.0))


def appeal_at(u: Floats, power: float) -> Floats:
    """Appeal below which a share u of messages lies, where its density is (1 + power) (1 - a)^power on 0 to 1."""
    return 1.0 - exp(log(1.0 - u) / (1.0 + power))


def _standing(world: World, visits: Visits, offered: Feeds | StandingFeeds) -> StandingFeeds:
    """Feeds that do not stay, as if they did: every post was shared once, and is as old as it is."""
    if isinstance(offered, StandingFeeds):
        return offered
    age = world.hour - world.platform.posts.hour[offered.row] if len(offered.row) else offered.row
    ones = np.ones(len(offered.row), dtype=np.int32)
    return StandingFeeds(
        offered.visitors, offered.offset, offered.length, offered.row, ones, age.astype(np.int32), offered
    )
