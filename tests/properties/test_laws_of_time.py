"""Laws of worlds as time goes by: what has passed takes no room, and where nobody does anything nothing happens."""

import copy
import dataclasses

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.numbers.columns import ROOM
from sim.world import changes
from sim.world.platform import Columns
from tests.worlds import small_scenario

SLACK = 256  # rows of a buffer over ROOM times what it held when it was made


def buffers_of_posts(model: CampaignModel) -> dict[str, np.ndarray]:
    """The buffer behind every column that has a row a live post, and behind the table of those that compete."""
    world = model.world
    posts = world.platform.posts
    columns = {field.name: getattr(posts, field.name) for field in dataclasses.fields(posts)} | world.beliefs.posts
    columns |= {"felt": world.minds.felt, "campaign_post": world.truth.campaign_post}
    assert {len(column) for column in columns.values()} == {len(world.platform.posts)}
    buffers = {name: column if column.base is None else column.base for name, column in columns.items()}
    staged = world.beliefs.rest["staged"]
    assert len(staged) <= world.beliefs.rest["share"].shape[1]
    buffers["staged"] = staged if staged.base is None else staged.base
    return buffers | {name: world.beliefs.rest[name].T for name in ("share", "standing")}


def test_memory_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over many times the life of a post, nothing that is kept of posts takes more than half as much again as lives."""
    monkeypatch.setattr(changes, "LIVE_HOURS", 24)
    model = CampaignModel(
        small_scenario(
            users=120,
            more=("calendar.warm_up_days=22", "population.silent=0", "population.newcomers=0", "population.leavers=0"),
        )
    )
    live, size = 0, []
    while model.world.hour < model.clock.end:
        model.step()
        live = max(live, len(model.world.platform.posts))
        buffers = buffers_of_posts(model)
        assert {name: len(b) for name, b in buffers.items() if len(b) > ROOM * live + SLACK} == {}
        assert len(model.world.platform.log) <= 2
        size.append(sum(buffer.nbytes for buffer in buffers.values()))
    assert model.world.platform.first > 8 * live
    window = 4 * 24  # long enough for every column to have been through a buffer
    assert max(size[window:]) <= 1.1 * max(size[:window])


def idle_scenario(**more: float):
    """A quiet campaign, and official accounts that are silent."""
    scenario = small_scenario("quiet", more=tuple(f"population.{name}={value}" for name, value in more.items()))
    silent = tuple(dataclasses.replace(c, official_posts=0.0) for c in scenario.population.candidates)
    return dataclasses.replace(scenario, population=dataclasses.replace(scenario.population, candidates=silent))


def record(model: CampaignModel) -> list[list[object]]:
    """What the platform's servers hold of accounts, posts and follows, and what is in people's minds."""
    world = model.world
    drawers = [world.platform.accounts, world.platform.posts, world.platform.graph, world.minds]
    assert all(isinstance(drawer, Columns) for drawer in drawers[:3])
    columns = [dataclasses.asdict(drawer).values() for drawer in drawers]
    return [[column.tolist() if isinstance(column, np.ndarray) else column for column in drawer] for drawer in columns]


def test_nothing_happens_in_an_empty_world() -> None:
    model = CampaignModel(idle_scenario(sessions_per_day=0, never_post=1))
    before = record(model)
    model.run_until(model.clock.end)
    assert record(model) == before
    assert len(model.world.platform.posts) == 0
    assert model.observer.total("impressions") == 0


def test_nothing_happens_in_an_hour_in_which_nobody_posts_or_opens_the_app() -> None:
    """The recommender may tidy its lists, but the record of a world with a past stays as it is."""
    model = CampaignModel(idle_scenario())
    model.run_until(30)
    busy = copy.deepcopy(model)
    minds = model.world.minds
    minds.posting, minds.sessions = np.zeros_like(minds.posting), np.zeros_like(minds.sessions)
    before = record(model)
    for _ in range(3):
        model.step()
        assert record(model) == before
        assert len(model.world.platform.log[-1].account) == 0
    busy.step()
    assert record(busy) != record(model)
