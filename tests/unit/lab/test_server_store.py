"""Reels on disk: the oldest that nobody watches goes, and films with the last reel that has them."""

import json
from pathlib import Path

import pytest

from analysis.lab.server import store as store_module
from analysis.lab.server.store import Reel, Store, read_reel, remove


class Shelf:
    """A store, and who watches what."""

    def __init__(self, place: Path) -> None:
        self.watched = list[str]()
        self.store = Store(place, lambda: self.watched)

    def film(self, name: str, size: int = 100) -> Path:
        folder = self.store.films / name
        folder.mkdir(exist_ok=True)
        (folder / "x.npy").write_bytes(b"x" * size)
        return folder

    def reel(self, name: str, *films: Path, is_stored: bool = False) -> list[Path]:
        folder = self.store.place / "reels" / name
        folder.mkdir(parents=True)
        (folder / "reel.json").write_text(json.dumps({"arms": [], "command": "groundswell compare seed=3 'a.b=c d'"}))
        (folder / "a.film").write_bytes(b"f" * 50)
        (folder / "own.json").write_text(
            json.dumps({"words": [name], "films": {str(n): str(film) for n, film in enumerate(films)}})
        )
        gone = self.store.add(read_reel(name, folder, is_stored))
        remove(gone)
        return gone


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def names(shelf: Shelf) -> list[str]:
    return list(shelf.store.reels)


def test_no_more_reels_are_kept_than_so_many(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "REELS_MOST", 2)
    shelf.reel("stored", is_stored=True)
    for name in "abcd":
        shelf.reel(name)
    assert names(shelf) == ["stored", "c", "d"]
    assert sorted(path.name for path in (shelf.store.place / "reels").iterdir()) == ["c", "d", "stored"]


def test_what_somebody_watches_stays(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "REELS_MOST", 2)
    for name in "ab":
        shelf.reel(name)
    shelf.watched = ["a"]
    shelf.reel("c")
    assert names(shelf) == ["a", "c"]
    shelf.watched = ["a", "c"]
    shelf.reel("d")
    assert names(shelf) == ["a", "c", "d"]  # the new one is somebody's, too
    shelf.watched = []
    shelf.reel("e")
    assert names(shelf) == ["d", "e"]


def test_bytes_are_bounded_with_films_counted_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = shelf.film("twin", 1000)
    for name in "abc":
        shelf.reel(name, twin, shelf.film(name, 100))
    assert shelf.store.size == 1000 + 3 * 100 + sum(reel.size for reel in shelf.store.reels.values())
    monkeypatch.setattr(store_module, "BYTES_MOST", shelf.store.size)
    shelf.reel("d", twin, shelf.film("d", 100))
    assert names(shelf) == ["b", "c", "d"]
    assert twin.is_dir()


def test_some_films_that_no_reel_has_are_kept_for_a_setting_that_is_turned_back(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "REELS_MOST", 1)
    monkeypatch.setattr(store_module, "SPARE_FILMS", 2)
    twin = shelf.film("twin")
    for name in "abcde":
        shelf.reel(name, twin, shelf.film(name))
    assert sorted(path.name for path in shelf.store.films.iterdir()) == ["c", "d", "e", "twin"]


def test_words_of_a_reel_are_its_own_or_those_of_its_command(shelf: Shelf, tmp_path: Path) -> None:
    shelf.reel("a")
    folder = shelf.store.reels["a"].folder
    assert shelf.store.reels["a"].words == ("a",)
    (folder / "own.json").unlink()
    reel: Reel = read_reel("a", folder)
    assert reel.words == ("seed=3", "a.b=c d")
    assert set(reel.files) == {"reel.json", "a.film"}
