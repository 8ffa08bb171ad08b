"""Signalen's public endpoints, as far as we use them: no key, one host, and what it means.

The forms of Signalen 2.50.12 were tried: docs/decisions and tests/neighbours/signalen.py.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from ingest.municipalities.municipality import Municipality
from ingest.municipalities.signalen import Signalen
from ingest.outgoing.client import Answer, Client, PerhapsSent
from ingest.outgoing.connecting import NotSent

_FORM = "/v1/public/feedback/forms/"
_STANDARD_ANSWERS = "/v1/public/feedback/standard_answers/"
_UNKNOWN = "No Feedback matches the given query."

_AWAY = (
    *("failing", "unreachable", "no-answer"),
    *("connection-lost", "answer-unreadable", "certificate-refused"),
)

OPEN, UNKNOWN, TOO_LATE, FILLED_OUT = "open", "unknown", "too-late", "filled-out"
DONE, REFUSED = "done", "refused"


class CannotTell(Exception):
    """Signalen is away, or answers what we do not know; `reason` is a word of ours."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    @property
    def is_away(self) -> bool:
        """Whether it refused us, failed or said nothing; not where somebody answered in its place.

        Who puts a wall in front of it, or asks so often that it wants less, is no reason.
        """
        return self.reason in _AWAY


class StandardAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One of the answers that Signalen offers, letter by letter."""

    text: str
    is_satisfied: bool


class PublicApi:
    """One Signalen."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def look(self, token: str) -> str:
        """How the feedback with this token is: OPEN, UNKNOWN, TOO_LATE or FILLED_OUT.

        Raises `CannotTell`.
        """
        answer = await self._call("GET", f"{_FORM}{token}")
        if answer.status == 200 and isinstance(_member(answer, "signal_id"), str):
            return OPEN
        return _closed(answer)

    async def fill_in(self, token: str, body: Mapping[str, Any]) -> str:
        """Fill the feedback in: DONE, UNKNOWN, TOO_LATE, FILLED_OUT or REFUSED.

        A PUT of JSON and nothing else: a PATCH may be stored though it is answered with 500, and
        a form without a mark reopens the report. Raises `CannotTell`: it may have been done.
        """
        answer = await self._call("PUT", f"{_FORM}{token}", msgspec.json.encode(body))
        if answer.status == 200:
            return DONE
        return REFUSED if answer.status == 400 else _closed(answer)

    async def standard_answers(self) -> tuple[StandardAnswer, ...]:
        """What it offers. Raises `CannotTell`."""
        answer = await self._call("GET", _STANDARD_ANSWERS)
        results = _member(answer, "results")
        if answer.status != 200 or not isinstance(results, list):
            raise CannotTell(_reason(answer))
        return tuple(
            StandardAnswer(text=each["text"], is_satisfied=each["is_satisfied"])
            for each in results
            if isinstance(each, dict)
            and isinstance(each.get("text"), str)
            and isinstance(each.get("is_satisfied"), bool)
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    async def _call(self, method: str, target: str, body: bytes = b"") -> Answer:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            return await self._client.call(method, target, headers=headers, body=body)
        except (NotSent, PerhapsSent) as failed:
            raise CannotTell(failed.reason) from None


class Systems:
    """The Signalen of each municipality that has one, by its code; connections are kept."""

    def __init__(self, municipalities: Collection[Municipality]) -> None:
        self._by_code = {
            each.code: (each.signalen, PublicApi(client_of(each.signalen)))
            for each in municipalities
            if each.signalen is not None
        }

    def of(self, municipality: str) -> tuple[Signalen, PublicApi] | None:
        """What the file says, and how to call it; None where there is none."""
        return self._by_code.get(municipality)

    async def close(self) -> None:
        """Let go of all connections."""
        for _, api in self._by_code.values():
            await api.close()


def client_of(signalen: Signalen) -> Client:
    """Calls that host alone."""
    return Client(signalen.url, private=signalen.private_network)


def _closed(answer: Answer) -> str:
    """Why a feedback cannot be filled in. Raises `CannotTell`."""
    detail = _member(answer, "detail")
    # With the flag of its questionnaires app every form is 404, and so is a wrong address: only in
    # its own words the token is unknown.
    if answer.status == 404 and detail == _UNKNOWN:
        return UNKNOWN
    if answer.status == 410 and detail == "too late":
        return TOO_LATE
    if answer.status == 410 and detail == "filled out":
        return FILLED_OUT
    raise CannotTell(_reason(answer))


def _member(answer: Answer, name: str) -> Any:
    told = answer.json()
    return told.get(name) if isinstance(told, dict) else None


def _reason(answer: Answer) -> str:
    if answer.status >= 500:
        return "failing"
    return "too-many" if answer.status == 429 else "answer-unknown"
