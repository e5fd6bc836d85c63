"""Which worlds a comparison runs: a short list of arms written out in full, and policies at three strengths.

An entry with a `regulator` is about what that one does (see `sim.regulator`), and with `earlier`, a list of days, about each of its
steps alone and all of them together so many days earlier.

An arms preset is a list of entries, or a mapping that holds one under `arms` and suggests `days` and `replications`, which hold
unless the command line says otherwise, and `variants` (see `sim.scenario.variants`). An entry names campaigns, policies and
strengths, one or several each, and stands for all their combinations; `chosen` is the campaign of the scenario, or that of the
command line; `all` is every policy that there is, one's own included, but for those under `except`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sim.scenario.schema import ScenarioError, nearest, shown

STANDARD, WEAKER, STRONGER = "standard", "weaker", "stronger"
LEVELS = (WEAKER, STANDARD, STRONGER)
SUGGESTED = ("days", "replications", "variants")
ENTRY = ("campaign", "moderation", "strength", "except", "regulator", "earlier")
EARLIER_MOST = 400  # days
ALL, CHOSEN = "all", "chosen"


def written_out(
    raw: Any, presets: Mapping[str, Sequence[str]], levels_of: Callable[[str], Sequence[str]],
    steps_of: Callable[[str], Sequence[str]], chosen: str = "",
) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
    """Every arm of a preset once, in order, and what the preset suggests.

    `presets` are the known names by slot; `levels_of` gives the strengths that a moderation preset declares, `steps_of` the steps
    of a regulator preset; `chosen` is the scenario's campaign.
    """
    suggested: dict[str, Any] = {}
    if isinstance(raw, Mapping):
        for key in raw:
            if key not in (*SUGGESTED, "arms"):
                raise ScenarioError(f"arms.{key}: unknown key; {nearest(str(key), [*SUGGESTED, 'arms'])}")
        suggested = {key: raw[key] for key in SUGGESTED if key in raw}
        raw = raw.get("arms")
    if not isinstance(raw, list | tuple):
        raise ScenarioError(f"arms: {shown(raw)} given, allowed a list such as [{{campaign: quiet, moderation: none}}]")
    found = [
        arm | {"campaign": chosen if arm["campaign"] == CHOSEN else arm["campaign"]} | regulated
        for number, entry in enumerate(raw)
        for regulated in _regulated(entry, f"arms[{number}]", presets["regulator"], steps_of)
        for arm in _entry(entry, f"arms[{number}]", presets, levels_of)
    ]
    return [dict(arm) for arm in dict.fromkeys(tuple(arm.items()) for arm in found)], suggested


def _entry(
    entry: Any, where: str, presets: Mapping[str, Sequence[str]], levels_of: Callable[[str], Sequence[str]]
) -> list[dict[str, str]]:
    """The arms that one entry stands for: policies in order, each with its campaigns side by side."""
    if not isinstance(entry, Mapping):
        raise ScenarioError(f"{where}: {shown(entry)} given, allowed a mapping with {', '.join(ENTRY)}")
    for key in entry:
        if key not in ENTRY:
            raise ScenarioError(f"{where}.{key}: unknown key; {nearest(str(key), ENTRY)}")
    for key in ENTRY[:2]:
        if key not in entry:
            raise ScenarioError(f"{where}.{key}: missing; a preset, or a list of them")
    campaigns = _names(entry["campaign"], f"{where}.campaign", [*presets["campaign"], CHOSEN], None)
    every = ["none", *(name for name in presets["moderation"] if name != "none")]
    moderations = _names(entry["moderation"], f"{where}.moderation", every, every)
    if "except" in entry:
        left_out = _names(entry["except"], f"{where}.except", every, None)
        moderations = [name for name in moderations if name not in left_out]
    strengths = _names(entry.get("strength", STANDARD), f"{where}.strength", LEVELS, LEVELS)
    found = []
    for moderation in moderations:
        declared = levels_of(moderation) if "strength" in entry else [STANDARD]
        for strength in strengths:
            if strength in declared:
                found += [{"campaign": name, "moderation": moderation, "strength": strength} for name in campaigns]
            elif entry["strength"] != ALL:  # none has no strengths, and a preset need not declare any
                raise ScenarioError(
                    f"{where}.strength: {strength} given for {moderation}, which declares {', '.join(declared)}"
                )
    return found


def _regulated(
    entry: Any, where: str, known: Sequence[str], steps_of: Callable[[str], Sequence[str]]
) -> list[dict[str, Any]]:
    """What an entry says of regulators: each as it is, then each of its steps alone and all together so many days earlier."""
    if not isinstance(entry, Mapping) or "regulator" not in entry:
        if isinstance(entry, Mapping) and "earlier" in entry:
            raise ScenarioError(f"{where}.earlier: given without a regulator, allowed beside one")
        return [{}]
    days = entry.get("earlier", [])
    if not isinstance(days, list) or not all(
        isinstance(day, int) and not isinstance(day, bool) and 0 < day <= EARLIER_MOST for day in days
    ):
        raise ScenarioError(f"{where}.earlier: {shown(days)} given, allowed a list of days, each 1 to {EARLIER_MOST}")
    found: list[dict[str, Any]] = []
    for name in _names(entry["regulator"], f"{where}.regulator", [one for one in known if one != "none"], None):
        moved = [{"step": step, "earlier": day} for step in (*steps_of(name), None) for day in days]
        found += [{"regulator": name} | {key: value for key, value in one.items() if value} for one in ({}, *moved)]
    return found


def _names(given: Any, where: str, known: Sequence[str], every: Sequence[str] | None) -> list[str]:
    """One name or several, each of them known; `all` for every one where that is allowed."""
    if given == ALL and every is not None:
        return list(every)
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not names:
        raise ScenarioError(f"{where}: {shown(given)} given, allowed a name or a list of names")
    for name in names:
        if name not in known:
            raise ScenarioError(f"{where}: {name} given; {nearest(str(name), [*known, *([ALL] if every else [])])}")
    return list(names)


def asks_for_chosen(raw: Any) -> bool:
    """Whether an arms preset is about whichever campaign is chosen."""
    entries = raw
    while isinstance(entries, Mapping):  # one that speaks of the whole scenario holds its mapping under `arms`
        entries = entries.get("arms")
    return isinstance(entries, list) and any(
        CHOSEN in (entry.get("campaign"), *_several(entry.get("campaign")))
        for entry in entries
        if isinstance(entry, Mapping)
    )


def _several(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def check_twins(arms: Sequence[Any]) -> None:
    """Each policy needs its quiet world and its campaign world, and all are measured against no policy."""
    if not arms:
        raise ScenarioError("arms: none given, allowed a list of campaign and moderation presets")
    names = {arm.name for arm in arms}
    campaign = next((arm.campaign for arm in arms if arm.campaign != "quiet"), "quiet")
    policies = dict.fromkeys(["none", *(arm.policy for arm in arms)])
    for name in (f"{world}/{policy}" for policy in policies for world in ("quiet", campaign)):
        if name not in names:
            raise ScenarioError(
                f"arms: {name} is missing; a comparison needs quiet/none, {campaign}/none, and both worlds of each policy"
            )


def levels(moderation: Mapping[str, Any]) -> list[str]:
    """The strengths that a moderation preset declares; every preset has the standard one."""
    return [level for level in LEVELS if level == STANDARD or level in (moderation.get("strengths") or {})]


def at_strength(moderation: Mapping[str, Any]) -> dict[str, Any]:
    """A moderation document at the strength that it asks for.

    `strengths` holds under `weaker` and `stronger` those values that differ from the preset's own, at the same places. Both sets
    are checked even when neither is asked for.
    """
    own = {key: value for key, value in moderation.items() if key not in ("strength", "strengths")}
    asked, sets = moderation.get("strength", STANDARD), moderation.get("strengths") or {}
    where = "moderation.strengths"
    if not isinstance(sets, Mapping):
        raise ScenarioError(f"{where}: {shown(sets)} given, allowed {WEAKER} and {STRONGER} with values")
    for level in sets:
        if level not in (WEAKER, STRONGER):
            raise ScenarioError(f"{where}.{level}: unknown key; {nearest(str(level), (WEAKER, STRONGER))}")
    made = {level: _merged(own, values, f"{where}.{level}") for level, values in sets.items()}
    if asked == STANDARD:
        return own
    if asked not in made:
        raise ScenarioError(f"moderation.strength: {asked} given; {nearest(str(asked), [STANDARD, *made])}")
    return {**made[asked], "name": f"{own.get('name')}@{asked}"}


def _merged(own: Any, values: Any, where: str) -> dict[str, Any]:
    """A document with some of its values replaced; no new keys."""
    if not isinstance(values, Mapping):
        raise ScenarioError(f"{where}: {shown(values)} given, allowed keys with values")
    result = dict(own)
    for key, value in values.items():
        if key not in own or key == "_target_":
            raise ScenarioError(f"{where}.{key}: unknown key; {nearest(str(key), [k for k in own if k != '_target_'])}")
        result[key] = _merged(own[key], value, f"{where}.{key}") if isinstance(own[key], Mapping) else value
    return result
