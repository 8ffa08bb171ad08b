"""Compare two versions of a questionnaire: which of their figures may still be compared?"""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from ingest.questionnaires.items import FilePath, Item
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.translations import sheet_of

Verdict = Literal["same", "judge", "broken", "added", "removed"]
"""Of an item: `same`; `judge` where wording or path changed and a person must decide; `broken`
where its answers can no longer be put beside the old ones."""


class ItemDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One item in both versions, or in one of them; `changed` names what differs.

    `open`: it is answered in one's own words, so there is nothing to compare.
    """

    item: str
    indicator: str | None
    verdict: Verdict
    open: bool
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


_IN_A_SENTENCE: dict[Verdict, str] = {
    "same": "comparable",
    "judge": "comparable if you judge so",
    "broken": "no longer comparable",
    "added": "new",
    "removed": "gone",
}


def in_a_sentence(changes: Difference) -> str:
    """What compares and what does not: "cijfer, geholpen: comparable; duidelijk: new".

    Open questions are left out. Within a verdict items stand in the order of the new version.
    """
    parts = []
    for verdict, told in _IN_A_SENTENCE.items():
        if verdict == "judge" and changes.declared:
            told = "comparable, as the new version declares"
        items = [each.item for each in changes.items if each.verdict == verdict and not each.open]
        if items:
            parts.append(f"{', '.join(items)}: {told}")
    return "; ".join(parts) or "nothing to compare"


def difference(old: Questionnaire, new: Questionnaire) -> Difference:
    """Which items and indicators stay comparable between two versions, and which texts changed."""
    return Difference(
        old=_name(old),
        new=_name(new),
        declared=_name(old) in new.comparable_with,
        items=tuple(_item_differences(old, new)),
        texts=tuple(_text_differences(old, new)),
    )


def declared_comparisons(
    questionnaires: Mapping[tuple[str, int], Questionnaire],
) -> tuple[Difference, ...]:
    """For every version that declares to compare with an older one of its code: how they differ.

    The figures of the two are then one series, so this says which of them go on and which begin.
    """
    return tuple(
        difference(old, questionnaire)
        for _, questionnaire in sorted(questionnaires.items())
        for reference in questionnaire.comparable_with
        if (old := questionnaires.get(_key(reference))) is not None
        and old.code == questionnaire.code
    )


def _key(reference: str) -> tuple[str, int]:
    code, _, version = reference.partition("/")
    return code, int(version)


def _item_differences(old: Questionnaire, new: Questionnaire) -> Iterator[ItemDifference]:
    for item in new.items:
        before = old.item(item.code)
        if before is None:
            yield _told(item, "added")
        else:
            yield _between(before, item)
    for item in old.items:
        if new.item(item.code) is None:
            yield _told(item, "removed")


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
        for name in ("required", "not_applicable", "ask_if", "text", "help", "low", "high")
        if _compared(before, name) != _compared(item, name)
    ]
    if [_compared(option, "label") for option in before.options] != [
        _compared(option, "label") for option in item.options
    ]:
        moving.append("labels")
    verdict: Verdict = "broken" if breaking else "judge" if moving else "same"
    return _told(item, verdict, (*breaking, *moving))


def _told(item: Item, verdict: Verdict, changed: tuple[str, ...] = ()) -> ItemDifference:
    return ItemDifference(
        item=item.code,
        indicator=item.indicator,
        verdict=verdict,
        open=item.declared.holds == "text",
        changed=changed,
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
