"""What travels about signals and follow-up, in camelCase."""

import datetime
from typing import Annotated

from ingest.asgi.messages import (
    RANDOM_UUID,
    SLUG_PATTERN,
    Message,
    Name,
    TouchpointName,
    Words,
    described,
)
from ingest.followup.signals import REASONS

OUTCOMES = ("verbeterd", "uitgelegd", "kan-niet", "klacht")
"""What can have come of it: improved, explained, cannot be done, a complaint was made of it."""

MOST_SIGNALS = 200
"""In one reply."""

_STATE = "nieuw: nobody has seen it; gezien: somebody has; bezig: in progress; afgehandeld: done."
_OUTCOME = (
    "What came of it, of what is done. verbeterd: something was improved; uitgelegd: it was "
    "explained; kan-niet: nothing can be done, and why says why; klacht: it became a complaint."
)
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
        Name,
        described(
            "The department in the municipality's file that answers for the touchpoint, or overig.",
            "publiekszaken",
            pattern=SLUG_PATTERN,
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
        Name | None,
        described("Of thema: which one.", None, "wachttijd", pattern=SLUG_PATTERN),
    ] = None
    outcome: Annotated[
        Name | None, described(_OUTCOME, None, "verbeterd", enum=[*OUTCOMES, None])
    ] = None
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
        Name | None,
        described(
            "Send it as after for the ones that follow. null: there are no more.",
            None,
            "2026-11-30.ochtend.5b0c5d3e-3f0e-4f43-9a53-0d6a4f6b8b1e",
        ),
    ] = None


class FollowUp(Message, frozen=True, forbid_unknown_fields=True):
    """What was done about a signal. A signal goes on, and never back; the same again is fine."""

    state: Annotated[Name, described(_STATE, "gezien", enum=["gezien", "bezig", "afgehandeld"])]
    outcome: Annotated[
        Name | None, described(_OUTCOME, None, "verbeterd", enum=[*OUTCOMES, None])
    ] = None
    why: Annotated[Words | None, described(_WHY, None, "De wet laat geen andere termijn toe.")] = (
        None
    )
