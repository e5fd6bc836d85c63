"""What a comparison asks of its worlds: manufactured visibility, its cost, each policy's dampening and collateral harm."""

from collections.abc import Mapping

import numpy as np

from analysis.estimates.paired import Estimate, Floats, Statistic, Worlds, estimate

LOST, RATE = "share lost", "per 100,000 genuine users"
COLLATERAL = {  # measure: columns of the runs that are summed, and how a world is set against no policy
    "impressions": (("other_candidates_organic",), LOST),
    "watch_time": (("watch_seconds",), LOST),
    "genuine_accounts_per_100000": (("genuine_accounts_actioned",), RATE),
    "genuine_posts_per_100000": (("genuine_posts_actioned",), RATE),
    "genuine_actioned_per_100000": (("genuine_accounts_actioned", "genuine_posts_actioned"), RATE),
    "reviews_per_100000": (("reviews",), RATE),
}
Question = tuple[dict[str, Floats], Statistic]


def main_contrasts(worlds: Worlds) -> list[tuple[str, str, Estimate]]:
    """(contrast, measure, estimate): of the campaign, of other campaigns beside it, and of each policy."""
    none = worlds.pair("none")
    c, q = f"{worlds.campaign}/none:v", "quiet/none:v"
    found = [
        ("manufactured", "impressions", estimate(*manufactured(worlds))),
        (
            "manufactured_share",
            "impressions",
            estimate(none, lambda x: _ratio(x[c].mean() - x[q].mean(), x[c].mean()), "logit"),
        ),
        ("lift", "impressions", estimate(none, lambda x: _ratio(x[c].mean(), x[q].mean()), "log")),
    ]
    found += [*_parts(worlds, none, c, q), *_costs(worlds, none, c, q)]
    for rival in worlds.rivals:
        found.append((f"extra:{rival}", "impressions", _extra(worlds, rival)))
    for moderation in worlds.moderations:
        if moderation != "none":
            found += _policy(worlds, none, moderation)
    return found


def _parts(worlds: Worlds, none: dict[str, Floats], c: str, q: str) -> list[tuple[str, str, Estimate]]:
    """What manufactured visibility consists of; the three add up to it.

    Posts that the campaign paid for; posts that it asked for; and what is left: nobody's posts, carried further by inauthentic
    engagement and by those who follow it, or made to speak of the candidate in their comments.
    """
    if "candidate_paid" not in worlds.runs:  # a run of an older version
        return []
    arm = f"{worlds.campaign}/none"
    users = worlds.column(arm, "genuine_users")
    paid, asked = ({f"{arm}:{name}": worlds.column(arm, f"candidate_{name}") / users} for name in ("paid", "asked"))

    def caused(x: Mapping[str, Floats]) -> float:
        return float(sum(x[f"{arm}:{name}"].mean() for name in ("paid", "asked") if f"{arm}:{name}" in x))

    return [
        ("part:paid", "impressions", estimate(paid, caused)),
        ("part:asked", "impressions", estimate(asked, caused)),
        ("part:carried", "impressions", estimate({**none, **paid, **asked}, lambda x: float(x[c].mean() - x[q].mean()) - caused(x))),
    ]  # fmt: skip


def _extra(worlds: Worlds, campaign: str) -> Estimate:
    """Visibility that another campaign, or a surge that nobody directed, adds to the quiet world."""
    c, q = f"{campaign}/none", "quiet/none"
    columns = {f"{arm}:v": worlds.visibility(arm) for arm in (c, q)}
    return estimate(columns, lambda x: float(x[f"{c}:v"].mean() - x[f"{q}:v"].mean()))


def _ratio(above: float, below: float) -> float:
    """A ratio, 0 where there is nothing to divide by."""
    return float(above / below) if below else 0.0


def _costs(worlds: Worlds, none: dict[str, Floats], c: str, q: str) -> list[tuple[str, str, Estimate]]:
    """Money per thousand extra impressions, and extra impressions not authored by the campaign per authored one."""
    arm = f"{worlds.campaign}/none"
    users = worlds.column(arm, "genuine_users")
    columns = {**none, f"{arm}:spent": worlds.column(arm, "spent") / users,
               f"{arm}:authored": worlds.column(arm, "candidate_authored") / users}  # fmt: skip
    spent, authored = f"{arm}:spent", f"{arm}:authored"
    return [
        ("cost", "impressions", estimate(columns, lambda x: 1000 * _ratio(x[spent].mean(), x[c].mean() - x[q].mean()))),
        ("multiplier", "impressions", estimate(
            columns, lambda x: _ratio(x[c].mean() - x[q].mean() - x[authored].mean(), x[authored].mean()))),
    ]  # fmt: skip


def manufactured(worlds: Worlds) -> Question:
    """Visibility with the campaign less that in its quiet twin, without a policy."""
    c, q = f"{worlds.campaign}/none:v", "quiet/none:v"
    return worlds.pair("none"), lambda x: float(x[c].mean() - x[q].mean())


def dampening(worlds: Worlds, moderation: str) -> Question:
    """The share of manufactured visibility that a policy takes away, each against the quiet world under the same policy."""
    columns = {**worlds.pair("none"), **worlds.pair(moderation)}
    c0, q0, c1, q1 = (f"{arm}/{m}:v" for m in ("none", moderation) for arm in (worlds.campaign, "quiet"))

    def share(x: Mapping[str, Floats]) -> float:
        before = x[c0].mean() - x[q0].mean()
        return 1 - _ratio(x[c1].mean() - x[q1].mean(), before) if before else 0.0

    return columns, share


def collateral(worlds: Worlds, measure: str, world: str, moderation: str) -> Question:
    """What a policy takes from those who did nothing wrong, in the campaign's or the quiet world, against no policy."""
    names, kind = COLLATERAL[measure]
    arm, base = f"{world}/{moderation}", f"{world}/none"
    columns = {f"{of}:x": np.sum([worlds.column(of, name) for name in names], axis=0) for of in (arm, base)}
    if kind == LOST:
        return columns, lambda x: 1 - _ratio(x[f"{arm}:x"].mean(), x[f"{base}:x"].mean())
    columns |= {f"{of}:users": worlds.column(of, "genuine_users") for of in (arm, base)}

    def rate(x: Mapping[str, Floats], of: str) -> float:
        return 100000 * _ratio(x[f"{of}:x"].mean(), x[f"{of}:users"].mean())

    return columns, lambda x: rate(x, arm) - rate(x, base)


def _policy(worlds: Worlds, none: dict[str, Floats], moderation: str) -> list[tuple[str, str, Estimate]]:
    """Dampening of manufactured visibility, and what the policy cost those who did nothing wrong."""
    c0, c1 = (f"{worlds.campaign}/{m}:v" for m in ("none", moderation))
    changed = {**none, **worlds.pair(moderation)}
    found = [
        (f"dampening:{moderation}", "impressions", estimate(*dampening(worlds, moderation))),
        (f"dampening:{moderation}", "visibility_change",
         estimate(changed, lambda x: _ratio(x[c1].mean(), x[c0].mean()) - 1)),
    ]  # fmt: skip
    for measure in COLLATERAL:
        for world in (worlds.campaign, "quiet"):
            found.append((f"collateral:{moderation}", measure if world != "quiet" else f"{measure}_quiet",
                          estimate(*collateral(worlds, measure, world, moderation))))  # fmt: skip
    return found
