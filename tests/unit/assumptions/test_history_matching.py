"""What is not ruled out, by simulators whose true setting is known."""

from collections.abc import Callable, Mapping, Sequence
from math import gamma, pi

import numpy as np
import pytest
from scipy import stats

from analysis.assumptions.gaussian_process import Emulator, emulate
from analysis.assumptions.history_matching import (
    CUT,
    Design,
    Member,
    Setting,
    Simulate,
    Statistics,
    Target,
    centre,
    judged,
    match,
    members,
    parameter,
    seeds_needed,
    setting_of,
    spread_out,
)
from analysis.assumptions.level_sets import level_set

THREE = tuple(parameter(key, 0.0, 1.0) for key in "abc")
TOLERANCE = 0.1
Form = Callable[[Setting], dict[str, float]]


def smooth(s: Setting) -> dict[str, float]:
    return {
        "x": np.sin(2 * s["a"]) + s["b"] ** 2,
        "y": s["b"] - 0.5 * s["c"] + 0.3 * s["a"] * s["c"],
        "z": np.exp(-s["a"]) + 0.5 * s["c"],
    }


def rough(s: Setting) -> dict[str, float]:
    return {
        "x": np.sin(9 * s["a"]) + s["b"] ** 2,
        "y": s["b"] - 0.5 * np.cos(8 * s["c"]) + 0.3 * s["a"] * s["c"],
        "z": abs(s["a"] - 0.5) + 0.5 * np.sin(10 * s["b"] * s["c"]),
    }


def luck_alone(_: Setting) -> dict[str, float]:
    return {"x": 0.0, "y": 0.0, "z": 0.0}


def simulator(form: Form, luck: float) -> Simulate:
    """Statistics of a form with Gaussian luck of that standard deviation."""

    def simulate(tasks: Sequence[tuple[Setting, int]]) -> list[Statistics]:
        return [
            {name: value + luck * np.random.default_rng([seed, n]).normal() for n, (name, value) in enumerate(form(s).items())}
            for s, seed in tasks
        ]  # fmt: skip

    return simulate


def observed(values: Mapping[str, float]) -> dict[str, Target]:
    return {name: Target(value, TOLERANCE) for name, value in values.items()}


def study(number: int, form: Form, luck: float, points: int, waves: int = 1) -> tuple[float, float, float]:
    """One study: implausibility of the true setting, the share of the ranges that is left, and implausibility by a perfect emulator."""
    rng = np.random.default_rng([number, 1])
    true = {key: rng.random() for key in "abc"}
    seen = {name: v + rng.normal() * TOLERANCE / CUT + luck * rng.normal() for name, v in form(true).items()}
    found = match(THREE, observed(seen), simulator(form, luck), Design(waves, points, first_seed=1 + 1000 * number))
    perfect = max(abs(seen[name] - value) for name, value in form(true).items()) / np.hypot(TOLERANCE / CUT, luck)
    return found.implausibility(true), found.left, perfect


@pytest.mark.parametrize(("form", "luck", "points", "left"), [(smooth, 0.05, 20, 0.3), (rough, 0.02, 12, 1.0)])
def test_the_truth_is_kept_and_the_set_is_small(form: Form, luck: float, points: int, left: float) -> None:
    found = np.array([study(number, form, luck, points) for number in range(8)])
    assert (found[:, 0] <= CUT).all()
    assert 0 < found[:, 1].mean() < left


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "luck", "points"), [(smooth, 0.05, 20), (rough, 0.02, 12), (luck_alone, 0.1, 15)], ids=["smooth", "rough", "luck"]
)  # fmt: skip
def test_of_a_hundred_studies_nearly_all_keep_the_truth(form: Form, luck: float, points: int) -> None:
    """What a perfect emulator would rule out, observations that lie three standard deviations off by themselves, is no fault.

    98% or more are meant to be kept; a hundred studies cannot tell 98 from 97%, and fail where so few would be seen once in twenty times.
    """
    found = np.array([study(number, form, luck, points) for number in range(100)])
    kept, could_be_kept = found[:, 0] <= CUT, found[:, 2] <= CUT
    assert stats.binom.cdf(kept[could_be_kept].sum(), could_be_kept.sum(), 0.98) >= 0.05
    assert kept.sum() >= could_be_kept.sum() - 2


