"""The messages with one item for a widget or a kiosk, in camelCase."""

from typing import Annotated

import msgspec

from ingest.asgi.messages import ItemCode, Message, OptionCode, Words, described
from ingest.questionnaires.items import KindName
from ingest.questionnaires.kinds import Control, Layout

_Number = Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1, "maximum": 10})]


class OfferedAskIf(Message, frozen=True):
    """When the item is asked: only if an earlier one was answered with one of these values."""

    item: Annotated[ItemCode, described("The code of the earlier item.", "geholpen")]
    values: Annotated[
        tuple[_Number | OptionCode, ...],
        described("Numbers or codes, as they stand in answers.", ["deels", "nee"], maxItems=200),
    ]


class OfferedOption(Message, frozen=True):
    """One option of a choice."""

    code: Annotated[OptionCode, described("What stands in answers.", "website")]
    label: Annotated[Words, described("What residents read.", "Op de website")]


class OfferedValue(Message, frozen=True):
    """One value that an item takes, and the words for it."""

    value: Annotated[_Number | OptionCode, described("As it stands in answers.", 8)]
    label: Annotated[Words, described("What residents read.", "8")]


class OfferedItem(Message, frozen=True, omit_defaults=True):
    """One question, in one language. What is empty or false is left out.

    It says how to ask it: with control, values, ends and layout, so a kind of question that is new
    needs no new script.
    """

    code: Annotated[ItemCode, described("Under which name its answer stands in answers.", "cijfer")]
    kind: Annotated[KindName, described("What can be answered: see Answer.", "mark")]
    control: Annotated[Control, described("The native field that asks it.", "radio")]
    layout: Annotated[
        Layout,
        described(
            "How what is offered lies: numbers in a row, words or faces of a scale, a few words "
            "beside each other, a list, or a field to write in.",
            "numbers",
        ),
    ]
    text: Annotated[Words, described("The question.", "Welk cijfer geeft u onze website?")]
    help: Annotated[
        Words, described("What stands below the question.", "Bent u het hiermee eens?")
    ] = ""
    required: Annotated[
        bool, described("Whether the response is refused without an answer to it.", True)
    ] = False
    not_applicable: Annotated[
        bool, described("Whether nvt may be answered: not applicable, or unknown.", False)
    ] = False
    ask_if: Annotated[
        OfferedAskIf | None, described("Left out where the item is always asked.")
    ] = None
    values: Annotated[
        tuple[OfferedValue, ...],
        described(
            "What can be chosen, in the order in which it is shown; nvt aside.",
            [{"value": 1, "label": "1"}, {"value": 2, "label": "2"}],
            maxItems=200,
        ),
    ] = ()
    ends: Annotated[
        tuple[Words, ...],
        described(
            "What stands beside the first and the last value.",
            ["1 is heel slecht", "10 is uitstekend"],
            maxItems=2,
        ),
    ] = ()
    options: Annotated[
        tuple[OfferedOption, ...],
        described(
            "In the order in which they are shown, for choice and choices.",
            [],
            [{"code": "website", "label": "Op de website"}, {"code": "balie", "label": "Balie"}],
            maxItems=200,
        ),
    ] = ()
    low: Annotated[Words, described("What the lowest number of a scale means.", "heel slecht")] = ""
    high: Annotated[Words, described("What the highest number means.", "uitstekend")] = ""
