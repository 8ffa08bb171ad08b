"""All municipalities, touchpoints and questionnaires of an installation, loaded once and looked up.

Loading reports all faults in all files at once; a catalogue that was loaded needs no more checks.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.folders import unlistable
from ingest.files.near_misses import did_you_mean
from ingest.municipalities.catalogue_checks import Versions, check_together
from ingest.municipalities.groups import Group, read_groups
from ingest.municipalities.municipality import (
    Municipality,
    MunicipalityFile,
    read_municipality,
)
from ingest.municipalities.regions import check_region
from ingest.municipalities.targets import target_faults
from ingest.municipalities.touchpoints import Touchpoint
from ingest.questionnaires.items import Item
from ingest.questionnaires.publication import check_own_items, check_published, in_order
from ingest.questionnaires.questionnaire import (
    Extension,
    Questionnaire,
    extend,
    load_extension,
)
from ingest.questionnaires.written import structure_files
from ingest.texts.every_text import read_every_text
from ingest.texts.page_texts import languages_of_pages
from ingest.themes.finding import Themes, read_every_theme

__all__ = [
    "Catalogue",
    "MunicipalityUnknown",
    "TouchpointUnknown",
    "VersionUnknown",
    "check_region",
    "load_catalogue",
]


type_of_adapting = Callable[[Municipality], Municipality]


def as_written(municipality: Municipality) -> Municipality:
    """What its file says, and no other."""
    return municipality


class MunicipalityUnknown(LookupError):
    """No municipality has this slug."""


class TouchpointUnknown(LookupError):
    """No touchpoint has this path ("molensloot/balie-hal")."""


class VersionUnknown(LookupError):
    """The questionnaire has no such version ("balie/3"), or it was never published."""


class Catalogue:
    """Looks up what the files say. Drafts are left out: nobody is asked a draft.

    `municipalities` and `groups` by slug, `touchpoints` by number, `questionnaires` by code and
    version (as shared, without anybody's own items).
    """

    def __init__(
        self,
        municipalities: Iterable[Municipality],
        questionnaires: Versions,
        extensions: Mapping[tuple[str, str, int], Extension] = MappingProxyType({}),
        groups: Iterable[Group] = (),
        *,
        adapted: type_of_adapting = as_written,
        themes: Themes | None = None,
    ) -> None:
        """`extensions` are own items by municipality's slug, questionnaire and version.

        Without `themes` none are found in what residents write.

        Each municipality is what `adapted` makes of what its file says.
        """
        self._written = tuple(municipalities)
        self.extensions = extensions
        self.themes = themes or Themes()
        self.municipalities: Mapping[str, Municipality] = {
            each.slug: adapted(each) for each in self._written
        }
        self.groups: Mapping[str, Group] = {group.slug: group for group in groups}
        touchpoints = [
            touchpoint
            for municipality in self.municipalities.values()
            for touchpoint in municipality.touchpoints
        ]
        self.touchpoints: Mapping[int, Touchpoint] = {
            touchpoint.number: touchpoint for touchpoint in touchpoints
        }
        self.questionnaires: Versions = {
            key: questionnaire
            for key, questionnaire in questionnaires.items()
            if questionnaire.status != "draft"
        }
        self._by_path = {
            (touchpoint.municipality, touchpoint.slug): touchpoint for touchpoint in touchpoints
        }
        # Joined once, because every survey page and every response looks up a questionnaire.
        self._with_own_items: dict[tuple[str, str, int], Questionnaire] = {}
        for slug in self.municipalities:
            for (code, version), core in self.questionnaires.items():
                own = extensions.get((slug, code, version))
                is_asked = own is not None and own.status != "draft"
                self._with_own_items[slug, code, version] = (
                    extend(core, own) if own and is_asked else core
                )

    @cached_property
    def checksum(self) -> str:
        """Of all that the files say, 16 hexadecimal characters: who has the same loaded the same.

        Within one version of Meetpunt. What the demo adds is left out.
        """
        own = [
            (*key, questionnaire)
            for key, questionnaire in self._with_own_items.items()
            if questionnaire is not self.questionnaires[key[1:]]
        ]
        whole = hashlib.sha256()
        # Of municipalities the order counts, of dimensions for example; of languages it does not.
        whole.update(msgspec.json.encode([self._written, list(self.groups.values())]))
        shared = [self.questionnaires[key] for key in sorted(self.questionnaires)]
        whole.update(msgspec.json.encode([shared, own], order="sorted"))
        whole.update(self.themes.checksum.encode())
        return whole.hexdigest()[:16]

    def municipality(self, slug: str) -> Municipality:
        """The municipality with this slug. Raises MunicipalityUnknown."""
        try:
            return self.municipalities[slug]
        except KeyError:
            raise MunicipalityUnknown(slug) from None

    def touchpoint(self, municipality: str, slug: str) -> Touchpoint:
        """The touchpoint at `municipality/slug`, also a retired one. Raises TouchpointUnknown."""
        try:
            return self._by_path[municipality, slug]
        except KeyError:
            raise TouchpointUnknown(f"{municipality}/{slug}") from None

    def touchpoint_numbered(self, number: int) -> Touchpoint | None:
        """The touchpoint that a token names, also a retired one; None when there is none."""
        return self.touchpoints.get(number)

    def questionnaire(self, touchpoint: Touchpoint, version: int | None = None) -> Questionnaire:
        """What the touchpoint asks, with its municipality's own items after the core.

        `version` is another version of the same questionnaire, such as one that was replaced.
        Raises VersionUnknown.
        """
        number = touchpoint.version if version is None else version
        try:
            return self._with_own_items[touchpoint.municipality, touchpoint.questionnaire, number]
        except KeyError:
            raise VersionUnknown(f"{touchpoint.questionnaire}/{number}") from None


def load_catalogue(
    config: Path, questionnaires: Path, *, adapted: type_of_adapting = as_written
) -> Catalogue:
    """Everything that the two directories hold. Raises FilesRejected with every finding, sorted.

    Among them what is wrong in the texts that come with Meetpunt, in any language.
    Each municipality is what `adapted` makes of its file; only the demo makes another of it.
    """
    shared, findings = check_published(questionnaires)
    files, municipality_findings = _read_municipalities(config)
    groups, group_findings = read_groups(config)
    written = structure_files(questionnaires).keys()
    extensions, rejected = _read_extensions(config, files, shared)
    themes, faults_of_themes = read_every_theme(config, questionnaires)
    together = check_together(files, groups, shared, written, languages_of_pages())
    asked = _AskedItems(shared, extensions)
    beside = {*_check_targets(files, asked), *_check_known(files, asked)}
    of_texts = read_every_text()
    every = {*findings, *municipality_findings, *group_findings, *rejected, *together, *beside}
    every.update(of_texts, faults_of_themes)
    if every:
        raise FilesRejected(in_order(every))
    return Catalogue(
        [file.municipality for file in files],
        shared,
        extensions,
        [each.group for each in groups],
        adapted=adapted,
        themes=themes,
    )


class _AskedItems:
    """Finds the `items` that a touchpoint asks; None where its file is faulty."""

    def __init__(
        self, shared: Versions, extensions: Mapping[tuple[str, str, int], Extension]
    ) -> None:
        self._shared = shared
        self._extensions = extensions

    def items(self, touchpoint: Touchpoint) -> Sequence[Item] | None:
        key = (touchpoint.questionnaire, touchpoint.version)
        own = self._extensions.get((touchpoint.municipality, *key))
        own_items = own.items if own and own.status != "draft" else ()
        return (*self._shared[key].items, *own_items) if key in self._shared else None


def _check_known(files: Iterable[MunicipalityFile], asked_items: _AskedItems) -> Iterator[Finding]:
    """A misspelt item in `known` would leave residents without its protection."""
    for file in files:
        for touchpoint in file.municipality.touchpoints:
            items = asked_items.items(touchpoint)
            if items is None:
                continue
            codes = {item.code for item in items}
            for code in sorted(set(touchpoint.known) - codes - {""}):
                yield file.file.finding(
                    ("touchpoints", touchpoint.slug, "known"),
                    f"{touchpoint.questionnaire} asks no {code!r}{did_you_mean(code, codes)}",
                )


def _read_municipalities(config: Path) -> tuple[list[MunicipalityFile], list[Finding]]:
    files: list[MunicipalityFile] = []
    findings: list[Finding] = []
    if why := unlistable(config):
        return [], [Finding(path=str(config), message=why)]
    for path in sorted(config.glob("*.toml")):
        try:
            files.append(read_municipality(path))
            findings += files[-1].findings
        except FilesRejected as refused:
            findings += refused.findings
    if not files and not findings:
        findings.append(Finding(path=str(config), message="holds no municipalities (*.toml)"))
    return files, findings


def _read_extensions(
    config: Path, files: Iterable[MunicipalityFile], shared: Versions
) -> tuple[dict[tuple[str, str, int], Extension], list[Finding]]:
    """Own items by municipality, questionnaire and version."""
    municipalities = {file.municipality.slug: file.municipality for file in files}
    extensions: dict[tuple[str, str, int], Extension] = {}
    findings: list[Finding] = []
    for folder in sorted(path for path in config.glob("extensions/*") if path.is_dir()):
        if not (config / f"{folder.name}.toml").exists():
            findings.append(Finding(path=str(folder), message=f"there is no {folder.name}.toml"))
        findings += check_own_items(folder, shared)
        for key, path in structure_files(folder).items():
            # Where the core or the municipality is faulty, that has a finding of its own.
            if key in shared and folder.name in municipalities:
                languages = _offered(municipalities[folder.name], shared[key])
                try:
                    extensions[folder.name, *key] = load_extension(path, shared[key], languages)
                except FilesRejected as refused:
                    findings += refused.findings
    return extensions, findings


def _check_targets(
    files: Iterable[MunicipalityFile], asked_items: _AskedItems
) -> Iterator[Finding]:
    """Targets for an indicator that nobody is asked, or that its questions cannot reach."""
    for file in files:
        municipality = file.municipality
        for index, key, message in target_faults(
            municipality.targets,
            municipality.touchpoints,
            asked_items.items,
            municipality.departments,
        ):
            yield file.file.finding(("targets", index, key), message)


def _offered(municipality: Municipality, core: Questionnaire) -> list[str]:
    """The languages in which this municipality asks the questionnaire; own items need each one."""
    touchpoints = [
        touchpoint
        for touchpoint in municipality.touchpoints
        if touchpoint.questionnaire == core.code
    ]
    offered = {language for touchpoint in touchpoints for language in touchpoint.languages}
    return [language for language in core.languages if language in offered]
