"""What comes in on a day, drawn by lot: the answers, details and texts of residents to be."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.questionnaires.items import Item
from ingest.responses.statements import NewResponse, store_responses

# As many as the service itself stores at once.
_BATCH = 256
_MODES = {"balie": ("kiosk", "kiosk", "kiosk", "qr", "link"), "online": ("widget", "link")}
_INVITED = ("bericht",)
_LANGUAGES = ("nl",) * 19 + ("en",)
_HALFWAY, _TOO_QUICK, _DETAIL_KNOWN, _WITH_TEXT = 0.1, 0.01, 0.9, 0.2
_TEXT = (
    "Ik werd vriendelijk geholpen, maar ik moest wel twee keer terugkomen omdat een formulier"
    " ontbrak en dat had ik graag vooraf geweten."
)
DRAWN = {
    "mark": (4, 5, 6, 7, 7, 8, 8, 8, 9, 10),
    "agreement": (2, 3, 4, 4, 5),
    "smileys": (2, 3, 4, 4, 5),
    "yes_partly_no": ("ja", "ja", "ja", "deels", "nee"),
}


def arriving(
    catalogue: Catalogue, municipality: Municipality, day: date, many: int, chance: random.Random
) -> Iterator[NewResponse]:
    """`many` responses of one municipality on one day, over all of its touchpoints."""
    touchpoints = municipality.touchpoints
    # The desk, the telephone and the site hear more than who marries.
    weights = range(2 * len(touchpoints), len(touchpoints), -1)
    for touchpoint in chance.choices(touchpoints, weights, k=many):
        yield _response(catalogue, municipality, touchpoint, day, chance)


def _response(
    catalogue: Catalogue,
    municipality: Municipality,
    touchpoint: Touchpoint,
    day: date,
    chance: random.Random,
) -> NewResponse:
    asked = catalogue.questionnaire(touchpoint)
    mode = chance.choice(_MODES.get(touchpoint.channel, _INVITED))
    complete = mode != "widget" or chance.random() >= _HALFWAY
    known = {
        name: chance.choices(values, range(len(values) + 1, 1, -1))[0]
        for name, values in touchpoint.dimensions.items()
        if chance.random() < _DETAIL_KNOWN
    }
    suspect = mode in ("link", "widget") and chance.random() < _TOO_QUICK
    return NewResponse(
        municipality=municipality.code,
        id=UUID(int=chance.getrandbits(128), version=4),
        touchpoint=touchpoint.number,
        questionnaire=asked.code,
        version=asked.version,
        structure=asked.structure,
        language=chance.choice(_LANGUAGES),
        day=day,
        hour=None if mode == "bericht" else chance.randint(9, 16),
        mode=mode,
        complete=complete,
        suspect="too-quick" if suspect else "",
        is_test=False,
        dimensions=json.dumps(known),
        content_code=chance.randbytes(32),
        answers=json.dumps(_answers(asked.items, chance, complete=complete)),
        texts=_texts(asked.items, municipality, chance) if complete else "[]",
        invitation=None,
        token_id=chance.randbytes(16),
        token_expires_on=day + timedelta(days=2),
    )


def _answers(items: Sequence[Item], chance: random.Random, *, complete: bool) -> dict[str, object]:
    drawn: dict[str, object] = {
        item.code: chance.choice(DRAWN[item.kind]) for item in items if item.kind in DRAWN
    }
    return drawn if complete else dict(list(drawn.items())[:1])


def _texts(items: Sequence[Item], municipality: Municipality, chance: random.Random) -> str:
    item = next((item.code for item in items if item.kind == "text"), None)
    if item is None or chance.random() >= _WITH_TEXT:
        return "[]"
    text = f"{municipality.name}: {_TEXT}"
    return json.dumps([{"item": item, "text": text, "masked": []}])


async def store(db: asyncpg.Connection, responses: Sequence[NewResponse]) -> None:
    """Store them as the service does, in batches of its size. As the role of the service."""
    for start in range(0, len(responses), _BATCH):
        await store_responses(db, responses[start : start + _BATCH])


async def store_day(
    db: asyncpg.Connection, catalogue: Catalogue, day: date, many: int, chance: random.Random
) -> int:
    """A day of the whole country, about `many` responses, mixed; returns how many exactly."""
    each = max(1, many // len(catalogue.municipalities))
    responses = [
        response
        for municipality in catalogue.municipalities.values()
        for response in arriving(catalogue, municipality, day, each, chance)
    ]
    chance.shuffle(responses)
    await store(db, responses)
    return len(responses)
