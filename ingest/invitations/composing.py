"""Put a message together: the words of its touchpoint, its one link, and a way out of more."""

from datetime import datetime, timedelta

from ingest.clock import day_of
from ingest.invitations.codes import InvitationCodes
from ingest.invitations.occasions import Recipient
from ingest.invitations.opt_out_links import OptOutLinks
from ingest.invitations.picked import Attempt
from ingest.municipalities.invitation_texts import (
    NothingToSay,
    language_of_message,
    mail,
    text_message,
)
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics
from ingest.senders.sender import OutgoingMessage
from ingest.tokens.derived_keys import DerivedKeys
from ingest.tokens.response_tokens import Tokens


class Composing:
    """Makes messages. `base_url` stands in for every municipality's own."""

    def __init__(
        self,
        *,
        tokens: Tokens,
        keys: DerivedKeys,
        base_url: str | None = None,
    ) -> None:
        self._tokens = tokens
        self._keys = keys
        self._base_url = base_url
        self._codes = InvitationCodes(keys)
        self._opt_out_links = OptOutLinks(keys.opt_out_links)

    def message(self, attempt: Attempt, *, now: datetime) -> OutgoingMessage:
        """What is sent for this row; the same link at each attempt, valid from `now` (UTC) on.

        Raises `NothingToSay` where the words were taken out of the file since.
        """
        touchpoint, municipality = attempt.touchpoint, attempt.municipality
        recipient, rules = attempt.content.recipient, touchpoint.invitations
        if rules is None:
            raise NothingToSay(touchpoint.path)
        language = language_of_message(rules, recipient.scheme, attempt.content.language)
        link = self._link(attempt, now)
        reference, name = str(attempt.row.id), municipality.name
        if recipient.scheme == "tel":
            said = text_message(touchpoint, language, name=name, link=link)
            return OutgoingMessage(
                reference=reference,
                recipient=recipient,
                language=language,
                name=name,
                link=link,
                text=said,
            )
        way_out = self._way_out(municipality, recipient, now)
        written = mail(touchpoint, language, name=name, link=link, opt_out=way_out)
        return OutgoingMessage(
            reference=reference,
            recipient=recipient,
            language=language,
            name=name,
            link=link,
            subject=written.subject,
            plain=written.text,
            unsubscribe_url=way_out,
        )

    def _link(self, attempt: Attempt, now: datetime) -> str:
        touchpoint = attempt.touchpoint
        metrics.tokens_issued.labels(purpose="invitation").inc()
        token = self._tokens.issue(
            purpose="invitation",
            touchpoint=touchpoint.number,
            expires_at=now + timedelta(days=touchpoint.link_lifetime_days),
            now=now,
            id=self._keys.link_id(attempt.row.id),
        )
        return f"{self._base_url or attempt.municipality.base_url}/v/{token}"

    def _way_out(self, municipality: Municipality, recipient: Recipient, now: datetime) -> str:
        code = self._codes.of_opted_out(municipality.code, recipient)
        today = day_of(now)
        sealed = self._opt_out_links.seal(municipality.code, code, today=today)
        return f"{self._base_url or municipality.base_url}/afmelden/{sealed}"
