"""A checked scenario from a composed document, its plug-ins built."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.scenario.arms import at_strength
from sim.scenario.config import Audience, Campaign, Moderation, Scenario
from sim.scenario.documents import FILE
from sim.scenario.plug_ins import plug_in
from sim.scenario.record import Record
from sim.scenario.regulator import Regulator
from sim.scenario.schema import ScenarioError, build, nearest, shown


def scenario_of(document: Mapping[str, Any], trust: Sequence[str] = ()) -> Scenario:
    """A checked scenario from a composed document."""
    parts = dict(document)
    parts["recommender"] = plug_in(parts.get("recommender"), "recommender", trust)
    audience = parts.get("audience")
    named = isinstance(audience, Mapping) and "_target_" in audience
    parts["audience"] = plug_in(audience, "audience", trust) if named else build(Audience, audience, "audience")
    parts["campaign"] = build(Campaign, _with("campaign", parts.get("campaign"), ("tactics",), (), trust), "campaign")
    parts["moderation"] = moderation_of(parts.get("moderation"), trust)
    election = _keys("election", parts.get("election"))
    parts["election"] = plug_in(election, "election", trust) if "_target_" in election else election
    parts["record"] = build(Record, parts["record"], "record") if parts.get("record") else None
    parts["regulator"] = regulator_of(parts.get("regulator"), trust)
    measures = _with("", {"measures": parts.get("measures")}, ("measures",), (), trust)
    scenario = build(Scenario, parts | measures, "")
    check_answers(scenario)
    return scenario


def regulator_of(raw: Any, trust: Sequence[str]) -> Regulator | None:
    """A regulator with its error table built; None where a document says nothing of one."""
    if not _keys("regulator", raw or {}):
        return None
    return build(Regulator, _with("regulator", raw, (), ("evidence",), trust), "regulator")


def check_answers(scenario: Scenario) -> None:
    """What a platform changes in answer to a regulator is something that it has: raises ScenarioError where it is not."""
    regulator, moderation = scenario.regulator, scenario.moderation
    for name in moderation.on_request:
        if name not in moderation.policies:
            raise ScenarioError(f"moderation.on_request: {name} given; {nearest(name, list(moderation.policies))}")
    for name, step in regulator.steps.items() if regulator else ():
        if step.answer is None:
            continue
        where = f"regulator.steps.{name}.answer"
        for policy in step.answer.policies or ():
            if moderation.policies and policy not in moderation.on_request:
                raise ScenarioError(
                    f"{where}.policies: {policy} given; {nearest(policy, moderation.on_request)} (moderation.on_request)"
                )
        if step.answer.profiled is not None and not getattr(scenario.recommender, "is_divided", False):
            raise ScenarioError(
                f"{where}.profiled: given, allowed with recommender=mix, whose share is between 0 and 1"
            )
        if {step.answer.reviewers, step.answer.pace} != {None} and not hasattr(moderation.desk, "at_effort"):
            raise ScenarioError(f"{where}: reviewers or pace given, allowed with a desk that has at_effort")


def moderation_of(raw: Any, trust: Sequence[str]) -> Moderation:
    """Moderation at the strength that it asks for, with its plug-ins built; without a price, thresholds are those stated."""
    at = at_strength({"false_positives": None, "on_request": [], **_keys("moderation", raw)})
    return build(Moderation, _with("moderation", at, ("policies",), ("desk", "evidence"), trust), "moderation")


def _with(slot: str, raw: Any, many: Sequence[str], one: Sequence[str], trust: Sequence[str]) -> dict[str, Any]:
    """A part of the document with its plug-ins built: `many` are keys with plug-ins by name, `one` single ones."""
    parts = dict(_keys(slot, raw))
    for key in many:
        where = f"{slot}.{key}".lstrip(".")
        found = _keys(where, parts.get(key) or {})
        for name in found:
            if not FILE.fullmatch(str(name)):
                raise ScenarioError(
                    f"{where}.{str(name)[:60]}: allowed in a name are at most 64 letters, digits, _ and -"
                )
        parts[key] = {name: plug_in(value, f"{where}.{name}", trust) for name, value in found.items()}
    for key in one:
        if key in parts:
            parts[key] = plug_in(parts[key], f"{slot}.{key}", trust)
    return parts


def _keys(where: str, raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise ScenarioError(f"{where}: {shown(raw)} given, allowed keys with values")
    return raw
