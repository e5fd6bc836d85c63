"""Whatever a stranger writes into presets and on the command line is composed, or refused with one message, soon."""

import copy
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.runs.face import load_scenario
from sim.runs.question import question_of
from sim.scenario.presets import LISTS, read_preset, shipped
from sim.scenario.schema import ScenarioError

ODD: list[Any] = [
    None, True, False, -1, 0, 1, 3, 1e308, float("nan"), float("inf"), 10**30, -0.5, 1e-9, "", "x", "x" * 400,
    "\x1b[31m", "<script>", "../../etc/passwd",
    "/dev/stdin", "2024-11-20", "0001-01-01", "9999-12-31", [], {}, [1, 2], [[[]]], {"a": 1}, {"_target_": "os.system"},
    {"_target_": "sim.moderation.base.Policy"}, {"_target_": "sim.recommenders.base.Recommender"},
    {"_target_": "sim.moderation.review_desk.ReviewDesk"},
    "${oc.env:HOME}", "???", [None] * 150, "A", "none", "coordinated", "all", [{"campaign": "quiet",
    "moderation": "none"}], {1: 2}, "=cmd|x", "_self_",
]  # fmt: skip
KEYS = [
    "x", "defaults", "hydra", "_target_", "name", "", "a.b", "a@b", "/x", "override /campaign", "_self_", "+a", "~b",
    "${x}", "seed", "campaign",
    "strengths", "title", "__class__", "_partial_", "_recursive_", "_args_",
]  # fmt: skip
PIECES = [
    "\t",
    ":",
    "\x00",
    "{",
    "[",
    "&a ",
    "*a",
    "!!python/object:os.system ",
    "- ",
    "\n",
    "<<: *a",
    "? ",
    "|",
    "'",
    '"',
    "#",
]
PRESETS = [path for path in shipped() if path.parent.name != LISTS]
SIGNS = [
    "=",
    "",
    "==",
    "=[",
    "={",
    "=,",
    "='",
    '="',
    "=${",
    "@",
    "/",
    "..",
    "+",
    "~",
    "=1,2",
    "=null",
    "=???",
    "=1e999",
    "=-1",
    "=true",
    "=range(1,3)",
]
MEMORY = 1e9  # bytes, beyond what tests before these have held at the most
LIMIT = 10.0  # seconds of the processor: a machine that is shared may let a case wait


def most_held() -> float:
    """The most memory that this process ever held, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


@pytest.fixture(scope="module", autouse=True)
def little_memory() -> Iterator[None]:
    """All cases together stay below."""
    before = most_held()
    yield
    assert most_held() - before < MEMORY


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """All places of a document."""
    yield at
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in steps:
        yield from places(inner, (*at, step))


def changed(document: Any, luck: random.Random) -> Any:
    """A document with one to three values exchanged, keys added, renamed or gone."""
    for _ in range(luck.choice([1, 1, 1, 2, 3])):
        place = luck.choice(list(places(document)))
        if not place:
            if luck.random() < 0.1:
                return copy.deepcopy(luck.choice(ODD))
            if isinstance(document, dict):
                document[luck.choice(KEYS)] = copy.deepcopy(luck.choice(ODD))
            continue
        node = document
        for step in place[:-1]:
            node = node[step]
        kind = luck.choice(["exchange"] * 4 + ["gone", "added", "renamed", "listed"])
        if kind == "gone":
            del node[place[-1]]
        elif kind == "listed":
            node[place[-1]] = [node[place[-1]]]
        elif kind == "added" and isinstance(node, dict):
            node[luck.choice(KEYS)] = copy.deepcopy(luck.choice(ODD))
        elif kind == "renamed" and isinstance(node, dict):
            node[luck.choice(KEYS)] = node.pop(place[-1])
        else:
            node[place[-1]] = copy.deepcopy(luck.choice(ODD))
    return document


def written(luck: random.Random) -> tuple[str, str]:
    """A slot and the text of a preset that was changed somehow."""
    preset = read_preset(luck.choice(PRESETS))
    document = changed(copy.deepcopy(preset.says or {}), luck)
    text = ("# @package _global_\n" if preset.is_global else "") + yaml.safe_dump(
        document, sort_keys=False, allow_unicode=True
    )
    if luck.random() < 0.15:
        at = luck.randrange(len(text))
        text = text[:at] + luck.choice(PIECES) + text[at + luck.choice([0, 0, 5]) :]
    return preset.path.parent.name, text


def is_met(words: list[str], folder: Path | None, compared: bool) -> str:
    """What was said of a request; empty where it was composed."""
    started = time.process_time()
    try:
        if compared:
            question_of(words, folder)
        else:
            load_scenario(words, folder)
        said = ""
    except ScenarioError as error:
        said = str(error)
        assert said
    assert time.process_time() - started < LIMIT
    assert "\n" not in said
    assert said.isprintable()
    assert len(said) < 2000
    assert "Traceback" not in said
    assert "multirun" not in said
    return said


@pytest.mark.slow
@settings(max_examples=800, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_any_preset_is_composed_or_refused(seed: int) -> None:
    luck = random.Random(seed)
    slot, text = written(luck)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / slot).mkdir()
        (folder / slot / "strange.yaml").write_text(text, encoding="utf-8")
        is_met([f"{slot}=strange"], folder, compared=luck.random() < 0.1)
        assert [path.name for path in folder.rglob("*") if path.is_file()] == ["strange.yaml"]


@pytest.mark.slow
@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_any_words_are_composed_or_refused(seed: int) -> None:
    luck = random.Random(seed)
    keys = [path.parent.name for path in PRESETS] + ["seed", "title", "days", "scale"]
    keys += ["population.axes", "campaign.budget", "audience.like", "recommender.top"]
    words = []
    for _ in range(luck.choice([1, 2, 3])):
        key = (
            luck.choice(["", "", "", "+", "~", "++"]) + luck.choice(keys) + luck.choice(["", "", "", ".x", "[0]", "@y"])
        )
        value = luck.choice([str(luck.choice(ODD))[:200], luck.choice(PRESETS).stem, "1", "0.5"])
        words.append(key + luck.choice(["=", "=", "=", luck.choice(SIGNS)]) + value)
    is_met(words, None, compared=luck.random() < 0.1)


def test_the_first_of_each_kind(tmp_path: Path) -> None:
    """A few of the above in the fast tests."""
    for seed in range(25):
        luck = random.Random(seed)
        slot, text = written(luck)
        folder = tmp_path / str(seed)
        (folder / slot).mkdir(parents=True)
        (folder / slot / "strange.yaml").write_text(text, encoding="utf-8")
        is_met([f"{slot}=strange"], folder, compared=False)
