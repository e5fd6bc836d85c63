"""A reel holds the worlds that it was asked for, as they came out before, and people of whom lessons speak."""

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.estimates.table import estimates
from analysis.lab.asked import Asked, asked_by_words, asked_in, without_campaign
from analysis.lab.graph import graph_of, nodes_of
from analysis.lab.people import chosen_people, fewer, told
from analysis.lab.reel import CAST, REEL, feeds_of, film_arm, head_of, id_of, numbers_of, plan_for, plan_in, reel_of
from analysis.lab.stored import STORED
from analysis.lab.stored.__main__ import make
from analysis.lab.whole import folder_appearing
from sim.runs.face import Film, Scouted, compare, document_of, load_scenario, read_film, simulate, unpacked
from sim.runs.recording import read_json, read_table
from sim.scenario.schema import ScenarioError

WORDS = ["scenario=classroom", "days=3", "calendar.warm_up_days=1", "scale=0.00006", "engine=serial", "replications=2"]
KINDS = ["ordinary", "volunteer", "influencer", "operated", "vendor", "official"]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    compare(WORDS, folder)
    return folder


@pytest.fixture(scope="module")
def reel(compared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reel_of(compared, tmp_path_factory.mktemp("reels") / "reel", people=6, everybody=True)


def test_a_reel_shows_the_first_seed_of_a_comparison_and_tells_of_all(compared: Path, reel: Path) -> None:
    head, runs = read_json(reel / REEL), read_table(compared, "runs")
    first = runs[runs["seed"] == 1].set_index("arm")
    assert [arm["arm"] for arm in head["arms"]] == list(first.index)
    for arm in head["arms"]:
        row, film = first.loc[arm["arm"]], read_film(reel / arm["file"])
        assert arm["digest"] == row["digest"]
        assert arm["totals"]["candidate_impressions"] == row["candidate_impressions"] == film["impressions"][:, 0].sum()
        assert arm["totals"]["reach"] == row["reach"]
        assert film.about["tactics"] == head["tactics"]
        assert len(film["feed_start"]) == len(head["people"]) + 1
        assert len(film["saw_hour"]) == len(head["graph"]["account"])
    assert [(row["seed"], row["arm"], row["reach"]) for row in head["runs"]] == list(
        runs[["seed", "arm", "reach"]].itertuples(index=False, name=None)
    )
    table = estimates(runs, read_json(compared / "manifest.json"), read_table(compared, "series"))
    assert head["estimates"] == json.loads(table.to_json(orient="records"))
    assert head["command"].startswith("groundswell compare scenario=classroom")


def test_a_reel_says_what_a_page_needs(reel: Path) -> None:
    head, cast = read_json(reel / REEL), read_film(reel / CAST)
    assert head["calendar"] == {
        "start": "2024-11-21T00:00", "hours": 72,
        "marks": [{"name": name, "hour": 0} for name in ("campaign", "moderation", "wake")] + [{"name": "vote", "hour": 72}],
    }  # fmt: skip
    assert (head["candidate"], head["candidates"][0], head["axes"]) == ("A", "A", 8)
    assert head["policies"] == ["suspend_coordinated"]
    assert [arm["id"] for arm in head["arms"]][1] == "coordinated-none"
    assert cast["interest"].shape == (len(cast["kind"]), 8)
    assert cast.about["kinds"] == KINDS
    budget = load_scenario([*WORDS, "campaign=coordinated"]).campaign.budget
    assert [arm["budget"] for arm in head["arms"]][:2] == [0.0, pytest.approx(budget * head["scale"])]
    assert head["people_by_the_end"] >= max(arm["totals"]["reach"] for arm in head["arms"])
    for person in head["people"]:
        assert person["kind"] == KINDS[cast["kind"][person["account"]]]
        assert len(person["interest"]) == 8
    assert head_of(reel)["older"] is False


def test_a_world_that_comes_out_otherwise_is_refused(tmp_path: Path) -> None:
    asked = asked_by_words([*WORDS, "campaign=coordinated"])
    arms = dict(list(asked.arms.items())[:1])
    with pytest.raises(ScenarioError, match=r"has digest [0-9a-f]{12}, in the folder 0000000000"):
        reel_of(Asked(arms, "", dict.fromkeys(arms, 64 * "0")), tmp_path / "reel", people=2)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_run_has_its_quiet_twin(tmp_path: Path) -> None:
    words = [*WORDS[:4], "campaign=coordinated", "moderation=suspend_coordinated", "seed=3"]
    scenario = load_scenario(words)
    found = simulate(scenario)
    found.write(tmp_path, document_of(scenario))
    asked = asked_in(tmp_path)
    assert list(asked.arms) == ["quiet/suspend_coordinated", "coordinated/suspend_coordinated"]
    assert asked.digests == {"coordinated/suspend_coordinated": found.run["digest"]}
    twin = simulate(without_campaign(scenario)).run["digest"]
    assert (
        twin == simulate(load_scenario([*words[:4], "campaign=quiet", *words[5:]])).run["digest"] != found.run["digest"]
    )
    assert simulate(asked.arms["quiet/suspend_coordinated"]).run["digest"] == twin


def test_the_folder_of_a_quiet_run_is_alone(tmp_path: Path) -> None:
    scenario = load_scenario([*WORDS[:4], "campaign=quiet"])
    simulate(scenario).write(tmp_path, document_of(scenario))
    assert list(asked_in(tmp_path).arms) == ["quiet/none"]


def test_a_folder_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"holds no manifest\.json"):
        reel_of(tmp_path, tmp_path / "reel")


