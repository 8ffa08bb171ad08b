"""Municipalities of one region compare: on a channel they ask the same core, or one like it.

Compared are what decides an answer and the Dutch wording; a translation may be corrected alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from ingest.files.findings import Finding
from ingest.municipalities.municipality import MunicipalityFile
from ingest.municipalities.touchpoints import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire

Asked = tuple[MunicipalityFile, Touchpoint]
Version = tuple[str, int]


def check_region(
    files: Sequence[MunicipalityFile], questionnaires: Mapping[tuple[str, int], Questionnaire]
) -> Iterator[Finding]:
    """Every pair of questionnaires that one channel of the region asks and that do not compare.

    `files` are the municipalities of one region. A finding names both of their files and both
    questionnaires. Retired touchpoints take no part: nobody is asked there any more.
    """
    for channel, touchpoints in _asked_by_channel(files, questionnaires).items():
        for (version, first), (other_version, second) in combinations(touchpoints.items(), 2):
            if not comparable(questionnaires[version], questionnaires[other_version]):
                yield _finding(channel, first, second)


def comparable(one: Questionnaire, other: Questionnaire) -> bool:
    """Whether answers to both may stand in one figure: the same core, or declared by either."""
    return (
        _core(one) == _core(other)
        or f"{one.code}/{one.version}" in other.comparable_with
        or f"{other.code}/{other.version}" in one.comparable_with
    )


def comparable_cores(questionnaires: Mapping[Version, Questionnaire]) -> dict[Version, str]:
    """Per version the first one ("balie/1") of those with which it may stand in one figure.

    All of them compare with each other, not only in a row: a version that compares with the second
    alone begins anew. The oldest choose first, so a new version changes nothing of what there was.
    """
    groups: list[list[Version]] = []
    for key in sorted(questionnaires):
        fits = (
            group
            for group in groups
            if all(comparable(questionnaires[key], questionnaires[member]) for member in group)
        )
        group = next(fits, None)
        if group is None:
            groups.append([key])
        else:
            group.append(key)
    return {key: f"{group[0][0]}/{group[0][1]}" for group in groups for key in group}


def _asked_by_channel(
    files: Sequence[MunicipalityFile], questionnaires: Mapping[tuple[str, int], Questionnaire]
) -> dict[str, dict[tuple[str, int], Asked]]:
    """Per channel the questionnaires that are asked, each with the first touchpoint that does."""
    channels: dict[str, dict[tuple[str, int], Asked]] = {}
    for file in files:
        for touchpoint in file.municipality.touchpoints:
            version = (touchpoint.questionnaire, touchpoint.version)
            if version in questionnaires and touchpoint.channel and not touchpoint.retired:
                channels.setdefault(touchpoint.channel, {}).setdefault(version, (file, touchpoint))
    return channels


def _core(questionnaire: Questionnaire) -> list[tuple[object, ...]]:
    return [
        (
            item.code,
            item.kind,
            item.indicator,
            item.required,
            item.not_applicable,
            item.ask_if,
            item.codes,
            [(where, text.get("nl")) for where, text in item.texts()],
        )
        for item in questionnaire.items
        if item.core
    ]


def _finding(channel: str, first: Asked, second: Asked) -> Finding:
    first_file, first_asking = first
    second_file, second_asking = second
    place = first_file.file.place("touchpoints", first_asking.slug, "version")
    return second_file.file.finding(
        ("touchpoints", second_asking.slug, "version"),
        f"region {second_file.municipality.region} does not compare on channel {channel}: "
        f"{second_asking.slug} asks {second_asking.questionnaire}/v{second_asking.version}.toml, "
        f"while {first_asking.path} ({place}) asks "
        f"{first_asking.questionnaire}/v{first_asking.version}.toml; ask the same version, or "
        f"declare in the first: comparable_with = "
        f'["{first_asking.questionnaire}/{first_asking.version}"]',
    )
