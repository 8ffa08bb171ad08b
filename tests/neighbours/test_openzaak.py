"""Our Open Zaak and Open Notificaties tell what the real ones told, and refuse what they refuse."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from ingest.clock import today_here
from tests.neighbours.opennotificaties import PING, SIGNS, OpenNotificaties, as_told
from tests.neighbours.openzaak import CLIENT, SECRET, OpenZaak
from tests.neighbours.server import Reply, Request
from tests.notifying import recorded

pytestmark = pytest.mark.anyio

REAL = [each for each in recorded() if "cloudevents" not in each["headers"]["Content-Type"]]


def shape(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Its keys in the order in which they came, and what stands there, without who and when."""
    fixed = ("actie", "kanaal", "resource", "source")
    return [(key, str(each) if key in fixed else "") for key, each in message.items()]


def test_what_happens_to_a_case_is_told_as_the_real_one_told_it() -> None:
    told: list[dict[str, Any]] = []
    zaak = OpenZaak(lambda message: told.append(json.loads(as_told(message))))
    case = zaak.open(zaak.case_type(), begun=today_here(), person={})
    zaak.close(case)
    zaak.patch(case, omschrijving="")
    ours = {(each["resource"], each["actie"]): each for each in told}
    # The first two of a status came through a publisher without, and with another, source.
    real = [each for each in REAL if "Open Zaak" in each["from"]][2:]
    assert len(real) == len(ours) == 5
    for each in real:
        body = json.loads(each["body"])
        mine = ours[body["resource"], body["actie"]]
        assert shape(mine) == shape(body)
        assert list(mine["kenmerken"]) == list(body["kenmerken"])
        assert len(mine["aanmaakdatum"]) == len(body["aanmaakdatum"])
        assert each["headers"] == SIGNS | {"Authorization": "Bearer geheim-1"}


def test_the_address_is_tried_out_as_the_real_one_did_it() -> None:
    for each in REAL[:2]:
        assert json.loads(each["body"]) == PING
        assert set(each["headers"]) - {"AUTHORIZATION"} == set(SIGNS)


async def test_a_subscription_is_refused_in_each_way_and_calls_us_before_it_looks_at_channels() -> (
    None
):
    called: list[str] = []
    answers: dict[bool, int] = {False: 204, True: 204}

    async def post(_: str, headers: dict[str, str], __: bytes) -> int:
        shown = "Authorization" in headers
        called.append("with" if shown else "without")
        return answers[shown]

    notificaties = OpenNotificaties(post)
    asked = {"callbackUrl": "https://a.example", "auth": "Bearer x", "kanalen": [{"naam": "nee"}]}

    async def code() -> str:
        reply = await notificaties._subscribe(asked)
        return str(json.loads(reply.body).get("code", reply.status))

    assert await code() == "no-auth-on-callback-url"
    answers = {False: 401, True: 503}
    assert await code() == "invalid-callback-url"
    answers = {False: 403, True: 204}
    called.clear()
    assert await code() == "kanaal_naam"
    assert called == ["without", "with"]
    asked["kanalen"] = [{"naam": "zaken"}]
    assert await code() == "201"


def token(age: timedelta = timedelta(0)) -> str:
    moment = datetime.now(UTC) - age
    claims = {"iss": CLIENT, "client_id": CLIENT, "iat": int(moment.timestamp())}
    return f"Bearer {jwt.encode(claims, SECRET, algorithm='HS256')}"


@pytest.mark.parametrize(
    ("target", "headers", "status", "code"),
    [
        ("/zaken/api/v1/zaken?einddatum__gt=2026-01-01&einddatum__lt=2026-02-01", {}, 200, ""),
        ("/zaken/api/v1/zaken?einddatum__gte=2026-01-01", {}, 400, "invalid"),
        ("/zaken/api/v1/zaken", {"authorization": ""}, 403, "permission_denied"),
        (
            "/zaken/api/v1/zaken",
            {"authorization": token(timedelta(minutes=61))},
            403,
            "jwt-expired",
        ),
        ("/zaken/api/v1/zaken/weg", {}, 404, "not_found"),
    ],
)
async def test_what_is_asked_wrongly_is_refused(
    target: str, headers: dict[str, str], status: int, code: str
) -> None:
    sent = {"authorization": token(), "accept-crs": "EPSG:4326"} | headers
    reply = await OpenZaak()(Request("GET", target, sent, b""))
    assert isinstance(reply, Reply)
    assert (reply.status, json.loads(reply.body).get("code", "")) == (status, code)


def test_an_end_status_needs_a_result_and_another_status_opens_it_again() -> None:
    zaak = OpenZaak()
    case = zaak.open(zaak.case_type(), begun=today_here())
    with pytest.raises(ValueError, match="resultaat"):
        zaak.set_status(case, "Afgehandeld")
    zaak.close(case)
    assert zaak.resources[case]["einddatum"]
    zaak.reopen(case)
    assert zaak.resources[case]["einddatum"] is None
