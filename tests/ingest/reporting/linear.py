"""Which sums follow from sums that are told: exact linear algebra over fractions."""

from collections.abc import Iterable, Iterator, Set
from fractions import Fraction
from itertools import product
from typing import Any

Vector = dict[Any, Fraction]


class System:
    """Sums that are told, each of some unknowns."""

    def __init__(self, told: Iterable[Set[Any]]) -> None:
        # Reduced: each row by its leading unknown, which no other row has.
        self._rows: dict[Any, Vector] = {}
        for each in sorted(told, key=len):
            self._add(dict.fromkeys(sorted(each), Fraction(1)))

    def _add(self, vector: Vector) -> None:
        left = self._reduced(vector)
        if not left:
            return
        lead = min(left)
        left = {unknown: value / left[lead] for unknown, value in left.items()}
        for pivot, row in self._rows.items():
            if lead in row:
                self._rows[pivot] = _minus(row, left, row[lead])
        self._rows[lead] = left

    def _reduced(self, vector: Vector) -> Vector:
        for pivot, row in self._rows.items():
            if pivot in vector:
                vector = _minus(vector, row, vector[pivot])
        return vector

    def determines(self, unknowns: Set[Any]) -> bool:
        """Whether the sum of these follows from what is told."""
        return not self._reduced(dict.fromkeys(unknowns, Fraction(1)))

    def determined_sums(self) -> Iterator[frozenset[Any]]:
        """Every sum of unknowns that follows, but for those that are sums of such sums elsewhere.

        A sum has its leading unknowns once or not at all, so it is one of the combinations of the
        rows. Rows that share no unknown are taken apart: their sums only add up.
        """
        for rows in self._apart():
            for times in product((0, 1), repeat=len(rows)):
                vector: Vector = {}
                for row in [row for row, taken in zip(rows, times, strict=True) if taken]:
                    vector = _minus(vector, row, Fraction(-1))
                if vector and set(vector.values()) == {Fraction(1)}:
                    yield frozenset(vector)

    def _apart(self) -> list[list[Vector]]:
        parts: list[tuple[set[Any], list[Vector]]] = []
        for row in self._rows.values():
            unknowns, rows = set(row), [row]
            for part in [part for part in parts if part[0] & unknowns]:
                parts.remove(part)
                unknowns |= part[0]
                rows += part[1]
            parts.append((unknowns, rows))
        return [rows for _, rows in parts]


def _minus(vector: Vector, other: Vector, times: Fraction) -> Vector:
    result = dict(vector)
    for unknown, value in other.items():
        left = result.get(unknown, Fraction(0)) - times * value
        if left:
            result[unknown] = left
        else:
            result.pop(unknown, None)
    return result