def test_anybodys_feed_can_be_had(reel: Path) -> None:
    head = read_json(reel / REEL)
    arm, account = head["arms"][1], head["people"][0]["account"]
    film, one = read_film(reel / arm["file"]), unpacked(feeds_of(reel, arm["id"], account))
    end = film["feed_start"][1]
    assert one.about["own_posts"] is True
    assert one["feed_hour"].tolist() == film["feed_hour"][:end].tolist()
    assert (one["post_topic"][one["feed_post"]] == film["post_topic"][film["feed_post"][:end]]).all()
    everybody = sum(len(unpacked(feeds_of(reel, arm["id"], who))["feed_hour"]) for who in range(30))
    assert everybody > 0
    for wrong in ((".", 0), ("../stored", 0), (arm["id"], -1), (arm["id"], 10**9)):
        with pytest.raises(ScenarioError, match="given, allowed"):
            feeds_of(reel, *wrong)


def test_a_reel_without_everybodys_feeds_says_so(reel: Path, tmp_path: Path) -> None:
    (tmp_path / REEL).write_bytes((reel / REEL).read_bytes())
    with pytest.raises(ScenarioError, match="holds no feeds of everybody"):
        feeds_of(tmp_path, "quiet-none", 3)


def test_more_worlds_of_the_same_people_are_filmed_by_the_plan_of_a_reel(
    reel: Path, compared: Path, tmp_path: Path
) -> None:
    head, plan = read_json(reel / REEL), plan_in(reel)
    arm = "coordinated/none"
    entry = film_arm(plan, arm, asked_in(compared).arms[arm], tmp_path)
    assert {**entry} == next(one for one in head["arms"] if one["arm"] == arm)
    assert (tmp_path / entry["file"]).read_bytes() == (reel / entry["file"]).read_bytes()


def test_films_that_are_too_large_are_made_with_fewer_people(compared: Path, tmp_path: Path) -> None:
    asked = asked_in(compared)
    two = {arm: asked.arms[arm] for arm in list(asked.arms)[:2]}
    most = 40_000
    head = read_json(reel_of(Asked(two, "", {}), tmp_path / "reel", people=60, most=most) / REEL)
    sizes = [(tmp_path / "reel" / arm["file"]).stat().st_size for arm in head["arms"]]
    assert 1 <= len(head["people"]) < 60
    assert max(sizes) * len(two) <= most or len(head["people"]) == 1


def test_fewer_people_are_fewer() -> None:
    assert fewer(40, 4e6, 1e6) == 5
    assert fewer(2, 1.001, 1.0) == 1
    assert [fewer(people, 2.0, 1.99) for people in (50, 3)] == [49, 2]


def test_a_number_that_is_none_is_nothing_that_a_page_cannot_read() -> None:
    run = {"reach": 3.0, "share": math.nan, "digest": "ab", "wall_s": 2.0, "users": 4}
    assert numbers_of(run) == {"reach": 3.0, "share": None, "users": 4}


def test_names_of_arms_are_names_of_files() -> None:
    assert id_of("coordinated/none") == "coordinated-none"
    assert id_of("coordinated[-wake_sleepers]/none@stronger~-14") == "coordinated--wake_sleepers--none-stronger--14"
    long = "coordinated[" + "+".join(["wake_sleepers"] * 20) + "]/none"
    assert len(id_of(long)) < 80
    assert id_of(long) != id_of(long.replace("/none", "/no"))


