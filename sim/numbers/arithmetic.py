"""Numbers that come out with the same bits on every machine.

Library exponentials and logarithms differ in their last bits between processors, and one bit can change a decision.
These forms use only additions, multiplications, divisions and square roots, which IEEE 754 fixes to the last bit.
Decisions are then taken in integers: one logit is 1024 units (`LOGIT`), probabilities are thresholds out of 2^32.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]

LOGIT = 1024  # units of one logit (or one natural-log unit) in integer scores
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10


def units(logits: float) -> int:
    """A number of logits as integer units."""
    return round(logits * LOGIT)


def exp(x: npt.ArrayLike) -> Floats:
    """e to the x: range reduction by powers of two, then a Taylor polynomial of degree 13 (relative error < 1e-15)."""
    values = np.asarray(x, dtype=np.float64)
    power = np.rint(values * 1.4426950408889634)
    rest = (values - power * _LN2_HIGH) - power * _LN2_LOW
    total = np.ones_like(rest)
    for n in range(13, 0, -1):
        total = 1.0 + total * rest / n
    return np.ldexp(total, power.astype(np.int64))


@njit
def exp_in_place(values, powers):
    """`exp` of the values for kernels, with vector instructions and the same bits; for values within +-700.

    values: float64; powers: room for as many int64. 2^n is made from its bits, since no library call is left in the loop.
    """
    for k in range(len(values)):
        power = np.rint(values[k] * 1.4426950408889634)
        rest = (values[k] - power * _LN2_HIGH) - power * _LN2_LOW
        total = 1.0
        for n in range(13, 0, -1):
            total = 1.0 + total * rest / n
        values[k] = total
        powers[k] = (np.int64(power) + 1023) << 52
    scale = powers.view(np.float64)
    for k in range(len(values)):
        values[k] *= scale[k]


def log(x: npt.ArrayLike) -> Floats:
    """Natural logarithm of positive numbers: exponent apart, then the series of artanh (relative error < 1e-15)."""
    mantissa, exponent = np.frexp(np.asarray(x, dtype=np.float64))
    small = mantissa < 0.70710678118654752
    mantissa = np.where(small, mantissa * 2.0, mantissa)
    exponent = np.where(small, exponent - 1, exponent).astype(np.float64)
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    square = ratio * ratio
    total = np.zeros_like(ratio)
    for n in range(23, 0, -2):
        total = total * square + 1.0 / n
    return exponent * _LN2_HIGH + (2.0 * ratio * total + exponent * _LN2_LOW)


_CENTRE_TOP = (
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2,
    1.383577518672690e2, -3.066479806614716e1, 2.506628277459239,
)  # fmt: skip
_CENTRE_BOTTOM = (
    -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2,
    6.680131188771972e1, -1.328068155288572e1, 1.0,
)  # fmt: skip
_TAIL_TOP = (
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838,
    -2.549732539343734, 4.374664141464968, 2.938163982698783,
)  # fmt: skip
_TAIL_BOTTOM = (7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0)


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    total = np.zeros_like(x)
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def normal_quantile(u: npt.ArrayLike) -> Floats:
    """Standard normal quantile of numbers inside (0, 1), by P. Acklam's rational approximation (relative error 1e-9)."""
    p = np.asarray(u, dtype=np.float64)
    offset = p - 0.5
    centre = offset * _polynomial(_CENTRE_TOP, offset * offset) / _polynomial(_CENTRE_BOTTOM, offset * offset)
    tail = np.minimum(p, 1.0 - p)
    root = np.sqrt(-2.0 * log(np.minimum(tail, 0.02425)))
    low = _polynomial(_TAIL_TOP, root) / _polynomial(_TAIL_BOTTOM, root)
    return np.where(tail >= 0.02425, centre, np.where(p < 0.5, low, -low))


def _logistic_table() -> npt.NDArray[np.uint32]:
    """Thresholds out of 2^32 of the logistic function on [-16, 16), in steps of 1/128 logit."""
    logits = (np.arange(4096) + 0.5) / 128.0 - 16.0
    return np.floor(4294967295.0 / (1.0 + exp(-logits))).astype(np.uint32)


def _gumbel_table() -> npt.NDArray[np.int32]:
    """4096 equally likely values of standard Gumbel noise, in units of LOGIT."""
    u = (np.arange(4096) + 0.5) / 4096.0
    return np.rint(-log(-log(u)) * LOGIT).astype(np.int32)


def _exponential_table() -> npt.NDArray[np.int32]:
    """256 equally likely values of the unit exponential distribution, in 1/256."""
    return np.rint(-log(1.0 - (np.arange(256) + 0.5) / 256.0) * 256.0).astype(np.int32)


def _log2_table() -> npt.NDArray[np.int32]:
    """log2(1 + k/256) in units of LOGIT."""
    return np.rint(log(1.0 + np.arange(256) / 256.0) / 0.6931471805599453 * LOGIT).astype(np.int32)


LOGISTIC = _logistic_table()
GUMBEL = _gumbel_table()
EXPONENTIAL = _exponential_table()
LOG2 = _log2_table()
NORMAL = normal_quantile((np.arange(65536) + 0.5) / 65536.0)  # equally likely standard normal values


@njit(inline="always")
def logistic_threshold(logit: int) -> np.uint32:
    """Threshold out of 2^32 of the logistic function of a logit in integer units (clipped to [-16, 16))."""
    cell = (logit + 16 * 1024) >> 3
    if cell < 0:
        cell = 0
    if cell > 4095:
        cell = 4095
    return np.uint32(LOGISTIC[cell])


def logistic_of(logit: int) -> int:
    """`logistic_threshold` in plain Python."""
    return int(LOGISTIC[min(max((logit + 16 * LOGIT) >> 3, 0), 4095)])


def log2_units(count: int) -> int:
    """log2 of a positive integer in integer units, from the eight bits after the first (plain Python)."""
    bits = count.bit_length() - 1
    rest = (count << 8 >> bits) & 255
    return bits * LOGIT + int(LOG2[rest])


@njit(inline="always")
def log2_compiled(count: int) -> int:
    """`log2_units` for kernels, of positive integers below 2^32."""
    bits, rest = 0, count
    for width in (16, 8, 4, 2, 1):
        if rest >> width:
            rest >>= width
            bits += width
    return bits * 1024 + int(LOG2[(count << 8 >> bits) & 255])


def log2_units_array(counts: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """`log2_units` over an array of positive integers below 2^52."""
    counts = np.asarray(counts, dtype=np.int64)
    bits = np.frexp(counts.astype(np.float64))[1].astype(np.int64) - 1
    rest = ((counts << 8) >> bits) & 255
    return np.asarray(bits * LOGIT + LOG2[rest], dtype=np.int64)


def lognormal(mean: float, spread: float, normal: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Log-normal numbers with the given mean and standard deviation of their logarithm, from standard normal ones."""
    return mean * exp(spread * normal - 0.5 * spread * spread)
