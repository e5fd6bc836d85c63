"""The page of an audit: each candidate's share of the political videos that fresh accounts were shown."""

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.paired import Estimate, estimate
from analysis.estimates.words import interval
from analysis.report.page import DISCLAIMER, page, section, table
from sim.runs.audit import Audit, AuditPlan
from sim.runs.recording import write_json, write_table, write_whole
from sim.scenario.config import Scenario

METHOD = """<p>The world ({campaign}, {moderation}, seed {seed}) was replayed from its scenario and came out as recorded. In
a copy of it {accounts} accounts were opened on measured day {day}. They follow every candidate's own account and nobody else,
watch {minutes} minutes on each of {days} days, care for politics of any colour and for nothing else, and never like, comment,
share or follow. They take the places of users who watch least and never post. They were shown {videos} videos, {political} of
them political.</p>"""
HOW_TO_READ = """<p>The last column is what genuine users of the replayed world saw on the same days. Intervals are 95%, over
accounts (each one cluster, jackknife, Student's t): they cover the accounts' luck in this one world, not that of worlds, nor
the assumptions. A share says what is shown to such accounts, not why.</p>"""


def share_of(videos: pd.DataFrame, candidate: int, accounts: int) -> Estimate | None:
    """A candidate's share of political videos: a ratio of sums, its interval over accounts (each is one cluster).

    videos: as `Audit.videos`; None where no video was political. Bounded to 0 to 1.
    """
    political = videos[videos["candidate"] >= 0]
    every = np.bincount(political["account"], minlength=accounts).astype(np.float64)
    own = np.bincount(political["account"][political["candidate"] == candidate], minlength=accounts).astype(np.float64)
    if not (every.sum() - every > 0).all():
        return None
    found = estimate({"x:own": own, "x:every": every}, lambda x: float(x["x:own"].sum() / x["x:every"].sum()))
    low, high = (None if bound is None else min(max(bound, 0.0), 1.0) for bound in (found.low, found.high))
    return Estimate(found.value, low, high, found.n, found.paired_sd, found.unpaired_sd)


def write_audit(out: Path, folder: Path, found: Audit, plan: AuditPlan, scenario: Scenario) -> dict[str, Any]:
    """Leave audit.json, audit.html and the videos in a folder; returns the summary."""
    labels = [candidate.label for candidate in scenario.population.candidates]
    political = found.videos[found.videos["candidate"] >= 0]
    shares = [_row(found, plan, number, label) for number, label in enumerate(labels)]  # in the order of the scenario
    summary = {
        "out": str(out), "folder": str(folder), "scenario": scenario.name, "title": scenario.title,
        "campaign": scenario.campaign.name, "moderation": scenario.moderation.name, "seed": scenario.seed,
        "accounts": plan.accounts, "minutes": plan.minutes, "day": plan.day, "days": plan.days,
        "videos": len(found.videos), "political": len(political),
        "recommended_political": int((~political["by_followed"]).sum()), "shares": shares, "digest": found.digest,
        "wall_s": found.wall_s,
    }  # fmt: skip
    write_table(out / "videos.parquet", found.videos)
    write_json(out / "audit.json", summary)
    write_whole(out / "audit.html", _page(summary).encode())
    return summary


def _row(found: Audit, plan: AuditPlan, number: int, label: str) -> dict[str, Any]:
    """One candidate: share of all political videos, and of those that no followed account made."""
    row: dict[str, Any] = {"candidate": label, "everyone": found.everyone[number]}
    recommended = found.videos[~found.videos["by_followed"]]
    for name, videos in (("", found.videos), ("recommended_", recommended)):
        share = share_of(videos, number, plan.accounts)
        row[f"{name}share"] = None if share is None else share.value
        row[f"{name}low"], row[f"{name}high"] = (None, None) if share is None else (share.low, share.high)
    return row


def _said(row: dict[str, Any], name: str = "") -> str:
    """A share with its interval, in words."""
    if row[f"{name}share"] is None:
        return "no political video"
    return f"{row[f'{name}share']:.0%} ({interval(row[f'{name}low'], row[f'{name}high'], '{:.0%}')})"


def in_words(summary: dict[str, Any]) -> str:
    """A summary for people."""
    lines = [
        f"replayed, digest {summary['digest'][:12]} as recorded",
        f"{summary['accounts']} fresh accounts were shown {summary['videos']} videos on {summary['days']} days, "
        f"{summary['political']} of them political; share of these (95% interval over accounts):",
    ]
    lines += [f"{row['candidate']}: {_said(row)}; of all users' {row['everyone']:.0%}" for row in summary["shares"]]
    return "\n".join([*lines, f"{summary['out']}/audit.html"])


def _page(summary: dict[str, Any]) -> str:
    rows = [[escape(row["candidate"]), _said(row), _said(row, "recommended_"), f"{row['everyone']:.0%}"]
            for row in summary["shares"]]  # fmt: skip
    head = ["candidate", "share of political videos", "of those not by a followed account", "share among all users"]
    first = max(summary["shares"], key=lambda row: row["share"] or 0.0)
    sentence = "In this model world, fresh accounts were shown no political video."
    if summary["political"]:
        sentence = (
            f"In this model world, candidate {escape(first['candidate'])} had {_said(first)} of the political videos "
            "that fresh accounts were shown."
        )
    title, again = escape(summary["title"]), escape(summary["folder"])
    return page(
        f"Groundswell: audit of {title}",
        f"<h1>Audit: {title}</h1><p class='finding'>{sentence}</p><p class='limits'>{DISCLAIMER}</p>"
        + section("What fresh accounts were shown", table(head, rows))
        + section("How it was done", METHOD.format(**{k: escape(str(v)) for k, v in summary.items()}), HOW_TO_READ)
        + section("How to repeat it", (
            f"<pre>groundswell audit {again} --accounts {summary['accounts']} --minutes {summary['minutes']:g} "
            f"--day {summary['day']} --days {summary['days']}</pre>"
            f"<p class='small'>Digest of the world <code>{escape(summary['digest'])}</code>.</p>"
        )),
    )  # fmt: skip
