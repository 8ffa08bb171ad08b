"""Every statement of the service about the kiosks themselves: one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec


class KioskUnknown(LookupError):
    """No kiosk has this id."""


class StoredKiosk(msgspec.Struct, frozen=True, kw_only=True):
    """A kiosk as the database knows it. `touchpoint` is a number, `public_key` a point.

    `emptied_offset_seconds` is how far its clock was ahead at `emptied_at`.
    """

    municipality: str
    id: UUID
    touchpoint: int
    public_key: bytes
    enrolled_at: datetime
    answers_since: datetime | None
    revoked_on: date | None
    counter: int
    last_seen: datetime | None
    emptied_at: datetime | None
    emptied_offset_seconds: int | None
    queue: int | None
    version: str | None
    clock_offset_seconds: int | None
    last_boot: str | None
    last_monotonic: float | None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a kiosk after a sync; clocks in milliseconds, the offset in seconds.

    Without `tile_mm` what it told before stays.
    """

    counter: int
    last_seen: datetime | None
    emptied_at: datetime | None
    emptied_offset_seconds: int | None
    queue: int | None
    version: str | None
    clock_offset_seconds: int | None
    last_boot: str | None
    last_monotonic: float | None
    set_aside: int
    quarantined: int
    tile_mm: int | None = None


_COLUMNS = ", ".join(StoredKiosk.__struct_fields__)


async def find_kiosk(
    db: asyncpg.Connection, municipalities: Sequence[str], kiosk: UUID
) -> StoredKiosk:
    """The kiosk with this id, revoked ones too. Raises `KioskUnknown`."""
    row = await db.fetchrow(
        f"""/* find_kiosk */
        select {_COLUMNS} from meetpunt.kiosk where municipality = any ($1::text[]) and id = $2
        """,  # noqa: S608 (our own names)
        municipalities,
        kiosk,
    )
    return _known(row, kiosk)


async def find_kiosk_by_key(
    db: asyncpg.Connection, municipalities: Sequence[str], public_key: bytes
) -> StoredKiosk | None:
    """The kiosk with this public key, revoked ones too."""
    row = await db.fetchrow(
        f"""/* find_kiosk_by_key */
        select {_COLUMNS} from meetpunt.kiosk
        where municipality = any ($1::text[]) and public_key = $2
        """,  # noqa: S608 (our own names)
        municipalities,
        public_key,
    )
    return None if row is None else StoredKiosk(**row)


async def take_turn(db: asyncpg.Connection, municipality: str, kiosk: UUID) -> StoredKiosk:
    """Lock the kiosk's row until the end of the transaction, so that its syncs take turns.

    Raises `KioskUnknown`.
    """
    row = await db.fetchrow(
        f"""/* take_turn */
        select {_COLUMNS} from meetpunt.kiosk where municipality = $1 and id = $2 for update
        """,  # noqa: S608 (our own names)
        municipality,
        kiosk,
    )
    return _known(row, kiosk)


async def store_pairing(
    db: asyncpg.Connection,
    *,
    municipality: str,
    code: str,
    touchpoint: int,
    public_key: bytes,
    kiosk: UUID | None,
    expires_at: datetime,
) -> None:
    """Remember a code that a tablet shows. Raises `asyncpg.UniqueViolationError` when taken."""
    await db.execute(
        """/* store_pairing */
        insert into meetpunt.kiosk_pairing
            (municipality, code, touchpoint, public_key, kiosk, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        municipality,
        code,
        touchpoint,
        public_key,
        kiosk,
        expires_at,
    )


async def pairing_expiry(
    db: asyncpg.Connection, municipalities: Sequence[str], code: str, public_key: bytes
) -> datetime | None:
    """Until when this code of this key can be enrolled; None where there is none."""
    expires_at: datetime | None = await db.fetchval(
        """/* pairing_expiry */
        select expires_at from meetpunt.kiosk_pairing
        where municipality = any ($1::text[]) and code = $2 and public_key = $3
        """,
        municipalities,
        code,
        public_key,
    )
    return expires_at


async def note_seen(db: asyncpg.Connection, municipality: str, kiosk: UUID, seen: Seen) -> None:
    """Store the state of a kiosk after a sync."""
    await db.execute(
        """/* note_seen */
        update meetpunt.kiosk
        set counter = $3, last_seen = date_trunc('minute', $4::timestamptz), emptied_at = $5,
            emptied_offset_seconds = $6, queue = $7, version = $8, clock_offset_seconds = $9,
            last_boot = $10,
            last_monotonic = $11, set_aside = set_aside + $12, quarantined = quarantined + $13,
            tile_mm = coalesce($14, tile_mm)
        where municipality = $1 and id = $2
        """,
        municipality,
        kiosk,
        *msgspec.structs.astuple(seen),
    )


def _known(row: asyncpg.Record | None, kiosk: UUID) -> StoredKiosk:
    if row is None:
        raise KioskUnknown(str(kiosk))
    return StoredKiosk(**row)
