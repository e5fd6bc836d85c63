"""The audience of a short-video platform: ordinary authors post by the daily cycle, viewers react to each video."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.audience.attention import people_come_once, people_open_the_app, who_is_active
from sim.audience.base import Behaviour
from sim.audience.watching import watch
from sim.numbers.luck import Decision, draw_array, uniform
from sim.scenario.config import Audience, Population
from sim.world.actions import Feeds, Mixed, Shortlists, Shown, StandingFeeds, Visits
from sim.world.content import Content, break_the_law, content
from sim.world.world import World

SECONDS_A_VIDEO = 15


@dataclass(frozen=True)
class ShortVideo(Behaviour):
    """Reactions are logits (`sim.scenario.config.Audience`)."""

    reactions: Audience

    @property
    def awareness_step(self) -> float:
        """As the scenario says."""
        return self.reactions.awareness_step

    @property
    def pace(self) -> int:
        """A video takes a quarter of a minute, watched through or not; assumption."""
        return SECONDS_A_VIDEO

    @property
    def share_recipients(self) -> int:
        """As the scenario says."""
        return self.reactions.share_recipients

    def own_posts(
        self, world: World, population: Population, share_of_day: float
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
        """Authors by their own rates; a supporter's post is political by a coin of its own."""
        author, keys = who_is_active(world, world.minds.posting, share_of_day, Decision.POST)
        political = uniform(draw_array(keys, 1)) < population.political_posts
        return author, political & (world.minds.supports[author] >= 0)

    def content(
        self, world: World, population: Population, key: npt.NDArray[np.uint32], author: npt.NDArray[np.int32],
        candidate: npt.NDArray[np.integer], hashtag: npt.NDArray[np.integer],
    ) -> Content:  # fmt: skip
        """Quality is skill and luck; see `sim.world.content`."""
        minds = world.minds
        return content(
            population, self.reactions, world.seed, key, minds.interest[author], minds.skill[author], candidate,
            hashtag, break_the_law(population, world.seed, key, author),
        )  # fmt: skip

    def open_the_app(self, world: World, population: Population, share_of_day: float) -> Visits:
        """At most one session a user, by habit, or one in all."""
        if population.visits == "once":
            return people_come_once(world)
        return people_open_the_app(world, share_of_day)

    def watch(self, world: World, visits: Visits, offered: Feeds | Shortlists | StandingFeeds | Mixed) -> Shown:
        """Of feeds that stay, people watch what is new."""
        return watch(world, self.reactions, visits, offered)


def behaviour_of(audience: Any) -> Behaviour:
    """The behaviour that a scenario's audience stands for: a plug-in, or the parameters of reactions to videos."""
    return audience if isinstance(audience, Behaviour) else ShortVideo(audience)
