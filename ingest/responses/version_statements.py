"""The statement about which versions each touchpoint asks."""

from datetime import date

import asyncpg
import msgspec


class VersionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Since when a touchpoint asks a version of a questionnaire.

    `structures` are the checksums of what its municipality ever had of that version: with items of
    its own, and without.
    """

    touchpoint: int
    questionnaire: str
    version: int
    since: date
    structures: frozenset[str] = frozenset()


async def versions_asked(db: asyncpg.Connection) -> list[VersionAsked]:
    """Which versions each touchpoint asks or has asked, oldest first."""
    rows = await db.fetch(
        """/* versions_asked */
        select touchpoint, questionnaire, version, since, array(
            select structure from meetpunt.questionnaire
            where (municipality, questionnaire, version)
                = (asked.municipality, asked.questionnaire, asked.version)
        ) as structures
        from meetpunt.touchpoint_version as asked
        order by touchpoint, since, version
        """
    )
    return [
        VersionAsked(
            touchpoint=row["touchpoint"],
            questionnaire=row["questionnaire"],
            version=row["version"],
            since=row["since"],
            structures=frozenset(row["structures"]),
        )
        for row in rows
    ]
