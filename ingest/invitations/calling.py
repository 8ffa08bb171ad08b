"""Ask a provider: to take a message, or what became of one; always with an answer within a time."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol, TypeVar

from ingest.invitations.composing import Composing
from ingest.invitations.outcomes import Ended, verdict_of
from ingest.invitations.picked import Attempt
from ingest.invitations.sending_statements import Lost
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.invitation_texts import NothingToSay
from ingest.running import metrics
from ingest.running.logs import log
from ingest.senders.sender import Outcome, RefusedForGood, RefusedForNow, Sender, Unknown

Answer = TypeVar("Answer")


class Providers(Protocol):
    """Every sender there is: `ingest.senders.senders.Senders`."""

    def of(self, municipality: str, name: str) -> Sender:
        """By the municipality's slug and its name there. Raises LookupError: there is none."""

    async def close(self) -> None:
        """Let go of connections."""


def provider_of(providers: Providers, municipality: str, name: str) -> bytes | None:
    """Who is called by this name: 32 bytes, which tell no secret; None while that is not known.

    `municipality` is its slug. The same name may be another provider tomorrow, or the same one with
    another account: that one never heard of a message, and to believe it would send it twice.
    """
    try:
        account = providers.of(municipality, name).account
    except LookupError:
        return None
    return None if account is None else sha256(account.encode()).digest()


class Calling:
    """Makes the calls of one process, each within `seconds`; a sender's own limit is less."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        composing: Composing,
        providers: Providers,
        seconds: float,
    ) -> None:
        self._municipalities = {each.code: each for each in catalogue.municipalities.values()}
        self._composing = composing
        self._providers = providers
        self._seconds = seconds

    async def send(self, attempt: Attempt) -> Ended:
        """Hand the message over."""
        outcome: Outcome
        try:
            message = self._composing.message(attempt, now=datetime.now(UTC))
            sender = self._providers.of(attempt.municipality.slug, attempt.row.sender)
        except NothingToSay:
            outcome = RefusedForGood("text-refused")
        except LookupError:
            outcome = RefusedForNow("not-allowed")
        else:
            slug, name = attempt.municipality.slug, attempt.row.sender
            if provider_of(self._providers, slug, name) == attempt.provider:
                outcome = await self._answer(sender.send(message))
            else:
                # Its key was read again just now, and another account was written down.
                outcome = RefusedForNow("key-unreadable")
        self._count(attempt.row.municipality, attempt.row.sender, outcome)
        return Ended(row=attempt.row, outcome=outcome)

    async def look_up(self, lost: Lost) -> Ended:
        """Ask what became of it; nobody can be asked where another provider was called."""
        outcome: Outcome | None
        reason = lost.reason
        try:
            slug = self._slug(lost.municipality)
            sender = self._providers.of(slug, lost.sender)
        except LookupError:
            # Another process may have newer files.
            outcome = Unknown("no-answer")
        else:
            now = provider_of(self._providers, slug, lost.sender)
            # Where either is not known it is asked, as the key is then not there to ask with.
            if now and lost.provider and now != lost.provider:
                outcome, reason = None, "provider-changed"
            else:
                outcome = await self._answer(sender.look_up(str(lost.id), lost.reference))
        self._count(lost.municipality, lost.sender, outcome)
        return Ended(
            row=lost, outcome=outcome, looked_up=True, reason_before=reason, over=lost.over
        )

    def _slug(self, municipality: str) -> str:
        return self._municipalities[municipality].slug

    async def _answer(self, question: Awaitable[Answer]) -> Answer | Unknown:
        """A sender raises nothing; of one that does nobody knows what it did before."""
        try:
            async with asyncio.timeout(self._seconds):
                return await question
        except TimeoutError:
            return Unknown("no-answer")
        except Exception as failure:
            log("sender_failed", level="error", exception=failure)
            return Unknown("answer-unreadable")

    def _count(self, municipality: str, sender: str, outcome: Outcome | None) -> None:
        there = self._municipalities.get(municipality)
        declared = there.senders.get(sender) if there else None
        kind = declared.kind if declared else "other"
        metrics.invitation_verdicts.labels(sender=kind, verdict=verdict_of(outcome)).inc()
