"""Steps arrive when they should, name what can be seen, are answered or refused; whatever is wrong with them is one message."""

import dataclasses
import datetime

import numpy as np
import pytest

from sim.model import CampaignModel
from sim.moderation.base import Suspicion
from sim.record.keeping import DAY
from sim.regulator.acting import largest_share
from sim.regulator.docket import arrivals, asked_of, changes_of, felt_steps, holds_of
from sim.regulator.in_force import in_force
from sim.runs.face import load_scenario
from sim.scenario.config import Scenario
from sim.scenario.regulator import Regulator, earlier
from sim.scenario.schema import ScenarioError
from sim.world.platform import NOBODY
from sim.world.truth import PAID_FOR
from tests.worlds import small_scenario

AS_IT_WAS: Scenario = load_scenario(["scenario=romania_2024", "regulator=as_it_was", "moderation=as_asked"])
START = AS_IT_WAS.clock.start
NOTHING = Suspicion()


def hour(month: int, day: int) -> int:
    return AS_IT_WAS.clock.hour_of(datetime.date(2024, month, day))


def regulator_with(scenario: Scenario, **steps: dict) -> Scenario:
    """A world with some steps and no others."""
    from sim.runs.build import regulator_of

    evidence = {
        "_target_": "sim.world.evidence.ErrorTable", "paid_found": 1.0, "paid_false": 0.0, "violation_found": 1.0,
        "violation_false": 0.0,
    }  # fmt: skip
    return dataclasses.replace(scenario, regulator=regulator_of({"evidence": evidence, "steps": steps}, ()))


ORDER = {"power": "order", "delay": 0.0, "deadline": 5.0, "posts": 1e6, "obeyed": 1.0}


# --- the calendar -------------------------------------------------------------------------------------------------


def test_steps_arrive_on_their_days_and_are_answered_after_the_delay() -> None:
    regulator: Regulator = AS_IT_WAS.regulator
    there = {arrival.name: arrival.hour for arrival in arrivals(regulator, AS_IT_WAS.clock, NOTHING)}
    assert there["questions"] == hour(11, 29) + 12  # five days after the first round of 24 November
    assert there["retention"] == hour(12, 5) + 12  # eleven
    assert there["proceedings"] == hour(12, 17) + 12  # twenty-three
    changes = {change.name: change.hour for change in changes_of(regulator, AS_IT_WAS.clock, NOTHING, 1)}
    assert changes == {"questions": there["questions"] + 120, "proceedings": there["proceedings"] + 336}


def test_all_real_steps_came_after_the_first_round() -> None:
    assert felt_steps(AS_IT_WAS.regulator, AS_IT_WAS.clock) == []
    sooner = earlier(AS_IT_WAS.regulator, {"questions": 14, "retention": 28})
    assert [name for name, _ in felt_steps(sooner, AS_IT_WAS.clock)] == ["questions"]


def test_orders_hold_their_windows_and_requests_get_what_came_before_the_answer() -> None:
    regulator, clock = AS_IT_WAS.regulator, AS_IT_WAS.clock
    (hold,) = holds_of(regulator, clock, NOTHING)
    assert (hold.since, hold.first) == (
        hour(12, 5) + 12,
        hour(11, 24),
    )  # the order's window begins on the day of the vote
    first, urgent = asked_of(regulator, clock, NOTHING)
    assert first.answered == hour(11, 29) + 12 + 14 * DAY
    assert urgent.answered == hour(12, 6) + 36
    (moved,) = holds_of(earlier(regulator, {"retention": 28}), clock, NOTHING)
    assert (moved.since, moved.first) == (hold.since - 28 * DAY, hold.first - 28 * DAY)


def test_a_platform_refuses_as_often_as_stated() -> None:
    step = dataclasses.replace(AS_IT_WAS.regulator.steps["questions"])
    step = dataclasses.replace(step, answer=dataclasses.replace(step.answer, chance=0.3))
    regulator = dataclasses.replace(AS_IT_WAS.regulator, steps={"questions": step})
    answered = [bool(changes_of(regulator, AS_IT_WAS.clock, NOTHING, seed)) for seed in range(3000)]
    assert abs(np.mean(answered) - 0.3) < 0.034  # four standard errors


