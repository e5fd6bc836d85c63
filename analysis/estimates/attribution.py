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

import numpy as np

from analysis.estimates.paired import Estimate, Floats, Statistic, Worlds, estimate

WAYS = ("direct", "recommended")  # in which an impression came; columns of the measure `lanes`
SEEN = "candidate_impressions"
Steps = list[tuple[float, str, str]]  # of a weighted sum: from an arm (last) to one that has more


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


def credit(found: Coalitions, channel: str) -> Steps:
    """A channel's Shapley value: what it adds to every subset of the others, each weighed by the orders in which it comes next."""
    others, n = [name for name in found.channels if name != channel], len(found.channels)
    return [
        (factorial(size) * factorial(n - size - 1) / factorial(n), found.arms[frozenset({*there, channel})], found.arms[frozenset(there)])
        for size in range(n)
        for there in combinations(others, size)
    ]  # fmt: skip


def alone(found: Coalitions, channel: str) -> Steps:
    """What a channel adds where there is no other."""
    return [(1.0, found.arms[frozenset({channel})], found.arms[frozenset()])]


def last_in(found: Coalitions, channel: str) -> Steps:
    """What a channel adds to all others."""
    whole = frozenset(found.channels)
    return [(1.0, found.arms[whole], found.arms[whole - {channel}])]


def interaction(found: Coalitions, one: str, other: str) -> Steps:
    """How much more a channel adds where another is there, averaged over what else is there."""
    rest, n = [name for name in found.channels if name not in (one, other)], len(found.channels)
    steps: Steps = []
    for size in range(n - 1):
        share = factorial(size) * factorial(n - size - 2) / factorial(n - 1)
        for there in combinations(rest, size):
            for sign, beside in ((1.0, {other}), (-1.0, set[str]())):
                base = frozenset({*there, *beside})
                steps.append((sign * share, found.arms[base | {one}], found.arms[base]))
    return steps


def attribution(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
    """(contrast, measure, estimate) of every channel and every pair, in impressions per genuine user; none without subsets.

    Where the ways were measured, credit is told apart by them too; both add up to it.
    """
    found = coalitions_of(worlds)
    return list(_attributed(worlds, found)) if found else []


def _attributed(worlds: Worlds, found: Coalitions) -> Iterator[tuple[str, str, Estimate]]:
    asked: tuple[tuple[str, Callable[[Coalitions, str], Steps]], ...] = (
        ("credit", credit), ("alone", alone), ("last_in", last_in),
    )  # fmt: skip
    for channel in found.channels:
        for name, steps_of in asked:
            yield f"{name}:{channel}", "impressions", estimate(*summed(worlds, steps_of(found, channel)))
        if f"candidate_{WAYS[0]}" in worlds.runs:
            for way in WAYS:
                yield f"credit:{channel}", way, estimate(*summed(worlds, credit(found, channel), f"candidate_{way}"))
        yield f"credit:{channel}", "share", estimate(*_share(worlds, found, channel))
    for one, other in combinations(found.channels, 2):
        yield f"interaction:{one}+{other}", "impressions", estimate(*summed(worlds, interaction(found, one, other)))


def summed(worlds: Worlds, steps: Steps, column: str = SEEN) -> tuple[dict[str, Floats], Statistic]:
    """A weighted sum over steps of a column per genuine user; a step between worlds that are the same adds nothing, exactly."""
    arms = {arm for _, *both in steps for arm in both}
    columns = {
        f"{arm}:{column}": worlds.column(arm, column) / worlds.column(arm, "genuine_users") for arm in sorted(arms)
    }
    return columns, lambda x: sum(
        weight * float(x[f"{more}:{column}"].mean() - x[f"{less}:{column}"].mean()) for weight, more, less in steps
    )


def _share(worlds: Worlds, found: Coalitions, channel: str) -> tuple[dict[str, Floats], Statistic]:
    """A channel's credit over all that was manufactured; it can be negative, or more than all."""
    columns, of_channel = summed(worlds, credit(found, channel))
    whole, quiet = (f"{found.arms[frozenset(acting)]}:{SEEN}" for acting in (found.channels, ()))

    def share(x: Mapping[str, Floats]) -> float:
        made = float(x[whole].mean() - x[quiet].mean())
        return of_channel(x) / made if made else 0.0

    return columns, share


def of_each_seed(worlds: Worlds, found: Coalitions) -> dict[str, Floats]:
    """Each channel's credit in each seed, in impressions per genuine user."""
    nothing = np.zeros(len(worlds.manifest["seeds"]))
    return {
        channel: sum((w * (worlds.visibility(more) - worlds.visibility(less)) for w, more, less in credit(found, channel)), start=nothing)
        for channel in found.channels
    }  # fmt: skip
