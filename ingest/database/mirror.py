"""Copy what the files say into the database, as its owner, so that answers can refer to it."""

from datetime import date, timedelta

import asyncpg

from ingest.database.known_files import contradictions, known_files
from ingest.database.mirrored import (
    core_rows,
    department_rows,
    improvement_rows,
    item_rows,
    municipality_rows,
    norm_rows,
    opening_hours_rows,
    questionnaire_rows,
    target_rows,
    touchpoint_rows,
    wijk_rows,
)
from ingest.database.mirrored_themes import mirror_themes
from ingest.database.reading import make_reading
from ingest.database.turns import alone
from ingest.files.findings import FilesRejected
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.touchpoints import CHANNEL_NAMES, Touchpoint
from ingest.tokens.response_tokens import longest_lifetime


async def mirror_files(owner: asyncpg.Connection, catalogue: Catalogue, today: date) -> None:
    """Update the mirror in one transaction, and then the views and tables that readers reach.

    Raises `FilesRejected` when a touchpoint vanished, or when its number or a municipality's code
    went to another one: links that were sent carry the number, so a touchpoint is retired, never
    removed. Waits while another session does the same, and raises `MigrationLocked` in the end.
    """
    async with alone(owner) as turn:
        await turn.in_transaction(lambda: _mirror(owner, catalogue, today))
        await make_reading(owner, catalogue, turn)


async def _mirror(owner: asyncpg.Connection, catalogue: Catalogue, today: date) -> None:
    findings = contradictions(await known_files(owner), catalogue)
    if findings:
        raise FilesRejected(findings)
    await owner.executemany(
        """/* mirror_municipality */
        insert into meetpunt.municipality (code, slug, name, region, fictional)
        values ($1, $2, $3, $4, $5)
        on conflict (code) do update
        set slug = excluded.slug, name = excluded.name, region = excluded.region,
            fictional = excluded.fictional
        """,
        municipality_rows(catalogue),
    )
    await _mirror_channels(owner)
    await _mirror_touchpoints(owner, catalogue, today)
    await _mirror_opening_hours(owner, catalogue)
    await _mirror_questionnaires(owner, catalogue)
    await _mirror_cores(owner, catalogue)
    await _mirror_versions(owner, catalogue, today)
    await _mirror_targets(owner, catalogue)
    await _mirror_norms(owner, catalogue)
    await _mirror_departments(owner, catalogue)
    await _mirror_improvements(owner, catalogue)
    await mirror_themes(owner, catalogue)


async def _mirror_channels(owner: asyncpg.Connection) -> None:
    """A channel that was removed keeps its row: old figures refer to it."""
    await owner.executemany(
        """/* mirror_channel */
        insert into lees.dim_kanaal (channel, name, position)
        values ($1, $2, $3)
        on conflict (channel) do update set name = excluded.name, position = excluded.position
        """,
        [
            (channel, name, position)
            for position, (channel, name) in enumerate(CHANNEL_NAMES.items(), start=1)
        ],
    )


async def _mirror_touchpoints(owner: asyncpg.Connection, catalogue: Catalogue, today: date) -> None:
    await owner.executemany(
        """/* mirror_touchpoint */
        insert into meetpunt.touchpoint
            (municipality, number, slug, channel, location, product, retired, name, batch)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (municipality, number) do update
        set slug = excluded.slug, channel = excluded.channel, location = excluded.location,
            product = excluded.product, retired = excluded.retired, name = excluded.name,
            batch = excluded.batch,
            ten_until = case when excluded.batch < least(touchpoint.batch, 10) then $10
                else touchpoint.ten_until end
        """,
        [
            (*row, _ten_until(touchpoint, today))
            for row, touchpoint in zip(
                touchpoint_rows(catalogue), catalogue.touchpoints.values(), strict=True
            )
        ],
    )


def _ten_until(touchpoint: Touchpoint, today: date) -> date:
    """The last day on which a response may come in from a page that promised batches of ten.

    Links that were sent before the batch became smaller stay valid for their lifetime. A day is
    added because a token is taken some minutes longer than it says. Kiosks and services that still
    have the old files have the same time to follow.
    """
    return today + longest_lifetime([touchpoint.link_lifetime_days]) + timedelta(days=1)


