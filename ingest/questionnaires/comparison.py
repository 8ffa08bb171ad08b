"""Compare two versions of a questionnaire: which of their figures may still be compared?"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from ingest.questionnaires.items import FilePath, Item
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.translations import sheet_of

Verdict = Literal["same", "judge", "broken", "added", "removed"]
"""Of an item: `same`; `judge` where wording or path changed and a person must decide; `broken`
where its answers can no longer be put beside the old ones."""


_MOVING = (
    *("required", "not_applicable", "ask_if", "asked_of", "instead_of"),
    *("text", "help", "low", "high"),
)


class ItemDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One item in both versions, or in one of them; `changed` names what differs."""

    item: str
    indicator: str | None
    verdict: Verdict
    changed: tuple[str, ...] = ()


class TextDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One text that differs; None where a version does not have it."""

    where: str
    language: str
    old: str | None
    new: str | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """From `old` to `new` ("balie/1" to "balie/2"); `declared` if new says it compares with old."""

    old: str
    new: str
    declared: bool
    items: tuple[ItemDifference, ...]
    texts: tuple[TextDifference, ...]

    def indicators(self, verdict: Verdict) -> tuple[str, ...]:
        """The indicators whose item has this verdict."""
        return tuple(
            item.indicator for item in self.items if item.indicator and item.verdict == verdict
        )


def difference(old: Questionnaire, new: Questionnaire) -> Difference:
    """Which items and indicators stay comparable between two versions, and which texts changed."""
    return Difference(
        old=_name(old),
        new=_name(new),
        declared=_name(old) in new.comparable_with,
        items=tuple(_item_differences(old, new)),
        texts=tuple(_text_differences(old, new)),
    )


def _item_differences(old: Questionnaire, new: Questionnaire) -> Iterator[ItemDifference]:
    for item in new.items:
        before = old.item(item.code)
        if before is None:
            yield ItemDifference(item=item.code, indicator=item.indicator, verdict="added")
        else:
            yield _between(before, item)
    for item in old.items:
        if new.item(item.code) is None:
            yield ItemDifference(item=item.code, indicator=item.indicator, verdict="removed")


def _between(before: Item, item: Item) -> ItemDifference:
    # With another kind, indicator or set of codes, the item measures something else.
    breaking = [
        name
        for name in ("kind", "indicator", "codes")
        if getattr(before, name) != getattr(item, name)
    ]
    # Who is asked, and in which words, changes the figures; a person must judge how much.
    moving = [
        name
        for name in _MOVING
        if _compared(before, name) != _compared(item, name)
    ]
    if [_compared(option, "label") for option in before.options] != [
        _compared(option, "label") for option in item.options
    ]:
        moving.append("labels")
    verdict: Verdict = "broken" if breaking else "judge" if moving else "same"
    changed = (*breaking, *moving)
    return ItemDifference(
        item=item.code, indicator=item.indicator, verdict=verdict, changed=changed
    )


def _compared(part: msgspec.Struct, name: str) -> object:
    """A value to compare; of a text the Dutch, since a new translation changes nothing."""
    value = getattr(part, name)
    return value.get("nl") if isinstance(value, dict) else value


def _text_differences(old: Questionnaire, new: Questionnaire) -> Iterator[TextDifference]:
    before = sheet_of(old.items, title=old.title, intro=old.intro)
    after = sheet_of(new.items, title=new.title, intro=new.intro)
    places: dict[FilePath, None] = dict.fromkeys([*after, *before])
    for where in places:
        old_text, new_text = before.get(where, {}), after.get(where, {})
        for language in dict.fromkeys([*old_text, *new_text]):
            if old_text.get(language) != new_text.get(language):
                yield TextDifference(
                    where=".".join(str(part) for part in where),
                    language=language,
                    old=old_text.get(language),
                    new=new_text.get(language),
                )


def _name(questionnaire: Questionnaire) -> str:
    return f"{questionnaire.code}/{questionnaire.version}"
