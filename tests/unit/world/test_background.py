"""What genuine people do that looks like a campaign, seen from outside."""

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.numbers.luck import draw_array, threshold
from sim.world.background import STORMY
from sim.world.content import GENERIC
from sim.world.platform import COMMENT, NOBODY, REPORT
from tests.worlds import CROWDED, small_scenario


@pytest.fixture(scope="module")
def crowd() -> tuple[CampaignModel, np.ndarray]:
    """A quiet world to its end; and account, post, verb, second since the beginning, and whether off the feed, of every act."""
    model = CampaignModel(small_scenario("quiet", users=600, more=CROWDED))
    acts = []
    while model.world.hour < model.clock.end:
        model.step()
        log = model.world.platform.log[-1]
        when = log.second + 3600 * (model.world.hour - 1)
        acts.append(np.stack([log.account, log.post, log.verb, when, log.elsewhere]).astype(np.int64))
    return model, np.concatenate(acts, axis=1)


def test_circles_are_followers_of_one_account_each_once(crowd) -> None:
    model, _ = crowd
    circles, graph = model.world.circles, model.world.platform.graph
    assert len(circles.subject) == 60
    for c in range(len(circles.subject)):
        members = circles.member[circles.start[c] : circles.start[c + 1]]
        assert len(set(members.tolist())) == len(members)
        assert all(graph.follows(int(member), int(circles.subject[c])) for member in members)
    sizes = np.diff(circles.start)
    assert sizes.max() > 2 * np.median(sizes[sizes > 0])


def test_members_come_to_posts_of_their_own_circle_only_and_mostly_soon(crowd) -> None:
    model, (account, post, verb, when, off) = crowd
    posts, circles, first = model.world.platform.posts, model.world.circles, model.world.platform.first
    followed = {(int(m), int(circles.subject[c])) for c, m in zip(
        np.repeat(np.arange(len(circles.subject)), np.diff(circles.start)), circles.member, strict=True)}  # fmt: skip
    came = off == 1
    assert came.sum() > 100
    rows = post[came] - first
    assert all((int(a), int(posts.author[r])) in followed for a, r in zip(account[came], rows, strict=True))
    delay = when[came] - 3600 * posts.hour[rows].astype(np.int64) - posts.second[rows]
    assert delay.min() >= 0
    median = model.rules.background.circle_median
    assert 0.5 * median < np.median(delay) < 2 * median
    assert np.quantile(delay, 0.95) > 5 * median  # a heavy tail
    assert (verb[came] == REPORT).any()


def test_the_same_people_act_together_again_and_again(crowd) -> None:
    _, (account, post, _, when, off) = crowd
    met: dict[tuple[int, int], set[int]] = {}
    for number in np.unique(post[off == 1]):
        here = (post == number) & (off == 1)
        who = sorted(set(account[here][np.argsort(when[here])].tolist()))
        for one in who:
            for other in who:
                if one < other:
                    met.setdefault((one, other), set()).add(int(number))
    assert max(len(posts) for posts in met.values()) >= 3


def test_in_a_world_that_is_too_kind_nobody_comes_together() -> None:
    model = CampaignModel(small_scenario("quiet", more=("background=none",)))
    while model.world.hour < model.clock.end:
        model.step()
        assert not model.world.platform.log[-1].elsewhere.any()
    posts = model.world.platform.posts
    assert posts.named.sum() == 0
    assert not posts.sound.any()


def test_ordinary_comments_name_candidates_and_more_so_where_a_post_does(crowd) -> None:
    model, _ = crowd
    posts = model.world.platform.posts
    political, other = (
        (posts.candidate != NOBODY) & (posts.comments > 0),
        (posts.candidate == NOBODY) & (posts.comments > 0),
    )
    shares = [posts.named[which].sum() / posts.comments[which].sum() for which in (political, other)]
    assert shares[0] == pytest.approx(model.rules.background.names, abs=0.06)
    assert 0 < shares[1] < model.rules.background.names_elsewhere


def test_sounds_go_round_and_their_numbers_tell_nothing(crowd) -> None:
    model, _ = crowd
    posts, plan = model.world.platform.posts, model.rules.background
    used, counts = np.unique(posts.sound[posts.sound > 0], return_counts=True)
    assert (posts.sound > 0).mean() == pytest.approx(plan.sounds + plan.briefs, abs=0.05)
    assert counts.max() > 5 * np.median(counts)
    campaign = CampaignModel(small_scenario(more=("campaign.tactics.mobilise_volunteers.posts=2",)))
    campaign.run_until(campaign.clock.end)
    clips = campaign.world.platform.posts.sound[campaign.world.truth.campaign_post > 0]
    clips = clips[clips > 0]
    assert len(clips) > 5
    for numbers in (used, clips):
        assert np.median(numbers) > 2**26  # spread over all that there are
    assert not (posts.hashtag[posts.candidate == NOBODY] < GENERIC).any()


def test_accounts_are_opened_and_others_fall_silent(crowd) -> None:
    model, (account, _, verb, when, _) = crowd
    world = model.world
    accounts, minds = world.platform.accounts, world.minds
    new = np.flatnonzero(accounts.registered > 0)
    assert len(new) == round(600 * 0.02 * world.clock.end / 24)
    np.testing.assert_array_equal(accounts.registered[new], minds.returns[new])
    assert np.isin(account, new).any()
    fed = verb != COMMENT  # who comes with a circle was there when it was called
    assert (when[fed] >= 3600 * minds.returns[account[fed]].astype(np.int64)).all()
    gone = minds.leaves[account] < world.clock.end
    assert gone.any()
    assert (
        when[gone] < 3600 * (minds.leaves[account[gone]].astype(np.int64) + 1)
    ).all()  # a session may go on past the hour


def test_a_storm_draws_many_comments_a_view_and_other_posts_draw_the_usual(crowd) -> None:
    model, _ = crowd
    posts, share = model.world.platform.posts, model.rules.background.storms
    storm = draw_array(posts.key, STORMY) < threshold(share)
    assert storm.mean() == pytest.approx(share, abs=0.05)
    of_storms, of_others = (posts.comments[some].sum() / posts.watched[some].sum() for some in (storm, ~storm))
    assert of_storms > of_others + 0.5 * model.rules.background.storm_comments


def test_whom_posts_name_is_followed_by_some_who_watched_them() -> None:
    """With nobody looking up, the same world has fewer new followers of candidates."""
    gained = {}
    for share in (0.3, 0.0):
        model = CampaignModel(small_scenario("quiet", users=600, more=(*CROWDED, f"background.look_up={share}")))
        begun = model.world.platform.accounts.followers.copy()
        model.run_until(40)
        gained[share] = model.world.platform.accounts.followers - begun
    officials = model.headquarters.officials
    assert gained[0.3][officials].sum() > 3 * max(gained[0.0][officials].sum(), 10)
    assert model.world.platform.accounts.followers[officials].max() < len(begun)
