"""The message with a questionnaire for a widget, in camelCase."""

from typing import Annotated

import msgspec

from ingest.asgi.messages import (
    Direction,
    LanguageCode,
    Message,
    QuestionnaireName,
    ResponseToken,
    TouchpointName,
    Version,
    Web,
    Words,
    described,
)
from ingest.widget.item_messages import OfferedItem

_Colour = Annotated[
    str, msgspec.Meta(extra_json_schema={"pattern": "^#[0-9a-fA-F]{6}$", "maxLength": 7})
]


class OfferedTexts(Message, frozen=True, omit_defaults=True):
    """What a widget says around the items. Words for a kind of item come only where one is asked.

    What stands between braces is filled in by the widget.
    """

    intro: Annotated[
        Words,
        described(
            "To be shown before the first question. It also says so where few residents answer, "
            "and one may be recognised.",
            "U krijgt 5 korte vragen. Dat duurt ongeveer 1 minuut.",
        ),
    ]
    send: Annotated[Words, described("The button that sends all.", "Verstuur")]
    send_first: Annotated[Words, described("The button that sends the first step.", "Verstuur")]
    next: Annotated[Words, described("The button to the next step.", "Verder")]
    close: Annotated[Words, described("The button that closes the widget.", "Sluiten")]
    sending: Annotated[Words, described("While it is being sent.", "Bezig met versturen")]
    thanks_title: Annotated[Words, described("Heading of the thanks.", "Bedankt")]
    thanks: Annotated[
        Words, described("After the whole was stored.", "Wij hebben uw antwoorden ontvangen.")
    ]
    thanks_first: Annotated[
        Words,
        described(
            "After the first step was stored.",
            "Wij hebben uw antwoord ontvangen. Wilt u nog iets laten weten?",
        ),
    ]
    failed: Annotated[
        Words,
        described(
            "When it could not be sent.",
            "Het versturen is niet gelukt. Uw antwoorden staan er nog.",
        ),
    ]
    again: Annotated[Words, described("The button that sends it again.", "Probeer het opnieuw")]
    link: Annotated[
        Words,
        described(
            "The link to the page with the same questions.", "Open de vragen op een eigen pagina"
        ),
    ]
    error_heading: Annotated[Words, described("Heading above what is wrong.", "Nog niet verstuurd")]
    private: Annotated[
        Words,
        described(
            "What is not kept of a person.", "Wij bewaren uw antwoorden zonder uw naam of adres."
        ),
    ]
    leave_empty: Annotated[
        Words,
        described("The label of the field website, which people do not see.", "Vul hier niets in"),
    ]
    privacy: Annotated[Words, described("The link to the privacy statement.", "Privacy")]
    privacy_url: Annotated[
        Web, described("Where it leads.", "https://www.molensloot.example/privacy")
    ]
    accessibility: Annotated[
        Words, described("The link to the accessibility statement.", "Toegankelijkheid")
    ]
    accessibility_url: Annotated[
        Web, described("Where it leads.", "https://www.molensloot.example/toegankelijkheid")
    ]
    errors: Annotated[
        dict[str, Words],
        described(
            "What is said of a required item without an answer, by kind of item; and tooLong.",
            {"mark": "Kies een cijfer van 1 tot en met 10."},
            propertyNames={"pattern": "^[a-z]+([A-Z_][a-z]+)*$"},
            maxProperties=20,
        ),
    ]
    optional: Annotated[
        Words,
        described("Beside an item that may be skipped, where others may not.", "(niet verplicht)"),
    ] = ""
    not_applicable: Annotated[
        Words, described("The label of nvt.", "Niet van toepassing of weet ik niet")
    ] = ""
    anchor: Annotated[
        Words, described("How the meaning of a number is read out.", "{number} is {meaning}")
    ] = ""
    characters_left: Annotated[
        Words, described("Below a text.", "U kunt nog {count} tekens typen.")
    ] = ""
    characters_over: Annotated[
        Words, described("Below a text that is too long.", "U hebt {count} tekens te veel.")
    ] = ""
    agreement: Annotated[
        tuple[Words, ...],
        described(
            "Labels of the answers 1 to 5, in that order.",
            ["Helemaal oneens", "Oneens", "Niet eens, niet oneens", "Eens", "Helemaal eens"],
            maxItems=5,
        ),
    ] = ()
    smileys: Annotated[
        tuple[Words, ...],
        described(
            "Labels of the answers 1 to 5, in that order.",
            ["Heel slecht", "Slecht", "Gaat wel", "Goed", "Heel goed"],
            maxItems=5,
        ),
    ] = ()
    yes_partly_no: Annotated[
        dict[str, Words],
        described(
            "Labels by the code that stands in answers.",
            {"ja": "Ja", "deels": "Deels", "nee": "Nee"},
            propertyNames={"pattern": "^[a-z]+$"},
            maxProperties=3,
        ),
    ] = msgspec.field(default_factory=dict)
    call: Annotated[
        Words,
        described(
            "The link in the thanks, where residents may ask to be called.",
            "Wilt u dat wij u bellen?",
        ),
    ] = ""
    call_url: Annotated[
        Web | None,
        described(
            "Where it leads: a page of ours, the same for everybody. To be opened in a new tab.",
            "https://kto.molensloot.example/bellen/molensloot/online?lang=nl",
        ),
    ] = None


