"""Make the stored reel anew, from three worlds of the classroom: `python -m analysis.lab.stored [DIR]`.

DIR: what `groundswell compare scenario=classroom` has left, so that the reel tells of all its seeds and a class does not take one
world for the truth; without it the reel knows of its own worlds alone.
"""

import sys
from dataclasses import replace
from pathlib import Path

from analysis.lab.asked import asked_by_words, asked_in
from analysis.lab.reel import reel_of
from analysis.lab.stored import STORED

WORDS = ("scenario=classroom",)
LEFT_OUT = "quiet/suspend_coordinated"  # the twin in which a policy acts and no campaign does
PEOPLE = 8  # whose feeds it keeps, if they fit
LIGHT = (0.02, 0.2)  # quantiles of what people were shown, between which those lie
TOLD = ("manufactured", "manufactured_share", "cost", "dampening:suspend_coordinated")  # of what a comparison estimates
BYTES_MOST = 550_000  # of its films; with what else is in it, below 700,000


def make(out: Path, compared: Path | None = None) -> Path:
    """The stored reel, in a folder. compared: a finished comparison of the same worlds, of whose seeds it tells."""
    asked = asked_in(compared) if compared else asked_by_words(WORDS)
    arms = {arm: rules for arm, rules in asked.arms.items() if arm != LEFT_OUT}
    runs = None if asked.runs is None else [row for row in asked.runs if row["arm"] in arms]
    estimates = [row for row in asked.estimates if row["contrast"] in TOLD and row["measure"] == "impressions"]
    return reel_of(replace(asked, arms=arms, runs=runs, estimates=estimates), out, PEOPLE, most=BYTES_MOST, usual=LIGHT)


if __name__ == "__main__":
    make(STORED, Path(sys.argv[1]) if len(sys.argv) > 1 else None)
