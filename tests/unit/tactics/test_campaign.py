"""What the campaign's tactics do, seen from outside: whom they reach, when, and for what money."""

import numpy as np
import pytest

from sim.actors.volunteer_network import VolunteerNetwork
from sim.model import CampaignModel
from sim.numbers.luck import Chance, Decision
from sim.world.actions import Sway
from sim.world.changes import sway
from sim.world.platform import COMMENT
from sim.world.truth import ASKED_FOR, INFLUENCER, ORDINARY, PAID_FOR, VOLUNTEER
from tests.worlds import small_scenario

RICH = ("campaign.budget=1e8",)


def hours_of(model: CampaignModel):
    """Run to the end, hour by hour."""
    while model.world.hour < model.clock.end:
        model.hour_passes()
        yield model
        model.moderation_acts([])


def test_comment_flood_begins_seconds_after_a_generic_post_and_redirects_it() -> None:
    model = CampaignModel(small_scenario(more=RICH))
    flood = model.headquarters.tactics["flood_comments"]
    sleepers = {account for cell in model.headquarters.cells for account in cell.accounts}
    delays: dict[int, list[int]] = {}
    for now in hours_of(model):
        platform, log = now.world.platform, now.world.platform.log[-1]
        for account, number, verb, second in zip(log.account, log.post, log.verb, log.second, strict=True):
            row = number - platform.first
            age = 3600 * (platform.hour - int(platform.posts.hour[row])) + int(second) - int(platform.posts.second[row])
            if verb == COMMENT and account in sleepers and platform.posts.candidate[row] < 0 and age < 3600:
                delays.setdefault(int(number), []).append(age)
    posts = model.world.platform.posts
    floods = [row for row in delays if min(delays[row]) <= flood.first + flood.spread]
    assert len(floods) >= 5
    assert min(min(times) for times in delays.values()) >= flood.first
    assert (posts.spoken_of[[row - model.world.platform.first for row in floods]] == model.rules.focal).mean() > 0.8
    assert (posts.hashtag[[row - model.world.platform.first for row in floods]] == flood.hashtag).all()


def test_more_influencers_than_the_share_of_a_small_world_post_and_cost_no_more_together() -> None:
    """Six are its share; with 24, each stands for a quarter of one: a quarter of the posts, at four times the price a follower."""
    posts, money = [], []  # money for each follower: audiences are only nearly what they should be
    for least in (0, 24):
        more = (*RICH, f"population.influencers_least={least}", "campaign.tactics.hire_influencers.price=400")
        model = CampaignModel(small_scenario(users=400, days=9, more=more))
        assert len(model.headquarters.influencers) == max(6, least)
        assert model.headquarters.real_influencers_each == pytest.approx(6 / max(6, least))
        model.run_until(model.clock.end)
        paid = [cents for _, tactic, _, cents in model.headquarters.books if tactic == "hire_influencers"]
        posts.append(len(paid))
        accounts = [influencer.account for influencer in model.headquarters.influencers]
        money.append(sum(paid) / int(model.world.platform.accounts.followers[accounts].sum()))
    assert posts[0] > 100
    assert posts[1] == pytest.approx(posts[0], rel=0.25)
    assert money[1] == pytest.approx(money[0], rel=0.25)


def test_channel_grows_by_word_of_mouth_and_those_who_leave_stay_away() -> None:
    model = CampaignModel(small_scenario())
    channel = VolunteerNetwork(model, 0, range(400), [1 / 24] * 24)
    channel.open(0.1, Chance(1, Decision.ACTOR, 0))
    sizes, gone = [len(channel.members)], set()
    for day in range(60):
        channel.day_passes(0.3, 0.02, Chance(1, Decision.ACTOR, 24 * day))
        assert not gone & set(channel.members)
        gone = set(channel.left)
        sizes.append(len(channel.members))
    assert 20 <= sizes[0] <= 60
    assert max(sizes) > 4 * sizes[0]
    assert len(gone) > 50
    lonely = VolunteerNetwork(model, 0, range(400), [1 / 24] * 24)
    lonely.day_passes(0.3, 0.02, Chance(1, Decision.ACTOR, 0))
    assert lonely.members == []  # nobody tells anybody


def test_volunteers_are_ordinary_people_in_the_quiet_world() -> None:
    quiet, campaign = (CampaignModel(small_scenario(name, more=RICH)) for name in ("quiet", "coordinated"))
    assert (quiet.world.truth.role == campaign.world.truth.role).all()
    assert quiet.world.truth.genuine[quiet.world.truth.role == VOLUNTEER].all()
    for model in (quiet, campaign):
        model.run_until(model.clock.end)
    assert not quiet.world.truth.campaign_post.any()
    asked = campaign.world.truth.campaign_post == ASKED_FOR
    assert asked.any()
    assert (campaign.world.truth.role[campaign.world.platform.posts.author[asked]] == VOLUNTEER).all()
    sounds = campaign.world.platform.posts.sound[asked]
    assert (sounds == 0).any()  # edited
    assert (sounds > 0).any()  # recognisable copies


def test_gifts_go_to_those_who_promoted_and_are_answered_by_posts() -> None:
    more = (*RICH, "campaign.tactics.give_gifts.rewarded=1.0", "campaign.tactics.give_gifts.response=4.0")
    model = CampaignModel(small_scenario(more=more, days=3))
    model.run_until(model.clock.end)
    gifts = [(hour, account) for hour, tactic, account, _ in model.headquarters.books if tactic == "give_gifts"]
    assert gifts
    posts, role = model.world.platform.posts, model.world.truth.role
    for hour, account in gifts:
        assert hour % 24 == 21
        assert role[account] in (ORDINARY, VOLUNTEER)
        earlier = (posts.author == account) & (posts.candidate == model.rules.focal) & (posts.hour < hour)
        assert earlier.any()
    paid = model.world.truth.campaign_post == PAID_FOR
    answered = paid & (role[posts.author] != INFLUENCER)
    assert answered.any()
    assert set(posts.author[answered].tolist()) <= {account for _, account in gifts}


def test_gifts_stop_at_their_share_of_the_money() -> None:
    more = (*RICH, "campaign.tactics.give_gifts.rewarded=1.0", "campaign.tactics.give_gifts.most=1e6")
    model = CampaignModel(small_scenario(more=more))
    model.run_until(model.clock.end)
    given = sum(cents for _, tactic, _, cents in model.headquarters.books if tactic == "give_gifts")
    assert 0 < given <= 100 * 1e6 * model.rules.scale


def test_a_surge_pays_nobody_and_makes_more_people_post_and_like() -> None:
    quiet, surge = (CampaignModel(small_scenario(name, days=4)) for name in ("quiet", "organic_surge"))
    for model in (quiet, surge):
        model.run_until(model.clock.end)
    assert surge.headquarters.books == []
    assert not surge.world.truth.campaign_post.any()
    assert surge.world.minds.appeal[0] > 0
    assert surge.observer.total("impressions", 0) > quiet.observer.total("impressions", 0)


@pytest.mark.parametrize("supporters", [0.0, 0.2, 1.0])
def test_sway_wins_the_given_share_of_those_without_a_candidate(supporters: float) -> None:
    model = CampaignModel(small_scenario(users=2000))
    before = model.world.minds.supports.copy()
    sway(model.world, [Sway(0, 0.5, supporters)])
    users = model.world.platform.users
    free = before[:users] < 0
    assert (model.world.minds.supports[:users][free] == 0).mean() == pytest.approx(supporters, abs=0.04)
    assert np.array_equal(model.world.minds.supports[:users][~free], before[:users][~free])
