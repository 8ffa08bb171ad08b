"""What has arrived since the demo started, read as a report maker reads it: from the views.

A response carries no time, so it is new when it was not there at the last look, and the order of
arrival is the order in which it was noticed: so somebody has to look all the time, also while no
page is open. Which responses were there is remembered for as long as this process lives.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from ingest.demo.figures import Figures, read_figures
from ingest.demo.followed_up import FollowedUp, read_followed_up
from ingest.demo.written import Written, read_written

# The columns as the view has them: report makers read Dutch.
_RESPONSE_COLUMNS = (
    *("reactie_id", "gemeente_code", "maand", "datum", "kanaal", "meetpunt", "product"),
    *("afnamewijze", "kenmerken", "vragenlijst", "vragenlijst_versie", "taal", "volledig"),
    "waarom",
)
# Suspect responses too: whoever tries the demo wants to see what they sent, however quickly.
_ALL = """(
    select *, null::text[] as waarom, null::jsonb as antwoorden from feit_reactie
    union all
    select * from feit_verdacht
) as reactie"""
ANSWER_COLUMNS = ("vraag", "indicator", "waarde", "code")
_SHOWN = 6
_EXAMPLES = 3
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class ArrivedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A row of feit_antwoord, as text; what is null is the empty text."""

    vraag: str
    indicator: str
    waarde: str
    code: str


class ArrivedResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A row of feit_reactie, as text by column, with its answers. `new`: it came in just now.

    A suspect response is a row of feit_verdacht, with its answers in a column: `view` and
    `answers_view` say where a report maker finds the response and its answers.
    """

    id: str
    new: bool
    view: str = "feit_reactie"
    answers_view: str = "feit_antwoord"
    kanaal: str
    cijfer: str
    reactie: dict[str, str]
    antwoorden: tuple[ArrivedAnswer, ...]


class Arrivals(msgspec.Struct, frozen=True, kw_only=True):
    """How many responses came in since the start, how many there are, and the last ones."""

    arrived: int
    total: int
    responses: tuple[ArrivedResponse, ...]


def no_response() -> ArrivedResponse:
    """A response without rows: the mould that the start page's script fills."""
    return ArrivedResponse(id="", new=False, kanaal="", cijfer="", reactie={}, antwoorden=())


