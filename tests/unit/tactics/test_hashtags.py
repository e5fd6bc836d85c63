"""Generic hashtags, and the tactic that rides on the one that trends."""

import numpy as np

from sim.model import CampaignModel
from sim.world.background import CANDIDATE_TAG
from sim.world.content import GENERIC, content, tagged_by_subject
from sim.world.platform import COMMENT
from sim.world.truth import ASKED_FOR, SLEEPER, VOLUNTEER
from tests.worlds import small_scenario

RICH = ("campaign.budget=1e8",)


def test_ordinary_posts_carry_the_hashtag_of_their_main_subject() -> None:
    topic = np.array([[3, 90, 4, 100, 50], [80, 1, 2, 0, 0], [80, 1, 2, 0, 0], [80, 1, 2, 0, 0]], dtype=np.int8)
    candidate, given = np.array([-1, -1, 2, -1]), np.array([0, 0, 0, 11])
    assert tagged_by_subject(topic, candidate, given).tolist() == [GENERIC + 1, GENERIC, 0, 11]
    model = CampaignModel(small_scenario("quiet", days=1))
    model.run_until(model.clock.end)
    posts, axes = model.world.platform.posts, model.rules.population.axes
    ordinary = posts.candidate < 0
    assert (posts.hashtag[ordinary] == GENERIC + posts.topic[ordinary][:, :axes].argmax(axis=1)).all()
    tags = posts.hashtag[~ordinary]
    assert (tags > 0).any()
    assert ((tags == 0) | (tags == CANDIDATE_TAG + posts.candidate[~ordinary])).all()  # some carry the candidate's own


def test_a_post_under_a_generic_hashtag_is_about_its_subject() -> None:
    rules = small_scenario()
    key, interest = np.array([5, 5], dtype=np.uint32), np.full((2, rules.population.axes + 2), 40, dtype=np.int8)
    made = content(
        rules.population, rules.audience, 1, key, interest, np.zeros(2), np.array([0, 0]), np.array([0, GENERIC + 2])
    )
    assert made.felt[0] == made.felt[1]
    assert made.topic[1, : rules.population.axes].argmax() == 2
    assert made.topic[1, 2] > made.topic[0, 2]
    assert (made.topic[0, -2:] == made.topic[1, -2:]).all()  # as political as before


def test_riding_posts_and_comments_go_where_the_views_are() -> None:
    scenario = small_scenario("hashtag_riding", more=(*RICH, "campaign.tactics.flood_hashtag.posts=2"))
    model = CampaignModel(scenario)
    tactic = model.headquarters.tactics["flood_hashtag"]
    trends: dict[int, int] = {}
    views: dict[int, np.ndarray] = {}
    better: list[bool] = []
    commented = []
    original = model.acts_of

    def spy(actors):
        from sim.actors.base import public

        platform = model.world.platform
        trends[model.world.hour] = tactic.trend(public(platform), model.world.hour)
        views[model.world.hour] = platform.posts.views + 0
        return original(actors)

    model.acts_of = spy
    while model.world.hour < model.clock.end:
        model.hour_passes()
        platform, role = model.world.platform, model.world.truth.role
        log = platform.log[-1]
        acts = zip(log.account, log.post, log.verb, log.elsewhere, strict=True)
        for account, number, verb, sent in acts:
            row = int(number) - platform.first
            generic = platform.posts.hashtag[row] >= GENERIC and platform.posts.candidate[row] < 0
            if sent and verb == COMMENT and role[account] == SLEEPER and generic:
                commented.append(
                    (model.world.hour, int(platform.posts.hour[row]), int(platform.posts.hashtag[row]), row)
                )
        chosen = sorted({row for hour, _, _, row in commented if hour == model.world.hour})
        if chosen:
            posts, seen = platform.posts, views[model.world.hour]
            rivals = (
                (posts.hashtag == posts.hashtag[chosen[0]])
                & (posts.hour == posts.hour[chosen[0]])
                & (posts.candidate < 0)
            )
            others = np.setdiff1d(np.flatnonzero(rivals), chosen)
            better.append(all(seen[others] <= seen[chosen].min()))
        model.moderation_acts([])
    assert len(commented) > 20
    assert len(better) > 10
    assert all(better)  # the most viewed ones are chosen
    assert all(hour - born == tactic.age and tag == trends[hour] for hour, born, tag, _ in commented)
    posts = model.world.platform.posts
    rows = sorted({row for *_, row in commented})
    assert (posts.spoken_of[rows] == model.rules.focal).mean() > 0.8
    riding = (posts.hashtag >= GENERIC) & (posts.candidate == model.rules.focal)
    assert riding.sum() > 5
    assert (posts.hashtag[riding] == [trends[int(hour)] for hour in posts.hour[riding]]).all()
    assert (model.world.truth.role[posts.author[riding]] == VOLUNTEER).all()
    assert (model.world.truth.campaign_post[riding] == ASKED_FOR).all()
    assert len(np.unique(posts.key)) == len(posts)  # no post takes another's key


def test_trend_is_the_hashtag_with_most_views_and_the_lowest_of_equals() -> None:
    from sim.actors.base import public

    model = CampaignModel(small_scenario("hashtag_riding", days=1, more=RICH))
    model.run_until(30)
    posts, tactic = model.world.platform.posts, model.headquarters.tactics["flood_hashtag"]
    fresh = (posts.hour >= 30 - tactic.fresh_hours) & (posts.hour < 30)
    posts.hashtag[:], posts.views[:] = GENERIC + 3, 0
    first, second = np.flatnonzero(fresh)[:2]
    posts.hashtag[[first, second]], posts.views[[first, second]] = [GENERIC + 5, GENERIC + 1], [7, 7]
    assert tactic.trend(public(model.world.platform), 30) == GENERIC + 1
    posts.views[first] = 8
    assert tactic.trend(public(model.world.platform), 30) == GENERIC + 5
    posts.hashtag[:] = 11
    assert tactic.trend(public(model.world.platform), 30) == 0
