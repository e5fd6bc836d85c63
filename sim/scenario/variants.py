"""Versions of one campaign that a comparison runs beside it: every subset of its channels, or more and less of one tactic.

An arms preset asks for them under `variants`; they are of the campaign that the comparison is about. A channel is a group of
tactics that stand or fall together.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from sim.scenario.schema import ScenarioError, optional, shown

CHANNELS_MOST = 6  # of which there are 64 subsets, a world each
DOSE_MOST = 100.0
NAME = re.compile(r"[A-Za-z_][\w-]{0,63}", re.ASCII)


@dataclass(frozen=True)
class Variants:
    """What is asked for. channels: tactics by channel; a tactic that stands in none is a channel of its own, so that an empty
    mapping stands for each tactic. doses: multiples of what a tactic's plan would spend, by tactic."""

    channels: Mapping[str, tuple[str, ...]] | None = optional("groups of tactics of which every subset is run")
    doses: Mapping[str, tuple[float, ...]] | None = optional(
        "multiples of its plan at which each tactic is run, the others at theirs", "ratio", 0, DOSE_MOST
    )


@dataclass(frozen=True)
class Variant:
    """One version. doses: multiples of their plans by tactic, 0 of those that are left out; all others are as they were."""

    label: str
    doses: Mapping[str, float]


def channels_of(asked: Variants, tactics: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The channels that a campaign has, each with those of its tactics that there are; together they are all of them.

    Raises ScenarioError where they are more than CHANNELS_MOST.
    """
    there, named = list(tactics), asked.channels or {}
    twice = sorted({t for t in there if sum(t in group for group in named.values()) > 1})
    if twice:
        raise ScenarioError(f"variants.channels: {twice[0]} stands in several, allowed is each tactic in one")
    found = {name: tuple(t for t in there if t in group) for name, group in named.items()}
    found |= {t: (t,) for t in there if not any(t in group for group in named.values())}
    channels = {name: group for name, group in found.items() if group}
    if len(channels) > CHANNELS_MOST:
        raise ScenarioError(
            f"variants.channels: {len(channels)} given ({', '.join(channels)}), allowed {CHANNELS_MOST} at most; put some together"
        )
    return channels


def coalitions(channels: Mapping[str, tuple[str, ...]]) -> list[Variant]:
    """Every subset of the channels but none and all, which are the quiet world and the campaign itself."""
    return [
        Variant("+".join(acting), {t: 0.0 for name, group in channels.items() if name not in acting for t in group})
        for size in range(1, len(channels))
        for acting in combinations(channels, size)
    ]


def dosed(doses: Mapping[str, tuple[float, ...]], tactics: Iterable[str]) -> list[Variant]:
    """Each tactic at each of its multiples; once is the campaign itself."""
    return [
        Variant(f"{dose:g}x{name}", {name: dose})
        for name in tactics
        for dose in sorted(set(doses.get(name, ())))
        if dose != 1.0
    ]


def variants_of(asked: Variants | None, tactics: Iterable[str]) -> list[Variant]:
    """All versions that are asked for of a campaign with these tactics; ScenarioError where it has nothing of the kind."""
    if asked is None:
        return []
    there = list(tactics)
    for name in (*there, *(asked.channels or {})):
        if not NAME.fullmatch(name):  # names make those of versions, which are read again
            raise ScenarioError(
                f"variants: {shown(name)} given, allowed in the name of a channel or a tactic are at most 64 letters, digits, _ and -, "
                "the first a letter or _"
            )
    found = coalitions(channels_of(asked, there)) if asked.channels is not None else []
    found += dosed(asked.doses or {}, there)
    labels = [variant.label for variant in found]
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise ScenarioError(
            f"variants: {twice} stands twice, allowed is each version once; doses differ in six digits at the least"
        )
    if not found:
        raise ScenarioError(
            f"variants: nothing of the kind in a campaign with {', '.join(there) or 'no tactics'}, allowed is one with two channels, "
            "or with a tactic whose doses are asked for"
        )
    return found
