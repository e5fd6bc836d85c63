"""One world as three viewers have it: nobody has more than there was, and each has what its clock leaves."""

import dataclasses
import datetime

import numpy as np
import pytest

from sim.runs.face import RecordedWorld, load_scenario, recorded_world
from sim.scenario.regulator import earlier
from sim.scenario.schema import ScenarioError
from tests.worlds import small_scenario

VERBS = (("comment",), ("like", "comment", "share"))
RECORD = load_scenario(["record=standard"]).record
REGULATOR = load_scenario(["regulator=early"]).regulator


@pytest.fixture(scope="module")
def recorded() -> RecordedWorld:
    base = small_scenario(moderation="suspend_coordinated", users=600, days=3)
    asks_in_time = earlier(REGULATOR, {"urgent_questions": -14})  # on 22 November, to be answered by the 23rd
    return recorded_world(dataclasses.replace(base, record=RECORD, regulator=asks_in_time), *VERBS)


def last_day(recorded: RecordedWorld, after: int = 0) -> datetime.date:
    return recorded.clock.first_day + datetime.timedelta(days=recorded.clock.days - 1 + after)


def keys(recorded: RecordedWorld, viewer: str, day: datetime.date) -> set[tuple[int, ...]]:
    events = recorded.seen_by(viewer, day).events
    return set(zip(events["post"], events["account"], events["second"], strict=True))


def test_on_the_last_day_the_platform_has_all_and_the_outsider_a_part(recorded: RecordedWorld) -> None:
    day = last_day(recorded)
    assert len(recorded.seen_by("platform", day).events) == len(recorded.whole.events)
    assert keys(recorded, "outsider", day) < keys(recorded, "platform", day)
    share = len(recorded.seen_by("outsider", day).posts) / len(recorded.whole.posts)
    assert 0.2 < share < RECORD.sampled


def test_what_is_deleted_is_lost_to_all_but_whoever_asked_before(recorded: RecordedWorld) -> None:
    late = last_day(recorded, 400)
    assert keys(recorded, "outsider", late) < keys(recorded, "outsider", last_day(recorded))
    assert keys(recorded, "platform", late) < keys(recorded, "platform", last_day(recorded))
    assert keys(recorded, "regulator", late) == keys(recorded, "regulator", last_day(recorded))


def test_a_regulator_has_what_came_before_its_answers(recorded: RecordedWorld) -> None:
    day = last_day(recorded)
    answered = max(answer.answered for answer in recorded.asked)
    opening = recorded.whole.first - 3600 * recorded.clock.start
    got = recorded.seen_by("regulator", day).events["second"]
    there = recorded.whole.events["second"] < opening + 3600 * answered
    assert answered < recorded.clock.end
    assert (got < opening + 3600 * answered).all()
    posts = recorded.seen_by("regulator", day).posts
    made = recorded.whole.posts["second"] < opening + 3600 * answered
    assert 0.1 < len(posts) / made.sum() < 0.3  # a fifth is handed over
    assert 0 < len(got) < there.sum()


def test_an_account_of_which_nothing_is_seen_has_no_date(recorded: RecordedWorld) -> None:
    seen = recorded.seen_by("outsider", last_day(recorded))
    met = np.union1d(seen.events["account"], seen.posts["author"])
    assert set(np.flatnonzero(seen.accounts["created"].notna())) == set(met)


def test_counters_of_one_who_looks_at_the_end_are_the_last_of_each_post_that_is_up(recorded: RecordedWorld) -> None:
    day = last_day(recorded)
    at_the_end = recorded.counters_seen_by("outsider", day)
    assert at_the_end["post"].is_unique
    assert set(at_the_end["post"]) <= set(recorded.seen_by("outsider", day).posts["post"])
    all_days = recorded.counters_seen_by("platform", day)
    assert not all_days["post"].is_unique
    last = all_days.groupby("post")["views"].last()
    assert (last[at_the_end["post"]].to_numpy() == at_the_end["views"].to_numpy()).all()


def test_the_ledger_is_what_was_paid(recorded: RecordedWorld) -> None:
    assert len(recorded.ledger)
    assert (recorded.ledger["euros"] > 0).all()
    assert set(recorded.ledger["tactic"]) <= set(small_scenario().campaign.tactics)


def test_a_world_without_a_record_and_an_unknown_viewer_are_refused(recorded: RecordedWorld) -> None:
    with pytest.raises(ScenarioError, match="record: none given"):
        recorded_world(small_scenario(), *VERBS)
    with pytest.raises(ScenarioError, match="viewer: platfrom given; did you mean platform"):
        recorded.seen_by("platfrom", last_day(recorded))
