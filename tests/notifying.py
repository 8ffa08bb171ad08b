"""A municipality whose cases are followed, and notifications as the real ones were recorded."""

import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ingest.municipalities.cases import Cases
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Queue
from ingest.municipalities.notifying import Notifying
from tests.inviting import MUNICIPALITY, TOUCHPOINT

SECRET = "een-geheim-dat-lang-genoeg-is-voor-iedereen"
BEARER = {"authorization": f"Bearer {SECRET}"}
CLIENT = "notificaties"
HOST = "http://127.0.0.1:1"
CASE = "/zaken/19a116b4-56d0-41ca-9ea4-ac1270388ed2"

# What Open Notificaties 1.16.1 posts to try an address out; nothing of it is anywhere.
PING: dict[str, Any] = {
    "kanaal": "test",
    "hoofdObject": "http://some.hoofdobject.nl/",
    "resource": "some_resource",
    "resourceUrl": "http://some.resource.nl/",
    "actie": "create",
    "aanmaakdatum": "2019-01-01T12:00:00Z",
    "kenmerken": {},
}


def told(host: str = HOST, **changes: Any) -> dict[str, Any]:
    """What Open Zaak 1.30.0 told by way of Open Notificaties 1.16.1 of a status, key by key."""
    zaken, catalogi = f"{host}/zaken/api/v1", f"{host}/catalogi/api/v1"
    message = {
        "actie": "create",
        "kanaal": "zaken",
        "source": "urn:nld:oin:00000001001234567890:systeem:openzaak",
        "resource": "status",
        "kenmerken": {
            "zaaktype": f"{catalogi}/zaaktypen/9a2bd0eb-ce93-44e6-953b-e94598efd0cc",
            "bronorganisatie": "517439943",
            "zaaktype.catalogus": f"{catalogi}/catalogussen/47507fa9-cb31-45b9-9715-1643d929cd20",
            "vertrouwelijkheidaanduiding": "openbaar",
        },
        "hoofdObject": f"{zaken}{CASE}",
        "resourceUrl": f"{zaken}/statussen/7cba0e89-2447-48df-b691-7c8e4eac3254",
        "aanmaakdatum": "2026-11-28T22:13:12.976Z",
    }
    return message | changes


def as_bytes(message: Any) -> bytes:
    return json.dumps(message).encode()


def secret_file(folder: Path, name: str = "zgw.key", secret: str = SECRET) -> str:
    path = folder / name
    path.write_text(f"{secret}\n")
    path.chmod(0o600)
    return str(path)


def following_cases(
    catalogue: Catalogue, key_file: str, *, host: str = HOST, **changes: Any
) -> Catalogue:
    """Molensloot takes notifications and follows its cases; a permit leads to its touchpoint."""
    given: dict[str, Any] = {
        "zaken_url": f"{host}/zaken/api/v1",
        "catalogi_url": f"{host}/catalogi/api/v1",
        "client_id": "meetpunt",
        "key_file": key_file,
        "private_network": True,
        "types": {"B0123": Queue(touchpoint=TOUCHPOINT)},
    }
    chosen = replace(
        catalogue.municipality(MUNICIPALITY),
        notifications=Notifying(key_file=key_file, client_id=CLIENT),
        cases=Cases(**given | changes),
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != MUNICIPALITY]
    return Catalogue([chosen, *others], catalogue.questionnaires)
