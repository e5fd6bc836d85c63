"""What an answer would be under assumptions that were not run: a Gaussian process that chooses its factors, with their Sobol indices.

The answer is a mean, a curve for each active factor and a surface for each pair of them, and a rest that no such sum explains
(Reich, Storlie and Bondell, Variable selection in Bayesian smoothing spline ANOVA models, Technometrics 51(2), 110-120, 2009).
Curves are sums of cosines over the factor's range, orthonormal under it; weights that fall with the fourth power of the frequency make
them smooth, with the second less so, with the first rough; a factor with few levels has a value of its own for each. The surface of a pair
is the product of its curves (Durrande and others, Journal of Multivariate Analysis 115, 57-67, 2013). As the functions are orthonormal, a
Sobol index is a sum of squared coefficients: nothing is integrated by chance.

Which factors are active is drawn, not chosen: a chain of Metropolis and Hastings goes over sets of factors, with equal prior weight for
each number of them, so that among 110 the evidence for one must be as much the stronger (Scott and Berger, The Annals of Statistics
38(5), 2587-2619, 2010). Intervals are those of the draws, and hold what screening, smoothness and the emulator leave open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

Floats = npt.NDArray[np.float64]
LEVELS = 8  # a factor that takes at most so many values is a choice
WAVES = 8  # cosines of a curve; the last has four periods over the range
DECAY = (
    4.0,
    2.0,
    1.0,
)  # powers by which weights fall with the frequency: of smooth curves, of less smooth and of rough ones
MOST = 16  # active factors at once
CHAINS, STEPS, FIRST = 2, 3000, 1000  # chains, their steps, and those that are left out at the start
STEP = 0.8  # spread of a step of a logarithm
CAP = 8.0  # most by which the data raise the logarithm of a proposal
PRIOR = {
    "curve": (np.log(0.2), 1.2),
    "pair": (np.log(0.15), 1.5),
    "rest": (np.log(0.05), 1.5),
}  # mean and spread of logarithms


@dataclass(frozen=True)
class Active:
    """A factor that matters: its column, the logarithms of the variance of its curve and of its part in that of pairs (the variance of
    a surface is the product of both parts), and which of DECAY makes it smooth or rough."""

    factor: int
    size: float
    pair: float
    kind: int


@dataclass(frozen=True)
class State:
    """Active factors, and the logarithm of the variance of the rest, where that of all values is one."""

    active: tuple[Active, ...] = ()
    rest: float = 0.0


def levels_of(column: Floats) -> Floats | None:
    """The values of a factor that has few, rising; None of one that has many."""
    found = np.unique(column)
    return found if len(found) <= LEVELS else None


def waves(levels: Floats | None, at: Floats) -> Floats:
    """Functions of one factor, orthonormal and of mean zero under its range: a row a place, places in [0, 1]."""
    if levels is None:
        return np.asarray(np.sqrt(2.0) * np.cos(np.pi * np.outer(at, np.arange(1, WAVES + 1))), dtype=np.float64)
    contrasts = np.sqrt(len(levels)) * linalg.helmert(len(levels)).T if len(levels) > 1 else np.zeros((1, 0))
    nearest = np.abs(at[:, None] - levels).argmin(axis=1)
    return np.asarray(contrasts[nearest], dtype=np.float64)


@cache
def weights(count: int, kind: int) -> Floats:
    """Shares of a curve's variance that its functions have beforehand; levels are all alike."""
    falling = np.arange(1.0, count + 1) ** -DECAY[kind] if count == WAVES else np.ones(count)
    return np.asarray(falling / falling.sum(), dtype=np.float64)


