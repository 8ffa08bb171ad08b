"""Turns exceptions of the domain into RFC 9457 problems; one table holds all of them.

Such an exception is called a `fact` here.
"""

from collections.abc import Callable
from typing import Any

from ingest.asgi.edge import BodyTooLarge, LengthUnreadable, MediaTypeUnsupported
from ingest.asgi.json_bodies import BodyUnreadable
from ingest.asgi.messages import InvalidParam, Problem
from ingest.asgi.rate_limits import TooManyRequests
from ingest.connectors.authentication import ConnectorRefused
from ingest.connectors.keys import ConnectorUnready
from ingest.connectors.telephony.calls import CallUnreadable
from ingest.followup.following import SearchRejected, SignalUnknown
from ingest.followup.steps import FollowUpConflict, FollowUpRejected
from ingest.invitations.asked_for import InvitationsRejected
from ingest.invitations.idempotent_calls import IdempotencyConflict
from ingest.invitations.minting import ApiKeyNotMeant, ApiKeyUnknown
from ingest.kiosk.pairing import SignatureRefused
from ingest.kiosk.signatures import KeyUnreadable
from ingest.kiosk.statements import KioskUnknown
from ingest.municipalities.catalogue import MunicipalityUnknown, TouchpointUnknown, VersionUnknown
from ingest.operational.figures import FiguresRejected
from ingest.responses.answers import AnswersRejected
from ingest.responses.submission import ResponseConflict
from ingest.responses.versions import VersionAhead
from ingest.responses.writer import ResponseUnstorable, TokenSpent, WriterUnavailable
from ingest.senders.receipts import SenderSecretUnknown
from ingest.tokens.completion_tokens import CompletionTooLate
from ingest.tokens.response_tokens import TokenExpired, TokenForged


class Refused(Exception):
    """A refusal by the edge itself, before the domain is asked; `name` is that of its problem."""

    def __init__(self, name: str, detail: str = "") -> None:
        self.name = name
        self.detail = detail
        super().__init__(name)


# name: (status, title, what to do about it)
KINDS: dict[str, tuple[int, str, str]] = {
    "answers-rejected": (400, "Some answers were rejected", "See invalidParams; nothing was stored."),
    "body-unreadable": (400, "The body is not as the document has it", "Send JSON in UTF-8, as the OpenAPI document has it."),
    "invitations-rejected": (400, "The invitations were rejected", "See invalidParams; none was made or sent."),
    "figures-rejected": (400, "The figures were rejected", "See invalidParams; none was stored."),
    "follow-up-rejected": (400, "The follow-up was rejected", "See invalidParams; nothing was noted."),
    "search-rejected": (400, "The query cannot be looked for", "See invalidParams, which name what stands in the query."),
    "call-unreadable": (400, "The connector cannot read this message", "See invalidParams: fields of the connector's mapping."),
    "version-unknown": (400, "This version is not asked here", "Fetch the touchpoint again for its version."),
    "language-unreadable": (400, "The language is not a language tag", "Send a tag such as nl or nl-NL."),
    "idempotency-key-missing": (400, "The call has no Idempotency-Key", "Send a key of 1 to 200 characters, new for each call."),
    "api-key-unknown": (401, "The API key is not known", "Send 'Authorization: Bearer <key>' with a key that is not revoked."),
    "connector-refused": (401, "The message is not of this connector", "Check municipality and connector in the path, and sign with its key."),
    "sender-secret-unknown": (401, "The secret is not this sender's", "Send 'Authorization: Bearer <secret>' with the secret of this sender."),
    "token-forged": (403, "The token is not ours", "Use the token for its own touchpoint and purpose, unchanged."),
    "api-key-not-meant": (403, "The API key is for something else", "Use a key that was made for this: meetpunt apikeys new --may."),
    "origin-not-allowed": (403, "This site may not ask for this touchpoint", "List the origin in the municipality's file."),
    "signature-refused": (403, "The signature is not this kiosk's", "Sign the text that is sent, with the key of this kiosk."),
    "not-found": (404, "There is nothing here", "Check the path; it does not end in a slash."),
    "municipality-unknown": (404, "This municipality is not known", "Check the name of the municipality, in the path or the query."),
    "touchpoint-unknown": (404, "This touchpoint is not known", "Check the name: municipality/touchpoint, and your own municipality's."),
    "signal-unknown": (404, "This signal is not known", "Take its id from the list of signals."),
    "kiosk-unknown": (404, "This kiosk is not known", "Pair the tablet again."),
    "method-not-allowed": (405, "This method is not allowed here", "See the Allow header."),
    "not-acceptable": (406, "Only JSON is spoken here", "Accept application/json."),
    "response-conflict": (409, "Another response has this id", "Choose a random response id for each response."),
    "follow-up-conflict": (409, "The signal is further already", "Look at what it is now; it goes on and never back."),
    "idempotency-conflict": (409, "Another call used this key", "Use a new Idempotency-Key for another body."),
    "token-expired": (410, "The survey was open too long", "Fetch the touchpoint again for a new token."),
    "token-spent": (410, "The token was used already", "A token buys one response."),
    "completion-too-late": (410, "The rest came too late", "What was sent before is stored; the rest is taken for 15 minutes."),
    "body-too-large": (413, "The body is larger than 64 kB", "Send less."),
    "media-type-unsupported": (415, "Only JSON in UTF-8 is taken here", "Send Content-Type: application/json, not compressed."),
    "too-many-requests": (429, "Too many requests", "Try again after Retry-After."),
    "internal": (500, "Something went wrong on our side", "Nothing was acknowledged; try again with the same response id."),
    "response-unstorable": (500, "The response could not be stored", "Nothing was stored; please report this."),
    "connector-unready": (503, "The connector has no key here", "Nothing was taken in; try again after Retry-After."),
    "version-ahead": (503, "This version is newer than the files here", "Try again after Retry-After, with the same response id."),
    "unavailable": (503, "The service cannot store now", "Try again after Retry-After, with the same response id."),
}  # fmt: skip

