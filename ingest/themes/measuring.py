"""How well themes are found, on texts that people labelled. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

EVERY = ""
"""Stands for all themes together, and for all languages."""


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A text, its language, and the codes of the themes that a person says it has."""

    text: str
    language: str
    themes: frozenset[str]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Of `found` texts `right` have the theme; of all texts `labelled` have it."""

    right: int = 0
    found: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of what is there that was found; None where nothing is there."""
        return self.right / self.labelled if self.labelled else None


def scores(
    texts: Iterable[Labelled],
    find: Callable[[str, str], Collection[str]],
    codes: Sequence[str],
) -> dict[tuple[str, str], Score]:
    """By language and theme, `EVERY` for all of either. `find` is given a text and its language."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for labelled in texts:
        found = set(find(labelled.text, labelled.language))
        for code in codes:
            has, said = code in labelled.themes, code in found
            for key in (
                (labelled.language, code),
                (labelled.language, EVERY),
                (EVERY, code),
                (EVERY, EVERY),
            ):
                row = counts[key]
                row[0] += has and said
                row[1] += said
                row[2] += has
    return {
        key: Score(right=right, found=found, labelled=many)
        for key, (right, found, many) in counts.items()
    }
