"""What is booked of moderation's costs, on decisions with known answers."""

import pytest

from sim.model import CampaignModel
from sim.runs.families import result_of
from sim.world.actions import Request
from sim.world.truth import NOT_CAUSED, ORDINARY, PAID_FOR, SLEEPER
from tests.worlds import small_scenario


@pytest.fixture
def model() -> CampaignModel:
    """A small world at the last hour of its first measured day; account 1 is an ordinary user, 2 a sleeper."""
    model = CampaignModel(small_scenario("quiet"))
    model.run_until(model.clock.start + 22)
    truth = model.world.truth
    truth.role[[1, 2]] = [ORDINARY, SLEEPER]
    truth.campaign_post[:] = NOT_CAUSED
    truth.campaign_post[3] = PAID_FOR
    return model


def decide(model: CampaignModel, *requests: Request) -> None:
    model.hour_passes()
    model.moderation_acts(list(requests))


def test_costs_count_genuine_people_and_posts_apart(model: CampaignModel) -> None:
    first = model.world.platform.first
    decide(
        model,
        *(Request("p", action, post=first + row) for action in ("slow", "hold") for row in (3, 4)),
        *(Request("p", action, account=account) for action in ("discount", "suspend") for account in (1, 2)),
    )
    decide(
        model,
        Request("p", "restore", account=1),
        Request("p", "restore", post=first + 4),
        Request("p", "limit", account=2),
    )
    run = result_of(model, "", 0.0)["run"]
    for name in ("posts_slowed", "posts_held", "accounts_discounted"):
        assert (run[name], run[f"genuine_{name}"]) == (2, 1)
    for name in ("accounts_restored", "posts_restored"):
        assert (run[name], run[f"genuine_{name}"]) == (1, 1)
    assert (run["accounts_actioned"], run["genuine_accounts_actioned"]) == (2, 1)
    assert (run["posts_actioned"], run["genuine_posts_actioned"]) == (2, 1)
    assert run["genuine_account_days_shut"] == 0  # restored before the day was over
    assert run["genuine_post_days_hidden"] == 1  # the pause and the wait of post 4 go on


def test_rules_for_all_are_no_action_on_anybody(model: CampaignModel) -> None:
    decide(
        model, Request("p", "friction", amount=9), Request("p", "cap_author", amount=9), Request("p", "hold", account=1)
    )
    run = result_of(model, "", 0.0)["run"]
    assert (run["accounts_actioned"], run["posts_actioned"], run["posts_held"]) == (0, 0, 0)


def test_what_never_happened_does_not_change_a_digest(model: CampaignModel) -> None:
    digest = result_of(model, "", 0.0)["run"]["digest"]
    model.observer.costs.account_days = 5  # follows from actions that a digest covers
    assert result_of(model, "", 0.0)["run"]["digest"] == digest
    model.observer.costs.posts_restored = {4}
    assert result_of(model, "", 0.0)["run"]["digest"] != digest
