"""What a municipality with its own list works out from the counts of each day, by subtracting.

On the list less issued is how many were sent nothing that day; issued less expired is how many
answered. `AS_IT_WAS` counts what expired, as the purge did until that told who answered.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

import msgspec

Key = TypeVar("Key", bound=Hashable)

LINK_DAYS = 8
"""On the so many'th day after its own a link expires; the life of one of `telefonie`."""

# Of fewer than ten a day no product was named.
AS_IT_WAS = """
    insert into meetpunt.invitation_count (municipality, day, touchpoint, product, expired)
    select municipality, expires_on - 1, touchpoint, '', count(*)
    from meetpunt.invitation where expires_on < $1
    group by municipality, expires_on, touchpoint
    on conflict (municipality, day, touchpoint, product) do update
    set expired = invitation_count.expired + excluded.expired
"""


class Listed(Protocol):
    """A line of the list; `by_itself`: the municipality made that link, and sent it."""

    @property
    def day(self) -> date: ...
    @property
    def product(self) -> str: ...
    @property
    def by_itself(self) -> bool: ...
    @property
    def digest(self) -> bytes: ...


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """A row as the reader found it; `expired` is None where it is not told."""

    day: date
    product: str
    issued: int
    expired: int | None


def subtracted(
    known: Sequence[Listed], rows: Iterable[DayCount], today: date
) -> Mapping[str, set[bytes]]:
    """Who is named as refused, and as having answered, by the digest of their link.

    Who was asked latest is named first, where it is not everybody of that day; of who answered on
    days on which two in three did, or more. Where no row counts a link that the municipality did
    not make, or what expired, nothing can be subtracted.
    """
    issued: dict[tuple[date, str], int] = {}
    expired: dict[date, int] = {}
    for row in rows:
        key = row.day, row.product
        issued[key] = issued.get(key, 0) + row.issued
        if row.expired is not None:
            expired[row.day] = expired.get(row.day, 0) + row.expired
    refused: set[bytes] = set()
    if sum(issued.values()) > sum(one.by_itself for one in known):
        for key, listed in _by(known, lambda one: (one.day, one.product)).items():
            ours = [one for one in listed if not one.by_itself]
            refused |= _latest(ours, len(listed) - issued.get(key, 0))
    answered: set[bytes] = set()
    if expired:
        for day, listed in _by(known, lambda one: one.day).items():
            if day + timedelta(days=LINK_DAYS + 2) <= today:
                sent = [one for one in listed if one.digest not in refused]
                many = len(sent) - expired.get(day + timedelta(days=LINK_DAYS), 0)
                answered |= _latest(sent, many) if 3 * many >= 2 * len(sent) else set()
    return {"answered": answered, "refused": refused}


def _by(known: Iterable[Listed], key: Callable[[Listed], Key]) -> dict[Key, list[Listed]]:
    groups: dict[Key, list[Listed]] = defaultdict(list)
    for one in known:
        groups[key(one)].append(one)
    return groups


def _latest(listed: Sequence[Listed], many: int) -> set[bytes]:
    return {one.digest for one in listed[-many:]} if many > 0 else set()
