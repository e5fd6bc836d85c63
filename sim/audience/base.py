"""What an audience does: the seam between the tick and the ways in which people behave."""

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from sim.scenario.config import Population
from sim.world.actions import Feeds, Mixed, Shortlists, Shown, StandingFeeds, Visits
from sim.world.content import Content
from sim.world.world import World


class Behaviour(ABC):
    """A plug-in: who posts, who opens the app, how posts feel, and what people do with what they are shown.

    It reads every drawer and writes none; it holds parameters only.
    """

    @property
    @abstractmethod
    def awareness_step(self) -> float:
        """Share of the way to full awareness that one sight of a candidate goes."""

    @property
    @abstractmethod
    def pace(self) -> int:
        """Seconds from one post of a session to the next."""

    @property
    @abstractmethod
    def share_recipients(self) -> int:
        """Followers whom one share reaches outside their feeds."""

    @abstractmethod
    def own_posts(
        self, world: World, population: Population, share_of_day: float
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """Who posts in this hour without being asked, and which of the posts are political."""

    @abstractmethod
    def content(
        self, world: World, population: Population, key: npt.NDArray[np.uint32], author: npt.NDArray[np.int32],
        candidate: npt.NDArray[np.integer], hashtag: npt.NDArray[np.integer],
    ) -> Content:  # fmt: skip
        """What is in posts with given keys."""

    @abstractmethod
    def open_the_app(self, world: World, population: Population, share_of_day: float) -> Visits:
        """Sessions of this hour."""

    @abstractmethod
    def watch(self, world: World, visits: Visits, offered: Feeds | Shortlists | StandingFeeds | Mixed) -> Shown:
        """What visitors are shown, and their reactions."""
