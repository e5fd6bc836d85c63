"""What worker processes are asked: plain data, so that the server imports nothing that computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Task:
    """Something that a worker does."""


@dataclass(frozen=True)
class Compose(Task):
    """Check words, and say what each setting is under them."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class FilmArms(Task):
    """Film the arms that words ask about, with the feeds of everybody. films: where films are kept."""

    words: tuple[str, ...]
    films: Path


@dataclass(frozen=True)
class MakeReel(FilmArms):
    """And leave a reel of them. out: its folder, which is not there yet; command: by which anybody gets the same."""

    out: Path
    command: str


@dataclass(frozen=True)
class Moderate(Task):
    """Run the world of a desk again in which some of its accounts are suspended when the class has looked; see `analysis.lab.game`."""

    desk: Mapping[str, Any]
    accounts: tuple[int, ...]


@dataclass(frozen=True)
class Animate(Task):
    """Draw two arms hour by hour into an animated picture. films: their files; start: the date of the first hour."""

    films: tuple[Path, Path]
    names: tuple[str, str]
    candidate: int
    start: str
    out: Path


@dataclass(frozen=True)
class Feed(Task):
    """The feed of one account. folder: of everybody's feeds of an arm."""

    folder: Path
    account: int
