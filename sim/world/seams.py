"""What the world needs of an audience, so that `changes` imports no family of plug-ins."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.scenario.config import Population
from sim.world.content import Content
from sim.world.world import World


class Makers(Protocol):
    """Those who make posts."""

    def content(
        self, world: World, population: Population, key: npt.NDArray[np.uint32], author: npt.NDArray[np.int32],
        candidate: npt.NDArray[np.integer], hashtag: npt.NDArray[np.integer],
    ) -> Content:  # fmt: skip
        """What is in posts with given keys."""


class Followers(Protocol):
    """What sights and shares come to among an audience."""

    @property
    def awareness_step(self) -> float:
        """Share of the way to full awareness that one sight of a candidate goes."""

    @property
    def pace(self) -> int:
        """Seconds from one post of a session to the next."""

    @property
    def share_recipients(self) -> int:
        """Followers whom one share reaches outside their feeds."""
