"""Make up how many were invited for the made-up responses, with who never answered. Pure."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import msgspec

from ingest.municipalities.municipality import Municipality
from ingest.responses.statements import NewResponse

# Between one in three and one in four answers; each touchpoint has a rate of its own.
_SILENT_PER_RESPONSE = (1.6, 3.2)


class InvitedOnDay(msgspec.Struct, kw_only=True):
    """Invitations to one touchpoint about one product that were issued on a day."""

    day: date
    touchpoint: int
    product: str
    issued: int = 0


def made_up_invitations(
    municipality: Municipality, responses: Sequence[NewResponse], *, seed: int
) -> list[InvitedOnDay]:
    """What was issued for `responses` of a municipality, and to residents who never answered.

    Residents answer on the day of their invitation. How many answered is counted elsewhere, when
    responses are published. The mode of a response says whether its resident was invited.
    """
    chance = random.Random(f"{seed}/{municipality.code}/invitations")  # noqa: S311  # repeatable
    silent = {
        touchpoint.number: chance.uniform(*_SILENT_PER_RESPONSE)
        for touchpoint in municipality.touchpoints
    }
    counted: dict[tuple[date, int, str], int] = defaultdict(int)
    for response in responses:
        if response.mode != "bericht":
            continue
        number = response.touchpoint
        product = msgspec.json.decode(response.dimensions, type=dict[str, str]).get("product", "")
        # Rounded by chance, so that a week with few responses has a likely rate, too.
        unanswered = int(silent[number] + chance.random())
        counted[response.day, number, product] += 1 + unanswered
    return [
        InvitedOnDay(day=day, touchpoint=number, product=product, issued=issued)
        for (day, number, product), issued in sorted(counted.items())
    ]
