"""Worlds that wait at their first measured hour: used for the same warm-up only, and never needed."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from sim.model import CampaignModel
from sim.runs import families, kept_worlds, warm_ups
from sim.runs.face import compare
from sim.runs.families import Family, run_family
from sim.runs.warm_ups import NONE_KEPT, WarmUps
from sim.scenario.config import Scenario
from tests.worlds import SMALL, small_scenario

HERE = WarmUps("this code")
POLICIES = ("none", "limit_awakened")
FIRST = 24  # the hour at which the warm-up of a small world ends


def arms(policies: Sequence[str] = POLICIES, budget: float = 4e5, users: int = 200) -> dict[str, Scenario]:
    """Quiet and coordinated under some policies."""
    found = {f"{c}/{p}": small_scenario(c, p, users=users) for c in ("quiet", "coordinated") for p in policies}
    return {arm: replace(rules, campaign=replace(rules.campaign, budget=budget)) for arm, rules in found.items()}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they lie."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "groundswell" / "warm_ups"


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Hours that were simulated."""
    done: list[int] = []
    passes = CampaignModel.hour_passes

    def counted(model: CampaignModel) -> None:
        done.append(model.world.hour)
        passes(model)

    monkeypatch.setattr(CampaignModel, "hour_passes", counted)
    return done


@pytest.fixture
def ran(tmp_path: Path, folder: Path, hours: list[int]) -> Callable[..., tuple[dict[str, str], int]]:
    """Digests of a family, and how many hours of its warm-up were simulated for it."""

    def run(of: Mapping[str, Scenario], kept: WarmUps = HERE, seed: int = 3) -> tuple[dict[str, str], int]:
        hours.clear()
        out = tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        family = Family(seed, of, {arm: out / f"{place}.json" for place, arm in enumerate(of)}, warm_ups=kept)
        found = {result["run"]["arm"]: result["run"]["digest"] for result in run_family(family)}
        return found, sum(hour < FIRST for hour in hours)

    return run


def test_another_campaign_begins_at_the_first_measured_hour_with_the_same_answers(ran, folder: Path) -> None:
    wanted, alone = ran(arms(budget=1e5), NONE_KEPT)
    assert alone == FIRST
    assert not folder.exists()
    assert ran(arms())[1] == FIRST
    assert ran(arms(budget=1e5)) == (wanted, 0)
    assert len(list(folder.iterdir())) == 1
    assert len(set(wanted.values())) > 2  # arms do part


def test_some_of_the_policies_that_watched_are_served_and_others_are_not(ran) -> None:
    ran(arms())
    for policies, simulated in ((["limit_awakened"], 0), (["none"], 0), (["label_paid", "none"], FIRST)):
        assert ran(arms(policies)) == (ran(arms(policies), NONE_KEPT)[0], simulated)


def test_what_a_policy_has_read_by_then_is_kept_with_the_world(ran) -> None:
    """Its threshold is set by the record of the warm-up."""
    policies = ["suspend_coordinated"]
    assert arms(policies)["quiet/suspend_coordinated"].moderation.false_positives
    wanted, _ = ran(arms(policies), NONE_KEPT)
    ran(arms([*policies, "none"]))
    assert ran(arms(policies)) == (wanted, 0)


def test_other_worlds_other_seeds_and_other_code_begin_at_their_own_beginning(ran) -> None:
    ran(arms())
    assert ran(arms(users=220))[1] == FIRST
    assert ran(arms(), seed=4)[1] == FIRST
    assert ran(arms(), WarmUps("other code"))[1] == FIRST
    assert ran(arms())[1] == 0


def test_every_part_of_a_scenario_counts_but_those_that_act_later(ran, folder: Path) -> None:
    """A part that is added to scenarios one day counts too, unless somebody says that it does not."""
    ran(arms())
    named = warm_ups._said(arms())
    for part in (
        "seed",
        "scale",
        "days",
        "calendar",
        "population",
        "audience",
        "background",
        "recommender",
        "measures",
    ):
        assert f"'{part}':" in named
    for part in (*warm_ups.ACTING_LATER, "replications", "arms"):
        assert f"'{part}':" not in named


