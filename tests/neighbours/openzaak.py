"""Open Zaak 1.30.0 as it was found: its cases, strict in all that it is asked.

What happens to a case it publishes to Open Notificaties, in the shapes that were recorded. An end
status needs a result first; a case that gets another status afterwards is open again.
"""

import json
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import uuid4

import jwt

from tests.neighbours.server import BadDay, Behaviour, Reply, Request

CLIENT, SECRET = "meetpunt", "een-geheim-dat-lang-genoeg-is-voor-iedereen"
OTHER_HOST = "http://elders.example/zaken/api/v1"

_HOUR = 3600
_PAGE = 100
# An unknown one gives 400, such as einddatum__gte.
_LISTED = {
    "/zaaktypen": {"identificatie", "status", "catalogus", "page"},
    "/statustypen": {"zaaktype", "status", "page"},
    "/zaken": {"einddatum__gt", "einddatum__lt", "page", "zaaktype", "identificatie"},
    "/rollen": {"zaak", "omschrijvingGeneriek", "page", "roltype", "betrokkene"},
}

Json = dict[str, Any]


class OpenZaak:
    """One Open Zaak. `publish` gets every notification; `url` is where it stands."""

    def __init__(self, publish: Callable[[Json], None] = lambda _: None) -> None:
        self.url = "http://openzaak.invalid"
        self.publish = publish
        self.resources: dict[str, Json] = {}
        self.bad_days: deque[BadDay] = deque()
        self.rights = True
        self.asked: list[str] = []

    # What an administrator sets up

    def case_type(
        self, identification: str = "B0123", *, informs: bool = True, phases: tuple[str, ...] = ()
    ) -> str:
        """A type of case; its statuses are `phases`, another and the end. Gives its address."""
        kind = self._made("catalogi", "zaaktypen", identificatie=identification)
        for name in (*phases, "In behandeling", "Afgehandeld"):
            self._made(
                "catalogi",
                "statustypen",
                zaaktype=kind["url"],
                omschrijving=name,
                zaaktypeIdentificatie=identification,
                isEindstatus=name == "Afgehandeld",
                informeren=informs,
            )
        self._made("catalogi", "resultaattypen", zaaktype=kind["url"], omschrijving="Verleend")
        return str(kind["url"])

    # What happens to a case

    def open(
        self,
        kind: str,
        *,
        begun: date,
        last_day: date | None = None,
        confidentiality: str = "openbaar",
        part_of: str | None = None,
        organisation: str = "517439943",
        person: Json | None = None,
    ) -> str:
        """A case is made, with whoever asked for it; gives its address."""
        case = self._made(
            "zaken",
            "zaken",
            zaaktype=kind,
            identificatie=f"ZAAK-{len(self.resources)}",
            bronorganisatie=organisation,
            vertrouwelijkheidaanduiding=confidentiality,
            toelichting="kanarie-toelichting",
            omschrijving="kanarie-omschrijving",
            startdatum=begun.isoformat(),
            registratiedatum=begun.isoformat(),
            uiterlijkeEinddatumAfdoening=last_day.isoformat() if last_day else None,
            einddatum=None,
            hoofdzaak=part_of,
            resultaat=None,
            status=None,
        )
        self._tell(case, "zaak", case)
        if person is not None:
            role = self._made(
                "zaken",
                "rollen",
                zaak=case["url"],
                omschrijvingGeneriek="initiator",
                betrokkeneType="natuurlijk_persoon",
                betrokkeneIdentificatie={"inpBsn": "999990019"},
                contactpersoonRol=person,
            )
            self._tell(case, "rol", role)
        return str(case["url"])

    def set_status(self, case_url: str, name: str, *, at: datetime | None = None) -> str:
        """A status is set; the last one closes, and any other opens again."""
        case = self.resources[case_url]
        (kind,) = (
            each
            for each in self.resources.values()
            if each["url"].rpartition("/")[0].endswith("/statustypen")
            and each["zaaktype"] == case["zaaktype"]
            and each["omschrijving"] == name
        )
        at = at or datetime.now(UTC)
        if kind["isEindstatus"] and case["resultaat"] is None:
            raise ValueError("400 resultaat-does-not-exist")
        moment = at.isoformat().replace("+00:00", "Z")
        status = self._made(
            "zaken", "statussen", zaak=case_url, statustype=kind["url"], datumStatusGezet=moment
        )
        case["status"] = status["url"]
        case["einddatum"] = at.date().isoformat() if kind["isEindstatus"] else None
        self._tell(case, "status", status)
        return str(status["url"])

    def set_result(self, case_url: str) -> None:
        """A result is set, as it must be before the end status."""
        case = self.resources[case_url]
        (kind,) = (
            each
            for each in self.resources.values()
            if "/resultaattypen/" in each["url"] and each["zaaktype"] == case["zaaktype"]
        )
        result = self._made("zaken", "resultaten", zaak=case_url, resultaattype=kind["url"])
        case["resultaat"] = result["url"]
        self._tell(case, "resultaat", result)

    def close(self, case_url: str, *, at: datetime | None = None) -> str:
        """The case is done."""
        if self.resources[case_url]["resultaat"] is None:
            self.set_result(case_url)
        return self.set_status(case_url, "Afgehandeld", at=at)

    def reopen(self, case_url: str) -> None:
        """Somebody goes on with it."""
        self.set_status(case_url, "In behandeling")

    def patch(self, case_url: str, **changes: Any) -> None:
        """Something of it is changed."""
        case = self.resources[case_url]
        case.update(changes)
        self._tell(case, "zaak", case, "partial_update")

    def destroy(self, case_url: str) -> None:
        """It is destroyed."""
        case = self.resources.pop(case_url)
        self._tell(case, "zaak", case, "destroy")

    def _made(self, api: str, kind: str, **fields: Any) -> Json:
        url = f"{self.url}/{api}/api/v1/{kind}/{uuid4()}"
        self.resources[url] = {"url": url, **fields}
        return self.resources[url]

    def _tell(self, case: Json, resource: str, made: Json, action: str = "create") -> None:
        self.publish(
            {
                "kanaal": "zaken",
                "source": "urn:nld:oin:00000001001234567890:systeem:openzaak",
                "hoofdObject": case["url"],
                "resource": resource,
                "resourceUrl": made["url"],
                "actie": action,
                "aanmaakdatum": _milliseconds(datetime.now(UTC)),
                "kenmerken": {
                    "bronorganisatie": case["bronorganisatie"],
                    "zaaktype": case["zaaktype"],
                    "zaaktype.catalogus": f"{self.url}/catalogi/api/v1/catalogussen/1",
                    "vertrouwelijkheidaanduiding": case["vertrouwelijkheidaanduiding"],
                },
            }
        )

    # What it answers

    async def __call__(self, request: Request) -> Behaviour:
        """Answer one request."""
        self.asked.append(f"{request.method} {request.target}")
        bad_day = self.bad_days.popleft() if self.bad_days else None
        return bad_day.behaviour if bad_day else self._answer(request)

    def _answer(self, request: Request) -> Reply:
        if refused := self._refused(request):
            return refused
        target = urlsplit(request.target)
        if request.method != "GET":
            return problem(405, "method_not_allowed")
        api, _, path = target.path.removeprefix("/").partition("/api/v1")
        if path.startswith("/zaken") and request.headers.get("accept-crs") != "EPSG:4326":
            return problem(412, "missing_header")
        if path in _LISTED:
            return self._listed(api, path, parse_qsl(target.query, keep_blank_values=True))
        found = self.resources.get(f"{self.url}{target.path}")
        return problem(404, "not_found") if found is None else told(200, found)

    def _refused(self, request: Request) -> Reply | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            return problem(403, "permission_denied")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.PyJWTError:
            return problem(403, "jwt-decode-error")
        if claims.get("client_id") != CLIENT or claims.get("iss") != CLIENT:
            return problem(403, "not_authenticated")
        if time.time() - claims.get("iat", 0) > _HOUR:
            return problem(403, "jwt-expired")
        return None if self.rights else problem(403, "permission_denied")

    def _listed(self, api: str, path: str, query: list[tuple[str, str]]) -> Reply:
        given = dict(query)
        if strangers := set(given) - _LISTED[path]:
            return problem(400, "invalid", sorted(strangers))
        found = [
            each
            for url, each in self.resources.items()
            if url.rpartition("/")[0] == f"{self.url}/{api}/api/v1{path}" and _fits(each, given)
        ]
        page = int(given.get("page", "1"))
        start = (page - 1) * _PAGE
        if page > 1 and start >= len(found):
            return problem(404, "not_found")
        more = len(found) > start + _PAGE
        rest = "&".join(f"{name}={quote(text)}" for name, text in query if name != "page")
        next_page = f"{self.url}/{api}/api/v1{path}?{rest}&page={page + 1}"
        body = {
            "count": len(found),
            "next": next_page if more else None,
            "previous": None,
            "results": found[start : start + _PAGE],
        }
        return told(200, body)


def _fits(each: Json, given: dict[str, str]) -> bool:
    ended = each.get("einddatum") or ""
    return (
        ("einddatum__gt" not in given or (bool(ended) and ended > given["einddatum__gt"]))
        and ("einddatum__lt" not in given or (bool(ended) and ended < given["einddatum__lt"]))
        and all(
            each.get(name) == given[name]
            for name in ("zaak", "omschrijvingGeneriek", "zaaktype", "identificatie")
            if name in given
        )
    )


def told(status: int, body: Json) -> Reply:
    return Reply(status, json.dumps(body).encode())


def problem(status: int, code: str, names: list[str] | None = None) -> Reply:
    """A refusal in the shape that the standard has."""
    body = {
        "type": f"http://openzaak.example/ref/fouten/{code}/",
        "code": code,
        "title": code,
        "status": status,
        "detail": code,
        "instance": f"urn:uuid:{uuid4()}",
        "invalidParams": [
            {"name": name, "code": "unknown-parameters", "reason": "Onbekende query parameter."}
            for name in names or ()
        ],
    }
    lines = (("Content-Type", "application/problem+json"), ("API-version", "1.5.1"))
    return Reply(status, json.dumps(body).encode(), lines)


def _milliseconds(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
