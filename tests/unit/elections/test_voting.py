"""Votes against examples worked by hand, and what holds however extreme the settings are."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.elections.base import Exposure
from sim.elections.two_rounds import TwoRounds
from sim.elections.voters import Voters
from sim.elections.voting import coming, first_two, run_off, shifted, struck
from sim.runs.face import load_scenario

LABELS = tuple("ABCDEFGHIJK")
LAST_DAY = date(2024, 11, 23)


def rules(*words: str) -> TwoRounds:
    """A shipped election, two_rounds unless another is named, with some words."""
    named = () if any(word.startswith("election=") for word in words) else ("election=two_rounds",)
    return load_scenario(["scenario=classroom", *named, *words]).election


def table(*rows: list[float]) -> np.ndarray:
    return np.array(rows)


def test_others_give_and_take_in_proportion() -> None:
    """A gains 10 points of 100. B and C had 60 and 20 of the 80 that are not A's: 70 are left, of which B gets three quarters."""
    found = shifted(table([0.2, 0.6, 0.2]), (0,), table([0.1]))
    np.testing.assert_allclose(found, [[0.3, 0.525, 0.175]])
    # A has 20 points to lose and no more; the others then share 100 as 3 to 1.
    np.testing.assert_allclose(shifted(table([0.2, 0.6, 0.2]), (0,), table([-0.5])), [[0.0, 0.75, 0.25]])
    # Two who together would have 150 points have two thirds of that, and nobody else anything.
    np.testing.assert_allclose(shifted(table([0.2, 0.6, 0.2]), (0, 1), table([0.3, 0.4])), [[1 / 3, 2 / 3, 0.0]])


def test_supporters_who_come_more_often() -> None:
    """Of 100 votes A has 20. Half as many again come: 30 of 110."""
    shares, votes = coming(table([0.2, 0.8]), (0,), table([0.5]))
    np.testing.assert_allclose(shares, [[30 / 110, 80 / 110]])
    np.testing.assert_allclose(votes, [1.1])


def test_run_off_by_hand() -> None:
    """1,000 may vote, 500 do: A 200, B 150, C 100, D 50. A and B are in the run-off.

    C and D are out: of their 150 voters a fifth stays at home, 120 choose. C's 80 like A and B alike: 40 each. D's 40 like B by a logit
    of ln 3 more: 30 to B, 10 to A. Of the 500 who have not voted a tenth comes, 50, and likes A by ln 4 more: 40 to A, 10 to B.
    A: 200 + 40 + 10 + 40 = 290; B: 150 + 40 + 30 + 10 = 230. A has 290 of 520, and 52% of all have come.
    """
    shares, turnout = table([0.4, 0.3, 0.2, 0.1]), np.array([0.5])
    finalists = first_two(shares)
    assert finalists.tolist() == [[0, 1]]
    liking = np.zeros((1, 5, 4))
    liking[0, 2, :2] = 0.7, 0.7
    liking[0, 3, :2] = 0.0, np.log(3)
    liking[0, 4, :2] = np.log(4), 0.0
    liking[0, :2] = 9.0  # of those who are in it, nobody moves
    leading, votes = run_off(shares, turnout, finalists, liking, stay=0.2, come=0.1)
    np.testing.assert_allclose(leading, [290 / 520])
    np.testing.assert_allclose(votes, [0.52])
    again, _ = run_off(shares, turnout, finalists[:, ::-1], liking, stay=0.2, come=0.1)
    np.testing.assert_allclose(again, [230 / 520])


def test_a_candidate_who_may_not_stand() -> None:
    """A's 40 of 100 are out; a quarter stays at home, so that 90 are left: B and C share them as 2 to 1."""
    shares, left = struck(table([0.4, 0.4, 0.2]), 0, 0.25)
    np.testing.assert_allclose(shares, [[0.0, 2 / 3, 1 / 3]])
    np.testing.assert_allclose(left, [0.9])
    assert first_two(table([0.0, 1.0, 0.0]), out=0).tolist() == [[1, 2]]  # not A, who stands first on the list


def voters(known: list[list[float]], seen: list[list[float]], slope: float = 0.1, persuasion: float = 0.02) -> Voters:
    """One draw: A has 10% of the votes, B 60%, C 30%; half of all voters use the platform."""
    exposure = Exposure(np.array(known), {1: np.array([0.4])}, np.array(seen))
    nothing = np.zeros(1)
    return Voters(table([0.1, 0.6, 0.3]), (0,), table([persuasion]), table([slope]), np.array([0.5]), nothing, table([0.0]), exposure,
                  users=0.5, poll_weight=0.25, memory=2)  # fmt: skip


