"""What more money for one tactic buys: manufactured visibility at multiples of its plan, the other tactics at theirs.

Each tactic has money of its own at every dose (see `sim.runs.versions`), so that nothing is bought with what another leaves. A
step is from one dose to the next; it costs so much for a thousand further impressions, and where its gain cannot be told from
nothing the tactic is said to be saturated, as far as these seeds can tell. Found and dampened are those of the policies that the
comparison has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.estimates.paired import Estimate, Floats, Worlds, estimate

PLAN = 1.0  # the dose of the campaign itself
ESTIMATES = ("manufactured", "gain", "per_thousand")  # columns with an interval


@dataclass(frozen=True)
class Dose:
    """A tactic at a multiple of its plan; campaign: its name in the arms."""

    tactic: str
    times: float
    campaign: str


def doses_of(worlds: Worlds) -> list[Dose]:
    """All doses that a comparison has, the plan's among them, by tactic and rising; none where it has none."""
    found: dict[str, list[Dose]] = {}
    for variant in worlds.manifest.get("variants") or ():
        times, _, tactic = variant["campaign"].removesuffix("]").partition("[")[2].partition("x")
        if _is_number(times) and tactic and variant["moderation"] == "none":
            whole = [Dose(tactic, PLAN, worlds.campaign)]
            found.setdefault(tactic, whole).append(Dose(tactic, float(times), variant["campaign"]))
    return [dose for of_one in found.values() for dose in sorted(of_one, key=lambda dose: dose.times)]


def _is_number(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


def dose_response(worlds: Worlds) -> pd.DataFrame:
    """A row a dose: tactic, times, campaign, spent (EUR per 1,000 genuine users); manufactured (impressions per genuine user), gain over
    the dose before and per_thousand (EUR per 1,000 impressions of that gain), each with _low and _high; and for every policy
    `found:POLICY` (share of bought accounts) and `dampening:POLICY`. Empty without doses."""
    return pd.DataFrame(_rows(worlds))


def _rows(worlds: Worlds) -> Iterator[dict[str, object]]:
    before: Dose | None = None
    for dose in doses_of(worlds):
        same = before is not None and before.tactic == dose.tactic
        row: dict[str, object] = {"tactic": dose.tactic, "times": dose.times, "campaign": dose.campaign,
                                  "spent": 1000 * _per_user(worlds, dose.campaign, "spent")}  # fmt: skip
        for name, found in zip(ESTIMATES, _of(worlds, dose, before if same else None), strict=True):
            row |= (
                {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
                if found
                else {name: float("nan")}
            )
        row |= _under_policies(worlds, dose)
        yield row
        before = dose


def _of(worlds: Worlds, dose: Dose, before: Dose | None) -> tuple[Estimate | None, ...]:
    """Manufactured visibility; what it gains over the dose before, and at what price, where there is one."""
    arm, quiet = f"{dose.campaign}/none", "quiet/none"
    made = _difference(worlds, arm, quiet)
    if before is None:
        return made, None, None
    lower = f"{before.campaign}/none"
    gain = _difference(worlds, arm, lower)
    if gain.low is None or gain.low <= 0:  # a price for a gain that may be none says nothing
        return made, gain, None
    users = {at: worlds.column(at, "genuine_users") for at in (arm, lower)}
    columns = {f"{at}:v": worlds.visibility(at) for at in (arm, lower)}
    columns |= {f"{at}:spent": worlds.column(at, "spent") / users[at] for at in (arm, lower)}

    def more(x: Mapping[str, Floats], name: str) -> float:
        return float(x[f"{arm}:{name}"].mean() - x[f"{lower}:{name}"].mean())

    return made, gain, estimate(columns, lambda x: 1000 * more(x, "spent") / more(x, "v"))


def _difference(worlds: Worlds, arm: str, base: str) -> Estimate:
    columns = {f"{at}:v": worlds.visibility(at) for at in (arm, base)}
    return estimate(columns, lambda x: float(x[f"{arm}:v"].mean() - x[f"{base}:v"].mean()))


def _under_policies(worlds: Worlds, dose: Dose) -> Mapping[str, float]:
    """Share of bought accounts that each policy acted on, and share of manufactured visibility that it took."""
    found, none, quiet = {}, worlds.visibility(f"{dose.campaign}/none").mean(), worlds.visibility("quiet/none").mean()
    for policy in worlds.moderations:
        arm = f"{dose.campaign}/{policy}"
        if policy == "none" or not (worlds.runs["arm"] == arm).any():
            continue
        bought, hit = (worlds.column(arm, name).sum() for name in ("campaign_accounts", "campaign_accounts_actioned"))
        left = worlds.visibility(arm).mean() - worlds.visibility(f"quiet/{policy}").mean()
        found[f"found:{policy}"] = float(hit / bought) if bought else float("nan")
        found[f"dampening:{policy}"] = float(1 - left / (none - quiet)) if none != quiet else float("nan")
    return found


def _per_user(worlds: Worlds, campaign: str, column: str) -> float:
    arm = f"{campaign}/none"
    return float((worlds.column(arm, column) / worlds.column(arm, "genuine_users")).mean())


def saturates(rows: pd.DataFrame, tactic: str) -> float | None:
    """The lowest dose beyond which no step of a tactic adds anything that can be told from nothing; None where the last one does."""
    of_one = rows[rows["tactic"] == tactic]
    adds = [bool(low > 0) for low in of_one["gain_low"].iloc[1:]]
    if not adds or adds[-1]:
        return None
    last = max((place for place, does in enumerate(adds, start=1) if does), default=0)
    return float(of_one["times"].iloc[last])
