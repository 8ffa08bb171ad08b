"""A form that was open while the questions changed: taken, and shown again, as it was."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from ingest.clock import today_here
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from tests.conftest import Database, Serve, Served
from tests.example import VERSION
from tests.filled_in import form_on

pytestmark = pytest.mark.anyio

PATH = "waterakker/online"
NEXT = VERSION + 1
LAST = "snelheid"
"""What the present version asks of most, and the next one of nobody."""


def with_next_version(catalogue: Catalogue) -> Catalogue:
    """The same files, but Waterakker's online touchpoint asks a version with one question less."""
    asked = catalogue.questionnaires["online", VERSION]
    gone = {LAST, "eerder", "eerder_reden", "toelichting"}
    items = tuple(item for item in asked.items if item.code not in gone)
    following = replace(asked, version=NEXT, items=items, structure="2" * 16)
    questionnaires = {**catalogue.questionnaires, ("online", NEXT): following}
    return Catalogue(_asking(catalogue, version=NEXT), questionnaires)


def with_another_questionnaire(catalogue: Catalogue) -> Catalogue:
    """The same files, but Waterakker's online touchpoint asks what a counter asks."""
    return Catalogue(_asking(catalogue, questionnaire="balie"), catalogue.questionnaires)


def with_its_file(catalogue: Catalogue) -> Catalogue:
    """As a copy that was not started anew: it has the next version's file, and asks another."""
    later = with_next_version(catalogue).questionnaires
    return Catalogue(catalogue.municipalities.values(), later)


def _asking(catalogue: Catalogue, **what: Any) -> list[Municipality]:
    return [
        replace(
            municipality,
            touchpoints=tuple(
                replace(each, **what) if each.path == PATH else each
                for each in municipality.touchpoints
            ),
        )
        for municipality in catalogue.municipalities.values()
    ]


async def replaced(database: Database, files: Catalogue, days_ago: int) -> None:
    owner = await asyncpg.connect(database.owner)
    try:
        since = today_here() - timedelta(days=days_ago)
        await mirror_files(owner, files, since)
    finally:
        await owner.close()


async def filled_in(served: Served, **fields: str) -> tuple[int, bytes]:
    last = LAST
    data = {"_version": str(VERSION), last: "5"} | fields
    reply = await served.client.post(f"/v/{served.token(PATH)}", data=data)
    return reply.status_code, reply.content


