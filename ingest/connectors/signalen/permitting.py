"""Whether the link of a report may be used, and writing down that it was, with what is to be told.

Both are committed before the response is stored, in a transaction of their own: so no row of it has
the number of that transaction, and a response that is stored has always been permitted.
"""

import hmac
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import SystemRandom
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.connectors.signalen import statements
from ingest.connectors.signalen.limiting import ReportLimits
from ingest.connectors.signalen.public_api import (
    OPEN,
    UNKNOWN,
    CannotTell,
    PublicApi,
    Systems,
)
from ingest.connectors.signalen.sayings import YES_BUT, Saying
from ingest.database.acknowledged import acknowledged
from ingest.invitations.sealing import SealingOf
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.signalen import Signalen
from ingest.responses.writer import TokenSpent, WriterUnavailable
from ingest.running import metrics
from ingest.tokens.derived_keys import DerivedKeys

WRITEBACK_DAYS = 14
"""For so long it is tried: Signalen takes nothing later."""

KNOWN_FOR = timedelta(minutes=20)
"""Within it the same form, sent again, goes through. Nothing is published sooner."""

MOST_DELAY_SECONDS = 600.0
"""Before it is told, by chance: else Signalen's own moments tell in which order people answered."""

# A link that was used is known until nobody can use it: fourteen days by Signalen, and as many that
# it may be away.
SPENT_DAYS = 2 * WRITEBACK_DAYS + 2
_ASK_AGAIN_SECONDS = 30
_chance = SystemRandom()


class LinkRefused(Exception):
    """Signalen takes nothing under this link; `why` is UNKNOWN, TOO_LATE or FILLED_OUT."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class ToTell(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed: under which token, and what."""

    token: str
    saying: Saying

    def __repr__(self) -> str:
        return "ToTell()"


def sealing_of(keys: DerivedKeys) -> SealingOf[ToTell]:
    """Seals what waits to be told: one length for all, so that a length tells nothing."""
    return SealingOf(keys.writebacks, ToTell, block=5120)


async def require_harmless(to_tell: ToTell, signalen: Signalen, api: PublicApi) -> None:
    """Of somebody who is not content and whose report was solved: would it stay closed?

    It does under an answer that Signalen offers to who is content. Under one that it does not know
    it would be opened again, which nobody asked. Raises `CannotTell`.
    """
    if to_tell.saying.solved != YES_BUT:
        return
    offered = await api.standard_answers()
    if not any(each.text == signalen.solved and each.is_satisfied for each in offered):
        raise CannotTell("answer-not-offered")


class Permitting:
    """Uses links of reports, for the requests of one process."""

    def __init__(
        self,
        municipalities: Collection[Municipality],
        keys: DerivedKeys,
        database: Callable[[], AbstractAsyncContextManager[asyncpg.Connection]],
        limits: ReportLimits,
        most_delay_seconds: float = MOST_DELAY_SECONDS,
    ) -> None:
        """`database` lends a connection as meetpunt_ingest, or raises `WriterUnavailable`."""
        self.limits = limits
        self._systems = Systems(municipalities)
        self._key = keys.reports
        self._sealing = sealing_of(keys)
        self._database = database
        self._most_delay = most_delay_seconds

    def id_of(self, municipality: str, token: str) -> bytes:
        """16 bytes that stand for the token, and cannot be led back to it without our key."""
        return self._code("link", municipality.encode(), token.encode())

    def id_of_response(self, municipality: str, token: str, response_id: UUID) -> bytes:
        """What the writer spends: another for each response, because the link is used before.

        It begins as that of the link does, so that it asks the same.
        """
        link = self.id_of(municipality, token)
        return link[:4] + self._code("response", link, response_id.bytes)[4:]

    def id_of_saying(self, response_id: UUID, saying: Saying) -> str:
        """What stands for a saying within what stands for its response.

        The id is that of the form, which is stored nowhere: so nobody who has our key can try what
        a stored response said.
        """
        return self._code("said", response_id.bytes, msgspec.json.encode(saying)).hex()

    async def permit(
        self,
        municipality: Municipality,
        token: str,
        response_id: UUID,
        saying: Saying,
        *,
        believe: Callable[[], object],
        now: datetime,
    ) -> None:
        """Use the link for this response, once. For the same response it may be used again.

        Where Signalen is away the link is believed: what is told later is refused there, if it was
        none. Before that `believe` is called, and may raise. Where somebody answers in its place
        nothing is believed. Raises `LinkRefused`, `TokenSpent` and `WriterUnavailable`.
        """
        code = self.id_of(municipality.code, token)
        response_code = self._code("known", code, response_id.bytes)
        async with self._database() as db, acknowledged(db) as wait_for_replicas:
            if found := await statements.find_permission(db, municipality.code, code):
                await wait_for_replicas()
        if not found:
            # Nobody waits for it with a connection in hand.
            await self._ask(municipality, token, believe)
            async with self._database() as db, acknowledged(db) as wait_for_replicas:
                with suppress(TokenSpent):
                    async with db.transaction():
                        told = ToTell(token=token, saying=saying)
                        codes = (code, response_code)
                        await self._write_down(db, municipality.code, codes, told, now)
                    return
                # Somebody was quicker.
                found = await statements.find_permission(db, municipality.code, code)
                await wait_for_replicas()
        before = found.response_code if found else None
        if before is None or not hmac.compare_digest(before, response_code):
            raise TokenSpent

    async def close(self) -> None:
        """Let go of connections."""
        await self._systems.close()

    async def _ask(
        self, municipality: Municipality, token: str, believe: Callable[[], object]
    ) -> None:
        system = self._systems.of(municipality.code)
        if system is None:
            raise LinkRefused(UNKNOWN)
        verdicts = metrics.report_links
        try:
            with self.limits.asking(municipality.code):
                found = await system[1].look(token)
        except CannotTell as cannot:
            verdict = f"cannot-tell-{cannot.reason}"
            verdicts.labels(municipality=municipality.slug, verdict=verdict).inc()
            if not cannot.is_away:
                raise WriterUnavailable("report-not-asked", _ASK_AGAIN_SECONDS) from None
            believe()
            return
        verdicts.labels(municipality=municipality.slug, verdict=found).inc()
        if found != OPEN:
            raise LinkRefused(found)

    async def _write_down(
        self,
        db: asyncpg.Connection,
        municipality: str,
        codes: tuple[bytes, bytes],
        to_tell: ToTell,
        now: datetime,
    ) -> None:
        """`codes`: of the link, and of the response. Raises `TokenSpent` if it was used by now."""
        code, response_code = codes
        today = day_of(now)
        if not await statements.spend(
            db,
            municipality,
            code,
            response_code=response_code,
            known_for=KNOWN_FOR,
            today=today,
        ):
            raise TokenSpent
        id = uuid4()
        await statements.store_writeback(
            db,
            statements.NewWriteback(
                municipality=municipality,
                id=id,
                sealed=self._sealing.seal(municipality, id, to_tell),
                due=now + timedelta(seconds=_chance.uniform(0, self._most_delay)),
                until=today + timedelta(days=WRITEBACK_DAYS),
            ),
        )

    def _code(self, what: str, *parts: bytes) -> bytes:
        # Each with its length, so that no two of them run into one another.
        message = b"".join(len(part).to_bytes(4) + part for part in (what.encode(), *parts))
        return hmac.digest(self._key, message, sha256)[:16]
