"""Instruments are blind to labels, and truths are not: the same record with other labels has the same answers."""

import dataclasses
import datetime

import numpy as np
import pandas as pd
import pytest

from analysis.outsider.instruments import INSTRUMENTS
from analysis.outsider.seen import Answer, Known, seen_of
from analysis.outsider.truths import against_twin, beyond_twin, ground, truth_of
from sim.runs.face import DailyAudits, Digest, RecordedWorld, load_scenario, recorded_world, simulate
from sim.scenario.config import Scenario
from tests.worlds import small_scenario, with_supporters

RECORD = load_scenario(["record=standard"]).record
KNOWN = Known(11, 0, datetime.date(2024, 11, 21), datetime.date(2024, 11, 21))
LAST = datetime.date(2024, 11, 23)


def scenario() -> Scenario:
    return dataclasses.replace(with_supporters(small_scenario(users=600, days=6)), record=RECORD)


@pytest.fixture(scope="module")
def looked() -> tuple[RecordedWorld, pd.DataFrame, str]:
    """A recorded world, what puppets were shown on two days of it, and its digest."""
    audits, digest = DailyAudits(20, 10.0, frozenset({LAST, LAST - datetime.timedelta(days=2)})), Digest()
    world = recorded_world(scenario(), ("comment",), ("like", "comment"), [audits.note, digest.note])
    return world, audits.videos, digest.found


@pytest.mark.parametrize("viewer", ["outsider", "platform"])
def test_no_instrument_reads_labels(looked: tuple[RecordedWorld, pd.DataFrame, str], viewer: str) -> None:
    world, videos, _ = looked
    shuffled = np.random.default_rng(1).permutation(world.whole.kind)
    other = dataclasses.replace(
        world, whole=dataclasses.replace(world.whole, kind=shuffled), ledger=world.ledger.iloc[:0]
    )
    told = [
        [instrument(seen_of(of, viewer, LAST, videos, KNOWN)) for instrument in INSTRUMENTS.values()]
        for of in (world, other)
    ]
    assert told[0] == told[1]
    assert sum(answer.value is not None for answer in told[0]) >= 3
    assert truth_of("acting_together", world, LAST, 0, Answer()) != truth_of(
        "acting_together", other, LAST, 0, Answer()
    )


def test_audits_and_records_leave_a_world_as_it_is(looked: tuple[RecordedWorld, pd.DataFrame, str]) -> None:
    _, videos, digest = looked
    assert digest == simulate(scenario()).summary["digest"]
    assert sorted(set(videos["date"].dt.date)) == [LAST - datetime.timedelta(days=2), LAST]
    assert videos.groupby(["date", "account"]).size().max() <= 40  # ten minutes of 15 seconds
    assert set(videos["account"]) == set(range(20))


def test_an_outsider_has_a_part_of_what_the_platform_has(looked: tuple[RecordedWorld, pd.DataFrame, str]) -> None:
    world, videos, _ = looked
    outsider, platform = (seen_of(world, viewer, LAST, videos, KNOWN) for viewer in ("outsider", "platform"))
    assert 0 < len(outsider.posts) < len(platform.posts)
    assert 0 < len(outsider.comments) < len(platform.comments)
    assert outsider.counters["post"].is_unique
    assert not platform.counters["post"].is_unique


def test_truths_of_one_world_are_those_of_its_labels(looked: tuple[RecordedWorld, pd.DataFrame, str]) -> None:
    world, videos, _ = looked
    told = ground(world, videos, 0)
    kinds = pd.Series(world.whole.kind)
    assert told["directed"] == int(kinds.isin(["operated", "vendor"]).sum()) > 0
    assert told["paid"] == pytest.approx(world.ledger["euros"].sum())
    # of the first day nobody knows what came before it
    assert list(told["views"]) == [f"2024-11-{day}" for day in range(19, 24)]
    assert set(told["puppets"]) == {"2024-11-21", "2024-11-23"}
    commented = world.whole.events[world.whole.events["verb"] == "comment"]["account"].unique()
    assert truth_of("acting_together", world, LAST, 0, Answer()) == kinds[commented].isin(["operated", "vendor"]).sum()
    own = world.whole.events["post"].isin(world.whole.posts.query("candidate == 0")["post"])
    acted = kinds[world.whole.events["account"][own & world.whole.events["verb"].isin(["like", "comment"])]]
    genuine = (~acted.isin(["operated", "vendor"])).sum()
    assert truth_of("out_of_proportion", world, LAST, 0, Answer()) == pytest.approx(np.log(len(acted) / genuine))
    assert truth_of("differences", world, LAST, 0, Answer()) is None


def test_truths_of_pairs_by_hand() -> None:
    own = {
        "views": {"2024-11-10": 5, "2024-11-11": 99, "2024-11-12": 9},
        "puppets": {"2024-11-11": [6, 10], "2024-11-13": [1, 10]},
    }
    twin = {
        "views": {"2024-11-10": 5, "2024-11-11": 9, "2024-11-12": 9},
        "puppets": {"2024-11-11": [1, 10], "2024-11-13": [1, 10]},
    }
    day = datetime.date
    assert against_twin(own, twin, day(2024, 11, 11), day(2024, 12, 1)) == pytest.approx(np.log(10) / 2)
    assert against_twin(own, twin, day(2024, 11, 13), day(2024, 12, 1)) is None
    assert beyond_twin(own, twin, day(2024, 11, 12)) == pytest.approx(0.5)
    assert beyond_twin(own, twin, day(2024, 11, 13)) == pytest.approx(0.0)
    assert beyond_twin(own, twin, day(2024, 11, 10)) is None
