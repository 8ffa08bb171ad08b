"""Take in that somebody wants to be called: once for each page that was opened, and not too often.

It is no part of an answer and knows none. Its token is one of its own, which anybody gets who opens
the page; its row has a random id. Both are stored minutes after an answer, in a transaction of
their own; what their place in the tables tells is over the next day (`ingest.retention`).
"""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import uuid4

import asyncpg

from ingest.asgi.rate_limits import (
    BY_DAY,
    BY_TOUCHPOINT,
    DayLimit,
    TokenLimits,
    TooManyRequests,
)
from ingest.callbacks import statements
from ingest.callbacks.sealing import ToCall, sealing_of
from ingest.clock import day_of
from ingest.database.acknowledged import acknowledged
from ingest.running.security import SecurityEvent, security
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import SKEW, Token

DAYS = 14
"""For so long a number is kept at most."""

A_DAY = 20
"""Of one address at one touchpoint, over all workers; each takes `FEWEST_A_DAY` at the least."""

FEWEST_A_DAY = 2

type_of_database = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]


class Asking:
    """Everything of one worker about who wants to be called."""

    def __init__(
        self,
        keys: Keys,
        database: type_of_database,
        clock: Callable[[], float] = time.monotonic,
        workers: int = 1,
    ) -> None:
        """`database` lends a connection as meetpunt_ingest, or raises `WriterUnavailable`.

        `workers` take in forms beside each other, this one among them.
        """
        self._codes = Codes(keys.content)
        self._sealing = sealing_of(derived_keys(keys))
        self._database = database
        # A whole town hall may share one address. But every form that is taken is a call that
        # somebody has to make, so many together have an end soon; nobody with many addresses may
        # close the page to whoever sends one or two.
        self._limits = TokenLimits(
            address_per_minute=20,
            touchpoint_per_minute=60,
            first_per_minute=2,
            firsts_per_minute=60,
            clock=clock,
        )
        # Each takes its part of a day: no worker knows whom the others took, and nobody may keep
        # addresses where they could. Who made a mistake can send once more.
        part = max(FEWEST_A_DAY, -(-A_DAY // workers))
        self._days = DayLimit(part, clock=clock)

    def count(self, touchpoint: int, address: str) -> None:
        """Count one form of the touchpoint with this number, sent from this address.

        Raises TooManyRequests.
        """
        try:
            is_beyond = self._limits.take(touchpoint, address)
            self._days.take(touchpoint, address)
        except TooManyRequests as refused:
            if refused.limit in (BY_TOUCHPOINT, BY_DAY):
                security.happened(SecurityEvent.CALLBACKS_CROWDED)
            raise
        if is_beyond:
            security.happened(SecurityEvent.CALLBACKS_CROWDED)

    async def take(
        self, municipality: str, address: str, token: Token, wanted: ToCall, *, now: datetime
    ) -> bool:
        """`ask` for it of who sends from this address; False when the token was used before.

        Of a day only those count that make a call: not the same form again, nor one that could not
        be stored. Raises TooManyRequests and `WriterUnavailable`; the same again is then safe.
        """
        try:
            self.count(token.touchpoint, address)
        except TooManyRequests as refused:
            # The minute was counted first, so nobody has the database look more often than that.
            if refused.limit == BY_DAY and await self.was_asked(municipality, token):
                return False
            raise
        is_new = False
        try:
            is_new = await self.ask(municipality, token, wanted, now=now)
        finally:
            if not is_new:
                self._days.give_back(token.touchpoint, address)
        return is_new

    async def ask(self, municipality: str, token: Token, wanted: ToCall, *, now: datetime) -> bool:
        """Store it, of the touchpoint that the token is of; False when the token was used before.

        `municipality` is a code. Raises `WriterUnavailable`; the same again is then safe.
        """
        id = uuid4()
        row = statements.NewCallback(
            municipality=municipality,
            spent=self._codes.of_spent(token.id),
            # No longer than it can be used: the row that spends it tells that somebody asked.
            expires_on=day_of(token.expires_at + SKEW),
            id=id,
            touchpoint=token.touchpoint,
            day=day_of(now),
            sealed=self._sealing.seal(municipality, id, wanted),
        )
        async with self._database() as db, acknowledged(db) as wait_for_replicas:
            is_new = await statements.store_callback(db, row)
            if not is_new:
                await wait_for_replicas()
        return is_new

    async def was_asked(self, municipality: str, token: Token) -> bool:
        """Whether this token was used, and will be known to have been. Raises `WriterUnavailable`.

        For a token whose time is over: it may come back from somebody who heard no reply.
        """
        spent = self._codes.of_spent(token.id)
        async with self._database() as db, acknowledged(db) as wait_for_replicas:
            found = await statements.was_spent(db, municipality, spent)
            if found:
                await wait_for_replicas()
        return found
