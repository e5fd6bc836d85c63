"""Small worlds that studies run by the hundred: scenarios composed once a process, arms of a seed that share their history."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis.validation.workshop import PRESETS
from sim.runs.face import load_scenario
from sim.runs.families import Family, run_family
from sim.scenario.config import Scenario


@cache
def composed(overrides: tuple[str, ...]) -> Scenario:
    """A scenario; the presets of this package can be named too."""
    return load_scenario(overrides, PRESETS)


def arms_of_a_seed(arms: Sequence[tuple[str, ...]], seed: int, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Runs of one seed by arm (`campaign/moderation`), from the overrides of each arm.

    folder: where finished worlds are filed, so that what was interrupted goes on; else nothing is kept.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as passing:
            return arms_of_a_seed(arms, seed, Path(passing))
    rules = [replace(composed(tuple(overrides)), seed=seed) for overrides in arms]
    named = {f"{r.campaign.name}/{r.moderation.name}": r for r in rules}
    files = {name: folder / f"{number}.json" for number, name in enumerate(named)}
    return {result["run"]["arm"]: result["run"] for result in run_family(Family(seed, named, files))}


def visibility(run: dict[str, Any]) -> float:
    """Impressions of the campaign's candidate per genuine user."""
    return float(run["candidate_impressions"]) / float(run["genuine_users"])
