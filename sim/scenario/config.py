"""What a scenario may say: frozen dataclasses, checked on entry. The defaults and their sources stand in scenarios/."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.scenario.arms import EARLIER_MOST, LEVELS, STANDARD
from sim.scenario.calendar import Clock
from sim.scenario.people import Audience as Audience
from sim.scenario.people import Background as Background
from sim.scenario.population import Candidate as Candidate
from sim.scenario.population import Population as Population
from sim.scenario.record import Record
from sim.scenario.regulator import Regulator
from sim.scenario.schema import ScenarioError, carried, choice, derived, optional, part, quantity, text
from sim.scenario.variants import Variants

DAYS_MOST = 400  # of a calendar


@dataclass(frozen=True)
class Calendar:
    """The dates of a campaign."""

    first_day: date = quantity("first measured day of the calendar", "date")
    last_day: date = quantity("last measured day: the day before the vote, or the vote", "date")
    warm_up_days: int = quantity("days simulated before the first measured day, not measured", "days", 1, 60)

    def check(self, where: str) -> None:
        """A bounded number of days."""
        if (self.last_day - self.first_day).days >= DAYS_MOST:
            raise ScenarioError(
                f"{where}.last_day: {self.last_day} given, allowed at most {DAYS_MOST} days from {self.first_day} (first_day) on"
            )


@dataclass(frozen=True)
class Campaign:
    """A campaign as money, dates and tactics."""

    name: str = text("name of the preset")
    candidate: str = text("letter of the candidate whom it promotes")
    start: date | None = quantity("first day on which it acts; none where it never does", "date")
    budget: float = quantity("money at the scale of the whole country", "EUR", 0, 1e9)
    tactics: Mapping[str, Any] = part("tactics by name, in the order in which they may spend")
    doses: Mapping[str, float] = derived()  # times what the plan of a tactic would spend; 1 where none is named
    purses: Mapping[str, float] = derived()  # EUR; whole country; money of a tactic's own, where it has some


@dataclass(frozen=True)
class Moderation:
    """A review desk and a list of policies."""

    name: str = text("name of the preset")
    start: date | None = quantity("first day on which the policies read the record; none where they never do", "date")
    false_positives: float | None = quantity(
        "accounts of 100,000 users that each policy's threshold may hit in a week of the record before its start; "
        "the thresholds stated below where null",
        "accounts/week",
        0,
        100000,
    )
    on_request: tuple[str, ...] = text("names of policies that stand ready and act only in answer to a regulator")
    desk: Any = part("the review desk")
    evidence: Any = part("error table of checks that err by nature")
    policies: Mapping[str, Any] = part("policies by name")


@dataclass(frozen=True)
class Arm:
    """One arm of a comparison: names of presets."""

    campaign: str = text("campaign preset")
    moderation: str = text("moderation preset")
    strength: str = choice("strength of the policies; see `sim.scenario.arms`", LEVELS)
    regulator: str | None = optional("regulator preset; the scenario's own where there is none")
    step: str | None = optional("step of the regulator that is taken earlier; all where there is none")
    earlier: int | None = optional("days by which it is", "days", 0, EARLIER_MOST)

    @property
    def policy(self) -> str:
        """Such as limit_copies, or limit_copies@stronger, or as_asked~as_it_was, or as_asked~as_it_was.questions-28d."""
        own = self.moderation if self.strength == STANDARD else f"{self.moderation}@{self.strength}"
        if self.regulator is None:
            return own
        step = f".{self.step}" if self.step else ""
        return f"{own}~{self.regulator}{step}" + (f"-{self.earlier}d" if self.earlier else "")

    @property
    def name(self) -> str:
        """Such as coordinated/none."""
        return f"{self.campaign}/{self.policy}"


@dataclass(frozen=True)
class Asked:
    """What a scenario was composed from, so that its other arms can be."""

    overrides: tuple[str, ...]
    folder: Path | None
    trust: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """Everything that one world needs."""

    name: str = text("name of the scenario's preset")
    presets: Mapping[str, str] = part("name of the preset in each slot but campaign, moderation and arms")
    title: str = text("one line that says what it is")
    seed: int = quantity("seed of all luck", "integer", 0, 2**32 - 1)
    scale: float = quantity("size of the world; 1 is the whole country", "ratio", 1e-7, 1)
    days: int | None = quantity(
        "measured days, counted back from the last day of the calendar; all where null", "days", 1, DAYS_MOST
    )
    replications: int = quantity("seeds of a comparison", "worlds", 1, 100000)
    engine: str = choice("where runs execute", ("serial", "process"))
    real_posts_per_user_day: float = quantity("posts a user a day on the real platform", "posts/day", 1e-4, 20)
    calendar: Calendar = part("dates")
    population: Population = part("users and accounts")
    audience: Any = part("reactions, or another behaviour of the audience")
    background: Background = part("what genuine people do that looks like a campaign")
    recommender: Any = part("recommendation algorithm")
    campaign: Campaign = part("campaign")
    moderation: Moderation = part("moderation")
    record: Record | None = part("what is kept of what happened, and who sees it; not looked at where None")
    regulator: Regulator | None = part("regulator; nobody acts where None")
    election: Any = part("election")
    measures: Mapping[str, Any] = part("measures")
    arms: tuple[Arm, ...] = part("arms of a comparison")
    variants: Variants | None = optional("versions of its campaign that a comparison runs beside it")
    asked: Asked | None = carried()

    def check(self, where: str) -> None:
        """The campaign's candidate exists; the run fits in the calendar."""
        labels = [candidate.label for candidate in self.population.candidates]
        if self.campaign.candidate not in labels:
            raise ScenarioError(f"campaign.candidate: {self.campaign.candidate} given, allowed {', '.join(labels)}")
        if self.days is not None and self.days > self.calendar_days:
            raise ScenarioError(f"days: {self.days} given, allowed 1 to {self.calendar_days} (the calendar)")
        if self.population.country_users * self.scale < self.population.block_users:
            least = self.population.block_users / self.population.country_users
            raise ScenarioError(
                f"scale: {self.scale} given, allowed {least:.2g} to 1, so that the world has {self.population.block_users} users "
                "(population.block_users) at least"
            )
        if self.seed + self.replications > 2**32:
            raise ScenarioError(
                f"seed: {self.seed} given, allowed at most {2**32 - self.replications} for {self.replications} replications"
            )
        for key in self.election if isinstance(self.election, Mapping) else ():
            raise ScenarioError(f"election.{key}: unknown key; allowed: none")
        if self.holds_election:
            self.election.check_in(labels, self.campaign.candidate, self.calendar.last_day)

    @property
    def calendar_days(self) -> int:
        """Days from the first to the last, both counted."""
        return (self.calendar.last_day - self.calendar.first_day).days + 1

    @property
    def clock(self) -> Clock:
        """The measured days and the warm-up before them."""
        days = self.days or self.calendar_days
        first = date.fromordinal(self.calendar.last_day.toordinal() - days + 1)
        return Clock(first, days, self.calendar.warm_up_days)

    @property
    def focal(self) -> int:
        """Index of the campaign's candidate."""
        return [candidate.label for candidate in self.population.candidates].index(self.campaign.candidate)

    @property
    def holds_election(self) -> bool:
        """Whether a layer of votes follows on the world."""
        return not isinstance(self.election, Mapping)

    @property
    def little_known(self) -> tuple[int, ...]:
        """Indices of candidates whom an election is about; none without one."""
        labels = [candidate.label for candidate in self.population.candidates]
        letters = self.election.letters(self.campaign.candidate) if self.holds_election else ()
        return tuple(labels.index(label) for label in letters)

    @property
    def posts_per_real_post(self) -> float:
        """How many posts of this world stand for one real post.

        A small world cannot hold posts of 2,000 views each; it holds more posts with fewer views. One real post of
        the campaign is then as many posts of this world, each at the same fraction of its price.
        """
        return self.population.posts_per_user_day / self.real_posts_per_user_day

    @property
    def share_of_posts(self) -> float:
        """How many posts this world has of those of the whole country.

        What exists once, however small the world, is kept in proportion by it: how many of a candidate's own posts strangers meet, and
        how many clips, sounds and briefs go round.
        """
        return min(1.0, self.scale * self.posts_per_real_post)
