"""Boxes in which a statement holds: on data whose box is known, on data that has none, and as they read."""

import numpy as np
import pytest
from scipy.stats import qmc

from analysis.estimates import emulator
from analysis.estimates.discovery import Bools, Box, Restriction, discover, inside_of
from analysis.estimates.emulator import Floats
from analysis.estimates.factors import Factor
from analysis.estimates.sensitivity import sensitivity
from analysis.report.sensitivity import leading, shares_figure, what_matters_section

FACTORS = [
    *(Factor(f"audience.number_{k}", 0.0, 10.0) for k in range(2)),
    Factor("campaign.awake_days", 0.0, 10.0),
    Factor("campaign.way", options=("link", "feed")),
    Factor("audience.<b>", 1.0, 10_000.0, logarithmic=True),
]
KNOWN = {"campaign.awake_days": ("days awake before", "days"), "campaign.way": ("way by which accounts come", "")}


def members(n: int, d: int, seed: int) -> Floats:
    """Column 3 is an option."""
    design = np.asarray(qmc.LatinHypercube(d, rng=np.random.default_rng([seed, n])).random(n))
    design[:, 3] = np.round(design[:, 3])
    return design


def statement(design: Floats, seed: int) -> Bools:
    """True where factor 2 is above .4 and the option is the second, and wrong for one member in twenty."""
    return np.asarray(
        ((design[:, 2] > 0.4) & (design[:, 3] == 1)) ^ (np.random.default_rng(seed).random(len(design)) < 0.05)
    )


def test_a_known_box_is_found_among_many_factors() -> None:
    right = 0
    for seed in range(6):
        design = members(128, 110, seed)
        box = discover(design, statement(design, seed), seed)
        if box is not None and box.is_borne_out and [one.factor for one in box.restrictions] == [2, 3]:
            right += 0.25 < box.restrictions[0].low < 0.55 and box.density > 0.75 and box.coverage > 0.6
            assert (box.restrictions[1].low, box.restrictions[1].high) == (1.0, 1.0)
            assert max(one.quasi_p for one in box.restrictions) < 0.05
    assert right >= 5


def test_where_there_is_none_a_box_is_told_no_more_often_than_luck_allows() -> None:
    """40 studies of luck: at 5%, more than five with probability .014; boxes are sought and found all the same."""
    found = [
        discover(members(64, 40, seed), np.random.default_rng([seed, 2]).random(64) < 0.3, seed) for seed in range(40)
    ]
    assert sum(box is not None for box in found) > 5
    assert sum(box is not None and box.is_borne_out for box in found) <= 5


def test_members_kept_out_have_no_part_in_the_search() -> None:
    design = members(60, 8, 1)
    holds = statement(design, 1)
    out = np.random.default_rng([1, 5]).permutation(60)[:20]
    turned = holds.copy()
    turned[out] = ~turned[out]
    box, other = discover(design, holds, 1), discover(design, turned, 1)
    assert box is not None
    assert other is not None
    assert box.restrictions == other.restrictions
    assert box.out_hits == box.out_members - other.out_hits
    assert not other.is_borne_out


def test_counts_are_those_of_the_box() -> None:
    design = members(90, 5, 2)
    holds = statement(design, 2)
    box = discover(design, holds, 2)
    assert box is not None
    inside = inside_of(design, box.restrictions)
    assert box.members + box.out_members == inside.sum()
    assert box.hits + box.out_hits == (inside & holds).sum()


@pytest.mark.parametrize("value", [True, False])
def test_of_what_is_always_or_never_so_nothing_is_found(value: bool) -> None:
    assert discover(members(40, 4, 3), np.full(40, value), 3) is None
    with pytest.raises(ValueError, match="a row of each"):
        discover(members(40, 4, 3), np.full(39, value), 3)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulator, "STEPS", 600)
    monkeypatch.setattr(emulator, "FIRST", 200)


def test_without_members_or_with_one_nothing_is_found() -> None:
    for count in (0, 1, 2):
        assert discover(np.full((count, 3), 0.5), np.arange(count) > 0, 1) is None


@pytest.mark.usefixtures("brief")
def test_a_box_reads_in_plain_words_and_one_that_is_not_borne_out_says_so() -> None:
    design = members(60, 5, 4)
    found = sensitivity(design, 5 * design[:, 2] + design[:, 3], np.zeros(60), 4, 60)
    parts = (Restriction(2, 0.1, 1.0, 0.01), Restriction(3, 1.0, 1.0, 0.001), Restriction(4, 0.25, 0.5, 0.02))
    sure, luck = (Box(parts, 30, 27, 0.9, 14, hits, 0.2, p) for hits, p in ((12, 0.001), (3, 0.4)))
    page = what_matters_section(
        found, FACTORS, KNOWN, "what x takes", "share", [("x takes more", sure), ("x takes less", luck), ("y", None)]
    )
    assert (
        "Where days awake before is at least 1 and way by which accounts come is feed and &lt;b&gt; is between 10 and 100, x takes more "
        "(12 of 14 members kept out; 20% of the others do)."
    ) in page
    assert "No few assumptions tell where x takes less: what was found holds in 3 of 14 members kept out." in page
    assert "No few assumptions tell where y: nothing was found." in page
    assert "<b>" not in page
    assert leading(found)[0] == 2
    assert len(shares_figure(found, FACTORS, KNOWN).axes) == 1
    assert "days awake before" in page


@pytest.mark.usefixtures("brief")
def test_a_report_without_an_emulator_says_that_nothing_can_be_said() -> None:
    found = sensitivity(members(60, 5, 5), np.random.default_rng(5).normal(size=60), np.ones(60), 5, 60)
    page = what_matters_section(found, FACTORS, KNOWN, "what x takes", "share", [])
    assert "Nothing can be said about single numbers with these members: 60 members" in page
    assert "<svg" not in page
    assert "What would change" not in page
