"""Estimates in words: intervals, how many seeds a quarter takes, the lines that a comparison prints."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimates.days_gained import Passings, lead_of, measure_of, passings
from analysis.estimates.earlier_action import earlier_action
from analysis.estimates.earlier_action import lines as earlier_lines
from analysis.estimates.enough import why_it_stopped
from analysis.estimates.paired import Worlds
from analysis.estimates.table import first, nothing_to_dampen
from sim.runs.recording import read_json, read_table

PARTS = {  # of manufactured visibility, as `contrasts` tells them apart
    "paid": "posts paid for",
    "asked": "posts asked for",
    "carried": "others' posts, carried further",
}


# What a size shows of a campaign, measured apart: one to four seeds each (docs/ODD.md, section 8, Sizes).
SIZES = (
    "over the last two weeks of Romania 2024 worlds of 30,000 users manufacture 4.4 impressions per genuine user, of which "
    "suspend_coordinated takes 70% and limit_awakened 23%; with as many posts as there really are, worlds of 300,000 users 8.6, "
    "88% and 46%, and of a million 6.0, 79% and 25% (four seeds, two, one). In the country one to one a user sees the candidate "
    "4.3 times with the campaign (one seed); its quiet twin and its policies are still to be run."
)
ZERO = re.compile(r"-0(?=%|\b(?!\.))|-(?=0\.0+\b)")  # a zero has no sign


def without_signed_zeros(line: str) -> str:
    """A line in which what rounds to zero has no sign."""
    return ZERO.sub(lambda match: match[0].removeprefix("-"), line)


def seeds_for_a_quarter(value: float, low: float | None, high: float | None, n: int) -> int | None:
    """Seeds at which the half-width would be a quarter of the estimate, as it shrinks with the root of their number."""
    if low is None or high is None or np.isnan(low) or value == 0:
        return None
    return max(2, int(np.ceil(n * ((high - low) / 2 / (abs(value) / 4)) ** 2)))


def interval(low: float | None, high: float | None, form: str = "{:.2f}") -> str:
    """An interval in words."""
    if low is None or high is None or np.isnan(low):
        return "no interval from one seed"
    return f"{form.format(low)} to {form.format(high)}"


def headline(folder: Path) -> list[str]:
    """The lines that a comparison prints."""
    table = read_table(folder, "estimates")
    m = first(table, "manufactured")
    manifest = read_json(folder / "manifest.json")
    worlds = Worlds(read_table(folder, "runs"), manifest)
    name = "manufactured visibility" if worlds.directed(worlds.campaign) else "extra visibility (nobody was directed)"
    lines = [
        "In this model, given its assumptions (95% intervals over seeds: luck only):",
        f"{name}: {m.estimate:.2f} impressions per genuine user ({interval(m.low, m.high)})",
    ]
    if (table["contrast"] == "part:carried").any():
        lines.append(f"thereof: {'; '.join(_part(table, name) for name in PARTS)}")
    lines += days_earlier(worlds, read_table(folder, "series"), table)
    nothing = nothing_to_dampen(table)
    earlier = earlier_action(worlds, read_table(folder, "series"))
    lines += earlier_lines(earlier)
    of_regulators = set(earlier["policy"]) if len(earlier) else set()  # which have a table of their own
    for contrast in dict.fromkeys(table["contrast"][table["contrast"].str.startswith("dampening:")]):
        if contrast.partition(":")[2] in of_regulators:
            continue
        e = first(table, contrast)
        said = "nothing to dampen" if nothing else f"{e.estimate:.0%} ({interval(e.low, e.high, '{:.0%}')})"
        policy = contrast.split(":", 1)[1]
        lines.append(f"dampening by {policy}: {said}; {_collateral(table, policy)}")
    why = "so that nothing follows about it: nobody did what it looks for, or too few do at this size"
    lines += [
        f"{policy} acted on nothing in these worlds, {why}" for policy in worlds.idle() if policy not in of_regulators
    ]
    for rival in worlds.rivals:
        e = first(table, f"extra:{rival}")
        lines.append(f"extra visibility under {rival}: {e.estimate:.2f} ({interval(e.low, e.high)})")
    lines += _credits(table)
    wanted = seeds_for_a_quarter(m.estimate, m.low, m.high, int(m.n))
    if wanted is not None:
        reached = f"half-width reached: {(m.high - m.low) / 2 / abs(m.estimate):.0%} of the estimate with {m.n} seeds"
        lines.append(reached + (f"; a quarter would need about {wanted}" if wanted > m.n else ""))
    if manifest.get("enough"):
        lines.append(why_it_stopped(manifest["enough"], first(table, manifest["enough"]["precision_of"])))
    return [without_signed_zeros(line) for line in lines]


def _credits(table: pd.DataFrame) -> list[str]:
    """What each channel is credited with, where its subsets were compared."""
    rows = table[table["contrast"].str.startswith("credit:") & (table["measure"] == "impressions")]
    said = (
        f"{row.contrast.split(':')[1]} {row.estimate:.2f} ({interval(row.low, row.high)})" for row in rows.itertuples()
    )
    return [f"credit by channel (Shapley values; they add up to it): {'; '.join(said)}"] if len(rows) else []


def days_earlier(worlds: Worlds, series: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """How much earlier the level that leads is passed, in one line; none where a comparison asks nothing of it."""
    rows = table[table["contrast"] == "days_gained:none"]
    if len(rows) == 0:
        return []
    by_level = passings(worlds, series, "none")
    lead = lead_of(by_level)
    e, pairs = next(rows[rows["measure"] == measure_of(*lead)].itertuples(index=False)), by_level[lead]
    said = f"days gained: {e.candidate} reaches {lead[1]:.0%} of genuine users"
    if pairs.counts()["neither"] == e.n:
        return [f"{said} in none of {e.n} pairs of worlds within the {pairs.days} days, with the campaign or without"]
    low, high = (e.low, e.high) if e.estimate >= 0 else (-e.high, -e.low)
    when = f"{abs(e.estimate):.1f} days {'earlier' if e.estimate >= 0 else 'later'} ({interval(low, high, '{:.1f}')})"
    return [f"{said} {when}{_at_least(pairs, e.estimate)}; {pairs.days} days can show {pairs.days - 1} at the most"]


def _at_least(pairs: Passings, gained: float) -> str:
    """What is cut by the measured days, and on which side."""
    count, n = pairs.counts(), len(pairs.quiet)
    bound = pairs.bound() if gained >= 0 else {"at least": "at most", "at most": "at least"}.get(pairs.bound(), "")
    cut = [
        f"{count['only_campaign']} of {n} quiet worlds never do" if count["only_campaign"] else "",
        f"with the campaign {count['only_quiet']} of {n} worlds never do" if count["only_quiet"] else "",
        f"in {count['neither']} of {n} pairs neither does, counted as 0" if count["neither"] else "",
        f"in {count['already']} of {n} pairs both had by the first day's end, counted as 0" if count["already"] else "",
    ]
    said = ", ".join(part for part in cut if part)
    return (f", {bound}" if bound else "") + (f": {said}" if said else "")


def _part(table: pd.DataFrame, name: str) -> str:
    e = first(table, f"part:{name}")
    return f"{PARTS[name]} {e.estimate:.2f} ({interval(e.low, e.high)})"


def _collateral(table: pd.DataFrame, policy: str) -> str:
    """What a policy cost those who did nothing wrong, in the world with the campaign."""
    by = table[table["contrast"] == f"collateral:{policy}"].set_index("measure")["estimate"]
    return (
        f"collateral: {by['genuine_actioned_per_100000']:,.0f} genuine accounts and posts acted on per 100,000 users, "
        f"{by['impressions']:.1%} of others' impressions"
    )
