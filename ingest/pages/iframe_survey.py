"""The survey in an iframe: built and compressed once, except for the token near its end."""

from collections.abc import Mapping

import msgspec

from ingest.asgi.compression import Spliced
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import Questionnaire

# Stands where the token comes, in the page that is built once for everybody. No text of ours can
# hold it: TOML allows no NUL.
_PLACEHOLDER = "\0token\0"
_MOST_WITH_QUERY = 500

_Key = tuple[object, ...]


class EmbeddedPage(msgspec.Struct, frozen=True):
    """A page without its token: `start` comes before the token, and `rest` after it."""

    start: Spliced
    rest: bytes

    def end(self, token: str) -> bytes:
        """The token and the rest: what follows on `start`."""
        return token.encode("ascii") + self.rest


class EmbeddedPages:
    """Builds the pages of surveys in iframes, and keeps them."""

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
        """The survey as everybody gets it who is asked the same. Raises LanguageUnknown.

        `query` is what its languages keep of the address; `cijfer` in it is shown as chosen.
        It must hold only values that files list, or anybody could fill the memory with pages.
        """
        pages = self._with_query if query else self._plain
        asked = (questionnaire.version, questionnaire.left_out)
        key = (touchpoint.number, *asked, language, *sorted(query.items()))
        page = pages.get(key)
        if page is None:
            if len(pages) >= _MOST_WITH_QUERY and query:
                pages.clear()
            page = pages[key] = self._build(touchpoint, questionnaire, language, query)
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
            self._pages.frame(touchpoint, _PLACEHOLDER),
        )
        start, _, rest = built.partition(_PLACEHOLDER.encode())
        return EmbeddedPage(Spliced(start), rest)