def test_a_trigger_is_met_by_what_anybody_can_see_and_at_midnight() -> None:
    step = {
        "power": "stress_test",
        "day": None,
        "trigger": 0.2,
        "delay": 6.0,
        "answer": {"chance": 1.0, "delay": 0.0, "reviewers": 2.0},
    }
    world = regulator_with(small_scenario(moderation="suspend_coordinated", days=3), watched=step)
    model = CampaignModel(world)
    model.run_until(world.clock.start + DAY - 1)
    assert list(arrivals(world.regulator, world.clock, model.suspicion)) == []
    assert largest_share(model.world.platform.read_only(), model.world.hour) >= 0.2
    model.run_until(world.clock.start + DAY)
    (arrival,) = arrivals(world.regulator, world.clock, model.suspicion)
    assert arrival.hour == world.clock.start + DAY + 6


def test_the_largest_share_is_that_of_the_day_s_posts_counters() -> None:
    model = CampaignModel(small_scenario())
    model.run_until(30)
    posts = model.world.platform.posts
    fresh = (posts.hour > 29 - DAY) & (posts.candidate != NOBODY)
    views = [int(posts.views[fresh & (posts.candidate == c)].sum()) for c in range(posts.named.shape[1])]
    assert largest_share(model.world.platform.read_only(), 29) == max(views) / sum(views)


# --- what follows -------------------------------------------------------------------------------------------------


def test_an_order_takes_down_hidden_advertising_within_its_deadline_and_nothing_else() -> None:
    """By checks that never err, so that it can be told what was named."""
    quiet = small_scenario(days=2)
    day = quiet.clock.first_day + datetime.timedelta(days=1)
    model = CampaignModel(regulator_with(quiet, takedown={**ORDER, "day": day}))
    model.run_until(model.clock.hour_of(day) + 5)
    posts, truth = model.world.platform.posts, model.world.truth
    about = np.flatnonzero((posts.candidate != NOBODY) & (posts.hour <= model.clock.hour_of(day)))
    before = [
        (int(posts.key[row]), bool(truth.campaign_post[row] == PAID_FOR and not posts.disclosed[row])) for row in about
    ]
    model.run_until(model.clock.hour_of(day) + 6)
    removed = {request.key for request in model.decided}
    assert removed
    assert removed == {key for key, is_hidden in before if is_hidden}


def test_an_order_is_obeyed_as_far_as_stated_and_names_no_more_than_it_may() -> None:
    base = small_scenario(users=1200, days=2)
    day = base.clock.first_day + datetime.timedelta(days=1)

    def taken(**changed: float) -> int:
        model = CampaignModel(regulator_with(base, takedown={**ORDER, "day": day, **changed}))
        model.run_until(model.clock.hour_of(day) + 6)
        return len(model.decided)

    assert taken(obeyed=0.0) == 0 < taken(obeyed=0.5) < taken()
    assert taken(posts=3.0 / base.share_of_posts) == 3


def test_an_answer_changes_hands_delay_and_policies_from_its_hour_on() -> None:
    moderation, clock = AS_IT_WAS.moderation, AS_IT_WAS.clock
    tested = load_scenario(["scenario=romania_2024", "regulator=stress_tested", "moderation=as_asked"]).regulator
    begins = hour(11, 1) + 12 + 72
    before = in_force(moderation, tested, clock, NOTHING, 1, begins - 1)
    after = in_force(moderation, tested, clock, NOTHING, 1, begins)
    assert "suspend_coordinated" in before.ready
    assert "suspend_coordinated" not in before.moderation.policies
    assert not after.ready
    assert "suspend_coordinated" in after.moderation.policies
    assert after.moderation.desk.capacity == 1.25 * moderation.desk.capacity
    assert after.moderation.desk.account_delay_median == 0.25 * moderation.desk.account_delay_median
    assert before.moderation.desk == moderation.desk


def test_a_policy_that_stands_ready_asks_for_nothing_and_knows_the_record_when_it_is_asked() -> None:
    """As good an hour after it is let act as if it had been acting all the while, at the bar of the time before its start."""
    base = dataclasses.replace(small_scenario(moderation="suspend_coordinated", days=4), scale=400 / 9e6)
    rules = dataclasses.replace(base.moderation, on_request=("suspend_coordinated",))
    waits = CampaignModel(dataclasses.replace(base, moderation=rules))
    acts = CampaignModel(base)
    for model in (waits, acts):
        model.run_until(model.clock.start + 1)
    ours, theirs = (model.suspicion.notes["pairs"] for model in (waits, acts))
    for mine, other in zip((*ours.settled, *ours.recent), (*theirs.settled, *theirs.recent), strict=True):
        np.testing.assert_array_equal(mine, other)
    for model in (waits, acts):
        model.run_until(model.clock.start + 2 * DAY)
    assert waits.suspicion.bars == acts.suspicion.bars
    assert waits.observer.accounts_actioned == set()
    assert len(waits.suspicion.notes["pairs"]) > 0


