"""Hours, dates and the campaign calendar.

The world counts hours from 0, the first hour of the warm-up; measured hours begin when the warm-up ends.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Clock:
    """The calendar of a world: a warm-up that is not measured, then whole days up to the last.

    `first_day` is the first measured day, `days` the number of measured days, `warm_up_days` those before it.
    """

    first_day: date
    days: int
    warm_up_days: int

    @property
    def start(self) -> int:
        """First measured hour."""
        return self.warm_up_days * 24

    @property
    def end(self) -> int:
        """The hour after the last."""
        return (self.warm_up_days + self.days) * 24

    def hour_of(self, day: date) -> int:
        """The hour at which a date begins; negative before the warm-up."""
        return self.start + (day - self.first_day).days * 24

    def day_of(self, hour: int) -> date:
        """The date on which an hour lies."""
        return self.first_day + timedelta(days=hour // 24 - self.warm_up_days)

    def measured_day(self, hour: int) -> int:
        """Number of the measured day (0 for the first); negative during the warm-up."""
        return hour // 24 - self.warm_up_days
