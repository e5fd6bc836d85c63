"""What a campaign must not have touched: hand-made worlds of known truth, and small real ones in which nothing is promoted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.controls import BEFORE, Control, control_contrasts, controls, first_day, touched, verdict
from analysis.estimates.paired import Worlds
from analysis.estimates.table import estimates
from analysis.validation.small_worlds import composed
from sim.runs.families import Family, run_family

USERS, CAMPAIGN, QUIET = 100.0, "pushed/none", "quiet/none"
LETTERS = list("ABCDEFG")  # A is promoted; D to G are told from A by their letters only
MANIFEST: dict[str, Any] = {
    "arms": [{"campaign": c, "moderation": "none"} for c in ("quiet", "pushed")], "candidates": LETTERS, "candidate": 0,
    "exchangeable": [0, 3, 4, 5, 6], "start_date": "2024-11-01", "days": 2, "starts": {"pushed": "2024-11-02"},
}  # fmt: skip
SIZES = np.array([1.0, 60.0, 40.0, 20.0, 20.0, 20.0, 20.0])


def world(
    rng: np.random.Generator, seeds: int = 8, taken: float = 0.1, pushed: str = "", by: float = 0.0, noise: float = 0.05
) -> tuple[Worlds, pd.DataFrame]:
    """Pairs in which A's campaign takes a share of everybody's views, and adds `by` views a user to one more candidate.

    Nothing happens on the first of two days.
    """
    runs, rows = [], []
    for seed in range(1, seeds + 1):
        quiet = USERS * SIZES * rng.lognormal(0.0, 0.4, len(SIZES))
        moved = quiet * (1 - taken) * (1 + noise * rng.normal(size=len(SIZES)))
        moved[0] = quiet[0] + USERS * 12
        moved[[LETTERS.index(letter) for letter in pushed]] += by * USERS
        for arm, seen in ((QUIET, quiet), (CAMPAIGN, moved)):
            runs.append({"arm": arm, "seed": seed, "genuine_users": USERS})
            for day, today in ((0, quiet), (1, seen)):
                rows += [(arm, seed, day, "impressions", c, float(v)) for c, v in enumerate(today)]
                rows.append((arm, seed, day, "impressions_all", -1, 20.0 * USERS * SIZES.sum()))
    series = pd.DataFrame(rows, columns=["arm", "seed", "day", "measure", "candidate", "value"])
    return Worlds(pd.DataFrame(runs), MANIFEST), series


def read(worlds: Worlds, series: pd.DataFrame) -> dict[tuple[str, str], Control]:
    rows = [(c, m, e.value, e.low, e.high, e.n, e.paired_sd) for c, m, e in control_contrasts(worlds, series)]
    table = pd.DataFrame(rows, columns=["contrast", "measure", "estimate", "low", "high", "n", "paired_sd"])
    return {(one.letter, one.measure): one for one in controls(table)}


def test_what_is_taken_from_all_alike_leaves_every_control_at_zero() -> None:
    found = read(*world(np.random.default_rng(1), noise=0.0))
    assert {letter for letter, _ in found} == {*LETTERS[1:], BEFORE}
    assert {letter for letter, measure in found if measure == "equals"} == {"D", "E", "F", "G"}
    for (_, measure), one in found.items():
        if measure != "equals":  # equals differ by what they had
            assert one.value == pytest.approx(0.0, abs=1e-9)
    assert found["B", "others"].margin == pytest.approx(60 * 2 * 0.05, rel=0.5)  # a tenth of one of two days' views
    assert found[BEFORE, BEFORE].high == 0.0


def test_a_push_is_measured_in_the_views_that_it_adds() -> None:
    found = read(*world(np.random.default_rng(2), taken=0.0, noise=0.0, pushed="E", by=5.0))
    assert found["E", "others"].value == pytest.approx(5.0)
    assert found["E", "equals"].value == pytest.approx(5.0)
    assert found["D", "equals"].value == pytest.approx(-5.0 / 3)  # of three equals one was pushed


def test_zero_is_held_as_often_as_stated_and_a_pushed_candidate_is_caught() -> None:
    rng = np.random.default_rng(3)
    held = [one.holds for _ in range(60) for one in read(*world(rng)).values() if one.measure != BEFORE]
    assert len(held) == 60 * 10
    assert 0.92 <= np.mean(held) <= 0.98
    alarms = [bool(touched([*read(*world(rng)).values()])) for _ in range(60)]
    assert np.mean(alarms) <= 0.1  # 5% are meant; of 60 more than six are luck in one case of 50
    caught = [{one.letter for one in touched([*read(*world(rng, pushed="E", by=10.0)).values()])} for _ in range(20)]
    assert np.mean(["E" in letters for letters in caught]) >= 0.9


def test_a_push_within_what_displacement_can_do_is_not_called_one() -> None:
    found = read(*world(np.random.default_rng(4), noise=0.001, pushed="B", by=1.0))
    one = found["B", "others"]
    assert not one.holds
    assert one.p == 1.0
    assert one not in touched([*found.values()])


def test_the_verdict_says_what_one_expects_and_names_who_was_touched() -> None:
    rng = np.random.default_rng(5)
    calm = verdict([Control(letter, "others", 0.0, -1.0, 1.0, 0.0, 1.0) for letter in "BC"])
    assert calm == "In 2 of 2 controls the 95% interval holds zero; of as many some 0.1 miss it by luck alone."
    said = verdict([*read(*world(rng, pushed="E", by=30.0)).values()])
    assert {"E against all others", "E against its equals"} == set(said.partition("(Holm): ")[2].split(", ")[:2])
    assert said.endswith("are their twins, to the last view.")
    early = verdict([Control(BEFORE, BEFORE, 0.1, 0.0, 0.2, 0.0, 0.01)])
    assert early.endswith("differ from their twins: an error.")


@pytest.mark.parametrize(
    ("starts", "days"), [({"pushed": "2024-11-02"}, 1), ({"pushed": "2024-10-01"}, 0), ({"pushed": "2025-01-01"}, 2),
                         ({}, 0), ({"another": "2024-11-02"}, 0)],
)  # fmt: skip
def test_days_before_a_campaign_are_those_measured(starts: dict[str, str], days: int) -> None:
    assert first_day({**MANIFEST, "starts": starts}, "pushed") == days


def test_twins_that_differ_too_early_are_told() -> None:
    worlds, series = world(np.random.default_rng(6))
    early = (series["arm"] == CAMPAIGN) & (series["day"] == 0) & (series["candidate"] == 4) & (series["seed"] == 3)
    series.loc[early, "value"] += 8.0
    assert read(worlds, series)[BEFORE, BEFORE].value == pytest.approx(8.0 / USERS / 8)


def test_who_is_never_seen_is_no_control_and_one_seed_has_none() -> None:
    worlds, series = world(np.random.default_rng(7))
    series.loc[series["candidate"] == 5, "value"] = 0.0
    assert "F" not in {letter for letter, _ in read(worlds, series)}
    assert read(*world(np.random.default_rng(7), seeds=1)) == {}


def test_a_single_other_candidate_is_set_against_all_that_carries_no_a() -> None:
    worlds, series = world(np.random.default_rng(8), noise=0.0)
    worlds.manifest = {**MANIFEST, "candidates": ["A", "B"], "exchangeable": []}
    lost = 0.1 * series[(series["arm"] == QUIET) & (series["day"] == 1) & (series["candidate"] == 1)]["value"].mean()
    assert read(worlds, series)["B", "others"].value == pytest.approx(-lost / USERS, rel=0.05)


def test_a_comparison_without_a_campaign_has_no_controls() -> None:
    worlds, series = world(np.random.default_rng(9))
    alone = Worlds(worlds.runs, {**MANIFEST, "arms": MANIFEST["arms"][:1]})
    assert control_contrasts(alone, series) == []


def small_pairs(campaign: tuple[str, ...], seeds: range, folder: Path) -> tuple[Worlds, pd.DataFrame]:
    """Small real worlds with a campaign and without, as tables."""
    runs, rows = [], []
    for seed in seeds:
        arms = {
            name: replace(composed(("scenario=null_world", *words)), seed=seed)
            for name, words in ((QUIET, ("campaign=quiet",)), (CAMPAIGN, campaign))
        }
        files = {name: folder / f"{seed}-{k}.json" for k, name in enumerate(arms)}
        for name, found in zip(arms, run_family(Family(seed, arms, files)), strict=True):
            runs.append({**found["run"], "arm": name})
            rows += [(name, seed, day, measure, c, value) for day, measure, c, value in found["series"]]
    series = pd.DataFrame(rows, columns=["arm", "seed", "day", "measure", "candidate", "value"])
    manifest = {**MANIFEST, "candidates": list("ABCDEFGHIJK"), "exchangeable": [0, 5, 6, 7, 8, 9, 10], "starts": {}}
    return Worlds(pd.DataFrame(runs), manifest), series


NOTHING = ("campaign=coordinated", "campaign.budget=0", "population.sleepers=0", "population.vendors=0",
           "population.volunteers=0", "population.influencers=0")  # fmt: skip


def test_a_campaign_without_means_touches_nobody(tmp_path: Path) -> None:
    without = tuple(word for word in NOTHING if word.startswith("population"))
    runs, rows = [], []
    for name, words in ((QUIET, ("campaign=quiet", *without)), (CAMPAIGN, NOTHING)):
        rules = {name: replace(composed(("scenario=null_world", *words)), seed=1)}
        (found,) = run_family(Family(1, rules, {name: tmp_path / f"{len(runs)}.json"}))
        runs.append({**found["run"], "arm": name})
        rows += [(name, 1, *row) for row in found["series"] if row[1] == "impressions"]
    by = pd.DataFrame(rows, columns=["arm", "seed", "day", "measure", "candidate", "value"])
    wide = by.pivot(index=["day", "candidate"], columns="arm", values="value")
    assert wide[QUIET].sum() > 0
    assert (wide[CAMPAIGN] == wide[QUIET]).all()


@pytest.mark.slow
def test_a_placebo_that_acts_touches_nobody_and_a_push_of_another_is_caught(tmp_path: Path) -> None:
    """24 small worlds each: posts that name nobody, the campaign for A, and a campaign that in truth promotes F."""
    for name, words in (("placebo", ("campaign=placebo",)), ("honest", ("campaign=coordinated",))):
        (tmp_path / name).mkdir()
        found = [*read(*small_pairs(words, range(1, 25), tmp_path / name)).values()]
        assert touched(found) == []
        assert sum(not one.holds for one in found) <= 3  # of 16; .8 are meant
    (tmp_path / "other").mkdir()
    worlds, series = small_pairs(("campaign=coordinated", "campaign.candidate=F"), range(1, 25), tmp_path / "other")
    found = read(worlds, series)
    assert {one.letter for one in touched([*found.values()])} >= {"F"}
    assert found["F", "equals"].value > 0.5


def test_the_table_of_estimates_says_whom_each_control_is_about() -> None:
    worlds, series = world(np.random.default_rng(10))
    extra = ("candidate_impressions", "candidate_authored", "candidate_paid", "candidate_asked", "spent")
    table = estimates(worlds.runs.assign(**dict.fromkeys(extra, 1.0)), MANIFEST, series)
    assert table.set_index("contrast").loc["control:E", "candidate"].tolist() == ["E", "E", "E"]
    assert (estimates(worlds.runs.assign(**dict.fromkeys(extra, 1.0)), MANIFEST)["contrast"] != "control:E").all()
