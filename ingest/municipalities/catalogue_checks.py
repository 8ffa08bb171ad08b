"""Checks over all files together: names that are used twice, questionnaires that do not exist."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from ingest.files.findings import Finding
from ingest.files.near_misses import did_you_mean
from ingest.files.toml_files import TomlFile
from ingest.files.web_addresses import is_loopback
from ingest.municipalities.groups import GroupFile
from ingest.municipalities.municipality import MunicipalityFile
from ingest.municipalities.regions import check_region
from ingest.municipalities.schemas import lees_schema, names_of_world, region_schema
from ingest.municipalities.touchpoints import CHANNELS, Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire

Versions = Mapping[tuple[str, int], Questionnaire]
_Claim = tuple[Hashable, MunicipalityFile, tuple[str, ...]]


def check_together(
    files: Sequence[MunicipalityFile],
    groups: Sequence[GroupFile],
    questionnaires: Versions,
    written: Collection[tuple[str, int]],
    spoken: Collection[str],
) -> Iterator[Finding]:
    """Every finding that needs more than one file.

    `written` are the versions that have a file, also a faulty one: its faults have findings of
    their own. `spoken` are the languages in which pages have texts.
    """
    yield from _check_unique(files)
    yield from _check_names_in_the_database(files, groups)
    for file in files:
        for touchpoint in file.municipality.touchpoints:
            yield from _check_questionnaire(file, touchpoint, questionnaires, written)
            yield from _check_languages(file, touchpoint, questionnaires, spoken)
            yield from _check_low(file, touchpoint, questionnaires)
    by_region = sorted(files, key=lambda file: (file.municipality.region, file.file.path))
    for region, in_region in groupby(by_region, key=lambda file: file.municipality.region):
        if region:
            yield from check_region(list(in_region), questionnaires)


def _check_unique(files: Sequence[MunicipalityFile]) -> Iterator[Finding]:
    yield from _once("the code", ((file.municipality.code, file, ("code",)) for file in files))
    # Browsers separate storage and trust by host, so two municipalities may not share one.
    yield from _once(
        "the host",
        (
            (urlsplit(file.municipality.base_url).hostname or "", file, ("base_url",))
            for file in files
            if not is_loopback(file.municipality.base_url)
        ),
    )
    yield from _once(
        "the number",
        (
            (touchpoint.number, file, ("touchpoints", touchpoint.slug, "number"))
            for file in files
            for touchpoint in file.municipality.touchpoints
        ),
    )


def _once(name: str, claims: Iterable[_Claim]) -> Iterator[Finding]:
    """A finding for each claim of a value after the first; refused values (`""`, 0) are skipped."""
    first: dict[Hashable, tuple[MunicipalityFile, tuple[str, ...]]] = {}
    for value, file, where in claims:
        if value and value in first:
            first_file, place = first[value]
            message = f"{name} {value!r} is taken already: {first_file.file.place(*place)}"
            yield file.file.finding(where, message)
        elif value:
            first[value] = (file, where)


def _check_names_in_the_database(
    files: Sequence[MunicipalityFile], groups: Sequence[GroupFile]
) -> Iterator[Finding]:
    """A finding for each name that would share a schema or role, and so its rows, with another."""
    regions = {file.municipality.region: file.file for file in reversed(files)}
    taken = {region_schema(region): file.place("region") for region, file in regions.items()}
    for file in files:
        slug = file.municipality.slug
        names = (*names_of_world(slug), lees_schema(slug)) if slug else ()
        yield from _claim_names(taken, names, file.file, "slug")
    for group in groups:
        yield from _claim_names(taken, names_of_world(group.group.slug), group.file)


def _claim_names(
    taken: dict[str, str], names: Sequence[str], file: TomlFile, *where: str
) -> Iterator[Finding]:
    shared = next((name for name in names if name in taken), None)
    if shared:
        message = f"the name {shared!r} in the database is taken already: {taken[shared]}"
        yield file.finding(where, message)
    else:
        taken.update(dict.fromkeys(names, file.place(*where)))


def _check_questionnaire(
    file: MunicipalityFile,
    touchpoint: Touchpoint,
    questionnaires: Versions,
    written: Collection[tuple[str, int]],
) -> Iterator[Finding]:
    code, version = touchpoint.questionnaire, touchpoint.version
    if not code or not version:
        return
    codes = {written_code for written_code, _ in written}
    versions = sorted(number for written_code, number in written if written_code == code)
    questionnaire = questionnaires.get((code, version))
    if code not in codes:
        message = f"there is no questionnaire {code!r}{did_you_mean(code, codes)}"
        yield file.file.finding(("touchpoints", touchpoint.slug, "questionnaire"), message)
        return
    # The part before the hyphen is the channel: `balie-kiosk` may only be asked on `balie`.
    family = code.partition("-")[0]
    if touchpoint.channel and family in CHANNELS and family != touchpoint.channel:
        message = f"{code} asks about the channel {family}, and this is {touchpoint.channel}"
        yield file.file.finding(("touchpoints", touchpoint.slug, "questionnaire"), message)
    if version not in versions:
        message = f"{code} has no version {version}; there is {', '.join(map(str, versions))}"
    elif questionnaire and questionnaire.status == "draft":
        message = f"{code}/v{version}.toml is a draft; publish it before residents are asked"
    elif questionnaire and questionnaire.status == "retired" and not touchpoint.retired:
        message = f"{code}/v{version}.toml is retired; ask a later version"
    else:
        return
    yield file.file.finding(("touchpoints", touchpoint.slug, "version"), message)


def _check_low(
    file: MunicipalityFile, touchpoint: Touchpoint, questionnaires: Versions
) -> Iterator[Finding]:
    """A finding where every answer there would be a low one: of faces there are five."""
    signals = file.municipality.signals
    low = signals.touchpoints.get(touchpoint.slug) if signals else None
    questionnaire = questionnaires.get((touchpoint.questionnaire, touchpoint.version))
    if low is None or questionnaire is None:
        return
    for item in questionnaire.items:
        scale = item.declared.scale
        if item.indicator == "tevredenheid" and scale is not None and low >= scale[1]:
            message = f"answers there are {scale[0]} to {scale[1]}: up to {low} every one is low"
            yield file.file.finding(("signals", "touchpoints", touchpoint.slug), message)


def _check_languages(
    file: MunicipalityFile,
    touchpoint: Touchpoint,
    questionnaires: Versions,
    spoken: Collection[str],
) -> Iterator[Finding]:
    code, version = touchpoint.questionnaire, touchpoint.version
    questionnaire = questionnaires.get((code, version))
    table = file.file.data["touchpoints"][touchpoint.slug]
    place = ("touchpoints", touchpoint.slug) if "languages" in table else ()
    for index, language in enumerate(touchpoint.languages):
        where = (*place, "languages", index)
        if not language:
            continue
        if language not in spoken:
            yield file.file.finding(where, f"pages have no texts in {language!r}")
        elif questionnaire and language not in questionnaire.languages:
            yield file.file.finding(
                where,
                f"{touchpoint.slug} offers {language!r}, but {code}/v{version}.toml "
                f"has no {code}/v{version}.{language}.toml beside it",
            )
