"""Every sender of every municipality, made of their files once and used until the process ends."""

import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.municipalities.senders import Sender as Declared
from ingest.outgoing.client import Client
from ingest.senders.file import FileSender
from ingest.senders.none import NoSender
from ingest.senders.notify import Notify
from ingest.senders.provider_keys import ProviderKey
from ingest.senders.sender import Sender
from ingest.senders.smtp import Relay, Smtp
from ingest.senders.spryng import Spryng


class SenderUnknown(LookupError):
    """The municipality has no sender of this name: it was taken out of its file."""


class Senders:
    """Senders by the slug of their municipality and their own name.

    `folder` is where those of kind `file` write that name none; each municipality in a folder of
    its own. `tls` says whom to trust, where that is not whom this machine trusts.
    """

    def __init__(
        self,
        declared: Mapping[str, Iterable[Declared]],
        *,
        folder: Path,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self._keys: list[ProviderKey] = []
        self._senders = {
            (municipality, each.name): self._made(each, folder / municipality)
            for municipality, senders in declared.items()
            for each in senders
        }

    def of(self, municipality: str, name: str) -> Sender:
        """The sender of this name. Raises `SenderUnknown`."""
        try:
            return self._senders[municipality, name]
        except KeyError:
            raise SenderUnknown(f"{municipality} has no sender {name}") from None

    def reread(self) -> None:
        """Read every key again, as the process was told that files changed (SIGHUP)."""
        for key in self._keys:
            key.read()

    async def close(self) -> None:
        """Let go of every connection."""
        for sender in self._senders.values():
            await sender.close()

    def _made(self, declared: Declared, folder: Path) -> Sender:
        match declared.kind:
            case "file":
                given = Path(declared.folder) if declared.folder else folder
                return FileSender(given, declared.sent_from)
            case "notify":
                return Notify(self._client(declared), self._key(declared), declared.template)
            case "spryng":
                return Spryng(self._client(declared), self._key(declared), declared.sent_from)
            case "smtp":
                relay = Relay(
                    declared.url,
                    private=declared.private_network,
                    user=declared.user,
                    password=self._key(declared) if declared.key_file else None,
                    tls=self._tls,
                )
                return Smtp(relay, declared.sent_from)
            case "none":
                return NoSender()
        raise ValueError(f"no kind of sender: {declared.kind}")

    def _client(self, declared: Declared) -> Client:
        return Client(declared.url, private=declared.private_network, tls=self._tls)

    def _key(self, declared: Declared) -> ProviderKey:
        key = ProviderKey(declared.key_file)
        self._keys.append(key)
        return key
