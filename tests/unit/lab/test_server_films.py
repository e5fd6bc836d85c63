"""What worker processes make, with small worlds: twins are used again, commands give the same, accounts are suspended by hand."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from analysis.lab import game
from analysis.lab.server import films, worlds
from analysis.lab.server.animation import FRAMES_MOST, frames
from analysis.lab.server.settings import checked, command_of, words_of
from analysis.lab.server.store import Reel, read_reel
from analysis.lab.server.tasks import Animate, Compose, Feed, FilmArms, MakeReel, Moderate, Task
from analysis.lab.server.telling import Line, StoppedError
from analysis.lab.server.worlds import perform
from analysis.lab.stored import STORED
from sim.runs.face import compare, read_film, unpacked
from sim.runs.recording import read_table
from tests.worlds import SMALL, STAGED

BASE = ("scenario=classroom", *SMALL, *STAGED, "scale=0.00003", "days=2", "calendar.last_day=2024-11-15")
HOURS = 48


class Pipe(Line):
    """Keeps what is told; stops a task when so many events were told."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.told, self.stop_after = list[dict[str, Any]](), stop_after

    def tell(self, event: Any) -> None:
        self.told.append(dict(event))

    def check(self) -> None:
        if len(self.told) >= self.stop_after:
            raise StoppedError


def words(**asked: Any) -> tuple[str, ...]:
    return words_of(checked(asked), BASE)


def make(place: Path, name: str, **asked: Any) -> tuple[Path, list[dict[str, Any]]]:
    """A reel with some settings, and what was told."""
    pipe, out = Pipe(), place / name
    perform(MakeReel(words(**asked), place / "films", out, command_of(words(**asked))), pipe)
    assert pipe.told[-1] == {"done": True}, pipe.told[-1]
    return out, pipe.told


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose films are shared by those tests that do not ask which are made."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def reel(place: Path) -> Reel:
    """A reel with no setting changed."""
    return read_reel("reel", make(place, "reel")[0])


def arms_run(told: list[dict[str, Any]]) -> list[str]:
    """Arms whose worlds were run, the first one for the choice of people."""
    return list(dict.fromkeys(event["arm"] for event in told if "arm" in event))


def test_a_change_of_budget_films_one_world_and_the_twin_stays(tmp_path: Path) -> None:
    first, told = make(tmp_path, "first")
    assert arms_run(told) == ["coordinated/none", "quiet/none"]
    hours = [event["hour"] for event in told if "hour" in event]
    assert hours == list(range(HOURS))
    second, told = make(tmp_path, "second", budget=50_000)
    assert arms_run(told) == ["coordinated/none"]
    assert not [event for event in told if event.get("prepares") and event["passed"] > 24 + 6]  # nobody was chosen anew
    entries = [
        {arm["id"]: arm["digest"] for arm in json.loads((place / "reel.json").read_text())["arms"]}
        for place in (first, second)
    ]
    assert entries[0]["quiet-none"] == entries[1]["quiet-none"]
    assert entries[0]["coordinated-none"] != entries[1]["coordinated-none"]
    told = make(tmp_path, "third", budget=50_000, moderation="suspend_coordinated")[1]
    assert arms_run(told) == ["coordinated/suspend_coordinated", "quiet/suspend_coordinated"]
    assert arms_run(make(tmp_path, "fourth", budget=50_000)[1]) == []


def test_what_is_told_is_what_the_film_holds(place: Path) -> None:
    folder, told = make(place, "told", budget=400_000)
    film = read_film(folder / "coordinated-none.film")
    hours = [event for event in told if "hour" in event]
    for name in ("impressions", "political", "reach"):
        assert [event[name] for event in hours] == film[name].tolist()
    assert film["spent"].sum() > 0


def test_the_command_gives_the_numbers_of_the_page(tmp_path: Path, place: Path) -> None:
    asked = {"budget": 50_000, "moderation": "suspend_coordinated", "give_gifts": False}
    reel = read_reel("reel", make(place, "asked", **asked)[0])
    assert reel.head["command"] == command_of(words(**asked))
    compare(words(**asked), tmp_path / "compared", threads=1)
    runs = read_table(tmp_path / "compared", "runs").set_index("arm")
    assert list(runs.index) == [arm["arm"] for arm in reel.head["arms"]]
    for arm in reel.head["arms"]:
        row = runs.loc[arm["arm"]]
        assert arm["digest"] == row["digest"]
        assert arm["totals"]["candidate_impressions"] == row["candidate_impressions"]
        assert arm["totals"]["spent"] == row["spent"]


def test_a_reel_is_taken_up_with_its_words_and_everybodys_feeds(reel: Reel) -> None:
    assert reel.words == words()
    assert set(reel.films) == {"quiet-none", "coordinated-none"}
    assert "own.json" not in reel.files
    person = reel.head["people"][0]["account"]
    pipe = Pipe()
    perform(Feed(reel.films["quiet-none"] / "feeds" / "quiet-none", person), pipe)
    assert len(unpacked(pipe.told[-1]["film"])["feed_hour"]) > 0
    perform(Feed(reel.films["quiet-none"] / "feeds" / "quiet-none", 10**9), pipe)
    assert pipe.told[-1]["error"].startswith("account: 1000000000 given")


