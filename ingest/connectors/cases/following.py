"""Follow what was told of a case: look how it is now, and ask who it was for, once a closing.

What came first, twice or late makes no difference, because only the case itself is believed.
"""

from collections.abc import Mapping
from datetime import datetime

import asyncpg
import msgspec

from ingest.connectors.cases.closing import Case, is_of, may_be_asked_about, read_case, whom_to_ask
from ingest.connectors.cases.system import CaseSystem
from ingest.connectors.notifications.channels import target_below
from ingest.connectors.notifications.following import NotNow, Store, Thing
from ingest.invitations.moments import read_moment
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Queue

SOURCE = "zaken"


class FollowedCases:
    """Follows cases of every municipality that has `[cases]`; `systems` by its slug."""

    def __init__(
        self, catalogue: Catalogue, taking: Taking, systems: Mapping[str, CaseSystem]
    ) -> None:
        self._catalogue = catalogue
        self._taking = taking
        self._systems = systems

    async def follow(self, thing: Thing, *, now: datetime) -> Store | None:
        """What becomes of a case: somebody to ask, something to take back, or nothing."""
        system = self._systems.get(thing.municipality)
        if system is None:
            return None
        most = system.cases.most_confidential
        told = await system.read(thing.about)
        case = read_case(told) if told is not None else None
        if told is not None and case is None:
            raise NotNow("answer-unreadable")
        if case is None or not may_be_asked_about(case.confidentiality, most):
            # Nothing more of it is read: not its status, and not who asked for it.
            return self._takes_back(thing, now)
        if case.is_part or not is_of(case, system.cases.organisations):
            return None
        contact = await self._contact(system, thing, case, now)
        if case.ended is None:
            return self._opened(thing, contact, now)
        return self._closed(thing, contact, now) if contact else None

    async def _contact(
        self, system: CaseSystem, thing: Thing, case: Case, now: datetime
    ) -> ContactEnded | None:
        """What to ask about the phase that the case is in; None where nothing is."""
        cases = system.cases
        if not case.status or (case.ended is None and not cases.phases):
            return None
        status_type, moment = await self._status(system, case)
        is_end = status_type.get("isEindstatus") is True
        if is_end != (case.ended is not None) or status_type.get("informeren") is not True:
            return None
        kind = await system.read_type(case.type)
        name = str(kind.get("identificatie", ""))
        phase = str(status_type.get("omschrijving", ""))
        end = cases.types.get(name) if is_end else cases.phases.get(name, {}).get(phase)
        if end is None:
            return None
        rules = self._catalogue.touchpoint(thing.municipality, end.touchpoint).invitations
        roles = await system.initiators(case.url)
        outcome = await _outcome(system, case) if rules is not None and rules.outcomes else None
        # Without the host: a system that moves tells of the same cases.
        keys = [target_below(cases.zaken_url, each) for each in (case.url, case.status)]
        return ContactEnded(
            municipality=thing.municipality,
            touchpoint=end.touchpoint,
            ended_at=min(moment or now, now),
            source=SOURCE,
            source_key=msgspec.json.encode(keys).decode(),
            dimensions=_dimensions(case, end),
            recipient=whom_to_ask(roles, rules),
            outcome=outcome,
            case_type=name,
            about=_closing_of(cases.zaken_url, case.url) if is_end else None,
        )

    async def _status(
        self, system: CaseSystem, case: Case
    ) -> tuple[dict[str, object], datetime | None]:
        status = await system.read(case.status)
        kind = status.get("statustype") if status else None
        if status is None or not isinstance(kind, str):
            # It was replaced while we looked.
            raise NotNow("status-missing")
        moment = read_moment(str(status.get("datumStatusGezet", "")))
        return await system.read_type(kind), moment

    def _closed(self, thing: Thing, contact: ContactEnded, now: datetime) -> Store:
        """Ask about this closing, and no more about one before it that nobody was asked about."""

        async def store(db: asyncpg.Connection) -> None:
            undone = db.transaction()
            await undone.start()
            await self._taking.withdraw(db, thing.municipality, SOURCE, str(contact.about), now=now)
            (became,) = await self._taking.take_in(db, [contact], now=now)
            # Told again: what waits is about this very closing.
            await (undone.rollback() if became == "again" else undone.commit())

        return store

    def _opened(self, thing: Thing, contact: ContactEnded | None, now: datetime) -> Store:
        """It is open, perhaps again: nobody is asked how it was closed."""
        takes_back = self._takes_back(thing, now)

        async def store(db: asyncpg.Connection) -> None:
            await takes_back(db)
            if contact is not None:
                await self._taking.take_in(db, [contact], now=now)

        return store

    def _takes_back(self, thing: Thing, now: datetime) -> Store:
        base = self._systems[thing.municipality].cases.zaken_url

        async def store(db: asyncpg.Connection) -> None:
            about = _closing_of(base, thing.about)
            await self._taking.withdraw(db, thing.municipality, SOURCE, about, now=now)

        return store


def _closing_of(base: str, case: str) -> str:
    return target_below(base, case) or case


def _dimensions(case: Case, end: Queue) -> dict[str, str]:
    return case.details | ({"product": end.product} if end.product else {})


async def _outcome(system: CaseSystem, case: Case) -> str | None:
    """How it ended, in the word of its type of result."""
    result = await system.read(case.result) if case.result else None
    kind = result.get("resultaattype") if result else None
    if not isinstance(kind, str):
        return None
    return str((await system.read_type(kind)).get("omschrijving", "")) or None
