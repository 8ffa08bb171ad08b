"""What tests of regions share."""

from collections.abc import Iterator

import pytest

from tests.conftest import Database, of_its_own
from tests.ingest.reporting.regions import where_regions_begin


@pytest.fixture
def region_database() -> Iterator[Database]:
    """For `a_region`, with worlds that are made already."""
    with of_its_own(template=where_regions_begin()) as database:
        yield database
