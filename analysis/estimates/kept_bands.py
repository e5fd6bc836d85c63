"""Both bands of a scenario's declared contrasts: from a design of many sets of assumptions, as a file that the project keeps, in words.

A design takes hours, so that the project keeps what it found, with its date, the code that made it and the ranges that it drew from.
A comparison shows the band of luck of its own seeds, and beside it the kept band of assumptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.contrasts import Question, collateral, dampening, manufactured
from analysis.estimates.declared import COLLATERAL, DAMPENING, HARM
from analysis.estimates.paired import Worlds
from analysis.estimates.table import first
from analysis.estimates.two_bands import Answers, Assumed, Bools, answers, assumed, told_from_zero
from analysis.estimates.varied import ROOT, code_of_answers
from analysis.estimates.words import interval, without_signed_zeros
from sim.runs.recording import read_json, read_table, rows_of, write_json
from sim.scenario.ranges import is_assumed, range_of

DESIGN = "members"  # of a comparison's folder, where sets of assumptions were run with it
KEPT = ROOT / "analysis" / "reference_data" / "ensembles"
MADE = "manufactured"
FIFTH, ONE, TEN = (
    0.2,
    1.0,
    10.0,
)  # thresholds, stated before any design was run: share taken; impressions a user; of 100,000
HEAD = ("contrast", "measure", "sets", "nothing", "luck_taken_out")
NUMBERS = ("low", "low_from", "low_to", "middle", "high", "high_from", "high_to", "share", "share_low", "share_high",
           "threshold", "above", "above_low", "above_high")  # fmt: skip


@dataclass(frozen=True)
class KeptBands:
    """What a design found. rows: as `bands_of_design` gives them; seeds: of each set of assumptions; ranges: drawn from, by key."""

    scenario: str
    campaigns: list[str]  # that were compared with the quiet world
    day: str
    code: str
    ranges: dict[str, str]
    command: str
    days: int
    users: int
    sets: int
    seeds: int
    rows: pd.DataFrame

    def row(self, contrast: str, measure: str = "impressions") -> Any:
        """The band of one contrast; None where there is none."""
        rows = self.rows[(self.rows["contrast"] == contrast) & (self.rows["measure"] == measure)]
        return next(rows.itertuples(index=False), None)

    def warning(self, manifest: Mapping[str, Any]) -> str:
        """What is no longer as it was when the design was run, or not as in the comparison that it stands beside; nothing where all is."""
        said = [
            "the model has changed since" if self.code != code_of_answers(frozenset(self.campaigns)) else "",
            "ranges of assumptions have changed since" if self._drew_from_others(manifest) else "",
            f"over {self.days} days, not {manifest['days']}" if self.days != manifest["days"] else "",
            f"in worlds of {self.users:,} users, not {manifest['users']:,}" if self.users != manifest["users"] else "",
        ]
        return "; ".join(part for part in said if part)

    def _drew_from_others(self, manifest: Mapping[str, Any]) -> bool:
        """Whether an assumption of both has another range; a comparison of other policies has other assumptions besides."""
        now = ranges_of(manifest)
        return any(now[key] != said for key, said in self.ranges.items() if key in now)

    def write(self, path: Path) -> None:
        """Whole or not at all."""
        document = {name: getattr(self, name) for name in KeptBands.__dataclass_fields__ if name != "rows"}
        write_json(path, {**document, "rows": rows_of(self.rows)})


def ranges_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The ranges of a comparison's assumptions, which a design draws from. They stand in comments, so that no hash of code has them."""
    rows = manifest["assumptions"]
    return {str(row["key"]): str(range_of(row["source"])) for row in rows if is_assumed(row["source"])}


