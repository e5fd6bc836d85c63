"""One world of `platform_check`, read as a platform's own analysts would: statistics, quantiles, and what grows with size."""

from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.validation.small_worlds import composed
from analysis.validation.workshop import ROOT
from sim.measures.platform_statistics import arrival, platform_statistics
from sim.model import CampaignModel
from sim.world.content import GENERIC
from sim.world.platform import NOBODY, Posts
from sim.world.world import World

Floats = npt.NDArray[np.float64]
AGES = (3, 4, 5, 6)  # days after the first hour of the cohort at which its views are noted
LEVELS = np.concatenate([np.arange(0.01, 0.99, 0.01), np.arange(0.99, 0.9995, 0.0005)])
REFERENCE = ROOT / "analysis" / "reference_data"
FEWEST = 20  # posts of a class of size whose rates are shown


@dataclass(frozen=True)
class Wanted:
    """What a statistic of the platform is on real ones, and how far from it still agrees."""

    value: float
    low: float
    high: float
    said: str
    source: str
    modules: tuple[str, ...]
    any_size: bool = True  # whether a world of fewer than 100,000 users can show it

    @property
    def tolerance(self) -> float:
        """Half the band, which scales distances from the value."""
        return (self.high - self.low) / 2


CSBN = "csbn monitor, 167,095 videos (a biased sample)"
HOURS = "commercial content in TikTok's public library, Romania, Nov to Dec 2024, 11,896 items"
FEED, REACT = ("staged_audience", "shortlists"), ("audience", "serving kernel")
WANTED = {
    "gini": Wanted(0.945, 0.90, 0.99, "above .9", f"{CSBN}: .952; tiktokodds.com 2020: .93", FEED, False),
    "top_percent": Wanted(0.75, 0.70, 0.80, ".70 to .80", CSBN, FEED, False),
    "spread_within": Wanted(0.51, 0.41, 0.61, ".51, within .1", CSBN, (*FEED, "quality"), False),
    "spread_between": Wanted(0.56, 0.46, 0.66, ".56, within .1", CSBN, (*FEED, "graph", "quality"), False),
    "median_there": Wanted(0.98, 0.95, 1.01, ".95 or more", CSBN, FEED),
    "views_there": Wanted(0.54, 0.45, 0.63, ".45 to .63 (measured .52 to .56)", CSBN, FEED, False),
    "watched": Wanted(0.45, 0.35, 0.55, ".45, within .1", "Zannettou et al. arXiv 2301.04945", REACT, False),
    "likes": Wanted(0.04, 0.03, 0.05, ".03 to .05", CSBN, REACT, False),
    "comments": Wanted(0.00084, 0.00063, 0.00105, ".00084, within a quarter", CSBN, REACT, False),
    "shares": Wanted(0.003, 0.001, 0.005, ".001 to .005", CSBN, REACT, False),
    "share_falls": Wanted(0.0, -0.5, 0.5, "0 classes of size with fewer shares a view than the class below", CSBN, REACT),
    "never_post": Wanted(0.5, 0.45, 0.55, ".5, within .05 (an input)", "Pew Research Center 22 Feb 2024", ("population",)),
    "quarter": Wanted(0.98, 0.96, 1.0, ".98, within .02", "Pew Research Center 22 Feb 2024", ("population",)),
    "cycle": Wanted(0.0, -0.02, 0.02, "0, within .02 (an input)", HOURS, ("population", "clock")),
}  # fmt: skip
NAMES = {
    "gini": "Gini coefficient of views", "top_percent": "share of views of the top 1% of videos",
    "spread_within": "spread of log10 views within creators", "spread_between": "spread of log10 views between creators",
    "median_there": "views of the median video that are there by day 3", "views_there": "views of all videos that are there by day 3",
    "watched": "views to the end", "likes": "likes a view", "comments": "comments a view", "shares": "shares a view",
    "share_falls": "shares a view rise with size", "never_post": "accounts that never post",
    "quarter": "share of videos by the busiest quarter of accounts", "cycle": "daily cycle: distance from the hours of posts in Romania",
}  # fmt: skip


@cache
def reference(name: str) -> pd.DataFrame:
    """One table of analysis/reference_data."""
    return pd.read_csv(REFERENCE / f"{name}.csv")


def reference_mean() -> float:
    """Mean views of the reference videos, from the middle of each class of its histogram (in logarithms)."""
    table = reference("view_count_histogram")
    views = 10 ** ((table.iloc[:, 0] + table.iloc[:, 1]) / 2) - 1
    return float((views * table["n_videos"]).sum() / table["n_videos"].sum())


