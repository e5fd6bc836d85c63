"""Worlds at their first measured hour, kept on disk, so that another comparison of the same seeds begins there.

No campaign and no policy acts before that hour. What a policy suspects by then it has read from the record, so that a world is kept
with the suspicions of all policies that watched it, and serves any comparison that asks for these or some of them.
"""

import pickle
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

from sim.model import CampaignModel
from sim.moderation.base import Suspicion
from sim.runs.kept_worlds import Group, Parting, own_folder, write_pickled
from sim.runs.recording import name_of
from sim.scenario.config import Scenario

# Parts of a scenario by which worlds do not differ before their first measured hour, or which say only what is run.
ACTING_LATER = ("campaign", "moderation", "regulator")
NAMES = ("name", "title", "presets", "asked", "arms", "variants", "replications", "engine")
MOST = 2_000_000_000  # bytes of all files together; those that were not asked for longest go
ADDRESS = " at 0x"  # in the text of an object that does not say what it is


@dataclass(frozen=True)
class WarmUps:
    """Where they lie. code: see `code_of`, with the versions of what computes; where it is empty nothing is kept and nothing found."""

    code: str = ""

    def find(self, arms: Mapping[str, Scenario], felt: Mapping[str, str]) -> Parting | None:
        """A world in which all arms can begin. felt: what the moderation and regulator of each arm do, as text."""
        asked = {arm: name_of(said) for arm, said in felt.items()}
        with suppress(OSError):
            for path in self._files(f"{self._name(arms)}-*.world"):
                if set(asked.values()) <= set(path.stem.split("-")[1:]):
                    held = _read(path)
                    if held is not None:
                        return _parting(*held, asked)
        return None

    def keep(
        self,
        model: CampaignModel,
        suspicions: Mapping[str, Suspicion],
        arms: Mapping[str, Scenario],
        felt: Mapping[str, str],
    ) -> None:
        """Write a world at its first measured hour; where the disk does not allow it, it is simulated again another day."""
        if not self.code or any(ADDRESS in said for said in (*felt.values(), _said(arms))):
            return
        held = {name_of(felt[arm]): suspicion for arm, suspicion in suspicions.items()}
        with suppress(OSError):
            folder = own_folder("warm_ups")
            write_pickled(folder, "-".join([self._name(arms), *sorted(held)]), (model, held))
            _make_room(folder)

    def _name(self, arms: Mapping[str, Scenario]) -> str:
        return name_of([self.code, _said(arms)])

    def _files(self, pattern: str) -> list[Path]:
        return sorted(own_folder("warm_ups").glob(pattern)) if self.code else []


NONE_KEPT = WarmUps()


def _said(arms: Mapping[str, Scenario]) -> str:
    """All that a world depends on until its first measured hour, as text; it is built from the first arm."""
    first = next(iter(arms.values()))
    said = {each.name: getattr(first, each.name) for each in fields(first) if each.name not in (*ACTING_LATER, *NAMES)}
    return repr((said, first.focal))


def _parting(model: CampaignModel, held: Mapping[str, Suspicion], asked: Mapping[str, str]) -> Parting:
    return Parting(model, [Group({arm: held[name] for arm, name in asked.items()})])


def _read(path: Path) -> tuple[CampaignModel, dict[str, Suspicion]] | None:
    """What a file holds, which then counts as asked for; None, and no file any more, where it is damaged."""
    try:
        with path.open("rb") as stream:
            model, held = pickle.load(stream)
        path.touch()
        return model, held
    except FileNotFoundError:  # another process has made room
        return None
    except Exception:  # what a damaged file raises is nowhere promised
        path.unlink(missing_ok=True)
        return None


def _make_room(folder: Path) -> None:
    """Remove files until those that are left may stay."""
    for path in _too_much(sorted(folder.glob("*.world"), key=lambda path: path.stat().st_mtime, reverse=True)):
        path.unlink(missing_ok=True)


def _too_much(newest_first: Iterable[Path]) -> Iterable[Path]:
    total = 0
    for path in newest_first:
        total += path.stat().st_size
        if total > MOST:
            yield path
