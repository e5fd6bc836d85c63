"""What a reel holds, read by Python: the page's numbers are held against these."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Reel:
    """The head of a reel."""

    head: dict[str, Any]

    def arm(self, campaign: str, moderation: str = "none") -> str:
        """The name of an arm."""
        return next(
            str(arm["id"])
            for arm in self.head["arms"]
            if (arm["campaign"], arm["moderation"]) == (campaign, moderation)
        )

    def file(self, arm: str) -> str:
        """Where the film of an arm lies."""
        return next(str(each["file"]) for each in self.head["arms"] if each["id"] == arm)

    def pair(self) -> dict[str, str]:
        """The quiet world on the left, the campaign's on the right, as the address says it."""
        campaign = next(arm["campaign"] for arm in self.head["arms"] if arm["campaign"] != "quiet")
        return {"left": self.arm("quiet"), "right": self.arm(str(campaign))}


@cache
def reel_in(folder: Path) -> Reel:
    """The reel of a folder."""
    return Reel(json.loads((folder / "reel.json").read_text("utf-8")))
