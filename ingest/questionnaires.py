"""The questionnaires: what they are, and how own items of a municipality follow the core."""

import hashlib
from typing import Annotated, Literal

import msgspec

from ingest.items import AskIf, Item, Kind, Option, QuestionnaireCode, Text

__all__ = [
    "AskIf",
    "Extension",
    "ExtensionDoesNotFit",
    "Item",
    "Kind",
    "Option",
    "Questionnaire",
    "Status",
    "Text",
    "extend",
]

Status = Literal["draft", "published", "retired"]
Version = Annotated[int, msgspec.Meta(ge=1, le=32_767)]
Reference = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,39}/[1-9][0-9]{0,4}$")]


class Questionnaire(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one questionnaire, with its texts in every language.

    `structure` is always computed: 16 hexadecimal characters over everything but the texts,
    so two questionnaires with the same structure take the same answers.
    `comparable_with` names versions whose core compares with this one: "balie/1".
    """

    code: QuestionnaireCode
    version: Version
    status: Status
    title: Text
    intro: Text = {}
    items: tuple[Item, ...]
    comparable_with: tuple[Reference, ...] = ()
    structure: str = ""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "structure", _structure_of(self))

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
    status: Literal["draft", "published"] = "published"
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
            }
            for item in questionnaire.items
        ],
    }
    return hashlib.sha256(msgspec.json.encode(structure, order="sorted")).hexdigest()[:16]
