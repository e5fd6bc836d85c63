"""A checked scenario from a composed document, its plug-ins built."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.scenario.arms import at_strength
from sim.scenario.config import Audience, Campaign, Moderation, Scenario
from sim.scenario.files import plug_in
from sim.scenario.schema import ScenarioError, build


def scenario_of(document: Mapping[str, Any], trust: Sequence[str] = ()) -> Scenario:
    """A checked scenario from a composed document."""
    parts = dict(document)
    parts["recommender"] = plug_in(parts["recommender"], "recommenders", trust, "recommender")
    audience = parts["audience"]
    named = isinstance(audience, Mapping) and "_target_" in audience
    parts["audience"] = plug_in(audience, "audience", trust) if named else build(Audience, audience, "audience")
    parts["campaign"] = build(
        Campaign, _with("campaign", parts["campaign"], {"tactics": "tactics"}, {}, trust), "campaign"
    )
    parts["moderation"] = moderation_of(parts["moderation"], trust)
    parts["measures"] = {
        name: plug_in(value, "measures", trust, f"measures.{name}") if isinstance(value, Mapping) else value
        for name, value in (parts.get("measures") or {}).items()
    }
    return build(Scenario, parts, "")


def moderation_of(raw: Mapping[str, Any], trust: Sequence[str]) -> Moderation:
    """Moderation at the strength that it asks for, with its plug-ins built; without a price, thresholds are those stated."""
    one = {"desk": "moderation", "evidence": "world"}
    return build(
        Moderation,
        _with("moderation", at_strength({"false_positives": None, **raw}), {"policies": "moderation"}, one, trust),
        "moderation",
    )


def _with(
    slot: str, raw: Mapping[str, Any], many: Mapping[str, str], one: Mapping[str, str], trust: Sequence[str]
) -> dict[str, Any]:
    """A part of the document with its plug-ins built: `many` are keys with plug-ins by name, `one` single ones."""
    parts = dict(raw)
    for key, family in many.items():
        named = parts.get(key) or {}
        if not isinstance(named, Mapping):
            raise ScenarioError(f"{slot}.{key}: {named!r} given, allowed a mapping of names to plug-ins")
        parts[key] = {name: plug_in(value, family, trust, f"{slot}.{key}.{name}") for name, value in named.items()}
    for key, family in one.items():
        if key in parts:
            parts[key] = plug_in(parts[key], family, trust, f"{slot}.{key}")
    return parts
