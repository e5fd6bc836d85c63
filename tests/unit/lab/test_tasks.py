"""Desks, sealed worlds and quiz say what worlds hold, hide what is true, and are neither trivial nor hopeless."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.lab.answer_key import answer_key
from analysis.lab.damping import Damped, damping_of, taken_away
from analysis.lab.desk import DAY, DAYS, DIGITS, EACH, MOST, RULES, Desk, company, is_campaign, spelled
from analysis.lab.game import BASE, BUDGET, CRAFTS, desk_of, opened, overrides_of, rerun
from analysis.lab.game import Looked as World
from analysis.lab.quiz import CAMPAIGN, INNOCENT, quiz_of, rules_of, shown
from analysis.lab.sealed import CAMPAIGNS, KINDS, clues_of, interval_of, kinds_of, round_of
from analysis.lab.signal import score
from analysis.lab.stored import STORED
from analysis.lab.tasks import stored_tasks
from sim.cli.lab import write
from sim.runs.face import Acts, PublicWorld, Standing, load_scenario, public_world
from tests.worlds import CROWDED, small_scenario, with_supporters

HOUR = 48
SOME = (*CROWDED, "population.sleepers=2e5", "population.vendors=1e5", "population.volunteers=2e5")


def acts(*rows: tuple[int, int, int, int]) -> Acts:
    """Acts on posts about the election: hour, second, account, post."""
    hour, second, account, post = np.array(rows, dtype=np.int64).T
    return Acts(hour, second, account, post, np.ones(len(rows), dtype=np.bool_))


@cache
def small_world(seed: int = 3) -> World:
    scenario = with_supporters(small_scenario(users=400, days=4, seed=seed, more=SOME))
    standing = Standing(scenario, HOUR)
    look = standing.look({}, DAYS)
    twin = Standing(replace(scenario, campaign=small_scenario("quiet").campaign), HOUR)
    twin.run({})
    return World("coordinated", seed, look, damping_of(standing, twin.go_on(), Desk(look, seed).network, seed))


def test_company_is_who_acted_within_a_minute_on_how_many_posts() -> None:
    found = company(acts((0, 10, 1, 7), (0, 70, 2, 7), (0, 131, 3, 7), (1, 0, 1, 8), (1, 5, 2, 8), (1, 5, 1, 8)))
    assert found == {1: {2: 2}, 2: {1: 2}}


def test_a_minute_runs_over_the_full_hour() -> None:
    assert company(acts((0, 3590, 1, 7), (1, 10, 2, 7))) == {1: {2: 1}, 2: {1: 1}}


def test_counts_are_spelled_with_one_character() -> None:
    assert spelled(np.array([0, 9, 10, 35, 400])) == "09az" + DIGITS[-1]


def test_a_look_reads_acts_and_silences_of_the_world() -> None:
    look = small_world().look
    assert (look.acts.hour >= HOUR - DAY * DAYS).all()
    assert (look.acts.hour < HOUR).all()
    ours = np.isin(look.kind, ["operated", "vendor"])
    acted = np.bincount(look.acts.account, minlength=len(ours)) > 0
    assert look.silence[ours & acted].min() >= 24 * 30 > np.median(look.silence[~ours & acted])


def test_a_desk_holds_the_whole_network_and_whom_rules_take_for_it() -> None:
    desk = Desk(small_world().look, 3)
    chosen = desk.chosen()
    assert set(desk.network) <= set(chosen)
    volunteers = [account for account in desk.candidates() if desk.stories[account] == "volunteer"]
    assert len(set(volunteers) & set(chosen)) >= min(EACH, len(volunteers)) > 0
    assert len(chosen) <= MOST
    assert not any(desk.stories[account] in ("influencer", "official") for account in chosen)
    assert chosen == sorted(chosen)
    for rule in RULES:
        scores = desk.score(rule)[desk.ranked(chosen, rule)]
        assert (np.diff(scores) <= 0).all()


def test_a_row_says_nothing_of_what_is_true() -> None:
    desk = Desk(small_world().look, 3)
    row = desk.row(desk.network[0])
    assert set(row) == {
        "account",
        "age_days",
        "silent_days",
        "followers",
        "posts",
        "acts",
        "election",
        "together",
        "often",
        "company",
        "timeline",
    }
    assert len(row["timeline"]) == DAY * DAYS
    assert sum(DIGITS.index(letter) for letter in row["timeline"]) <= row["acts"]
    assert row["election"] <= row["acts"]


def test_truth_of_a_desk_is_sealed_and_complete() -> None:
    world = small_world()
    desk = desk_of("1", world, [world.damped])
    assert "operated" not in json.dumps(desk)
    answer = opened(desk["answer"])
    assert set(answer["stories"]) == {str(row["account"]) for row in desk["accounts"]}
    assert sum(map(is_campaign, answer["stories"].values())) == answer["network"]
    assert answer["campaign"] == "coordinated"


def test_worlds_with_and_without_the_network_part() -> None:
    damped = small_world().damped
    assert damped.shares == (0.0, 0.5, 1.0)
    assert damped.taken(0) == 0
    assert len(set(damped.daily)) == 3
    assert sum(damped.daily[0]) > sum(damped.without)


def test_who_is_suspended_is_sent_to_no_post_any_more() -> None:
    acting: dict[int, set[int]] = {}

    def note(model: Any) -> None:
        log = model.world.platform.log[-1]
        acting[model.world.hour] = set(log.account[log.elsewhere > 0].tolist())

    standing = Standing(small_scenario(users=200, days=4), HOUR, note)
    look = standing.look({}, DAYS)
    ours = set(np.flatnonzero(np.isin(look.kind, ["operated", "vendor"])).tolist())
    began = max(acting)
    assert set.union(*acting.values()) & ours
    standing.go_on(sorted(ours))
    assert not set.union(*(who for hour, who in acting.items() if hour > began + 1)) & ours


def test_a_world_goes_on_as_if_nobody_had_looked() -> None:
    scenario = small_scenario(users=200, days=3)
    standing = Standing(scenario, HOUR)
    standing.run({})
    assert standing.go_on() == standing.go_on()
    later = Standing(scenario, 0)
    later.run({})
    assert later.go_on()[2:] == standing.go_on()


def test_shares_taken_away_are_of_sums() -> None:
    """Two worlds add 100 and 300; suspending all takes 50 and 250: 300 of 400, between 50 and 83%."""
    worlds = [Damped((0.0, 1.0), ((110.0,), (60.0,)), (10.0,)), Damped((0.0, 1.0), ((300.0,), (50.0,)), (0.0,))]
    assert taken_away(worlds) == {"points": [[0.0, 0.0, 0.0, 0.0], [1.0, 0.75, 0.5, 0.833]], "worlds": 2}


def test_flags_from_elsewhere_are_refused() -> None:
    desk = {"accounts": [{"account": 1}], "answer": "", "seed": 1}
    with pytest.raises(ValueError, match="allowed those on the desk"):
        rerun(desk, [2])


def test_settings_of_desks_lie_within_their_ranges() -> None:
    for craft in (*CRAFTS, "quiet"):
        assert load_scenario(overrides_of(craft)).campaign.name == craft
    assert BASE[0] == "scenario=classroom"


def test_a_public_world_counts_what_anybody_could_count() -> None:
    world = public_world(with_supporters(small_scenario(users=300, days=3)))
    assert world.views.shape[0] == len(world.followers) == len(world.posts) == 3
    assert (np.diff(world.followers) >= 0).all()
    assert [post["views"] for post in world.top] == sorted((post["views"] for post in world.top), reverse=True)
    assert world.posts.sum() > 0


def test_clues_by_hand() -> None:
    """Accounts 1 and 2 comment in the same minute on three posts, 3 far off."""
    comments = np.array([(post, who, 1000 * post + 20 * who) for post in (1, 2, 3) for who in (1, 2)] + [(1, 3, 9000)])
    world = PublicWorld(np.array([[700, 300]]), np.array([5]), np.array([3]), [], comments, 100)
    found = clues_of(world, 0)
    assert found == {"share": 0.7, "comments": 7, "accounts": 3, "busiest": 1.0, "together": 1, "per_thousand": 10.0}


def test_an_interval_by_hand() -> None:
    """Student's t with 2 degrees of freedom at 97.5% is 4.303; the standard error of 1, 2, 3 is .577."""
    assert interval_of(np.array([1.0, 2.0, 3.0]), np.inf) == {
        "mean": 2.0, "low": 0.0, "high": pytest.approx(2 + 4.303 / 3**0.5, abs=1e-3),
    }  # fmt: skip


