"""The statements that store what residents send, and find it again: one function each."""

import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg
import msgspec


class KnownResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to tell a retry from another response under the same id."""

    content_code: bytes
    complete: bool


class NewResponse(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One response as it is stored, with the permission that it spends.

    The fields are those of the type meetpunt.submitted, in its order. After them, `told` is what a
    reporter told their report, and `signal` says why somebody is told of it at once, as in the
    demo, or "". Exactly one of `invitation` (digest of an invitation's id)
    and `token_id` (id of a token that nobody was sent) is given. `mode` is how it was asked:
    `kiosk`, `link`, `qr`, `widget`, or `bericht` for who was invited. `answers` is a JSON object,
    {item: a number, a code or an array of codes}; `texts` is a JSON array of objects {item, text,
    masked, themes, theme_version}.
    """

    municipality: str
    id: UUID
    touchpoint: int
    questionnaire: str
    version: int
    structure: str
    language: str
    day: date
    hour: int | None
    mode: str
    complete: bool
    suspect: str
    is_test: bool
    dimensions: str
    content_code: bytes
    answers: str
    texts: str
    invitation: bytes | None
    token_id: bytes | None
    token_expires_on: date | None
    told: str = ""
    signal: str = ""
    at_once: bool = False


async def store_responses(
    db: asyncpg.Connection, responses: Sequence[NewResponse]
) -> dict[tuple[str, UUID], KnownResponse | None]:
    """Spend each permission and store each response, or neither.

    Returns those not stored, by municipality and id: as what the response is known, or None when
    its permission was spent. What is known is forgotten after some weeks.
    One statement, so one round trip and one commit for any number of responses. No id and no
    permission may occur twice in one call. Raises `asyncpg.UniqueViolationError` when another
    process stored the same id meanwhile: nothing was written then, and the same call again finds it
    known. Rows go in by their random id, so that their place in the table does not tell which of
    one call came first; which call did it does tell, to whoever may read the table.
    """
    submitted = [msgspec.structs.astuple(response)[:-3] for response in responses]
    told = _told(responses)
    noticed = [(each.id, each.signal, each.at_once) for each in responses if each.signal]
    if noticed:
        rows = await db.fetch(_STORE_AND_SIGNAL, submitted, told, *zip(*noticed, strict=True))
    else:
        rows = await db.fetch(_STORE, submitted, told)
    return {
        (row["municipality"], row["id"]): KnownResponse(
            content_code=row["content_code"], complete=row["complete"]
        )
        if row["known"]
        else None
        for row in rows
    }