def test_a_cap_and_a_share_of_feeds_go_through_moderation_s_own_door() -> None:
    base = small_scenario(recommender="mix", days=2)
    answer = {"chance": 1.0, "delay": 3.0, "profiled": 0.25, "candidate_cap": 0.1}
    step = {"power": "interim_measures", "day": base.clock.first_day, "delay": 0.0, "answer": answer}
    model = CampaignModel(regulator_with(base, measures=step))
    model.run_until(model.clock.start + 3)
    assert model.world.platform.settings.profiled is None
    model.run_until(model.clock.start + 5)
    settings, part = model.world.platform.settings, model.world.beliefs.accounts["part"]
    assert (settings.profiled, settings.candidate_cap) == (round(0.25 * 65536), round(0.1 * 65536))
    assert abs((part == 0).mean() - 0.25) < 0.08


def test_who_had_the_profiled_feed_at_a_lower_share_has_it_at_a_higher_one() -> None:
    parts = []
    for share in (0.3, 0.7):
        base = small_scenario(recommender="mix", days=1)
        step = {
            "power": "interim_measures",
            "day": base.clock.first_day,
            "delay": 0.0,
            "answer": {"chance": 1.0, "delay": 0.0, "profiled": share},
        }
        model = CampaignModel(regulator_with(base, measures=step))
        model.run_until(model.clock.start + 2)
        parts.append(model.world.beliefs.accounts["part"] == 0)
    assert not (parts[0] & ~parts[1]).any()
    assert parts[0].sum() < parts[1].sum()


# --- bad input ----------------------------------------------------------------------------------------------------

WRONG = {
    "regulator.steps.proceedings.day=2024-11-01": "proceedings.day: 2024-11-01 given, allowed 2024-11-29 or later",
    "regulator.steps.retention.last_day=2024-11-01": "retention.last_day: 2024-11-01 given, allowed 2024-11-24 (first_day) or later",
    "regulator.steps.questions.power=requests": "questions.power: 'requests' given; did you mean request?",
    "+regulator.steps.questions.posts=5": "questions.posts: of no use to power request",
    "~regulator.steps.questions.deadline": "questions.deadline: missing",
    "regulator.steps.questions.day=null": "questions.day: None given beside trigger None, allowed one of the two",
    "regulator.steps.questions.answer.chance=2": "answer.chance: 2.0 given, allowed 0 to 1",
    "regulator.steps.questions.answer.policies=[suspend_cordinated]": "suspend_cordinated given; did you mean suspend_coordinated?",
    "+regulator.steps.questions.answer.profiled=0.5": "answer.profiled: given, allowed with recommender=mix",
    "regulator.steps.proceedings.after=question": "proceedings.after: question given; did you mean questions?",
    "regulator.evidence._target_=os.system": "regulator.evidence",
    "moderation.on_request=[suspend_cordinated]": "moderation.on_request: suspend_cordinated given; did you mean suspend_coordinated?",
    "regulator=strict": "regulator",
}


@pytest.mark.parametrize("word", WRONG)
def test_what_is_wrong_with_a_regulator_is_one_message(word: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_scenario(["scenario=classroom", "regulator=as_it_was", "moderation=as_asked", word])
    assert WRONG[word] in str(error.value)
    assert "\n" not in str(error.value)


def test_a_policy_that_a_world_without_moderation_lacks_is_no_mistake() -> None:
    assert load_scenario(["scenario=classroom", "regulator=as_it_was"]).regulator is not None


def test_a_regulator_of_one_s_own_needs_no_more_than_yaml(tmp_path) -> None:
    (tmp_path / "regulator").mkdir()
    (tmp_path / "regulator" / "mine.yaml").write_text(
        "defaults: [as_it_was, _self_]\n"
        "steps:\n  bureau:\n    power: order\n    day: 2024-11-13\n    delay: 0.0\n    deadline: 5.0\n    posts: 100.0\n    obeyed: 0.9\n"
    )
    mine = load_scenario(["scenario=classroom", "regulator=mine"], folder=tmp_path).regulator
    assert list(mine.steps) == ["questions", "retention", "urgent_questions", "proceedings", "bureau"]