def observe(task: tuple[tuple[str, ...], int]) -> dict[str, Any]:
    """Statistics of one quiet world, from overrides and a seed; plain values.

    The cohort are the posts of the first measured day, followed until they are nine days old; spreads within and between creators
    take the posts of six days.
    """
    overrides, seed = task
    scenario = replace(composed(("scenario=platform_check", *overrides)), seed=seed)
    model, born = CampaignModel(scenario), scenario.clock.start
    early = []
    for age in AGES:
        model.run_until(born + 24 * age)
        early.append(model.world.platform.posts.views[_of_first_day(model, born)].copy())
    model.run_until(born + 239)  # before the first posts of the cohort retire
    posts, cohort = model.world.platform.posts, _of_first_day(model, born)
    found = asdict(platform_statistics(posts, cohort, (posts.hour >= born) & (posts.hour < born + 144)))
    accumulated = [arrival(views, posts.views[cohort]) for views in early]
    classes = by_size(posts, cohort)
    statistics = {name: found[name] for name in WANTED if name in found} | {
        "views_there": accumulated[0][0], "median_there": accumulated[0][1], "share_falls": falls(classes["shares"]),
        **participation(model.world), "cycle": cycle_distance(posts, born),
    }  # fmt: skip
    views = posts.views[cohort].astype(np.float64)
    return {
        "statistics": {name: float(statistics[name]) for name in WANTED}, "seed": seed, "users": model.world.platform.users,
        "posts": found["posts"], "mean_views": found["mean_views"], "top_tenth": found["top_tenth"],
        "quantiles": np.quantile(views / views.mean(), LEVELS).tolist(), "classes": classes, "hours": hours_of(posts, born).tolist(),
        "accumulated": [list(pair) for pair in accumulated],
    }  # fmt: skip


def _of_first_day(model: CampaignModel, born: int) -> npt.NDArray[np.bool_]:
    hour = model.world.platform.posts.hour
    return (hour >= born) & (hour < born + 24)


def by_size(posts: Posts, cohort: npt.NDArray[np.bool_]) -> dict[str, list[float]]:
    """Likes, comments and shares a view of all posts of a class of size; classes are those of the reference over mean views."""
    views = posts.views[cohort].astype(np.float64)
    size = views / views.mean()
    edges = reference("engagement_per_view_by_view_bin")["views_lo"].to_numpy(dtype=np.float64) / reference_mean()
    place = np.searchsorted(edges, size, side="right") - 1
    found: dict[str, list[float]] = {"size": [], "likes": [], "comments": [], "shares": []}
    for number in range(2, len(edges)):  # 1,000 real views and more: smaller ones are mostly counting noise
        inside = place == number
        if inside.sum() < FEWEST:
            continue
        found["size"].append(float(np.exp(np.log(size[inside]).mean())))
        for name in ("likes", "comments", "shares"):
            found[name].append(float(getattr(posts, name)[cohort][inside].sum() / views[inside].sum()))
    return found


def falls(rates: list[float]) -> int:
    """Classes of size whose rate is below that of the class before."""
    return int((np.diff(rates) < 0).sum())


def participation(world: World) -> dict[str, float]:
    """Accounts that never post, and the share of the live posts that the busiest quarter made."""
    people = np.flatnonzero(world.minds.returns <= world.hour)
    count = np.sort(np.bincount(world.platform.posts.author, minlength=len(world.minds.returns))[people])[::-1]
    return {
        "never_post": float((world.minds.posting[people] == 0).mean()),
        "quarter": float(count[: len(people) // 4].sum() / count.sum()),
    }


def hours_of(posts: Posts, born: int) -> Floats:
    """Share of posts by local hour, over nine whole days."""
    whole = (posts.hour >= born) & (posts.hour < born + 216)
    return np.bincount(posts.hour[whole] % 24, minlength=24) / whole.sum()


def cycle_distance(posts: Posts, born: int) -> float:
    """Total variation distance between the hours of posts and those of the reference."""
    return float(0.5 * np.abs(hours_of(posts, born) - reference("posting_hour_EET")["share"].to_numpy()).sum())


def busiest_week(task: tuple[tuple[str, ...], int]) -> dict[str, float]:
    """What a campaign world shows of the candidate in its busiest week, and how the generic hashtag compares."""
    overrides, seed = task
    model = CampaignModel(replace(composed(("scenario=romania_2024", *overrides)), seed=seed))
    model.run_until(model.clock.end)
    daily, days, focal = model.observer.daily, model.clock.days, model.rules.focal
    own, everything = (np.array([daily[day, name, who] for day in range(days)])
                       for name, who in (("impressions", focal), ("impressions_all", -1)))  # fmt: skip
    weeks = np.lib.stride_tricks.sliding_window_view(own, min(7, days)).sum(axis=1)
    first = int(weeks.argmax())
    posts = model.world.platform.posts
    # Hashtags from GENERIC on stand under ordinary posts; those below are a campaign's own.
    generic = (posts.hashtag > 0) & (posts.hashtag < GENERIC) & (posts.candidate == NOBODY)
    return {
        "week": float(weeks[first] / everything[first : first + 7].sum()),
        "generic": float(posts.views[generic].sum() / max(int(posts.views[posts.candidate == focal].sum()), 1)),
    }
