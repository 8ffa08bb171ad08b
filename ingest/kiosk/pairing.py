"""How a tablet becomes a kiosk: it shows a code, and an operator enrols it with that code."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from ingest.database.acknowledged import acknowledged
from ingest.kiosk.pairing_messages import CODE_CHARACTERS, CODE_SIGNS, PairingState
from ingest.kiosk.signatures import KeyUnreadable, PublicKey, from_base64url
from ingest.kiosk.statements import find_kiosk_by_key, pairing_expiry, store_pairing
from ingest.municipalities.catalogue import Catalogue, TouchpointUnknown
from ingest.responses.writer import type_of_database
from ingest.running.security import SecurityEvent, security

LIFETIME = timedelta(minutes=10)


class SignatureRefused(Exception):
    """The signature is not this key's over this text."""


class Pairings:
    """Hands out codes, and tells the tablet when its code was enrolled."""

    def __init__(self, *, catalogue: Catalogue, database: type_of_database) -> None:
        self._catalogue = catalogue
        self._database = database
        self._codes = [municipality.code for municipality in catalogue.municipalities.values()]

    async def begin(
        self, path: str, public_key: str, *, kiosk: UUID | None = None, now: datetime
    ) -> tuple[str, datetime]:
        """A fresh code for a tablet at this touchpoint, and until when it can be enrolled.

        `kiosk` is the id that it asks to have again. Raises `TouchpointUnknown`, also for a retired
        one, `KeyUnreadable` or `WriterUnavailable`.
        """
        municipality, _, slug = path.partition("/")
        touchpoint = self._catalogue.touchpoint(municipality, slug)
        if touchpoint.retired:
            raise TouchpointUnknown(path)
        point = _point(public_key)
        PublicKey(point)
        expires_at = now + LIFETIME
        while True:
            code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_CHARACTERS))
            try:
                async with self._database() as db, acknowledged(db):
                    await store_pairing(
                        db,
                        municipality=self._catalogue.municipality(municipality).code,
                        code=code,
                        touchpoint=touchpoint.number,
                        public_key=point,
                        kiosk=kiosk,
                        expires_at=expires_at,
                    )
            except asyncpg.UniqueViolationError:
                continue  # one in 78 thousand million
            return code, expires_at

    async def state(
        self, public_key: str, code: str, signature: str, *, now: datetime
    ) -> PairingState:
        """Whether the code was enrolled.

        Raises `KeyUnreadable`, `SignatureRefused` when whoever asks does not hold the key, or
        `WriterUnavailable`.
        """
        point = _point(public_key)
        if not PublicKey(point).signed(f"pairing/{code}".encode(), signature):
            raise SignatureRefused
        async with self._database() as db, acknowledged(db) as wait_for_replicas:
            kiosk = await find_kiosk_by_key(db, self._codes, point)
            if kiosk is not None:
                await wait_for_replicas()
            expires_at = await pairing_expiry(db, self._codes, code, point)
        if kiosk is not None and kiosk.revoked_on is not None:
            return PairingState(state="revoked")
        if kiosk is not None:
            # After its first sync it has the counter from the reply. Only a copy of its profile
            # would ask here again, and must not get it.
            counter = kiosk.counter if kiosk.last_seen is None else None
            return PairingState(state="enrolled", kiosk=kiosk.id, counter=counter)
        if expires_at is not None and now < expires_at:
            return PairingState(state="waiting")
        security.happened(SecurityEvent.PAIRING_CODE_EXPIRED)
        return PairingState(state="expired")


def _point(public_key: str) -> bytes:
    point = from_base64url(public_key)
    if point is None:
        raise KeyUnreadable("not base64url")
    return point
