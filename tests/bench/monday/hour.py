"""What a year of responses asks in its busiest hour and minute, and what that takes. Pure.

The shares are suppositions, and docs/capacity.md says so; each is a number here, once.
"""

import msgspec

WEEKS = 52
ON_MONDAY = 0.30
"""Of a week's responses. Messages of the weekend go out on Monday."""
IN_ONE_HOUR = 0.20
"""Of a Monday's."""
MINUTE_OVER_HOUR = 5
"""So many times as much is asked in the busiest minute as in a minute of the busiest hour."""
WHO_ANSWER = 1 / 3
"""Of those who open a page."""
WIDGETS_A_PAGE = 10
"""Visits to pages of municipal sites that ask for a widget, for each page of ours."""
BY_MESSAGE, ASKED_FOR_EACH = 0.4, 4
"""So many of the responses come after a message, and for each of those so many are sent."""
BY_KIOSK, BY_WIDGET = 0.2, 0.3
"""Of the responses; what is left comes by an open link or a code."""

_SECONDS_AN_HOUR = 3600
_DAYS = 365

COUNTRY = 18_000_000
"""Responses a year: one for each inhabitant of the Netherlands."""

YEARS = (COUNTRY, 500_000_000, 10_000_000_000)
"""What is worked out: that, the Netherlands after every contact, and the whole EU."""


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """So many of each a second. `messages` are people who are told of, not calls of the API."""

    responses: float
    pages: float
    widgets: float
    messages: float

    def times(self, factor: float) -> "Rates":
        """All of it so many times."""
        return Rates(**{name: value * factor for name, value in _of(self).items()})

    @property
    def requests(self) -> float:
        """Of residents: responses, pages and widgets together."""
        return self.responses + self.pages + self.widgets


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured of one machine: seconds of CPU, and bytes.

    `cpu_a_response` is of service and Postgres together, for one response stored with the pages,
    widgets and messages that belong to it; `publishing_a_response` comes later on.
    `disk_a_response` is without figures, which grow with weeks and not with responses. How much is
    logged is not among it: in a minute that begins after a checkpoint most of that is whole pages.
    """

    cpu_a_response: float
    publishing_a_response: float
    disk_a_response: float


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """What a year of so many responses needs.

    Cores are of the busiest minute, kept busy to the last; terabytes are decimal.
    """

    responses_a_year: int
    mean: float
    hour: Rates
    minute: Rates
    cores: float
    disk_tb_a_year: float
    publishing_hours_a_day: float


def busiest_hour(responses_a_year: float) -> Rates:
    """A second, in the busiest hour of a usual Monday."""
    responses = responses_a_year / WEEKS * ON_MONDAY * IN_ONE_HOUR / _SECONDS_AN_HOUR
    pages = responses / WHO_ANSWER
    return Rates(
        responses=responses,
        pages=pages,
        widgets=pages * WIDGETS_A_PAGE,
        messages=responses * BY_MESSAGE * ASKED_FOR_EACH,
    )


def needed(responses_a_year: int, taken: Taken) -> Needed:
    """Worked out from one machine: twice as much takes twice as much."""
    hour = busiest_hour(responses_a_year)
    minute = hour.times(MINUTE_OVER_HOUR)
    return Needed(
        responses_a_year=responses_a_year,
        mean=responses_a_year / _DAYS / 24 / _SECONDS_AN_HOUR,
        hour=hour,
        minute=minute,
        cores=minute.responses * taken.cpu_a_response,
        disk_tb_a_year=responses_a_year * taken.disk_a_response / 1e12,
        publishing_hours_a_day=(
            responses_a_year / _DAYS * taken.publishing_a_response / _SECONDS_AN_HOUR
        ),
    )


def _of(rates: Rates) -> dict[str, float]:
    return msgspec.structs.asdict(rates)
