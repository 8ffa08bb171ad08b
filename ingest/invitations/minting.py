"""Make the links of a call for invitations, each for one response; a retry gives the same links."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg
import msgspec

from ingest.asgi.messages import InvalidParam
from ingest.clock import AMSTERDAM
from ingest.database.acknowledged import acknowledged
from ingest.invitations.messages import RequestedInvitations
from ingest.invitations.statements import (
    InvitationCall,
    find_api_key,
    find_invitation_call,
    store_invitation_call,
    store_invitations,
)
from ingest.municipalities.catalogue import Catalogue, TouchpointUnknown
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.responses.submission import allowed_dimensions
from ingest.running import metrics
from ingest.tokens.response_tokens import Tokens, digest

MOST_INVITATIONS = 1000


class ApiKeyUnknown(Exception):
    """No municipality has this API key, or it was revoked."""


class IdempotencyConflict(Exception):
    """The Idempotency-Key was used before: with another body, or for links that expired since."""


class InvitationsRejected(Exception):
    """The call cannot be carried out; `params` say all that is wrong."""

    def __init__(self, params: tuple[InvalidParam, ...]) -> None:
        self.params = params
        super().__init__(f"{len(params)} thing(s) wrong")


class MintedLinks(msgspec.Struct, frozen=True, kw_only=True):
    """Links in the order asked for, and when they expire."""

    links: tuple[str, ...]
    expires_at: datetime


class Minter:
    """Makes the links. Ids of tokens are derived from the call, so that none need be stored."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        tokens: Tokens,
        minting_key: bytes,
        accounts_key: bytes,
        base_url: str | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._tokens = tokens
        self._minting_key = minting_key
        self._accounts_key = accounts_key
        self._base_url = base_url

    async def municipality_of(self, db: asyncpg.Connection, api_key: str) -> Municipality:
        """Whose API key this is. Raises `ApiKeyUnknown`."""
        code = await find_api_key(db, api_key_digest(self._accounts_key, api_key))
        for municipality in self._catalogue.municipalities.values():
            if municipality.code == code:
                return municipality
        raise ApiKeyUnknown

    async def mint(
        self,
        db: asyncpg.Connection,
        requested: RequestedInvitations,
        *,
        municipality: Municipality,
        idempotency_key: str,
        now: datetime,
    ) -> MintedLinks:
        """One link for each requested invitation; the same call again gives the same links.

        Raises `TouchpointUnknown`, also for another municipality's, `InvitationsRejected`,
        `IdempotencyConflict` or `NotReplicated`.
        """
        slug, _, name = requested.touchpoint.partition("/")
        if slug != municipality.slug:
            # Also when it exists: a key must not reveal another municipality's touchpoints.
            raise TouchpointUnknown(requested.touchpoint)
        touchpoint = self._catalogue.touchpoint(slug, name)
        dimensions = _checked_dimensions(touchpoint, requested)
        body_digest = sha256(msgspec.json.encode(requested, order="sorted")).digest()
        key_digest = self._derived(municipality, idempotency_key, "key")
        expires_at = now + timedelta(days=touchpoint.link_lifetime_days)
        ids = [
            self._derived(municipality, idempotency_key, str(index))[:16]
            for index in range(len(dimensions))
        ]
        call = InvitationCall(body_digest=body_digest, expires_at=expires_at)
        async with acknowledged(db) as wait_for_replicas:
            async with db.transaction():
                is_new = await store_invitation_call(
                    db, municipality.code, key_digest, touchpoint.number, call
                )
                if is_new:
                    await store_invitations(
                        db,
                        municipality=municipality.code,
                        touchpoint=touchpoint.number,
                        digests=[digest(id) for id in ids],
                        dimensions=dimensions,
                        # Kept a day past its expiry: until then the link could still be taken.
                        expires_on=expires_at.date() + timedelta(days=1),
                        day=now.astimezone(AMSTERDAM).date(),
                    )
            if not is_new:
                await wait_for_replicas()
        if not is_new:
            expires_at = await _same_call_before(db, municipality, key_digest, call, now)
        metrics.tokens_issued.labels(purpose="invitation").inc(len(ids))
        return MintedLinks(
            links=tuple(self._link(municipality, touchpoint, id, expires_at, now) for id in ids),
            expires_at=expires_at,
        )

    def _link(
        self,
        municipality: Municipality,
        touchpoint: Touchpoint,
        id: bytes,
        expires_at: datetime,
        now: datetime,
    ) -> str:
        token = self._tokens.issue(
            purpose="invitation",
            touchpoint=touchpoint.number,
            expires_at=expires_at,
            now=now,
            id=id,
        )
        return f"{self._base_url or municipality.base_url}/v/{token}"

    def _derived(self, municipality: Municipality, idempotency_key: str, part: str) -> bytes:
        message = msgspec.json.encode([municipality.code, idempotency_key, part])
        return hmac.digest(self._minting_key, message, sha256)


async def _same_call_before(
    db: asyncpg.Connection,
    municipality: Municipality,
    key_digest: bytes,
    call: InvitationCall,
    now: datetime,
) -> datetime:
    """When the links of the first call expire. Raises `IdempotencyConflict`."""
    earlier = await find_invitation_call(db, municipality.code, key_digest)
    if (
        earlier is None
        or not hmac.compare_digest(earlier.body_digest, call.body_digest)
        or earlier.expires_at <= now
    ):
        raise IdempotencyConflict
    return earlier.expires_at


def api_key_digest(accounts_key: bytes, api_key: str) -> bytes:
    """What is stored of an API key: 32 bytes that a copy of the database cannot turn back."""
    return hmac.digest(accounts_key, b"api-key/" + api_key.encode(), sha256)


def _checked_dimensions(touchpoint: Touchpoint, requested: RequestedInvitations) -> Sequence[str]:
    params = []
    if touchpoint.retired:
        params.append(
            InvalidParam(
                name="touchpoint", reason="This touchpoint is retired.", code="touchpoint-retired"
            )
        )
    if not 1 <= len(requested.invitations) <= MOST_INVITATIONS:
        params.append(
            InvalidParam(
                name="invitations",
                reason=f"Ask for 1 to {MOST_INVITATIONS} invitations at once.",
                code="out-of-range",
            )
        )
    for index, invitation in enumerate(requested.invitations):
        allowed = allowed_dimensions(touchpoint, invitation.dimensions)
        params.extend(
            InvalidParam(
                name=f"invitations[{index}].dimensions.{name}",
                reason="The touchpoint does not list this value.",
                code="unknown-dimension",
            )
            for name in invitation.dimensions
            if name not in allowed
        )
    if params:
        raise InvitationsRejected(tuple(params))
    return [
        msgspec.json.encode(invitation.dimensions, order="sorted").decode()
        for invitation in requested.invitations
    ]
