"""Receive one response: every step from what was sent to what is stored."""

import re
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from ingest.clock import AMSTERDAM, day_of
from ingest.followup.signals import NOTHING, Noticing
from ingest.municipalities.catalogue import Catalogue, VersionUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampling import as_stored, path_for
from ingest.responses.answers import (
    AnswersRejected,
    CheckedAnswers,
    answers_from_form,
    check_answers,
)
from ingest.responses.statements import KnownResponse, NewResponse
from ingest.responses.submission import (
    MODES,
    Receipt,
    Submission,
    allowed_dimensions,
    as_json,
    begun_with,
    require_language,
    require_same,
    screened,
    suspicions,
)
from ingest.responses.versions import type_of_asked
from ingest.responses.writer import ResponseKnown, TokenSpent, Writer
from ingest.running import metrics
from ingest.tokens.completion_tokens import Begun, CompletionTokens
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.response_tokens import Token, TokenExpired, TokenForged, Tokens, digest

type_of_permit = Callable[[], Awaitable[None]]

_KEBAB = re.compile(r"(?<!^)(?=[A-Z])")


class Intake:
    """Checks what was sent, spends its permission and stores it, or raises a named refusal.

    `find` looks a response up; `asked` finds the version that was answered;
    `content_key` keys the code that tells a retry from another response.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        tokens: Tokens,
        completion_tokens: CompletionTokens,
        writer: Writer,
        find: Callable[[str, UUID], Awaitable[KnownResponse | None]],
        asked: type_of_asked,
        content_key: bytes,
    ) -> None:
        self._catalogue = catalogue
        self._tokens = tokens
        self._completion_tokens = completion_tokens
        self._writer = writer
        self._find = find
        self._asked = asked
        self._codes = Codes(content_key)
        self._noticing = Noticing(catalogue.municipalities.values())

    async def receive(
        self, submission: Submission, *, purposes: Collection[str], now: datetime
    ) -> Receipt:
        """Store one response, exactly once.

        The order of checks is promised: a retry of something stored is always answered,
        also when its token expired or its version was replaced. Raises `TokenForged`,
        `TokenExpired`, `VersionUnknown`, `VersionAhead`, `AnswersRejected`, `ResponseConflict`,
        `TokenSpent` or `WriterUnavailable`.
        """
        try:
            token, expired = self._read_token(submission.token, now, purposes)
            touchpoint = self._touchpoint(token, submission)
        except TokenForged:
            metrics.count_outcome("unknown", "unknown", "token-forged")
            raise
        receiving = self._receive(submission, token, expired, touchpoint, now, _permitted)
        return await self._counted(receiving, touchpoint)

    async def receive_permitted(
        self,
        submission: Submission,
        touchpoint: Touchpoint,
        token: Token,
        *,
        now: datetime,
        permit: type_of_permit,
    ) -> Receipt:
        """As `receive`, under a permission that is somebody else's; `token` stands for it.

        `permit` is awaited when the answers are right and nothing is stored: it uses the permission
        for this response alone, or raises `TokenSpent`.
        """
        receiving = self._receive(submission, token, None, touchpoint, now, permit)
        return await self._counted(receiving, touchpoint)

    async def _counted(
        self, receiving: Coroutine[None, None, Receipt], touchpoint: Touchpoint
    ) -> Receipt:
        try:
            receipt = await receiving
        except Exception as refusal:
            outcome = _KEBAB.sub("-", type(refusal).__name__).lower()
            metrics.count_outcome(touchpoint.municipality, touchpoint.channel, outcome)
            raise
        outcome = "already-received" if receipt.again else "stored"
        metrics.count_outcome(touchpoint.municipality, touchpoint.channel, outcome)
        return receipt

    async def _receive(
        self,
        submission: Submission,
        token: Token,
        expired: TokenExpired | None,
        touchpoint: Touchpoint,
        now: datetime,
        permit: type_of_permit,
    ) -> Receipt:
        municipality = self._catalogue.municipalities[touchpoint.municipality].code
        response_id = submission.response_id or uuid4()
        stored_id = self._codes.of_response(response_id)
        code, begun = b"", None
        try:
            questionnaire, replaced = await self._questionnaire(touchpoint, submission, now)
            questionnaire = path_for(questionnaire, token.id)
            checked = self._check(questionnaire, submission, replaced)
            texts = self._screened(touchpoint, submission, checked)
            head = f"{touchpoint.number}/{questionnaire.structure}/{submission.complete:d}/"
            code = self._codes.of_content(head + submission.said, checked.canonical, texts)
            if not submission.complete and token.purpose == "embed":
                begun = begun_with(stored_id, touchpoint, questionnaire, checked, now)
            for refusal in (replaced, expired):
                if refusal is not None:
                    raise refusal
            require_language(touchpoint, submission.language)
            await permit()
        except (TokenExpired, TokenSpent, VersionUnknown, AnswersRejected):
            if submission.response_id is not None and not submission.first_try:
                known = await self._find(municipality, stored_id)
                if known is not None:
                    return self._already_received(response_id, known, code, begun)
            raise
        response = self._row(
            stored_id,
            municipality,
            touchpoint,
            questionnaire,
            submission,
            checked,
            texts,
            token,
            code,
            now,
        )
        try:
            await self._writer.store(response)
        except ResponseKnown as stored:
            return self._already_received(response_id, stored.known, code, begun)
        return self._receipt(response_id, begun, complete=response.complete, again=False)

    def _already_received(
        self, response_id: UUID, known: KnownResponse, code: bytes, begun: Begun | None
    ) -> Receipt:
        require_same(known, code)
        return self._receipt(response_id, begun, complete=known.complete, again=True)

    def _receipt(
        self, response_id: UUID, begun: Begun | None, *, complete: bool, again: bool
    ) -> Receipt:
        token = None if begun is None else self._completion_tokens.issue(begun)
        return Receipt(
            response_id=response_id, complete=complete, again=again, completion_token=token
        )

    def _read_token(
        self, text: str, now: datetime, purposes: Collection[str]
    ) -> tuple[Token, TokenExpired | None]:
        try:
            return self._tokens.verify(text, now=now, purposes=purposes), None
        except TokenExpired as expired:
            return expired.token, expired

    def _touchpoint(self, token: Token, submission: Submission) -> Touchpoint:
        touchpoint = self._catalogue.touchpoint_numbered(token.touchpoint)
        if touchpoint is None or submission.touchpoint not in (None, touchpoint.path):
            raise TokenForged
        return touchpoint

    def _questionnaire(
        self, touchpoint: Touchpoint, submission: Submission, now: datetime
    ) -> Awaitable[tuple[Questionnaire, VersionUnknown | None]]:
        version = submission.version
        return self._asked(
            touchpoint,
            submission.questionnaire or touchpoint.questionnaire,
            touchpoint.version if version is None else version,
            day_of(now),
        )

    def _screened(
        self, touchpoint: Touchpoint, submission: Submission, checked: CheckedAnswers
    ) -> list[dict[str, object]]:
        finder = self._catalogue.themes.finder(touchpoint.municipality)
        return [screened(text, finder, submission.language) for text in checked.texts]

    @staticmethod
    def _check(
        questionnaire: Questionnaire, submission: Submission, replaced: VersionUnknown | None
    ) -> CheckedAnswers:
        answers = submission.answers
        try:
            if submission.fields is not None:
                answers = answers_from_form(questionnaire, submission.fields)
            return check_answers(questionnaire, answers, complete=submission.complete)
        except AnswersRejected:
            if replaced is not None:
                raise replaced from None
            raise

    def _row(
        self,
        stored_id: UUID,
        municipality: str,
        touchpoint: Touchpoint,
        questionnaire: Questionnaire,
        submission: Submission,
        checked: CheckedAnswers,
        texts: Sequence[Mapping[str, object]],
        token: Token,
        code: bytes,
        now: datetime,
    ) -> NewResponse:
        local = now.astimezone(AMSTERDAM)
        invited = token.purpose == "invitation"
        mode, suspect = MODES[token.purpose], ",".join(suspicions(submission, token, now))
        noticed = NOTHING
        # Of who was invited somebody is told once the batch is published.
        if mode != "bericht" and token.purpose != "preview" and not suspect:
            noticed = self._noticing.noticed(touchpoint, questionnaire, checked.answers)
        return NewResponse(
            municipality=municipality,
            id=stored_id,
            touchpoint=touchpoint.number,
            questionnaire=questionnaire.code,
            version=questionnaire.version,
            structure=questionnaire.structure,
            language=submission.language,
            day=local.date(),
            hour=None if mode == "bericht" else local.hour,
            mode=mode,
            complete=submission.complete,
            suspect=suspect,
            is_test=token.purpose == "preview",
            dimensions=as_json(allowed_dimensions(touchpoint, submission.hints)),
            content_code=code,
            answers=as_json(as_stored(questionnaire, checked.answers)),
            texts=as_json(texts),
            invitation=digest(token.id) if invited else None,
            token_id=None if invited else self._codes.of_spent(token.id),
            # The day after, because a token is still accepted some minutes after its expiry.
            token_expires_on=None if invited else token.expires_at.date() + timedelta(days=1),
            told=submission.told,
            **noticed,
        )


async def _permitted() -> None:
    """A token of ours is spent in the statement that stores, and permits until then."""
