"""What residents of three municipalities answered over some months: the rows that are attacked."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

OWN = "GM9001"
OTHERS = ("GM9002", "GM9003")
MUNICIPALITIES = {OWN: "molensloot", "GM9002": "waterakker", "GM9003": "duinrade"}
CHANNELS = ("balie", "telefonie", "melding")
BEGIN = date(2026, 6, 1)
MONTHS = (date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1))

_ABOUT = ("het loket", "de wachttijd", "mijn paspoort", "de afspraak", "de lantaarn", "de website")
_SAID = ("was prima", "viel tegen", "kan beter", "duurde lang", "is opgelost", "ging vlot")


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One response; `invited` on the channel where people get a message."""

    municipality: str
    day: date
    id: UUID
    channel: str
    mark: int
    text: str | None

    @property
    def invited(self) -> bool:
        return self.channel == "telefonie"

    @property
    def month(self) -> date:
        return self.day.replace(day=1)


def touchpoint(municipality: str, channel: str) -> int:
    """The number of the only touchpoint of a channel."""
    return 10 * (list(MUNICIPALITIES).index(municipality) + 1) + CHANNELS.index(channel)


def responses(seed: int = 1) -> list[Response]:
    """Some hundreds, in the order in which they came in; every text is there once.

    Reports are few: a handful a month, so that the region has cells to hide.
    """
    chance = random.Random(seed)
    made: list[Response] = []
    for number in range(92):
        day = BEGIN + timedelta(days=number)
        for municipality in MUNICIPALITIES:
            for channel in CHANNELS:
                few = channel == "melding" and day.day % 6 != 0
                for _ in range(0 if few else chance.choice((0, 1, 2))):
                    made.append(_one(chance, municipality, channel, day, len(made)))
    return made


def _one(
    chance: random.Random, municipality: str, channel: str, day: date, number: int
) -> Response:
    text = f"{chance.choice(_ABOUT)} {chance.choice(_SAID)} {number}"
    return Response(
        municipality=municipality,
        day=day,
        id=UUID(int=chance.getrandbits(128), version=4),
        channel=channel,
        mark=chance.randint(1, 10),
        text=text if chance.random() < (0.5 if municipality == OWN else 0.15) else None,
    )


def of(municipality: str, made: Sequence[Response]) -> list[Response]:
    return [response for response in made if response.municipality == municipality]