def test_rounds_hide_both_campaigns_in_every_place() -> None:
    rounds = [(kinds_of(seed, place), seed, place) for seed in range(40) for place in (0, 1)]
    for one, other in zip(rounds[::2], rounds[1::2], strict=True):
        assert {one[0][2], other[0][2]} == set(CAMPAIGNS)
    answers = [opened(round_of(seed, {kind: {} for kind in KINDS[:3]})["answer"])["campaign"] for seed in range(90)]
    assert min(Counter(answers)[name] for name in "123") > 15


def test_the_stored_reel_holds_the_stored_tasks() -> None:
    head = json.loads((STORED / "reel.json").read_text())
    assert {name: head[name] for name in stored_tasks()} == stored_tasks()


def test_halves_of_the_quiz_are_different_accounts_and_half_innocent() -> None:
    quiz = stored_tasks()["quiz"]
    for items in quiz.values():
        told = Counter(shown(item["answer"]) for item in items)
        assert told == {"campaign": sum(CAMPAIGN.values()), "innocent": sum(INNOCENT.values())}
        assert Counter(shown(item["story"]) for item in items)["volunteer"] >= 1
    whole = [json.dumps([item["facts"], item["timeline"]]) for items in quiz.values() for item in items]
    assert len(set(whole)) == len(whole)


