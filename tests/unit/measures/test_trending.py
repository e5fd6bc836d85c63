"""The daily list of what trends: known answers by hand, and a small world against a plain recount."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.measures.trending import Trending
from sim.model import CampaignModel
from sim.runs.face import load_scenario
from sim.runs.families import result_of
from sim.scenario.schema import ScenarioError
from sim.world.content import GENERIC
from tests.worlds import small_scenario

ASKED = ("measures=trending",)
POSTS = SimpleNamespace(  # A by name and tag, B by name with A's tag, a post under A's tag, three others
    candidate=np.array([0, 1, -1, -1, -1, -1], dtype=np.int8),
    hashtag=np.array([11, 11, 11, 40, GENERIC, GENERIC + 1], dtype=np.int32),
    sound=np.array([7, 0, 0, 7, 7, 8], dtype=np.int32),
    named=np.zeros((6, 3), dtype=np.int32),
)
RARE = (
    "population.political_authors=0.2",
    "population.political_posts=0.05",
)  # as in the country, unlike other small worlds
VIEWS = np.array([10, 20, 1, 30, 100, 200], dtype=np.int64)


@pytest.mark.parametrize(
    ("beside", "others", "places"),
    [
        ("nothing", [30], [1, 3, 101]),  # A has 10 + 20 + 1: more than the other hashtag's 30
        ("sounds", [30, 140, 200], [3, 5, 101]),
        ("subjects", [30, 100, 200], [3, 5, 101]),
    ],
)
def test_topics_of_six_posts_and_their_places(beside: str, others: list[int], places: list[int]) -> None:
    measure = Trending(top=9, length=100, beside=beside)
    candidates, rest = measure._topics(POSTS, VIEWS)
    assert candidates.tolist() == [31, 20, 0]
    assert sorted(rest.tolist()) == others
    assert measure._places(POSTS, VIEWS).tolist() == places


def test_equal_topics_share_the_better_place_and_the_list_ends() -> None:
    views = np.array([30, 0, 0, 30, 0, 0], dtype=np.int64)
    assert Trending(9, 100, "nothing")._places(POSTS, views).tolist() == [1, 101, 101]
    assert Trending(1, 1, "subjects")._places(POSTS, VIEWS).tolist() == [2, 2, 2]


def test_what_is_read_of_three_days() -> None:
    measure, notes = Trending(2, 9, "nothing"), {"places": [np.array([5, 10]), np.array([2, 10]), np.array([1, 10])]}
    found = measure.read(None, notes, 0)
    assert found == {"trending_best": 1.0, "trending_first_day": 2.0, "trending_days": 2.0}
    assert measure.read(None, notes, 1) == {"trending_best": 10.0, "trending_first_day": 4.0, "trending_days": 0.0}
    assert measure.read(None, {}, 0) == {"trending_best": 10.0, "trending_first_day": 1.0, "trending_days": 0.0}
    assert set(found) == set(Trending.units)


def topics_of(posts: Any, row: int, beside: str) -> set[tuple[str, int]]:
    """What one post counts for, in words."""
    topics = set()
    if posts.candidate[row] >= 0:
        topics.add(("candidate", int(posts.candidate[row])))
    tag = int(posts.hashtag[row])
    if 11 <= tag < 11 + posts.named.shape[1]:
        topics.add(("candidate", tag - 11))
    elif 0 < tag < GENERIC or (tag >= GENERIC and beside == "subjects"):
        topics.add(("hashtag", tag))
    if beside == "sounds" and posts.sound[row] > 0:
        topics.add(("sound", int(posts.sound[row])))
    return topics


@pytest.mark.parametrize("beside", ["nothing", "sounds", "subjects"])
def test_lists_of_a_small_world_are_those_of_a_plain_recount(beside: str) -> None:
    more = (*ASKED, f"measures.trending.beside={beside}", "population.newcomers=0")
    model = CampaignModel(small_scenario(days=12, users=80, more=more))
    seen: dict[int, int] = {}  # views of each post by number, when a day began
    lists: list[Counter[tuple[str, int]]] = []
    while model.world.hour < model.clock.end:
        model.step()
        hours, platform = model.world.hour - model.clock.start, model.world.platform
        numbers = range(platform.first, platform.first + len(platform.posts))
        if hours > 0 and hours % 24 == 0:
            today: Counter[tuple[str, int]] = Counter()
            for row, number in enumerate(numbers):
                for topic in topics_of(platform.posts, row, beside):
                    today[topic] += int(platform.posts.views[row]) - seen.get(number, 0)
            lists.append(today)
        if hours == 1 or (hours > 0 and hours % 24 == 0):
            seen = {number: int(platform.posts.views[row]) for row, number in enumerate(numbers)}
    assert model.world.platform.first > 0  # some have retired
    expected = []
    for today in lists:
        ordered = sorted(today.values(), reverse=True)
        mine = today["candidate", 0]
        expected.append(min(ordered.index(mine) + 1, 101) if mine else 101)
    assert [int(day[0]) for day in model.observer.notes["trending"]["places"]] == expected
    assert len(set(expected)) > 1
    assert model.observer.summary(model.world, 0, 0)["trending_best"] == min(expected)


def test_with_subjects_on_the_list_they_have_the_top() -> None:
    """Why they are not on it by default: there are eight, so that the ninth place would be about the best that anybody can have."""
    best = {}
    for beside in ("nothing", "subjects"):
        more = (*ASKED, *RARE, f"measures.trending.beside={beside}")
        model = CampaignModel(small_scenario("quiet", users=500, days=2, more=more))
        model.run_until(model.clock.end)
        best[beside] = np.min(model.observer.notes["trending"]["places"])
    assert best["nothing"] == 1
    assert best["subjects"] >= 8


def test_the_list_changes_no_world() -> None:
    with_it, without = (CampaignModel(small_scenario(more=more)) for more in (ASKED, ()))
    for model in (with_it, without):
        model.run_until(model.clock.end)
    assert with_it.observer.rows() == without.observer.rows()
    kept = {key: value for key, value in result_of(with_it, "", 0.0)["run"].items() if not key.startswith("trending")}
    asked = {"measures", "digest", "cpu_s", "wall_s"}
    plain = result_of(without, "", 0.0)["run"]
    assert {key for key in plain if plain[key] != kept[key]} <= asked


def test_a_top_beyond_the_list_is_refused() -> None:
    with pytest.raises(
        ScenarioError, match=r"measures\.trending\.top: 200 given, allowed 1 to measures\.trending\.length, 100"
    ):
        load_scenario(["scenario=classroom", *ASKED, "measures.trending.top=200"])
