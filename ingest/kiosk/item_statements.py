"""Every statement about items of kiosks: store, keep apart, release. One function each."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg
import msgspec


class NewKioskItem(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One response from a kiosk as it is stored. The order of the fields is that of the columns.

    `suspect` is joined by commas; `answers` is a JSON object, `texts` a JSON array of objects
    {item, text, masked, themes, theme_version}, as in `ingest.responses.statements.NewResponse`,
    whose `signal` and `at_once` these are as well: they are no columns.
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
    content_code: bytes
    answers: str
    texts: str
    signal: str = ""
    at_once: bool = False


class KeptItem(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an item that is not stored as a response; `digest` identifies it.

    `response` is the row to store when an item in quarantine is released.
    """

    digest: bytes
    reason: str
    payload: str
    response: NewKioskItem | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(NewKioskItem).decode


async def known_items(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, ids: Sequence[UUID]
) -> dict[UUID, bytes | None]:
    """Those of `ids` that are stored, with the code of their content while that is kept.

    Also responses under the same id that came in the last weeks in another way than by a kiosk.
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

    A kiosk's response spends no token: its row in `kiosk_item` makes sure it is stored once. Raises
    `asyncpg.UniqueViolationError` when one of the ids is stored already.
    """
    rows = [msgspec.structs.astuple(item)[:-2] for item in items]
    noticed = [(item.id, item.signal, item.at_once) for item in items if item.signal]
    if noticed:
        columns = (*zip(*rows, strict=True), *zip(*noticed, strict=True))
        await db.execute(_STORE_AND_SIGNAL, *columns)
    else:
        await db.execute(_STORE, *zip(*rows, strict=True))


_STORE = """/* store_kiosk_items */
        with submitted as materialized (
            select *
            from unnest(
                $1::text[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::smallint[],
                $7::text[], $8::text[], $9::date[], $10::smallint[], $11::boolean[], $12::boolean[],
                $13::text[], $14::bytea[], $15::text[], $16::text[]
            ) as s (
                municipality, kiosk, id, touchpoint, questionnaire, version,
                structure, language, day, hour, day_uncertain, complete,
                suspect, content_code, answers, texts
            )
        ),
        taken as (
            insert into meetpunt.kiosk_item (municipality, kiosk, id, content_code, received_on)
            select municipality, kiosk, id, content_code,
                (now() at time zone 'Europe/Amsterdam')::date
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
                hour, mode, complete, suspect, is_test, dimensions, answers, day_uncertain
            )
            select
                municipality, day, id, touchpoint, questionnaire, version, structure, language,
                hour, 'kiosk', complete, string_to_array(suspect, ','), false, '{}',
                answers::jsonb, day_uncertain
            from submitted
            order by municipality, id
        ),
        stored_texts as (
            insert into meetpunt.free_text
                (municipality, day, response_id, item, text, masked, themes, theme_version)
            select submitted.municipality, submitted.day, submitted.id, t.*
            from submitted
            cross join lateral meetpunt.texts_in(submitted.texts::json) as t
            order by submitted.municipality, submitted.id
        )
        --! signalled
        insert into meetpunt.unpublished (municipality, day, response_id)
        select municipality, day, id
        from submitted
        order by municipality, id
        """

# As in `ingest.responses.statements`: only where there is a signal.
_SIGNALLED = """,
        signalled as (
            insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)
            select submitted.municipality, submitted.touchpoint, noticed.reason, half.day,
                half.half, half.shown_from
            from unnest($17::uuid[], $18::text[], $19::boolean[]) as noticed (id, reason, at_once)
            join submitted on submitted.id = noticed.id
            cross join meetpunt.half_day_now(noticed.at_once) as half
            order by gen_random_uuid()
        )
"""

_STORE, _STORE_AND_SIGNAL = (
    _STORE.replace("        --! signalled\n", signalled) for signalled in ("", _SIGNALLED)
)


async def keep_set_aside(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, kept: Sequence[KeptItem]
) -> int:
    """Keep items that can never be stored; returns how many of them were new."""
    status: str = await db.execute(
        """/* keep_set_aside */
        insert into meetpunt.kiosk_set_aside
            (municipality, kiosk, digest, reason, payload, received_on)
        select $1, $2, item.digest, item.reason, item.payload,
            (now() at time zone 'Europe/Amsterdam')::date
        from unnest($3::bytea[], $4::text[], $5::text[]) as item (digest, reason, payload)
        on conflict do nothing
        """,
        municipality,
        kiosk,
        *_columns(kept),
    )
    return _rows(status)


async def keep_quarantined(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, kept: Sequence[KeptItem]
) -> int:
    """Keep items until an operator releases them; returns how many of them were new."""
    status: str = await db.execute(
        """/* keep_quarantined */
        insert into meetpunt.kiosk_quarantine
            (municipality, kiosk, digest, reason, payload, response, received_on)
        select $1, $2, item.digest, item.reason, item.payload, item.response,
            (now() at time zone 'Europe/Amsterdam')::date
        from unnest($3::bytea[], $4::text[], $5::text[], $6::text[])
            as item (digest, reason, payload, response)
        on conflict do nothing
        """,
        municipality,
        kiosk,
        *_columns(kept),
        [None if item.response is None else _encode(item.response).decode() for item in kept],
    )
    return _rows(status)


async def next_releasable(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, *, after: bytes, most: int
) -> dict[bytes, NewKioskItem]:
    """The next items of a kiosk in quarantine that can be stored, by digest."""
    rows = await db.fetch(
        """/* next_releasable */
        select digest, response from meetpunt.kiosk_quarantine
        where municipality = $1 and kiosk = $2 and response is not null and digest > $3
        order by digest
        limit $4
        """,
        municipality,
        kiosk,
        after,
        most,
    )
    return {row["digest"]: _decode(row["response"]) for row in rows}


async def take_out_of_quarantine(
    db: asyncpg.Connection, municipality: str, kiosk: UUID, digests: Sequence[bytes]
) -> None:
    """Remove items that are stored now, or were stored before."""
    await db.execute(
        """/* take_out_of_quarantine */
        with gone as (
            delete from meetpunt.kiosk_quarantine
            where municipality = $1 and kiosk = $2 and digest = any ($3::bytea[])
            returning digest
        )
        update meetpunt.kiosk set quarantined = quarantined - (select count(*) from gone)
        where municipality = $1 and id = $2
        """,
        municipality,
        kiosk,
        digests,
    )


def _columns(kept: Sequence[KeptItem]) -> tuple[list[bytes], list[str], list[str]]:
    """Digests, reasons and payloads."""
    return (
        [item.digest for item in kept],
        [item.reason for item in kept],
        [item.payload for item in kept],
    )


def _rows(status: str) -> int:
    """How many rows a statement wrote, from its status, such as "INSERT 0 3"."""
    return int(status.rpartition(" ")[2])
