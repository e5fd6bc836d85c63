"""Every assumption of the presets says in which range it is thought to lie, its value among it, all of it allowed."""

import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sim.cli.command import app, status_of
from sim.scenario.config import Scenario
from sim.scenario.explain import Row, explain, numbers_of
from sim.scenario.files import compose
from sim.scenario.presets import LISTS, shipped
from sim.scenario.ranges import Range, is_assumed, range_of

WORD = re.compile(r"\bassumption\b")
PRESETS = [(path.parent.name, path.stem) for path in shipped() if path.parent.name not in LISTS]


@cache
def composed(slot: str, name: str) -> tuple[list[Row], dict[str, tuple[float | None, float | None]]]:
    """The values of a scenario with one preset, and the ends that the schema allows each number."""
    document = compose([f"{slot}={name}"], None, ())
    ends = {key: (low, high) for key, _, low, high in numbers_of(Scenario, document)}
    return explain(document), ends


def faults(rows: list[Row], ends: dict[str, tuple[float | None, float | None]]) -> Iterator[str]:
    """What is wrong with what rows say of their ranges."""
    for row in rows:
        span = range_of(row.source)
        if WORD.search(row.source) and not is_assumed(row.source):
            yield f"{row.key}: 'assumption' does not begin a part of {row.source!r}"
        elif is_assumed(row.source) and span is None:
            yield f"{row.key}: no range in {row.source!r}"
        elif span is not None and not span.holds(row.value):
            yield f"{row.key}: {row.value} is not in {span}"
        elif span is not None and not _is_allowed(span, row, *ends.get(row.key, (None, None))):
            yield f"{row.key}: {span} is more than {row.allowed}"


def _is_allowed(span: Range, row: Row, low: float | None, high: float | None) -> bool:
    if span.options:
        return set(span.options) <= set(row.allowed.split(", "))
    if isinstance(span.low, float) and isinstance(span.high, float):
        return span.low < span.high and (low is None or low <= span.low) and (high is None or span.high <= high)
    return True


@pytest.mark.parametrize(("slot", "name"), PRESETS)
def test_every_assumption_of_a_preset_has_a_range(slot: str, name: str) -> None:
    assert not list(faults(*composed(slot, name)))


def test_lines_of_presets_that_no_scenario_shows_have_ranges_too() -> None:
    """A number in a place that a composed scenario does not have, and templates of plug-ins."""
    templates = Path(__file__).parents[3] / "sim" / "cli" / "templates"
    lines = [
        line
        for path in (*shipped(), *templates.glob("*.yaml.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    notes = [line.partition("  # ")[2] for line in lines if re.match(r"\s*[A-Za-z_]\w*:.*  # ", line)]
    assumed = [note for note in notes if WORD.search(note)]
    assert len(assumed) > 600
    assert not [note for note in assumed if range_of(note) is None]


@pytest.mark.parametrize(
    ("key", "source", "said"),
    [
        ("audience.like", "assumption", "no range"),
        ("audience.like", "own pilot; an assumption", "does not begin"),
        ("audience.like", "assumption, 3 to 4", "is not in"),
        ("audience.open_comments", "assumption, -1 to 1", "is more than"),
        ("audience.open_comments", "assumption, 0.2 to 0.2", "is more than"),
        ("recommender.off_feed_views", "assumption, one of true, perhaps", "is more than"),
    ],
)
def test_what_is_wrong_is_found(key: str, source: str, said: str) -> None:
    rows, ends = composed("scenario", "romania_2024")
    row = next(row for row in rows if row.key == key)
    value: Any = True if key.endswith("views") else 0.2 if "open" in key else row.value
    found = list(faults([Row(key, value, row.unit, row.allowed, row.meaning, source)], ends))
    assert [said in fault for fault in found] == [True], found


@pytest.mark.parametrize(
    ("source", "span", "logarithmic"),
    [
        ("assumption, 0.1 to 0.5", Range(0.1, 0.5), False),
        ("meaning; assumption, 1,000 to 5e4, as was said; and so on", Range(1000.0, 50000.0), True),
        ("assumption, -9 to -7 (own pilot)", Range(-9.0, -7.0), False),
        ("assumption, each 8 to 22", Range(8.0, 22.0), False),
        ("assumption, 2024-10-24 to 2024-11-18: swept", Range(datetime.date(2024, 10, 24), datetime.date(2024, 11, 18)), False),
        ("assumption, one of true, false", Range(options=("true", "false")), False),
        ("assumption, 0 to 100", Range(0.0, 100.0), False),
        ("assumption", None, False),
        ("assumption, 1,183 accounts posted", None, False),
        ("published, 1 to 2", None, False),
        ("the others assumptions, 1 to 2", None, False),
    ],
)  # fmt: skip
def test_ranges_are_read(source: str, span: Range | None, logarithmic: bool) -> None:
    assert range_of(source) == span
    assert span is None or span.is_logarithmic == logarithmic


def test_show_lists_what_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    def shown(*words: str) -> int:
        return status_of(lambda: app(["show", *words], prog_name="groundswell", standalone_mode=False))

    assert shown("scenario=romania_2024", "--assumptions") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["key", "value", "unit", "range", "meaning", "source"]
    assert len(lines) > 90
    assert all("assumption" in line and (" to " in line or "one of" in line) for line in lines[1:])
    assert shown("scenario=romania_2024", "budget", "--assumptions") == 2
    assert "nothing that was asked for is an assumption" in capsys.readouterr().err
