"""Read what Open Klant knows of a contact: with whom it was, where it leads, if it ended. Pure.

Only the fields that stand here are read. What was said (`inhoud`, `toelichting`) is in the same
answer, and is never made a value of ours.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from ingest.connectors.openklant.norms import FIGURE_DAYS, IN_TIME, LATE, promised_until
from ingest.invitations.moments import read_moment
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import RecipientUnusable, read_recipient
from ingest.municipalities.connecting import Queue
from ingest.municipalities.contacts import ELSE, CallBacks, Contacts

NotYet = Literal["call-back-open"]
"""Why a contact is looked at again later."""

Never = Literal["another-event", "not-answered", "unknown-queue", "no-moment"]
"""Why a contact invites nobody, whatever the rules of a touchpoint."""

Read: TypeAlias = ContactEnded | NotYet | Never

SOURCE = "openklant"

COUNTED_WITHIN = timedelta(days=30)
"""After its two days a promise is counted within this: for longer it is known that it was."""

_AHEAD = timedelta(minutes=5)  # so far another's clock may be before ours

DONE = "verwerkt"
"""The state of an internal task that is done."""

_TELEPHONE = "telefoonnummer"
# Its languages are those of ISO 639-2, in the bibliographic code or the other; ours of ISO 639-1.
_LANGUAGES = {
    "dut": "nl",
    "nld": "nl",
    "eng": "en",
    "ger": "de",
    "deu": "de",
    "pol": "pl",
    "tur": "tr",
    "ukr": "uk",
    "ara": "ar",
}


class _Strict(msgspec.Struct, frozen=True, rename="camel"):
    """Nothing of it shows in a traceback."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Address(_Strict, frozen=True):
    """A telephone number or mail address that somebody left."""

    adres: str
    soort_digitaal_adres: str = ""
    is_standaard_adres: bool = False


class _Addresses(_Strict, frozen=True):
    digitale_adressen: tuple[Address, ...] = ()


class Person(_Strict, frozen=True):
    """Somebody who took part in a contact."""

    initiator: bool = False
    expanded: _Addresses = msgspec.field(default_factory=_Addresses, name="_expand")


class Task(_Strict, frozen=True):
    """An internal task: what it asks for, and when it was given and done."""

    uuid: UUID
    status: str = ""
    gevraagde_handeling: str = ""
    toegewezen_op: str | None = None
    afgehandeld_op: str | None = None

    def is_call_back(self, callbacks: CallBacks) -> bool:
        """Whether it is one of those that the municipality's file calls a call back."""
        return not callbacks.actions or self.gevraagde_handeling.strip() in callbacks.actions

    @property
    def promised_at(self) -> datetime | None:
        """When it was given to somebody (UTC)."""
        return read_moment(self.toegewezen_op or "")

    @property
    def done_at(self) -> datetime | None:
        """When it was done (UTC); None while it is not."""
        return read_moment(self.afgehandeld_op or "") if self.status == DONE else None


class _Reference(_Strict, frozen=True):
    uuid: UUID


class TaskOfContact(Task, frozen=True):
    """A task as it is given alone: with the contact that led to it."""

    aanleidinggevend_klantcontact: _Reference | None = None


class _Expanded(_Strict, frozen=True):
    had_betrokkenen: tuple[Person, ...] = ()
    leidde_tot_interne_taken: tuple[Task, ...] = ()


class Actor(_Strict, frozen=True):
    """Who took a contact: an employee, a department, a machine."""

    naam: str = ""


class Contact(_Strict, frozen=True):
    """A contact, as far as we read it."""

    uuid: UUID
    kanaal: str = ""
    onderwerp: str = ""
    taal: str = ""
    vertrouwelijk: bool = True
    indicatie_contact_gelukt: bool | None = None
    plaatsgevonden_op: str | None = None
    had_betrokken_actoren: tuple[Actor, ...] = ()
    expanded: _Expanded = msgspec.field(default_factory=_Expanded, name="_expand")


