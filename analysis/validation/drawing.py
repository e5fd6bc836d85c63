"""Curves of a study as a figure: the reference in grey dashes, the simulator's lines in colours told apart by all."""

from analysis.report.figures import STYLE, axes, svg_of
from analysis.report.style import settings
from analysis.validation.target import Curves

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito
MARKS = "osD^vP"
MANY = 12  # points beyond which a line has no marks


def draw(curves: Curves) -> str:
    """One figure as SVG."""
    with settings(STYLE):
        figure, ax = axes()
        own = 0
        for label, x, y in curves.lines:
            if label.startswith("published"):
                said = label.removeprefix("published").lstrip(":, ") or "published"
                ax.plot(x, y, color="#5b6676", linestyle="--", linewidth=1.8, label=said, zorder=1)
                continue
            mark = MARKS[own % len(MARKS)] if len(x) <= MANY else None
            ax.plot(x, y, color=COLOURS[own % len(COLOURS)], marker=mark, markersize=4, linewidth=1.8, label=label)
            own += 1
        ax.set_xscale("log" if curves.log_x else "linear")
        ax.set_yscale("log" if curves.log_y else "linear")
        ax.set_xlabel(curves.x)
        ax.set_ylabel(curves.y)
        ax.legend(loc="best", fontsize=9)
    return svg_of(figure)
