"""Laws that every world obeys. Each can fail; a result is to be believed because they hold."""

import copy
import dataclasses
from collections import Counter
from functools import cache
from pathlib import Path

import numba
import numpy as np
import pytest

from sim.actors.creators import OfficialAccount
from sim.model import CampaignModel
from sim.numbers.columns import Drawer
from sim.numbers.luck import Chance, Decision
from sim.runs.families import Family, result_of, run_family
from sim.world.platform import FOLLOWERS_ONLY
from sim.world.truth import ORDINARY, SLEEPER, VENDOR
from tests.worlds import CROWDED, FIXED, POLICIES, RECOMMENDERS, STAGED, small_scenario, with_supporters


def run(scenario) -> CampaignModel:
    model = CampaignModel(scenario)
    model.run_until(scenario.clock.end)
    return model


def digest(model: CampaignModel) -> str:
    return result_of(model, "", 0.0)["run"]["digest"]


def record(model: CampaignModel) -> list:
    """Everything that the platform's servers hold."""
    platform = model.world.platform
    columns = [dataclasses.asdict(platform.accounts), dataclasses.asdict(platform.posts)]
    return [{name: column.tolist() for name, column in drawer.items()} for drawer in columns]


def test_campaign_without_money_and_accounts_equals_the_quiet_arm() -> None:
    none = (
        "population.sleepers=0",
        "population.vendors=0",
        "population.volunteers=0",
        "population.influencers=0",
        "population.influencers_least=0",
    )
    quiet = run(small_scenario("quiet", more=none))
    broke = run(small_scenario("coordinated", more=(*none, "campaign.budget=0")))
    assert record(broke) == record(quiet)
    assert digest(broke) == digest(quiet)
    assert digest(run(small_scenario("coordinated"))) != digest(run(small_scenario("quiet")))


@pytest.mark.parametrize("policy", POLICIES)
def test_policy_that_never_flags_equals_no_policy(policy: str) -> None:
    never = {
        "suspend_coordinated": ("moderation.policies.suspend_coordinated.repetitions=1000",),
        "limit_awakened": ("moderation.policies.limit_awakened.burst_acts=10000",),
        "label_paid": ("moderation.policies.label_paid.least_views=1000000000",),
        "limit_disproportionate": ("moderation.policies.limit_disproportionate.least_likes=1000000000",),
        "limit_copies": ("moderation.policies.limit_copies.accounts=1000000",),
        "remove_reported": ("moderation.policies.remove_reported.least_reports=1000000000",),
        "coaction_network": ("moderation.policies.coaction_network.repetitions=[1000,1000,1000]",),
        "discount_bought": (
            "moderation.policies.discount_bought.repetitions=1000",
            "moderation.policies.discount_bought.least_likes=1000000000",
        ),
        "slow_viral": ("moderation.policies.slow_viral.reach=100",),
        "hold_new_accounts": ("moderation.policies.hold_new_accounts.age_days=0",),
        "share_friction": ("moderation.policies.share_friction.given_up=0",),
        "cap_subject": ("moderation.policies.cap_subject.share=1",),
        "take_down": ("moderation.policies.take_down.half_life=1000000000",),
        "withdraw_shares": ("moderation.evidence.unlawful_found=0",),
    }
    used = list(small_scenario(moderation=policy).moderation.policies)
    idle = tuple(change for name in used for change in never[name])
    assert record(run(small_scenario("coordinated", policy, more=(*idle, FIXED)))) == unmoderated_record()


@cache
def unmoderated_record() -> list:
    return record(run(small_scenario("coordinated")))


@pytest.mark.parametrize(("share", "equal"), [(0, "chronological"), (1, "staged_audience")])
def test_a_mix_that_all_users_share_equals_its_one_recommender(share: int, equal: str) -> None:
    parts = tuple(text.replace("recommender.", "recommender.profiled.") for text in STAGED)
    mixed = run(small_scenario(recommender="mix", more=(f"recommender.share={share}", *parts)))
    alone = run(small_scenario(recommender=equal))
    assert record(mixed) == record(alone)
    assert digest(mixed) == digest(alone)
    assert digest(run(small_scenario(recommender="mix", more=parts))) != digest(alone)


def test_order_of_actors_changes_nothing() -> None:
    scenario = small_scenario()
    one, other = CampaignModel(scenario), CampaignModel(scenario)
    actors = other.actors()[::-1]
    other.actors = lambda: actors
    other.headquarters.influencers = other.headquarters.influencers[::-1]
    other.headquarters.cells = other.headquarters.cells[::-1]
    for model in (one, other):
        model.headquarters.left = 10**9  # where money is short, who asks first matters
        model.run_until(scenario.clock.end)
    assert digest(one) == digest(other)


