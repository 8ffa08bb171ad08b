"""Check everything about questionnaires before they are asked, and freeze what is published."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ingest.files.findings import FilesRejected, Finding
from ingest.files.near_misses import slip_of
from ingest.files.toml_files import TomlFile, read_toml
from ingest.questionnaires.items import INDICATORS, Item
from ingest.questionnaires.published_sums import (
    digest_of,
    read_sums,
    sum_findings,
    was_retired,
    with_status,
    write_sums,
)
from ingest.questionnaires.questionnaire import (
    Extension,
    Questionnaire,
    family_of,
    load_extension,
    load_questionnaire,
    read_questionnaires,
)
from ingest.questionnaires.sampled_items import sampled_codes
from ingest.questionnaires.wording import wording_findings
from ingest.questionnaires.written import THEMES, structure_files, translation_files

MOST_ITEMS = 5
"""Of a shared questionnaire, one open question not counted: residents are promised a few
short questions, and room for their own words, which nobody has to use."""

MOST_OWN_ITEMS = 3
"""That a municipality may add to one."""

Questionnaires = Mapping[tuple[str, int], Questionnaire]


class PublishedFileChanged(Exception):
    """A published file differs from what was published; the message names it and the way out."""


def check_published(directory: Path) -> tuple[Questionnaires, list[Finding]]:
    """The shared questionnaires of a directory that can be read, and all that is wrong there."""
    questionnaires, findings = read_questionnaires(directory)
    families = _Families()
    for (code, version), questionnaire in questionnaires.items():
        path = directory / code / f"v{version}.toml"
        findings += _content_findings(path, questionnaire, families)
        findings += _reference_findings(path, questionnaire, questionnaires)
    statuses = {key: questionnaire.status for key, questionnaire in questionnaires.items()}
    findings += [*_stray_files(directory), *sum_findings(directory, statuses)]
    return questionnaires, in_order(findings)


def check_own_items(directory: Path, shared: Questionnaires) -> list[Finding]:
    """Everything that is wrong with one municipality's own items (`extensions/<slug>`)."""
    findings: list[Finding] = []
    families = _Families(shared)
    statuses: dict[tuple[str, int], str] = {}
    for key, path in structure_files(directory).items():
        if key not in shared:
            message = f"there is no shared questionnaire {key[0]}/v{key[1]}.toml to follow"
            findings.append(Finding(path=str(path), message=message))
            continue
        try:
            # The catalogue checks the languages, which depend on the municipality's touchpoints.
            extension = load_extension(path, shared[key], languages=())
        except FilesRejected as refused:
            findings += refused.findings
            continue
        statuses[key] = extension.status
        findings += _content_findings(path, extension, families)
    findings += [*_stray_files(directory), *sum_findings(directory, statuses)]
    return in_order(findings)


