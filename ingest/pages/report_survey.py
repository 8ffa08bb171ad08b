"""The survey behind the link of a report: built and compressed once, but for the id in its form.

That id is of the response. A link is used in one transaction and the response stored in the next;
whoever sends the same form again has to be known as the same in between.
"""

from collections.abc import Mapping

from ingest.asgi.compression import Gapped
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.kept_pages import PLACEHOLDER, KeptPages, with_gap
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import Questionnaire

_ID_CHARACTERS = 36


class ReportPages:
    """Builds the pages behind links of reports, and keeps them."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._kept = KeptPages(self._build)

    def survey(
        self,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        language: str,
        query: Mapping[str, str] = {},
    ) -> Gapped:
        """The survey for whoever opens the link; a random UUID in ASCII fills its gap.

        Raises LanguageUnknown.
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
            query=query,
            response_id=PLACEHOLDER,
            asks_report=True,
        )
        built = self._pages.survey_again(touchpoint, questionnaire, language, state)
        return with_gap(built, _ID_CHARACTERS, quickly=bool(query))
