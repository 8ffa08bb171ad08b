"""Pages that everybody gets alike but for a token: built when first asked for, and kept."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from ingest.asgi.compression import Gapped
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire

PLACEHOLDER = "\0token\0"
"""Stands where the token comes, in the page that is built once for everybody. No text of ours can
hold it: TOML allows no NUL."""

_MOST_WITH_QUERY = 500

Page = TypeVar("Page")
type_of_building = Callable[[Touchpoint, Questionnaire, str, Mapping[str, str]], Page]


def with_gap(built: bytes, characters: int, *, quickly: bool) -> Gapped:
    """A page that holds PLACEHOLDER once, compressed but for what fills its place.

    `characters`: how long that is. `quickly`: one of many, so it is not compressed as far.
    """
    before, _, after = built.partition(PLACEHOLDER.encode())
    return Gapped(before, characters, after, quickly=quickly)


class KeptPages(Generic[Page]):
    """Pages by touchpoint, what is asked, language, and what is kept of the address."""

    def __init__(self, build: type_of_building[Page]) -> None:
        self._build = build
        self._plain: dict[tuple[object, ...], Page] = {}
        self._with_query: dict[tuple[object, ...], Page] = {}

    def page(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str],
    ) -> Page:
        """The page. `query` must hold only values that files list, or anybody fills the memory."""
        pages = self._with_query if query else self._plain
        asked = (questionnaire.version, questionnaire.left_out)
        key = (touchpoint.number, *asked, language, *sorted(query.items()))
        page = pages.get(key)
        if page is None:
            if len(pages) >= _MOST_WITH_QUERY and query:
                pages.clear()
            page = pages[key] = self._build(touchpoint, questionnaire, language, query)
        return page
