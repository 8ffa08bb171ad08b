"""What the database knows of the files, and where the two contradict each other."""

import asyncpg
import msgspec

from ingest.database.mirrored_themes import theme_rows
from ingest.files.findings import Finding
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import names_of_world


class KnownTouchpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A touchpoint in the database; `municipality` is the slug."""

    number: int
    municipality: str
    slug: str
    fictional: bool
    batch: int

    @property
    def path(self) -> str:
        """`municipality/touchpoint`, as in links."""
        return f"{self.municipality}/{self.slug}"


class KnownFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What was mirrored: codes by slug, touchpoints, and which versions each touchpoint takes.

    `versions` are (touchpoint, questionnaire, version); `structures` are (municipality's code,
    checksum); `themes` are (municipality's code, theme, version).
    """

    codes: dict[str, str]
    touchpoints: tuple[KnownTouchpoint, ...]
    versions: frozenset[tuple[int, str, int]]
    structures: frozenset[tuple[str, str]]
    themes: frozenset[tuple[str, str, int]]


async def known_files(db: asyncpg.Connection) -> KnownFiles:
    """Read what was mirrored; `db` is a connection as the owner, the service or who publishes."""
    municipalities = await db.fetch(
        "/* known_municipalities */ select code, slug from meetpunt.municipality"
    )
    touchpoints = await db.fetch(
        """/* known_touchpoints */
        select touchpoint.number, municipality.slug as municipality, touchpoint.slug,
            municipality.fictional, touchpoint.batch
        from meetpunt.touchpoint
        join meetpunt.municipality on municipality.code = touchpoint.municipality
        order by touchpoint.number
        """
    )
    versions = await db.fetch(
        "/* known_versions */ select touchpoint, questionnaire, version"
        " from meetpunt.touchpoint_version"
    )
    structures = await db.fetch(
        "/* known_structures */ select municipality, structure from meetpunt.questionnaire"
    )
    themes = await db.fetch(
        "/* known_themes */ select municipality, theme, version from meetpunt.theme"
    )
    return KnownFiles(
        codes={row["slug"]: row["code"] for row in municipalities},
        touchpoints=tuple(KnownTouchpoint(**row) for row in touchpoints),
        versions=frozenset(tuple(row) for row in versions),
        structures=frozenset(tuple(row) for row in structures),
        themes=frozenset(tuple(row) for row in themes),
    )


def contradictions(known: KnownFiles, catalogue: Catalogue) -> list[Finding]:
    """Changes in the files that the mirror cannot follow: links and answers refer to the old."""
    return [
        *_codes_that_changed(known, catalogue),
        *_slugs_that_changed(known, catalogue),
        *_names_that_are_taken(known, catalogue),
        *_touchpoints_that_differ(known, catalogue),
    ]


def lacks(known: KnownFiles, catalogue: Catalogue) -> bool:
    """Whether the database lacks something that the files need.

    That is a version or a structure of a questionnaire, so that no answer to it could be stored,
    or the size of a batch that pages promise to residents.
    """
    versions = {(t.number, t.questionnaire, t.version) for t in catalogue.touchpoints.values()}
    structures = {
        (catalogue.municipalities[t.municipality].code, catalogue.questionnaire(t, v).structure)
        for t in catalogue.touchpoints.values()
        for code, v in catalogue.questionnaires
        if code == t.questionnaire
    }
    batches = {touchpoint.number: touchpoint.batch for touchpoint in known.touchpoints}
    return not (
        versions <= known.versions
        and structures <= known.structures
        and all(batches.get(t.number) == t.batch for t in catalogue.touchpoints.values())
    )


def lacks_themes(known: KnownFiles, catalogue: Catalogue) -> bool:
    """Whether a reader would see the code of a theme without its name.

    Answers are stored all the same.
    """
    return not {tuple(row[:3]) for row in theme_rows(catalogue)} <= known.themes


def _codes_that_changed(known: KnownFiles, catalogue: Catalogue) -> list[Finding]:
    return [
        Finding(
            path=f"{municipality.slug}.toml",
            message=f"the slug {municipality.slug} belongs to {known.codes[municipality.slug]} in "
            f"this database, not to {municipality.code}; a municipality's code cannot change once "
            "it has touchpoints",
        )
        for municipality in catalogue.municipalities.values()
        if known.codes.get(municipality.slug, municipality.code) != municipality.code
    ]


def _slugs_that_changed(known: KnownFiles, catalogue: Catalogue) -> list[Finding]:
    slugs = {code: slug for slug, code in known.codes.items()}
    return [
        Finding(
            path=f"{municipality.slug}.toml",
            message=f"{municipality.code} has the slug {slugs[municipality.code]} in this "
            f"database, not {municipality.slug}; its readers' schemas are named after it for ever",
        )
        for municipality in catalogue.municipalities.values()
        if slugs.get(municipality.code, municipality.slug) != municipality.slug
        and municipality.slug not in known.codes
    ]


def _names_that_are_taken(known: KnownFiles, catalogue: Catalogue) -> list[Finding]:
    """Names of municipalities that left the files stay taken, because their readers stay."""
    vanished = [slug for slug in known.codes if slug not in catalogue.municipalities]
    taken = {name: slug for slug in vanished for name in names_of_world(slug)}
    worlds = {slug: f"{slug}.toml" for slug in catalogue.municipalities}
    worlds |= {slug: f"groups/{slug}.toml" for slug in catalogue.groups}
    first_taken = {
        path: next((name for name in names_of_world(slug) if name in taken), None)
        for slug, path in worlds.items()
    }
    return [
        Finding(
            path=path,
            message=f"the name {name!r} belongs to {taken[name]}, a municipality that this "
            "database knows and the files do not; choose another one",
        )
        for path, name in first_taken.items()
        if name
    ]


def _touchpoints_that_differ(known: KnownFiles, catalogue: Catalogue) -> list[Finding]:
    findings = []
    for mirrored in known.touchpoints:
        touchpoint = catalogue.touchpoints.get(mirrored.number)
        path = f"{mirrored.municipality}.toml"
        if touchpoint is None and mirrored.fictional:
            message = (
                f"touchpoint {mirrored.path} of a fictional municipality is in this database, "
                "as the demo fills one; choose another database for municipalities of your own, "
                "or put the touchpoint back in your file with 'retired = true'"
            )
        elif touchpoint is None:
            message = (
                f"touchpoint {mirrored.path} (number {mirrored.number}) has vanished; "
                "put it back with 'retired = true', so that links that were sent keep working"
            )
        elif touchpoint.path != mirrored.path:
            path = f"{touchpoint.municipality}.toml"
            message = (
                f"number {mirrored.number} belongs to touchpoint {mirrored.path}; "
                f"give {touchpoint.path} a number that was never used"
            )
        else:
            continue
        findings.append(Finding(path=path, message=message))
    return findings
