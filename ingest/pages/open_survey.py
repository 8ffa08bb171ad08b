"""The survey behind an open link: built and compressed once, but for the token in its form."""

from collections.abc import Mapping
from urllib.parse import urlencode

from ingest.asgi.compression import Gapped
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import Questionnaire

# Stands where the token comes, in the page that is built once for everybody. No text of ours can
# hold it: TOML allows no NUL.
_PLACEHOLDER = "\0token\0"
_MOST_WITH_QUERY = 500

_Key = tuple[object, ...]


class OpenPages:
    """Builds the pages behind open links and QR codes, and keeps them."""

    def __init__(self, pages: Pages, token_characters: int) -> None:
        """`token_characters`: how long the tokens are that fill their gap."""
        self._pages = pages
        self._length = token_characters
        self._plain: dict[_Key, Gapped] = {}
        self._with_query: dict[_Key, Gapped] = {}

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
        pages = self._with_query if query else self._plain
        key = (touchpoint.number, questionnaire.version, language, *sorted(query.items()))
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
    ) -> Gapped:
        state = FormState(
            values={"cijfer": [query["cijfer"]]} if "cijfer" in query else {},
            action=f"/v/{_PLACEHOLDER}?{urlencode({**query, 'lang': language})}",
            query=query,
        )
        built = self._pages.survey_again(touchpoint, questionnaire, language, state)
        before, _, after = built.partition(_PLACEHOLDER.encode())
        # There are many combinations of values, so these are compressed quickly.
        return Gapped(before, self._length, after, quickly=bool(query))
