"""The questionnaires: what they are, and how own items of a municipality follow the core."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

import msgspec

from ingest.files.findings import FilesRejected, Finding
from ingest.files.toml_files import TomlFile, read_toml, struct_of
from ingest.questionnaires.items import (
    AskIf,
    Item,
    Option,
    QuestionnaireCode,
    Text,
    item_faults,
)
from ingest.questionnaires.sampled_items import sample_faults
from ingest.questionnaires.translations import (
    dutch_findings,
    lay_on,
    sheet_of,
    unreadable,
    with_texts_of,
)
from ingest.questionnaires.written import (
    Reference,
    Status,
    Version,
    WrittenExtension,
    WrittenQuestionnaire,
    place_findings,
    structure_files,
    translation_files,
)

__all__ = [
    "AskIf",
    "Extension",
    "ExtensionDoesNotFit",
    "Item",
    "Option",
    "Questionnaire",
    "Status",
    "Text",
    "extend",
    "family_of",
    "load_extension",
    "load_questionnaire",
    "load_questionnaires",
    "read_questionnaires",
]


_ON_KIOSKS_ALONE = "-kiosk"

Written = TypeVar("Written", bound=msgspec.Struct)


def family_of(code: str) -> str:
    """Of the questionnaire with this code, the family whose figures it is counted among.

    One for kiosks alone, such as `balie-kiosk`, has figures of its own: a face is no mark. All
    others are one family, named "".
    """
    return code if code.endswith(_ON_KIOSKS_ALONE) else ""


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one questionnaire, with its texts in every language.

    `structure` is always computed: 16 hexadecimal characters over everything but the texts,
    so two questionnaires with the same structure take the same answers.
    `comparable_with` names versions whose core compares with this one: "balie/1".
    `asked_of` is 10 where one item is asked of one in ten residents. `left_out` are the codes of
    items that are asked of others (`ingest.questionnaires.sampling`); what is left then keeps the
    structure of the whole.
    """

    code: QuestionnaireCode
    version: Version
    status: Status
    title: Text
    intro: Text = {}
    items: tuple[Item, ...]
    comparable_with: tuple[Reference, ...] = ()
    structure: str = ""
    asked_of: int | None = None
    left_out: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.left_out:
            msgspec.structs.force_setattr(self, "structure", _structure_of(self))
        asked_of = next((item.asked_of for item in self.items if item.asked_of), None)
        msgspec.structs.force_setattr(self, "asked_of", asked_of)

    def __hash__(self) -> int:
        # The texts are dicts, which have no hash; equality still compares everything.
        return hash(self.structure)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is offered in: those of its title, Dutch first."""
        return tuple(self.title)

    def item(self, code: str) -> Item | None:
        """The item with this code, if there is one."""
        return next((item for item in self.items if item.code == code), None)


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality's own items after the core of `questionnaire`, version `version`."""

    questionnaire: QuestionnaireCode
    version: Version
    status: Status = "published"
    items: tuple[Item, ...]


class ExtensionDoesNotFit(Exception):
    """Own items were written for another questionnaire, or take a code of the core."""


def extend(questionnaire: Questionnaire, extension: Extension) -> Questionnaire:
    """The questionnaire with own items after its core, which stays as it was.

    Raises ExtensionDoesNotFit. What else can be wrong in an extension is found when it is loaded.
    """
    if (extension.questionnaire, extension.version) != (questionnaire.code, questionnaire.version):
        raise ExtensionDoesNotFit(
            f"items for {extension.questionnaire}/{extension.version} do not belong to "
            f"{questionnaire.code}/{questionnaire.version}"
        )
    taken = {item.code for item in questionnaire.items} & {item.code for item in extension.items}
    if taken:
        raise ExtensionDoesNotFit(f"the core already has {', '.join(sorted(taken))}")
    own = tuple(msgspec.structs.replace(item, core=False) for item in extension.items)
    return msgspec.structs.replace(questionnaire, items=questionnaire.items + own)


