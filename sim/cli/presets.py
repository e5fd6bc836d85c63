"""Presets: `list` names them."""

import json
from typing import Annotated

import typer

from sim.cli.options import Json, Scenarios
from sim.scenario.schema import ScenarioError


def list_presets(
    kind: Annotated[str | None, typer.Argument(help="One slot, such as campaign.")] = None,
    scenarios: Scenarios = None, as_json: Json = False,
) -> None:  # fmt: skip
    """List slots and their presets."""
    from sim.scenario.presets import slots
    from sim.scenario.schema import nearest

    found = slots(scenarios)
    if kind is not None and kind not in found:
        raise ScenarioError(f"{kind!r} given; {nearest(kind, list(found))}")
    chosen = {kind: found[kind]} if kind else found
    if as_json:
        print(json.dumps(chosen))
        return
    for slot, names in chosen.items():
        print(f"{slot}: {', '.join(names)}")
