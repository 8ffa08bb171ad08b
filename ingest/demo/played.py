"""What the demo makes of the file of the municipality that it plays, and of the time.

Whoever tries it out should see a message at once: at any hour, after each contact, without waiting.
All else is as the file says it.
"""

import os
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from ingest.clock import AMSTERDAM
from ingest.demo.neighbours import openklant, openzaak, signalen
from ingest.demo.reader_roles import SHOWN
from ingest.demo.told import PATH as WEBHOOK_PATH
from ingest.followup.pushing.signing import PREFIX
from ingest.municipalities.call_mappings import shipped_mapping
from ingest.municipalities.connecting import Connector, Queue
from ingest.municipalities.hours import WEEKDAYS, first_and_last
from ingest.municipalities.inviting import NEVER_AT_NIGHT
from ingest.municipalities.municipality import Municipality, allowing
from ingest.municipalities.notifying import Notifying
from ingest.municipalities.pushing import Webhook
from ingest.municipalities.signalen import Signalen
from ingest.municipalities.signals import Signals
from ingest.municipalities.touchpoints import Touchpoint

CONNECTOR = "voys"
CALLED = "+31881234567"
"""The number of the municipality whose calls lead to the touchpoint for telephone calls."""

CASE_SUBJECT = {
    "nl": "Uw vergunning: hoe ging het?",
    "en": "Your permit: how did it go?",
}
CASE_MAIL = {
    "nl": """U vroeg gemeente {name} om een vergunning voor een terras. Die aanvraag is afgehandeld.

Hoe ging dat? Het zijn een paar korte vragen:
{link}

Gemeente {name}""",
    "en": """You asked {name} for a permit for a terrace. That request has been dealt with.

How did that go? We have a few short questions:
{link}

{name}""",
}
"""What is asked when a case is closed: the file of the municipality has nobody asked by us."""

CALL_BACK_TEXT = {
    "nl": "Gemeente {name} belde u terug. Hoe ging dat? Vertel het ons: {link}",
    "en": "{name} called you back. How did it go? Please tell us: {link}",
}
"""The same, when somebody was called back."""

PAGES = {
    "contact": "contact_url",
    "privacy": "privacy_url",
    "toegankelijkheid": "accessibility_url",
}
"""Pages of a municipal site, and the key that names each in the file of the municipality."""

_BEFORE_CLOSING = timedelta(minutes=1)


def played(
    origins: Sequence[str], key_file: Path, systems_url: str = "", webhook_key: Path | None = None
) -> Callable[[Municipality], Municipality]:
    """Makes of each file what the demo plays.

    Every touchpoint may also be shown on pages of `origins`; the last of them is that of municipal
    sites, with the pages that a file names. `key_file` holds what systems of the demo show, and
    `systems_url` is where those that are asked something are called. With a `webhook_key`, the file
    with its secret, a program of the demo is told of signals too.
    """
    called_at = systems_url or origins[-1]

    def adapted(written: Municipality) -> Municipality:
        municipality = _at_hand(allowing(written, origins), origins[-1])
        if municipality.slug != SHOWN:
            return municipality
        return replace(
            municipality,
            connectors={CONNECTOR: _connector(key_file)},
            signalen=Signalen(
                url=f"{called_at}{signalen.PATH}",
                site=origins[0],
                touchpoints=("melding",),
                private_network=True,
            ),
            signals=_told(municipality, origins[0], called_at, webhook_key),
            notifications=Notifying(key_file=str(key_file.absolute())),
            cases=openzaak.cases_at(called_at, str(key_file.absolute())),
            contacts=openklant.contacts_at(called_at, str(key_file.absolute())),
            touchpoints=tuple(_at_once(each) for each in _asking_more(municipality)),
        )

    return adapted


def write_key(path: Path) -> str:
    """What the telephone platform shows, made anew at each start, in a file for ourselves alone."""
    key = secrets.token_hex(32)
    _write(path, key)
    return key


def _write(path: Path, secret: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{secret}\n")


def write_secret(path: Path) -> str:
    """What deliveries to the demo's own program are signed with, made anew at each start."""
    secret = f"{PREFIX}{b64encode(secrets.token_bytes(32)).decode()}"
    _write(path, secret)
    return secret


def by_day(now: datetime) -> datetime:
    """The time in the demo (UTC): what it is, and at night a minute before the evening's end.

    It is never ahead of ours, so that what is due by it is due by the database's clock too.
    """
    opening, closing = first_and_last(NEVER_AT_NIGHT)
    local = now.astimezone(AMSTERDAM)
    if opening <= local.time() < closing:
        return now
    evening = local.date() if local.time() >= closing else local.date() - timedelta(days=1)
    return datetime.combine(evening, closing, AMSTERDAM).astimezone(UTC) - _BEFORE_CLOSING


def _at_hand(municipality: Municipality, site: str) -> Municipality:
    """With pages of the demo in place of those that no browser can find."""
    pages = {key: f"{site}/voorbeeld/{municipality.slug}/{page}" for page, key in PAGES.items()}
    return replace(municipality, **pages)


def _told(
    municipality: Municipality, origin: str, here: str, webhook_key: Path | None
) -> Signals | None:
    """Its signals at once, told by mail and to a program `here`; a page of the demo goes on."""
    signals = municipality.signals
    if signals is None:
        return None
    webhook = webhook_key and Webhook(
        url=f"{here}{WEBHOOK_PATH}",
        key_file=str(webhook_key.absolute()),
        private_network=True,
    )
    push = replace(signals.push, follow_up_url=f"{origin}/opvolging", webhook=webhook or None)
    return replace(signals, at_once=True, push=push)


def _connector(key_file: Path) -> Connector:
    return Connector(
        name=CONNECTOR,
        kind="telephony",
        platform="voys",
        mapping=shipped_mapping("voys"),
        key_file=str(key_file.absolute()),
        queues={CALLED: Queue(touchpoint="telefonie")},
    )


def _asking_more(municipality: Municipality) -> Iterator[Touchpoint]:
    """Its touchpoints; those of cases and of calls back say words of the demo, as others do."""
    rules = {each.slug: each.invitations for each in municipality.touchpoints}
    reports, calls = rules["melding"], rules["telefonie"]
    for touchpoint in municipality.touchpoints:
        asking = touchpoint.invitations
        if touchpoint.slug == openzaak.TOUCHPOINT and reports is not None:
            asking = replace(reports, text={}, subject=CASE_SUBJECT, mail=CASE_MAIL)
        elif touchpoint.slug == openklant.TOUCHPOINT and calls is not None:
            asking = replace(calls, text=CALL_BACK_TEXT)
        yield replace(touchpoint, invitations=asking)


def _at_once(touchpoint: Touchpoint) -> Touchpoint:
    rules = touchpoint.invitations
    if rules is None:
        return touchpoint
    usual = {"hours": NEVER_AT_NIGHT, "days": WEEKDAYS, "on_holidays": True}
    return replace(touchpoint, invitations=replace(rules, percentage=100, wait_minutes=0, **usual))
