"""An occasion: a contact that ended, as a neighbour system tells it. Pure.

What tells whom somebody is (a number, an address, the neighbour's own key) shows in no `repr`, so
that it stands in no traceback and no log line.
"""

from datetime import datetime

import msgspec

from ingest.municipalities.senders import Scheme


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be reached: `address` is "+31612345678", or a mail address to send to.

    Made by `recipients.read_recipient`.
    """

    scheme: Scheme
    address: str

    @property
    def uri(self) -> str:
        """As it travels and is sealed: "tel:+31612345678", "mailto:bewoner@example.nl"."""
        return f"{self.scheme}:{self.address}"

    @property
    def canonical(self) -> str:
        """The same text for everything that reaches the same person; "not again" and opt-out.

        Of a mail address the case is left out, also of the part before the @. A mail server may
        tell them apart, but hardly any does, and people type their own address in either way. Were
        `Jan@` and `jan@` two, who opted out with one of them would be asked again at the other. If
        they ever are two people, one of them is not asked: the lesser harm. What stands after a
        plus stays: at some providers that is another person's mailbox.
        """
        return self.uri.casefold()

    def __repr__(self) -> str:
        return f"Recipient({self.scheme}:...)"


class ContactEnded(msgspec.Struct, frozen=True, kw_only=True):
    """A contact of a resident with a municipality that has ended.

    `municipality` and `touchpoint` are slugs. `ended_at` has a time zone: UTC. `source` names what
    tells it ("api", "voys", "csv"), `source_key` is what tells the same contact again there, such
    as the id of a call; it is kept as a keyed hash alone. `dimensions` are coarse details that the
    touchpoint lists. `language` is what the resident speaks, where known. `outcome` is how it ended
    ("answered", the result of a case), `case_type` what kind of case it was. `send_after` is a
    moment that the source asks to wait for. `about` is what the source may take it back by, such as
    its key for the case: kept as a keyed hash, with a message that waits.

    Raises ValueError for a moment without a time zone.
    """

    municipality: str
    touchpoint: str
    ended_at: datetime
    source: str
    source_key: str
    dimensions: dict[str, str] = {}
    language: str | None = None
    recipient: Recipient | None = None
    outcome: str | None = None
    case_type: str | None = None
    send_after: datetime | None = None
    about: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.ended_at, self.send_after):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a moment needs its time zone")

    def __repr__(self) -> str:
        return f"ContactEnded({self.municipality}/{self.touchpoint} of {self.source})"