def test_support_by_hand() -> None:
    """On day 2 the half of voters who use the platform know A as far as .8: 40% of all voters can be moved.

    Of the last two days' 400 political impressions A had 200, half of them: .4 more than A's .1. Polls of days 0 and 1 said .14 and .18,
    in the mean .06 more; that of day 2 is not known yet. Lead: .25 x .06 + .75 x .4 = .315. Votes move by .4 x (.02 + .1 x .315) = .0206.
    """
    own = voters([[0.1], [0.5], [0.8]], [[500.0, 0.0, 0.0], [50.0, 100.0, 50.0], [150.0, 50.0, 0.0]])
    polls = [(day, table([said, 1 - said, 0.0])) for day, said in ((0, 0.14), (1, 0.18), (2, 0.9))]
    np.testing.assert_allclose(own.lead(2, polls), [[0.315]])
    gain = 0.4 * (0.02 + 0.1 * 0.315)
    np.testing.assert_allclose(own.support(2, polls), [[0.1 + gain, 0.6 - gain * 2 / 3, 0.3 - gain / 3]])
    # The day after the last: .4 are known, the poll of day 1 and that of day 2 count, and of what was shown day 2 alone.
    lead = 0.25 * (0.54 - 0.1) + 0.75 * (0.75 - 0.1)
    np.testing.assert_allclose(own.support(3, polls)[0, 0], 0.1 + 0.2 * (0.02 + 0.1 * lead))
    # Before the first day nobody knows anybody.
    np.testing.assert_allclose(own.support(-3, polls), own.base)


def test_turnout_by_hand() -> None:
    """Half of the voters use the platform, .8 of them know A: .4. All come more often by .4 x .05 = .02: 52 of 100.

    A's own 10 come more often still, by .4 x .13 = .052, a tenth of .52: 11 of 101 votes, and 52 x 1.01 of 100 vote.
    """
    own = replace(
        voters([[0.8]], [[0.0, 0.0, 0.0]], slope=0.0, persuasion=0.0),
        turnout_effect=np.array([0.05]), differential=table([0.13]),
    )  # fmt: skip
    shares, turnout = own.votes(0, ())
    np.testing.assert_allclose(shares, [[11 / 101, 60 / 101, 30 / 101]])
    np.testing.assert_allclose(turnout, [0.52 * 1.01])


def nobody_has_seen(days: int = 3) -> Exposure:
    return Exposure(np.zeros((days, 1)), {k: np.zeros(1) for k in range(500)}, np.zeros((days, 11)))


def everybody_has_seen(days: int = 3, shown: float = 1.0) -> Exposure:
    """All know A, and all political impressions are A's, or shown says how many."""
    seen = np.tile(np.array([shown, *[1.0 - shown] * 10]), (days, 1))
    return Exposure(np.ones((days, 1)), {k: np.ones(1) for k in range(500)}, seen)


def test_an_annulment_makes_the_run_off_void_and_the_vote_is_held_again() -> None:
    words = [
        "election=two_rounds_annulled",
        "election.base_spread=0",
        "election.little_known_spread=0",
        "election.turnout_spread=0",
    ]
    held = rules(*words, "election.draws=3").hold(5, LABELS, "A", LAST_DAY, nobody_has_seen(), True)
    assert held.vote.leading is None
    np.testing.assert_allclose(held.vote.first[0, :3], [0.03, 0.26, 0.21])
    assert held.rerun is not None
    # A's 3 of 100 are out: B has 26 of 97. Of 52 who come, 35% of A's 1.56 stay at home: 51.454.
    np.testing.assert_allclose(held.rerun.first[0, :3], [0.0, 26 / 97, 21 / 97])
    np.testing.assert_allclose(held.rerun.turnout, 0.52 * (1 - 0.35 * 0.03))
    assert (held.elected == held.rerun.elected()).all()
    assert set(held.elected) <= {1, 2}
    later = rules(*words, "election.annulled=2024-12-09").hold(5, LABELS, "A", LAST_DAY, nobody_has_seen(), True)
    assert later.vote.leading is not None  # the run-off was held the day before, and counts for nothing
    assert (later.elected == later.rerun.elected()).all()  # type: ignore[union-attr]
    void = rules(*words[1:], "election.annulled=2024-12-06").hold(5, LABELS, "A", LAST_DAY, nobody_has_seen(), True)
    assert (void.elected == -1).all()


def test_the_same_run_off_whoever_stands_again() -> None:
    """With the candidate the re-run is a vote as the first; without exposure both have the same shares."""
    again = rules("election=two_rounds_annulled", "election.rerun_with_candidate=true")
    held = again.hold(5, LABELS, "A", LAST_DAY, nobody_has_seen(), True)
    assert held.rerun is not None
    assert np.array_equal(held.rerun.first, held.vote.first)


def test_luck_of_a_draw_hangs_on_seed_and_draw_alone() -> None:
    """More draws leave the first as they were; another seed does not."""
    few, many = (
        rules(f"election.draws={n}").hold(5, LABELS, "A", LAST_DAY, everybody_has_seen(), True) for n in (20, 50)
    )
    other = rules("election.draws=20").hold(6, LABELS, "A", LAST_DAY, everybody_has_seen(), True)
    assert np.array_equal(few.vote.first, many.vote.first[:20])
    assert np.array_equal(few.polls, many.polls[:, :20])
    assert not np.array_equal(few.vote.first, other.vote.first)