def bands_of_design(runs: pd.DataFrame, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Bands of assumptions of manufactured visibility, and of each policy's dampening and harm.

    runs: of a design, with the columns `member` (set of assumptions), `arm`, `seed`. Returns contrast, measure, sets that count, sets
    taken out since they have nothing to dampen, seeds, both ends with their intervals, share of variance, threshold, count above it.
    """
    worlds = [Worlds(own, manifest) for _, own in runs.groupby("member", sort=True)]
    common = len({tuple(sorted(own.runs["seed"].unique())) for own in worlds}) == 1
    made = answers([manufactured(one) for one in worlds], common)
    told = told_from_zero(made)
    rows = [_row(MADE, "impressions", made, np.ones_like(told), 0.0, ONE)]
    for policy in (name for name in worlds[0].moderations if name != "none"):
        damped: list[Question] = [dampening(one, policy) for one in worlds]
        hit: list[Question] = [collateral(one, HARM, one.campaign, policy) for one in worlds]
        rows.append(_row(f"{DAMPENING}{policy}", "impressions", answers(damped, common), told, 1.0, FIFTH))
        rows.append(_row(f"{COLLATERAL}{policy}", HARM, answers(hit, common), np.ones_like(told), 0.0, TEN))
    return pd.DataFrame(rows).astype(dict.fromkeys(NUMBERS, float))


def _row(
    contrast: str, measure: str, found: Answers, counted: Bools, origin: float, threshold: float
) -> dict[str, Any]:
    """One contrast over the sets that count; not numbers where too few do."""
    one = assumed(found.of(counted), origin, threshold)
    head = {"contrast": contrast, "measure": measure, "sets": int(counted.sum()), "nothing": int((~counted).sum())}
    if one is None:
        return {**head, "luck_taken_out": False, **dict.fromkeys(NUMBERS, None)}
    share = one.share_between or (None, None)
    numbers = (one.low, *one.low_between, one.middle, one.high, *one.high_between, one.share, *share, *_counted(one))
    return {**head, "luck_taken_out": one.luck_taken_out, **dict(zip(NUMBERS, numbers, strict=True))}


def _counted(one: Assumed) -> tuple[float | None, ...]:
    """Threshold, sets above it, and the interval of their share."""
    return (one.above.threshold, one.above.count, one.above.low, one.above.high) if one.above else (None,) * 4


def kept_bands(runs: pd.DataFrame, manifest: Mapping[str, Any]) -> KeptBands:
    """Bands of today, by this code. runs and manifest: of a finished design."""
    campaigns = list(dict.fromkeys(arm["campaign"] for arm in manifest["arms"] if arm["campaign"] != "quiet"))
    pairs = runs[["member", "seed"]].drop_duplicates()
    return KeptBands(
        scenario=str(manifest["scenario"]), campaigns=campaigns, day=date.today().isoformat(),
        code=code_of_answers(frozenset(campaigns)), ranges=ranges_of(manifest), command=str(manifest["command"]),
        days=int(manifest["days"]), users=int(manifest["users"]), sets=int(pairs["member"].nunique()),
        seeds=int(pairs.groupby("member").size().max()), rows=bands_of_design(runs, manifest),
    )  # fmt: skip


def read(path: Path) -> KeptBands:
    """What `write` wrote."""
    document = read_json(path)
    rows = pd.DataFrame([{"middle": None, **row} for row in document["rows"]])  # older ones have none
    return KeptBands(**{**document, "rows": rows[[*HEAD, *NUMBERS]].astype(dict.fromkeys(NUMBERS, float))})


@cache
def kept(scenario: str) -> KeptBands | None:
    """What the project keeps about a scenario."""
    path = KEPT / f"{scenario}.json"
    return read(path) if path.exists() else None


def keep(found: KeptBands) -> Path:
    """Put bands among those that the project keeps; they take the place of older ones."""
    path = KEPT / f"{found.scenario}.json"
    found.write(path)
    kept.cache_clear()
    return path


def beside(manifest: Mapping[str, Any]) -> KeptBands | None:
    """What the project keeps about the scenario and the campaign of a comparison."""
    found = kept(str(manifest["scenario"]))
    leading = next((arm["campaign"] for arm in manifest["arms"] if arm["campaign"] != "quiet"), "quiet")
    return found if found is not None and leading == next(iter(found.campaigns), "quiet") else None


def bands_for(folder: Path, manifest: Mapping[str, Any]) -> KeptBands | None:
    """The bands of a comparison: of the sets of assumptions that were run with it, else those that the project keeps."""
    runs = folder / DESIGN / "runs.parquet"
    if not runs.is_file():
        return beside(manifest)
    return kept_bands(read_table(runs.parent, "runs"), manifest)


def luck_in_words(luck: tuple[float | None, float | None], form: str = "{:.2f}") -> str:
    """The band of luck by what it takes for granted, without a full stop. luck: the interval over seeds."""
    return f"Luck (other worlds, the same assumptions): {interval(*luck, form)}"


def assumptions_in_words(row: Any, form: str = "{:.2f}") -> str:
    """The band of assumptions by where it comes from, without a full stop; '' where none is known. row: of `KeptBands.row`."""
    if row is None or pd.isna(row.low):
        return ""
    made = f"{row.sets} sets drawn from their stated ranges" + (
        f", {row.nothing} more have nothing to dampen" if row.nothing else ""
    )
    wide = "" if row.luck_taken_out else "at most "
    half = f", half of it below {form.format(row.middle)}" if pd.notna(row.middle) else ""
    zero = ", which includes zero" if row.low <= 0 <= row.high else ""
    return f"Assumptions ({made}): {wide}{interval(row.low, row.high, form)}{zero}{half}"


def both_bands(said: str, luck: tuple[float | None, float | None], row: Any, form: str = "{:.2f}") -> str:
    """What was found, then each of its two bands.

    said: the finding without a full stop, such as '4.44 impressions of candidate A per genuine user were manufactured'.
    """
    parts = (said, luck_in_words(luck, form), assumptions_in_words(row, form))
    return without_signed_zeros("".join(f"{part}. " for part in parts if part).rstrip())


def is_outside(estimate: float, row: Any) -> bool:
    """Whether an answer lies where the sets hardly ever do; not where their band is not known. row: of `KeptBands.row`."""
    return row is not None and pd.notna(row.low) and not row.low <= estimate <= row.high


def passing(row: Any, subject: str, threshold: str) -> str:
    """In how many sets the true answer passes the stated threshold; '' where that cannot be said of single sets.

    subject: such as 'suspend_coordinated takes'; threshold: in words, such as 'a fifth'.
    """
    if row is None or pd.isna(row.above):
        return ""
    return (
        f"In {row.above:.0f} of {row.sets} sets of assumptions {subject} more than {threshold} "
        f"({interval(row.above_low, row.above_high, '{:.0%}')} of all such sets)"
    )


def both_lines(folder: Path) -> list[str]:
    """Both bands beside a comparison's own lines: what was manufactured, and in how many sets each policy takes more than stated."""
    manifest = read_json(folder / "manifest.json")
    found = bands_for(folder, manifest)
    if found is None:
        return []
    m = first(read_table(folder, "estimates"), MADE)
    warned = found.warning(manifest)
    policies = [
        row.contrast.removeprefix(DAMPENING) for row in found.rows.itertuples() if row.contrast.startswith(DAMPENING)
    ]
    passed = [passing(found.row(f"{DAMPENING}{policy}"), f"{policy} takes", "a fifth") for policy in policies]
    return [
        both_bands(
            f"{m.estimate:.2f} impressions per genuine user were manufactured", (m.low, m.high), found.row(MADE)
        ),
        *(f"  {line}" for line in passed if line),
        *([f"  The range over assumptions is of {found.day}: {warned}."] if warned else []),
    ]
