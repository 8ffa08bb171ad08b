"""The parts that requests share: what they owe when one of them is away."""

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.responses.writer import WriterUnavailable
from ingest.service import Options, Service
from ingest.tokens.keys import Keys

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
