"""What a teacher may ask is what scenarios allow, and the command says the same."""

import shlex
from typing import Any

import pytest

from analysis.lab.server.settings import (
    BY_NAME,
    CAMPAIGNS,
    NUMBER,
    POLICIES,
    RECOMMENDERS,
    SETTINGS,
    WrongSettingError,
    checked,
    command_of,
    field_of,
    words_of,
)
from sim.runs.question import question_of
from sim.scenario.config import Scenario
from sim.scenario.explain import numbers_of
from sim.scenario.files import compose
from sim.scenario.presets import slots, value_at
from sim.scenario.schema import ScenarioError


def test_every_setting_is_a_value_of_the_scenario_and_its_bounds_are_allowed() -> None:
    document = compose([*words_of({"moderation": "suspend_coordinated"})], None, ())
    ranges = {key: (low, high) for key, _, low, high in numbers_of(Scenario, document)}
    for setting in SETTINGS:
        assert value_at(document, setting.key) is not None or setting.name == "strength", setting.name
        if setting.kind == NUMBER:
            for end in (setting.low, setting.high):
                key = setting.key
                low, high = ranges.get(key, (None, None))
                assert low is None or low <= end, key
                assert high is None or end <= high, key
            assert setting.low <= value_at(document, setting.key) <= setting.high


@pytest.mark.parametrize(
    ("slot", "names"), [("campaign", CAMPAIGNS), ("moderation", POLICIES), ("recommender", RECOMMENDERS)]
)
def test_choices_are_presets(slot: str, names: tuple[str, ...]) -> None:
    assert set(names) <= set(slots()[slot])


def test_settings_become_words_and_the_command_is_these_words() -> None:
    asked = checked({
        "campaign": "careful", "budget": 250_000, "moderation": "limit_awakened", "start": "2024-11-05", "strength": "weaker",
        "buy_engagement": False, "buy_engagement_likes": 300, "wake_sleepers": True, "social_proof": 0.2, "recommender": "interest",
        "seed": 7,
    })  # fmt: skip
    words = words_of(asked)
    assert words == (
        "scenario=classroom", "campaign=careful", "moderation=limit_awakened", "recommender=interest", "campaign.budget=250000",
        "~campaign.tactics.buy_engagement", "audience.social_proof=0.2", "moderation.start=2024-11-05", "moderation.strength=weaker",
        "seed=7", "replications=1",
    )  # fmt: skip
    assert shlex.split(command_of(words)) == ["groundswell", "compare", *words]
    arms = question_of(words).arms
    assert list(arms) == ["quiet/none", "careful/none", "quiet/limit_awakened@weaker", "careful/limit_awakened@weaker"]
    careful = arms["careful/none"].campaign
    assert careful.budget == 250_000
    assert "buy_engagement" not in careful.tactics


def test_without_a_policy_two_arms_are_compared() -> None:
    assert list(question_of(words_of({})).arms) == ["quiet/none", "coordinated/none"]


@pytest.mark.parametrize(("asked", "field", "said"), [
    ({"budget": -1}, "budget", "-1 was given; allowed is a number from 0 to 4,000,000 EUR."),
    ({"budget": "1"}, "budget", "allowed is a number"),
    ({"budget": True}, "budget", "allowed is a number"),
    ({"budget": float("nan")}, "budget", "allowed is a number"),
    ({"seed": 1.5}, "seed", "allowed is a whole number"),
    ({"campaign": "quiet"}, "campaign", "allowed is one of coordinated"),
    ({"campaign": ["coordinated"]}, "campaign", "allowed is one of"),
    ({"give_gifts": 0}, "give_gifts", "allowed is true or false"),
    ({"wake_day": "2024-13-01"}, "wake_day", "allowed is a day from 2024-10-24 to 2024-11-23"),
    ({"wake_day": "2025-01-01"}, "wake_day", "allowed is a day"),
    ({"wake_day": 3}, "wake_day", "allowed is a day"),
    ({"start": "2024-11-05"}, "start", "No policy is chosen"),
    ({"strength": "weaker", "moderation": "none"}, "strength", "No policy is chosen"),
    ({"scale": 1}, "scale", "There is no such setting."),
    ({"campaign.budget": 1}, "campaign.budget", "There is no such setting."),
    ("budget", "", "Allowed are settings by name."),
])  # fmt: skip
def test_what_is_not_allowed_is_said_beside_its_field(asked: Any, field: str, said: str) -> None:
    with pytest.raises(WrongSettingError) as wrong:
        checked(asked)
    assert wrong.value.field == field
    assert said in wrong.value.sentence


def test_what_a_scenario_refuses_leads_back_to_a_setting() -> None:
    words = words_of(checked({"campaign": "organic_surge", "give_gifts": False}))
    with pytest.raises(ScenarioError) as refused:
        question_of(words)
    assert field_of(str(refused.value)) == "give_gifts"
    assert field_of("campaign.tactics.wake_sleepers.wake_day: no") == "wake_day"
    assert field_of("something else") == ""


def test_values_are_from_a_table_and_none_can_smuggle_an_override() -> None:
    for setting in BY_NAME.values():
        for value in ("x seed=3", "${oc.env:HOME}", "../x", "coordinated campaign.budget=1"):
            with pytest.raises(WrongSettingError):
                checked(
                    {setting.name: value, "moderation": "label_paid"}
                    if setting.name != "moderation"
                    else {setting.name: value}
                )
