"""The array engine agrees with the plain Mesa twin exactly, event by event."""

import numpy as np
import pytest

from sim.kernels.reactions import CARRIED
from sim.model import CampaignModel
from sim.world.truth import ASKED_FOR, NOT_CAUSED, PAID_FOR
from tests.reference.plain_twin import PlainModel
from tests.worlds import small_scenario

PAID_TACTICS = {
    "coordinated": {"hire_influencers", "wake_sleepers", "buy_engagement", "give_gifts"},
    "bought_engagement": {"buy_engagement"},
}


def events_of(model: CampaignModel) -> list[tuple[int, int, int, int, int]]:
    """One hour of the engine as (hour, user, post key, lane, reaction)."""
    caught = []
    original = model.people_watch

    def spy(visits, offered):
        caught.append(original(visits, offered))
        return caught[0]

    model.people_watch = spy
    hour = model.world.hour
    model.step()
    del model.people_watch
    feeds, flags = caught[0].feeds, caught[0].flags & ~np.uint8(CARRIED)
    key = model.world.platform.posts.key
    return [
        (hour, int(feeds.visitors[v]), int(key[feeds.row[i]]), int(feeds.lane[i]), int(flags[i]))
        for v in range(len(feeds.visitors))
        for i in range(feeds.offset[v], feeds.offset[v] + feeds.length[v])
    ]


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("campaign", ["coordinated", "bought_engagement", "organic_surge", "quiet"])
def test_engine_agrees_with_the_plain_twin(seed: int, campaign: str) -> None:
    scenario = small_scenario(campaign, seed=seed, more=("campaign.budget=2e7",))
    engine, twin = CampaignModel(scenario), PlainModel(scenario)
    lanes: set[int] = set()
    for _ in range(scenario.clock.end):
        before = len(twin.events)
        events = events_of(engine)
        twin.step()
        assert events == twin.events[before:]
        lanes |= {event[3] for event in events}
    assert lanes == {0, 1, 2, 3}  # shared, followed, trial and promoted posts were all met
    posts, beliefs = engine.world.platform.posts, engine.world.beliefs
    assert [post.views for post in twin.posts] == posts.views.tolist()
    assert [post.stage for post in twin.posts] == beliefs.posts["stage"].tolist()
    assert twin.threshold == beliefs.rest["threshold"].tolist()
    assert np.array([user.taste for user in twin.people]).tolist() == beliefs.accounts["taste"].tolist()
    assert twin.headquarters.books == engine.headquarters.books
    if campaign in ("coordinated", "bought_engagement"):
        assert {tactic for _, tactic, _, _ in engine.headquarters.books} >= PAID_TACTICS[campaign]
    if campaign == "coordinated":
        assert set(engine.world.truth.campaign_post.tolist()) == {NOT_CAUSED, PAID_FOR, ASKED_FOR}
        assert (posts.spoken_of >= 0).any()
