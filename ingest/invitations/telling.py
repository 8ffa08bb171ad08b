"""Take in who is to be invited, as a municipality's own system tells it over the API."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg

from ingest.database.acknowledged import acknowledged
from ingest.invitations.asked_for import check_asked_for, chosen_already
from ingest.invitations.idempotent_calls import IdempotentCall
from ingest.invitations.messages import RequestedInvitation, RequestedInvitations, ToldInvitation
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import RecipientUnusable, read_recipient
from ingest.invitations.rules import is_reached
from ingest.invitations.taking import OCCASION_DAYS, Taking
from ingest.municipalities.catalogue import Catalogue, TouchpointUnknown
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.municipality import Municipality, Touchpoint

SOURCE = "api"

_AT_ONCE = 50


class Telling:
    """Takes in calls with recipients. The same call again sends nothing twice."""

    def __init__(self, *, catalogue: Catalogue, taking: Taking, minting_key: bytes) -> None:
        self._catalogue = catalogue
        self._taking = taking
        self._minting_key = minting_key

    async def tell(
        self,
        db: asyncpg.Connection,
        requested: RequestedInvitations,
        *,
        municipality: Municipality,
        idempotency_key: str,
        now: datetime,
    ) -> list[ToldInvitation]:
        """What is told of each, in their order: whether anybody can be reached so, and no more.

        Raises `TouchpointUnknown`, also for another municipality's, `InvitationsRejected`,
        `IdempotencyConflict` or `NotReplicated`.
        """
        slug, _, name = requested.touchpoint.partition("/")
        if slug != municipality.slug:
            # The same for one that there is: a key tells nothing of another municipality.
            raise TouchpointUnknown(requested.touchpoint)
        touchpoint = self._catalogue.touchpoint(slug, name)
        check_asked_for(touchpoint, requested, now)
        call = IdempotentCall(self._minting_key, municipality.code, idempotency_key, requested)
        told, contacts = [], []
        for index, invitation in enumerate(requested.invitations):
            if index % _AT_ONCE == 0:
                await asyncio.sleep(0)  # to know numbers takes long, and residents wait
            recipient, verdict = _recipient(invitation, touchpoint.invitations)
            told.append(verdict)
            reached = verdict.result == "accepted"
            contact = _contact(touchpoint, invitation, recipient, call, index, reached=reached)
            contacts.append(contact)
        async with acknowledged(db) as wait_for_replicas:
            async with db.transaction():
                until = now + timedelta(days=OCCASION_DAYS)
                first = await call.begin(db, touchpoint.number, until)
                if first:
                    # A few at a time: meanwhile residents are waited on.
                    for start in range(0, len(contacts), _AT_ONCE):
                        some = contacts[start : start + _AT_ONCE]
                        await self._taking.take_in(db, some, now=now)
            if not first:
                await wait_for_replicas()
        if not first:
            await call.first_expiry(db, now)
        return told


def _recipient(
    invitation: RequestedInvitation, rules: InvitationRules | None
) -> tuple[Recipient | None, ToldInvitation]:
    """Who it is, where that can be told; and what the reply says of it."""
    try:
        recipient = read_recipient(str(invitation.recipient))
    except RecipientUnusable as unusable:
        return None, ToldInvitation(result="invalid-recipient", reason=unusable.code)
    if rules is None or not is_reached(recipient, rules):
        return recipient, ToldInvitation(result="invalid-recipient", reason="not-reachable")
    return recipient, ToldInvitation(result="accepted")


def _contact(
    touchpoint: Touchpoint,
    invitation: RequestedInvitation,
    recipient: Recipient | None,
    call: IdempotentCall,
    index: int,
    *,
    reached: bool,
) -> ContactEnded:
    given = invitation.source_key
    # Each kind with a word of its own before it, so that no given key is one of ours.
    key = f"given/{given}" if isinstance(given, str) else f"call/{call.derived(str(index)).hex()}"
    if not reached:
        # Told again with an address that was put right, it is another contact.
        key = f"unreached/{key}"
    # It was checked that there is one.
    assert isinstance(invitation.ended_at, datetime)  # noqa: S101
    after = invitation.send_after
    outcome, case_type = chosen_already(touchpoint)
    return ContactEnded(
        municipality=touchpoint.municipality,
        touchpoint=touchpoint.slug,
        ended_at=invitation.ended_at.astimezone(UTC),
        source=SOURCE,
        source_key=key,
        dimensions=invitation.dimensions,
        language=invitation.language if isinstance(invitation.language, str) else None,
        recipient=recipient,
        send_after=after if isinstance(after, datetime) else None,
        outcome=outcome,
        case_type=case_type,
    )
