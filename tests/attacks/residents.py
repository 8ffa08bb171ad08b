"""What residents of three municipalities answered over some months: the rows that are attacked."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

OWN = "GM9001"
OTHERS = ("GM9002", "GM9003")
# One region of the example, and the numbers of its touchpoints there.
MUNICIPALITIES = {OWN: "molensloot", "GM9002": "waterakker", "GM9003": "rietbroek"}
CHANNELS = {"balie": 1, "telefonie": 2, "melding": 4}
SMALLEST = 10  # answers of another municipality that are shown
BEGIN = date(2026, 6, 1)

_ABOUT = ("het loket", "de wachttijd", "mijn paspoort", "de afspraak", "de lantaarn", "de website")
_SAID = ("was prima", "viel tegen", "kan beter", "duurde lang", "is opgelost", "ging vlot")


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One response; `invited` on the channel where people get a message."""

    municipality: str
    day: date
    id: UUID
    channel: str
    mark: int | None
    text: str | None

    @property
    def invited(self) -> bool:
        return self.channel != "balie"

    @property
    def month(self) -> date:
        return self.day.replace(day=1)


def touchpoint(municipality: str, channel: str) -> int:
    """The number of the only touchpoint of a channel."""
    return 10 * list(MUNICIPALITIES).index(municipality) + CHANNELS[channel]


def responses(seed: int = 1) -> list[Response]:
    """Some hundreds, in the order in which they came in; every text is there once.

    Reports are few: a handful a month, so that the region has cells to hide. On Thursdays, when
    the desk is open late, a batch is of one day, which is then shown.
    """
    chance = random.Random(seed)
    made: list[Response] = []
    for number in range(92):
        day = BEGIN + timedelta(days=number)
        for municipality in MUNICIPALITIES:
            for channel in CHANNELS:
                for _ in range(_how_many(chance, channel, day)):
                    made.append(_one(chance, municipality, channel, day, len(made)))
    return made


def _how_many(chance: random.Random, channel: str, day: date) -> int:
    if channel == "melding":
        return int(day.day % 5 == 0)
    if channel == "balie" and day.isoweekday() == 4:
        return 12
    return chance.choice((0, 1, 2))


def _one(
    chance: random.Random, municipality: str, channel: str, day: date, number: int
) -> Response:
    text = f"{chance.choice(_ABOUT)} {chance.choice(_SAID)} {number}"
    return Response(
        municipality=municipality,
        day=day,
        id=UUID(int=chance.getrandbits(128), version=4),
        channel=channel,
        # A report's mark is often skipped: then a batch of ten has fewer marks than may be shown.
        mark=None if channel == "melding" and chance.random() < 0.4 else chance.randint(1, 10),
        text=text if chance.random() < (0.5 if municipality == OWN else 0.15) else None,
    )


def of(municipality: str, made: Sequence[Response]) -> list[Response]:
    return [response for response in made if response.municipality == municipality]
