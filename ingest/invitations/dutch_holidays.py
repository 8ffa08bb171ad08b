"""Which days are holidays in the Netherlands. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

_LIBERATION_DAY = (5, 5)
_FRIDAY = 4


def is_holiday(day: date, chosen: Collection[str]) -> bool:
    """Whether it is a public holiday; Good Friday is one where `goede-vrijdag` is chosen.

    5 May is one everywhere in the years in which it is a day off for all (2030, 2035), and every
    year where `bevrijdingsdag` is chosen.
    """
    if (day.month, day.day) == _LIBERATION_DAY and "bevrijdingsdag" in chosen:
        return True
    public = _public_holidays(day.year)
    return day in public and ("goede-vrijdag" in chosen or not _is_good_friday(day, public))


def _is_good_friday(day: date, public: Collection[date]) -> bool:
    # By the days around it, as names in the package may be spelt anew: no other Friday has a
    # holiday on the Monday after it.
    return day.weekday() == _FRIDAY and day + timedelta(days=3) in public


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("NL", years=year, expand=False))
