"""Of a thousand people who want to be called no number stands anywhere in the clear."""

import json
import logging
import re
from itertools import count
from uuid import UUID

import pytest

from ingest.callbacks.sealing import sealing_of
from ingest.callbacks.statements import open_callback
from ingest.running import metrics
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.calling_back import sent
from tests.conftest import Serve, Served
from tests.ingest.invitations.test_canaries import dump_of, flushed, found_in
from tests.log_lines import lines_of

pytestmark = pytest.mark.anyio

# Digits that stand nowhere else.
CANARY = re.compile(rb"6583\s?7\d{4}")


async def open_all(served: Served, keys: Keys) -> set[str]:
    """As who calls does: every number."""
    sealing, numbers = sealing_of(derived_keys(keys)), set()
    async with served.database.connected("meetpunt_work") as db:
        ids: list[UUID] = [row["id"] for row in await db.fetch("select id from meetpunt.callback")]
        for id in ids:
            opened = await open_callback(db, id)
            assert opened is not None
            numbers.add(sealing.open(opened.municipality, id, opened.sealed).number)
            assert await open_callback(db, id) is None, "once"
    return numbers


# A few meet every way; a thousand in the long tests.
@pytest.mark.parametrize("many", [20, pytest.param(1_000, marks=pytest.mark.long)])
async def test_no_number_stands_in_a_file_a_dump_a_log_or_a_figure(
    serve: Serve, keys: Keys, caplog: pytest.LogCaptureFixture, many: int
) -> None:
    caplog.set_level(logging.DEBUG)
    # A day between any two: one address may ask so often and no more.
    async with serve(clock=count(step=86_400).__next__) as served:
        for n in range(many):
            assert (await sent(served, tel=f"06 5837{n:04}")).status_code == 303
        await sent(served, tel="06 58370000 of na zessen")
        assert CANARY.search(b"+31658370001"), "this is what is looked for"
        assert not CANARY.search(dump_of(served.database)), "while they wait"
        assert await open_all(served, keys) == {f"+3165837{n:04}" for n in range(many)}
        assert not CANARY.search(dump_of(served.database)), "once they were opened"
        assert found_in(await flushed(served.database), CANARY) == []
    assert not CANARY.search(metrics.exposition())
    assert not CANARY.search(json.dumps(lines_of(caplog)).encode())
