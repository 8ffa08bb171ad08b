"""`meetpunt connect zgw` tries each address and right, subscribes, and says what is missing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest.connectors.cases.connecting import Connecting
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Queue
from tests.conftest import Serve
from tests.inviting import TOUCHPOINT, inviting
from tests.neighbours.opennotificaties import OpenNotificaties
from tests.neighbours.openzaak import OpenZaak
from tests.neighbours.server import neighbour
from tests.notifying import SECRET, following_cases, secret_file

pytestmark = pytest.mark.anyio

BASE = "https://kto.molensloot.example"


class Beside:
    """Both systems, and what connecting to them tells."""

    def __init__(
        self, zaak: OpenZaak, notificaties: OpenNotificaties, files: Catalogue, url: str
    ) -> None:
        self.zaak, self.notificaties = zaak, notificaties
        self.reaches_us = True
        self.believed = True
        self.files, self.url = files, url

    async def told(self, *, subscribe: bool = True) -> tuple[list[str], list[str]]:
        """What is well, and what is missing."""
        connecting = Connecting(self.files.municipality("molensloot"), base_url=BASE)
        findings = [each async for each in connecting.try_all(subscribe=subscribe)]
        await connecting.close()
        return (
            [each.sentence for each in findings if each.well],
            [each.sentence for each in findings if not each.well],
        )


@asynccontextmanager
async def beside(
    serve: Serve, catalogue: Catalogue, folder: Path, **changes: Any
) -> AsyncIterator[Beside]:
    zaak = OpenZaak()
    systems: Beside

    async def post(address: str, headers: dict[str, str], body: bytes) -> int:
        if not systems.reaches_us:
            return 0
        shown = headers if systems.believed else {**headers, "Authorization": "Bearer iets-anders"}
        place = address.removeprefix(BASE)
        return int((await served.client.post(place, content=body, headers=shown)).status_code)

    notificaties = OpenNotificaties(post)
    async with neighbour(zaak) as server, neighbour(notificaties) as notifier:
        zaak.url = server.url
        given = {"notificaties_url": f"{notifier.url}/api/v1"} | changes
        key = secret_file(folder)
        files = following_cases(inviting(catalogue), key, host=server.url, **given)
        async with serve(files=files) as served:
            systems = Beside(zaak, notificaties, files, notifier.url)
            yield systems


async def test_where_all_is_well_we_are_notified_once(
    serve: Serve, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with beside(serve, catalogue, tmp_path) as systems:
        systems.zaak.case_type()
        well, missing = await systems.told(subscribe=False)
        callback = f"{BASE}/api/v1/notifications/molensloot"
        assert missing == [f"There is no subscription to {callback} (zaken)."]
        well, missing = await systems.told()
        assert missing == []
        assert well[-1] == f"Subscribed to {callback} (zaken)."
        well, missing = await systems.told()
        assert (len(well), missing) == (3, [])
        (made,) = systems.notificaties.subscriptions
        assert made["auth"] == f"Bearer {SECRET}"
        assert made["kanalen"] == [{"naam": "zaken", "filters": {}}]
        assert "sendCloudevents" not in made
        # Somebody asked for CloudEvents beside it.
        made["sendCloudevents"] = True
        assert "CloudEvents" in (await systems.told())[1][0]


async def test_each_thing_that_is_missing_is_a_sentence(
    serve: Serve, catalogue: Catalogue, tmp_path: Path
) -> None:
    phases = {"B0123": {"Ontvangen": Queue(touchpoint=TOUCHPOINT)}}
    async with beside(serve, catalogue, tmp_path, phases=phases) as systems:
        zaak, notificaties = systems.zaak, systems.notificaties

        async def missing() -> str:
            return "\n".join((await systems.told())[1])

        assert "B0123 is not at" in await missing()
        zaak.case_type(informs=False)
        assert "not to be informed" in await missing()
        zaak.resources.clear()
        zaak.case_type(phases=("Aangekomen",))
        assert "has no status Ontvangen; it has Aangekomen, Afgehandeld" in await missing()
        zaak.rights = False
        assert "may it zaken.lezen" in await missing()
        assert "may it catalogi.lezen" in await missing()
        zaak.rights = True
        notificaties.subscriptions.clear()
        notificaties.channels = ("besluiten",)
        assert "there is no channel zaken" in await missing()
        notificaties.channels = ("zaken",)
        notificaties.rights = False
        assert "may it notificaties.consumeren" in await missing()
        notificaties.rights = True
        systems.reaches_us = False
        assert "could call" in await missing()
        systems.reaches_us = True
        systems.believed = False
        assert "was not taken" in await missing()
        assert notificaties.subscriptions == []


async def test_a_system_that_is_nowhere_is_told(
    serve: Serve, catalogue: Catalogue, tmp_path: Path
) -> None:
    nowhere: dict[str, Any] = {
        "zaken_url": "http://127.0.0.1:1/zaken/api/v1",
        "notificaties_url": "http://127.0.0.1:1/api/v1",
    }
    async with beside(serve, catalogue, tmp_path, **nowhere) as systems:
        systems.zaak.case_type()
        _, missing = await systems.told()
        assert len([each for each in missing if "nothing answers there" in each]) == 2
