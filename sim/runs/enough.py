"""How many worlds are enough: a comparison that looks at more and more of them, and stops when an estimate is narrow enough."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from sim.scenario.overrides import key_of
from sim.scenario.schema import ScenarioError, build, choice, quantity, text

AUTO = "auto"
FIRST = 8  # worlds of an arm at the first look: a spread from fewer is luck itself
GROWTH = 1.5  # ratio; worlds at a look to those at the look before
WIDEST = 1e9  # ratio; of a half-width to an estimate near zero
IN_A_ROW = 2  # looks at which the estimate is narrow enough: once may be by chance
UNSAID = {"precision": 0.1, "precision_of": "manufactured", "most_replications": 64}

Width = Callable[[pd.DataFrame, Sequence[str]], float]  # half-width over the estimate, by runs so far and names of arms


@dataclass(frozen=True)
class Wish:
    """Words of `replications=auto`."""

    precision: float = quantity("half-width of the 95% interval over the estimate", "share", 0.01, 1)
    precision_of: str = text("contrast whose interval counts, as in estimates.csv")
    most_replications: int = quantity("seeds at the most", "worlds", FIRST, 100000)


@dataclass(frozen=True)
class Looked(Wish):
    """What was wished and seen, as a manifest keeps it."""

    looks: tuple[int, ...] = quantity("seeds at each look", "worlds", 1, 100000)
    widths: tuple[float, ...] = quantity("half-width over the estimate at each look", "ratio", 0, WIDEST)
    reached: bool = choice("whether the last two looks were narrow enough", (True, False))


@dataclass
class Watch:
    """Looks at a comparison under way."""

    wish: Wish
    width: Width
    seen: list[tuple[int, float]] = field(default_factory=list)

    @property
    def looks(self) -> list[int]:
        """Worlds of an arm at each look."""
        found = [FIRST]
        while found[-1] < self.wish.most_replications:
            found.append(min(self.wish.most_replications, int(GROWTH * found[-1])))
        return found

    def is_enough(self, runs: pd.DataFrame, arms: Sequence[str]) -> bool:
        """Look; whether the estimate was narrow enough now and at the look before. What it shows decides nothing."""
        self.seen.append((runs["seed"].nunique(), self.width(runs, arms)))
        return self.reached

    @property
    def reached(self) -> bool:
        """Whether the last looks in a row were narrow enough."""
        last = self.seen[-IN_A_ROW:]
        return len(last) == IN_A_ROW and all(width <= self.wish.precision for _, width in last)

    @property
    def record(self) -> dict[str, Any]:
        """What was wished and seen, for the manifest."""
        looks, widths = [n for n, _ in self.seen], [min(width, WIDEST) for _, width in self.seen]
        return {**asdict(self.wish), "looks": looks, "widths": widths, "reached": self.reached}


def wish_of(overrides: Sequence[str]) -> tuple[list[str], Wish | None]:
    """The words that say what a world is, with as many worlds as there may be at the most; and what is wished, if `replications=auto`."""
    said = {key_of(word): word.partition("=")[2].strip("'\"") for word in overrides}
    given = {key: said[key] for key in UNSAID if key in said}
    if said.get("replications") != AUTO:
        if given:
            raise ScenarioError(f"{next(iter(given))}: given without replications=auto, allowed is only with it")
        return list(overrides), None
    numbers: dict[str, Any] = {**UNSAID, **given}
    for key, kind in (("precision", float), ("most_replications", int)):
        if key in given:
            try:
                numbers[key] = kind(given[key])
            except ValueError:
                raise ScenarioError(f"{key}: {given[key]!r} given, allowed a number") from None
    wish = build(Wish, numbers, "")
    words = [word for word in overrides if key_of(word) not in (*UNSAID, "replications")]
    return [*words, f"replications={wish.most_replications}"], wish
