"""Split the publishing of one look into transactions that are not too large. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

# Rows of one transaction: they are in memory together, and take about a second.
AT_ONCE = 20_000
# A transaction takes locks in every municipality that it writes for.
MUNICIPALITIES_AT_ONCE = 20


def pieces(
    looks: Iterable[str], rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[list[str], date]]:
    """The municipalities of each transaction, and the last day that it takes.

    Days come in order; what does not fill a batch by that day is left for the next transaction.
    """
    days: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in rows:
        if row["municipality"] in looks:
            days[row["municipality"]].append((row["day"], row["rows"]))
    codes: list[str] = []
    together = 0
    for code, counts in days.items():
        many = sum(n for _, n in counts)
        if many > AT_ONCE:
            yield from (([code], day) for day in _ends(counts))
            continue
        if together + many > AT_ONCE or len(codes) == MUNICIPALITIES_AT_ONCE:
            yield codes, date.max
            codes, together = [], 0
        codes.append(code)
        together += many
    if codes:
        yield codes, date.max


def _ends(counts: Sequence[tuple[date, int]]) -> Iterator[date]:
    """The last day of each piece; a piece only has too many rows where one day has."""
    together = 0
    for index, (day, many) in enumerate(counts):
        together += many
        if index + 1 == len(counts) or together + counts[index + 1][1] > AT_ONCE:
            yield day
            together = 0


def chunks(codes: Sequence[str]) -> Iterator[list[str]]:
    """Municipalities, as many together as go into one transaction."""
    for start in range(0, len(codes), MUNICIPALITIES_AT_ONCE):
        yield list(codes[start : start + MUNICIPALITIES_AT_ONCE])
