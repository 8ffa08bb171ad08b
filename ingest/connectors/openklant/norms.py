"""Until when a promise to call back is kept. Pure."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta

from ingest.clock import AMSTERDAM, day_of
from ingest.invitations.dutch_holidays import is_holiday

IN_TIME, LATE = "op-tijd", "te-laat"
"""What the detail `teruggebeld` of a contact is."""

FIGURE_DAYS = 2
"""Working days within which a promise counts as kept in the figure that has them in its name."""

_SATURDAY = 5


def promised_until(promised_at: datetime, working_days: int, holidays: Collection[str]) -> datetime:
    """The end (UTC) of so many working days after the day of the promise, in Amsterdam.

    With none it is the day itself. `holidays` are those that the municipality adds.
    """
    day = day_of(promised_at)
    left = working_days
    while left:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and not is_holiday(day, holidays):
            left -= 1
    midnight = datetime.combine(day + timedelta(days=1), time(0), AMSTERDAM)
    return midnight.astimezone(UTC)
