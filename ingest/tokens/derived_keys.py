"""Keys for one thing each, derived from the secrets of the keys file, whose format stays.

None of them rotates: what is sealed or coded under one would be lost, or not be known again.
"""

import hmac
from hashlib import sha256
from uuid import UUID

import msgspec

from ingest.tokens.keys import Keys

_LINK_ID_BYTES = 16


class DerivedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """One key of 32 bytes for each thing. `sampling` draws who is invited.

    `reports` codes the links of reports, `writebacks` seals what is told to them, and `callbacks`
    the numbers of who wants to be called.
    """

    sealing: bytes
    occasions: bytes
    asked: bytes
    opted_out: bytes
    opt_out_links: bytes
    sampling: bytes
    links: bytes
    reports: bytes
    writebacks: bytes
    callbacks: bytes

    def __repr__(self) -> str:
        return "DerivedKeys()"

    def link_id(self, outbox_id: UUID) -> bytes:
        """The id of the one link that a row of the outbox ever gets: 16 bytes."""
        return hmac.digest(self.links, outbox_id.bytes, sha256)[:_LINK_ID_BYTES]


def derived_keys(keys: Keys) -> DerivedKeys:
    """Those of this keys file."""
    return DerivedKeys(
        sealing=_derived(keys.accounts, "sealing"),
        occasions=_derived(keys.accounts, "occasions"),
        asked=_derived(keys.accounts, "asked"),
        opted_out=_derived(keys.accounts, "opted-out"),
        opt_out_links=_derived(keys.accounts, "opt-out-links"),
        sampling=_derived(keys.minting, "sampling"),
        links=_derived(keys.minting, "links"),
        reports=_derived(keys.accounts, "reports"),
        writebacks=_derived(keys.accounts, "writebacks"),
        callbacks=_derived(keys.accounts, "callbacks"),
    )


def _derived(secret: bytes, what: str) -> bytes:
    # No API key's digest begins so: see `api_key_digest`.
    return hmac.digest(secret, f"meetpunt/derived/{what}".encode(), sha256)
