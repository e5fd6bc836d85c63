"""Which contrasts of a comparison were declared in advance, and which of the many dampenings hold when all are taken together.

Declared: manufactured visibility M; and where there are at most FEW policies, of each its dampening and one harm, genuine accounts and
posts acted on. All else is shown as it comes. Dampenings are a family: of every policy, and of every policy against every campaign
where several were compared. P-values of a family are Holm's (Scandinavian Journal of Statistics 6(2), 65-70, 1979); its simultaneous
intervals are Student's t at the level of Bonferroni, which hold whatever the dependence. Neither resamples (docs/DECISIONS.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.estimates.controls import CONTROL
from analysis.estimates.paired import Floats, holm

FEW = 5  # policies up to which each dampening and its harm is declared
LEVEL = 0.05
HARM = "genuine_actioned_per_100000"
DAMPENING, COLLATERAL = "dampening:", "collateral:"
Name = tuple[str, str]  # contrast and measure


@dataclass(frozen=True)
class Family:
    """Contrasts of one kind taken together. adjusted: Holm's p-values; low and high: simultaneous 95% intervals; one a name."""

    names: tuple[str, ...]
    adjusted: Floats
    low: Floats
    high: Floats

    @property
    def hold(self) -> tuple[str, ...]:
        """Those that differ from zero when all are taken together."""
        return tuple(name for name, p in zip(self.names, self.adjusted, strict=True) if p < LEVEL)


def family(names: Sequence[str], values: Floats, errors: Floats, n: int) -> Family:
    """Estimates with their standard errors over n seeds, n at least 2, against zero and all together.

    An estimate without any spread is told from zero unless it is zero, as everywhere in this project.
    """
    t = np.divide(np.abs(values), errors, out=np.where(values == 0, 0.0, np.inf), where=errors > 0)
    reach = float(stats.t.ppf(1 - LEVEL / 2 / max(len(names), 1), n - 1)) * errors
    adjusted = holm(np.asarray(2 * stats.t.sf(t, n - 1), dtype=np.float64))
    return Family(tuple(names), adjusted, values - reach, values + reach)


def dampenings(table: pd.DataFrame) -> Family | None:
    """The family of dampenings of a table of estimates; none without a policy, or from one seed."""
    rows = table[table["contrast"].str.startswith(DAMPENING) & (table["measure"] == "impressions")]
    if len(rows) == 0 or rows["paired_sd"].isna().any():
        return None
    values, errors = (rows[name].to_numpy(dtype=np.float64) for name in ("estimate", "paired_sd"))
    return family([name.removeprefix(DAMPENING) for name in rows["contrast"]], values, errors, int(rows["n"].iloc[0]))


def against_campaigns(rows: pd.DataFrame) -> Family | None:
    """The family of dampenings of each policy against each campaign; rows: as `analysis.estimates.craft` gives them.

    Nothing is taken from a campaign whose own manufactured visibility cannot be told from zero, so that such rows are no tests.
    """
    if len(rows) == 0 or rows["dampening_low"].isna().any():
        return None
    able = rows[(rows["manufactured_low"] > 0) | (rows["manufactured_high"] < 0)]
    if len(able) == 0:
        return None
    values, n = able["dampening"].to_numpy(dtype=np.float64), int(able["n"].iloc[0])
    errors = (able["dampening_high"].to_numpy(dtype=np.float64) - values) / float(stats.t.ppf(0.975, n - 1))
    return family([f"{row['campaign']}/{row['policy']}" for row in able.to_dict("records")], values, errors, n)


def declared(table: pd.DataFrame) -> list[Name]:
    """Contrasts that were declared in advance, as far as a table of estimates has them."""
    policies = [c.removeprefix(DAMPENING) for c in dict.fromkeys(table["contrast"]) if c.startswith(DAMPENING)]
    named: list[Name] = [("manufactured", "impressions")]
    if len(policies) <= FEW:
        for policy in policies:
            named += [(f"{DAMPENING}{policy}", "impressions"), (f"{COLLATERAL}{policy}", HARM)]
    return named


def what_was_declared(table: pd.DataFrame, directed: Family | None = None) -> str:
    """One sentence on what was declared and how much is shown besides, one on what holds after adjustment.

    directed: dampenings of each policy against each campaign, where several were compared.
    """
    named, of_policies = declared(table), dampenings(table)
    own = table["contrast"].str.startswith(CONTROL)
    said = "manufactured visibility" + (
        ", and of each policy its dampening and the genuine accounts and posts that it acted on"
        if len(named) > 1
        else ""
    )
    others, controls = int((~own).sum()) - len(named), int(own.sum())
    line = f"Declared before any result: {said} ({len(named)} of {len(table)} numbers); {others} others are shown as they come"
    line += f", and {controls} of the controls." if controls else "."
    for found, what in ((of_policies, "dampenings"), (directed, "dampenings by policy and campaign")):
        if found is not None and len(found.names) > 1:
            line += f" {_holding(found, what)}"
    return line


def _holding(found: Family, what: str) -> str:
    """Which of a family hold, in words."""
    hold = ", ".join(name.replace("_", " ").replace("@", ", ").replace("/", " by ") for name in found.hold)
    return f"Of {len(found.names)} {what} taken together (Holm) these differ from zero: {hold or 'none'}."
