"""One hour in which somebody outside the policies suspends accounts, such as a class at its desk."""

from collections.abc import Iterable

from sim.model import CampaignModel
from sim.world.actions import Request

BY_HAND = "by_hand"  # the policy that such a decision names


def hour_by_hand(model: CampaignModel, suspended: Iterable[int] = ()) -> None:
    """An hour as `CampaignModel.step` has it, at whose end some accounts are suspended besides."""
    model.hour_passes()
    decided = model.moderation_decides(model.rules, model.suspicion)
    model.moderation_acts(decided + [Request(BY_HAND, "suspend", account=account) for account in sorted(suspended)])