def publish(
    directory: Path, code: str, version: int, *, core: Questionnaire | None = None
) -> tuple[Path, ...]:
    """Freeze `<code>/v<version>.toml` with its translations; returns the newly recorded files.

    A draft's status becomes "published" on the way. Of a published file only the status may
    change, to "retired"; a translation may be corrected. With `core`, these are own items of a
    municipality. Raises FilesRejected, and PublishedFileChanged.
    """
    path = directory / code / f"v{version}.toml"
    status = _publishable(path, core)
    sums = read_sums(directory)
    recorded = sums.get(_name(path, directory))
    if recorded not in (None, digest_of(path)) and not was_retired(path, recorded or ""):
        raise PublishedFileChanged(
            f"{path} differs from what was published. Put it back, and copy it to "
            f"v{version + 1}.toml to change a question."
        )
    if status == "draft":
        path.write_bytes(with_status(path.read_bytes(), "published"))
    changed = []
    for file in (path, *translation_files(path).values()):
        if sums.get(_name(file, directory)) != digest_of(file):
            sums[_name(file, directory)] = digest_of(file)
            changed.append(file)
    write_sums(directory, sums)
    return tuple(changed)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file and line, each once."""
    return sorted(
        set(findings), key=lambda finding: (finding.path, finding.line or 0, finding.message)
    )


def _publishable(path: Path, core: Questionnaire | None) -> str:
    """The status of a file in which nothing is wrong. Raises FilesRejected."""
    loaded: Questionnaire | Extension
    if core:
        loaded = load_extension(path, core, languages=())
        families = _Families({(core.code, core.version): core})
    else:
        loaded = load_questionnaire(path)
        others, _ = read_questionnaires(path.parent.parent)
        others.pop((loaded.code, loaded.version), None)
        families = _Families(others)
    findings = list(_content_findings(path, loaded, families))
    content = path.read_bytes()
    if with_status(content, "draft") == with_status(content, "retired"):
        message = f'write the status on a line of its own: status = "{loaded.status}"'
        findings.append(read_toml(path).finding(("status",), message))
    if findings:
        raise FilesRejected(findings)
    return loaded.status


def _content_findings(
    path: Path, loaded: Questionnaire | Extension, families: "_Families"
) -> Iterator[Finding]:
    file = read_toml(path)
    translations = {
        lang: read_toml(translation) for lang, translation in translation_files(path).items()
    }
    if isinstance(loaded, Questionnaire):
        most, head = MOST_ITEMS, {"title": loaded.title, "intro": loaded.intro}
    else:
        most, head = MOST_OWN_ITEMS, {}
    yield from wording_findings(loaded.items, file, translations, **head)
    yield from _number_findings(loaded, file, most)
    for index, message in families.learn(loaded.items, f"{path.parent.name}/{path.name}"):
        yield file.finding(("items", index, "indicator"), message)


def _number_findings(
    loaded: Questionnaire | Extension, file: TomlFile, most: int
) -> Iterator[Finding]:
    """More items than `most`. Of a shared questionnaire its first open question is left out, and
    what a sample is asked: that comes in place of another item, or after it.
    """
    sampled = sampled_codes(loaded.items)
    places = [place for place, item in enumerate(loaded.items) if item.code not in sampled]
    beside = ""
    if isinstance(loaded, Questionnaire):
        opened = [place for place in places if loaded.items[place].declared.holds == "text"]
        places = [place for place in places if place not in opened[:1]]
        beside = ", the open question not counted"
    if len(places) > most:
        message = f"{len(places)} items{beside}; at most {most}"
        yield file.finding(("items", places[most]), message)


class _Families:
    """Remembers the kind of each indicator: figures of one indicator need the same kind.

    What is asked on kiosks alone has figures of its own, so there an indicator may have another.
    A misspelling of a shared indicator is a fault too: its figures would be counted apart.
    """

    def __init__(self, questionnaires: Questionnaires | None = None) -> None:
        self._seen: dict[tuple[str, str], tuple[str, str]] = {}
        for (code, version), questionnaire in (questionnaires or {}).items():
            self.learn(questionnaire.items, f"{code}/v{version}.toml")

    def learn(self, items: Iterable[Item], path: str) -> list[tuple[int, str]]:
        """Remember these items; returns the number of each misfit, and why it does not fit."""
        faults = []
        family = family_of(path.partition("/")[0])
        for index, item in enumerate(items):
            if item.indicator is None:
                continue
            if suggestion := slip_of(item.indicator, INDICATORS):
                faults.append((index, f"`{item.indicator}` looks like a slip of `{suggestion}`"))
            kind, first = self._seen.setdefault((family, item.indicator), (item.kind, path))
            if kind != item.kind:
                message = f"`{item.indicator}` is of kind {item.kind} here and {kind} in {first}"
                faults.append((index, message))
        return faults


def _reference_findings(
    path: Path, questionnaire: Questionnaire, known: Questionnaires
) -> Iterator[Finding]:
    for index, reference in enumerate(questionnaire.comparable_with):
        code, _, version = reference.partition("/")
        if (code, int(version)) not in known:
            message = f"there is no {code}/v{version}.toml to compare with"
            yield read_toml(path).finding(("comparable_with", index), message)


def _stray_files(directory: Path) -> Iterator[Finding]:
    """TOML files that nobody would read: a typing error in a name must not pass in silence."""
    known = {
        file
        for path in structure_files(directory).values()
        for file in (path, *translation_files(path).values())
    }
    for path in sorted(directory.glob("**/*.toml")):
        if path not in known and path.parent != directory / THEMES:
            message = "is no v<number>.toml, nor a v<number>.<language>.toml beside one"
            yield Finding(path=str(path), message=message)


def _name(path: Path, directory: Path) -> str:
    return path.relative_to(directory).as_posix()
