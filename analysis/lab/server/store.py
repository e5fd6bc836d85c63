"""Reels on disk: looked up by name in a table, bounded in number and bytes; the oldest that nobody watches goes first."""

import base64
import json
import re
import shlex
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REELS_MOST = 12  # kept at once beside the stored one
BYTES_MOST = (
    1_000_000_000  # of reels and films together; a world of `classroom` with everybody's feeds takes some 50 million
)
SPARE_FILMS = 4  # of worlds that no reel has any more; the newest are kept, since a setting is often turned back
FILM = re.compile(r"[\w-]{1,80}\.film", re.ASCII)
OWN = "own.json"  # what is said of a reel to the lab alone: paths, and the words by which its worlds are asked for


@dataclass
class Reel:
    """A folder with a reel. files: what may be given out, by name; words: by which its worlds are asked for again.

    films: by id of an arm the folder in which its film, and the feeds of everybody, are kept.
    """

    name: str
    folder: Path
    head: dict[str, Any]
    files: dict[str, Path]
    words: tuple[str, ...]
    films: dict[str, Path]
    size: int  # bytes
    is_stored: bool = False
    pictures: dict[tuple[str, str], Path] = field(default_factory=dict)  # animations, by arms

    @property
    def arms(self) -> list[str]:
        """Ids of its arms."""
        return [str(arm["id"]) for arm in self.head["arms"]]

    def desks(self) -> dict[str, dict[str, Any]]:
        """Desks of its game, by their ids."""
        return {str(desk["id"]): desk for desk in (self.head.get("game") or {}).get("desks", ())}

    def truth(self) -> dict[str, str]:
        """What each item of its quiz is."""
        quiz = self.head.get("quiz") or {}
        items = [item for when in ("before", "after") for item in quiz.get(when, ())]
        return {str(item["id"]): base64.b64decode(item["answer"]).decode() for item in items}


def read_reel(name: str, folder: Path, is_stored: bool = False) -> Reel:
    """The reel that lies in a folder."""
    head = json.loads((folder / "reel.json").read_text(encoding="utf-8"))
    own = json.loads((folder / OWN).read_text(encoding="utf-8")) if (folder / OWN).is_file() else {}
    files = {
        path.name: path for path in sorted(folder.iterdir()) if FILM.fullmatch(path.name) or path.name == "reel.json"
    }
    words = own.get("words") or shlex.split(head["command"])[2:]  # after `groundswell compare`
    films = {str(arm): Path(place) for arm, place in own.get("films", {}).items()}
    return Reel(name, folder, head, files, tuple(words), films, _size(folder), is_stored)


class Store:
    """The reels that there are, the oldest first. watched: says the names of those that somebody has open."""

    def __init__(self, place: Path, watched: Callable[[], Iterable[str]]) -> None:
        self.place, self.watched = place, watched
        self.films, self.pictures = place / "films", place / "pictures"
        self.films.mkdir(parents=True, exist_ok=True)
        self.reels: OrderedDict[str, Reel] = OrderedDict()
        self.film_sizes: dict[Path, int] = {}  # the one used last at the end

    def add(self, reel: Reel) -> list[Path]:
        """Take up a reel; returns folders that are to go because they are too much, which no reel has any more."""
        self.reels[reel.name] = reel
        for film in reel.films.values():
            self.film_sizes[film] = self.film_sizes.pop(film, 0) or _size(film)
        gone = list[Path]()
        watched = {*self.watched(), reel.name}
        for name, other in list(self.reels.items()):
            if self._fits():
                break
            if not other.is_stored and name not in watched:
                gone += [self.reels.pop(name).folder, self.pictures / name]
        return gone + self._spare_films()

    def _fits(self) -> bool:
        own = [reel for reel in self.reels.values() if not reel.is_stored]
        return len(own) <= REELS_MOST and self.size <= BYTES_MOST

    @property
    def size(self) -> int:
        """Bytes that reels, and films that they share, take on disk."""
        used = {film for reel in self.reels.values() for film in reel.films.values()}
        return sum(reel.size for reel in self.reels.values()) + sum(self.film_sizes.get(film, 0) for film in used)

    def _spare_films(self) -> list[Path]:
        """Folders of films that go: all but the newest of those that no reel has."""
        used = {film for reel in self.reels.values() for film in reel.films.values()}
        spare = [film for film in self.film_sizes if film not in used]
        gone = spare[: max(0, len(spare) - SPARE_FILMS)]
        for film in gone:
            del self.film_sizes[film]
        return gone


def remove(folders: Iterable[Path]) -> None:
    """Take folders from the disk."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
