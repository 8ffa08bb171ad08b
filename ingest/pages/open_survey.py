"""The survey behind an open link: built and compressed once, but for the token in its form."""

from collections.abc import Mapping
from urllib.parse import urlencode

from ingest.asgi.compression import Gapped
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.kept_pages import PLACEHOLDER, KeptPages, with_gap
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import Questionnaire


class OpenPages:
    """Builds the pages behind open links and QR codes, and keeps them."""

    def __init__(self, pages: Pages, token_characters: int) -> None:
        """`token_characters`: how long the tokens are that fill their gap."""
        self._pages = pages
        self._length = token_characters
        self._kept = KeptPages(self._build)

    def survey(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str] = {},
    ) -> Gapped:
        """The survey for whoever opens the link; a token in ASCII fills its gap.

        Its form goes to `/v/<token>`, with `query` and the language. `cijfer` in `query` is shown
        as chosen. It must hold only values that files list, or anybody could fill the memory with
        pages. Raises LanguageUnknown.
        """
        return self._kept.page(touchpoint, questionnaire, language, query)

    def _build(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str],
    ) -> Gapped:
        state = FormState(
            values={"cijfer": [query["cijfer"]]} if "cijfer" in query else {},
            action=f"/v/{PLACEHOLDER}?{urlencode({**query, 'lang': language})}",
            query=query,
        )
        built = self._pages.survey_again(touchpoint, questionnaire, language, state)
        # There are many combinations of values, so these are compressed quickly.
        return with_gap(built, self._length, quickly=bool(query))
