"""Every statement of the service about kiosks: one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec


class StoredKiosk(msgspec.Struct, frozen=True, kw_only=True):
    """A kiosk as the database knows it. `touchpoint` is a number, `public_key` a point."""

    municipality: str
    id: UUID
    touchpoint: int
    public_key: bytes
    is_test: bool
    enrolled_at: datetime
    revoked_on: date | None
    counter: int
    last_seen: datetime | None
    emptied_at: datetime | None
    queue: int | None
    version: str | None
    clock_offset_seconds: int | None
    last_boot: str | None
    last_monotonic: float | None


class NewKioskItem(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One response from a kiosk as it is stored. The order of the fields is that of the columns.

    `suspect` is joined by commas; `answers` is a JSON object, `texts` a JSON array of objects
    {item, text, masked}, as in `ingest.store.NewResponse`.
    """

    municipality: str
    kiosk: UUID
    id: UUID
    touchpoint: int
    questionnaire: str
    version: int
    structure: str
    language: str
    day: date
    hour: int | None
    day_uncertain: bool
    complete: bool
    suspect: str
    is_test: bool
    content_code: bytes
    answers: str
    texts: str


class KeptItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an item that is not stored as a response. `digest` tells it from others."""

    digest: bytes
    reason: str
    payload: str


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a sync leaves behind about its kiosk; clocks in milliseconds, the offset in seconds."""

    counter: int
    last_seen: datetime | None
    emptied_at: datetime | None
    queue: int | None
    version: str | None
    clock_offset_seconds: int | None
    last_boot: str | None
    last_monotonic: float | None
    set_aside: int
    quarantined: int


_COLUMNS = ", ".join(StoredKiosk.__struct_fields__)


async def find_kiosk(
    db: asyncpg.Connection, municipalities: Sequence[str], kiosk: UUID
) -> StoredKiosk | None:
    """The kiosk with this id, revoked ones too."""
    row = await db.fetchrow(
        f"""/* find_kiosk */
        select {_COLUMNS} from meetpunt.kiosk where municipality = any ($1::text[]) and id = $2
        """,  # noqa: S608 (our own names)
        municipalities,
        kiosk,
    )
    return None if row is None else StoredKiosk(**row)


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


async def take_turn(db: asyncpg.Connection, municipality: str, kiosk: UUID) -> StoredKiosk | None:
    """The kiosk as it is now, held until the end of the transaction: syncs of one take turns."""
    row = await db.fetchrow(
        f"""/* take_turn */
        select {_COLUMNS} from meetpunt.kiosk where municipality = $1 and id = $2 for update
        """,  # noqa: S608 (our own names)
        municipality,
        kiosk,
    )
    return None if row is None else StoredKiosk(**row)


