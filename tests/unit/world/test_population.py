"""How a population is drawn must not show in it."""

import dataclasses

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.world import population
from sim.world.graph import follow_graph, follows_of
from tests.worlds import small_scenario

WIDE = dataclasses.replace(small_scenario().population, follows=100, follows_spread=0.8)  # users follow some, or many
WRITTEN_DOWN = [94, 36, 31, 144, 65, 170, 24, 22]  # how many its first eight users try to follow


def columns(seed: int) -> dict[str, np.ndarray]:
    accounts, minds, truth, weight = population.people(small_scenario().population, 200 / 9e6, seed)
    drawers = (dataclasses.asdict(drawer) for drawer in (accounts, minds, truth))
    return {name: column for drawer in drawers for name, column in drawer.items()} | {"weight": weight}


@pytest.mark.parametrize("chunk", [1, 7, 121, 200])
def test_how_many_accounts_are_drawn_together_changes_nothing(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = columns(seed=5)
    assert len(whole["community"]) == 280
    monkeypatch.setattr(population, "CHUNK", chunk)
    for name, column in columns(seed=5).items():
        assert getattr(column, "dtype", None) == getattr(whole[name], "dtype", None)
        np.testing.assert_array_equal(column, whole[name], err_msg=name)


def wanted_and_audience(correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """Of 20,000 users: logarithms of how many accounts each tries to follow, and of audience weight."""
    changed = dataclasses.replace(WIDE, follows_audience_correlation=correlation)
    _, minds, _, weight = population.people(changed, 20_000 / 9e6, seed=5)
    away = minds.returns > 0
    return np.log(follows_of(changed, 5, away)[~away]), np.log(weight[~away])


@pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.6, 0.9, 1.0])
def test_how_many_one_follows_goes_with_audience_as_asked(correlation: float) -> None:
    """And is spread as before: mean and spread of the numbers are those of the other two parameters."""
    wanted, audience = wanted_and_audience(correlation)
    assert np.corrcoef(wanted, audience)[0, 1] == pytest.approx(correlation, abs=0.02)
    assert wanted.std() == pytest.approx(0.8, abs=0.02)
    assert np.exp(wanted).mean() == pytest.approx(100, rel=0.03)


def test_those_whom_many_follow_then_follow_many() -> None:
    changed = dataclasses.replace(WIDE, follows_audience_correlation=0.6, audience_spread=1.0, friends=0)
    accounts, minds, _, weight = population.people(changed, 4_000 / 9e6, seed=5)
    away = minds.returns > 0
    graph = follow_graph(changed, 5, accounts.community, weight, away)
    following, followers = np.diff(graph.following_start)[~away], np.diff(graph.followers_start)[~away]
    found = np.corrcoef(np.log(following), np.log(np.maximum(followers, 1)))[0, 1]
    assert found == pytest.approx(0.6, abs=0.05)


def test_without_that_correlation_numbers_followed_are_what_they_were() -> None:
    """As written down before there was such a parameter; audience plays no part in them."""
    assert follows_of(WIDE, 5, np.zeros(8, dtype=np.bool_)).tolist() == WRITTEN_DOWN
    wider = dataclasses.replace(WIDE, audience_spread=4.0)
    assert follows_of(wider, 5, np.zeros(8, dtype=np.bool_)).tolist() == WRITTEN_DOWN


def test_candidates_begin_with_the_followers_that_were_reported_at_any_size() -> None:
    for users in (5_000, 40_000):
        shares = []
        for seed in range(1, 5):
            model = CampaignModel(load_scenario(["scenario=romania_2024", f"scale={users / 9e6:.8f}", f"seed={seed}"]))
            followers = model.world.platform.accounts.followers
            shares.append(followers[model.headquarters.officials] / len(followers))
        known = model.rules.population.candidates
        wanted = np.array([candidate.followers for candidate in known]) / 9e6
        found = np.mean(shares, axis=0)
        assert found[2] == pytest.approx(wanted[2], rel=0.2)  # the one with more than a million
        small = [number for number, candidate in enumerate(known) if candidate.exchangeable]
        assert found[small].mean() == pytest.approx(wanted[small].mean(), rel=0.5)  # 6 or 45 accounts each


def test_more_silent_accounts_come_back_before_the_vote_and_as_many_before() -> None:
    usual = dataclasses.replace(small_scenario().population, vote_returns=1.0, vote_days=10.0)
    horizon, hurried = 20 * 24, 10 * 24
    hours = {}
    for ratio in (1.0, 2.0):
        changed = dataclasses.replace(usual, vote_returns=ratio)
        hours[ratio] = population.people(changed, 50_000 / 9e6, 3, horizon)[1].returns
    early, late = ({r: int(((h > a) & (h <= b)).sum()) for r, h in hours.items()}
                   for a, b in ((0, hurried), (hurried, horizon)))  # fmt: skip
    assert early[2.0] == pytest.approx(early[1.0], abs=10)  # but for whom the campaign bought
    assert 1.5 < late[2.0] / late[1.0] <= 2.1
