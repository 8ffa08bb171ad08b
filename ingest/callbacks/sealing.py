"""What is sealed of somebody who wants to be called, and under which key."""

from typing import Literal

import msgspec

from ingest.invitations.sealing import SealingOf
from ingest.tokens.derived_keys import DerivedKeys

type_of_moment = Literal["altijd", "ochtend", "middag"]
"""Which half of the day suits; "altijd": both do."""

# Of any number, half of the day and language, so that a length tells nothing.
_BLOCK = 128


class ToCall(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its + and country, such as "+31612345678", and when it suits.

    `language` is that of the page: who calls finds somebody who speaks it.
    """

    number: str
    moment: type_of_moment = "altijd"
    language: str = "nl"

    def __repr__(self) -> str:
        return "ToCall()"


def sealing_of(keys: DerivedKeys) -> SealingOf[ToCall]:
    """Seals and opens under a key that is for nothing else."""
    return SealingOf(keys.callbacks, ToCall, block=_BLOCK)
