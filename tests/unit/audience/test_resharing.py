"""A resharing network: feeds by hand, who reshares what, infiltration, flooding, takedown, and what is measured."""

import dataclasses

import numpy as np
import pytest

from sim.audience.resharing import appeal_at, quality_at
from sim.measures.feed_quality import FeedQuality
from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.scenario.schema import ScenarioError
from sim.world import changes
from sim.world.actions import Infiltrate, Request
from sim.world.infiltration import infiltration
from sim.world.platform import REMOVED, SHARE
from sim.world.truth import SLEEPER
from tests.worlds import accounts_of, people_of

SMALL = ("scenario=simsom", "population.country_users=250.0", "population.sleepers=12.0", "population.follows=12",
         "population.follows_spread=0.5")  # fmt: skip


def small(*more: str) -> CampaignModel:
    return CampaignModel(load_scenario([*SMALL, *more]))


def feeds_of(model: CampaignModel) -> list[list[int]]:
    """Numbers of the posts that stand in each account's feed."""
    beliefs = model.world.beliefs
    first, post = int(beliefs.rest["event_first"][0]), beliefs.rest["event_post"]
    return [
        [int(post[event - first]) for event in feed if event >= 0] for feed in beliefs.accounts["feed_event"].tolist()
    ]


@pytest.mark.parametrize("rate", [0.5, 10.0])
def test_quality_has_the_published_density(rate: float) -> None:
    """Its mean is that of the density proportional to exp(rate q) on 0 to 1: .9 at rate 10."""
    u = (np.arange(100_000) + 0.5) / 100_000
    q = quality_at(u, rate)
    assert ((q >= 0) & (q <= 1)).all()
    assert q.mean() == pytest.approx(1.0 / (1.0 - np.exp(-rate)) - 1.0 / rate, abs=1e-4)


@pytest.mark.parametrize("power", [0.0, 4.0])
def test_appeal_has_the_published_density(power: float) -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    assert appeal_at(u, power).mean() == pytest.approx(1.0 / (2.0 + power), abs=1e-4)


def test_everybody_posts_or_reshares_once_a_step() -> None:
    model = small("campaign=quiet")
    for hour in range(6):
        before = len(model.world.platform.posts)
        model.step()
        log = model.world.platform.log[-1]
        posted = model.world.platform.posts.author[before:]
        shared = log.account[log.verb == SHARE]
        assert len(set(posted)) == len(posted)
        assert not set(posted) & set(shared)
        if hour > 1:  # by then nobody's feed is empty
            assert sorted([*posted, *shared]) == people_of(model).tolist()
            assert 80 < len(posted) < 170


def test_feeds_hold_the_youngest_messages_of_those_followed() -> None:
    model = small("campaign=quiet")
    model.run_until(5)
    before = feeds_of(model)
    changes.open_hour(model.world, model.rules.background)
    model.recommender_ranks(model.people_open_the_app())
    graph, posts, logs = model.world.platform.graph, model.world.platform.posts, model.world.platform.log
    feeds = feeds_of(model)
    for user in people_of(model):
        feed = feeds[user]
        followed = graph.following[graph.following_start[user] : graph.following_start[user + 1]]
        last = {int(n) for n in np.flatnonzero((posts.hour == 4) & np.isin(posts.author, followed))}
        last |= {int(n) for n in logs[-2].post[np.isin(logs[-2].account, followed)]}
        assert len(set(feed)) == len(feed) <= 15
        assert user not in posts.author[feed]
        fresh = {number for number in last if posts.author[number] != user} - set(before[user])
        assert fresh
        assert set(feed) - fresh <= set(before[user])
        assert fresh <= set(feed) or set(feed) < fresh  # what is older leaves first
    assert any(len(feed) == 15 for feed in feeds_of(model))


def test_removed_messages_leave_all_feeds() -> None:
    model = small("campaign=quiet")
    model.run_until(5)
    number = next(feed[0] for feed in feeds_of(model) if feed)
    changes.enforce(model.world, [Request("test", "remove", post=number)])
    model.step()
    assert model.world.platform.posts.status[number] & REMOVED
    assert all(number not in feed for feed in feeds_of(model))