@pytest.mark.parametrize("content", [b"", b"not a world", b"\x80\x05N."])
def test_a_damaged_file_is_simulated_again(ran, folder: Path, content: bytes) -> None:
    wanted, _ = ran(arms())
    (file,) = folder.iterdir()
    file.write_bytes(content)
    assert ran(arms()) == (wanted, FIRST)
    assert ran(arms()) == (wanted, 0)  # and is there again


def test_a_file_that_is_half_there_is_simulated_again(ran, folder: Path) -> None:
    wanted, _ = ran(arms())
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-2000])
    assert ran(arms()) == (wanted, FIRST)


def test_where_the_disk_is_full_worlds_run_all_the_same(ran, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, _ = ran(arms(), NONE_KEPT)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(kept_worlds.os, "fsync", full)
    assert ran(arms()) == (wanted, FIRST)
    assert not list(folder.iterdir())


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no owners")
def test_a_folder_of_somebody_else_is_neither_read_nor_written(
    ran, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, _ = ran(arms())
    before = sorted(folder.iterdir())
    other = os.getuid() + 1
    monkeypatch.setattr(kept_worlds.os, "getuid", lambda: other)
    assert ran(arms()) == (wanted, FIRST)
    assert sorted(folder.iterdir()) == before


def test_those_not_asked_for_longest_go_where_there_are_too_many(
    ran, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(arms())
    (first,) = folder.iterdir()
    assert first.stat().st_mode & 0o077 == 0  # nobody else can read it
    monkeypatch.setattr(warm_ups, "MOST", 2.5 * first.stat().st_size)
    os.utime(first, (1, 1))
    ran(arms(), seed=4)
    (second,) = set(folder.iterdir()) - {first}
    os.utime(second, (2, 2))
    assert ran(arms())[1] == 0  # asked for, so that the second is now the oldest
    ran(arms(), seed=5)
    assert first in set(folder.iterdir())
    assert second not in set(folder.iterdir())
    monkeypatch.setattr(warm_ups, "MOST", 10)
    ran(arms(), seed=6)
    assert not list(folder.iterdir())


def test_what_a_killed_process_left_half_written_goes_too(ran, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(arms())
    (whole,) = folder.iterdir()
    half = folder / "tmp1234"
    half.write_bytes(b"x" * 1000)
    os.utime(half, (1, 1))
    monkeypatch.setattr(warm_ups, "MOST", 2.1 * whole.stat().st_size)
    ran(arms(), seed=4)
    assert half.exists()
    monkeypatch.setattr(warm_ups, "MOST", 2 * whole.stat().st_size)
    ran(arms(), seed=5)
    assert not half.exists()


def test_worlds_that_wait_on_disk_anyway_are_not_kept_twice(ran, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "MOST_COPIED", 0)
    ran(arms())
    assert not folder.exists()


def test_what_does_not_say_what_it_is_is_not_kept(ran, folder: Path) -> None:
    """Two objects without a text of their own could be taken for each other."""
    unsaid = {arm: replace(rules, measures={**rules.measures, "own": object()}) for arm, rules in arms().items()}
    model = CampaignModel(next(iter(arms().values())))
    HERE.keep(model, {}, unsaid)
    assert not folder.exists()


def test_a_comparison_keeps_them_only_where_it_may(tmp_path: Path, folder: Path, hours: list[int]) -> None:
    words = [
        "scenario=classroom",
        *SMALL,
        "scale=2.2e-5",
        "days=1",
        "replications=1",
        "engine=serial",
        "moderation=none",
    ]
    compare(words, tmp_path / "one")
    assert not folder.exists()
    compare(words, tmp_path / "two", keep_warm_ups=True)
    hours.clear()
    compare([*words, "campaign.budget=1e5"], tmp_path / "three", keep_warm_ups=True)
    assert not [hour for hour in hours if hour < FIRST]
