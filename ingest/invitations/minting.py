"""Make the links of a call for invitations, each for one response; a retry gives the same links."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.database.acknowledged import acknowledged
from ingest.invitations.asked_for import check_asked_for
from ingest.invitations.idempotent_calls import IdempotentCall
from ingest.invitations.messages import RequestedInvitations
from ingest.invitations.statements import find_api_key, store_invitations
from ingest.municipalities.catalogue import Catalogue, TouchpointUnknown
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.running import metrics
from ingest.tokens.response_tokens import Tokens, digest

RIGHTS = ("links", "signals")
"""What a key may: make links and tell figures, as every key could; read and follow up signals."""


class ApiKeyUnknown(Exception):
    """No municipality has this API key, or it was revoked."""


class ApiKeyNotMeant(Exception):
    """The API key is good, and for something else: `may` says what is asked of it here."""

    def __init__(self, may: str) -> None:
        self.may = may
        super().__init__(f"this key is not for {may}")


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

    async def municipality_of(
        self, db: asyncpg.Connection, api_key: str, *, may: str = "links"
    ) -> Municipality:
        """Whose API key this is. Raises `ApiKeyUnknown`, or `ApiKeyNotMeant` if it may not this.

        `may` is one of `RIGHTS`.
        """
        found = await find_api_key(db, api_key_digest(self._accounts_key, api_key))
        code, rights = found or (None, frozenset[str]())
        for municipality in self._catalogue.municipalities.values():
            if municipality.code == code:
                if may not in rights:
                    raise ApiKeyNotMeant(may)
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
        check_asked_for(touchpoint, requested)
        dimensions = [
            msgspec.json.encode(each.dimensions, order="sorted").decode()
            for each in requested.invitations
        ]
        call = IdempotentCall(self._minting_key, municipality.code, idempotency_key, requested)
        expires_at = now + timedelta(days=touchpoint.link_lifetime_days)
        ids = [call.derived(str(index))[:16] for index in range(len(dimensions))]
        async with acknowledged(db) as wait_for_replicas:
            async with db.transaction():
                first = await call.begin(db, touchpoint.number, expires_at)
                if first:
                    await store_invitations(
                        db,
                        municipality=municipality.code,
                        touchpoint=touchpoint.number,
                        digests=[digest(id) for id in ids],
                        dimensions=dimensions,
                        # Kept a day past its expiry: until then the link could still be taken.
                        expires_on=expires_at.date() + timedelta(days=1),
                        day=day_of(now),
                    )
            if not first:
                await wait_for_replicas()
        if not first:
            expires_at = await call.first_expiry(db, now)
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


def api_key_digest(accounts_key: bytes, api_key: str) -> bytes:
    """What is stored of an API key: 32 bytes that a copy of the database cannot turn back."""
    return hmac.digest(accounts_key, b"api-key/" + api_key.encode(), sha256)
