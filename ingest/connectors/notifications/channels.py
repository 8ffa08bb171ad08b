"""What of a notification is kept: an allow-list for each channel, and nothing of any other. Pure.

To hear another channel, add it to `CHANNELS` here, and who follows it to `ingest.connectors.work`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from ingest.invitations.moments import read_moment
from ingest.municipalities.municipality import Municipality

Unheeded = Literal[
    "test", "another-channel", "another-resource", "another-action", "foreign", "unreadable"
]
"""Why nothing is kept of a message. Whoever sent it could not mend that, and is not told."""

ACTIONS = frozenset({"create", "update", "partial_update", "destroy"})

TEST = "test"
"""The channel on which Open Notificaties tries an address out. What it names is nowhere."""

_LONGEST_WORD, _LONGEST_TEXT = 100, 1000
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """What another system told, as far as it is kept.

    `municipality` is a slug. `about` is the address there of what all of it is about
    (`hoofdObject`), `url` that of what was made or changed (`resourceUrl`). Of its characteristics
    (`kenmerken`) nothing is kept: whoever follows it looks at the thing itself.
    """

    municipality: str
    channel: str
    resource: str
    action: str
    about: str
    url: str
    told_at: datetime

    def __repr__(self) -> str:
        # An address leads to somebody's case.
        return f"Notification({self.municipality}: {self.channel} {self.resource} {self.action})"


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """What is heard of a channel.

    `base` gives, of a municipality, the address below which everything of it lies; None where the
    municipality does not follow it.
    """

    resources: frozenset[str]
    base: Callable[[Municipality], str | None]


def _of_calls_back(municipality: Municipality) -> str | None:
    contacts = municipality.contacts
    return contacts.url if contacts and contacts.callbacks else None


CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {
        "zaken": Channel(
            resources=frozenset({"zaak", "status", "resultaat"}),
            base=lambda here: here.cases.zaken_url if here.cases else None,
        ),
        # All that comes with it was typed by somebody, but for the state; and that is asked.
        "internetaken": Channel(resources=frozenset({"internetaak"}), base=_of_calls_back),
    }
)


def read_notification(
    municipality: Municipality,
    body: Mapping[str, Any],
    channels: Mapping[str, Channel] = CHANNELS,
) -> Notification | Unheeded:
    """What is kept of a message, or why nothing is."""
    name, resource = _word(body.get("kanaal")), _word(body.get("resource"))
    if name == TEST:
        return "test"
    channel = channels.get(name)
    base = channel.base(municipality) if channel else None
    if channel is None or base is None:
        return "another-channel"
    if resource not in channel.resources:
        return "another-resource"
    action = _word(body.get("actie"))
    if action not in ACTIONS:
        return "another-action"
    about, url = _text(body.get("hoofdObject")), _text(body.get("resourceUrl"))
    told_at = read_moment(_text(body.get("aanmaakdatum")))
    if told_at is None or not about or not url:
        return "unreadable"
    if target_below(base, about) is None or target_below(base, url) is None:
        return "foreign"
    return Notification(
        municipality=municipality.slug,
        channel=name,
        resource=resource,
        action=action,
        about=about,
        url=url,
        told_at=told_at,
    )


def target_below(base: str, url: str) -> str | None:
    """The path of this address after `base`; None for one that lies anywhere else.

    Strict: no way up, no query and no other spelling of the host leads out of `base`. One that is
    longer than we keep is none.
    """
    if len(url) > _LONGEST_TEXT:
        return None
    rest = url[len(base) :] if url.startswith(base) else ""
    return rest if _BELOW.fullmatch(rest) else None


_BELOW = re.compile(r"(?:/[A-Za-z0-9_-]+)+")


def _word(value: Any) -> str:
    """A name as the standard has them; nothing for what is none."""
    if isinstance(value, str) and len(value) <= _LONGEST_WORD and _WORD.fullmatch(value):
        return value
    return ""


def _text(value: Any) -> str:
    """A text in one visible line; nothing for what is none."""
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT and value.isprintable():
        return value
    return ""