@cache
def made() -> Scouted:
    """200 accounts: the last is the candidate's, two are volunteers, and account n was shown n posts and saw n % 50 of the candidate."""
    number = np.arange(200)
    kind = np.zeros(200, dtype=np.uint8)
    kind[[5, 20]], kind[199], kind[[100, 101]] = 1, 5, 3
    interest = np.zeros((200, 8), dtype=np.int8)
    interest[number, number % 8] = 100 - number // 8
    cast = Film(
        {"kinds": KINDS},
        {"kind": kind, "fan": (number % 20 == 7).astype(np.uint8), "returner": (number == 30).astype(np.uint8), "interest": interest},
    )  # fmt: skip
    follows = np.array([(who, whom) for who in range(100) for whom in ((who * 7) % 50, 199) if who != whom])
    in_use = (number != 30) & (kind != 3) & (kind != 5)
    return Scouted(cast, np.full(200, 2.0), follows, 199, number, number % 50, in_use, in_use | (number == 30))


def test_people_are_of_all_interests_and_some_of_each_lesson() -> None:
    scouted = made()
    chosen = chosen_people(scouted, 20)
    assert chosen == sorted(set(chosen)) == chosen_people(made(), 20)
    assert len(chosen) == 20
    people = told(scouted, chosen)
    assert {5, 20, 30} <= set(chosen)
    assert sum(person["fan"] for person in people) >= 3
    assert not {person["kind"] for person in people} & {"operated", "official"}
    assert {max(range(8), key=person["interest"].__getitem__) for person in people} == set(range(8))
    saw = scouted.seen[chosen]
    ordinary = [account for account in range(20, 80) if scouted.in_use[account]]
    assert max(saw) == max(scouted.seen[ordinary])
    assert min(saw) == min(scouted.seen[ordinary])


def test_no_more_people_are_chosen_than_there_are() -> None:
    assert 20 < len(chosen_people(made(), 500)) < 200


def test_a_graph_is_drawn_of_those_around_the_candidate() -> None:
    scouted = made()
    nodes = nodes_of(scouted, [1, 2, 3], 20)
    assert {199, 1, 2, 3, 5, 20} <= set(nodes)
    assert len(nodes) <= 20
    graph = graph_of(scouted, nodes)
    pairs = {(nodes[a], nodes[b]) for a, b in graph["edges"]}
    assert pairs == {(a, b) for a, b in scouted.follows.tolist() if a in nodes and b in nodes}
    assert min(graph["x"] + graph["y"]) == 0.0
    assert max(graph["x"] + graph["y"]) == 1.0
    assert graph == graph_of(scouted, nodes)
    assert plan_for(scouted, asked_by_words(WORDS).arms, 5).accounts == chosen_people(scouted, 5)


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with folder_appearing(out) as part:
        (part / "one").write_text("1")
        assert not out.exists()

    def fail() -> Any:
        with folder_appearing(out) as other:
            (other / "two").write_text("2")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "one"]
    with folder_appearing(out) as part:
        (part / "two").write_text("2")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out", "two"]
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match="is a file, allowed is a folder"), folder_appearing(tmp_path / "file"):
        pass


def test_the_stored_reel_is_whole_and_small() -> None:
    head = head_of(STORED)
    assert isinstance(head["older"], bool)  # the page says so; the digests are looked at by the slow test
    assert [arm["arm"] for arm in head["arms"]] == ["quiet/none", "coordinated/none", "coordinated/suspend_coordinated"]
    assert sum(path.stat().st_size for path in STORED.iterdir()) < 700_000
    for arm in head["arms"]:
        film = read_film(STORED / arm["file"])
        assert film["impressions"][:, 0].sum() == arm["totals"]["candidate_impressions"]
        assert film["reach"][-1, 0] == arm["totals"]["reach"]
    assert len(head["people"]) >= 6
    seeds = {run["seed"] for run in head["runs"]}  # several worlds stand before the one that is shown
    assert len(head["runs"]) == len(seeds) * len(head["arms"]) >= 8 * len(head["arms"])
    assert any(one["contrast"] == "manufactured" for one in head["estimates"])


def test_a_reel_of_another_model_is_older(reel: Path, tmp_path: Path) -> None:
    (tmp_path / REEL).write_text(json.dumps({**read_json(reel / REEL), "code": "another"}))
    assert head_of(tmp_path)["older"] is True


@pytest.mark.slow
def test_the_stored_reel_is_that_of_the_model(tmp_path: Path) -> None:
    made_now, kept = read_json(make(tmp_path / "reel") / REEL), read_json(STORED / REEL)
    assert [arm["digest"] for arm in made_now["arms"]] == [arm["digest"] for arm in kept["arms"]]
    assert made_now["people"] == kept["people"]