def test_a_withdrawn_posting_leaves_the_feeds_that_it_brought_it_to_and_no_others() -> None:
    model = small("campaign=quiet")
    model.run_until(5)
    log = model.world.platform.log[-1]
    account, number = int(log.account[0]), int(log.post[0])
    changes.enforce(model.world, [Request("test", "withdraw", account=account, post=number)])
    model.step()
    beliefs = model.world.beliefs
    mine = (beliefs.rest["event_account"] == account) & (beliefs.rest["event_hour"] == 4)
    assert mine.sum() == 1
    assert (beliefs.rest["event_post"][mine] == -1).all()
    assert not np.isin(beliefs.accounts["feed_event"], np.flatnonzero(mine)).any()
    assert not model.world.platform.posts.status[number] & REMOVED


@pytest.mark.parametrize("whom", ["random", "hubs", "partisans", "left", "right"])
def test_infiltration_reaches_whom_it_targets(whom: str) -> None:
    model = small("population.follows=4", "population.audience_spread=2")
    world, people, accounts = model.world, people_of(model), tuple(accounts_of(model, SLEEPER).tolist())
    follower, followed = infiltration(world, Infiltrate(accounts, 0.2, whom, 3, 1, 0.0))
    users = np.isin(follower, people)
    assert np.isin(followed, accounts).all()
    assert (follower != followed).all()
    assert len({*zip(follower.tolist(), followed.tolist(), strict=True)}) == len(follower)
    assert np.bincount(follower[~users]).max() == 3
    assert users.sum() == pytest.approx(0.2 * 250 * 12, abs=4 * np.sqrt(0.16 * 3000))
    leaning = world.minds.interest[:, -1].astype(float)
    followers, chosen = world.platform.accounts.followers, follower[users]
    gain = {
        "random": 0.0, "hubs": followers[chosen].mean() / followers[people].mean() - 1.2,
        "partisans": np.abs(leaning[chosen]).mean() / np.abs(leaning[people]).mean() - 1.1,
        "left": -leaning[chosen].max(), "right": leaning[chosen].min(),
    }[whom]  # fmt: skip
    assert gain >= 0


def test_the_number_of_followers_does_not_depend_on_who_they_are() -> None:
    model = small()
    accounts = tuple(accounts_of(model, SLEEPER).tolist())
    counts = [
        len(infiltration(model.world, Infiltrate(accounts, 0.1, whom, 0, 1, 0.0))[0])
        for whom in ("random", "partisans")
    ]
    assert counts[0] == counts[1] > 0


def test_directed_accounts_make_messages_without_quality_and_flood() -> None:
    tactic = "campaign.tactics.infiltrate"
    model = small(f"{tactic}.copies=5", f"{tactic}.enticing=1", f"{tactic}.followed_by=0.2")
    model.run_until(30)
    world = model.world
    sleepers = accounts_of(model, SLEEPER)
    theirs = np.isin(world.platform.posts.author, sleepers)
    assert theirs.any()
    assert (world.minds.quality[theirs] == 0).all()
    assert (world.minds.felt[theirs] == 1 << 20).all()
    assert (world.minds.quality[~theirs] > 0).mean() > 0.99
    log = world.platform.log[-1]
    own = np.isin(log.account, sleepers)
    assert own.any()
    assert set(np.unique(log.account[own], return_counts=True)[1]) <= {4, 5}  # of a post of this hour 4 further copies
    assert np.unique(log.account[~own], return_counts=True)[1].max() == 1
    quiet = small("campaign=quiet")
    quiet.run_until(30)
    assert not np.isin(quiet.world.platform.posts.author, sleepers).any()


