"""A vote of two rounds for one office, for candidates of whom some are little known; the slot `election` asks for it.

It says what follows from stated ignorance, and nothing of any real vote: there is no public estimate of what exposure on such a platform
does to votes. It is never fitted to a result. The run-off is always held (the law of the case asks for a majority of all who may vote,
which nobody had in a first round), between the first two; who voted for one of them does so again as on its day, others stay at
home or choose (Kiss and Simonovits 2013). An annulment makes both rounds void from its day on: a run-off after it
is not held, and the vote is held again on its dates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np

from sim.elections.base import Election, Exposure, Floats, Held, Rounds
from sim.elections.days import Days, days_of
from sim.elections.polls import Poll, check_calendar, published
from sim.elections.prior import Draw, Luck, base_shares, slopes
from sim.elections.voters import Published, Voters
from sim.elections.voting import first_two, run_off, struck
from sim.scenario.schema import ScenarioError, choice, nearest, part, quantity

PRIORS = (
    "persuasion", "viability_slope", "viability_spread", "turnout_effect", "turnout_differential", "coverage_error",
    "house_effect", "little_known_spread", "base_spread", "users", "awareness_half_life",
)  # fmt: skip


@dataclass(frozen=True)
class TwoRounds(Election):
    """Dates, priors and polls."""

    units: ClassVar[Mapping[str, str]] = {
        "election_known": "share of genuine users who know the candidate on the day of the first round",
        "election_share": "share of votes in the first round, mean over draws",
        "election_run_off": "share of draws in which the candidate is among the first two",
        "election_elected": "share of draws in which the candidate's election stands at the end",
        "election_turnout": "share of all who may vote, first round, mean over draws",
        "election_share_unmoved": "the same as election_share where exposure moves nobody",
        "election_run_off_unmoved": "the same as election_run_off where exposure moves nobody",
    }

    draws: int = quantity("replications of the election for each world", "draws", 1, 2000)
    first_round: date | None = quantity(
        "day of the first round; the day after the last measured one where null", "date"
    )
    run_off: date | None = quantity("day of the run-off; 14 days after the first round where null", "date")
    annulled: date | None = quantity("day on which the vote is annulled; never where null", "date")
    rerun_first_round: date | None = quantity("day on which the first round is held again; never where null", "date")
    rerun_run_off: date | None = quantity("day of its run-off; 14 days later where null", "date")
    rerun_with_candidate: bool = choice("whether the campaign's candidate stands again", (True, False))
    little_known: tuple[str, ...] | None = quantity(
        "labels of candidates who are little known and whom panels miss; the campaign's own where null", "letters"
    )
    base_shares: Mapping[str, float] = quantity(
        "shares of votes without any campaign, by candidate: the middle of a prior", "share", 0, 1
    )
    base_spread: float = quantity("standard deviation of the log share of candidates who are known", "ln", 0, 3)
    little_known_spread: float = quantity("the same of little-known candidates", "ln", 0, 3)
    users: float = quantity("share of voters who use the platform", "share", 0, 1)
    awareness_half_life: float = quantity("days after which half of awareness is left", "days", 0.5, 3650)
    few_sights: int = quantity("sights of a candidate above which more add nothing", "sights", 1, 1000)
    persuasion: float = quantity(
        "standard deviation of what knowing a candidate adds to the probability of the vote; its mean is 0",
        "share",
        0,
        1,
    )
    viability_slope: float = quantity("mean slope of votes on the perceived lead; normal, cut off at 0", "ratio", 0, 1)
    viability_spread: float = quantity("standard deviation of that slope before it is cut off", "ratio", 0, 1)
    poll_weight: float = quantity("weight of polls in the perceived lead, beside what people are shown", "share", 0, 1)
    memory: int = quantity("days for which polls and what was shown count in it", "days", 1, 60)
    turnout: float = quantity("mean turnout of a round, of all who may vote", "share", 0, 1)
    turnout_spread: float = quantity("standard deviation of turnout between draws", "share", 0, 0.5)
    turnout_effect: float = quantity(
        "standard deviation of what knowing a candidate adds to the probability of coming; its mean is 0", "share", 0, 1
    )
    turnout_differential: float = quantity(
        "standard deviation of what it adds to that of the candidate's own supporters beyond it", "share", 0, 1
    )
    stay_home: float = quantity("share of voters that stays at home when their candidate is out", "share", 0, 1)
    abstainers_come: float = quantity("share of those who have not voted that comes to a run-off", "share", 0, 1)
    transfer_spread: float = quantity(
        "standard deviation of the logit by which voters of one candidate choose between two others", "logit", 0, 10
    )
    coverage_error: float = quantity(
        "standard deviation of the error that polls have in common about little-known candidates", "share", 0, 1
    )
    house_effect: float = quantity(
        "standard deviation of a house's error for a candidate with half of the votes", "share", 0, 1
    )
    polls: tuple[Poll, ...] = part("published polls")

    def check(self, where: str) -> None:
        """Shares that add up to 1, events in their order, no poll twice."""
        together = sum(self.base_shares.values())
        if abs(together - 1.0) > 1e-6:
            raise ScenarioError(f"{where}.base_shares: {together:.6g} together given, allowed 1")
        if self.little_known is not None and (
            not self.little_known or len(set(self.little_known)) < len(self.little_known)
        ):
            raise ScenarioError(f"{where}.little_known: allowed is null, or a list of labels, each once")
        if self.rerun_first_round is not None and self.annulled is None:
            raise ScenarioError(
                f"{where}.rerun_first_round: {self.rerun_first_round} given without {where}.annulled, allowed is only with it"
            )
        if self.rerun_run_off is not None and self.rerun_first_round is None:
            raise ScenarioError(
                f"{where}.rerun_run_off: {self.rerun_run_off} given without {where}.rerun_first_round, allowed is only with it"
            )
        check_calendar(self.polls, f"{where}.polls")

    def letters(self, promoted: str) -> tuple[str, ...]:
        """Labels of the little-known candidates."""
        return (promoted,) if self.little_known is None else self.little_known

    def check_in(self, labels: Sequence[str], promoted: str, last_day: date) -> None:
        """Its candidates are those of the scenario, and its days lie where votes can be held."""
        for label in self.letters(promoted):
            if label not in labels:
                raise ScenarioError(f"election.little_known: {label} given; {nearest(label, labels)}")
        for label in (*self.base_shares, *labels):
            if label not in labels:
                raise ScenarioError(f"election.base_shares.{label}: unknown candidate; {nearest(label, labels)}")
            if label not in self.base_shares:
                raise ScenarioError(f"election.base_shares: {label} is missing, allowed is a share of each candidate")
        if not self.rerun_with_candidate and len(labels) < 3:
            raise ScenarioError(
                f"election.rerun_with_candidate: false given with {len(labels)} candidates, allowed with 3 or more"
            )
        self.days(last_day).check(last_day)

    def days(self, last_day: date) -> Days:
        """Dates where some are left to the calendar."""
        return days_of(
            last_day, self.first_round, self.run_off, self.annulled, self.rerun_first_round, self.rerun_run_off
        )  # fmt: skip

    def days_of_votes(self, last_day: date) -> tuple[int, ...]:
        """Days after the last measured one on which somebody votes, and those before them on which a poll is published."""
        days = self.days(last_day)
        polled = (days.first_round - timedelta(days=poll.days_before) for poll in self.polls)
        return tuple(sorted({(day - last_day).days for day in (*days.votes, *polled) if day > last_day}))

    def hold(self, seed: int, labels: Sequence[str], promoted: str, last_day: date, exposure: Exposure, moved: bool) -> Held:  # fmt: skip
        """All draws, from the first poll to the last run-off."""
        luck, days = Luck(seed, self.draws), self.days(last_day)
        voters = self._voters(luck, labels, promoted, exposure, moved)
        place = {day: len(exposure.known) - 1 + (day - last_day).days for day in days.votes}
        polls = self._asked(luck, voters, place[days.first_round])
        liking = self._liking(luck, len(labels))
        vote = self._rounds(voters, polls, (place[days.first_round], place[days.run_off]), liking, days.is_run_off_held)
        rerun = None
        if days.rerun is not None:
            out = None if self.rerun_with_candidate else labels.index(promoted)
            rerun = self._rounds(voters, polls, (place[days.rerun[0]], place[days.rerun[1]]), liking, True, out)
        standing = vote if days.annulled is None else rerun
        elected = np.full(self.draws, -1, dtype=np.int64) if standing is None else standing.elected()
        said = np.array([shares[:, voters.who] for _, shares in polls]).reshape(len(polls), self.draws, len(voters.who))
        return Held(voters.base, said, vote, rerun, elected)

    def _voters(self, luck: Luck, labels: Sequence[str], promoted: str, exposure: Exposure, moved: bool) -> Voters:
        """Voters of all draws; where exposure moves nobody, everything by which it could is 0."""
        who = tuple(labels.index(label) for label in self.letters(promoted))
        spreads = np.array(
            [self.little_known_spread if n in who else self.base_spread for n in range(len(labels))], dtype=np.float64
        )
        base = base_shares(luck, np.array([self.base_shares[label] for label in labels], dtype=np.float64), spreads)
        acts = 1.0 if moved else 0.0
        return Voters(
            base, who, acts * self.persuasion * luck.normals(Draw.PERSUASION, who),
            acts * slopes(luck, who, self.viability_slope, self.viability_spread),
            np.clip(self.turnout + self.turnout_spread * luck.normal(Draw.TURNOUT), 0.0, 1.0),
            acts * self.turnout_effect * luck.normal(Draw.TURNOUT_EFFECT),
            acts * self.turnout_differential * luck.normals(Draw.DIFFERENTIAL, who),
            exposure, self.users, self.poll_weight, self.memory,
        )  # fmt: skip

    def calendar(self) -> list[Poll]:
        """Polls in the order in which they are published."""
        return sorted(self.polls, key=lambda poll: (-poll.days_before, poll.house))

    def _asked(self, luck: Luck, voters: Voters, vote: int) -> list[Published]:
        """What each poll says; each can be moved by those before it. vote: day of the first round."""
        found: list[Published] = []
        for poll in self.calendar():
            day = vote - poll.days_before
            shares = voters.support(day, found)
            found.append((day, published(shares, voters.who, luck, poll, self.coverage_error, self.house_effect)))
        return found

    def _liking(self, luck: Luck, candidates: int) -> Floats:
        """(draws, candidates + 1, candidates) how voters of each like each other, in logits; last those who have not voted."""
        spread = (
            self.transfer_spread / 2.0**0.5
        )  # of each of the two, so that their difference has the spread that is stated
        rows = [spread * luck.normals(Draw.TRANSFER, range(candidates), voter) for voter in range(candidates + 1)]
        return np.stack(rows, axis=1)

    def _rounds(
        self, voters: Voters, polls: Sequence[Published], days: tuple[int, int], liking: Floats, is_held: bool, out: int | None = None
    ) -> Rounds:  # fmt: skip
        """Both rounds of one vote. out: a candidate who may not stand."""
        (first, turnout), (second, coming) = (self._cast(voters, polls, day, out) for day in days)
        finalists = first_two(first, out)
        if not is_held:
            return Rounds(first, turnout, finalists)
        leading, votes = run_off(second, coming, finalists, liking, self.stay_home, self.abstainers_come)
        return Rounds(first, turnout, finalists, leading, votes)

    def _cast(self, voters: Voters, polls: Sequence[Published], day: int, out: int | None) -> tuple[Floats, Floats]:
        shares, turnout = voters.votes(day, polls)
        if out is None:
            return shares, turnout
        left, votes = struck(shares, out, self.stay_home)
        return left, turnout * votes

    def about(self, promoted: str, last_day: date) -> dict[str, Any]:
        """Dates, little-known candidates, polls, and the priors that are printed beside results."""
        days = self.days(last_day)
        return {
            "first_round": days.first_round.isoformat(), "run_off": days.run_off.isoformat(),
            "annulled": days.annulled.isoformat() if days.annulled else None,
            "rerun": [day.isoformat() for day in days.rerun] if days.rerun else None, "with_candidate": self.rerun_with_candidate,
            "little_known": list(self.letters(promoted)), "draws": self.draws,
            "base": {label: float(share) for label, share in self.base_shares.items()},
            "polls": [asdict(poll) for poll in self.calendar()],
            "priors": {name: float(getattr(self, name)) for name in PRIORS},
        }  # fmt: skip
