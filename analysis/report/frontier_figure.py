"""The frontier as a figure: dampening against a harm, intervals on both, every policy named without overlap."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.frontier import AXES, NONE, Frontier, outline, words
from analysis.report.figures import CAMPAIGN, QUIET, STYLE, Drawing, axes
from analysis.report.style import settings

Interval = tuple[float, float, float]  # estimate, low, high
ROOM = 0.19  # inches of height for each name
SIZES = {"weaker": 3.0, "standard": 4.5, "stronger": 6.5}
LINEAR_TO = 10.0  # harm up to which a logarithmic scale is linear
HARMS = {  # axis: label, factor, whether the scale is logarithmic
    AXES[1]: ("other candidates' organic impressions lost, %", 100.0, False),
    AXES[2]: ("genuine accounts and posts acted on, per 100,000 genuine users", 1.0, True),
}


@dataclass(frozen=True)
class Mark:
    """One policy: where it stands, and whether another dominates it."""

    policy: str
    x: Interval
    y: Interval
    hollow: bool

    @property
    def preset(self) -> str:
        """Its name without the strength."""
        return self.policy.partition("@")[0]

    @property
    def strength(self) -> str:
        """Weaker, standard or stronger."""
        return self.policy.partition("@")[2] or "standard"


def frontier_of(estimates: pd.DataFrame, frontier: Frontier, harm: str) -> Drawing:
    """Dampening against one of the harms."""
    label, factor, logarithmic = HARMS[harm]
    by, marks = estimates.set_index(["contrast", "measure"]), []
    for place in frontier.policies:
        damped, cost = (
            by.loc[(f"dampening:{place.policy}", "impressions")],
            by.loc[(f"collateral:{place.policy}", harm)],
        )
        x, y = ((k * e["estimate"], k * e["low"], k * e["high"]) for k, e in ((factor, cost), (100.0, damped)))
        marks.append(Mark(place.policy, x, y, bool(place.dominated_by)))
    nothing = Mark(NONE, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), any(p.dominated_by for p in frontier.places[:1]))
    return draw([nothing, *marks], label, logarithmic)


def draw(marks: list[Mark], label: str, logarithmic: bool) -> Drawing:
    """All marks; strengths of one policy are joined and named once. Names stand in a column beside the axes."""
    named = [mark for mark in marks if mark.strength == "standard"]
    style = {**STYLE, "font.size": 8.5}
    with settings(style):
        figure, ax = axes(3.6, max(2.8, 0.5 + ROOM * len(named)), style)
        if logarithmic:
            ax.set_xscale("symlog", linthresh=LINEAR_TO)
        ax.axhline(0, color="#666666", linewidth=0.8)
        ax.axvline(0, color="#666666", linewidth=0.8)
        _strengths(ax, marks)
        for mark in marks:
            _point(ax, mark)
        best = [marks[k] for k in outline([(mark.x[0], mark.y[0]) for mark in marks])]
        ax.plot([m.x[0] for m in best], [m.y[0] for m in best], color=CAMPAIGN, linewidth=1.3, zorder=2.5)
        _frame(ax, marks, logarithmic)
        _names(ax, named)
        ax.set_xlabel(label)
        ax.set_ylabel("dampening, %")
    return figure


def _point(ax: Any, mark: Mark) -> None:
    """One policy with its intervals; 'no policy' is a cross."""
    (x, x_low, x_high), (y, y_low, y_high) = mark.x, mark.y
    bars = {} if pd.isna(y_low) else {"xerr": [[x - x_low], [x_high - x]], "yerr": [[y - y_low], [y_high - y]]}
    form: dict[str, Any] = {"fmt": "x", "color": "black"} if mark.policy == NONE else {"fmt": "o", "color": QUIET}
    fill = "white" if mark.hollow else form["color"]
    size = SIZES[mark.strength]
    ax.errorbar(x, y, **form, **bars, ecolor="#9db6c9", elinewidth=0.8, markersize=size, markerfacecolor=fill, zorder=3)


def _strengths(ax: Any, marks: list[Mark]) -> None:
    """A thin line from a policy's weaker set to its stronger one."""
    for preset in dict.fromkeys(mark.preset for mark in marks):
        same = sorted((m for m in marks if m.preset == preset), key=lambda m: SIZES[m.strength])
        ax.plot([m.x[0] for m in same], [m.y[0] for m in same], color=QUIET, linewidth=0.9, alpha=0.6, zorder=2)


def _frame(ax: Any, marks: list[Mark], logarithmic: bool) -> None:
    """Axes that hold all estimates, and intervals as far as these are no wider than what the estimates span."""
    for which, scale in ((0, ax.set_xlim), (1, ax.set_ylim)):
        found = np.array([(mark.x, mark.y)[which] for mark in marks], dtype=np.float64)
        low, high = found[:, 0].min(), found[:, 0].max()
        if which == 0 and logarithmic:
            scale(-LINEAR_TO / 2, max(high, LINEAR_TO) * 3)
            continue
        span = max(high - low, 2.0)
        scale(max(np.nanmin(found), low - span) - 0.1 * span, min(np.nanmax(found), high + span) + 0.1 * span)


def _names(ax: Any, marks: list[Mark]) -> None:
    """Names in one column, in the order of height, evenly spread; a thin line leads from each to its mark."""
    order = sorted(marks, key=lambda mark: (mark.y[0], mark.x[0]))
    low, high = ax.get_ylim()
    wanted = np.array([(mark.y[0] - low) / (high - low) for mark in order])
    for mark, height in zip(order, spread_out(wanted, 1.0 / max(len(order), 1)), strict=True):
        ax.annotate(
            words(mark.preset), xy=(mark.x[0], mark.y[0]), xytext=(1.04, height), textcoords="axes fraction", va="center",
            arrowprops={"arrowstyle": "-", "color": "#999999", "linewidth": 0.5, "shrinkA": 2, "shrinkB": 4,
                        "relpos": (0.0, 0.5)},
        )  # fmt: skip


def spread_out(wanted: Any, gap: float) -> list[float]:
    """Heights at least `gap` apart inside 0 to 1, in the given rising order, as near to the wanted ones as pushing brings them."""
    heights: list[float] = []
    for height in wanted:
        heights.append(max(float(height), heights[-1] + gap if heights else 0.0))
    ceiling = 1.0
    for k in range(len(heights) - 1, -1, -1):
        heights[k] = min(heights[k], ceiling)
        ceiling = heights[k] - gap
    return heights
