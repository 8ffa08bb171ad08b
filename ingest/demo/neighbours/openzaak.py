"""A case system: what Open Zaak answers of a case that was closed, in memory.

Only so much of it as a closing leads to; tests have a stricter one.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from ingest.municipalities.cases import Cases
from ingest.municipalities.connecting import Queue

PATH = "/voorbeeldzaken"
"""Where it is, on the host of the demo."""

CASE_TYPE = "TERRASVERGUNNING"
TOUCHPOINT = "vergunning"

_MOST_KEPT = 200
_CASES, _CATALOGUE = f"{PATH}/zaken/api/v1", f"{PATH}/catalogi/api/v1"
_TYPE, _STATUS_TYPE = f"{_CATALOGUE}/zaaktypen/terras", f"{_CATALOGUE}/statustypen/afgehandeld"
_DAYS_OPEN, _MOST_DAYS = 16, 56

Answer = tuple[int, Mapping[str, Any]]
type_of_wanted = Callable[[Mapping[str, Any]], bool]


def cases_at(host: str, key_file: str) -> Cases:
    """Where a municipality finds it; `host` without a slash at its end."""
    return Cases(
        zaken_url=f"{host}{_CASES}",
        catalogi_url=f"{host}{_CATALOGUE}",
        client_id="meetpunt",
        key_file=key_file,
        private_network=True,
        types={CASE_TYPE: Queue(touchpoint=TOUCHPOINT)},
    )


class CaseRegister:
    """Closes cases about terraces, and answers what became of them."""

    def __init__(self, host: str) -> None:
        """`host` is where it is called, without a slash at its end."""
        self._host = host
        self._types: dict[str, Mapping[str, Any]] = {
            _TYPE: {"identificatie": CASE_TYPE, "omschrijving": "Terrasvergunning"},
            _STATUS_TYPE: {
                "zaaktype": f"{host}{_TYPE}",
                "omschrijving": "Afgehandeld",
                "isEindstatus": True,
                "informeren": True,
            },
        }
        self._cases: dict[str, dict[str, Mapping[str, Any]]] = {}

    def close(self, address: str, *, now: datetime) -> dict[str, Any]:
        """A case of who has this mail address is closed `now`; what Open Notificaties tells."""
        id = str(uuid4())
        case, status = f"{_CASES}/zaken/{id}", f"{_CASES}/statussen/{id}"
        moment = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
        begun = (now - timedelta(days=_DAYS_OPEN)).date()
        self._cases[id] = {
            case: {
                "zaaktype": f"{self._host}{_TYPE}",
                "status": f"{self._host}{status}",
                "resultaat": None,
                "hoofdzaak": None,
                "vertrouwelijkheidaanduiding": "openbaar",
                "registratiedatum": begun.isoformat(),
                "einddatum": now.date().isoformat(),
                "uiterlijkeEinddatumAfdoening": (begun + timedelta(days=_MOST_DAYS)).isoformat(),
            },
            status: {
                "zaak": f"{self._host}{case}",
                "statustype": f"{self._host}{_STATUS_TYPE}",
                "datumStatusGezet": moment,
            },
            f"{_CASES}/rollen/{id}": {
                "zaak": f"{self._host}{case}",
                "omschrijvingGeneriek": "initiator",
                "contactpersoonRol": {"emailadres": address},
            },
        }
        while len(self._cases) > _MOST_KEPT:
            self._cases.pop(next(iter(self._cases)))
        return {
            "kanaal": "zaken",
            "hoofdObject": f"{self._host}{case}",
            "resource": "status",
            "resourceUrl": f"{self._host}{status}",
            "actie": "create",
            "aanmaakdatum": moment,
            "kenmerken": {
                "bronorganisatie": "517439943",
                "zaaktype": f"{self._host}{_TYPE}",
                "vertrouwelijkheidaanduiding": "openbaar",
            },
        }

    def answer(self, path: str, query: Mapping[str, str]) -> Answer:
        """What a GET of this path is answered."""
        if path == f"{_CASES}/zaken":
            return 200, self._listed("zaken", lambda each: _closed_within(each, query))
        if path == f"{_CASES}/rollen":
            return 200, self._listed("rollen", lambda each: each["zaak"] == query.get("zaak"))
        found = self._found(path)
        return (404, {"detail": "Niet gevonden."}) if found is None else (200, found)

    def _found(self, path: str) -> Mapping[str, Any] | None:
        kept = self._cases.get(path.rpartition("/")[2], {})
        found = self._types.get(path) or kept.get(path)
        return None if found is None else self._told(path, found)

    def _listed(self, kind: str, wanted: type_of_wanted) -> Mapping[str, Any]:
        every = [
            self._told(path, each)
            for kept in self._cases.values()
            for path, each in kept.items()
            if path.startswith(f"{_CASES}/{kind}/") and wanted(each)
        ]
        return {"count": len(every), "next": None, "previous": None, "results": every}

    def _told(self, path: str, found: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"url": f"{self._host}{path}", **found}


def _closed_within(case: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    ended = str(case["einddatum"])
    return query.get("einddatum__gt", "") < ended < query.get("einddatum__lt", "9999")
