"""The statement about which versions each touchpoint asks."""

from datetime import date

import asyncpg
import msgspec


class VersionAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Since when a touchpoint asks a version of a questionnaire."""

    touchpoint: int
    questionnaire: str
    version: int
    since: date


async def versions_asked(db: asyncpg.Connection) -> list[VersionAsked]:
    """Which versions each touchpoint asks or has asked, oldest first."""
    rows = await db.fetch(
        """/* versions_asked */
        select touchpoint, questionnaire, version, since
        from meetpunt.touchpoint_version
        order by touchpoint, since, version
        """
    )
    return [
        VersionAsked(
            touchpoint=row["touchpoint"],
            questionnaire=row["questionnaire"],
            version=row["version"],
            since=row["since"],
        )
        for row in rows
    ]
