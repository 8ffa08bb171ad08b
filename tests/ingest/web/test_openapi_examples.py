"""Every example of the API's document fits its schema, is sent for real, and gets what it promises.

What nobody can know beforehand is filled in: a token, and an API key. What a kiosk signs is sent as
it stands, as its examples are signed with a key that everybody knows.
"""

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from ingest.invitations.minting import api_key_digest
from ingest.kiosk.signatures import PublicKey, from_base64url
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.measures import MEASURES
from ingest.questionnaires.kinds import KINDS
from ingest.tokens.keys import Keys
from ingest.web.openapi import BASE
from ingest.widget.offered import Offers
from tests.conftest import Served, Stand
from tests.ingest.kiosk.tablet import enrol_as_owner
from tests.ingest.web.test_openapi import Node, document, nodes, operations
from tests.read_later import read_later

jsonschema = read_later("jsonschema")

# RFC 6979, A.2.5.
KNOWN_KEY = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
ORIGIN = {"origin": "https://www.molensloot.example"}


# Every example fits


@cache
def validator(name: str) -> Any:
    """Of one schema, which refers to others."""
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document()["components"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


def fits(schema: Node, example: Any) -> list[str]:
    whole = {**schema, "components": document()["components"]}
    return [fault.message for fault in jsonschema.Draft202012Validator(whole).iter_errors(example)]


def fields() -> Iterator[tuple[str, Node]]:
    for name, schema in document()["components"]["schemas"].items():
        for field, within in schema.get("properties", {}).items():
            yield f"{name}.{field}", within


@pytest.mark.parametrize("name", document()["components"]["schemas"])
def test_a_schema_has_words_and_an_example_that_fits(name: str) -> None:
    schema = document()["components"]["schemas"][name]
    assert schema["description"].strip()
    assert schema["examples"], name
    for example in schema["examples"]:
        assert not [fault.message for fault in validator(name).iter_errors(example)], example


def test_a_field_has_words_and_an_example_that_fits_its_own_or_that_of_what_it_holds() -> None:
    for name, field in fields():
        assert field.get("description", "").endswith((".", "?")), name
        assert field.get("examples") or any("$ref" in node for node in nodes(field)), name
        for example in field.get("examples", ()):
            assert not fits(field, example), (name, example)


def test_words_speak_of_fields_as_they_stand_in_the_json() -> None:
    """`responseId`, never `response_id`: a line below stands in codes of items, kinds, measures."""
    kinds = {code for code in (*KINDS, *MEASURES) if "_" in code}
    names = {name for _, schema in fields() for name in schema.get("properties", {})}
    for node in nodes(document()):
        words = node.get("description")
        if isinstance(words, str):
            below = {word.strip(".,:;()") for word in words.split() if "_" in word}
            assert below - names <= kinds | {"mp_"}, words
            assert "`" not in words


def test_an_example_of_a_call_fits() -> None:
    seen = 0
    for path, _, operation in operations():
        assert operation["summary"], path
        for node in nodes(operation):
            for content in node.get("content", {}).values() if "content" in node else ():
                examples = [content["example"]] if "example" in content else []
                examples += [one["value"] for one in content.get("examples", {}).values()]
                assert examples, path
                for example in examples:
                    assert not fits(content["schema"], example), (path, example)
                    seen += 1
        for parameter in operation.get("parameters", ()):
            assert not fits(parameter["schema"], parameter["example"]), (path, parameter["name"])
    assert seen > 100


# Every example is sent


class Sent(msgspec.Struct):
    """A reply, and which operation it answers."""

    operation: str
    reply: httpx.Response


@asynccontextmanager
async def sending(standing: Stand, keys: Keys) -> AsyncIterator[tuple[Served, str]]:
    """A service, and an API key of the municipality of the examples."""
    async with standing() as served:
        async with served.database.superuser() as db:
            await db.execute(
                "insert into meetpunt.api_key (municipality, digest, name, created_on, may)"
                " values ('GM9001', $1, 'examples', $2, '{links,signals}') on conflict do nothing",
                api_key_digest(keys.accounts, "mp_examples"),
                date(2026, 1, 1),
            )
        yield served, "mp_examples"


def operation(wanted: str) -> tuple[str, str, Node]:
    return next(found for found in operations() if found[2]["operationId"] == wanted)


async def send(
    served: Served,
    wanted: str,
    headers: dict[str, str] | None = None,
    *,
    named: str = "",
    **filled_in: Any,
) -> httpx.Response:
    """The example of a call, with these fields of its body filled in; its reply is as promised.

    Where a call has several, the one of this name.
    """
    path, method, told = operation(wanted)
    asked = {"path": {}, "query": {}, "header": {}}  # type: dict[str, dict[str, str]]
    for parameter in told.get("parameters", ()):
        asked[parameter["in"]][parameter["name"]] = parameter["example"]
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = content["examples"][named]["value"] if named else content.get("example")
    reply = await served.client.request(
        method,
        BASE + path.format(**asked["path"]),
        params=asked["query"],
        headers=asked["header"] | (headers or {}),
        json=None if body is None else body | filled_in,
    )
    promised = told["responses"][str(reply.status_code)]
    for content_type, content in promised.get("content", {}).items():
        assert reply.headers["content-type"] == content_type
        assert not fits(content["schema"], reply.json()), reply.text
    assert {name.lower() for name in promised["headers"]} <= set(reply.headers) | {
        "access-control-allow-origin"
    }
    return reply


@pytest.mark.anyio
async def test_a_response_is_stored_and_its_retry_too(standing: Stand, keys: Keys) -> None:
    async with sending(standing, keys) as (served, _):
        token = served.token("molensloot/online", "embed")
        first = await send(served, "submitResponse", ORIGIN, token=token)
        again = await send(served, "submitResponse", token=token)
        (row,) = await served.responses()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    promised = operation("submitResponse")[2]["responses"]["201"]["content"]["application/json"]
    assert first.json() == promised["example"]
    assert msgspec.json.decode(row["dimensions"]) == {"form": "verhuizing-doorgeven"}


@pytest.mark.anyio
async def test_signals_are_listed_and_followed_up(standing: Stand, keys: Keys) -> None:
    async with sending(standing, keys) as (served, key):
        headers = {"authorization": f"Bearer {key}"}
        for named in ("seen", "improved", "impossible"):
            path, _, told = operation("followUpSignal")
            which = told["parameters"][0]["example"]
            async with served.database.superuser() as db:
                await db.execute("truncate meetpunt.signal cascade")
                await db.execute(
                    "insert into meetpunt.signal"
                    " (id, municipality, touchpoint, reason, day, half, shown_from)"
                    " values ($1, 'GM9001', 1, 'laag', '2026-11-30', 'ochtend', now())",
                    which,
                )
            reply = await send(served, "followUpSignal", headers, named=named)
            assert reply.status_code == 200, path
        listed = await send(served, "listSignals", headers)
        assert listed.status_code == 200


@pytest.mark.anyio
async def test_the_rest_of_a_response_is_stored(standing: Stand, keys: Keys) -> None:
    async with sending(standing, keys) as (served, _):
        begun: dict[str, Any] = {
            "token": served.token("molensloot/online", "embed"),
            "complete": False,
        }
        begun |= {"answers": {"cijfer": 8}, "responseId": "7d4f1c4e-0e0c-4a52-9d4f-0d6f5b1f6f0a"}
        first = await send(served, "submitResponse", **begun)
        path, _, told = operation("completeResponse")
        example = told["requestBody"]["content"]["application/json"]["example"]
        done = await served.client.post(
            BASE + path.format(responseId=begun["responseId"]),
            json=example | {"completionToken": first.json()["completionToken"]},
        )
    assert done.status_code == 201, done.text
    assert not fits({"$ref": "#/components/schemas/ReceivedResponse"}, first.json())
    assert not fits({"$ref": "#/components/schemas/ReceivedResponse"}, done.json())
    assert done.json()["complete"]


@pytest.mark.anyio
@pytest.mark.parametrize(("named", "status"), [("links", 201), ("messages", 202)])
async def test_links_are_made_and_messages_are_taken_in(
    standing: Stand, keys: Keys, named: str, status: int
) -> None:
    async with sending(standing, keys) as (served, key):
        headers = {"authorization": f"Bearer {key}", "Idempotency-Key": named}
        reply = await send(served, "makeInvitations", headers, named=named)
        without = await send(served, "makeInvitations", named=named)
    assert (reply.status_code, without.status_code) == (status, 401)
    if named == "messages":
        assert [each["result"] for each in reply.json()["invitations"]] == ["accepted"]


FIGURES = ("month", "product", "taken-back")


@pytest.mark.anyio
async def test_figures_of_the_work_are_stored(standing: Stand, keys: Keys) -> None:
    async with sending(standing, keys) as (served, key):
        headers = {"authorization": f"Bearer {key}"}
        told = [
            await send(served, "tellOperationalFigures", headers, named=named) for named in FIGURES
        ]
        without = await send(served, "tellOperationalFigures", named=FIGURES[0])
    assert [reply.json()["stored"] for reply in told] == [2, 2, 1]
    assert without.status_code == 401


def test_every_named_example_is_sent_above() -> None:
    named = [
        (told["operationId"], name)
        for _, _, told in operations()
        for content in told.get("requestBody", {}).get("content", {}).values()
        for name in content.get("examples", {})
    ]
    assert sorted(named) == [
        *(("followUpSignal", name) for name in ("impossible", "improved", "seen")),
        ("makeInvitations", "links"),
        ("makeInvitations", "messages"),
        *(("tellOperationalFigures", name) for name in FIGURES),
    ]


@pytest.mark.anyio
async def test_what_is_asked_is_told(standing: Stand, keys: Keys) -> None:
    async with sending(standing, keys) as (served, _):
        asked = await send(served, "getTouchpoint", ORIGIN)
        refused = await send(served, "getTouchpoint")
        survey = await send(served, "getKioskSurvey")
        same = await send(served, "getKioskSurvey", {"if-none-match": survey.headers["etag"]})
        itself = await send(served, "getOpenapi")
    assert [asked.status_code, refused.status_code] == [200, 403]
    assert [survey.status_code, same.status_code, itself.status_code] == [200, 304, 200]
    assert itself.json() == document()


@pytest.mark.anyio
async def test_a_kiosk_is_paired_and_hands_in_exactly_what_the_document_shows(
    standing: Stand, keys: Keys
) -> None:
    async with sending(standing, keys) as (served, _):
        pairing = await send(served, "pairKiosk")
        state = await send(served, "getPairingState")
        await enrol_as_owner(served.database, pairing.json()["code"])
        enrolled = await send(served, "getPairingState")
        synced = await send(served, "syncKiosk")
        (row,) = await served.responses()
    assert [r.status_code for r in (pairing, state, enrolled, synced)] == [201, 200, 200, 200]
    # Nobody has the code of the example; the key of the example is enrolled.
    assert state.json() == {"state": "expired"}
    told = operation("getPairingState")[2]["responses"]["200"]["content"]["application/json"]
    assert enrolled.json() == told["example"]
    told = operation("syncKiosk")[2]["responses"]["200"]["content"]["application/json"]
    assert synced.json()["verdicts"] == told["example"]["verdicts"]
    assert synced.json()["counter"] == told["example"]["counter"]
    assert msgspec.json.decode(row["answers"])["cijfer"] == 9


def signed(text: str) -> str:
    """As whoever changes an example has to write it down."""
    key = ec.derive_private_key(KNOWN_KEY, ec.SECP256R1())
    algorithm = ec.ECDSA(SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(key.sign(text.encode(), algorithm))
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_what_is_signed_in_examples_is_signed_with_the_key_that_everybody_knows() -> None:
    schemas = document()["components"]["schemas"]
    (asked,), (item,), (envelope,) = (
        schemas[name]["examples"] for name in ("AskedPairing", "KioskItem", "SignedEnvelope")
    )
    point = from_base64url(asked["publicKey"])
    assert point is not None
    for text, signature in (
        (f"pairing/{asked['code']}", asked["signature"]),
        (item["payload"], item["signature"]),
        (envelope["envelope"], envelope["signature"]),
    ):
        assert PublicKey(point).signed(text.encode(), signature), f"write {signed(text)}"
    for example in (item["payload"], envelope["envelope"]):
        name = "KioskPayload" if example == item["payload"] else "KioskEnvelope"
        assert not list(validator(name).iter_errors(msgspec.json.decode(example)))


# What is really told fits as well


def test_all_that_is_asked_anywhere_fits_in_every_language(catalogue: Catalogue) -> None:
    offers = Offers(catalogue)
    token = operation("getTouchpoint")[2]["responses"]["200"]["content"]["application/json"][
        "example"
    ]["token"]
    for touchpoint in catalogue.touchpoints.values():
        if touchpoint.municipality != "molensloot":
            continue
        for language in touchpoint.languages:
            offered = msgspec.to_builtins(offers.offered(touchpoint, language, token=token))
            told = msgspec.json.decode(msgspec.json.encode(offered))
            faults = [
                fault.message for fault in validator("OfferedQuestionnaire").iter_errors(told)
            ]
            assert not faults, (touchpoint.path, language, faults)


def test_the_clock_of_the_examples_is_one_that_was(keys: Keys) -> None:
    """A kiosk's example of today would be of tomorrow somewhere; ours is of one day, for ever."""
    sync = operation("syncKiosk")[2]["responses"]["200"]["content"]["application/json"]["example"]
    assert datetime.fromtimestamp(sync["now"] / 1000, UTC).date() == date(2026, 11, 29)