def test_a_sleeper_that_sleeps_is_an_account_like_any_that_fell_silent() -> None:
    """Without a campaign it makes no difference to anything that happens who of those that are away works for somebody."""
    one, other = CampaignModel(small_scenario("quiet")), CampaignModel(small_scenario("quiet"))
    role, away = other.world.truth.role, np.flatnonzero(other.world.minds.returns > 0)
    hired = np.isin(role[away], (SLEEPER, VENDOR))
    assert hired.sum() > 20
    role[away[hired]] = ORDINARY
    for model in (one, other):
        model.run_until(model.clock.end)
    assert record(one) == record(other)


def test_one_thread_and_two_give_one_digest() -> None:
    before = numba.get_num_threads()
    try:
        digests = set()
        for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
            numba.set_num_threads(threads)
            digests.add(digest(run(small_scenario())))
    finally:
        numba.set_num_threads(before)
    assert len(digests) == 1


def test_forked_arms_equal_the_arms_run_alone(tmp_path: Path) -> None:
    arms = {f"{c}/{m}": small_scenario(c, m) for c in ("quiet", "coordinated") for m in ("none", *POLICIES)}
    files = {arm: tmp_path / f"{number}.json" for number, arm in enumerate(arms)}
    together = {r["run"]["arm"]: r["run"]["digest"] for r in run_family(Family(3, arms, files))}
    assert together == {arm: digest(run(scenario)) for arm, scenario in arms.items()}
    assert len(set(together.values())) > 3
    again = {r["run"]["arm"]: r["run"]["digest"] for r in run_family(Family(3, arms, files))}
    assert again == together  # read from the finished runs


def drawers(model: CampaignModel) -> list[Drawer]:
    """Those whose copies share what never changes."""
    platform = model.world.platform
    return [platform.accounts, platform.posts, platform.graph, model.world.minds]


def arrays(model: CampaignModel) -> dict[tuple[str, str], np.ndarray]:
    """Columns of all drawers that have any, by drawer and name."""
    world = model.world
    found = [(type(d).__name__, vars(d)) for d in (*drawers(model), world.truth, world.platform.log[-1])]
    found += [(name, getattr(world.beliefs, name)) for name in ("accounts", "posts", "rest")]
    return {(d, name): a for d, columns in found for name, a in columns.items() if isinstance(a, np.ndarray)}


def test_a_copy_shares_what_never_changes_and_nothing_else() -> None:
    model = CampaignModel(small_scenario())
    model.run_until(30)
    other = copy.deepcopy(model)
    lasting = {(type(drawer).__name__, name) for drawer in drawers(model) for name in drawer.LASTING}
    pairs = {name: (column, arrays(other)[name]) for name, column in arrays(model).items()}
    assert {name for name, pair in pairs.items() if pair[0] is pair[1]} == lasting
    assert {name for name, pair in pairs.items() if np.shares_memory(*pair)} == lasting
    assert all(one.flags.writeable and copied.flags.writeable for one, copied in pairs.values())


@pytest.mark.parametrize("recommender", RECOMMENDERS)
def test_a_copy_that_goes_on_does_not_alter_the_original(recommender: str) -> None:
    scenario = small_scenario("coordinated", "suspend_coordinated", recommender)
    model = CampaignModel(scenario)
    model.run_until(30)
    before = {name: column.copy() for name, column in arrays(model).items()}
    other = copy.deepcopy(model)
    other.run_until(scenario.clock.end)
    for name, column in arrays(model).items():
        np.testing.assert_array_equal(column, before[name], err_msg=str(name))
    model.run_until(scenario.clock.end)
    assert record(model) == record(other) == record(run(scenario))
    followed = model.world.platform.accounts.followers.sum() - len(model.world.platform.graph.followers)
    assert followed == model.world.platform.graph.added > 0


def test_money_is_conserved() -> None:
    model = run(small_scenario())
    office, truth = model.headquarters, model.world.truth
    assert office.books
    assert office.budget == office.left + sum(cents for *_, cents in office.books)
    assert sorted(truth.payments) == sorted(office.books)
    assert all(cents >= 0 for *_, cents in office.books)


@pytest.mark.parametrize("recommender", RECOMMENDERS)
def test_nobody_is_shown_a_post_twice_or_an_own_or_removed_one(recommender: str) -> None:
    model = CampaignModel(small_scenario(moderation="suspend_coordinated", recommender=recommender, days=3))
    met: Counter[tuple[int, int]] = Counter()
    original = model.people_watch

    def spy(visits, offered):
        shown = original(visits, offered)
        posts, first, feeds = model.world.platform.posts, model.world.platform.first, shown.feeds
        for v, user in enumerate(feeds.visitors.tolist()):
            rows = feeds.row[feeds.offset[v] : feeds.offset[v] + feeds.length[v]]
            assert not (posts.author[rows] == user).any()
            assert not (posts.status[rows] & 1).any()
            met.update((user, int(row) + first) for row in rows)
        return shown

    model.people_watch = spy
    while model.world.hour < model.clock.end:
        model.step()
    assert len(met) > 1000
    assert set(met.values()) == {1}
    posts = model.world.platform.posts
    assert (posts.likes <= posts.views).all()
    assert (posts.watched <= posts.views).all()