def test_no_simple_rule_is_perfect_or_all_hopeless() -> None:
    tasks = stored_tasks()
    for items in tasks["quiz"].values():
        half = len(items) // 2
        found = {rule: score(hits, half, alarms, half).sensitivity for rule, (hits, alarms) in rules_of(items).items()}
        assert max(found.values()) < 2.5, found
        assert max(found.values()) > 0.4, found
    for desk in tasks["game"]["desks"]:
        stories = opened(desk["answer"])["stories"]
        ours = sum(map(is_campaign, stories.values()))
        for rule, ranked in desk["detectors"].items():
            found_first = sum(is_campaign(stories[str(account)]) for account in ranked[:ours])
            assert found_first < ours, (desk["id"], rule)
        assert ours < BUDGET


def test_who_has_seen_one_desk_knows_nobody_on_the_next() -> None:
    desks = stored_tasks()["game"]["desks"]
    assert len({desk["seed"] for desk in desks}) == len(desks)
    networks = [
        {account for account, story in opened(desk["answer"])["stories"].items() if is_campaign(story)}
        for desk in desks
    ]
    for number, one in enumerate(networks):
        for other in networks[number + 1 :]:
            assert len(one & other) <= len(one) // 5  # the same number by chance


def test_a_quiz_of_few_worlds_still_has_two_halves() -> None:
    quiz = quiz_of([small_world()], seed=1)
    assert quiz["before"]
    assert {item["id"] for item in quiz["before"]}.isdisjoint(item["id"] for item in quiz["after"])


def test_the_answer_key_names_every_answer_and_lies_beside_a_replay(tmp_path: Path) -> None:
    tasks = stored_tasks()
    text = answer_key({"title": "A reel", **tasks})
    for number, one in enumerate(tasks["sealed"]["rounds"], 1):
        assert f"round {number}: the campaign is in world {opened(one['answer'])['campaign']}" in text
    assert all(f"{item['id']}: {shown(item['answer'])}" in text for items in tasks["quiz"].values() for item in items)
    write(STORED, tmp_path / "page.html", ())
    assert "round 1: the campaign is in world" in (tmp_path / "page.answers.txt").read_text()
    assert answer_key({}) == answer_key({"game": {}, "sealed": {}, "quiz": {}})


@pytest.mark.slow
def test_a_stored_desk_is_that_of_the_model() -> None:
    """If not, `python -m analysis.lab.tasks` makes all tasks anew."""
    desk = stored_tasks()["game"]["desks"][0]
    answer = opened(desk["answer"])
    found = rerun(desk, [int(account) for account, story in answer["stories"].items() if is_campaign(story)])
    assert found["daily"]["as_it_was"] == answer["daily"]["as_it_was"]
    assert found["daily"]["as_flagged"] == answer["daily"]["all_suspended"]
    assert found["taken"] is not None
    assert 0.2 < found["taken"] < 0.9
