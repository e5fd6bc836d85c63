"""The numbers that lessons name, kept beside their plan.

They are made anew by `python -m analysis.lab.lessons.numbers FOLDER`, of the folder of COMMAND. They are kept as an English reader writes
them; `written` turns them for another language.
"""

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from sim.runs.recording import read_json, read_table, write_json

REFERENCE = Path(__file__).resolve().parents[2] / "reference_data"
KEPT = Path(__file__).resolve().parents[1] / "web" / "plans" / "lesson_numbers.json"
COMMAND = "groundswell compare scenario=classroom arms=lessons"
RULES = {
    "suspend": "suspend_coordinated", "remove": "remove_undisclosed", "label": "label_paid", "awake": "limit_awakened",
}  # fmt: skip
CARE = ("coordinated", "spread out", "mixed cells", "careful")
DELAYS = {0: "at once", 1: "1 day", 3: "3 days", 7: "7 days", 21: "21 days"}
DECIMAL_COMMA = str.maketrans({".": ",", ",": "."})


def written(number: str, language: str) -> str:
    """A kept number as readers of a language write it: 1,996 and 8.2 are 1.996 and 8,2 in Romanian."""
    return number.translate(DECIMAL_COMMA) if language == "ro" else number


def numbers_of(runs: pd.DataFrame, series: pd.DataFrame, estimates: pd.DataFrame) -> dict[str, str]:
    """Every number by the name that texts give it. runs, series, estimates: the tables that a comparison leaves.

    A range 'least' to 'most' is over single worlds, 'low' to 'high' an interval of 95% over seeds.
    """
    return {**_manufactured(runs, estimates), **_rules(runs, estimates), **_reach_then(runs, series)}


def kept_elsewhere() -> dict[str, str]:
    """Numbers of larger worlds, from answers that the project keeps: of the campaign's care, of the desk's delay, and of outsiders."""
    care = _varied("evasion")
    takes = [care[setting, "dampening:suspend_coordinated"] for setting in CARE]
    delay = _varied("delay")
    together = next(row for row in read_json(REFERENCE / "outsider.json")["scores"] if _on_the_eve(row))
    return {
        **{f"care_{place + 1}": _percent(share) for place, share in enumerate(takes)},
        "care_ordinary": f"{care['coordinated', 'manufactured']:.1f}",
        "care_careful": f"{care['careful', 'manufactured']:.1f}",
        **{
            f"delay_{days}": _percent(delay[setting, "dampening:suspend_coordinated"])
            for days, setting in DELAYS.items()
        },
        "together_found": f"{together['alarms']}",
        "together_worlds": f"{together['worlds']}",
    }


def _varied(question: str) -> dict[tuple[str, str], float]:
    """Estimates of a kept answer by setting and contrast."""
    rows = read_json(REFERENCE / "varied" / f"romania_2024-{question}.json")["rows"]
    return {(row["setting"], row["contrast"]): row["estimate"] for row in rows}


def _on_the_eve(row: dict[str, Any]) -> bool:
    """Whether a row says what co-action in the public sample tells of the campaign on the last day before the vote."""
    asked = ("acting_together", "outsider", "coordinated", -1)
    return (row["instrument"], row["viewer"], row["campaign"], row["after_vote"]) == asked


def _manufactured(runs: pd.DataFrame, estimates: pd.DataFrame) -> dict[str, str]:
    """What the campaign added, in showings a person."""
    people, quiet = runs["genuine_users"].iloc[0], _by_seed(runs, "quiet", "none")
    each = (_by_seed(runs, "coordinated", "none") - quiet) / people
    whole, paid = _estimate(estimates, "manufactured"), _estimate(estimates, "part:paid")
    others = _estimate(estimates, "all_others", "impressions_change")
    return {
        "people": f"{people:,.0f}",
        "quiet_most": f"{quiet.max():,.0f}",
        **_three("manufactured", whole, lambda value: f"{value:.1f}"),
        "manufactured_least": f"{each.min():.1f}",
        "manufactured_most": f"{each.max():.1f}",
        "paid_part": _percent(paid["estimate"] / whole["estimate"]),
        **_three("others_change", others, lambda value: _percent(value, 1)),
    }


def _rules(runs: pd.DataFrame, estimates: pd.DataFrame) -> dict[str, str]:
    """What each rule takes, and whom it hits."""
    found: dict[str, str] = {}
    for name, policy in RULES.items():
        harm = _estimate(estimates, f"collateral:{policy}", "genuine_actioned_per_100000")
        found |= _three(f"{name}_takes", _estimate(estimates, f"dampening:{policy}"), _percent)
        found[f"{name}_harm"] = f"{harm['estimate']:.0f}"
    added = [_by_seed(runs, "coordinated", rule) - _by_seed(runs, "quiet", rule) for rule in ("none", RULES["suspend"])]
    takes = 1 - added[1] / added[0]
    hits = _by_seed(runs, "coordinated", RULES["suspend"], "genuine_accounts_actioned")
    quiet = _by_seed(runs, "quiet", RULES["suspend"], "genuine_accounts_actioned")
    return found | {
        "suspend_takes_least": _percent(takes.min()), "suspend_takes_most": _percent(takes.max()),
        "suspend_hits": f"{hits.mean():.1f}", "suspend_hits_least": f"{hits.min():.0f}", "suspend_hits_most": f"{hits.max():.0f}",
        "suspend_hits_quiet": f"{quiet.mean():.1f}",
    }  # fmt: skip


def _reach_then(runs: pd.DataFrame, series: pd.DataFrame) -> dict[str, str]:
    """Share of people who had seen the candidate at the end of the day on which the first sleeper was suspended."""
    arm = f"coordinated/{RULES['suspend']}"
    mine = series[(series["arm"] == arm) & (series["candidate"].isin([-1, 0]))]
    found = mine[(mine["measure"] == "actioned_campaign_accounts") & (mine["value"] > 0)].groupby("seed")["day"].min()
    reach = mine[mine["measure"] == "reach"].set_index(["seed", "day"])["value"]
    shares = [reach[seed, day] / runs["genuine_users"].iloc[0] for seed, day in found.items()]
    return {"reach_then_least": _percent(min(shares)), "reach_then_most": _percent(max(shares))}


def _by_seed(
    runs: pd.DataFrame, campaign: str, moderation: str, column: str = "candidate_impressions"
) -> "pd.Series[Any]":
    chosen = (runs["campaign"] == campaign) & (runs["moderation"] == moderation)
    return runs[chosen].set_index("seed")[column].sort_index()


def _estimate(estimates: pd.DataFrame, contrast: str, measure: str = "impressions") -> "pd.Series[Any]":
    return estimates[(estimates["contrast"] == contrast) & (estimates["measure"] == measure)].iloc[0]


def _three(name: str, row: "pd.Series[Any]", form: Any) -> dict[str, str]:
    """An estimate and the ends of its interval."""
    return {name: form(row["estimate"]), f"{name}_low": form(row["low"]), f"{name}_high": form(row["high"])}


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f}%".replace("-", "−")


def keep(folder: Path) -> None:
    """Keep the numbers of a finished comparison."""
    seeds = sorted(read_json(folder / "manifest.json")["seeds"])
    numbers = numbers_of(*(read_table(folder, name) for name in ("runs", "series", "estimates"))) | kept_elsewhere()
    write_json(KEPT, {"command": COMMAND, "seeds": seeds, "numbers": numbers})


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
