"""Who is told of signals without asking: `[signals.webhook]` and `[signals.mail]` in a file.

Secrets lie in files of their own (`key_file`).
"""

import reprlib
from collections.abc import Mapping, Sequence

import msgspec

from ingest.files.near_misses import did_you_mean
from ingest.files.toml_tables import Table
from ingest.files.web_addresses import address_fault
from ingest.municipalities.connecting import path_fault
from ingest.municipalities.departments import Department, Fault, mail_fault
from ingest.municipalities.senders import Sender


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Where a program of the municipality is told, as Standard Webhooks says.

    What is sent is signed with the secret in `key_file`, and with that in `former_key_file` as well
    while the other side may know only that one. `private_network`: its host may have an address
    that only the municipality's own network knows.
    """

    url: str
    key_file: str
    former_key_file: str = ""
    private_network: bool = False


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """That departments are told by mail, by the sender of this name.

    `to` is told of what belongs to no department that has a mailbox; empty: nobody is.
    """

    sender: str
    to: str = ""


class Pushing(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told of signals. `follow_up_url` is the municipality's own page to go on at."""

    follow_up_url: str = ""
    webhook: Webhook | None = None
    mail: Digest | None = None


def read_pushing(table: Table) -> Pushing:
    """Read those keys of `[signals]` that say who is told; `table` is that one."""
    pushing = Pushing(
        follow_up_url=table.text_or_none("follow_up_url", address_fault) or "",
        webhook=_read_webhook(table.table("webhook")) if table.holds("webhook") else None,
        mail=_read_digest(table.table("mail")) if table.holds("mail") else None,
    )
    if (pushing.webhook or pushing.mail) and not table.holds("follow_up_url"):
        told = "`follow_up_url` is missing: who is told goes on there"
        table.fault(told, "follow_up_url")
    return pushing


def pushing_faults(
    pushing: Pushing, senders: Mapping[str, Sender], departments: Sequence[Department]
) -> list[Fault]:
    """What does not fit the rest of the same file: the place, and a sentence."""
    mail = pushing.mail
    if mail is None or not mail.sender:
        return []
    if mail.sender not in senders:
        known = did_you_mean(mail.sender, senders)
        told = f"there is no sender {reprlib.repr(mail.sender)}{known}"
        return [(("signals", "mail", "sender"), told)]
    if "mailto" not in senders[mail.sender].reaches:
        kind = senders[mail.sender].kind
        return [(("signals", "mail", "sender"), f"a sender of kind `{kind}` sends no mail")]
    if not mail.to and not any(each.mail for each in departments):
        told = "nobody is told: write `to`, or `mail` in a department"
        return [(("signals", "mail"), told)]
    return []


def _read_webhook(table: Table) -> Webhook:
    webhook = Webhook(
        url=table.text("url", _webhook_fault),
        key_file=table.text("key_file", path_fault),
        former_key_file=table.text_or_none("former_key_file", path_fault) or "",
        private_network=table.truth("private_network"),
    )
    table.close()
    return webhook


def _read_digest(table: Table) -> Digest:
    digest = Digest(
        sender=table.text("sender"),
        to=table.text_or_none("to", mail_fault) or "",
    )
    table.close()
    return digest


def _webhook_fault(url: str) -> str | None:
    if fault := address_fault(url):
        return fault
    if "#" in url:
        return f"must have no #: nobody is told what stands behind it; not {reprlib.repr(url)}"
    return None