async def _mirror_opening_hours(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    """Replace all opening hours by those of the files."""
    await owner.execute(
        """/* forget_opening_hours */
        delete from meetpunt.opening_hours where municipality = any ($1::text[])
        """,
        [municipality.code for municipality in catalogue.municipalities.values()],
    )
    await owner.executemany(
        """/* mirror_opening_hours */
        insert into meetpunt.opening_hours (municipality, touchpoint, weekday, opens, closes)
        values ($1, $2, $3, $4::text::time, $5::text::time)
        """,
        opening_hours_rows(catalogue),
    )


async def _mirror_questionnaires(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    await owner.executemany(
        """/* mirror_questionnaire */
        insert into meetpunt.questionnaire
            (municipality, structure, questionnaire, version, title)
        values ($1, $2, $3, $4, $5)
        on conflict (municipality, structure) do update set title = excluded.title
        """,
        questionnaire_rows(catalogue),
    )
    await owner.executemany(
        """/* mirror_item */
        insert into meetpunt.item
            (municipality, structure, item, position, kind, indicator, core, text)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (municipality, structure, item) do update set text = excluded.text
        """,
        item_rows(catalogue),
    )


async def _mirror_cores(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    await owner.executemany(
        """/* mirror_core */
        insert into meetpunt.core_item (structure, item, core)
        values ($1, $2, $3)
        on conflict (structure, item) do update set core = excluded.core
        """,
        core_rows(catalogue),
    )


async def _mirror_versions(owner: asyncpg.Connection, catalogue: Catalogue, today: date) -> None:
    await owner.executemany(
        """/* mirror_version */
        insert into meetpunt.touchpoint_version
            (municipality, touchpoint, questionnaire, version, since)
        values ($1, $2, $3, $4, $5)
        on conflict do nothing
        """,
        [
            (
                catalogue.municipalities[touchpoint.municipality].code,
                touchpoint.number,
                touchpoint.questionnaire,
                touchpoint.version,
                today,
            )
            for touchpoint in catalogue.touchpoints.values()
        ],
    )


async def _mirror_targets(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    """Replace all targets by those of the files: one that was given up leaves the reports."""
    await owner.execute(
        """/* forget_targets */
        delete from meetpunt.target where municipality = any ($1::text[])
        """,
        [municipality.code for municipality in catalogue.municipalities.values()],
    )
    await owner.executemany(
        """/* mirror_target */
        insert into meetpunt.target
            (municipality, channel, department, indicator, measure, kind, amount, base_year)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        target_rows(catalogue),
    )


async def _mirror_norms(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    """Replace all norms by those of the files."""
    await owner.execute(
        """/* forget_norms */
        delete from meetpunt.norm where municipality = any ($1::text[])
        """,
        [municipality.code for municipality in catalogue.municipalities.values()],
    )
    await owner.executemany(
        """/* mirror_norm */
        insert into meetpunt.norm (municipality, channel, measure, department, product, value)
        values ($1, $2, $3, $4, $5, $6)
        """,
        norm_rows(catalogue),
    )


async def _mirror_departments(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    """Replace all departments and wijken by those of the files."""
    codes = [municipality.code for municipality in catalogue.municipalities.values()]
    for table in ("department", "wijk"):
        await owner.execute(
            f"/* forget_{table} */ delete from meetpunt.{table}"  # noqa: S608  # our own names
            " where municipality = any ($1::text[])",
            codes,
        )
    await owner.executemany(
        """/* mirror_department */
        insert into meetpunt.department
            (municipality, slug, position, name, touchpoints, products)
        values ($1, $2, $3, $4, $5, $6)
        """,
        department_rows(catalogue),
    )
    await owner.executemany(
        """/* mirror_wijk */
        insert into meetpunt.wijk (municipality, code, name) values ($1, $2, $3)
        """,
        wijk_rows(catalogue),
    )


async def _mirror_improvements(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    """Replace all improvements by those of the files."""
    await owner.execute(
        """/* forget_improvements */
        delete from meetpunt.improvement where municipality = any ($1::text[])
        """,
        [municipality.code for municipality in catalogue.municipalities.values()],
    )
    await owner.executemany(
        """/* mirror_improvement */
        insert into meetpunt.improvement (municipality, position, day, department, channel, text)
        values ($1, $2, $3, $4, $5, $6)
        """,
        improvement_rows(catalogue),
    )
