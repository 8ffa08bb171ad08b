"""Copy the themes of the files into the database, with how well each is found."""

from typing import Any

import asyncpg

from ingest.municipalities.catalogue import Catalogue

Row = tuple[Any, ...]

MIRRORED_THEMES = """/* mirrored_themes */
    select municipality, theme, version, position, name, about, own, precise, recall, measured_on
    from meetpunt.theme where municipality = any ($1::text[])"""


def theme_rows(catalogue: Catalogue) -> list[Row]:
    """Municipality's code, theme, version, position from 1, name, what it is about, own, measured.

    Measured are precision, recall and on how many texts; null where nobody measured.
    """
    themes = catalogue.themes
    return [
        (
            *(municipality.code, theme.code, file.version, position, theme.name, theme.about, own),
            *(
                (theme.measured.precision, theme.measured.recall, theme.measured.texts)
                if theme.measured
                else (None, None, None)
            ),
        )
        for municipality in catalogue.municipalities.values()
        for own, files in ((False, themes.shared), (True, themes.own.get(municipality.slug, {})))
        for file in files.values()
        for position, theme in enumerate(file.themes, start=1)
    ]


async def mirror_themes(owner: asyncpg.Connection, catalogue: Catalogue) -> None:
    """One that is gone keeps its row: figures of before refer to it."""
    await owner.executemany(
        """/* mirror_theme */
        insert into meetpunt.theme (municipality, theme, version, position, name, about, own,
            precise, recall, measured_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (municipality, theme, version) do update
        set position = excluded.position, name = excluded.name, about = excluded.about,
            own = excluded.own, precise = excluded.precise, recall = excluded.recall,
            measured_on = excluded.measured_on
        """,
        theme_rows(catalogue),
    )
