"""Small worlds for tests, made from the presets without Hydra."""

import dataclasses
import datetime
from functools import cache
from typing import Any

import numpy as np

from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.scenario.config import Scenario
from sim.scenario.presets import slots
from sim.world.truth import SLEEPER

RECOMMENDERS = slots()["recommender"]
POLICIES = [name for name in slots()["moderation"] if name != "none"]
FIXED = "moderation.false_positives=null"  # thresholds are those stated
SMALL = (
    "population.block_users=20", "population.communities=3", "population.videos_per_session=6.0",
    "population.posts_per_user_day=2.0", "population.influencers=1.35e5",
    "population.influencers_least=0", "population.sleepers=9e5", "population.vendors=5e5", "population.volunteers=4.5e5",
    "population.cell_size=5", "population.political_authors=0.6", "population.political_posts=0.6",
    "audience.like=-2.0", "audience.comment=-3.0", "audience.share=-2.5", "audience.follow=-3.0",
    "calendar.warm_up_days=1",
)  # fmt: skip
CROWDED = (  # many circles, and coming and going, so that a small world has some
    "background.circles=0.1", "background.circle_size=6", "background.circle_politics=0.5", "background.circle_opponents=0.5",
    "background.circle_calls=3", "background.circle_comes=0.9", "background.names_elsewhere=0.2",
    "background.storms=0.2", "background.storm_comments=0.5", "background.look_up=0.3",
    "population.newcomers=0.02", "population.leavers=0.03", "population.vote_returns=3",
)  # fmt: skip
STAGED = (
    "recommender.views_per_post=30.0", "recommender.views_per_hour=2.0", "recommender.trial_listings=8",
    "recommender.promoted_listings=12",
)  # fmt: skip


@cache
def _composed(campaign: str, moderation: str, recommender: str, more: tuple[str, ...]) -> Scenario:
    staged = STAGED if recommender == "staged_audience" else ()
    names = (
        f"campaign={campaign}",
        f"moderation={moderation}",
        f"recommender={recommender}",
        "scenario=classroom",
    )
    return load_scenario([*names, *SMALL, *staged, *more])


def small_scenario(
    campaign: str = "coordinated", moderation: str = "none", recommender: str = "staged_audience", users: int = 200,
    days: int = 2, seed: int = 3, more: tuple[str, ...] = (), **changes: Any,
) -> Scenario:  # fmt: skip
    """Some 200 users over the days in which sleepers wake (11 Nov 2024 on) and influencers post."""
    scenario = _composed(campaign, moderation, recommender, more)
    calendar = dataclasses.replace(scenario.calendar, first_day=datetime.date(2024, 11, 13))
    return dataclasses.replace(scenario, calendar=calendar, scale=users / 9e6, days=days, seed=seed, **changes)


def with_supporters(scenario: Scenario, share: float = 0.1) -> Scenario:
    """The same world with more supporters of the campaign's candidate, so that a small one holds enough posts about it."""
    first, *others = scenario.population.candidates
    known = (dataclasses.replace(first, support=share), *others)
    return dataclasses.replace(scenario, population=dataclasses.replace(scenario.population, candidates=known))


def people_of(model: CampaignModel) -> np.ndarray:
    """Account numbers of those who use the app when the world begins."""
    return np.flatnonzero((model.world.truth.role < SLEEPER) & (model.world.minds.returns <= 0))


def accounts_of(model: CampaignModel, role: int) -> np.ndarray:
    """Account numbers of one kind."""
    return np.flatnonzero(model.world.truth.role == role)
