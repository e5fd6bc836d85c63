"""Both bands of each declared contrast: a thick bar for luck, a thin one for assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.report.figures import CAMPAIGN, QUIET, STYLE, Drawing, axes
from analysis.report.style import settings

WIDE, LINEAR = (
    20.0,
    10.0,
)  # ratio of a band's end to the largest answer from which on an axis is logarithmic; its linear part
LARGE = {**STYLE, "font.size": 13}  # a phone shows it


@dataclass(frozen=True)
class Row:
    """One contrast. unit: rows of one unit share an axis; the ends of a band that is not known are not numbers."""

    name: str
    unit: str
    value: float
    luck: tuple[float, float]
    assumptions: tuple[float, float]


def bands_figure(rows: Sequence[Row]) -> Drawing:
    """A panel a unit, a line a contrast, in the order given."""
    units = list(dict.fromkeys(row.unit for row in rows))
    sizes = [sum(row.unit == unit for row in rows) for unit in units]
    with settings(LARGE):
        drawing, empty = axes(6.0, 0.8 + 0.42 * len(rows) + 0.75 * len(units), LARGE)
        empty.remove()
        panels = np.atleast_1d(drawing.subplots(len(units), 1, height_ratios=[0.6 + size for size in sizes]))
        for panel, unit in zip(panels, units, strict=True):
            own = [row for row in rows if row.unit == unit]
            for place, row in enumerate(own):
                panel.plot(row.assumptions, [place] * 2, color=CAMPAIGN, linewidth=2.5, solid_capstyle="butt", marker="|", markersize=11,
                           zorder=3)  # fmt: skip
                panel.plot(row.luck, [place] * 2, color=QUIET, linewidth=10, solid_capstyle="butt", zorder=2)
                panel.plot([row.value], [place], color="white", marker="o", markersize=4, zorder=4)
            panel.set_yticks(range(len(own)), [row.name for row in own])
            panel.set_ylim(len(own) - 0.4, -0.6)
            panel.axvline(0, color="#5b6676", linewidth=0.9, zorder=1)
            panel.set_xlabel(unit)
            if max(abs(end) for row in own for end in row.assumptions) > WIDE * max(abs(row.value) for row in own):
                panel.set_xscale("symlog", linthresh=LINEAR)  # else one long band leaves the others no room
        panels[0].plot([], [], color=QUIET, linewidth=10, label="luck: other worlds")
        panels[0].plot([], [], color=CAMPAIGN, linewidth=2.5, label="other assumptions")
        mark = {"markerfacecolor": "white", "markeredgecolor": "#5b6676"}
        panels[0].plot([], [], color="none", marker="o", markersize=6, label="this answer", **mark)
        panels[0].legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3)
        drawing.subplots_adjust(hspace=1.1)
    return drawing
