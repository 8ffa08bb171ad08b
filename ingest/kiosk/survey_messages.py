"""The message with the survey that a kiosk keeps to ask without a network, in camelCase."""

import datetime
from typing import Annotated, Any

import msgspec

from ingest.asgi.messages import (
    Direction,
    LanguageCode,
    Message,
    QuestionnaireName,
    TouchpointName,
    Version,
    Web,
    Words,
    described,
)
from ingest.widget.item_messages import OfferedItem
from ingest.widget.messages import OfferedStyle

EXAMPLE_ETAG = "9d40cdc2e1cb7a2649f9a9b6"
Etag = Annotated[
    str, msgspec.Meta(extra_json_schema={"pattern": "^[0-9a-f]{24}$", "maxLength": 24})
]


class KioskImprovement(Message, frozen=True):
    """What was improved here after what people answered."""

    date: Annotated[
        datetime.date, described("The day on which it was improved.", "2026-09-14", maxLength=10)
    ]
    text: Annotated[
        Words, described("What was improved.", "Op donderdag is de balie nu open tot 20.00 uur.")
    ]
    language: Annotated[
        LanguageCode, described("In which language that is: Dutch where there is no other.", "nl")
    ]


class KioskLanguage(Message, frozen=True):
    """All that is asked and said in one language."""

    code: Annotated[LanguageCode, described("Its code.", "nl")]
    name: Annotated[Words, described("The name that its own speakers use.", "Nederlands")]
    dir: Annotated[Direction, described("Which way it is read.", "ltr")]
    title: Annotated[
        Words, described("Heading of the questions.", "Hoe was uw bezoek aan de balie?")
    ]
    touchpoint_name: Annotated[Words, described("The touchpoint's name.", "Balie in de hal")]
    items: Annotated[
        tuple[OfferedItem, ...], described("What is asked, in this order.", maxItems=200)
    ]
    texts: Annotated[
        dict[str, Any],
        described(
            "Words by name: those of OfferedTexts, and under kiosk those of the kiosk's own "
            "screens.",
            {"send": "Verstuur", "kiosk": {"start": "Begin", "back": "Terug"}},
            additionalProperties=True,
            maxProperties=100,
        ),
    ]
    improvement: Annotated[
        KioskImprovement | None,
        described("The latest thing that was improved, told with the thanks; null for none."),
    ] = None


class KioskSurvey(Message, frozen=True):
    """Everything to ask without a network."""

    touchpoint: Annotated[TouchpointName, described("Where it is asked.", "molensloot/balie-hal")]
    municipality_name: Annotated[Words, described("Who asks.", "Molensloot")]
    questionnaire: Annotated[QuestionnaireName, described("Which questionnaire is asked.", "balie")]
    version: Annotated[Version, described("Its version.", 1)]
    interval_seconds: Annotated[
        int,
        described(
            "An answer sooner than this after the one before is suspect.", 5, minimum=1, maximum=300
        ),
    ]
    reset_seconds: Annotated[
        int,
        described(
            "The first question counts down after so long without a touch, and then starts anew.",
            20,
            minimum=10,
            maximum=300,
        ),
    ]
    text: Annotated[
        bool, described("Whether open questions are asked, by a keyboard on the screen.", False)
    ]
    languages: Annotated[
        tuple[KioskLanguage, ...], described("The first one is shown first.", maxItems=100)
    ]
    style: Annotated[OfferedStyle, described("How it looks.")]
    open_link: Annotated[
        Web,
        described(
            "The page with the same questions, for the resident's own telephone.",
            "https://kto.molensloot.example/o/molensloot/balie-hal",
        ),
    ]
    # The last field, because it is a hash over all fields before it.
    etag: Annotated[
        Etag,
        described(
            "Another one whenever something above changes: the first 24 hexadecimal digits of a "
            "SHA-256.",
            EXAMPLE_ETAG,
        ),
    ]
