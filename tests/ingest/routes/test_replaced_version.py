"""A form that was open while the questions changed: taken, and shown again, as it was."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from msgspec.structs import replace

from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve, Served
from tests.filled_in import form_on

pytestmark = pytest.mark.anyio

PATH = "waterakker/online"


def with_second_version(catalogue: Catalogue) -> Catalogue:
    """The same files, but Waterakker's online touchpoint asks version 2, with one question less."""
    first = catalogue.questionnaires["online", 1]
    second = replace(first, version=2, items=first.items[:-2], structure="2" * 16)
    municipalities = [
        replace(
            municipality,
            touchpoints=tuple(
                replace(each, version=2) if each.path == PATH else each
                for each in municipality.touchpoints
            ),
        )
        for municipality in catalogue.municipalities.values()
    ]
    return Catalogue(municipalities, {**catalogue.questionnaires, ("online", 2): second})


async def replaced(database: Database, files: Catalogue, days_ago: int) -> None:
    owner = await asyncpg.connect(database.owner)
    try:
        since = datetime.now(UTC).date() - timedelta(days=days_ago)
        await mirror_files(owner, files, since)
    finally:
        await owner.close()


async def filled_in(served: Served, **fields: str) -> tuple[int, bytes]:
    last = served.service.catalogue.questionnaires["online", 1].items[-2].code
    data = {"_version": "1", last: "5"} | fields
    reply = await served.client.post(f"/v/{served.token(PATH)}", data=data)
    return reply.status_code, reply.content


async def test_it_is_taken_in_the_version_that_was_filled_in(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_second_version(catalogue)
    await replaced(own_database, files, days_ago=10)
    async with serve(on=own_database, files=files) as served:
        fresh = await served.client.get(f"/v/{served.token(PATH)}")
        assert form_on(fresh.content).fields["_version"] == ["2"]
        status, page = await filled_in(served)
        assert status == 400  # without a mark
        form = form_on(page)
        assert form.fields["_version"] == ["1"]
        assert set(form.fields) > {files.questionnaires["online", 1].items[-2].code}
        assert (await filled_in(served, cijfer="8"))[0] == 303
        (row,) = await served.responses()
        assert row["version"] == 1


async def test_after_its_time_the_new_questions_are_asked(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_second_version(catalogue)
    await replaced(own_database, files, days_ago=91)
    async with serve(on=own_database, files=files) as served:
        status, page = await filled_in(served, cijfer="8")
        assert status == 400
        form = form_on(page)
        assert (form.fields["_version"], form.fields["cijfer"]) == (["2"], ["8"])
        body = served.body(served.token(PATH), PATH, version=1)
        refused = await served.post(body)
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/version-unknown")
        assert await served.responses() == []
