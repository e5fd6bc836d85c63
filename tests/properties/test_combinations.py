"""An hour of every recommender under every policy on the classroom world, as the presets in scenarios/ name them."""

import copy
import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.kernels.columns import HIDDEN
from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.scenario.config import Moderation
from sim.world.enforcement import ENDS, ON_ACCOUNT, ON_POST
from sim.world.platform import REMOVED, SUSPENDED

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RECOMMENDERS = sorted(preset.stem for preset in (SCENARIOS / "recommender").glob("*.yaml"))
POLICIES = sorted(preset.stem for preset in (SCENARIOS / "moderation").glob("*.yaml"))
CAPS = {"cap_candidate", "cap_hashtag", "cap_author"}


@cache
def moderation_of(policy: str) -> Moderation:
    """A preset whose desk loses no time, so that one hour shows what it does."""
    moderation = load_scenario([f"moderation={policy}"]).moderation
    desk = moderation.desk
    at_once = {"delay": 0} if hasattr(desk, "delay") else {"delay_median": 0.0, "delay_spread": 0.0}
    return dataclasses.replace(moderation, desk=dataclasses.replace(desk, **at_once))


@cache
def busy_world(recommender: str) -> CampaignModel:
    """The classroom in the days in which all tactics act, made with one day of warm-up; nothing has been moderated."""
    names = [f"recommender={recommender}", "days=3", "calendar.warm_up_days=1"]
    model = CampaignModel(load_scenario(["scenario=classroom", *names]))
    model.run_until(model.clock.start + 12)
    return model


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("recommender", RECOMMENDERS)
def test_an_hour(recommender: str, policy: str) -> None:
    model = copy.deepcopy(busy_world(recommender))
    model.take_up_moderation(dataclasses.replace(model.rules, moderation=moderation_of(policy)))
    hour, shown = model.world.hour, model.observer.total("impressions_all")
    model.hour_passes()
    decided = model.moderation_decides(model.rules, model.suspicion)
    model.moderation_acts(decided)
    platform = model.world.platform
    assert model.world.hour == hour + 1
    assert {r.action for r in decided} <= set(ON_POST) | set(ON_ACCOUNT) | set(ENDS) | CAPS | {"restore"}
    for r in decided:  # what was decided stands in the record
        if r.action in ON_ACCOUNT and r.account >= 0:
            assert platform.accounts.status[r.account] & ON_ACCOUNT[r.action]
        elif r.action in ON_POST and r.post >= 0:
            assert platform.posts.status[r.post - platform.first] & ON_POST[r.action]
    assert (policy == "none") <= (not decided)
    feeds, kept_out = [], np.flatnonzero(platform.posts.status & HIDDEN)
    watched = model.people_watch
    model.people_watch = lambda visits, offered: feeds.append(watched(visits, offered)) or feeds[-1]
    model.hour_passes()  # and the next hour honours it
    assert model.observer.total("impressions_all") > shown
    met = feeds[0].feeds
    for v, direct in enumerate(feeds[0].direct):
        rows = met.row[met.offset[v] : met.offset[v] + met.length[v]]
        assert not (platform.posts.status[rows] & REMOVED).any()
        assert not np.isin(rows[direct:], kept_out).any()
    shut = np.flatnonzero(platform.accounts.status & SUSPENDED)
    assert not np.isin(model.world.platform.posts.author[model.world.platform.posts.hour == hour + 1], shut).any()
