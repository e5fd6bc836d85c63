"""What a comparison was asked: its arms, and which of the words given belong to which campaign and which policy."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.runs.build import check_answers, moderation_of, regulator_of, scenario_of
from sim.runs.versions import QUIET, versions_of
from sim.scenario.arms import STANDARD, asks_for_chosen, check_twins
from sim.scenario.config import Arm, Moderation, Scenario
from sim.scenario.files import compose
from sim.scenario.overrides import key_of
from sim.scenario.presets import inherited, preset, value_at
from sim.scenario.regulator import Regulator, earlier
from sim.scenario.schema import ScenarioError, build, nearest

SLOTS = ("campaign", "moderation")  # that differ between arms
NONE, STRENGTH = "none", "moderation.strength"
REGULATED = "regulator."  # how keys about parts of a regulator begin
ALONE: Mapping[str, Sequence[str]] = {}  # no list of presets


@dataclass(frozen=True)
class Question:
    """A comparison ready to run. document: of its base; campaigns, moderations: documents by preset, of a campaign's the whole scenario;
    arms: scenarios by name, in order.

    versions: scenarios of versions of the campaign that run beside the arms, by name; each has the money that the campaign's own
    world spends, tactic by tactic, which is known once that world is there.
    """

    document: Mapping[str, Any]
    scenario: Scenario
    arms: Mapping[str, Scenario]
    campaigns: Mapping[str, Mapping[str, Any]]
    moderations: Mapping[str, Mapping[str, Any]]
    versions: Mapping[str, Scenario]
    regulators: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # documents by preset, of arms that name one

    def alone(self, seed: int) -> dict[str, Scenario]:
        """Scenarios of all arms and versions, each as one world of a seed."""
        return {
            arm: replace(rules, seed=seed, arms=(), variants=None, replications=1, engine="serial")
            for arm, rules in {**self.arms, **self.versions}.items()
        }

    def stated(self, key: str) -> Any:
        """The value at a dotted key, from the first document that has one; None where none has."""
        documents = [
            self.document,
            *self.campaigns.values(),
            *({"moderation": of} for of in self.moderations.values()),
            *({"regulator": of} for of in self.regulators.values()),
        ]
        return next((value for value in (value_at(of, key) for of in documents) if value is not None), None)


def question_of(
    overrides: Sequence[str], folder: Path | None = None, trust: Sequence[str] = (), lists: Mapping[str, Sequence[str]] = ALONE
) -> Question:  # fmt: skip
    """Compose every arm from one base. Raises ScenarioError where the words do not go together.

    `campaign=X` or `moderation=X` without `arms=` asks about X: against the quiet world, against no policy. Words about one part
    of a campaign or a policy (`moderation.policies.Y.window=60`) hold for those arms that have that part. lists: several presets of
    one of these slots, or of both, asked about at once.
    """
    words = [word for word in overrides if not _is_inside(word)]
    words += [f"campaign={name}" for name in lists.get("campaign", ()) if name != QUIET][:1]
    of_regulators = [word for word in words if _key(word).startswith(REGULATED)]
    first = compose([word for word in words if word not in of_regulators], folder, trust)
    chosen = [build(Arm, arm, "arms") for arm in _asked_arms(first, overrides, lists, folder)]
    check_twins(chosen)
    names = [arm.name for arm in chosen]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ScenarioError(
            f"arms: {twice} stands twice, and nothing would tell its rows apart; allowed is each arm once"
        )
    named = list(dict.fromkeys(arm.regulator for arm in chosen if arm.regulator))
    if named and not first.get("regulator"):  # then these words are about the regulators that arms name
        words = [word for word in words if word not in of_regulators]
    presets = {slot: list(dict.fromkeys(getattr(arm, slot) for arm in chosen)) for slot in SLOTS}
    inside = _sorted_out(overrides, presets, folder)
    base = [*words, *(word for slot in SLOTS for word in inside[slot].get(str(first[slot]["name"]), ()))]
    document = compose(base, folder, trust) | {"arms": [_entry(arm) for arm in chosen]}
    kept = [word for word in words if _key(word) not in SLOTS]
    composed = {
        slot: {name: compose([*kept, f"{slot}={name}", *inside[slot][name]], folder, trust) for name in presets[slot]}
        for slot in SLOTS
    }
    moderations = {name: of["moderation"] for name, of in composed["moderation"].items()}
    plain = [word for word in kept if _key(word) != "regulator" and word not in of_regulators]
    regulators = {
        name: compose([*plain, f"regulator={name}", *of_regulators], folder, trust)["regulator"] for name in named
    }
    return assembled(document, composed["campaign"], moderations, chosen, trust, regulators)


def assembled(
    document: Mapping[str, Any], campaigns: Mapping[str, Mapping[str, Any]], moderations: Mapping[str, Mapping[str, Any]],
    chosen: Sequence[Arm], trust: Sequence[str], regulators: Mapping[str, Mapping[str, Any]] | None = None,
) -> Question:  # fmt: skip
    """A comparison from its documents. chosen: its arms; see `Question` for the others."""
    under = {name: scenario_of(of, trust) for name, of in campaigns.items()}
    rules = {
        (a.moderation, a.strength): moderation_of({**moderations[a.moderation], "strength": a.strength}, trust)
        for a in chosen
    }
    regulated = {name: regulator_of(of, trust) for name, of in (regulators or {}).items()}
    arms = {a.name: _arm(under[a.campaign], rules[a.moderation, a.strength], a, regulated) for a in chosen}
    for arm in arms.values():
        check_answers(arm)
    _check_little_known(arms)
    scenario = scenario_of(document, trust)
    versions = versions_of(scenario.variants, arms)
    return Question(document, scenario, arms, campaigns, moderations, versions, dict(regulators or {}))


def _arm(under: Scenario, rules: Moderation, arm: Arm, regulated: Mapping[str, Regulator | None]) -> Scenario:
    """A campaign's scenario with an arm's moderation and, where it names one, its regulator; the policy is called as the arm is."""
    if arm.regulator is None:
        return replace(under, moderation=rules)
    regulator = regulated[arm.regulator]
    if regulator is None:
        raise ScenarioError(f"arms: {arm.regulator} given as a regulator, allowed is one with steps")
    moved = [arm.step] if arm.step else list(regulator.steps)
    for step in moved:
        if step not in regulator.steps:
            raise ScenarioError(f"arms: step {step} given; {nearest(step, list(regulator.steps))}")
    acting = earlier(regulator, dict.fromkeys(moved, arm.earlier or 0))
    presets = {**under.presets, "regulator": arm.policy.partition("~")[2]}
    return replace(under, moderation=replace(rules, name=arm.policy), regulator=acting, presets=presets)


def _check_little_known(arms: Mapping[str, Scenario]) -> None:
    """Arms share worlds, and with them the candidates whom an election follows."""
    promoted = {rules.little_known: rules.campaign.candidate for rules in arms.values()}
    if len(promoted) > 1:
        raise ScenarioError(
            f"election.little_known: null is the campaign's candidate, and the campaigns compared promote "
            f"{' and '.join(promoted.values())}; allowed is a list of labels"
        )


def composed_files(asked: Question) -> dict[str, Mapping[str, Any]]:
    """What each campaign, moderation and regulator of a comparison was composed from, by the name of the file that keeps it."""
    campaigns = {composed_file("campaign", name): of for name, of in asked.campaigns.items()}
    moderations = {composed_file("moderation", name): {"moderation": of} for name, of in asked.moderations.items()}
    regulators = {composed_file("regulator", name): {"regulator": of} for name, of in asked.regulators.items()}
    return campaigns | moderations | regulators


def composed_file(slot: str, name: str) -> str:
    """Where the document of a campaign, a moderation or a regulator lies in the folder of a comparison."""
    return f"composed/{slot}-{name}.yaml"


def with_values(asked: Question, values: Mapping[str, Any], trust: Sequence[str] = ()) -> Question:
    """The same comparison with other values at dotted keys: what words would say, without composing it anew.

    A value holds in every document that has its key, and is checked there. Raises ScenarioError where one is not allowed.
    """
    document, *campaigns = (_with(of, values) for of in (asked.document, *asked.campaigns.values()))
    moderations = {name: _with({"moderation": of}, values)["moderation"] for name, of in asked.moderations.items()}
    regulators = {name: _with({"regulator": of}, values)["regulator"] for name, of in asked.regulators.items()}
    chosen = [build(Arm, arm, "arms") for arm in asked.document["arms"]]
    under = dict(zip(asked.campaigns, campaigns, strict=True))
    return assembled(document, under, moderations, chosen, trust, regulators)


def _with(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a document with values at those dotted keys that it has."""
    changed: dict[str, Any] = copy.deepcopy(dict(document))
    for key, value in values.items():
        *steps, last = key.split(".")
        node: Any = changed
        for step in steps:
            node = node.get(step) if isinstance(node, dict) else None
        if isinstance(node, dict) and last in node:
            node[last] = value
    return changed


