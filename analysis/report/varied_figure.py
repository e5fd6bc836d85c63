"""A detector's curve: what it finds of each campaign against the innocents that it hits, as its price rises."""

import numpy as np

from analysis.estimates.frontier import words
from analysis.estimates.varied import Varied
from analysis.report.figures import STYLE, Drawing, axes
from analysis.report.style import settings

MARKS = ("o", "s", "^", "D", "v")


def curves_of(varied: Varied) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """By campaign and policy: innocents of 100,000 and percent found, in the order of the settings; empty where it has none."""
    by = {(row["setting"], row["contrast"]): float(row["estimate"]) for row in varied.rows.to_dict("records")}
    pairs = dict.fromkeys(tuple(contrast.split(":")[1:]) for _, contrast in by if contrast.startswith("found:"))
    return {
        (campaign, policy): [
            (by[setting, f"innocent:{campaign}:{policy}"], 100.0 * by[setting, f"found:{campaign}:{policy}"])
            for setting in varied.settings
            if (setting, f"found:{campaign}:{policy}") in by
        ]
        for campaign, policy in pairs
    }


def curves_figure(varied: Varied) -> Drawing:
    """A panel a campaign, a line a policy, a mark a setting; innocents on a scale that is even below ten."""
    curves = curves_of(varied)
    campaigns = list(dict.fromkeys(campaign for campaign, _ in curves))
    with settings(STYLE):
        drawing, empty = axes(7.2, 1.2 + 2.3 * len(campaigns))
        empty.remove()
        panels = np.atleast_1d(drawing.subplots(len(campaigns), 1, sharex=True))
        for panel, campaign in zip(panels, campaigns, strict=True):
            for number, (policy, line) in enumerate((p, line) for (c, p), line in curves.items() if c == campaign):
                x, y = zip(*line, strict=True)
                panel.plot(
                    x, y, marker=MARKS[number % len(MARKS)], linewidth=1.6, label=words(policy), clip_on=False, zorder=3
                )
            panel.set_xscale("symlog", linthresh=10)
            panel.set_xlim(left=0)
            panel.set_ylim(0, 100)
            panel.set_title(words(campaign), fontsize=11, loc="left")
        panels[len(panels) // 2].set_ylabel("% of its accounts found")
        panels[-1].set_xlabel("genuine accounts hit, of 100,000")
        panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.12), ncols=3)
        drawing.subplots_adjust(hspace=0.4)
    return drawing
