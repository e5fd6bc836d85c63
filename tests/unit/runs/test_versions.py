"""Versions of a campaign: who acts, with whose money, and how much of its history they share."""

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sim.actors.base import public
from sim.model import CampaignModel
from sim.numbers.luck import Decision
from sim.runs.families import Family, may_do, result_of, run_family
from sim.runs.versions import as_version, funded
from sim.scenario.config import Scenario
from sim.scenario.presets import slots
from sim.scenario.schema import ScenarioError
from sim.scenario.variants import Variant, Variants, channels_of, coalitions, dosed, variants_of
from sim.world.actions import Actions
from tests.worlds import small_scenario

TIGHT = "campaign.budget=1e6"  # so that tactics take from each other
CAMPAIGNS = [
    name for name in slots()["campaign"] if name not in ("quiet", "infiltration")
]  # that works with another audience


def around_the_wake_day(campaign: str = "coordinated", *more: str, moderation: str = "none") -> Scenario:
    """Five days of which the fourth is that on which sleepers wake and orders are given."""
    scenario = small_scenario(campaign, moderation, more=more)
    first, last = datetime.date(2024, 11, 8), datetime.date(2024, 11, 12)
    return dataclasses.replace(
        scenario, calendar=dataclasses.replace(scenario.calendar, first_day=first, last_day=last), days=None
    )


def alone(scenario: Scenario) -> dict[str, Any]:
    model = CampaignModel(scenario)
    model.run_until(model.clock.end)
    return result_of(model, f"{scenario.campaign.name}/none", 0.0)


