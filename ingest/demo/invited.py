"""Make up how many were invited for the made-up responses, and how many never answered. Pure."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from ingest.municipalities.municipality import Municipality
from ingest.responses.statements import NewResponse

# Between one in three and one in four answers; each touchpoint has a rate of its own.
_SILENT_PER_RESPONSE = (1.6, 3.2)


class InvitedOnDay(msgspec.Struct, kw_only=True):
    """Invitations to one touchpoint about one product: issued on a day, and expired on it."""

    day: date
    touchpoint: int
    product: str
    issued: int = 0
    expired: int = 0


def made_up_invitations(
    municipality: Municipality, responses: Sequence[NewResponse], *, today: date, seed: int
) -> list[InvitedOnDay]:
    """What was issued for `responses` of a municipality and expired unused before `today`.

    Residents answer on the day of their invitation. How many answered is counted elsewhere, when
    responses are published. The mode of a response says whether its resident was invited.
    """
    chance = random.Random(f"{seed}/{municipality.code}/invitations")  # noqa: S311  # repeatable
    lifetimes = {
        touchpoint.number: timedelta(days=touchpoint.link_lifetime_days)
        for touchpoint in municipality.touchpoints
    }
    silent = {number: chance.uniform(*_SILENT_PER_RESPONSE) for number in lifetimes}
    counted: dict[tuple[date, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for response in responses:
        if response.mode != "bericht":
            continue
        number = response.touchpoint
        product = msgspec.json.decode(response.dimensions, type=dict[str, str]).get("product", "")
        # Rounded by chance, so that a week with few responses has a likely rate, too.
        unanswered = int(silent[number] + chance.random())
        counted[response.day, number, product][0] += 1 + unanswered
        expires = response.day + lifetimes[number]
        if expires < today:
            counted[expires, number, product][1] += unanswered
    return [
        InvitedOnDay(day=day, touchpoint=number, product=product, issued=issued, expired=expired)
        for (day, number, product), (issued, expired) in sorted(counted.items())
    ]