def test_exposure_moves_nobody_without_persuasion_and_viability() -> None:
    """Bit for bit, every candidate and poll, by the settings or by asking for it; with them it moves somebody."""
    off = [
        f"election.{name}=0" for name in ("persuasion", "viability_slope", "viability_spread", "turnout_differential")
    ]
    for words, moved in ((off, True), ([], False)):
        one, other = (
            rules(*words).hold(5, LABELS, "A", LAST_DAY, exposure, moved)
            for exposure in (nobody_has_seen(), everybody_has_seen())
        )
        assert np.array_equal(one.vote.first, other.vote.first)
        assert np.array_equal(one.polls, other.polls)
        assert np.array_equal(one.vote.finalists, other.vote.finalists)
    one, other = (rules().hold(5, LABELS, "A", LAST_DAY, e, True) for e in (nobody_has_seen(), everybody_has_seen()))
    assert not np.array_equal(one.vote.first[:, 0], other.vote.first[:, 0])
    assert np.array_equal(one.base, other.base)


def test_persuasion_is_around_nothing_and_viability_is_not() -> None:
    """Persuasion alone helps and harms alike; a slope on the lead helps who is shown more than has votes, and never below 0."""
    no_turnout = ["election.turnout_differential=0", "election.draws=2000"]
    alone = rules("election.viability_slope=0", "election.viability_spread=0", *no_turnout)
    gained = [
        h.vote.first[:, 0]
        for h in (alone.hold(5, LABELS, "A", LAST_DAY, e, True) for e in (everybody_has_seen(), nobody_has_seen()))
    ]
    effect = gained[0] - gained[1]
    assert abs(effect.mean()) < 3 * effect.std() / 2000**0.5
    assert effect.std() == pytest.approx(
        0.5 * 0.007, rel=0.1
    )  # of half of all voters; some have less to lose than that
    viable = rules("election.persuasion=0", "election.poll_weight=0", *no_turnout)
    gained = [
        h.vote.first[:, 0]
        for h in (viable.hold(5, LABELS, "A", LAST_DAY, e, True) for e in (everybody_has_seen(), nobody_has_seen()))
    ]
    effect = gained[0] - gained[1]
    assert effect.min() == 0.0
    assert (effect == 0).mean() == pytest.approx(0.0766, abs=0.02)  # normal, mean .10, sd .07: below 0 in 7.7% of draws
    assert effect.mean() == pytest.approx(0.5 * 0.1024 * 0.96, rel=0.05)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.0, 0.03, 0.5, 1.0]),
    numbers=st.fixed_dictionaries({
        name: st.sampled_from([0.0, 0.3, 1.0])
        for name in ("persuasion", "viability_slope", "viability_spread", "users", "poll_weight", "turnout", "turnout_effect",
                     "turnout_differential", "stay_home", "abstainers_come", "coverage_error", "house_effect")
    }),
    spreads=st.sampled_from([0.0, 0.8, 3.0]),
    with_candidate=st.booleans(),
    shown=st.sampled_from([0.0, 0.1, 1.0]),
)  # fmt: skip
def test_shares_are_shares_at_any_setting(
    seed: int, share: float, numbers: dict[str, float], spreads: float, with_candidate: bool, shown: float
) -> None:
    """In [0, 1], adding up to 1 over candidates; turnout too; finalists are two; polls are shares."""
    base = {label: share if label == "A" else (1 - share) / 10 for label in LABELS}
    plain = replace(
        rules("election=two_rounds_annulled"), draws=7, base_shares=base, base_spread=spreads, little_known_spread=spreads,
        transfer_spread=10.0, rerun_with_candidate=with_candidate, **numbers,
    )  # fmt: skip
    held = plain.hold(seed, LABELS, "A", LAST_DAY, everybody_has_seen(shown=shown), True)
    assert held.rerun is not None
    for rounds in (held.vote, held.rerun):
        assert ((rounds.first >= 0) & (rounds.first <= 1)).all()
        np.testing.assert_allclose(rounds.first.sum(axis=1), 1.0, rtol=1e-12)
        assert ((rounds.turnout >= 0) & (rounds.turnout <= 1)).all()
        assert (rounds.finalists[:, 0] != rounds.finalists[:, 1]).all()
    assert held.rerun.leading is not None
    assert held.rerun.run_off_turnout is not None
    assert ((held.rerun.leading >= 0) & (held.rerun.leading <= 1)).all()
    assert ((held.rerun.run_off_turnout >= 0) & (held.rerun.run_off_turnout <= 1 + 1e-12)).all()
    assert with_candidate or (held.rerun.first[:, 0] == 0).all()
    assert with_candidate or (held.rerun.finalists != 0).all()
    assert ((held.polls >= 0) & (held.polls <= 1)).all()