async def test_it_is_taken_in_the_version_that_was_filled_in(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_next_version(catalogue)
    await replaced(own_database, files, days_ago=10)
    async with serve(on=own_database, files=files) as served:
        fresh = await served.client.get(f"/v/{served.token(PATH)}")
        assert form_on(fresh.content).fields["_version"] == [str(NEXT)]
        status, page = await filled_in(served)
        assert status == 400  # without a mark
        form = form_on(page)
        assert form.fields["_version"] == [str(VERSION)]
        assert set(form.fields) > {LAST}
        assert (await filled_in(served, cijfer="8"))[0] == 303
        (row,) = await served.responses()
        assert row["version"] == VERSION


async def test_after_its_time_the_new_questions_are_asked(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_next_version(catalogue)
    await replaced(own_database, files, days_ago=91)
    async with serve(on=own_database, files=files) as served:
        status, page = await filled_in(served, cijfer="8")
        assert status == 400
        form = form_on(page)
        assert (form.fields["_version"], form.fields["cijfer"]) == ([str(NEXT)], ["8"])
        body = served.body(served.token(PATH), PATH, version=VERSION)
        refused = await served.post(body)
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/version-unknown")
        assert await served.responses() == []


async def test_what_was_stored_in_its_time_is_known_for_good(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_next_version(catalogue)
    await replaced(own_database, files, days_ago=10)
    async with serve(on=own_database, files=files) as served:
        token = served.token(PATH)
        form = {"_version": str(VERSION), "cijfer": "8", "_response": str(uuid4())}
        body = served.body(served.token(PATH), PATH, version=VERSION)
        assert (await served.client.post(f"/v/{token}", data=form)).status_code == 303
        assert (await served.post(body)).status_code == 201
    async with own_database.superuser() as db:
        await db.execute("update meetpunt.touchpoint_version set since = since - 90")
    async with serve(on=own_database, files=files) as served:
        assert (await served.client.post(f"/v/{token}", data=form)).status_code == 303
        assert (await served.post(body)).status_code == 200
        other = await served.post(body | {"answers": {"cijfer": 2}})
        assert other.status_code == 409
        another = await served.post(body | {"responseId": str(uuid4())})
        assert another.json()["type"] == "/problems/version-unknown"
        assert len(await served.responses()) == 2


async def test_what_was_stored_before_another_questionnaire_came_is_known_too(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    async with serve(on=own_database) as served:
        body = served.body(served.token(PATH), PATH)
        assert (await served.post(body)).status_code == 201
    files = with_another_questionnaire(catalogue)
    await replaced(own_database, files, days_ago=10)
    async with serve(on=own_database, files=files) as served:
        assert (await served.post(body)).status_code == 200
        other = await served.post(body | {"answers": {"cijfer": 2}})
        assert other.status_code == 409


async def test_a_copy_with_the_files_of_before_takes_what_another_copy_asks(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    async with serve(on=own_database, files=with_its_file(catalogue)) as served:
        await replaced(own_database, with_next_version(catalogue), days_ago=0)
        body = served.body(served.token(PATH), PATH, version=NEXT)
        assert (await served.post(body)).status_code == 201
        form = {"_version": str(NEXT), "cijfer": "8"}
        taken = await served.client.post(f"/v/{served.token(PATH)}", data=form)
        assert taken.status_code == 303
        assert {row["version"] for row in await served.responses()} == {NEXT}


async def test_a_copy_without_its_file_has_it_sent_again(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    async with serve(on=own_database) as served:
        await replaced(own_database, with_next_version(catalogue), days_ago=0)
        later = await served.post(served.body(served.token(PATH), PATH, version=NEXT))
        assert (later.status_code, later.json()["type"]) == (503, "/problems/version-ahead")
        assert later.headers["retry-after"] == "1"
        status, page = await filled_in(served, _version=str(NEXT), cijfer="8")
        assert (status, form_on(page).fields["cijfer"]) == (503, ["8"])
        invented = await served.post(served.body(served.token(PATH), PATH, version=NEXT + 1))
        assert invented.json()["type"] == "/problems/version-unknown"
        assert await served.responses() == []


async def test_a_copy_without_the_own_items_of_now_has_it_sent_again(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    async with serve(on=own_database, files=with_its_file(catalogue)) as served:
        await replaced(own_database, with_next_version(catalogue), days_ago=0)
        async with own_database.superuser() as db:
            await db.execute(
                """
                insert into meetpunt.questionnaire
                select municipality, repeat('3', 16), questionnaire, version, title
                from meetpunt.questionnaire where questionnaire = 'online' and version = $1
                """,
                NEXT,
            )
        later = await served.post(served.body(served.token(PATH), PATH, version=NEXT))
        assert (later.status_code, later.json()["type"]) == (503, "/problems/version-ahead")


async def test_the_rest_of_what_another_copy_took_is_sent_again(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_next_version(catalogue)
    await replaced(own_database, files, days_ago=0)
    async with serve(on=own_database, files=files) as newer:
        token = newer.token(PATH, "embed")
        begun = (await newer.post(newer.body(token, PATH, version=NEXT, complete=False))).json()
        rest = {"completionToken": begun["completionToken"], "answers": {"geholpen": "ja"}}
        address = f"/api/v1/responses/{begun['responseId']}/completion"
        async with serve(on=own_database) as served:
            later = await served.client.post(address, json=rest)
            assert (later.status_code, later.json()["type"]) == (503, "/problems/version-ahead")
        assert (await newer.client.post(address, json=rest)).status_code == 201
