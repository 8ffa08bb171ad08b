"""What the doctor tells: a sentence about one thing, and whether anybody has to do something."""

from collections.abc import Iterable
from enum import StrEnum, unique

import msgspec


@unique
class Mark(StrEnum):
    """How it is. Only `WRONG` makes `meetpunt doctor` end with exit code 1."""

    OK = "ok"
    LOOK = "look"
    WRONG = "wrong"
    UNSEEN = "unseen"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. The sentence holds no secret, and nothing of a resident."""

    mark: Mark
    sentence: str


def ok(sentence: str) -> Finding:
    """All is well."""
    return Finding(Mark.OK, sentence)


def look(sentence: str) -> Finding:
    """Works, and somebody should know."""
    return Finding(Mark.LOOK, sentence)


def wrong(sentence: str) -> Finding:
    """Somebody has to do something."""
    return Finding(Mark.WRONG, sentence)


def unseen(sentence: str) -> Finding:
    """Could not be seen from here, or with these rights."""
    return Finding(Mark.UNSEEN, sentence)


def ago(seconds: float) -> str:
    """So long, in the largest unit of which there are two: `3 hours`."""
    for length, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def counted(count: int, one: str, more: str | None = None) -> str:
    """How many there are, with the word for one or for more: `1 right`."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def some(names: Iterable[str], *, most: int = 5) -> str:
    """The first of them, and how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
