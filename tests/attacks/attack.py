"""What an attack is: a name, what it is after, and a function that says how much it found."""

from collections.abc import Awaitable, Callable

import msgspec

from tests.attacks.target import Target


class Depth(msgspec.Struct, frozen=True, kw_only=True):
    """How far an attack goes before it is called off."""

    texts: int
    """So many hidden texts of one column are taken out, each whole."""

    ids: int

    gaps: int
    """Between so many values that a reader sees anyway, others are looked for."""

    cells: int
    shuffles: int
    ways: int
    """Of several ways to ask the same, so many are tried."""


SHORT = Depth(texts=1, ids=1, gaps=4, cells=1, shuffles=200, ways=1)
WHOLE = Depth(texts=25, ids=5, gaps=20, cells=1000, shuffles=500, ways=99)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came out: so many, of so many that were there or tried, and one of them to show."""

    found: int
    of: int
    example: str = ""


class Attack(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table."""

    name: str
    after: str
    run: Callable[[Target, Depth], Awaitable[Found]]
    once: bool = False
    """Whether it is `once.sql` that keeps it out; without it a reader learns numbers of rows."""
    slow: bool = False
    """Whether it takes ten seconds and more: then `make test` leaves it to `make attacks`."""


def a_few(depth: Depth, texts: int) -> Depth:
    """The same, called off after so many texts: for what is tried in several ways."""
    return msgspec.structs.replace(depth, texts=min(depth.texts, texts))


def of_several(found: set[str], of: int) -> Found:
    """So many things by their name."""
    return Found(found=len(found), of=of, example=min(found, default=""))
