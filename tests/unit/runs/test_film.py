"""A film says what happened in a world, to the last impression, and filming changes nothing in it."""

import dataclasses
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.kernels.reactions import CARRIED
from sim.model import CampaignModel
from sim.runs.face import FilmedWorld, Wanted, WorldResult, feed_of, film_world, scout, simulate
from sim.runs.film.camera import Filming
from sim.runs.film.hour import are_alike
from sim.runs.film.parts import NEVER
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError
from sim.world.actions import Actions, Request, Shown
from sim.world.world import World
from tests.worlds import CROWDED, FIXED, people_of, small_scenario

ARMS = (("quiet", "none"), ("coordinated", "none"), ("coordinated", "suspend_coordinated"))
PEOPLE = (3, 17, 40, 90, 131)


def world(campaign: str, moderation: str = "none", **changes: Any) -> Scenario:
    return small_scenario(campaign, moderation, users=400, days=2, more=(FIXED, *CROWDED), **changes)


@cache
def filmed(campaign: str, moderation: str) -> FilmedWorld:
    return film_world(world(campaign, moderation), Wanted(people=PEOPLE, nodes=range(0, 400, 2)))


@cache
def simulated(campaign: str, moderation: str) -> WorldResult:
    return simulate(world(campaign, moderation))


class Feeds:
    """What a person was shown hour by hour, noted without anything of the film's own code."""

    def __init__(self) -> None:
        self.seen: dict[tuple[int, int], list[tuple[int, ...]]] = {}

    def hour(self, world: World, shown: Shown, actions: Actions) -> None:
        posts, feeds, hour = world.platform.posts, shown.feeds, world.hour - world.clock.start
        for v, who in enumerate(feeds.visitors.tolist() if hour >= 0 else []):
            self.seen[who, hour] = []
            for i in range(int(feeds.offset[v]), int(feeds.offset[v] + feeds.length[v])):
                row = feeds.row[i]
                post = int(posts.author[row]), int(posts.hour[row]) - world.clock.start, int(posts.second[row])
                self.seen[who, hour].append((*post, int(feeds.lane[i]), int(shown.flags[i])))

    def moderated(self, world: World, decided: list[Request]) -> None:
        return


@pytest.mark.parametrize(("campaign", "moderation"), ARMS)
def test_filming_changes_nothing(campaign: str, moderation: str) -> None:
    assert filmed(campaign, moderation).run["digest"] == simulated(campaign, moderation).run["digest"]


@pytest.mark.parametrize(("campaign", "moderation"), ARMS)
def test_a_film_adds_up_to_the_row_of_its_run(campaign: str, moderation: str) -> None:
    film, run, scenario = (
        filmed(campaign, moderation).film,
        filmed(campaign, moderation).run,
        world(campaign, moderation),
    )
    focal = scenario.focal
    assert film["impressions"][:, focal].sum() == run["candidate_impressions"]
    assert film["impressions"].sum() == film["political"].sum() == run["political_impressions"]
    assert (
        film["everything"].sum()
        == simulated(campaign, moderation).series.query("measure == 'impressions_all'")["value"].sum()
    )
    assert film["reach"][-1, focal] == run["reach"]
    assert film["payment_cents"].sum() / 100 == pytest.approx(run["spent"], abs=1e-9)
    assert film["spent"][-1].sum() == pytest.approx(run["spent"], rel=1e-6)
    assert film["reviews"][-1] == run["reviews"]
    hit = film["decision_account"][film["decision_account"] >= 0]
    genuine = film["decision_account"][(film["decision_account"] >= 0) & (film["decision_genuine"] == 1)]
    assert len(np.unique(hit)) == run["accounts_actioned"]
    assert len(np.unique(genuine)) == run["genuine_accounts_actioned"]


def test_the_worlds_of_these_tests_have_what_is_counted() -> None:
    film = filmed("coordinated", "suspend_coordinated").film
    assert film["payment_cents"].sum() > 0
    assert len(film["decision_hour"]) > 0
    assert film["impressions"][:, 0].sum() > filmed("quiet", "none").film["impressions"][:, 0].sum()
    assert len(film["act_hour"]) > 0
    assert set(film["post_cause"].tolist()) == {0, 1, 2}
    assert film["post_cause"].sum() > filmed("quiet", "none").film["post_cause"].sum() == 0


