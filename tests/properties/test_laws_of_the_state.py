"""What a regulator may not change: the time before its steps, anything after the world, and what nobody could have seen."""

import dataclasses
import datetime
from pathlib import Path

import numpy as np
import pytest

from sim.model import CampaignModel, opening_suspicion
from sim.numbers.luck import Decision
from sim.record.keeping import DAY, NEVER, Acts, Ends, Hold, off_the_record
from sim.regulator.acting import Acting
from sim.runs.face import load_scenario
from sim.runs.families import Family, on_record, result_of, run_family
from sim.scenario.config import Scenario
from sim.scenario.record import Record
from sim.scenario.regulator import Step, earlier
from sim.scenario.schema import build
from tests.properties.test_laws_of_truth import Answers, shuffled
from tests.worlds import small_scenario

REGULATORS = ("as_it_was", "early", "stress_tested")
DOCUMENTS = {name: load_scenario([f"regulator={name}"]).regulator for name in REGULATORS}
ORDERS = load_scenario(["regulator=as_it_was"]).regulator
RECORD: Record = load_scenario(["record=standard"]).record


def regulated(name: str, days_earlier: int = 0, **more: object) -> Scenario:
    """A small world under a regulator, whose steps come so many days earlier than in its preset."""
    base = small_scenario(moderation="as_asked", days=3, **more)
    regulator = DOCUMENTS[name]
    return dataclasses.replace(base, regulator=earlier(regulator, dict.fromkeys(regulator.steps, days_earlier)))


def digest(scenario: Scenario) -> str:
    model = CampaignModel(scenario)
    model.run_until(model.clock.end)
    return str(result_of(model, "arm", 0.0)["run"]["digest"])


@pytest.mark.parametrize("campaign", ["quiet", "coordinated"])
def test_a_regulator_whose_steps_come_after_the_last_day_changes_nothing(campaign: str) -> None:
    """The world ends on 23 November; what is done after it is felt by the record alone."""
    base = small_scenario(campaign, "as_asked", days=3)
    assert digest(base) == digest(dataclasses.replace(base, regulator=DOCUMENTS["as_it_was"]))


def test_the_law_above_can_fail() -> None:
    assert digest(small_scenario(moderation="as_asked", days=3)) != digest(regulated("stress_tested"))


def test_the_record_that_is_kept_changes_no_world() -> None:
    base = small_scenario(moderation="as_asked", days=3)
    assert digest(base) == digest(dataclasses.replace(base, record=RECORD))


def test_what_an_order_takes_down_leaves_the_time_before_it_as_it_was() -> None:
    """A takedown on the second day: the first day's rows are those of the world without it, bit for bit, later ones are not."""
    order = {"power": "order", "posts": 1e6, "obeyed": 1.0, "deadline": 5.0, "delay": 0.0}
    base = small_scenario(days=3)
    day = base.clock.first_day + datetime.timedelta(days=1)
    steps = {"bureau": build(Step, {**order, "day": day}, "step")}
    ruled = dataclasses.replace(base, regulator=dataclasses.replace(ORDERS, steps=steps))
    series = []
    for scenario in (base, ruled):
        model = CampaignModel(scenario)
        model.run_until(model.clock.end)
        series.append(model.observer.rows())
    before = [[row for row in rows if row[0] == 0] for rows in series]
    assert before[0] == before[1]
    assert series[0] != series[1]


def test_shuffling_truth_with_the_record_and_evidence_held_changes_no_step() -> None:
    scenario = regulated("as_it_was", 17)
    order = {
        "power": "order",
        "posts": 1e6,
        "obeyed": 0.7,
        "deadline": 5.0,
        "delay": 0.0,
        "day": scenario.clock.first_day,
    }
    watch = {
        "power": "stress_test",
        "day": None,
        "trigger": 0.2,
        "delay": 0.0,
        "answer": {"chance": 1.0, "delay": 0.0, "candidate_cap": 0.1},
    }
    steps = {**scenario.regulator.steps, "bureau": build(Step, order, "s"), "watch": build(Step, watch, "s")}
    scenario = dataclasses.replace(scenario, regulator=dataclasses.replace(scenario.regulator, steps=steps))
    model = CampaignModel(scenario)
    acting = Acting(scenario.regulator, scenario.clock, scenario.share_of_posts, scenario.seed)
    own, of_others, done = opening_suspicion(model, scenario), opening_suspicion(model, scenario), 0
    while model.world.hour < model.clock.start + 30:
        other = shuffled(model)
        now, chance = model.world.hour, model.chance(Decision.REGULATOR)
        one = acting.requests(model.world.platform.read_only(), own, Answers(), now, chance)
        two = acting.requests(other.world.platform.read_only(), of_others, Answers(), now, chance)
        assert one == two
        assert own.notes == of_others.notes
        done += len(one)
        model.step()
    assert done > 0


def test_a_retention_order_after_deletion_recovers_nothing_and_before_it_everything_in_its_window() -> None:
    hours = np.arange(0, 480, 7)
    acts = Acts(hours, np.zeros(len(hours), dtype=np.int64), np.zeros(len(hours), dtype=np.int64))
    accounts, posts = Ends(np.array([480]), np.array([NEVER])), Ends(np.array([NEVER]), np.array([NEVER]))
    gone = 480 + round(DAY * RECORD.removed_kept)

    def left(since: int) -> np.ndarray:
        hold = Hold(since, 100, 300, gone + 1000)
        return off_the_record(acts, accounts, posts, RECORD, [hold]) > gone

    assert not left(gone).any()
    assert (left(gone - 1) == ((hours >= 100) & (hours < 300))).all()


def test_arms_that_share_a_world_find_what_each_finds_alone(tmp_path: Path) -> None:
    """Regulators that differ in time, beside no policy and beside none: together and alone they come to the same digests and records."""
    base = dataclasses.replace(small_scenario(moderation="as_asked", days=3), record=RECORD)
    arms = {
        "coordinated/none": dataclasses.replace(small_scenario(days=3), record=RECORD),
        "coordinated/as_asked": base,
    }
    for name, days in (("as_it_was", 0), ("as_it_was", 17), ("early", 0), ("stress_tested", 0)):
        ruled = dataclasses.replace(regulated(name, days), record=RECORD)
        moderation = dataclasses.replace(ruled.moderation, name=f"as_asked~{name}-{days}d")
        arms[f"coordinated/{moderation.name}"] = dataclasses.replace(ruled, moderation=moderation)
    together = run_family(Family(3, arms, {arm: tmp_path / f"{n}.json" for n, arm in enumerate(arms)}))
    assert len(together) == len(arms)
    assert len({result["run"]["digest"] for result in together}) > 2
    for number, result in enumerate(together):
        arm = result["run"]["arm"]
        (alone,) = run_family(Family(3, {arm: arms[arm]}, {arm: tmp_path / "alone" / f"{number}.json"}))
        assert alone["run"]["digest"] == result["run"]["digest"]
        np.testing.assert_equal(alone["record"], result["record"])


def test_what_a_viewer_has_is_never_more_than_there_was_and_the_sample_less_than_what_is_in_sight() -> None:
    model = CampaignModel(dataclasses.replace(regulated("early"), record=RECORD))
    model.run_until(model.clock.end)
    rows, numbers = on_record(model)
    left = {(day, viewer): value for day, viewer, measure, value in rows if measure == "left"}
    assert all(0.0 <= value <= 1.0 or value != value for value in left.values())
    last = max(day for day, _ in left)
    assert left[last, "outsider"] < RECORD.sampled
    assert numbers["record_left_platform"] == left[last, "platform"]
