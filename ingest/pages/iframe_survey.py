"""The survey as it stands in an iframe: built and compressed once, but for the token it ends in."""

from collections.abc import Mapping

import msgspec

from ingest.asgi.compression import Spliced
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import Questionnaire

# Where the token comes, in a page that is built for nobody yet. No text can say it: a text with a
# NUL in it is no TOML.
_HERE = "\0token\0"
_MOST_WITH_QUERY = 500

_Key = tuple[object, ...]


class EmbeddedPage(msgspec.Struct, frozen=True):
    """A page without its token: what is the same for everybody, and what follows on the token."""

    start: Spliced
    rest: bytes

    def end(self, token: str) -> bytes:
        """What to put behind `start`."""
        return token.encode("ascii") + self.rest


class EmbeddedPages:
    """Builds and keeps the pages of surveys in iframes."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._plain: dict[_Key, EmbeddedPage] = {}
        self._with_query: dict[_Key, EmbeddedPage] = {}

    def survey(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str] = {},
    ) -> EmbeddedPage:
        """The survey as everybody gets it. Raises LanguageUnknown.

        `query` is what the language links keep of the address, and `cijfer` in it is shown as
        chosen; it holds only values that files list, or anybody could fill the memory with pages.
        """
        kept = self._with_query if query else self._plain
        key = (touchpoint.number, questionnaire.version, language, *sorted(query.items()))
        page = kept.get(key)
        if page is None:
            if len(kept) >= _MOST_WITH_QUERY and query:
                kept.clear()
            page = kept[key] = self._build(touchpoint, questionnaire, language, query)
        return page

    def _build(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str],
    ) -> EmbeddedPage:
        values = {"cijfer": [query["cijfer"]]} if "cijfer" in query else {}
        built = self._pages.survey_again(
            touchpoint,
            questionnaire,
            language,
            FormState(values=values, query=query),
            self._pages.frame(touchpoint, _HERE),
        )
        start, _, rest = built.partition(_HERE.encode())
        return EmbeddedPage(Spliced(start), rest)
