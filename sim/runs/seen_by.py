"""One world as each viewer has it on a day: the platform, a regulator that asked, an outsider with the public sample."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.measures.labels import DIRECTED
from sim.model import CampaignModel
from sim.record.ends import Removals, ends_of_accounts, ends_of_posts
from sim.record.keeping import DAY, Acts, Asked, Hours, in_sample
from sim.record.viewers import OUTSIDER, VIEWERS, Fate, Viewers
from sim.regulator.docket import asked_of, holds_of
from sim.runs.labelled import HOUR, LabelledWorld, labelled_world
from sim.runs.votes import block_of
from sim.scenario.calendar import Clock
from sim.scenario.config import Scenario
from sim.scenario.record import Record
from sim.scenario.schema import ScenarioError, nearest
from sim.world.platform import COMMENT

COUNTERS = ("views", "likes", "comments", "shares")


@dataclass(frozen=True)
class RecordedWorld:
    """A finished world, and what became of its record.

    whole: everything, with labels. counters: date, post (number) and the public counters of posts about the election at each midnight.
    ledger: second (since 1970), tactic, account, euros of each payment, as a payer's books have them. asked: requests, with the hours of
    their answers. events, posts: what becomes of each row of the whole's tables. before: comments of the hours before the log, as events,
    with sampled; last_before: (accounts) second of the last act before the log, which the platform keeps with each account; users:
    monthly, as it publishes; election: all draws of its election, see `sim.runs.votes`, empty where none is held.
    """

    whole: LabelledWorld
    counters: pd.DataFrame
    ledger: pd.DataFrame
    rules: Record
    clock: Clock
    asked: tuple[Asked, ...]
    events: Fate
    posts: Fate
    before: pd.DataFrame
    last_before: Hours
    users: int
    election: Mapping[str, Any]

    def seen_by(self, viewer: str, day: date) -> LabelledWorld:
        """What a viewer has at the end of a day. `kind` stays whole: it is the truth, and for scoring alone.

        viewer: platform, regulator or outsider. An account of which a viewer sees nothing has no date and no followers. Raises
        ScenarioError.
        """
        if viewer not in VIEWERS:
            raise ScenarioError(f"viewer: {viewer} given; {nearest(viewer, VIEWERS)}")
        hour = self.clock.hour_of(day) + DAY
        viewers = Viewers(self.rules, self.clock, self.asked)
        events = self.whole.events[viewers.has(viewer, hour, self.events)]
        posts = self.whole.posts[viewers.has(viewer, hour, self.posts)]
        met = np.zeros(len(self.whole.accounts), dtype=np.bool_)
        met[events["account"].to_numpy()] = True
        met[posts["author"].to_numpy()] = True
        accounts = self.whole.accounts.where(pd.Series(met))
        return replace(self.whole, events=events.reset_index(drop=True), posts=posts.reset_index(drop=True), accounts=accounts)  # fmt: skip

    def counters_seen_by(self, viewer: str, day: date) -> pd.DataFrame:
        """Counters of the posts that a viewer has at the end of a day, at each midnight so far.

        An outsider who keeps copies has those since then; one who looks at the end has the last of each post that is still up.
        """
        posts = self.seen_by(viewer, day).posts["post"]
        known = self.counters[self.counters["post"].isin(posts) & (self.counters["date"] <= pd.Timestamp(day))]
        if viewer != OUTSIDER:
            return known
        begins = self.rules.outsider_begins
        if begins is None:
            return known.groupby("post", as_index=False).last()
        return known[known["date"] >= pd.Timestamp(begins)]

    def last_before_seen_by(self, viewer: str, seen: LabelledWorld) -> npt.NDArray[np.float64]:
        """Second of each account's last act before the log, NaN where a viewer does not know it: outsiders do not, of any account."""
        known = seen.accounts["created"].notna().to_numpy() & (viewer != OUTSIDER)
        return np.where(known, self.last_before.astype(np.float64), np.nan)

    def comments_before(self, viewer: str) -> pd.DataFrame:
        """Comments of the hours before the log, as far as a viewer could have had them: a regulator has the platform's."""
        return self.before[self.before["sampled"]] if viewer == OUTSIDER else self.before