class Members:
    """Values of members with the variances of their luck, in units of their spread; functions and kernels of every factor."""

    def __init__(self, design: Floats, value: Floats, noise: Floats) -> None:
        self.mean, self.sd = float(value.mean()), float(value.std())
        self.y, self.noise = (value - self.mean) / self.sd, noise / self.sd**2
        self.design, (self.n, self.d) = design, design.shape
        self.levels = [levels_of(column) for column in design.T]
        self.waves = [waves(levels, column) for levels, column in zip(self.levels, design.T, strict=True)]
        self.factors = [k for k, found in enumerate(self.waves) if found.shape[1]]  # the others never vary
        self._kernels: dict[tuple[int, int], Floats] = {}
        self.singles, self.pairs = self._proposals()

    def _proposals(self) -> tuple[Floats, Floats]:
        """How readily each factor, and each pair, is tried: by what its first two functions say of the values, with a floor."""
        first = np.zeros((self.n, self.d, 2))
        for k in self.factors:
            kept = self.waves[k][:, :2]
            first[:, k, : kept.shape[1]] = kept
        alone = np.square(np.einsum("n,nda->da", self.y, first) / self.n).sum(axis=1)
        flat = first.reshape(self.n, -1)
        both = np.square(flat.T @ (self.y[:, None] * flat) / self.n).reshape(self.d, 2, self.d, 2).max(axis=(1, 3))
        varies = np.isin(np.arange(self.d), self.factors)
        singles = np.exp(np.minimum(self.n / 2 * alone, CAP)) * varies
        pairs = np.exp(np.minimum(self.n / 2 * both, CAP)) * np.triu(np.outer(varies, varies), 1)
        return singles, pairs / max(pairs.sum(), 1e-300)

    def kernel(self, factor: int, kind: int) -> Floats:
        """Covariance of the members' values by one curve of variance one."""
        if (factor, kind) not in self._kernels:
            scaled = self.waves[factor] * np.sqrt(weights(self.waves[factor].shape[1], kind))
            self._kernels[factor, kind] = scaled @ scaled.T
        return self._kernels[factor, kind]

    def covariance(self, state: State) -> Floats:
        """Of the members' values: mean, curves, pairs, luck and rest. Pairs by Newton's identity: half of (sum squared less squares)."""
        curves, parts, squares = (np.zeros((self.n, self.n)) for _ in range(3))
        for one in state.active:
            unit = self.kernel(one.factor, one.kind)
            curves += np.exp(one.size) * unit
            parts += np.exp(one.pair) * unit
            squares += (np.exp(one.pair) * unit) ** 2
        found = 1.0 + curves + (parts**2 - squares) / 2
        found[np.diag_indices(self.n)] += self.noise + np.exp(state.rest)
        return found

    def evidence(self, state: State) -> float:
        """Logarithm of how likely the values are, times how likely the state was beforehand but for sizes and kinds."""
        try:
            lower = linalg.cholesky(self.covariance(state), lower=True, overwrite_a=True, check_finite=False)
        except linalg.LinAlgError:
            return -np.inf
        z = linalg.solve_triangular(lower, self.y, lower=True, check_finite=False)
        m, d = len(state.active), len(self.factors)
        sets = special.gammaln(m + 1) + special.gammaln(d - m + 1) - special.gammaln(d + 1)
        return float(-0.5 * z @ z - np.log(np.diag(lower)).sum() + sets) + _prior("rest", state.rest)


def _prior(name: str, value: float) -> float:
    middle, spread = PRIOR[name]
    return float(-0.5 * ((value - middle) / spread) ** 2)


Proposal = tuple[State, float]  # and the logarithm of the ratio of proposals, back over forth, with the prior of sizes


def _born(factor: int, rng: np.random.Generator) -> Active:
    return Active(
        factor, float(rng.normal(*PRIOR["curve"])), float(rng.normal(*PRIOR["pair"])), int(rng.integers(len(DECAY)))
    )


def _one_more_or_less(state: State, members: Members, rng: np.random.Generator) -> Proposal | None:
    """A factor comes, by how readily it is tried, or one of the active ones goes; its size is drawn from the prior."""
    there = [one.factor for one in state.active]
    free = members.singles.copy()
    free[there] = 0.0
    m = len(there)
    if rng.random() < 0.5:
        if free.sum() == 0 or m >= MOST:
            return None
        new = int(rng.choice(members.d, p=free / free.sum()))
        return replace(state, active=(*state.active, _born(new, rng))), float(
            -np.log(m + 1) - np.log(free[new] / free.sum())
        )
    if m == 0:
        return None
    gone = int(rng.integers(m))
    chance = members.singles[there[gone]] / (free.sum() + members.singles[there[gone]])
    return replace(state, active=state.active[:gone] + state.active[gone + 1 :]), float(np.log(m) + np.log(chance))


def _two_more_or_less(state: State, members: Members, rng: np.random.Generator) -> Proposal | None:
    """Two factors come or go together, since two that only interact say nothing alone."""
    there, m = [one.factor for one in state.active], len(state.active)
    if rng.random() < 0.5:
        if members.pairs.sum() == 0 or m + 2 > MOST:
            return None
        new = [int(k) for k in divmod(int(rng.choice(members.d**2, p=members.pairs.ravel())), members.d)]
        if set(new) & set(there):
            return None
        more = tuple(_born(factor, rng) for factor in new)
        return replace(state, active=state.active + more), float(
            -np.log((m + 2) * (m + 1) / 2) - np.log(members.pairs[tuple(new)])
        )
    if m < 2:
        return None
    one, other = sorted(rng.choice(m, 2, replace=False))
    left = tuple(a for k, a in enumerate(state.active) if k not in (one, other))
    chance = members.pairs[min(there[one], there[other]), max(there[one], there[other])]
    return replace(state, active=left), float(np.log(chance) + np.log(m * (m - 1) / 2))


def _another_instead(state: State, members: Members, rng: np.random.Generator) -> Proposal | None:
    """An active factor hands its curve to one that is not."""
    if not state.active:
        return None
    gone = int(rng.integers(len(state.active)))
    old, free = state.active[gone], members.singles.copy()
    free[[one.factor for one in state.active]] = 0.0
    if free.sum() == 0:
        return None
    new = int(rng.choice(members.d, p=free / free.sum()))
    back = members.singles[old.factor] / (free.sum() - free[new] + members.singles[old.factor])
    active = (*state.active[:gone], replace(old, factor=new), *state.active[gone + 1 :])
    return replace(state, active=active), float(np.log(back) - np.log(free[new] / free.sum()))


