"""Plug-ins of a user's own: `new` writes one that works, its preset and its test, to be changed from there."""

import importlib.util
import keyword
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from sim.cli.completion import KINDS_OF_PLUG_INS, kinds_of_plug_ins
from sim.scenario.schema import ScenarioError, nearest

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
WORDS_OF_PRESETS = ("all", "defaults", "name")  # they mean something else where a plug-in's name stands
SLOTS = {"policy": "moderation", "recommender": "recommender", "tactic": "campaign", "measure": "measures"}


@dataclass(frozen=True)
class Draft:
    """A plug-in about to be written. kind: as in KINDS_OF_PLUG_INS; folder: the user's own."""

    kind: str
    name: str
    folder: Path

    @property
    def slot(self) -> str:
        """The slot of its preset."""
        return SLOTS[self.kind]

    @property
    def class_name(self) -> str:
        """The name in capitals, without underscores."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def places(self) -> dict[str, Path]:
        """Where each template's text goes."""
        arms = {f"{self.kind}_arms.yaml": self.folder / "arms" / f"{self.name}.yaml"} if self.has_arms else {}
        return {
            f"{self.kind}.py": self.folder / "plugins" / f"{self.name}.py",
            f"{self.kind}.yaml": self.folder / self.slot / f"{self.name}.yaml",
            **arms,
            f"{self.kind}_test.py": self.folder / "tests" / f"test_{self.name}.py",
        }

    @property
    def has_arms(self) -> bool:
        """Whether it is compared in arms of its own; recommenders and measures have those that there are."""
        return self.kind in ("policy", "tactic")


def new(
    kind: Annotated[
        str, typer.Argument(help=f"One of {', '.join(KINDS_OF_PLUG_INS)}.", autocompletion=kinds_of_plug_ins)
    ],
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and underscores, such as my_policy.")],
    scenarios: Annotated[Path, typer.Option("--scenarios", help="Your own folder, made where there is none.")] = Path("my_scenarios"),
) -> None:  # fmt: skip
    """Write a plug-in of your own that works, with its preset and its test."""
    if kind not in KINDS_OF_PLUG_INS:
        raise ScenarioError(f"{kind!r} given; {nearest(kind, KINDS_OF_PLUG_INS)}")
    draft = Draft(kind, name, scenarios)
    _check_name(draft)
    _check_folder(draft)
    written = {draft.places[template]: text for template, text in _texts(draft).items()}
    _write(written)
    print("\n".join([*(f"{path}" for path in written), "", *_next_commands(draft)]))


def _check_name(draft: Draft) -> None:
    """A name that is nobody else's, neither as a module nor as a class nor in a preset."""
    import yaml

    name, allowed = draft.name, "allowed is another name, such as my_" + draft.kind
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ScenarioError(
            f"{name!r} given, allowed are at most 40 lower-case letters, digits and underscores that begin with a letter "
            "and are no word of Python's own"
        )
    if name in WORDS_OF_PRESETS or not isinstance(yaml.safe_load(name), str):
        raise ScenarioError(f"{name} given, which means something else in a preset; {allowed}")
    if importlib.util.find_spec(name) is not None:
        raise ScenarioError(f"{name} given, which is a module that is installed; {allowed}")
    if re.search(rf"\b{draft.class_name}\b", _template(f"{draft.kind}.py")):
        raise ScenarioError(f"{name} given, whose class {draft.class_name} there is already; {allowed}")


def _check_folder(draft: Draft) -> None:
    """The folder can be one of presets, and nothing in it or among the shipped presets has the name yet."""
    from sim.scenario.files import check_folder
    from sim.scenario.presets import slots

    if draft.folder.exists():
        check_folder(draft.folder)
    for slot in (draft.slot, *(["arms"] if draft.has_arms else [])):
        if draft.name in slots(draft.folder if draft.folder.exists() else None)[slot]:
            raise ScenarioError(
                f"{draft.name} given, which is a preset of {slot} already; allowed is a name that is none"
            )
    for path in draft.places.values():
        if path.exists() or path.is_symlink():
            raise ScenarioError(
                f"{path}: is there already and is not overwritten; allowed is a name that has no file yet"
            )


def _template(name: str) -> str:
    """The text of a template."""
    from importlib.resources import files

    return (files("sim.cli.templates") / f"{name}.txt").read_text(encoding="utf-8")


def _texts(draft: Draft) -> dict[str, str]:
    """The text of each file, by its template."""
    words = {"name": draft.name, "class_name": draft.class_name}
    return {template: Template(_template(template)).substitute(words) for template in draft.places}


def _write(texts: Mapping[Path, str]) -> None:
    """Each file whole or not at all."""
    from sim.runs.recording import write_whole

    for path, text in texts.items():
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise ScenarioError(f"{path}: cannot be written ({error.strerror}); allowed is a folder that can") from None


def _next_commands(draft: Draft) -> list[str]:
    """What to type next. Presets of one folder are checked together, so all plug-ins in it are trusted."""
    own = sorted(path.stem for path in (draft.folder / "plugins").glob("*.py") if path.stem != draft.name)
    where = f"--scenarios {shlex.quote(str(draft.folder))} " + " ".join(
        f"--trust {name}" for name in [*own, draft.name]
    )
    chosen = f"scenario=classroom {draft.slot}={draft.name}"
    run = f"groundswell run {chosen} {where}"
    compared = {
        "policy": [f"groundswell compare scenario=classroom arms={draft.name} replications=4 {where}"],
        "tactic": [f"groundswell compare scenario=classroom arms={draft.name} replications=4 {where}"],
        "recommender": [
            f"groundswell compare {chosen} replications=4 {where}",
            f"groundswell compare scenario=classroom replications=4 {where}  # the same arms under the usual one",
        ],
        "measure": [f"groundswell compare {chosen} replications=4 {where}"],
    }
    test = f"{_interpreter()} -m pytest {shlex.quote(str(draft.places[f'{draft.kind}_test.py']))}"
    return [
        "Next, change the first of these files, and type",
        *(f"  {line}" for line in [run, *compared[draft.kind], test]),
    ]


def _interpreter() -> str:
    """This Python, as short as it can be said from here."""
    path = Path(sys.executable)
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
