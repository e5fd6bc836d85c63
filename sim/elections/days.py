"""The days of one election, and in which order they may lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sim.scenario.schema import ScenarioError

LATEST = 60  # days after the last measured one within which a first round lies, and after that a run-off
RERUN_LATEST = 400  # days after the first vote within which it is held again
RUN_OFF_AFTER = 14  # days after a first round where nothing else is said, as in the case


@dataclass(frozen=True)
class Days:
    """Dates of one election. rerun: first round and run-off of the vote that is held again, if it is."""

    first_round: date
    run_off: date
    annulled: date | None
    rerun: tuple[date, date] | None

    @property
    def is_run_off_held(self) -> bool:
        """Of the first vote: whether no annulment comes before it or on its day."""
        return self.annulled is None or self.annulled > self.run_off

    @property
    def votes(self) -> tuple[date, ...]:
        """All days on which somebody votes, or would."""
        return (self.first_round, self.run_off, *(self.rerun or ()))

    def check(self, last_day: date) -> None:
        """Votes lie after the last measured day, and in their order. Raises ScenarioError."""
        for key, day, low, high in self._bounds(last_day):
            if not low <= day <= high:
                raise ScenarioError(f"election.{key}: {day} given, allowed {low} to {high}")

    def _bounds(self, last_day: date) -> Iterator[tuple[str, date, date, date]]:
        """Each day with the first and the last on which it may lie."""
        one, latest = timedelta(days=1), self.first_round + timedelta(days=RERUN_LATEST)
        yield "first_round", self.first_round, last_day + one, last_day + timedelta(days=LATEST)
        yield "run_off", self.run_off, self.first_round + one, self.first_round + timedelta(days=LATEST)
        if self.annulled is not None:
            yield "annulled", self.annulled, self.first_round + one, latest
            if self.rerun is not None:
                yield "rerun_first_round", self.rerun[0], max(self.annulled, self.run_off) + one, latest
                yield "rerun_run_off", self.rerun[1], self.rerun[0] + one, self.rerun[0] + timedelta(days=LATEST)


def days_of(
    last_day: date, first_round: date | None, run_off: date | None, annulled: date | None,
    rerun_first_round: date | None, rerun_run_off: date | None,
) -> Days:  # fmt: skip
    """Dates where some are left to the calendar: the first round the day after the last measured one, run-offs two weeks later."""
    first, after = first_round or last_day + timedelta(days=1), timedelta(days=RUN_OFF_AFTER)
    rerun = None if rerun_first_round is None else (rerun_first_round, rerun_run_off or rerun_first_round + after)
    return Days(first, run_off or first + after, annulled, rerun)
