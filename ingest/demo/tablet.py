"""Pairs the tablet of the demo by itself, where an operator types the code that it shows."""

import asyncio
from datetime import UTC, datetime

import asyncpg

from ingest.kiosk.enrolment import AlreadyEnrolled, CodeUnknown, enrol
from ingest.kiosk.pairing import LIFETIME

NAME = "Demo"
_EVERY_SECONDS = 0.2


class Tablet:
    """One place where a tablet may stand, and who pairs the one that is opened there.

    Nobody types anything, so this is for a demo that no other machine can reach.
    """

    def __init__(self, owner_url: str, path: str, *, patience_seconds: float = 30.0) -> None:
        """`path` is the touchpoint, as in an address: `molensloot/balie-zuil`.

        `pairing` is what waits for the tablet, once the button was pressed.
        """
        self.path = path
        self._owner_url = owner_url
        self._patience_seconds = patience_seconds
        self.pairing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Nothing begins before somebody presses the button."""

    async def close(self) -> None:
        """Wait for no tablet any longer."""
        if self.pairing is not None:
            self.pairing.cancel()
            await asyncio.gather(self.pairing, return_exceptions=True)

    async def expect(self) -> None:
        """Pair the next tablet that asks for a code here; returns at once.

        One that was paired before asks for none, and then nothing happens.
        """
        await self.close()
        self.pairing = asyncio.create_task(self._pair(datetime.now(UTC)), name="pair the tablet")

    async def _pair(self, pressed: datetime) -> None:
        owner = await asyncpg.connect(self._owner_url)
        try:
            for _ in range(round(self._patience_seconds / _EVERY_SECONDS)):
                if await self._paired(owner, pressed):
                    return
                await asyncio.sleep(_EVERY_SECONDS)
        finally:
            await owner.close()

    async def _paired(self, owner: asyncpg.Connection, pressed: datetime) -> bool:
        code = await owner.fetchval(
            """/* newest_pairing */
            select pairing.code
            from meetpunt.kiosk_pairing as pairing
            join meetpunt.municipality on municipality.code = pairing.municipality
            join meetpunt.touchpoint on touchpoint.municipality = pairing.municipality
                and touchpoint.number = pairing.touchpoint
            where municipality.slug || '/' || touchpoint.slug = $1 and pairing.expires_at > $2
            order by pairing.expires_at desc limit 1
            """,
            self.path,
            pressed + LIFETIME,
        )
        if code is None:
            return False
        try:
            await enrol(owner, code, NAME, now=datetime.now(UTC))
        except (CodeUnknown, AlreadyEnrolled):
            return False
        return True
