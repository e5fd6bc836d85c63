"""The market of songs: the same songs and other listeners, each of whom comes once; the menu; and what is measured of it."""

import dataclasses
import itertools

import numpy as np
import pytest

from analysis.validation import music
from analysis.validation.intervals import mean_interval, share_interval
from sim.measures.cumulative_advantage import market_shares, unpredictability
from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.world.graph import graph_of
from sim.world.truth import OFFICIAL
from tests.worlds import people_of


def market(seed: int = 1, catalogue: int = 1, scale: float = 0.02, recommender: str = "menu", **audience: float):
    scenario = load_scenario(["scenario=music_market", f"recommender={recommender}", f"seed={seed}", f"scale={scale}"])
    return dataclasses.replace(
        scenario, population=dataclasses.replace(scenario.population, catalogue_seed=catalogue),
        audience=dataclasses.replace(scenario.audience, **audience),
    )  # fmt: skip


def visits_by_hour(model: CampaignModel) -> list[list[int]]:
    """Who opened the app in each hour."""
    came = []
    original = model.people_open_the_app

    def spy():
        visits = original()
        came.append(visits.visitors.tolist())
        return visits

    model.people_open_the_app = spy
    model.run_until(model.clock.end)
    return came


def test_each_participant_comes_once_and_in_the_measured_days() -> None:
    model = CampaignModel(market())
    came = visits_by_hour(model)
    assert not any(came[: model.clock.start])
    assert sorted(itertools.chain(*came)) == people_of(model).tolist()
    mean = model.world.platform.users / (model.clock.end - model.clock.start)
    assert np.var([len(hour) for hour in came[model.clock.start :]]) == pytest.approx(mean, rel=0.35)  # Poisson


def test_worlds_of_any_seed_and_size_have_the_same_songs_and_other_listeners() -> None:
    worlds = [CampaignModel(market(seed, scale=scale)).world for seed, scale in ((1, 0.02), (2, 0.02), (1, 0.04))]
    other = CampaignModel(market(catalogue=2)).world
    for world in worlds[1:]:
        for column in ("key", "topic"):
            assert np.array_equal(getattr(world.platform.posts, column), getattr(worlds[0].platform.posts, column))
        assert np.array_equal(world.minds.felt, worlds[0].minds.felt)
    assert not np.array_equal(other.minds.felt, worlds[0].minds.felt)
    assert not np.isin(worlds[0].minds.key, worlds[1].minds.key).any()
    assert len(set(worlds[0].minds.felt.tolist())) > 40
    assert (worlds[0].truth.role[worlds[0].platform.posts.author] == OFFICIAL).all()


def test_a_catalogue_of_none_is_what_other_scenarios_have() -> None:
    assert len(CampaignModel(load_scenario(["scenario=classroom", "scale=2.3e-5"])).world.platform.posts) == 0


@pytest.mark.parametrize("recommender", ["menu", "menu_ranked"])
def test_the_menu_shows_the_most_liked_first_or_all_alike(recommender: str) -> None:
    model = CampaignModel(market(recommender=recommender, like=2.0, watch=0.0))
    model.run_until(model.clock.start + 120)
    posts = model.world.platform.posts
    for _ in range(24):
        visits = model.people_open_the_app()
        feeds = model.recommender_ranks(visits)
        assert (feeds.length == np.minimum(visits.videos, 48)).all()
        for begin, length in zip(feeds.offset, feeds.length, strict=True):
            rows = feeds.row[begin : begin + length]
            assert len(set(rows.tolist())) == length
            falls = (np.diff(posts.likes[rows]) <= 0).all()
            assert falls == (recommender == "menu_ranked" or length == 1)
        model.step()


def test_participants_do_not_see_songs_that_were_taken_down() -> None:
    model = CampaignModel(market())
    model.world.platform.posts.status[:10] |= 1
    model.run_until(model.clock.end)
    views = model.world.platform.posts.views
    assert not views[:10].any()
    assert views[10:].all()


