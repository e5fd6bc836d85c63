"""Every figure of a comparison by its name: what it shows, and how it is drawn from the findings."""

from collections.abc import Callable, Mapping

from analysis.estimates.frontier import AXES, words
from analysis.report import figures, frontier_figure
from analysis.report.attribution import attribution_figure, dose_figure
from analysis.report.craft import craft_figure
from analysis.report.days_gained import days_figure
from analysis.report.earlier_action import earlier_figure
from analysis.report.election import election_figure
from analysis.report.figures import Drawing
from analysis.report.findings import Findings

FEW = 5  # policies; with more, a second frontier is drawn and long lists are folded


def _daily_share(found: Findings) -> Drawing:
    drawing = figures.daily_share(found.series, found.arms, found.manifest["candidate"])
    if found.events:
        figures.with_timeline(drawing, sorted(found.series["date"].unique()), found.events)
    return drawing


def _reach(found: Findings) -> Drawing | None:
    return days_figure(found) if len(found.days) else None


def _by_seed(found: Findings) -> Drawing:
    quiet, campaign = (found.worlds.visibility(found.arms[name]) for name in ("quiet", "campaign"))
    return figures.by_seed(found.manifest["seeds"], quiet, campaign)


def _money(found: Findings) -> Drawing | None:
    of_campaign = found.series["arm"] == found.arms["campaign"]
    spent = found.series[of_campaign & found.series["measure"].str.startswith("spent:")]
    if len(spent) == 0:
        return None
    by_tactic = spent.groupby("measure")["value"].sum() / len(found.manifest["seeds"])
    named = {str(name).split(":")[1]: float(value) for name, value in by_tactic.items()}
    return figures.money(named, found.manifest["currency"])


def _frontier(found: Findings) -> Drawing | None:
    drawable = found.policies and not found.nothing
    return frontier_figure.frontier_of(found.estimates, found.frontier, AXES[1]) if drawable else None


def _frontier_acted_on(found: Findings) -> Drawing | None:
    drawable = len(found.policies) > FEW and not found.nothing
    return frontier_figure.frontier_of(found.estimates, found.frontier, AXES[2]) if drawable else None


def _detection(found: Findings) -> Drawing | None:
    hit = [found.mean(f"{found.worlds.campaign}/{policy}", "campaign_accounts_actioned") for policy in found.policies]
    if not any(hit):  # policies about posts find no accounts
        return None
    arms = {words(policy): f"{found.worlds.campaign}/{policy}" for policy in found.policies}
    return figures.detection(found.series, arms, found.mean(found.arms["campaign"], "campaign_accounts"), FEW)


def _craft(found: Findings) -> Drawing | None:
    return craft_figure(found.craft) if len(found.craft) else None


def _attribution(found: Findings) -> Drawing | None:
    return attribution_figure(found.worlds, found.estimates)


def _dose_response(found: Findings) -> Drawing | None:
    return dose_figure(found.doses)


def _election(found: Findings) -> Drawing | None:
    return election_figure(found) if found.votes is not None else None


def _earlier_action(found: Findings) -> Drawing | None:
    return earlier_figure(found.earlier) if len(found.earlier) else None


GALLERY: Mapping[str, Callable[[Findings], Drawing | None]] = {
    "daily_share": _daily_share,
    "reach": _reach,
    "by_seed": _by_seed,
    "money": _money,
    "frontier": _frontier,
    "frontier_acted_on": _frontier_acted_on,
    "detection": _detection,
    "craft": _craft,
    "attribution": _attribution,
    "dose_response": _dose_response,
    "election": _election,
    "earlier_action": _earlier_action,
}


def drawn_of(found: Findings) -> dict[str, Drawing]:
    """All figures that this comparison has."""
    drawings = {name: draw(found) for name, draw in GALLERY.items()}
    return {name: drawing for name, drawing in drawings.items() if drawing is not None}
