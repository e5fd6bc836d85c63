"""What happens when, in the order of time."""

from sim.runs.face import load_scenario
from sim.runs.question import question_of
from sim.runs.timeline import timeline, told


def test_the_calendar_of_the_case_is_told_in_order() -> None:
    arms = question_of(["scenario=romania_2024", "arms=earlier_action"]).arms
    events = timeline(list(arms.values()))
    assert [event.day for event in events] == sorted(event.day for event in events)
    said = {(event.day.isoformat(), event.kind): event.what for event in events}
    assert said["2024-11-11", "campaign"] == "begins: wake sleepers, flood comments, buy engagement"
    assert said["2024-11-29", "regulator"] == "questions"
    assert said["2024-12-13", "regulator"] == "questions: to be answered"
    assert said["2024-12-17", "regulator"] == "proceedings"
    assert told(events)[0] == {
        "date": "2024-11-01",
        "kind": "campaign",
        "what": "begins: hire influencers, mobilise volunteers, give gifts",
    }


def test_a_campaign_begins_with_the_measured_days_where_they_begin_later() -> None:
    days = {
        event.day.isoformat(): event.what
        for event in timeline([load_scenario(["scenario=romania_2024", "days=14", "campaign=coordinated"])])
    }
    assert days["2024-11-10"] == "begins: hire influencers, mobilise volunteers, give gifts"
    assert days["2024-11-11"] == "begins: wake sleepers, flood comments, buy engagement"


def test_a_quiet_world_without_a_regulator_has_its_last_day_alone() -> None:
    assert [event.what for event in timeline([load_scenario(["campaign=quiet"])])] == ["last day of the calendar"]


def test_polls_rounds_annulment_and_the_vote_that_is_held_again_are_told() -> None:
    events = timeline([load_scenario(["scenario=romania_2024", "election=two_rounds_annulled"])])
    said = {event.day.isoformat(): event.what for event in events if event.kind == "vote"}
    assert said["2024-11-24"] == "first round"
    assert said["2024-12-06"] == "annulment"
    assert said["2024-12-08"] == "run-off, not held"
    assert said["2025-05-04"] == "first round, held again"
    assert said["2024-11-14"] == "polls of Q, R"
    assert "last day of the calendar" not in said.values()