def test_without_visible_counts_songs_owe_nothing_to_one_another() -> None:
    """What one listener does to a song depends on nobody else: fewer listeners are a part of the same events."""
    model = CampaignModel(market(social_proof=0.0))
    likes = []
    for _ in range(model.clock.end):
        before = model.world.platform.posts.likes.copy()
        model.world.platform.posts.likes[:] = 10**6  # counters that nobody heeds
        model.step()
        likes.append(model.world.platform.posts.likes - 10**6)
        model.world.platform.posts.likes[:] = before + likes[-1]
    alone = CampaignModel(market(social_proof=0.0))
    alone.run_until(alone.clock.end)
    assert np.array_equal(np.sum(likes, axis=0), alone.world.platform.posts.likes)
    assert np.sum(likes) > 50


def test_unpredictability_is_the_mean_difference_over_pairs_of_worlds() -> None:
    counts = np.random.default_rng(1).integers(0, 50, (5, 7))
    shares = market_shares(counts)
    assert shares.sum(axis=1) == pytest.approx(np.ones(5))
    pairs = [np.abs(a - b).mean() for a, b in itertools.combinations(shares, 2)]
    assert unpredictability(shares) == pytest.approx(np.mean(pairs), rel=1e-12)
    assert unpredictability(np.tile(shares[0], (3, 1))) == pytest.approx(0.0, abs=1e-15)
    assert market_shares(np.zeros((2, 3))).tolist() == [[0.0] * 3] * 2
    with pytest.raises(ValueError, match="2 or more"):
        unpredictability(shares[:1])


def test_intervals() -> None:
    assert mean_interval([2.0]) == (2.0, 2.0, 2.0)
    mean, low, high = mean_interval([1.0, 2.0, 3.0])
    assert (mean, low, high) == pytest.approx((2.0, 2.0 - 2.4841, 2.0 + 2.4841), abs=1e-3)  # t(.975, 2) / sqrt 3
    share, low, high = share_interval(0, 10)
    assert (share, low, high) == pytest.approx((0.0, 0.0, 0.3085), abs=1e-4)


def test_a_graph_that_is_given() -> None:
    graph = graph_of([(2, 0), (0, 1), (2, 1), (2, 0)], 4)
    assert [graph.following[graph.following_start[a] : graph.following_start[a + 1]].tolist() for a in range(4)] == [
        [1],
        [],
        [0, 1],
        [],
    ]
    assert [graph.followers[graph.followers_start[a] : graph.followers_start[a + 1]].tolist() for a in range(4)] == [
        [2],
        [0, 2],
        [],
        [],
    ]
    assert len(graph_of([], 3).following) == 0


def test_places_are_shared_by_equals() -> None:
    assert music._places(np.array([[3, 1, 1, 0, 9]])).tolist() == [[0.75, 0.375, 0.375, 0.0, 1.0]]


def invented(spread: float, catalogue: int) -> np.ndarray:
    """Downloads of 48 songs in four worlds, which scatter by so much."""
    luck = np.random.default_rng([catalogue, round(spread * 10)]).normal(size=(4, 48))
    return np.rint(20 * np.exp(spread * luck)).astype(np.int64)


def test_both_signs_are_judged_by_their_interval_and_at_each_step() -> None:
    spreads = {0.0: 0.2, 1.0: 0.5, 2.0: 0.9}

    def judged(order: tuple[float, ...]) -> list[bool]:
        counts = {s: [invented(spreads[o], c) for c in range(4)] for s, o in zip(sorted(spreads), order, strict=True)}
        return [target.agrees for target in music._rises(music.Sweep(counts), "", "")]

    assert judged((0.0, 1.0, 2.0)) == [True, True]
    assert judged((2.0, 1.0, 0.0)) == [False, False]
    assert judged((0.0, 2.0, 1.0)) == [False, False]
