"""A call that is made again: known by its Idempotency-Key, and held to what it asked before."""

import hmac
from datetime import datetime
from hashlib import sha256

import asyncpg
import msgspec

from ingest.invitations.messages import RequestedInvitations
from ingest.invitations.statements import (
    InvitationCall,
    find_invitation_call,
    store_invitation_call,
)


class IdempotencyConflict(Exception):
    """The Idempotency-Key was used before: with another body, or for links that expired since."""


class IdempotentCall:
    """One call of one municipality. What is derived of it is the same whenever it is made."""

    def __init__(
        self,
        minting_key: bytes,
        municipality: str,
        idempotency_key: str,
        requested: RequestedInvitations,
    ) -> None:
        self._minting_key = minting_key
        self._municipality = municipality
        self._idempotency_key = idempotency_key
        # Unset fields are left out, so that a body says the same whatever fields came since.
        plain = sha256(msgspec.json.encode(requested, order="sorted"))
        # It may hold addresses, which a digest without a key would give away to whoever guesses.
        self._digest = self.derived(f"body/{plain.hexdigest()}")
        # Calls for links, before there were addresses, were kept so; they expire within a year.
        self._digest_without_key = plain.digest()

    def derived(self, what: str) -> bytes:
        """32 bytes for one purpose, the same for the same call."""
        message = msgspec.json.encode([self._municipality, self._idempotency_key, what])
        return hmac.digest(self._minting_key, message, sha256)

    async def begin(self, db: asyncpg.Connection, touchpoint: int, expires_at: datetime) -> bool:
        """Remember it, within the caller's transaction; False when it was made before."""
        call = InvitationCall(body_digest=self._digest, expires_at=expires_at)
        return await store_invitation_call(
            db, self._municipality, self.derived("key"), touchpoint, call
        )

    async def first_expiry(self, db: asyncpg.Connection, now: datetime) -> datetime:
        """Until when the first of these calls holds. Raises `IdempotencyConflict`."""
        earlier = await find_invitation_call(db, self._municipality, self.derived("key"))
        if earlier is None or earlier.expires_at <= now or not self._is(earlier):
            raise IdempotencyConflict
        return earlier.expires_at

    def _is(self, earlier: InvitationCall) -> bool:
        known = (self._digest, self._digest_without_key)
        return any(hmac.compare_digest(earlier.body_digest, digest) for digest in known)
