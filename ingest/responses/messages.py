"""What travels when a response is handed in, in camelCase."""

from typing import Annotated, Any
from uuid import UUID

import msgspec

from ingest.asgi.messages import Message, Name, Version


class SubmittedResponse(Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /responses`. `response_id`: a random UUID, chosen when the form opens.

    `dimensions` are coarse details of the page that asked; what the touchpoint does not list is
    dropped, and so is all of it where somebody was invited. `website` is a field that people do not
    see: what fills it is stored and marked as suspect.
    """

    touchpoint: Name
    response_id: UUID
    questionnaire: Name
    version: Version
    language: Name
    token: Name
    answers: dict[str, Any]
    complete: bool = True
    dimensions: dict[str, str] = msgspec.field(default_factory=dict)
    website: str = ""


class ReceivedResponse(Message, frozen=True, omit_defaults=True):
    """Reply to `POST /responses` and to its completion, the first time and every next time.

    `completion_token`, where a widget sent the first step alone: good for 15 minutes.
    """

    response_id: UUID
    received: bool
    complete: bool
    completion_token: str | None = None


class SubmittedCompletion(Message, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /responses/{responseId}/completion`: only items that were not answered yet."""

    completion_token: Annotated[str, msgspec.Meta(max_length=10_000)]
    answers: dict[str, Any]