_NOT_A_KEY = InvalidParam(
    name="publicKey", code="wrong-type", reason="An uncompressed point of P-256 is needed."
)

# The name of each fact's problem.
NAMES: dict[type[Exception], str] = {
    BodyTooLarge: "body-too-large",
    BodyUnreadable: "body-unreadable",
    LengthUnreadable: "body-unreadable",
    MediaTypeUnsupported: "media-type-unsupported",
    AnswersRejected: "answers-rejected",
    CallUnreadable: "call-unreadable",
    ConnectorRefused: "connector-refused",
    ConnectorUnready: "connector-unready",
    VersionUnknown: "version-unknown",
    VersionAhead: "version-ahead",
    ApiKeyUnknown: "api-key-unknown",
    ApiKeyNotMeant: "api-key-not-meant",
    SearchRejected: "search-rejected",
    SignalUnknown: "signal-unknown",
    FollowUpRejected: "follow-up-rejected",
    FollowUpConflict: "follow-up-conflict",
    SenderSecretUnknown: "sender-secret-unknown",
    KeyUnreadable: "body-unreadable",
    SignatureRefused: "signature-refused",
    KioskUnknown: "kiosk-unknown",
    TokenForged: "token-forged",
    MunicipalityUnknown: "municipality-unknown",
    TouchpointUnknown: "touchpoint-unknown",
    ResponseConflict: "response-conflict",
    IdempotencyConflict: "idempotency-conflict",
    InvitationsRejected: "invitations-rejected",
    FiguresRejected: "figures-rejected",
    TokenExpired: "token-expired",
    CompletionTooLate: "completion-too-late",
    TokenSpent: "token-spent",
    TooManyRequests: "too-many-requests",
    ResponseUnstorable: "response-unstorable",
    WriterUnavailable: "unavailable",
}

# What some facts add to their problem: a detail, and what is wrong in the body.
_MORE: dict[type[Exception], Callable[[Any], tuple[str, tuple[InvalidParam, ...]]]] = {
    Refused: lambda e: (e.detail, ()),
    BodyUnreadable: lambda e: ("", e.params),
    LengthUnreadable: lambda _: ("The Content-Length is not a number.", ()),
    CallUnreadable: lambda e: ("", e.params),
    AnswersRejected: lambda e: ("", _answer_params(e)),
    VersionUnknown: lambda e: (f"Not asked here: {e}.", ()),
    VersionAhead: lambda e: (f"This copy of the service has no file yet of {e}.", ()),
    KeyUnreadable: lambda _: ("", (_NOT_A_KEY,)),
    InvitationsRejected: lambda e: ("", e.params),
    FiguresRejected: lambda e: ("", e.params),
    SearchRejected: lambda e: ("", e.params),
    FollowUpRejected: lambda e: ("", e.params),
}


def problem(name: str, detail: str = "", params: tuple[InvalidParam, ...] = ()) -> Problem:
    """The problem with this name. Its `type` is a reference to its page on this service."""
    status, title, advice = KINDS[name]
    return Problem(
        type=f"/problems/{name}",
        status=status,
        title=title,
        detail=detail or advice,
        invalid_params=params,
    )


def problem_of(fact: Exception) -> Problem:
    """The problem of a fact; one that is not in the table is `internal`."""
    name = fact.name if isinstance(fact, Refused) else NAMES.get(type(fact), "internal")
    more = _MORE.get(type(fact))
    return problem(name) if more is None else problem(name, *more(fact))


def retry_after_seconds(fact: Exception) -> int | None:
    """After how many seconds to try again; None where that does not help."""
    seconds: int | None = getattr(fact, "retry_after_seconds", None)
    return None if seconds is None else max(1, int(seconds))


def retry_after_line(fact: Exception, usual: int = 1) -> tuple[bytes, bytes]:
    """The header that says so; after the `usual` seconds where nobody knows."""
    return (b"retry-after", b"%d" % (retry_after_seconds(fact) or usual))


def _answer_params(rejected: AnswersRejected) -> tuple[InvalidParam, ...]:
    return tuple(
        InvalidParam(name=reason.name, reason=reason.reason, code=reason.code)
        for reason in rejected.reasons
    )