def _entry(arm: Arm) -> dict[str, Any]:
    own = {"campaign": arm.campaign, "moderation": arm.moderation, "strength": arm.strength}
    regulated = {"regulator": arm.regulator, "step": arm.step, "earlier": arm.earlier}
    return own | {key: value for key, value in regulated.items() if value is not None}


def _key(word: str) -> str:
    """The key of an override, whatever is done to it."""
    return key_of(word)


def _is_inside(word: str) -> bool:
    """Whether an override is about a part of a campaign or of a policy."""
    return _key(word).split(".")[0] in SLOTS and "." in _key(word)


def _asked_arms(
    document: Mapping[str, Any], overrides: Sequence[str], lists: Mapping[str, Sequence[str]], folder: Path | None
) -> list[dict[str, str]]:
    """The arms that the scenario suggests, or those that choices of a campaign, a policy or a strength ask for.

    A list that is about whichever campaign is chosen goes with the choice of one.
    """
    said = {_key(word): word.partition("=")[2] for word in overrides}
    given: list[dict[str, str]] = list(document["arms"])
    choices = [key for key in (*SLOTS, STRENGTH) if key in said or key in lists]
    if not choices:
        return given
    if (
        choices == ["campaign"]
        and not lists
        and asks_for_chosen(preset("arms", said.get("arms", ""), folder) if "arms" in said else ())
    ):
        return given
    if "arms" in said:
        raise ScenarioError(
            f"{choices[0]}: given beside arms={said['arms']}, which says what is compared; allowed is one of the two"
        )
    compared = {
        slot: lists.get(slot) or ([said[slot]] if slot in said else [arm[slot] for arm in given]) for slot in SLOTS
    }
    campaigns, policies = [name for name in compared["campaign"] if name != QUIET], compared["moderation"]
    strength = said.get(STRENGTH, STANDARD)
    return [
        {"campaign": campaign, "moderation": policy, "strength": STANDARD if policy == NONE else strength}
        for policy in dict.fromkeys([NONE, *policies])
        for campaign in dict.fromkeys([QUIET, *campaigns])
    ]


def _sorted_out(
    overrides: Sequence[str], presets: Mapping[str, Sequence[str]], folder: Path | None
) -> dict[str, dict[str, list[str]]]:
    """For each slot and each compared preset the words about its parts; a word that fits none is refused when the last one is composed."""
    found: dict[str, dict[str, list[str]]] = {}
    for slot in SLOTS:
        words = [
            word
            for word in overrides
            if _is_inside(word) and _key(word).split(".")[0] == slot and _key(word) != STRENGTH
        ]
        texts = {name: inherited(slot, name, folder) for name in presets[slot]}
        found[slot] = {name: [word for word in words if _has(texts[name], _key(word))] for name in presets[slot]}
        found[slot][presets[slot][-1]] += [
            word for word in words if not any(_has(text, _key(word)) for text in texts.values())
        ]
    return found


def _has(preset: Mapping[str, Any], key: str) -> bool:
    """Whether a preset has what a dotted key, whose first step is its slot, names."""
    node: Any = preset
    for step in key.split(".")[1:]:
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return True
