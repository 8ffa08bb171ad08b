"""The parts that requests share: what they owe when one of them is away."""

import asyncpg
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.responses.writer import WriterUnavailable
from ingest.service import Options, Service
from ingest.tokens.keys import Keys
from tests.conftest import Stand

pytestmark = pytest.mark.anyio


async def test_a_database_that_is_known_to_be_away_is_not_waited_for(
    catalogue: Catalogue, keys: Keys
) -> None:
    """No connection is tried: a refusal is owed within a tenth of a second."""
    service = Service(
        catalogue=catalogue,
        keys=keys,
        database_url="postgresql://nobody@192.0.2.1/never-answers",
        options=Options(),
    )
    with pytest.raises(WriterUnavailable, match="database-away"):
        async with service.database():
            pass


async def test_a_server_that_leaves_in_the_middle_of_a_statement_is_away(standing: Stand) -> None:
    """asyncpg calls it an error of its own where it comes between two steps of a statement."""
    async with standing() as served:
        with pytest.raises(WriterUnavailable):
            async with served.service.database():
                raise asyncpg.InternalClientError("got result for unknown protocol state 3")
