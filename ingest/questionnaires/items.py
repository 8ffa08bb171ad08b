"""What one question is: its code, its kind, its texts, and the answers it can hold."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from ingest.questionnaires.kinds import KINDS, Kind

NOT_APPLICABLE = "nvt"
"""The stored code for "not applicable, do not know", where an item allows it."""

INDICATOR_NAMES = MappingProxyType(
    {
        "tevredenheid": "Tevredenheid",
        "vriendelijkheid": "Vriendelijkheid",
        "duidelijkheid": "Duidelijkheid",
        "tijdigheid": "Tijdigheid",
        "gemak": "Gemak",
        "oplossing": "Oplossing",
    }
)
"""What the shared questions measure, each with its Dutch name, in the order of reports."""

INDICATORS = frozenset(INDICATOR_NAMES)
"""Their codes. Others may be added, but no misspelling of these."""

if TYPE_CHECKING:
    KindName = str
else:  # what msgspec accepts, and what editors show, follows from the declared kinds
    KindName = Annotated[
        Literal[tuple(KINDS)],
        msgspec.Meta(
            description="; ".join(f"{kind.name}: {kind.about}" for kind in KINDS.values())
        ),
    ]
Code = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,39}$", description="stored code")]
QuestionnaireCode = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,39}$")]
Language = Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Wording = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Text = dict[Language, Wording]
"""The same text in several languages: language code -> text."""

_ONE_IN = "ask one in so many residents, who are not asked the item that `instead_of` names"

FilePath = tuple[str | int, ...]
"""Where in a file: `("items", 0, "text", "nl")`."""


class AskIf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask an item only if an earlier one was answered with one of these values."""

    item: Code
    values: Annotated[tuple[int | str, ...], msgspec.Meta(min_length=1)] = msgspec.field(name="in")


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer that a `choice` or `choices` item offers."""

    code: Code
    label: Text


class WrittenItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item as it stands in a file."""

    code: Code
    kind: KindName
    indicator: Code | None = None
    required: bool = False
    not_applicable: bool = False
    ask_if: AskIf | None = None
    asked_of: Annotated[int, msgspec.Meta(ge=2, le=100, description=_ONE_IN)] | None = None
    instead_of: Code | None = None
    text: Text
    help: Text = {}
    low: Text = {}
    high: Text = {}
    options: tuple[Option, ...] = ()


class Item(WrittenItem, frozen=True, kw_only=True):
    """One question; `core` is False for an item that a municipality added itself."""

    core: bool = True

    @classmethod
    def of(cls, written: WrittenItem, *, core: bool) -> "Item":
        """The item of a file, marked as shared or as a municipality's own."""
        return cls(**{**msgspec.structs.asdict(written), "core": core})

    @property
    def declared(self) -> Kind:
        """All that its kind says of it."""
        return KINDS[self.kind]

    @property
    def values(self) -> tuple[int | str, ...]:
        """What it offers, in order: numbers or codes, without `nvt`; nothing for a text."""
        return self.declared.values or tuple(option.code for option in self.options)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it offers, in order; empty for numbers and text; without `nvt`."""
        return tuple(value for value in self.values if isinstance(value, str))

    def can_be(self, value: int | str) -> bool:
        """Whether somebody can answer this item with `value` (one code of it, for several)."""
        if value == NOT_APPLICABLE:
            return self.not_applicable
        return type(value) in (int, str) and value in self.values

    def texts(self) -> Iterator[tuple[FilePath, Text]]:
        """Every text of this item, with its place within the item."""
        yield ("text",), self.text
        for name in ("help", "low", "high"):
            text: Text = getattr(self, name)
            if text:
                yield (name,), text
        for index, option in enumerate(self.options):
            yield ("options", index, "label"), option.label


def item_faults(
    items: Sequence[Item], earlier: Sequence[Item] = ()
) -> Iterator[tuple[FilePath, str]]:
    """What is wrong in `items` that follow on `earlier` ones: place within a file, and why."""
    asked = {item.code: item for item in earlier}
    indicators = {item.indicator: item.code for item in earlier if item.indicator}
    for index, item in enumerate(items):
        if item.code in asked:
            yield ("items", index, "code"), f"the code `{item.code}` is used twice"
        if item.indicator in indicators:
            first = indicators[item.indicator]
            yield (
                ("items", index, "indicator"),
                f"`{item.indicator}` is already measured by `{first}`; that is once too often",
            )
        for where, message in _faults_of_one(item, asked):
            yield ("items", index, *where), message
        asked.setdefault(item.code, item)
        if item.indicator:
            indicators.setdefault(item.indicator, item.code)


def _faults_of_one(item: Item, asked: dict[str, Item]) -> Iterator[tuple[FilePath, str]]:
    yield from _faults_of_options(item)
    yield from _faults_of_ends(item)
    if item.declared.holds == "text":
        if item.not_applicable:
            yield ("not_applicable",), "a text can stay empty; it needs no `not_applicable`"
        if item.indicator:
            yield ("indicator",), "a text measures nothing; leave `indicator` out"
        if item.ask_if:
            told = (
                "a text is asked of everybody: who is asked it could be known by the answer before"
            )
            yield ("ask_if",), told
    if item.ask_if:
        yield from _faults_of_condition(item.ask_if, asked)


def _faults_of_ends(item: Item) -> Iterator[tuple[FilePath, str]]:
    ends = item.declared.ends
    if ends == "none":
        for name in ("low", "high"):
            if getattr(item, name):
                yield (name,), f"only a scale has `{name}`; `{item.kind}` has none"
    elif bool(item.low) != bool(item.high):
        yield (), "give both ends of the scale a text: `low` and `high`"
    elif ends == "required" and not item.low:
        yield (), f"the numbers of a `{item.kind}` say nothing alone: give it `low` and `high`"


def _faults_of_options(item: Item) -> Iterator[tuple[FilePath, str]]:
    offers = item.declared.has_options
    if offers and len(item.options) < 2:
        yield (), f"a `{item.kind}` needs at least two options"
    if item.options and not offers:
        yield ("options",), f"`{item.kind}` has no options of its own"
    seen: set[str] = set()
    for index, option in enumerate(item.options):
        if option.code in seen:
            yield ("options", index, "code"), f"the option `{option.code}` is there twice"
        if option.code == NOT_APPLICABLE:
            yield ("options", index, "code"), "write `not_applicable = true` to offer `nvt`"
        seen.add(option.code)


def _faults_of_condition(ask_if: AskIf, asked: dict[str, Item]) -> Iterator[tuple[FilePath, str]]:
    condition = asked.get(ask_if.item)
    if condition is None:
        yield ("ask_if",), f"`{ask_if.item}` is not an earlier item"
        return
    if condition.declared.holds == "text":
        yield ("ask_if",), f"`{ask_if.item}` is an open text; no answer can be counted on"
        return
    for value in ask_if.values:
        if not condition.can_be(value):
            yield ("ask_if", "in"), f"`{ask_if.item}` is never answered with {value!r}"
