"""However somebody answers, it takes one transaction's number: two at once would stand out.

A reader sees how many numbers others took (docs/decisions/0017-nobody-counts-transactions.md).
Among single numbers that mean nothing a pair within some milliseconds is a resident.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest

from tests.conftest import Serve, Served
from tests.filled_in import form_on
from tests.ingest.kiosk.tablet import Tablet, verdicts
from tests.ingest.responses.test_completion import begin, finish

pytestmark = pytest.mark.anyio

type_of_answering = Callable[[Served], AsyncIterator[Callable[[], Awaitable[object]]]]
"""Prepares answers, one after the other; what it yields sends one."""

_FORM = {"content-type": "application/x-www-form-urlencoded"}
# Marks of the writer and what Postgres tidies up come in between now and then: they add, and never
# take away.
_TRIES = 5


async def widget(served: Served) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    while True:
        body = served.body(served.token(), answers={"cijfer": 8, "toelichting": "x" * 1_500})
        yield partial(served.post, body)


async def invitation(served: Served) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    while True:
        body = served.body(await served.invitation(), "molensloot/telefonie")
        yield partial(served.post, body)


async def the_rest(served: Served) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    while True:
        begun = await begin(served)
        yield partial(finish, served, begun)


async def page(served: Served) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    while True:
        form = form_on((await served.client.get("/o/molensloot/online")).content)
        body = form.encoded(cijfer="8")
        yield partial(served.client.post, form.action, content=body, headers=_FORM)


async def kiosk(served: Served) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    tablet = await Tablet(served).enrolled()
    while True:
        yield partial(tablet.sync, [tablet.item()])


async def kiosk_after_a_while(served: Served) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """Some answers at once, of which one is kept apart."""
    tablet = await Tablet(served).enrolled()
    while True:
        yield partial(tablet.sync, [*tablet.items(3), tablet.item(version=0)])


async def kiosk_that_nobody_uses(
    served: Served,
) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    tablet = await Tablet(served).enrolled()
    while True:
        yield tablet.sync


@pytest.mark.parametrize(
    "answering",
    [widget, invitation, the_rest, page, kiosk, kiosk_after_a_while, kiosk_that_nobody_uses],
)
async def test_an_answer_takes_one_number(serve: Serve, answering: type_of_answering) -> None:
    async with serve() as served, served.database.superuser() as db:
        taken = []
        answers = answering(served)
        for _ in range(_TRIES):
            answer = await anext(answers)
            before = await db.fetchval(_NEXT)
            await answer()
            taken.append(await db.fetchval(_NEXT) - before)
        assert min(taken) == 1, taken
        stored = len(await served.responses())
        assert stored >= (0 if answering is kiosk_that_nobody_uses else _TRIES)


async def test_the_count_sees_a_second_number(serve: Serve) -> None:
    """Control: a batch of which the database refuses one begins anew, with savepoints."""
    async with serve() as served, served.database.superuser() as db:
        tablet = await Tablet(served).enrolled()
        await db.execute(
            "alter table meetpunt.response add constraint gap check (language <> 'zz')"
        )
        try:
            before = await db.fetchval(_NEXT)
            told = await tablet.sync([tablet.item(), tablet.item(language="zz")])
            assert await db.fetchval(_NEXT) - before > 1
        finally:
            await db.execute("alter table meetpunt.response drop constraint gap")
        assert verdicts(told) == ["stored", "set-aside"]


# Without taking one.
_NEXT = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
