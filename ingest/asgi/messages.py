"""What all messages of `/api/v1` are made of, and what each refusal says."""

from datetime import datetime
from typing import Annotated

import msgspec

# Semantic version of the API, sent as API-Version with every reply (/core/version-header).
API_VERSION = "1.0.0"

# A name of ours: none is longer, and what is refused need not be repeated at length.
Name = Annotated[str, msgspec.Meta(max_length=100)]
Version = Annotated[int, msgspec.Meta(ge=1, le=32_767)]
# Names of moments end in `Op`, and a moment has a time zone (/core/date-time).
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What all that travels has in common."""


class InvalidParam(Message, frozen=True):
    """One thing wrong in a body: where, why, and a stable code."""

    name: str
    reason: str
    code: str


class Problem(Message, frozen=True, omit_defaults=True):
    """A refusal, as RFC 9457 has it."""

    type: str
    status: int
    title: str
    detail: str
    invalid_params: tuple[InvalidParam, ...] = ()
