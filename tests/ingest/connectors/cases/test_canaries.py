"""Of what stands in cases, and in what is told of them, nothing is left: no text and no person."""

import json
import logging
from pathlib import Path

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.running import metrics
from ingest.tokens.keys import Keys
from tests.case_systems import case_systems, person
from tests.conftest import Serve
from tests.ingest.invitations.test_canaries import CANARY, dump_of, flushed, found_in
from tests.inviting import states
from tests.log_lines import lines_of

# Looks through every file of a server; what is kept of one message is tested every time, in
# tests/ingest/web/test_notifications.py.
pytestmark = [pytest.mark.anyio, pytest.mark.long]

MANY = 1000


async def test_nothing_of_a_case_is_kept_but_whom_to_ask_and_that_is_sealed(
    serve: Serve,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        publish = zaak.publish

        def with_texts(message: dict[str, object]) -> None:
            text = f"kanarie-{len(systems.notificaties.queue):04}"
            more = dict.fromkeys(("toelichting", "gevraagdeHandeling", "onderwerp"), text)
            told = message["kenmerken"]
            assert isinstance(told, dict)
            publish(message | {"toelichting": text, "kenmerken": told | more})

        zaak.publish = with_texts
        for number in range(MANY):
            text = f"kanarie-{number:04}"
            who = person(0, telefoonnummer=f"065831{number:04}", naam=text)
            case = systems.case(number, kind=kind, person=who)
            zaak.patch(case, toelichting=text, omschrijving=text)
            zaak.close(case)
        # Control: it is in what comes in.
        assert all(CANARY.search(each.body) for each in systems.notificaties.queue)
        await systems.deliver()
        assert not CANARY.search(dump_of(systems.database))
        zaak.rights = False
        await systems.follow_all()
        zaak.rights = True
        await systems.poll()
        async with systems.database.superuser() as db:
            await db.execute("update meetpunt.notification set due = now() where due is not null")
        await systems.follow_all()
        assert await states(systems.database) == {"waiting": MANY}
        assert not CANARY.search(dump_of(systems.database))
        assert found_in(await flushed(systems.database)) == []
        # The fake system and the client of this test log what they do; those are not ours.
        assert not CANARY.search(json.dumps(lines_of(caplog)).encode())
        assert not CANARY.search(metrics.exposition())
