"""What a neighbour is told of its message, in camelCase."""

from typing import Annotated

from ingest.asgi.messages import Message, described


class TakenContact(Message, frozen=True):
    """What a message was. What the rules decide about somebody is counted, and never told."""

    result: Annotated[
        str,
        described(
            "taken: the rules of the touchpoint decide. no-number: the same, and nobody can be "
            "reached. another-event: no call that ended. not-answered: nobody was spoken to. "
            "too-short: shorter than the connector asks for. unknown-queue: the connector leads it "
            "nowhere. Others may come.",
            "taken",
            "unknown-queue",
            pattern="^[a-z]+(-[a-z]+)*$",
            maxLength=40,
        ),
    ]
