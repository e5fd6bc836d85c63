"""Whether a comparison has enough worlds, and an interval that holds whenever one stops.

The usual interval, Student's t, covers 95% where the number of worlds was fixed in advance. The anytime one covers the truth at all
looks at once with that probability, whatever rule ends the looking. It inverts a mixture t-test: under a normal prior of variance g of
the effect in standard deviations, the Bayes factor of an estimate t standard errors off, with n worlds and k = 1 + n g, is
k^(-1/2) ((1 + t^2 / (n - 1)) / (1 + t^2 / ((n - 1) k)))^(n / 2) (Gonen and others, The American Statistician 59(3), 252-257, 2005); for
Gaussian values it exceeds 20 ever with probability below a twentieth, whatever their spread (Perez-Ortiz and others, The Annals of
Statistics 52(4), 1410-1432, 2024). Worlds are not Gaussian where one hit makes an answer: of log-normal ones with a spread of .3, .6 and 1
(of the logarithm) it holds the truth in 96, 91 and 79% of studies, the usual one in 93, 91 and 91%.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.estimates.contrasts import dampening, manufactured
from analysis.estimates.paired import Worlds, estimate
from sim.runs.face import Watch, Wish
from sim.scenario.schema import ScenarioError, nearest

PRIOR = 0.5  # variance of the effect in standard deviations; narrowest where some 16 worlds are seen
MISSES = 0.05  # probability that the anytime interval ever misses
MANUFACTURED, DAMPENING = "manufactured", "dampening:"


def watch(wish: Wish, arms: Sequence[str]) -> Watch:
    """What looks at a comparison of these arms under way. Raises ScenarioError where they have no such contrast."""
    policies = dict.fromkeys(arm.split("/", 1)[1] for arm in arms)
    allowed = [MANUFACTURED, *(f"{DAMPENING}{policy}" for policy in policies if policy != "none")]
    if wish.precision_of not in allowed:
        raise ScenarioError(f"precision_of: {wish.precision_of} given; {nearest(wish.precision_of, allowed)}")

    def width(runs: pd.DataFrame, arms: Sequence[str]) -> float:
        """Half-width of the usual interval over the estimate."""
        names = [dict(zip(("campaign", "moderation"), arm.split("/", 1), strict=True)) for arm in arms]
        worlds, policy = Worlds(runs, {"arms": names}), wish.precision_of.removeprefix(DAMPENING)
        found = estimate(*(manufactured(worlds) if wish.precision_of == MANUFACTURED else dampening(worlds, policy)))
        if found.low is None or found.value == 0:
            return math.inf
        return (found.value - found.low) / abs(found.value)

    return Watch(wish, width)


def reach(n: int) -> float:
    """Standard errors to either side of an estimate from n worlds that the anytime interval takes in; infinite where n is too few."""
    k = 1.0 + n * PRIOR
    q = (math.sqrt(k) / MISSES) ** (2.0 / n)
    return math.sqrt((n - 1) * (q - 1.0) / (1.0 - q / k)) if n > 1 and q < k else math.inf


def anytime(found: Any) -> tuple[float, float]:
    """Ends of the anytime interval of a row of estimates."""
    width = reach(int(found.n)) * float(found.paired_sd)
    return found.estimate - width, found.estimate + width


def why_it_stopped(looked: Mapping[str, Any], found: Any) -> str:
    """What a comparison that looked says of when it stopped. found: the row of estimates that was watched."""
    low, high = anytime(found)
    n, width, wish, of = looked["looks"][-1], looked["widths"][-1], looked["precision"], looked["precision_of"]
    what = "manufactured visibility" if of == MANUFACTURED else f"the dampening by {of.removeprefix(DAMPENING)}"
    if looked["reached"]:
        ended = (
            f"Seeds were added until the half-width of {what} was at most {wish:.0%} of it at two looks in a row: "
            f"{width:.0%} with {n} seeds"
        )
    else:
        more = max(1, math.ceil(n * (width / wish) ** 2) - n)
        ended = (
            f"Seeds were added up to the {n} that were allowed, and the half-width of {what} is {width:.0%} of it where {wish:.0%} was "
            f"wished: about {more:,} more would be needed"
        )
    return f"{ended}. An interval that holds whenever one stops: {low:.2f} to {high:.2f}"
