"""A contact register: what Open Klant answers of a promise to call back that was kept, in memory.

Only so much of it as such a call leads to; tests have a stricter one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from ingest.municipalities.connecting import Queue
from ingest.municipalities.contacts import ELSE, CallBacks, Contacts

PATH = "/voorbeeldklanten"
"""Where it is, on the host of the demo."""

TOUCHPOINT = "terugbelverzoek"

_MOST_KEPT = 200
_ROOT = f"{PATH}/klantinteracties/api/v1"
_ACTION, _SUBJECT = "Terugbellen", "Paspoort"
_PROMISED_BEFORE = timedelta(hours=20)

Answer = tuple[int, Mapping[str, Any]]


def contacts_at(host: str, key_file: str) -> Contacts:
    """Where a municipality finds it; `host` without a slash at its end."""
    return Contacts(
        url=f"{host}{_ROOT}",
        key_file=key_file,
        private_network=True,
        queues={
            _SUBJECT: Queue(touchpoint=TOUCHPOINT, product="paspoort"),
            ELSE: Queue(touchpoint=TOUCHPOINT),
        },
        callbacks=CallBacks(queue=Queue(touchpoint=TOUCHPOINT), actions=(_ACTION,)),
    )


class ContactRegister:
    """Has people called back, and answers what it knows of it."""

    def __init__(self, host: str) -> None:
        """`host` is where it is called, without a slash at its end."""
        self._host = host
        self._kept: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def call_back(self, number: str, *, now: datetime) -> dict[str, Any]:
        """Who has this number was promised a call, and is called `now`; what is told of it."""
        id = str(uuid4())
        promised = now - _PROMISED_BEFORE
        contact, task = self._reference("klantcontacten", id), self._reference("internetaken", id)
        self._kept[id] = (
            contact
            | {
                "kanaal": "telefoon",
                "onderwerp": _SUBJECT,
                "indicatieContactGelukt": True,
                "taal": "nld",
                "vertrouwelijk": False,
                "plaatsgevondenOp": _written(promised),
                "hadBetrokkenActoren": [{"naam": "Klantcontactcentrum"}],
                "leiddeTotInterneTaken": [task],
                "_expand": {"hadBetrokkenen": [_resident(number)]},
            },
            task
            | {
                "nummer": "",
                "gevraagdeHandeling": _ACTION,
                "aanleidinggevendKlantcontact": contact,
                "toelichting": "",
                "status": "verwerkt",
                "toegewezenOp": _written(promised),
                "afgehandeldOp": _written(now),
            },
        )
        while len(self._kept) > _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        return {
            "actie": "partial_update",
            "kanaal": "internetaken",
            "source": "openklant",
            "resource": "internetaak",
            "kenmerken": {
                "nummer": "",
                "status": "verwerkt",
                "toelichting": "",
                "gevraagdeHandeling": _ACTION,
            },
            "hoofdObject": task["url"],
            "resourceUrl": task["url"],
            "aanmaakdatum": _written(now),
        }

    def answer(self, path: str) -> Answer:
        """What a GET of this path is answered."""
        kind, _, id = path.removeprefix(f"{_ROOT}/").partition("/")
        if kind == "klantcontacten" and not id:
            every = [self._contact(each) for each in reversed(self._kept)]
            return 200, {"count": len(every), "next": None, "previous": None, "results": every}
        if id in self._kept and kind == "klantcontacten":
            return 200, self._contact(id)
        if id in self._kept and kind == "internetaken":
            return 200, self._kept[id][1]
        return 404, {"detail": "Niet gevonden."}

    def _contact(self, id: str) -> dict[str, Any]:
        contact, task = self._kept[id]
        return contact | {"_expand": contact["_expand"] | {"leiddeTotInterneTaken": [task]}}

    def _reference(self, kind: str, id: str) -> dict[str, Any]:
        return {"uuid": id, "url": f"{self._host}{_ROOT}/{kind}/{id}"}


def _resident(number: str) -> dict[str, Any]:
    address = {
        "adres": number,
        "soortDigitaalAdres": "telefoonnummer",
        "isStandaardAdres": False,
    }
    return {"initiator": True, "rol": "klant", "_expand": {"digitaleAdressen": [address]}}


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