def test_what_is_only_luck_rules_nothing_out() -> None:
    targets = {name: Target(0.15, TOLERANCE) for name in "xyz"}  # a realisation as far off as one in seven is
    found = match(THREE, targets, simulator(luck_alone, 0.1), Design(2, 20))
    assert found.left > 0.95
    assert all(abs(emulator.explained) < 0.5 for emulator in found.judge.waves[0].emulators.values())


def test_a_statistic_that_nothing_moves_is_emulated_without_an_error() -> None:
    found = emulate(np.random.default_rng(0).random((10, 3)), np.full(10, 0.5), np.zeros(10))
    mean, variance = found.predict(np.zeros((2, 3)))
    assert mean.tolist() == [0.5, 0.5]
    assert variance.tolist() == [0.0, 0.0]


def test_another_form_is_ruled_out_and_the_statistic_is_named() -> None:
    seen = observed({"x": 0.5, "y": 0.2, "z": 3.0})  # z is at most 1.5 here
    found = match(THREE, seen, simulator(smooth, 0.02), Design(3, 20))
    assert found.reason == "nothing is left"
    assert found.settings == []
    assert found.left == 0
    assert found.lowest > CUT
    assert found.excluded.alone == ("z",)
    assert members(found, simulator(smooth, 0.02), 4, 1) == ([], [])


def test_two_statistics_that_exclude_each_other_are_named() -> None:
    def torn(s: Setting) -> dict[str, float]:
        return {"up": s["a"] + 0.2 * s["b"], "down": 1 - s["a"] + 0.2 * s["c"], "free": s["b"] * s["c"]}

    found = match(THREE, observed({"up": 0.7, "down": 0.5, "free": 0.2}), simulator(torn, 0.01), Design(1, 20))
    assert found.reason != "nothing is left"
    assert found.excluded.pairs == ()
    found = match(THREE, observed({"up": 1.1, "down": 1.1, "free": 0.3}), simulator(torn, 0.01), Design(2, 20))
    assert found.reason == "nothing is left"
    assert found.excluded.alone == ()
    assert found.excluded.pairs == (("up", "down"),)


def test_a_setting_may_miss_a_statistic_where_that_is_asked_for() -> None:
    seen = observed({**smooth({"a": 0.4, "b": 0.6, "c": 0.3}), "z": 3.0})
    strict, lenient = (match(THREE, seen, simulator(smooth, 0.02), Design(2, 20, misses=n)) for n in (0, 1))
    assert strict.left == 0 < lenient.left
    assert lenient.implausibility({"a": 0.4, "b": 0.6, "c": 0.3}) <= CUT


def test_emulators_say_how_far_they_may_be_off() -> None:
    """Of points that no emulator has seen, standardised errors are about one: neither boast nor modesty."""
    errors, explained = [], []
    for number in range(6):
        rng = np.random.default_rng(number)
        points, fresh = rng.random((25, 3)), rng.random((200, 3))
        values = np.array([rough(dict(zip("abc", p, strict=True)))["x"] for p in points])
        found = emulate(points, values + 0.02 * rng.normal(size=25), np.full(25, 0.02**2))
        mean, variance = found.predict(fresh)
        truth = np.array([rough(dict(zip("abc", p, strict=True)))["x"] for p in fresh])
        errors.append(np.mean((mean - truth) ** 2 / variance))
        explained.append((found.explained, 1 - np.mean((mean - truth) ** 2) / truth.var()))
    assert 0.2 < np.mean(errors) < 1.2
    said, real = np.mean(explained, axis=0)
    assert abs(said - real) < 0.15


def test_an_emulator_that_was_too_sure_is_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.assumptions import gaussian_process

    points, values = np.random.default_rng(0).random((20, 3)), np.random.default_rng(1).normal(size=20)
    monkeypatch.setattr(gaussian_process, "_kept_out", lambda *_: (np.full(20, 3.0), np.full(20, 1e-4)))
    found: Emulator = emulate(points, values, np.full(20, 1e-6))
    assert found.residual > 100
    assert found.few == pytest.approx(1.34, abs=0.01)
    assert found.added == pytest.approx(
        np.mean((3.0 - (values - values.mean()) / values.std()) ** 2) * values.var(), rel=0.01
    )


