"""Choices that change nothing are said, since whoever made them meant something."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.runs.face import load_scenario
from sim.runs.question import question_of
from sim.scenario.overrides import key_of
from sim.scenario.presets import slots
from sim.scenario.schema import ScenarioError

LOOKED_AT = 5  # choices; each is composed without


def idle(overrides: Sequence[str], folder: Path | None, trust: Sequence[str], compared: bool) -> Iterator[str]:
    """A line for each choice of a value, not of a preset, without which the same worlds would be run.

    compared: whether `compare` was asked, and not `run`.
    """

    def asked(words: Sequence[str]) -> object:
        if not compared:
            return load_scenario(words, folder, trust)
        question = question_of(words, folder, trust)
        return question.scenario, question.arms

    chosen, whole = [word for word in overrides if key_of(word) not in slots(folder)], None
    for word in chosen[:LOOKED_AT]:
        whole = whole or asked(overrides)
        try:
            same = asked([other for other in overrides if other is not word]) == whole
        except ScenarioError:  # without it the others make no scenario
            same = False
        if same:
            yield f"{word}: changes nothing here"
