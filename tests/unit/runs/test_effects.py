"""Choices that change nothing are said, and so are policies that acted on nothing."""

from pathlib import Path

import pytest

from analysis.estimates.table import write_estimates
from analysis.estimates.words import headline
from sim.runs.effects import idle
from sim.runs.face import compare, load_scenario
from tests.worlds import SMALL, STAGED


def said(*words: str, compared: bool = True) -> list[str]:
    return list(idle(["scenario=classroom", *words], None, (), compared))


@pytest.mark.parametrize(
    "word",
    [
        f"scale={load_scenario(['scenario=classroom']).scale}",  # the scenario's own
        "moderation.policies.suspend_coordinated.action=suspend",  # the preset's own
        "population.unlawful=0",
    ],
)
def test_what_is_so_already_is_said(word: str) -> None:
    assert said(word) == [f"{word}: changes nothing here"]


def test_what_changes_something_is_not_said() -> None:
    assert said("audience.like=-1.5", "seed=7", "campaign=quiet", "days=5") == []


def test_a_choice_is_looked_at_among_the_others() -> None:
    assert said("campaign=careful", "moderation=none", "population.candidates.A.support=0.005") == []
    word = "campaign.candidate=A"
    assert said(word, compared=False) == [f"{word}: changes nothing here"]


def test_a_policy_that_can_never_act_is_said(tmp_path: Path) -> None:
    """Nothing is unlawful in a classroom: what takes unlawful posts down does nothing, and 0% would mislead."""
    words = ["scenario=classroom", *SMALL, *STAGED, "scale=0.0000223", "days=5", "replications=2", "engine=serial"]
    compare([*words, "campaign=coordinated", "moderation=take_down"], tmp_path)
    write_estimates(tmp_path)
    assert any(line.startswith("take_down acted on nothing in these worlds") for line in headline(tmp_path))
