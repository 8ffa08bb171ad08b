"""A country of fictional municipalities, as many as somebody needs: each like Molensloot."""

from datetime import date

import asyncpg
from msgspec.structs import replace

from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality, Touchpoint

NETHERLANDS = 342
"""As many municipalities as there are in 2026."""

_FEWEST_TOUCHPOINTS = 5
_IN_A_REGION = 10
_TEN = 10


def country(example: Catalogue, many: int) -> Catalogue:
    """`many` municipalities in regions of ten, with five to seven touchpoints each."""
    like = example.municipality("molensloot")
    municipalities = [_municipality(like, number) for number in range(1, many + 1)]
    return Catalogue(municipalities, example.questionnaires)


def _municipality(like: Municipality, number: int) -> Municipality:
    slug = f"dorp-{number:03}"
    region = f"streek-{(number - 1) // _IN_A_REGION + 1:02}"
    more = number % (len(like.touchpoints) - _FEWEST_TOUCHPOINTS + 1)
    touchpoints = [
        _touchpoint(each, slug, number * _TEN + place)
        for place, each in enumerate(like.touchpoints[: _FEWEST_TOUCHPOINTS + more])
    ]
    return replace(
        like,
        code=f"GM{1000 + number}",
        slug=slug,
        name=f"Dorp {number:03}",
        region=region,
        touchpoints=tuple(touchpoints),
        targets=tuple(t for t in like.targets if t.channel in {e.channel for e in touchpoints}),
    )


def _touchpoint(like: Touchpoint, municipality: str, number: int) -> Touchpoint:
    return replace(like, municipality=municipality, number=number)


async def settle(owner: asyncpg.Connection, catalogue: Catalogue, since: date) -> None:
    """An empty database, migrated and in step with these municipalities."""
    await migrate(owner)
    await mirror_files(owner, catalogue, since)
