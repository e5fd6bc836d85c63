"""Both bands of a made design: what is kept, who is shown it, and how it reads."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma

from analysis.estimates import kept_bands as module
from analysis.estimates.contrasts import main_contrasts
from analysis.estimates.kept_bands import (
    KeptBands,
    bands_of_design,
    beside,
    both_bands,
    both_lines,
    keep,
    kept_bands,
    passing,
    read,
)
from analysis.estimates.paired import Worlds
from analysis.estimates.table import COLUMNS, first
from analysis.report.bands import bands_section
from analysis.report.opening import opening
from sim.runs.recording import read_json, write_json, write_table

USERS = 1000.0
POLICIES = ("none", "suspend_coordinated", "label_paid")
MANIFEST: dict[str, Any] = {
    "scenario": "world", "command": "groundswell compare scenario=world assumptions=ranges", "days": 14, "users": 1000,
    "arms": [{"campaign": c, "moderation": m} for c in ("quiet", "loud") for m in POLICIES],
    "assumptions": [{"key": "audience.watch", "source": "assumption, 0.1 to 0.5"}, {"key": "days", "source": "a report"}],
}  # fmt: skip
NOTHING = 6  # sets of assumptions of the made design in which the campaign does nothing


def worlds_of(
    made: float, damped: float, seeds: int, chance: np.random.Generator, first: int = 1
) -> list[dict[str, Any]]:
    """Runs of one set of assumptions: impressions a user that are manufactured, and the share that the first policy takes."""
    rows = []
    for seed in range(first, first + seeds):
        seen, quiet = made * chance.lognormal(0.0, 0.2) + chance.normal(0.0, 0.1), 1.0 + chance.random()
        for campaign in ("quiet", "loud"):
            for policy in POLICIES:
                left = seen * (1 - damped * (policy == "suspend_coordinated")) + (policy != "none") * chance.normal(
                    0.0, 0.03
                )
                rows.append({
                    "arm": f"{campaign}/{policy}", "seed": seed, "genuine_users": USERS,
                    "candidate_impressions": USERS * (quiet + (left if campaign == "loud" else 0.0)),
                    "candidate_authored": 0.0, "spent": 0.0, "other_candidates_organic": 1.0, "watch_seconds": 1.0, "reviews": 0.0,
                    "genuine_accounts_actioned": float(chance.poisson(2.0)) if policy == "suspend_coordinated" else 0.0,
                    "genuine_posts_actioned": 0.0,
                })  # fmt: skip
    return rows


def design(sets: int = 64, seeds: int = 2) -> pd.DataFrame:
    """A design with fresh seeds in each set."""
    chance = np.random.default_rng(1)
    made = chance.lognormal(1.2, 0.6, sets)
    made[:NOTHING] = 0.0
    damped = 1 - np.exp(-chance.gamma(4.0, 0.12, sets))
    return pd.concat([
        pd.DataFrame(worlds_of(made[m], damped[m], seeds, chance, 1 + m * seeds)).assign(member=m) for m in range(sets)
    ], ignore_index=True)  # fmt: skip


def own_estimates() -> pd.DataFrame:
    """A comparison's own table, under the stated assumptions."""
    worlds = Worlds(pd.DataFrame(worlds_of(4.0, 0.4, 8, np.random.default_rng(2))), MANIFEST)
    rows = [(c, m, "A", e.value, e.low, e.high, e.n, e.paired_sd, e.unpaired_sd) for c, m, e in main_contrasts(worlds)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@pytest.fixture(scope="module")
def found() -> KeptBands:
    return kept_bands(design(), MANIFEST)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(module, "KEPT", tmp_path)
    module.kept.cache_clear()
    yield tmp_path
    module.kept.cache_clear()


def test_sets_with_nothing_to_dampen_are_taken_out_openly(found: KeptBands) -> None:
    damped, made = found.row("dampening:suspend_coordinated"), found.row("manufactured")
    assert (made.sets, made.nothing) == (64, 0)
    assert damped.sets + damped.nothing == 64
    assert NOTHING <= damped.nothing <= NOTHING + 2
    assert f"{damped.nothing} more have nothing to dampen" in both_bands("x", (0.2, 0.5), damped, "{:.0%}")
    assert f"{damped.nothing} sets more have nothing to dampen" in _section(found)


def test_bands_are_those_of_the_made_worlds(found: KeptBands) -> None:
    """Of 1 - exp(-gamma(4) .12): 95% between .12 and .65, and above a fifth with probability .88."""
    row = found.row("dampening:suspend_coordinated")
    assert row.low_from <= 0.123 <= row.low_to
    assert row.high_from <= 0.651 <= row.high_to
    assert row.above_low <= 0.88 <= row.above_high
    assert row.middle == pytest.approx(1 - np.exp(-gamma(4.0).ppf(0.5) * 0.12), abs=0.05)
    assert row.share > 0.8
    harm = found.row("collateral:suspend_coordinated", "genuine_actioned_per_100000")
    assert harm.share < 0.3  # the same rate under all assumptions
    assert harm.low <= 200 <= harm.high
    assert pd.isna(found.row("collateral:label_paid", "genuine_actioned_per_100000").share)  # nothing varies


def test_common_seeds_are_told_by_the_runs() -> None:
    runs = design(16)
    same = runs.assign(seed=runs.groupby(["member", "arm"]).cumcount())
    apart, together = (bands_of_design(one, MANIFEST).set_index("contrast") for one in (runs, same))
    assert apart.loc["manufactured", "low"] != together.loc["manufactured", "low"]


def test_one_seed_a_set_gives_at_most_a_range(found: KeptBands) -> None:
    one = kept_bands(design(seeds=1), MANIFEST)
    row = one.row("manufactured")
    assert "at most " in both_bands("x", (1.0, 2.0), row)
    assert passing(row, "the campaign adds", "one") == ""
    assert "not known" in _section(one)
    assert "at most " in _section(one)
    assert "at most " not in both_bands("x", (1.0, 2.0), found.row("manufactured"))


def test_what_is_kept_comes_back_and_stands_beside_its_scenario_and_campaign_only(
    folder: Path, found: KeptBands
) -> None:
    keep(found)
    again = beside(MANIFEST)
    assert again is not None
    pd.testing.assert_frame_equal(again.rows, found.rows)
    assert all(
        getattr(again, name) == getattr(found, name) for name in KeptBands.__dataclass_fields__ if name != "rows"
    )
    assert beside({**MANIFEST, "scenario": "another"}) is None
    assert beside({**MANIFEST, "arms": [{"campaign": "quiet"}, {"campaign": "careful"}]}) is None
    older = read_json(folder / "world.json")
    older["rows"] = [{key: value for key, value in row.items() if key != "middle"} for row in older["rows"]]
    write_json(folder / "older.json", older)
    assert read(folder / "older.json").rows["middle"].isna().all()
    assert "half" not in both_bands("x", (1.0, 2.0), read(folder / "older.json").row("manufactured"))
    few = kept_bands(design(4), MANIFEST)
    few.write(folder / "few.json")
    assert read(folder / "few.json").rows["low"].isna().all()


def test_a_comparison_says_both_bands_and_what_has_changed(folder: Path, found: KeptBands) -> None:
    write_json(folder / "manifest.json", MANIFEST)
    write_table(folder / "estimates.parquet", own_estimates())
    assert both_lines(folder) == []
    keep(found)
    lines = both_lines(folder)
    assert "Luck (other worlds, the same assumptions): " in lines[0]
    assert ". Assumptions (64 sets drawn from their stated ranges): " in lines[0]
    assert any("sets of assumptions suspend_coordinated takes more than a fifth" in line for line in lines)
    assert not any("changed since" in line for line in lines)
    keep(dataclasses.replace(found, code="another", days=7, users=9))
    assert "the model has changed since; over 7 days, not 14; in worlds of 9 users, not 1,000" in both_lines(folder)[-1]


def test_other_ranges_are_said_and_other_policies_numbers_are_not(found: KeptBands) -> None:
    rows = MANIFEST["assumptions"]
    assert found.warning(MANIFEST) == ""
    assert (
        found.warning({**MANIFEST, "assumptions": [*rows, {"key": "moderation.x", "source": "assumption, 1 to 2"}]})
        == ""
    )
    wider = [{"key": "audience.watch", "source": "assumption, 0.1 to 0.9"}]
    assert found.warning({**MANIFEST, "assumptions": wider}) == "ranges of assumptions have changed since"


def test_words() -> None:
    row = pd.Series({"low": 1.25, "middle": 4.0, "high": 11.0, "sets": 64, "nothing": 0, "luck_taken_out": True})
    row = pd.concat([row, pd.Series({"above": 52.0, "above_low": 0.7, "above_high": 0.89})])
    said = both_bands("4.44 impressions were manufactured", (3.22, 5.66), row)
    assert said == (
        "4.44 impressions were manufactured. Luck (other worlds, the same assumptions): 3.22 to 5.66. Assumptions (64 sets drawn from "
        "their stated ranges): 1.25 to 11.00, half of it below 4.00."
    )
    assert both_bands("x", (1.0, 2.0), row.replace(1.25, -0.004)).endswith(
        ": 0.00 to 11.00, which includes zero, half of it below 4.00."
    )
    assert both_bands("x", (None, None), None) == (
        "x. Luck (other worlds, the same assumptions): no interval from one seed."
    )
    assert passing(row, "suspend_coordinated takes", "a fifth") == (
        "In 52 of 64 sets of assumptions suspend_coordinated takes more than a fifth (70% to 89% of all such sets)"
    )


def test_the_section_has_a_row_for_each_declared_contrast(folder: Path, found: KeptBands) -> None:
    assert bands_section(own_estimates(), beside(MANIFEST), MANIFEST) == ""
    keep(found)
    page = bands_section(own_estimates(), beside(MANIFEST), MANIFEST)
    for name in ("manufactured", "suspend coordinated takes", "label paid takes", "suspend coordinated hits innocents"):
        assert f">{name}<" in page
    assert page.count("<svg") == 1
    assert "class='limits'" not in page
    apart = found.rows.assign(high=found.rows["high"].where(found.rows["contrast"] != "dampening:label_paid", -1.0))
    narrow = bands_section(own_estimates(), dataclasses.replace(found, rows=apart), MANIFEST)
    assert "Outside its own band of assumptions: 'label paid takes'. Stated values" in narrow
    keep(dataclasses.replace(found, code="another"))
    assert "the model has changed since" in bands_section(own_estimates(), beside(MANIFEST), MANIFEST)


def findings(**given: Any) -> Any:
    """What an opening reads of a comparison under the stated assumptions."""
    manifest = {**MANIFEST, "title": "A world", "assumptions": []}
    worlds = SimpleNamespace(campaign="loud", directed=lambda campaign: True)
    known = {
        "estimates": own_estimates(),
        "label": "A",
        "nothing": False,
        "policies": list(POLICIES[1:]),
        "bands": None,
    }
    return SimpleNamespace(**{"manifest": manifest, "worlds": worlds, **known, **given})


def test_a_report_opens_with_both_bands_and_each_policys(found: KeptBands) -> None:
    said = opening(findings(bands=found))
    name = "dampening:suspend_coordinated"
    damped, row = first(own_estimates(), name), found.row(name)
    assert "impressions of candidate A per genuine user in 14 days, which would not have been seen without it." in said
    assert said.index("class='luck'>Luck (other worlds") < said.index("class='assumed'>Assumptions (64 sets")
    for cell in (f"<b>{damped.estimate:.0%}</b>", f"{damped.low:.0%} to {damped.high:.0%}"):
        assert f">{cell}</td>" in said
    assert f">{row.low:.0%} to {row.high:.0%}<span class='below'>half below {row.middle:.0%}</span>" in said
    assert f"In {row.nothing} of 64 sets nothing manufactured could be told from luck" in said
    assert "the model has changed since" not in said
    assert "Caution" not in said
    assert "the model has changed since" in opening(findings(bands=dataclasses.replace(found, code="another")))


def test_an_answer_that_the_sets_hardly_ever_give_comes_with_a_caution(found: KeptBands) -> None:
    far = found.rows.assign(
        high=found.rows["high"].where(found.rows["contrast"] != "dampening:suspend_coordinated", 0.2)
    )
    said = opening(findings(bands=dataclasses.replace(found, rows=far)))
    assert "for suspend coordinated lies above nearly all that other assumptions give" in said


def test_where_no_sets_were_run_the_opening_says_so_and_has_no_column_for_them() -> None:
    said = opening(findings())
    assert "How far assumptions leave it open is not known." in said
    assert "assumptions</th>" not in said
    for one in (findings(), findings(nothing=True), findings(manifest={**findings().manifest, "enough": {}})):
        assert "of luck alone unless 'assumptions' is said" in opening(one)
    assert "<td" not in opening(findings(nothing=True))
    assert "could be told from luck" in opening(findings(nothing=True))
    assert "<td" not in opening(findings(policies=[f"policy_{n}" for n in range(40)]))


def test_acts_by_link_are_said_wherever_a_recommender_counts_them() -> None:
    def opened(weight: float, views: bool) -> str:
        stated = [
            {"key": "recommender.off_feed_weight", "value": weight},
            {"key": "recommender.off_feed_views", "value": views},
        ]
        return opening(findings(manifest={**findings().manifest, "assumptions": stated}))

    assert "Here it counts in full, and not as a view." in opened(1.0, False)
    assert "Here it counts for nothing, and as a view, too." in opened(0.0, True)
    assert "Here it counts to 50%, and not as a view." in opened(0.5, False)
    assert "Does the recommender count" not in opening(findings())
    assert "Does the recommender count" not in opened("<script>", False)  # type: ignore[arg-type]


def test_a_policy_says_what_its_own_preset_says_and_nothing_where_none_does() -> None:
    said = opening(findings(manifest={**findings().manifest, "policies": {"label_paid": "Label <some> posts."}}))
    assert "label paid<span class='below'>Label &lt;some&gt; posts.</span>" in said
    assert "suspend coordinated<span" not in said


def _section(one: KeptBands) -> str:
    """As a report has it."""
    return bands_section(own_estimates(), one, MANIFEST)
