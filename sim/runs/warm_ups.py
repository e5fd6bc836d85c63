"""Worlds at their first measured hour, kept on disk, so that another comparison of the same seeds begins there.

No campaign and no policy acts before that hour; where a regulator does and arms part, none is kept. What a policy suspects by then it
has read from the record, so that a world is kept with the suspicions of all policies that watched it, and serves any comparison that
asks for these or some of them.
"""

import pickle
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from sim.model import CampaignModel
from sim.moderation.base import Suspicion
from sim.regulator.docket import felt_steps
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

    def find(self, arms: Mapping[str, Scenario]) -> Parting | None:
        """A world in which all arms can begin."""
        if not self.code:
            return None
        asked = _policies(arms)
        with suppress(OSError):
            for path in sorted(own_folder("warm_ups").glob(f"{self._name(arms)}-*.world")):
                if set(asked.values()) <= set(path.stem.split("-")[1:]):
                    found = _read(path)
                    if found is not None:
                        model, held = found
                        return Parting(model, [Group({arm: held[name] for arm, name in asked.items()})])
        return None

    def keep(self, model: CampaignModel, suspicions: Mapping[str, Suspicion], arms: Mapping[str, Scenario]) -> None:
        """Write a world at its first measured hour; where the disk does not allow it, it is simulated again another day."""
        if not self.code or any(ADDRESS in said for said in (_said(arms), *map(_said_of_policy, arms.values()))):
            return
        asked = _policies(arms)
        held = {asked[arm]: suspicion for arm, suspicion in suspicions.items()}
        with suppress(OSError):
            folder = own_folder("warm_ups")
            write_pickled(folder, "-".join([self._name(arms), *sorted(held)]), (model, held))
            _make_room(folder)

    def _name(self, arms: Mapping[str, Scenario]) -> str:
        return name_of([self.code, _said(arms)])


NONE_KEPT = WarmUps()


def _said(arms: Mapping[str, Scenario]) -> str:
    """All that a world depends on until its first measured hour, as text; it is built from the first arm."""
    first = next(iter(arms.values()))
    said = {each.name: getattr(first, each.name) for each in fields(first) if each.name not in (*ACTING_LATER, *NAMES)}
    return repr((said, first.focal))


def felt_by(scenario: Scenario) -> tuple[Any, ...]:
    """What an arm's moderation and regulator do that a world can feel; arms of which this is equal share what they suspect.

    Steps that come after the last hour, and what orders keep, make a difference to the record alone.
    """
    regulator, clock = scenario.regulator, scenario.clock
    acting = felt_steps(regulator, clock) if regulator else ()
    return replace(scenario.moderation, name=""), acting, regulator.evidence if acting and regulator else None


def _said_of_policy(scenario: Scenario) -> str:
    return repr(felt_by(scenario))


def _policies(arms: Mapping[str, Scenario]) -> dict[str, str]:
    """A name for what each arm's moderation and regulator do."""
    return {arm: name_of(_said_of_policy(rules)) for arm, rules in arms.items()}


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
    """Remove the files that were not asked for longest, those that a killed process left half written too, until the others may stay."""
    total = 0
    for size, path in _newest_first(folder):
        total += size
        if total > MOST:
            path.unlink(missing_ok=True)


def _newest_first(folder: Path) -> Iterable[tuple[int, Path]]:
    found = [(path.stat(), path) for path in folder.iterdir()]
    return [(about.st_size, path) for about, path in sorted(found, key=lambda one: one[0].st_mtime, reverse=True)]
