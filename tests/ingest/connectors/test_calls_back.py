"""Open Klant tells of a promise to call back: kept or not, it is counted once and asked about."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.connectors.keys import Key
from ingest.connectors.notifications.channels import Notification, read_notification
from ingest.connectors.notifications.following import NotNow, NotYet, Store, Thing
from ingest.connectors.openklant.api import OpenKlant
from ingest.connectors.openklant.calls_back import CallsBack
from ingest.connectors.openklant.telling import Telling
from ingest.connectors.work import ConnectorWork
from ingest.database.acknowledged import acknowledged
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.contacts import CallBacks
from ingest.municipalities.measures import CALLED_BACK as CALLED_BACK_FIGURE
from ingest.municipalities.notifying import Notifying
from ingest.operational.figures import Figure
from ingest.operational.storing import count_promise, put_figures
from ingest.running import metrics
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve
from tests.ingest.connectors.klantcontacten import TELEPHONE, contacts_at, promises
from tests.ingest.invitations.test_canaries import dump_of, flushed, found_in
from tests.inviting import MUNICIPALITY, inviting, noon, states
from tests.log_lines import lines_of
from tests.neighbours.open_klant import FakeOpenKlant
from tests.neighbours.server import BadDay, Reply, neighbour
from tests.notifying import BEARER, as_bytes, secret_file

pytestmark = pytest.mark.anyio

NOW = noon()
DATA = Path(__file__).resolve().parents[2] / "data"
STILL = "select count(*) from meetpunt.notification where about is not null"
CALLED_BACK = CallBacks(queue=TELEPHONE, actions=("Terugbellen",))


@asynccontextmanager
async def molensloot(
    catalogue: Catalogue, folder: Path
) -> AsyncIterator[tuple[Catalogue, FakeOpenKlant]]:
    """Molensloot, which is notified of internal tasks, and its Open Klant."""
    theirs = FakeOpenKlant()
    async with neighbour(theirs) as server:
        theirs.host = server.url
        files = inviting(catalogue)
        chosen = replace(
            files.municipality(MUNICIPALITY),
            contacts=contacts_at(server.url, folder, callbacks=CALLED_BACK),
            notifications=Notifying(key_file=secret_file(folder)),
        )
        others = [each for each in files.municipalities.values() if each.slug != MUNICIPALITY]
        yield Catalogue([chosen, *others], catalogue.questionnaires), theirs


@asynccontextmanager
async def following(
    catalogue: Catalogue, keys: Keys, folder: Path
) -> AsyncIterator[tuple[CallsBack, FakeOpenKlant]]:
    async with molensloot(catalogue, folder) as (files, theirs):
        municipality = files.municipality(MUNICIPALITY)
        assert municipality.contacts is not None
        key = Key(municipality.contacts.key_file, municipality=MUNICIPALITY)
        open_klant = OpenKlant(municipality.contacts, key)
        telling = Telling(municipality, municipality.contacts, Taking(files, keys))
        try:
            yield CallsBack({MUNICIPALITY: (open_klant, telling)}), theirs
        finally:
            await open_klant.close()


def thing(theirs: FakeOpenKlant, task: str) -> Thing:
    return Thing(
        municipality=MUNICIPALITY,
        about=theirs.tasks[task]["url"],
        resources=frozenset({"internetaak"}),
        actions=frozenset({"create"}),
    )


async def stored(database: Database, store: Store | None) -> None:
    assert store is not None
    async with database.connected("meetpunt_work") as db, acknowledged(db), db.transaction():
        await store(db)


def test_what_is_told_has_the_shape_that_was_recorded() -> None:
    theirs = FakeOpenKlant()
    task = theirs.promise(theirs.call(at=NOW), at=NOW)
    theirs.call_back(task, at=NOW)
    lines = (DATA / "recorded-openklant.jsonl").read_text("utf-8").splitlines()
    real = [json.loads(json.loads(line)["body"]) for line in lines]
    for ours, theirs_ in zip(theirs.told, real, strict=True):
        assert list(ours) == list(theirs_)
        assert list(ours["kenmerken"]) == list(theirs_["kenmerken"])
        for name in ("actie", "kanaal", "resource", "source"):
            assert ours[name] == theirs_[name]
        assert ours["kenmerken"]["status"] == theirs_["kenmerken"]["status"]
        assert len(ours["aanmaakdatum"]) == len(theirs_["aanmaakdatum"])


async def test_a_promise_is_counted_once_when_it_is_kept_or_when_its_days_are_over(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with following(catalogue, keys, tmp_path) as (calls_back, theirs):
        kept, late, never = (
            theirs.promise(theirs.call(f"061234000{n}", at=NOW), at=NOW) for n in range(3)
        )
        with pytest.raises(NotYet) as not_yet:
            await calls_back.follow(thing(theirs, kept), now=NOW)
        assert timedelta(days=2) < not_yet.value.until - NOW < timedelta(days=8)
        theirs.call_back(kept, at=NOW + timedelta(hours=3))
        for _ in range(2):
            soon = NOW + timedelta(hours=4)
            await stored(database, await calls_back.follow(thing(theirs, kept), now=soon))
        assert await promises(database) == [(1.0, 1)]
        assert await states(database) == {"waiting": 1}
        over = not_yet.value.until
        for each in (late, never):
            await stored(database, await calls_back.follow(thing(theirs, each), now=over))
        assert await promises(database) == [(pytest.approx(1 / 3), 3)]
        # Somebody called all the same: the resident is asked, and nothing is counted.
        theirs.call_back(late, at=over + timedelta(hours=1))
        then = over + timedelta(hours=2)
        await stored(database, await calls_back.follow(thing(theirs, late), now=then))
        assert await promises(database) == [(pytest.approx(1 / 3), 3)]
        assert await states(database) == {"waiting": 2}
        # It was not done after all, and then it was: still once.
        theirs.open_again(kept, at=then)
        theirs.call_back(kept, at=then)
        await stored(database, await calls_back.follow(thing(theirs, kept), now=then))
        assert await promises(database) == [(pytest.approx(1 / 3), 3)]
        assert await states(database) == {"waiting": 2}


async def test_a_promise_is_counted_on_from_what_somebody_told_of_the_month(
    database: Database,
) -> None:
    october = datetime(2026, 10, 30, tzinfo=UTC).date()
    told = Figure(
        grain="month",
        period=october.replace(day=1),
        channel="terugbelverzoek",
        department="",
        product="",
        measure=CALLED_BACK_FIGURE,
        value=0.92,
        n=4210,
    )
    async with database.connected("meetpunt_work") as db:

        async def count(*, kept: bool) -> None:
            await count_promise(db, "GM9001", "terugbelverzoek", october, kept=kept, now=NOW)

        await put_figures(db, "GM9001", [told], now=NOW)
        for number in range(40):
            await count(kept=number % 4 > 0)
        # 3873 of 4210, as a share with two decimals, and thirty of forty more: nothing drifts.
        assert await promises(database) == [(pytest.approx(3903 / 4250, abs=1e-12), 4250)]
        # What is taken back is begun anew.
        await put_figures(db, "GM9001", [replace(told, value=None, n=None)], now=NOW)
        await count(kept=False)
        assert await promises(database) == [(0.0, 1)]


async def test_what_is_no_call_back_is_gone_or_cannot_be_asked_is_not_counted(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with following(catalogue, keys, tmp_path) as (calls_back, theirs):
        contact = theirs.call(at=NOW)
        letter = theirs.promise(contact, at=NOW, action="Brief sturen")
        assert await calls_back.follow(thing(theirs, letter), now=NOW) is None
        task = theirs.promise(contact, at=NOW)
        theirs.bad_days.append(BadDay(Reply(503)))
        with pytest.raises(NotNow) as away:
            await calls_back.follow(thing(theirs, task), now=NOW)
        assert (type(away.value), away.value.reason) == (NotNow, "system-failed")
        gone = thing(theirs, task)
        theirs.remove(task)
        assert await calls_back.follow(gone, now=NOW) is None
        foreign = replace(gone, about=gone.about.replace("127.0.0.1", "elders.example"))
        assert await calls_back.follow(foreign, now=NOW) is None
        # Written down months later: whether it was counted is forgotten by then.
        old = theirs.promise(contact, at=NOW - timedelta(days=90))
        theirs.call_back(old, at=NOW)
        await stored(database, await calls_back.follow(thing(theirs, old), now=NOW))
    assert await promises(database) == []


@pytest.mark.parametrize("line", [0, 1])
def test_of_the_recorded_messages_nothing_is_kept_but_where_the_task_is(
    catalogue: Catalogue, tmp_path: Path, line: int
) -> None:
    real = (DATA / "recorded-openklant.jsonl").read_text("utf-8").splitlines()[line]
    body = json.loads(json.loads(real)["body"])
    body["kenmerken"]["toelichting"] = "kanarie"
    url, _, _ = body["hoofdObject"].partition("/internetaken/")
    contacts = replace(contacts_at("", tmp_path, callbacks=CALLED_BACK), url=url)
    molensloot = replace(catalogue.municipality(MUNICIPALITY), contacts=contacts)
    kept = read_notification(molensloot, body)
    assert isinstance(kept, Notification)
    assert (kept.channel, kept.action) == ("internetaken", body["actie"])
    assert kept.about == body["hoofdObject"]
    # Another Open Klant than that of the file, and a municipality that counts no promises.
    elsewhere = replace(contacts, url=url.replace("buur", "elders"))
    assert read_notification(replace(molensloot, contacts=elsewhere), body) == "foreign"
    nothing = replace(contacts, callbacks=None)
    assert read_notification(replace(molensloot, contacts=nothing), body) == "another-channel"


@pytest.mark.parametrize("many", [10, pytest.param(1000, marks=pytest.mark.long)])
async def test_from_the_message_to_the_figure_and_nothing_that_was_typed_is_anywhere(
    database: Database,
    serve: Serve,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    many: int,
) -> None:
    """A thousand in the long tests."""
    caplog.set_level(logging.DEBUG)
    said, returned = "kanarie-op-het-terugbellen", many * 6 // 10
    now = datetime.now(UTC)
    async with (
        molensloot(catalogue, tmp_path) as (files, theirs),
        serve(files=files) as served,
    ):
        made = []
        for number in range(many):
            contact = theirs.call(f"06{58_390_000 + number}", at=now, said=said)
            made.append(theirs.promise(contact, at=now, said=f"{said}-{number}"))
        for task in made[:returned]:
            theirs.call_back(task, at=now)

        async def post(message: dict[str, Any]) -> None:
            headers = {"content-type": "application/json", **BEARER}
            path = f"/api/v1/notifications/{MUNICIPALITY}"
            replied = await served.client.post(path, content=as_bytes(message), headers=headers)
            assert replied.status_code == 204

        # The later ones first, and some twice.
        for message in [*reversed(theirs.told), *theirs.told[:4]]:
            await post(message)
        async with database.superuser() as db:
            rows = await db.fetch("select * from meetpunt.notification")
            assert len(rows) == many + returned
            assert "kanarie" not in str(rows)
            assert "Terugbellen" not in str(rows)
        work = ConnectorWork(
            database.url("meetpunt_work"), catalogue=files, keys=keys, seconds=0.05
        )
        await work.start()
        try:
            async with asyncio.timeout(60), database.superuser() as db:
                # The rest are still to be kept; of these a code is left.
                while await db.fetchval(STILL) != many - returned:
                    await db.execute("select pg_sleep(0.05)")
        finally:
            await work.close()
        assert await promises(database) == [(1.0, returned)]
    # Nor the numbers: who waits to be asked is sealed.
    typed = re.compile(rb"6583\s?9\d{4}|" + said.encode())
    assert typed.search(str(theirs.contacts).encode()), "this is what is looked for"
    dump = dump_of(database)
    assert not typed.search(dump)
    assert all(task.encode() not in dump for task in made[:returned])
    # Files of the server, its log of changes among them.
    assert found_in(await flushed(database), typed) == []
    assert not typed.search(json.dumps(lines_of(caplog)).encode())
    assert not typed.search(metrics.exposition())
    assert "kanarie" not in caplog.text