class OfferedColours(Message, frozen=True):
    """Colours as #rrggbb. Each pair that is used together has the contrast that WCAG 2.2 asks."""

    text: Annotated[_Colour, described("Of letters.", "#21191a")]
    background: Annotated[_Colour, described("Behind letters.", "#ffffff")]
    accent: Annotated[_Colour, described("Of buttons and what is chosen.", "#c8381e")]
    on_accent: Annotated[_Colour, described("Of letters on the accent.", "#ffffff")]
    link: Annotated[_Colour, described("Of links.", "#9c2a14")]
    focus: Annotated[_Colour, described("Of the ring around what has the focus.", "#005a9c")]
    border: Annotated[_Colour, described("Around fields and answers.", "#7a6b68")]
    error: Annotated[_Colour, described("Of what is wrong.", "#a3124a")]


class OfferedStyle(OfferedColours, frozen=True, omit_defaults=True):
    """The municipality's house style, by day and in the dark."""

    font: Annotated[
        str,
        described(
            "Used where the reader's device has it.",
            "Trebuchet MS",
            pattern="^[A-Za-z0-9]+([ -][A-Za-z0-9]+)*$",
            maxLength=40,
        ),
    ]
    dark: Annotated[OfferedColours, described("The colours for pages that are dark.")]


class OfferedLanguage(Message, frozen=True):
    """A language that the touchpoint asks in."""

    code: Annotated[LanguageCode, described("Its code.", "nl")]
    name: Annotated[Words, described("The name that its own speakers use.", "Nederlands")]
    dir: Annotated[Direction, described("Which way it is read.", "ltr")]


class OfferedQuestionnaire(Message, frozen=True):
    """All that a widget needs, in one language, and a token for one response."""

    touchpoint: Annotated[
        TouchpointName, described("The municipality and the touchpoint.", "molensloot/online")
    ]
    questionnaire: Annotated[
        QuestionnaireName, described("Which questionnaire is asked.", "online")
    ]
    version: Annotated[Version, described("Its version, to be sent along with the answers.", 2)]
    language: Annotated[LanguageCode, described("The language of all words here.", "nl")]
    dir: Annotated[Direction, described("Which way that language is read.", "ltr")]
    title: Annotated[Words, described("Heading of the questions.", "Hoe ging het op onze website?")]
    items: Annotated[
        tuple[OfferedItem, ...],
        described(
            "What is asked, in this order.",
            [
                {
                    "code": "cijfer",
                    "kind": "mark",
                    "control": "radio",
                    "layout": "numbers",
                    "text": "Welk cijfer geeft u onze website?",
                    "required": True,
                    "values": [{"value": mark, "label": str(mark)} for mark in range(1, 11)],
                    "ends": ["1 is heel slecht", "10 is uitstekend"],
                    "low": "heel slecht",
                    "high": "uitstekend",
                },
                {
                    "code": "geholpen",
                    "kind": "yes_partly_no",
                    "control": "radio",
                    "layout": "few",
                    "text": "Kon u regelen wat u wilde?",
                    "values": [
                        {"value": "ja", "label": "Ja"},
                        {"value": "deels", "label": "Deels"},
                        {"value": "nee", "label": "Nee"},
                    ],
                },
            ],
            maxItems=200,
        ),
    ]
    texts: Annotated[OfferedTexts, described("What is said around the items.")]
    style: Annotated[OfferedStyle, described("How it looks.")]
    languages: Annotated[
        tuple[OfferedLanguage, ...], described("All in which it can be asked.", maxItems=100)
    ]
    link: Annotated[
        Web,
        described(
            "The page with the same questions, for whom the widget cannot serve.",
            "https://kto.molensloot.example/o/molensloot/online",
        ),
    ]
    sampled: Annotated[
        bool,
        described(
            "Whether these are the items for one of the few residents who are asked something that "
            "others are not. Send it along when you ask for a fresh token for a form that is "
            "filled in already: the token decides which items may be answered.",
            False,
        ),
    ]
    token_lifetime_seconds: Annotated[
        int,
        described(
            "How long the token is good for. After that: ask again, the answers may stay.",
            43_200,
            minimum=1,
            maximum=86_400,
        ),
    ]
    # The last field: everything before it is the same for everybody, and is compressed once.
    token: Annotated[
        ResponseToken,
        described(
            "The permission for one response, to be sent along with the answers.",
            "k3TtS9aJx2Qm7LrV0cWbHQBAgAQK-9kB4mJ3bT6fYw2sZpXd",
        ),
    ]
