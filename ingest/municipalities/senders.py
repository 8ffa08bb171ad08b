"""A sender: how a municipality's invitations reach somebody; `[senders.<name>]` in its file.

What a kind of sender needs stands in one table. Secrets lie in files of their own (`key_file`).
"""

import re
import reprlib
from collections.abc import Callable
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table, line_fault, slug_fault
from ingest.files.web_addresses import address_fault

Scheme = Literal["tel", "mailto"]
"""How somebody is reached: by a text message, or by mail."""

COUNTRIES = ("NL", "BE", "DE")
"""Whose numbers are sent text messages where the file does not say: elsewhere one can cost fifty
times as much, and whoever holds the key of a telephone platform chooses the numbers.
"""

_HOST = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
_RELAY = re.compile(rf"smtps?://{_HOST}(?::(?P<port>[1-9][0-9]{{0,4}}))?")
_MAILBOX = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9._+-]{{0,62}}[A-Za-z0-9])?@{_HOST}\.[a-z]{{2,63}}")
# What networks show instead of a number: at most eleven signs, one of them a letter.
_NAME_ON_A_TELEPHONE = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 .-]{0,9}[A-Za-z0-9])?")


class SenderKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of sender: whom it reaches, and the keys that it needs and may have in a file."""

    reaches: tuple[Scheme, ...] = ()
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


SENDER_KINDS = MappingProxyType(
    {
        "file": SenderKind(reaches=("tel", "mailto"), may=("from", "folder", "countries")),
        "notify": SenderKind(
            reaches=("tel",),
            needs=("url", "key_file", "template"),
            may=("private_network", "countries"),
        ),
        "spryng": SenderKind(
            reaches=("tel",),
            needs=("url", "key_file", "from"),
            may=("private_network", "countries"),
        ),
        "smtp": SenderKind(
            reaches=("mailto",), needs=("url", "from"), may=("user", "key_file", "private_network")
        ),
        "none": SenderKind(),
    }
)
"""Every kind: `file` writes messages to files, `none` reaches nobody (links only)."""

_TEMPLATE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """One sender of a municipality. A key that its kind does not have is empty.

    `sent_from` is `from` in the file: a name of at most 11 characters for text messages, an address
    for mail. `key_file` is the path of the file with the secret, `folder` where `file` writes.
    `template` is a template's id at Notify. `private_network`: its host may have an address that
    only the municipality's own network knows. `countries` (two letters) are those whose numbers
    are sent text messages.
    """

    name: str
    kind: str
    sent_from: str = ""
    url: str = ""
    key_file: str = ""
    template: str = ""
    user: str = ""
    folder: str = ""
    private_network: bool = False
    countries: tuple[str, ...] = COUNTRIES

    @property
    def reaches(self) -> tuple[Scheme, ...]:
        """Whom it can send something to."""
        kind = SENDER_KINDS.get(self.kind)
        return kind.reaches if kind else ()


def read_senders(table: Table) -> dict[str, Sender]:
    """Every `[senders.<name>]` of a municipality's file, by name; none when it has none."""
    return {name: _read_sender(name, inside) for name, inside in table.tables("senders")}


def _read_sender(name: str, table: Table) -> Sender:
    if fault := slug_fault(name):
        table.fault(f"the name of a sender {fault}")
    kind = table.text("kind", _kind_fault)
    if not kind:
        # Of a kind that nobody knows, nobody knows its keys.
        return Sender(name=name, kind="")
    declared = SENDER_KINDS[kind]

    def text(key: str, rule: Callable[[str], str | None]) -> str:
        if key in declared.needs:
            return table.text(key, rule)
        return (table.text_or_none(key, rule) or "") if key in declared.may else ""

    sender = Sender(
        name=name,
        kind=kind,
        sent_from=text("from", _mailbox_fault if kind == "smtp" else _telephone_name_fault),
        url=text("url", _URL_FAULTS.get(kind, address_fault)),
        key_file=text("key_file", _path_fault),
        template=text("template", _template_fault),
        user=text("user", line_fault),
        folder=text("folder", _path_fault),
        private_network=table.truth("private_network")
        if "private_network" in declared.may
        else False,
        countries=table.texts("countries", country_fault, COUNTRIES)
        if "countries" in declared.may
        else COUNTRIES,
    )
    if sender.user and not sender.key_file:
        table.fault("`user` needs a `key_file`, the file that holds the password", "user")
    table.close()
    return sender


def _kind_fault(kind: str) -> str | None:
    if kind in SENDER_KINDS:
        return None
    meant = did_you_mean(kind, SENDER_KINDS)
    return f"must be one of {', '.join(SENDER_KINDS)}, not {reprlib.repr(kind)}{meant}"


def country_fault(country: str) -> str | None:
    """What is wrong with it as a country in two letters; None when nothing is."""
    # Of the library that tells of which country a number is: read only where a file names one.
    from phonenumbers import SUPPORTED_REGIONS

    if country in SUPPORTED_REGIONS:
        return None
    return f"must be a country in two letters such as NL, not {reprlib.repr(country)}"


def _telephone_name_fault(name: str) -> str | None:
    if _NAME_ON_A_TELEPHONE.fullmatch(name):
        return None
    told = "a name of at most 11 letters, digits, spaces, dots and hyphens, with a letter in it"
    return f"must be {told}, not {reprlib.repr(name)}"


def _mailbox_fault(address: str) -> str | None:
    if len(address) <= 254 and _MAILBOX.fullmatch(address):
        return None
    told = "a plain address such as kto@molensloot.example"
    return f"must be {told}, not {reprlib.repr(address)}"


def _relay_fault(url: str) -> str | None:
    match = _RELAY.fullmatch(url) if len(url) <= 300 else None
    if match and int(match["port"] or 25) <= 65_535:
        return None
    told = "a relay such as smtp://mail.molensloot.example:587, or smtps://, without a name in it"
    return f"must be {told}, not {reprlib.repr(url)}"


def _path_fault(path: str) -> str | None:
    if path.startswith("/") and len(path) <= 500 and path.isprintable():
        return None
    return f"must be a whole path such as /etc/meetpunt/notify.key, not {reprlib.repr(path)}"


def _host_fault(url: str) -> str | None:
    """Notify's paths are added by us: one in the file would stand there twice."""
    if fault := address_fault(url):
        return fault
    parts = urlsplit(url)
    if parts.path.strip("/") or parts.query or parts.fragment:
        told = f"{parts.scheme}://{parts.netloc}"
        return f"must be the address of the API without a path: {told}"
    return None


def _template_fault(template: str) -> str | None:
    if _TEMPLATE.fullmatch(template):
        return None
    told = "the id of a template, such as 4c1a2b7e-0000-4000-8000-1234567890ab"
    return f"must be {told}, not {reprlib.repr(template)}"


_URL_FAULTS: dict[str, Callable[[str], str | None]] = {
    "smtp": _relay_fault,
    "notify": _host_fault,
}
