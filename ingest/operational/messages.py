"""What travels when operational figures are told, in camelCase."""

from typing import Annotated

import msgspec

from ingest.asgi.messages import Message, Name, Slug, described
from ingest.municipalities.measures import MEASURES, Unit
from ingest.municipalities.touchpoints import CHANNELS

MOST_FIGURES = 500
"""As many as fit a body of 64 kB."""
MOST_N = 100_000_000
"""Cases or contacts behind one figure."""

_UNITS: dict[Unit, str] = {
    "dagen": "a mean in days",
    "minuten": "a mean in minutes",
    "aandeel": "a share, 0 to 1",
    "zaken": "how many there are when the period ends",
}
# For the document alone: what is wrong with a figure is told together with all else.
_N = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": MOST_N})]
_EVERY_UNIT = "; ".join(f"{each.code}: {_UNITS[each.unit]}" for each in MEASURES.values())


class OperationalFigure(Message, frozen=True, forbid_unknown_fields=True):
    """One figure of a day or a month; told again, it replaces what was told before."""

    period: Annotated[
        Name,
        described(
            "A month (2026-10) or a day (2026-10-05) by the calendar in Amsterdam, not one to "
            "come. The figure of a month stands before those of its days.",
            "2026-10",
            "2026-10-05",
            pattern="^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$",
            maxLength=10,
        ),
    ]
    channel: Annotated[
        Name,
        described(
            "The channel of the contacts: the figure stands beside the mark of that channel.",
            "telefonie",
            enum=list(CHANNELS),
        ),
    ]
    measure: Annotated[
        Name,
        described(
            f"What is measured, with its unit. {_EVERY_UNIT}.", "wachttijd", enum=list(MEASURES)
        ),
    ]
    value: Annotated[
        float | None,
        described(
            "The figure, in the unit of its measure. null takes back what was told before.",
            3.4,
            minimum=0,
        ),
    ]
    n: Annotated[
        _N | None,
        described(
            "Of how many cases or contacts it is the mean or the share, so that months add up. "
            "Needed of every measure but werkvoorraad, which has none.",
            4210,
        ),
    ] = None
    department: Annotated[
        Slug | None,
        described(
            "The department in the municipality's file, of a figure that is of one department.",
            None,
            "publiekszaken",
        ),
    ] = None
    product: Annotated[
        Slug | None,
        described(
            "One of the products of the channel's touchpoints, of a figure that is of one product.",
            None,
            "paspoort",
        ),
    ] = None


class OperationalFigures(Message, frozen=True, forbid_unknown_fields=True):
    """Figures of one municipality, that of the key: 1 to 500 at once, all of them or none."""

    figures: Annotated[
        list[OperationalFigure],
        described(
            "Each of another period, channel, department, product or measure.",
            minItems=1,
            maxItems=MOST_FIGURES,
        ),
    ]


class StoredFigures(Message, frozen=True):
    """What was stored; told again, it is the same."""

    stored: Annotated[
        int,
        described(
            "How many figures are stored now as they were told.", 1, minimum=1, maximum=MOST_FIGURES
        ),
    ]
