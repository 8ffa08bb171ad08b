"""Check that the municipalities of a region can be compared: per channel, they ask the same core.

Two cores are the same when their Dutch texts, and everything that decides an answer, are equal.
Translations may differ, so that one can be corrected. What is asked on kiosks alone (`balie-kiosk`)
has figures of its own, so it is compared with its own kind only.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from ingest.files.findings import Finding
from ingest.municipalities.municipality import MunicipalityFile
from ingest.municipalities.touchpoints import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire, family_of

Asked = tuple[MunicipalityFile, Touchpoint]
Version = tuple[str, int]


def check_region(
    files: Sequence[MunicipalityFile], questionnaires: Mapping[tuple[str, int], Questionnaire]
) -> Iterator[Finding]:
    """A finding for each two questionnaires of one family on one channel that cannot be compared.

    `files` are the municipalities of one region. A finding names both files and both
    questionnaires. Retired touchpoints are left out: nobody is asked there any more.
    """
    for (channel, _), touchpoints in _asked_together(files, questionnaires).items():
        for (version, first), (other_version, second) in combinations(touchpoints.items(), 2):
            if not comparable(questionnaires[version], questionnaires[other_version]):
                yield _finding(channel, first, second)


def comparable(one: Questionnaire, other: Questionnaire) -> bool:
    """Whether answers to both may be counted together: the same core, or declared so by one."""
    return (
        _core(one) == _core(other)
        or f"{one.code}/{one.version}" in other.comparable_with
        or f"{other.code}/{other.version}" in one.comparable_with
    )


def comparable_cores(questionnaires: Mapping[Version, Questionnaire]) -> dict[Version, str]:
    """For each version, the first version ("balie/1") of the group that is counted together.

    In a group each version compares with every other one. A version that compares with only some of
    a group begins a new group. The oldest versions are placed first, so that a new version does not
    change the groups of older ones.
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


def _asked_together(
    files: Sequence[MunicipalityFile], questionnaires: Mapping[tuple[str, int], Questionnaire]
) -> dict[tuple[str, str], dict[tuple[str, int], Asked]]:
    """Per channel and family, what is asked, each with the first touchpoint that asks it."""
    asked: dict[tuple[str, str], dict[tuple[str, int], Asked]] = {}
    for file in files:
        for touchpoint in file.municipality.touchpoints:
            version = (touchpoint.questionnaire, touchpoint.version)
            if version in questionnaires and touchpoint.channel and not touchpoint.retired:
                family = touchpoint.channel, family_of(touchpoint.questionnaire)
                asked.setdefault(family, {}).setdefault(version, (file, touchpoint))
    return asked


def _core(questionnaire: Questionnaire) -> list[tuple[object, ...]]:
    return [
        (
            item.code,
            item.kind,
            item.indicator,
            item.required,
            item.not_applicable,
            item.ask_if,
            item.asked_of,
            item.instead_of,
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
