"""The survey in an iframe: built and compressed once, except for the token near its end."""

from collections.abc import Mapping

import msgspec

from ingest.asgi.compression import Spliced
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.kept_pages import PLACEHOLDER, KeptPages
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import Questionnaire


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
        self._kept = KeptPages(self._build)

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
        return self._kept.page(touchpoint, questionnaire, language, query)

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
            self._pages.frame(touchpoint, PLACEHOLDER),
        )
        start, _, rest = built.partition(PLACEHOLDER.encode())
        return EmbeddedPage(Spliced(start), rest)
