"""What recommenders learn and rank, on small records with known answers, and in small worlds."""

import dataclasses

import numpy as np
import pytest

from sim.kernels.reactions import COMMENTED, LIKED, REPORTED, WATCHED
from sim.model import CampaignModel
from sim.numbers.arithmetic import LOGIT
from sim.numbers.luck import Chance, Decision
from sim.recommenders.base import Recommender
from sim.scenario.schema import ScenarioError
from sim.world.actions import Feeds, Shown, Tally, Visits
from sim.world.platform import COMMENT, FOLLOWERS_ONLY, LIKE, REPORT, Log, Platform
from sim.world.world import Beliefs
from tests.worlds import STAGED, small_scenario, with_supporters

Views = list[tuple[int, int, int]]  # user, live row, reaction


class Bench:
    """A recommender before a record that a test writes."""

    def __init__(self, name: str, more: tuple[str, ...] = (), users: int = 400) -> None:
        self.model = CampaignModel(small_scenario("quiet", recommender=name, users=users, more=more))
        self.model.run_until(7)
        self.recommender: Recommender = self.model.rules.recommender
        self.beliefs: Beliefs = self.model.world.beliefs

    @property
    def platform(self) -> Platform:
        return self.model.world.platform

    def learn(self, views: Views, outside: list[tuple[int, int, int]] = ()) -> None:
        """One hour: what users saw in their feeds, and what accounts did outside of them (account, row, verb)."""
        verbs = ((LIKE, LIKED), (COMMENT, COMMENTED), (REPORT, REPORTED))
        acts = [(user, row, verb) for user, row, flag in sorted(views) for verb, bit in verbs if flag & bit]
        log = [*outside, *acts]
        self.platform.log[-1] = Log(
            np.array([who for who, *_ in log], dtype=np.int32),
            np.array([row for _, row, _ in log], dtype=np.int64) + self.platform.first,
            np.array([verb for *_, verb in log], dtype=np.int8), np.zeros(len(log), dtype=np.int32),
            (np.arange(len(log)) < len(outside)).astype(np.uint8),
        )  # fmt: skip
        self.recommender.learn(self.platform.read_only(), self.beliefs, shown_of(views, len(acts)), self.platform.hour)

    def scores(self) -> np.ndarray:
        """Scores of live posts, the same for all, after they were ranked once more."""
        none = np.zeros(0, dtype=np.int32)
        visits = Visits(none, none, none.astype(np.uint32), none)
        chance, now = Chance(1, Decision.LANES, 0), self.platform.hour
        self.recommender.rank(self.platform.read_only(), self.beliefs, visits, now, chance)
        return self.beliefs.posts["score"]


def shown_of(views: Views, acts: int) -> Shown:
    """Whole feeds, each user's in the order given."""
    views = sorted(views, key=lambda view: view[0])
    users, length = np.unique(np.array([user for user, *_ in views], dtype=np.int32), return_counts=True)
    offset, none = (np.cumsum(length) - length).astype(np.int64), np.zeros(len(views), dtype=np.uint8)
    row, flags = (
        np.array([row for _, row, _ in views], dtype=np.int32),
        np.array([flag for *_, flag in views], dtype=np.uint8),
    )
    feeds = Feeds(users, offset, length.astype(np.int32), row, none, np.zeros(len(users), dtype=np.int32))
    per_user = np.zeros(len(users), dtype=np.int32)
    per_user[:1] = acts
    return Shown(feeds, flags, per_user, length.astype(np.int32), Tally.empty())


def reactions(luck: np.random.Generator, users: np.ndarray, row: int, liked: float) -> Views:
    """Each of some users sees a post, and likes it with a probability."""
    return [(int(user), row, WATCHED | LIKED if luck.random() < liked else 0) for user in users]


