"""Worlds so bare that what must come out can be worked out by hand, and how an answer becomes a line of the page."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from analysis.validation.intervals import mean_interval, share_interval
from analysis.validation.target import Target
from sim.runs.face import load_scenario
from sim.scenario.config import Scenario

Sabotage = Mapping[
    str, Any
]  # parameters set otherwise than the answer takes for granted, to see that it would be noticed
ALWAYS, NEVER = 16.0, -16.0  # logits: all but one in ten million, and one in ten million
EVERY_HOUR = 20.0  # sessions a day, which `busy` spreads over the first twenty hours of each day
SURE = 3.0  # standard errors within which a drawn answer agrees

BARE: dict[str, Any] = {
    "scenario": "music_market", "recommender": "chronological", "scale": 1.0, "population.visits": "habit",
    "population.sessions_per_day": EVERY_HOUR, "population.videos_per_session": 60.0, "population.catalogue_posts": 1,
    "population.quality_spread": 0.0, "population.expressiveness_spread": 0.0,
    "audience.watch": ALWAYS, "audience.like": NEVER, "audience.quality_on_like": 0.0, "audience.social_proof": 0.0,
}  # fmt: skip


def bare(users: int, said: Mapping[str, Any], sabotage: Sabotage, seed: int = 1) -> Scenario:
    """A world in which nothing happens but what is said: nobody posts, and people watch what there is without liking it.

    users: in whole blocks; one post stands for one real post.
    """
    chosen = {**BARE, "population.country_users": users, "seed": seed, **said, **sabotage}
    return load_scenario([f"{key}={value}" for key, value in chosen.items()])


def busy(scenario: Scenario) -> Scenario:
    """The same world, a day of which has twenty equal hours and then four silent ones: with 20 sessions a day, one in each."""
    cycle = (0.05,) * 20 + (0.0,) * 4
    return dataclasses.replace(scenario, population=dataclasses.replace(scenario.population, daily_cycle=cycle))


def with_tactics(scenario: Scenario, *names: str) -> Scenario:
    """The same world with some of its campaign's tactics only."""
    tactics = {name: scenario.campaign.tactics[name] for name in names}
    return dataclasses.replace(scenario, campaign=dataclasses.replace(scenario.campaign, tactics=tactics))


def exact(name: str, by_hand: str, answer: float, got: float, agrees: bool, modules: tuple[str, ...]) -> Target:
    """A line about something that is not drawn; agrees: all that was checked, of which the answer is the last number."""
    expected = f"{answer:g}, exactly"
    return Target(name, "known", by_hand, expected, got, got, got, agrees and got == answer, modules)


def drawn_share(
    name: str, formula: str, answer: float, variance: float, successes: int, trials: int, modules: tuple[str, ...]
) -> Target:
    """A line about a share of trials. answer: expected share, variance: of the number of successes under the formula."""
    got, low, high = share_interval(successes, trials)
    near = abs(successes - answer * trials) <= SURE * math.sqrt(variance)
    expected = f"{answer:.4f}, within {SURE:g} standard errors"
    return Target(name, "known", formula, expected, got, low, high, near, modules)


def drawn_mean(name: str, formula: str, answer: float, values: list[float], modules: tuple[str, ...]) -> Target:
    """A line about the mean of independent values."""
    got, low, high = mean_interval(values)
    _, sure_low, sure_high = mean_interval(values, level=0.9973)
    expected = f"{answer:.4g}, within {SURE:g} standard errors"
    return Target(name, "known", formula, expected, got, low, high, sure_low <= answer <= sure_high, modules)