def read_contact(
    contacts: Contacts,
    contact: Contact,
    *,
    municipality: str,
    holidays: Collection[str],
    now: datetime,
) -> Read:
    """What this contact tells. `municipality` is a slug, `holidays` those that it adds.

    `now` (UTC) stands in for a moment that is still to come. What the list was asked for is looked
    at again: a filter that another version does not know is ignored there.
    """
    if contact.kanaal != contacts.channel or contact.vertrouwelijk:
        return "another-event"
    if contact.indicatie_contact_gelukt is not True:
        return "not-answered"
    queue = _queue(contacts, contact)
    ended_at = read_moment(contact.plaatsgevonden_op or "")
    details: dict[str, str] = {}
    callbacks = contacts.callbacks
    task = _call_back(callbacks, contact) if callbacks else None
    if callbacks and task:
        if task.done_at is None:
            return "call-back-open"
        ended_at = task.done_at
        details = {} if _lies_ahead(task, now) else _detail_of(callbacks, task, holidays)
        queue = _with_product(callbacks.queue, queue)
    if queue is None:
        return "unknown-queue"
    if ended_at is None:
        return "no-moment"
    if queue.product:
        details["product"] = queue.product
    return ContactEnded(
        municipality=municipality,
        touchpoint=queue.touchpoint,
        ended_at=min(ended_at, now),
        source=SOURCE,
        source_key=str(contact.uuid),
        dimensions=details,
        language=_LANGUAGES.get(contact.taal.lower()),
        recipient=_recipient(contact.expanded.had_betrokkenen),
        outcome="answered",
    )


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise to call back of which it is known by now whether it was kept within two days."""

    task: UUID
    promised_at: datetime
    kept: bool


def read_promise(
    callbacks: CallBacks, task: Task, *, holidays: Collection[str], now: datetime
) -> Promise | datetime | None:
    """What became of a promise by `now` (UTC), or until when that is to be seen.

    None for a task that is no call back, for one of which nobody can tell, such as of a moment that
    is still to come, and for one that is long over: that it was counted may be forgotten.
    """
    promised_at = task.promised_at
    if not task.is_call_back(callbacks) or promised_at is None or _lies_ahead(task, now):
        return None
    promised_at = min(promised_at, now)
    until = promised_until(promised_at, FIGURE_DAYS, holidays)
    if task.done_at is None and now < until:
        return until
    if now - until > COUNTED_WITHIN:
        return None
    kept = task.done_at is not None and task.done_at < until
    return Promise(task=task.uuid, promised_at=promised_at, kept=kept)


def _lies_ahead(task: Task, now: datetime) -> bool:
    """Whether it was given, or done, at a moment that is still to come: then nobody can tell."""
    return any(each and each - now > _AHEAD for each in (task.promised_at, task.done_at))


def _detail_of(callbacks: CallBacks, task: Task, holidays: Collection[str]) -> dict[str, str]:
    """Whether the call came in time, as a detail; none where Open Klant does not say when."""
    if task.promised_at is None or task.done_at is None:
        return {}
    until = promised_until(task.promised_at, callbacks.working_days, holidays)
    return {"teruggebeld": IN_TIME if task.done_at < until else LATE}


def _queue(contacts: Contacts, contact: Contact) -> Queue | None:
    """Where its subject leads, or else who took it, or else everything."""
    named = (contact.onderwerp, *(actor.naam for actor in contact.had_betrokken_actoren), ELSE)
    return next(filter(None, (contacts.queues.get(name.strip()) for name in named)), None)


def _with_product(queue: Queue, of_subject: Queue | None) -> Queue:
    """Where calls back lead, with the product of the subject where they have none of their own."""
    if queue.product or of_subject is None:
        return queue
    return Queue(touchpoint=queue.touchpoint, product=of_subject.product)


def _call_back(callbacks: CallBacks, contact: Contact) -> Task | None:
    """The call back that it ended with: one that is still to be done, else the last one done."""
    tasks = [
        task for task in contact.expanded.leidde_tot_interne_taken if task.is_call_back(callbacks)
    ]
    for task in tasks:
        if task.done_at is None:
            return task
    return max(tasks, key=lambda task: task.afgehandeld_op or "", default=None)


def _recipient(people: Iterable[Person]) -> Recipient | None:
    """Who can be sent something: the first mobile number, of who sought the contact if that is
    known; the number that somebody prefers goes first.
    """
    people = list(people)
    seeking = [person for person in people if person.initiator] or people
    for person in seeking:
        for recipient in _mobiles(person):
            return recipient
    return None


def _mobiles(person: Person) -> Iterator[Recipient]:
    numbers = [
        each
        for each in person.expanded.digitale_adressen
        if each.soort_digitaal_adres == _TELEPHONE
    ]
    for number in sorted(numbers, key=lambda each: not each.is_standaard_adres):
        try:
            yield read_recipient(f"tel:{number.adres}")
        except RecipientUnusable:
            continue