def test_takedown_leaves_fewer_unlawful_messages_the_faster_it_is() -> None:
    base = (
        "scenario=delayed_takedown",
        "population.country_users=500.0",
        "population.follows=30",
        "population.unlawful=0.05",
    )
    found = []
    for arm in (
        "moderation.policies.take_down.half_life=0.25",
        "moderation.policies.take_down.half_life=4",
        "moderation=none",
    ):
        model = CampaignModel(load_scenario([*base, arm]))
        model.run_until(60)
        posts, unlawful = model.world.platform.posts, model.world.truth.unlawful
        removed = (posts.status & REMOVED) > 0
        assert not (removed & ~unlawful).any()
        assert unlawful.mean() == pytest.approx(0.05, abs=0.01)
        assert len(set(posts.author[unlawful])) <= 80
        found.append(model.observer.asked_for(model.world, 0))
    for measure in ("unlawful_prevalence", "unlawful_reach"):
        assert found[0][measure] < found[1][measure] < found[2][measure]


def test_half_of_what_is_found_is_gone_after_a_half_life() -> None:
    more = ("population.country_users=500.0", "population.unlawful=0.1", "moderation.policies.take_down.half_life=5")
    model = CampaignModel(load_scenario(["scenario=delayed_takedown", *more]))
    model.run_until(60)
    posts, unlawful = model.world.platform.posts, model.world.truth.unlawful
    aged = unlawful & (posts.hour >= 24) & (posts.hour <= 50)
    born = posts.hour[aged]
    survives = ((posts.status[aged] & REMOVED) == 0).mean()
    expected = (0.5 ** ((60 - born) / 5)).mean()
    assert survives == pytest.approx(expected, abs=4 * np.sqrt(expected / aged.sum()))


class FeedsOfTwo:
    """Two visitors: the first sees the first two of some posts, the second the rest."""

    def __init__(self, row: list[int]) -> None:
        self.feeds = self
        self.visitors, self.offset = np.array([0, 1], np.int32), np.array([0, 2])
        self.length, self.row = np.array([2, len(row) - 2], np.int32), np.array(row, np.int32)


class WorldOfTwo:
    """Posts of quality 1, .5 and 0; the first visitor is genuine."""

    def __init__(self) -> None:
        self.minds = self.truth = self
        self.quality, self.genuine = np.array([1024, 512, 0], np.int32), np.array([True, False])


def test_feed_quality_by_hand() -> None:
    world, measure, notes = WorldOfTwo(), FeedQuality(0.8, 0.01), {}
    for row, q in (
        ([0, 1, 2], 0.95),
        ([1, 1, 0], 0.86),
        ([1, 1, 0], 0.788),
    ):  # from 1, a fifth of the way to .75, .5 and .5
        measure.note(world, FeedsOfTwo(row), notes)
        assert measure.read(world, notes, 0)["quality"] == pytest.approx(q)
    assert "took" not in notes
    measure = dataclasses.replace(measure, settled=0.08)
    measure.note(world, FeedsOfTwo([1, 1, 0]), notes)
    assert notes["took"] == 4


@pytest.mark.parametrize(("row", "settles"), [([0, 1, 2], True), ([1, 1, 0], True), ([2, 2, 0], False)])
def test_feed_quality_cannot_settle_before_it_has_come_down(row: list[int], settles: bool) -> None:
    """However steady feeds are: with the published memory and change, from 1 down to .75 or .5. On the way to 0 it never changes little."""
    world, measure, notes = WorldOfTwo(), FeedQuality(0.8, 1e-4), {}
    for _ in range(200):
        measure.note(world, FeedsOfTwo(row), notes)
    assert ("took" in notes) == settles
    assert notes.get("took", 200) >= 24


def test_resharing_refuses_standing_lists() -> None:
    scenario = dataclasses.replace(
        load_scenario(SMALL), recommender=load_scenario(["recommender=popularity"]).recommender
    )
    with pytest.raises(ScenarioError, match="inbox"):
        CampaignModel(scenario).run_until(2)


def test_resharing_works_with_feeds_that_do_not_stay() -> None:
    chronological = load_scenario(["recommender=chronological"]).recommender
    model = CampaignModel(dataclasses.replace(load_scenario(SMALL), recommender=chronological))
    model.run_until(8)
    log = model.world.platform.log[-1]
    assert (log.verb == SHARE).sum() > 50