_STORE = """/* store_responses */
        with submitted as materialized (
            select * from unnest($1::meetpunt.submitted[])
        ),
        known as materialized (
            select receipt.municipality, receipt.id, receipt.content_code, receipt.complete
            from submitted
            -- Each week costs every response a look; a spent permission is looked up in all.
            cross join meetpunt.weeks_of_receipts(2) as looked (week)
            join meetpunt.receipt
                on receipt.municipality = submitted.municipality and receipt.week = looked.week
                and receipt.id = submitted.id
        ),
        fresh as materialized (
            select submitted.*
            from submitted
            where not exists (
                select from known
                where known.municipality = submitted.municipality and known.id = submitted.id
            )
        ),
        spent_invitation as (
            delete from meetpunt.invitation
            where municipality = any (array(select municipality from submitted))
                and digest = any (array(select invitation from fresh where invitation is not null))
            returning municipality, digest, dimensions, month
        ),
        spent_open as (
            insert into meetpunt.spent_token (municipality, id, expires_on)
            select municipality, token_id, token_expires_on
            from fresh
            where token_id is not null
            order by municipality, token_id
            on conflict do nothing
            returning municipality, id
        ),
        permitted as materialized (
            select fresh.*, spent_invitation.dimensions as invited, month as invited_in
            from fresh
            left join spent_invitation
                on spent_invitation.municipality = fresh.municipality
                and spent_invitation.digest = fresh.invitation
            left join spent_open
                on spent_open.municipality = fresh.municipality
                and spent_open.id = fresh.token_id
            where spent_invitation.digest is not null or spent_open.id is not null
        ),
        stored as (
            insert into meetpunt.response (
                municipality, day, id, touchpoint, questionnaire, version, structure, language,
                hour, mode, complete, suspect, is_test, dimensions, answers
            )
            select
                municipality, day, id, touchpoint, questionnaire, version, structure, language,
                hour, mode, complete, string_to_array(suspect, ','), is_test,
                coalesce(invited, dimensions), answers
            from permitted
            order by municipality, id
            returning municipality, id
        ),
        receipts as (
            insert into meetpunt.receipt (municipality, week, id, content_code, complete)
            select municipality, week, id, content_code, complete
            from permitted cross join meetpunt.weeks_to_receive() as week
            order by municipality, week, id
        ),
        stored_texts as (
            insert into meetpunt.free_text
                (municipality, day, response_id, item, text, masked, themes, theme_version)
            select permitted.municipality, permitted.day, permitted.id, t.*
            from permitted
            cross join lateral meetpunt.texts_in(permitted.texts) as t
            order by permitted.municipality, permitted.id
        ),
        to_publish as (
            insert into meetpunt.unpublished (municipality, day, response_id, sent_by_us, told)
            select municipality, day, id, invited_in is not null,
                coalesce($2::jsonb ->> (municipality || id), '')
            from permitted where not is_test
            order by municipality, id
        ),
        -- Of links that we sent: a row of its own for each call, so that nobody waits to count.
        answered as (
            insert into meetpunt.answered_tally (municipality, month, touchpoint, product, n)
            select municipality, invited_in, touchpoint, coalesce(invited->>'product', ''), count(*)
            from permitted where invited_in is not null and suspect = '' and not is_test
            group by 1, 2, 3, 4
        )
        --! signalled
        select submitted.municipality, submitted.id, known.id is not null as known,
            known.content_code, known.complete
        from submitted
        left join known
            on known.municipality = submitted.municipality and known.id = submitted.id
        left join stored
            on stored.municipality = submitted.municipality and stored.id = submitted.id
        where stored.id is null
        """

# Only where there is a signal: a batch without one costs nothing more. Nearly all are made by who
# publishes.
_SIGNALLED = """,
        signalled as (
            insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)
            select permitted.municipality, permitted.touchpoint, noticed.reason, half.day,
                half.half, half.shown_from
            from unnest($3::uuid[], $4::text[], $5::boolean[]) as noticed (id, reason, at_once)
            join permitted on permitted.id = noticed.id
            cross join meetpunt.half_day_now(noticed.at_once) as half
            order by gen_random_uuid()
        )
"""

_STORE, _STORE_AND_SIGNAL = (
    _STORE.replace("        --! signalled\n", signalled) for signalled in ("", _SIGNALLED)
)


def _told(responses: Sequence[NewResponse]) -> str | None:
    """What was told of which, as JSON; None where nothing was, as nearly always."""
    told = {f"{each.municipality}{each.id}": each.told for each in responses if each.told}
    return json.dumps(told) if told else None


async def find_response(
    db: asyncpg.Connection, municipality: str, response_id: UUID
) -> KnownResponse | None:
    """The response under this id, if it came in over the last weeks."""
    row = await db.fetchrow(
        """/* find_response */
        select content_code, complete
        from meetpunt.receipt
        where municipality = $1 and week = any (array(select meetpunt.weeks_of_receipts()))
            and id = $2
        limit 1
        """,
        municipality,
        response_id,
    )
    if row is None:
        return None
    return KnownResponse(content_code=row["content_code"], complete=row["complete"])


async def find_responses(
    db: asyncpg.Connection, keys: Sequence[tuple[str, UUID]]
) -> dict[tuple[str, UUID], KnownResponse]:
    """Those of these responses that came in over the last weeks."""
    rows = await db.fetch(
        """/* find_responses */
        select receipt.municipality, receipt.id, receipt.content_code, receipt.complete
        from unnest($1::text[], $2::uuid[]) as asked (municipality, id)
        cross join meetpunt.weeks_of_receipts() as looked (week)
        join meetpunt.receipt
            on receipt.municipality = asked.municipality and receipt.week = looked.week
            and receipt.id = asked.id
        """,
        [municipality for municipality, _ in keys],
        [response_id for _, response_id in keys],
    )
    return {
        (row["municipality"], row["id"]): KnownResponse(
            content_code=row["content_code"], complete=row["complete"]
        )
        for row in rows
    }
