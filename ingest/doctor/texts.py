"""Texts: whether each has themes, by the files that there are now."""

from ingest.doctor.findings import Finding, counted, look, ok, unseen
from ingest.doctor.sight import FOLDER, Sight, needs


async def examine(sight: Sight) -> list[Finding]:
    """As the role that publishes; nothing where no file of themes was published."""
    if sight.folder is None:
        return needs(FOLDER)
    if sight.catalogue is None:
        return [unseen("Whether every text has its themes, as the files hold errors.")]
    if not sight.catalogue.themes.shared:
        return [ok("There are no themes to look for.")]
    municipalities = sight.catalogue.municipalities.values()
    behind = await sight.folder.fetch(
        _BEHIND,
        [each.code for each in municipalities],
        [sight.catalogue.themes.finder(each.slug).version for each in municipalities],
    )
    if not behind:
        return [ok("Every text has its themes by the files of now.")]
    slugs = {each.code: each.slug for each in municipalities}
    return [
        look(
            f"{counted(row['texts'], 'text')} of {slugs[row['municipality']]} came in before the "
            f"themes of now: 'meetpunt themes retag {slugs[row['municipality']]}' finds them. "
            "Figures that were told stay as they are."
        )
        for row in behind
    ]


# One that waits for others of its group is found anew with all of them, when they appear.
_BEHIND = """/* texts_behind */
    select municipality, count(*) as texts
    from (
        select municipality, theme_version from meetpunt.free_text
        union all
        select municipality, theme_version from lees.tekst
    ) as texts
    join unnest($1::text[], $2::text[]) as files (code, version) on code = municipality
    where theme_version <> version
    group by 1
    order by 1
"""