def teach_sides(bench: Bench, luck: np.random.Generator, rows: range, hours: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Users of two sides like what their own side makes, for some hours; returns both sides. Even rows are the left's."""
    users = luck.permutation(bench.platform.users)
    left, right = users[: len(users) // 2], users[len(users) // 2 :]
    for _ in range(hours):
        views: Views = []
        for row in rows:
            for side in (0, 1):
                seen_by = luck.choice((left, right)[side], 30, replace=False)
                views += reactions(luck, seen_by, row, 0.8 if row % 2 == side else 0.1)
        bench.learn(views)
    return left, right


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bridging_ranks_approval_of_both_sides_above_twice_as_much_of_one(seed: int) -> None:
    bench, luck = Bench("bridging"), np.random.default_rng(seed)
    assert len(bench.platform.posts) > 24
    left, right = teach_sides(bench, luck, range(20))
    both = reactions(luck, left[:50], 20, 0.7) + reactions(luck, right[:50], 20, 0.7)
    one = reactions(luck, left, 21, 0.85) + reactions(luck, right[:20], 21, 0.0)
    likes = [sum(bool(flag & LIKED) for *_, flag in views) for views in (both, one)]
    assert likes[1] > 2 * likes[0]
    assert likes[1] / len(one) > likes[0] / len(both)  # the one-sided post has the better rate, too
    bench.learn(both + one)
    scores = bench.scores()
    assert scores[20] > scores[21] + LOGIT  # one logit at least
    factor = bench.beliefs.posts["vector"][:, 0]
    assert abs(factor[21]) > 2 * abs(factor[20])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_collaborative_filtering_finds_who_likes_what(seed: int) -> None:
    bench, luck = Bench("collaborative"), np.random.default_rng(seed)
    left, right = teach_sides(bench, luck, range(20))
    fit = bench.beliefs.accounts["place"][:, None, :] * bench.beliefs.posts["described"][None, :20, :].astype(int)
    fit = fit.sum(axis=2) / LOGIT**2  # in units of the rating
    for side, mine in ((left, 0), (right, 1)):
        own, others = fit[side][:, mine::2], fit[side][:, 1 - mine :: 2]
        assert own.mean() > others.mean() + 0.3
        assert (own.mean(axis=1) > others.mean(axis=1)).mean() > 0.95


def visibility(campaign: str, recommender: str, seed: int) -> tuple[float, float]:
    """Impressions of the candidate, and the mean rank of fresh posts that name it among all (1 is best)."""
    bought = ("campaign.tactics.buy_engagement.comments=0", "campaign.budget=1e8") if campaign != "quiet" else ()
    more = ("audience.social_proof=0.0", "recommender.listings=20", *bought)
    scenario = small_scenario(campaign, recommender=recommender, users=400, days=3, seed=seed, more=more)
    model = CampaignModel(with_supporters(scenario))
    model.run_until(model.clock.end)
    posts, score = model.world.platform.posts, model.world.beliefs.posts["score"]
    fresh = np.flatnonzero((posts.hour > model.world.hour - 48) & ((posts.status & FOLLOWERS_ONLY) == 0))
    rank = np.argsort(np.argsort(score[fresh])) / len(fresh)
    return model.observer.total("impressions", 0), float(rank[posts.candidate[fresh] == 0].mean())


def test_bought_likes_poison_collaborative_filtering_and_not_a_recommender_that_counts_none() -> None:
    seeds = (3, 4, 5)
    quiet, bought = ([visibility(c, "collaborative", s) for s in seeds] for c in ("quiet", "bought_engagement"))
    assert sum(views for views, _ in bought) > 1.5 * sum(views for views, _ in quiet)
    for (_, before), (_, after) in zip(quiet, bought, strict=True):
        assert after > before + 0.1
    assert visibility("quiet", "interest", 3) == visibility("bought_engagement", "interest", 3)


def test_what_limited_accounts_do_teaches_nothing() -> None:
    before, after = Bench("collaborative"), Bench("collaborative")
    for bench, limited in ((before, False), (after, True)):
        if limited:
            bench.platform.accounts.status[7] = 2
            bench.learn([(8, 1, WATCHED)], [(7, 0, LIKE)])
        else:
            bench.learn([(8, 1, WATCHED)])
    np.testing.assert_array_equal(before.beliefs.posts["vector"], after.beliefs.posts["vector"])
    np.testing.assert_array_equal(before.beliefs.posts["bias"], after.beliefs.posts["bias"])


def weights_bench() -> Bench:
    """Engagement weights of X, before any reaction."""
    bench = Bench("engagement_weights")
    for name in ("views", "watched", "points"):
        bench.beliefs.posts[name][:] = 0
    bench.beliefs.rest["total"][:] = 0
    return bench


def test_engagement_weights_are_those_published() -> None:
    bench = weights_bench()
    bench.learn([(1, 0, WATCHED | LIKED), (2, 0, 0), (3, 1, WATCHED | COMMENTED), (4, 2, REPORTED)], [(5, 3, LIKE)])
    assert bench.beliefs.posts["points"][:4].tolist() == [500, 27000, -369000, 500]
    assert bench.beliefs.posts["views"][:4].tolist() == [2, 1, 1, 1]
    assert bench.beliefs.posts["watched"][:4].tolist() == [1, 1, 0, 1]
    assert bench.beliefs.rest["total"].tolist() == [500 + 27000 - 369000 + 500 + 3 * 5, 5]


def test_score_is_the_logarithm_of_the_value_over_its_mean() -> None:
    bench, plan = weights_bench(), small_scenario(recommender="engagement_weights").recommender
    bench.learn([(user, 0, WATCHED | COMMENTED) for user in range(20)] + [(user, 1, 0) for user in range(380)])
    mean, prior = 20 * 27.005 / 400, plan.prior_views
    values = [(20 * 27.005 + prior * mean) / (20 + prior), prior * mean / (380 + prior), mean]
    expected = [round(LOGIT * float(np.log(value / mean))) for value in values]
    assert bench.scores()[:3].tolist() == pytest.approx(expected, abs=1)
    bench.learn([(user, 2, REPORTED) for user in range(5)])
    assert bench.scores()[2] == -8 * LOGIT  # reports outweigh all else: the value is negative


def test_further_posts_of_an_author_are_discounted_as_published() -> None:
    plan = small_scenario(recommender="engagement_weights").recommender
    kept = np.exp(-np.cumsum(plan.discounts) / LOGIT)
    assert kept[:3] == pytest.approx([0.625, 0.4375, 0.34375], rel=2e-3)
    assert kept[-1] == pytest.approx(0.25, rel=1e-2)
    assert not small_scenario(recommender="engagement_weights_tiktok").recommender.discounts.any()


def repeats(model: CampaignModel) -> float:
    """Mean number of an author's further posts in one feed from lists."""
    found, original = [], model.people_watch

    def spy(visits, offered):
        shown = original(visits, offered)
        feeds, author = shown.feeds, model.world.platform.posts.author
        for offset, length, direct in zip(feeds.offset, feeds.length, shown.direct, strict=True):
            listed = author[feeds.row[offset + direct : offset + length]]
            found.append(len(listed) - len(np.unique(listed)))
        return shown

    model.people_watch = spy
    model.run_until(model.clock.end)
    return float(np.mean(found))


def test_discount_spreads_a_feed_over_authors() -> None:
    same = ("recommender.author_discount=1.0", "recommender.author_floor=1.0")
    with_it, without = (
        repeats(CampaignModel(small_scenario("quiet", recommender="engagement_weights", more=m))) for m in ((), same)
    )
    assert with_it < 0.9 * without


MIXED = tuple(text.replace("recommender.", "recommender.profiled.") for text in STAGED)


def members(share: float) -> np.ndarray:
    """Which accounts have the profiled feed."""
    model = CampaignModel(small_scenario("quiet", recommender="mix", more=(f"recommender.share={share}", *MIXED)))
    model.run_until(2)
    first = model.world.beliefs.accounts["part"].copy()
    model.run_until(30)
    np.testing.assert_array_equal(model.world.beliefs.accounts["part"], first)  # for good
    assert model.world.beliefs.rest["members"].sum() == model.world.platform.users
    return first == 0


def test_who_opts_out_at_a_low_share_does_so_at_a_higher_one() -> None:
    most, some, few = members(0.9), members(0.5), members(0.2)
    assert abs(some.mean() - 0.5) < 0.1
    assert (few <= some).all()
    assert (some <= most).all()


def test_each_of_two_recommenders_learns_from_its_own_users_alone() -> None:
    model = CampaignModel(small_scenario(recommender="mix", days=1, more=MIXED))
    model.run_until(model.clock.end)
    beliefs, users = model.world.beliefs, model.world.platform.users
    profiled = beliefs.accounts["part"][:users] == 0
    taste = beliefs.accounts["profiled.taste"][:users]
    assert not taste[~profiled].any()
    assert taste[profiled].any(axis=1).mean() > 0.5
    lanes = {0: set(), 1: set()}
    for _ in range(12):
        visits = model.people_open_the_app()
        shown = model.people_watch(visits, model.recommender_ranks(visits))
        for part, group in zip(shown.parts, (0, 1), strict=True):
            assert (beliefs.accounts["part"][part.feeds.visitors] == group).all()
        for v, user in enumerate(shown.feeds.visitors):
            begin = shown.feeds.offset[v]
            lanes[int(beliefs.accounts["part"][user])] |= set(
                shown.feeds.lane[begin : begin + shown.feeds.length[v]].tolist()
            )
        model.step()
    assert lanes[0] >= {1, 2, 3}  # lists
    assert lanes[1] <= {0, 1}  # what followed authors posted and friends shared


def test_a_part_of_the_users_is_served_with_less() -> None:
    staged = small_scenario().recommender
    half = staged.serving(0.5)
    assert (half.views_per_post, half.most_shown) == (0.5 * staged.views_per_post, 0.5 * staged.most_shown)
    assert dataclasses.replace(half, views_per_post=staged.views_per_post, most_shown=staged.most_shown) == staged
    assert small_scenario(recommender="chronological").recommender.serving(0.5) is not None


def test_no_mix_inside_a_mix() -> None:
    with pytest.raises(ScenarioError, match=r"recommender\.other\.profiled.*a plug-in may not stand here"):
        small_scenario(recommender="mix", more=("recommender.other=mix",))
    mix = small_scenario(recommender="mix").recommender
    with pytest.raises(ScenarioError, match="other: a mix given"):
        dataclasses.replace(mix, other=mix).check("")