def family(folder: Path, arms: Mapping[str, Scenario], versions: Mapping[str, Scenario] | None = None) -> Family:
    names = [*arms, *(versions or {})]
    files = {arm: folder / f"{number}.json" for number, arm in enumerate(names)}
    return Family(3, arms, files, versions or {})


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every hour that passes in some world."""
    passed, passes = list[int](), CampaignModel.hour_passes

    def counted(model: CampaignModel) -> None:
        passed.append(model.world.hour)
        passes(model)

    monkeypatch.setattr(CampaignModel, "hour_passes", counted)
    return passed


def test_a_campaign_with_each_tactics_own_purse_is_the_campaign_to_the_last_digit() -> None:
    whole = alone(around_the_wake_day("coordinated", TIGHT))
    assert whole["run"]["spent"] > 0.9 * 1e6 * around_the_wake_day().scale  # so that payments are refused
    version = as_version(around_the_wake_day("coordinated", TIGHT), Variant("all", {}))
    again = alone(funded(version, [whole]))
    assert again["run"]["digest"] == whole["run"]["digest"]
    assert again["series"] == whole["series"]


def test_versions_spend_no_more_on_a_tactic_than_the_whole_campaign_and_are_what_they_are_alone(
    tmp_path: Path, hours: list[int]
) -> None:
    base = around_the_wake_day("coordinated", TIGHT)
    channels = channels_of(Variants({"money": ("hire_influencers", "give_gifts")}, None), base.campaign.tactics)
    chosen = [v for v in coalitions(channels) if v.label in ("money", "wake_sleepers", "money+wake_sleepers")]
    chosen += dosed({"wake_sleepers": (0.5, 1.0, 2.0)}, base.campaign.tactics)
    versions = {f"coordinated[{v.label}]/none": as_version(base, v) for v in chosen}
    arms = {"quiet/none": around_the_wake_day("quiet"), "coordinated/none": base}
    found = {result["run"]["arm"]: result for result in run_family(family(tmp_path, arms, versions))}
    world = 24 * (base.clock.days + base.calendar.warm_up_days)
    assert len(hours) < 0.75 * world * len(found)  # of seven worlds, each as if alone
    whole = [found[arm] for arm in arms]
    for name, version in versions.items():
        own = alone(dataclasses.replace(funded(version, whole), seed=3))
        assert own["run"]["digest"] == found[name]["run"]["digest"], name
    spent = {arm: _spent(result) for arm, result in found.items()}
    for name, version in versions.items():
        for tactic, euros in spent[name].items():
            most = version.campaign.doses.get(tactic, 1.0) * spent["coordinated/none"].get(tactic, 0.0)
            assert tactic in version.campaign.tactics
            assert euros <= most + 0.005, (name, tactic)
    once, twice = (
        spent[f"coordinated[{label}]/none"]["wake_sleepers"] for label in ("0.5xwake_sleepers", "2xwake_sleepers")
    )
    assert twice > 2 * once > 0


def _spent(result: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for _, measure, _, value in result["series"]:
        if measure.startswith("spent:"):
            found[measure[6:]] = found.get(measure[6:], 0.0) + value
    return found


def test_campaigns_that_begin_alike_share_that_part_of_their_history(tmp_path: Path, hours: list[int]) -> None:
    """Both do the same until sleepers wake on the fourth day; the clumsy ones wake otherwise."""
    arms = {
        f"{c}/{m}": around_the_wake_day(c, moderation=m)
        for c in ("coordinated", "clumsy")
        for m in ("none", "suspend_coordinated")
    }
    found = {result["run"]["arm"]: result["run"]["digest"] for result in run_family(family(tmp_path, arms))}
    day = 24
    assert len(hours) <= 4 * day + 4 * 2 * day  # a day of warm-up and three together, then two days each at the most
    assert found == {arm: _digest(rules) for arm, rules in arms.items()}


def _digest(rules: Scenario) -> str:
    model = CampaignModel(rules)
    model.run_until(model.clock.end)
    return str(result_of(model, "", 0.0)["run"]["digest"])


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_before_it_opens_a_tactic_does_nothing(campaign: str) -> None:
    scenario = around_the_wake_day(campaign)
    model = CampaignModel(scenario)
    late = [t for t in scenario.campaign.tactics.values() if t.opens_on() is not None]
    opening = {id(t): model.clock.hour_of(t.opens_on()) for t in late}
    while model.world.hour < model.clock.end:
        seen, chance = public(model.world.platform), model.chance(Decision.ACTOR)
        for tactic in late:
            if model.world.hour < opening[id(tactic)]:
                notes = dict(model.headquarters.notes)
                assert tactic.plan(model.headquarters, seen, model.world.hour, chance) == Actions()
                assert model.headquarters.notes == notes
        model.step()
    assert not may_do(scenario, model.clock.start - 1)
    assert may_do(scenario, model.clock.end - 1)


def test_what_is_asked_of_variants_is_checked() -> None:
    tactics = ["a", "b", "c"]
    assert channels_of(Variants({"x": ("a", "z"), "y": ("nobody",)}, None), tactics) == {
        "x": ("a",),
        "b": ("b",),
        "c": ("c",),
    }
    assert [v.label for v in coalitions({"x": ("a",), "y": ("b", "c")})] == ["x", "y"]
    assert coalitions({"x": ("a",), "y": ("b", "c")})[0].doses == {"b": 0.0, "c": 0.0}
    assert [(v.label, v.doses) for v in dosed({"a": (2.0, 0.0, 1.0)}, tactics)] == [
        ("0xa", {"a": 0.0}),
        ("2xa", {"a": 2.0}),
    ]
    assert variants_of(None, tactics) == []
    for asked, there, said in (
        (Variants({"x": ("a",), "y": ("a",)}, None), tactics, "a stands in several"),
        (Variants({}, None), list("abcdefg"), "7 given"),
        (Variants({}, None), ["a"], "nothing of the kind"),
        (Variants(None, {"z": (2.0,)}), tactics, "nothing of the kind"),
        (Variants({"x+y": ("a",)}, None), tactics, "allowed in the name of a channel"),
        (Variants({"2x": ("a",)}, None), tactics, "allowed in the name of a channel"),
        (Variants({"<b>": ("a",)}, None), tactics, "allowed in the name of a channel"),
        (Variants(None, {"a": (2.0, 2.0000001)}), tactics, "2xa stands twice"),
    ):
        with pytest.raises(ScenarioError, match=said):
            variants_of(asked, there)
