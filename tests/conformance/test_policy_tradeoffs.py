"""What moderation gains in one way it loses in another, and whom it can catch: such trade-offs come out of what accounts do."""

import dataclasses
from collections import defaultdict
from functools import cache

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.moderation.base import Suspicion
from sim.moderation.coaction_network import CoactionNetwork
from sim.numbers.luck import Decision
from sim.world.truth import SLEEPER, VENDOR
from tests.worlds import FIXED, small_scenario

SEEDS = (1, 2, 3)
WINDOWS, REPETITIONS = (5, 60, 600, 3600), (2.0, 5.0, 10.0)
# 15% of 400 users are 60, which leaves no stage between a trial and everybody: here pools and listings go to 40%.
ROOM_FOR_STAGES = ("recommender.top=0.4", "recommender.most_shown=0.4")
ALL_MEMBERS = "campaign.tactics.mobilise_volunteers.members=1.0"


@cache
def detected() -> dict[tuple[int, float], dict[str, float]]:
    """Means over seeds of precision and recall of a detector of likes in common, by window and repetitions.

    All detectors read the same worlds, in which nobody acts on what they find. Precision: share of the flagged accounts that
    are sleepers' or a vendor's; where none is flagged nothing is wrong. Recall: share of the sleepers, or of the channel's
    members, that is flagged.
    """
    found = defaultdict(lambda: defaultdict(list))
    for seed in SEEDS:
        model = CampaignModel(small_scenario("coordinated", users=400, days=3, seed=seed, more=(ALL_MEMBERS,)))
        flagged = flagged_accounts(model)
        role, members = model.world.truth.role, model.headquarters.volunteers.members
        for setting, accounts in flagged.items():
            guilty = np.isin(role[accounts], (SLEEPER, VENDOR))
            found[setting]["precision"].append(float(guilty.mean()) if len(accounts) else 1.0)
            found[setting]["sleepers"].append((role[accounts] == SLEEPER).sum() / (role == SLEEPER).sum())
            found[setting]["volunteers"].append(np.isin(members, accounts).mean())
    return {setting: {name: float(np.mean(x)) for name, x in by.items()} for setting, by in found.items()}


def flagged_accounts(model: CampaignModel) -> dict[tuple[int, float], list[int]]:
    """Account numbers that each detector flags in the measured days."""
    detectors = {(window, often): CoactionNetwork("like", (window,), (often,), False, 10000, 2, "limit", 0.0)
                 for window in WINDOWS for often in REPETITIONS}  # fmt: skip
    suspicion = {setting: Suspicion() for setting in detectors}
    flagged: dict[tuple[int, float], list[int]] = {setting: [] for setting in detectors}
    while model.world.hour < model.clock.end:
        model.hour_passes()
        seen, now, chance = model.world.platform.read_only(), model.world.hour, model.chance(Decision.REVIEW)
        for setting, policy in detectors.items():
            if now >= model.clock.start:
                flagged[setting] += [r.account for r in policy.flag(seen, suspicion[setting], None, now, chance)]
        model.moderation_acts([])
    return flagged


def test_wider_windows_and_fewer_repetitions_find_more() -> None:
    """What a narrower detector finds, a wider one does: recall never falls with the window nor rises with repetitions."""
    recall = np.array([[detected()[w, r]["sleepers"] for r in REPETITIONS] for w in WINDOWS])
    assert (np.diff(recall, axis=0) >= 0).all()
    assert (np.diff(recall, axis=1) <= 0).all()
    assert recall[0, -1] < 0.3  # five seconds, ten posts: cells act within a minute
    assert recall[0, 0] > recall[0, -1] + 0.5
    assert recall[1, -1] > recall[0, -1] + 0.5


def test_wider_windows_and_fewer_repetitions_accuse_more_wrongly() -> None:
    precision = {setting: by["precision"] for setting, by in detected().items()}
    assert precision[3600, 2.0] < 0.85
    assert precision[3600, 10.0] > precision[3600, 2.0] + 0.1
    assert precision[60, 2.0] > precision[3600, 2.0] + 0.1
    assert precision[60, 10.0] == pytest.approx(1.0, abs=0.02)


def test_volunteers_are_harder_to_catch_than_sleepers() -> None:
    """At every setting that keeps nine in ten accusations right; where volunteers are caught, so are bystanders."""
    careful = {setting: by for setting, by in detected().items() if by["precision"] >= 0.9}
    assert len(careful) >= 6
    assert max(by["sleepers"] for by in careful.values()) > 0.9
    assert max(by["volunteers"] for by in careful.values()) < 0.3
    for by in detected().values():
        if by["sleepers"] > 0.1:
            assert by["sleepers"] > by["volunteers"]
    assert detected()[3600, 2.0]["volunteers"] > 0.5


@cache
def impressions(tactic: str, moderation: str, seed: int) -> float:
    """The candidate's impressions a user in a small world with one tactic only, or quiet."""
    strong = ("campaign.budget=1e8", "campaign.tactics.buy_engagement.likes=300", ALL_MEMBERS) if tactic else ()
    short = (
        () if moderation == "none" else (f"moderation.policies.{moderation}.repetitions=3", FIXED)
    )  # for a world of five days
    campaign = "coordinated" if tactic else "quiet"
    scenario = small_scenario(
        campaign, moderation, users=400, days=5, seed=seed, more=(*strong, *short, *ROOM_FOR_STAGES)
    )
    if tactic:
        alone = {tactic: scenario.campaign.tactics[tactic]}
        scenario = dataclasses.replace(scenario, campaign=dataclasses.replace(scenario.campaign, tactics=alone))
    model = CampaignModel(scenario)
    model.run_until(model.clock.end)
    return model.observer.total("impressions", scenario.focal) / model.world.platform.users


def manufactured(tactic: str, moderation: str, seeds: range) -> np.ndarray:
    """Against the quiet twin under the same policy, by seed."""
    return np.array([impressions(tactic, moderation, s) - impressions("", moderation, s) for s in seeds])


@pytest.mark.slow
def test_discounting_bought_engagement_helps_against_vendors_and_not_against_volunteers() -> None:
    seeds = range(1, 33)
    dampening, lost = {}, {}
    for tactic in ("buy_engagement", "mobilise_volunteers"):
        none, discounted = (manufactured(tactic, policy, seeds) for policy in ("none", "discount_bought"))
        dampening[tactic], lost[tactic] = 1 - discounted.mean() / none.mean(), none - discounted
        print(f"{tactic}: {none.mean():.2f} to {discounted.mean():.2f}, lost {lost[tactic].mean():.2f} +- "
              f"{standard_error(lost[tactic]):.2f}")  # fmt: skip
        assert none.mean() > 2 * standard_error(none)
    assert lost["buy_engagement"].mean() > 2 * standard_error(lost["buy_engagement"])
    assert dampening["buy_engagement"] > 0.3
    assert dampening["mobilise_volunteers"] < 0.15


def standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))
