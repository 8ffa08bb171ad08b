"""The survey at `/melding/<municipality>/<touchpoint>/<token of Signalen>`, in plain ASGI.

The link stands in the mail that Signalen sends when it closes a report. To open it asks nobody and
stores nothing. What is sent is looked at first; then Signalen is asked whether the link is good;
that it was used is written down, with what has to be told to the report; then the response is
stored.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

from msgspec.structs import replace

from ingest.asgi.edge import (
    client_address,
    reply,
    reply_filled,
    type_of_app,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.asgi.rate_limits import TooManyRequests
from ingest.connectors.signalen.permitting import LinkRefused
from ingest.connectors.signalen.public_api import FILLED_OUT, TOO_LATE, UNKNOWN
from ingest.connectors.signalen.sayings import TOKEN, read_saying
from ingest.municipalities.catalogue import TouchpointUnknown, VersionUnknown
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.links import THANKED_FOR_REPORT
from ingest.pages.pages import FormState
from ingest.pages.report_survey import ReportPages
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampling import path_for
from ingest.responses.answers import AnswersRejected, Reason
from ingest.responses.submission import ResponseConflict, Submission
from ingest.responses.writer import TokenSpent
from ingest.running import metrics
from ingest.service import Service
from ingest.tokens.response_tokens import Token
from ingest.web.declaring import Route
from ingest.web.posted_form import FormUnreadable, posted_form
from ingest.web.problems import retry_after_line
from ingest.web.submitted_form import SubmittedForm
from ingest.web.survey import METHODS, HotSurvey
from ingest.web.survey_query import Opened

PATH = "/melding/"
PURPOSE = "report"

# What Signalen says of a link: the status, and the message.
_REFUSED = {
    UNKNOWN: (404, "report-unknown"),
    TOO_LATE: (410, "report-closed"),
    FILLED_OUT: (410, "report-closed"),
}


class ReportSurvey(HotSurvey):
    """Answers everything under `/melding/`."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self._pages = ReportPages(service.pages)

    async def answer(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one request. Raises `ClientGone`."""
        method = scope["method"]
        # The path as it was sent, undecoded: a token has exactly one spelling. What stands in its
        # place may hold slashes: a whole address, where the line in the mail cut nothing off.
        names = scope["raw_path"].decode("latin-1").removeprefix(PATH).split("/", 2)
        touchpoint = self._touchpoint(names)
        if touchpoint is None:
            await self._not_found(scope, send)
            return
        if method not in ("GET", "HEAD", "POST"):
            lines = self._service.pages.lines(touchpoint.municipality).empty
            await reply(scope, send, 204 if method == "OPTIONS" else 405, (*lines, METHODS))
            return
        opened = self._opened(scope, names[2], PURPOSE, touchpoint)
        if not TOKEN.fullmatch(opened.text):
            verdicts = metrics.report_links.labels(
                municipality=touchpoint.municipality, verdict="no-token"
            )
            verdicts.inc()
            await self._message(scope, send, 404, "report-link", opened)
        elif method == "POST":
            await self._take(scope, receive, send, opened)
        else:
            await self._show(scope, send, opened)

    def _touchpoint(self, names: list[str]) -> Touchpoint | None:
        if len(names) != 3:
            return None
        try:
            touchpoint = self._service.catalogue.touchpoint(names[0], names[1])
        except TouchpointUnknown:
            return None
        return touchpoint if self._municipality(touchpoint).asks_reporters_at(touchpoint) else None

    def _municipality(self, touchpoint: Touchpoint) -> Municipality:
        return self._service.catalogue.municipality(touchpoint.municipality)

    def _asked(self, opened: Opened, version: int | None = None) -> Questionnaire:
        touchpoint, catalogue = opened.touchpoint, self._service.catalogue
        try:
            questionnaire = catalogue.questionnaire(touchpoint, version)
        except VersionUnknown:
            questionnaire = catalogue.questionnaire(touchpoint)
        code = self._municipality(touchpoint).code
        return path_for(questionnaire, self._service.reports.id_of(code, opened.text))

    async def _show(self, scope: type_of_scope, send: type_of_send, opened: Opened) -> None:
        touchpoint = opened.touchpoint
        page = self._pages.survey(touchpoint, self._asked(opened), opened.language, opened.query)
        lines = self._service.pages.lines(touchpoint.municipality)
        await reply_filled(scope, send, page, str(uuid4()).encode("ascii"), lines)

    async def _take(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send, opened: Opened
    ) -> None:
        try:
            form = await posted_form(scope, receive)
        except FormUnreadable as unreadable:
            await self._message(scope, send, unreadable.status, "not-understood", opened)
            return
        submission = self._submission(opened, form)
        opened = replace(opened, language=submission.language)
        if form.in_other_language is not None:
            await self._show_translated(scope, send, opened, form)
            return
        try:
            # Each of these asks Signalen something.
            address = client_address(scope)
            self._service.reports.limits.take(opened.touchpoint.number, address)
            await self._store(opened, submission, form, address)
        except Exception as refusal:
            await self._refuse(scope, send, opened, submission, refusal)
            return
        location = (b"location", self._thanks(opened).encode())
        await reply(scope, send, 303, (*self._lines(opened), location))

    async def _store(
        self, opened: Opened, submission: Submission, form: SubmittedForm, address: str
    ) -> None:
        """Use the link for this response, and store it. Raises what either raises."""
        service, municipality = self._service, self._municipality(opened.touchpoint)
        believe = partial(service.reports.limits.believe, opened.touchpoint.number, address)
        saying, faults = read_saying(form.fields)
        response_id = submission.response_id or uuid4()
        now = datetime.now(UTC)
        if saying is not None:
            said = service.reports.id_of_saying(response_id, saying)
            submission = replace(submission, told=saying.solved, said=said)

        async def permit() -> None:
            if saying is None:
                raise AnswersRejected(())
            await service.reports.permit(
                municipality, opened.text, response_id, saying, believe=believe, now=now
            )

        token = Token(
            id=service.reports.id_of_response(municipality.code, opened.text, response_id),
            purpose=PURPOSE,
            touchpoint=opened.touchpoint.number,
            expires_at=now + timedelta(days=1),
        )
        try:
            await service.intake.receive_permitted(
                submission, opened.touchpoint, token, now=now, permit=permit
            )
        except AnswersRejected as rejected:
            ours = (Reason(name=name, code=code, reason="") for name, code in faults)
            raise AnswersRejected((*rejected.reasons, *ours)) from None

    async def _refuse(
        self,
        scope: type_of_scope,
        send: type_of_send,
        opened: Opened,
        submission: Submission,
        refusal: Exception,
    ) -> None:
        match refusal:
            case LinkRefused():
                await self._message(scope, send, *_REFUSED[refusal.why], opened)
            case TokenSpent():
                # In the words of a link that is too old: whoever has a link of somebody else does
                # not learn whether they answered.
                await self._message(scope, send, 410, "report-closed", opened)
            case ResponseConflict():
                # Only whoever sent this form before is told so.
                await self._message(scope, send, 410, "report-changed", opened)
            case TooManyRequests():
                state = replace(self._again(opened, submission), notice="too-many")
                retry = retry_after_line(refusal)
                await self._survey(scope, send, 429, opened, state, submission.version, retry)
            case _:
                await super()._refuse(scope, send, opened, submission, refusal)

    def _thanks(self, opened: Opened) -> str:
        # All that differs from others' thanks is that a report was answered; nothing of the answer.
        return f"{super()._thanks(opened)}&{urlencode(THANKED_FOR_REPORT)}"

    async def _survey(
        self,
        scope: type_of_scope,
        send: type_of_send,
        status: int,
        opened: Opened,
        state: FormState,
        version: int | None = None,
        *more: tuple[bytes, bytes],
    ) -> None:
        # Of a form that came without an id, the next one has one.
        state = replace(state, asks_report=True, response_id=state.response_id or str(uuid4()))
        page = self._service.pages.survey_again(
            opened.touchpoint, self._asked(opened, version), opened.language, state
        )
        await reply(scope, send, status, (*self._lines(opened), *more), page)


def _hot(service: Service) -> type_of_app:
    return ReportSurvey(service).answer


_ADDRESS = f"{PATH}{{municipality}}/{{touchpoint}}/{{token}}"
ROUTES = (Route("GET", _ADDRESS, hot=_hot), Route("POST", _ADDRESS, hot=_hot))