def test_bought_engagement_needs_a_lever() -> None:
    """With chronological feeds and no social proof it manufactures nothing; with either a learning feed or proof it does.

    The candidate has more supporters than an unknown one, so that a world of 200 users holds enough posts to be liked.
    """
    gains: dict[tuple[str, float], list[float]] = {}
    for recommender, proof in (("chronological", 0.0), ("staged_audience", 0.0), ("staged_audience", 1.0)):
        more = (f"audience.social_proof={proof}", "campaign.tactics.buy_engagement.comments=0", "campaign.budget=1e8")
        for seed in range(3, 11):
            quiet, bought = (
                run(with_supporters(small_scenario(campaign, recommender=recommender, more=words, days=3, seed=seed)))
                for campaign, words in (("quiet", more[:1]), ("bought_engagement", more))
            )
            assert bought.headquarters.books
            views = [model.observer.total("impressions", 0) for model in (quiet, bought)]
            gains.setdefault((recommender, proof), []).append(views[1] - views[0])
            assert views[0] > 0
    assert set(gains["chronological", 0.0]) == {0}
    assert sum(gains["staged_audience", 0.0]) > 0
    assert min(gains["staged_audience", 1.0]) > 0


def test_luck_does_not_leak() -> None:
    """Chronological feeds, no social proof: every post but those that sleepers touched has the same fate in both arms."""
    more = (
        "audience.social_proof=0.0",
        "population.influencers=0",
        "population.influencers_least=0",
        "population.volunteers=0",  # posts by real users take places in their followers' feeds
        "campaign.budget=1e8",
    )
    fates = []
    for campaign in ("quiet", "coordinated"):
        gifts = (
            "campaign.tactics.give_gifts.rewarded=0",
            "campaign.tactics.wake_sleepers.cover=0",
        )  # who is awake posts, too
        others = gifts if campaign == "coordinated" else ()
        model = run(small_scenario(campaign, recommender="chronological", more=(*more, *others), days=3))
        posts = model.world.platform.posts
        touched = posts.candidate == 0
        columns = (posts.key, posts.views, posts.watched, posts.likes, posts.comments, posts.shares, posts.follows)
        fates.append(sorted(zip(*(column[~touched].tolist() for column in columns), strict=True)))
    assert len(fates[0]) > 500
    assert fates[0] == fates[1]


@pytest.mark.parametrize("recommender", [name for name in RECOMMENDERS if not name.startswith(("inbox", "menu"))])
def test_what_is_for_followers_only_is_met_by_followers_and_by_nobody_else(recommender: str) -> None:
    """A catalogue's menu and an inbox of reshares have no authors whom users follow on the platform."""
    model, met = CampaignModel(with_supporters(small_scenario(recommender=recommender, days=3, more=CROWDED))), 0
    original = model.people_watch

    def spy(visits, offered):
        nonlocal met
        shown = original(visits, offered)
        platform, feeds = model.world.platform, shown.feeds
        for v, user in enumerate(feeds.visitors.tolist()):
            rows = feeds.row[feeds.offset[v] : feeds.offset[v] + feeds.length[v]]
            only = rows[(platform.posts.status[rows] & FOLLOWERS_ONLY) > 0]
            assert all(platform.graph.follows(user, author) for author in platform.posts.author[only].tolist())
            met += len(only)
        return shown

    model.people_watch = spy
    model.run_until(model.clock.end)
    posts, officials = model.world.platform.posts, model.headquarters.officials
    only = (posts.status & FOLLOWERS_ONLY) > 0
    assert met > 4
    assert only.sum() > 20
    assert np.isin(posts.author[only], officials).all()
    sent = [*model.headquarters.vendors, *(account for cell in model.headquarters.cells for account in cell.accounts)]
    acted = np.concatenate(
        [log.post[np.isin(log.account, sent) & (log.elsewhere > 0)] for log in model.world.platform.log]
    )
    assert len(acted) > 0
    assert not only[acted - model.world.platform.first].any()


def test_strangers_meet_as_large_a_share_of_a_candidates_own_posts_as_the_world_has_posts() -> None:
    scenario = small_scenario("quiet")
    assert scenario.share_of_posts == pytest.approx(scenario.scale * 2.0 / 0.09)  # posts a user a day here, and there
    assert dataclasses.replace(scenario, scale=1.0).share_of_posts == 1.0
    for share, least, most in ((0.0, 0, 0), (0.5, 80, 120), (1.0, 200, 200)):
        account = OfficialAccount(CampaignModel(scenario), 1, 7, 24.0, share, [1 / 24] * 24)
        posts = [p for hour in range(200) for p in account.act(None, hour, Chance(1, Decision.POST, hour)).publish]
        assert len(posts) == 200
        assert least <= sum(not post.followers_only for post in posts) <= most
