"""Open Klant as it was found: what it holds, and what it answers to whoever asks for it.

It knows filters by one value and no other parameter: one that it does not know is ignored, as
`plaatsgevondenOp__gte` is. The last to be written down comes first. What is told is told by way of
a Notificaties: of internal tasks, with all their free text. Of contacts nothing ever arrives, as it
sends booleans and Notificaties takes texts alone.
"""

import json
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from tests.neighbours.server import BadDay, Behaviour, Reply, Request

TOKEN = "0f7a4c1c8b9e4a51b7d0c3c8f1de23c1b5a09d42"
ROOT = "/klantinteracties/api/v1"
USUAL_PAGE, LARGEST_PAGE = 100, 500

_TRUTHS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}
_EXACT = ("kanaal", "plaatsgevondenOp", "nummer")
_WITHIN = ("onderwerp", "inhoud")
_EXPANDABLE = {
    "hadBetrokkenen",
    "hadBetrokkenen.digitaleAdressen",
    "hadBetrokkenen.wasPartij",
    "leiddeTotInterneTaken",
    "gingOverOnderwerpobjecten",
    "omvatteBijlagen",
}


class FakeOpenKlant:
    """What one Open Klant holds. `host` is how it names itself in its answers."""

    def __init__(self, host: str = "http://openklant.example") -> None:
        self.host = host
        self.contacts: list[dict[str, Any]] = []
        self.tasks: dict[str, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []
        # What becomes of the next requests; None: a good day.
        self.bad_days: deque[BadDay | None] = deque()

    def call(
        self,
        number: str = "0612345678",
        *,
        at: datetime,
        subject: str = "Paspoort",
        actors: tuple[str, ...] = ("Klantcontactcentrum",),
        addresses: list[dict[str, Any]] | None = None,
        said: str = "",
        **changes: Any,
    ) -> str:
        """Somebody telephones and it is written down; gives the id of the contact."""
        uuid, person = str(uuid4()), str(uuid4())
        number_of_it = f"{len(self.contacts) + 1:010}"
        if addresses is None:
            addresses = [address(number)] if number else []
        for each in addresses:
            each.setdefault("uuid", str(uuid4()))
            each.setdefault("url", self._url("digitaleadressen", each["uuid"]))
        self.contacts.append(
            {
                "uuid": uuid,
                "url": self._url("klantcontacten", uuid),
                "gingOverOnderwerpobjecten": [],
                "hadBetrokkenActoren": [self._actor(name) for name in actors],
                "omvatteBijlagen": [],
                "hadBetrokkenen": [
                    {
                        "uuid": person,
                        "url": self._url("betrokkenen", person),
                        "wasPartij": None,
                        "hadKlantcontact": self._reference("klantcontacten", uuid),
                        "digitaleAdressen": addresses,
                        "bezoekadres": None,
                        "correspondentieadres": None,
                        "contactnaam": {
                            "voorletters": "",
                            "voornaam": "",
                            "voorvoegselAchternaam": "",
                            "achternaam": "",
                        },
                        "volledigeNaam": "",
                        "rol": "klant",
                        "organisatienaam": "",
                        "initiator": True,
                    }
                ],
                "leiddeTotInterneTaken": [],
                "nummer": number_of_it,
                "kanaal": "telefoon",
                "onderwerp": subject,
                "inhoud": said,
                "indicatieContactGelukt": True,
                "taal": "nld",
                "vertrouwelijk": False,
                "plaatsgevondenOp": _written(at),
            }
            | changes
        )
        return uuid

    def promise(
        self, contact: str, *, at: datetime, action: str = "Terugbellen", said: str = ""
    ) -> str:
        """A call back is promised; gives the id of its task, and tells of it."""
        uuid = str(uuid4())
        self.tasks[uuid] = {
            "uuid": uuid,
            "url": self._url("internetaken", uuid),
            "nummer": "",
            "gevraagdeHandeling": action,
            "aanleidinggevendKlantcontact": self._reference("klantcontacten", contact),
            "toegewezenAanActor": self._reference("actoren", str(uuid4())),
            "toegewezenAanActoren": [],
            "toelichting": said,
            "status": "te_verwerken",
            "toegewezenOp": _written(at),
            "afgehandeldOp": None,
        }
        (found,) = [each for each in self.contacts if each["uuid"] == contact]
        found["leiddeTotInterneTaken"].append(self._reference("internetaken", uuid))
        self._tell("create", uuid, at)
        return uuid

    def call_back(self, task: str, *, at: datetime) -> None:
        """Somebody called back, and says so with a PATCH."""
        self.tasks[task] |= {"status": "verwerkt", "afgehandeldOp": _written(at)}
        self._tell("partial_update", task, at)

    def open_again(self, task: str, *, at: datetime) -> None:
        """It was not done after all: the moment goes."""
        self.tasks[task] |= {"status": "te_verwerken", "afgehandeldOp": None}
        self._tell("partial_update", task, at)

    def remove(self, task: str) -> None:
        """The task is gone, also from its contact."""
        del self.tasks[task]
        for contact in self.contacts:
            tasks = contact["leiddeTotInterneTaken"]
            contact["leiddeTotInterneTaken"] = [each for each in tasks if each["uuid"] != task]

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        bad_day = self.bad_days.popleft() if self.bad_days else None
        return bad_day.behaviour if bad_day else self._answer(request)

    def _answer(self, request: Request) -> Reply:
        given = request.headers.get("authorization", "")
        if not given:
            return problem(401, "not_authenticated", "Authenticatiegegevens zijn niet opgegeven.")
        if given != f"Token {TOKEN}":
            return problem(401, "authentication_failed", "Ongeldige token.")
        target = urlsplit(request.target)
        if request.method != "GET":
            return problem(
                405, "method_not_allowed", f'Methode "{request.method}" niet toegestaan.'
            )
        routes: dict[str, Callable[[dict[str, str]], Reply]] = {
            f"{ROOT}/klantcontacten": self._list,
        }
        query = dict(parse_qsl(target.query))
        if route := routes.get(target.path):
            return route(query)
        before, _, last = target.path.rpartition("/")
        if before == f"{ROOT}/klantcontacten":
            for found in [each for each in self.contacts if each["uuid"] == last]:
                return self._expanding(query, partial(self._shown, found))
        if before == f"{ROOT}/internetaken" and last in self.tasks:
            return _told(200, self.tasks[last])
        return problem(404, "not_found", "Niet gevonden.")

    def _list(self, query: dict[str, str]) -> Reply:
        try:
            found = [each for each in reversed(self.contacts) if _fits(each, query)]
        except KeyError:
            return problem(400, "invalid", "Invalid input.")
        try:
            page = int(query.get("page", "1"))
            size = min(int(query.get("pageSize", USUAL_PAGE)), LARGEST_PAGE)
        except ValueError:
            return problem(404, "not_found", "Ongeldige pagina.")
        if page < 1 or (page > 1 and (page - 1) * size >= len(found)):
            return problem(404, "not_found", "Ongeldige pagina.")
        shown = found[(page - 1) * size : page * size]

        def told(wanted: set[str]) -> Any:
            # A host behind a proxy names itself as it was asked, or as it thinks that it is called.
            more = f"{self.host}{ROOT}/klantcontacten?page={page + 1}"
            return {
                "count": len(found),
                "next": more if page * size < len(found) else None,
                "previous": None,
                "results": [self._shown(each, wanted) for each in shown],
            }

        return self._expanding(query, told)

    def _expanding(self, query: dict[str, str], told: Callable[[set[str]], Any]) -> Reply:
        wanted = set(filter(None, query.get("expand", "").split(",")))
        if wanted - _EXPANDABLE:
            return problem(400, "invalid", "Invalid input.")
        return _told(200, told(wanted))

    def _shown(self, contact: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
        """As it is told: references alone, and what was asked for beside them."""
        people = contact["hadBetrokkenen"]
        shown = contact | {
            "hadBetrokkenen": [{"uuid": each["uuid"], "url": each["url"]} for each in people]
        }
        beside: dict[str, Any] = {}
        if "hadBetrokkenen" in wanted:
            beside["hadBetrokkenen"] = [_person(each, wanted) for each in people]
        if "leiddeTotInterneTaken" in wanted:
            beside["leiddeTotInterneTaken"] = [
                self.tasks[each["uuid"]] for each in contact["leiddeTotInterneTaken"]
            ]
        return shown | ({"_expand": beside} if beside else {})

    def _tell(self, action: str, task: str, at: datetime) -> None:
        """As Notificaties hands it on: keys in their order, texts and all."""
        told = self.tasks[task]
        kept = {
            name: told[name] for name in ("nummer", "status", "toelichting", "gevraagdeHandeling")
        }
        self.told.append(
            {
                "actie": action,
                "kanaal": "internetaken",
                "source": "openklant",
                "resource": "internetaak",
                "kenmerken": kept,
                "hoofdObject": told["url"],
                "resourceUrl": told["url"],
                "aanmaakdatum": at.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z",
            }
        )

    def told_of(self, contact: str) -> dict[str, Any]:
        """What it tells of a contact, and Notificaties refuses: a characteristic is a text."""
        (found,) = [each for each in self.contacts if each["uuid"] == contact]
        kept = {
            "hoofdOnderwerpType": "",
            "indicatieContactGelukt": found["indicatieContactGelukt"],
            "verdereActieOndernomen": bool(found["leiddeTotInterneTaken"]),
        }
        return {
            "actie": "create",
            "kanaal": "klantcontacten",
            "source": "openklant",
            "resource": "klantcontact",
            "kenmerken": kept,
            "hoofdObject": found["url"],
            "resourceUrl": found["url"],
            "aanmaakdatum": found["plaatsgevondenOp"],
        }

    def _actor(self, name: str) -> dict[str, Any]:
        uuid = str(uuid4())
        return {
            "uuid": uuid,
            "url": self._url("actoren", uuid),
            "naam": name,
            "soortActor": "organisatorische_eenheid",
            "indicatieActief": True,
            "actoridentificator": None,
        }

    def _reference(self, kind: str, uuid: str) -> dict[str, str]:
        return {"uuid": uuid, "url": self._url(kind, uuid)}

    def _url(self, kind: str, uuid: str) -> str:
        return f"{self.host}{ROOT}/{kind}/{uuid}"


def address(what: str, kind: str = "telefoonnummer", *, preferred: bool = False) -> dict[str, Any]:
    """A number or address of somebody, as it is told."""
    return {
        "verstrektDoorBetrokkene": None,
        "verstrektDoorPartij": None,
        "adres": what,
        "soortDigitaalAdres": kind,
        "isStandaardAdres": preferred,
        "omschrijving": "",
        "referentie": "",
        "verificatieDatum": None,
    }


def problem(status: int, code: str, words: str) -> Reply:
    """A refusal in the shape that all of them have."""
    told = {
        "type": "",
        "code": code,
        "title": words,
        "status": status,
        "detail": words,
        "instance": "",
    }
    return Reply(status, json.dumps(told).encode(), (("Content-Type", "application/problem+json"),))


def _person(person: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    addresses = person["digitaleAdressen"]
    shown = person | {
        "digitaleAdressen": [{"uuid": each["uuid"], "url": each["url"]} for each in addresses]
    }
    if "hadBetrokkenen.digitaleAdressen" in wanted:
        return shown | {"_expand": {"digitaleAdressen": addresses}}
    return shown


def _fits(contact: dict[str, Any], query: dict[str, str]) -> bool:
    """Raises KeyError for what is no truth."""
    return (
        all(contact[name] == query[name] for name in _EXACT if name in query)
        and all(query[name].lower() in contact[name].lower() for name in _WITHIN if name in query)
        and all(
            contact[name] is _TRUTHS[query[name]]
            for name in ("indicatieContactGelukt", "vertrouwelijk")
            if name in query
        )
    )


def _told(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body).encode())


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