class Watch:
    """Notices new responses by itself, every `every_seconds` between `start` and `close`.

    Shows them to visitors, at most once in `pause_seconds` for all of them together.
    """

    def __init__(
        self,
        reader_url: str,
        *,
        texts_url: str | None = None,
        pause_seconds: float = 0.8,
        every_seconds: float = 0.5,
    ) -> None:
        """`texts_url` is that of a reader who may read texts; without it there are none."""
        self.reader_url = reader_url
        self._texts_url = texts_url
        self._pause_seconds = pause_seconds
        self._every_seconds = every_seconds
        self._looked_at = float("-inf")
        self._turn = asyncio.Lock()
        self._known: frozenset[UUID] | None = None
        self._arrived: list[UUID] = []
        self._last = Arrivals(arrived=0, total=0, responses=())
        self._figures = Figures()
        self._written: tuple[Written, ...] = ()
        self._noticing: asyncio.Task[None] | None = None

    @property
    def noticed(self) -> int | None:
        """How many responses came in since the first look; None before that."""
        return None if self._known is None else len(self._arrived)

    async def start(self) -> None:
        """Begin; returns at once. What its first look finds was there before."""
        self._noticing = asyncio.create_task(self._keep_noticing(), name="notice arrivals")

    async def close(self) -> None:
        """Stop looking, also in the midst of a look."""
        if self._noticing is not None:
            self._noticing.cancel()
            await asyncio.gather(self._noticing, return_exceptions=True)

    async def look(self, *, at_once: bool = False) -> Arrivals:
        """What there is now, or what there was when the database cannot be reached.

        `at_once` ignores the pause: somebody asked for the newest responses.
        """
        async with self._turn:
            if at_once or time.monotonic() - self._looked_at >= self._pause_seconds:
                try:
                    self._last = await self._look()
                except _AWAY:
                    return self._last
                self._looked_at = time.monotonic()
            return self._last

    async def figures(self) -> Figures:
        """The figures as they are now, or as they were when the database cannot be reached."""
        with contextlib.suppress(*_AWAY):
            async with _connected(self.reader_url) as reader:
                self._figures = await read_figures(reader)
        return self._figures

    async def followed_up(self) -> tuple[FollowedUp, ...]:
        """What reports show of follow-up now; nothing while the database cannot be reached."""
        with contextlib.suppress(*_AWAY):
            async with _connected(self.reader_url) as reader:
                return await read_followed_up(reader)
        return ()

    async def written(self) -> tuple[Written, ...]:
        """Some of what made-up residents wrote, or what it was while the database was there."""
        if self._texts_url is not None:
            with contextlib.suppress(*_AWAY):
                async with _connected(self._texts_url) as reader:
                    self._written = await read_written(reader)
        return self._written

    async def _keep_noticing(self) -> None:
        while True:
            # While the database is away nothing arrives, and the next look finds what there is.
            with contextlib.suppress(*_AWAY):
                async with self._turn, _connected(self.reader_url) as reader:
                    await self._notice(reader)
            await asyncio.sleep(self._every_seconds)

    async def _notice(self, reader: asyncpg.Connection) -> frozenset[UUID]:
        """Remember in what order responses came; returns all that are there."""
        rows = await reader.fetch(
            f"/* known_reacties */ select reactie_id from {_ALL}"  # noqa: S608  # ours
        )
        present = frozenset(row["reactie_id"] for row in rows)
        if self._known is None:
            self._known = present
        # Of what came between two looks nobody knows the order; the same one at least each time.
        self._arrived += sorted(present - self._known)
        self._known |= present
        return present

    async def _look(self) -> Arrivals:
        async with _connected(self.reader_url) as reader:
            present = await self._notice(reader)
            shown = [id for id in reversed(self._arrived) if id in present][:_SHOWN]
            examples = await _latest(reader, self._arrived, _EXAMPLES - len(shown))
            responses = await _responses(reader, [*shown, *examples], frozenset(shown))
        return Arrivals(arrived=len(self._arrived), total=len(present), responses=responses)


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A new connection each time, so that it does not matter if Postgres was away in between."""
    reader = await asyncpg.connect(url, timeout=2, command_timeout=2)
    try:
        yield reader
    finally:
        await reader.close(timeout=2)


async def _latest(
    reader: asyncpg.Connection, except_ids: Sequence[UUID], how_many: int
) -> list[UUID]:
    if how_many <= 0:
        return []
    rows = await reader.fetch(
        """/* latest_reacties */
        select reactie_id
        from feit_reactie
        where reactie_id <> all ($1::uuid[])
        order by maand desc, datum desc nulls last, reactie_id
        limit $2
        """,
        except_ids,
        how_many,
    )
    return [row["reactie_id"] for row in rows]


async def _responses(
    reader: asyncpg.Connection, ids: Sequence[UUID], new: frozenset[UUID]
) -> tuple[ArrivedResponse, ...]:
    """Those responses, in that order."""
    responses = await reader.fetch(
        f"""/* arrived_reacties */
        select * from {_ALL} where reactie_id = any ($1::uuid[])
        """,  # noqa: S608  # ours
        ids,
    )
    # The mark comes first, as on the page.
    answers = await reader.fetch(
        """/* arrived_antwoorden */
        select * from feit_antwoord
        where reactie_id = any ($1::uuid[])
        order by vraag <> 'cijfer', vraag, code
        """,
        ids,
    )
    by_id = {row["reactie_id"]: row for row in responses}
    return tuple(
        _response(
            by_id[id],
            [_answer(row) for row in answers if row["reactie_id"] == id] or _uncounted(by_id[id]),
            id in new,
        )
        for id in ids
        if id in by_id
    )


def _answer(row: asyncpg.Record) -> ArrivedAnswer:
    return ArrivedAnswer(**{column: _text(row[column]) for column in ANSWER_COLUMNS})


def _uncounted(row: asyncpg.Record) -> list[ArrivedAnswer]:
    """The answers of a suspect response, which are in no view of answers."""
    answers: dict[str, Any] = json.loads(row["antwoorden"] or "{}")
    return [
        ArrivedAnswer(
            vraag=item,
            indicator="",
            waarde=_text(value) if isinstance(value, int) else "",
            code="" if isinstance(value, int) else _text(value),
        )
        for item, value in sorted(
            answers.items(), key=lambda answer: (answer[0] != "cijfer", answer[0])
        )
    ]


def _response(row: asyncpg.Record, answers: Sequence[ArrivedAnswer], new: bool) -> ArrivedResponse:
    shown = tuple(answers)
    suspect = row["waarom"] is not None
    return ArrivedResponse(
        id=str(row["reactie_id"]),
        new=new,
        view="feit_verdacht" if suspect else "feit_reactie",
        answers_view="feit_verdacht.antwoorden" if suspect else "feit_antwoord",
        kanaal=row["kanaal"],
        cijfer=next((answer.waarde for answer in shown if answer.vraag == "cijfer"), ""),
        reactie={
            column: _text(row[column])
            for column in _RESPONSE_COLUMNS
            # Only a suspect response has a reason.
            if column != "waarom" or row[column] is not None
        },
        antwoorden=shown,
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value == json.dumps({}) else str(value)
