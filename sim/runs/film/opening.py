"""Worlds as their films begin, kept by all that they hang on until then, so that a change of the campaign runs no warm-up again."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, fields

from sim.model import CampaignModel
from sim.runs.recording import name_of
from sim.scenario.config import Scenario

OnHour = Callable[[CampaignModel], None]


def begun(scenario: Scenario, on_hour: OnHour | None = None) -> CampaignModel:
    """A world at its first measured hour. on_hour: is shown the model after each hour, and may raise to stop."""
    model = CampaignModel(scenario)
    while model.world.hour < scenario.clock.start:
        model.step()
        if on_hour:
            on_hour(model)
    return model


@dataclass
class Openings:
    """Some worlds as they begin; the one that was not asked for longest goes.

    A campaign acts in measured hours only (see `CampaignModel.take_up_campaign`), so that worlds that differ in it alone begin alike.
    Moderation reads the record before its start, so that those that differ in it do not.
    """

    most: int = 3  # some 30 MB each with 2,000 users
    kept: dict[str, CampaignModel] = field(default_factory=dict)

    def of(self, scenario: Scenario, on_hour: OnHour | None = None) -> CampaignModel:
        """A world at its first measured hour, to go on in."""
        name = _begins_as(scenario)
        model = self.kept.pop(name, None) or begun(scenario, on_hour)
        self.kept[name] = model
        while len(self.kept) > self.most:
            self.kept.pop(next(iter(self.kept)))
        taken = copy.deepcopy(model)
        taken.take_up_campaign(scenario)
        return taken


def _begins_as(scenario: Scenario) -> str:
    """The same for scenarios whose worlds begin alike."""
    said = {
        each.name: getattr(scenario, each.name) for each in fields(scenario) if each.name not in ("campaign", "asked")
    }
    return name_of([repr(said), scenario.focal])