@pytest.mark.parametrize(("campaign", "moderation"), ARMS)
def test_a_feed_is_what_another_observer_saw(campaign: str, moderation: str) -> None:
    film, scenario = filmed(campaign, moderation).film, world(campaign, moderation)
    other, model = Feeds(), CampaignModel(scenario)
    model.observer = Filming(model.observer, other)
    model.run_until(scenario.clock.end)
    noted = 0
    for person, account in enumerate(PEOPLE):
        own = slice(film["feed_start"][person], film["feed_start"][person + 1])
        for hour in range(48):
            at = np.flatnonzero(film["feed_hour"][own] == hour) + own.start
            row = film["feed_post"][at]
            lane = np.minimum(film["feed_why"][at], 3)
            columns = (
                film["post_author"][row],
                film["post_hour"][row],
                film["post_second"][row],
                lane,
                film["feed_flags"][at],
            )
            expected = other.seen.get((account, hour), [])
            assert list(zip(*(c.tolist() for c in columns), strict=True)) == expected
            noted += len(expected)
    assert noted > 100


def test_counters_are_those_at_the_end_of_each_hour_in_which_somebody_looked() -> None:
    scenario = world("coordinated")
    film, model = filmed("coordinated", "none").film, CampaignModel(scenario)
    known = zip(*(film[f"post_{name}"].tolist() for name in ("author", "hour", "second")), strict=True)
    number = {post: place for place, post in enumerate(known)}
    looked = {(int(h), int(p)) for h, p in zip(film["feed_hour"], film["feed_post"], strict=True)}
    election = set(np.flatnonzero(film["post_candidate"] >= 0).tolist())
    model.run_until(scenario.clock.start)
    checked = 0
    for hour in range(48):
        model.run_until(scenario.clock.start + hour + 1)
        posts = model.world.platform.posts
        for row in range(len(posts)):
            key = int(posts.author[row]), int(posts.hour[row]) - scenario.clock.start, int(posts.second[row])
            place = number.get(key, -1)
            if (hour, place) in looked or place in election:
                for name in ("views", "likes", "comments", "shares"):
                    own = slice(film["count_start"][place], film["count_start"][place + 1])
                    until = film["count_hour"][own] <= hour
                    assert film[f"count_{name}"][own][until].sum() == getattr(posts, name)[row]
                checked += 1
    assert checked > 500


def test_stages_of_the_candidates_posts_add_up_to_where_they_stand() -> None:
    film = filmed("coordinated", "none").film
    stages = film.about["stages"]
    mine = np.flatnonzero((film["post_candidate"] == 0) & (film["post_followers_only"] == 0))
    assert stages >= 2
    assert len(film.about["pools"]) == stages
    assert film.about["pools"] == sorted(film.about["pools"])
    for hour in (5, 20, 47):
        stand = np.zeros(stages + 2, dtype=int)
        for post in mine[film["post_hour"][mine] <= hour]:
            own = slice(film["stage_start"][post], film["stage_start"][post + 1])
            value = film["stage_value"][own][film["stage_hour"][own] <= hour][-1]
            stand[{-2: 0, -1: stages + 1}.get(int(value), int(value) + 1)] += 1
        assert stand.tolist() == film["stage_posts"][hour].tolist()
    assert film["stage_posts"][47].sum() > 0


def test_first_sights_add_up_to_reach() -> None:
    scenario = world("coordinated")
    model = CampaignModel(scenario)
    genuine = np.flatnonzero(model.world.truth.genuine)
    film = film_world(scenario, Wanted(nodes=genuine.tolist())).film
    for hour in (0, 10, 47):
        assert (film["saw_hour"] <= hour).sum() == film["reach"][hour, scenario.focal]
    assert (film["saw_hour"] == NEVER).any()
    assert set(film["saw_why"].tolist()) <= set(range(6))


def test_accounts_suspended_from_outside_are_sent_to_posts_no_more() -> None:
    before, hour = filmed("coordinated", "none").film, 20
    sent = np.unique(before["act_account"][before["act_elsewhere"] > 0]).tolist()
    film = film_world(world("coordinated"), Wanted(suspended={hour: sent})).film
    late = [
        (np.isin(f["act_account"], sent) & (f["act_elsewhere"] > 0) & (f["act_hour"] > hour)).sum()
        for f in (before, film)
    ]
    assert late[0] > 0 == late[1]
    assert film.about["policies"] == ["by_hand"]
    assert film["decision_account"].tolist() == sent
    assert set(film["decision_hour"].tolist()) == {hour}
    assert (film["impressions"][: hour + 1] == before["impressions"][: hour + 1]).all()
    assert (film["impressions"] != before["impressions"]).any()


