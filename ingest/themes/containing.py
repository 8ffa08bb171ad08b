"""Whether every text that has one theme has another too, as far as their words say. Pure.

How often each is told then says how often the one without the other: what is left of the words,
in any number of texts, by product (docs/decisions/0026-themes-are-told-in-tens.md).
"""

from collections.abc import Iterable, Mapping, Sequence

from ingest.themes.patterns import Pattern, Place, Word

ByLanguage = Mapping[str, Sequence[Pattern]]


def contained_in(inner: ByLanguage, outer: ByLanguage) -> str | None:
    """A language in which whatever `inner` finds is found by `outer`; None if there is none.

    What a theme leaves out (`!`) is left aside: it would be told by the difference as well.
    """
    for language in inner.keys() & outer.keys():
        others = _finding(outer[language])
        same = frozenset(pattern.places for pattern in others)
        if all(
            one.places in same or any(_says(one.places, other.places) for other in others)
            for one in _finding(inner[language])
        ):
            return language
    return None


def _finding(patterns: Iterable[Pattern]) -> list[Pattern]:
    return [pattern for pattern in patterns if not pattern.excludes]


def _says(narrow: Sequence[Place], wide: Sequence[Place]) -> bool:
    """Whether words that meet the places of `narrow` meet those of `wide`, wherever they stand."""
    ends = {at for at, place in enumerate(narrow) if _is_within(place, wide[0])}
    for place in wide[1:]:
        ends = {
            at
            for at in range(len(narrow))
            if any(
                end < at and sum(each.gap + 1 for each in narrow[end + 1 : at + 1]) <= place.gap + 1
                for end in ends
            )
            and _is_within(narrow[at], place)
        }
    return bool(ends)


def _is_within(narrow: Place, wide: Place) -> bool:
    return all(any(_covers(other, word) for other in wide.words) for word in narrow.words)


def _covers(wide: Word, narrow: Word) -> bool:
    """Whether each word that `narrow` is met by meets `wide`."""
    if wide.how == "holds":
        return wide.text in narrow.text
    if wide.how == "is":
        return wide == narrow
    if narrow.how not in ("is", wide.how):
        return False
    if wide.how == "begins":
        return narrow.text.startswith(wide.text)
    return narrow.text.endswith(wide.text)
