"""A Gaussian process that stands for a simulator: what a statistic is expected to be, and how far that may be off.

The simulator is random. What is emulated is the expectation of its statistic over seeds; luck enters as a nugget of known size,
which repeated settings tell (Kennedy and O'Hagan 2001; Andrianakis et al. 2015, doi 10.1371/journal.pcbi.1003968). An emulator is
judged on settings that were kept out while it was fitted, lengths of correlation included, and is widened where it was too sure.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.linalg import solve_triangular
from scipy.optimize import brentq
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct, Kernel, Matern

Floats = npt.NDArray[np.float64]
FOLDS = 5  # in which settings are kept out by turns
LENGTHS = (0.2, 50.0)  # of correlation that are tried; a parameter runs from -1 to 1
SIZES = (1e-4, 1e3)  # variances of trend and of departures that are tried, in those of the statistic
LEAST = 1e-8  # variance of the statistic's own below which a nugget is numerical noise


@dataclass(frozen=True)
class Emulator:
    """The expectation of one statistic over the unit cube of parameters."""

    process: GaussianProcessRegressor | None  # None: a statistic that no setting moves
    centre: float  # the statistic's mean over settings, and its spread, by which it was scaled
    scale: float
    added: float  # variance that was added since settings kept out lay further off than was said
    few: float  # factor of the variance, since so few settings have told it (see `_few`)
    explained: float  # share of the variance of settings kept out, Q2; below 1 by luck alone (see `explicable`)
    explicable: float  # the most that Q2 can be, as far as luck in each setting is known
    residual: (
        float  # root mean square of standardised residuals of settings kept out, before anything was added; 1 is right
    )

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Expectation and its variance at points of the unit cube, an array of points by parameters."""
        if self.process is None:
            return np.full(len(points), self.centre), np.full(len(points), self.added)
        mean, variance = _predicted(self.process, 2 * points - 1)
        return self.centre + self.scale * mean, self.few * (self.scale**2 * variance + self.added)


def emulate(points: Floats, values: Floats, nuggets: Floats) -> Emulator:
    """Fit and judge an emulator.

    points: settings by parameters, in the unit cube. values: the statistic at each, a mean over seeds. nuggets: variance of that
    mean by luck, at each.
    """
    centre, scale = float(values.mean()), float(values.std())
    if scale <= 1e-12 * max(abs(centre), 1e-12):
        return Emulator(None, centre, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0)
    inputs, outputs, alpha = 2 * points - 1, (values - centre) / scale, np.maximum(nuggets / scale**2, LEAST)
    process = _fitted(_kernel(points.shape[1]), inputs, outputs, alpha)
    means, variances = _kept_out(process.kernel_, inputs, outputs, alpha)
    squares, said = (outputs - means) ** 2, variances + alpha
    return Emulator(
        process, centre, scale, _missing(squares, said) * scale**2, _few(len(values)),
        explained=float(1 - squares.mean() / outputs.var()), explicable=float(max(1 - alpha.mean() / outputs.var(), 0.0)),
        residual=float(np.sqrt((squares / said).mean())),
    )  # fmt: skip


def _kernel(parameters: int) -> Kernel:
    """A linear trend with unknown coefficients, and departures from it with a length for each parameter."""
    trend = ConstantKernel(0.3, SIZES) * DotProduct(sigma_0=1.0, sigma_0_bounds="fixed")
    return trend + ConstantKernel(0.3, SIZES) * Matern(np.full(parameters, 2.0 * np.sqrt(parameters)), LENGTHS, nu=2.5)


def _fitted(kernel: Kernel, inputs: Floats, outputs: Floats, alpha: Floats) -> GaussianProcessRegressor:
    """A process with the lengths and variances of greatest likelihood; a length at its bound says that a parameter moves nothing."""
    process = GaussianProcessRegressor(kernel, alpha=alpha)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(inputs, outputs)


def _kept_out(kernel: Kernel, inputs: Floats, outputs: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """What is expected of each setting by a process that was fitted without it, and the variance of that."""
    means, variances = np.empty(len(outputs)), np.empty(len(outputs))
    for out in _folds(len(outputs)):
        process = _fitted(kernel, inputs[~out], outputs[~out], alpha[~out])
        means[out], variances[out] = _predicted(process, inputs[out])
    return means, variances


def _predicted(process: GaussianProcessRegressor, inputs: Floats) -> tuple[Floats, Floats]:
    """What the process itself would predict (Rasmussen and Williams 2006, algorithm 2.1), without its checks at every call."""
    between = process.kernel_(inputs, process.X_train_)
    known = solve_triangular(process.L_, between.T, lower=True, check_finite=False)
    variance = process.kernel_.diag(inputs) - np.einsum("ij,ij->j", known, known)
    return between @ process.alpha_, np.maximum(variance, 0.0)


def _folds(count: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Every setting is kept out once; a design has no order, so that each fold is a sample of it."""
    for fold in range(min(FOLDS, count)):
        yield np.arange(count) % FOLDS == fold


def _missing(squares: Floats, said: Floats) -> float:
    """The variance that is to be added, so that squared residuals are on average what is said of them.

    squares: squared residuals of settings kept out. said: their variances.
    """
    if (squares / said).mean() <= 1:
        return 0.0
    return float(brentq(lambda more: (squares / (said + more)).mean() - 1, 0.0, 2 * squares.sum()))


def _few(settings: int) -> float:
    """By how much a variance is to be enlarged that so many settings have told: three standard deviations then hold what they should.

    The square of Student's quantile over the normal one, at the two-sided probability of three standard deviations; 1.7 for 12 settings,
    1.3 for 20, 1.03 for 200.
    """
    return float((stats.t.ppf(stats.norm.cdf(3.0), max(settings - 2, 1)) / 3.0) ** 2)
