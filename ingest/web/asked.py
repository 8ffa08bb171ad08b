"""What is asked under the token of one request."""

from ingest.municipalities.catalogue import VersionUnknown
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampling import id_like, path_for
from ingest.service import Service
from ingest.web.survey_query import Opened


def asked_under(service: Service, opened: Opened, version: int | None = None) -> Questionnaire:
    """The items for this token, in that version, or else in the present one.

    Raises TokenForged, but for a questionnaire of which everybody is asked the same.
    """
    try:
        questionnaire = service.catalogue.questionnaire(opened.touchpoint, version)
    except VersionUnknown:
        questionnaire = service.catalogue.questionnaire(opened.touchpoint)
    if questionnaire.asked_of is None:
        return questionnaire
    return path_for(questionnaire, service.tokens.read(opened.text).id)


def id_for_the_same(service: Service, opened: Opened) -> bytes:
    """The id of a fresh token for the same form: it asks the same. Raises TokenForged."""
    return id_like(service.tokens.read(opened.text).id)
