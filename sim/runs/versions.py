"""Versions of a campaign beside it: which tactics act, at what multiple of their plans, with whose money.

Tactics of one campaign share a purse: were one left out, the others could spend what it would have spent, and what is lost
with it would look smaller than it is. So each tactic of a version has a purse of its own, with what it spends in the world of
the whole campaign (times its dose). With these purses the whole campaign itself is the same to the last cent: a payment that
the common purse refused is more than all that its tactic paid afterwards, which is what its own purse holds then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError
from sim.scenario.variants import Variant, Variants, variants_of

QUIET = "quiet"
SPENT = "spent:"  # measures of the series that are a tactic's money


def versions_of(asked: Variants | None, arms: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Scenarios of all versions of the one campaign of these arms, under each of their policies, by name of arm."""
    if asked is None:
        return {}
    acting = {arm: rules for arm, rules in arms.items() if rules.campaign.name != QUIET}
    campaigns = list(dict.fromkeys(rules.campaign.name for rules in acting.values()))
    if len(campaigns) != 1:
        raise ScenarioError(
            f"variants: asked for beside {len(campaigns)} campaigns ({', '.join(campaigns) or QUIET}), allowed is one"
        )
    tactics = next(iter(acting.values())).campaign.tactics
    found = [as_version(rules, variant) for variant in variants_of(asked, tactics) for rules in acting.values()]
    return {f"{rules.campaign.name}/{rules.moderation.name}": rules for rules in found}


def as_version(scenario: Scenario, variant: Variant) -> Scenario:
    """A scenario with a version of its campaign, called such as coordinated[sleepers+volunteers]."""
    whole = scenario.campaign
    acting = {name: tactic for name, tactic in whole.tactics.items() if variant.doses.get(name, 1.0) > 0.0}
    doses = {name: variant.doses[name] for name in acting if name in variant.doses}
    return replace(
        scenario, campaign=replace(whole, name=f"{whole.name}[{variant.label}]", tactics=acting, doses=doses)
    )


def funded(version: Scenario, whole: Sequence[Mapping[str, Any]]) -> Scenario:
    """A version with its purses; whole: results of arms of its seed, the whole campaign without a policy among them."""
    campaign, scale = version.campaign, version.scale
    arm = f"{campaign.name.partition('[')[0]}/none"
    series = next(result["series"] for result in whole if result["run"]["arm"] == arm)
    spent: dict[str, float] = {}
    for _, measure, _, value in series:
        if measure.startswith(SPENT):
            tactic = measure.removeprefix(SPENT)
            spent[tactic] = spent.get(tactic, 0.0) + value
    purses = dict.fromkeys(campaign.tactics, 0.0)  # who got nothing from the common purse gets nothing
    purses |= {name: campaign.doses.get(name, 1.0) * euros / scale for name, euros in spent.items()}
    return replace(
        version, campaign=replace(campaign, purses=purses, budget=max(campaign.budget, sum(purses.values())))
    )
