"""The campaign that is alleged and the explanations that are set against it, as worlds. The set of them is closed."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from analysis.assumptions.members import read_design
from analysis.estimates.kept_bands import DESIGN
from sim.runs.face import load_scenario
from sim.runs.question import Question, with_values
from sim.scenario.config import Campaign, Scenario
from sim.scenario.schema import ScenarioError, nearest, shown

ALLEGED, QUIET, TWIN = "alleged", "quiet", "twin"
KEPT_OUT = 1_000_000  # seeds that lie between a folder's own and those that are kept out
SEEDS = 2**32


@dataclass(frozen=True)
class Case:
    """What is asked of one world. scenario: as it is; alleged: preset; candidate: number; sets: values of drawn assumptions, one for each
    kept-out world in turn, none where assumptions are as stated."""

    scenario: Scenario
    alleged: Campaign
    rivals: Mapping[str, Campaign]
    worlds: int
    sets: Sequence[Scenario] = ()

    @property
    def candidate(self) -> int:
        """Whom the campaign is alleged to promote."""
        return self.scenario.focal

    @property
    def label(self) -> str:
        """The candidate's letter."""
        return str(self.scenario.population.candidates[self.candidate].label)

    @property
    def twin(self) -> Scenario:
        """The same world without a campaign: what tells how often innocents show what is found."""
        return replace(self.scenario, campaign=self.rivals[QUIET])

    def kept_out(self) -> dict[str, list[Scenario]]:
        """Worlds of the allegation and of each rival, with seeds that the folder has not; all explanations have the same seeds."""
        explanations = {ALLEGED: self.alleged, **self.rivals}
        return {
            name: [self._world(campaign, place) for place in range(self.worlds)]
            for name, campaign in explanations.items()
        }

    def _world(self, campaign: Campaign, place: int) -> Scenario:
        base = self.sets[place % len(self.sets)] if self.sets else self.scenario
        return replace(base, campaign=campaign, seed=(self.scenario.seed + KEPT_OUT + place) % SEEDS)


def case_of(
    scenario: Scenario, alleged: str, rivals: Sequence[str], worlds: int, sets: Sequence[Scenario] = ()
) -> Case:  # fmt: skip
    """A case about one world. Raises ScenarioError where its scenario keeps no record, or the allegation is none."""
    if scenario.record is None:
        raise ScenarioError(
            "record: none in this folder's scenario, allowed is one that says what is kept: run or compare with record=standard"
        )
    letter = scenario.campaign.candidate
    known = {name: _campaign(name, letter) for name in (alleged, *rivals)}
    if known[alleged].start is None or alleged in rivals:
        raise ScenarioError(
            f"--alleged: {shown(alleged)} given, allowed is a campaign that acts and is no rival explanation"
        )
    single = {name: known[name] for name in rivals}
    return Case(scenario, known[alleged], {**single, **mixtures(single)}, worlds, sets)


def _campaign(name: str, letter: str) -> Campaign:
    """A campaign as its preset states it, for the candidate with a letter."""
    campaign: Campaign = load_scenario([f"campaign={name}"]).campaign
    return replace(campaign, candidate=letter)


def mixtures(campaigns: Mapping[str, Campaign]) -> dict[str, Campaign]:
    """Each two of the explanations at work at once, both in full; of a tactic that both have, that of the first."""
    acting = [(name, of) for name, of in campaigns.items() if of.start is not None]
    return {f"{one[0]}+{other[0]}": _both(one[1], other[1]) for one, other in combinations(acting, 2)}


def _both(one: Campaign, other: Campaign) -> Campaign:
    start = min(day for day in (one.start, other.start) if day is not None)
    return Campaign(
        f"{one.name}+{other.name}",
        one.candidate,
        start,
        max(one.budget, other.budget),
        {**other.tactics, **one.tactics},
    )


def arm_of(question: Question, arm: str | None) -> str:
    """The arm that is looked at: the one that is named, else the first with a campaign that acts, else the first."""
    if arm is not None and arm not in question.arms:
        raise ScenarioError(f"--arm: {shown(arm)} given; {nearest(arm, list(question.arms))}")
    acting = [name for name, rules in question.arms.items() if rules.campaign.start is not None]
    return arm or next(iter([*acting, *question.arms]))


def drawn_sets(
    question: Question, arm: str, members: Sequence[Mapping[str, Any]], trust: Sequence[str]
) -> list[Scenario]:
    """The arm's scenario under each set of assumptions; sets that cannot be composed are left out."""
    found = []
    for values in members:
        try:
            found.append(with_values(question, values, trust).alone(question.scenario.seed)[arm])
        except ScenarioError:
            continue
    return found


def members_of(folder: Path) -> list[dict[str, Any]]:
    """Values by key of each set of assumptions that a comparison has drawn; none where it has not."""
    if not (folder / DESIGN / "design.json").is_file():
        return []
    return [
        {str(key): _parsed(text) for key, text in row.items()} for row in read_design(folder).values.to_dict("records")
    ]


def _parsed(text: Any) -> Any:
    """A value from its text; a date, and a name, stay what they are."""
    try:
        return ast.literal_eval(str(text))
    except (ValueError, SyntaxError):
        return text


def in_words(name: str) -> str:
    """An explanation for people."""
    said = {
        ALLEGED: "the campaign that is alleged", QUIET: "no campaign", "organic_surge": "an organic surge",
        "paid_authentic": "paid but authentic posts", "recruited_people": "recruited people",
    }  # fmt: skip
    return " together with ".join(said.get(part, part.replace("_", " ")) for part in name.split("+"))
