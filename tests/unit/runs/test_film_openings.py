"""Worlds that begin alike are begun once, and come out as they do alone."""

import pytest

from sim.model import CampaignModel
from sim.runs.face import Openings, film_world, simulate
from sim.scenario.config import Scenario
from tests.worlds import CROWDED, FIXED, small_scenario


def scenario(campaign: str, moderation: str = "none", days: int = 2) -> Scenario:
    return small_scenario(campaign, moderation, users=400, days=days, more=(FIXED, *CROWDED))


def test_worlds_from_one_opening_have_the_digests_of_worlds_alone() -> None:
    openings, hours = Openings(), list[int]()

    def note(model: CampaignModel) -> None:
        hours.append(model.world.hour)

    start, end = scenario("quiet").clock.start, scenario("quiet").clock.end
    assert start > 0
    for campaign, moderation, run in (
        ("quiet", "none", end),
        ("coordinated", "none", end - start),
        ("coordinated", "suspend_coordinated", end),  # reads the record before it starts
        ("quiet", "suspend_coordinated", end - start),
        ("coordinated", "none", end - start),
    ):
        hours.clear()
        filmed = film_world(scenario(campaign, moderation), None, note, openings)
        assert len(hours) == run, (campaign, moderation)
        assert filmed.run["digest"] == simulate(scenario(campaign, moderation)).run["digest"], (campaign, moderation)


@pytest.mark.parametrize("most", [1, 2])
def test_the_opening_that_was_not_asked_for_longest_goes(most: int) -> None:
    openings = Openings(most)
    for days in (1, 2, 1):
        openings.of(scenario("quiet", days=days))
    assert len(openings.kept) == most