@dataclass
class _Beside:
    """What is kept of a world beside its log."""

    keys: list[npt.NDArray[np.uint32]] = field(default_factory=list)
    counters: list[pd.DataFrame] = field(default_factory=list)
    before: list[pd.DataFrame] = field(default_factory=list)
    removals: Removals = field(default_factory=Removals)
    model: CampaignModel | None = None
    last_before: npt.NDArray[np.int32] | None = None

    def note(self, model: CampaignModel) -> None:
        """After an hour."""
        self.model = model
        platform, hour = model.world.platform, model.world.hour - 1
        posts = platform.posts
        self.keys.append(posts.key[int(np.searchsorted(posts.hour, hour)) :].copy())
        self.removals.note(model.decided, hour)
        if hour < model.clock.start:
            self._note_before(model, hour)
        if (hour + 1) % DAY == 0 and hour >= model.clock.start:
            rows = np.flatnonzero(posts.candidate >= 0)
            told = {name: getattr(posts, name)[rows].copy() for name in COUNTERS}
            when = pd.Timestamp(model.clock.day_of(hour))
            self.counters.append(pd.DataFrame({"date": when, "post": rows + platform.first, **told}))

    def _note_before(self, model: CampaignModel, hour: int) -> None:
        """An hour before the log: its comments, and when each account has acted last."""
        log = model.world.platform.log[-1]
        log = log.of(log.verb == COMMENT)
        told = {"post": log.post, "account": log.account, "second": HOUR * hour + log.second.astype(np.int64)}
        self.before.append(pd.DataFrame(told))
        if hour == model.clock.start - 1:
            self.last_before = model.world.platform.accounts.last_active.copy()


def recorded_world(
    scenario: Scenario, everywhere: Sequence[str], on_election: Sequence[str],
    also: Sequence[Callable[[CampaignModel], None]] = (),
) -> RecordedWorld:  # fmt: skip
    """Run a world and keep its record; see `labelled_world` for the verbs. Raises ScenarioError where the scenario has no record.

    also: are shown the model after each hour, as the record is.
    """
    if scenario.record is None:
        raise ScenarioError("record: none given, allowed is one that says what is kept, such as record=standard")
    beside = _Beside()

    def note(model: CampaignModel) -> None:
        for each in (beside.note, *also):
            each(model)

    whole = labelled_world(scenario, everywhere, on_election, note)
    model, clock, rules = beside.model, scenario.clock, scenario.record
    assert model is not None
    assert beside.last_before is not None
    regulator, suspicion = scenario.regulator, model.suspicion
    holds = holds_of(regulator, clock, suspicion) if regulator else []
    asked = asked_of(regulator, clock, suspicion) if regulator else []
    opening = whole.first - HOUR * clock.start
    keys = np.concatenate(beside.keys)
    events, posts = (
        Acts((table["second"].to_numpy() - opening) // HOUR, table[who].to_numpy().astype(np.int64), table["post"].to_numpy())
        for table, who in ((whole.events, "account"), (whole.posts, "author"))
    )  # fmt: skip
    directed = np.isin(whole.kind, DIRECTED)
    accounts = ends_of_accounts(model.world.seed, events, directed, clock.end, beside.removals, rules)
    ends = ends_of_posts(model.world.seed, events, keys, 0, beside.removals, rules)
    sample = in_sample(model.world.seed, keys, rules)
    viewers = Viewers(rules, clock, tuple(asked))
    fates = [viewers.fate(model.world.seed, of, accounts, ends, keys, holds) for of in (events, posts)]
    counters, before = (pd.concat(parts, ignore_index=True) for parts in (beside.counters, beside.before))
    before = before.assign(second=before["second"] + opening, sampled=sample[before["post"]])
    last = opening + HOUR * beside.last_before.astype(np.int64)
    users = model.world.platform.users
    return RecordedWorld(
        whole, counters, _ledger(model, opening), rules, clock, tuple(asked), fates[0], fates[1], before, last, users, block_of(model)
    )  # fmt: skip


def _ledger(model: CampaignModel, opening: int) -> pd.DataFrame:
    """Payments as the payer wrote them down."""
    rows = [
        (opening + HOUR * hour, tactic, account, cents / 100.0)
        for hour, tactic, account, cents in model.world.truth.payments
    ]
    return pd.DataFrame(rows, columns=["second", "tactic", "account", "euros"])
