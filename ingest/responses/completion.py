"""Add the remaining answers to a response of which only the first step was sent, exactly once."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from ingest.database.acknowledged import acknowledged
from ingest.followup.signals import NOTHING, Noticing
from ingest.municipalities.catalogue import Catalogue, VersionUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampling import as_stored, path_of
from ingest.responses.answers import AnswersRejected, Reason, check_answers
from ingest.responses.completion_statements import Completion, complete_response
from ingest.responses.statements import find_response
from ingest.responses.submission import Receipt, as_json, require_same, screened
from ingest.responses.versions import VersionAhead, type_of_asked
from ingest.responses.writer import TokenSpent, type_of_database
from ingest.running import metrics
from ingest.tokens.completion_tokens import Begun, CompletionTokens, CompletionTooLate
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.response_tokens import TokenForged

_ANSWERED = "This item was answered in the first step."


class Completing:
    """Adds the rest to a response that was begun; `database` lends a connection of the service.

    `asked` finds the version that was begun.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        tokens: CompletionTokens,
        database: type_of_database,
        asked: type_of_asked,
        content_key: bytes,
    ) -> None:
        self._catalogue = catalogue
        self._tokens = tokens
        self._database = database
        self._asked = asked
        self._codes = Codes(content_key)
        self._noticing = Noticing(catalogue.municipalities.values())

    async def complete(
        self, response_id: UUID, token: str, answers: Mapping[str, object], *, now: datetime
    ) -> Receipt:
        """Store the rest, exactly once. A retry is recognised, also when it is too late to store.

        Raises `TokenForged`, `CompletionTooLate`, `AnswersRejected`, `ResponseConflict`,
        `TokenSpent` when the response is complete by other means, `VersionAhead` or
        `WriterUnavailable`.
        """
        too_late = None
        try:
            begun = self._tokens.verify(token, now=now)
        except CompletionTooLate as fact:
            begun, too_late = fact.begun, fact
        touchpoint = self._catalogue.touchpoint_numbered(begun.touchpoint)
        if touchpoint is None or begun.id != self._codes.of_response(response_id):
            raise TokenForged
        whole = await self._begun_questionnaire(touchpoint, begun)
        completion = self._completion(touchpoint, whole, begun, answers)
        async with self._database() as db, acknowledged(db) as wait_for_replicas:
            stored = too_late is None and await complete_response(db, completion)
            if not stored:
                # Perhaps this same call was made before or at the same time, and completed it.
                known = await find_response(db, completion.municipality, completion.receipt_id)
                if known is None and too_late is not None:
                    raise too_late
                await wait_for_replicas()
                if known is None:
                    raise TokenSpent
                require_same(known, completion.content_code)
        outcome = "completed" if stored else "already-received"
        metrics.count_outcome(touchpoint.municipality, touchpoint.channel, outcome)
        return Receipt(response_id=response_id, complete=True, again=not stored)

    async def _begun_questionnaire(self, touchpoint: Touchpoint, begun: Begun) -> Questionnaire:
        """Also one that is no longer taken: the first step was. Raises `VersionAhead`."""
        code, version = touchpoint.questionnaire, begun.version
        try:
            return (await self._asked(touchpoint, code, version, begun.day))[0]
        except VersionUnknown as unknown:
            # The token is ours: a copy with newer files took the first step.
            raise VersionAhead(str(unknown)) from None

    def _completion(
        self,
        touchpoint: Touchpoint,
        whole: Questionnaire,
        begun: Begun,
        answers: Mapping[str, object],
    ) -> Completion:
        """What is to be stored. Raises `AnswersRejected`."""
        answered = {*begun.answers, *begun.typed}
        reasons = [
            Reason(name=name, code="already-answered", reason=_ANSWERED)
            for name in answers
            if name in answered
        ]
        if reasons:
            raise AnswersRejected(reasons)
        # The token does not hold typed texts; a dash shows that the item was answered.
        before = {**begun.answers, **dict.fromkeys(begun.typed, "-")}
        questionnaire = path_of(whole, sampled=begun.sampled)
        checked = check_answers(questionnaire, {**before, **answers})
        added = {name: value for name, value in checked.answers.items() if name in answers}
        finder = self._catalogue.themes.finder(touchpoint.municipality)
        # In which language was asked, the token does not say.
        language = touchpoint.languages[0]
        texts = [screened(text, finder, language) for text in checked.texts if text.item in answers]
        canonical = msgspec.json.encode(
            {**added, **{text.item: text.text for text in checked.texts if text.item in answers}},
            order="sorted",
        )
        noticed = self._noticing.noticed(touchpoint, questionnaire, checked.answers)
        # A response is one signal at most, and what was begun may have been it.
        if self._noticing.noticed(touchpoint, questionnaire, begun.answers) != NOTHING:
            noticed = NOTHING
        return Completion(
            municipality=self._catalogue.municipalities[touchpoint.municipality].code,
            day=begun.day,
            id=begun.id,
            receipt_id=self._codes.of_completion(begun.id),
            content_code=self._codes.of_content(f"{touchpoint.number}/rest/", canonical, texts),
            answers=as_json(as_stored(questionnaire, checked.answers)),
            texts=as_json(texts),
            touchpoint=touchpoint.number,
            **noticed,
        )
