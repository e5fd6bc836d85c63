"""Doses of tactics on worlds whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.dose_response import dose_response, doses_of, saturates
from analysis.estimates.paired import Worlds
from analysis.report.attribution import dose_figure, dose_section

TIMES = (0.0, 0.5, 1.0, 2.0, 4.0)
EURO = 10.0  # for 1,000 impressions, as long as more money buys any


def worlds_of(most: float, seeds: int = 8) -> Worlds:
    """A tactic that brings 2 impressions a user for each dose, up to `most` of them, beside another that brings 1."""
    runs, variants = [], []
    for times in (None, *TIMES):
        campaign = "quiet" if times is None else "loud" if times == 1 else f"loud[{times:g}xbuy]"
        made = 0.0 if times is None else 1 + 2 * min(times, most)
        for policy, left in (("none", 1.0), ("strict", 0.75)):
            arm = {"name": f"{campaign}/{policy}", "campaign": campaign, "moderation": policy}
            if "[" in campaign:
                variants.append({**arm, "doses": {"other": 1.0}})
            for seed in range(seeds):
                luck = float(np.random.default_rng(seed).normal(0, 0.2))
                runs.append({
                    "arm": arm["name"], "seed": seed, "genuine_users": 1000,
                    "candidate_impressions": 1000 * (5 + luck + left * made * (1 + luck / 10)),
                    "spent": EURO * 2 * (times or 0.0), "campaign_accounts": 40 * (made > 0),
                    "campaign_accounts_actioned": 10 * (made > 0 and policy == "strict"),
                })  # fmt: skip
    arms = [{"name": f"{c}/{m}", "campaign": c, "moderation": m} for c in ("quiet", "loud") for m in ("none", "strict")]
    return Worlds(pd.DataFrame(runs), {"arms": arms, "variants": variants})


def test_steps_gain_and_cost_what_they_do() -> None:
    rows = dose_response(worlds_of(most=2.0))
    assert list(rows["times"]) == list(TIMES)
    assert list(rows["campaign"])[2] == "loud"
    assert rows["manufactured"].to_numpy() == pytest.approx([1, 2, 3, 5, 5], rel=0.03)
    assert rows["gain"].to_numpy()[1:] == pytest.approx([1, 1, 2, 0], rel=0.03, abs=1e-9)
    assert rows["per_thousand"].to_numpy()[1:4] == pytest.approx([EURO] * 3, rel=0.03)
    assert np.isnan(rows["per_thousand"].to_numpy()[[0, 4]]).all()  # of a gain that may be none there is no price
    assert rows["found:strict"].to_numpy() == pytest.approx([0.25] * 5)
    assert rows["dampening:strict"].to_numpy() == pytest.approx([0.25] * 5, rel=0.03)
    assert saturates(rows, "buy") == 2.0


def test_what_never_flattens_and_what_never_rises_is_said_so() -> None:
    rising, flat = dose_response(worlds_of(most=9.0)), dose_response(worlds_of(most=0.0))
    assert saturates(rising, "buy") is None
    assert saturates(flat, "buy") == 0.0
    assert "still adds at 4 times" in dose_section(rising, {}, "EUR")
    assert "no step, from nothing to 4 times" in dose_section(flat, {}, "EUR")
    assert dose_figure(rising) is not None
    nothing = Worlds(worlds_of(1.0).runs, {"arms": worlds_of(1.0).manifest["arms"]})
    assert doses_of(nothing) == []
    assert dose_section(dose_response(nothing), {}, "EUR") == ""
