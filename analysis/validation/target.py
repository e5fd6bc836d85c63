"""One line of the validation page: what should come out, and what does."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["published", "platform", "null", "known"]
Effort = Literal["quick", "normal", "full"]


@dataclass(frozen=True)
class Target:
    """What a source says should come out, what the simulator gives, and whether the two agree.

    low and high: a 95% interval of `got` over seeds, both equal to it where nothing is drawn. agrees: by the tolerance
    that `expected` states, fixed before anything was run. modules: what the target exercises, so that nobody takes it as
    evidence for another part. reason: where it is missed, the reason that was found.
    """

    name: str
    kind: Kind
    source: str
    expected: str
    got: float
    low: float
    high: float
    agrees: bool
    modules: tuple[str, ...]
    reason: str = ""

    def __post_init__(self) -> None:
        """Take numbers of array libraries as plain ones, which JSON knows."""
        for name in ("got", "low", "high"):
            object.__setattr__(self, name, float(getattr(self, name)))
        object.__setattr__(self, "agrees", bool(self.agrees))

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """What a study found: its targets, a sentence or two on how it was done, and curves worth a figure.

    curves: for each figure its title, axis titles, and lines of (label, x values, y values); a label that begins with
    'published' is drawn as the reference.
    """

    title: str
    method: str
    targets: list[Target]
    curves: list["Curves"] = field(default_factory=list)


@dataclass(frozen=True)
class Curves:
    """Lines of one figure."""

    title: str
    x: str
    y: str
    lines: list[tuple[str, list[float], list[float]]]
    log_x: bool = False
    log_y: bool = False


Study = Callable[[Effort], Finding]
