"""What travels about signals and follow-up, in camelCase."""

import datetime
from typing import Annotated

import msgspec

from ingest.asgi.messages import (
    RANDOM_UUID,
    Message,
    Name,
    Slug,
    TouchpointName,
    Words,
    described,
)
from ingest.followup.signals import REASONS

OUTCOMES = ("verbeterd", "uitgelegd", "kan-niet", "klacht")
"""What can have come of it: improved, explained, cannot be done, a complaint was made of it."""

MOST_SIGNALS = 200
"""In one reply."""

NEXT_PATTERN = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[.](ochtend|middag)[.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
)
"""How a reply says where the next one goes on: behind which signal of which half day."""

_STATE = "nieuw: nobody has seen it; gezien: somebody has; bezig: in progress; afgehandeld: done."
_OUTCOME = (
    "What came of it, of what is done. verbeterd: something was improved; uitgelegd: it was "
    "explained; kan-niet: nothing can be done, and why says why; klacht: it became a complaint."
)
# For the document alone: what is wrong with a follow-up is told together with all else.
_Outcome = Annotated[Name, msgspec.Meta(extra_json_schema={"enum": list(OUTCOMES)})]
# As files of themes have it.
_Theme = Annotated[Name, msgspec.Meta(extra_json_schema={"pattern": "^[a-z][a-z0-9-]{0,39}$"})]
_Next = Annotated[Name, msgspec.Meta(extra_json_schema={"pattern": NEXT_PATTERN})]
_WHY = "Why nothing can be done, in a few words; of nobody. Only with kan-niet."


class Signal(Message, frozen=True):
    """That an answer asks for somebody's attention. Nothing leads from here to the answer."""

    id: Annotated[
        str,
        described(
            "Random: it tells no order.", "5b0c5d3e-3f0e-4f43-9a53-0d6a4f6b8b1e", **RANDOM_UUID
        ),
    ]
    touchpoint: Annotated[TouchpointName, described("Where it was.", "molensloot/balie-hal")]
    department: Annotated[
        Slug,
        described(
            "The department in the municipality's file that answers for the touchpoint, or overig.",
            "publiekszaken",
        ),
    ]
    reason: Annotated[
        Name,
        described(
            "laag: a low mark; niet-geholpen: it did not work out; thema: a theme rises.",
            "laag",
            enum=list(REASONS),
        ),
    ]
    day: Annotated[
        datetime.date,
        described(
            "The day by which it came in: on which ten answers were together, of which it is one.",
            "2026-11-30",
            maxLength=10,
        ),
    ]
    half_day: Annotated[
        Name,
        described(
            "The half of that day. ochtend is until 12:30, middag until 17:30, and what comes "
            "later is of the next morning. It may have come in before.",
            "ochtend",
            enum=["ochtend", "middag"],
        ),
    ]
    state: Annotated[
        Name,
        described(_STATE, "nieuw", enum=["nieuw", "gezien", "bezig", "afgehandeld"]),
    ]
    theme: Annotated[
        _Theme | None,
        described("Of thema: which one.", None, "wachttijd"),
    ] = None
    outcome: Annotated[_Outcome | None, described(_OUTCOME, None, "verbeterd")] = None
    why: Annotated[Words | None, described(_WHY, None, "De wet laat geen andere termijn toe.")] = (
        None
    )


class Signals(Message, frozen=True):
    """Signals, the newest half day first; within a half day their order tells nothing."""

    signals: Annotated[
        list[Signal],
        described("At most as many as were asked for.", maxItems=MOST_SIGNALS),
    ]
    next: Annotated[
        _Next | None,
        described(
            "Send it as after for the ones that follow. null: there are no more.",
            None,
            "2026-11-30.ochtend.5b0c5d3e-3f0e-4f43-9a53-0d6a4f6b8b1e",
        ),
    ] = None


class FollowUp(Message, frozen=True, forbid_unknown_fields=True):
    """What was done about a signal. A signal goes on, and never back; the same again is fine."""

    state: Annotated[Name, described(_STATE, "gezien", enum=["gezien", "bezig", "afgehandeld"])]
    outcome: Annotated[_Outcome | None, described(_OUTCOME, None, "verbeterd")] = None
    why: Annotated[Words | None, described(_WHY, None, "De wet laat geen andere termijn toe.")] = (
        None
    )
