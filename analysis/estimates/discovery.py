"""Under which assumptions a statement holds: boxes of few factors by patient rule induction, judged by members that had no part in it.

A box is peeled at one end of one factor at a time (Friedman and Fisher, Statistics and Computing 9, 123-143, 1999), over at most three
factors (Bryant and Lempert, Technological Forecasting and Social Change 77, 34-49, 2010; coverage, density and quasi-p-values are
theirs). They peel thin slices, patiently, by what raises the statement's share most; with a hundred members and as many factors the
emptiest thin slice is always one of luck. Here slices of a tenth to a half compete, and the box goes that luck explains least. Something
is found in any members, and quasi-p-values do not know of the search: it is made in two thirds of them, and told only where the
other third bears it out.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.estimates.emulator import Floats, levels_of

Bools = npt.NDArray[np.bool_]
PEELS = (0.1, 0.2, 0.3, 0.4, 0.5)  # shares of a box's members that may go at a time
SMALLEST = 0.1  # share of the members below which a box is not peeled further
FACTORS = 3  # that a box restricts at most
KEPT_OUT = 1 / 3  # share of the members
SURE = 0.05  # of quasi-p-values, and of the test by members kept out


@dataclass(frozen=True)
class Restriction:
    """A factor's part of a box: places in [0, 1] from low to high, both included; quasi_p: how likely so great a share, or a greater one,
    is in the box by luck, were the share that it has without this restriction the true one."""

    factor: int
    low: float
    high: float
    quasi_p: float = float("nan")


@dataclass(frozen=True)
class Box:
    """Where a statement holds. members and hits: in the box, and thereof those of whom it holds, of the members in which it was sought;
    coverage: hits over all of whom it holds. out_ ...: of those kept out; elsewhere: the statement's share outside the box among
    these; p: of a test, by members kept out alone, that it holds in the box more often than elsewhere (Fisher's exact, one-sided)."""

    restrictions: tuple[Restriction, ...]
    members: int
    hits: int
    coverage: float
    out_members: int
    out_hits: int
    elsewhere: float
    p: float

    @property
    def density(self) -> float:
        """Share of the box's members, of those in which it was sought, of whom the statement holds."""
        return self.hits / self.members

    @property
    def is_borne_out(self) -> bool:
        """Whether members kept out tell it from luck."""
        return self.p < SURE


def discover(design: Floats, holds: Bools, seed: int) -> Box | None:
    """The box in which a statement holds most surely, with what members kept out say; None where none is found or there is nothing to find.

    design: (n, d) places of members in [0, 1]; leave members that failed out. holds: (n,) whether the statement is true of each.
    seed: of the split. Whether a box may be told is for `is_borne_out` to say. Raises ValueError where shapes do not agree.
    """
    if design.ndim != 2 or len(design) != len(holds):
        raise ValueError(f"design {design.shape}, holds {holds.shape}: a row of each a member is wanted")
    out = np.zeros(len(holds), dtype=bool)
    out[np.random.default_rng([seed, 5]).permutation(len(holds))[: round(KEPT_OUT * len(holds))]] = True
    found = peeled(design[~out], holds[~out])
    if not found:
        return None
    inside = inside_of(design, found)
    seen = holds & inside
    hits, members = int((seen & ~out).sum()), int((inside & ~out).sum())
    out_hits, out_members = int((seen & out).sum()), int((inside & out).sum())
    others, other_hits = int((~inside & out).sum()), int((holds & ~inside & out).sum())
    p = stats.fisher_exact([[out_hits, out_members - out_hits], [other_hits, others - other_hits]], "greater").pvalue
    elsewhere = other_hits / others if others else float("nan")
    return Box(found, members, hits, hits / int((holds & ~out).sum()), out_members, out_hits, elsewhere, float(p))


def inside_of(design: Floats, box: tuple[Restriction, ...]) -> Bools:
    """Which members lie in a box."""
    inside = np.ones(len(design), dtype=bool)
    for one in box:
        inside &= (design[:, one.factor] >= one.low) & (design[:, one.factor] <= one.high)
    return inside


def peeled(design: Floats, holds: Bools) -> tuple[Restriction, ...]:
    """The box at which peeling ends, without restrictions that it does not need; empty where luck explains all."""
    if not 0 < holds.sum() < len(holds):
        return ()
    box: tuple[Restriction, ...] = ()
    least, share = float(np.log(SURE)), float(holds.mean())
    while options := _peels(design, inside_of(design, box), box):
        inside = np.array([inside_of(design, one) for one in options])
        luck = _luck((inside & holds).sum(axis=1), inside.sum(axis=1), share)
        luck[inside.mean(axis=1) < SMALLEST] = np.inf
        if luck.min() >= least:
            break
        box, least = options[int(luck.argmin())], float(luck.min())
    return _needed(design, holds, box)


def _peels(design: Floats, inside: Bools, box: tuple[Restriction, ...]) -> list[tuple[Restriction, ...]]:
    """Boxes that have a slice less, at either end of a factor; only of factors that it has, once it has as many as it may."""
    found = []
    for factor in [one.factor for one in box] if len(box) == FACTORS else range(design.shape[1]):
        values = design[inside, factor]
        few = np.unique(values) if levels_of(design[:, factor]) is not None else None
        lows = few[1:] if few is not None else np.quantile(values, PEELS)
        highs = few[:-1] if few is not None else np.quantile(values, 1 - np.array(PEELS))
        old = next((one for one in box if one.factor == factor), Restriction(factor, 0.0, 1.0))
        rest = tuple(one for one in box if one.factor != factor)
        found += [(*rest, replace(old, low=float(low))) for low in lows]
        found += [(*rest, replace(old, high=float(high))) for high in highs]
    return found


def _luck(hits: npt.ArrayLike, members: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """Logarithm of the probability of as many hits, or more, by luck, were the statement's share in a box the one given."""
    return np.asarray(stats.binom.logsf(np.asarray(hits) - 1, members, share), dtype=np.float64)


def _needed(design: Floats, holds: Bools, box: tuple[Restriction, ...]) -> tuple[Restriction, ...]:
    """The box without the restriction that luck explains best, until all that are left have quasi-p-values that are small."""
    while box:
        without = [tuple(other for other in box if other is not one) for one in box]
        share = [float(holds[inside_of(design, rest)].mean()) for rest in without]
        inside = inside_of(design, box)
        quasi = np.exp(_luck(holds[inside].sum(), inside.sum(), share))
        worst = int(np.argmax(quasi))
        if quasi[worst] < SURE:
            return tuple(
                sorted((replace(o, quasi_p=float(q)) for o, q in zip(box, quasi, strict=True)), key=lambda o: o.factor)
            )
        box = without[worst]
    return ()
