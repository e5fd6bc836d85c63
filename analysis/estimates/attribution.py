"""Which channel did it: credit of each channel of a campaign for what was manufactured, from worlds with every subset of them.

Credit is the Shapley value: what a channel adds to those that are there before it, averaged over all orders in which they could
have come (Shapley 1953). It is linear in the worlds, so that each seed adds up to its own manufactured visibility, and an ordinary
interval over seeds holds. Beside it stand what a channel adds alone, what it adds last (which is what goes where only that channel
is taken away), and for each pair how much more both add together than apart (the interaction index of Grabisch and Roubens 1999,
Int J Game Theory 28:547).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

from analysis.estimates.paired import Estimate, Floats, Statistic, Worlds, estimate

WAYS = ("direct", "recommended")  # in which an impression came; columns of the measure `lanes`
Weights = dict[str, float]  # of arms, in a sum over them


@dataclass(frozen=True)
class Coalitions:
    """The arms of all subsets of a campaign's channels, by subset. tactics: of each channel."""

    arms: Mapping[frozenset[str], str]
    tactics: Mapping[str, tuple[str, ...]]

    @property
    def channels(self) -> list[str]:
        """In the order of the list."""
        return list(self.tactics)


def coalitions_of(worlds: Worlds) -> Coalitions | None:
    """What a comparison has of them; None where it compares no subsets."""
    arms, tactics = {frozenset[str](): "quiet/none"}, dict[str, tuple[str, ...]]()
    for variant in worlds.manifest.get("variants") or ():
        campaign, _, label = variant["campaign"].removesuffix("]").partition("[")
        acting = frozenset(label.split("+"))
        if (
            campaign == worlds.campaign
            and variant["moderation"] == "none"
            and not any(_is_dose(name) for name in acting)
        ):
            arms[acting] = variant["name"]
            if len(acting) == 1:
                tactics[label] = tuple(variant["doses"])
    arms[frozenset(tactics)] = f"{worlds.campaign}/none"
    return Coalitions(arms, tactics) if len(tactics) > 1 and len(arms) == 2 ** len(tactics) else None


def _is_dose(label: str) -> bool:
    """Whether a version is a tactic at a multiple of its plan, such as 0.5xwake_sleepers."""
    return label[:1].isdigit()


def credit(found: Coalitions, channel: str) -> Weights:
    """Weights of the arms in a channel's Shapley value."""
    others, n = [name for name in found.channels if name != channel], len(found.channels)
    weights = dict.fromkeys(found.arms.values(), 0.0)
    for size in range(n):
        share = factorial(size) * factorial(n - size - 1) / factorial(n)
        for there in combinations(others, size):
            weights[found.arms[frozenset({*there, channel})]] += share
            weights[found.arms[frozenset(there)]] -= share
    return weights


def alone(found: Coalitions, channel: str) -> Weights:
    """What a channel adds where there is no other."""
    return {found.arms[frozenset({channel})]: 1.0, found.arms[frozenset()]: -1.0}


def last_in(found: Coalitions, channel: str) -> Weights:
    """What a channel adds to all others."""
    whole = frozenset(found.channels)
    return {found.arms[whole]: 1.0, found.arms[whole - {channel}]: -1.0}


def interaction(found: Coalitions, one: str, other: str) -> Weights:
    """How much more two channels add together than each by itself, averaged over what else is there."""
    rest, n = [name for name in found.channels if name not in (one, other)], len(found.channels)
    weights = dict.fromkeys(found.arms.values(), 0.0)
    for size in range(n - 1):
        share = factorial(size) * factorial(n - size - 2) / factorial(n - 1)
        for there in combinations(rest, size):
            for more, sign in (((one, other), 1.0), ((one,), -1.0), ((other,), -1.0), ((), 1.0)):
                weights[found.arms[frozenset({*there, *more})]] += sign * share
    return weights


def attribution(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
    """(contrast, measure, estimate) of every channel and every pair, in impressions per genuine user; none without subsets.

    Where the ways were measured, credit is told apart by them too; both add up to it.
    """
    found = coalitions_of(worlds)
    return list(_attributed(worlds, found)) if found else []


def _attributed(worlds: Worlds, found: Coalitions) -> Iterator[tuple[str, str, Estimate]]:
    asked: tuple[tuple[str, Callable[[Coalitions, str], Weights]], ...] = (
        ("credit", credit), ("alone", alone), ("last_in", last_in),
    )  # fmt: skip
    for channel in found.channels:
        for name, weights_of in asked:
            yield f"{name}:{channel}", "impressions", estimate(*summed(worlds, weights_of(found, channel)))
        if f"candidate_{WAYS[0]}" in worlds.runs:
            for way in WAYS:
                yield f"credit:{channel}", way, estimate(*summed(worlds, credit(found, channel), f"candidate_{way}"))
        yield f"credit:{channel}", "share", estimate(*_share(worlds, found, channel))
    for one, other in combinations(found.channels, 2):
        yield f"interaction:{one}+{other}", "impressions", estimate(*summed(worlds, interaction(found, one, other)))


def summed(
    worlds: Worlds, weights: Weights, column: str = "candidate_impressions"
) -> tuple[dict[str, Floats], Statistic]:
    """A weighted sum over arms of a column per genuine user."""
    columns = {
        f"{arm}:{column}": worlds.column(arm, column) / worlds.column(arm, "genuine_users")
        for arm, weight in weights.items()
        if weight
    }
    return columns, lambda x: float(sum(weights[key.rsplit(":", 1)[0]] * value.mean() for key, value in x.items()))


def _share(worlds: Worlds, found: Coalitions, channel: str) -> tuple[dict[str, Floats], Statistic]:
    """A channel's credit over all that was manufactured; it can be negative, or more than all."""
    part, of_channel = summed(worlds, credit(found, channel))
    whole = f"{found.arms[frozenset(found.channels)]}:candidate_impressions"
    quiet = "quiet/none:candidate_impressions"

    def share(x: Mapping[str, Floats]) -> float:
        made = float(x[whole].mean() - x[quiet].mean())
        return of_channel(x) / made if made else 0.0

    return part, share


def of_each_seed(worlds: Worlds, found: Coalitions) -> dict[str, Floats]:
    """Each channel's credit in each seed, in impressions per genuine user."""
    return {
        channel: sum(
            (weight * worlds.visibility(arm) for arm, weight in credit(found, channel).items()), start=0.0 * worlds.visibility("quiet/none")
        )
        for channel in found.channels
    }  # fmt: skip
