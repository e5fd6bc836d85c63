"""One world as each viewer has it on a day: the platform, a regulator that asked, an outsider with the public sample."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.measures.labels import DIRECTED
from sim.measures.on_record import OUTSIDER, PLATFORM, VIEWERS
from sim.model import CampaignModel
from sim.record.ends import Removals, ends_of_accounts, ends_of_posts
from sim.record.keeping import DAY, Acts, Asked, Hold, Hours, in_sample, off_the_record, out_of_sight
from sim.record.rules import Record
from sim.regulator.docket import asked_of, holds_of
from sim.runs.labelled import HOUR, LabelledWorld, labelled_world
from sim.scenario.calendar import Clock
from sim.scenario.config import Scenario
from sim.scenario.schema import ScenarioError, nearest
from sim.world.platform import COMMENT

COUNTERS = ("views", "likes", "comments", "shares")


@dataclass(frozen=True)
class RecordedWorld:
    """A finished world, and what became of its record.

    whole: everything, with labels. counters: date, post (number) and the public counters of posts about the election at each midnight.
    ledger: second (since 1970), tactic, account, euros of each payment, as a payer's books have them. unseen, gone: (events) hour from
    which nobody outside sees an event, and from which the platform has it no more. sampled: (events) whether its post is in the
    public sample; posts_unseen, posts_gone, posts_sampled: (posts) the same. before: comments of the hours before the log, as events, with
    sampled; last_before: (accounts) second of the last act before the log, which the platform keeps with each account; users: monthly,
    as it publishes.
    """

    whole: LabelledWorld
    counters: pd.DataFrame
    ledger: pd.DataFrame
    rules: Record
    clock: Clock
    asked: tuple[Asked, ...]
    unseen: Hours
    gone: Hours
    sampled: npt.NDArray[np.bool_]
    posts_unseen: Hours
    posts_gone: Hours
    posts_sampled: npt.NDArray[np.bool_]
    before: pd.DataFrame
    last_before: Hours
    users: int

    def seen_by(self, viewer: str, day: date) -> LabelledWorld:
        """What a viewer has at the end of a day. `kind` stays whole: it is the truth, and for scoring alone.

        viewer: platform, regulator or outsider. An account of which a viewer sees nothing has no date and no followers. Raises
        ScenarioError.
        """
        if viewer not in VIEWERS:
            raise ScenarioError(f"viewer: {viewer} given; {nearest(viewer, VIEWERS)}")
        hour = self.clock.hour_of(day) + DAY
        opening = self.whole.first - HOUR * self.clock.start
        at = (self.whole.events["second"].to_numpy() - opening) // HOUR
        made = (self.whole.posts["second"].to_numpy() - opening) // HOUR
        events = self.whole.events[self._has(viewer, hour, at, self.unseen, self.gone, self.sampled)]
        posts = self.whole.posts[self._has(viewer, hour, made, self.posts_unseen, self.posts_gone, self.posts_sampled)]
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

    def _has(
        self, viewer: str, hour: int, at: Hours, unseen: Hours, gone: Hours, sampled: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Which of some things a viewer has at an hour."""
        there = at < hour
        if viewer == PLATFORM:
            return np.asarray(there & (gone > hour))
        if viewer == OUTSIDER:
            begins = self.rules.outsider_begins
            copied = begins is not None and (unseen > at + DAY) & (unseen > self.clock.hour_of(begins))
            return np.asarray(there & sampled & ((unseen > hour) | copied))
        got = np.zeros(len(at), dtype=np.bool_)
        for answer in self.asked:
            if answer.answered <= hour:
                got |= (answer.first <= at) & (at < min(answer.last, answer.answered)) & (gone > answer.answered)
        return got


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


def recorded_world(scenario: Scenario, everywhere: Sequence[str], on_election: Sequence[str]) -> RecordedWorld:
    """Run a world and keep its record; see `labelled_world` for the verbs. Raises ScenarioError where the scenario has no record."""
    if scenario.record is None:
        raise ScenarioError("record: none given, allowed is one that says what is kept, such as record=standard")
    beside = _Beside()
    whole = labelled_world(scenario, everywhere, on_election, beside.note)
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
    hold: list[Hold] = holds
    before = pd.concat(beside.before, ignore_index=True)
    before = before.assign(second=before["second"] + opening, sampled=sample[before["post"]])
    return RecordedWorld(
        whole, pd.concat(beside.counters, ignore_index=True), _ledger(model, opening), rules, clock, tuple(asked),
        out_of_sight(events, accounts, ends), off_the_record(events, accounts, ends, rules, hold), sample[events.post],
        out_of_sight(posts, accounts, ends), off_the_record(posts, accounts, ends, rules, hold), sample[posts.post],
        before, opening + HOUR * beside.last_before.astype(np.int64), model.world.platform.users,
    )  # fmt: skip


def _ledger(model: CampaignModel, opening: int) -> pd.DataFrame:
    """Payments as the payer wrote them down."""
    rows = [
        (opening + HOUR * hour, tactic, account, cents / 100.0)
        for hour, tactic, account, cents in model.world.truth.payments
    ]
    return pd.DataFrame(rows, columns=["second", "tactic", "account", "euros"])