def test_a_level_set_is_drawn_evenly_however_small_it_is() -> None:
    """A ball that has a part in 14,000 of the cube: volume, radius and middle are those of the formula."""
    radius, dimensions = 0.25, 9

    def distance(points: np.ndarray) -> np.ndarray:
        return np.linalg.norm(points - 0.5, axis=1)

    found = level_set(distance, dimensions, radius, 400, np.random.default_rng(0))
    assert len(found.points) == 400
    volume = pi ** (dimensions / 2) / gamma(dimensions / 2 + 1) * radius**dimensions
    assert 1 / 1.5 < found.share / volume < 1.5
    assert np.mean((distance(found.points) / radius) ** dimensions) == pytest.approx(0.5, abs=0.06)
    assert np.abs(found.points.mean(axis=0) - 0.5).max() < 0.03
    assert len(level_set(lambda p: 1 + distance(p), dimensions, 0.5, 10, np.random.default_rng(0)).points) == 0


def test_places_and_values_of_parameters_are_inverse_and_logarithmic_over_a_decade() -> None:
    plain, wide = parameter("p", -2.0, 2.0), parameter("w", 1.0, 100.0)
    assert not plain.logarithmic
    assert wide.logarithmic
    assert setting_of((plain, wide), np.array([0.25, 0.5])) == {"p": -1.0, "w": 10.0}
    said = setting_of((plain, wide), np.array([0.3, 0.3]))
    assert [p.place(said[p.key]) for p in (plain, wide)] == pytest.approx([0.3, 0.3], abs=1e-3)


def test_every_run_has_a_seed_of_its_own_and_a_study_can_be_repeated() -> None:
    asked: list[int] = []

    def noted(tasks: Sequence[tuple[Setting, int]]) -> Sequence[Statistics]:
        asked.extend(seed for _, seed in tasks)
        return simulator(smooth, 0.05)(tasks)

    seen = observed(smooth({"a": 0.4, "b": 0.6, "c": 0.3}))
    first = match(THREE, seen, noted, Design(2, 12))
    kept, out = members(first, noted, 6, 2)
    assert len(asked) == len(set(asked)) == first.runs + 2 * (len(kept) + len(out))
    again = match(THREE, seen, simulator(smooth, 0.05), Design(2, 12))
    assert again.settings == first.settings


def test_members_hold_by_their_own_statistics() -> None:
    seen = observed(smooth({"a": 0.4, "b": 0.6, "c": 0.3}))
    found = match(THREE, seen, simulator(smooth, 0.02), Design(2, 20))
    kept, out = members(found, simulator(smooth, 0.02), 10, 2)
    assert len(kept) == 10
    assert all(member.implausibility <= CUT < other.implausibility for member in kept for other in out or [])
    for member in kept:
        assert all(abs(member.statistics[name] - target.value) < 3 * TOLERANCE for name, target in seen.items())
    liar = members(found, simulator(lambda s: {**smooth(s), "x": 9.0}, 0.02), 4, 2)
    assert liar[0] == []
    assert {member.worst for member in liar[1]} == {"x"}
    assert len(liar[1]) == 8  # twice as many as were wanted, and no more


def test_a_member_is_judged_by_means_with_what_luck_leaves_open() -> None:
    target = {"x": Target(1.0, 0.3)}
    member = judged({"a": 0.0}, [{"x": 1.2}, {"x": 1.4}], [7, 8], target, {"x": 0.02}, 0)
    assert member.statistics == {"x": pytest.approx(1.3)}
    assert member.implausibility == pytest.approx(0.3 / np.sqrt(0.01 + 0.02 + 0.01))
    assert seeds_needed(target, {"x": 0.035}) == {"x": 4}
    assert Target(0.0, 0.3, 0.2).variance == pytest.approx(0.05)


def test_the_centre_is_a_member_in_the_middle() -> None:
    found = [
        Member({"a": a, "b": 0.5, "c": c}, {}, 0.0, "x", ()) for a, c in ((0, 0), (0, 1), (1, 0), (1, 1), (0.6, 0.5))
    ]
    assert centre(found, THREE) is found[4]
    with pytest.raises(ValueError, match="no members"):
        centre([], THREE)


def test_a_design_inside_a_set_is_spread_out() -> None:
    points = np.vstack([np.zeros((50, 2)), [[1, 1], [1, 0], [0, 1]]])
    assert {tuple(p) for p in spread_out(points, 4)} == {(0, 0), (1, 1), (1, 0), (0, 1)}
    with pytest.raises(ValueError, match="6 or more"):
        Design(1, 4)
