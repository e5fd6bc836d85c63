"""The desk that keeps files: its delays, hands, strikes and appeals, on requests with known answers."""

import dataclasses

import numpy as np
import pytest

from sim.moderation.base import Suspicion
from sim.moderation.case_desk import CaseDesk
from sim.numbers.luck import Chance, Decision
from sim.world.actions import Request

ALL_BY_HAND = CaseDesk(0.0, 0.0, 0.0, 0.0, 1e9, 1.0, 0, 0.0, 0.0)


class Verdicts:
    """A reviewer who confirms what is in a set; an appeal is heard by one who confirms what is in another."""

    def __init__(self, first=(), second=()) -> None:
        self.sets = (set(first), set(second))

    def violates(self, account, review=0):
        return account in self.sets[review]

    def faulty(self, post, review=0):
        return post in self.sets[review]


def run(desk: CaseDesk, arriving: dict[int, list[Request]], evidence, hours: int, users: int = 100_000):
    """What is decided in each hour, and the desk's books."""
    suspicion, decided = Suspicion(notes={"users": users}), {}
    for now in range(hours):
        chance = Chance(5, Decision.REVIEW, now)
        done = desk.process(arriving.get(now, []), suspicion, evidence, now, chance)
        if done:
            decided[now] = done
    return decided, suspicion


def posts(action: str, numbers, author: int = 9) -> list[Request]:
    return [Request("p", action, post=number, key=1000 + number, author=author) for number in numbers]


def test_reviewer_confirms_or_drops_and_a_closed_case_stays_closed() -> None:
    flags = [*posts("remove", [1, 2]), Request("p", "suspend", account=4), Request("p", "suspend", account=5)]
    decided, suspicion = run(ALL_BY_HAND, {0: flags, 3: flags}, Verdicts({1, 4}), 6)
    assert {now: [(r.action, r.account, r.post) for r in done] for now, done in decided.items()} == {
        0: [("remove", -1, 1), ("suspend", 4, -1)]
    }
    assert suspicion.reviews == 4
    assert suspicion.queue == []


def test_delays_are_log_normal_around_their_median() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, delay_median=5.0, delay_spread=1.0)
    decided, _ = run(desk, {0: posts("remove", range(2000))}, Verdicts(range(2000)), 400)
    hours = np.repeat(list(decided), [len(done) for done in decided.values()])
    assert len(hours) == 2000
    assert np.median(hours) == pytest.approx(5, abs=1)
    assert (hours <= 24).mean() == pytest.approx(0.94, abs=0.02)


def test_accounts_wait_for_a_time_of_their_own() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, account_delay_median=30.0)
    flags = [*posts("remove", [1]), Request("p", "suspend", account=1)]
    decided, _ = run(desk, {0: flags}, Verdicts({1}), 40)
    assert {now: [r.action for r in done] for now, done in decided.items()} == {0: ["remove"], 30: ["suspend"]}


def test_a_day_has_a_day_s_reviews_spread_over_its_hours_and_none_are_saved() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, capacity=48.0)
    decided, suspicion = run(desk, {26: posts("remove", range(200))}, Verdicts(range(200)), 96)
    by_hour = {now: len(done) for now, done in decided.items()}
    days = [sum(count for now, count in by_hour.items() if now // 24 == day) for day in range(4)]
    assert days == [0, 48, 48, 48]
    assert max(count for now, count in by_hour.items() if now > 26) == 2
    assert suspicion.reviews == 144
    small, _ = run(desk, {0: posts("remove", range(200))}, Verdicts(range(200)), 24 * 40, users=1000)
    assert sum(map(len, small.values())) == pytest.approx(0.48 * 40, abs=9)  # a fraction of a review a day


def test_what_is_not_reviewed_is_carried_out_as_flagged() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, reviewed=0.25, capacity=1e9)
    decided, suspicion = run(desk, {0: posts("limit", range(1000))}, Verdicts(), 2)
    assert len(decided[0]) + suspicion.reviews == 1000
    assert suspicion.reviews == pytest.approx(250, abs=50)


def test_held_posts_all_see_a_person() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, reviewed=0.0)
    decided, suspicion = run(desk, {0: posts("hold", [1, 2])}, Verdicts({2}), 2)
    assert sorted((r.post, r.action) for r in decided[0]) == [(1, "release"), (2, "remove")]
    assert suspicion.reviews == 2


def test_strikes_suspend_an_author_once() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, strikes=3)
    arriving = {
        0: posts("remove", [1, 2]),
        2: posts("label", [3]),
        4: posts("limit", [4, 5]),
        6: posts("remove", [6], 8),
    }
    decided, _ = run(desk, arriving, Verdicts(range(9)), 9)
    suspended = [(now, r.account) for now, done in decided.items() for r in done if r.action == "suspend"]
    assert suspended == [(4, 9)]


def test_appeals_restore_where_a_second_reviewer_disagrees_and_take_back_strikes() -> None:
    desk = dataclasses.replace(ALL_BY_HAND, strikes=2, appealed=1.0, appeal_delay=5.0)
    arriving = {0: [*posts("remove", [1]), Request("p", "suspend", account=4), Request("p", "suspend", account=5)],
                20: posts("remove", [2])}  # fmt: skip
    decided, suspicion = run(desk, arriving, Verdicts({1, 2, 4, 5}, {2, 5}), 40)
    assert [(r.action, r.account, r.post) for r in decided[6]] == [("restore", -1, 1), ("restore", 4, -1)]
    assert not any(r.action == "suspend" for r in decided[20])  # the first strike was taken back
    assert suspicion.appeals == 4
    assert suspicion.reviews == 8
    half, suspicion = run(
        dataclasses.replace(desk, appealed=0.5), {0: posts("remove", range(400))}, Verdicts(range(400)), 9
    )
    assert suspicion.appeals == pytest.approx(200, abs=40)
    assert len([r for r in half[6] if r.action == "restore"]) == suspicion.appeals