def test_who_watches_may_stop_a_world() -> None:
    hours = list[int]()

    def look(model: CampaignModel) -> None:
        hours.append(model.world.hour)
        if len(hours) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        film_world(world("quiet"), None, look)
    assert hours == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(people=[3, 10**6]), "account: 1000000 given"), (Wanted(nodes=[-1]), "account: -1 given"),
        (Wanted(suspended={3: [10**6]}), "account: 1000000 given"), (Wanted(suspended={48: [3]}), "hour: 48 given, allowed 0 to 47"),
    ],
)  # fmt: skip
def test_accounts_and_hours_that_a_world_has_not_are_refused(wanted: Wanted, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        film_world(world("quiet"), wanted)


def test_feeds_of_everybody_are_those_of_a_film(tmp_path: Path) -> None:
    scenario = world("coordinated")
    whole = film_world(scenario, Wanted(people=PEOPLE, feeds=tmp_path / "feeds"))
    assert whole.run["digest"] == filmed("coordinated", "none").run["digest"]
    film = whole.film
    for person, account in enumerate(PEOPLE):
        one, own = (
            feed_of(tmp_path / "feeds", account),
            slice(film["feed_start"][person], film["feed_start"][person + 1]),
        )
        for name in ("hour", "why", "flags", "mark"):
            assert one[f"feed_{name}"].tolist() == film[f"feed_{name}"][own].tolist()
        for name in ("author", "hour", "second", "candidate", "hashtag", "topic", "cause", "supports", "disclosed"):
            assert (one[f"post_{name}"][one["feed_post"]] == film[f"post_{name}"][film["feed_post"][own]]).all()
    assert not list((tmp_path / "feeds").glob("*.parts"))


def test_feeds_of_everybody_hold_all_that_people_were_shown(tmp_path: Path) -> None:
    film = film_world(world("coordinated"), Wanted(feeds=tmp_path / "feeds")).film
    start = np.load(tmp_path / "feeds" / "feed_start.npy")
    assert start[-1] == film["everything"].sum()
    one = feed_of(tmp_path / "feeds", int(np.diff(start).argmax()))
    counts = defaultdict(int)
    for post in range(len(one["post_author"])):
        counts[post] = int(one["count_views"][one["count_start"][post] : one["count_start"][post + 1]].sum())
    assert min(counts[post] for post in one["feed_post"].tolist()) >= 1


@pytest.mark.parametrize("recommender", ["chronological", "mix", "collaborative", "interest"])
def test_any_recommender_can_be_filmed(recommender: str) -> None:
    scenario = small_scenario(recommender=recommender, users=200, days=1)
    found = film_world(scenario, Wanted(people=people_of(CampaignModel(scenario))[:20].tolist()))
    assert found.run["digest"] == simulate(scenario).run["digest"]
    assert found.film["feed_start"][-1] == len(found.film["feed_post"]) > 0
    assert set(found.film["feed_why"].tolist()) <= set(range(5))


def test_alike_is_what_a_person_is_believed_to_like() -> None:
    one = np.array([[1, 0], [10, 0], [1000, 0], [-1, 0], [0, 0], [1, 0]])
    other = np.array([[5, 0], [3, 9], [314, 1000], [5, 0], [1, 1], [0, 1]])
    assert are_alike(one, other).tolist() == [True, True, False, False, False, False]
    assert are_alike(one[2:3], np.array([[315, 1000]])).tolist() == [True]  # a cosine of 0.3004
    film = filmed("coordinated", "none").film
    assert {3, 4} <= set(film["feed_why"].tolist())


def test_marks_say_whom_comments_name() -> None:
    film = film_world(world("coordinated"), Wanted(people=range(300))).film
    named = film["feed_mark"] >> 2
    assert ((film["feed_mark"] & 2) > 0).tolist() == (named > 0).tolist()
    assert named.any()
    carried = (film["feed_flags"] & CARRIED) > 0
    own = film["post_candidate"][film["feed_post"]] >= 0
    assert (carried[~own] <= (named[~own] > 0)).all()


def test_who_looks_around_sees_what_a_film_counts() -> None:
    scenario = world("coordinated")
    scouted, film = scout(scenario), film_world(scenario, Wanted(people=range(300))).film
    genuine = scouted.cast["kind"] < 2
    assert scouted.seen[genuine].sum() == film["impressions"][:, scenario.focal].sum()
    assert scouted.shown[genuine].sum() == film["everything"].sum()
    assert scouted.shown[:300].tolist() == np.diff(film["feed_start"].astype(int)).tolist()
    assert film["reach"][-1].max() <= scouted.ever.sum()
    assert scouted.cast["returner"].any()
    assert scouted.cast["fan"].any()
    old = scouted.cast["registered"] < 0
    assert (scouted.cast["last_active"][old] < 0).all()
    assert (scouted.cast["last_active"][~old] == scouted.cast["registered"][~old]).all()  # of whom is still to come


def test_the_cast_is_the_same_in_every_arm() -> None:
    one, other = scout(world("quiet")), scout(dataclasses.replace(world("coordinated", "suspend_coordinated")))
    for name, column in one.cast.columns.items():
        assert (column == other.cast[name]).all()
    assert (one.follows == other.follows).all()
