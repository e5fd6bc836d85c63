"""What those who watch a world while it is filmed are told of its last hour."""

from typing import Any

import numpy as np

from sim.model import CampaignModel
from sim.runs.film.camera import Camera, Filming
from sim.runs.film.parts import Totals

TOLD = ("impressions", "political", "reach", "spent")  # columns of a film


def last_hour(model: CampaignModel) -> dict[str, Any]:
    """The last row of some columns, as plain numbers; nothing of a world that is not filmed, or whose film has not begun."""
    observer = model.observer
    camera = observer.camera if isinstance(observer, Filming) else None
    if not isinstance(camera, Camera):
        return {}
    totals = next(part for part in camera.parts if isinstance(part, Totals))
    return {name: np.asarray(totals.rows[name][-1]).tolist() for name in TOLD if totals.rows[name]}
