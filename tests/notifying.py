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


RECORDED_HOST = "http://buur-55712.example"
"""In place of the host of what was recorded."""


def recorded() -> list[dict[str, Any]]:
    """What the real systems sent, as it came: headers, body, and what was answered."""
    file = Path(__file__).resolve().parent / "data" / "recorded-notifications.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def recorded_notifications() -> list[dict[str, Any]]:
    """The messages among them; a CloudEvent is none."""
    return [
        json.loads(each["body"])
        for each in recorded()
        if each["headers"]["Content-Type"] == "application/json"
    ]


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