def test_a_run_that_is_stopped_leaves_nothing_half_made(tmp_path: Path) -> None:
    pipe = Pipe(stop_after=10)
    perform(MakeReel(words(), tmp_path / "films", tmp_path / "reel", ""), pipe)
    assert "done" not in pipe.told[-1]
    assert "error" not in pipe.told[-1]
    assert not (tmp_path / "reel").exists()
    assert list((tmp_path / "films").glob("*")) == []


def test_flags_of_a_class_rerun_the_desk_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, asked = {"id": "1"}, list[Any]()

    def rerun(desk: Any, accounts: Any, on_hour: Any) -> dict[str, Any]:
        asked.append((desk, accounts))
        for hour in range(1, 25):
            on_hour(SimpleNamespace(world=SimpleNamespace(hour=hour), clock=SimpleNamespace(start=0, end=24)))
        return {"taken": 0.5}

    monkeypatch.setattr(game, "rerun", rerun)
    pipe = Pipe()
    perform(Moderate(desk, (3, 4)), pipe)
    assert asked == [(desk, (3, 4))]
    assert [event["passed"] for event in pipe.told[:-1]] == [1, 7, 13, 19]
    assert pipe.told[-1] == {"done": True, "taken": 0.5}
    pipe = Pipe(stop_after=2)
    perform(Moderate(desk, (3, 4)), pipe)
    assert len(pipe.told) == 2


def test_twins_are_told_apart_by_all_that_they_hang_on() -> None:
    def kept(**asked: Any) -> tuple[str, str]:
        arms = films.arms_of(words_of(checked(asked)))
        return films.kept_as(arms["quiet/none"], "people"), films.kept_as(arms["coordinated/none"], "people")

    quiet, campaign = kept()
    assert kept(budget=10_000)[0] == quiet
    assert kept(budget=10_000)[1] != campaign
    assert kept(wake_sleepers=False)[0] == quiet
    for changed in (kept(seed=2), kept(social_proof=0.2), kept(recommender="interest")):
        assert changed[0] != quiet
        assert changed[1] != campaign


def test_worlds_of_the_stored_reel_are_those_of_the_first_settings() -> None:
    stored = films.arms_of(read_reel("stored", STORED).words)
    first = films.arms_of(words_of({}))
    for arm in ("quiet/none", "coordinated/none"):
        assert films.kept_as(stored[arm], "people") == films.kept_as(first[arm], "people")
    assert films._plan_name(read_reel("stored", STORED).words) == films._plan_name(words_of({}))


def test_settings_are_read_under_the_chosen_presets() -> None:
    pipe = Pipe()
    perform(Compose(words(campaign="organic_surge", moderation="label_paid", start="2024-11-12")), pipe)
    values = pipe.told[-1]["values"]
    assert values["campaign"] == "organic_surge"
    assert values["hire_influencers"] is False
    assert values["hire_influencers_posts_each"] is None
    assert values["start"] == "2024-11-12"
    assert values["recommender"] == "staged_audience"
    assert values["social_proof"] == 0.08
    assert pipe.told[-1]["levels"] == ["weaker", "standard", "stronger"]
    perform(Compose(words(campaign="organic_surge", give_gifts=False)), pipe)
    assert pipe.told[-1]["error"].startswith("campaign.tactics.give_gifts")
    assert pipe.told[-1]["is_request"]


def test_a_fault_is_a_sentence_and_no_traceback(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(task: Task, line: Line) -> dict[str, Any]:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(worlds, "composed", fault)
    pipe = Pipe()
    perform(Compose(()), pipe)
    assert pipe.told == [{"error": "It did not work (ZeroDivisionError); the terminal says more."}]
    assert "a secret" in capfd.readouterr().err


def test_an_animation_shows_both_worlds_to_their_end(reel: Reel, tmp_path: Path) -> None:
    asked = Animate(
        (reel.files["quiet-none.film"], reel.files["coordinated-none.film"]),
        ("one", "other"),
        0,
        "2024-11-14T00:00",
        tmp_path / "a.gif",
    )
    pipe = Pipe()
    perform(asked, pipe)
    assert pipe.told == [{"done": True}]
    with Image.open(asked.out) as picture:
        assert picture.n_frames == HOURS
    assert [path.name for path in tmp_path.glob("*.gif*")] == ["a.gif"]


@pytest.mark.parametrize("hours", [1, 48, 59, 60, 61, 336, 500])
def test_frames_are_few_and_the_last_hour_is_among_them(hours: int) -> None:
    found = frames(hours)
    assert len(found) <= FRAMES_MOST
    assert found[-1] == hours - 1
    assert len(found) > min(hours, FRAMES_MOST) / 2


def test_films_of_the_first_reel_are_found_by_its_words(reel: Reel, place: Path) -> None:
    pipe = Pipe()
    perform(FilmArms(words(), place / "films"), pipe)
    assert {arm: Path(folder) for arm, folder in pipe.told[-1]["films"].items()} == reel.films
    assert len(pipe.told) == 1
