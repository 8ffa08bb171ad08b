"""Write down who wants no more messages: from the link in a mail, a page, or an answer of STOP.

Of them a keyed code is kept, for good, and nothing of what they typed. What already waits for them
stays as it is: who opted out is looked up at the moment of sending.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime

import asyncpg

from ingest.asgi.rate_limits import BY_TOUCHPOINT, TokenLimits, TooManyRequests
from ingest.clock import day_of
from ingest.database.acknowledged import acknowledged
from ingest.invitations.codes import InvitationCodes
from ingest.invitations.occasions import Recipient
from ingest.invitations.opt_out_links import OptOutLink, OptOutLinkForged, OptOutLinks
from ingest.invitations.opting_out_statements import note_opted_out
from ingest.invitations.recipients import RecipientUnusable, read_recipient
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.running.logs import log
from ingest.running.security import SecurityEvent, security
from ingest.senders.receipts import Reply
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys

type_of_database = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]

STOP_WORDS = frozenset(
    {
        *("stop", "stopall", "stoppen", "stopzetten", "stopp"),
        *("afmelden", "afmelding", "uitschrijven", "unsubscribe"),
    }
)
_WORD = re.compile(r"[^\W_]+")
# Notify writes 31612345678: the number of a country without the + before it.
_WITHOUT_PLUS = re.compile(r"[1-9][0-9]{6,14}")


class OptingOut:
    """Everything of one worker about who wants no messages."""

    def __init__(
        self,
        catalogue: Catalogue,
        keys: Keys,
        database: type_of_database,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        derived = derived_keys(keys)
        self._catalogue = catalogue
        self._codes = InvitationCodes(derived)
        self._links = OptOutLinks(derived.opt_out_links)
        self._database = database
        self._by_code = {each.code: each for each in catalogue.municipalities.values()}
        # Of the page where one types: a whole town hall may share one address, and nobody with
        # many addresses may close the page to whoever sends a few forms. Each form that is taken
        # is kept for good, so the few of many together have an end, too.
        self._limits = TokenLimits(
            address_per_minute=60, touchpoint_per_minute=1_200, first_per_minute=5, clock=clock
        )
        self._numbers = {code: number for number, code in enumerate(sorted(self._by_code))}

    def link(self, text: str, now: datetime) -> tuple[Municipality, OptOutLink | None]:
        """Whom a link of ours asks, and the link, or None where it is too old.

        Raises OptOutLinkForged.
        """
        opened = self._links.open(text)
        municipality = self._by_code.get(opened.municipality)
        if municipality is None:
            raise OptOutLinkForged
        return municipality, opened if _day_of(now) <= opened.until else None

    def count(self, municipality: Municipality, address: str) -> None:
        """Count one form that was sent from this address. Raises TooManyRequests."""
        try:
            is_beyond = self._limits.take(self._numbers[municipality.code], address)
        except TooManyRequests as refused:
            if refused.limit == BY_TOUCHPOINT:
                security.happened(SecurityEvent.OPT_OUTS_CROWDED)
            raise
        if is_beyond:
            security.happened(SecurityEvent.OPT_OUTS_CROWDED)

    async def by_link(self, link: OptOutLink) -> None:
        """Whoever got this link wants no more. Raises `WriterUnavailable`."""
        await self._note(link.municipality, [link.code])

    async def by_name(self, municipality: Municipality, recipients: Sequence[Recipient]) -> None:
        """These want no more; whether we knew them makes no difference.

        Raises `WriterUnavailable`, and then none of them is written down.
        """
        codes = {self._codes.of_opted_out(municipality.code, each) for each in recipients}
        await self._note(municipality.code, sorted(codes))

    async def hear(self, reply: Reply) -> None:
        """What somebody answered to a text message: STOP is heard, all else is not kept.

        Raises `WriterUnavailable`.
        """
        if not says_stop(reply.text):
            return
        try:
            recipient = read_recipient(f"tel:{_with_plus(reply.number)}")
        except RecipientUnusable as unusable:
            log(
                "stop_unheard",
                level="warning",
                municipality=reply.municipality,
                reason=unusable.code,
            )
            return
        await self.by_name(self._catalogue.municipality(reply.municipality), [recipient])

    async def _note(self, municipality: str, codes: Sequence[bytes]) -> None:
        async with self._database() as db, acknowledged(db) as already, db.transaction():
            await note_opted_out(db, municipality, codes, _day_of(datetime.now(UTC)))
            # Also where all of them were known: then it is the earlier commit that must last. In
            # one commit, because whoever counts milliseconds would tell one from two.
            await already()


def says_stop(text: str) -> bool:
    """Whether the first word of an answer asks for no more, or its letters alone do (`S.T.O.P.`).

    In any case, with signs around it, and as wide as an Asian keyboard writes letters.
    """
    plain = unicodedata.normalize("NFKC", text)
    words = [word.casefold() for word in _WORD.findall(plain)]
    return not STOP_WORDS.isdisjoint({*words[:1], "".join(words)})


def _with_plus(number: str) -> str:
    written = number.strip()
    return f"+{written}" if _WITHOUT_PLUS.fullmatch(written) else written


def _day_of(now: datetime) -> date:
    return day_of(now)
