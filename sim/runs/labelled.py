"""One world as a log with labels: what a detector of accounts may see, and beside it what it must not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.measures.labels import kinds_of
from sim.model import CampaignModel
from sim.runs.about_election import is_about_election
from sim.scenario.config import Scenario
from sim.world.background import CANDIDATE_TAG
from sim.world.platform import NOBODY, VERBS, Log, Platform

HOUR, DAY = 3600, 24  # seconds, hours


@dataclass(frozen=True)
class LabelledWorld:
    """Accounts and posts have the numbers of the world; times are seconds since 1970 of its own clock.

    events: post, account, verb (its name), second. posts: number, author, second, candidate and hashtag (numbers of candidates,
    NOBODY where none), sound (template, 0 its own), disclosed (marked as advertising by its author). accounts: created (date), followers
    at the end. kind: (accounts) see `sim.measures.labels`.
    """

    events: pd.DataFrame
    posts: pd.DataFrame
    accounts: pd.DataFrame
    kind: npt.NDArray[np.str_]
    first: int  # second at which the log begins
    last: int  # second before which it ends
    wake: (
        int | None
    )  # second from which the campaign's own accounts work; None where there is no campaign with such accounts


def labelled_world(
    scenario: Scenario, everywhere: Sequence[str], on_election: Sequence[str],
    also: Callable[[CampaignModel], None] | None = None,
) -> LabelledWorld:  # fmt: skip
    """Run a world and keep its measured days.

    everywhere: verbs of which each act is kept; on_election: verbs of which acts on posts about the election are; also: is shown the
    model after each hour.
    """
    model, clock = CampaignModel(scenario), scenario.clock
    all_verbs, some_verbs = (
        np.array([VERBS.index(v) for v in verbs], dtype=np.int8) for verbs in (everywhere, on_election)
    )
    events, posts = list[pd.DataFrame](), list[pd.DataFrame]()
    opening = int(pd.Timestamp(clock.day_of(0)).timestamp())
    for hour in range(clock.end):
        model.run_until(hour + 1)
        if also is not None:
            also(model)
        platform, log = model.world.platform, model.world.platform.log[-1]
        posts.append(_posts(platform, hour, opening, len(scenario.population.candidates)))
        if hour >= clock.start:
            row = log.post - platform.first
            about = is_about_election(platform, row)
            kept = np.isin(log.verb, all_verbs) | (np.isin(log.verb, some_verbs) & about)
            events.append(_events(log.of(kept), opening + HOUR * hour))
    record = pd.concat(events, ignore_index=True)
    accounts = model.world.platform.accounts
    created = np.datetime64(clock.day_of(0)) + (accounts.registered // DAY).astype("timedelta64[D]")
    acted = np.bincount(record["account"], minlength=len(created)) > 0
    return LabelledWorld(
        record, pd.concat(posts, ignore_index=True), pd.DataFrame({"created": created, "followers": accounts.followers}),
        kinds_of(model.world, acted), opening + HOUR * clock.start, opening + HOUR * clock.end, _wakes(scenario, opening),
    )  # fmt: skip


def _posts(platform: Platform, hour: int, opening: int, candidates: int) -> pd.DataFrame:
    """Posts about the election that appeared in an hour."""
    posts = platform.posts
    row = np.arange(int(np.searchsorted(posts.hour, hour)), len(posts))
    row = row[is_about_election(platform, row)]
    tag = posts.hashtag[row] - CANDIDATE_TAG
    return pd.DataFrame({
        "post": row + platform.first, "author": posts.author[row], "second": opening + HOUR * hour + posts.second[row].astype(np.int64),
        "candidate": posts.candidate[row], "hashtag": np.where((tag >= 0) & (tag < candidates), tag, NOBODY),
        "sound": posts.sound[row], "disclosed": posts.disclosed[row] > 0,
    })  # fmt: skip


def _events(log: Log, opened: int) -> pd.DataFrame:
    """Acts of an hour that began in a second."""
    verb = np.array(VERBS)[log.verb]
    return pd.DataFrame(
        {"post": log.post, "account": log.account, "verb": verb, "second": opened + log.second.astype(np.int64)}
    )


def _wakes(scenario: Scenario, opening: int) -> int | None:
    """The second from which the campaign's own accounts work."""
    day = getattr(scenario.campaign.tactics.get("wake_sleepers"), "wake_day", None)
    if scenario.campaign.start is None or day is None:
        return None
    hour = max(scenario.clock.hour_of(max(day, scenario.campaign.start)), scenario.clock.start)
    return opening + HOUR * hour