async def store_pairing(
    db: asyncpg.Connection,
    *,
    municipality: str,
    code: str,
    touchpoint: int,
    public_key: bytes,
    is_test: bool,
    expires_at: datetime,
) -> None:
    """Remember a code that a tablet shows. Raises `asyncpg.UniqueViolationError` when taken."""
    await db.execute(
        """/* store_pairing */
        insert into meetpunt.kiosk_pairing
            (municipality, code, touchpoint, public_key, is_test, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        municipality,
        code,
        touchpoint,
        public_key,
        is_test,
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


async def known_items(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, ids: Sequence[UUID]
) -> dict[UUID, bytes | None]:
    """Those of these items that are stored, with the code of their content while it is kept.

    Also those that came by another way over the last weeks, under the same id.
    """
    rows = await db.fetch(
        """/* known_items */
        select id, content_code from meetpunt.receipt
        where municipality = $1 and week = any (array(select meetpunt.weeks_of_receipts()))
            and id = any ($3::uuid[])
        union all
        select id, content_code from meetpunt.kiosk_item
        where municipality = $1 and kiosk = $2 and id = any ($3::uuid[])
        """,
        municipality,
        kiosk,
        ids,
    )
    return {row["id"]: row["content_code"] for row in rows}


async def store_kiosk_items(db: asyncpg.Connection, items: Sequence[NewKioskItem]) -> None:
    """Store responses from one kiosk in one statement; all or none.

    A kiosk's response spends no token: its place in the ledger is what can be taken once. Raises
    `asyncpg.UniqueViolationError` when one of the ids is stored already.
    """
    await db.execute(
        """/* store_kiosk_items */
        with submitted as materialized (
            select *
            from unnest(
                $1::text[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::smallint[],
                $7::text[], $8::text[], $9::date[], $10::smallint[], $11::boolean[], $12::boolean[],
                $13::text[], $14::boolean[], $15::bytea[], $16::text[], $17::text[]
            ) as s (
                municipality, kiosk, id, touchpoint, questionnaire, version,
                structure, language, day, hour, day_uncertain, complete,
                suspect, is_test, content_code, answers, texts
            )
        ),
        taken as (
            insert into meetpunt.kiosk_item (municipality, kiosk, id, content_code, received_on)
            select municipality, kiosk, id, content_code, current_date
            from submitted
            order by municipality, id
        ),
        receipts as (
            insert into meetpunt.receipt (municipality, week, id, content_code, complete)
            select municipality, week, id, content_code, complete
            from submitted
            cross join meetpunt.weeks_to_receive() as week
            order by municipality, week, id
        ),
        stored as (
            insert into meetpunt.response (
                municipality, day, id, touchpoint, questionnaire, version, structure, language,
                hour, complete, suspect, is_test, dimensions, answers, day_uncertain
            )
            select
                municipality, day, id, touchpoint, questionnaire, version, structure, language,
                hour, complete, string_to_array(suspect, ','), is_test, '{}', answers::jsonb,
                day_uncertain
            from submitted
            order by municipality, id
        ),
        stored_texts as (
            insert into meetpunt.free_text (municipality, day, response_id, item, text, masked)
            select submitted.municipality, submitted.day, submitted.id, t.item, t.text, t.masked
            from submitted
            cross join lateral json_to_recordset(submitted.texts::json)
                as t (item text, text text, masked text[])
            order by submitted.municipality, submitted.id
        )
        insert into meetpunt.unfolded (municipality, day, response_id)
        select municipality, day, id
        from submitted
        order by municipality, id
        """,
        *zip(*(msgspec.structs.astuple(item) for item in items), strict=True),
    )


async def keep_set_aside(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, kept: Sequence[KeptItem]
) -> int:
    """Keep what can never be stored; how many of them were new."""
    return await _keep(db, "kiosk_set_aside", municipality, kiosk, kept)


async def keep_quarantined(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, kept: Sequence[KeptItem]
) -> int:
    """Keep what may be stored once somebody looked; how many of them were new."""
    return await _keep(db, "kiosk_quarantine", municipality, kiosk, kept)


async def _keep(
    db: asyncpg.Connection, table: str, municipality: str, kiosk: UUID, kept: Sequence[KeptItem]
) -> int:
    done: str = await db.execute(
        f"""/* keep_{table} */
        insert into meetpunt.{table} (municipality, kiosk, digest, reason, payload, received_on)
        select $1, $2, item.digest, item.reason, item.payload, current_date
        from unnest($3::bytea[], $4::text[], $5::text[]) as item (digest, reason, payload)
        on conflict do nothing
        """,  # noqa: S608 (our own names)
        municipality,
        kiosk,
        [one.digest for one in kept],
        [one.reason for one in kept],
        [one.payload for one in kept],
    )
    return int(done.rpartition(" ")[2])


async def note_seen(db: asyncpg.Connection, municipality: str, kiosk: UUID, seen: Seen) -> None:
    """Write down how the kiosk is."""
    await db.execute(
        """/* note_seen */
        update meetpunt.kiosk
        set counter = $3, last_seen = date_trunc('minute', $4::timestamptz), emptied_at = $5,
            queue = $6, version = $7, clock_offset_seconds = $8, last_boot = $9,
            last_monotonic = $10, set_aside = set_aside + $11, quarantined = quarantined + $12
        where municipality = $1 and id = $2
        """,
        municipality,
        kiosk,
        *msgspec.structs.astuple(seen),
    )