def _another_size(state: State, members: Members, rng: np.random.Generator) -> Proposal:
    """A step of the sizes of one factor, now and then with another kind of curve; or of the rest."""
    which = int(rng.integers(len(state.active) + 1))
    if which == len(state.active):
        return replace(state, rest=state.rest + float(rng.normal(0.0, STEP))), 0.0
    old, steps = state.active[which], rng.normal(0.0, STEP, 2) * rng.integers(2, size=2)
    kind = int(rng.integers(len(DECAY))) if rng.random() < 0.3 else old.kind
    new = replace(old, size=old.size + float(steps[0]), pair=old.pair + float(steps[1]), kind=kind)
    active = (*state.active[:which], new, *state.active[which + 1 :])
    gain = sum(_prior(name, at) for name, at in (("curve", new.size), ("pair", new.pair)))
    return replace(state, active=active), gain - _prior("curve", old.size) - _prior("pair", old.pair)


MOVES = (_another_size, _one_more_or_less, _two_more_or_less, _another_instead)
OFTEN = (0.5, 0.3, 0.1, 0.1)


def states(members: Members, seed: Sequence[int], wanted: int, chains: int = CHAINS) -> list[State]:
    """So many states of the chains, evenly from those after the first steps."""
    found: list[State] = []
    for chain in range(chains):
        rng = np.random.default_rng([*seed, chain])
        state, was, passed = State(), members.evidence(State()), []
        for step in range(STEPS):
            proposal = MOVES[int(rng.choice(len(MOVES), p=OFTEN))](state, members, rng)
            if proposal is not None:
                now = members.evidence(proposal[0])
                if np.log(rng.random()) < now - was + proposal[1]:
                    state, was = proposal[0], now
            if step >= FIRST:
                passed.append(state)
        kept = np.linspace(0, len(passed) - 1, -(-wanted // chains)).astype(int)
        found += [passed[k] for k in kept]
    return found[:wanted]


@dataclass(frozen=True)
class Answer:
    """One function that the values leave possible. mean and curves (coefficients by factor) in units of the answer; parts: variance
    by curve, (factor,), and by pair of factors; rest: variance that no curve and no pair explains."""

    mean: float
    curves: dict[int, Floats]
    parts: dict[tuple[int, ...], float]
    rest: float


def draw(members: Members, state: State, rng: np.random.Generator) -> Answer:
    """A function by its coefficients: one of the prior, moved to the values (Matheron's rule; Wilson and others, ICML 2020)."""
    count = {one.factor: members.waves[one.factor].shape[1] for one in state.active}
    size: dict[tuple[int, ...], Floats] = {
        (one.factor,): np.exp(one.size) * weights(count[one.factor], one.kind) for one in state.active
    }
    part = {one.factor: np.exp(one.pair) * weights(count[one.factor], one.kind) for one in state.active}
    size |= {(one, other): np.outer(part[one], part[other]).ravel() for one, other in combinations(part, 2)}
    columns = [np.ones((members.n, 1))]
    for key, variance in size.items():
        products = members.waves[key[0]]
        if len(key) == 2:
            products = (products[:, :, None] * members.waves[key[1]][:, None, :]).reshape(members.n, -1)
        columns.append(products * np.sqrt(variance))
    scaled = np.hstack(columns)
    prior = rng.normal(size=scaled.shape[1])
    luck = rng.normal(size=members.n) * np.sqrt(members.noise + np.exp(state.rest))
    lower = linalg.cho_factor(members.covariance(state), lower=True)
    moved = prior + scaled.T @ linalg.cho_solve(lower, members.y - scaled @ prior - luck)
    ends = np.cumsum([found.shape[1] for found in columns])[:-1]
    own = {key: members.sd * at * np.sqrt(size[key]) for key, at in zip(size, np.split(moved, ends)[1:], strict=True)}
    return Answer(
        mean=members.mean + members.sd * float(moved[0]),
        curves={key[0]: at for key, at in own.items() if len(key) == 1},
        parts={key: float((at**2).sum()) for key, at in own.items()},
        rest=members.sd**2 * float(np.exp(state.rest)),
    )


def predicted(members: Members, drawn: Sequence[State], design: Floats) -> Floats:
    """The mean answer at other places, over states. design: (m, d) places in [0, 1]."""
    there = [waves(levels, column) for levels, column in zip(members.levels, design.T, strict=True)]
    total = np.zeros(len(design))
    for state in drawn:
        curves, parts, squares = (np.zeros((len(design), members.n)) for _ in range(3))
        for one in state.active:
            unit = (there[one.factor] * weights(there[one.factor].shape[1], one.kind)) @ members.waves[one.factor].T
            curves += np.exp(one.size) * unit
            parts += np.exp(one.pair) * unit
            squares += (np.exp(one.pair) * unit) ** 2
        lower = linalg.cho_factor(members.covariance(state), lower=True)
        total += (1.0 + curves + (parts**2 - squares) / 2) @ linalg.cho_solve(lower, members.y)
    return np.asarray(members.mean + members.sd * total / len(drawn), dtype=np.float64)
