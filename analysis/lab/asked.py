"""Which worlds a reel shows: those of a folder that `compare` or `run` has left, or those that words ask about."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.estimates.table import estimates
from sim.runs.face import documents_of, load_scenario, question_in, scenario_of
from sim.runs.question import question_of
from sim.runs.recording import read_table, rows_of
from sim.runs.recording.results import check_comparison, check_world, read_whole
from sim.scenario.config import Scenario
from sim.scenario.files import recorded
from sim.scenario.schema import ScenarioError

ARMS_MOST = 8  # in one reel
QUIET = "quiet"


@dataclass(frozen=True)
class Asked:
    """arms: single worlds of one seed, by name, in order; command: that gives their numbers; digests: of those that were run before;
    runs, estimates: of a comparison of them, over all its seeds, nothing where there is none.
    """

    arms: Mapping[str, Scenario]
    command: str
    digests: Mapping[str, str]
    runs: Sequence[Mapping[str, Any]] | None = None
    estimates: Sequence[Mapping[str, Any]] = ()

    @property
    def seed(self) -> int:
        """Of all its worlds."""
        return next(iter(self.arms.values())).seed


def asked_by_words(words: Sequence[str], trust: Sequence[str] = ()) -> Asked:
    """The arms of a comparison that is asked about in words, in its first seed. Raises ScenarioError."""
    question = question_of(words, None, trust)
    alone = question.alone(question.scenario.seed)
    arms = {arm: alone[arm] for arm in list(question.arms)[:ARMS_MOST]}
    return Asked(arms, " ".join(["groundswell", "compare", *words]), {})


def asked_in(folder: Path, trust: Sequence[str] = ()) -> Asked:
    """The worlds of a folder. Raises ScenarioError where it is damaged, or made by neither `compare` nor `run`."""
    if not (folder / "manifest.json").is_file():
        raise ScenarioError(
            f"{folder}: holds no manifest.json; allowed is a folder that run or compare has written, or a reel"
        )
    manifest = read_whole(folder / "manifest.json")
    return (
        _world(folder, trust) if isinstance(manifest, Mapping) and "ticks" in manifest else _comparison(folder, trust)
    )


def _comparison(folder: Path, trust: Sequence[str]) -> Asked:
    """The first seed of a comparison, and what it says of all seeds; versions of a campaign are not among its arms."""
    check_comparison(folder)
    documents_of(folder)
    question, manifest, runs = (
        question_in(folder, trust),
        read_whole(folder / "manifest.json"),
        read_table(folder, "runs"),
    )
    seed, alone = int(manifest["seeds"][0]), question.alone(int(manifest["seeds"][0]))
    arms = {arm: alone[arm] for arm in list(question.arms)[:ARMS_MOST]}
    shown = runs[runs["arm"].isin(list(arms))]
    first = shown[shown["seed"] == seed]
    table = estimates(runs, manifest, read_table(folder, "series"))
    return Asked(
        arms, str(manifest["command"]), dict(zip(first["arm"], first["digest"], strict=True)), rows_of(shown),
        json.loads(table.to_json(orient="records")),
    )  # fmt: skip


def _world(folder: Path, trust: Sequence[str]) -> Asked:
    """A world and its twin without the campaign."""
    check_world(folder)
    scenario = scenario_of(recorded(folder / "config.yaml", trust), trust)
    run = read_table(folder, "runs").iloc[0]
    arm = f"{scenario.campaign.name}/{scenario.moderation.name}"
    arms = (
        {arm: scenario}
        if scenario.campaign.start is None
        else {_quiet(scenario): without_campaign(scenario), arm: scenario}
    )
    return Asked(arms, f"groundswell run, of the scenario in {folder.name}/config.yaml", {arm: str(run["digest"])})


def _quiet(scenario: Scenario) -> str:
    return f"{QUIET}/{scenario.moderation.name}"


def without_campaign(scenario: Scenario) -> Scenario:
    """The twin of a world in which the campaign never acts, all else the same."""
    quiet = load_scenario([f"campaign={QUIET}"]).campaign
    return replace(scenario, campaign=replace(quiet, candidate=scenario.campaign.candidate))