def _structure_of(questionnaire: Questionnaire) -> str:
    """First 64 bits of SHA-256 over the canonical JSON of all that decides what an answer means."""
    structure = {
        "code": questionnaire.code,
        "version": questionnaire.version,
        "items": [
            {
                "code": item.code,
                "kind": item.kind,
                "indicator": item.indicator,
                "required": item.required,
                "not_applicable": item.not_applicable,
                "ask_if": item.ask_if,
                "options": [option.code for option in item.options],
                # Left out where there is none: every older structure stays as it was.
                **({"asked_of": item.asked_of} if item.asked_of else {}),
                **({"instead_of": item.instead_of} if item.instead_of else {}),
            }
            for item in questionnaire.items
        ],
    }
    return hashlib.sha256(msgspec.json.encode(structure, order="sorted")).hexdigest()[:16]


def load_questionnaire(path: Path) -> Questionnaire:
    """Read `<code>/v<N>.toml` and its translations. Raises FilesRejected with every finding."""
    file, written = _read(path, WrittenQuestionnaire)
    items = tuple(Item.of(item, core=True) for item in written.items)
    head = {"title": written.title, "intro": written.intro}
    findings = [
        *place_findings(file, path, written.code, written.version),
        *dutch_findings(file, items, **head),
        *(file.finding(where, message) for where, message in item_faults(items)),
        *(file.finding(where, message) for where, message in sample_faults(items)),
    ]
    sheet, misfits = lay_on(sheet_of(items, **head), translation_files(path))
    if findings or misfits:
        raise FilesRejected([*findings, *misfits])
    return Questionnaire(
        code=written.code,
        version=written.version,
        status=written.status,
        title=sheet[("title",)],
        intro=sheet.get(("intro",), {}),
        items=with_texts_of(items, sheet),
        comparable_with=written.comparable_with,
    )


def load_extension(
    path: Path, core: Questionnaire, languages: Collection[str] | None = None
) -> Extension:
    """Read a municipality's own items after `core`, in these languages (all of the core's).

    Raises FilesRejected with every finding.
    """
    file, written = _read(path, WrittenExtension)
    items = tuple(Item.of(item, core=False) for item in written.items)
    files = translation_files(path)
    findings = [
        *place_findings(file, path, written.questionnaire, written.version, "questionnaire"),
        *dutch_findings(file, items),
        *(file.finding(where, message) for where, message in item_faults(items, core.items)),
        *(file.finding(where, message) for where, message in sample_faults(items, core.items)),
        *(
            # The core's figures must not depend on who asks more: nobody has to answer own items.
            file.finding(("items", index, "required"), "an own item cannot be required")
            for index, item in enumerate(items)
            if item.required
        ),
        *(
            file.finding((), f"the translation {path.stem}.{language}.toml is missing")
            for language in (core.languages if languages is None else languages)
            if language != "nl" and language not in files
        ),
    ]
    sheet, misfits = lay_on(sheet_of(items), files)
    if findings or misfits:
        raise FilesRejected([*findings, *misfits])
    return Extension(
        questionnaire=written.questionnaire,
        version=written.version,
        status=written.status,
        items=with_texts_of(items, sheet),
    )


def _read(path: Path, kind: type[Written]) -> tuple[TomlFile, Written]:
    """A file as it is written. Raises FilesRejected, also with what is wrong beside it."""
    try:
        file = read_toml(path)
        written = struct_of(file, kind)
    except FilesRejected as refused:
        translation_findings = unreadable(translation_files(path))
        raise FilesRejected([*refused.findings, *translation_findings]) from refused
    return file, written


def load_questionnaires(directory: Path) -> dict[tuple[str, int], Questionnaire]:
    """Every questionnaire of a directory by code and version. Raises FilesRejected."""
    questionnaires, findings = read_questionnaires(directory)
    if findings:
        raise FilesRejected(findings)
    return questionnaires


def read_questionnaires(
    directory: Path,
) -> tuple[dict[tuple[str, int], Questionnaire], list[Finding]]:
    """The questionnaires that are right, and every finding of those that are not."""
    questionnaires: dict[tuple[str, int], Questionnaire] = {}
    findings: list[Finding] = []
    for key, path in structure_files(directory).items():
        try:
            questionnaires[key] = load_questionnaire(path)
        except FilesRejected as refused:
            findings += refused.findings
    if not questionnaires and not findings:
        findings.append(Finding(path=str(directory), message="holds no questionnaires"))
    return questionnaires, findings
