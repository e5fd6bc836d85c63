"""The campaign that adapts loses less to moderation than the fixed one, and is the fixed one where nothing is taken from it."""

from pathlib import Path

import numpy as np
import pytest

from sim.experiment import Family, run_family
from tests.worlds import small_scenario

SEEDS = range(1, 7)
MARGIN = 0.5  # impressions per genuine user, of some 7 that are manufactured


@pytest.mark.slow
def test_adaptive_campaign_loses_less_to_a_policy_that_hits_one_of_its_tactics(tmp_path: Path) -> None:
    """Sleepers are suspended, on whom the campaign of this small world spends most; their money goes to the rest.

    In this world the fixed campaign itself hardly loses, and why is not known; what is held
    here is that moved money brings more than money unspent. Where the policy hits what pays best, the rule can lose (ODD).

    Loss: manufactured visibility without a policy less that under it, against the quiet world under the same policy.
    """
    arms = {
        f"{campaign}/{policy}": small_scenario(campaign, policy, users=400, days=10, more=("campaign.budget=1e8",))
        for campaign in ("quiet", "coordinated", "adaptive")
        for policy in ("none", "suspend_coordinated")
    }
    seen: dict[str, list[float]] = {arm: [] for arm in arms}
    spent: dict[str, list[float]] = {arm: [] for arm in arms}
    for seed in SEEDS:
        files = {arm: tmp_path / f"{seed}-{number}.json" for number, arm in enumerate(arms)}
        for result in run_family(Family(seed, arms, files)):
            run = result["run"]
            seen[run["arm"]].append(run["candidate_impressions"] / run["genuine_users"])
            spent[run["arm"]].append(run["spent"])
    v = {arm: np.array(values) for arm, values in seen.items()}
    loss = {
        campaign: (v[f"{campaign}/none"] - v["quiet/none"])
        - (v[f"{campaign}/suspend_coordinated"] - v["quiet/suspend_coordinated"])
        for campaign in ("coordinated", "adaptive")
    }
    saved = loss["coordinated"] - loss["adaptive"]
    print("loss of the fixed campaign", loss["coordinated"], "and of the adaptive one", loss["adaptive"])
    assert saved.mean() > MARGIN
    assert saved.mean() > 2 * saved.std(ddof=1) / np.sqrt(len(saved))
    assert np.abs(v["adaptive/none"] - v["coordinated/none"]).max() < 0.02 * v["coordinated/none"].mean()
    for policy in ("none", "suspend_coordinated"):  # never with more money than the plan
        assert np.mean(spent[f"adaptive/{policy}"]) <= 1.05 * np.mean(spent["coordinated/none"])
