"""The campaign that adapts loses less to moderation than the fixed one, and is the fixed one where nothing is taken from it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from sim.runs.engines import cores, run_all
from sim.runs.face import load_scenario
from sim.runs.families import Family, run_family

SEEDS = range(1, 33)
MARGIN = 0.5  # impressions per genuine user, of some 8 that are manufactured
POLICY = "suspend_coordinated"
CAMPAIGNS = ("quiet", "coordinated", "adaptive")
ARMS = tuple(f"{campaign}/{policy}" for campaign in CAMPAIGNS for policy in ("none", POLICY))
WORLD = ("scenario=classroom",)  # where influencers are few and dear, as in romania_2024, it need not hold


def family(folder: Path, seed: int) -> Family:
    arms = {
        arm: load_scenario([*WORLD, f"campaign={arm.split('/')[0]}", f"moderation={arm.split('/')[1]}"]) for arm in ARMS
    }
    return Family(seed, arms, {arm: folder / f"{seed}-{number}.json" for number, arm in enumerate(ARMS)})


def surely_above(values: npt.NDArray[np.float64], margin: float) -> bool:
    """By more than two standard errors of their mean."""
    return bool(values.mean() - 2 * values.std(ddof=1) / np.sqrt(len(values)) > 0 and values.mean() > margin)


@pytest.mark.slow
def test_adaptive_campaign_loses_less_to_a_policy_that_hits_one_of_its_tactics(tmp_path: Path) -> None:
    """Sleepers are suspended; their money goes to what is left.

    Loss: manufactured visibility without a policy less that under it, against the quiet world under the same policy.
    """
    families = [family(tmp_path, seed) for seed in SEEDS]
    runs = [result["run"] for results in run_all("process", run_family, families, cores()) for result in results]
    runs.sort(key=lambda run: run["seed"])
    v = {
        arm: np.array([r["candidate_impressions"] / r["genuine_users"] for r in runs if r["arm"] == arm])
        for arm in ARMS
    }
    spent = {arm: np.array([r["spent"] for r in runs if r["arm"] == arm]) for arm in ARMS}
    loss = {
        campaign: (v[f"{campaign}/none"] - v["quiet/none"]) - (v[f"{campaign}/{POLICY}"] - v[f"quiet/{POLICY}"])
        for campaign in CAMPAIGNS[1:]
    }
    saved = loss["coordinated"] - loss["adaptive"]
    print("manufactured", v["coordinated/none"] - v["quiet/none"], "loss of the fixed campaign", loss["coordinated"])
    print("of the adaptive one", loss["adaptive"], "saved", saved.mean(), "+-", saved.std(ddof=1) / np.sqrt(len(saved)))
    assert surely_above(loss["coordinated"], 0.0)
    assert surely_above(saved, MARGIN)
    assert np.abs(v["adaptive/none"] - v["coordinated/none"]).max() < 0.02 * v["coordinated/none"].mean()
    for policy in ("none", POLICY):  # never with more money than the plan
        assert np.mean(spent[f"adaptive/{policy}"]) <= 1.05 * np.mean(spent["coordinated/none"])
