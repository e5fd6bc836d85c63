"""Worlds that run for somebody: streams, closed pages, dead processes, places in the line. The processes here make no world."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from analysis.lab.server import lab as lab_module
from analysis.lab.server.jobs import DIED, NONE_STARTS
from analysis.lab.server.lab import Lab
from tests.unit.lab.lab_servers import Place, served, until
from tests.unit.lab.lab_workers import HOURS, dead, stored_with_game, work

SLOW, DIES, WRONG = ({"settings": {"seed": seed}} for seed in (11, 13, 17))
FAST: dict[str, Any] = {"settings": {"budget": 300_000}}
FLAGS = {"reel": "stored", "desk": "1", "accounts": [6, 4, 6]}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "lab", True, work, work, stored=stored_with_game(tmp_path))


@pytest.fixture
def place(lab: Lab) -> Iterator[Place]:
    with served(lab) as place:
        until(lambda: lab.store.reels["stored"].films)
        yield place


def student(lab: Lab) -> str:
    found = lab.share.join("127.0.0.1", lab.share.code)
    assert found is not None
    return found.token


def test_a_world_tells_its_hours_and_leaves_a_reel(place: Place) -> None:
    events = list(place.events(place.ask("/worlds", FAST)["events"]))
    assert [event["hour"] for event in events if "hour" in event] == list(range(HOURS))
    reel = events[-1]["done"]
    assert place.ask(f"/reels/{reel}/reel.json")["scenario"] == "classroom"
    assert place.lab.store.reels[reel].words == (
        "scenario=classroom", "campaign=coordinated", "moderation=none", "campaign.budget=300000", "seed=1", "replications=1",
    )  # fmt: skip
    until(lambda: place.lab.jobs == {})


def test_what_the_lab_does_for_itself_makes_way_and_is_done_later(lab: Lab) -> None:
    (lab.store.films / "slow").touch()
    with served(lab) as place:
        until(lambda: lab.crew.workers[0].job is not None)
        assert list(place.events(place.ask("/worlds", FAST)["events"]))[-1]["done"]
        assert (lab.store.films / "made_way").exists()
        until(lambda: lab.store.reels["stored"].films)


def test_closing_the_stream_stops_the_run(place: Place) -> None:
    with closing(place.events(place.ask("/worlds", SLOW)["events"])) as events:
        until(lambda: next(events).get("hour", 0) > 3)
    until((place.lab.store.films / "stopped").exists)
    until(lambda: place.lab.jobs == {})
    assert list(place.events(place.ask("/worlds", FAST)["events"]))[-1]["done"]


def test_a_run_that_nobody_follows_is_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab_module, "UNFOLLOWED", 0.1)
    place.ask("/worlds", SLOW)
    until((place.lab.store.films / "stopped").exists)
    until(lambda: place.lab.jobs == {})


def test_a_killed_process_is_a_sentence_and_the_lab_goes_on(place: Place) -> None:
    events = place.events(place.ask("/worlds", SLOW)["events"])
    told = next(event for event in events if "pid" in event)
    os.kill(told["pid"], signal.SIGKILL)
    assert list(events)[-1] == {"error": DIED}
    assert list(place.events(place.ask("/worlds", DIES)["events"]))[-1] == {"error": DIED}
    assert list(place.events(place.ask("/worlds", FAST)["events"]))[-1]["done"]


def test_who_waits_hears_a_place_in_the_line_and_gets_on(place: Place) -> None:
    with closing(place.events(place.ask("/worlds", SLOW)["events"])) as first:
        assert "hour" in next(event for event in first if "hour" in event)
        second = place.events(place.ask("/worlds", FAST)["events"])
        third = place.events(place.ask("/moderate", FLAGS)["events"])
        assert next(second) == {"waits": 1, "sentence": "One world is run before yours."}
        assert next(third) == {"waits": 2, "sentence": "2 worlds are run before yours."}
    assert "done" in list(second)[-1]
    assert "done" in list(third)[-1]


def test_the_teachers_worlds_come_before_those_of_students(place: Place, lab: Lab) -> None:
    mine = student(lab)
    with closing(place.events(place.ask("/worlds", SLOW)["events"])) as busy:
        assert "hour" in next(event for event in busy if "hour" in event)
        pupil = place.events(place.ask("/moderate", FLAGS, mine)["events"], mine)
        assert next(pupil)["waits"] == 1
        master = place.events(place.ask("/worlds", FAST)["events"])
        assert next(master)["waits"] == 1
        assert next(pupil)["waits"] == 2
    assert "done" in list(master)[-1]
    assert "done" in list(pupil)[-1]


def test_what_the_scenario_refuses_stands_beside_the_setting(place: Place) -> None:
    with closing(place.open("/worlds", WRONG)) as connection:
        answer = connection.getresponse()
        assert answer.status == 422
        assert answer.read() == b'{"sentence":"campaign.budget: 5 given, allowed 6","field":"budget"}'


def status(place: Place, path: str, body: Any = None, token: str | None = None) -> int:
    with closing(place.open(path, body, token)) as connection:
        return connection.getresponse().status


def test_a_student_has_one_run_at_a_time_and_follows_only_that(place: Place, lab: Lab) -> None:
    mine, other = student(lab), student(lab)
    with closing(place.events(place.ask("/worlds", SLOW)["events"])) as busy:
        next(busy)
        job = place.ask("/moderate", FLAGS, mine)
        assert status(place, "/moderate", {**FLAGS, "accounts": [5]}, mine) == 429
        assert status(place, job["events"], None, other) == 404
        assert status(place, job["events"]) == 404
    assert list(place.events(job["events"], mine))[-1]["done"] == "stored"
    assert status(place, job["events"], None, mine) == 404
    assert place.ask("/moderate", FLAGS, mine)["id"]


def test_the_same_flags_are_answered_once(place: Place, lab: Lab) -> None:
    first, second = (
        list(place.events(place.ask("/moderate", FLAGS, who)["events"], who))[-1]
        for who in (student(lab), student(lab))
    )
    assert first == second
    assert first["taken"] == 0.2
    assert len(lab.moderated) == 1
    until(lambda: place.lab.jobs == {})


@pytest.mark.parametrize("accounts", [[], [1], [4, 5, 6, 7], ["4"], [True], [4.0], "4", None, {"4": 1}, [[4]]])
def test_only_some_accounts_of_a_desk_can_be_flagged(place: Place, accounts: Any) -> None:
    assert status(place, "/moderate", {**FLAGS, "accounts": accounts}) == 422
    assert status(place, "/moderate", {**FLAGS, "desk": "2"}) == 422


@pytest.mark.alone
def test_thirty_sessions_look_at_once_while_a_world_runs(place: Place, lab: Lab) -> None:
    slowest, failed = list[float](), list[BaseException]()

    def look(token: str) -> None:
        try:
            for _ in range(3):
                began = time.monotonic()
                assert place.ask("/reels/stored/reel.json", None, token)["version"] == 1
                assert place.ask("/whoami", None, token)["role"] == "student"
                slowest.append(time.monotonic() - began)
        except BaseException as error:
            failed.append(error)

    with closing(place.events(place.ask("/worlds", SLOW)["events"])) as busy:
        next(busy)
        threads = [threading.Thread(target=look, args=(student(lab),)) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert len(slowest) == 90
    assert max(slowest) < 10.0


def test_where_no_process_starts_a_sentence_says_so(tmp_path: Path) -> None:
    with served(Lab(tmp_path / "lab", False, dead, work, stored=stored_with_game(tmp_path))) as place:
        assert list(place.events(place.ask("/worlds", FAST)["events"]))[-1] == {"error": NONE_STARTS}


def test_the_lab_ends_with_all_its_processes(lab: Lab) -> None:
    with served(lab):
        until(lambda: lab.crew.workers and lab.crew.workers[0].is_ready)
        processes = [worker.process for crew in (lab.crew, lab.desk) for worker in crew.workers]
        assert all(process.is_alive() for process in processes)
    assert not any(process.is_alive() for process in processes)
