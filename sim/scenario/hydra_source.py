"""Hydra composes what has been read and checked before, and opens no file of a scenario itself."""

import copy
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar

from sim.scenario.documents import read_document
from sim.scenario.presets import ROOT, find, slots
from sim.scenario.schema import ScenarioError

PRIMARY = "config"  # the root of every scenario
KEPT = 128  # compositions of presets that ship


def composed(overrides: Sequence[str], folder: Path | None) -> tuple[dict[str, Any], dict[str, str]]:
    """The composed document, and which preset of each slot it is made from. Nothing in it is looked up elsewhere.

    What is composed of presets that ship is kept, since these are read once: a comparison asks for its arms several times.
    Raises ScenarioError, whatever Hydra says of what a stranger wrote.
    """
    return copy.deepcopy(_of_shipped(tuple(overrides)) if folder is None else _laid_together(overrides, folder))


@lru_cache(maxsize=KEPT)
def _of_shipped(overrides: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    return _laid_together(overrides, None)


def _laid_together(overrides: Sequence[str], folder: Path | None) -> tuple[dict[str, Any], dict[str, str]]:
    """`composed`, anew."""
    from hydra import compose, initialize
    from hydra.core.global_hydra import GlobalHydra
    from omegaconf import OmegaConf

    GlobalHydra.instance().clear()
    _source().folder, _source().known = folder, slots(folder)
    try:
        with initialize(config_path=None, version_base="1.3"):
            made = compose(PRIMARY, overrides=list(overrides), return_hydra_config=True)
            document = OmegaConf.masked_copy(made, [str(key) for key in made if key != "hydra"])
            presets = {slot.rpartition("@")[2]: name for slot, name in made.hydra.runtime.choices.items()}
            own = {slot: name for slot, name in sorted(presets.items()) if not slot.startswith("hydra")}
            return dict(OmegaConf.to_container(document, resolve=False)), own  # type: ignore[arg-type]
    except ScenarioError:
        raise
    except Exception as error:  # of whatever kind: what was given does not go together
        raise ScenarioError(" ".join(str(error).split())[:300]) from error


@cache
def _source() -> Any:
    """Hydra's way to be given documents in place of folders."""
    from hydra.core.config_search_path import ConfigSearchPath
    from hydra.core.object_type import ObjectType
    from hydra.core.plugins import Plugins
    from hydra.plugins.config_source import ConfigResult, ConfigSource
    from hydra.plugins.search_path_plugin import SearchPathPlugin
    from omegaconf import OmegaConf

    class Presets(ConfigSource):
        """Presets that have been read and checked, a user's own before those that ship."""

        folder: Path | None = None
        known: ClassVar[Mapping[str, Sequence[str]]] = {}  # presets by slot

        @staticmethod
        def scheme() -> str:
            return "presets"

        def load_config(self, config_path: str) -> ConfigResult:
            slot, _, name = config_path.removesuffix(".yaml").rpartition("/")
            preset = find(slot, name, type(self).folder) if slot else None
            says = preset.says if preset else read_document(ROOT / f"{PRIMARY}.yaml", ROOT)[0]
            header: dict[str, str | None] = (
                {"package": "_global_"} if preset is None or preset.is_global else {"package": None}
            )
            return ConfigResult(
                provider=self.provider, path=f"{self.scheme()}://", config=OmegaConf.create(says or {}), header=header
            )

        def available(self) -> bool:
            return True

        def is_group(self, config_path: str) -> bool:
            return config_path in ("", *self.known)

        def is_config(self, config_path: str) -> bool:
            slot, _, name = config_path.removesuffix(".yaml").rpartition("/")
            return name in self.known.get(slot, [] if slot else [PRIMARY])

        def list(self, config_path: str, results_filter: ObjectType | None) -> list[str]:
            return [*self.known.get(config_path, [])]

    class Only(SearchPathPlugin):
        """The presets are the only place in which Hydra looks, beside its own."""

        def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
            search_path.append("groundswell", "presets://")

    Plugins.instance().register(Presets)
    Plugins.instance().register(Only)
    return Presets
