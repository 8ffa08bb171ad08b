"""Days of the week and hours of a day, as files write them: `ma`, "09:00-17:00"."""

import re
from datetime import time

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")

_HOURS = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")


def hours_fault(hours: str) -> str | None:
    """Two times of one day, the first before the last; "24:00" is its end."""
    match = _HOURS.fullmatch(hours)
    if match and match[1] < match[2]:
        return None
    return f'must be hours such as "09:00-17:00", the first before the last, not {hours[:40]!r}'


def within(hours: str, others: str) -> bool:
    """Whether these hours lie within the others."""
    first, _, last = hours.partition("-")
    earliest, _, latest = others.partition("-")
    return earliest <= first and last <= latest


def first_and_last(hours: str) -> tuple[time, time]:
    """The two times of such hours, of which the last is not 24:00."""
    first, _, last = hours.partition("-")
    return time.fromisoformat(first), time.fromisoformat(last)
