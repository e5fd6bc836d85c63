"""The same comparison under several settings of an assumption that nobody knows: a short list in scenarios/vary."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.estimates.craft import craft
from analysis.estimates.paired import Worlds
from analysis.estimates.table import write_estimates
from analysis.estimates.varied import Varied, answers, curves, varied
from sim.runs.face import compare
from sim.runs.question import question_of
from sim.runs.recording import read_json, read_table, write_csv
from sim.scenario.presets import LISTS, preset
from sim.scenario.schema import ScenarioError, nearest, shown

KEYS = ("title", "words", "settings")


@dataclass(frozen=True)
class Setting:
    """One row of the answer: a name for readers, and the words that are added to the comparison's."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """An assumption, words that hold under each of its settings, and the settings."""

    name: str
    title: str
    words: tuple[str, ...]
    settings: tuple[Setting, ...]


def question(name: str, folder: Path | None = None) -> Question:
    """Read a preset of scenarios/vary. Raises ScenarioError where it is not what it should be."""
    raw, where = preset(LISTS, name, folder), f"{LISTS}/{name}"
    for key in raw if isinstance(raw, dict) else ():
        if key not in KEYS:
            raise ScenarioError(f"{where}.{key}: unknown key; {nearest(str(key), KEYS)}")
    if not isinstance(raw, dict) or not isinstance(raw.get("title"), str) or not isinstance(raw.get("settings"), list):
        raise ScenarioError(f"{where}: given without a title or a list of settings; allowed are both, and words")
    settings = []
    for number, entry in enumerate(raw["settings"]):
        at = f"{where}.settings[{number}]"
        if not isinstance(entry, dict) or set(entry) != {"name", "words"} or not isinstance(entry["name"], str):
            raise ScenarioError(f"{at}: {shown(entry)} given, allowed a mapping with name and words")
        settings.append(Setting(entry["name"], _words(entry["words"], at)))
    if len({setting.name for setting in settings}) < max(len(settings), 2):
        raise ScenarioError(f"{where}.settings: {len(settings)} given, allowed two or more, of different names")
    return Question(name, raw["title"], _words(raw.get("words", []), where), tuple(settings))


def _words(raw: object, where: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(word, str) and "=" in word for word in raw):
        raise ScenarioError(f"{where}.words: {shown(raw)} given, allowed a list of words such as days=14")
    return tuple(raw)


def vary(
    asked: Question, overrides: Sequence[str], out: Path, folder: Path | None = None, trust: Sequence[str] = (),
    threads: int | None = None, on_progress: Callable[[int, int, str], None] | None = None,
) -> Varied:  # fmt: skip
    """Run the comparison under each setting, going on from finished runs, and leave vary.csv and vary.json in `out`.

    Every setting is composed before anything is run. on_progress: settings done, all of them, the one that was done.
    """
    wanted = {setting.name: [*asked.words, *overrides, *setting.words] for setting in asked.settings}
    for words in wanted.values():
        question_of(words, folder, trust)
    tables, manifest = [], {}
    for done, (name, words) in enumerate(wanted.items(), start=1):
        place = out / f"setting_{done}"
        place.mkdir(parents=True, exist_ok=True)
        compare(words, place, folder, trust, threads)
        estimates, manifest = write_estimates(place), read_json(place / "manifest.json")
        by_craft = craft(Worlds(read_table(place, "runs"), manifest), read_table(place, "series"))
        tables += [answers(name, estimates), curves(name, by_craft)]
        if on_progress:
            on_progress(done, len(wanted), name)
    command = shlex.join(["groundswell", "vary", asked.name, *overrides])
    found = varied(asked.name, asked.title, manifest, command, pd.concat([rows for rows in tables if len(rows)]))
    write_csv(out / "vary.csv", found.rows)
    found.write(out / "vary.json")
    return found
